import LinearAlgebra
import Redundancy
import Statistics

/// The spectral statistics of a pair of modalities beside those of its relabelings.
///
/// One pass over the relabelings serves the spectrum (``CalibratedSpectrum``) and the similarities
/// (``CalibratedSimilarity``): for each π the coordinates of one modality are re-paired and
/// multiplied, C_π = WᵀP_πN/n, and the smaller Gram matrix of C_π is decomposed.
///
/// Where both modalities are kept whole, data and relabelings go through the same arithmetic on
/// fixed coordinates, so the test is an exact permutation test. Where one has a tail, the data's
/// part of it is computed from the features and that of a relabeling is drawn from a law with the
/// mean and, in every direction, the variance that random pairing gives it. Under the null
/// hypothesis the data's pairing is itself a random one, so the two agree to that order: the test
/// is exact in the leading coordinates, which vary most, and as good as a normal approximation in
/// sums over hundreds of tail directions. Leaving the tail out of both sides would be exact
/// too, but blind to what the tail shares.
public struct SpectrumNull: Sendable, Equatable {
  /// Whether items changed places only within groups.
  public let isStratified: Bool
  /// Number of relabelings K.
  public let permutations: Int
  /// The statistics of the data.
  package let observed: SpectralStatistics
  /// Those of every relabeling, in order.
  package let relabeled: [SpectralStatistics]
  let maxima: SpectralMaxima

  /// - Parameters:
  ///   - pair: The compressed modalities.
  ///   - relabelings: Free ones, or within groups.
  ///   - streams: Seeds the draws of the tail.
  /// - Throws: ``LinearAlgebraError`` when a decomposition does not converge.
  /// - Precondition: the relabelings are of as many items.
  /// - Complexity: 2·n·r² + O(r³) operations for each relabeling, in parallel over them; O(r²)
  ///   memory for each thread.
  public init(
    _ pair: PairedFactors, relabelings: Relabelings, streams: RandomStreams
  ) throws(LinearAlgebraError) {
    precondition(
      relabelings.itemCount == pair.itemCount,
      "relabelings of \(relabelings.itemCount) items for a pair of \(pair.itemCount)")
    isStratified = relabelings.groups != nil
    permutations = relabelings.count
    maxima = SpectralMaxima(pair)
    let alignment = PairAlignment(wide: pair.wide, narrow: pair.narrow)
    observed = try pair.observed(alignment)
    let tail = try TailNull(pair, groups: relabelings.groups, streams: streams)
    let purpose = isStratified ? "tail within groups" : "tail"
    // Several relabelings share what is read of the narrow side.
    let grid = BlockGrid(count: relabelings.count, size: 4)
    let results: [Result<[SpectralStatistics], LinearAlgebraError>] = Parallel.map(
      grid.blockCount
    ) { block in
      let group = grid.range(block)
      let orders = group.map { pair.narrowPartners(relabelings.partners($0)) }
      let crosses = pair.crossCovariances(narrowPartners: orders)
      return Result { () throws(LinearAlgebraError) in
        var statistics: [SpectralStatistics] = []
        for (place, k) in group.enumerated() {
          var generator = streams.generator(for: purpose, item: k)
          statistics.append(
            try pair.relabeled(
              crosses[place], narrowPartners: orders[place], tail: tail, using: &generator,
              alignment))
        }
        return statistics
      }
    }
    var relabeled: [SpectralStatistics] = []
    for result in results { relabeled += try result.get() }
    self.relabeled = relabeled
  }

  /// The null values of one statistic; values that differ from the data's by rounding alone count
  /// as ties, which a p-value must not miss.
  ///
  /// - Parameter scale: What single precision rounds relative to.
  func values(
    _ statistic: (SpectralStatistics) -> Double?, scale: Double
  ) -> (observed: Double, null: [Double])? {
    guard let center = statistic(observed) else { return nil }
    let null = relabeled.compactMap(statistic)
    guard null.count == relabeled.count else { return nil }
    return (center, null.map { abs($0 - center) <= 4e-6 * scale ? center : $0 })
  }
}

/// The largest values that the statistics can take, given the spectra of the two modalities.
struct SpectralMaxima: Sendable, Equatable {
  /// √(λᵢ(Σx)·λᵢ(Σy)): σᵢ when the i-th principal coordinates coincide.
  let singularValues: [Double]
  let leadingCanonical: Double
  let squaredCanonical: Double

  init(_ pair: PairedFactors) {
    var tail = pair.wide.tailVariance
    let last = pair.wide.variances.last ?? 0
    // Beyond the leading coordinates no variance exceeds the last of them, and all add up to the
    // tail: the steepest continuation bounds them.
    singularValues = pair.narrow.variances.enumerated().map { index, variance in
      guard index >= pair.wide.rank else {
        return (variance * pair.wide.variances[index]).squareRoot()
      }
      let bound = min(last, tail)
      tail -= bound
      return (variance * bound).squareRoot()
    }
    leadingCanonical = pair.whitening.leadingMaximum
    squaredCanonical = pair.whitening.squaredMaximum
  }

  /// Largest ‖C‖²_F.
  var energy: Double { singularValues.reduce(0) { $0 + $1 * $1 } }
  /// Largest Σσ.
  var nuclearNorm: Double { singularValues.reduce(0, +) }
}

extension SpectrumNull {
  /// The debiased alignment of the data and of every relabeling, to be corrected over several
  /// pairs; nil where it is undefined.
  public var debiasedAlignments: (observed: Double, null: [Double])? {
    values({ $0.debiasedAlignment }, scale: 1)
  }
}
