import Foundation

/// Student's test of whether paired differences d have mean 0:
///
///     t = d̄ / (s/√n),   p = P(|T| ≥ |t|) = I_{ν/(ν+t²)}(ν/2, 1/2),   ν = n − 1
///
/// - Reference: [Stu08].
public struct PairedTTest: Sendable, Equatable {
  public let statistic: Double
  /// ν = n − 1.
  public let degreesOfFreedom: Int
  /// Two-sided, in 0...1.
  public let pValue: Double

  /// Compares `second` to `first`: the differences are second − first.
  ///
  /// Nil for fewer than two pairs, where a difference is not finite, and where all are equal: t is
  /// then not defined.
  ///
  /// - Precondition: both sides have as many values.
  /// - Complexity: O(n).
  public init?(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values")
    let differences = zip(first, second).map { $1 - $0 }
    guard differences.allSatisfy(\.isFinite), differences.contains(where: { $0 != differences[0] }),
      let center = mean(differences), let error = standardError(differences), error > 0
    else { return nil }
    statistic = center / error
    degreesOfFreedom = differences.count - 1
    let freedom = Double(degreesOfFreedom)
    pValue = regularizedIncompleteBeta(
      freedom / 2, 0.5, at: freedom / (freedom + statistic * statistic))
  }
}

/// Wilcoxon's test of whether paired differences lie symmetrically about 0.
///
/// With the ranks of |d| over the n differences that are not 0, equal ones sharing their mean rank,
/// W⁺ and W⁻ the sums of the ranks of positive and negative ones, and t the sizes of the groups of
/// equal |d|:
///
///     z = (min(W⁺, W⁻) − n(n+1)/4) / √(n(n+1)(2n+1)/24 − Σ(t³ − t)/48),   p = 2·Φ(z)
///
/// The normal approximation has no continuity correction. Differences of 0 are left out, as
/// Wilcoxon did.
///
/// - Reference: [Wil45].
public struct WilcoxonSignedRank: Sendable, Equatable {
  /// min(W⁺, W⁻).
  public let statistic: Double
  /// Number of differences that are not 0.
  public let count: Int
  /// Two-sided, in 0...1.
  public let pValue: Double

  /// Compares `second` to `first`: the differences are second − first.
  ///
  /// Nil where a difference is not finite and where all are 0.
  ///
  /// - Precondition: both sides have as many values.
  /// - Complexity: O(n log n).
  public init?(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values")
    let differences = zip(first, second).map { $1 - $0 }.filter { $0 != 0 }
    guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
    let sizes = differences.map(abs)
    let ranks = ranks(sizes)
    let n = Double(differences.count)
    let positive = zip(differences, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    statistic = min(positive, n * (n + 1) / 2 - positive)
    count = differences.count
    var groups: [Double: Double] = [:]
    for size in sizes { groups[size, default: 0] += 1 }
    // In a fixed order, since a dictionary's is not.
    let ties = groups.values.sorted().reduce(0) { $0 + ($1 * $1 * $1 - $1) }
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
    let z = (statistic - n * (n + 1) / 4) / variance.squareRoot()
    pValue = min(1, erfc(-z / 2.0.squareRoot()))
  }
}
