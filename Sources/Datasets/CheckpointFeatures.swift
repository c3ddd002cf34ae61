import Foundation
import LinearAlgebra

extension FeatureDataset {
  /// The format of the checkpoints that are read.
  public static let checkpointFormat = "clear-checkpoint-1"

  /// The file that `path` stands for: itself, or the best checkpoint of a run folder.
  public static func checkpointFile(at path: String) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { return path }
    return (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/best.safetensors"
  }

  /// The modality embeddings of a trained model: what its encoders made of the features, before
  /// its projection, which ``projection`` holds where there is one.
  ///
  /// - Parameters:
  ///   - path: A checkpoint, or a run folder, whose best checkpoint is then taken.
  ///   - modalities: Which to read, or nil for the first two.
  /// - Throws: ``DatasetError/checkpoint(path:_:)``, ``DatasetError/tensors(path:_:)``,
  ///   ``DatasetError/fileNotFound(path:)``, ``DatasetError/unreadable(path:reason:)``,
  ///   ``DatasetError/selection(_:)``.
  public static func checkpoint(
    _ path: String, modalities requested: [String]? = nil
  ) throws -> FeatureDataset {
    let file = checkpointFile(at: path)
    do {
      return try CheckpointReader(file: file).dataset(requested)
    } catch let problem as CheckpointProblem {
      throw DatasetError.checkpoint(path: file, problem)
    }
  }

  /// This data set with the classes and interactions of `other`, whose items are the same.
  ///
  /// - Throws: ``DatasetError/features(_:)`` when the numbers of items differ.
  public func addingKnowledge(of other: FeatureDataset) throws(DatasetError) -> FeatureDataset {
    guard other.itemCount == itemCount else {
      throw .features(
        .rowsDiffer(
          first: name, firstRows: itemCount, second: other.name, secondRows: other.itemCount))
    }
    var result = self
    result.classes = other.classes
    result.interactions = other.interactions
    result.digests.merge(other.digests) { own, _ in own }
    if let trained, trained.dataset != other.name {
      result.notes.append(
        "classes and interactions are those of \(other.name); the model was trained on "
          + trained.dataset)
    }
    return result
  }
}

/// Reads one checkpoint.
private struct CheckpointReader {
  let file: String
  let archive: SafetensorsArchive

  init(file: String) throws {
    self.file = file
    archive = try SafetensorsArchive(path: file)
    let expected = FeatureDataset.checkpointFormat
    guard metadata["format"] == expected else {
      throw CheckpointProblem.otherFormat(metadata["format"], expected: expected)
    }
  }

  private var metadata: [String: String] { archive.metadata }

  func dataset(_ requested: [String]?) throws -> FeatureDataset {
    let model = try text("model")
    let available = (metadata["modalities"] ?? "").split(separator: ",").map(String.init)
      .filter { archive.shape(of: "features.before/\($0)") != nil }
    guard available.count >= 2 else { throw CheckpointProblem.noEmbeddings(model: model) }
    let trainedOn = try text("dataset")
    let name = "\(model) on \(trainedOn)"
    let chosen = try requested.map {
      try ModalityChoice.choose($0, from: available, dataset: name)
    } ?? Array(available.prefix(2))
    let digest = try Digest.sha256(fileAt: file)
    var before: [FeatureMatrix] = []
    var bases: [String: Matrix<Float>] = [:]
    for modality in chosen {
      let matrix = try archive.matrix("features.before/\(modality)")
      before.append(
        FeatureMatrix(name: modality, matrix: matrix, dtype: "float32", path: file, digest: digest))
      bases[modality] = try basis(of: modality, before: matrix)
    }
    let setting = try bases.values.first.map { basis in
      TrainedModel.Setting(rank: basis.columnCount, strength: try strength())
    }
    var result = try FeatureDataset(
      name: name, modalities: before.map(Modality.features),
      notes: available.count > chosen.count
        ? [
          "compares \(chosen.joined(separator: ", ")) out of \(available.joined(separator: ", "))"
            + "; choose others with --modalities"
        ] : [],
      digests: [URL(fileURLWithPath: file).lastPathComponent: digest])
    result.trained = TrainedModel(
      model: model, dataset: trainedOn, epoch: try number("epoch", "a natural number"),
      seed: try number("seed", "a natural number"), version: try text("version"),
      digest: try text("digest"), metrics: try metrics(), projection: setting)
    result.projection = setting.map {
      FittedProjection(rank: $0.rank, strength: $0.strength, bases: bases)
    }
    return result
  }

  /// The basis of the projection that a modality went through, or nil where it stayed as it was.
  private func basis(of modality: String, before: Matrix<Float>) throws -> Matrix<Float>? {
    let after = try archive.matrix("features.after/\(modality)")
    guard after.rowCount == before.rowCount, after.columnCount == before.columnCount else {
      throw CheckpointProblem.otherShape(
        tensor: "features.after/\(modality)", shape: [after.rowCount, after.columnCount],
        expected: [before.rowCount, before.columnCount])
    }
    guard after != before else { return nil }
    let tensor = "basis/\(modality)"
    let basis = try archive.matrix(tensor)
    let rank = try number("rank", "the number of projected directions") as Int
    guard basis.rowCount == before.columnCount, basis.columnCount == rank else {
      throw CheckpointProblem.otherShape(
        tensor: tensor, shape: [basis.rowCount, basis.columnCount],
        expected: [before.columnCount, rank])
    }
    let exact = Matrix<Double>(basis)
    let gram = product(exact, .transposed, exact, .none)
    // Rounded to single precision, products of unit vectors are right to about 1e-6.
    guard basis.elements.allSatisfy(\.isFinite),
      (gram - .identity(rank)).maximumMagnitude < 1e-3
    else {
      throw CheckpointProblem.notOrthonormal(tensor: tensor)
    }
    return basis
  }

  private func text(_ key: String) throws(CheckpointProblem) -> String {
    guard let value = metadata[key] else { throw .missing(key: key) }
    return value
  }

  private func number<Number: LosslessStringConvertible & FixedWidthInteger>(
    _ key: String, _ expected: String
  ) throws(CheckpointProblem) -> Number {
    let value = try text(key)
    guard let number = Number(value), number >= 0 else {
      throw .malformed(key: key, value: value, expected: expected)
    }
    return number
  }

  private func strength() throws(CheckpointProblem) -> Double {
    let value = try text("strength")
    guard let strength = Double(value), (0...1).contains(strength) else {
      throw .malformed(key: "strength", value: value, expected: "a number from 0 to 1")
    }
    return strength
  }

  /// The epoch's metrics, where it was evaluated.
  private func metrics() throws(CheckpointProblem) -> TrainedModel.Metrics? {
    guard let value = metadata["metrics"] else { return nil }
    do {
      return try JSONDecoder().decode(TrainedModel.Metrics.self, from: Data(value.utf8))
    } catch {
      throw .malformed(
        key: "metrics", value: value, expected: "the JSON of validation and test metrics")
    }
  }
}
