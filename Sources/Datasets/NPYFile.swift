import LinearAlgebra

/// A table of 32-bit integers, row after row.
public struct Int32Table: Sendable, Equatable {
  public let rowCount: Int
  public let columnCount: Int
  /// `rowCount * columnCount` values.
  public let values: [Int32]
}

/// Reads and writes numpy's `.npy` files.
///
/// Format versions 1 to 3; float16/32/64, all integers and bool; both byte orders; C and Fortran
/// order. Files are mapped, converted by blocks and released block by block, so a file of any size
/// costs no more memory than its float32 matrix.
///
/// - Reference: [NEP1].
public enum NPYFile {
  /// Reads a vector (n,) as n × 1 or a table (n, d) in single precision.
  ///
  /// Doubles beyond the range of single precision become infinite, which
  /// ``FeatureInspection`` counts as not finite.
  ///
  /// - Returns: The matrix and the file's element type under numpy's name, such as `float64`.
  /// - Throws: ``DatasetError/array(path:_:)``, ``DatasetError/fileNotFound(path:)``,
  ///   ``DatasetError/unreadable(path:reason:)``.
  public static func readMatrix(at path: String) throws -> (matrix: Matrix<Float>, dtype: String) {
    try readMatrix(in: FileMap(path: path))
  }

  static func readMatrix(in map: FileMap) throws -> (matrix: Matrix<Float>, dtype: String) {
    try withArray(in: map) { array in
      (
        Matrix(rowCount: array.rows, columnCount: array.columns, elements: array.floats()),
        array.type.rawValue
      )
    }
  }

  /// Reads a vector (n,), or a table with one column, of integers such as labels.
  ///
  /// - Throws: As ``readMatrix(at:)``.
  public static func readIntegers(at path: String) throws -> [Int] {
    try readIntegers(in: FileMap(path: path))
  }

  static func readIntegers(in map: FileMap) throws -> [Int] {
    try withArray(in: map) { array throws in
      guard array.columns == 1 else {
        throw NPYProblem.wrongDimensions([array.rows, array.columns])
      }
      return try integers(of: array)
    }
  }

  /// Reads a table (n, k) of integers such as neighbour ids.
  ///
  /// - Throws: As ``readMatrix(at:)``.
  public static func readInt32Matrix(at path: String) throws -> Int32Table {
    try readInt32Matrix(in: FileMap(path: path))
  }

  static func readInt32Matrix(in map: FileMap) throws -> Int32Table {
    try withArray(in: map) { array throws in
      let values = try integers(of: array)
      if let index = values.firstIndex(where: { Int32(exactly: $0) == nil }) {
        throw NPYProblem.integerOutOfRange(
          row: index / array.columns, column: index % array.columns)
      }
      return Int32Table(
        rowCount: array.rows, columnCount: array.columns, values: values.map { Int32($0) })
    }
  }

  /// Writes `matrix` as little-endian float32 in C order, format version 1.0.
  ///
  /// The same matrix gives the same bytes, and data start on a 64-byte boundary.
  ///
  /// - Throws: ``DatasetError/unwritable(path:reason:)``.
  public static func write(_ matrix: Matrix<Float>, to path: String) throws {
    let dictionary = "{'descr': '<f4', 'fortran_order': False, "
      + "'shape': (\(matrix.rowCount), \(matrix.columnCount)), }"
    let prefix = 10
    let length = (prefix + dictionary.utf8.count + 1 + 63) / 64 * 64 - prefix
    var header: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
    header += [UInt8(length & 0xFF), UInt8(length >> 8)]
    header += Array(dictionary.utf8)
    header += [UInt8](repeating: 0x20, count: prefix + length - 1 - header.count)
    header.append(0x0A)
    try AtomicFile.write(to: path) { writer in
      try writer.write(header)
      try matrix.elements.withUnsafeBufferPointer { try writeLittleEndian($0, to: writer) }
    }
  }

  private static func integers(of array: PackedArray) throws(NPYProblem) -> [Int] {
    guard let values = array.integers() else { throw .notIntegers(type: array.type.rawValue) }
    return values
  }

  private static func withArray<Result>(
    in map: FileMap, _ body: (PackedArray) throws -> Result
  ) throws -> Result {
    do {
      return try map.withBytes { bytes in
        let header = try NPYHeader(bytes)
        guard let base = bytes.baseAddress, (1...2).contains(header.shape.count) else {
          throw NPYProblem.wrongDimensions(header.shape)
        }
        return try body(
          PackedArray(
            base: base + header.dataOffset, type: header.type, rows: header.shape[0],
            columns: header.shape.count == 2 ? header.shape[1] : 1,
            isBigEndian: header.isBigEndian, isFortranOrder: header.isFortranOrder, map: map))
      }
    } catch let problem as NPYProblem {
      throw DatasetError.array(path: map.path, problem)
    }
  }
}

/// Writes floats as little-endian bytes, on little-endian machines without copying.
func writeLittleEndian(
  _ values: UnsafeBufferPointer<Float>, to writer: AtomicFile.Writer
) throws {
  if 1.littleEndian == 1 {
    try writer.write(UnsafeRawBufferPointer(values))
  } else {
    try values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { try writer.write($0) }
  }
}
