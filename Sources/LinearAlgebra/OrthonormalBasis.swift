internal import COpenBLAS

/// An orthonormal basis of the column space of `a`, by Householder QR.
///
/// - Shapes: `a` is m × n with m ≥ n; the result is m × n with orthonormal columns.
/// - Precondition: m ≥ n and all elements are finite.
/// - Complexity: O(m·n²).
public func orthonormalBasis(_ a: Matrix<Double>) -> Matrix<Double> {
  precondition(a.rowCount >= a.columnCount, "\(a.columnCount) columns need as many rows")
  guard a.columnCount > 0 else { return a }
  _ = OpenBLAS.isSingleThreaded
  var columns = a.transposed()
  var tau = [Double](repeating: 0, count: a.columnCount)
  let m = blasInt(a.rowCount)
  let n = blasInt(a.columnCount)
  let factored = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, &columns.elements, m, &tau)
  precondition(factored == 0, "dgeqrf: argument \(-factored) is wrong")
  let formed = LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, &columns.elements, m, tau)
  precondition(formed == 0, "dorgqr: argument \(-formed) is wrong")
  return columns.transposed()
}
