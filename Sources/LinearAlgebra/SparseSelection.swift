internal import CVectorKernels

/// Memory for the entries of some rows or columns of a sparse matrix.
package struct SparseEntries {
  let starts: UnsafeMutablePointer<Int>
  let columns: UnsafeMutablePointer<Int32>
  let values: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - starts: Room for one number more than there will be rows.
  ///   - columns: Room for as many numbers as there will be entries; `values` likewise.
  package init(
    starts: UnsafeMutablePointer<Int>, columns: UnsafeMutablePointer<Int32>,
    values: UnsafeMutablePointer<Float>
  ) {
    self.starts = starts
    self.columns = columns
    self.values = values
  }
}

extension SparseKernels {
  /// The rows `rows` of S, one after another.
  ///
  /// - Complexity: O(entries of these rows).
  package static func select(
    rows: [Int32], of matrix: SparseMatrix, into memory: SparseEntries
  ) -> Rows {
    nonisolated(unsafe) let memory = memory
    memory.starts[0] = 0
    for (place, row) in rows.enumerated() {
      let count = matrix.rowStarts[Int(row) + 1] - matrix.rowStarts[Int(row)]
      memory.starts[place + 1] = memory.starts[place] + count
    }
    let grid = BlockGrid(count: rows.count, size: 1024)
    withRows(of: matrix) { all in
      rows.withUnsafeBufferPointer { rows in
        nonisolated(unsafe) let (all, rows) = (all, rows)
        Parallel.forEach(grid.blockCount) { block in
          var handle = all.handle
          let own = grid.range(block)
          vk_copy_rows(
            &handle, rows.baseAddress, own.lowerBound, own.upperBound, memory.starts,
            memory.columns, memory.values)
        }
      }
    }
    return Rows(
      rowCount: rows.count, rowStarts: memory.starts, columns: memory.columns,
      values: memory.values)
  }

  /// S with those of its columns that have a place, in these places: column c is column
  /// `places[c]` of the result, or none if that is negative.
  ///
  /// - Complexity: O(entries).
  package static func select(
    columnsWithPlaces places: UnsafePointer<Int32>, of matrix: SparseMatrix,
    into memory: SparseEntries
  ) -> Rows {
    nonisolated(unsafe) let (memory, places) = (memory, places)
    let grid = BlockGrid(count: matrix.rowCount, size: 1024)
    withRows(of: matrix) { all in
      nonisolated(unsafe) let all = all
      Parallel.forEach(grid.blockCount) { block in
        var handle = all.handle
        let own = grid.range(block)
        vk_count_placed(&handle, own.lowerBound, own.upperBound, places, memory.starts + 1)
      }
      memory.starts[0] = 0
      for row in 0..<matrix.rowCount { memory.starts[row + 1] += memory.starts[row] }
      Parallel.forEach(grid.blockCount) { block in
        var handle = all.handle
        let own = grid.range(block)
        vk_copy_placed(
          &handle, own.lowerBound, own.upperBound, places, memory.starts, memory.columns,
          memory.values)
      }
    }
    return Rows(
      rowCount: matrix.rowCount, rowStarts: memory.starts, columns: memory.columns,
      values: memory.values)
  }
}
