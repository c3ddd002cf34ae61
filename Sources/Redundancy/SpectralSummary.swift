import Foundation

/// How the energy of singular values is spread, in the usual single numbers.
///
/// Undefined numbers are `nil`: a spectrum of zeros has no shape.
public struct SpectralSummary: Codable, Sendable, Equatable {
  /// Share of Σσ² in the first i values, for i = 1…r; empty for a spectrum of zeros.
  public let cumulativeEnergy: [Double]
  /// Number of σ above 1e-10·σ₁.
  public let numericalRank: Int
  /// Σσ²/σ₁², from 1 (one direction) to r (all alike).
  public let stableRank: Double?
  /// exp(−Σ p ln p) with p = σ/Σσ, from 1 to r.
  public let effectiveRank: Double?
  /// (Σσ²)²/Σσ⁴, from 1 to r.
  public let participationRatio: Double?
  /// The smallest number of values that hold 90 % of Σσ².
  public let rank90: Int?
  /// Share of Σσ² in the first tenth of the values, rounded up to whole values.
  public let leadingShare: Double?
  /// Σσ.
  public let nuclearNorm: Double
  /// √Σσ².
  public let frobeniusNorm: Double

  /// Summarises singular values in descending order.
  ///
  /// - Precondition: the values are in descending order and not negative.
  /// - Complexity: O(r).
  /// - Reference: effective rank [RV07a], stable rank [RV07b].
  public init(singularValues: [Double]) {
    let largest = singularValues.first ?? 0
    precondition(
      zip(singularValues, singularValues.dropFirst()).allSatisfy { $0 >= $1 }
        && (singularValues.last ?? 0) >= 0,
      "singular values come in descending order and are not negative")
    guard largest > 0 else {
      cumulativeEnergy = []
      numericalRank = 0
      stableRank = nil
      effectiveRank = nil
      participationRatio = nil
      rank90 = nil
      leadingShare = nil
      nuclearNorm = 0
      frobeniusNorm = 0
      return
    }
    // Relative to σ₁, so that fourth powers of tiny covariances do not underflow.
    let relative = singularValues.map { $0 / largest }
    let sum = relative.reduce(0, +)
    let energy = relative.reduce(0) { $0 + $1 * $1 }
    var running = 0.0
    let cumulative = relative.map { value in
      running += value * value
      return running / energy
    }
    let leading = (singularValues.count + 9) / 10
    cumulativeEnergy = cumulative
    numericalRank = relative.count { $0 > 1e-10 }
    stableRank = energy
    effectiveRank = exp(
      relative.reduce(0) { $1 > 0 ? $0 - $1 / sum * log($1 / sum) : $0 })
    participationRatio = energy * energy / relative.reduce(0) { $0 + $1 * $1 * $1 * $1 }
    rank90 = cumulative.firstIndex { $0 >= 0.9 }.map { $0 + 1 }
    leadingShare = cumulative[leading - 1]
    nuclearNorm = sum * largest
    frobeniusNorm = energy.squareRoot() * largest
  }
}
