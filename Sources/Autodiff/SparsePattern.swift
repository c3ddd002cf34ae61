import LinearAlgebra

/// The places of a sparse matrix whose values are computed, with the order in which its transpose
/// has them.
public struct SparsePattern: Sendable {
  /// Number of rows.
  public let rowCount: Int
  /// Number of columns.
  public let columnCount: Int
  /// Entries `rowStarts[r]..<rowStarts[r + 1]` are those of row r.
  public let rowStarts: [Int]
  /// Column of each entry, ascending within a row.
  public let columns: [Int32]
  /// Where each column's entries begin in the transpose.
  let columnStarts: [Int]
  /// Row of each entry, column by column.
  let rows: [Int32]
  /// The entry at each place of the transpose.
  let entries: [Int32]

  /// The places in any order; a place named twice is one entry.
  ///
  /// - Precondition: rows and columns are equally many and within range.
  /// - Complexity: O(entries + rows + columns).
  public init(rowCount: Int, columnCount: Int, rows: [Int32], columns: [Int32]) {
    let matrix = SparseMatrix(
      rowCount: rowCount, columnCount: columnCount, rows: rows, columns: columns,
      values: [Float](repeating: 0, count: rows.count))
    self.rowCount = rowCount
    self.columnCount = columnCount
    rowStarts = matrix.rowStarts
    self.columns = matrix.columns

    var starts = [Int](repeating: 0, count: columnCount + 1)
    for column in matrix.columns { starts[Int(column) + 1] += 1 }
    for column in 0..<columnCount { starts[column + 1] += starts[column] }
    columnStarts = starts
    var (ofRows, ofEntries) = (matrix.columns, matrix.columns)
    var places = starts
    for (entry, row) in matrix.entryRows.enumerated() {
      let place = places[Int(matrix.columns[entry])]
      places[Int(matrix.columns[entry])] += 1
      (ofRows[place], ofEntries[place]) = (row, Int32(entry))
    }
    self.rows = ofRows
    entries = ofEntries
  }

  /// Number of entries.
  public var entryCount: Int { columns.count }

  /// The row of every entry.
  public var entryRows: [Int32] {
    (0..<rowCount).flatMap { row in
      repeatElement(Int32(row), count: rowStarts[row + 1] - rowStarts[row])
    }
  }

  /// S·x, or what scale and addend make of it; see `SparseKernels.multiply`.
  func multiply(
    _ values: UnsafePointer<Float>, _ x: UnsafePointer<Float>, width: Int,
    into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
  ) {
    Self.multiply(rowStarts, columns, values, x, width: width, into: target)
  }

  /// Sᵀ·x, where `values` are in the order of the transpose.
  func multiplyTransposed(
    _ values: UnsafePointer<Float>, _ x: UnsafePointer<Float>, width: Int,
    into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
  ) {
    Self.multiply(columnStarts, rows, values, x, width: width, into: target)
  }

  /// `values` in the order of the transpose.
  func transpose(_ values: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    nonisolated(unsafe) let (values, target) = (values, target)
    forEachBlock(entryCount) { range in
      for place in range { target[place] = values[Int(entries[place])] }
    }
  }

  private static func multiply(
    _ starts: [Int], _ columns: [Int32], _ values: UnsafePointer<Float>, _ x: UnsafePointer<Float>,
    width: Int, into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
  ) {
    starts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        SparseKernels.multiply(
          .init(
            rowCount: starts.count - 1, rowStarts: starts.baseAddress,
            columns: columns.baseAddress, values: values),
          x, width: width, total: target.base,
          addend: target.accumulates ? UnsafePointer(target.base) : nil)
      }
    }
  }
}
