import CommandSupport
import Experiments
import Figures
import Foundation
import Training

extension SweepReport {
  /// Maps of the chosen metric over strengths and ranks, one for each seed; none where something
  /// else varies.
  var heatMaps: [Figure4] {
    guard Set(plan.axes) == ["clear.strength", "clear.rank"] else { return [] }
    let configurations = plan.points.map(\.configuration)
    // Without projection every rank is the same one.
    let anyRank = configurations.compactMap(\.projection?.rank).min() ?? 1
    let seeds = configurations.map(\.seed).reduce(into: [UInt64]()) { seeds, seed in
      if !seeds.contains(seed) { seeds.append(seed) }
    }
    return seeds.compactMap { seed in
      let cells = zip(configurations, outcomes).compactMap { configuration, outcome in
        cell(configuration, outcome, seed: seed, rank: anyRank)
      }
      guard !cells.isEmpty else { return nil }
      return Figure4(
        cells: cells, metric: configurations[0].settings.validMetric.title,
        dataset: configurations[0].dataset, seed: seed)
    }
  }

  private func cell(
    _ configuration: RunConfiguration, _ outcome: SweepOutcome, seed: UInt64, rank: Int
  ) -> Figure4.Cell? {
    guard configuration.seed == seed, case .finished(let result) = outcome else { return nil }
    return Figure4.Cell(configuration, result, metric: metric, anyRank: rank)
  }

  /// Draws the maps into `folder`.
  ///
  /// - Throws: ``FigureError``.
  func draw(into folder: SweepFolder) throws {
    let digests = outcomes.compactMap { outcome in
      if case .finished(let result) = outcome { result.digest } else { nil }
    }
    for figure in heatMaps {
      let drawer = FigureDrawer(
        directory: URL(fileURLWithPath: "\(folder.path)/figures", isDirectory: true),
        provenance: [
          "Software": "clear-trainer \(ToolVersion.current)",
          "Command": commandLine(of: "clear-trainer"), "Seed": "\(figure.seed)",
          "Data digest": Set(digests).sorted().joined(separator: " "),
        ])
      _ = try drawer.draw(figure, named: "figure-4-seed-\(figure.seed)")
    }
  }
}
