import Autodiff
import LinearAlgebra

/// A graph of users and items whose two directions are divided by the root of their own degrees
/// alone, so that neither is the transpose of the other:
///
///     toUsers = D_u^(−1/2)·R,  toItems = D_i^(−1/2)·Rᵀ
///
/// - Reference: [WHXZ23], as implemented there.
package struct OneSidedGraph {
  /// users × items.
  package let toUsers: SparseOperator
  /// items × users.
  package let toItems: SparseOperator

  /// A graph of edges; an edge that is named several times counts as often.
  package init(userCount: Int, itemCount: Int, users: [Int32], items: [Int32]) {
    func direction(_ rows: [Int32], _ rowCount: Int, _ columns: [Int32], _ columnCount: Int)
      -> SparseOperator
    {
      var degrees = [Double](repeating: 1e-8, count: rowCount)
      for row in rows { degrees[Int(row)] += 1 }
      return SparseOperator(
        SparseMatrix(
          rowCount: rowCount, columnCount: columnCount, rows: rows, columns: columns,
          values: rows.map { Float(1 / degrees[Int($0)].squareRoot()) }))
    }
    toUsers = direction(users, userCount, items, itemCount)
    toItems = direction(items, itemCount, users, userCount)
  }
}
