import LinearAlgebra
import Synchronization

/// The best `kept` contents for every row (or every anchor) by single-precision cosine.
///
/// Tiles of the score matrix are multiplied, scanned and forgotten. Over all items only tiles on
/// and above the diagonal are computed; each serves its rows and its columns. All tiles have the
/// same shape, so that BLAS sums every pair in the same order.
func screenedCandidates(
  _ cosines: Cosines, anchors: [Int]?, kept: Int, progress: (@Sendable (Double) -> Void)?
) -> CandidateBuffers {
  // Raw rows are multiplied and the products scaled, which saves a normalised copy; only norms
  // whose products leave single precision's range need one.
  let isSafe = cosines.norms.allSatisfy { $0 == 0 || (1e-9...1e9).contains($0) }
  let matrix = isSafe ? cosines.features : rowNormalized(cosines.features)
  let scales = cosines.norms.map { norm -> Float in
    norm > 0 ? Float(isSafe ? 1 / norm : 1) : 0
  }
  // Copies of a row are found through its representative.
  let columnScales = scales.enumerated().map { row, scale in
    Int(cosines.duplicates.representatives[row]) == row ? scale : .nan
  }
  let tile = min(512, (matrix.rowCount + 63) / 64 * 64)
  let result: CandidateBuffers
  if let anchors {
    let columns = TileOperand(matrix, scales: columnScales, tile: tile)
    let rows = TileOperand(matrix.rows(anchors), scales: anchors.map { scales[$0] }, tile: tile)
    result = CandidateBuffers(rowCount: max(rows.paddedCount, 1), kept: kept)
    let pairs = (0..<rows.blockCount).flatMap { r in
      (0..<columns.blockCount).map { (row: r, column: $0) }
    }
    scan(pairs, rows: rows, columns: columns, isSymmetric: false, into: result, progress: progress)
  } else {
    let rows = TileOperand(matrix, scales: columnScales, tile: tile)
    result = CandidateBuffers(rowCount: rows.paddedCount, kept: kept)
    // Diagonal after diagonal, neighbouring tiles in this order touch different rows.
    let blocks = rows.blockCount
    let pairs = (0..<blocks).flatMap { offset in
      (0..<blocks - offset).map { (row: $0, column: $0 + offset) }
    }
    scan(pairs, rows: rows, columns: rows, isSymmetric: true, into: result, progress: progress)
  }
  return result
}

private func scan(
  _ pairs: [(row: Int, column: Int)], rows: TileOperand, columns: TileOperand, isSymmetric: Bool,
  into candidates: CandidateBuffers, progress: (@Sendable (Double) -> Void)?
) {
  let tile = rows.tile
  let locks = (0..<max(rows.blockCount, columns.blockCount)).map { _ in BlockLock() }
  let completed = Atomic<Int>(0)
  Parallel.forEach(pairs.count) { index in
    let (row, column) = pairs[index]
    withUnsafeTemporaryAllocation(of: Float.self, capacity: tile * tile) { products in
      guard let base = products.baseAddress else { return }
      rows.withBlock(row) { left, rowScales in
        columns.withBlock(column) { right, columnScales in
          DenseKernels.gemm(
            .init(base: left, stride: rows.width),
            .init(base: right, stride: columns.width, transposition: .transposed),
            .init(base: base, stride: tile, rows: tile, columns: tile, inner: rows.width))
          let scores = CandidateBuffers.Tile(
            products: base, rowCount: tile, columnCount: tile, rowStart: row * tile,
            columnStart: column * tile, rowScales: rowScales, columnScales: columnScales)
          // Ascending, so that two tiles cannot wait for each other.
          locks[row].mutex.withLock { _ in
            if isSymmetric, column != row {
              locks[column].mutex.withLock { _ in
                candidates.collect(scores, isSymmetric: true)
              }
            } else {
              candidates.collect(scores, isSymmetric: false)
            }
          }
        }
      }
    }
    if let progress {
      let done = completed.wrappingAdd(1, ordering: .relaxed).newValue
      progress(Double(done) / Double(pairs.count))
    }
  }
}

private final class BlockLock: Sendable {
  let mutex = Mutex<Void>(())
}

/// Rows cut into blocks of one size; the last block is a padded copy.
private struct TileOperand: Sendable {
  let tile: Int
  let width: Int
  let blockCount: Int
  private let matrix: Matrix<Float>
  private let tail: [Float]
  private let scales: [Float]

  init(_ matrix: Matrix<Float>, scales: [Float], tile: Int) {
    self.matrix = matrix
    self.tile = tile
    width = matrix.columnCount
    blockCount = (matrix.rowCount + tile - 1) / tile
    let whole = matrix.rowCount / tile * tile
    var tail = [Float]()
    if whole < matrix.rowCount {
      tail = [Float](repeating: 0, count: tile * width)
      let rest = matrix.elements[(whole * width)...]
      tail.replaceSubrange(0..<rest.count, with: rest)
    }
    self.tail = tail
    // Padding is withdrawn from the search.
    self.scales =
      scales + [Float](repeating: .nan, count: blockCount * tile - matrix.rowCount)
  }

  var paddedCount: Int { blockCount * tile }

  func withBlock(
    _ block: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    let start = block * tile
    let isWhole = start + tile <= matrix.rowCount
    (isWhole ? matrix.elements : tail).withUnsafeBufferPointer { elements in
      scales.withUnsafeBufferPointer { scales in
        guard let elements = elements.baseAddress, let scales = scales.baseAddress else { return }
        body(elements + (isWhole ? start * width : 0), scales + start)
      }
    }
  }
}
