import Datasets
import Experiments
import Foundation
import Testing
import Training

@Suite("Experiment")
struct ExperimentTests {
  let scratch = Scratch()

  @Test func `a run is trained once and then found again`() throws {
    let experiment = scratch.experiment()
    let first = try experiment.finished(trial(), seed: 5)
    #expect(scratch.files() == ["mf-bpr_demo_epochs-2_learning_rate-0.01_5"])
    let log = "\(first.folder)/log.txt"
    let written = try FileManager.default.attributesOfItem(atPath: log)[.modificationDate] as? Date
    #expect(try experiment.finished(trial(), seed: 5) == first)
    #expect(
      try FileManager.default.attributesOfItem(atPath: log)[.modificationDate] as? Date == written)
  }

  @Test func `a run is known by its configuration, whatever its folder is called`() throws {
    let experiment = scratch.experiment()
    let first = try experiment.finished(trial(rate: "0.01"), seed: 5)
    try FileManager.default.moveItem(atPath: first.folder, toPath: "\(experiment.folder)/mine")
    let again = try experiment.finished(trial(rate: "1e-2"), seed: 5)
    #expect(again.result == first.result && again.folder.hasSuffix("/mine"))
    #expect(scratch.files() == ["mine"])
  }

  @Test func `a run that left its modalities to the data set is found by its data`() throws {
    let experiment = scratch.experiment()
    let first = try experiment.finished(trial(), seed: 5)
    let file = "\(first.folder)/config.yaml"
    let lines = try String(contentsOfFile: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let unnamed = lines.filter { !$0.hasPrefix("modalities:") }.joined(separator: "\n")
    #expect(unnamed.count < lines.joined(separator: "\n").count)
    try unnamed.write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.moveItem(atPath: first.folder, toPath: "\(experiment.folder)/old")
    #expect(try scratch.experiment().finished(trial(), seed: 5).result == first.result)
    #expect(scratch.files() == ["old"])
  }

  @Test func `a run that was interrupted is resumed to the same result`() throws {
    let whole = try scratch.experiment().finished(trial(epochs: 3), seed: 5)
    let experiment = scratch.experiment(seed: 1, "halves")
    let configuration = try experiment.configuration(of: trial(epochs: 3), seed: 5)
    let part = try experiment.run(configuration) { run in
      try run.run(until: { true }) { _ in "" }
    }
    #expect(part == nil)
    guard case .interrupted = try experiment.state(of: configuration) else {
      Issue.record("the run is not interrupted")
      return
    }
    let resumed = try experiment.finished(trial(epochs: 3), seed: 5)
    #expect(resumed.result.test == whole.result.test && resumed.users == whole.users)
  }

  @Test func `a run of another configuration in its place is refused with the difference`() throws {
    let experiment = scratch.experiment()
    let slow = try experiment.finished(trial(rate: "0.01"), seed: 5)
    let quick = try experiment.path(
      of: experiment.configuration(of: trial(rate: "0.05"), seed: 5))
    try FileManager.default.moveItem(atPath: slow.folder, toPath: quick)
    let error = #expect(throws: ExperimentError.self) {
      try experiment.finished(trial(rate: "0.05"), seed: 5)
    }
    #expect("\(try #require(error))".contains("learning_rate is 0.01 there and 0.05 here"))
  }

  @Test func `a run on other data is refused`() throws {
    _ = try scratch.experiment(seed: 1).finished(trial(), seed: 5)
    let error = #expect(throws: ExperimentError.self) {
      try scratch.experiment(seed: 2).finished(trial(), seed: 5)
    }
    #expect("\(try #require(error))".contains("other data"))
  }

  @Test func `a checkpoint of another format is refused`() throws {
    let experiment = scratch.experiment()
    let run = try experiment.finished(trial(), seed: 5)
    let file = "\(run.folder)/last.safetensors"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let old = Data("clear-checkpoint-1".utf8)
    let place = try #require(bytes.range(of: old))
    var changed = bytes
    changed.replaceSubrange(place, with: Data("clear-checkpoint-0".utf8))
    try changed.write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: CheckpointError.self) {
      try experiment.finished(trial(), seed: 5)
    }
    #expect("\(try #require(error))".contains("clear-checkpoint-0"))
  }

  @Test func `a folder of something else is left alone`() throws {
    let experiment = scratch.experiment()
    let path = try experiment.path(of: experiment.configuration(of: trial(), seed: 5))
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data("thesis".utf8).write(to: URL(fileURLWithPath: "\(path)/thesis.tex"))
    #expect(throws: ExperimentError.foreignFolder(path: path)) {
      try experiment.finished(trial(), seed: 5)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["thesis.tex"])
  }

  @Test func `a list of values is no single run`() throws {
    let list = Trial("x", model: "mf-bpr", ["reg_weight=[0.1,0.2]"])
    #expect(throws: ExperimentError.severalRuns(trial: "x", axes: ["reg_weight", "seed"])) {
      try scratch.experiment().configuration(of: list, seed: 5)
    }
  }

  @Test func `the command of a trial names all that it sets`() {
    let trial = Trial("x", model: "vbpr", ["reg_weight=2.0"], projection: "rank=4,strength=0.9")
    #expect(
      trial.command(dataset: "tiktok", seed: 7)
        == "clear-trainer train --model vbpr --dataset tiktok --set reg_weight=2.0 "
        + "--clear rank=4,strength=0.9 --seed 7")
    let quoted = Trial("x", model: "vbpr", ["topk=[5, 10]"], files: ["my file.yaml"])
    #expect(
      quoted.command(dataset: "demo", seed: 7)
        == "clear-trainer train --model vbpr --dataset demo --config 'my file.yaml' "
        + "--set 'topk=[5, 10]' --seed 7")
  }
}
