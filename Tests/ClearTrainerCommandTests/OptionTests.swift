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

  @Test func `gather what sets keys, the seed last`() throws {
    let options = try ConfigurationOptions.parse([
      "--model", "freedom", "--config", "a.yaml", "b.yaml", "--set", "reg_weight=1e-05", "--set",
      "note=a=b", "--set", "empty=", "--seed", "7", "--clear", "rank=4,strength=0.9",
    ])
    #expect(options.model == "freedom" && options.config == ["a.yaml", "b.yaml"])
    #expect(options.projection == "rank=4,strength=0.9")
    let keys = ["reg_weight", "note", "empty", "seed"]
    #expect(options.overrides.map(\.key) == keys)
    #expect(options.overrides.map(\.value) == ["1e-05", "a=b", "", "7"])
    #expect(try ConfigurationOptions.parse([]).overrides.isEmpty)
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
    let options = try DatasetOptions.parse(["--dataset", "demo", "--modalities", "text,image"])
    let data = try options.read(#require(options.dataset), seed: 1)
    #expect(data.modalities.map(\.name) == ["text", "image"])
    #expect(throws: DatasetError.self) {
      try DatasetOptions.parse([]).read("no-such-data", seed: 1)
    }
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
