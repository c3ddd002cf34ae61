import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Training

/// Data sets and configurations for the tests of training.
enum TrainerWorlds {
  /// Users of four tastes and items of four kinds, whose features tell the kind. Of a user's
  /// `degree` items, mostly of the own kind, one is held out for validation and one for the test.
  static func dataset(
    users: Int = 60, items: Int = 40, degree: Int = 7, widths: (image: Int, text: Int) = (8, 6),
    featureScale: Double = 1
  ) throws -> FeatureDataset {
    var generator = SeededGenerator(seed: 31)
    var rows: [(Int32, Int32, UInt8)] = []
    for user in 0..<users {
      let order = generator.permutation(items)
      let own = order.filter { $0 % 4 == user % 4 }.prefix(degree - 1)
      let other = order.filter { $0 % 4 != user % 4 }.prefix(degree - own.count)
      let chosen = other + own
      for (place, item) in chosen.enumerated() {
        rows.append((Int32(user), Int32(item), UInt8(max(0, place - degree + 3))))
      }
    }
    let modalities = [("image", widths.image), ("text", widths.text)].map { name, width in
      let centers = generator.normals(4 * width)
      let noise = generator.normals(items * width)
      let elements = (0..<items * width).map { index in
        Float(
          featureScale * (centers[index / width % 4 * width + index % width] + 0.5 * noise[index]))
      }
      return FeatureMatrix(
        name: name,
        generated: Matrix(rowCount: items, columnCount: width, elements: elements))
    }
    return try FeatureDataset(
      name: "tiny", modalities: modalities.map { .features($0) },
      interactions: TrainingWorlds.interactions(users: users, items: items, rows),
      digests: Dictionary(uniqueKeysWithValues: modalities.map { ($0.name, $0.digest) }))
  }

  /// A run of small width; `overrides` as on the command line.
  static func configuration(
    _ model: String, _ overrides: [String] = [], projection: ProjectionOptions? = nil,
    seed: UInt64 = 999
  ) throws -> RunConfiguration {
    var own = ["embedding_size=8", "epochs=3", "train_batch_size=64", "learning_rate=0.01"]
    let declared = ModelCatalog.all.first { $0.name == model }?.hyperParameters.map(\.name) ?? []
    for (key, value) in [("knn_k", 5), ("encoder_width", 12)] where declared.contains(key) {
      own.append("\(key)=\(value)")
    }
    var configuration = try ConfigurationReader().read(
      model: model, dataset: "tiny", overrides: own + overrides, seed: seed
    ).runs[0]
    configuration.projection = projection
    return configuration
  }
}

/// What a run left behind, without its times.
struct RunOutcome: Equatable {
  let records: [EpochRecord]
  let users: String
  let last: CheckpointContents
  let best: CheckpointContents
  let valid: [String: Double]
  let test: [String: Double]
  let bestEpoch: Int
  let epochs: Int

  init(_ folder: RunFolder) throws {
    records = try folder.history().records.map(\.withoutSeconds)
    users = try String(contentsOfFile: folder.users, encoding: .utf8)
    last = try CheckpointContents(folder.last)
    best = try CheckpointContents(folder.best)
    let result = try JSONDecoder().decode(
      RunResult.self, from: Data(contentsOf: URL(fileURLWithPath: folder.result)))
    (valid, test) = (result.valid, result.test)
    (bestEpoch, epochs) = (result.bestEpoch, result.epochs)
  }
}

/// A checkpoint, value for value.
struct CheckpointContents: Equatable {
  let header: CheckpointHeader
  let tables: [String: Matrix<Float>]

  init(_ path: String) throws {
    let checkpoint = try Checkpoint.read(from: path)
    header = checkpoint.header
    var tables: [String: Matrix<Float>] = [:]
    for (name, table) in checkpoint.parameters { tables["parameter/\(name)"] = table.matrix }
    for (name, table) in checkpoint.buffers { tables["buffer/\(name)"] = table.matrix }
    for (name, moments) in checkpoint.moments {
      tables["first/\(name)"] = moments.first.matrix
      tables["second/\(name)"] = moments.second.matrix
    }
    for (name, modality) in checkpoint.modalities {
      tables["before/\(name)"] = modality.before
      tables["after/\(name)"] = modality.after
      tables["projection/\(name)"] = modality.projection?.matrix
      tables["basis/\(name)"] = modality.projection?.basis
      tables["mean/\(name)"] = modality.projection?.mean
    }
    self.tables = tables
  }
}

extension EpochRecord {
  var withoutSeconds: EpochRecord {
    EpochRecord(
      epoch: epoch, improved: improved, learningRate: learningRate, losses: losses, valid: valid,
      test: test, seconds: Seconds(training: 0, evaluation: 0, projection: 0, redundancy: 0),
      redundancy: redundancy)
  }
}
