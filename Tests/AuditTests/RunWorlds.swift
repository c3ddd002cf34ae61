import Audit
import Foundation

/// Run folders written by hand, gone with the value.
final class RunWorld {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("runs-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a run and reads it back.
  @discardableResult
  func run(
    _ name: String, config: String = "model: clear\ndataset: tiny\nseed: 999\n", metrics: String
  ) throws -> RunHistory {
    let folder = url.appendingPathComponent(name, isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(config.utf8).write(to: folder.appendingPathComponent("config.yaml"))
    try Data(metrics.utf8).write(to: folder.appendingPathComponent("metrics.jsonl"))
    return try RunHistory(folder: folder.path)
  }

  /// A line of `metrics.jsonl` with four singular values, of which the first `rank` are projected.
  static func line(
    _ epoch: Int, improved: Bool = true, values: [Double] = [4, 2, 1, 0.5], rank: Int = 2,
    strength: Double = 0.9
  ) -> String {
    let damping = (1 - strength) * (1 - strength)
    let after = values.enumerated().map { $0 < rank ? damping * $1 : $1 }.sorted(by: >)
    return """
      {"epoch":\(epoch),"improved":\(improved),"learningRate":0.001,"losses":{"total":40.1},\
      "redundancy":{"angles":[\(90 / epoch),3.5],"effectiveRankAfter":3.1,\
      "effectiveRankBefore":2.2,"energyOfTopAfter":0.01,"energyOfTopBefore":0.95,"overlapAfter":0.1,"overlapBefore":0.2,\
      "overlapRandom":0.01,"rank":\(rank),"singularValuesAfter":\(after),\
      "singularValuesBefore":\(values),"slicedWassersteinAfter":0.3,"slicedWassersteinBefore":0.2,\
      "strength":\(strength)},"seconds":{"training":0.8},"test":{"recall@20":0.\(10 + epoch)},\
      "valid":{"recall@20":0.\(20 + epoch)}}

      """
  }
}
