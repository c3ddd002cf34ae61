/// Why a data set cannot be read, used or written.
public enum DatasetError: Error, Equatable, Sendable {
  /// No folder of this name holds a data set.
  case notFound(MissingDataset)
  /// A named file is not there.
  case fileNotFound(path: String)
  /// A file is there but cannot be read.
  case unreadable(path: String, reason: String)
  /// A result cannot be written.
  case unwritable(path: String, reason: String)
  /// A feature file has a suffix that no reader knows.
  case unknownFormat(path: String)
  /// An array file is malformed or unsuitable.
  case array(path: String, NPYProblem)
  /// A tensor file is malformed or unsuitable.
  case tensors(path: String, SafetensorsProblem)
  /// A comma-separated table is malformed.
  case table(path: String, CSVProblem)
  /// An interaction file is malformed.
  case interactions(path: String, InteractionProblem)
  /// Labels do not describe the items.
  case labels(path: String, LabelProblem)
  /// Neighbour lists are malformed.
  case neighbors(path: String, NeighborProblem)
  /// A tensor file is no checkpoint whose features can be diagnosed.
  case checkpoint(path: String, CheckpointProblem)
  /// Features are well-formed, but no diagnostic can use them.
  case features(FeatureProblem)
  /// What was asked for by name does not exist.
  case selection(SelectionProblem)

  /// Whether input is missing, as against present but bad.
  public var isMissingInput: Bool {
    switch self {
    case .notFound, .fileNotFound: true
    default: false
    }
  }
}

extension DatasetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let missing): missing.description
    case .fileNotFound(let path): "\(path): no such file; check the path"
    case .unreadable(let path, let reason): "\(path): cannot be read (\(reason))"
    case .unwritable(let path, let reason):
      "\(path): cannot be written (\(reason)); choose another --output"
    case .unknownFormat(let path):
      "\(path): unknown kind of feature file; .npy, .safetensors and .csv can be read"
    case .array(let path, let problem): "\(path): \(problem)"
    case .tensors(let path, let problem): "\(path): \(problem)"
    case .table(let path, let problem): "\(path): \(problem)"
    case .interactions(let path, let problem): "\(path): \(problem)"
    case .labels(let path, let problem): "\(path): \(problem)"
    case .neighbors(let path, let problem): "\(path): \(problem)"
    case .checkpoint(let path, let problem): "\(path): \(problem)"
    case .features(let problem): problem.description
    case .selection(let problem): problem.description
    }
  }
}

/// Why a name or a choice of modalities leads nowhere.
public enum SelectionProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// A data set's name is empty or would lead out of the data directory.
  case invalidName(String)
  /// No generator has this name.
  case unknownSynthetic(String, known: [String])
  /// A modality that the data set does not have.
  case unknownModality(String, dataset: String, available: [String])
  /// The same modality twice.
  case repeatedModality(String)
  /// Only one modality was asked for.
  case oneModality([String])
  /// Fewer than two modalities to compare.
  case tooFewModalities(dataset: String, available: [String])

  public var description: String {
    switch self {
    case .invalidName(let name):
      "\"\(name)\" is not the name of a data set: a name is a folder in the data directory and has "
        + "no path separators; give the directory with --data-dir"
    case .unknownSynthetic(let name, let known):
      "there is no generator \"\(name)\"; choose one of \(known.joined(separator: ", "))"
    case .unknownModality(let name, let dataset, let available):
      "\(dataset) has no modality \"\(name)\"; it has \(available.joined(separator: ", "))"
    case .repeatedModality(let name):
      "modality \"\(name)\" is named twice; redundancy is measured between different modalities"
    case .oneModality(let names):
      "only \(names.joined(separator: ", ")) was chosen; redundancy is measured between "
        + "modalities, name two with --modalities"
    case .tooFewModalities(let dataset, let available):
      "\(dataset) offers \(available.count) modality (\(available.joined(separator: ", "))); "
        + "two are needed, name them with --modalities or add the missing feature file"
    }
  }
}
