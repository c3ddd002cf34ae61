import Experiments
import Foundation
import Recommenders
import Testing
import Training

@Suite("Training campaign")
struct TrainingCampaignTests {
  let scratch = Scratch()
  let two = [System(trial("slow", rate: "0.01")), System(trial("quick", rate: "0.05"))]

  @Test func `every system has one seed before any has two`() throws {
    let campaign = try TrainingCampaign(scratch.experiment(), two, seeds: [5, 6])
    var order: [String] = []
    try campaign.train(until: { false }) { trial, run in
      order.append("\(trial.name) \(run.trainer.configuration.seed)")
      return try run.run { _ in "" }
    } report: {}
    #expect(order == ["slow 5", "quick 5", "slow 6", "quick 6"])
    #expect(campaign.results.allSatisfy { $0.runs.count == 2 && $0.missing.isEmpty })
  }

  @Test func `no run is begun when the time is spent`() throws {
    let campaign = try TrainingCampaign(scratch.experiment(), two, seeds: [5, 6])
    var count = 0
    try campaign.train(until: { count == 3 }) { _, run in
      count += 1
      return try run.run { _ in "" }
    } report: {}
    #expect(campaign.results.map(\.runs.count) == [2, 1])
    #expect(campaign.results.map(\.missing) == [[], [6]])
    #expect(scratch.files().count == 3)
  }

  @Test func `a table that was interrupted becomes the uninterrupted one`() throws {
    let whole = try TrainingCampaign(scratch.experiment(), two, seeds: [5, 6])
    try whole.trained()
    var epochs = 0
    for _ in 0..<20 {
      // The time ends behind every epoch.
      let part = try TrainingCampaign(scratch.experiment(seed: 1, "parts"), two, seeds: [5, 6])
      epochs = 0
      try part.train(until: { epochs >= 1 }) { _, run in
        try run.run(until: { epochs >= 1 }) { _ in
          epochs += 1
          return ""
        }
      } report: {}
    }
    #expect(epochs == 0)
    let resumed = try TrainingCampaign(scratch.experiment(seed: 1, "parts"), two, seeds: [5, 6])
    func csv(_ campaign: TrainingCampaign) -> String {
      ResultTable(title: "", dataset: "demo", results: campaign.results, published: []).csv
    }
    #expect(csv(resumed) == csv(whole))
    let users = [resumed, whole].map { $0.results.map { $0.runs.map(\.users) } }
    #expect(users[0] == users[1])
  }

  @Test func `validation chooses among candidates, and a plug-in follows its base`() throws {
    let rates = ["0", "0.05"]
    func trials(_ name: String) -> [Trial] { rates.map { trial(name, rate: $0) } }
    let systems = [
      System("base", choosingAmong: trials("base")),
      System("base + more", choosingAmong: trials("base + more"), base: "base"),
    ]
    let results = try TrainingCampaign(scratch.experiment(), systems, seeds: [5, 6]).trained()
    let experiment = scratch.experiment()
    let values = try rates.map {
      try experiment.finished(trial(rate: $0), seed: 5).result.valid["recall@20"] ?? 0
    }
    let chosen = values[1] > values[0] ? "0.05" : "0"
    #expect(results[0].trial.settings.contains("learning_rate=\(chosen)"))
    #expect(results[1].trial.settings == results[0].trial.settings)
    #expect(results[0].runs.count == 2)
    // Two candidates with the first seed, the chosen one with the second.
    #expect(scratch.files().count == 3)
  }

  @Test func `what diverges and what cannot run are rows that say so`() throws {
    let systems = [
      System(Trial("wild", model: "mf-bpr", ["epochs=3", "learning_rate=1e30"])),
      System(
        Trial("wide", model: "clear", ["epochs=1"], projection: "rank=65,strength=0.9")),
      System(trial("tame")),
    ]
    let campaign = try TrainingCampaign(scratch.experiment(), systems, seeds: [5])
    let results = try campaign.trained()
    #expect(results[0].problem?.contains("diverged") == true && campaign.divergences == 1)
    #expect(results[1].problem?.contains("65") == true)
    #expect(results[2].problem == nil && results[2].runs.count == 1)
    #expect(results.map(\.missing) == [[5], [5], []])
  }

  @Test func `what a table prints is what the runs' results say`() throws {
    let campaign = try TrainingCampaign(scratch.experiment(), two, seeds: [5])
    try campaign.trained()
    let table = campaign.table2()
    for row in table.rows {
      let result = try RunResult(at: "\(row.results.runs[0].folder)/result.json")
      for (metric, cell) in zip(table.metrics, row.cells) {
        #expect(cell.own?.mean == result.test[metric])
        let text = String(format: "%.4f", try #require(result.test[metric]))
        #expect(table.printed.markdown.contains(text))
      }
    }
  }
}
