internal import COpenBLAS

/// The lower Cholesky factor L of a symmetric positive definite matrix, A = L·Lᵀ.
public struct Cholesky: Sendable, Equatable {
  /// L, with zeros above its diagonal.
  public let factor: Matrix<Double>

  /// Factors `a` (`dpotrf`; reads the lower half).
  ///
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:minor:)`` naming the first bad minor.
  /// - Complexity: n³/3 operations.
  public init(_ a: Matrix<Double>) throws(LinearAlgebraError) {
    precondition(a.rowCount == a.columnCount, "a symmetric matrix is square")
    try requireFinite(a, routine: "dpotrf")
    _ = OpenBLAS.isSingleThreaded
    let n = a.rowCount
    guard n > 0 else {
      factor = a
      return
    }
    var lower = a
    // Row-major lower is column-major upper.
    let info = LAPACKE_dpotrf(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), blasInt(n), &lower.elements, blasInt(n))
    let minor = dataStatus(info, routine: "dpotrf")
    guard minor == 0 else { throw .notPositiveDefinite(order: n, minor: minor) }
    for r in 0..<n {
      for c in r + 1..<max(n, r + 1) { lower.elements[r * n + c] = 0 }
    }
    factor = lower
  }

  /// L⁻¹·b, by forward substitution.
  ///
  /// - Shapes: `b` has as many rows as L.
  /// - Complexity: n² operations for each column of `b`, in parallel over fixed blocks of columns.
  public func solvingLower(_ b: Matrix<Double>) -> Matrix<Double> {
    solving(b, .none)
  }

  /// L⁻ᵀ·b, by backward substitution; of ``solvingLower(_:)`` it makes A⁻¹·b.
  ///
  /// - Shapes: `b` has as many rows as L.
  /// - Complexity: n² operations for each column of `b`, in parallel over fixed blocks of columns.
  public func solvingLowerTransposed(_ b: Matrix<Double>) -> Matrix<Double> {
    solving(b, .transposed)
  }

  private func solving(_ b: Matrix<Double>, _ transposition: Transposition) -> Matrix<Double> {
    precondition(b.rowCount == factor.rowCount, "L has \(factor.rowCount) rows, b \(b.rowCount)")
    guard !b.elements.isEmpty else { return b }
    _ = OpenBLAS.isSingleThreaded
    let grid = BlockGrid(count: b.columnCount, size: 128)
    var x = b
    x.elements.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      Parallel.forEach(grid.blockCount) { block in
        let columns = grid.range(block)
        factor.elements.withUnsafeBufferPointer { l in
          cblas_dtrsm(
            CblasRowMajor, CblasLeft, CblasLower, transposition.cblas, CblasNonUnit,
            blasInt(b.rowCount), blasInt(columns.count), 1, l.baseAddress!,
            blasInt(factor.rowCount), out.base + columns.lowerBound, blasInt(b.columnCount))
        }
      }
    }
    return x
  }
}
