import Foundation

/// Variants of a model side by side: bars of the mean over seeds with its standard deviation, one
/// panel a metric, one group a data set.
///
/// - Reference: [CLEAR26], Figure 3.
public struct Figure3: Figure, Equatable {
  /// What one variant reached.
  public struct Bar: Codable, Equatable, Sendable {
    /// The metric, such as "Recall@20".
    public let metric: String
    public let dataset: String
    /// The variant, such as "without projection".
    public let variant: String
    /// Mean over the seeds.
    public let mean: Double
    /// Standard deviation over the seeds; nil for one seed.
    public let standardDeviation: Double?
    /// Number of seeds.
    public let seeds: Int

    public init(
      metric: String, dataset: String, variant: String, mean: Double, standardDeviation: Double?,
      seeds: Int
    ) {
      self.metric = metric
      self.dataset = dataset
      self.variant = variant
      self.mean = mean
      self.standardDeviation = standardDeviation
      self.seeds = seeds
    }
  }

  /// More variants than this cannot be told apart.
  public static let mostVariants = FigureStyle.series.count

  /// Metrics, data sets and variants are shown in the order in which they come first here.
  public let bars: [Bar]

  /// - Precondition: there are at most ``mostVariants`` variants.
  public init(bars: [Bar]) {
    self.bars = bars
    precondition(
      variants.count <= Self.mostVariants,
      "\(variants.count) variants, at most \(Self.mostVariants)")
  }

  private var metrics: [String] { firstOfEach(bars.map(\.metric)) }
  private var datasets: [String] { firstOfEach(bars.map(\.dataset)) }
  private var variants: [String] { firstOfEach(bars.map(\.variant)) }

  private static let panelHeight = 1.34
  private var keyRows: Int { (variants.count + 2) / 3 }
  private var foot: Double { 0.14 + caption.extraHeight + 0.13 * Double(keyRows) }
  public var height: Double { foot + Self.panelHeight * Double(metrics.count) }

  public func table() throws(FigureError) -> FigureTable {
    guard !bars.isEmpty else { throw .nothingToDraw(figure: "the figure of variants") }
    var table = FigureTable(
      columns: ["metric", "data set", "variant", "place", "mean", "sd", "low", "high", "seeds"])
    for series in series {
      try table.append(
        series.bars.map { bar in
          let spread = bar.standardDeviation ?? 0
          return [
            .text(bar.metric), .text(bar.dataset), .text(bar.variant), .number(place(of: bar)),
            .number(bar.mean), bar.standardDeviation.map { .number($0) } ?? .missing,
            .number(bar.mean - spread), .number(bar.mean + spread), .count(bar.seeds),
          ]
        })
    }
    return table
  }

  /// The bars of one colour in one panel: a block of the table.
  private var series: [(metric: String, order: Int, bars: [Bar])] {
    metrics.flatMap { metric in
      variants.enumerated().map { order, variant in
        (metric, order, bars.filter { $0.metric == metric && $0.variant == variant })
      }
    }.filter { !$0.bars.isEmpty }
  }

  /// The bar's middle: groups are one apart, and a fifth of that stays free between them.
  private func place(of bar: Bar) -> Double {
    let group = Double(datasets.firstIndex(of: bar.dataset) ?? 0)
    let offset = Double(variants.firstIndex(of: bar.variant) ?? 0) + 0.5
    return group + 0.1 + offset * barWidth
  }

  private var barWidth: Double { 0.8 / Double(variants.count) }

  public func commands() -> String {
    let panels = metrics.enumerated().map { commands(for: $1, at: $0) }
    return """
      set multiplot
      \(caption.commands(pageHeight: height))
      \(keyCommands)
      \(panels.joined(separator: "\n"))
      unset multiplot
      """
  }

