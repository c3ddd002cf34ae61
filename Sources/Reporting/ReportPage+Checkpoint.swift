import Audit
import Datasets

/// The entry of ``checkpointSection(_:)`` among the page's sections.
let checkpointLink: HTML = "<li><a href=\"#model\">Model</a></li>"

/// The section on the trained model that the features come from.
func checkpointSection(_ checkpoint: CheckpointSummary) -> HTML {
  let trained = checkpoint.trained
  let metrics = trained.metrics
  let names = Set((metrics?.valid ?? [:]).keys).union((metrics?.test ?? [:]).keys)
  let rows: [[HTML]] = names.sorted(by: metricOrder).map { name in
    ["\(name)", cell(metrics?.valid?[name]), cell(metrics?.test?[name])]
  }
  return """
    <h2 id="model">Model</h2>
    <p>\(checkpoint.sentence)</p>
    \(table(
      ["", ""],
      [
        ["model", "\(trained.model)"], ["data set", "\(trained.dataset)"],
        ["epoch", "\(trained.epoch)"], ["seed", "\(String(trained.seed))"],
        ["projection in training", "\(setting(trained.projection))"],
        ["trained by version", "\(trained.version)"],
        ["digest of the data set", "\(trained.digest)"],
      ]))
    \(rows.isEmpty ? nil : table(["metric", "validation", "test"], rows))
    """
}

/// A projection's setting in words.
private func setting(_ projection: TrainedModel.Setting?) -> String {
  projection.map { "k = \($0.rank), λ = \($0.strength)" } ?? "none"
}

/// `recall@5` before `recall@20`: by name, then by list length.
private func metricOrder(_ first: String, _ second: String) -> Bool {
  func key(_ metric: String) -> (String, Int) {
    let parts = metric.split(separator: "@", maxSplits: 1)
    return (String(parts.first ?? ""), parts.count == 2 ? Int(parts[1]) ?? 0 : 0)
  }
  return key(first) < key(second)
}

/// The table that compares a model's projected spectrum with that of a run without projection.
func baselineTable(_ baseline: BaselineComparison) -> HTML {
  let before = baseline.before
  let after = baseline.after
  func row(_ name: String, _ value: (BaselineComparison.Spectrum) -> Double?) -> [HTML] {
    ["\(name)", cell(value(before)), cell(value(after))]
  }
  func answer(_ holds: Bool?) -> String { holds.map { $0 ? "yes" : "no" } ?? "undefined" }
  return """
    <h3>Against the run without projection</h3>
    <p>Before and after one projection of the same features differ by construction; two trainings
    do not. Long tail before (the first tenth of the indices holds at least half of Σσ²):
    \(answer(baseline.isLongTailed)). Flatter after (higher effective rank):
    \(answer(baseline.isFlatter)).</p>
    \(table(
      ["", "run without projection", "this model, projected"],
      [
        row("largest singular value σ₁", \.singularValues.first),
        row("σ₁ over the scale of the features", \.normalizedValues.first),
        row("share of Σσ² in the first \(baseline.rank)", \.energyOfTop),
        row("share of Σσ² in the first tenth", \.leadingShare),
        row("effective rank exp H(σ/Σσ)", \.effectiveRank),
        row("σ₁/σ₍ₖ₊₁₎", \.condition),
        row("nuclear norm Σσ", \.nuclearNorm), row("Frobenius norm", \.frobeniusNorm),
      ],
      caption: baseline.trained.map {
        "The run without projection: \($0.model) on \($0.dataset), epoch \($0.epoch), seed "
          + "\($0.seed)."
      }))
    """
}
