import LinearAlgebra

/// A weight, or its transpose, as the right factor of products with many rows, some rows at a time:
/// in strips where these are the fastest, and otherwise as it is.
package struct LayerFactor: @unchecked Sendable {
  private let rowCount: Int
  private let columnCount: Int
  private let matrix: DenseKernels.Operand<Float>
  private let strips: UnsafePointer<Float>?
  /// Whose memory the pointers are into.
  private let owners: (Tensor, Tape)

  /// Wᵀ, until the weight changes or the tape starts again.
  package init(transposeOf weight: Tensor, on tape: Tape) {
    owners = (weight, tape)
    (rowCount, columnCount) = (weight.columnCount, weight.rowCount)
    matrix = .init(base: weight.value, stride: rowCount, transposition: .transposed)
    guard StripProducts.suits(columnCount) else {
      strips = nil
      return
    }
    let base = tape.scratch(weight.count)
    let width = StripProducts.width
    transpose(
      weight.value, slabs: columnCount / width, rows: width, columns: rowCount, into: base)
    strips = UnsafePointer(base)
  }

  /// W, until the weight changes or the tape starts again.
  package init(_ weight: Tensor, on tape: Tape) {
    owners = (weight, tape)
    (rowCount, columnCount) = (weight.rowCount, weight.columnCount)
    matrix = .init(base: weight.value, stride: columnCount)
    guard StripProducts.suits(columnCount) else {
      strips = nil
      return
    }
    let base = tape.scratch(weight.count)
    cutIntoSlabs(
      weight.value, rowCount, columnCount, width: StripProducts.width, slabRowCount: rowCount,
      into: base)
    strips = UnsafePointer(base)
  }

  /// Whether products of a few hundred rows are nearly as fast as those of many, for a factor this
  /// wide or this high.
  package static func suits(_ size: Int) -> Bool {
    StripProducts.suits(size) || SplitTiles.areAvailable && size >= DenseKernels.leastTiledSize
  }

  /// y = tail(x·B), or y + x·B.
  ///
  /// - Shapes: x is n × rows of B, y is n × columns of B.
  package func multiply(
    _ x: UnsafePointer<Float>, rows n: Int, tail: LayerTail? = nil,
    into y: UnsafeMutablePointer<Float>, accumulates: Bool = false
  ) {
    if let strips {
      StripProducts.multiply(
        x, rows: n, inner: rowCount, strips: strips,
        bias: tail?.bias.map { UnsafePointer($0.value) }, slope: tail?.slope ?? 1, into: y,
        columns: columnCount, accumulates: accumulates)
      return
    }
    tail?.begin(y, rowCount: n)
    DenseKernels.gemm(
      .init(base: x, stride: rowCount), matrix,
      .init(
        base: y, stride: columnCount, rows: n, columns: columnCount, inner: rowCount,
        accumulates: accumulates || tail != nil))
    tail?.end(y, rowCount: n)
  }

  /// y = aᵀ·b, or y + aᵀ·b, for a of n × m and b of n × d: some rows' share of a weight's gradient.
  package static func multiply(
    transposed a: UnsafePointer<Float>, columns m: Int, _ b: UnsafePointer<Float>, columns d: Int,
    rows n: Int, into y: UnsafeMutablePointer<Float>, accumulates: Bool = false
  ) {
    if StripProducts.suits(d) {
      StripProducts.multiply(
        transposed: a, columns: m, b, columns: d, rows: n, into: y, accumulates: accumulates)
    } else {
      DenseKernels.gemm(
        .init(base: a, stride: m, transposition: .transposed), .init(base: b, stride: d),
        .init(base: y, stride: d, rows: m, columns: d, inner: n, accumulates: accumulates))
    }
  }
}
