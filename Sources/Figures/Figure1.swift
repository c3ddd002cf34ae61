import Foundation

/// Redundancy of raw features: how similar the retrieved items' scores are, and how often both
/// modalities retrieve the same items.
///
/// Left, the densities of the scores of the items that each modality retrieves; right, the share of
/// common items in the two lists of K against what two random lists share, on logarithmic axes,
/// with the factor between the two written at the points. Either panel may be missing.
///
/// - Reference: [CLEAR26], Figure 1.
public struct Figure1: Figure, Equatable {
  /// The density of one modality's scores.
  public struct Curve: Codable, Equatable, Sendable {
    /// The modality.
    public let name: String
    /// Scores in ascending order.
    public let x: [Double]
    /// The density at each score.
    public let density: [Double]

    public init(name: String, x: [Double], density: [Double]) {
      self.name = name
      self.x = x
      self.density = density
    }
  }

  /// The left panel.
  public struct Scores: Codable, Equatable, Sendable {
    public let first: Curve
    public let second: Curve
    /// The share that the densities have in common, in 0...1.
    public let overlapCoefficient: Double
    /// Length of the lists that the scores are from.
    public let k: Int

    public init(first: Curve, second: Curve, overlapCoefficient: Double, k: Int) {
      self.first = first
      self.second = second
      self.overlapCoefficient = overlapCoefficient
      self.k = k
    }
  }

  /// One point of the right panel.
  public struct Overlap: Codable, Equatable, Sendable {
    /// Length of the lists.
    public let k: Int
    /// Mean share of common items, in 0...1.
    public let mean: Double
    /// Ends of its 95 % interval.
    public let low: Double
    public let high: Double
    /// The share that random lists have in common.
    public let random: Double
    /// `mean` over `random`.
    public let lift: Double

    public init(k: Int, mean: Double, low: Double, high: Double, random: Double, lift: Double) {
      self.k = k
      self.mean = mean
      self.low = low
      self.high = high
      self.random = random
      self.lift = lift
    }
  }

  public let scores: Scores?
  public let overlaps: [Overlap]
  /// Name of the data set.
  public let dataset: String
  public let items: Int
  /// Items whose lists were compared.
  public let anchors: Int
  public let seed: UInt64

  public init(
    scores: Scores?, overlaps: [Overlap], dataset: String, items: Int, anchors: Int, seed: UInt64
  ) {
    self.scores = scores
    self.overlaps = overlaps.sorted { $0.k < $1.k }
    self.dataset = dataset
    self.items = items
    self.anchors = anchors
    self.seed = seed
  }

  public var height: Double { 2.08 + caption.extraHeight }

  public func table() throws(FigureError) -> FigureTable {
    var table = FigureTable(columns: ["panel", "series", "x", "y", "low", "high", "lift"])
    if let scores {
      let (first, second) = distinctNames(scores.first.name, scores.second.name)
      for (curve, name) in [(scores.first, first), (scores.second, second)] {
        guard curve.x.count == curve.density.count else {
          throw .lengthMismatch(
            column: "density", count: curve.density.count, expected: curve.x.count)
        }
        guard !curve.x.isEmpty else { throw .nothingToDraw(figure: "the score density of \(name)") }
        try table.append(
          zip(curve.x, curve.density).map { x, density in
            [
              .text("density"), .text(name), .number(x), .number(density), .missing, .missing,
              .missing,
            ]
          })
      }
    }
    if !overlaps.isEmpty {
      try table.append(
        overlaps.map {
          [
            .text("overlap"), .text("measured"), .count($0.k), .number($0.mean), .number($0.low),
            .number($0.high), .number($0.lift),
          ]
        })
      try table.append(
        overlaps.map {
          [
            .text("overlap"), .text("random"), .count($0.k), .number($0.random), .missing, .missing,
            .missing,
          ]
        })
    }
    guard !table.blocks.isEmpty else { throw .nothingToDraw(figure: "the retrieval figure") }
    return table
  }

  public func commands() -> String {
    let whole = Panel(
      left: 0.48, right: 3.2, bottom: 0.44 + caption.extraHeight, top: height - 0.3)
    let left = Panel(left: 0.34, right: 1.55, bottom: whole.bottom, top: whole.top)
    let right = Panel(left: 2.05, right: 3.25, bottom: whole.bottom, top: whole.top)
    var parts = ["set multiplot"]
    if let scores {
      parts.append(scoreCommands(scores, in: overlaps.isEmpty ? whole : left))
    }
    if !overlaps.isEmpty {
      parts.append(
        overlapCommands(in: scores == nil ? whole : right, block: scores == nil ? 0 : 2))
    }
    parts.append("unset multiplot")
    return parts.joined(separator: "\n")
  }

