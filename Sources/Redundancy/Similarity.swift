import LinearAlgebra
import Statistics

/// How alike two modalities are, by the measures that others use.
///
/// - Reference: see ``CenteredKernelAlignment``, ``CanonicalCorrelation`` and ``ModalityGap``.
public struct Similarity: Codable, Sendable, Equatable {
  /// Alignment, correlations and mutual neighbours depend on which rows belong together;
  /// ``modalityGap`` carries its own, marginal, pairing.
  public let pairing: Pairing
  /// Debiased linear CKA, about 0 for unrelated modalities and sometimes slightly below.
  public let linearCKA: Double?
  /// Biased linear CKA, which grows with the widths; for comparison with papers only.
  public let linearCKABiased: Double?
  /// Leading regularised canonical correlations, largest first.
  public let cca: [Double]
  /// The leading regularised canonical correlation of shuffled pairs, the level of chance.
  public let ccaShuffled: Double?
  /// The ridge, as a share of a modality's mean variance.
  public let ccaRegularization: Double
  /// Mutual nearest neighbours, where the caller has measured them.
  public let mutualKNN: MutualNeighbors?
  /// Distance of the centres of the row-normalised modalities.
  public let modalityGap: ModalityGap

  /// The share of nearest neighbours that two modalities have in common.
  public struct MutualNeighbors: Codable, Sendable, Equatable {
    /// Neighbours per item.
    public let k: Int
    /// Mean share in common, 0 to 1.
    public let value: Double

    public init(k: Int, value: Double) {
      self.k = k
      self.value = value
    }
  }

  /// Measures two modalities of the same items.
  ///
  /// - Parameters:
  ///   - first: n × p.
  ///   - second: n × q.
  ///   - joint: Their covariances, where they are already known.
  ///   - mutualKNN: Mutual neighbours from the neighbour lists, which are not searched here.
  ///   - sharedCoordinates: Both modalities in coordinates of one space, for the modality gap of
  ///     modalities whose widths differ.
  ///   - regularization: The ridge of the canonical correlations.
  ///   - streams: Seeds the shuffle behind ``ccaShuffled``.
  /// - Throws: ``RedundancyError`` when the items do not line up, ``LinearAlgebraError`` when
  ///   features are not finite.
  /// - Complexity: n·(p² + q² + 2·p·q) operations and the decompositions of
  ///   ``CanonicalCorrelation``; O(p² + q²) memory.
  public init(
    between first: Matrix<Float>, and second: Matrix<Float>, joint: JointCovariance? = nil,
    mutualKNN: MutualNeighbors? = nil,
    sharedCoordinates: (first: Matrix<Float>, second: Matrix<Float>)? = nil,
    regularization: Double = CanonicalCorrelation.defaultRegularization, streams: RandomStreams
  ) throws {
    let joint = try joint ?? JointCovariance(between: first, and: second)
    let alignment = CenteredKernelAlignment(joint)
    var generator = streams.generator(for: "similarity-shuffle")
    let partners = generator.permutation(second.rowCount)
    // Before the factors, which are as large as the covariances.
    releaseFreedMemory()
    let canonical = try CanonicalCorrelation(joint, regularization: regularization) {
      singlePrecisionCrossCovariance(first, second, partners: partners)
    }
    pairing = .paired
    linearCKA = alignment.debiased
    linearCKABiased = alignment.biased
    cca = canonical.correlations
    ccaShuffled = canonical.shuffled
    ccaRegularization = canonical.regularization
    self.mutualKNN = mutualKNN
    if let sharedCoordinates, first.columnCount != second.columnCount {
      modalityGap = ModalityGap(
        between: sharedCoordinates.first, and: sharedCoordinates.second,
        coordinates: "\(sharedCoordinates.first.columnCount) shared coordinates")
    } else {
      modalityGap = ModalityGap(between: first, and: second)
    }
  }
}
