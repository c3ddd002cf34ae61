import Experiments
import Figures
import Foundation
import Recommenders
import Training

extension Notebook {
  /// The three seeds of every table.
  public static let seeds: [UInt64] = [999, 1000, 1001]

  /// What `systems` come to, trained where they are not.
  public func train(
    _ systems: [System], in experiment: Experiment, seeds: [UInt64] = Notebook.seeds
  ) throws -> [TrialResults] {
    try trained(systems, in: experiment, seeds: seeds).results
  }

  private func trained(
    _ systems: [System], in experiment: Experiment, seeds: [UInt64]
  ) throws -> TrainingCampaign {
    let campaign = try TrainingCampaign(experiment, systems, seeds: seeds)
    try campaign.train(until: { false }) { trial, run in
      print("training: \(trial.name), seed \(run.trainer.configuration.seed)")
      return try run.run { "epoch \($0.epoch)  loss \($0.losses["total"] ?? .nan)" }
    } report: {}
    return campaign
  }

  /// Trains what `result` is missing on `experiment`'s data set, writes its table and draws its
  /// figures.
  public func make(
    _ result: PaperResult, of experiment: Experiment, seeds: [UInt64] = Notebook.seeds,
    options: SystemOptions = SystemOptions()
  ) throws -> ResultTable {
    let campaign = try trained(
      result.systems(models: ModelCatalog.all, options), in: experiment, seeds: seeds)
    let table = result.table(of: campaign)
    try TableFiles.write(
      result.fileName(on: experiment.dataset), markdown: table.markdown(command: name),
      csv: table.csv, latex: table.latex, into: figures.relativePath)
    let digests = Set(campaign.results.flatMap(\.runs).map(\.result.digest)).sorted()
    let drawer = FigureDrawer(
      directory: figures,
      provenance: [
        "Software": "notebook", "Command": name,
        "Seed": seeds.map(String.init).joined(separator: " "),
        "Data digest": digests.joined(separator: " "),
      ])
    for figure in try result.draw(campaign, with: drawer) {
      print("drawn: \(figure.png.relativePath)")
    }
    print(table.printed.markdown)
    for line in table.comparisons.map(\.summary) + table.missing { print(line) }
    return table
  }

  /// Measures what `experiment` is missing of Table 4, and writes it.
  public func makeCostTable(of experiment: Experiment) throws -> CostTable {
    let trials = PaperResult.table2.systems().map { $0.trials[0] }
    // The programs of a package lie side by side.
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("clear-trainer")
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let measurement = CostMeasurement(
      program: program, options: ["--threads", "\(threads)", "--data-dir", data])
    let table = CostTable(
      dataset: experiment.dataset, seed: seed, threads: threads,
      rows: try measurement.rows(of: trials, in: experiment, seed: seed, isOver: { false }) {
        print("measuring: \($0.name)")
      })
    try TableFiles.write(
      "table-4-\(experiment.dataset)", markdown: table.markdown(command: name), csv: table.csv,
      latex: table.latex, into: figures.relativePath)
    print(table.printed.markdown)
    return table
  }
}
