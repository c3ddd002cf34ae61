import Foundation
import LinearAlgebra
import Statistics
import Training

/// A fresh directory that goes away with the test.
final class ScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/training-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `file`.
  func callAsFunction(_ file: String) -> String { "\(path)/\(file)" }

  /// Writes `text` to `file`, whose folder is made.
  @discardableResult
  func write(_ text: String, to file: String) throws -> String {
    let url = URL(fileURLWithPath: self(file))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  func text(_ file: String) throws -> String {
    try String(contentsOfFile: self(file), encoding: .utf8)
  }

  func files(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(folder)).sorted()
  }
}

/// Independent standard normal numbers.
func normalTable(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Float> {
  var generator = SeededGenerator(seed: seed)
  return Matrix<Float>(
    Matrix(rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns)))
}

/// An epoch with little to say.
func epochRecord(
  _ epoch: Int, improved: Bool = true, loss: Double = 40.125, recall: Double = 0.0123,
  redundancy: RedundancySummary? = nil
) -> EpochRecord {
  EpochRecord(
    epoch: epoch, improved: improved, learningRate: 0.001,
    losses: ["total": loss, "bpr": 40], valid: ["recall@20": recall], test: ["recall@20": 0.01],
    seconds: .init(training: 0.75, evaluation: 0.25, projection: 0.004, redundancy: 0.05),
    redundancy: redundancy)
}
