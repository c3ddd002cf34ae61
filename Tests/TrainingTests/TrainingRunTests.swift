import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Testing

import Training

@Suite("Training run")
struct TrainingRunTests {
  private static func run(
    _ configuration: RunConfiguration, on dataset: FeatureDataset, at path: String,
    report: (EpochRecord) -> String = { "epoch \($0.epoch)" }
  ) throws -> RunOutcome {
    let run = try TrainingRun(
      configuration, on: dataset, at: path, force: false, version: "test")
    _ = try run.run(report: report)
    return try RunOutcome(run.folder)
  }

  @Test(arguments: ModelCatalog.names)
  func `has the same bits for any number of threads`(model: String) throws {
    // Large enough for several blocks in every operation.
    let dataset = try TrainerWorlds.dataset(
      users: 700, items: 500, degree: 9, widths: (40, 24))
    var configuration = try TrainerWorlds.configuration(
      model, ["embedding_size=48", "epochs=2", "train_batch_size=1024"])
    if ModelCatalog.all.contains(where: { $0.name == model && $0.takesProjection }) {
      configuration.projection = ProjectionOptions()
    }
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let outcomes = try [1, 2, 4].map { count in
      Parallel.threadCount = count
      let folder = try ScratchFolder()
      return try Self.run(configuration, on: dataset, at: folder("run"))
    }
    #expect(outcomes[0] == outcomes[1])
    #expect(outcomes[0] == outcomes[2])
  }

  static let resumptions: [(String, [String], ProjectionOptions?)] =
    ModelCatalog.names.map { ($0, [], nil) } + [
      ("mf-bpr", ["learning_rate_scheduler=[0.5, 3]"], nil),
      ("lightgcn", ["eval_step=2"], nil),
      ("layergcn", ["dropout=0.3"], nil),
      ("vbpr", [], ProjectionOptions(rank: 2, interval: 3)),
      ("vbpr", ["weight_decay=0.01"], nil),
      ("slmrec", ["stale_scoring=true"], ProjectionOptions(rank: 2, interval: 3)),
      ("bm3", ["n_layers=2"], ProjectionOptions(rank: 2, interval: 3)),
      ("mmgcn", ["stale_scoring=false"], ProjectionOptions(rank: 2, interval: 3)),
      ("dualgnn", [], ProjectionOptions(rank: 2, interval: 3)),
      ("mmssl", ["m_topk_rate=0.1", "T=2"], ProjectionOptions(rank: 2, interval: 3)),
      ("mmssl", ["m_topk_rate=0.1", "T=2", "graphs=repaired"], nil),
      ("freedom", ["dropout=0.5", "reg_weight=0.1"], ProjectionOptions(rank: 2, interval: 3)),
      ("freedom", ["dropout=0.5", "reg_weight=0"], nil),
      ("lattice", [], ProjectionOptions(rank: 2, interval: 3)),
      ("lattice", ["cf_model=ngcf"], nil),
      ("mgcn", [], ProjectionOptions(rank: 2, interval: 3)),
      ("lgmrec", [], ProjectionOptions(rank: 2, interval: 3)),
      ("clear", ["dropout=0.3"], ProjectionOptions(rank: 2)),
      ("clear", ["project_centred=true"], ProjectionOptions(rank: 2, interval: 3)),
      ("clear", [], ProjectionOptions(rank: 2, interval: 3, scope: .second)),
      ("clear", [], ProjectionOptions(rank: 2, interval: 4, directions: .random)),
      ("clear", [], ProjectionOptions(interval: 3, energyShare: 0.6)),
      ("clear", ["stale_scoring=true", "dropout=0.3"], ProjectionOptions(interval: 2)),
      ("mentor", ["mask_weight_g=0.1"], nil),
      ("mentor", ["stale_scoring=true", "mask_gradient=true"], ProjectionOptions(interval: 3)),
      ("sand", ["ureg=0.5", "alpha_contrast=0.5"], ProjectionOptions(rank: 2, interval: 3)),
      ("sand", ["ureg=0.5", "club_pairs=corrected", "stale_scoring=true"], nil),
      ("sand", ["distancing=negative_l2", "ureg=0.5"], nil),
    ]

  @Test(arguments: resumptions.indices)
  func `resumed anywhere, ends as if uninterrupted`(index: Int) throws {
    let (model, overrides, projection) = Self.resumptions[index]
    let dataset = try TrainerWorlds.dataset()
    let configuration = try TrainerWorlds.configuration(
      model, ["epochs=7"] + overrides, projection: projection)
    let folder = try ScratchFolder()
    let manager = FileManager.default
    // A copy of the folder as it is after each epoch.
    let uninterrupted = try Self.run(configuration, on: dataset, at: folder("run")) {
      try? manager.copyItem(atPath: folder("run"), toPath: folder("after \($0.epoch)"))
      return "epoch \($0.epoch)"
    }
    #expect(uninterrupted.epochs == 7 && uninterrupted.records.count == 7)
    for epoch in [1, 4, 5, 7] {
      let path = folder("after \(epoch)")
      let resumed = try TrainingRun(resuming: path, version: "test") { read in
        #expect(read == configuration.naming(modalitiesOf: dataset))
        return dataset
      }
      #expect(resumed.trainer.epoch == epoch)
      _ = try resumed.run { "epoch \($0.epoch)" }
      let outcome = try RunOutcome(resumed.folder)
      #expect(outcome.records == uninterrupted.records, "metrics, from epoch \(epoch)")
      #expect(outcome.last == uninterrupted.last, "last, from epoch \(epoch)")
      #expect(outcome.best == uninterrupted.best, "best, from epoch \(epoch)")
      #expect(outcome == uninterrupted)
    }
  }

