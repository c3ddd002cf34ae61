import LinearAlgebra
import Redundancy
import Statistics

/// Everything spectral that is measured of one pairing.
package struct SpectralStatistics: Sendable, Equatable {
  /// σ₁ ≥ … of the cross-covariance.
  package let singularValues: [Double]
  /// ‖C‖²_F.
  package let energy: Double
  /// Debiased linear centred kernel alignment.
  package let debiasedAlignment: Double?
  package let biasedAlignment: Double?
  /// Ridged correlations of the leading coordinates: the first, and the mean of the squares.
  package let leadingCanonical: Double?
  package let squaredCanonical: Double?
  package let svcca: Double?
  package let projectionWeighted: Double?
  package let procrustes: Double?

  package var nuclearNorm: Double { singularValues.reduce(0, +) }
}

extension PairedFactors {
  /// The statistics of the pairing at hand.
  func observed(_ alignment: PairAlignment) throws(LinearAlgebraError) -> SpectralStatistics {
    try statistics(
      crossCovariances(narrowPartners: [Array(0..<itemCount)])[0], tail: tailGram, damping: nil,
      diagonal: zip(alignment.wideEnergies, alignment.narrowEnergies).reduce(0) {
        $0 + $1.0 * $1.1
      }, alignment)
  }

  /// The statistics under a relabeling, with a draw of the tail's part.
  ///
  /// - Parameters:
  ///   - cross: What ``crossCovariances(narrowPartners:)`` makes of `order`.
  ///   - order: For every item of the wide side its partner in the narrow one.
  func relabeled(
    _ cross: Matrix<Double>, narrowPartners order: [Int], tail: TailNull?,
    using generator: inout some RandomNumberGenerator, _ alignment: PairAlignment
  ) throws(LinearAlgebraError) -> SpectralStatistics {
    let diagonal = order.indices.reduce(tail?.expectedDiagonal ?? 0) {
      $0 + alignment.wideLeadingEnergies[$1] * alignment.narrowEnergies[order[$1]]
    }
    return try statistics(
      cross, tail: tail?.draw(using: &generator), damping: tail, diagonal: diagonal, alignment)
  }

  /// Singular values of a covariance of coordinates with the tail's part, largest first.
  func singularValues(
    _ cross: Matrix<Double>, tail: Matrix<Double>?
  ) throws(LinearAlgebraError) -> [Double] {
    try symmetricEigenvalues(tail.map { gram(cross) + $0 } ?? gram(cross))
      .map { max(0, $0).squareRoot() }
  }

  private func statistics(
    _ cross: Matrix<Double>, tail: Matrix<Double>?, damping: TailNull?, diagonal: Double,
    _ alignment: PairAlignment
  ) throws(LinearAlgebraError) -> SpectralStatistics {
    let values = try singularValues(damping?.damped(cross) ?? cross, tail: tail)
    let energy = values.reduce(0) { $0 + $1 * $1 }
    let canonical = try whitening.canonical(cross, isFirstNarrow: isFirstNarrow)
    let scale = (wide.totalVariance * narrow.variances.reduce(0, +)).squareRoot()
    return SpectralStatistics(
      singularValues: values, energy: energy,
      debiasedAlignment: alignment.debiased(energy: energy, diagonal: diagonal),
      biasedAlignment: alignment.biased(energy: energy),
      leadingCanonical: canonical.ridged.first,
      squaredCanonical: mean(canonical.ridged.map { $0 * $0 }),
      svcca: mean(canonical.plain), projectionWeighted: canonical.weighted,
      procrustes: scale > 0 ? min(1, values.reduce(0, +) / scale) : nil)
  }
}

extension PairWhitening {
  /// The canonical values of one pairing.
  struct Values {
    /// Ridged correlations, largest first.
    let ridged: [Double]
    /// Correlations of the directions that hold 99 % of the variance.
    let plain: [Double]
    /// Their mean weighted by what they explain of the first modality.
    let weighted: Double?
  }

  /// - Parameter cross: The cross-covariance, wide × narrow coordinates.
  func canonical(
    _ cross: Matrix<Double>, isFirstNarrow: Bool
  ) throws(LinearAlgebraError) -> Values {
    func whitened(_ scales: (first: [Double], second: [Double])) -> Matrix<Double> {
      var block = Matrix<Double>(rowCount: scales.first.count, columnCount: scales.second.count)
      for row in 0..<block.rowCount {
        for column in 0..<block.columnCount {
          let value = isFirstNarrow ? cross[column, row] : cross[row, column]
          block[row, column] = scales.first[row] * value * scales.second[column]
        }
      }
      return block
    }
    let decomposition = try singularValueDecomposition(whitened(plain))
    let correlations = decomposition.singularValues.map { min(1, $0) }
    return Values(
      ridged: try singularValues(whitened(ridged)), plain: correlations,
      weighted: ProjectionWeightedCCA.weightedMean(
        correlations, directions: decomposition.u, loadings: firstLoadings))
  }
}
