import LinearAlgebra

/// The `count` most similar other items of every anchor under the cosine, exactly.
///
///     s(i, j) = xᵢ·xⱼ / (‖xᵢ‖·‖xⱼ‖),  0 where either row is zero
///
/// Scores are screened in single precision, or in tiles of split floats where the processor
/// multiplies them, and the order is settled in double precision wherever the screening cannot: the
/// lists are those of a full sort of double-precision cosines, ties by lower index. They have the
/// same bits for every thread count.
///
/// - Shapes: `features` is n × d; the result has `count` neighbours for each anchor, the anchor
///   itself left out, nearest first. Scores are cosines in −1...1.
/// - Parameters:
///   - anchors: Items whose neighbours are wanted; every item when nil.
///   - scored: How many of each list, from the nearest on, need scores to single precision; all when
///     nil. The others may be off by 3.1·10⁻⁵ (``SplitTiles``), which takes less time where few are
///     needed. The lists do not depend on it.
///   - progress: Called from any thread with the share of the work done, between 0 and 1.
/// - Throws: ``NeighborError``.
/// - Complexity: n²·d operations for all items (each pair once), 2·m·n·d for m anchors, of which
///   features that are mostly zero need the share ρ that is not; O(n·count) memory beyond the
///   features, and then 5·ρ·n·d bytes, or d·16 KB and d·2 KB for each thread where floats are split.
///   Sets of more than about `count`/8 items that are not equal but closer to each other than single
///   precision resolves cost n·d each on top.
public func cosineNeighbors(
  _ features: Matrix<Float>, count: Int, anchors: [Int]? = nil, scored: Int? = nil,
  progress: (@Sendable (Double) -> Void)? = nil
) throws(NeighborError) -> NeighborLists {
  let scored = min(scored ?? count, count)
  // To compute a score again takes as long as screening some 200 items, since its rows come from
  // far away.
  let isWorthwhile = scored <= features.rowCount / 256
  return try cosineNeighbors(
    features, count: count, anchors: anchors, scored: scored,
    screenings: Screening.available.filter { isWorthwhile || $0 == .single }, progress: progress)
}

/// The same lists by some screenings, one after the other for what the one before leaves open.
package func cosineNeighbors(
  _ features: Matrix<Float>, count: Int, anchors: [Int]?, scored: Int, screenings: [Screening],
  progress: (@Sendable (Double) -> Void)? = nil
) throws(NeighborError) -> NeighborLists {
  let n = features.rowCount
  guard count >= 1, count < n else { throw .countOutOfRange(count: count, items: n) }
  if let outside = anchors?.first(where: { $0 < 0 || $0 >= n }) {
    throw .anchorOutOfRange(anchor: outside, items: n)
  }
  // A width of zero is a matrix of zero rows; BLAS takes no empty inner dimension.
  let rows = features.columnCount > 0 ? features : Matrix(rowCount: n, columnCount: 1)
  return neighborLists(
    try Cosines(rows), count: count, anchors: anchors, scored: scored, screenings: screenings,
    progress: progress)
}

/// How scores are screened.
package enum Screening: CaseIterable, Sendable {
  /// In tiles of split floats: the fastest, and the coarsest.
  case split
  case single

  /// What this processor has, in the order in which it is tried.
  package static var available: [Screening] {
    allCases.filter { $0 != .split || SplitTiles.areAvailable }
  }
}

/// The features of a search with everything that does not depend on the anchor.
struct Cosines: Sendable {
  let features: Matrix<Float>
  let norms: [Double]
  let duplicates: DuplicateRows
  /// Without negative features no sum cancels, so rounding is relative to the score itself.
  let isNonnegative: Bool
  /// Whether no element is so small that its products leave single precision's range.
  let isCoarse: Bool

  init(_ features: Matrix<Float>) throws(NeighborError) {
    self.features = features
    norms = rowNorms(features)
    if let row = norms.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(row: row) }
    duplicates = DuplicateRows(features)
    let grid = BlockGrid(count: features.elements.count, size: 1 << 20)
    let blocks = Parallel.map(grid.blockCount) { block in
      features.elements.withUnsafeBufferPointer {
        VectorKernels.leastMagnitude(.init(rebasing: $0[grid.range(block)]))
      }
    }
    isNonnegative = !blocks.contains { $0.hasNegative }
    isCoarse = blocks.allSatisfy { $0.magnitude >= SplitTiles.leastElement }
  }

  /// How far a screened cosine can be from the double-precision one, twice over: two scores at
  /// least this far apart are in the right order.
  func resolution(_ screening: Screening) -> Double {
    // A sum of d roundings grows like √d unit roundoffs; the constant covers the scaling.
    let width = Double(features.columnCount)
    return switch screening {
    case .split: 0x1p-24 * (8 + (3 * width).squareRoot()) + 2 * SplitTiles.relativeError
    case .single: 0x1p-24 * (8 + width.squareRoot())
    }
  }

  /// Whether a score is known exactly: sums of products that are all zero do not round.
  func isExact(_ score: Float, anchor: Int) -> Bool {
    score == 0 && (isNonnegative || norms[anchor] == 0)
  }

  /// The cosine of two rows in double precision.
  func cosine(_ i: Int, _ j: Int, _ elements: UnsafePointer<Float>) -> Double {
    let scale = norms[i] * norms[j]
    guard scale > 0 else { return 0 }
    let width = features.columnCount
    return VectorKernels.dot(elements + i * width, elements + j * width, count: width) / scale
  }
}
