internal import COpenBLAS

/// The thin singular value decomposition A = U·diag(σ)·Vᵀ.
///
/// Of the two signs that each pair of vectors may have, it has the one that makes the element of
/// largest magnitude in the left vector positive.
public struct SingularValueDecomposition: Sendable, Equatable {
  /// Left singular vectors as columns, m × r with r = min(m, n).
  public let u: Matrix<Double>
  /// Singular values σ₁ ≥ σ₂ ≥ … ≥ 0, r of them.
  public let singularValues: [Double]
  /// Right singular vectors as columns, n × r.
  public let v: Matrix<Double>
}

/// The thin singular value decomposition of `a`, by LAPACK's divide and conquer (`dgesdd`), of a
/// tall or wide matrix after QR of its blocks ([DGHL12]).
///
/// - Shapes: `a` is m × n.
/// - Throws: ``LinearAlgebraError/nonFinite(routine:row:column:)``,
///   ``LinearAlgebraError/noConvergence(routine:rows:columns:info:)``.
/// - Complexity: O(m·n·min(m, n)) time, O(m·n) memory.
public func singularValueDecomposition(
  _ a: Matrix<Double>
) throws(LinearAlgebraError) -> SingularValueDecomposition {
  try requireFinite(a, routine: "dgesdd")
  guard a.rowCount < a.columnCount else { return try decomposition(ofTall: a).signed() }
  let turned = try decomposition(ofTall: a.transposed())
  return SingularValueDecomposition(
    u: turned.v, singularValues: turned.singularValues, v: turned.u
  ).signed()
}

/// The singular values of `a`, largest first, without vectors.
///
/// - Complexity: as ``singularValueDecomposition(_:)``, several times less in practice.
public func singularValues(_ a: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
  try requireFinite(a, routine: "dgesdd")
  let tall = a.rowCount < a.columnCount ? a.transposed() : a
  guard BlockedQR.blocks(rows: tall.rowCount, columns: tall.columnCount).blockCount > 1 else {
    return try decompose(tall, withVectors: false).singularValues
  }
  return try decompose(BlockedQR(tall, withBases: false).triangles, withVectors: false)
    .singularValues
}

private func decomposition(
  ofTall a: Matrix<Double>
) throws(LinearAlgebraError) -> SingularValueDecomposition {
  guard BlockedQR.blocks(rows: a.rowCount, columns: a.columnCount).blockCount > 1 else {
    return try decompose(a, withVectors: true)
  }
  let factors = BlockedQR(a, withBases: true)
  let inner = try decompose(factors.triangles, withVectors: true)
  return SingularValueDecomposition(
    u: factors.multiplied(by: inner.u), singularValues: inner.singularValues, v: inner.v)
}

/// LAPACK's decomposition of a matrix with no more columns than rows; without vectors both are
/// empty.
private func decompose(
  _ a: Matrix<Double>, withVectors: Bool
) throws(LinearAlgebraError) -> SingularValueDecomposition {
  _ = OpenBLAS.isSingleThreaded
  let (m, n) = (a.rowCount, a.columnCount)
  guard n > 0 else {
    return SingularValueDecomposition(
      u: Matrix(rowCount: m, columnCount: 0), singularValues: [],
      v: Matrix(rowCount: 0, columnCount: 0))
  }
  // Column by column, as LAPACK wants it: its way with wide matrices is half as fast.
  var work = a.transposed().elements
  var singularValues = [Double](repeating: 0, count: n)
  var u = [Double](repeating: 0, count: withVectors ? m * n : 1)
  var vTransposed = [Double](repeating: 0, count: withVectors ? n * n : 1)
  let info = LAPACKE_dgesdd(
    LAPACK_COL_MAJOR, CChar(UInt8(ascii: withVectors ? "S" : "N")), blasInt(m), blasInt(n), &work,
    blasInt(m), &singularValues, &u, blasInt(m), &vTransposed, blasInt(n))
  let failed = dataStatus(info, routine: "dgesdd")
  guard failed == 0 else {
    throw .noConvergence(routine: "dgesdd", rows: m, columns: n, info: failed)
  }
  // Vᵀ column by column is V row by row.
  return SingularValueDecomposition(
    u: withVectors
      ? Matrix(rowCount: n, columnCount: m, elements: u).transposed()
      : Matrix(rowCount: m, columnCount: 0),
    singularValues: singularValues,
    v: withVectors
      ? Matrix(rowCount: n, columnCount: n, elements: vTransposed)
      : Matrix(rowCount: n, columnCount: 0))
}

extension SingularValueDecomposition {
  /// The same with the signs that the type promises.
  fileprivate func signed() -> SingularValueDecomposition {
    var largest = [Double](repeating: 0, count: singularValues.count)
    for row in 0..<u.rowCount {
      for (column, value) in u.row(row).enumerated() where abs(value) > abs(largest[column]) {
        largest[column] = value
      }
    }
    let flipped = largest.indices.filter { largest[$0] < 0 }
    var (u, v) = (u, v)
    for column in flipped {
      for row in 0..<u.rowCount { u[row, column].negate() }
      for row in 0..<v.rowCount { v[row, column].negate() }
    }
    return SingularValueDecomposition(u: u, singularValues: singularValues, v: v)
  }
}
