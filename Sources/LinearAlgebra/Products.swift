internal import COpenBLAS
internal import CVectorKernels

/// Whether a factor of a product is used as it is or transposed.
public enum Transposition: Sendable { case none, transposed }

/// The product op(a)·op(b) in double precision.
///
/// - Shapes: op(a) is m × n, op(b) is n × r; the result is m × r.
/// - Precondition: the inner dimensions agree.
/// - Complexity: 2·m·n·r operations, in parallel over fixed tiles of the result.
public func product(
  _ a: Matrix<Double>, _ transposeA: Transposition,
  _ b: Matrix<Double>, _ transposeB: Transposition
) -> Matrix<Double> {
  tiledProduct(a, transposeA, b, transposeB, gemm: DenseKernels.gemm)
}

/// The product op(a)·op(b) in single precision. See the double-precision form.
public func product(
  _ a: Matrix<Float>, _ transposeA: Transposition,
  _ b: Matrix<Float>, _ transposeB: Transposition
) -> Matrix<Float> {
  tiledProduct(a, transposeA, b, transposeB, gemm: DenseKernels.gemm)
}

/// The product a·b.
public func product(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
  product(a, .none, b, .none)
}

/// The product a·b.
public func product(_ a: Matrix<Float>, _ b: Matrix<Float>) -> Matrix<Float> {
  product(a, .none, b, .none)
}

/// Adds the product op(a)·op(b) to `target`, without a matrix beside it.
///
/// - Shapes: op(a) is m × n, op(b) is n × r, `target` m × r.
/// - Precondition: the shapes agree.
/// - Complexity: 2·m·n·r operations, in parallel over fixed tiles of the target.
package func addProduct(
  _ a: Matrix<Double>, _ transposeA: Transposition,
  _ b: Matrix<Double>, _ transposeB: Transposition, to target: inout Matrix<Double>
) {
  let (m, r) = outerDimensions(a, transposeA, b, transposeB)
  precondition(
    target.rowCount == m && target.columnCount == r,
    "a product of \(m) x \(r) for \(target.rowCount) x \(target.columnCount)")
  multiply(a, transposeA, b, transposeB, into: &target, accumulates: true, DenseKernels.gemm)
}

private func tiledProduct<Scalar>(
  _ a: Matrix<Scalar>, _ transposeA: Transposition,
  _ b: Matrix<Scalar>, _ transposeB: Transposition, gemm: Gemm<Scalar>
) -> Matrix<Scalar> {
  let (m, r) = outerDimensions(a, transposeA, b, transposeB)
  var result = Matrix<Scalar>(rowCount: m, columnCount: r)
  multiply(a, transposeA, b, transposeB, into: &result, accumulates: false, gemm)
  return result
}

private func outerDimensions<Scalar>(
  _ a: Matrix<Scalar>, _ transposeA: Transposition,
  _ b: Matrix<Scalar>, _ transposeB: Transposition
) -> (rows: Int, columns: Int) {
  let (m, n) = transposeA == .none ? (a.rowCount, a.columnCount) : (a.columnCount, a.rowCount)
  let (inner, r) = transposeB == .none ? (b.rowCount, b.columnCount) : (b.columnCount, b.rowCount)
  precondition(n == inner, "inner dimensions differ: \(n) and \(inner)")
  return (m, r)
}

private func multiply<Scalar>(
  _ a: Matrix<Scalar>, _ transposeA: Transposition,
  _ b: Matrix<Scalar>, _ transposeB: Transposition,
  into result: inout Matrix<Scalar>, accumulates: Bool, _ gemm: Gemm<Scalar>
) {
  guard !result.elements.isEmpty, !a.elements.isEmpty else { return }
  let (rows, columns) = (result.rowCount, result.columnCount)
  let inner = transposeA == .none ? a.columnCount : a.rowCount
  a.elements.withUnsafeBufferPointer { aBuffer in
    b.elements.withUnsafeBufferPointer { bBuffer in
      result.elements.withUnsafeMutableBufferPointer { target in
        DenseKernels.inTiles(
          .init(base: aBuffer.baseAddress!, stride: a.columnCount, transposition: transposeA),
          .init(base: bBuffer.baseAddress!, stride: b.columnCount, transposition: transposeB),
          .init(
            base: target.baseAddress!, stride: columns, rows: rows, columns: columns,
            inner: inner, accumulates: accumulates),
          gemm)
      }
    }
  }
}

private typealias Gemm<Scalar> = @Sendable (
  DenseKernels.Operand<Scalar>, DenseKernels.Operand<Scalar>, DenseKernels.Target<Scalar>
) -> Void

