import Datasets
import Synchronization
import Training

/// Reads the data set of a run, and keeps the last one: runs that follow each other mostly share
/// it.
public final class DatasetCache: Sendable {
  private struct Key: Equatable {
    let name: String
    let modalities: [String]?
    /// Only generated data depend on the seed.
    let seed: UInt64?
  }

  private let load: @Sendable (RunConfiguration) throws -> FeatureDataset
  private let last = Mutex<(key: Key, dataset: FeatureDataset)?>(nil)

  /// - Parameter load: Reads or generates what a configuration names.
  public init(_ load: @escaping @Sendable (RunConfiguration) throws -> FeatureDataset) {
    self.load = load
  }

  /// The data set that `configuration` names.
  ///
  /// - Throws: What reading it throws.
  public func dataset(of configuration: RunConfiguration) throws -> FeatureDataset {
    let isGenerated = DatasetCatalog.generated.contains(configuration.dataset)
    let key = Key(
      name: configuration.dataset, modalities: configuration.modalities,
      seed: isGenerated ? configuration.seed : nil)
    if let kept = last.withLock({ $0 }), kept.key == key { return kept.dataset }
    let dataset = try load(configuration)
    last.withLock { $0 = (key, dataset) }
    return dataset
  }
}
