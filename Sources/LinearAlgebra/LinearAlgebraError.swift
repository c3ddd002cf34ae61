/// Why a decomposition has no result for this data.
public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// A routine of LAPACK did not converge on a matrix of this shape.
  case noConvergence(routine: String, rows: Int, columns: Int, info: Int)
  /// The leading minor of this order is not positive, so there is no Cholesky factor.
  case notPositiveDefinite(order: Int, minor: Int)
  /// The matrix holds NaN or infinity.
  case nonFinite(routine: String, row: Int, column: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noConvergence(let routine, let rows, let columns, let info):
      "\(routine) did not converge on a \(rows) x \(columns) matrix (\(info) values left)"
    case .notPositiveDefinite(let order, let minor):
      "a matrix of order \(order) is not positive definite: "
        + "its leading minor \(minor) is not positive"
    case .nonFinite(let routine, let row, let column):
      "\(routine) needs finite values; row \(row), column \(column) is not finite"
    }
  }
}

/// Sorts LAPACK's status into our bug (trap) and the data's doing (the positive count).
func dataStatus(_ info: Int32, routine: StaticString) -> Int {
  precondition(info >= 0, "\(routine): argument \(-info) is wrong")
  return Int(info)
}

/// Throws for the first element that is not finite: LAPACK loops or answers nonsense on NaN.
func requireFinite(_ matrix: Matrix<Double>, routine: String) throws(LinearAlgebraError) {
  if let index = matrix.elements.firstIndex(where: { !$0.isFinite }) {
    throw .nonFinite(
      routine: routine, row: index / matrix.columnCount, column: index % matrix.columnCount)
  }
}