  @Test func `killed between a line and its checkpoint, trains that epoch again`() throws {
    let dataset = try TrainerWorlds.dataset()
    let configuration = try TrainerWorlds.configuration("mf-bpr", ["epochs=5"])
    let folder = try ScratchFolder()
    let (run, early) = (folder("run"), folder("early.safetensors"))
    let uninterrupted = try Self.run(configuration, on: dataset, at: run) {
      if $0.epoch == 2 {
        try? FileManager.default.copyItem(atPath: "\(run)/last.safetensors", toPath: early)
      }
      return ""
    }
    try FileManager.default.removeItem(atPath: "\(run)/last.safetensors")
    try FileManager.default.moveItem(atPath: early, toPath: "\(run)/last.safetensors")
    let resumed = try TrainingRun(resuming: run, version: "test") { _ in dataset }
    #expect(resumed.trainer.epoch == 2)
    #expect(try resumed.folder.history().records.count == 2)
    _ = try resumed.run { _ in "" }
    #expect(try RunOutcome(resumed.folder) == uninterrupted)
  }

  @Test func `killed before the first checkpoint, begins anew`() throws {
    let dataset = try TrainerWorlds.dataset()
    let configuration = try TrainerWorlds.configuration("mf-bpr")
    let folder = try ScratchFolder()
    let uninterrupted = try Self.run(configuration, on: dataset, at: folder("run"))
    for file in ["last.safetensors", "best.safetensors", "users.tsv", "result.json"] {
      try FileManager.default.removeItem(atPath: folder("run/\(file)"))
    }
    let resumed = try TrainingRun(resuming: folder("run"), version: "test") { _ in dataset }
    #expect(resumed.trainer.epoch == 0)
    _ = try resumed.run { _ in "" }
    #expect(try RunOutcome(resumed.folder) == uninterrupted)
  }

