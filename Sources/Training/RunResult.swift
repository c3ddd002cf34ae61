import Foundation

/// What came of a run: `result.json`.
public struct RunResult: Codable, Sendable, Equatable {
  /// Why training ended.
  public enum Ending: String, Codable, Sendable {
    /// The validation metric had stopped improving.
    case earlyStopping
    /// All epochs were trained.
    case epochs
  }

  public let model: String
  public let dataset: String
  public let seed: UInt64
  /// Digest of the data set's inputs.
  public let digest: String
  /// Numbers that are trained.
  public let parameterCount: Int
  public let epochs: Int
  public let ending: Ending
  /// The first epoch with the best validation metric, rounded to 4 decimals; 0 if none was
  /// evaluated.
  public let bestEpoch: Int
  /// Validation and test metrics of that epoch, unrounded.
  public let valid: [String: Double]
  public let test: [String: Double]
  /// Median wall-clock seconds of an epoch's parts.
  public let medianSeconds: EpochRecord.Seconds
  /// Largest resident memory of the process, in bytes.
  public let peakMemory: Int

  /// Reads the file at `path`.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``,
  ///   ``RunFolderError/malformed(path:line:expected:)``.
  public init(at path: String) throws(RunFolderError) {
    let text = try LineFile.text(path)
    do {
      self = try JSONDecoder().decode(RunResult.self, from: Data(text.utf8))
    } catch {
      throw .malformed(path: path, line: 1, expected: "the result of a run")
    }
  }

  init(
    _ trainer: Trainer, best: CheckpointHeader.Metrics?, digest: String, history: EpochHistory
  ) {
    let configuration = trainer.configuration
    model = configuration.model
    dataset = configuration.dataset
    seed = configuration.seed
    self.digest = digest
    parameterCount = trainer.model.parameters.reduce(0) { $0 + $1.tensor.count }
    epochs = trainer.epoch
    ending = trainer.stopping.shouldStop ? .earlyStopping : .epochs
    bestEpoch = trainer.stopping.state.bestEpoch
    valid = best?.valid ?? [:]
    test = best?.test ?? [:]
    let seconds = history.records.map(\.seconds)
    func median(_ part: (EpochRecord.Seconds) -> Double) -> Double {
      let sorted = seconds.map(part).sorted()
      return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
    medianSeconds = .init(
      training: median(\.training), evaluation: median(\.evaluation),
      projection: median(\.projection), redundancy: median(\.redundancy))
    peakMemory = peakResidentMemory()
  }
}

/// The largest resident memory of this process so far, in bytes; 0 where it is not known.
private func peakResidentMemory() -> Int {
  var usage = rusage()
  guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
  return usage.ru_maxrss * 1024
}
