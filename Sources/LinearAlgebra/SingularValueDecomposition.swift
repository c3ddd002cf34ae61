internal import COpenBLAS

/// The thin singular value decomposition A = U·diag(σ)·Vᵀ.
///
/// Of the two signs that each pair of vectors may have, it has the one that makes the element of
/// largest magnitude in the left vector positive.
public struct SingularValueDecomposition: Sendable, Equatable {
  /// Left singular vectors as columns, m × r with r = min(m, n).
  public private(set) var u: Matrix<Double>
  /// Singular values σ₁ ≥ σ₂ ≥ … ≥ 0, r of them.
  public let singularValues: [Double]
  /// Right singular vectors as columns, n × r.
  public private(set) var v: Matrix<Double>
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
  var result = try decomposition(a)
  if a.rowCount < a.columnCount { result.turn() }
  result.sign()
  return result
}

/// The singular values of `a`, largest first, without vectors.
///
/// - Complexity: as ``singularValueDecomposition(_:)``, several times less in practice.
public func singularValues(_ a: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
  try requireFinite(a, routine: "dgesdd")
  guard isWorthBlocks(a) else {
    return try decompose(a.standing, withVectors: false).singularValues
  }
  return try decompose(BlockedQR(a, withBases: false).triangles, withVectors: false).singularValues
}

/// The decomposition of `a`, or of its transpose where it has more columns than rows, with any
/// signs.
private func decomposition(
  _ a: Matrix<Double>
) throws(LinearAlgebraError) -> SingularValueDecomposition {
  guard isWorthBlocks(a) else { return try decompose(a.standing, withVectors: true) }
  let factors = BlockedQR(a, withBases: true)
  let inner = try decompose(factors.triangles, withVectors: true)
  return SingularValueDecomposition(
    u: factors.multiplied(by: inner.u), singularValues: inner.singularValues, v: inner.v)
}

private func isWorthBlocks(_ a: Matrix<Double>) -> Bool {
  let (long, short) = (max(a.rowCount, a.columnCount), min(a.rowCount, a.columnCount))
  return BlockedQR.blocks(rows: long, columns: short).blockCount > 1
}

extension Matrix where Scalar == Double {
  /// This or its transpose, whichever has no more columns than rows.
  fileprivate var standing: Matrix { rowCount < columnCount ? transposed() : self }
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
  /// That of the transpose.
  fileprivate mutating func turn() { swap(&u, &v) }

  /// Chooses the signs that the type promises.
  fileprivate mutating func sign() {
    var largest = [Double](repeating: 0, count: singularValues.count)
    for row in 0..<u.rowCount {
      for (column, value) in u.row(row).enumerated() where abs(value) > abs(largest[column]) {
        largest[column] = value
      }
    }
    let signs = largest.map { $0 < 0 ? -1.0 : 1 }
    u.scaleColumns(by: signs)
    v.scaleColumns(by: signs)
  }
}
