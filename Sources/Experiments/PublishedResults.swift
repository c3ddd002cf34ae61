/// A number as it was published.
public struct PublishedValue: Sendable, Equatable {
  /// Name of the data set, such as `baby`.
  public let dataset: String
  /// The system as it is called in print.
  public let system: String
  /// The metric, such as `recall@20`.
  public let metric: String
  public let value: Double
  /// Keys of its sources, such as `CLEAR26, Table 2` or `MMSSL; DiffMM`.
  public let source: String
  /// Why ours cannot be compared with it, in half a sentence; nil where it can.
  public let incomparability: String?

  /// The same value, which ours cannot be compared with for `reason`.
  func incomparable(_ reason: String) -> PublishedValue {
    PublishedValue(
      dataset: dataset, system: system, metric: metric, value: value, source: source,
      incomparability: reason)
  }
}

/// What has been published of the systems, as data.
public enum PublishedResults {
  /// The value of `system` among `values`; nil where there is none.
  public static func value(
    of system: String, _ metric: String, on dataset: String, in values: [PublishedValue]
  ) -> PublishedValue? {
    values.first { $0.system == system && $0.metric == metric && $0.dataset == dataset }
  }

  /// Rows of numbers, one for each of `metrics`, as values.
  static func values(
    _ rows: [(String, [Double])], of metrics: [String], on dataset: String, from source: String
  ) -> [PublishedValue] {
    rows.flatMap { system, numbers in
      zip(metrics, numbers).map { metric, number in
        PublishedValue(
          dataset: dataset, system: system, metric: metric, value: number, source: source,
          incomparability: nil)
      }
    }
  }
}
