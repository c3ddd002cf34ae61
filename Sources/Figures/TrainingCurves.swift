import Foundation

/// What happens over the epochs of several training runs: one small chart a quantity, one colour a
/// run.
///
/// A run has the same colour and marker in every chart; the marker stands at its best epoch. A
/// chart's second lines, such as the values after projection beside those before, are dashed.
public struct TrainingCurves: Figure, Equatable {
  /// One run, as the key names it.
  public struct Run: Codable, Equatable, Sendable {
    public let name: String
    /// The epoch that was kept, where a marker is set.
    public let bestEpoch: Int

    public init(name: String, bestEpoch: Int) {
      self.name = name
      self.bestEpoch = bestEpoch
    }
  }

  /// How a line is drawn.
  public enum Style: String, Codable, Sendable {
    /// The chart's first quantity.
    case solid
    /// Its second quantity.
    case dashed
    /// Further values of the first quantity.
    case thin
    /// What chance gives, in grey.
    case reference
  }

  /// One quantity of one run.
  public struct Line: Codable, Equatable, Sendable {
    /// Which of the runs, from 0.
    public let run: Int
    /// What it is, such as "σ1".
    public let name: String
    public let style: Style
    public let epochs: [Int]
    public let values: [Double]

    public init(run: Int, name: String, style: Style, epochs: [Int], values: [Double]) {
      self.run = run
      self.name = name
      self.style = style
      self.epochs = epochs
      self.values = values
    }
  }

  /// One small chart.
  public struct Chart: Codable, Equatable, Sendable {
    public let title: String
    /// Whether values span decades; lines then show what is positive.
    public let isLogarithmic: Bool
    public let lines: [Line]

    public init(title: String, isLogarithmic: Bool, lines: [Line]) {
      self.title = title
      self.isLogarithmic = isLogarithmic
      self.lines = lines
    }
  }

  /// More runs than this cannot be told apart.
  public static let mostRuns = FigureStyle.series.count

  public let runs: [Run]
  public let charts: [Chart]
  /// Name of the data set, or of several.
  public let dataset: String

  /// - Precondition: there are at most ``mostRuns`` runs, and lines name them by their place.
  public init(runs: [Run], charts: [Chart], dataset: String) {
    precondition(runs.count <= Self.mostRuns, "\(runs.count) runs, at most \(Self.mostRuns)")
    precondition(
      charts.allSatisfy { $0.lines.allSatisfy { runs.indices.contains($0.run) } },
      "a line belongs to no run")
    self.runs = runs
    self.charts = charts
    self.dataset = dataset
  }

  private static let rowHeight = 1.06
  private var rows: Int { (charts.count + 1) / 2 }
  private var keyRows: Int { (runs.count + 1) / 2 }
  /// Inches below the charts: caption, epochs, key.
  private var foot: Double { 0.2 + caption.extraHeight + 0.12 * Double(keyRows) }

  public var height: Double { Double(rows) * Self.rowHeight + foot }

  public func table() throws(FigureError) -> FigureTable {
    var table = FigureTable(columns: ["chart", "run", "line", "style", "epoch", "value"])
    for chart in charts {
      for line in chart.lines {
        guard line.epochs.count == line.values.count else {
          throw .lengthMismatch(
            column: "\(line.name) of \(runs[line.run].name)", count: line.values.count,
            expected: line.epochs.count)
        }
        guard !line.epochs.isEmpty else {
          throw .nothingToDraw(figure: "\(line.name) of \(runs[line.run].name)")
        }
        try table.append(
          zip(line.epochs, line.values).map { epoch, value in
            [
              .text(chart.title), .text(runs[line.run].name), .text(line.name),
              .text(line.style.rawValue), .count(epoch), .number(value),
            ]
          })
      }
    }
    guard !table.blocks.isEmpty else { throw .nothingToDraw(figure: "the training curves") }
    return table
  }

  public func commands() -> String {
    var block = 0
    var parts = ["set multiplot", caption.commands(pageHeight: height), keyCommands]
    for (place, chart) in charts.enumerated() {
      parts.append(commands(for: chart, at: place, firstBlock: block))
      block += chart.lines.count
    }
    parts.append("unset multiplot")
    return parts.joined(separator: "\n")
  }

