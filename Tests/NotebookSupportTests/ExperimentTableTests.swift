import Datasets
import Foundation
import NotebookSupport
import Testing

@Suite struct ExperimentTableTests {
  @Test func `a cell is the mean, with the deviation where there is one`() {
    #expect(ExperimentTable.cell((0.12345, 0.00111)) == "0.1235 ± 0.0011")
    #expect(ExperimentTable.cell((0.5, nil)) == "0.5000")
  }

  @Test func `rows become a Markdown table`() {
    #expect(
      ExperimentTable.markdown(header: ["a", "b"], rows: [["1", "2"]])
        == "| a | b |\n| --- | --- |\n| 1 | 2 |\n")
  }

  @Test func `means, deviations and differences are taken over seeds and users`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("table-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let experiment = Experiment(on: DemoWorld.make(seed: 1), in: folder)
    func row(rate: String) throws -> ExperimentTable.Row {
      let trial = Trial(rate, model: "mf-bpr", ["epochs=2", "learning_rate=\(rate)"])
      return .init(trial, try experiment.runs(trial, seeds: [5, 6]))
    }
    let (still, learning) = (try row(rate: "0"), try row(rate: "0.05"))
    let values = learning.runs.compactMap { $0.result.test["recall@20"] }
    let (mean, deviation) = learning.test("recall@20")
    #expect(abs(mean - (values[0] + values[1]) / 2) < 1e-15)
    #expect(abs(try #require(deviation) - abs(values[0] - values[1]) / 2.0.squareRoot()) < 1e-15)

    let users = learning.perUser("recall@20")
    #expect(abs(users.values.reduce(0, +) / Double(users.count) - mean) < 1e-12)
    let difference = try #require(learning.difference(from: still, "recall@20", seed: 1))
    #expect(abs(difference.meanDifference - (mean - still.test("recall@20").mean)) < 1e-12)
    #expect(difference.count == users.count)
    #expect(learning.difference(from: learning, "recall@20", seed: 1)?.pValue == 1)
  }
}
