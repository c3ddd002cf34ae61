internal import CVectorKernels

/// A sparse matrix of single-precision numbers, stored by rows (CSR).
public struct SparseMatrix: Sendable, Equatable {
  /// Number of rows.
  public let rowCount: Int
  /// Number of columns.
  public let columnCount: Int
  /// Entries `rowStarts[r]..<rowStarts[r + 1]` are those of row r.
  public let rowStarts: [Int]
  /// Column of each entry, ascending within a row.
  public let columns: [Int32]
  /// Value of each entry.
  public let values: [Float]

  /// A matrix from its entries in any order; entries at the same place add up.
  ///
  /// - Precondition: rows, columns and values are equally many and within range.
  /// - Complexity: O(entries + rows + columns).
  public init(
    rowCount: Int, columnCount: Int, rows: [Int32], columns: [Int32], values: [Float]
  ) {
    precondition(
      rows.count == columns.count && rows.count == values.count,
      "\(rows.count) rows, \(columns.count) columns, \(values.count) values")
    // Sorted by column, then, keeping that order, by row.
    let byColumn = Self.order(of: columns, below: columnCount, in: Array(rows.indices))
    let order = Self.order(of: rows, below: rowCount, in: byColumn)
    var starts = [Int](repeating: 0, count: rowCount + 1)
    var outColumns: [Int32] = []
    var outValues: [Float] = []
    outColumns.reserveCapacity(order.count)
    outValues.reserveCapacity(order.count)
    var previous: (row: Int32, column: Int32) = (-1, -1)
    for entry in order {
      if previous == (rows[entry], columns[entry]) {
        outValues[outValues.count - 1] += values[entry]
      } else {
        outColumns.append(columns[entry])
        outValues.append(values[entry])
        starts[Int(rows[entry]) + 1] += 1
        previous = (rows[entry], columns[entry])
      }
    }
    for row in 0..<rowCount { starts[row + 1] += starts[row] }
    self.rowCount = rowCount
    self.columnCount = columnCount
    rowStarts = starts
    self.columns = outColumns
    self.values = outValues
  }

  /// The entries `order`, stably sorted by their `keys`.
  private static func order(of keys: [Int32], below bound: Int, in order: [Int]) -> [Int] {
    var places = [Int](repeating: 0, count: bound + 1)
    for key in keys {
      precondition(key >= 0 && Int(key) < bound, "index \(key) is not below \(bound)")
      places[Int(key) + 1] += 1
    }
    for key in 0..<bound { places[key + 1] += places[key] }
    var result = [Int](repeating: 0, count: order.count)
    for entry in order {
      let key = Int(keys[entry])
      result[places[key]] = entry
      places[key] += 1
    }
    return result
  }

  /// Number of stored entries.
  public var entryCount: Int { values.count }

  /// The row of every entry.
  public var entryRows: [Int32] {
    (0..<rowCount).flatMap { row in
      repeatElement(Int32(row), count: rowStarts[row + 1] - rowStarts[row])
    }
  }

  /// The transpose.
  ///
  /// - Complexity: O(entries + rows + columns).
  public func transposed() -> SparseMatrix {
    SparseMatrix(
      rowCount: columnCount, columnCount: rowCount, rows: columns, columns: entryRows,
      values: values)
  }

  /// The same entries as a dense matrix.
  public var dense: Matrix<Float> {
    var result = Matrix<Float>(rowCount: rowCount, columnCount: columnCount)
    for row in 0..<rowCount {
      for entry in rowStarts[row]..<rowStarts[row + 1] {
        result[row, Int(columns[entry])] = values[entry]
      }
    }
    return result
  }
}

/// The product S·x of a sparse and a dense matrix.
///
/// - Shapes: S is m × n, x is n × d, the result m × d.
/// - Complexity: 2·entries·d operations, in parallel over blocks of rows.
public func product(_ sparse: SparseMatrix, _ x: Matrix<Float>) -> Matrix<Float> {
  precondition(
    sparse.columnCount == x.rowCount,
    "inner dimensions differ: \(sparse.columnCount) and \(x.rowCount)")
  var result = Matrix<Float>(rowCount: sparse.rowCount, columnCount: x.columnCount)
  x.elements.withUnsafeBufferPointer { source in
    result.elements.withUnsafeMutableBufferPointer { target in
      guard let source = source.baseAddress, let target = target.baseAddress else { return }
      SparseKernels.multiply(sparse, source, width: x.columnCount, product: target)
    }
  }
  return result
}

/// Sparse products on raw memory, for modules of this package that keep their own.
package enum SparseKernels {
  /// S·x into `product`, and scale·(addend + S·x) into `total`.
  ///
  /// - Parameters:
  ///   - x: n × `width`, row-major; neither result overlaps it.
  ///   - addend: m × `width`, zero when nil; may be `total`.
  package static func multiply(
    _ matrix: SparseMatrix, _ x: UnsafePointer<Float>, width: Int,
    product: UnsafeMutablePointer<Float>? = nil, total: UnsafeMutablePointer<Float>? = nil,
    addend: UnsafePointer<Float>? = nil, scale: Float = 1
  ) {
    withRows(of: matrix) {
      multiply(
        $0, x, width: width, product: product, total: total, addend: addend, scale: scale)
    }
  }

  /// Calls `body` with the memory of `matrix`.
  static func withRows(of matrix: SparseMatrix, _ body: (Rows) -> Void) {
    matrix.rowStarts.withUnsafeBufferPointer { starts in
      matrix.columns.withUnsafeBufferPointer { columns in
        matrix.values.withUnsafeBufferPointer { values in
          body(
            Rows(
              rowCount: matrix.rowCount, rowStarts: starts.baseAddress,
              columns: columns.baseAddress, values: values.baseAddress))
        }
      }
    }
  }

  /// The rows of a sparse matrix in memory that somebody else keeps.
  package struct Rows {
    package let rowCount: Int
    let rowStarts: UnsafePointer<Int>?
    let columns: UnsafePointer<Int32>?
    let values: UnsafePointer<Float>?

    package init(
      rowCount: Int, rowStarts: UnsafePointer<Int>?, columns: UnsafePointer<Int32>?,
      values: UnsafePointer<Float>?
    ) {
      self.rowCount = rowCount
      self.rowStarts = rowStarts
      self.columns = columns
      self.values = values
    }

    var handle: vk_sparse {
      vk_sparse(row_starts: rowStarts, columns: columns, values: values)
    }
  }

  /// S·x into `product`, and scale·(addend + S·x) into `total`.
  ///
  /// - Parameters:
  ///   - x: n × `width`, row-major; neither result overlaps it.
  ///   - addend: m × `width`, zero when nil; may be `total`.
  package static func multiply(
    _ matrix: Rows, _ x: UnsafePointer<Float>, width: Int,
    product: UnsafeMutablePointer<Float>? = nil, total: UnsafeMutablePointer<Float>? = nil,
    addend: UnsafePointer<Float>? = nil, scale: Float = 1
  ) {
    nonisolated(unsafe) let (matrix, x, addend, product, total) = (
      matrix, x, addend, product, total
    )
    // Rows differ in length; small blocks let the threads even that out.
    let grid = BlockGrid(count: matrix.rowCount, size: 256)
    Parallel.forEach(grid.blockCount) { block in
      var handle = matrix.handle
      let rows = grid.range(block)
      vk_sparse_rows(
        &handle, rows.lowerBound, rows.upperBound, x, width, addend, scale, product, total)
    }
  }
}
