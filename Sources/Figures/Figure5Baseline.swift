import Foundation

/// Singular values that a model learned without projection against the projected ones of a model
/// that was trained with it.
///
/// Left, as they are; right, divided by the root-mean-square norms of the features, because two
/// trained models differ in scale. Both on logarithmic axes, the projected ranks shaded.
///
/// - Reference: [CLEAR26], Figure 5.
public struct Figure5Baseline: Figure, Equatable {
  /// One pair of spectra, each largest first.
  public struct Values: Codable, Equatable, Sendable {
    public let before: [Double]
    public let after: [Double]

    public init(before: [Double], after: [Double]) {
      self.before = before
      self.after = after
    }
  }

  public let values: Values
  public let normalized: Values
  /// Number k of directions that were projected.
  public let rank: Int
  /// Strength λ of the projection, in 0...1.
  public let strength: Double
  /// Name of the data set.
  public let dataset: String
  public let items: Int
  /// What was trained, such as "clear, epoch 31, seed 999", for both models.
  public let beforeModel: String
  public let afterModel: String

  public init(
    values: Values, normalized: Values, rank: Int, strength: Double, dataset: String, items: Int,
    beforeModel: String, afterModel: String
  ) {
    self.values = values
    self.normalized = normalized
    self.rank = rank
    self.strength = strength
    self.dataset = dataset
    self.items = items
    self.beforeModel = beforeModel
    self.afterModel = afterModel
  }

  public var height: Double { 1.94 + caption.extraHeight }

  public func table() throws(FigureError) -> FigureTable {
    var table = FigureTable(columns: ["scale", "index", "before", "after"])
    for (name, pair) in [("raw", values), ("normalized", normalized)] {
      guard (pair.before + pair.after).contains(where: { $0 > 0 }) else {
        throw .nothingToDraw(figure: "the figure of two models' singular values")
      }
      try table.append(
        (1...max(pair.before.count, pair.after.count)).map { index in
          [
            .text(name), .count(index),
            index <= pair.before.count ? .number(pair.before[index - 1]) : .missing,
            index <= pair.after.count ? .number(pair.after[index - 1]) : .missing,
          ]
        })
    }
    return table
  }

  public func commands() -> String {
    let bottom = 0.44 + caption.extraHeight
    let left = Panel(left: 0.42, right: 1.6, bottom: bottom, top: height - 0.24)
    let right = Panel(left: 2.08, right: 3.26, bottom: bottom, top: height - 0.24)
    return """
      set multiplot
      \(caption.commands(pageHeight: height))
      \(spectrum(values, "singular value σ_i", in: left, block: 0, key: "λ = 0 run"))
      \(spectrum(
        normalized, "σ_i / (rms‖v̄‖ · rms‖t̄‖)", in: right, block: 1, key: "projected run"))
      unset multiplot
      """
  }

  /// One panel, which names one of the two lines for both panels.
  private func spectrum(
    _ pair: Values, _ label: String, in panel: Panel, block: Int, key: String
  ) -> String {
    let largest = (pair.before + pair.after).max() ?? 1
    // Values below are rounding, and would stretch the axis.
    let floor = largest * Figure5.floor
    let axis = LogAxis(
      over: (pair.before + pair.after).filter { $0 >= floor }, below: 0.05, above: 0.14)
    let count = Double(max(pair.before.count, pair.after.count))
    return """
      \(panel.margins(pageHeight: height))
      \(panel.axisLabels(x: "'index i'", y: "'\(label)'", distance: 0.36, pageHeight: height))
      set object 1 rectangle from first 0.5, graph 0 to first \(Double(rank) + 0.5), graph 1 \\
        fillcolor rgb shade fillstyle solid noborder behind
      set label 'k = \(rank), λ = \(FigureText.plain(strength))' at graph 0.97, graph 0.93 right \\
        font small textcolor rgb ink
      set key at \(Panel.position(
        (panel.left + panel.right) / 2, height - 0.1, pageHeight: height)) center center
      set logscale y
      set xrange [0.5:\(count * 1.01 + 0.5)]
      set xtics \(max(1, roundStep(over: count, atMost: 5)))
      set yrange \(axis.range)
      set ytics \(axis.tics)
      floor = \(floor)
      plot table index \(block) using 2:($3 >= floor ? $3 : NaN) with linespoints \\
          linecolor rgb first linewidth 0.9 pointtype 7 pointsize 0.22 \\
          title '\(block == 0 ? key : "")', \\
        table index \(block) using 2:($4 >= floor ? $4 : NaN) with linespoints \\
          linecolor rgb second linewidth 0.9 dashtype (6,3) pointtype 9 pointsize 0.28 \\
          title '\(block == 1 ? key : "")'
      unset label
      unset object
      """
  }

  private var caption: FigureCaption {
    FigureCaption(
      dataset,
      [
        "N = \(FigureText.grouped(items)) items", "λ = 0: \(shortened(beforeModel, to: 48))",
        "projected: \(shortened(afterModel, to: 48))",
      ])
  }
}
