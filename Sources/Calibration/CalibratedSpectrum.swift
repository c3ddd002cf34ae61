import Statistics

/// The singular values of the cross-covariance beside those of random pairings.
///
/// Each σᵢ is calibrated with its own null σᵢ(C_π), and corrected for the choice of i with the
/// maximum statistic. ``directionsAboveNull`` is parallel analysis: the leading directions that
/// all stand above the 95 % point of the null in their own place.
///
/// The first shared factor makes no room in the null for the second: relabelings break all factors
/// at once, so the count is conservative where factors are strong and many.
///
/// - Reference: parallel analysis [Horn65]; calibration [GWB26]; maximum statistic [WY93].
public struct CalibratedSpectrum: Codable, Sendable, Equatable {
  /// Whether the relabelings stayed within groups.
  public let isStratified: Bool
  /// Number of relabelings K.
  public let permutations: Int
  /// σ₁ ≥ … of the data, all that the narrow side allows.
  public let singularValues: [Double]
  /// The leading values, at most ``limit``; their thresholds are the permutation band. The
  /// maximum of the i-th is √(λᵢ(Σx)·λᵢ(Σy)), its value when the i-th principal coordinates
  /// coincide. Empty without relabelings.
  public let values: [CalibratedValue]
  /// Number of leading i whose σᵢ lie above the threshold, up to the first that does not.
  public let directionsAboveNull: Int
  /// ‖C‖²_F = Σσ²; nil without relabelings.
  public let energy: CalibratedValue?
  /// ‖C‖_* = Σσ; nil without relabelings.
  public let nuclearNorm: CalibratedValue?

  /// Singular values that are calibrated.
  public static let limit = 64

  /// - Complexity: O(64·K log K).
  public init(_ null: SpectrumNull) {
    isStratified = null.isStratified
    permutations = null.permutations
    singularValues = null.observed.singularValues
    let scale = singularValues.first ?? 0
    let count = min(Self.limit, singularValues.count)
    let columns = (0..<count).compactMap { i in
      null.values({ $0.singularValues[i] }, scale: scale)
    }
    let calibrated = CalibratedValue.corrected(
      observed: columns.map(\.observed), null: columns.map(\.null),
      maximum: Array(null.maxima.singularValues.prefix(count)))
    let leading = calibrated.compactMap { $0 }
    values = leading
    directionsAboveNull =
      leading.firstIndex { $0.observed <= $0.threshold } ?? leading.count
    func single(
      _ statistic: (SpectralStatistics) -> Double?, maximum: Double
    ) -> CalibratedValue? {
      null.values(statistic, scale: statistic(null.observed) ?? 0).flatMap {
        CalibratedValue(observed: $0.observed, null: $0.null, maximum: maximum)
      }
    }
    energy = single({ $0.energy }, maximum: null.maxima.energy)
    nuclearNorm = single({ $0.nuclearNorm }, maximum: null.maxima.nuclearNorm)
  }
}
