import Figures
import Recommenders
import Training

/// The paper's tables and figures, of what a campaign has trained.
extension TrainingCampaign {
  /// Table 2, with CLEAR compared with the strongest of the others.
  ///
  /// - Reference: [CLEAR26], Table 2.
  public func table2() -> ResultTable {
    let results = results
    let clear = ModelCatalog.all.first { $0.name == "clear" }?.title ?? ""
    var pairs: [(system: String, baseline: String)] = []
    if let strongest = ResultTable.strongest(of: results, besides: clear) {
      pairs = [(clear, strongest)]
    }
    let notes =
      experiment.dataset == "tiktok"
      ? ["The published systems have images, sound and text; these have the two that were read."]
      : []
    return ResultTable(
      title: "Table 2 on \(experiment.dataset)", dataset: experiment.dataset, results: results,
      published: PublishedResults.table2 + PublishedResults.sand + PublishedResults.tiktok,
      comparing: pairs, notes: notes + selectionNotes, seed: seeds[0])
  }

  /// Table 3, with every plug-in compared with its base.
  ///
  /// - Reference: [CLEAR26], Table 3.
  public func table3() -> ResultTable {
    ResultTable(
      title: "Table 3 on \(experiment.dataset)", dataset: experiment.dataset, results: results,
      published: PublishedResults.table3,
      comparing: systems.compactMap { system in system.base.map { (system.name, $0) } },
      notes: selectionNotes, seed: seeds[0])
  }

  /// The numbers of Figure 3, every variant compared with the first.
  ///
  /// - Reference: [CLEAR26], Figure 3.
  public func figure3Table() -> ResultTable {
    ResultTable(
      title: "Figure 3 on \(experiment.dataset)", dataset: experiment.dataset, results: results,
      published: [],
      comparing: systems.dropFirst().map { ($0.name, systems[0].name) },
      seed: seeds[0])
  }

  /// Figure 3: bars of Recall@20 and NDCG@20; nil while nothing is trained.
  public func figure3() -> Figure3? {
    let results = results
    let bars = [("recall@20", "Recall@20"), ("ndcg@20", "NDCG@20")].flatMap { metric, title in
      results.compactMap { row in
        row.test(metric).map {
          Figure3.Bar(
            metric: title, dataset: experiment.dataset, variant: row.trial.name, mean: $0.mean,
            standardDeviation: $0.deviation, seeds: $0.count)
        }
      }
    }
    return bars.isEmpty ? nil : Figure3(bars: bars)
  }

  /// The numbers of Figure 4.
  ///
  /// - Reference: [CLEAR26], Figure 4.
  public func figure4Table() -> ResultTable {
    ResultTable(
      title: "Figure 4 on \(experiment.dataset)", dataset: experiment.dataset, results: results,
      published: [], seed: seeds[0])
  }

  /// Figure 4: a map of strengths and ranks for each seed that has any.
  ///
  /// - Throws: ``ConfigurationError``.
  public func figure4() throws -> [Figure4] {
    let points = try systems.map { try experiment.configuration(of: $0.trials[0], seed: seeds[0]) }
    let metric = points[0].settings.validMetric
    // Without projection every rank is the same one.
    let anyRank = points.compactMap(\.projection?.rank).min() ?? 1
    let results = results
    return seeds.compactMap { seed in
      let cells = zip(points, results).compactMap { point, row -> Figure4.Cell? in
        row.runs.first { $0.result.seed == seed }.flatMap {
          Figure4.Cell(point, $0.result, metric: "\(metric)", anyRank: anyRank)
        }
      }
      return cells.isEmpty
        ? nil
        : Figure4(cells: cells, metric: metric.title, dataset: experiment.dataset, seed: seed)
    }
  }

  /// What validation has chosen, where it had a choice.
  private var selectionNotes: [String] {
    zip(systems, results).compactMap { system, row in
      let (finished, count) = progress(of: system)
      guard count > 1, finished > 0 else { return nil }
      return "\(system.name): \(row.trial.settings.joined(separator: ", ")), chosen on validation "
        + "with seed \(seeds[0]) among \(finished) of \(count) points \(system.grid)."
    }
  }
}
