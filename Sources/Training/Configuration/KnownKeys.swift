import Recommenders

/// Every key that the configuration of one model may use.
struct KnownKeys {
  /// What a key stands for.
  enum Role {
    /// A part of the configuration's own frame.
    case frame
    /// A value for the run, under a rule.
    case setting(ValueRule)
    /// A value that cannot be chosen.
    case fixed(UnusedKeys.Fixed)
    /// Nothing.
    case ignored(reason: String)
  }

  /// Names the keys that have a list of values.
  static let grid = "hyper_parameters"
  static let model = "model"
  static let dataset = "dataset"
  static let modalities = "modalities"
  static let seed = "seed"
  /// Other spellings of a key; the last two are SLMRec's.
  private static let aliases = [
    "filter_out_cold_start_users": "filter_out_cod_start_users", "recdim": "embedding_size",
    "layer_num": "n_layers",
  ]

  private let roles: [String: Role]

  init(_ model: ModelDescriptor) {
    var roles = UnusedKeys.ignored.mapValues { Role.ignored(reason: $0) }
    roles.merge(UnusedKeys.fixed.mapValues { .fixed($0) }) { $1 }
    for parameter in model.hyperParameters {
      roles[parameter.name] = .setting(.scalar(parameter.kind))
    }
    // After the model's own, whose declaration of a key of the protocol changes its default alone.
    for key in ProtocolSettings.keys { roles[key.name] = .setting(key.rule) }
    for key in ProjectionOptions.keys { roles[key.path] = .setting(key.rule) }
    roles[Self.seed] = .setting(.seed)
    for key in [Self.grid, Self.model, Self.dataset, Self.modalities, ProjectionOptions.key] {
      roles[key] = .frame
    }
    self.roles = roles
  }

  /// The key that `key` is a spelling of.
  static func canonical(_ key: String) -> String { aliases[key] ?? key }

  /// What `key`, named at `source`, stands for.
  ///
  /// - Throws: ``ConfigurationError/unknownKey(_:_:nearest:)``.
  func role(of key: String, at source: SettingSource) throws(ConfigurationError) -> Role {
    if let role = roles[key] { return role }
    throw .unknownKey(
      key, source,
      nearest: NearestName.nearest(to: key, among: roles.keys.sorted()) ?? Self.grid)
  }
}
