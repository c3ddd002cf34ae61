import ArgumentParser
import Datasets
import Testing
import clear_trainer

@Suite("Options of the trainer")
struct OptionTests {
  func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `gather what sets keys`() throws {
    let options = try ConfigurationOptions.parse([
      "--model", "freedom", "--config", "a.yaml", "b.yaml", "--set", "reg_weight=1e-05", "--set",
      "note=a=b", "--set", "empty=", "--seed", "7", "--clear", "rank=4,strength=0.9",
    ])
    #expect(options.model == "freedom" && options.config == ["a.yaml", "b.yaml"])
    #expect(options.projection == "rank=4,strength=0.9")
    #expect(options.assignments == ["reg_weight=1e-05", "note=a=b", "empty="])
    #expect(options.seed == 7)
  }

  @Test(arguments: [["--set", "seed"], ["--set", "=1"], ["--seed", "-1"], ["--seed", "x"]])
  func `refuse what sets nothing`(arguments: [String]) {
    #expect(throws: (any Error).self) { try ConfigurationOptions.parse(arguments) }
  }

  @Test func `take one seed`() {
    #expect(throws: (any Error).self) {
      try ConfigurationOptions.parse(["--seed", "1", "--set", "seed=[1,2]"])
    }
  }

  @Test func `read a data set with the chosen modalities in their order`() throws {
    let data = try DatasetOptions.parse(["--dataset", "demo", "--modalities", "text,image"])
    let options = try ConfigurationOptions.parse(["--model", "vbpr"])
    var run = try #require(try options.read(data).runs.first)
    #expect(run.modalities == ["text", "image"])
    #expect(try data.directory.read(run).modalities.map(\.name) == ["text", "image"])
    run.dataset = "no-such-data"
    #expect(throws: DatasetError.self) { try data.directory.read(run) }
  }

  @Test(arguments: [["--modalities", "image,"], ["--modalities", ""], ["--dataset", ""]])
  func `refuse empty names`(arguments: [String]) {
    #expect(throws: (any Error).self) { try DatasetOptions.parse(arguments) }
  }

  @Test func `name the run's folder unless it is given`() throws {
    let options = try OutputOptions.parse([])
    #expect(options.folder(model: "vbpr", dataset: "baby", seed: 9) == "runs/vbpr-baby-9")
    let given = try OutputOptions.parse(["--output", "x", "--force"])
    #expect(given.folder(model: "vbpr", dataset: "baby", seed: 9) == "x" && given.force)
    #expect(throws: (any Error).self) { try OutputOptions.parse(["--output", ""]) }
  }

  @Test func `need at least one thread`() throws {
    #expect(try ThreadOptions.parse(["--threads", "2"]).threads == 2)
    #expect(throws: (any Error).self) { try ThreadOptions.parse(["--threads", "0"]) }
  }
}
