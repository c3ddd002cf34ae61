import Statistics

/// How large the features of a modality are, over the items that have features.
public struct ScaleSummary: Codable, Sendable, Equatable {
  /// Root mean square of all values; nil without an item.
  public let rms: Double?
  /// Mean Euclidean length of a row; nil without an item.
  public let meanNorm: Double?
  /// Standard deviation of the lengths over their mean: 0 for rows of unit length.
  public let normVariation: Double?
  /// Largest over median standard deviation of the columns; nil when the median is 0.
  public let columnSpread: Double?
  /// The column with the largest variance, the lowest of equals; nil when nothing varies.
  public let largestColumn: Int?
  /// Its share of the variance of all columns.
  public let largestColumnShare: Double?

  init(_ scan: FeatureScan, isUsable: [Bool]) {
    let norms = scan.norms.indices.filter { isUsable[$0] }.map { scan.norms[$0] }
    let values = Double(norms.count * scan.variances.count)
    rms = values > 0 ? (norms.reduce(0) { $0 + $1 * $1 } / values).squareRoot() : nil
    let mean = norms.isEmpty ? nil : norms.reduce(0, +) / Double(norms.count)
    meanNorm = mean
    normVariation = mean.map { mean in
      (norms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(norms.count)).squareRoot() / mean
    }
    let total = scan.variances.reduce(0, +)
    let largest = scan.variances.max() ?? 0
    let middle = median(scan.variances.map { $0.squareRoot() }) ?? 0
    columnSpread = middle > 0 ? largest.squareRoot() / middle : nil
    largestColumn = total > 0 ? scan.variances.firstIndex(of: largest) : nil
    largestColumnShare = total > 0 ? largest / total : nil
  }
}
