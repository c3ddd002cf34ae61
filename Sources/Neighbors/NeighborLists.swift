/// The nearest neighbours of some items, nearest first.
public struct NeighborLists: Sendable, Equatable {
  /// Items whose neighbours these are: row i of the lists belongs to item `anchors[i]`.
  public let anchors: [Int]
  /// Neighbours per anchor.
  public let width: Int
  /// Item ids of the neighbours, `width` per anchor, nearest first, ties by lower id.
  public let indices: [Int32]
  /// Cosine similarity (larger is nearer) or Euclidean distance (smaller is nearer), as searched.
  public let scores: [Float]

  public init(anchors: [Int], width: Int, indices: [Int32], scores: [Float]) {
    precondition(
      indices.count == anchors.count * width && scores.count == indices.count,
      "\(anchors.count) lists of \(width) need \(anchors.count * width) entries, "
        + "got \(indices.count) and \(scores.count)")
    self.anchors = anchors
    self.width = width
    self.indices = indices
    self.scores = scores
  }

  /// Neighbour ids of the list in row `row`.
  public func neighbors(ofRow row: Int) -> ArraySlice<Int32> {
    indices[row * width..<(row + 1) * width]
  }
}