  @Test func `other data than it began with are refused`() throws {
    let folder = try ScratchFolder()
    _ = try Self.run(
      TrainerWorlds.configuration("mf-bpr"), on: TrainerWorlds.dataset(), at: folder("run"))
    let other = try TrainerWorlds.dataset(featureScale: 2)
    #expect(throws: CheckpointError.self) {
      try TrainingRun(resuming: folder("run"), version: "test") { _ in other }
    }
  }

  @Test func `training does not go on from a checkpoint without the optimizer's state`() throws {
    let dataset = try TrainerWorlds.dataset()
    let folder = try ScratchFolder()
    _ = try Self.run(
      TrainerWorlds.configuration("mf-bpr"), on: dataset, at: folder("run"))
    let path = folder("run/last.safetensors")
    var stripped = try Checkpoint.read(from: path)
    stripped.moments = [:]
    let best = try Checkpoint.read(from: folder("run/best.safetensors"))
    for checkpoint in [stripped, best] {
      try checkpoint.write(to: path)
      #expect(throws: CheckpointError.noOptimizerState(path: path)) {
        try TrainingRun(resuming: folder("run"), version: "test") { _ in dataset }
      }
    }
  }

  @Test func `divergence keeps the last good checkpoint and says so in the log`() throws {
    let dataset = try TrainerWorlds.dataset()
    // Epoch 1 at the base rate, epoch 2 at 1e30 times as much.
    let configuration = try TrainerWorlds.configuration(
      "freedom", ["epochs=5", "learning_rate_scheduler=[1e30, 1]"])
    let folder = try ScratchFolder()
    let run = try TrainingRun(
      configuration, on: dataset, at: folder("run"), force: false, version: "test")
    var message = ""
    do {
      _ = try run.run { "epoch \($0.epoch)" }
    } catch let error as TrainingError {
      guard case .diverged(epoch: 2, step: 2, steps: 5, _) = error else {
        Issue.record("\(error)")
        return
      }
      message = error.description
    }
    #expect(message.hasPrefix("training diverged: the loss ("))
    #expect(message.contains("epoch 2, step 2"))
    let log = try String(contentsOfFile: run.folder.log, encoding: .utf8)
    #expect(log.hasSuffix("\(message)\n") && log.hasPrefix("epoch 1\n"))
    #expect(try run.folder.history().records.map(\.epoch) == [1])
    #expect(!FileManager.default.fileExists(atPath: run.folder.result))

    let good = try TrainerWorlds.configuration("freedom", ["epochs=1"])
    let expected = try Self.run(good, on: dataset, at: folder("good"))
    let last = try Checkpoint.read(from: run.folder.last)
    #expect(last.header.epoch == 1)
    for (name, table) in last.parameters {
      #expect(table.matrix == expected.last.tables["parameter/\(name)"])
    }
  }

  @Test func `writes down what it measured`() throws {
    let folder = try ScratchFolder()
    let configuration = try TrainerWorlds.configuration(
      "clear", ["epochs=4", "project_centred=true"], projection: ProjectionOptions(rank: 2))
    let outcome = try Self.run(
      configuration, on: TrainerWorlds.dataset(), at: folder("run"))
    let best = try #require(outcome.records.last { $0.improved })
    #expect(outcome.bestEpoch == best.epoch && outcome.best.header.epoch == best.epoch)
    #expect(outcome.valid == best.valid && outcome.test == best.test)
    #expect(outcome.best.header.stepCount == nil && outcome.last.header.stepCount == 20)
    #expect(outcome.users.split(separator: "\n").count == 61)
    for (place, record) in outcome.records.enumerated() {
      let redundancy = try #require(record.redundancy)
      #expect(redundancy.rank == 2 && redundancy.strength == 0.9)
      #expect(redundancy.singularValuesBefore.count == 8)
      #expect((redundancy.angles == nil) == (place == 0))
      #expect(Set(record.losses.keys) == ["bpr", "penalty", "total"])
    }
    let tables = outcome.last.tables
    for name in ["image", "text"] {
      let q = try #require(tables["projection/\(name)"])
      let mean = try #require(tables["mean/\(name)"])
      let before = try #require(tables["before/\(name)"])
      var centred = before
      for row in 0..<before.rowCount {
        for column in 0..<before.columnCount { centred[row, column] -= mean[0, column] }
      }
      let expected = Matrix<Double>(product(centred, q))
      let after = Matrix<Double>(try #require(tables["after/\(name)"]))
      #expect((after - expected).maximumMagnitude < 1e-5)
    }
  }

  @Test func `a projection that the model cannot use is refused`() throws {
    let dataset = try TrainerWorlds.dataset()
    let configuration = try TrainerWorlds.configuration(
      "clear", ["epochs=1"], projection: ProjectionOptions(rank: 2))
    let folder = try ScratchFolder()
    _ = try Self.run(configuration, on: dataset, at: folder("run"))
    let path = folder("run/last.safetensors")
    let model = try Trainer(configuration, on: dataset).model
    func refusal(_ change: (inout Checkpoint) -> Void) throws -> CheckpointError? {
      var checkpoint = try Checkpoint.read(from: path)
      change(&checkpoint)
      do {
        try checkpoint.restore(model, path: path)
        return nil
      } catch {
        return error as? CheckpointError
      }
    }
    func with(basis: Matrix<Float>) -> (inout Checkpoint) -> Void {
      { checkpoint in
        for (name, modality) in checkpoint.modalities {
          checkpoint.modalities[name] = .init(
            before: modality.before, after: modality.after,
            projection: .init(matrix: .identity(basis.rowCount), basis: basis))
        }
      }
    }
    #expect(try refusal { _ in } == nil)
    #expect(try refusal(with(basis: normalTable(8, 2, seed: 1))) == nil)
    #expect(
      try refusal(with(basis: normalTable(5, 2, seed: 1)))
        == .wrongShape(path: path, tensor: "basis/image", found: [5, 2], expected: [8, 2]))
    #expect(
      try refusal(with(basis: normalTable(8, 9, seed: 1)))
        == .wrongShape(path: path, tensor: "basis/image", found: [8, 9], expected: [8, 2]))
    #expect(
      try refusal {
        let text = $0.modalities["text"]!
        $0.modalities["text"] = .init(before: text.before, after: text.after, projection: nil)
      } == .missingTensor(path: path, tensor: "basis/text"))
  }

  @Test(arguments: ["project_centred", "stale_scoring"])
  func `a checkpoint's model scores as it was evaluated`(flag: String) throws {
    let dataset = try TrainerWorlds.dataset()
    let configuration = try TrainerWorlds.configuration(
      "clear", ["epochs=5", "\(flag)=true", "dropout=0.2"],
      projection: ProjectionOptions(rank: 2, interval: 3))
    let folder = try ScratchFolder()
    _ = try Self.run(configuration, on: dataset, at: folder("run"))
    for file in ["last", "best"] {
      let path = folder("run/\(file).safetensors")
      let checkpoint = try Checkpoint.read(from: path)
      let fresh = try Trainer(configuration, on: dataset)
      try checkpoint.restore(fresh.model, path: path)
      let evaluation = try Evaluator(fresh.data, keys: configuration.settings.metricKeys)
        .evaluate(fresh.model.representations())
      let stored = try #require(checkpoint.header.metrics)
      #expect(evaluation.valid.averagesByName == stored.valid)
      #expect(evaluation.test.averagesByName == stored.test)
    }
  }
}
