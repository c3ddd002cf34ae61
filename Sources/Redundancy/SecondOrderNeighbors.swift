import LinearAlgebra
import Neighbors
import Statistics

/// How alike two modalities place an item among its neighbours.
///
///     mean = (1/M)·Σᵢ cos(sᵢ, tᵢ),  sᵢⱼ = cos(xᵢ, xⱼ),  tᵢⱼ = cos(yᵢ, yⱼ),  j ∈ A_K(i) ∪ B_K(i)
///
/// The items of the two lists are compared by how near they are, not by whether both lists have
/// them. Where all cosines are positive, as with features that are never negative, profiles of
/// unrelated modalities are far from orthogonal: judge the value beside its null.
///
/// - Range: −1 to 1 (profiles are proportional).
/// - Reference: [HLJ16], section 3.2.
public struct SecondOrderNeighbors: Codable, Sendable, Equatable {
  /// The lists of one item in both modalities are compared.
  public let pairing: Pairing
  /// List length K.
  public let k: Int
  /// Anchors that have a profile in both modalities; a zero row has none.
  public let anchorCount: Int
  /// Mean cosine of the profiles; nil when no anchor has any.
  public let mean: Double?
  /// Standard error of the mean over anchors; nil for fewer than two.
  public let standardError: Double?

  public static let card = MeasureCard(
    name: "second-order-neighbors", title: "Second-order neighbour similarity",
    direction: .growsWithLikeness, lowerBound: -1, upperBound: 1, isSymmetric: true,
    invariances: Invariance.ofCosines, source: "[HLJ16]")

  /// The usual list length.
  public static let defaultLength = 10

  /// Compares the neighbourhoods of two modalities.
  ///
  /// - Shapes: features are N × p and N × q, uncentred, as they were searched.
  /// - Parameters:
  ///   - first: Lists of the first modality with their cosines.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - features: The features of both.
  ///   - k: K; what the lists hold, where that is less.
  /// - Throws: as ``RankBiasedOverlap/init(_:_:itemCount:persistence:depth:)``,
  ///   ``OverlapError/itemCountMismatch(first:second:)``,
  ///   ``OverlapError/nonFinite(modality:row:)``.
  /// - Complexity: O(M·K·(p + q) + N·(p + q)).
  public init(
    _ first: NeighborLists, _ second: NeighborLists,
    features: (first: Matrix<Float>, second: Matrix<Float>), k: Int = defaultLength
  ) throws(OverlapError) {
    let itemCount = features.first.rowCount
    guard features.second.rowCount == itemCount else {
      throw .itemCountMismatch(first: itemCount, second: features.second.rowCount)
    }
    let k = try comparedLength(first, second, itemCount: itemCount, length: k)
    let x = try RowCosines(features.first, modality: 0)
    let y = try RowCosines(features.second, modality: 1)
    let values = mapCommonPlaces(first, second, itemCount: itemCount, length: k) { row, common in
      let anchor = first.anchors[row]
      let start = (first: row * first.width, second: row * second.width)
      var isCommonInFirst = [Bool](repeating: false, count: k)
      var isCommonInSecond = isCommonInFirst
      var products = 0.0
      var squares = (first: 0.0, second: 0.0)
      func add(_ s: Double, _ t: Double) {
        products += s * t
        squares.first += s * s
        squares.second += t * t
      }
      for place in common {
        isCommonInFirst[place.first] = true
        isCommonInSecond[place.second] = true
        add(
          Double(first.scores[start.first + place.first]),
          Double(second.scores[start.second + place.second]))
      }
      for place in 0..<k where !isCommonInFirst[place] {
        let item = Int(first.indices[start.first + place])
        add(Double(first.scores[start.first + place]), y.cosine(anchor, item))
      }
      for place in 0..<k where !isCommonInSecond[place] {
        let item = Int(second.indices[start.second + place])
        add(x.cosine(anchor, item), Double(second.scores[start.second + place]))
      }
      let scale = squares.first.squareRoot() * squares.second.squareRoot()
      return scale > 0 ? min(max(products / scale, -1), 1) : nil
    }.compactMap { (value: Double?) in value }
    pairing = .paired
    self.k = k
    anchorCount = values.count
    mean = Statistics.mean(values)
    standardError = Statistics.standardError(values)
  }
}

/// Cosines between rows, in double precision.
package struct RowCosines: Sendable {
  private let features: Matrix<Float>
  private let norms: [Double]

  /// - Throws: ``OverlapError/nonFinite(modality:row:)``.
  package init(_ features: Matrix<Float>, modality: Int) throws(OverlapError) {
    norms = rowNorms(features)
    if let row = norms.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(modality: modality, row: row)
    }
    self.features = features
  }

  /// The cosine of rows i and j, 0 where either is zero.
  package func cosine(_ i: Int, _ j: Int) -> Double {
    let scale = norms[i] * norms[j]
    guard scale > 0 else { return 0 }
    let width = features.columnCount
    return features.elements.withUnsafeBufferPointer { rows in
      VectorKernels.dot(
        rows.baseAddress! + i * width, rows.baseAddress! + j * width, count: width) / scale
    }
  }
}
