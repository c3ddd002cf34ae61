import Foundation

/// Singular values of the covariance between the modalities before and after a projection.
///
/// Index against value on a logarithmic axis, with the same on a linear axis in an inset. The
/// projected ranks are shaded, directions that the projection damped have open markers wherever
/// sorting puts them, and a line marks the largest singular value that noise alone would give.
///
/// - Reference: [CLEAR26], Figure 5.
public struct Figure5: Figure, Equatable {
  /// Values before, largest first.
  public let before: [Double]
  /// Values after, largest first.
  public let after: [Double]
  /// Places in `after`, counted from 1, of the directions that were damped.
  public let damped: [Int]
  /// Number k of directions that were projected.
  public let rank: Int
  /// Strength λ of the projection, in 0...1.
  public let strength: Double
  /// The largest singular value expected of unrelated modalities.
  public let noiseEdge: Double?
  /// Singular values that random pairings stay below in 95 % of cases, largest first; may be
  /// shorter than the spectrum, or empty.
  public let chance: [Double]
  /// Name of the data set.
  public let dataset: String
  public let items: Int
  public let seed: UInt64

  public init(
    before: [Double], after: [Double], damped: [Int], rank: Int, strength: Double,
    noiseEdge: Double?, chance: [Double] = [], dataset: String, items: Int, seed: UInt64
  ) {
    self.before = before
    self.after = after
    self.damped = damped
    self.rank = rank
    self.strength = strength
    self.noiseEdge = noiseEdge
    self.chance = chance
    self.dataset = dataset
    self.items = items
    self.seed = seed
  }

  /// Indices beyond this are in the table, but not in the picture.
  static let largestIndex = 384
  /// Values below this share of the largest are rounding, and would stretch the axis.
  static let floor = 1e-6

  public var height: Double { 2.08 + keyHeight + caption.extraHeight }

  /// One row of keys, or two where there is a band of chance.
  private var keyHeight: Double { chance.isEmpty ? 0.2 : 0.34 }

  public func table() throws(FigureError) -> FigureTable {
    guard largest > 0 else { throw .nothingToDraw(figure: "the figure of singular values") }
    var table = FigureTable(columns: ["index", "before", "after", "damped", "chance"])
    let marked = Set(damped)
    try table.append(
      (1...max(before.count, after.count)).map { index in
        [
          .count(index),
          index <= before.count ? .number(before[index - 1]) : .missing,
          index <= after.count ? .number(after[index - 1]) : .missing,
          .count(marked.contains(index) ? 1 : 0),
          index <= chance.count ? .number(chance[index - 1]) : .missing,
        ]
      })
    if let noiseEdge, !noiseEdge.isFinite { throw .nonFinite(column: "noise edge", row: 1) }
    return table
  }

  public func commands() -> String {
    let panel = Panel(
      left: 0.46, right: 3.22, bottom: 0.44 + caption.extraHeight, top: height - keyHeight)
    return """
      set multiplot
      \(panel.margins(pageHeight: height))
      \(panel.axisLabels(
        x: "'index i'", y: "'singular value σ_i'", distance: 0.36, pageHeight: height))
      \(mainCommands)
      \(insetCommands(in: panel))
      unset multiplot
      """
  }

  private var largest: Double { (before + after).filter(\.isFinite).max() ?? 0 }
  private var shownCount: Int { min(max(before.count, after.count), Self.largestIndex) }
  private var lowest: Double { largest * Self.floor }
  private var shown: [Double] {
    (before.prefix(shownCount) + after.prefix(shownCount)).filter { $0 >= lowest }
  }

  private var drawnEdge: Double? { noiseEdge.flatMap { $0 >= lowest ? $0 : nil } }

  /// An axis that leaves the upper right, where the inset is, free.
  private var axis: LogAxis {
    let edge = [drawnEdge].compactMap { $0 }
    let values = shown + edge
    let right = [before, after].flatMap { $0.prefix(shownCount).dropFirst(shownCount * 2 / 5) }
    let least = log10(values.min() ?? lowest)
    let most = log10(values.max() ?? largest)
    let decades = max(most - least, 0.3)
    let lower = least - 0.05 * decades
    // The inset begins at half the height. It may cover a part of the edge's line, but no value.
    let highestRight = log10(max(right.max() ?? lowest, lowest))
    let upper = max(most + 0.1 * decades, lower + (highestRight - lower) / 0.45)
    return LogAxis(lower: pow(10, lower), upper: pow(10, upper))
  }

