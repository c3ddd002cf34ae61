internal import COpenBLAS

/// The thin singular value decomposition A = U·diag(σ)·Vᵀ.
public struct SingularValueDecomposition: Sendable, Equatable {
  /// Left singular vectors as columns, m × r with r = min(m, n).
  public let u: Matrix<Double>
  /// Singular values σ₁ ≥ σ₂ ≥ … ≥ 0, r of them.
  public let singularValues: [Double]
  /// Right singular vectors as columns, n × r.
  public let v: Matrix<Double>
}

/// The thin singular value decomposition of `a`, by LAPACK's divide and conquer (`dgesdd`).
///
/// - Shapes: `a` is m × n.
/// - Throws: ``LinearAlgebraError/nonFinite(routine:row:column:)``,
///   ``LinearAlgebraError/noConvergence(routine:rows:columns:info:)``.
/// - Complexity: O(m·n·min(m, n)) time, O(m·n) memory.
public func singularValueDecomposition(
  _ a: Matrix<Double>
) throws(LinearAlgebraError) -> SingularValueDecomposition {
  try requireFinite(a, routine: "dgesdd")
  _ = OpenBLAS.isSingleThreaded
  let m = a.rowCount
  let n = a.columnCount
  let rank = min(m, n)
  guard rank > 0 else {
    return SingularValueDecomposition(
      u: Matrix(rowCount: m, columnCount: 0), singularValues: [],
      v: Matrix(rowCount: n, columnCount: 0))
  }
  // Row-major A is column-major Aᵀ = V·diag(σ)·Uᵀ, so LAPACK's left vectors are our V and its
  // transposed right vectors, column-major, are our U, row-major. Nothing is copied or turned.
  var work = a.elements
  var singularValues = [Double](repeating: 0, count: rank)
  var vTransposed = [Double](repeating: 0, count: n * rank)
  var u = [Double](repeating: 0, count: rank * m)
  let info = LAPACKE_dgesdd(
    LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), blasInt(n), blasInt(m), &work, blasInt(n),
    &singularValues, &vTransposed, blasInt(n), &u, blasInt(rank))
  let failed = dataStatus(info, routine: "dgesdd")
  guard failed == 0 else {
    throw .noConvergence(routine: "dgesdd", rows: m, columns: n, info: failed)
  }
  return SingularValueDecomposition(
    u: Matrix(rowCount: m, columnCount: rank, elements: u),
    singularValues: singularValues,
    v: Matrix(rowCount: rank, columnCount: n, elements: vTransposed).transposed())
}

/// The singular values of `a`, largest first, without vectors.
///
/// - Complexity: as ``singularValueDecomposition(_:)``, several times less in practice.
public func singularValues(_ a: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
  try requireFinite(a, routine: "dgesdd")
  _ = OpenBLAS.isSingleThreaded
  let rank = min(a.rowCount, a.columnCount)
  guard rank > 0 else { return [] }
  var work = a.elements
  var values = [Double](repeating: 0, count: rank)
  let info = LAPACKE_dgesdd(
    LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), blasInt(a.columnCount), blasInt(a.rowCount), &work,
    blasInt(a.columnCount), &values, nil, 1, nil, 1)
  let failed = dataStatus(info, routine: "dgesdd")
  guard failed == 0 else {
    throw .noConvergence(
      routine: "dgesdd", rows: a.rowCount, columns: a.columnCount, info: failed)
  }
  return values
}
