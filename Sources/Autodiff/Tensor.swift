import LinearAlgebra

/// A matrix of single-precision numbers with room for its gradient, row-major.
///
/// A tensor that a ``Tape`` made is valid until the tape begins its next step, when its memory is
/// used again. The others, parameters and constants, last as long as they are held.
public final class Tensor: @unchecked Sendable {
  /// Number of rows.
  public internal(set) var rowCount: Int
  /// Number of columns.
  public internal(set) var columnCount: Int
  /// Whether a gradient flows into it.
  public internal(set) var needsGradient: Bool

  private let values: FloatBuffer
  private let gradients: FloatBuffer
  private var hasGradient = false
  /// Where the memory is when this tensor is some rows of another.
  private var parent: Tensor?
  private var firstElement = 0

  /// A tensor of zeros.
  init(rowCount: Int, columnCount: Int, needsGradient: Bool) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.needsGradient = needsGradient
    values = FloatBuffer()
    gradients = FloatBuffer()
    values.reserve(rowCount * columnCount)
  }

  /// A constant: no gradient flows into it. The matrix is copied.
  public convenience init(constant matrix: Matrix<Float>) {
    self.init(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount, needsGradient: false)
    assign(matrix)
  }

  /// The number of elements.
  public var count: Int { rowCount * columnCount }

  /// The elements, row after row.
  package var value: UnsafeMutablePointer<Float> {
    guard let parent else { return values.base }
    return parent.value + firstElement
  }

  /// The elements as a matrix, copied.
  public var matrix: Matrix<Float> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: Array(UnsafeBufferPointer(start: value, count: count)))
  }

  /// The gradient as a matrix, copied; zeros where none has arrived.
  public var gradientMatrix: Matrix<Float> {
    guard let gradient else { return Matrix(rowCount: rowCount, columnCount: columnCount) }
    return Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: Array(UnsafeBufferPointer(start: gradient, count: count)))
  }

  /// The only element of a 1 × 1 tensor.
  public var scalar: Float {
    precondition(count == 1, "a scalar is 1 x 1, this is \(rowCount) x \(columnCount)")
    return value[0]
  }

  /// Replaces the elements.
  ///
  /// - Precondition: the shapes agree.
  package func assign(_ matrix: Matrix<Float>) {
    precondition(
      matrix.rowCount == rowCount && matrix.columnCount == columnCount,
      "\(matrix.rowCount) x \(matrix.columnCount) into \(rowCount) x \(columnCount)")
    matrix.elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      value.update(from: base, count: count)
    }
  }

  /// Replaces the elements by those of `other`.
  ///
  /// - Precondition: the shapes agree.
  package func assign(_ other: Tensor) {
    precondition(
      other.rowCount == rowCount && other.columnCount == columnCount,
      "\(other.rowCount) x \(other.columnCount) into \(rowCount) x \(columnCount)")
    write(other.value, count: count, to: (value, false))
  }

  // MARK: Gradients

  /// The gradient that has arrived, or nil.
  package var gradient: UnsafePointer<Float>? {
    if let parent { return parent.gradient.map { $0 + firstElement } }
    return hasGradient ? UnsafePointer(gradients.base) : nil
  }

  /// Where a pullback adds its part of the gradient; zeros if it is the first.
  package func gradientToAddTo() -> UnsafeMutablePointer<Float> {
    if let parent { return parent.gradientToAddTo() + firstElement }
    if !hasGradient {
      gradients.reserve(count)
      fill(gradients.base, count: count, with: 0)
      hasGradient = true
    }
    return gradients.base
  }

  /// Where a pullback writes its part of the gradient, and whether it must add to what is there.
  package func gradientToWrite() -> (base: UnsafeMutablePointer<Float>, accumulates: Bool) {
    if parent == nil, !hasGradient {
      gradients.reserve(count)
      hasGradient = true
      return (gradients.base, false)
    }
    return (gradientToAddTo(), true)
  }

  /// Forgets the gradient.
  package func clearGradient() {
    hasGradient = false
    parent?.clearGradient()
  }

  // MARK: Reuse

  /// Takes a new shape in the same memory, which grows if it must.
  func reshape(rowCount: Int, columnCount: Int, needsGradient: Bool) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.needsGradient = needsGradient
    hasGradient = false
    parent = nil
    values.reserve(count)
  }

  /// Becomes the `rows` of `tensor`, in its memory.
  func view(_ rows: Range<Int>, of tensor: Tensor) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= tensor.rowCount,
      "rows \(rows) of \(tensor.rowCount)")
    rowCount = rows.count
    columnCount = tensor.columnCount
    needsGradient = tensor.needsGradient
    hasGradient = false
    parent = tensor
    firstElement = rows.lowerBound * tensor.columnCount
  }
}

/// Memory that is given back when its owner goes, and grows but never shrinks.
final class FloatBuffer {
  private(set) var base: UnsafeMutablePointer<Float>
  private var capacity: Int

  init() {
    base = .allocate(capacity: 1)
    base.initialize(to: 0)
    capacity = 1
  }

  deinit { base.deallocate() }

  /// Makes room for `count` elements; they are zero where the memory is new.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    base = .allocate(capacity: count)
    base.initialize(repeating: 0, count: count)
    capacity = count
  }
}