  private func commands(for metric: String, at place: Int) -> String {
    let top = height - Double(place) * Self.panelHeight - 0.2
    let panel = Panel(left: 0.5, right: 3.24, bottom: top - 0.96, top: top)
    let axis = axis(of: metric)
    let tics = datasets.enumerated().map {
      "\(FigureText.quoted(shortened($1, to: 24))) \(Double($0) + 0.5)"
    }
    let own = series.enumerated().filter { $0.element.metric == metric }
    let plots = own.map { block, series in
      "table index \(block) using 4:5:(\(barWidth * 0.86)) with boxes "
        + "linecolor rgb '\(FigureStyle.series[series.order])' linewidth 0.6 "
        + "fillstyle solid \(Self.density(series.order)) border"
    }
    // A single seed has no deviation, and its cell is empty.
    let errors = own.map { block, _ in
      "table index \(block) using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) "
        + "with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8"
    }
    return """
      \(panel.margins(pageHeight: height))
      set label \(FigureText.quoted(metric)) at \(Panel.position(
        (panel.left + panel.right) / 2, top + 0.09, pageHeight: height)) center textcolor rgb ink
      unset key
      set grid noxtics
      set xrange [0:\(datasets.count)]
      set yrange [\(axis.lower):\(axis.upper)]
      set xtics (\(tics.joined(separator: ", "))) scale 0
      set ytics \(axis.step)
      plot \((plots + errors).joined(separator: ", \\\n  "))
      unset label
      unset arrow
      unset object
      """
  }

  /// An axis from zero, unless the differences would then be too small to see.
  private func axis(of metric: String) -> (lower: Double, upper: Double, step: Double) {
    let own = bars.filter { $0.metric == metric }
    let lows = own.map { $0.mean - ($0.standardDeviation ?? 0) }
    let highs = own.map { $0.mean + ($0.standardDeviation ?? 0) }
    let least = lows.min() ?? 0
    let most = max(highs.max() ?? 1, .leastNormalMagnitude)
    guard least > 0.6 * most, most > least else {
      let upper = 1.06 * most
      return (min(0, least), upper, roundStep(over: upper, atMost: 5))
    }
    let step = roundStep(over: 1.6 * (most - least), atMost: 5)
    let lower = ((least - 0.3 * (most - least)) / step).rounded(.down) * step
    return (lower, most + 0.1 * (most - least), step)
  }

  /// Neighbouring bars differ in greyscale too.
  private static func density(_ order: Int) -> Double { order % 2 == 0 ? 0.75 : 0.35 }

  private var isCut: Bool { metrics.contains { axis(of: $0).lower > 0 } }

  /// Names of the variants, three to a line.
  private var keyCommands: String {
    variants.enumerated().map { order, variant in
      let x = 0.14 + 1.06 * Double(order % 3)
      let y = foot - 0.06 - 0.13 * Double(order / 3)
      let color = FigureStyle.series[order]
      let from = Panel.position(x, y - 0.03, pageHeight: height)
      let to = Panel.position(x + 0.12, y + 0.03, pageHeight: height)
      let text = Panel.position(x + 0.16, y, pageHeight: height)
      return """
        set object rectangle from \(from) to \(to) fillcolor rgb '\(color)' \\
          fillstyle solid \(Self.density(order)) border linecolor rgb '\(color)' \\
          linewidth 0.6
        set label \(FigureText.quoted(shortened(variant, to: 22))) at \(text) left font small \\
          textcolor rgb ink
        """
    }.joined(separator: "\n")
  }

  private var caption: FigureCaption {
    let seeds = Set(bars.map(\.seeds)).sorted()
    let range =
      seeds.count > 1 ? "\(seeds[0]) to \(seeds[seeds.count - 1])" : "\(seeds.first ?? 0)"
    let several = (seeds.last ?? 0) > 1
    return FigureCaption(
      several ? "mean ± standard deviation" : "one training each",
      [several ? "\(range) seeds" : nil, isCut ? "axes do not begin at zero" : nil]
        .compactMap { $0 })
  }
}

/// The different words among `words`, in the order in which they come first.
func firstOfEach(_ words: [String]) -> [String] {
  words.enumerated().filter { !words[..<$0.offset].contains($0.element) }.map(\.element)
}
