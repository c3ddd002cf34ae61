import LinearAlgebra
import Statistics

/// A modality in its leading r principal coordinates, with what is known of the rest.
///
///     X̄ = S·Vᵀ + X⊥,  SᵀS/n = diag(λ₁ ≥ … ≥ λ_r),  X⊥·V = 0
///
/// One compression serves every relabeling: the rows of S are re-paired in place of those of X.
/// Modalities of at most `limit` features, or at most `limit` items, are kept whole: V then holds
/// the eigenvectors of the covariance (of the Gram matrix) and X⊥ = 0. Wider ones keep half of
/// the limit, found by randomised block subspace iteration: λ is a lower bound, close for the
/// coordinates that stand out; on white noise, where none does, V is any basis of directions of
/// above-average variance. Nothing built on it needs more: the tail X⊥ is measured, not assumed.
///
/// - Shapes: S is n × r, V is d × r.
/// - Reference: subspace iteration [HMT11]; ‖X⊥X⊥ᵀ‖²_F from random signs [Hut90].
public struct PrincipalFactors: Sendable, Equatable {
  /// Scores S, n × r, centred.
  public let scores: Matrix<Float>
  /// λ, variances of the scores, largest first.
  public let variances: [Double]
  /// V, d × r with orthonormal columns.
  public let basis: Matrix<Double>
  /// Column means μ of the features, d entries.
  public let mean: [Double]
  /// ‖xᵢ − μ‖² of every item.
  public let energies: [Double]
  /// Whether nothing is left beyond the coordinates.
  public let isExact: Bool
  /// ‖X⊥X⊥ᵀ‖²_F / n²; 0 when exact.
  public let squaredTailNorm: Double
  /// ‖X̄X̄ᵀ‖²_F / n², the squared Frobenius norm of the covariance.
  public let squaredNorm: Double
  let features: Matrix<Float>

  /// Number of items n.
  public var itemCount: Int { scores.rowCount }
  /// Number of features d.
  public var width: Int { mean.count }
  /// Number of coordinates r.
  public var rank: Int { scores.columnCount }
  /// tr Σ, the variance of all features together.
  public var totalVariance: Double { energies.reduce(0, +) / Double(energies.count) }
  /// tr(X⊥X⊥ᵀ)/n, the variance beyond the coordinates.
  public var tailVariance: Double {
    isExact ? 0 : max(0, totalVariance - variances.reduce(0, +))
  }

  /// Keeps sentence embeddings of the usual widths whole.
  public static let usualLimit = 384
  /// Random signs that measure the tail, to a few hundredths of its squared norm.
  static let probeCount = 32

  /// Compresses features n × d.
  ///
  /// - Parameters:
  ///   - features: One row per item.
  ///   - limit: The widest modality that is kept whole.
  ///   - streams: Seeds the start of the iteration and the signs.
  /// - Throws: ``LinearAlgebraError`` when features are not finite.
  /// - Precondition: there is at least one row, and `limit` is positive.
  /// - Complexity: O(n·d² + d³) for d ≤ limit, else O(n²·d) for n ≤ limit, else
  ///   10·n·d·(r + 16) operations in single precision; O((n + d)·r) memory beside the features.
  public init(
    of features: Matrix<Float>, limit: Int = usualLimit, streams: RandomStreams
  ) throws(LinearAlgebraError) {
    precondition(limit > 0, "at least one principal coordinate, got a limit of \(limit)")
    let mean = columnMeans(features)
    if mean.contains(where: { !$0.isFinite }),
      let place = features.elements.firstIndex(where: { !$0.isFinite })
    {
      throw .nonFinite(
        routine: "principal factors", row: place / features.columnCount,
        column: place % features.columnCount)
    }
    let energies = centeredRowEnergies(features, center: mean)
    self.features = features
    self.mean = mean
    self.energies = energies
    let axes: PrincipalAxes
    if energies.allSatisfy({ $0 == 0 }) {
      axes = .none(features)
    } else if features.columnCount <= limit {
      axes = try .ofCovariance(features, mean: mean)
    } else if features.rowCount <= limit {
      axes = try .ofGram(features, mean: mean)
    } else {
      axes = try .iterated(features, mean: mean, rank: max(1, limit / 2), streams: streams)
    }
    basis = axes.basis
    variances = axes.variances
    scores = axes.scores
    isExact = axes.isExact
    let leading = axes.variances.reduce(0) { $0 + $1 * $1 }
    guard !axes.isExact else {
      squaredTailNorm = 0
      squaredNorm = leading
      return
    }
    let probes = Self.probes(features.rowCount, streams: streams)
    let image = Matrix<Double>(
      Self.tailImage(of: probes, features: features, mean: mean, basis: axes.basis))
    let own = Matrix<Double>(
      product(axes.scores, product(axes.scores, .transposed, probes, .none)))
    let n = Double(features.rowCount)
    let count = Double(Self.probeCount)
    squaredTailNorm = image.squaredFrobeniusNorm / count
    // An iteration that has not settled leaves scores and tail a little correlated.
    let mixed = zip(own.elements, image.elements).reduce(0) { $0 + $1.0 * $1.1 } / (n * count)
    squaredNorm = leading + squaredTailNorm + 2 * max(0, mixed)
  }

  /// Random signs, n × probes.
  static func probes(_ itemCount: Int, streams: RandomStreams) -> Matrix<Float> {
    var generator = streams.generator(for: "tail-probes")
    return Matrix(
      rowCount: itemCount, columnCount: probeCount,
      elements: (0..<itemCount * probeCount).map { _ in
        generator.next() >> 63 == 0 ? 1 : -1
      })
  }

  /// X⊥X⊥ᵀ·g/n for the columns g of `probes`.
  func tailImage(of probes: Matrix<Float>) -> Matrix<Float> {
    Self.tailImage(of: probes, features: features, mean: mean, basis: basis)
  }

  private static func tailImage(
    of probes: Matrix<Float>, features: Matrix<Float>, mean: [Double], basis: Matrix<Double>
  ) -> Matrix<Float> {
    let back = withoutComponents(along: basis, singlePrecisionCrossCovariance(features, probes))
    return centeredProduct(features, mean: mean, Matrix<Float>(back))
  }
}

/// a − V·Vᵀ·a.
func withoutComponents(along basis: Matrix<Double>, _ a: Matrix<Double>) -> Matrix<Double> {
  a - product(basis, product(basis, .transposed, a, .none))
}
