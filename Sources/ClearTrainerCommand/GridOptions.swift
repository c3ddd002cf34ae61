import ArgumentParser
import CommandSupport
import Recommenders
import Training

/// Which grid is swept.
struct GridOptions: ParsableArguments {
  /// A grid with a name.
  enum Named: String, ExpressibleByArgument, CaseIterable { case published }

  @Option(
    help: ArgumentHelp(
      "The grid of a name: published, the values that the model's paper searched.",
      valueName: "name"))
  var grid: Named?

  @Option(
    help: ArgumentHelp(
      "Projection strengths λ; 0.3,0.5,0.7,0.9 unless other lists are given.",
      valueName: "λ,λ,…"))
  var strengths: String?

  @Option(
    help: ArgumentHelp(
      "Redundancy ranks k; 2,4,8,16,20 unless other lists are given.", valueName: "k,k,…"))
  var ranks: String?

  @Option(
    help: ArgumentHelp(
      "Seeds to train every point with; the table then shows their mean and deviation.",
      valueName: "n,n,…"))
  var seeds: String?

  func validate() throws {
    try Self.check(strengths, "--strengths takes numbers above 0 and up to 1") {
      Double($0).map { $0 > 0 && $0 <= 1 } ?? false
    }
    try Self.check(ranks, "--ranks takes whole numbers from 1") { Int($0).map { $0 >= 1 } ?? false }
    try Self.check(seeds, "--seeds takes whole numbers from 0") { UInt64($0) != nil }
  }

  private static func check(
    _ list: String?, _ rule: String, _ isAllowed: (Substring) -> Bool
  ) throws {
    guard let list else { return }
    let words = list.split(separator: ",", omittingEmptySubsequences: false)
    guard words.allSatisfy(isAllowed), Set(words).count == words.count else {
      throw ValidationError("\(rule), each once, comma-separated; got '\(list)'.")
    }
  }

  /// The trainings that the options describe, and what the user should know of them.
  ///
  /// - Throws: ``ConfigurationError``; ``CommandFailure`` when there is nothing to sweep.
  func plan(
    _ options: ConfigurationOptions, _ data: DatasetOptions
  ) throws -> (plan: SweepPlan, notes: [String]) {
    let seedList = seeds.map { ["seed=[\($0)]"] } ?? []
    let plain = try options.read(data, over: seedList)
    let model = plain.runs[0].model
    let takesProjection = ModelCatalog.all.contains { $0.name == model && $0.takesProjection }
    let hasLists = plain.axes.contains { $0 != "seed" }
    let sweepsProjection =
      strengths != nil || ranks != nil || grid == nil && !hasLists && takesProjection
    var lists = seedList
    if grid == .published { lists += publishedLists(of: model) }
    if sweepsProjection {
      lists += [
        "clear.strength=[\(strengths ?? "0.3,0.5,0.7,0.9")]",
        "clear.rank=[\(ranks ?? "2,4,8,16,20")]",
      ]
    }
    guard hasLists || lists.count > seedList.count || seeds != nil else {
      throw CommandFailure.usage(
        "\(model) takes no projection, so there is no grid by default; use --grid published, or "
          + "give lists such as --set reg_weight=[0.1,0.01]")
    }
    let swept = try options.read(data, over: lists)
    guard !sweepsProjection || swept.runs.allSatisfy({ $0.projection != nil }) else {
      throw CommandFailure.usage("--clear off leaves no strengths and ranks to sweep; leave it out")
    }
    return (SweepPlan(swept, withBaseline: sweepsProjection), swept.notes)
  }

  /// The published grid of `model`, as overrides.
  private func publishedLists(of model: String) -> [String] {
    let parameters = ModelCatalog.all.first { $0.name == model }?.hyperParameters ?? []
    return parameters.filter { $0.grid.count > 1 }.map { parameter in
      "\(parameter.name)=\(SettingValue.list(parameter.grid).yaml)"
    }
  }
}

extension ConfigurationOptions {
  /// The runs that the options describe.
  ///
  /// - Parameter defaults: Overrides `key=value` that those of the command line win over.
  /// - Throws: ``ConfigurationError``.
  package func read(
    _ data: DatasetOptions, over defaults: [String] = []
  ) throws -> ConfigurationGrid {
    try ConfigurationReader().read(
      model: model, dataset: data.dataset, modalities: data.modalityNames, files: config,
      overrides: defaults + assignments, clear: projection, seed: seed)
  }
}
