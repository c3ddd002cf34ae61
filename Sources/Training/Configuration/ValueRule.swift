import Recommenders

/// What the value of a key must be.
enum ValueRule: Sendable {
  /// One number, flag or word.
  case scalar(HyperParameter.Kind)
  /// A number, also as a quoted text.
  case numericText(ClosedRange<Double>)
  /// A number, or off.
  case numberOrOff(ClosedRange<Double>)
  /// A seed.
  case seed
  /// A metric at a cut-off, such as Recall@20.
  case metricAtCutoff
  /// A whole number or a list of different ones.
  case integers(ClosedRange<Int>)
  /// A word or a list of different ones.
  case words([String])
  /// Factor and period of a ``LearningRateSchedule``.
  case schedule

  /// Whether a list is one value of the key, not several.
  var isList: Bool {
    switch self {
    case .integers, .words, .schedule: true
    default: false
    }
  }

  /// The value in the form in which it is kept, or nil if it breaks the rule.
  func checked(_ value: SettingValue) -> SettingValue? {
    switch self {
    case .scalar(let kind): Self.scalar(value, kind)
    case .numericText(let range):
      if case .text(let text) = value {
        Self.scalar(SettingValue(plain: text), .number(range))
      } else {
        Self.scalar(value, .number(range))
      }
    case .numberOrOff(let range):
      value == .flag(false) ? value : Self.scalar(value, .number(range))
    case .seed: Self.seed(value)
    case .metricAtCutoff:
      if case .text(let text) = value { MetricKey(text).map { .text($0.title) } } else { nil }
    case .integers(let range):
      Self.distinct(value) { Self.scalar($0, .integer(range)) }
    case .words(let words):
      Self.distinct(value) { Self.scalar($0, .choice(words)) }
    case .schedule:
      if case .list(let values) = value, values.count == 2,
        let factor = Self.scalar(values[0], .number(Self.positive)),
        let period = Self.scalar(values[1], .number(Self.positive))
      {
        .list([factor, period])
      } else {
        nil
      }
    }
  }

  /// What a value must be, after "must be".
  var expectation: String {
    switch self {
    case .scalar(.integer(let range)): "a whole number\(Self.bounds(range))"
    case .scalar(.number(let range)), .numericText(let range): "a number\(Self.bounds(range))"
    case .scalar(.flag): "true or false"
    case .scalar(.ofProtocol): "what the protocol takes"
    case .scalar(.choice(let words)): "one of \(words.joined(separator: ", "))"
    case .numberOrOff(let range): "off or a number\(Self.bounds(range))"
    case .seed: "a whole number from 0 to \(UInt64.max)"
    case .metricAtCutoff: "a metric at a cut-off, such as Recall@20"
    case .integers(let range): "a list of different whole numbers\(Self.bounds(range))"
    case .words(let words): "a list of different words of \(words.joined(separator: ", "))"
    case .schedule: "a list of two numbers above 0, such as [0.96, 50]"
    }
  }

  /// The word that a wrong one comes nearest to, where words are needed.
  func nearest(to value: SettingValue) -> String? {
    switch (self, value) {
    case (.scalar(.choice(let words)), .text(let text)), (.words(let words), .text(let text)):
      NearestName.nearest(to: text, among: words)
    default: nil
    }
  }

  /// Numbers above 0.
  static let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
  /// Numbers that are not negative.
  static let notNegative = 0...Double.greatestFiniteMagnitude

  private static func scalar(_ value: SettingValue, _ kind: HyperParameter.Kind) -> SettingValue? {
    switch (kind, value) {
    case (.integer(let range), .integer(let number)): range.contains(number) ? value : nil
    case (.number(let range), .integer(let number)):
      range.contains(Double(number)) ? .number(Double(number)) : nil
    case (.number(let range), .number(let number)): range.contains(number) ? value : nil
    case (.flag, .flag): value
    case (.choice(let words), .text(let text)):
      words.first { $0.lowercased() == text.lowercased() }.map(SettingValue.text)
    default: nil
    }
  }

  private static func seed(_ value: SettingValue) -> SettingValue? {
    switch value {
    case .integer(let number): number >= 0 ? .text(String(number)) : nil
    // A seed beyond the whole numbers that a value holds comes as its digits.
    case .text(let text): UInt64(text).map { .text(String($0)) }
    default: nil
    }
  }

  private static func distinct(
    _ value: SettingValue, _ check: (SettingValue) -> SettingValue?
  ) -> SettingValue? {
    guard case .list(let values) = value else { return check(value).map { .list([$0]) } }
    let checked = values.compactMap(check)
    let isWhole = !checked.isEmpty && checked.count == values.count
    return isWhole && checked.areDistinct ? .list(checked) : nil
  }

  private static func bounds(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? ", at least \(range.lowerBound)" : " from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func bounds(_ range: ClosedRange<Double>) -> String {
    let isOpenBelow = range.lowerBound == .leastNonzeroMagnitude
    switch (isOpenBelow, range.upperBound == .greatestFiniteMagnitude) {
    case (true, true): return " above 0"
    case (true, false): return " above 0 and at most \(range.upperBound)"
    case (false, true): return ", at least \(range.lowerBound)"
    case (false, false): return " from \(range.lowerBound) to \(range.upperBound)"
    }
  }
}

extension [SettingValue] {
  /// Whether no value stands there twice.
  var areDistinct: Bool { Set(map(\.yaml)).count == count }
}
