/// Why a checkpoint cannot be used.
public enum CheckpointError: Error, Equatable, Sendable {
  /// A tensor file that says nothing of being a checkpoint.
  case notCheckpoint(path: String)
  /// A checkpoint of another version of the format.
  case otherFormat(path: String, found: String, expected: String)
  /// A fact about the run is missing or is not what it must be.
  case metadata(path: String, key: String, found: String?, expected: String)
  /// The configuration that it carries cannot be used.
  case configuration(path: String, ConfigurationError)
  /// Training cannot go on from it, as it can from the checkpoint of a last epoch.
  case noOptimizerState(path: String)
  /// A tensor is not there.
  case missingTensor(path: String, tensor: String)
  /// A tensor that the model does not have.
  case surplusTensor(path: String, tensor: String)
  /// A tensor has another shape than the model.
  case wrongShape(path: String, tensor: String, found: [Int], expected: [Int])
  /// A value is NaN or infinite.
  case nonFinite(path: String, tensor: String, row: Int, column: Int)
  /// It was trained as another model.
  case otherModel(path: String, found: String, expected: String)
  /// It was trained on another data set.
  case otherDataset(path: String, found: String, expected: String)
  /// The data set of that name has other contents than the one it was trained on.
  case otherContents(path: String, dataset: String, found: String, expected: String)
}

extension CheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notCheckpoint(let path):
      "\(path): is no checkpoint of clear-trainer; name a best.safetensors or last.safetensors"
    case .otherFormat(let path, let found, let expected):
      "\(path): is a checkpoint of format \(found.debugDescription), \(expected) can be read; "
        + "use the version of the program that wrote it"
    case .metadata(let path, let key, let found, let expected):
      "\(path): has \(found?.debugDescription ?? "nothing") for \(key) in its metadata, where "
        + "\(expected) is needed; use another checkpoint"
    case .configuration(let path, let problem):
      "\(path): its configuration cannot be used (\(problem)); use another checkpoint"
    case .noOptimizerState(let path):
      "\(path): has no state of the optimizer, so training cannot go on from it; restore the "
        + "last.safetensors that the run wrote, or train again with --force"
    case .missingTensor(let path, let tensor):
      "\(path): has no tensor \(tensor.debugDescription)"
        + (tensor.hasPrefix("adam.")
          ? "; training goes on from last.safetensors, which has the optimizer's state"
          : ", which the model needs; use a checkpoint of this model")
    case .surplusTensor(let path, let tensor):
      "\(path): has a tensor \(tensor.debugDescription), which the model does not; "
        + "use a checkpoint of this model"
    case .wrongShape(let path, let tensor, let found, let expected):
      "\(path): tensor \(tensor.debugDescription) is \(shape(found)), the model needs "
        + "\(shape(expected)); use the data set and the settings it was trained with"
    case .nonFinite(let path, let tensor, let row, let column):
      "\(path): tensor \(tensor.debugDescription) is not finite at row \(row), column \(column); "
        + "the training diverged or the file is damaged, use another checkpoint"
    case .otherModel(let path, let found, let expected):
      "\(path): was trained as \(found), not \(expected); name that model or another checkpoint"
    case .otherDataset(let path, let found, let expected):
      "\(path): was trained on \(found), not \(expected); name that data set or another checkpoint"
    case .otherContents(let path, let dataset, let found, let expected):
      "\(path): was trained on other contents of \(dataset) (digest \(found.prefix(12))…, these "
        + "have \(expected.prefix(12))…); find those with --data-dir, or train again"
    }
  }
}

private func shape(_ dimensions: [Int]) -> String {
  dimensions.map(String.init).joined(separator: " x ")
}
