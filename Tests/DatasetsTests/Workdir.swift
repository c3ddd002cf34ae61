import Datasets
import Foundation
import LinearAlgebra
import Statistics
import Testing

/// A fresh directory that goes away with the test.
final class Workdir {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/datasets-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `file`, its folder made.
  func callAsFunction(_ file: String) throws -> String {
    let url = URL(fileURLWithPath: "\(path)/\(file)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    return url.path
  }

  @discardableResult
  func write(_ bytes: [UInt8], to file: String) throws -> String {
    let path = try self(file)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @discardableResult
  func write(_ text: String, to file: String) throws -> String {
    try write(Array(text.utf8), to: file)
  }

  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  static func path(_ file: String) -> String { "\(folder)/\(file)" }

  static func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(file))))
  }

  /// Element (r, c) is 3r + c, minus `offset`.
  static func table(minus offset: Float) -> Matrix<Float> {
    Matrix(rowCount: 5, columnCount: 3, elements: (0..<15).map { Float($0) - offset })
  }
}

/// Real data beside the package, where it has been put.
enum RealData {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/data").standardizedFileURL.path
  static let isThere = FileManager.default.fileExists(atPath: folder)
  static let search = DatasetSearch(
    dataDirectory: folder, environment: [:], workingDirectory: "/nowhere")
}

/// The error that `body` throws.
func datasetError(_ body: () throws -> Void) -> DatasetError? {
  do {
    try body()
    return nil
  } catch {
    return error as? DatasetError
  }
}

func normalMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Float> {
  var generator = SeededGenerator(seed: seed)
  return Matrix<Float>(
    Matrix(rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns)))
}
