internal import COpenBLAS

/// The lower Cholesky factor L of a symmetric positive definite matrix, A = L·Lᵀ.
public struct Cholesky: Sendable, Equatable {
  /// L, with zeros above its diagonal.
  public let factor: Matrix<Double>

  /// Factors A + ridge·I (`dpotrf` on blocks of the diagonal; reads the lower half of `a`).
  ///
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:minor:)`` naming the first bad minor.
  /// - Complexity: n³/3 operations, in parallel over fixed tiles.
  public init(_ a: Matrix<Double>, ridge: Double = 0) throws(LinearAlgebraError) {
    precondition(a.rowCount == a.columnCount, "a symmetric matrix is square")
    try requireFinite(a, routine: "dpotrf")
    _ = OpenBLAS.isSingleThreaded
    guard a.rowCount > 0 else {
      factor = a
      return
    }
    var lower = Self.lowerHalf(a, ridge: ridge)
    let grid = BlockGrid(count: a.rowCount, size: 256)
    var minor = 0
    lower.elements.withUnsafeMutableBufferPointer { target in
      let steps = FactorSteps(lower: SharedBuffer(target), grid: grid)
      for step in 0..<grid.blockCount where minor == 0 { minor = steps.eliminate(step) }
    }
    guard minor == 0 else { throw .notPositiveDefinite(order: a.rowCount, minor: minor) }
    factor = lower
  }

  /// The lower half of A + ridge·I above which are zeros, copied by all threads: of a large matrix
  /// touching fresh memory takes longer than the numbers do.
  private static func lowerHalf(_ a: Matrix<Double>, ridge: Double) -> Matrix<Double> {
    let n = a.rowCount
    let grid = BlockGrid(count: n, size: 64)
    let elements = [Double](unsafeUninitializedCapacity: n * n) { target, initialized in
      let out = SharedBuffer(target)
      Parallel.forEach(grid.blockCount) { block in
        a.elements.withUnsafeBufferPointer { source in
          for row in grid.range(block) {
            let line = out.base + row * n
            line.initialize(from: source.baseAddress! + row * n, count: row + 1)
            line[row] += ridge
            (line + row + 1).initialize(repeating: 0, count: n - row - 1)
          }
        }
      }
      initialized = n * n
    }
    return Matrix(rowCount: n, columnCount: n, elements: elements)
  }

  /// L⁻¹·b, by forward substitution.
  ///
  /// - Shapes: `b` has as many rows as L.
  /// - Complexity: n² operations for each column of `b`, in parallel over fixed blocks of columns.
  public func solvingLower(_ b: consuming Matrix<Double>) -> Matrix<Double> {
    solving(b, .none)
  }

  /// L⁻ᵀ·b, by backward substitution; of ``solvingLower(_:)`` it makes A⁻¹·b.
  ///
  /// - Shapes: `b` has as many rows as L.
  /// - Complexity: n² operations for each column of `b`, in parallel over fixed blocks of columns.
  public func solvingLowerTransposed(_ b: consuming Matrix<Double>) -> Matrix<Double> {
    solving(b, .transposed)
  }

  /// Solves in place where the caller has no more use for `b`.
  private func solving(
    _ b: consuming Matrix<Double>, _ transposition: Transposition
  ) -> Matrix<Double> {
    var x = b
    precondition(x.rowCount == factor.rowCount, "L has \(factor.rowCount) rows, b \(x.rowCount)")
    guard !x.elements.isEmpty else { return x }
    _ = OpenBLAS.isSingleThreaded
    let (rowCount, columnCount) = (x.rowCount, x.columnCount)
    let grid = BlockGrid(count: columnCount, size: 128)
    x.elements.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      Parallel.forEach(grid.blockCount) { block in
        let columns = grid.range(block)
        factor.elements.withUnsafeBufferPointer { l in
          cblas_dtrsm(
            CblasRowMajor, CblasLeft, CblasLower, transposition.cblas, CblasNonUnit,
            blasInt(rowCount), blasInt(columns.count), 1, l.baseAddress!,
            blasInt(factor.rowCount), out.base + columns.lowerBound, blasInt(columnCount))
        }
      }
    }
    return x
  }
}

/// The steps of a right-looking factorisation in place, each a block of columns.
private struct FactorSteps: Sendable {
  let lower: SharedBuffer<Double>
  let grid: BlockGrid

  /// Factors one block of the diagonal, solves the panel below it and takes their product off what
  /// is left.
  ///
  /// - Returns: The first minor that is not positive, counted from 1, or 0.
  func eliminate(_ step: Int) -> Int {
    let columns = grid.range(step)
    let width = blasInt(columns.count)
    let stride = blasInt(grid.count)
    // Row-major lower is column-major upper.
    let info = LAPACKE_dpotrf(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), width, place(columns, columns), stride)
    let minor = dataStatus(info, routine: "dpotrf")
    guard minor == 0 else { return columns.lowerBound + minor }
    let below = step + 1..<grid.blockCount
    Parallel.forEach(below.count) { index in
      let rows = grid.range(below.lowerBound + index)
      cblas_dtrsm(
        CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasInt(rows.count),
        width, 1, place(columns, columns), stride, place(rows, columns), stride)
    }
    let tiles = below.flatMap { row in (below.lowerBound...row).map { (row: row, column: $0) } }
    Parallel.forEach(tiles.count) { index in
      let rows = grid.range(tiles[index].row)
      let others = grid.range(tiles[index].column)
      if rows == others {
        cblas_dsyrk(
          CblasRowMajor, CblasLower, CblasNoTrans, blasInt(rows.count), width, -1,
          place(rows, columns), stride, 1, place(rows, rows), stride)
      } else {
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, blasInt(rows.count), blasInt(others.count),
          width, -1, place(rows, columns), stride, place(others, columns), stride, 1,
          place(rows, others), stride)
      }
    }
    return 0
  }

  private func place(_ rows: Range<Int>, _ columns: Range<Int>) -> UnsafeMutablePointer<Double> {
    lower.base + rows.lowerBound * grid.count + columns.lowerBound
  }
}