  private var mainCommands: String {
    let markers = shownCount <= 128
    let style = markers ? "linespoints" : "lines"
    let width = Double(shownCount)
    let dampedKey =
      damped.isEmpty
      ? ""
      : """
      , \\
        NaN with points linecolor rgb second linewidth 0.8 pointtype 8 pointsize 0.55 \\
          title 'damped'
      """
    let edgeKey =
      drawnEdge.map {
        """
        , \\
          \($0) with lines linecolor rgb reference linewidth 1 dashtype (3,3) title 'noise edge'
        """
      } ?? ""
    let chanceLine =
      chance.isEmpty
      ? ""
      : """
        , \\
          table using 1:($5 >= floor ? $5 : NaN) with lines linecolor rgb reference \\
            linewidth 0.9 title 'random pairings, 95 %'
        """
    return """
      set key at graph 0.5, screen \(1 - 0.5 * keyHeight / height) \\
        center center horizontal maxrows \(chance.isEmpty ? 1 : 2) \\
        width \(drawnEdge == nil || !chance.isEmpty ? 1 : -2)
      \(caption.commands(pageHeight: height))
      set object 1 rectangle from first 0.5, graph 0 to first \(Double(rank) + 0.5), graph 1 \\
        fillcolor rgb shade fillstyle solid noborder behind
      set label 'k = \(rank), λ = \(FigureText.plain(strength))' \\
        at \(labelPlace) font small textcolor rgb ink
      set logscale y
      set xrange [0.5:\(width + 0.5 + width * 0.01)]
      set yrange \(axis.range)
      set ytics \(axis.tics)
      floor = \(lowest)
      plot table using 1:($2 >= floor ? $2 : NaN) with lines linecolor rgb first linewidth 0.9, \\
        table using 1:($3 >= floor ? $3 : NaN) with lines linecolor rgb second linewidth 0.9 \\
          dashtype (6,3), \\
        table using 1:(\(markers ? "$2 >= floor ? $2 : NaN" : "NaN")) with points \\
          linecolor rgb first pointtype 7 pointsize 0.28, \\
        table using 1:(\(markers ? "$3 >= floor && $4 == 0 ? $3 : NaN" : "NaN")) with points \\
          linecolor rgb second pointtype 9 pointsize 0.34, \\
        table using 1:($3 >= floor && $4 == 1 ? $3 : NaN) with points linecolor rgb second \\
          linewidth 0.8 pointtype 8 pointsize 0.5, \\
        NaN with \(style) linecolor rgb first linewidth 0.9 \\
          pointtype 7 pointsize 0.4 title 'before', \\
        NaN with \(style) linecolor rgb second linewidth 0.9 dashtype (6,3) \\
          pointtype 9 pointsize 0.45 title 'after'\(dampedKey)\(edgeKey)\(chanceLine)
      """
  }

  /// Beside the shaded ranks; within them where the inset leaves no room beside.
  private var labelPlace: String {
    let share = Double(rank) / Double(shownCount)
    return share <= 0.2
      ? "first \(Double(rank) + 0.5), graph 0.955 left offset 0.4,0"
      : "graph \(min(share, 0.42)), graph 0.955 right offset -0.4,0"
  }

  private func insetCommands(in panel: Panel) -> String {
    let across = panel.right - panel.left
    let up = panel.top - panel.bottom
    let inset = Panel(
      left: panel.left + 0.53 * across, right: panel.left + 0.985 * across,
      bottom: panel.bottom + 0.575 * up, top: panel.bottom + 0.96 * up)
    return """
      unset logscale
      unset label
      unset object
      \(inset.margins(pageHeight: height))
      set object rectangle from graph -0.18, graph -0.2 to graph 1.033, graph 1.104 \\
        fillcolor rgb 'white' fillstyle solid noborder behind noclip
      set label 'linear' at graph 0.97, graph 0.86 right font small textcolor rgb ink
      set xtics \(roundStep(over: Double(shownCount), atMost: 5))
      set ytics 0,\(roundStep(over: largest, atMost: 3))
      set xrange [0:\(shownCount)]
      set yrange [0:\(largest * 1.06)]
      plot table using 1:2 with lines linecolor rgb first linewidth 0.9, \\
        table using 1:3 with lines linecolor rgb second linewidth 0.9 dashtype (6,3)
      unset label
      """
  }

  private var caption: FigureCaption {
    var facts = ["N = \(FigureText.grouped(items)) items"]
    if max(before.count, after.count) > shownCount {
      facts.append(
        "first \(shownCount) of \(FigureText.grouped(max(before.count, after.count)))")
    }
    let dropped = before.prefix(shownCount).count + after.prefix(shownCount).count - shown.count
    if dropped > 0 { facts.append("\(dropped) below 10⁻⁶σ₁ not drawn") }
    return FigureCaption(dataset, facts + ["seed \(seed)"])
  }
}
