internal import COpenBLAS

/// The spectral decomposition A = Q·diag(λ)·Qᵀ of a symmetric matrix.
public struct SymmetricEigen: Sendable, Equatable {
  /// Eigenvalues, largest first.
  public let values: [Double]
  /// Orthonormal eigenvectors as columns, in the order of ``values``.
  public let vectors: Matrix<Double>
}

/// The eigenvalues and eigenvectors of the symmetric matrix `a` (`dsyevd`; reads the lower half).
///
/// - Throws: ``LinearAlgebraError/nonFinite(routine:row:column:)``,
///   ``LinearAlgebraError/noConvergence(routine:rows:columns:info:)``.
/// - Complexity: O(n³) time, O(n²) memory.
public func symmetricEigen(_ a: Matrix<Double>) throws(LinearAlgebraError) -> SymmetricEigen {
  precondition(a.rowCount == a.columnCount, "a symmetric matrix is square")
  try requireFinite(a, routine: "dsyevd")
  _ = OpenBLAS.isSingleThreaded
  let n = a.rowCount
  guard n > 0 else { return SymmetricEigen(values: [], vectors: a) }
  var vectors = a.elements
  var ascending = [Double](repeating: 0, count: n)
  // Column-major upper is row-major lower.
  let info = LAPACKE_dsyevd(
    LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), blasInt(n), &vectors,
    blasInt(n), &ascending)
  let failed = dataStatus(info, routine: "dsyevd")
  guard failed == 0 else {
    throw .noConvergence(routine: "dsyevd", rows: n, columns: n, info: failed)
  }
  // Row i of the row-major buffer is eigenvector i; largest first means reversing the rows.
  let rows = Matrix(rowCount: n, columnCount: n, elements: vectors).rows((0..<n).reversed())
  return SymmetricEigen(values: ascending.reversed(), vectors: rows.transposed())
}

/// The eigenvalues of the symmetric matrix `a`, largest first, without vectors.
///
/// - Throws: as ``symmetricEigen(_:)``.
/// - Complexity: as ``symmetricEigen(_:)``, several times less in practice.
public func symmetricEigenvalues(_ a: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
  precondition(a.rowCount == a.columnCount, "a symmetric matrix is square")
  try requireFinite(a, routine: "dsyevd")
  _ = OpenBLAS.isSingleThreaded
  let n = a.rowCount
  guard n > 0 else { return [] }
  var work = a.elements
  var ascending = [Double](repeating: 0, count: n)
  let info = LAPACKE_dsyevd(
    LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "U")), blasInt(n), &work,
    blasInt(n), &ascending)
  let failed = dataStatus(info, routine: "dsyevd")
  guard failed == 0 else {
    throw .noConvergence(routine: "dsyevd", rows: n, columns: n, info: failed)
  }
  return ascending.reversed()
}
