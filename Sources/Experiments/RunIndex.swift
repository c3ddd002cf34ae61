import Datasets
import Foundation
import Synchronization
import Training

/// Finds the run of a configuration among the folders of a folder.
final class RunIndex: Sendable {
  /// Configurations by the path of their file; nil for what is none.
  private let known = Mutex<[String: RunConfiguration?]>([:])

  /// The first folder in `folder`, by name, whose run has `configuration`, which names its
  /// modalities; nil where there is none.
  func path(of configuration: RunConfiguration, in folder: String, on dataset: FeatureDataset)
    -> String?
  {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }.first { path in
      read("\(path)/config.yaml")?.completed(by: dataset) == configuration
    }
  }

  private func read(_ path: String) -> RunConfiguration? {
    known.withLock { known in
      if let read = known[path] { return read }
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
      let read = try? RunConfiguration(yaml: text, path: path)
      known[path] = .some(read)
      return read
    }
  }
}

extension RunConfiguration {
  /// The configuration with the modalities of `dataset` where it left them to the data set; the
  /// digest of the data says whether they are still the same.
  func completed(by dataset: FeatureDataset) -> RunConfiguration {
    modalities == nil ? naming(modalitiesOf: dataset) : self
  }
}
