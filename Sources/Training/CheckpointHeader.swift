import Foundation

/// What a checkpoint says of the run it comes from: the file's metadata.
public struct CheckpointHeader: Sendable, Equatable {
  /// The metrics of one epoch, unrounded, by key such as `recall@20`.
  public struct Metrics: Codable, Sendable, Equatable {
    public let valid: [String: Double]
    public let test: [String: Double]

    public init(valid: [String: Double], test: [String: Double]) {
      self.valid = valid
      self.test = test
    }
  }

  /// The projection in force.
  public struct Projection: Sendable, Equatable {
    /// Redundancy rank k.
    public let rank: Int
    /// Projection strength λ, 0 to 1.
    public let strength: Double

    public init(rank: Int, strength: Double) {
      self.rank = rank
      self.strength = strength
    }
  }

  /// What the file's metadata say under `format`.
  public static let format = "clear-checkpoint-1"

  /// Version of the program that wrote it.
  public let version: String
  /// Name of the model, such as `freedom`.
  public let model: String
  /// Name of the data set.
  public let dataset: String
  /// Epochs that have been trained.
  public let epoch: Int
  public let seed: UInt64
  /// One SHA-256 of the data set's inputs.
  public let digest: String
  /// The run's complete configuration, as YAML.
  public let config: String
  /// Names of the modalities with embeddings, the first one first; empty for a model without any.
  public let modalities: [String]
  /// Nil when nothing is projected.
  public let projection: Projection?
  /// Metrics of this epoch; nil when it was not evaluated.
  public let metrics: Metrics?
  /// Steps that the optimizer has taken; nil in a checkpoint without its state.
  public let stepCount: Int?
  /// The stopping rule's state, as JSON.
  public let state: String

  /// - Parameter state: The stopping rule's state, from which ``state(as:path:)`` makes it again.
  /// - Throws: `EncodingError` when the state holds a number that is not finite.
  public init(
    version: String, model: String, dataset: String, epoch: Int, seed: UInt64, digest: String,
    config: String, modalities: [String], projection: Projection?, metrics: Metrics?,
    stepCount: Int?, state: some Encodable
  ) throws {
    self.version = version
    self.model = model
    self.dataset = dataset
    self.epoch = epoch
    self.seed = seed
    self.digest = digest
    self.config = config
    self.modalities = modalities
    self.projection = projection
    self.metrics = metrics
    self.stepCount = stepCount
    self.state = try json(state)
  }

  /// The stopping rule's state.
  ///
  /// - Parameter path: The file, for the message.
  /// - Throws: ``CheckpointError/metadata(path:key:found:expected:)``.
  public func state<State: Decodable>(
    as type: State.Type, path: String
  ) throws(CheckpointError) -> State {
    do {
      return try JSONDecoder().decode(type, from: Data(state.utf8))
    } catch {
      throw .metadata(path: path, key: "state", found: state, expected: "a stopping rule's state")
    }
  }
}

extension CheckpointHeader {
  /// The metadata of the file.
  func metadata() throws -> [String: String] {
    var metadata = [
      "format": Self.format, "version": version, "model": model, "dataset": dataset,
      "epoch": String(epoch), "seed": String(seed), "digest": digest, "config": config,
      "modalities": modalities.joined(separator: ","), "state": state,
    ]
    metadata["rank"] = projection.map { String($0.rank) }
    metadata["strength"] = projection.map { String($0.strength) }
    metadata["metrics"] = try metrics.map { try json($0) }
    metadata["adam.step"] = stepCount.map { String($0) }
    return metadata
  }

  /// Reads the metadata of the file at `path`.
  init(_ metadata: [String: String], path: String) throws(CheckpointError) {
    guard let format = metadata["format"] else { throw .notCheckpoint(path: path) }
    guard format == Self.format else {
      throw format.hasPrefix("clear-checkpoint-")
        ? .otherFormat(path: path, found: format, expected: Self.format)
        : .notCheckpoint(path: path)
    }
    let facts = Facts(metadata: metadata, path: path)
    version = try facts.text("version")
    model = try facts.text("model")
    dataset = try facts.text("dataset")
    epoch = try facts.value("epoch", "a whole number from 0") { Int($0) } where: { $0 >= 0 }
    seed = try facts.value("seed", "a whole number from 0") { UInt64($0) }
    digest = try facts.text("digest")
    config = try facts.text("config")
    modalities = try facts.text("modalities").split(separator: ",").map(String.init)
    state = try facts.text("state")
    if metadata["rank"] == nil, metadata["strength"] == nil {
      projection = nil
    } else {
      projection = Projection(
        rank: try facts.value("rank", "a whole number from 1") { Int($0) } where: { $0 >= 1 },
        strength: try facts.value("strength", "a number from 0 to 1") { Double($0) } where: {
          (0...1).contains($0)
        })
    }
    metrics =
      metadata["metrics"] == nil
      ? nil
      : try facts.value("metrics", "metrics of validation and test") {
        try? JSONDecoder().decode(Metrics.self, from: Data($0.utf8))
      }
    stepCount =
      metadata["adam.step"] == nil
      ? nil
      : try facts.value("adam.step", "a whole number from 0 to 2^53") { Int($0) } where: {
        (0...1 << 53).contains($0)
      }
  }
}

/// Metadata by key, with the file for messages.
private struct Facts {
  let metadata: [String: String]
  let path: String

  func text(_ key: String) throws(CheckpointError) -> String {
    guard let text = metadata[key] else {
      throw .metadata(path: path, key: key, found: nil, expected: "a text")
    }
    return text
  }

  func value<Value>(
    _ key: String, _ expected: String, _ parse: (String) -> Value?,
    where isAllowed: (Value) -> Bool = { _ in true }
  ) throws(CheckpointError) -> Value {
    guard let text = metadata[key], let value = parse(text), isAllowed(value) else {
      throw .metadata(path: path, key: key, found: metadata[key], expected: expected)
    }
    return value
  }
}

/// `value` as JSON on one line, keys sorted.
///
/// - Throws: `EncodingError` when a number is not finite.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
