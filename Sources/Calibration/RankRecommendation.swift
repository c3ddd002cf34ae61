import LinearAlgebra
import Redundancy
import Statistics

/// The redundancy rank k to project with, by three rules, and the projection strengths λ that make
/// sense for it.
///
/// - Above the null: the number of leading directions above the 95 % points of random pairings.
/// - Penalised: k* = #{i : σᵢ² > τ²} of Equation 13, the price of a direction being the squared
///   95 % point τ of the first singular value of random pairings.
/// - rank90: the smallest number of directions that hold 90 % of Σσ².
///
/// Many weak directions can stand above the null where there are many items, so significance alone
/// asks for too much: recommended is the smallest of the three, the largest worth trying the smaller
/// one of the first two. Each rule is repeated on random halves of the items, where thresholds are
/// multiplied by √(n/m): what chance gives falls as one over the square root of the items.
///
/// - Reference: parallel analysis [Horn65]; [CLEAR26], Equation 13 and Theorem 5; random halves,
///   [PRW99].
public struct RankRecommendation: Codable, Sendable, Equatable {
  /// The rank by one rule, and its spread over the halves.
  public struct Rule: Codable, Sendable, Equatable {
    /// The rank on all items.
    public let rank: Int
    /// Smallest, median (the lower one of two) and largest rank over the halves.
    public let smallest: Int
    public let median: Int
    public let largest: Int
    /// Share of halves that give ``rank``, 0 to 1.
    public let agreement: Double
  }

  /// Projection strengths λ worth trying, in 0...1.
  public struct StrengthRange: Codable, Sendable, Equatable {
    /// 1 − √(σ_{k+1}/σ₁), where the strongest damped direction meets the first undamped one, or
    /// 1 − √(τ/σ₁), where it sinks into what chance gives: the smaller of the two.
    public let lower: Double
    /// The larger of the two.
    public let upper: Double
  }

  /// Directions above the null; nil without relabelings.
  public let aboveNull: Rule?
  /// Equation 13; nil without relabelings.
  public let penalized: Rule?
  /// The penalty τ² of Equation 13; nil without relabelings.
  public let penalty: Double?
  /// Directions that hold 90 % of Σσ²; nil when nothing covaries.
  public let rank90: Rule?
  /// Number of halves.
  public let halves: Int
  /// The recommended k, the smallest of the three rules; 0 means that there is nothing to project.
  public let rank: Int
  /// The largest k worth trying: directions beyond it are no stronger than chance.
  public let largestRank: Int
  /// The range of λ; nil when k is 0.
  public let strengths: StrengthRange?

  /// Random halves that are usual.
  public static let usualHalves = 50

  /// - Parameters:
  ///   - pair: The compressed modalities.
  ///   - spectrum: Their spectrum beside random pairings.
  ///   - halves: Number of random halves.
  ///   - streams: Draws groups of items, and the halves from them.
  /// - Throws: ``LinearAlgebraError`` when a decomposition does not converge.
  /// - Complexity: 2·n·r² operations, and O(r³) for each half.
  public init(
    _ pair: PairedFactors, spectrum: CalibratedSpectrum, halves: Int = usualHalves,
    streams: RandomStreams
  ) throws(LinearAlgebraError) {
    precondition(halves > 0, "stability needs a half of the items, got \(halves)")
    self.halves = halves
    let sigma = spectrum.singularValues
    let thresholds = spectrum.values.map(\.threshold)
    let spectra = try halfSpectra(pair, halves: halves, streams: streams)
    func rule(_ rank: ([Double], Double) -> Int) -> Rule {
      Rule(rank(sigma, 1), spectra.map { rank($0.singularValues, $0.thresholdFactor) })
    }
    let isCalibrated = !thresholds.isEmpty
    aboveNull =
      isCalibrated
      ? rule { values, factor in
        let leading = zip(values, thresholds)
        return leading.enumerated().first { $0.element.0 <= $0.element.1 * factor }?.offset
          ?? thresholds.count
      } : nil
    let first = thresholds.first ?? 0
    penalty = isCalibrated ? first * first : nil
    penalized =
      isCalibrated
      ? rule { values, factor in
        CovarianceSpectrum.optimalRank(
          singularValues: values, penalty: first * first * factor * factor)
      } : nil
    rank90 =
      (sigma.first ?? 0) > 0
      ? rule { values, _ in SpectralSummary(singularValues: values).rank90 ?? 0 } : nil
    largestRank = min(aboveNull?.rank ?? 0, penalized?.rank ?? 0)
    let k = min(largestRank, rank90?.rank ?? 0)
    rank = k
    if k > 0 {
      let next = k < sigma.count ? sigma[k] : 0
      let ends = [next, first].map { min(1, max(0, 1 - ($0 / sigma[0]).squareRoot())) }
      strengths = StrengthRange(lower: min(ends[0], ends[1]), upper: max(ends[0], ends[1]))
    } else {
      strengths = nil
    }
  }
}

extension RankRecommendation.Rule {
  /// The rule on all items, and on the halves.
  fileprivate init(_ rank: Int, _ halves: [Int]) {
    let ordered = halves.sorted()
    self.rank = rank
    smallest = ordered[0]
    median = ordered[(ordered.count - 1) / 2]
    largest = ordered[ordered.count - 1]
    agreement = Double(halves.count { $0 == rank }) / Double(halves.count)
  }
}

/// The spectrum of a random half of the items.
private struct HalfSpectrum: Sendable {
  let singularValues: [Double]
  /// √(n/m).
  let thresholdFactor: Double
}

/// Spectra of random halves, each half of twenty random groups.
private func halfSpectra(
  _ pair: PairedFactors, halves: Int, streams: RandomStreams
) throws(LinearAlgebraError) -> [HalfSpectrum] {
  let groupCount = min(GroupJackknife.usualGroupCount, pair.itemCount)
  let moments = GroupMoments(
    pair,
    groups: GroupJackknife.groups(
      itemCount: pair.itemCount, count: groupCount, streams: streams),
    groupCount: groupCount)
  // The tail's chance part doubles on half the items, like a threshold does.
  let chance = try TailNull(pair, groups: nil, streams: streams)?.expected
  let results: [Result<HalfSpectrum, LinearAlgebraError>] = Parallel.map(halves) { half in
    Result { () throws(LinearAlgebraError) in
      var generator = streams.generator(for: "halves", item: half)
      let part = moments.moments(of: generator.sample(groupCount / 2, from: groupCount))
      let ratio = Double(pair.itemCount) / Double(part.itemCount)
      var tail = pair.tailGram
      if let chance, let gram = tail {
        tail = gram + chance.scaled(by: ratio - 1)
      }
      return HalfSpectrum(
        singularValues: try pair.singularValues(part.cross, tail: tail),
        thresholdFactor: ratio.squareRoot())
    }
  }
  var spectra: [HalfSpectrum] = []
  for result in results { spectra.append(try result.get()) }
  return spectra
}
