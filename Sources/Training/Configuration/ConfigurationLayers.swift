import Recommenders

/// The layers of a configuration laid over each other: the last value of every key, and the keys
/// that are searched over.
struct ConfigurationLayers {
  /// The model, the last one named.
  let model: ModelDescriptor
  /// The data set, the last one named.
  let dataset: String
  /// The modalities, those named last; nil leaves them to the data set.
  private(set) var modalities: [String]?
  /// What holds, by key.
  private(set) var settings: [String: WrittenSetting] = [:]
  /// Keys that are searched over, the slowest first, each where it was first named.
  private(set) var axes: [(key: String, source: SettingSource)] = []
  /// Whether the projection is switched on or off; nil leaves it to the model.
  private(set) var projects: Bool?
  /// What the user should know, in the order of the layers.
  private(set) var notes: [String] = []

  let keys: KnownKeys

  /// - Parameter written: The settings of all layers, later ones winning.
  init(_ written: [WrittenSetting], models: [ModelDescriptor]) throws(ConfigurationError) {
    model = try Self.model(Self.name(KnownKeys.model, in: written), among: models)
    dataset = try Self.name(KnownKeys.dataset, in: written)
    keys = KnownKeys(model)
    for var setting in written {
      setting.key = KnownKeys.canonical(setting.key)
      try add(setting)
    }
    if !axes.contains(where: { $0.key == KnownKeys.seed }) {
      axes.append((KnownKeys.seed, .option("--seed")))
    }
  }

  private static func name(
    _ key: String, in written: [WrittenSetting]
  ) throws(ConfigurationError) -> String {
    guard let setting = written.last(where: { $0.key == key }), setting.value != .none else {
      throw .missingName(key: key)
    }
    guard case .text(let name) = setting.value, !name.isEmpty else {
      throw .invalidValue(key: key, setting.source, expected: "a name", got: setting.value.yaml)
    }
    return name
  }

  private static func model(
    _ name: String, among models: [ModelDescriptor]
  ) throws(ConfigurationError) -> ModelDescriptor {
    if let model = models.first(where: {
      [$0.name, $0.title].contains { $0.lowercased() == name.lowercased() }
    }) {
      return model
    }
    let known = models.map(\.name)
    throw .unknownModel(
      name, known: known, nearest: NearestName.nearest(to: name, among: known))
  }

  private mutating func add(_ setting: WrittenSetting) throws(ConfigurationError) {
    switch try keys.role(of: setting.key, at: setting.source) {
    case .frame: try addFrame(setting)
    case .ignored(let reason):
      let note = "\(setting.key) is ignored: \(reason)"
      if setting.value != .none, !notes.contains(note) { notes.append(note) }
    case .setting(let rule):
      settings[setting.key] = setting.value == .none ? nil : setting
      if setting.value != .none, setting.key.hasPrefix("\(ProjectionOptions.key).") {
        guard model.takesProjection else {
          throw .takesNoProjection(model: model.name, setting.source)
        }
        projects = true
      }
      if case .option = setting.source, setting.isAxis(under: rule) {
        addAxis(setting.key, setting.source)
      }
    case .fixed: settings[setting.key] = setting.value == .none ? nil : setting
    }
  }

  private mutating func addFrame(_ setting: WrittenSetting) throws(ConfigurationError) {
    switch (setting.key, setting.value) {
    case (KnownKeys.grid, .list(let names)):
      for name in names {
        guard case .text(let name) = name else {
          throw .invalidValue(
            key: setting.key, setting.source, expected: "a list of keys", got: setting.value.yaml)
        }
        let key = KnownKeys.canonical(name)
        switch try keys.role(of: key, at: setting.source) {
        case .setting: addAxis(key, setting.source)
        case .ignored, .fixed: break
        case .frame:
          throw .invalidValue(
            key: setting.key, setting.source, expected: "a list of keys that have values",
            got: setting.value.yaml)
        }
      }
    case (KnownKeys.modalities, let value): modalities = try names(value, of: setting)
    case (KnownKeys.model, _), (KnownKeys.dataset, _), (_, .none): break
    case (ProjectionOptions.key, .flag(false)):
      for key in ProjectionOptions.keys { settings[key.path] = nil }
      projects = false
    case (ProjectionOptions.key, let value):
      throw .invalidValue(
        key: setting.key, setting.source, expected: "off, or keys such as rank: 4", got: value.yaml)
    case (_, let value):
      throw .invalidValue(
        key: setting.key, setting.source, expected: "a list of keys", got: value.yaml)
    }
  }

  /// The names in a list of them; nil for none.
  private func names(
    _ value: SettingValue, of setting: WrittenSetting
  ) throws(ConfigurationError) -> [String]? {
    guard value != .none else { return nil }
    guard case .list(let elements) = value, !elements.isEmpty else {
      throw .invalidValue(
        key: setting.key, setting.source, expected: "a list of names", got: value.yaml)
    }
    var names: [String] = []
    for element in elements {
      guard case .text(let name) = element, !name.isEmpty else {
        throw .invalidValue(
          key: setting.key, setting.source, expected: "a list of names", got: value.yaml)
      }
      names.append(name)
    }
    return names
  }

  private mutating func addAxis(_ key: String, _ source: SettingSource) {
    if !axes.contains(where: { $0.key == key }) { axes.append((key, source)) }
  }
}

extension WrittenSetting {
  /// Whether the value is a list of values of the key, as against one value.
  func isAxis(under rule: ValueRule) -> Bool {
    guard case .list(let values) = value else { return false }
    guard rule.isList else { return true }
    return !values.isEmpty
      && values.allSatisfy { if case .list = $0 { true } else { false } }
  }
}
