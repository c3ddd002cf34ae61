/// A statistic with the distribution that it has when the pairing is random.
///
/// The statistic grows with likeness. With K relabelings,
///
///     p = (1 + #{null ≥ observed}) / (K + 1)
///     score = max(0, (observed − τ) / (maximum − τ)),  at most 1
///
/// with τ the ⌈(1 − α)(K + 1)⌉-th smallest of the observed value and the null values: unrelated
/// modalities get a positive score with probability at most α, identical ones get 1.
///
/// - Reference: [GWB26]; add-one p-value [PS10].
public struct CalibratedValue: Codable, Sendable, Equatable {
  /// The statistic of the data.
  public let observed: Double
  /// Mean of the statistic over the relabelings.
  public let nullMean: Double
  /// Standard deviation over the relabelings.
  public let nullStandardDeviation: Double
  /// Number of relabelings K.
  public let permutations: Int
  /// One-sided p-value, 1/(K + 1) to 1.
  public let pValue: Double
  /// p-value corrected for the choice among several statistics, where there are several.
  public internal(set) var correctedPValue: Double?
  /// τ: what the statistic reaches by chance with probability α.
  public let threshold: Double
  /// The largest value that the statistic can take.
  public let maximum: Double
  /// The calibrated score, 0 to 1.
  public let score: Double

  /// The usual level α.
  public static let level = 0.05

  /// Calibrates one statistic; nil when there are no null values or a value is not finite.
  ///
  /// - Parameters:
  ///   - observed: The statistic of the data, larger meaning more alike.
  ///   - null: The statistic of each relabeling.
  ///   - maximum: The largest value that it can take.
  ///   - level: α, in (0, 1).
  public init?(
    observed: Double, null: [Double], maximum: Double = 1, level: Double = CalibratedValue.level
  ) {
    precondition(level > 0 && level < 1, "the level lies between 0 and 1, got \(level)")
    guard !null.isEmpty, observed.isFinite, null.allSatisfy(\.isFinite),
      let center = mean(null)
    else { return nil }
    self.observed = observed
    nullMean = center
    nullStandardDeviation = sampleVariance(null)?.squareRoot() ?? 0
    permutations = null.count
    pValue = Double(1 + null.count { $0 >= observed }) / Double(null.count + 1)
    let ordered = (null + [observed]).sorted()
    let place = Int(((1 - level) * Double(ordered.count)).rounded(.up))
    threshold = ordered[min(max(place, 1), ordered.count) - 1]
    self.maximum = maximum
    score =
      maximum > threshold
      ? min(1, max(0, (observed - threshold) / (maximum - threshold))) : 0
  }

  /// How many standard deviations of the null the observed value lies above its mean; nil when the
  /// null does not vary.
  public var standardized: Double? {
    nullStandardDeviation > 0 ? (observed - nullMean) / nullStandardDeviation : nil
  }

  /// Calibrates several statistics of the same relabelings and corrects their p-values for the
  /// choice among them: the largest standardised value of each relabeling is what an observed one
  /// is compared with.
  ///
  ///     p̃ᵢ = (1 + #{k : maxⱼ zⱼᵏ ≥ zᵢ}) / (K + 1),  z = (statistic − mean)/sd over the null
  ///
  /// - Parameters:
  ///   - observed: One statistic each.
  ///   - null: For each statistic its value under every relabeling, relabelings in the same order.
  ///   - maximum: The largest value of each.
  /// - Returns: nil in the places where ``init(observed:null:maximum:level:)`` gives nil.
  /// - Precondition: there are as many null lists and maxima as statistics, and the null lists
  ///   have one length.
  /// - Complexity: O(statistics · K log K).
  /// - Reference: maximum statistic, [WY93].
  public static func corrected(
    observed: [Double], null: [[Double]], maximum: [Double], level: Double = CalibratedValue.level
  ) -> [CalibratedValue?] {
    precondition(
      observed.count == null.count && maximum.count == null.count
        && Set(null.map(\.count)).count <= 1,
      "every statistic needs a maximum and as many null values as the others")
    var values = observed.indices.map {
      CalibratedValue(observed: observed[$0], null: null[$0], maximum: maximum[$0], level: level)
    }
    let usable = values.indices.filter { values[$0]?.standardized != nil }
    guard let first = usable.first else { return values }
    let peaks = null[first].indices.map { k in
      usable.reduce(-Double.infinity) { peak, i in
        let value = values[i]!
        return max(peak, (null[i][k] - value.nullMean) / value.nullStandardDeviation)
      }
    }
    for i in usable {
      let z = values[i]!.standardized!
      values[i]!.correctedPValue =
        Double(1 + peaks.count { $0 >= z }) / Double(peaks.count + 1)
    }
    return values
  }
}
