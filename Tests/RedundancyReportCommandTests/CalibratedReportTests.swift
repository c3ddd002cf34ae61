import Datasets
import Foundation
import LinearAlgebra
import Testing

/// What the calibrated audit adds, through the real binary.
@Suite("Calibrated report")
struct CalibratedReportTests {
  private func put(
    _ directory: Workdir, _ name: String, _ change: (inout Matrix<Float>) -> Void = { _ in }
  ) throws {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 120, firstWidth: 7, secondWidth: 6, seed: 4)
    var matrix = name.hasPrefix("a") ? world.first : world.second
    change(&matrix)
    try NPYFile.write(matrix, to: directory.path(name))
  }

  private let few = ["--only", "quality,spectrum,overlap,similarity", "--no-figures", "--rank", "2"]

  @Test(arguments: [Float(0), .nan])
  func `items without features are refused, dropped or given the mean`(value: Float) throws {
    let directory = try Workdir()
    try put(directory, "a.npy") { matrix in
      for item in [5, 60] { for column in 0..<7 { matrix[item, column] = value } }
    }
    try put(directory, "b.npy")
    let files = ["--features", "a.npy", "b.npy"]
    let refused = try directory.run(files + few)
    #expect(refused.status == 65, "\(refused.transcript)")
    #expect(refused.errors.contains("--missing drop"), "\(refused.errors)")
    #expect(refused.errors.split(separator: "\n").count == 1)
    let dropped = try directory.run(files + few + ["--missing", "drop", "--output", "drop"])
    #expect(dropped.status == 0, "\(dropped.transcript)")
    let data = try directory.report("drop")["dataset"] as? [String: Any]
    #expect(data?["items"] as? Int == 118)
    let filled = try directory.run(files + few + ["--missing", "mean", "--output", "mean"])
    #expect(filled.status == 0, "\(filled.transcript)")
    let quality = try directory.report("mean")["quality"] as? [String: Any]
    #expect(quality?["suspiciousItems"] as? [Int] == [5, 60])
    let cleaned = try directory.report("mean")["cleaned"] as? [String: Any]
    #expect(cleaned?["removed"] as? Int == 2)
  }

  @Test func `a gate may look at any calibrated number`() throws {
    let directory = try Workdir()
    try put(directory, "a.npy")
    try put(directory, "b.npy")
    let run = ["--features", "a.npy", "b.npy"] + few + ["--permutations", "39"]
    let met = try directory.run(
      run + [
        "--fail-on", "calibration.spectrum.directionsAboveNull>=2",
        "--fail-on", "calibration.neighbors.overlaps[0].statistic.free.pValue<=0.05",
      ])
    #expect(met.status == 1, "\(met.transcript)")
    #expect(met.errors.split(separator: "\n").count == 2)
    let passed = try directory.run(run + ["--fail-on", "calibration.rank.rank>2"])
    #expect(passed.status == 0, "\(passed.transcript)")
  }

  @Test(
    arguments: [
      (["--permutations", "5"], "--permutations must be 0, or at least 19"),
      (["--permutations", "-1"], "--permutations"), (["--missing", "guess"], "--missing"),
    ])
  func `refuses`(arguments: [String], words: String) throws {
    let outcome = try Workdir().run(["--dataset", "demo", "--no-figures"] + arguments)
    #expect(outcome.status == 64, "\(outcome.transcript)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `three feature files become a matrix of pairs`() throws {
    let directory = try Workdir()
    for name in ["a.npy", "b.npy", "a2.npy"] { try put(directory, name) }
    let outcome = try directory.run(
      ["--features", "a.npy", "b.npy", "a2.npy", "--only", "pairs", "--no-figures"]
        + ["--rank", "2", "--permutations", "39", "--output", "out"])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let pairs = try directory.report("out")["pairs"] as? [String: Any]
    #expect((pairs?["pairs"] as? [Any])?.count == 3)
    let page = String(decoding: try directory.contents("out/report.html"), as: UTF8.self)
    #expect(page.contains("a / b") && page.contains("b / a2"))
  }
}
