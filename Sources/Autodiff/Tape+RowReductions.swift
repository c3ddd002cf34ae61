internal import CAutodiff
import LinearAlgebra

/// Sums along rows and columns, and what is done with them.
extension Tape {
  /// ⟨a_r, b_r⟩ of every row r, n × 1.
  ///
  /// - Shapes: a and b are n × d.
  public func rowDots(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.rowCount == b.rowCount && a.columnCount == b.columnCount,
      "\(a.rowCount) x \(a.columnCount) and \(b.rowCount) x \(b.columnCount)")
    let width = a.columnCount
    let y = make(a.rowCount, 1, from: a, b)
    nonisolated(unsafe) let (ofA, ofB, target) = (a.value, b.value, y.value)
    forEachBlock(a.rowCount, size: 256) { rows in
      let first = rows.lowerBound
      ad_row_dots(ofA + first * width, ofB + first * width, rows.count, width, target + first)
    }
    record(y) { gradient in
      for (input, other) in [(a, b), (b, a)] where input.needsGradient {
        write(
          other.value, rowCount: input.rowCount, width: width, scaledByRows: gradient,
          to: input.gradientToWrite())
      }
    }
    return y
  }

  /// Σ_c x_rc of every row r, n × 1.
  public func rowSums(_ x: Tensor) -> Tensor {
    let width = x.columnCount
    let y = make(x.rowCount, 1, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows {
        var sum = 0.0
        for i in row * width..<(row + 1) * width { sum += Double(source[i]) }
        target[row] = Float(sum)
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let (gradient, result) = (gradient, x.gradientToAddTo())
      forEachBlock(x.rowCount, size: 256) { rows in
        for row in rows {
          for i in row * width..<(row + 1) * width { result[i] += gradient[row] }
        }
      }
    }
    return y
  }

  /// The mean of every column, 1 × m.
  public func columnMeans(_ x: Tensor) -> Tensor {
    let (n, m) = (x.rowCount, x.columnCount)
    precondition(n > 0, "the mean of no rows")
    let y = make(1, m, from: x)
    nonisolated(unsafe) let source = x.value
    let sums = columnTotals(n, m) { rows, sums in
      ad_add_column_sums(source + rows.lowerBound * m, rows.count, m, sums)
    }
    for column in 0..<m { y.value[column] = Float(sums[column] / Double(n)) }
    record(y) { gradient in
      nonisolated(unsafe) let (gradient, result) = (gradient, x.gradientToAddTo())
      let share = 1 / Float(n)
      forEachBlock(n, size: 256) { rows in
        for row in rows {
          for column in 0..<m { result[row * m + column] += share * gradient[column] }
        }
      }
    }
    return y
  }

  /// Every column of x times the number in the same column of `row`.
  ///
  /// - Shapes: x is n × m, `row` is 1 × m.
  public func scaledColumns(_ x: Tensor, by row: Tensor) -> Tensor {
    let (n, m) = (x.rowCount, x.columnCount)
    precondition(row.rowCount == 1 && row.columnCount == m, "one scale for every column")
    let y = make(n, m, from: x, row)
    nonisolated(unsafe) let (source, scale, target) = (x.value, row.value, y.value)
    forEachBlock(n, size: 256) { rows in
      for r in rows {
        for c in 0..<m { target[r * m + c] = scale[c] * source[r * m + c] }
      }
    }
    record(y) { [self] gradient in
      nonisolated(unsafe) let gradient = gradient
      if x.needsGradient {
        nonisolated(unsafe) let result = x.gradientToAddTo()
        forEachBlock(n, size: 256) { rows in
          for r in rows {
            for c in 0..<m { result[r * m + c] += scale[c] * gradient[r * m + c] }
          }
        }
      }
      if row.needsGradient {
        let sums = self.columnTotals(n, m) { rows, sums in
          for r in rows {
            for c in 0..<m { sums[c] += Double(source[r * m + c]) * Double(gradient[r * m + c]) }
          }
        }
        let result = row.gradientToAddTo()
        for c in 0..<m { result[c] += Float(sums[c]) }
      }
    }
    return y
  }
}

extension Tape {
  /// Sums for each of m columns: `body` adds to the sums what some rows have; rows go in fixed
  /// blocks, whose sums meet in their order. They lie in memory of this step.
  func columnTotals(
    _ n: Int, _ m: Int,
    _ body: @Sendable (_ rows: Range<Int>, _ sums: UnsafeMutablePointer<Double>) -> Void
  ) -> UnsafeMutableBufferPointer<Double> {
    let grid = BlockGrid(count: n, size: 1024)
    nonisolated(unsafe) let partials = doubleScratch((grid.blockCount + 1) * m)
    partials.update(repeating: 0, count: (grid.blockCount + 1) * m)
    Parallel.forEach(grid.blockCount) { block in
      body(grid.range(block), partials + (block + 1) * m)
    }
    for block in 1..<grid.blockCount + 1 {
      for column in 0..<m { partials[column] += partials[block * m + column] }
    }
    return UnsafeMutableBufferPointer(start: partials, count: m)
  }

  /// Adds the column sums of an n × m gradient, taken in double precision, to that of `bias`.
  func addColumnSums(
    _ gradient: UnsafePointer<Float>, _ n: Int, _ m: Int, to bias: Tensor
  ) {
    let target = bias.gradientToAddTo()
    nonisolated(unsafe) let gradient = gradient
    let sums = columnTotals(n, m) { rows, sums in
      ad_add_column_sums(gradient + rows.lowerBound * m, rows.count, m, sums)
    }
    for column in 0..<m { target[column] += Float(sums[column]) }
  }
}

/// Rows of the target (+)= scales[r]·source row r.
func write(
  _ source: UnsafePointer<Float>, rowCount: Int, width: Int,
  scaledByRows scales: UnsafePointer<Float>,
  to target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  nonisolated(unsafe) let (source, scales, target) = (source, scales, target)
  forEachBlock(rowCount, size: 256) { rows in
    for row in rows {
      let (scale, range) = (scales[row], row * width..<(row + 1) * width)
      if target.accumulates {
        for i in range { target.base[i] += scale * source[i] }
      } else {
        for i in range { target.base[i] = scale * source[i] }
      }
    }
  }
}
