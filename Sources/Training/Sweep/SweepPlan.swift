import Recommenders

/// One training of a sweep.
public struct SweepPoint: Sendable, Equatable {
  /// The value of each of the plan's axes; nil where the axis means nothing, such as the rank
  /// where nothing is projected.
  public let values: [SettingValue?]
  public let configuration: RunConfiguration
  /// What the folder of its run is called, such as `strength=0.9,rank=4,seed=999`.
  public let name: String
}

/// The trainings of a sweep, in their order.
public struct SweepPlan: Sendable, Equatable {
  /// The keys that vary, the slowest first; without the seed.
  public let axes: [String]
  public let points: [SweepPoint]

  /// - Parameters:
  ///   - grid: One configuration or more.
  ///   - withBaseline: Begin with the same trainings without projection, each once.
  public init(_ grid: ConfigurationGrid, withBaseline: Bool = false) {
    let axes = grid.axes.filter { $0 != KnownKeys.seed }
    let baseline = grid.runs.map { run in
      var run = run
      run.projection = nil
      return run
    }
    var seen: Set<String> = []
    self.axes = axes
    points = ((withBaseline ? baseline : []) + grid.runs)
      .filter { seen.insert($0.yaml()).inserted }
      .map { SweepPoint($0, axes: axes) }
  }

  /// The names of the axes as they head a column, such as `strength`.
  public var titles: [String] { axes.map(SweepPoint.title) }

  /// The points that differ in nothing but the seed, in the order of the first of each.
  var groups: [[Int]] {
    var groups: [[Int]] = []
    for index in points.indices {
      let place = groups.firstIndex { points[$0[0]].values == points[index].values }
      if let place { groups[place].append(index) } else { groups.append([index]) }
    }
    return groups
  }
}

extension SweepPoint {
  init(_ configuration: RunConfiguration, axes: [String]) {
    let values = axes.map { configuration.value(of: $0) }
    self.values = values
    self.configuration = configuration
    let parts = zip(axes.map(Self.title), values).compactMap { title, value in
      value.map { "\(title)=\(Self.fileName($0))" }
    }
    name = (parts + ["seed=\(configuration.seed)"]).joined(separator: ",")
  }

  /// `clear.rank` as `rank`; no model has a key of that name.
  fileprivate static func title(_ key: String) -> String {
    let prefix = "\(ProjectionOptions.key)."
    return key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : key
  }

  /// The value as a part of a file's name.
  private static func fileName(_ value: SettingValue) -> String {
    if case .list(let values) = value { return values.map(fileName).joined(separator: "+") }
    let text = if case .text(let text) = value { text } else { value.yaml }
    let allowed = { (c: Character) in
      c.isASCII && (c.isLetter || c.isNumber || "._-@".contains(c))
    }
    return String(text.map { allowed($0) ? $0 : "_" })
  }
}

extension RunConfiguration {
  /// The value of `key`; nil where the projection's keys mean nothing, but its strength is then 0.
  func value(of key: String) -> SettingValue? {
    if key == KnownKeys.seed { return .text(String(seed)) }
    if let setting = ProtocolSettings.keys.first(where: { $0.name == key }) {
      return setting.read(settings)
    }
    if let setting = ProjectionOptions.keys.first(where: { $0.path == key }) {
      let none: SettingValue? = key == ProjectionOptions.strengthKey ? .number(0) : nil
      return projection.map { setting.read($0) } ?? none
    }
    return hyperParameters.values[key]
  }
}
