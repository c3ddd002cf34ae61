import LinearAlgebra

/// The `count` most similar other items of every anchor under the cosine, exactly.
///
///     s(i, j) = xᵢ·xⱼ / (‖xᵢ‖·‖xⱼ‖),  0 where either row is zero
///
/// Scores are screened in single precision and the order is settled in double precision wherever
/// single precision cannot: the lists are those of a full sort of double-precision cosines, ties
/// by lower index. They have the same bits for every thread count.
///
/// - Shapes: `features` is n × d; the result has `count` neighbours for each anchor, the anchor
///   itself left out, nearest first. Scores are cosines in −1...1.
/// - Parameters:
///   - anchors: Items whose neighbours are wanted; every item when nil.
///   - progress: Called from any thread with the share of the work done, between 0 and 1.
/// - Throws: ``NeighborError``.
/// - Complexity: n²·d operations for all items (each pair once), 2·m·n·d for m anchors, of which
///   features that are mostly zero need the share ρ that is not; O(n·count) memory beyond the
///   features, and then 5·ρ·n·d bytes. Sets of more than about `count`/8 items that are not
///   equal but closer to each other than single precision resolves cost n·d each on top.
public func cosineNeighbors(
  _ features: Matrix<Float>, count: Int, anchors: [Int]? = nil,
  progress: (@Sendable (Double) -> Void)? = nil
) throws(NeighborError) -> NeighborLists {
  let n = features.rowCount
  guard count >= 1, count < n else { throw .countOutOfRange(count: count, items: n) }
  if let outside = anchors?.first(where: { $0 < 0 || $0 >= n }) {
    throw .anchorOutOfRange(anchor: outside, items: n)
  }
  // A width of zero is a matrix of zero rows; BLAS takes no empty inner dimension.
  let rows = features.columnCount > 0 ? features : Matrix(rowCount: n, columnCount: 1)
  let cosines = try Cosines(rows)
  // One survivor more for the anchor itself, and some to tell whether the last place is settled.
  let kept = count + 1 + 16 + count / 8
  let candidates = screenedCandidates(
    cosines, anchors: anchors, kept: kept, progress: progress)
  return settledLists(
    cosines, anchors: anchors ?? Array(0..<n), isSample: anchors != nil, count: count, kept: kept,
    candidates: candidates)
}

/// The features of a search with everything that does not depend on the anchor.
struct Cosines: Sendable {
  let features: Matrix<Float>
  let norms: [Double]
  let duplicates: DuplicateRows
  /// How far a single-precision cosine can be from the double-precision one, twice over: two
  /// scores at least this far apart are in the right order.
  let resolution: Double
  /// Without negative features no sum cancels, so rounding is relative to the score itself.
  let isNonnegative: Bool

  init(_ features: Matrix<Float>) throws(NeighborError) {
    self.features = features
    norms = rowNorms(features)
    if let row = norms.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(row: row) }
    duplicates = DuplicateRows(features)
    // A sum of d roundings grows like √d unit roundoffs; the constant covers the scaling.
    resolution = 0x1p-24 * (8 + Double(features.columnCount).squareRoot())
    let grid = BlockGrid(count: features.elements.count, size: 1 << 20)
    isNonnegative = Parallel.map(grid.blockCount) { block in
      features.elements[grid.range(block)].allSatisfy { $0 >= 0 }
    }.allSatisfy { $0 }
  }

  /// Whether single precision leaves open which of two adjacent scores is the larger.
  func isOpen(_ higher: Float, _ lower: Float) -> Bool {
    let scale = isNonnegative ? Double(higher) : 1
    return Double(higher) - Double(lower) <= resolution * scale
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
