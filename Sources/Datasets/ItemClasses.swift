import Foundation

/// What is wrong with labels or category names.
public enum LabelProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is not one label per item.
  case count(labels: Int, items: Int)
  /// A label below 0. Rows count from 0.
  case negative(row: Int, label: Int)
  /// A label without a name in the category file. Rows count from 0.
  case unnamed(row: Int, label: Int, names: Int, file: String)
  /// A category line without a name. Lines count from 1.
  case blank(line: Int)
  /// A file of a kind that holds no labels.
  case unknownFormat

  public var description: String {
    switch self {
    case .count(let labels, let items):
      "has \(labels) labels for \(items) items; one per item is needed, in the order of the "
        + "feature rows"
    case .negative(let row, let label):
      "row \(row) holds the label \(label); classes count from 0"
    case .unnamed(let row, let label, let names, let file):
      "row \(row) holds the label \(label), but \(file) names \(names) classes "
        + "(0 to \(names - 1)); add the missing names"
    case .blank(let line): "line \(line) is blank; write one category name per line"
    case .unknownFormat:
      "is not a label file; give an .npy of integers or a .txt with one category name per line"
    }
  }
}

/// The class of every item.
public struct ItemClasses: Sendable, Equatable {
  /// Class of each item, counted from 0.
  public let ids: [Int]
  /// Name of each class, where known.
  public let names: [String]?
  /// Where the classes come from, for captions: `10 classes from labels.npy`.
  public let description: String

  public init(ids: [Int], names: [String]?, description: String) {
    self.ids = ids
    self.names = names
    self.description = description
  }

  /// Number of different classes that occur.
  public var count: Int { Set(ids).count }

  /// Reads integers from an `.npy` file, or one category name per item and line from a text file.
  ///
  /// - Parameters:
  ///   - path: The labels.
  ///   - itemCount: Items that need one.
  ///   - namesPath: A text file whose line k names class k, for integer labels.
  /// - Throws: ``DatasetError/labels(path:_:)``, ``DatasetError/array(path:_:)``,
  ///   ``DatasetError/fileNotFound(path:)``, ``DatasetError/unreadable(path:reason:)``.
  public static func read(
    _ path: String, itemCount: Int, namesPath: String? = nil
  ) throws -> ItemClasses {
    let url = URL(fileURLWithPath: path)
    let map = try FileMap(path: path)
    let file = url.lastPathComponent
    switch url.pathExtension.lowercased() {
    case "npy":
      let ids = try NPYFile.readIntegers(in: map)
      let names = try namesPath.map { try lines(FileMap(path: $0)) }
      try check(ids, names: names, namesPath: namesPath, itemCount: itemCount, path: path)
      return ItemClasses(
        ids: ids, names: names, description: "\(Set(ids).count) classes from \(file)")
    case "txt", "csv", "tsv":
      let categories = try lines(map)
      let names = Set(categories).sorted()
      let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
      let ids = categories.compactMap { places[$0] }
      try check(ids, names: nil, namesPath: nil, itemCount: itemCount, path: path)
      return ItemClasses(
        ids: ids, names: names, description: "\(names.count) categories from \(file)")
    default: throw DatasetError.labels(path: path, .unknownFormat)
    }
  }

  /// The classes of the items at `kept`.
  func keepingItems(_ kept: [Int]) -> ItemClasses {
    ItemClasses(ids: kept.map { ids[$0] }, names: names, description: description)
  }

  private static func check(
    _ ids: [Int], names: [String]?, namesPath: String?, itemCount: Int, path: String
  ) throws(DatasetError) {
    guard ids.count == itemCount else {
      throw .labels(path: path, .count(labels: ids.count, items: itemCount))
    }
    if let row = ids.firstIndex(where: { $0 < 0 }) {
      throw .labels(path: path, .negative(row: row, label: ids[row]))
    }
    if let names, let namesPath, let row = ids.firstIndex(where: { $0 >= names.count }) {
      throw .labels(
        path: path, .unnamed(row: row, label: ids[row], names: names.count, file: namesPath))
    }
  }

  private static func lines(_ map: FileMap) throws(DatasetError) -> [String] {
    let lines = map.withBytes { bytes in
      TextLines(bytes).map { String(decoding: $0, as: UTF8.self) }
    }
    if let blank = lines.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
      throw .labels(path: map.path, .blank(line: blank + 1))
    }
    return lines
  }
}
