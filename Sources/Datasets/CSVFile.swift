import LinearAlgebra

/// What is wrong with a comma-separated table. Lines count from 1, columns from 1.
public enum CSVProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// There are no rows of numbers.
  case empty
  /// A line has more or fewer fields than the first row.
  case fieldCount(line: Int, found: Int, expected: Int)
  /// A field is not a number.
  case notANumber(line: Int, column: Int, text: String)

  public var description: String {
    switch self {
    case .empty: "has no rows of numbers; one line per item with comma-separated values is needed"
    case .fieldCount(let line, let found, let expected):
      "line \(line) has \(found) \(found == 1 ? "field" : "fields") where the first row has "
        + "\(expected); give every item the same columns, separated by commas"
    case .notANumber(let line, let column, let text):
      "line \(line), column \(column) holds \(text.debugDescription), which is not a number; "
        + "only one heading line above the numbers is allowed"
    }
  }
}

/// Reads comma-separated tables of numbers.
public enum CSVFile {
  /// Reads one row per line in single precision; a first line without any number is a heading.
  ///
  /// Line ends may be LF or CRLF. `nan` and `inf` are read as such, so that they are counted.
  ///
  /// - Throws: ``DatasetError/table(path:_:)``, ``DatasetError/fileNotFound(path:)``,
  ///   ``DatasetError/unreadable(path:reason:)``.
  /// - Complexity: O(size of the file).
  public static func readMatrix(at path: String) throws -> Matrix<Float> {
    try readMatrix(in: FileMap(path: path))
  }

  static func readMatrix(in map: FileMap) throws -> Matrix<Float> {
    do {
      return try map.withBytes { try parse($0) }
    } catch let problem as CSVProblem {
      throw DatasetError.table(path: map.path, problem)
    }
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer) throws(CSVProblem) -> Matrix<Float> {
    var values: [Float] = []
    var width: Int?
    var rows = 0
    for (number, line) in TextLines(bytes).enumerated() {
      let fields = line.split(
        separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      if number == 0, fields.allSatisfy({ self.number($0) == nil }) { continue }
      if let width, fields.count != width {
        throw .fieldCount(line: number + 1, found: fields.count, expected: width)
      }
      width = fields.count
      for (column, field) in fields.enumerated() {
        guard let value = self.number(field) else {
          throw .notANumber(
            line: number + 1, column: column + 1, text: String(decoding: field, as: UTF8.self))
        }
        values.append(value)
      }
      rows += 1
    }
    guard let width, rows > 0 else { throw .empty }
    return Matrix(rowCount: rows, columnCount: width, elements: values)
  }

  private static func number(_ field: Slice<UnsafeRawBufferPointer>) -> Float? {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let start = field.drop(while: isBlank)
    let text = String(decoding: start, as: UTF8.self)
    return Float(text) ?? Float(text.trimmingSuffix(while: { $0 == " " || $0 == "\t" }))
  }
}

extension String {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var end = endIndex
    while end > startIndex, predicate(self[index(before: end)]) { end = index(before: end) }
    return self[..<end]
  }
}

/// The lines of a text file, without their ends (LF or CRLF) and without a byte order mark.
struct TextLines: Sequence, IteratorProtocol {
  private var rest: Slice<UnsafeRawBufferPointer>

  init(_ bytes: UnsafeRawBufferPointer) {
    rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
  }

  mutating func next() -> Slice<UnsafeRawBufferPointer>? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
    var line = rest[..<end]
    rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
    if line.last == 0x0D { line = line.dropLast() }
    return line
  }
}
