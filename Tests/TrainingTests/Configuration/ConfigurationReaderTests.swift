import Foundation
import Recommenders
import Testing

import Training

@Suite("Reading configurations")
struct ConfigurationReaderTests {
  let reader = ConfigurationReader(models: SampleModels.all)

  @Test func `without files the defaults of protocol and model hold`() throws {
    let grid = try reader.read(model: "freedom", dataset: "baby")
    let run = try #require(grid.runs.first)
    #expect(grid.runs.count == 1 && grid.axes == ["seed"] && grid.notes.isEmpty)
    #expect(run.model == "freedom" && run.dataset == "baby" && run.seed == 999)
    #expect(run.settings == ProtocolSettings() && run.projection == nil)
    #expect(run.hyperParameters.number("dropout") == 0.8)
    #expect(run.hyperParameters.integer("knn_k") == 10)
  }

  @Test func `the published files describe the published grid`() throws {
    let grid = try reader.readTexts(SampleFiles.overall, SampleFiles.baby, SampleFiles.freedom)
    #expect(grid.axes == ["seed", "dropout", "reg_weight"])
    #expect(grid.runs.allSatisfy { $0.settings == ProtocolSettings() && $0.seed == 999 })
    let points = grid.runs.map {
      [$0.hyperParameters.number("dropout"), $0.hyperParameters.number("reg_weight")]
    }
    #expect(
      points == [
        [0.8, 0], [0.8, 1e-5], [0.8, 1e-4], [0.8, 1e-3],
        [0.9, 0], [0.9, 1e-5], [0.9, 1e-4], [0.9, 1e-3],
      ])
  }

  @Test func `SLMRec's published file describes its grid, less what it never reads`() throws {
    let text = """
      recdim: 32
      layer_num: 2
      reg: [0.0001, 0.001]
      ssl_task: 'FAC'
      learning_rate: [0.0001, 0.001, 0.01, 0.1]
      weight_decay: 1e-4
      ssl_alpha: [0.01, 0.05, 0.1, 0.5, 1.0]
      ssl_temp: [0.1, 0.2, 0.5, 1.0]
      dropout_rate: 0.3
      mm_fusion_mode: 'concat'
      temp: 0.2
      init: 'xavier'
      adj_type: 'pre'
      hyper_parameters: ["learning_rate", "ssl_temp", "ssl_alpha", "reg"]
      """
    let grid = try ConfigurationReader().readTexts(SampleFiles.overall, text, model: "slmrec")
    #expect(grid.axes == ["seed", "learning_rate", "ssl_temp", "ssl_alpha"])
    #expect(grid.runs.count == 80)
    let run = try #require(grid.runs.last)
    #expect(run.settings.weightDecay == 1e-4 && run.settings.learningRate == 0.1)
    #expect(run.hyperParameters.integer("embedding_size") == 32)
    #expect(run.hyperParameters.integer("n_layers") == 2)
    for key in ["reg", "dropout_rate"] {
      #expect(grid.notes.contains("\(key) is ignored: the model does not read it"))
    }
    for other in ["ssl_task: FD", "mm_fusion_mode: mean", "init: normal"] {
      #expect(throws: ConfigurationError.self) {
        try ConfigurationReader().readTexts(other, model: "slmrec")
      }
    }
  }

  @Test func `keys without meaning are ignored and named`() throws {
    let grid = try reader.readTexts(SampleFiles.overall, SampleFiles.baby, SampleFiles.freedom)
    #expect(grid.notes.first == "gpu_id is ignored: training runs on the processor")
    #expect(Set(grid.notes).count == grid.notes.count)
    for key in ["USER_ID_FIELD", "vocab_size", "lambda_coeff", "inter_file_name", "NEG_PREFIX"] {
      #expect(grid.notes.contains { $0.hasPrefix("\(key) is ignored: ") })
    }
    #expect(!grid.notes.contains { $0.hasPrefix("learner") || $0.hasPrefix("epochs") })
  }

  @Test func `a key that the model declares is not ignored`() throws {
    let grid = try reader.readTexts("embedding_size: 32", model: "lightgcn")
    #expect(grid.notes.isEmpty)
    #expect(grid.runs[0].hyperParameters.integer("embedding_size") == 32)
  }

  @Test func `a later layer wins`() throws {
    let texts = ["epochs: 5\neval_step: 2\nstopping_step: 3", "epochs: 6\neval_step: 3"]
    let run = try reader.readTexts(texts[0], texts[1], overrides: ["epochs=7"]).runs[0]
    #expect(run.settings.epochs == 7 && run.settings.evalStep == 3)
    #expect(run.settings.stoppingStep == 3)
  }

  @Test func `null means the default`() throws {
    let grid = try reader.readTexts(
      "epochs: 5\nknn_k: 3\ngpu_id: null\nclip_grad_norm: None", "epochs: ~\nknn_k:\n")
    #expect(grid.runs[0].settings.epochs == 1000)
    #expect(grid.runs[0].hyperParameters.integer("knn_k") == 10)
    #expect(grid.notes.isEmpty)
  }

  @Test func `a model changes the defaults of the protocol`() throws {
    let clear = try reader.read(model: "clear", dataset: "baby").runs[0]
    #expect(clear.settings.learningRate == 1e-4)
    #expect(clear.hyperParameters.number("learning_rate") == 1e-4)
    let faster = try reader.readTexts("learning_rate: 0.01", model: "clear").runs[0]
    #expect(faster.settings.learningRate == 0.01)
    #expect(faster.hyperParameters.number("learning_rate") == 0.01)
    let mgcn = try reader.read(model: "MGCN", dataset: "baby").runs[0]
    #expect(mgcn.model == "mgcn")
    #expect(mgcn.settings.learningRateScheduler == LearningRateSchedule(factor: 0.96, period: 50))
  }

  @Test func `numbers are read as MMRec reads them`() throws {
    let run = try reader.readTexts(
      "reg_weight: 1e-04\nweight_decay: '1e-4'\nlearning_rate: 2E-3\nepochs: 1_000\ntopk: 20"
    ).runs[0]
    #expect(run.hyperParameters.values["reg_weight"] == .number(1e-4))
    #expect(run.settings.weightDecay == 1e-4 && run.settings.learningRate == 2e-3)
    #expect(run.settings.epochs == 1000 && run.settings.topK == [20])
  }

  @Test func `words may be written in capitals or not`() throws {
    let run = try reader.readTexts(
      "metrics: [recall, ndcg]\nvalid_metric: NDCG@10", "learner: Adam\nmodel: Freedom",
      model: nil
    ).runs[0]
    #expect(run.settings.metrics == [.recall, .ndcg])
    #expect(run.settings.validMetric == MetricKey(.ndcg, at: 10))
    #expect(run.model == "freedom")
  }

  @Test(arguments: ["filter_out_cod_start_users", "filter_out_cold_start_users"])
  func `the cold start filter is known by both spellings`(key: String) throws {
    #expect(try !reader.readTexts("\(key): no").runs[0].settings.filterOutColdStartUsers)
  }

  @Test(arguments: ["", "\n# nothing\n", "---\n", "\u{FEFF}"])
  func `an empty file changes nothing`(text: String) throws {
    #expect(try reader.readTexts(text).runs == reader.read(model: "freedom", dataset: "baby").runs)
  }

  @Test func `what the command line names wins over the files`() throws {
    let folder = try ConfigurationFolder()
    let file = try folder.write("model: clear\ndataset: sports\nseed: 7\n")
    let run = try reader.read(files: [file]).runs[0]
    #expect(run.model == "clear" && run.dataset == "sports" && run.seed == 7)
    let other = try reader.read(model: "freedom", dataset: "baby", files: [file], seed: .max)
    #expect(other.runs[0].model == "freedom" && other.runs[0].dataset == "baby")
    #expect(other.runs[0].seed == .max)
  }
}
