internal import CVectorKernels

/// The best-scored candidates of many rows: a bounded buffer for each, filled tile by tile.
///
/// What a buffer keeps, under the order "higher score, then lower index", does not depend on the
/// order in which tiles arrive. Tiles that touch the same row must not be collected at once; once
/// all are collected, any number of threads may read any rows.
///
/// - Complexity: 16 bytes per kept candidate.
package final class CandidateBuffers: @unchecked Sendable {
  /// One candidate of a row.
  package struct Candidate {
    package let score: Float
    package let index: Int
  }

  /// A row-major tile of raw products and what turns them into scores.
  package struct Tile {
    package let products: UnsafePointer<Float>
    package let rowCount: Int
    package let columnCount: Int
    /// Row and column of the tile's first product in the whole matrix.
    package let rowStart: Int
    package let columnStart: Int
    /// A product's score is products[r, c]·(rowScales[r]·columnScales[c]); a NaN scale withdraws
    /// its row or column.
    package let rowScales: UnsafePointer<Float>
    package let columnScales: UnsafePointer<Float>

    package init(
      products: UnsafePointer<Float>, rowCount: Int, columnCount: Int, rowStart: Int,
      columnStart: Int, rowScales: UnsafePointer<Float>, columnScales: UnsafePointer<Float>
    ) {
      precondition(columnCount % 16 == 0, "a tile is a multiple of 16 wide, got \(columnCount)")
      self.products = products
      self.rowCount = rowCount
      self.columnCount = columnCount
      self.rowStart = rowStart
      self.columnStart = columnStart
      self.rowScales = rowScales
      self.columnScales = columnScales
    }
  }

  private let keys: UnsafeMutablePointer<UInt64>
  private let counts: UnsafeMutablePointer<UInt32>
  private let floors: UnsafeMutablePointer<UInt64>
  private let thresholds: UnsafeMutablePointer<Float>
  private let kept: Int
  private let capacity: Int

  /// Empty buffers for `rowCount` rows that keep the best `kept` each.
  package init(rowCount: Int, kept: Int) {
    precondition(rowCount > 0 && kept > 0, "\(rowCount) rows of \(kept) candidates")
    self.kept = kept
    // Room for as many newcomers as survivors: one selection then serves `kept` insertions.
    capacity = 2 * kept + 16
    keys = .allocate(capacity: rowCount * capacity)
    counts = .allocate(capacity: rowCount)
    counts.initialize(repeating: 0, count: rowCount)
    floors = .allocate(capacity: rowCount)
    floors.initialize(repeating: 0, count: rowCount)
    thresholds = .allocate(capacity: rowCount)
    thresholds.initialize(repeating: -.infinity, count: rowCount)
  }

  deinit {
    keys.deallocate()
    counts.deallocate()
    floors.deallocate()
    thresholds.deallocate()
  }

  /// Offers every score of `tile` to its row and, if `isSymmetric`, to its column too.
  package func collect(_ tile: Tile, isSymmetric: Bool) {
    var handle = vk_candidates(
      keys: keys, counts: counts, floors: floors, thresholds: thresholds, kept: kept,
      capacity: capacity)
    vk_collect(
      &handle, tile.products, tile.rowCount, tile.columnCount, tile.rowStart, tile.columnStart,
      tile.rowScales, tile.columnScales, isSymmetric)
  }

  /// The kept candidates of `row`, best first.
  package func best(ofRow row: Int) -> [Candidate] {
    // Selected in a copy: items of equal content share a row, and several threads ask for it.
    var best = Array(UnsafeBufferPointer(start: keys + row * capacity, count: Int(counts[row])))
    if best.count > kept {
      vk_keep_largest(&best, best.count, kept)
      best.removeSubrange(kept...)
    }
    best.sort(by: >)
    return best.map {
      Candidate(score: vk_candidate_score($0), index: Int(vk_candidate_index($0)))
    }
  }
}
