import LinearAlgebra

/// A constant sparse matrix S as an operation needs it: with its transpose, for the pullback.
public struct SparseOperator: Sendable {
  /// S.
  public let matrix: SparseMatrix
  /// Sᵀ.
  public let transpose: SparseMatrix

  /// Takes any matrix, and transposes it.
  public init(_ matrix: SparseMatrix) {
    self.matrix = matrix
    transpose = matrix.transposed()
  }

  /// Takes a matrix that equals its transpose.
  public init(symmetric matrix: SparseMatrix) {
    precondition(matrix.rowCount == matrix.columnCount, "a symmetric matrix is square")
    self.matrix = matrix
    transpose = matrix
  }

  private init(matrix: SparseMatrix, transpose: SparseMatrix) {
    self.matrix = matrix
    self.transpose = transpose
  }

  /// Sᵀ, without copying.
  public var transposed: SparseOperator {
    SparseOperator(matrix: transpose, transpose: matrix)
  }
}

/// How the layers of a propagation become one.
public enum LayerCombination: Sendable {
  /// x + Sx + … + Sᴸx.
  case sum
  /// The sum divided by L + 1.
  case mean
}

extension Tape {
  /// S·x.
  ///
  /// - Complexity: 2·entries·columns operations each way.
  public func product(_ sparse: SparseOperator, _ x: Tensor) -> Tensor {
    precondition(
      sparse.matrix.columnCount == x.rowCount,
      "inner dimensions differ: \(sparse.matrix.columnCount) and \(x.rowCount)")
    let y = make(sparse.matrix.rowCount, x.columnCount, from: x)
    SparseKernels.multiply(sparse.matrix, x.value, width: x.columnCount, product: y.value)
    record(y) { gradient in
      let (base, accumulates) = x.gradientToWrite()
      SparseKernels.multiply(
        sparse.transpose, gradient, width: x.columnCount, total: base,
        addend: accumulates ? UnsafePointer(base) : nil)
    }
    return y
  }

  /// x + S·x.
  ///
  /// - Complexity: 2·entries·columns operations each way.
  public func addingProduct(_ sparse: SparseOperator, _ x: Tensor) -> Tensor {
    propagated(sparse, x, layers: 1, combination: .sum)
  }

  /// x, Sx, …, Sᴸx, summed or averaged: graph convolution without weights.
  ///
  /// The pullback needs no layer's values: by Horner's scheme G + Sᵀ(G + Sᵀ(…)).
  ///
  /// - Complexity: 2·L·entries·columns operations each way.
  public func propagated(
    _ sparse: SparseOperator, _ x: Tensor, layers: Int, combination: LayerCombination
  ) -> Tensor {
    precondition(layers >= 0, "\(layers) layers")
    precondition(
      sparse.matrix.rowCount == x.rowCount && sparse.matrix.columnCount == x.rowCount,
      "the graph has \(sparse.matrix.rowCount) nodes, the features \(x.rowCount) rows")
    guard layers > 0 else { return x }
    let (width, count) = (x.columnCount, x.count)
    let scale: Float = combination == .mean ? 1 / Float(layers + 1) : 1
    let y = make(x.rowCount, width, from: x)
    let buffers = layers > 1 ? [scratch(count), layers > 2 ? scratch(count) : nil] : []

    var current = UnsafePointer(x.value)
    for layer in 1...layers {
      let isLast = layer == layers
      let next = isLast ? nil : buffers[(layer - 1) % 2]
      SparseKernels.multiply(
        sparse.matrix, current, width: width, product: next, total: y.value,
        addend: layer == 1 ? UnsafePointer(x.value) : UnsafePointer(y.value),
        scale: isLast ? scale : 1)
      if let next { current = UnsafePointer(next) }
    }

    record(y) { [self] gradient in
      var sum = gradient
      let room = layers > 1 ? [self.scratch(count), layers > 2 ? self.scratch(count) : nil] : []
      for layer in 1..<layers {
        guard let next = room[(layer - 1) % 2] else { continue }
        SparseKernels.multiply(
          sparse.transpose, sum, width: width, total: next, addend: gradient)
        sum = UnsafePointer(next)
      }
      let (base, accumulates) = x.gradientToWrite()
      guard accumulates else {
        SparseKernels.multiply(
          sparse.transpose, sum, width: width, total: base, addend: gradient, scale: scale)
        return
      }
      let last = self.scratch(count)
      SparseKernels.multiply(
        sparse.transpose, sum, width: width, total: last, addend: gradient, scale: scale)
      write(last, count: count, to: (base, true))
    }
    return y
  }
}
