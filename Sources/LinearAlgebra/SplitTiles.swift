internal import CVectorKernels

/// Rows whose elements are split into two 16-bit floats, in blocks, for products between blocks on
/// processors that multiply tiles of such numbers (AMX).
///
/// With a = a₁ + a₂ + ε, where a₁ is a rounded to eight significant bits and a₂ the rest rounded to
/// as many, |a₂| ≤ 2⁻⁸·|a| and |ε| ≤ 2⁻¹⁷·|a|. A product is a₁b₁ + a₁b₂ + a₂b₁, summed in single
/// precision: four times as fast as single precision, and off by at most
/// ``relativeError``·Σ|aᵢ·bᵢ| beside the roundings of the sum.
///
/// - Complexity: O(n·d) to make, 4 bytes for each element, of a width rounded up to 32.
package struct SplitTiles: Sendable {
  /// Whether this processor has such products.
  package static let areAvailable = vk_multiplies_split()
  /// How much of a product of two elements splitting them loses at most: a₂b₂, which is 2⁻¹⁶ of it,
  /// and two terms of 2⁻¹⁷, one of them of rounded elements.
  package static let relativeError = 0x1p-15 * (1 + 0x1p-16)
  /// The smallest element, in absolute value, whose products keep that; smaller ones may be lost.
  package static let leastElement: Float = 1e-15

  /// Columns of the strips into which ``multiply(_:_:into:)`` cuts its products.
  package static let stripWidth = Int(VK_STRIP)

  /// Rows of a block; the last block is filled up with rows of zeros.
  package let tile: Int
  private let width: Int
  private let blockCount: Int
  // All blocks in one piece, which goes back to the system as a whole.
  private nonisolated(unsafe) let parts: AlignedBuffer<UInt16>

  /// Rows as the right factor of products.
  package struct Block: Sendable {
    fileprivate nonisolated(unsafe) let parts: AlignedBuffer<UInt16>
  }

  /// Rows of `matrix` in blocks of `tile`, as left factors.
  ///
  /// - Precondition: products are available, and `tile` is a multiple of ``stripWidth``.
  package init(_ matrix: Matrix<Float>, rows: Range<Int>, tile: Int) {
    precondition(
      Self.areAvailable && tile % Self.stripWidth == 0,
      "a tile is a multiple of \(Self.stripWidth), got \(tile)")
    self.tile = tile
    width = matrix.columnCount
    let grid = BlockGrid(count: rows.count, size: tile)
    blockCount = grid.blockCount
    let size = Self.blockSize(width: width, tile: tile)
    nonisolated(unsafe) let parts = AlignedBuffer<UInt16>(uninitialized: blockCount * size)
    self.parts = parts
    Parallel.forEach(blockCount) { block in
      let range = grid.range(block)
      Self.split(
        matrix, rows: rows.lowerBound + range.lowerBound..<rows.lowerBound + range.upperBound,
        tile: tile, isRight: false, into: parts.base + block * size)
    }
  }

  /// At most `tile` rows of `matrix` as the right factor of products.
  package static func right(_ matrix: Matrix<Float>, rows: Range<Int>, tile: Int) -> Block {
    precondition(areAvailable && rows.count <= tile, "\(rows.count) rows for a tile of \(tile)")
    let parts = AlignedBuffer<UInt16>(
      uninitialized: blockSize(width: matrix.columnCount, tile: tile))
    split(matrix, rows: rows, tile: tile, isRight: true, into: parts.base)
    return Block(parts: parts)
  }

  private static func blockSize(width: Int, tile: Int) -> Int { 2 * tile * ((width + 31) / 32 * 32) }

  private static func split(
    _ matrix: Matrix<Float>, rows: Range<Int>, tile: Int, isRight: Bool,
    into parts: UnsafeMutablePointer<UInt16>
  ) {
    let width = matrix.columnCount
    matrix.elements.withUnsafeBufferPointer { elements in
      guard let base = elements.baseAddress else { return }
      vk_split_rows(
        base + rows.lowerBound * width, width, rows.count, width, tile, isRight, parts)
    }
  }

  /// Row r of block `row` · row c of `right`, for all rows of both.
  ///
  /// - Parameter products: strips of ``stripWidth`` columns, each `tile` × ``stripWidth`` and
  ///   row-major, best aligned to 64 bytes.
  /// - Precondition: `right` has the same tile and width.
  package func multiply(_ row: Int, _ right: Block, into products: UnsafeMutablePointer<Float>) {
    let size = Self.blockSize(width: width, tile: tile)
    precondition(
      row < blockCount && right.parts.count == size,
      "block \(row) of \(blockCount), \(right.parts.count) halves for \(size)")
    vk_split_products(parts.base + row * size, right.parts.base, tile, width, products)
  }
}
