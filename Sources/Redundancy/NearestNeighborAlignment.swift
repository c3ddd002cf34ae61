import LinearAlgebra
import Neighbors
import Statistics

/// Centred kernel alignment restricted to nearest neighbours (CKNNA).
///
///     CKNNA = S(K, L) / √(S(K, K)·S(L, L))
///     S(K, L) = Σᵢ Σⱼ α(i, j)·(Kᵢⱼ − E_l Kᵢₗ)·(Lᵢⱼ − E_l Lᵢₗ)
///
/// K and L hold the cosines within either modality, E_l is the mean over all items, and α(i, j) is
/// 1 where j is one of the k nearest others of i in both modalities that S compares. So S(K, K)
/// sums over all neighbours, and the value is small when few are common, whatever their cosines.
///
/// The authors' program restricts the kernels before it centres them, and counts a pair only when
/// either item has the other among its neighbours; its values differ.
///
/// - Range: −1 to 1 (the same lists with proportional centred cosines).
/// - Reference: [HCWI24], Appendix A.
public struct NearestNeighborAlignment: Codable, Sendable, Equatable {
  /// The lists of one item in both modalities are compared.
  public let pairing: Pairing
  /// Neighbours k that count.
  public let k: Int
  /// Number of anchors M.
  public let anchorCount: Int
  /// The alignment; nil when the neighbours of one modality are no nearer than other items.
  public let value: Double?
  /// Standard error of the ratio, linearised in the anchors' parts of the three sums; nil for a
  /// single anchor.
  public let standardError: Double?

  public static let card = MeasureCard(
    name: "cknna", title: "Centred kernel nearest-neighbour alignment (CKNNA)",
    direction: .growsWithLikeness, lowerBound: -1, upperBound: 1, isSymmetric: true,
    invariances: Invariance.ofCosines, source: "[HCWI24]")

  /// The usual number of neighbours.
  public static let defaultLength = 10

  /// Aligns two modalities.
  ///
  /// - Shapes: features are N × p and N × q, uncentred, as they were searched.
  /// - Parameters:
  ///   - first: Lists of the first modality with their cosines.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - features: The features of both, for the mean cosines.
  ///   - k: What the lists hold, where that is less.
  /// - Throws: as ``RankBiasedOverlap/init(_:_:itemCount:persistence:depth:)``,
  ///   ``OverlapError/itemCountMismatch(first:second:)``,
  ///   ``OverlapError/nonFinite(modality:row:)``.
  /// - Complexity: O(N·(p + q) + M·k).
  public init(
    _ first: NeighborLists, _ second: NeighborLists,
    features: (first: Matrix<Float>, second: Matrix<Float>), k: Int = defaultLength
  ) throws(OverlapError) {
    let itemCount = features.first.rowCount
    guard features.second.rowCount == itemCount else {
      throw .itemCountMismatch(first: itemCount, second: features.second.rowCount)
    }
    let k = try comparedLength(first, second, itemCount: itemCount, length: k)
    let x = try CenteredCosines(first, features: features.first, k: k, modality: 0)
    let y = try CenteredCosines(second, features: features.second, k: k, modality: 1)
    let products = mapCommonPlaces(first, second, itemCount: itemCount, length: k) { row, common in
      common.reduce(0) { $0 + x.values[row * k + $1.first] * y.values[row * k + $1.second] }
    }
    pairing = .paired
    self.k = k
    anchorCount = first.anchors.count
    let norm = (x.sumOfSquares.squareRoot(), y.sumOfSquares.squareRoot())
    guard x.isInformative, y.isInformative else {
      value = nil
      standardError = nil
      return
    }
    let ratio = products.reduce(0, +) / (norm.0 * norm.1)
    value = min(max(ratio, -1), 1)
    // The parts of every anchor in the logarithmic derivative; they add up to zero.
    let influence = products.indices.map { row in
      products[row] / (norm.0 * norm.1)
        - ratio / 2 * (x.square(row) / x.sumOfSquares + y.square(row) / y.sumOfSquares)
    }
    let anchors = Double(products.count)
    standardError = sampleVariance(influence).map { ($0 * anchors).squareRoot() }
  }
}

/// The cosines of every anchor with its k nearest others, less its mean cosine with all items.
package struct CenteredCosines: Sendable {
  package let k: Int
  /// k for each anchor, nearest first.
  package let values: [Double]
  package let sumOfSquares: Double

  /// - Throws: ``OverlapError/nonFinite(modality:row:)``.
  /// - Complexity: O(N·d).
  package init(
    _ lists: NeighborLists, features: Matrix<Float>, k: Int, modality: Int
  ) throws(OverlapError) {
    let norms = rowNorms(features)
    if let row = norms.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(modality: modality, row: row)
    }
    let width = features.columnCount
    let center = unitMean(features, norms: norms).map { Float($0) }
    let means = lists.anchors.map { anchor in
      guard norms[anchor] > 0 else { return 0.0 }
      return features.elements.withUnsafeBufferPointer { rows in
        center.withUnsafeBufferPointer { center in
          VectorKernels.dot(rows.baseAddress! + anchor * width, center.baseAddress!, count: width)
        }
      } / norms[anchor]
    }
    self.k = k
    values = means.indices.flatMap { row in
      (0..<k).map { Double(lists.scores[row * lists.width + $0]) - means[row] }
    }
    sumOfSquares = values.reduce(0) { $0 + $1 * $1 }
  }

  /// Whether neighbours stand out: below this mean square only the rounding of cosines is left.
  package var isInformative: Bool { sumOfSquares > 1e-12 * Double(values.count) }

  func square(_ row: Int) -> Double {
    values[row * k..<(row + 1) * k].reduce(0) { $0 + $1 * $1 }
  }
}

/// The mean of the rows divided by their norms; zero rows count.
func unitMean(_ features: Matrix<Float>, norms: [Double]) -> [Double] {
  let width = features.columnCount
  let grid = BlockGrid(count: features.rowCount, size: 1024)
  let partials = Parallel.map(grid.blockCount) { block in
    var sums = [Double](repeating: 0, count: width)
    features.elements.withUnsafeBufferPointer { source in
      for row in grid.range(block) where norms[row] > 0 {
        let inverse = 1 / norms[row]
        for column in 0..<width { sums[column] += Double(source[row * width + column]) * inverse }
      }
    }
    return sums
  }
  var total = [Double](repeating: 0, count: width)
  for sums in partials {
    for column in 0..<width { total[column] += sums[column] }
  }
  return total.map { $0 / Double(max(features.rowCount, 1)) }
}
