import Recommenders
import Testing

import Training

@Suite("Grids of configurations")
struct ConfigurationGridTests {
  let reader = ConfigurationReader(models: SampleModels.all)

  @Test func `the last key moves fastest`() throws {
    let grid = try reader.readTexts(
      """
        knn_k: [5, 10]
        dropout: [0.1, 0.2]
        seed: [1, 2]
        hyper_parameters: [knn_k, dropout]
        """)
    #expect(grid.axes == ["knn_k", "dropout", "seed"])
    let points = grid.runs.map { run in
      "\(run.hyperParameters.integer("knn_k")) \(run.hyperParameters.number("dropout")) \(run.seed)"
    }
    #expect(
      points == [
        "5 0.1 1", "5 0.1 2", "5 0.2 1", "5 0.2 2", "10 0.1 1", "10 0.1 2", "10 0.2 1", "10 0.2 2",
      ])
  }

  @Test func `lists of names are joined in the order of the layers, without repeats`() throws {
    let grid = try reader.readTexts(
      "hyper_parameters: [seed, dropout]", "hyper_parameters: null\nknn_k: [1, 2]",
      "hyper_parameters: [knn_k, dropout, reg_weight]\ndropout: [0.1]\nreg_weight: [1]")
    #expect(grid.axes == ["seed", "dropout", "knn_k", "reg_weight"])
    #expect(grid.runs.count == 2)
  }

  @Test func `an override with a list is an axis, with a value it fixes one`() throws {
    let overrides = ["dropout=0.5", "knn_k=[3, 4]", "topk=[20,5]", "clear.rank=[2,4,8]"]
    let grid = try reader.readTexts(SampleFiles.freedom, overrides: overrides)
    #expect(grid.axes == ["dropout", "reg_weight", "knn_k", "clear.rank", "seed"])
    #expect(grid.runs.count == 4 * 2 * 3)
    #expect(grid.runs.allSatisfy { $0.hyperParameters.number("dropout") == 0.5 })
    #expect(grid.runs.allSatisfy { $0.settings.topK == [20, 5] })
    #expect(grid.runs.prefix(3).map(\.projection?.rank) == [2, 4, 8])
  }

  @Test func `a key that holds a list is searched over lists of lists`() throws {
    let grid = try reader.readTexts(
      """
      learning_rate_scheduler:
        - [1.0, 50]
        - [0.96, 50]
      hyper_parameters: [learning_rate_scheduler]
      """, overrides: ["metrics=[[Recall], [Recall, NDCG]]"])
    #expect(grid.runs.map(\.settings.learningRateScheduler.factor) == [1, 1, 0.96, 0.96])
    #expect(grid.runs.map(\.settings.metrics.count) == [1, 2, 1, 2])
  }

  @Test func `null in a list is the default`() throws {
    let grid = try reader.readTexts("knn_k: [null, 4]\nhyper_parameters: [knn_k]")
    #expect(grid.runs.map { $0.hyperParameters.integer("knn_k") } == [10, 4])
  }

  @Test func `an ignored key makes no runs`() throws {
    let grid = try reader.readTexts(
      """
        aggr_mode: ['add']
        lambda_coeff: [1, 2]
        hyper_parameters: [aggr_mode, lambda_coeff]
        """)
    #expect(grid.runs.count == 1 && grid.axes == ["seed"])
  }

  @Test func `a scalar seed needs no list`() throws {
    #expect(try reader.readTexts("seed: 4\nhyper_parameters: [seed]").runs.map(\.seed) == [4])
    #expect(try reader.readTexts("seed: [4, 5]").runs.map(\.seed) == [4, 5])
  }

  @Test func `a grid beyond the limit is refused before it is made`() throws {
    let list = "[\(Array(0...100).map { "\(Double($0) / 100)" }.joined(separator: ", "))]"
    let error = configurationError {
      _ = try reader.readTexts(
        "dropout: \(list)\nmm_image_weight: \(list)",
        "hyper_parameters: [dropout, mm_image_weight]")
    }
    #expect(error == .gridTooLarge(limit: 10_000))
  }
}
