/// Why the features of a trained model cannot be taken from a file.
public enum CheckpointProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is sound, but no checkpoint, or one of another format.
  case otherFormat(String?, expected: String)
  /// The metadata lack a key.
  case missing(key: String)
  /// A key of the metadata does not hold what it should.
  case malformed(key: String, value: String, expected: String)
  /// The model has fewer than two modality embeddings.
  case noEmbeddings(model: String)
  /// A tensor's shape does not fit another's.
  case otherShape(tensor: String, shape: [Int], expected: [Int])
  /// The columns of a projection's basis are not orthonormal.
  case notOrthonormal(tensor: String)

  public var description: String {
    switch self {
    case .otherFormat(let found, let expected):
      "is no checkpoint of clear-trainer: its format is "
        + "\(found.map { shortened($0).debugDescription } ?? "not given") instead of "
        + "\(expected.debugDescription); give a run folder or its best.safetensors, and feature "
        + "files with --features"
    case .missing(let key):
      "is a damaged checkpoint: its metadata have no \(key.debugDescription); train again"
    case .malformed(let key, let value, let expected):
      "is a damaged checkpoint: \(key.debugDescription) in its metadata should be \(expected), "
        + "not \(shortened(value).debugDescription); train again"
    case .noEmbeddings(let model):
      "\(shortened(model)) has no modality embeddings to diagnose; choose a model that encodes two "
        + "modalities"
    case .otherShape(let tensor, let shape, let expected):
      "is a damaged checkpoint: tensor \(tensor.debugDescription) has shape \(shape) where "
        + "\(expected) is needed; train again"
    case .notOrthonormal(let tensor):
      "is a damaged checkpoint: the columns of \(tensor.debugDescription) are not orthonormal; "
        + "train again"
    }
  }
}

/// The start of `text`, for a message that stays one line.
private func shortened(_ text: String) -> String {
  text.count <= 60 ? text : text.prefix(60) + "…"
}
