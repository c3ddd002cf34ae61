import Recommenders

/// The runs that a configuration describes.
public struct ConfigurationGrid: Sendable, Equatable {
  /// One configuration for each point of the grid, the last axis moving fastest.
  public let runs: [RunConfiguration]
  /// The keys that are searched over, the slowest first; at least the seed.
  public let axes: [String]
  /// What the user should know, such as which keys are ignored; a sentence each.
  public let notes: [String]
}

/// Reads configurations in the shape of MMRec's files.
///
/// Layers, a later one winning: the protocol's defaults, the model's defaults, YAML files in their
/// order, overrides `key=value` in theirs, and at last what the command line names by options of
/// its own. The lists named `hyper_parameters` are joined in the order of the layers; every key in
/// them holds a list of values, and the grid is the product of these lists. So does an override
/// with a list. The seed is the last axis unless it is named.
///
/// - Reference: [Zhou23].
public struct ConfigurationReader: Sendable {
  /// A grid of more runs is refused, as it is a mistake.
  static let runLimit = 10_000

  private let models: [ModelDescriptor]

  /// - Parameter models: Those that can be configured.
  public init(models: [ModelDescriptor] = ModelCatalog.all) { self.models = models }

  /// Reads the runs of a command line.
  ///
  /// - Parameters:
  ///   - model: Name of the model, or nil if a file names it.
  ///   - dataset: Name of the data set, or nil if a file names it.
  ///   - modalities: The modalities to use, or nil if a file names them or the data set chooses.
  ///   - files: Paths of YAML files.
  ///   - overrides: Texts `key=value`, the value in YAML.
  ///   - clear: The projection as in ``ProjectionOptions/parse(_:over:)``, or nil.
  ///   - seed: The seed, or nil.
  /// - Throws: ``ConfigurationError``.
  public func read(
    model: String? = nil, dataset: String? = nil, modalities: [String]? = nil,
    files: [String] = [], overrides: [String] = [], clear: String? = nil, seed: UInt64? = nil
  ) throws(ConfigurationError) -> ConfigurationGrid {
    var written: [WrittenSetting] = []
    for file in files { written += try ConfigurationText.read(path: file) }
    for text in overrides { written += try ConfigurationText.override(text) }
    if let clear { written += try ProjectionOptions.settings(in: clear) }
    if let modalities {
      written.append(
        WrittenSetting(
          key: KnownKeys.modalities, value: .list(modalities.map(SettingValue.text)),
          source: .option("--modalities \(modalities.joined(separator: ","))")))
    }
    let options = [
      (KnownKeys.model, model), (KnownKeys.dataset, dataset),
      (KnownKeys.seed, seed.map { String($0) }),
    ]
    for case (let key, let text?) in options {
      written.append(
        WrittenSetting(key: key, value: .text(text), source: .option("--\(key) \(text)")))
    }
    return try grid(written)
  }

  /// The runs that `written` describes, later settings winning.
  func grid(_ written: [WrittenSetting]) throws(ConfigurationError) -> ConfigurationGrid {
    let layers = try ConfigurationLayers(written, models: models)
    let axes = try axes(of: layers)
    var count = 1
    for axis in axes {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: axis.values.count)
      guard !isTooLarge, product <= Self.runLimit else {
        throw .gridTooLarge(limit: Self.runLimit)
      }
      count = product
    }
    var points = [try fixedValues(of: layers, besides: axes.map(\.key))]
    for axis in axes {
      points = points.flatMap { point in
        axis.values.map { value in
          var next = point
          next[axis.key] = value == .none ? nil : value
          return next
        }
      }
    }
    var runs: [RunConfiguration] = []
    for point in points { runs.append(try RunConfiguration(point, of: layers)) }
    return ConfigurationGrid(runs: runs, axes: axes.map(\.key), notes: layers.notes)
  }

  /// The checked values of every key that is searched over.
  private func axes(
    of layers: ConfigurationLayers
  ) throws(ConfigurationError) -> [(key: String, values: [SettingValue])] {
    var result: [(key: String, values: [SettingValue])] = []
    for axis in layers.axes {
      guard case .setting(let rule) = try layers.keys.role(of: axis.key, at: axis.source) else {
        continue
      }
      let isProjection = axis.key.hasPrefix("\(ProjectionOptions.key).")
      if isProjection, layers.projects == false { continue }
      result.append((axis.key, try values(of: axis.key, at: axis.source, rule, in: layers)))
    }
    return result
  }

  private func values(
    of key: String, at source: SettingSource, _ rule: ValueRule, in layers: ConfigurationLayers
  ) throws(ConfigurationError) -> [SettingValue] {
    guard let setting = layers.settings[key] else {
      if key == KnownKeys.seed { return [.none] }
      throw .axisWithoutList(key: key, source)
    }
    guard case .list(let elements) = setting.value, setting.isAxis(under: rule) else {
      // A seed or an override may pick one value.
      if case .file = setting.source, key != KnownKeys.seed {
        throw .axisWithoutList(key: key, setting.source)
      }
      return [try setting.checked(rule)]
    }
    var values: [SettingValue] = []
    for element in elements {
      var one = setting
      one.value = element
      values.append(element == .none ? .none : try one.checked(rule))
    }
    guard !values.isEmpty, values.areDistinct else {
      throw .invalidValue(
        key: key, setting.source, expected: "a list of different values", got: setting.value.yaml)
    }
    return values
  }

  /// The checked values of every other key.
  private func fixedValues(
    of layers: ConfigurationLayers, besides axes: [String]
  ) throws(ConfigurationError) -> [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for (key, setting) in layers.settings.sorted(by: { $0.key < $1.key })
    where !axes.contains(key) {
      switch try layers.keys.role(of: key, at: setting.source) {
      case .setting(let rule):
        guard !setting.isAxis(under: rule) else {
          throw .listOutsideGrid(key: key, setting.source)
        }
        values[key] = try setting.checked(rule)
      case .fixed(let fixed):
        guard fixed.accepted.contains(setting.value) else {
          throw .unsupported(
            key: key, setting.source, got: setting.value.yaml, reason: fixed.reason)
        }
      case .frame, .ignored: break
      }
    }
    return values
  }
}
