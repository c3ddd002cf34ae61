import Autodiff
import LinearAlgebra

/// How the user–item graph is normalised, where it is to be chosen; the names are SLMRec's.
///
/// - Reference: [TLXWYHC22], as implemented there.
package enum AdjacencyNormalization: String, CaseIterable {
  /// D^(−1/2)·A·D^(−1/2).
  case pre
  /// A.
  case plain
  /// D⁻¹·(A + I), where D are the row sums of A + I.
  case norm
  /// D⁻¹·A.
  case gcmc
  /// D⁻¹·A + I.
  case mean
}

extension UserItemGraph {
  package func adjacency(_ normalization: AdjacencyNormalization) -> SparseOperator {
    switch normalization {
    case .pre: normalizedAdjacency()
    case .plain: meanAdjacency().mapped { _ in 1 }
    case .norm: meanAdjacency(selfLoops: true)
    case .gcmc: meanAdjacency()
    case .mean: meanAdjacency().addingIdentity
    }
  }
}

extension SparseOperator {
  /// The same places with other values.
  fileprivate func mapped(_ value: (Float) -> Float) -> SparseOperator {
    SparseOperator(
      SparseMatrix(
        rowCount: matrix.rowCount, columnCount: matrix.columnCount, rows: matrix.entryRows,
        columns: matrix.columns, values: matrix.values.map(value)))
  }

  /// S + I.
  fileprivate var addingIdentity: SparseOperator {
    let nodes = (0..<Int32(matrix.rowCount)).map { $0 }
    return SparseOperator(
      SparseMatrix(
        rowCount: matrix.rowCount, columnCount: matrix.columnCount,
        rows: matrix.entryRows + nodes, columns: matrix.columns + nodes,
        values: matrix.values + nodes.map { _ in 1 }))
  }
}
