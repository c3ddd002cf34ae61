import LinearAlgebra
import Synchronization

/// The best `kept` contents for every row (or every anchor) by the cosine as it is screened.
///
/// Tiles of the score matrix are multiplied, scanned and forgotten. Over all items only tiles on
/// and above the diagonal are computed; each serves its rows and its columns. All tiles have the
/// same shape, so that every pair is summed in the same order.
func screenedCandidates(
  _ cosines: Cosines, _ screening: Screening, anchors: [Int]?, kept: Int,
  progress: (@Sendable (Double) -> Void)?
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
  let columns = TileOperand(matrix, scales: columnScales, tile: tile)
  let rows =
    anchors.map { anchors in
      TileOperand(matrix.rows(anchors), scales: anchors.map { scales[$0] }, tile: tile)
    } ?? columns
  let scan = TileScan(
    rows: rows, columns: columns, isSymmetric: anchors == nil, kept: kept, progress: progress)
  switch screening {
  case .split: scan.collectSplitTiles()
  case .single: scan.collectTiles()
  }
  return scan.candidates
}

/// One pass over the tiles of a score matrix.
private final class TileScan: Sendable {
  let candidates: CandidateBuffers
  private let rows: TileOperand
  private let columns: TileOperand
  private let isSymmetric: Bool
  private let tile: Int
  private let locks: [BlockLock]
  private let completed = Atomic<Int>(0)
  private let progress: (@Sendable (Double) -> Void)?

  init(
    rows: TileOperand, columns: TileOperand, isSymmetric: Bool, kept: Int,
    progress: (@Sendable (Double) -> Void)?
  ) {
    (self.rows, self.columns, self.isSymmetric) = (rows, columns, isSymmetric)
    self.progress = progress
    tile = rows.tile
    candidates = CandidateBuffers(rowCount: max(rows.blockCount * tile, 1), kept: kept)
    locks = (0..<max(rows.blockCount, columns.blockCount)).map { _ in BlockLock() }
  }

  /// Multiplies in single precision. Features that are mostly zero, such as a rectified layer
  /// leaves behind, are multiplied without their zeros.
  func collectTiles() {
    let isSparse = SparseTiles.isWorthwhile(for: columns.matrix, tile: tile)
    let right = SingleFactor(columns, isSparse: isSparse)
    let left = isSymmetric ? right : SingleFactor(rows, isSparse: isSparse)
    let strip = right.stripWidth
    // Diagonal after diagonal, neighbouring tiles in this order touch different rows.
    let pairs = isSymmetric
      ? (0..<rows.blockCount).flatMap { offset in
        (0..<rows.blockCount - offset).map { (row: $0, column: $0 + offset) }
      }
      : (0..<rows.blockCount).flatMap { row in
        (0..<columns.blockCount).map { (row: row, column: $0) }
      }
    Parallel.forEach(pairs.count) { index in
      let (row, column) = pairs[index]
      withProducts(width: strip) { products in
        for first in stride(from: 0, to: tile, by: strip) {
          left.multiply(row, right, column, from: first, into: products)
          collect(
            products, row: row, column: column, columns: first..<first + strip, width: strip)
        }
      }
      advance()
    }
  }

  /// Multiplies tiles of split floats. A band of rows is split at a time, which costs little beside
  /// the products and keeps the memory small.
  func collectSplitTiles() {
    let bands = BlockGrid(count: rows.blockCount, size: 8)
    for band in (0..<bands.blockCount).map(bands.range) {
      let left = SplitTiles(rows.matrix, rows: rows.rows(band), tile: tile)
      let firstColumn = isSymmetric ? band.lowerBound : 0
      Parallel.forEach(columns.blockCount - firstColumn) { index in
        let column = firstColumn + index
        let right = SplitTiles.right(
          columns.matrix, rows: columns.rows(column..<column + 1), tile: tile)
        withProducts(width: tile) { products in
          for step in 0..<band.count {
            // Columns that are multiplied at the same time begin with different rows, so that they
            // seldom wait for each other.
            let row = band.lowerBound + (step + index) % band.count
            if isSymmetric, row > column { continue }
            left.multiply(row - band.lowerBound, right, into: products)
            collect(
              products, row: row, column: column, columns: 0..<tile, width: SplitTiles.stripWidth)
            advance()
          }
        }
      }
    }
  }

  private func withProducts(width: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    withUnsafeTemporaryAllocation(
      byteCount: tile * width * MemoryLayout<Float>.stride, alignment: 64
    ) { memory in
      guard let products = memory.bindMemory(to: Float.self).baseAddress else { return }
      body(products)
    }
  }

