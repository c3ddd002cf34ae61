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
  private var gradients: FloatBuffer
  private var hasGradient = false
  /// The rows that the gradient has, one after another, where it has not all of them.
  private var gradientRows: [Int32]?
  /// Steps of an optimizer that some rows still lack.
  private var rowUpdates: RowUpdates?
  /// What the elements are made from when somebody asks for them.
  private(set) var sparseFeatures: SparseFeatures?
  private var isExpanded = true
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

  /// Features that stay as they are. Where most of them are zero the others alone are kept, and the
  /// elements are made only if something asks for them; ``Tape/linear(_:weight:bias:slope:)`` does
  /// not.
  public init(features matrix: Matrix<Float>) {
    rowCount = matrix.rowCount
    columnCount = matrix.columnCount
    needsGradient = false
    values = FloatBuffer()
    gradients = FloatBuffer()
    sparseFeatures = SparseFeatures(matrix)
    isExpanded = false
    if sparseFeatures == nil { expand(matrix) }
  }

  /// The number of elements.
  public var count: Int { rowCount * columnCount }

  /// The elements, row after row.
  package var value: UnsafeMutablePointer<Float> {
    if let parent { return parent.value + firstElement }
    settle()
    if !isExpanded, let sparseFeatures { expand(sparseFeatures.matrix) }
    return values.base
  }

  private func expand(_ matrix: Matrix<Float>) {
    values.reserve(count)
    isExpanded = true
    assign(matrix)
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
    spreadGradient()
    return hasGradient ? UnsafePointer(gradients.base) : nil
  }

  /// Where a pullback adds its part of the gradient; zeros if it is the first.
  package func gradientToAddTo() -> UnsafeMutablePointer<Float> {
    if let parent { return parent.gradientToAddTo() + firstElement }
    spreadGradient()
    if !hasGradient {
      gradients.reserve(count)
      clear(gradients.base, count: count)
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
    (hasGradient, gradientRows) = (false, nil)
    parent?.clearGradient()
  }

  // MARK: Rows

  /// The gradient that has arrived where it is that of some rows only: those rows, one after
  /// another.
  var rowGradient: (rows: [Int32], values: UnsafePointer<Float>)? {
    gradientRows.map { ($0, UnsafePointer(gradients.base)) }
  }

  /// Adds the gradient of `gathered`, which is these rows of this tensor, each once.
  ///
  /// The first gradient to arrive is taken over with its memory.
  func addGradient(of gathered: Tensor, rows: [Int32]) {
    if parent == nil, !hasGradient {
      swap(&gradients, &gathered.gradients)
      gradientRows = rows
      hasGradient = true
    } else {
      scatter(gathered.gradients.base, rows, to: gradientToAddTo())
    }
  }

  /// Copies `rows`, which are distinct, to `target`; the others need not be up to date.
  func copy(_ rows: [Int32], to target: UnsafeMutablePointer<Float>) {
    if parent == nil, let rowUpdates { return rowUpdates.copy(rows, to: target) }
    let width = columnCount
    nonisolated(unsafe) let (source, target) = (value, target)
    forEachBlock(rows.count, size: max(1, (1 << 14) / max(width, 1))) { places in
      for place in places {
        (target + place * width).update(from: source + Int(rows[place]) * width, count: width)
      }
    }
  }

  /// Lets `updates` put off the steps of rows.
  func use(_ updates: RowUpdates) {
    guard rowUpdates !== updates else { return }
    settle()
    rowUpdates = updates
  }

  /// Brings every row up to date.
  func settle() { rowUpdates?.settle() }

  /// Makes the gradient of some rows one of all.
  private func spreadGradient() {
    guard let rows = gradientRows else { return }
    let own = gradients
    gradients = FloatBuffer()
    gradients.reserve(count)
    gradientRows = nil
    scatter(own.base, rows, to: gradients.base)
  }

  private func scatter(
    _ source: UnsafePointer<Float>, _ rows: [Int32], to target: UnsafeMutablePointer<Float>
  ) {
    for (place, row) in rows.enumerated() {
      let (from, to) = (source + place * columnCount, target + Int(row) * columnCount)
      for column in 0..<columnCount { to[column] += from[column] }
    }
  }

  // MARK: Reuse

  /// Takes a new shape in the same memory, which grows if it must.
  func reshape(rowCount: Int, columnCount: Int, needsGradient: Bool) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.needsGradient = needsGradient
    (hasGradient, gradientRows) = (false, nil)
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
    (hasGradient, gradientRows) = (false, nil)
    parent = tensor
    firstElement = rows.lowerBound * tensor.columnCount
  }
}
