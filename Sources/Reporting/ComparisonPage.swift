import Audit

/// A comparison of runs as one self-contained HTML page, UTF-8.
public func comparisonPage(
  _ comparison: RunComparison, figure: ReportPage.EmbeddedFigure?
) -> String {
  let answers: [HTML] = comparison.answers.map { "<li>\($0.text)</li>\n" }
  let notes: [HTML] = comparison.notes.map { "<li>\($0)</li>" }
  let title = comparison.runs.count == 1 ? "A training run" : "Training runs compared"
  let page: HTML = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(title)</title>
    <style>\(HTML(pageStyle))</style>
    </head>
    <body><main>
    <h1>\(title)</h1>
    <p class="soft">\(comparison.runs.map(\.name).joined(separator: ", "))</p>
    <section class="verdict" aria-label="Verdict">
    <p><strong>\(comparison.headline)</strong></p>
    \(comparison.answers.count > 1 ? "<ul>\(answers)</ul>" as HTML : nil)
    </section>
    <h2 id="runs">Runs</h2>
    \(runTable(comparison.runs))
    \(notes.isEmpty ? nil : "<ul>\(notes)</ul>" as HTML)
    <h2 id="curves">Over the epochs</h2>
    \(figure.map(embedded))
    <h3>How to read it</h3>
    <p>One colour a run, its marker at the best epoch. Solid lines are unprojected embeddings,
    validation, or the first modality; dashed ones projected embeddings, test, or the second
    modality. Grey is what random neighbours have in common. Without projection both lines
    coincide.</p>
    <h2 id="damping">Do damped directions grow back?</h2>
    \(dampingTable(comparison.answers))
    <p>For λ &lt; 1 the projection can be inverted: an encoder that makes its first k directions
    1/(1 − λ)² times as strong restores the covariance. Growth is Σσ² of the first k directions of
    the unprojected embeddings in the best epoch, over that of the reference; the projection leaves
    (1 − λ)⁴ of it. Growth up to \(significant(DampingAnswer.tolerance)) counts as none, and what is
    left of at least 100 % of the reference as all.</p>
    <h3>Caveats</h3>
    <p>Growth depends on the scale of the embeddings, to which models that normalise their rows are
    indifferent; growth relative to the other directions does not. One training of each setting does
    not tell what the seed does.</p>
    <h2 id="settings">Settings that differ</h2>
    \(differenceTable(comparison))
    <h2 id="provenance">Provenance</h2>
    \(provenanceTable(comparison.provenance))
    </main></body>
    </html>

    """
  return page.source
}

private func runTable(_ runs: [RunComparison.Run]) -> HTML {
  table(
    [
      "run", "model", "data set", "seed", "k", "λ", "epochs", "best epoch", "Recall@20 valid",
      "Recall@20 test", "effective rank before", "after",
    ],
    runs.map { run in
      let best = run.best
      return [
        "\(run.name)", "\(run.model ?? "–")", "\(run.dataset ?? "–")", "\(run.seed ?? "–")",
        cell(run.rank), "\(run.strength.map { String($0) } ?? "–")",
        cell(run.epochs.last?.epoch), cell(run.bestEpoch), cell(best?.recallValid),
        cell(best?.recallTest), cell(best?.effectiveRankBefore), cell(best?.effectiveRankAfter),
      ]
    })
}

private func dampingTable(_ answers: [DampingAnswer]) -> HTML? {
  guard !answers.isEmpty else { return nil }
  return table(
    [
      "run", "k", "λ", "epoch", "reference", "Σσ² of the first k", "of the reference", "growth",
      "left after projection", "damping undone", "growth relative to the rest",
    ],
    answers.map { answer in
      [
        "\(answer.run)", "\(answer.rank)", "\(String(answer.strength))", "\(answer.epoch)",
        "\(answer.referenceRun), epoch \(answer.referenceEpoch)", cell(answer.energy),
        cell(answer.referenceEnergy), cell(answer.growth),
        "\(answer.effectiveShare.map(percent) ?? "–")", "\(answer.undoneShare.map(percent) ?? "–")",
        cell(answer.relativeGrowth),
      ]
    })
}

private func differenceTable(_ comparison: RunComparison) -> HTML {
  guard !comparison.differences.isEmpty else { return "<p>None.</p>" }
  return table(
    ["setting"] + comparison.runs.map(\.name),
    comparison.differences.map { difference in
      ["\(difference.key)"] + difference.values.map { "\($0 ?? "–")" }
    })
}

/// A comparison as a few lines for a terminal.
public func terminalSummary(_ comparison: RunComparison) -> String {
  let width = comparison.runs.map(\.name.count).max() ?? 0
  let lines = comparison.runs.map { run in
    let name = run.name + String(repeating: " ", count: width - run.name.count)
    let recall = [run.best?.recallValid, run.best?.recallTest].map { $0.map(significant) ?? "–" }
      .joined(separator: " / ")
    let setting = run.strength.map { "λ = \($0), k = \(run.rank ?? 0), " } ?? ""
    return "\(name)  \(setting)best epoch \(run.bestEpoch), Recall@20 valid / test \(recall)"
  }
  let answers = comparison.answers.count > 1 ? [""] + comparison.answers.map(\.text) : []
  let notes = comparison.notes.isEmpty ? [] : [""] + comparison.notes
  return ([comparison.headline, ""] + lines + answers + notes).joined(separator: "\n") + "\n"
}
