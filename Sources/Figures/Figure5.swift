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
  /// Name of the data set.
  public let dataset: String
  public let items: Int
  public let seed: UInt64

  public init(
    before: [Double], after: [Double], damped: [Int], rank: Int, strength: Double,
    noiseEdge: Double?, dataset: String, items: Int, seed: UInt64
  ) {
    self.before = before
    self.after = after
    self.damped = damped
    self.rank = rank
    self.strength = strength
    self.noiseEdge = noiseEdge
    self.dataset = dataset
    self.items = items
    self.seed = seed
  }

  /// Indices beyond this are in the table, but not in the picture.
  static let largestIndex = 384
  /// Values below this share of the largest are rounding, and would stretch the axis.
  static let floor = 1e-6

  public var height: Double { 2.3 }

  public func table() throws(FigureError) -> FigureTable {
    guard largest > 0 else { throw .nothingToDraw(figure: "the figure of singular values") }
    var table = FigureTable(columns: ["index", "before", "after", "damped"])
    let marked = Set(damped)
    try table.append(
      (1...max(before.count, after.count)).map { index in
        [
          .count(index),
          index <= before.count ? .number(before[index - 1]) : .missing,
          index <= after.count ? .number(after[index - 1]) : .missing,
          .count(marked.contains(index) ? 1 : 0),
        ]
      })
    if let noiseEdge, !noiseEdge.isFinite { throw .nonFinite(column: "noise edge", row: 1) }
    return table
  }

  public func commands() -> String {
    let panel = Panel(left: 0.45, right: 3.2, bottom: 0.52, top: height - 0.2)
    return """
      set multiplot
      \(panel.margins(pageHeight: height))
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
    let highestRight = max((right + edge).max() ?? lowest, lowest)
    let least = log10(values.min() ?? lowest)
    let decades = max(log10(values.max() ?? largest) - least, 0.3)
    // The inset starts at half the height: values to its left and below end at 0.45.
    let needed = (log10(highestRight) - least + 0.05 * decades) / 0.45 - 0.05 * decades
    return LogAxis(over: values, below: 0.05, above: max(0.1, needed / decades - 1))
  }

  private var mainCommands: String {
    let markers = shownCount <= 128
    let width = Double(shownCount)
    let edge = drawnEdge.map {
      """
      , \\
        \($0) with lines linecolor rgb reference linewidth 1 dashtype (3,3) title 'noise edge'
      """
    }
    return """
      set key at graph 0.5, screen \(1 - 0.1 / height) center center horizontal maxrows 1 \\
        samplen 1.6 width -1
      \(FigureText.captionCommand(dataset, facts))
      set object 1 rectangle from first 0.5, graph 0 to first \(Double(rank) + 0.5), graph 1 \\
        fillcolor rgb shade fillstyle solid noborder behind
      set label 'k = \(rank), λ = \(FigureText.plain(strength))' \\
        at first \(Double(rank) + 0.5), graph 0.955 left offset 0.4,0 font small textcolor rgb ink
      set logscale y
      set xrange [0.5:\(width + 0.5 + width * 0.01)]
      set yrange \(axis.range)
      set ytics \(axis.tics)
      set xlabel 'index i' offset 0,0.8
      set ylabel 'singular value σ_i' offset 1.6,0
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
        NaN with \(markers ? "linespoints" : "lines") linecolor rgb first linewidth 0.9 \\
          \(markers ? "pointtype 7 pointsize 0.4" : "") title 'before', \\
        NaN with \(markers ? "linespoints" : "lines") linecolor rgb second linewidth 0.9 \\
          dashtype (6,3) \(markers ? "pointtype 9 pointsize 0.45" : "") title 'after', \\
        NaN with points linecolor rgb second linewidth 0.8 pointtype 8 pointsize 0.55 \\
          title 'after, damped'\(edge ?? "")
      """
  }

  private func insetCommands(in panel: Panel) -> String {
    let across = panel.right - panel.left
    let up = panel.top - panel.bottom
    let inset = Panel(
      left: panel.left + 0.53 * across, right: panel.left + 0.985 * across,
      bottom: panel.bottom + 0.575 * up, top: panel.bottom + 0.96 * up)
    let step = Self.step(for: largest)
    return """
      unset logscale
      unset label
      unset object
      unset xlabel
      unset ylabel
      \(inset.margins(pageHeight: height))
      set label 'linear' at graph 0.97, graph 0.86 right font ',5.5' textcolor rgb ink
      set xtics autofreq font ',5.5' offset 0,0.35
      set ytics 0,\(step) font ',5.5' offset 0.5,0
      set xrange [0:\(shownCount)]
      set yrange [0:\(largest * 1.06)]
      plot table using 1:2 with lines linecolor rgb first linewidth 0.9, \\
        table using 1:3 with lines linecolor rgb second linewidth 0.9 dashtype (6,3)
      unset label
      """
  }

  private var facts: [String] {
    var facts = ["N = \(FigureText.grouped(items)) items"]
    if max(before.count, after.count) > shownCount {
      facts.append(
        "first \(shownCount) of \(FigureText.grouped(max(before.count, after.count)))")
    }
    let dropped = [before, after].flatMap { $0.prefix(shownCount) }.count - shown.count
    if dropped > 0 { facts.append("\(dropped) below 10⁻⁶σ₁ not drawn") }
    return facts + ["seed \(seed)"]
  }

  /// A round step that puts two or three tics on an axis from 0 to `maximum`.
  static func step(for maximum: Double) -> Double {
    let target = maximum / 2
    let power = pow(10, log10(target).rounded(.down))
    return ([5, 2, 1].first { $0 * power <= target } ?? 1) * power
  }
}
