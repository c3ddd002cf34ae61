import Statistics

/// A mean share of something, 0 to 1, over sampled items.
public struct MeasuredShare: Codable, Sendable, Equatable {
  public let value: Double
  /// Standard error of the mean over the items; nil for a single one.
  public let standardError: Double?

  public init(value: Double, standardError: Double?) {
    self.value = value
    self.standardError = standardError
  }

  /// The mean of one share for each item, nil for no items.
  public init?(_ shares: [Double]) {
    guard let value = mean(shares) else { return nil }
    self.init(value: value, standardError: Statistics.standardError(shares))
  }
}
