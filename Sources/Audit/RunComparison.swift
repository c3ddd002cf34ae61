import Foundation

/// What several training runs did over their epochs, side by side, as it is written to
/// `report.json`.
public struct RunComparison: Codable, Sendable, Equatable {
  /// Name and version of the format; its JSON Schema has the same name.
  public static let currentSchema = "run-comparison-1"

  public var schema = RunComparison.currentSchema
  /// The answer to whether damped directions grow back, in one sentence.
  public var headline: String
  /// One answer for each run with a projection.
  public var answers: [DampingAnswer]
  public var runs: [Run]
  /// The settings in which the runs differ.
  public var differences: [Difference]
  /// Remarks on the runs, each a sentence.
  public var notes: [String]
  public var provenance: Provenance

  /// One run.
  public struct Run: Codable, Sendable, Equatable {
    public let name: String
    public let path: String
    /// As the configuration says, where it does.
    public let model: String?
    public let dataset: String?
    public let seed: String?
    /// Rank and strength in the best epoch; absent for a model without modality embeddings.
    public let rank: Int?
    public let strength: Double?
    public let bestEpoch: Int
    public let isTruncated: Bool
    public let epochs: [Epoch]

    /// The epoch that was kept.
    public var best: Epoch? { epochs.first { $0.epoch == bestEpoch } }
  }

  /// One epoch of a run.
  public struct Epoch: Codable, Sendable, Equatable {
    public let epoch: Int
    public let recallValid: Double?
    public let recallTest: Double?
    /// σ₁…σ_k of the covariance.
    public let leadingBefore: [Double]?
    public let leadingAfter: [Double]?
    public let effectiveRankBefore: Double?
    public let effectiveRankAfter: Double?
    public let energyOfTopBefore: Double?
    public let energyOfTopAfter: Double?
    public let slicedWassersteinBefore: Double?
    public let slicedWassersteinAfter: Double?
    public let overlapBefore: Double?
    public let overlapAfter: Double?
    public let overlapRandom: Double?
    /// Degrees to the epoch before: first modality, second modality.
    public let angles: [Double]?
  }

  /// A setting and its value in every run, in the order of ``runs``; nil where a run lacks it.
  public struct Difference: Codable, Sendable, Equatable {
    public let key: String
    public let values: [String?]
  }

  /// The metric that runs are compared by.
  public static let metric = "recall@20"

  /// Compares `histories`, in their order.
  ///
  /// A run with a projection is held against the run of the same model and data set without one,
  /// of the same seed where there is one, otherwise against its own first epoch.
  ///
  /// - Precondition: there is a run.
  public init(_ histories: [RunHistory], provenance: Provenance) {
    precondition(!histories.isEmpty, "a comparison needs a run")
    runs = histories.map(Run.init)
    answers = histories.compactMap { Self.answer(for: $0, among: histories) }
    headline = Self.headline(answers)
    differences = Self.differences(histories)
    notes = histories.compactMap { run in
      run.isTruncated
        ? "\(run.name): the last line of metrics.jsonl breaks off and is left out; the run is read "
          + "up to epoch \(run.epochs[run.epochs.count - 1].epoch)" : nil
    }
    notes += histories.filter { $0.best.redundancy == nil }.map {
      "\($0.name): the model has no modality embeddings, so only its metrics are compared"
    }
    self.provenance = provenance
  }

  private static func answer(
    for run: RunHistory, among histories: [RunHistory]
  ) -> DampingAnswer? {
    guard let measured = run.best.redundancy, measured.strength > 0,
      !measured.singularValuesBefore.isEmpty
    else { return nil }
    let candidates = histories.filter { other in
      other.best.redundancy?.strength == 0
        && ["model", "dataset"].allSatisfy { other.setting($0) == run.setting($0) }
        // Of another shape there is nothing to compare.
        && other.best.redundancy?.singularValuesBefore.count
          == measured.singularValuesBefore.count
    }
    let chosen =
      candidates.first { $0.setting("seed") == run.setting("seed") } ?? candidates.first
    if let chosen, let other = chosen.best.redundancy {
      return DampingAnswer(
        run: run.name, epoch: run.best, measured: measured, reference: .unprojectedRun,
        referenceRun: chosen.name, referenceEpoch: chosen.best, referenceMeasured: other)
    }
    guard let first = run.epochs.first(where: { $0.redundancy != nil }),
      let other = first.redundancy
    else { return nil }
    return DampingAnswer(
      run: run.name, epoch: run.best, measured: measured, reference: .ownFirstEpoch,
      referenceRun: run.name, referenceEpoch: first, referenceMeasured: other)
  }

  private static func headline(_ answers: [DampingAnswer]) -> String {
    if answers.count == 1 { return answers[0].text }
    let invertible = answers.filter { $0.verdict != .notInvertible }
    guard !answers.isEmpty else {
      return "None of the runs has a projection, so there are no damped directions to grow back."
    }
    guard !invertible.isEmpty else {
      return "All runs remove the directions (λ = 1), and no growth brings them back."
    }
    let grown = invertible.filter { $0.verdict == .partial || $0.verdict == .full }
    let growths = invertible.compactMap(\.growth)
    let range =
      growths.min().flatMap { least in
        growths.max().map {
          "; the unprojected Σσ² of the damped directions is \(significant(least)) to "
            + "\(significant($0)) times its reference"
        }
      } ?? ""
    return "The encoder grows the damped directions back in \(grown.count) of \(invertible.count) "
      + "runs with λ < 1, entirely in \(grown.count { $0.verdict == .full })\(range)."
  }

  private static func differences(_ histories: [RunHistory]) -> [Difference] {
    var keys: [String] = []
    for key in histories.flatMap({ $0.settings.map(\.key) }) where !keys.contains(key) {
      keys.append(key)
    }
    return keys.compactMap { key in
      let values = histories.map { $0.setting(key) }
      return Set(values).count > 1 ? Difference(key: key, values: values) : nil
    }
  }
}

extension RunComparison.Run {
  init(_ history: RunHistory) {
    name = history.name
    path = history.path
    model = history.setting("model")
    dataset = history.setting("dataset")
    seed = history.setting("seed")
    rank = history.best.redundancy?.rank
    strength = history.best.redundancy?.strength
    bestEpoch = history.best.epoch
    isTruncated = history.isTruncated
    epochs = history.epochs.map(RunComparison.Epoch.init)
  }
}

extension RunComparison.Epoch {
  init(_ record: RunEpoch) {
    let measured = record.redundancy
    epoch = record.epoch
    recallValid = record.valid?[RunComparison.metric]
    recallTest = record.test?[RunComparison.metric]
    leadingBefore = measured.map { Array($0.singularValuesBefore.prefix($0.rank)) }
    leadingAfter = measured.map { Array($0.singularValuesAfter.prefix($0.rank)) }
    effectiveRankBefore = measured?.effectiveRankBefore
    effectiveRankAfter = measured?.effectiveRankAfter
    energyOfTopBefore = measured?.energyOfTopBefore
    energyOfTopAfter = measured?.energyOfTopAfter
    slicedWassersteinBefore = measured?.slicedWassersteinBefore
    slicedWassersteinAfter = measured?.slicedWassersteinAfter
    overlapBefore = measured?.overlapBefore
    overlapAfter = measured?.overlapAfter
    overlapRandom = measured?.overlapRandom
    angles = measured?.angles
  }
}
