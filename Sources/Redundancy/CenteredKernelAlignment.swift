import LinearAlgebra
import Statistics

/// Linear centred kernel alignment between two modalities of the same items.
///
///     CKA(X, Y) = HSIC(K, L) / √(HSIC(K, K) · HSIC(L, L)),  K = X̄X̄ᵀ, L = ȲȲᵀ
///
/// The biased form takes HSIC(K, L) = ‖X̄ᵀȲ‖²_F. It tends to 1 for unrelated modalities that are
/// wide beside the number of items. The debiased form takes the unbiased estimate
///
///     HSIC(K, L) = [tr K̃L̃ + 1ᵀK̃1·1ᵀL̃1/((n−1)(n−2)) − 2/(n−2)·1ᵀK̃L̃1] / (n(n−3))
///
/// with the diagonals of K̃ and L̃ set to zero, so unrelated modalities give about 0, sometimes a
/// little less. Everything is computed from covariances; no n × n kernel is needed.
///
/// - Range: 0 (no linear relation) to 1 (equal up to rotation and scale); the debiased form can be
///   slightly negative. Unchanged by translation, rotation and uniform scaling of either side.
/// - Reference: [KNLH19], section 3; debiased estimator [SSGBB12], used for CKA in [MZF24].
public struct CenteredKernelAlignment: Codable, Sendable, Equatable {
  /// The debiased alignment; `nil` for fewer than four items or when a modality's own unbiased
  /// estimate is not positive.
  public let debiased: Double?
  /// The biased alignment; `nil` when a modality has no variance.
  public let biased: Double?

  public static let debiasedCard = MeasureCard(
    name: "debiased-cka", title: "Debiased linear CKA", direction: .growsWithLikeness,
    lowerBound: -1, upperBound: 1, isSymmetric: true,
    invariances: [.itemOrder, .translation, .uniformScaling, .rotation, .commonRotation],
    source: "[KNLH19], [SSGBB12], [MZF24]")

  public static let biasedCard = MeasureCard(
    name: "biased-cka", title: "Biased linear CKA", direction: .growsWithLikeness,
    lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: [.itemOrder, .translation, .uniformScaling, .rotation, .commonRotation],
    source: "[KNLH19]")

  /// The alignment from covariances at hand.
  ///
  /// - Complexity: O(p² + q² + p·q + n).
  public init(_ joint: JointCovariance) {
    let scale = Double(joint.itemCount) * Double(joint.itemCount)
    self.init(
      cross: joint.cross.squaredFrobeniusNorm * scale,
      first: joint.first.squaredFrobeniusNorm * scale,
      second: joint.second.squaredFrobeniusNorm * scale,
      firstEnergies: joint.firstEnergies, secondEnergies: joint.secondEnergies)
  }

  /// The alignment of features n × p and n × q.
  ///
  /// - Throws: ``RedundancyError/itemCountMismatch(first:second:)``,
  ///   ``RedundancyError/tooFewItems(count:needed:)``.
  /// - Complexity: n·p·min(n, p) + n·q·min(n, q) + 2·n·p·q operations: for a modality that is wider
  ///   than the number of items the n × n Gram matrix takes the covariance's place.
  public init(
    between first: Matrix<Float>, and second: Matrix<Float>
  ) throws(RedundancyError) {
    try requireComparable(first, second)
    let cross = crossCovariance(first, second)
    let scale = Double(first.rowCount) * Double(first.rowCount)
    self.init(
      cross: cross.matrix.squaredFrobeniusNorm * scale,
      first: squaredGramNorm(first, mean: cross.firstMean),
      second: squaredGramNorm(second, mean: cross.secondMean),
      firstEnergies: centeredRowEnergies(first, center: cross.firstMean),
      secondEnergies: centeredRowEnergies(second, center: cross.secondMean))
  }

  /// - Parameters:
  ///   - cross: ‖X̄ᵀȲ‖²_F.
  ///   - first: ‖X̄ᵀX̄‖²_F.
  ///   - second: ‖ȲᵀȲ‖²_F.
  private init(
    cross: Double, first: Double, second: Double, firstEnergies: [Double],
    secondEnergies: [Double]
  ) {
    let norm = first.squareRoot() * second.squareRoot()
    biased = norm > 0 ? cross / norm : nil
    let n = Double(firstEnergies.count)
    guard n > 3, norm > 0 else {
      debiased = nil
      return
    }
    func unbiased(_ squared: Double, _ a: [Double], _ b: [Double]) -> Double {
      Self.unbiasedProduct(
        squared, diagonal: zip(a, b).reduce(0) { $0 + $1.0 * $1.1 },
        traces: a.reduce(0, +) * b.reduce(0, +), itemCount: n)
    }
    let firstSelf = unbiased(first, firstEnergies, firstEnergies)
    let secondSelf = unbiased(second, secondEnergies, secondEnergies)
    // Below this share of the biased norm only the rounding of that norm is left.
    guard firstSelf > 1e-6 * first, secondSelf > 1e-6 * second else {
      debiased = nil
      return
    }
    debiased =
      unbiased(cross, firstEnergies, secondEnergies)
      / (firstSelf.squareRoot() * secondSelf.squareRoot())
  }
}

extension CenteredKernelAlignment {
  /// n(n−3) times the unbiased estimate of HSIC(K, L) for centred kernels.
  ///
  /// - Parameters:
  ///   - squared: tr KL = ‖X̄ᵀȲ‖²_F.
  ///   - diagonal: Σ Kᵢᵢ·Lᵢᵢ.
  ///   - traces: tr K · tr L.
  ///   - itemCount: n, above 2.
  package static func unbiasedProduct(
    _ squared: Double, diagonal: Double, traces: Double, itemCount n: Double
  ) -> Double {
    // Rows of the centred kernels sum to zero, so with the diagonal gone row i sums to −Kᵢᵢ.
    squared - diagonal + traces / ((n - 1) * (n - 2)) - 2 / (n - 2) * diagonal
  }
}

/// ‖X̄ᵀX̄‖²_F = ‖X̄X̄ᵀ‖²_F, from the smaller of the two.
private func squaredGramNorm(_ features: Matrix<Float>, mean: [Double]) -> Double {
  let n = features.rowCount
  guard features.columnCount > n else {
    return singlePrecisionCovariance(features).squaredFrobeniusNorm * Double(n) * Double(n)
  }
  var centered = Matrix<Double>(features)
  for row in 0..<n {
    for column in mean.indices { centered[row, column] -= mean[column] }
  }
  return product(centered, .none, centered, .transposed).squaredFrobeniusNorm
}