/// Single-threaded products of raw tiles, for modules of this package that cut the work themselves.
package enum DenseKernels {
  /// A row-major factor: its first element, the distance between rows, and how it is read.
  package struct Operand<Scalar> {
    package let base: UnsafePointer<Scalar>
    package let stride: Int
    package let transposition: Transposition

    package init(base: UnsafePointer<Scalar>, stride: Int, transposition: Transposition = .none) {
      self.base = base
      self.stride = stride
      self.transposition = transposition
    }
  }

  /// A row-major tile of the result, `rows` × `columns`, with the inner dimension of the product.
  package struct Target<Scalar> {
    package let base: UnsafeMutablePointer<Scalar>
    package let stride: Int
    package let rows: Int
    package let columns: Int
    package let inner: Int
    package let accumulates: Bool

    /// - Parameter accumulates: Add to the tile instead of replacing it.
    package init(
      base: UnsafeMutablePointer<Scalar>, stride: Int, rows: Int, columns: Int, inner: Int,
      accumulates: Bool = false
    ) {
      self.base = base
      self.stride = stride
      self.rows = rows
      self.columns = columns
      self.inner = inner
      self.accumulates = accumulates
    }
  }

  /// target (+)= op(a)·op(b) in single precision, in parallel over fixed tiles of the target, each
  /// made by `kernel`.
  package static func product(
    _ a: Operand<Float>, _ b: Operand<Float>, _ c: Target<Float>,
    by kernel: @Sendable (Operand<Float>, Operand<Float>, Target<Float>) -> Void = gemm
  ) {
    inTiles(a, b, c, kernel)
  }

  /// Cuts a product into tiles of the result, each a call of `gemm`. The grid follows the shape
  /// of the result only, never the thread count.
  fileprivate static func inTiles<Scalar>(
    _ a: Operand<Scalar>, _ b: Operand<Scalar>, _ c: Target<Scalar>,
    _ gemm: @Sendable (Operand<Scalar>, Operand<Scalar>, Target<Scalar>) -> Void
  ) {
    // Large tiles pack their factors seldom; but even results of a few thousand elements, such as
    // gradients of weights, make several.
    let size =
      [512, 256, 128].first { size in
        BlockGrid(count: c.rows, size: size).blockCount
          * BlockGrid(count: c.columns, size: size).blockCount >= 8
      } ?? 64
    let tileRows = BlockGrid(count: c.rows, size: size)
    let tileColumns = BlockGrid(count: c.columns, size: size)
    nonisolated(unsafe) let (a, b, c) = (a, b, c)
    Parallel.forEach(tileRows.blockCount * tileColumns.blockCount) { tile in
      let rows = tileRows.range(tile / tileColumns.blockCount)
      let columns = tileColumns.range(tile % tileColumns.blockCount)
      let aStep = a.transposition == .none ? a.stride : 1
      let bStep = b.transposition == .none ? 1 : b.stride
      gemm(
        .init(
          base: a.base + rows.lowerBound * aStep, stride: a.stride,
          transposition: a.transposition),
        .init(
          base: b.base + columns.lowerBound * bStep, stride: b.stride,
          transposition: b.transposition),
        .init(
          base: c.base + rows.lowerBound * c.stride + columns.lowerBound, stride: c.stride,
          rows: rows.count, columns: columns.count, inner: c.inner, accumulates: c.accumulates))
    }
  }

  /// The least dimension of a product that is made of tiles of 16-bit floats.
  package static let leastTiledSize = 64

  /// target (+)= op(a)·op(b) in single precision, on the calling thread.
  ///
  /// Where the processor multiplies tiles of 16-bit floats, by those: each element is split into
  /// three, exactly, and what is left out of a product is no more than the rounding of
  /// single precision. Infinite elements then give NaN.
  @Sendable package static func gemm(_ a: Operand<Float>, _ b: Operand<Float>, _ c: Target<Float>) {
    guard SplitTiles.areAvailable, min(c.rows, c.columns, c.inner) >= leastTiledSize else {
      return sgemm(a, b, c)
    }
    vk_split_gemm(
      a.lines(ofRows: true), b.lines(ofRows: false), c.rows, c.columns, c.inner, c.accumulates,
      c.base, c.stride)
  }

  /// target (+)= op(a)·op(b) by OpenBLAS in single precision, on the calling thread.
  @Sendable package static func sgemm(
    _ a: Operand<Float>, _ b: Operand<Float>, _ c: Target<Float>
  ) {
    _ = OpenBLAS.isSingleThreaded
    cblas_sgemm(
      CblasRowMajor, a.transposition.cblas, b.transposition.cblas,
      blasInt(c.rows), blasInt(c.columns), blasInt(c.inner),
      1, a.base, blasInt(a.stride), b.base, blasInt(b.stride),
      c.accumulates ? 1 : 0, c.base, blasInt(c.stride))
  }

  /// target (+)= op(a)·op(b) in double precision, on the calling thread.
  @Sendable package static func gemm(
    _ a: Operand<Double>, _ b: Operand<Double>, _ c: Target<Double>
  ) {
    _ = OpenBLAS.isSingleThreaded
    cblas_dgemm(
      CblasRowMajor, a.transposition.cblas, b.transposition.cblas,
      blasInt(c.rows), blasInt(c.columns), blasInt(c.inner),
      1, a.base, blasInt(a.stride), b.base, blasInt(b.stride),
      c.accumulates ? 1 : 0, c.base, blasInt(c.stride))
  }
}

extension DenseKernels.Operand where Scalar == Float {
  /// The factor by its lines: rows of a left one, columns of a right one.
  fileprivate func lines(ofRows isLeft: Bool) -> vk_factor {
    vk_factor(base: base, stride: stride, is_turned: (transposition == .none) != isLeft)
  }
}

extension Transposition {
  var cblas: CBLAS_TRANSPOSE { self == .none ? CblasNoTrans : CblasTrans }
}

/// A dimension as BLAS takes it. Debian's OpenBLAS has 32-bit integers.
func blasInt(_ value: Int) -> Int32 {
  guard let result = Int32(exactly: value) else {
    preconditionFailure("a dimension of \(value) is beyond OpenBLAS's 32-bit integers")
  }
  return result
}
