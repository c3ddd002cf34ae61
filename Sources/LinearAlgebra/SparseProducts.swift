internal import CVectorKernels

/// A tile of Xᵀ(Y − 1bᵀ) in double precision that costs what the entries of X cost that are not
/// zero.
///
/// X is read in blocks of at most ``rows`` rows and ``columns`` columns, and Y in panels of as many
/// rows, which stay in the first-level cache while the entries of X pass by.
package struct SparseProducts: ~Copyable {
  /// Rows of X and Y that ``add(_:rows:columns:_:_:shift:)`` takes at most.
  package static let rows = Int(VK_PRODUCT_ROWS)
  /// Columns of X that it takes at most, which are the rows of the tile.
  package static let columns = Int(VK_PRODUCT_COLUMNS)
  private static let stripWidth = Int(VK_STRIP)

  private let strips: BlockGrid
  // Strip after strip; behind the last column both hold zeros.
  private let panels: AlignedBuffer<Double>
  private let sums: AlignedBuffer<Double>

  /// An empty tile for `count` columns of Y.
  package init(columns count: Int) {
    strips = BlockGrid(count: count, size: Self.stripWidth)
    let count = strips.blockCount * Self.stripWidth
    panels = AlignedBuffer(zeros: count * Self.rows)
    sums = AlignedBuffer(zeros: count * Self.columns)
  }

  /// Adds the products of a block of rows.
  ///
  /// - Precondition: rows and columns lie within the matrices and are no more than fit.
  package mutating func add(
    _ x: Matrix<Float>, rows: Range<Int>, columns: Range<Int>, _ y: Matrix<Float>,
    _ yColumns: Range<Int>, shift: [Double]
  ) {
    precondition(
      rows.count <= Self.rows && columns.count <= Self.columns && yColumns.count == strips.count,
      "\(rows.count) rows, \(columns.count) and \(yColumns.count) columns")
    y.elements.withUnsafeBufferPointer { source in
      shift.withUnsafeBufferPointer { shift in
        guard let source = source.baseAddress, let shift = shift.baseAddress else { return }
        vk_product_panels(
          source + rows.lowerBound * y.columnCount + yColumns.lowerBound, y.columnCount, rows.count,
          yColumns.count, shift + yColumns.lowerBound, panels.base)
      }
    }
    x.elements.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      vk_sparse_products(
        source + rows.lowerBound * x.columnCount + columns.lowerBound, x.columnCount, rows.count,
        columns.count, panels.base, strips.blockCount, sums.base)
    }
  }

  /// Adds the first `rows` rows of the tile to `target`, whose rows are `stride` apart.
  package func addSums(to target: UnsafeMutablePointer<Double>, stride: Int, rows: Int) {
    for strip in 0..<strips.blockCount {
      let part = strips.range(strip)
      for row in 0..<rows {
        let from = (strip * Self.columns + row) * Self.stripWidth
        for column in part {
          target[row * stride + column] += sums.base[from + column - part.lowerBound]
        }
      }
    }
  }
}
