import LinearAlgebra

/// A table to be written: its name, its shape, and its elements where they lie in memory, so that
/// a file of hundreds of megabytes is written without a copy of them.
public struct TensorSource {
  public let name: String
  public let rowCount: Int
  public let columnCount: Int
  private let body: ((UnsafeBufferPointer<Float>) throws -> Void) throws -> Void

  /// The elements of `matrix`.
  public init(_ name: String, _ matrix: Matrix<Float>) {
    self.init(name, rowCount: matrix.rowCount, columnCount: matrix.columnCount) { use in
      try matrix.elements.withUnsafeBufferPointer { try use($0) }
    }
  }

  /// Elements that `body` lends to the closure it is given.
  ///
  /// - Parameter body: Calls its argument once, with `rowCount * columnCount` elements, row after
  ///   row.
  public init(
    _ name: String, rowCount: Int, columnCount: Int,
    _ body: @escaping ((UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
  ) {
    self.name = name
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.body = body
  }

  /// Calls `use` with the elements, row after row.
  func withElements(_ use: (UnsafeBufferPointer<Float>) throws -> Void) throws {
    try withoutActuallyEscaping(use) { use in
      try body { elements in
        precondition(
          elements.count == rowCount * columnCount,
          "\(name) is \(rowCount) x \(columnCount), but lends \(elements.count) elements")
        try use(elements)
      }
    }
  }
}
