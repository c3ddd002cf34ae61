import Foundation
import Recommenders

/// Everything that one run depends on, besides the data.
public struct RunConfiguration: Sendable, Equatable {
  /// Name of the model in the catalog.
  public var model: String
  /// Name of the data set.
  public var dataset: String
  /// The modalities that are used, the first one first; nil leaves them to the data set.
  public var modalities: [String]?
  /// What all randomness is drawn from.
  public var seed: UInt64
  /// How the model is trained, stopped and evaluated.
  public var settings: ProtocolSettings
  /// A value for every key that the model declares.
  public var hyperParameters: HyperParameters
  /// The projection, or nil for none.
  public var projection: ProjectionOptions?

  public init(
    model: String, dataset: String, modalities: [String]? = nil, seed: UInt64,
    settings: ProtocolSettings, hyperParameters: HyperParameters, projection: ProjectionOptions?
  ) {
    self.model = model
    self.dataset = dataset
    self.modalities = modalities
    self.seed = seed
    self.settings = settings
    self.hyperParameters = hyperParameters
    self.projection = projection
  }

  /// The seed of MMRec's published runs.
  static let defaultSeed: UInt64 = 999

  /// Reads what ``yaml()`` wrote; keys that are missing have their defaults.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - path: Where it comes from, for messages.
  ///   - models: Those that can be configured.
  /// - Throws: ``ConfigurationError``, also when the text describes several runs.
  public init(
    yaml: String, path: String, models: [ModelDescriptor] = ModelCatalog.all
  ) throws(ConfigurationError) {
    let written = try ConfigurationText.settings(in: yaml) { .file(path: path, line: $0) }
    let runs = try ConfigurationReader(models: models).grid(written).runs
    guard runs.count == 1 else { throw .severalRuns(path: path, count: runs.count) }
    self = runs[0]
  }

  /// Point `values` of the grid of `layers`: checked values by key, defaults for the others.
  init(
    _ values: [String: SettingValue], of layers: ConfigurationLayers
  ) throws(ConfigurationError) {
    let model = layers.model
    var settings = ProtocolSettings()
    for key in ProtocolSettings.keys {
      let declared = model.hyperParameters.first { $0.name == key.name }?.defaultValue
      if let value = values[key.name] ?? declared.flatMap(key.rule.checked) {
        key.write(&settings, value)
      }
    }
    guard settings.metricKeys.contains(settings.validMetric) else {
      throw .unmeasuredValidMetric(
        settings.validMetric, metrics: settings.metrics, topK: settings.topK)
    }
    let parameters = model.hyperParameters.map { parameter in
      let ofProtocol = ProtocolSettings.keys.first { $0.name == parameter.name }
      return (
        parameter.name,
        ofProtocol?.read(settings) ?? values[parameter.name]
          ?? ValueRule.scalar(parameter.kind).checked(parameter.defaultValue)
          ?? parameter.defaultValue
      )
    }
    self.init(
      model: model.name, dataset: layers.dataset, modalities: layers.modalities,
      seed: Self.seed(values[KnownKeys.seed]), settings: settings,
      hyperParameters: HyperParameters(Dictionary(parameters) { $1 }),
      projection: Self.projection(values, of: layers))
  }

  private static func seed(_ value: SettingValue?) -> UInt64 {
    guard case .text(let digits)? = value, let seed = UInt64(digits) else { return defaultSeed }
    return seed
  }

  private static func projection(
    _ values: [String: SettingValue], of layers: ConfigurationLayers
  ) -> ProjectionOptions? {
    switch layers.projects {
    case false?: return nil
    case nil: return layers.model.defaultProjection
    case true?:
      var options = layers.model.defaultProjection ?? ProjectionOptions()
      for key in ProjectionOptions.keys {
        if let value = values[key.path] { key.write(&options, value) }
      }
      return options
    }
  }

  /// The complete configuration as YAML in the shape of MMRec's files, the same for equal values.
  public func yaml() -> String {
    var lines = [
      "# One run, completely: train it again with --config and this file.",
      "\(KnownKeys.model): \(SettingValue.text(model).yaml)",
      "\(KnownKeys.dataset): \(SettingValue.text(dataset).yaml)",
    ]
    if let modalities {
      let names = SettingValue.list(modalities.map(SettingValue.text))
      lines.append("\(KnownKeys.modalities): \(names.yaml)")
    }
    lines += [
      "\(KnownKeys.seed): \(seed)",
      "", "# Training and evaluation.", "learner: \(settings.learner)",
    ]
    lines += ProtocolSettings.keys.map { "\($0.name): \($0.read(settings).yaml)" }
    let names = ProtocolSettings.keys.map(\.name)
    let parameters = hyperParameters.values.filter { !names.contains($0.key) }
    if !parameters.isEmpty {
      lines += ["", "# Hyper-parameters of the model."]
      lines += parameters.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.yaml)" }
    }
    lines += ["", "# Projection of the modality embeddings."]
    if let projection {
      lines.append("\(ProjectionOptions.key):")
      lines += ProjectionOptions.keys.map { "  \($0.name): \($0.read(projection).yaml)" }
    } else {
      lines.append("\(ProjectionOptions.key): off")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
