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

  /// A gnuplot position on the page.
  static func position(_ x: Double, _ y: Double, pageHeight: Double) -> String {
    "screen \(fraction(x / FigureStyle.width)), screen \(fraction(y / pageHeight))"
  }

  private static func fraction(_ value: Double) -> String { String(format: "%.4f", value) }
}

/// A logarithmic axis with explicit tics, as gnuplot's own leave short ranges without any.
struct LogAxis {
  let lower: Double
  let upper: Double

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

  /// The argument of `set ytics`: powers of ten, or 1–2–5 steps over less than two decades.
  var tics: String {
    let decades = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    let steps: [Double] = log10(upper / lower) < 2 ? [1, 2, 5] : [1]
    let stride = max(1, decades.count / 7)
    let marks = decades.filter { ($0 - decades.lowerBound) % stride == 0 }.flatMap { exponent in
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
