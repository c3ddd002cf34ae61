import ArgumentParser
import Experiments
import Recommenders
import Training

/// Which table or figure is made, and of what.
struct TableOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Data set of the table.", valueName: "name"))
  var dataset: String

  @Option(
    help: ArgumentHelp(
      "Table of the paper: 2, all systems; 3, the plug-in on VBPR and FREEDOM; 4, seconds and "
        + "memory. Table 2 unless a figure is asked for.", valueName: "2|3|4"))
  var table: Int?

  @Option(
    help: ArgumentHelp(
      "Figure of the paper: 3, CLEAR's variants; 4, strengths by ranks.", valueName: "3|4"))
  var figure: Int?

  @Option(
    help: ArgumentHelp(
      "Systems of Tables 2 and 4: all, or names, comma-separated.", valueName: "names"))
  var models: String?

  @Option(help: ArgumentHelp("Number of seeds: 999, 1000, ….", valueName: "n"))
  var seeds: Int?

  @Option(help: ArgumentHelp("The seeds themselves, comma-separated.", valueName: "n,n,…"))
  var seedList: String?

  @Option(
    help: ArgumentHelp(
      "How long to train: 2h, 90m or 3600s. What is missing is said; the same command goes on.",
      valueName: "time"))
  var budget: TimeBudget?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Configuration files (YAML) of every row.", valueName: "file"))
  var config: [String] = []

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set a key in every row; repeatable.", valueName: "key=value"))
  var assignments: [String] = []

  @Flag(
    help: """
      Choose each row's settings on validation, with the first seed, from the published grid; of \
      one with over 100 points, among those that differ from the defaults in one key.
      """)
  var select = false

  func validate() throws {
    guard !dataset.isEmpty else { throw ValidationError("--dataset needs a name.") }
    if table != nil, figure != nil { throw ValidationError("Give either --table or --figure.") }
    if let table, !(2...4).contains(table) {
      throw ValidationError("--table is 2, 3 or 4; got \(table).")
    }
    if let figure, !(3...4).contains(figure) {
      throw ValidationError("--figure is 3 or 4; got \(figure).")
    }
    if models != nil, table == 3 || figure != nil {
      throw ValidationError("--models chooses the rows of Tables 2 and 4 alone.")
    }
    if select, table == 4 || figure != nil {
      throw ValidationError("--select chooses the settings of Tables 2 and 3 alone.")
    }
    if seeds != nil, seedList != nil {
      throw ValidationError("Give either --seeds or --seed-list.")
    }
    if let seeds, !(1...1000).contains(seeds) {
      throw ValidationError("--seeds is a number from 1 to 1000; got \(seeds).")
    }
    let numbers = seedNumbers
    guard !numbers.isEmpty, Set(numbers).count == numbers.count else {
      throw ValidationError(
        "--seed-list takes whole numbers from 0, each once, comma-separated; got "
          + "'\(seedList ?? "")'.")
    }
    for assignment in assignments {
      guard let mark = assignment.firstIndex(of: "="), mark > assignment.startIndex else {
        throw ValidationError("--set takes key=value; got '\(assignment)'.")
      }
      guard assignment[..<mark] != "seed" else {
        throw ValidationError("Give the seeds with --seeds or --seed-list.")
      }
    }
  }

  /// The seeds; none where the list is malformed.
  var seedNumbers: [UInt64] {
    guard let seedList else { return (0..<UInt64(max(seeds ?? 1, 1))).map { 999 + $0 } }
    let words = seedList.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = words.compactMap { UInt64($0) }
    return numbers.count == words.count ? numbers : []
  }

  /// What is made; nil for Table 4.
  var result: PaperResult? {
    switch (table, figure) {
    case (nil, 3?): .figure3
    case (nil, 4?): .figure4
    case (3?, _): .table3
    case (4?, _): nil
    default: .table2
    }
  }

  var systemOptions: SystemOptions {
    SystemOptions(files: config, settings: assignments, selects: select)
  }

  /// The systems of Tables 2 and 4.
  ///
  /// - Throws: ``ConfigurationError`` for a name that no model has.
  func descriptors() throws -> [ModelDescriptor] {
    guard let models, models != "all" else { return ModelCatalog.all }
    let names = models.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names where !ModelCatalog.all.contains(where: { $0.name == name }) {
      _ = try ConfigurationReader().read(model: name, dataset: dataset)
    }
    return ModelCatalog.all.filter { names.contains($0.name) }
  }
}
