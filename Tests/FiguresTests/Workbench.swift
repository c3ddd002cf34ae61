import Figures
import Foundation

/// A folder of its own for a test, gone with the value.
final class Workbench {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("figures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// An executable that stands in for gnuplot.
  func program(_ commands: String) throws -> String {
    let file = folder.appendingPathComponent("stand-in")
    try "#!/bin/sh\n\(commands)\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return file.path
  }

  /// A drawer into the folder `figures`.
  func drawer(
    gnuplot: GnuplotProgram = GnuplotProgram(), provenance: [String: String] = ["seed": "7"]
  ) -> FigureDrawer {
    FigureDrawer(
      directory: folder.appendingPathComponent("figures"), provenance: provenance,
      gnuplot: gnuplot)
  }

  /// Names in the folder `figures`, hidden ones too.
  var drawnNames: [String] {
    let figures = folder.appendingPathComponent("figures")
    return ((try? FileManager.default.contentsOfDirectory(atPath: figures.path)) ?? []).sorted()
  }
}

/// A figure whose commands a test chooses.
struct Sketch: Figure {
  var script = "plot table using 1:2 with linespoints"
  var height: Double { 1 }

  func table() throws(FigureError) -> FigureTable {
    var table = FigureTable(columns: ["x", "y"])
    try table.append((0..<5).map { [.count($0), .number(Double($0 * $0) / 3)] })
    return table
  }

  func commands() -> String { script }
}

/// Figures like those of real data, small.
enum Samples {
  static let spectrum = (1...40).map { 3 * pow(Double($0), -1.3) }
  static let damped = Array(zip(spectrum.indices, spectrum).map { $0 < 4 ? $1 / 100 : $1 })

  static func curve(_ name: String, center: Double) -> Figure1.Curve {
    let x = (0..<64).map { center - 0.4 + 0.8 * Double($0) / 63 }
    return Figure1.Curve(
      name: name, x: x, density: x.map { exp(-pow(($0 - center) / 0.1, 2) / 2) * 4 })
  }

  static func figure1(dataset: String = "sample", withScores: Bool = true) -> Figure1 {
    let overlaps = [5, 10, 20, 50].map { k in
      let random = Double(k) / 999
      let mean = 0.1 + random
      return Figure1.Overlap(
        k: k, mean: mean, low: mean - 0.01, high: mean + 0.02, random: random,
        lift: mean / random)
    }
    let scores = Figure1.Scores(
      first: curve("image", center: 0.5), second: curve("text", center: 0.6),
      overlapCoefficient: 0.61, k: 20)
    return Figure1(
      scores: withScores ? scores : nil, overlaps: overlaps, dataset: dataset, items: 1000,
      anchors: 500, seed: 7)
  }

  static func figure5(before: [Double] = spectrum, after: [Double] = damped) -> Figure5 {
    Figure5(
      before: before, after: after.sorted(by: >), damped: [37, 38, 39, 40], rank: 4,
      strength: 0.9, noiseEdge: 0.05, dataset: "sample", items: 1000, seed: 7)
  }

  static func figure6(
    count: Int = 200, firstModality: String = "image", secondModality: String = "text"
  ) -> Figure6 {
    // Two spirals, the second one turned and pushed aside.
    func cloud(_ shift: Double) -> Figure6.Cloud {
      let turns = (0..<count).map { Double($0) / Double(count) * 12 }
      return Figure6.Cloud(
        x: turns.map { $0 / 12 * cos($0 + shift) + shift },
        y: turns.map { $0 / 12 * sin($0 + shift) })
    }
    func map(_ shift: Double) -> Figure6.Map {
      Figure6.Map(
        first: cloud(0), second: cloud(shift), overlap: 0.8 - shift, slicedWasserstein: shift)
    }
    return Figure6(
      before: map(0.1), after: map(0.7), firstModality: firstModality,
      secondModality: secondModality, dataset: "sample", items: count, perplexity: 30, seed: 7)
  }
}

/// The cells of a table file, without its header and the lines between blocks.
func cells(_ file: URL) throws -> [[String]] {
  try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
    .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
}
