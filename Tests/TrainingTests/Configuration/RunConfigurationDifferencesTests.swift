import Recommenders
import Testing
import Training

@Suite("Differences of configurations")
struct RunConfigurationDifferencesTests {
  func configuration(_ settings: [String] = [], clear: String? = nil) throws -> RunConfiguration {
    try ConfigurationReader().read(
      model: "clear", dataset: "demo", overrides: settings, clear: clear, seed: 1
    ).runs[0]
  }

  @Test func `are none between equals`() throws {
    #expect(try configuration().differences(from: configuration()).isEmpty)
  }

  @Test func `name the key and both values`() throws {
    let found = try configuration(["epochs=3", "reg_weight=0.5"])
      .differences(from: configuration(["reg_weight=0.25"]))
    #expect(found.map(\.key) == ["epochs", "reg_weight"])
    #expect(found.last?.own == "0.5" && found.last?.other == "0.25")
  }

  @Test func `tell a projection from none, and its keys from each other`() throws {
    let off = try configuration(clear: "off").differences(from: configuration())
    #expect(off == [.init(key: "clear", own: "off", other: "on")])
    let rank = try configuration(clear: "rank=7").differences(from: configuration())
    #expect(rank == [.init(key: "clear.rank", own: "7", other: "4")])
  }
}
