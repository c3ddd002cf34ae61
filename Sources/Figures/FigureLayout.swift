import Foundation

/// A part of the page in inches from its lower left corner.
struct Panel {
  let left: Double
  let right: Double
  let bottom: Double
  let top: Double

  /// Commands that put the next plot's axes on the edges of the panel.
  func margins(pageHeight: Double) -> String {
    """
    set lmargin at screen \(Self.fraction(left / FigureStyle.width))
    set rmargin at screen \(Self.fraction(right / FigureStyle.width))
    set bmargin at screen \(Self.fraction(bottom / pageHeight))
    set tmargin at screen \(Self.fraction(top / pageHeight))
    """
  }

  /// Commands that name the axes: x below the tics, y at `distance` inches from the panel.
  ///
  /// gnuplot's own labels move with the widest tic; these stay where the page has room.
  func axisLabels(x: String, y: String, distance: Double, pageHeight: Double) -> String {
    let under = Self.position((left + right) / 2, bottom - 0.215, pageHeight: pageHeight)
    let beside = Self.position(left - distance, (bottom + top) / 2, pageHeight: pageHeight)
    return """
      set label \(x) at \(under) center font small textcolor rgb ink
      set label \(y) at \(beside) center rotate by 90 font small textcolor rgb ink
      """
  }

  /// A gnuplot position on the page.
  static func position(_ x: Double, _ y: Double, pageHeight: Double) -> String {
    "screen \(fraction(x / FigureStyle.width)), screen \(fraction(y / pageHeight))"
  }

  private static func fraction(_ value: Double) -> String { String(format: "%.4f", value) }
}

/// A round step that puts at most `count` tics on a linear axis as long as `span`.
func roundStep(over span: Double, atMost count: Int) -> Double {
  let target = span / Double(count)
  let power = pow(10, log10(target).rounded(.up))
  return ([0.2, 0.5].first { $0 * power >= target } ?? 1) * power
}

/// A logarithmic axis with explicit tics, as gnuplot's own leave short ranges without any.
struct LogAxis {
  let lower: Double
  let upper: Double

  init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// An axis over positive `values` with room left at its ends, in shares of the values' decades.
  ///
  /// - Precondition: there is a value, and all are positive.
  init(over values: [Double], below: Double, above: Double) {
    let logarithms = values.map { log10($0) }
    let least = logarithms.min() ?? 0
    let most = logarithms.max() ?? 0
    let decades = max(most - least, 0.3)
    lower = pow(10, least - below * decades)
    upper = pow(10, most + above * decades)
  }

  var range: String { "[\(lower):\(upper)]" }

  /// The argument of `set ytics`: powers of ten, or equal steps over less than a decade.
  var tics: String {
    guard upper / lower >= 10 else {
      // Listed one by one: on a logarithmic axis gnuplot takes a step as a factor.
      let step = roundStep(over: upper - lower, atMost: 5)
      let first = Int((lower / step).rounded(.up))
      let last = Int((upper / step).rounded(.down))
      let marks = (first...max(first, last)).map { Double($0) * step }
      return "(" + marks.map { String(format: "%g", $0) }.joined(separator: ", ") + ")"
    }
    let decades = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    let steps: [Double] = upper / lower < 100 ? [1, 2, 5] : [1]
    let stride = (decades.count + 7) / 8
    let marks = decades.filter { $0 % stride == 0 }.flatMap { exponent in
      steps.map { (value: $0 * pow(10, Double(exponent)), exponent: exponent) }
    }
    .filter { (lower...upper).contains($0.value) }
    let entries = marks.map { "'\(Self.label($0.value, $0.exponent))' \($0.value)" }
    return "(" + entries.joined(separator: ", ") + ")"
  }

  private static func label(_ value: Double, _ exponent: Int) -> String {
    if (-3...3).contains(exponent) { return String(format: "%g", value) }
    let digit = Int((value / pow(10, Double(exponent))).rounded())
    return (digit == 1 ? "" : "\(digit)·") + "10^{\(exponent)}"
  }
}
