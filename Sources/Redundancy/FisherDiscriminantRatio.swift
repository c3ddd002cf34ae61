import LinearAlgebra
import Statistics

/// Whether the directions that the modalities share tell classes apart better or worse than the
/// rest of a modality's space.
///
/// For two classes, in a subspace,
///
///     FDR = ‖m₁ − m₂‖² / (Var₁ + Var₂)
///
/// with m a class mean and Var the trace of a class covariance. The paper claims that FDR in the
/// shared directions (∥) is far below FDR in their complement (⊥). Random subspaces of the same
/// width show what any few directions would give.
///
/// - Reference: [CLEAR26], Theorem 1; [Fis36].
public struct FisherDiscriminantRatio: Codable, Sendable, Equatable {
  /// Name of the modality.
  public let modality: String
  /// The shared directions come from which rows belong together.
  public let pairing: Pairing
  /// Classes compared.
  public let classes: Int
  /// Classes left out because they have fewer than ten items.
  public let droppedClasses: Int
  /// What the classes are.
  public let classDescription: String
  /// Pairs of classes.
  public let pairs: Int
  /// Pairs without a ratio: a within-class variance or FDR⊥ is zero.
  public let undefinedPairs: Int
  /// Median over pairs of FDR∥/FDR⊥; at most 0.1 would be the paper's "≪".
  public let medianRatio: Double?
  /// Share of pairs with FDR∥ < FDR⊥.
  public let shareBelowOne: Double?
  /// Median over pairs of FDR∥.
  public let parallel: Double?
  /// Median over pairs of FDR⊥.
  public let perpendicular: Double?
  /// tr(S_B)/tr(S_W) in the shared directions, over all classes.
  public let traceRatioParallel: Double?
  /// tr(S_B)/tr(S_W) in their complement.
  public let traceRatioPerpendicular: Double?
  /// Percentage of random subspaces whose median ratio is below ``medianRatio``, ties counting
  /// half; 0 to 100.
  public let randomPercentile: Double?
  /// Median ratios of the random subspaces.
  public let randomRatios: Quantiles?
  /// Number of random subspaces.
  public let randomSubspaces: Int

  /// Three quantiles of a null distribution.
  public struct Quantiles: Codable, Sendable, Equatable {
    /// The 5 % quantile.
    public let low: Double
    /// The median.
    public let median: Double
    /// The 95 % quantile.
    public let high: Double
  }

  /// Measures one modality.
  ///
  /// - Parameters:
  ///   - features: n × d.
  ///   - modality: Its name, which also names its random streams.
  ///   - basis: Orthonormal shared directions of this modality, d × k.
  ///   - classes: A class for every item.
  ///   - randomSubspaces: Number of random k-dimensional subspaces.
  ///   - streams: Gives each random subspace a sequence of its own.
  /// - Throws: ``RedundancyError/labelCountMismatch(labels:items:)``,
  ///   ``RedundancyError/tooFewClasses(count:minimumItems:)``.
  /// - Complexity: 2·n·d·k·(subspaces + 1) operations, and O(d) for each pair of classes.
  public init(
    features: Matrix<Float>, modality: String, basis: Matrix<Double>, classes: ContentClasses,
    randomSubspaces: Int = 100, streams: RandomStreams
  ) throws(RedundancyError) {
    let minimumItems = 10
    precondition(
      basis.rowCount == features.columnCount && basis.columnCount > 0,
      "the basis is \(basis.rowCount) x \(basis.columnCount), "
        + "the features have width \(features.columnCount)")
    guard classes.labels.count == features.rowCount else {
      throw .labelCountMismatch(labels: classes.labels.count, items: features.rowCount)
    }
    let partition = ClassPartition(labels: classes.labels, minimumItems: minimumItems)
    guard partition.members.count >= 2 else {
      throw .tooFewClasses(count: partition.members.count, minimumItems: minimumItems)
    }
    let whole = ClassMoments(of: features, partition)
    let distances = whole.squaredMeanDistances
    let inside = ClassMoments(of: coordinates(of: features, in: basis), partition)
    let fisher = PairwiseFisher(
      in: inside, variances: whole.variances, distances: distances)

    self.modality = modality
    pairing = .paired
    self.classes = partition.members.count
    droppedClasses = partition.droppedClasses
    classDescription = classes.name
    pairs = fisher.pairs
    undefinedPairs = fisher.pairs - fisher.ratios.count
    let medianRatio = median(fisher.ratios)
    self.medianRatio = medianRatio
    shareBelowOne =
      fisher.ratios.isEmpty
      ? nil : Double(fisher.ratios.count { $0 < 1 }) / Double(fisher.ratios.count)
    parallel = median(fisher.parallel)
    perpendicular = median(fisher.perpendicular)
    let within = significant(inside.withinScatter, of: whole.withinScatter)
    let outsideWithin = significant(whole.withinScatter - within, of: whole.withinScatter)
    let outsideBetween = significant(
      whole.betweenScatter - inside.betweenScatter, of: whole.betweenScatter)
    traceRatioParallel = within > 0 ? inside.betweenScatter / within : nil
    traceRatioPerpendicular = outsideWithin > 0 ? outsideBetween / outsideWithin : nil

    let null = RandomSubspaces(
      features: features, partition: partition, rank: basis.columnCount, streams: streams,
      purpose: "fisher-subspaces-\(modality)"
    ).map(count: randomSubspaces) { moments in
      // The coordinates are in single precision.
      median(
        PairwiseFisher(
          in: moments, variances: whole.variances, distances: distances, precision: 1e-5
        ).ratios)
    }.compactMap { $0 }.sorted()
    self.randomSubspaces = randomSubspaces
    randomPercentile = medianRatio.flatMap { observed in
      guard !null.isEmpty else { return nil }
      let below = Double(null.count { $0 < observed })
      let equal = Double(null.count { $0 == observed })
      return 100 * (below + equal / 2) / Double(null.count)
    }
    if let low = quantile(ofSorted: null, at: 0.05), let middle = median(null),
      let high = quantile(ofSorted: null, at: 0.95)
    {
      randomRatios = Quantiles(low: low, median: middle, high: high)
    } else {
      randomRatios = nil
    }
  }
}
