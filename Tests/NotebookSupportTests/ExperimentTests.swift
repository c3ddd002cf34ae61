import Datasets
import Foundation
import NotebookSupport
import Testing

@Suite struct ExperimentTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("experiment-\(UUID().uuidString)").path

  private func trial(_ name: String, rate: String) -> Trial {
    Trial(name, model: "mf-bpr", ["epochs=3", "learning_rate=\(rate)"])
  }

  @Test func `a trial is trained once and then found again`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let experiment = Experiment(on: DemoWorld.make(seed: 1), in: folder)
    let trial = trial("short", rate: "0.01")
    let first = try experiment.run(trial, seed: 5)
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(runs == ["mf-bpr_demo_epochs-3_learning_rate-0.01_5"])
    let log = "\(folder)/\(runs[0])/log.txt"
    let written = try FileManager.default.attributesOfItem(atPath: log)[.modificationDate] as? Date
    let second = try experiment.run(trial, seed: 5)
    #expect(second.result == first.result && second.users == first.users)
    #expect(
      try FileManager.default.attributesOfItem(atPath: log)[.modificationDate] as? Date == written)
  }

  @Test func `a run that was interrupted is resumed`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let experiment = Experiment(on: DemoWorld.make(seed: 1), in: folder)
    let trial = trial("short", rate: "0.01")
    let whole = try experiment.run(trial, seed: 5)
    try FileManager.default.removeItem(
      atPath: "\(folder)/mf-bpr_demo_epochs-3_learning_rate-0.01_5/result.json")
    let resumed = try experiment.run(trial, seed: 5)
    #expect(resumed.result.test == whole.result.test)
  }

  @Test func `the trial with the best validation is selected`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let experiment = Experiment(on: DemoWorld.make(seed: 1), in: folder)
    let trials = [trial("still", rate: "0"), trial("learning", rate: "0.05")]
    let values = try trials.map {
      try experiment.run($0, seed: 5).result.valid["recall@20"] ?? 0
    }
    let best = try experiment.selected(trials, seed: 5)
    #expect(best.name == trials[values[1] > values[0] ? 1 : 0].name)
  }

  @Test func `the command of a trial names all that it sets`() {
    let trial = Trial("x", model: "vbpr", ["reg_weight=2.0"], projection: "rank=4,strength=0.9")
    #expect(
      trial.command(dataset: "tiktok", seed: 7)
        == "clear-trainer train --model vbpr --dataset tiktok --set reg_weight=2.0 "
        + "--clear rank=4,strength=0.9 --seed 7")
  }
}
