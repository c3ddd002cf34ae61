internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// x with `row` added to each of its rows.
  ///
  /// - Shapes: x is n × m, `row` is 1 × m.
  public func adding(row: Tensor, to x: Tensor) -> Tensor {
    let (n, m) = (x.rowCount, x.columnCount)
    precondition(row.rowCount == 1 && row.columnCount == m, "the row is not 1 x \(m)")
    let y = make(n, m, from: x, row)
    nonisolated(unsafe) let (source, other, target) = (x.value, row.value, y.value)
    forEachBlock(n, size: 256) { rows in
      for r in rows {
        for c in 0..<m { target[r * m + c] = source[r * m + c] + other[c] }
      }
    }
    record(y) { gradient in
      if x.needsGradient { write(gradient, count: y.count, to: x.gradientToWrite()) }
      if row.needsGradient { self.addColumnSums(gradient, n, m, to: row) }
    }
    return y
  }

  /// x − λ(x·B)·Bᵀ: what is left of every row when its part along the columns of B is damped.
  ///
  /// - Shapes: x is n × d, `basis` Bᵀ is a k × d constant with orthonormal rows.
  /// - Complexity: 4·n·d·k operations, forwards and backwards.
  public func damped(_ x: Tensor, along basis: Tensor, strength: Double) -> Tensor {
    precondition(
      x.columnCount == basis.columnCount,
      "rows are \(x.columnCount) wide, the basis \(basis.columnCount)")
    let y = make(x.rowCount, x.columnCount, from: x)
    damp(x.value, x.rowCount, along: basis, strength: strength, into: (y.value, false))
    // The map is symmetric: its transpose is itself.
    record(y) { gradient in
      damp(gradient, x.rowCount, along: basis, strength: strength, into: x.gradientToWrite())
    }
    return y
  }

  /// x − λB·(Bᵀ·x): ``damped(_:along:strength:)`` of every column.
  ///
  /// - Shapes: x is m × d, `basis` Bᵀ is a k × m constant with orthonormal rows.
  /// - Complexity: 4·m·d·k operations, forwards and backwards.
  public func dampedColumns(_ x: Tensor, along basis: Tensor, strength: Double) -> Tensor {
    precondition(
      x.rowCount == basis.columnCount,
      "columns are \(x.rowCount) high, the basis \(basis.columnCount) wide")
    let y = make(x.rowCount, x.columnCount, from: x)
    dampColumns(
      x.value, x.columnCount, along: basis, strength: strength, into: (y.value, false))
    record(y) { gradient in
      dampColumns(
        gradient, x.columnCount, along: basis, strength: strength, into: x.gradientToWrite())
    }
    return y
  }
}

/// target (+)= x − λB·(Bᵀ·x).
private func dampColumns(
  _ x: UnsafePointer<Float>, _ columnCount: Int, along basis: Tensor, strength: Double,
  into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  nonisolated(unsafe) let (x, directions, target) = (x, basis.value, target)
  forEachBlock(columnCount, size: 256) { columns in
    ad_damp_columns(
      x + columns.lowerBound, columnCount, basis.columnCount, columns.count, directions,
      basis.rowCount, Float(strength), target.accumulates ? 1 : 0,
      target.base + columns.lowerBound)
  }
}

/// target (+)= x − λ(x·B)·Bᵀ.
private func damp(
  _ x: UnsafePointer<Float>, _ rowCount: Int, along basis: Tensor, strength: Double,
  into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  let (rank, width) = (basis.rowCount, basis.columnCount)
  nonisolated(unsafe) let (x, directions, target) = (x, basis.value, target)
  forEachBlock(rowCount, size: 512) { rows in
    let at = rows.lowerBound * width
    ad_damp_rows(
      x + at, rows.count, width, directions, rank, Float(strength), target.accumulates ? 1 : 0,
      target.base + at)
  }
}

