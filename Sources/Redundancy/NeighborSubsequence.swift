import Neighbors
import Statistics

/// How far two modalities have the same neighbours in the same order.
///
///     mean = (1/M)·Σᵢ LCS(A_K(i), B_K(i)) / K
///
/// LCS is the length of the longest sequence of items that occurs in both lists in this order,
/// not necessarily without gaps.
///
/// - Range: 0 to 1; at most the retrieval overlap at K.
/// - Reference: [HCWI24], whose published values are K times as large.
public struct NeighborSubsequence: Codable, Sendable, Equatable {
  /// The lists of one item in both modalities are compared.
  public let pairing: Pairing
  /// List length K.
  public let k: Int
  /// Number of anchors M.
  public let anchorCount: Int
  /// Mean length of the longest common subsequence, as a share of K.
  public let mean: Double
  /// Standard error of the mean over anchors; nil for a single anchor.
  public let standardError: Double?

  public static let card = MeasureCard(
    name: "neighbor-subsequence",
    title: "Longest common subsequence of the neighbour lists",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: Invariance.ofCosines, source: "[HCWI24]")

  /// The usual list length.
  public static let defaultLength = 10

  /// Compares the neighbour lists of two modalities.
  ///
  /// - Parameters:
  ///   - first: Lists of the first modality.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - itemCount: Number of items N that the lists were chosen from, anchors included.
  ///   - k: K; what the lists hold, where that is less.
  /// - Throws: as ``RankBiasedOverlap/init(_:_:itemCount:persistence:depth:)``.
  /// - Complexity: O(M·K log K).
  public init(
    _ first: NeighborLists, _ second: NeighborLists, itemCount: Int, k: Int = defaultLength
  ) throws(OverlapError) {
    let k = try comparedLength(first, second, itemCount: itemCount, length: k)
    let shares = mapCommonPlaces(first, second, itemCount: itemCount, length: k) { _, common in
      var tails: [Int] = []
      return Double(longestIncreasingSubsequence(common.lazy.map(\.first), tails: &tails))
        / Double(k)
    }
    pairing = .paired
    self.k = k
    anchorCount = shares.count
    mean = Statistics.mean(shares) ?? 0
    standardError = Statistics.standardError(shares)
  }
}

/// The length of the longest increasing subsequence of distinct numbers: of lists without
/// repetition it is their longest common one, when the places of the common items in one list are
/// read in the order of the other.
///
/// - Parameter tails: Working memory.
/// - Complexity: O(m log m) for m numbers.
package func longestIncreasingSubsequence(
  _ numbers: some Sequence<Int>, tails: inout [Int]
) -> Int {
  // tails[l] is the smallest number that ends an increasing subsequence of length l + 1.
  tails.removeAll(keepingCapacity: true)
  for number in numbers {
    var low = 0
    var high = tails.count
    while low < high {
      let middle = (low + high) / 2
      if tails[middle] < number { low = middle + 1 } else { high = middle }
    }
    if low == tails.count { tails.append(number) } else { tails[low] = number }
  }
  return tails.count
}
