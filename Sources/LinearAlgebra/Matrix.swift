/// A dense matrix in row-major order.
///
/// Features are `Matrix<Float>` with one row per item; covariances, decompositions and everything
/// that is accumulated are `Matrix<Double>`.
public struct Matrix<Scalar: BinaryFloatingPoint & Sendable>: Sendable, Equatable {
  /// Number of rows.
  public let rowCount: Int
  /// Number of columns.
  public let columnCount: Int
  /// `rowCount * columnCount` elements, row after row.
  public var elements: [Scalar]

  /// Takes over `elements`, which hold the rows one after another.
  ///
  /// - Precondition: there are `rowCount * columnCount` elements.
  @inlinable
  public init(rowCount: Int, columnCount: Int, elements: [Scalar]) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && elements.count == rowCount * columnCount,
      "\(rowCount) x \(columnCount) matrix needs \(rowCount * columnCount) elements, "
        + "got \(elements.count)")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.elements = elements
  }

  /// A matrix whose elements are all `value`.
  @inlinable
  public init(rowCount: Int, columnCount: Int, repeating value: Scalar = 0) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      elements: [Scalar](repeating: value, count: rowCount * columnCount))
  }

  /// A matrix from its rows, which all have the same length.
  public init(rows: [[Scalar]]) {
    let columnCount = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columnCount }, "rows differ in length")
    self.init(rowCount: rows.count, columnCount: columnCount, elements: rows.flatMap { $0 })
  }

  /// The identity matrix of the given order.
  public static func identity(_ order: Int) -> Matrix {
    var result = Matrix(rowCount: order, columnCount: order)
    for i in 0..<order { result[i, i] = 1 }
    return result
  }

  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(
        row >= 0 && row < rowCount && column >= 0 && column < columnCount,
        "(\(row), \(column)) is outside a \(rowCount) x \(columnCount) matrix")
      return elements[row * columnCount + column]
    }
    set {
      precondition(
        row >= 0 && row < rowCount && column >= 0 && column < columnCount,
        "(\(row), \(column)) is outside a \(rowCount) x \(columnCount) matrix")
      elements[row * columnCount + column] = newValue
    }
  }

  /// Row `index`, without copying.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Scalar> {
    elements[index * columnCount..<(index + 1) * columnCount]
  }

  /// Column `index`, copied.
  public func column(_ index: Int) -> [Scalar] {
    precondition(index >= 0 && index < columnCount, "column \(index) of \(columnCount)")
    return (0..<rowCount).map { elements[$0 * columnCount + index] }
  }
}

extension Matrix {
  /// The transpose, copied in square tiles so that both sides stay in cache.
  public func transposed() -> Matrix {
    let tile = 32
    // Strips that are worth a thread: about 64 Ki elements.
    let strips = BlockGrid(
      count: columnCount, size: max(1, (1 << 16) / max(1, rowCount * tile)) * tile)
    let turned = [Scalar](unsafeUninitializedCapacity: elements.count) { target, initialized in
      initialized = elements.count
      guard !elements.isEmpty else { return }
      let out = SharedBuffer(target)
      elements.withUnsafeBufferPointer { source in
        nonisolated(unsafe) let source = source.baseAddress!
        Parallel.forEach(strips.blockCount) { strip in
          let columns = strips.range(strip)
          for rowStart in stride(from: 0, to: rowCount, by: tile) {
            for columnStart in stride(from: columns.lowerBound, to: columns.upperBound, by: tile) {
              // Rows of the transpose one after another: theirs may lie a power of two apart, and
              // of such cache lines few stay in the cache at a time.
              for c in columnStart..<min(columnStart + tile, columns.upperBound) {
                for r in rowStart..<min(rowStart + tile, rowCount) {
                  (out.base + c * rowCount + r).initialize(to: source[r * columnCount + c])
                }
              }
            }
          }
        }
      }
    }
    return Matrix(rowCount: columnCount, columnCount: rowCount, elements: turned)
  }

  /// The first `count` columns.
  public func leadingColumns(_ count: Int) -> Matrix {
    columns(0..<count)
  }

  /// The columns in `range`.
  public func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columnCount,
      "columns \(range) of \(columnCount)")
    var result = [Scalar]()
    result.reserveCapacity(rowCount * range.count)
    for r in 0..<rowCount {
      result += elements[r * columnCount + range.lowerBound..<r * columnCount + range.upperBound]
    }
    return Matrix(rowCount: rowCount, columnCount: range.count, elements: result)
  }

  /// The rows at `indices`, in that order.
  public func rows(_ indices: some Collection<Int>) -> Matrix {
    var result = [Scalar]()
    result.reserveCapacity(indices.count * columnCount)
    for index in indices { result += row(index) }
    return Matrix(rowCount: indices.count, columnCount: columnCount, elements: result)
  }

  /// This matrix above `other`.
  public func stacked(above other: Matrix) -> Matrix {
    precondition(
      columnCount == other.columnCount, "widths differ: \(columnCount) and \(other.columnCount)")
    return Matrix(
      rowCount: rowCount + other.rowCount, columnCount: columnCount,
      elements: elements + other.elements)
  }

  /// Sum of squared elements.
  @inlinable
  public var squaredFrobeniusNorm: Double {
    var sum = 0.0
    for element in elements { sum += Double(element) * Double(element) }
    return sum
  }
}

extension Matrix where Scalar == Double {
  /// The same values in double precision.
  public init(_ other: Matrix<Float>) {
    self.init(
      rowCount: other.rowCount, columnCount: other.columnCount,
      elements: other.elements.map(Double.init))
  }

  /// Element-wise difference.
  public static func - (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rowCount == b.rowCount && a.columnCount == b.columnCount, "shapes differ")
    return Matrix(
      rowCount: a.rowCount, columnCount: a.columnCount,
      elements: zip(a.elements, b.elements).map { $0 - $1 })
  }

  /// Element-wise sum.
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rowCount == b.rowCount && a.columnCount == b.columnCount, "shapes differ")
    return Matrix(
      rowCount: a.rowCount, columnCount: a.columnCount,
      elements: zip(a.elements, b.elements).map { $0 + $1 })
  }

  /// Every element times `factor`.
  package func scaled(by factor: Double) -> Matrix {
    Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements.map { $0 * factor })
  }

  /// Multiplies column j by `factors[j]`.
  package mutating func scaleColumns(by factors: [Double]) {
    precondition(factors.count == columnCount, "\(factors.count) factors, \(columnCount) columns")
    let width = columnCount
    elements.withUnsafeMutableBufferPointer { elements in
      factors.withUnsafeBufferPointer { factors in
        for start in stride(from: 0, to: elements.count, by: max(1, width)) {
          for column in 0..<width { elements[start + column] *= factors[column] }
        }
      }
    }
  }

  /// Column j times `factors[j]`.
  package func scalingColumns(by factors: [Double]) -> Matrix {
    var result = self
    result.scaleColumns(by: factors)
    return result
  }

  /// Largest absolute element; 0 for an empty matrix.
  public var maximumMagnitude: Double { elements.reduce(0) { max($0, abs($1)) } }
}

extension Matrix where Scalar == Float {
  /// The values rounded to single precision.
  public init(_ other: Matrix<Double>) {
    self.init(
      rowCount: other.rowCount, columnCount: other.columnCount,
      elements: other.elements.map { Float($0) })
  }
}