  /// Offers the products of a block of rows with some of a block of columns, which are cut into
  /// strips of `width` columns.
  private func collect(
    _ products: UnsafePointer<Float>, row: Int, column: Int, columns range: Range<Int>, width: Int
  ) {
    let isTwoSided = isSymmetric && column != row
    rows.withScales(row) { rowScales in
      columns.withScales(column) { columnScales in
        withLocks(row, isTwoSided ? column : nil) {
          for first in stride(from: range.lowerBound, to: range.upperBound, by: width) {
            let scores = CandidateBuffers.Tile(
              products: products + (first - range.lowerBound) * tile, rowCount: tile,
              columnCount: width, rowStart: row * tile, columnStart: column * tile + first,
              rowScales: rowScales, columnScales: columnScales + first)
            candidates.collect(scores, isSymmetric: isTwoSided)
          }
        }
      }
    }
  }

  /// Takes the locks of one block or of two, `second` behind `first`: ascending, so that two tiles
  /// cannot wait for each other.
  private func withLocks(_ first: Int, _ second: Int?, _ body: () -> Void) {
    locks[first].mutex.withLock { _ in
      guard let second else { return body() }
      locks[second].mutex.withLock { _ in body() }
    }
  }

  private func advance() {
    guard let progress else { return }
    let done = completed.wrappingAdd(1, ordering: .relaxed).newValue
    let blocks = rows.blockCount
    let count = isSymmetric ? blocks * (blocks + 1) / 2 : blocks * columns.blockCount
    progress(Double(done) / Double(count))
  }
}

private final class BlockLock: Sendable {
  let mutex = Mutex<Void>(())
}

/// Rows cut into blocks of one size; the last block is padded.
private struct TileOperand: Sendable {
  let matrix: Matrix<Float>
  let tile: Int
  let blockCount: Int
  private let scales: [Float]

  init(_ matrix: Matrix<Float>, scales: [Float], tile: Int) {
    self.matrix = matrix
    self.tile = tile
    blockCount = (matrix.rowCount + tile - 1) / tile
    // Padding is withdrawn from the search.
    self.scales =
      scales + [Float](repeating: .nan, count: blockCount * tile - matrix.rowCount)
  }

  /// The rows of some blocks, without padding.
  func rows(_ blocks: Range<Int>) -> Range<Int> {
    blocks.lowerBound * tile..<min(blocks.upperBound * tile, matrix.rowCount)
  }

  func withScales(_ block: Int, _ body: (UnsafePointer<Float>) -> Void) {
    scales.withUnsafeBufferPointer { scales in
      guard let base = scales.baseAddress else { return }
      body(base + block * tile)
    }
  }
}

/// Blocks of rows as BLAS or sparse products take them.
private struct SingleFactor: Sendable {
  private let operand: TileOperand
  private let form: Form

  private enum Form {
    /// The matrix itself and a padded copy of its last rows.
    case dense(tail: [Float])
    case sparse(SparseTiles)
  }

  init(_ operand: TileOperand, isSparse: Bool) {
    self.operand = operand
    let (matrix, tile) = (operand.matrix, operand.tile)
    if isSparse {
      form = .sparse(SparseTiles(matrix, tile: tile))
      return
    }
    let whole = matrix.rowCount / tile * tile
    var tail = [Float]()
    if whole < matrix.rowCount {
      tail = [Float](repeating: 0, count: tile * matrix.columnCount)
      let rest = matrix.elements[(whole * matrix.columnCount)...]
      tail.replaceSubrange(0..<rest.count, with: rest)
    }
    form = .dense(tail: tail)
  }

  /// Columns of the products that one multiplication makes.
  var stripWidth: Int {
    switch form {
    case .dense: operand.tile
    case .sparse: SparseTiles.stripWidth
    }
  }

  /// products[r, c] = row r of block `row` · row `first` + c of block `column` of `other`.
  func multiply(
    _ row: Int, _ other: SingleFactor, _ column: Int, from first: Int,
    into products: UnsafeMutablePointer<Float>
  ) {
    if case .sparse(let left) = form, case .sparse(let right) = other.form {
      left.multiply(row, right, column, from: first, into: products)
      return
    }
    let (width, tile) = (operand.matrix.columnCount, operand.tile)
    withRows(row) { left in
      other.withRows(column) { right in
        DenseKernels.gemm(
          .init(base: left, stride: width),
          .init(base: right, stride: width, transposition: .transposed),
          .init(base: products, stride: tile, rows: tile, columns: tile, inner: width))
      }
    }
  }

  private func withRows(_ block: Int, _ body: (UnsafePointer<Float>) -> Void) {
    let (matrix, start) = (operand.matrix, block * operand.tile)
    guard case .dense(let tail) = form else { return }
    let isWhole = start + operand.tile <= matrix.rowCount
    (isWhole ? matrix.elements : tail).withUnsafeBufferPointer { elements in
      guard let base = elements.baseAddress else { return }
      body(base + (isWhole ? start * matrix.columnCount : 0))
    }
  }
}
