import LinearAlgebra

/// A table that is trained.
public final class Parameter: Sendable {
  /// Its name in a checkpoint, such as `user_embedding`.
  public let name: String
  /// Its values and their gradient.
  public let tensor: Tensor

  /// A parameter that starts as `matrix`.
  public init(_ name: String, _ matrix: Matrix<Float>) {
    self.name = name
    tensor = Tensor(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount, needsGradient: true)
    tensor.assign(matrix)
  }

  private init(_ name: String, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }

  /// Parameters of equal width that lie one under another, and the tensor of them all: a graph
  /// propagates users and items together without copying them first.
  ///
  /// - Precondition: there is at least one part, and all are equally wide.
  public static func stacked(
    _ parts: [(name: String, matrix: Matrix<Float>)]
  ) -> (all: Tensor, parameters: [Parameter]) {
    let width = parts[0].matrix.columnCount
    let all = Tensor(
      rowCount: parts.reduce(0) { $0 + $1.matrix.rowCount }, columnCount: width,
      needsGradient: true)
    var row = 0
    let parameters = parts.map { part in
      precondition(part.matrix.columnCount == width, "\(part.name) is not \(width) wide")
      let tensor = Tensor(rowCount: 0, columnCount: width, needsGradient: true)
      tensor.view(row..<row + part.matrix.rowCount, of: all)
      tensor.assign(part.matrix)
      row += part.matrix.rowCount
      return Parameter(part.name, tensor)
    }
    return (all, parameters)
  }
}
