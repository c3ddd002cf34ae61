import LinearAlgebra
import Synchronization

/// The best `kept` contents for every row (or every anchor) by single-precision cosine.
///
/// Tiles of the score matrix are multiplied, scanned and forgotten. Over all items only tiles on
/// and above the diagonal are computed; each serves its rows and its columns. All tiles have the
/// same shape, so that BLAS sums every pair in the same order. Features that are mostly zero, such
/// as a rectified layer leaves behind, are multiplied without their zeros.
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
  let isSparse = SparseTiles.isWorthwhile(for: matrix, tile: tile)
  let columns = TileOperand(matrix, scales: columnScales, tile: tile, isSparse: isSparse)
  let result: CandidateBuffers
  if let anchors {
    let rows = TileOperand(
      matrix.rows(anchors), scales: anchors.map { scales[$0] }, tile: tile,
      isSparse: isSparse)
    result = CandidateBuffers(rowCount: max(rows.paddedCount, 1), kept: kept)
    let pairs = (0..<rows.blockCount).flatMap { r in
      (0..<columns.blockCount).map { (row: r, column: $0) }
    }
    scan(pairs, rows: rows, columns: columns, isSymmetric: false, into: result, progress: progress)
  } else {
    result = CandidateBuffers(rowCount: columns.paddedCount, kept: kept)
    // Diagonal after diagonal, neighbouring tiles in this order touch different rows.
    let blocks = columns.blockCount
    let pairs = (0..<blocks).flatMap { offset in
      (0..<blocks - offset).map { (row: $0, column: $0 + offset) }
    }
    scan(
      pairs, rows: columns, columns: columns, isSymmetric: true, into: result, progress: progress)
  }
  return result
}

private func scan(
  _ pairs: [(row: Int, column: Int)], rows: TileOperand, columns: TileOperand, isSymmetric: Bool,
  into candidates: CandidateBuffers, progress: (@Sendable (Double) -> Void)?
) {
  let (tile, strip) = (rows.tile, rows.stripWidth)
  let locks = (0..<max(rows.blockCount, columns.blockCount)).map { _ in BlockLock() }
  let completed = Atomic<Int>(0)
  Parallel.forEach(pairs.count) { index in
    let (row, column) = pairs[index]
    withUnsafeTemporaryAllocation(
      byteCount: tile * strip * MemoryLayout<Float>.stride, alignment: 64
    ) { memory in
      guard let products = memory.bindMemory(to: Float.self).baseAddress else { return }
      for first in stride(from: 0, to: tile, by: strip) {
        rows.multiply(row, columns, column, from: first, into: products)
        rows.withScales(row) { rowScales in
          columns.withScales(column) { columnScales in
            let scores = CandidateBuffers.Tile(
              products: products, rowCount: tile, columnCount: strip, rowStart: row * tile,
              columnStart: column * tile + first, rowScales: rowScales,
              columnScales: columnScales + first)
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

/// Rows cut into blocks of one size; the last block is padded.
private struct TileOperand: Sendable {
  let tile: Int
  let blockCount: Int
  private let matrix: Matrix<Float>
  private let scales: [Float]
  private let factor: Factor

  private enum Factor {
    /// The matrix itself and a padded copy of its last rows.
    case dense(tail: [Float])
    case sparse(SparseTiles)
  }

  init(_ matrix: Matrix<Float>, scales: [Float], tile: Int, isSparse: Bool) {
    self.matrix = matrix
    self.tile = tile
    blockCount = (matrix.rowCount + tile - 1) / tile
    // Padding is withdrawn from the search.
    self.scales =
      scales + [Float](repeating: .nan, count: blockCount * tile - matrix.rowCount)
    if isSparse {
      factor = .sparse(SparseTiles(matrix, tile: tile))
      return
    }
    let whole = matrix.rowCount / tile * tile
    var tail = [Float]()
    if whole < matrix.rowCount {
      tail = [Float](repeating: 0, count: tile * matrix.columnCount)
      let rest = matrix.elements[(whole * matrix.columnCount)...]
      tail.replaceSubrange(0..<rest.count, with: rest)
    }
    factor = .dense(tail: tail)
  }

  var paddedCount: Int { blockCount * tile }

  /// Columns of the products that one multiplication makes.
  var stripWidth: Int {
    switch factor {
    case .dense: tile
    case .sparse: SparseTiles.stripWidth
    }
  }

  /// products[r, c] = row r of block `row` · row `first` + c of block `column` of `other`.
  func multiply(
    _ row: Int, _ other: TileOperand, _ column: Int, from first: Int,
    into products: UnsafeMutablePointer<Float>
  ) {
    if case .sparse(let left) = factor, case .sparse(let right) = other.factor {
      left.multiply(row, right, column, from: first, into: products)
      return
    }
    let width = matrix.columnCount
    withRows(row) { left in
      other.withRows(column) { right in
        DenseKernels.gemm(
          .init(base: left, stride: width),
          .init(base: right, stride: width, transposition: .transposed),
          .init(base: products, stride: tile, rows: tile, columns: tile, inner: width))
      }
    }
  }

  func withScales(_ block: Int, _ body: (UnsafePointer<Float>) -> Void) {
    scales.withUnsafeBufferPointer { scales in
      guard let base = scales.baseAddress else { return }
      body(base + block * tile)
    }
  }

  private func withRows(_ block: Int, _ body: (UnsafePointer<Float>) -> Void) {
    let start = block * tile
    guard case .dense(let tail) = factor else { return }
    let isWhole = start + tile <= matrix.rowCount
    (isWhole ? matrix.elements : tail).withUnsafeBufferPointer { elements in
      guard let base = elements.baseAddress else { return }
      body(base + (isWhole ? start * matrix.columnCount : 0))
    }
  }
}
