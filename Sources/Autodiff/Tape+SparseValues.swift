internal import CAutodiff
import LinearAlgebra

/// Sparse matrices whose values are computed and trained; values are entries × 1, in the order of
/// their pattern.
extension Tape {
  /// ⟨a_row, b_column⟩ at every entry of `pattern`, entries × 1.
  ///
  /// - Shapes: the pattern is n × m, a is n × d, b is m × d.
  /// - Complexity: 2·entries·d operations, and as many again for each gradient.
  public func rowDots(_ a: Tensor, _ b: Tensor, at pattern: SparsePattern) -> Tensor {
    precondition(
      a.rowCount == pattern.rowCount && b.rowCount == pattern.columnCount
        && a.columnCount == b.columnCount,
      "\(a.rowCount) x \(a.columnCount) and \(b.rowCount) x \(b.columnCount) for a pattern of "
        + "\(pattern.rowCount) x \(pattern.columnCount)")
    let width = a.columnCount
    let y = make(pattern.entryCount, 1, from: a, b)
    entryDots(a.value, b.value, width: width, pattern, into: y.value)
    record(y) { [self] gradient in
      if a.needsGradient {
        pattern.multiply(gradient, b.value, width: width, into: a.gradientToWrite())
      }
      if b.needsGradient {
        let values = scratch(pattern.entryCount)
        pattern.transpose(gradient, into: values)
        pattern.multiplyTransposed(values, a.value, width: width, into: b.gradientToWrite())
      }
    }
    return y
  }

  /// S·x for the matrix S with `values` at the places of `pattern`.
  ///
  /// - Complexity: 2·entries·columns operations, and as many again for each gradient.
  public func product(_ pattern: SparsePattern, values: Tensor, _ x: Tensor) -> Tensor {
    requireValues(values, of: pattern)
    precondition(
      pattern.columnCount == x.rowCount,
      "inner dimensions differ: \(pattern.columnCount) and \(x.rowCount)")
    let width = x.columnCount
    let y = make(pattern.rowCount, width, from: values, x)
    pattern.multiply(values.value, x.value, width: width, into: (y.value, false))
    record(y) { [self] gradient in
      if values.needsGradient {
        let parts = scratch(pattern.entryCount)
        entryDots(gradient, x.value, width: width, pattern, into: parts)
        write(parts, count: pattern.entryCount, to: values.gradientToWrite())
      }
      if x.needsGradient {
        let transposed = scratch(pattern.entryCount)
        pattern.transpose(values.value, into: transposed)
        pattern.multiplyTransposed(
          transposed, gradient, width: width, into: x.gradientToWrite())
      }
    }
    return y
  }

  /// The sum of the entries in every row of `pattern`, rows × 1.
  public func rowSums(_ values: Tensor, of pattern: SparsePattern) -> Tensor {
    requireValues(values, of: pattern)
    let y = make(pattern.rowCount, 1, from: values)
    nonisolated(unsafe) let (source, target) = (values.value, y.value)
    forEachBlock(pattern.rowCount, size: 256) { rows in
      for row in rows {
        var sum = 0.0
        for entry in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
          sum += Double(source[entry])
        }
        target[row] = Float(sum)
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let (gradient, result) = (gradient, values.gradientToAddTo())
      forEachBlock(pattern.rowCount, size: 256) { rows in
        for row in rows {
          for entry in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
            result[entry] += gradient[row]
          }
        }
      }
    }
    return y
  }

  /// v·r_row·c_column at every entry with the value v: diag(r)·S·diag(c).
  ///
  /// - Shapes: the pattern is n × m, `rows` is n × 1, `columns` is m × 1.
  public func scaled(
    _ values: Tensor, byRows rows: Tensor, columns: Tensor, at pattern: SparsePattern
  ) -> Tensor {
    requireValues(values, of: pattern)
    precondition(
      rows.count == pattern.rowCount && columns.count == pattern.columnCount,
      "\(rows.count) and \(columns.count) scales for a pattern of \(pattern.rowCount) x "
        + "\(pattern.columnCount)")
    let y = make(pattern.entryCount, 1, from: values, rows, columns)
    nonisolated(unsafe) let (source, target) = (values.value, y.value)
    nonisolated(unsafe) let (ofRows, ofColumns) = (rows.value, columns.value)
    forEachEntry(of: pattern) { entry, row, column in
      target[entry] = source[entry] * ofRows[row] * ofColumns[column]
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      if values.needsGradient {
        nonisolated(unsafe) let result = values.gradientToAddTo()
        forEachEntry(of: pattern) { entry, row, column in
          result[entry] += gradient[entry] * ofRows[row] * ofColumns[column]
        }
      }
      if rows.needsGradient {
        nonisolated(unsafe) let result = rows.gradientToAddTo()
        forEachEntry(of: pattern) { entry, row, column in
          result[row] += gradient[entry] * source[entry] * ofColumns[column]
        }
      }
      if columns.needsGradient {
        nonisolated(unsafe) let result = columns.gradientToAddTo()
        forEachBlock(pattern.columnCount, size: 256) { range in
          for column in range {
            for place in pattern.columnStarts[column]..<pattern.columnStarts[column + 1] {
              let entry = Int(pattern.entries[place])
              result[column] +=
                gradient[entry] * source[entry] * ofRows[Int(pattern.rows[place])]
            }
          }
        }
      }
    }
    return y
  }
}

private func requireValues(_ values: Tensor, of pattern: SparsePattern) {
  precondition(
    values.count == pattern.entryCount && values.columnCount == 1,
    "\(values.count) values for \(pattern.entryCount) entries")
}

/// Calls `body` for every entry, rows in parallel, those of one row in order.
private func forEachEntry(
  of pattern: SparsePattern, _ body: @Sendable (_ entry: Int, _ row: Int, _ column: Int) -> Void
) {
  forEachBlock(pattern.rowCount, size: 256) { rows in
    for row in rows {
      for entry in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
        body(entry, row, Int(pattern.columns[entry]))
      }
    }
  }
}

private func entryDots(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, width: Int, _ pattern: SparsePattern,
  into target: UnsafeMutablePointer<Float>
) {
  pattern.rowStarts.withUnsafeBufferPointer { starts in
    pattern.columns.withUnsafeBufferPointer { columns in
      nonisolated(unsafe) let (starts, columns) = (starts.baseAddress, columns.baseAddress)
      nonisolated(unsafe) let (a, b, target) = (a, b, target)
      forEachBlock(pattern.rowCount, size: 256) { rows in
        ad_entry_dots(starts, columns, rows.lowerBound, rows.upperBound, a, b, width, target)
      }
    }
  }
}
