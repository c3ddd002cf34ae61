import Experiments
import Figures
import Foundation
import Recommenders
import Testing
import Training

@Suite("Results of the paper")
struct PaperResultTests {
  let scratch = Scratch()
  let short = SystemOptions(settings: ["epochs=1"])

  @Test func `Table 2 has every model of the catalog with its own title`() {
    let systems = PaperResult.table2.systems()
    #expect(systems.map(\.name) == ModelCatalog.all.map(\.title))
    #expect(systems.allSatisfy { $0.trials.count == 1 && $0.trials[0].settings.isEmpty })
  }

  @Test func `selection searches the published grid, of a large one the axes, not what is set`()
    throws
  {
    let systems = PaperSystems.table2(ModelCatalog.all, SystemOptions(selects: true))
    var large: Set<String> = []
    for (system, model) in zip(systems, ModelCatalog.all) {
      let grids = model.hyperParameters.filter { $0.grid.count > 1 }
      let size = grids.map { Double($0.grid.count) }.reduce(1, *)
      if size > 100 {
        large.insert(model.name)
        let changes = grids.flatMap { key in key.grid.filter { $0 != key.defaultValue } }
        #expect(system.trials.count == 1 + changes.count, "\(system.name)")
        #expect(system.trials[0].settings.isEmpty)
        #expect(system.trials.dropFirst().allSatisfy { $0.settings.count == 1 })
        #expect(system.grid.hasPrefix("that differ from the defaults"))
      } else {
        #expect(Double(system.trials.count) == size, "\(system.name)")
        #expect(system.trials.allSatisfy { $0.settings.count == grids.count })
        #expect(system.grid == "of the published grid")
      }
      for trial in system.trials { _ = try trial.configuration(dataset: "demo", seed: 1) }
    }
    #expect(large.contains("lgmrec") && !large.contains("lightgcn"))
    let fixed = PaperSystems.table2(
      ModelCatalog.all.filter { $0.name == "mf-bpr" },
      SystemOptions(settings: ["reg_weight=3"], selects: true))
    #expect(fixed[0].trials.map(\.settings) == [["reg_weight=3"]])
  }

  @Test func `the rows of Table 3 differ from their bases in the plug-in alone`() {
    for selects in [false, true] {
      let systems = PaperSystems.table3(SystemOptions(selects: selects))
      #expect(systems.map(\.name) == ["VBPR", "VBPR + CLEAR", "FREEDOM", "FREEDOM + CLEAR"])
      for pair in [(systems[0], systems[1]), (systems[2], systems[3])] {
        #expect(pair.1.base == pair.0.name)
        #expect(pair.0.trials.map(\.settings) == pair.1.trials.map(\.settings))
        #expect(pair.0.trials.allSatisfy { $0.projection == nil })
        #expect(pair.1.trials.allSatisfy { $0.projection == PaperSystems.plugIn })
      }
    }
  }

  @Test func `Table 3 compares each plug-in with its base`() throws {
    let campaign = try TrainingCampaign(
      scratch.experiment(), PaperSystems.table3(short), seeds: [5])
    try campaign.trained()
    let table = campaign.table3()
    #expect(
      table.comparisons.map { [$0.system, $0.baseline] }
        == [["VBPR + CLEAR", "VBPR"], ["FREEDOM + CLEAR", "FREEDOM"]])
  }

  @Test func `Table 2 compares CLEAR with the strongest of the others`() throws {
    let models = ModelCatalog.all.filter { ["mf-bpr", "lightgcn", "clear"].contains($0.name) }
    let campaign = try TrainingCampaign(
      scratch.experiment(), PaperSystems.table2(models, short), seeds: [5])
    #expect(campaign.table2().comparisons.isEmpty)
    try campaign.trained()
    let comparison = try #require(campaign.table2().comparisons.first)
    #expect(comparison.system == "CLEAR")
    #expect(
      comparison.baseline == ResultTable.strongest(of: campaign.results, besides: "CLEAR"))
    let page = campaign.table2().markdown(command: "make")
    #expect(page.contains("Wilcoxon signed-rank") && page.contains("paired t-test"))
  }

  @Test func `Figure 3 has a bar for each variant that is trained`() throws {
    let campaign = try TrainingCampaign(
      scratch.experiment(), PaperSystems.figure3(short), seeds: [5])
    #expect(campaign.figure3() == nil)
    #expect(campaign.systems.count <= Figure3.mostVariants)
    var count = 0
    try campaign.train(until: { count == 2 }) { _, run in
      count += 1
      return try run.run { _ in "" }
    } report: {}
    let figure = try #require(campaign.figure3())
    #expect(figure.bars.count == 4)
    #expect(figure.bars[1].variant == "CLEAR" && figure.bars[1].seeds == 1)
    #expect(figure.bars[1].mean == campaign.results[1].runs[0].result.test["recall@20"])
  }

  @Test func `Figure 4 is the grid of strengths and ranks, and none`() throws {
    let systems = PaperSystems.figure4(short)
    #expect(systems.count == 26)
    let campaign = try TrainingCampaign(
      scratch.experiment(), [systems[0], systems[1], systems[7]], seeds: [5])
    #expect(try campaign.figure4().isEmpty)
    try campaign.trained()
    let map = try #require(try campaign.figure4().first)
    #expect(map.cells.map(\.strength) == [0, 0.3, 0.5] && map.cells.map(\.rank) == [2, 2, 4])
    #expect(
      map.cells.map(\.test)
        == campaign.results.compactMap { $0.runs[0].result.test["recall@20"] })
    #expect(map.seed == 5 && map.metric == "Recall@20")
  }

  @Test func `the default CLEAR is one run for Table 2, Figure 3 and Figure 4`() throws {
    let experiment = scratch.experiment()
    let trials = [
      PaperSystems.table2(ModelCatalog.all, short).first { $0.name == "CLEAR" },
      PaperSystems.figure3(short).first { $0.name == "CLEAR" },
      PaperSystems.figure4(short).first { $0.name == "λ = 0.9, k = 4" },
    ].compactMap { $0?.trials[0] }
    let paths = try trials.map {
      try experiment.path(of: experiment.configuration(of: $0, seed: 5))
    }
    #expect(paths.count == 3 && Set(paths).count == 1)
  }
}
