import Foundation
import Redundancy
import Statistics

/// Global similarities of two modalities beside those of random pairings.
///
/// All are computed from the compressed modalities, for the data and for the relabelings alike,
/// and share the relabelings of the spectrum. Alignments and Procrustes similarity carry the tail
/// of a wide modality; the canonical ones read at most 64 leading principal coordinates of either
/// side, which is what the uncalibrated measures of the same names do not.
///
/// - Range: the maximum of each is what it takes for identical modalities: 1, but for the ridged
///   canonical values, which reach the largest λ/(λ + ridge) and its mean square.
public struct CalibratedSimilarity: Codable, Sendable, Equatable {
  /// Whether the relabelings stayed within groups.
  public let isStratified: Bool
  /// Debiased linear centred kernel alignment, as ``CenteredKernelAlignment/debiased``. For a
  /// modality with a tail its own norm is estimated, to about a hundredth at worst.
  public let debiasedAlignment: CalibratedValue?
  /// The biased form ‖C‖²_F/(‖Σx‖_F·‖Σy‖_F), the RV coefficient: inflated for wide modalities, as
  /// its null mean shows.
  public let biasedAlignment: CalibratedValue?
  /// The leading canonical correlation with the ridge of ``CanonicalCorrelation``.
  public let leadingCanonical: CalibratedValue?
  /// The mean of the squared ridged correlations.
  public let squaredCanonical: CalibratedValue?
  /// ``SVCCA``.
  public let svcca: CalibratedValue?
  /// ``ProjectionWeightedCCA``, weighted by the first modality.
  public let projectionWeighted: CalibratedValue?
  /// ``ProcrustesSimilarity``.
  public let procrustes: CalibratedValue?
  /// arccos of the Procrustes similarity in radians, 0 to π/2.
  public let shapeDistance: Double?

  /// Calibrates every similarity; their p-values are also corrected for the choice among them.
  ///
  /// - Complexity: O(K log K).
  public init(_ null: SpectrumNull) {
    isStratified = null.isStratified
    let measures: [(statistic: (SpectralStatistics) -> Double?, maximum: Double)] = [
      ({ $0.debiasedAlignment }, 1), ({ $0.biasedAlignment }, 1),
      ({ $0.leadingCanonical }, null.maxima.leadingCanonical),
      ({ $0.squaredCanonical }, null.maxima.squaredCanonical),
      ({ $0.svcca }, 1), ({ $0.projectionWeighted }, 1), ({ $0.procrustes }, 1),
    ]
    let columns = measures.map { null.values($0.statistic, scale: $0.maximum) }
    let defined = columns.indices.filter { columns[$0] != nil }
    let calibrated = CalibratedValue.corrected(
      observed: defined.map { columns[$0]!.observed }, null: defined.map { columns[$0]!.null },
      maximum: defined.map { measures[$0].maximum })
    var values = [CalibratedValue?](repeating: nil, count: measures.count)
    for (place, index) in defined.enumerated() { values[index] = calibrated[place] }
    debiasedAlignment = values[0]
    biasedAlignment = values[1]
    leadingCanonical = values[2]
    squaredCanonical = values[3]
    svcca = values[4]
    projectionWeighted = values[5]
    procrustes = values[6]
    shapeDistance = null.observed.procrustes.map { acos($0) }
  }
}
