import Datasets
import Recommenders
import Training

/// Trains the systems of a table, every one with one seed before any with the second, and knows
/// what is there meanwhile.
///
/// Training that ends early leaves runs that are resumed, so that a table which is interrupted and
/// asked for again is the one that an uninterrupted training gives.
public final class TrainingCampaign {
  public let experiment: Experiment
  public let systems: [System]
  public let seeds: [UInt64]

  /// By configuration.
  private var finished: [String: FinishedRun] = [:]
  private var problems: [String: Problem] = [:]

  private enum Problem {
    case cannotRun(String)
    case diverged(String)

    var text: String {
      switch self {
      case .cannotRun(let text), .diverged(let text): text
      }
    }
  }

  /// Looks for what is trained already.
  ///
  /// - Precondition: there is a seed.
  /// - Throws: As ``Experiment/state(of:)``, before anything is trained.
  public init(_ experiment: Experiment, _ systems: [System], seeds: [UInt64]) throws {
    precondition(!seeds.isEmpty, "a table needs a seed")
    self.experiment = experiment
    self.systems = systems
    self.seeds = seeds
    for seed in seeds {
      for trial in systems.flatMap(\.trials) {
        let configuration = try experiment.configuration(of: trial, seed: seed)
        guard finished[configuration.yaml()] == nil else { continue }
        if case .finished(let run) = try experiment.state(of: configuration) {
          finished[configuration.yaml()] = run
        }
      }
    }
  }

  /// Trains what is missing.
  ///
  /// - Parameters:
  ///   - isOver: Whether the time is spent: no further run is then begun.
  ///   - train: Trains one run to its end; nil when the time was spent before.
  ///   - report: Called after every run.
  /// - Throws: What training throws, other than that a model cannot run on the data set or
  ///   diverges, which ``results`` tell.
  public func train(
    until isOver: () -> Bool, _ train: (Trial, TrainingRun) throws -> RunResult?,
    report: () throws -> Void
  ) throws {
    for seed in seeds {
      for system in systems {
        let trials =
          seed == seeds[0] ? candidates(of: system) : [chosen(of: system)].compactMap(\.self)
        for trial in trials {
          if isOver() { return }
          if try attempt(trial, seed: seed, train) { try report() }
        }
      }
    }
  }

  /// Whether something was trained.
  private func attempt(
    _ trial: Trial, seed: UInt64, _ train: (Trial, TrainingRun) throws -> RunResult?
  ) throws -> Bool {
    let configuration = try experiment.configuration(of: trial, seed: seed)
    let key = configuration.yaml()
    guard finished[key] == nil, problems[key] == nil else { return false }
    do {
      finished[key] = try experiment.run(configuration) { try train(trial, $0) }
    } catch let error as ModelError {
      problems[key] = .cannotRun("\(error)")
    } catch let error as TrainingError where error.isDivergence {
      problems[key] = .diverged("\(error)")
    }
    return true
  }

  /// Number of runs that have diverged.
  public var divergences: Int {
    problems.values.count { if case .diverged = $0 { true } else { false } }
  }

  // MARK: What is there

  /// The trials of `system`; with the settings that its base has come to, where it has one.
  private func candidates(of system: System) -> [Trial] {
    guard let base = systems.first(where: { $0.name == system.base }) else { return system.trials }
    let settings = chosen(of: base)?.settings
    return system.trials.filter { $0.settings == settings }
  }

  /// The trial with the best validation metric at the first seed, the first of equals; nil before
  /// one is finished, or the first where there is no choice.
  private func chosen(of system: System) -> Trial? {
    let candidates = candidates(of: system)
    guard candidates.count > 1 else { return candidates.first }
    var best: (trial: Trial, value: Double)?
    for trial in candidates {
      guard let run = run(of: trial, seed: seeds[0]),
        let configuration = try? experiment.configuration(of: trial, seed: seeds[0]),
        let value = run.result.valid["\(configuration.settings.validMetric)"]
      else { continue }
      if value > best?.value ?? -.infinity { best = (trial, value) }
    }
    return best?.trial
  }

  private func run(of trial: Trial, seed: UInt64) -> FinishedRun? {
    (try? experiment.configuration(of: trial, seed: seed)).flatMap { finished[$0.yaml()] }
  }

  private func problem(of trial: Trial) -> String? {
    seeds.lazy.compactMap { seed in
      (try? self.experiment.configuration(of: trial, seed: seed))
        .flatMap { self.problems[$0.yaml()]?.text }
    }.first
  }

  /// How many candidates of `system` are finished at the first seed, of how many.
  public func progress(of system: System) -> (finished: Int, of: Int) {
    let candidates = candidates(of: system)
    return (candidates.count { run(of: $0, seed: seeds[0]) != nil }, candidates.count)
  }

  /// What is there of every system, in their order.
  public var results: [TrialResults] {
    systems.map { system in
      let trial = chosen(of: system) ?? system.trials[0]
      let runs = seeds.map { run(of: trial, seed: $0) }
      return TrialResults(
        trial, runs.compactMap(\.self), missing: zip(seeds, runs).filter { $1 == nil }.map(\.0),
        problem: problem(of: trial))
    }
  }
}
