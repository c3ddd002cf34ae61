import Recommenders
import Training

/// A row that is asked for: the trials among which validation chooses, mostly one.
public struct System: Sendable, Equatable {
  /// What the row is called.
  public let name: String
  /// At least one; the first with the best validation metric is the row's.
  public let trials: [Trial]
  /// The system whose chosen settings this one takes over, with its own projection.
  public let base: String?
  /// Which points the trials are, after "points".
  public let grid: String

  public init(_ trial: Trial) {
    self.init(trial.name, choosingAmong: [trial])
  }

  /// - Precondition: there is at least one trial.
  public init(
    _ name: String, choosingAmong trials: [Trial], base: String? = nil,
    grid: String = "of the published grid"
  ) {
    precondition(!trials.isEmpty, "\(name) has no trial")
    self.name = name
    self.trials = trials
    self.base = base
    self.grid = grid
  }
}

/// What all rows of a table have in common.
public struct SystemOptions: Sendable {
  /// Configuration files of every row.
  public let files: [String]
  /// Settings `key=value` of every row.
  public let settings: [String]
  /// Whether validation chooses among the values that a model was published with.
  public let selects: Bool

  public init(files: [String] = [], settings: [String] = [], selects: Bool = false) {
    self.files = files
    self.settings = settings
    self.selects = selects
  }
}

/// The rows of the paper's tables and the bars of its figures.
public enum PaperSystems {
  /// Rank and strength of the plug-in in every table.
  public static let plugIn = "rank=4,strength=0.9"

  /// Table 2: `models`, in their order.
  ///
  /// - Reference: [CLEAR26], Table 2.
  public static func table2(_ models: [ModelDescriptor], _ options: SystemOptions) -> [System] {
    models.map { system($0, options) }
  }

  /// Table 3: VBPR and FREEDOM, each beside itself with the plug-in and the same settings.
  ///
  /// - Reference: [CLEAR26], Table 3.
  public static func table3(_ options: SystemOptions) -> [System] {
    ModelCatalog.all.filter { ["vbpr", "freedom"].contains($0.name) }.flatMap { model in
      var plain = system(model, options)
      if options.selects, model.name == "freedom" {
        // Without the penalty its plug-in would act on nothing.
        let acting = plain.trials.filter { !$0.settings.contains("reg_weight=0.0") }
        if !acting.isEmpty { plain = System(model.title, choosingAmong: acting) }
      }
      let name = "\(model.title) + CLEAR"
      let trials = plain.trials.map {
        Trial(
          name, model: model.name, $0.settings, projection: plugIn, files: $0.files)
      }
      return [plain, System(name, choosingAmong: trials, base: plain.name)]
    }
  }

  /// Figure 3: CLEAR without projection, as it is, and with what tells its parts from each other.
  ///
  /// - Reference: [CLEAR26], Figure 3.
  public static func figure3(_ options: SystemOptions) -> [System] {
    [
      ("projection off", "off"), ("CLEAR", plugIn), ("λ = 1", "rank=4,strength=1"),
      ("dynamic rank", "\(plugIn),energy=0.9"),
      ("random directions", "\(plugIn),directions=random"),
      ("trailing directions", "\(plugIn),directions=trailing"),
      ("first modality only", "\(plugIn),scope=first"),
    ].map { name, projection in
      System(
        Trial(name, model: "clear", options.settings, projection: projection, files: options.files))
    }
  }

  /// Figure 4: CLEAR at every strength and rank, and without projection.
  ///
  /// - Reference: [CLEAR26], Figure 4.
  public static func figure4(_ options: SystemOptions) -> [System] {
    let grid = ["0.3", "0.5", "0.7", "0.9", "1"].flatMap { strength in
      [2, 4, 8, 16, 20].map { rank in
        ("λ = \(strength), k = \(rank)", "rank=\(rank),strength=\(strength)")
      }
    }
    return ([("λ = 0", "off")] + grid).map { name, projection in
      System(
        Trial(name, model: "clear", options.settings, projection: projection, files: options.files))
    }
  }

  /// The most points of a published grid that are all searched.
  static let wholeGrid = 100

  /// A model with its own projection; with the points of its published grid to choose among where
  /// validation is to: all of them, or where they are more than ``wholeGrid`` (LGMRec's are four
  /// million) those that differ from the defaults in one key.
  private static func system(_ model: ModelDescriptor, _ options: SystemOptions) -> System {
    // What the user sets is not searched.
    let searched = model.hyperParameters.filter { parameter in
      options.selects && parameter.grid.count > 1
        && !options.settings.contains { $0.hasPrefix("\(parameter.name)=") }
    }
    let size = searched.reduce(1.0) { $0 * Double($1.grid.count) }
    var points: [[String]] = [[]]
    for parameter in searched {
      if size <= Double(wholeGrid) {
        points = points.flatMap { point in
          parameter.grid.map { point + ["\(parameter.name)=\($0.yaml)"] }
        }
      } else {
        points += parameter.grid.filter { $0 != parameter.defaultValue }.map {
          ["\(parameter.name)=\($0.yaml)"]
        }
      }
    }
    return System(
      model.title,
      choosingAmong: points.map {
        Trial(model.title, model: model.name, $0 + options.settings, files: options.files)
      },
      grid: size <= Double(wholeGrid)
        ? "of the published grid"
        : "that differ from the defaults in one key of the published grid")
  }
}
