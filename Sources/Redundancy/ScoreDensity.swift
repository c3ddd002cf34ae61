import Neighbors
import Statistics

/// How similar the similarity scores are that two modalities retrieve with.
///
/// Similar scores do not mean similar neighbourhoods: a density never sees which items were
/// retrieved.
///
/// - Reference: [CLEAR26], Figure 1 (left).
public struct ScoreDensity: Codable, Sendable, Equatable {
  /// The density of one modality's retrieved scores.
  public struct Curve: Codable, Sendable, Equatable {
    /// Name of the modality.
    public let modality: String
    /// Silverman bandwidth; nil when all scores are equal and there is no curve.
    public let bandwidth: Double?
    /// Scores at which the density was evaluated.
    public let points: [Double]
    /// Density per unit of score.
    public let densities: [Double]
  }

  /// The card of the overlap of the densities.
  public static let card = MeasureCard(
    name: "score-density-overlap", title: "Overlap of retrieval score densities",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: [
      .itemOrder, .brokenPairing, .uniformScaling, .itemScaling, .rotation, .commonRotation,
    ], source: "[CLEAR26]")

  /// The usual number of nearest items whose scores are used.
  public static let usualLength = 20

  /// Scores of this many nearest items of every anchor were used.
  public let k: Int
  /// Scores are pooled over items.
  public let pairing: Pairing
  /// ∫ min(f, g) from 200 bins over the joint range, 0 (disjoint) to 1 (equal).
  public let overlapCoefficient: Double
  /// One curve per modality.
  public let curves: [Curve]
}

/// The densities of the scores of the items that two modalities retrieve.
///
/// The overlap uses all scores. Curves and bandwidths come from a random subset of at most 100,000
/// scores of each modality.
///
/// - Parameters:
///   - names: Names of the two modalities.
///   - k: Neighbours of each anchor whose scores are pooled; the width of the narrower lists when
///     that is less.
///   - streams: Draws the subsets, for the purpose `score-density`.
/// - Throws: ``OverlapError/empty``, ``OverlapError/nonFinite(modality:row:)``.
/// - Complexity: O(M·k + 512·100,000).
/// - Reference: [CLEAR26], Figure 1 (left); bandwidth of [Silverman86].
public func scoreDensity(
  _ first: NeighborLists, _ second: NeighborLists, names: (first: String, second: String),
  k: Int = ScoreDensity.usualLength, streams: RandomStreams
) throws(OverlapError) -> ScoreDensity {
  let k = min(k, first.width, second.width)
  guard k >= 1, !first.anchors.isEmpty, !second.anchors.isEmpty else { throw .empty }
  var scores: [[Double]] = []
  for (modality, lists) in [first, second].enumerated() {
    if let index = lists.scores.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(modality: modality, row: index / lists.width)
    }
    scores.append(
      lists.anchors.indices.flatMap { row in
        lists.scores[row * lists.width..<row * lists.width + k].map(Double.init)
      })
  }
  guard let bins = BinGrid(covering: scores, count: 200) else { throw .empty }
  let curves = scores.enumerated().map { modality, values in
    var generator = streams.generator(for: "score-density", item: modality)
    let subset = generator.sample(min(values.count, 100_000), from: values.count)
    let density = KernelDensity(subset.map { values[$0] })
    return ScoreDensity.Curve(
      modality: modality == 0 ? names.first : names.second, bandwidth: density?.bandwidth,
      points: density?.points ?? [], densities: density?.densities ?? [])
  }
  return ScoreDensity(
    k: k, pairing: .marginal,
    overlapCoefficient: overlapCoefficient(
      bins.shares(of: scores[0]), bins.shares(of: scores[1])),
    curves: curves)
}
