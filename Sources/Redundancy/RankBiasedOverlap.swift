import Foundation
import Neighbors
import Statistics

/// How far two modalities rank the same neighbours, the nearest counting most.
///
///     RBO = (1 − p)·Σ_d p^(d−1)·X_d/d,  X_d = |A_d(i) ∩ B_d(i)|
///
/// over all depths d: the expected overlap for a reader who goes on to the next rank with
/// probability p. Lists end at depth K; the share of common items there is taken to go on,
///
///     RBO_ext = p^K·X_K/K + (1 − p)/p·Σ_{d≤K} p^d·X_d/d
///
/// and ``residual`` bounds what this leaves open.
///
/// - Range: 0 (nothing in common) to 1 (the same lists in the same order).
/// - Reference: [WMZ10], Equations 23 (the extrapolation) and 30 (the residual) for lists of one
///   length.
public struct RankBiasedOverlap: Codable, Sendable, Equatable {
  /// The lists of one item in both modalities are compared.
  public let pairing: Pairing
  /// p: how likely a reader goes on. The first 10 ranks have 86 % of the weight at 0.9.
  public let persistence: Double
  /// K: how deep the lists were read.
  public let depth: Int
  /// Number of anchors M.
  public let anchorCount: Int
  /// Mean of RBO_ext over the anchors.
  public let mean: Double
  /// Standard error of the mean over anchors; nil for a single anchor.
  public let standardError: Double?
  /// Mean distance between the smallest and the largest RBO that unending lists could have.
  public let residual: Double

  public static let card = MeasureCard(
    name: "rank-biased-overlap", title: "Rank-biased overlap of the neighbour lists",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: Invariance.ofCosines, source: "[WMZ10]")

  /// The usual persistence.
  public static let defaultPersistence = 0.9
  /// At the usual persistence ranks beyond this have three hundred-thousandths of the weight.
  public static let defaultDepth = 100

  /// Compares the neighbour lists of two modalities.
  ///
  /// - Parameters:
  ///   - first: Lists of the first modality.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - itemCount: Number of items N that the lists were chosen from, anchors included.
  ///   - persistence: p.
  ///   - depth: K; what the lists hold, where that is less.
  /// - Throws: ``OverlapError/anchorsDiffer(first:second:)``, ``OverlapError/empty``,
  ///   ``OverlapError/noListLength(requested:available:)``,
  ///   ``OverlapError/neighborOutOfRange(neighbor:row:items:)``.
  /// - Precondition: p lies between 0 and 1.
  /// - Complexity: O(M·K).
  public init(
    _ first: NeighborLists, _ second: NeighborLists, itemCount: Int,
    persistence: Double = defaultPersistence, depth: Int = defaultDepth
  ) throws(OverlapError) {
    let depth = try comparedLength(first, second, itemCount: itemCount, length: depth)
    let weights = RankBiasedWeights(depth: depth, persistence: persistence)
    let counts = mapCommonPlaces(first, second, itemCount: itemCount, length: depth) { _, common in
      (
        value: common.reduce(0) { $0 + weights.weights[max($1.first, $1.second)] },
        common: common.count
      )
    }
    pairing = .paired
    self.persistence = persistence
    self.depth = depth
    anchorCount = counts.count
    let values = counts.map { min($0.value, 1) }
    mean = Statistics.mean(values) ?? 0
    standardError = Statistics.standardError(values)
    let residuals = (0...depth).map(weights.residual)
    residual = Statistics.mean(counts.map { residuals[$0.common] }) ?? 0
  }
}

/// Rank-biased overlap as a sum over common items.
package struct RankBiasedWeights: Sendable {
  package let depth: Int
  package let persistence: Double
  /// What a common item adds to RBO_ext when the later of its two places, counted from 0, is r:
  /// it belongs to the overlap from depth r + 1 on.
  package let weights: [Double]

  package init(depth: Int, persistence: Double) {
    precondition(
      persistence > 0 && persistence < 1, "a persistence lies between 0 and 1, got \(persistence)")
    precondition(depth >= 1, "at least one rank, got \(depth)")
    self.depth = depth
    self.persistence = persistence
    let p = persistence
    var weights = [Double](repeating: 0, count: depth)
    var tail = pow(p, Double(depth)) / Double(depth)
    for r in stride(from: depth - 1, through: 0, by: -1) {
      tail += (1 - p) * pow(p, Double(r)) / Double(r + 1)
      weights[r] = tail
    }
    self.weights = weights
  }

  /// The distance between the smallest and the largest RBO of lists that go on for ever and have
  /// `common` items in common at ``depth``.
  package func residual(common: Int) -> Double {
    let p = persistence
    let k = Double(depth)
    // From here on the longest possible agreement is complete.
    let full = 2 * depth - common
    func part(_ depths: ClosedRange<Int>) -> Double {
      depths.reduce(0) { $0 + pow(p, Double($1)) / Double($1) }
    }
    let middle = full > depth ? part(depth + 1...full) : 0
    let rest = -log1p(-p) - part(1...full)
    let value =
      2 * pow(p, k) - pow(p, Double(full))
      - (1 - p) / p * (2 * k * middle + Double(common) * rest)
    return max(value, 0)
  }
}