  private func scoreCommands(_ scores: Scores, in panel: Panel) -> String {
    let names = distinctNames(scores.first.name, scores.second.name)
    let x = scores.first.x + scores.second.x
    let span = (x.max() ?? 1) - (x.min() ?? 0)
    let isShort = max(names.first.count, names.second.count) <= 5
    let title = "Scores (OVL \(String(format: "%.2f", scores.overlapCoefficient)))"
    let peak = (scores.first.density + scores.second.density).max() ?? 1
    return """
      \(heading(title, keyWidth: isShort ? 0.5 : -1, panel))
      \(caption.commands(pageHeight: height))
      \(panel.axisLabels(
        x: FigureText.quoted("cosine to the \(scores.k) nearest items"), y: "'density'",
        distance: 0.24, pageHeight: height))
      set xtics \(roundStep(over: span, atMost: panel.right - panel.left > 2 ? 10 : 5))
      set ytics \(roundStep(over: peak, atMost: 6))
      set yrange [0:*]
      plot table index 0 using 3:4 with filledcurves y=0 fillcolor rgb first \\
          fillstyle transparent solid 0.18 noborder, \\
        table index 1 using 3:4 with filledcurves y=0 fillcolor rgb second \\
          fillstyle transparent solid 0.18 noborder, \\
        table index 0 using 3:4 with lines linecolor rgb first linewidth 1.2 \\
          title \(FigureText.quoted(shortened(names.first, to: 8))), \\
        table index 1 using 3:4 with lines linecolor rgb second linewidth 1.2 dashtype (8,4) \\
          title \(FigureText.quoted(shortened(names.second, to: 8)))
      unset label
      set autoscale
      """
  }

  private func overlapCommands(in panel: Panel, block: Int) -> String {
    let positive = overlaps.flatMap { [$0.mean, $0.low, $0.high, $0.random] }.filter { $0 > 0 }
    let axis = LogAxis(over: positive.isEmpty ? [1] : positive, below: 0.08, above: 0.22)
    let width = panel.right - panel.left
    let named = Set(spaced(by: 0.165, width: width).map(\.k))
    let tics = overlaps.map { "'\(named.contains($0.k) ? "\($0.k)" : "")' \($0.k)" }
      .joined(separator: ", ")
    let lifts = spaced(by: 0.175, width: width).filter { $0.mean > 0 }.map {
      """
      set label '×\(FigureText.factor($0.lift))' center offset 0,0.6 font ',5' textcolor rgb ink \\
        at first \($0.k), first \(max($0.high, $0.mean))
      """
    }
    let first = Double(overlaps.first?.k ?? 1)
    let last = Double(overlaps.last?.k ?? 1)
    let margin = max(pow(last / first, 0.09), 1.15)
    return """
      \(heading("Overlap of top-K lists", keyWidth: -1, panel))
      \(caption.commands(pageHeight: height))
      \(lifts.joined(separator: "\n"))
      set logscale xy
      set xrange [\(first / margin):\(last * margin)]
      set yrange \(axis.range)
      set xtics (\(tics))
      set ytics \(axis.tics)
      \(panel.axisLabels(
        x: "'list length K'", y: "'share of common items'", distance: 0.36, pageHeight: height))
      floor = \(axis.lower)
      clipped(low) = low > floor ? low : floor
      plot table index \(block + 1) using 3:4 with linespoints linecolor rgb reference \\
          linewidth 0.9 dashtype (4,3) pointtype 2 pointsize 0.35 title 'random', \\
        table index \(block) using 3:($4 > 0 ? clipped($5) : NaN):(0):($6 - clipped($5)) \\
          with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.9, \\
        table index \(block) using 3:($4 > 0 ? $4 : NaN) with linespoints linecolor rgb ink \\
          linewidth 0.9 pointtype 7 pointsize 0.4 title 'measured'
      unset label
      unset logscale
      """
  }

  private var caption: FigureCaption {
    var facts = ["N = \(FigureText.grouped(items)) items"]
    if anchors != items { facts.append("\(FigureText.grouped(anchors)) anchors") }
    if !overlaps.isEmpty { facts.append("bars: 95 %") }
    if overlaps.contains(where: { $0.mean <= 0 }) { facts.append("zeros not drawn") }
    return FigureCaption(dataset, facts + ["seed \(seed)"])
  }

  /// Margins, title and key of a panel.
  private func heading(_ title: String, keyWidth: Double, _ panel: Panel) -> String {
    let center = (panel.left + panel.right) / 2
    return """
      \(panel.margins(pageHeight: height))
      set label \(FigureText.quoted(title)) \\
        at \(Panel.position(center, height - 0.09, pageHeight: height)) center textcolor rgb ink
      set key at \(Panel.position(center, height - 0.21, pageHeight: height)) \\
        center center horizontal maxrows 1 width \(keyWidth)
      """
  }

  /// Points at least `gap` inches apart on an axis of `width` inches.
  private func spaced(by gap: Double, width: Double) -> [Overlap] {
    guard let first = overlaps.first, let last = overlaps.last, last.k > first.k else {
      return overlaps
    }
    let scale = width / log(Double(last.k) / Double(first.k)) / 1.2
    var shown: [Overlap] = []
    // From the longest lists down, as the last label says where the axis ends.
    for overlap in overlaps.reversed() {
      let distance = shown.last.map { log(Double($0.k) / Double(overlap.k)) * scale } ?? .infinity
      if distance >= gap { shown.append(overlap) }
    }
    return shown.reversed()
  }
}
