import Recommenders

extension RunConfiguration {
  /// A key in which two configurations differ, with both values as YAML.
  public struct Difference: Sendable, Equatable {
    public let key: String
    /// The value here.
    public let own: String
    /// The value in the other configuration.
    public let other: String

    public init(key: String, own: String, other: String) {
      self.key = key
      self.own = own
      self.other = other
    }
  }

  /// The keys in which this configuration differs from `other`, in the order of ``yaml()``.
  ///
  /// Where only one of them has a projection that is one difference, of the key `clear`.
  public func differences(from other: RunConfiguration) -> [Difference] {
    let texts = [self, other].map { $0.texts }
    let keys = texts[0].map(\.key) + texts[1].map(\.key).filter { key in
      !texts[0].contains { $0.key == key }
    }
    return keys.compactMap { key in
      let values = texts.map { text in text.first { $0.key == key }?.value }
      // The keys of a projection mean nothing where there is none.
      if key.hasPrefix("\(ProjectionOptions.key)."), values.contains(nil) { return nil }
      let (own, theirs) = (values[0] ?? "missing", values[1] ?? "missing")
      return own == theirs ? nil : Difference(key: key, own: own, other: theirs)
    }
  }

  private var texts: [(key: String, value: String)] {
    let names = modalities.map { SettingValue.list($0.map(SettingValue.text)).yaml } ?? "null"
    var texts = [
      (KnownKeys.model, model), (KnownKeys.dataset, dataset), (KnownKeys.modalities, names),
      (KnownKeys.seed, "\(seed)"),
    ]
    texts += ProtocolSettings.keys.map { ($0.name, $0.read(settings).yaml) }
    let ofProtocol = ProtocolSettings.keys.map(\.name)
    texts += hyperParameters.values.filter { !ofProtocol.contains($0.key) }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value.yaml) }
    texts.append((ProjectionOptions.key, projection == nil ? "off" : "on"))
    if let projection {
      texts += ProjectionOptions.keys.map { ($0.path, $0.read(projection).yaml) }
    }
    return texts.map { (key: $0.0, value: $0.1) }
  }
}
