import Foundation
import Recommenders
import Testing

import Training

@Suite("A run's configuration")
struct RunConfigurationTests {
  let models = SampleModels.all

  func read(_ yaml: String) throws -> RunConfiguration {
    try RunConfiguration(yaml: yaml, path: "config.yaml", models: models)
  }

  @Test func `is written as a file that MMRec's keys and values stand in`() throws {
    let run = try ConfigurationReader(models: models).read(model: "clear", dataset: "baby").runs[0]
    #expect(
      run.yaml() == """
        # One run, completely: train it again with --config and this file.
        model: clear
        dataset: baby
        seed: 999

        # Training and evaluation.
        learner: adam
        epochs: 1000
        stopping_step: 20
        train_batch_size: 2048
        learning_rate: 0.0001
        learning_rate_scheduler: [1.0, 50.0]
        weight_decay: 0.0
        eval_step: 1
        eval_batch_size: 4096
        metrics: [Recall, NDCG, Precision, MAP]
        topk: [5, 10, 20, 50]
        valid_metric: Recall@20
        filter_out_cod_start_users: true

        # Hyper-parameters of the model.
        fusion: concat
        normalized: true
        reg_weight: 0.001
        temperature: null

        # Projection of the modality embeddings.
        clear:
          rank: 8
          strength: 0.9
          interval: 1
          directions: leading
          scope: both
          energy: false

        """)
    #expect(try read(run.yaml()) == run)
  }

  @Test(arguments: [["image", "audio"], ["1", "on", "a, b"], ["text"]])
  func `names the modalities in their order`(names: [String]) throws {
    let reader = ConfigurationReader(models: models)
    let run = try reader.read(model: "clear", dataset: "baby", modalities: names).runs[0]
    #expect(run.modalities == names)
    #expect(try read(run.yaml()) == run)
  }

  static let datasets = [
    "baby", "on", "1e-05", "~", "None", "a: b", "x # y", "\"q\" \\", "tab\tline\nend",
    "Bücher 🎷", "x\u{FEFF}\u{85}\u{2028}", "\u{0}", " space ", "- a", "*a", "&a", "!t", "%d",
    "@x",
  ]

  @Test(arguments: datasets)
  func `is read back exactly whatever the data set is called`(dataset: String) throws {
    var run = try ConfigurationReader(models: models).read(model: "clear", dataset: "baby").runs[0]
    run.dataset = dataset
    let found = try read(run.yaml()).dataset
    #expect(Array(found.unicodeScalars) == Array(dataset.unicodeScalars))
  }

  static let numbers: [Double] = [
    1e-5, 0.1, 1 / 3, 1e-300, .leastNonzeroMagnitude, 0.30000000000000004, 1e16,
    1.7976931348623157e308, 7, 0,
  ]

  @Test(arguments: numbers)
  func `keeps every bit of a number`(number: Double) throws {
    var run = try ConfigurationReader(models: models).read(model: "clear", dataset: "baby").runs[0]
    run.settings.weightDecay = number
    run.settings.learningRate = number
    var values = run.hyperParameters.values
    values["learning_rate"] = .number(number)
    values["temperature"] = .number(number.truncatingRemainder(dividingBy: 1))
    run.hyperParameters = HyperParameters(values)
    run.projection?.strength = number.truncatingRemainder(dividingBy: 1)
    #expect(try read(run.yaml()) == run)
  }

  static let projections: [ProjectionOptions?] = [
    nil, ProjectionOptions(),
    ProjectionOptions(
      rank: 20, strength: 0.3, interval: 5, directions: .random, scope: .second, energyShare: 0.7),
    ProjectionOptions(directions: .trailing, scope: .first, energyShare: 1),
  ]

  @Test(arguments: projections)
  func `is read back exactly whatever was chosen`(projection: ProjectionOptions?) throws {
    for name in ["clear", "freedom", "mgcn"] {
      let text = """
        model: \(name)
        dataset: sports
        seed: 18446744073709551615
        epochs: 7
        stopping_step: 0
        train_batch_size: 1
        learning_rate_scheduler: [0.96, 12.5]
        eval_step: 3
        eval_batch_size: 9
        metrics: [MAP, Recall2]
        topk: [50, 1]
        valid_metric: map@1
        filter_out_cod_start_users: off
        """
      var run = try read(text)
      run.projection = projection
      #expect(run.seed == .max && run.settings.validMetric == MetricKey(.map, at: 1))
      #expect(try read(run.yaml()) == run)
      #expect(try read(run.yaml()).yaml() == run.yaml())
    }
  }

  @Test func `is one run of a grid`() throws {
    let reader = ConfigurationReader(models: models)
    let folder = try ConfigurationFolder()
    for run in try reader.readTexts(SampleFiles.overall, SampleFiles.freedom).runs {
      #expect(try read(run.yaml()) == run)
      #expect(try reader.read(files: [folder.write(run.yaml())]).runs == [run])
    }
    #expect(
      configurationError { _ = try read("model: clear\ndataset: baby\nseed: [1, 2]") }
        == .severalRuns(path: "config.yaml", count: 2))
  }

  @Test func `is complete for every model there is`() throws {
    for model in ModelCatalog.all {
      let run = try ConfigurationReader().read(model: model.name, dataset: "baby").runs[0]
      #expect(Set(run.hyperParameters.values.keys) == Set(model.hyperParameters.map(\.name)))
      #expect(run.projection == model.defaultProjection)
      #expect(try RunConfiguration(yaml: run.yaml(), path: "config.yaml") == run)
    }
  }

  @Test func `names the place of what is wrong`() throws {
    #expect(
      configurationError { _ = try read("model: clear\ndataset: baby\nepochs: x") }?.description
        == "config.yaml, line 3: epochs must be a whole number, at least 1, but is x")
  }
}