  private func commands(for chart: Chart, at place: Int, firstBlock: Int) -> String {
    let row = Double(place / 2)
    let left = place % 2 == 0 ? 0.36 : 1.99
    let top = height - row * Self.rowHeight - 0.17
    let panel = Panel(left: left, right: left + 1.22, bottom: top - 0.68, top: top)
    let epochs = chart.lines.flatMap(\.epochs)
    let first = epochs.min() ?? 1
    let last = max(epochs.max() ?? 1, first + 1)
    let plots = chart.lines.enumerated().map { offset, line in
      plot(line, block: firstBlock + offset, isLogarithmic: chart.isLogarithmic)
    }
    let markers = chart.lines.enumerated().compactMap { offset, line -> String? in
      guard line.style != .reference, line.style != .thin else { return nil }
      let best = runs[line.run].bestEpoch
      return "table index \(firstBlock + offset) using 5:($5 == \(best) ? $6 : NaN) with points "
        + "linecolor rgb '\(FigureStyle.series[line.run])' linewidth 0.7 "
        + "pointtype \(FigureStyle.markers[line.run]) pointsize 0.42"
    }
    return """
      \(panel.margins(pageHeight: height))
      set label \(FigureText.quoted(chart.title)) at \(Panel.position(
        left + 0.61, top + 0.075, pageHeight: height)) center font small textcolor rgb ink
      set label 'epoch' at \(Panel.position(
        panel.right, panel.bottom - 0.17, pageHeight: height)) right font small textcolor rgb ink
      set xrange [\(first):\(last)]
      set xtics \(max(1, roundStep(over: Double(last - first), atMost: 4)))
      \(axisCommands(for: chart))
      plot \((plots + markers).joined(separator: ", \\\n  "))
      unset label
      unset logscale
      """
  }

  private func axisCommands(for chart: Chart) -> String {
    let values = chart.lines.flatMap(\.values)
    let positive = values.filter { $0 > 0 }
    guard chart.isLogarithmic, let most = positive.max() else {
      let span = (values.max() ?? 1) - (values.min() ?? 0)
      let size = max(abs(values.max() ?? 1), abs(values.min() ?? 0), .leastNormalMagnitude)
      // Equal values get an axis of their own size around them.
      let room = span > 1e-9 * size ? 0.08 * span : 0.5 * size
      let lower = (values.min() ?? 0) - room
      let upper = (values.max() ?? 1) + room
      return """
        set yrange [\(lower):\(upper)]
        set ytics \(roundStep(over: upper - lower, atMost: 5))
        """
    }
    // Values below are rounding, and would stretch the axis.
    let axis = LogAxis(over: positive.filter { $0 >= 1e-9 * most }, below: 0.06, above: 0.06)
    return """
      set logscale y
      set yrange \(axis.range)
      set ytics \(axis.tics)
      """
  }

  private func plot(_ line: Line, block: Int, isLogarithmic: Bool) -> String {
    let color = line.style == .reference ? FigureStyle.reference : FigureStyle.series[line.run]
    let look =
      switch line.style {
      case .solid: "linewidth 0.9"
      case .dashed: "linewidth 0.9 dashtype (6,3)"
      case .thin: "linewidth 0.35"
      case .reference: "linewidth 0.7 dashtype (2,2)"
      }
    let value = isLogarithmic ? "($6 > 0 ? $6 : NaN)" : "6"
    // A single epoch has no line; its point must show.
    let single = line.epochs.count == 1 ? "points pointtype 7 pointsize 0.2" : "lines"
    return "table index \(block) using 5:\(value) with \(single) linecolor rgb '\(color)' "
      + (line.epochs.count == 1 ? "" : look)
  }

  /// The names of the runs in two columns, drawn by hand: gnuplot's key belongs to one plot.
  private var keyCommands: String {
    runs.enumerated().map { place, run in
      let x = place % 2 == 0 ? 0.2 : 1.78
      let y = foot - 0.08 - 0.12 * Double(place / 2)
      let color = FigureStyle.series[place]
      let start = Panel.position(x, y, pageHeight: height)
      let end = Panel.position(x + 0.16, y, pageHeight: height)
      let middle = Panel.position(x + 0.08, y, pageHeight: height)
      let text = Panel.position(x + 0.2, y, pageHeight: height)
      return """
        set arrow from \(start) to \(end) nohead linecolor rgb '\(color)' linewidth 0.9
        set label \(FigureText.quoted(shortened(run.name, to: 34))) at \(text) left font small \\
          textcolor rgb ink
        set label '' at \(middle) point linecolor rgb '\(color)' linewidth 0.7 \\
          pointtype \(FigureStyle.markers[place]) pointsize 0.42
        """
    }.joined(separator: "\n")
  }

  private var caption: FigureCaption {
    FigureCaption(
      dataset,
      [
        "solid: before projection, validation", "dashed: after projection, test",
        "marker: best epoch",
      ])
  }
}
