import Training

/// Systems by metrics: ours as mean ± standard deviation over seeds, beside what was published.
public struct ResultTable: Sendable {
  /// One system in one metric.
  public struct Cell: Sendable {
    /// Ours; nil where nothing is trained.
    public let own: Estimate?
    public let published: PublishedValue?
    /// Whether it is the best or the second among ours; equal ones, as printed, share the place.
    public let emphasis: PrintedTable.Emphasis?

    /// How far ours is from the published value, as a share of it; nil where they cannot be
    /// compared.
    public var relativeDifference: Double? {
      guard let own, let published, published.incomparability == nil else { return nil }
      return own.mean / published.value - 1
    }
  }

  public struct Row: Sendable {
    public let results: TrialResults
    /// One for each metric.
    public let cells: [Cell]
  }

  /// The metrics of the paper's tables.
  public static let metrics = ["recall@10", "recall@20", "ndcg@10", "ndcg@20"]

  /// What it is called, such as "Table 2 on tiktok".
  public let title: String
  /// Name of the data set.
  public let dataset: String
  public let metrics: [String]
  public let rows: [Row]
  /// Who was compared with whom.
  public let comparisons: [PairedComparison]
  /// What the reader should know besides, a sentence each.
  public let notes: [String]

  /// - Parameters:
  ///   - results: A row each, in their order.
  ///   - published: What stands beside them.
  ///   - comparisons: Rows that are compared user by user, as pairs of their names; ignored where
  ///     one of them has no run.
  ///   - metric: What they are compared in.
  ///   - notes: What the reader should know besides.
  public init(
    title: String, dataset: String, results: [TrialResults], published: [PublishedValue],
    metrics: [String] = ResultTable.metrics,
    comparing comparisons: [(system: String, baseline: String)] = [],
    in metric: String = "recall@20", notes: [String] = [], seed: UInt64 = 999
  ) {
    self.title = title
    self.dataset = dataset
    self.metrics = metrics
    let columns = metrics.map { metric -> [Cell] in
      let own = results.map { $0.test(metric) }
      let places = Self.places(own)
      return results.indices.map { row in
        Cell(
          own: own[row],
          published: PublishedResults.value(
            of: results[row].trial.name, metric, on: dataset, in: published),
          emphasis: places[row])
      }
    }
    rows = results.enumerated().map { place, result in
      Row(results: result, cells: columns.map { $0[place] })
    }
    func row(_ name: String) -> TrialResults? { results.first { $0.trial.name == name } }
    self.comparisons = comparisons.compactMap { pair in
      guard let system = row(pair.system), let baseline = row(pair.baseline) else { return nil }
      return PairedComparison(system, against: baseline, metric: metric, seed: seed)
    }
    self.notes = notes
  }

  /// The best and the second of `values`, compared as they are printed; nothing stands out of one.
  static func places(_ values: [Estimate?]) -> [PrintedTable.Emphasis?] {
    let printed = values.map { $0.map { roundedMetric($0.mean) } }
    guard printed.compactMap(\.self).count > 1 else { return values.map { _ in nil } }
    let distinct = Set(printed.compactMap(\.self)).sorted(by: >)
    return printed.map { value -> PrintedTable.Emphasis? in
      switch value {
      case nil: nil
      case distinct[0]: .best
      case distinct.dropFirst().first: .second
      default: nil
      }
    }
  }

  /// The name of the row, other than `name`, with the best mean test metric; the first of equals.
  public static func strongest(
    of results: [TrialResults], in metric: String = "recall@20", besides name: String
  ) -> String? {
    var best: (name: String, value: Double)?
    for row in results where row.trial.name != name {
      if let value = row.test(metric)?.mean, value > best?.value ?? -.infinity {
        best = (row.trial.name, value)
      }
    }
    return best?.name
  }
}
