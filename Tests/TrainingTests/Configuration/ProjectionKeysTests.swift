import Recommenders
import Testing

import Training

@Suite("The option --clear")
struct ProjectionKeysTests {
  @Test func `describes the whole projection`() throws {
    let options = try ProjectionOptions.parse(
      "rank=20,strength=1,interval=5,directions=random,scope=first,energy=0.9")
    #expect(
      options
        == ProjectionOptions(
          rank: 20, strength: 1, interval: 5, directions: .random, scope: .first, energyShare: 0.9))
  }

  @Test func `leaves what it does not name`() throws {
    let base = ProjectionOptions(rank: 16, strength: 0.5, energyShare: 0.8)
    #expect(
      try ProjectionOptions.parse(" rank = 2 , energy=off", over: base)
        == ProjectionOptions(rank: 2, strength: 0.5))
    #expect(try ProjectionOptions.parse("off", over: base) == nil)
  }

  static let bad: [(String, String)] = [
    ("", "clear must be off, or parts such as rank=4,strength=0.9, but is "),
    ("on", "clear must be off, or parts such as rank=4,strength=0.9, but is on"),
    ("rank", "clear must be off, or parts such as rank=4,strength=0.9, but is rank"),
    ("rank=", "clear must be off, or parts such as rank=4,strength=0.9, but is rank="),
    ("rank=4,", "clear must be off, or parts such as rank=4,strength=0.9, but is rank=4,"),
    ("lambda=1", "there is no key lambda; the nearest is rank"),
    ("stength=1", "there is no key stength; the nearest is strength"),
    ("rank=4,off=1", "there is no key off; the nearest is rank"),
    ("rank=0", "clear.rank must be a whole number from 1 to 1000000, but is 0"),
    ("rank=1000001", "clear.rank must be a whole number from 1 to 1000000, but is 1000001"),
    ("rank=4.0", "clear.rank must be a whole number from 1 to 1000000, but is 4.0"),
    ("strength=-0.1", "clear.strength must be a number from 0.0 to 1.0, but is -0.1"),
    ("strength=nan", "clear.strength must be a number from 0.0 to 1.0, but is nan"),
    ("interval=0", "clear.interval must be a whole number, at least 1, but is 0"),
    ("directions=randon",
      "clear.directions must be one of leading, trailing, random, but is randon; the nearest is "
        + "random"),
    ("energy=1.1", "clear.energy must be off or a number above 0 and at most 1.0, but is 1.1"),
  ]

  @Test(arguments: bad)
  func `is refused with the nearest name`(text: String, expected: String) {
    let error = configurationError { _ = try ProjectionOptions.parse(text) }
    #expect(error?.description == "--clear \(text): \(expected)")
  }

  @Test func `names a key once`() {
    #expect(
      configurationError { _ = try ProjectionOptions.parse("rank=4,rank=8") }
        == .duplicateKey("rank", .option("--clear rank=4,rank=8"), column: 1))
  }

  let reader = ConfigurationReader(models: SampleModels.all)

  func projection(
    _ text: String, model: String = "freedom", overrides: [String] = [], clear: String? = nil
  ) throws -> ProjectionOptions? {
    try reader.readTexts(text, model: model, overrides: overrides, clear: clear)
      .runs[0].projection
  }

  @Test func `goes over the files and the model's default`() throws {
    #expect(try projection("", model: "clear") == ProjectionOptions(rank: 8))
    #expect(try projection("", model: "clear", clear: "off") == nil)
    #expect(try projection("clear: off", model: "clear") == nil)
    #expect(
      try projection("clear: {strength: 0.5}", model: "clear", clear: "scope=first")
        == ProjectionOptions(rank: 8, strength: 0.5, scope: .first))
    #expect(try projection("") == nil)
    #expect(try projection("clear:\n  rank: 2") == ProjectionOptions(rank: 2))
    #expect(try projection("", overrides: ["clear.rank=2"]) == ProjectionOptions(rank: 2))
    #expect(try projection("", overrides: ["clear={rank: 2}"]) == ProjectionOptions(rank: 2))
    #expect(try projection("clear: off", clear: "rank=2") == ProjectionOptions(rank: 2))
    #expect(try projection("clear: {rank: 2}", overrides: ["clear=off"]) == nil)
    #expect(try projection("clear: {rank: null}") == nil)
    #expect(try projection("clear: {}") == nil)
    #expect(try projection("clear: off", model: "lightgcn") == nil)
  }

  @Test func `switches a search over the projection off`() throws {
    let grid = try reader.readTexts(
      "clear: {rank: [2, 4], strength: 0.5}\nhyper_parameters: [clear.rank]", clear: "off")
    #expect(grid.runs.map(\.projection) == [nil])
    #expect(grid.axes == ["seed"])
  }
}
