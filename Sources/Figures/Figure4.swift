import Foundation

/// How a metric depends on the strength λ and the rank k of the projection: a map of trained
/// models, the darker the better.
///
/// Rows are strengths, columns ranks. Colour and number are the test value; the frame marks the
/// cell that is best on validation. Without projection (λ = 0) the rank means nothing, so a row of
/// equal values is drawn as one cell.
///
/// - Reference: [CLEAR26], Figure 4.
public struct Figure4: Figure, Equatable {
  /// What one training reached.
  public struct Cell: Codable, Equatable, Sendable {
    public let strength: Double
    public let rank: Int
    public let validation: Double
    public let test: Double

    public init(strength: Double, rank: Int, validation: Double, test: Double) {
      self.strength = strength
      self.rank = rank
      self.validation = validation
      self.test = test
    }
  }

  /// The cells, by strength and rank; some of the grid may be missing.
  public let cells: [Cell]
  /// What the cells hold, such as "Recall@20".
  public let metric: String
  /// Name of the data set.
  public let dataset: String
  public let seed: UInt64

  public init(cells: [Cell], metric: String, dataset: String, seed: UInt64) {
    self.cells = cells.sorted { ($0.strength, $0.rank) < ($1.strength, $1.rank) }
    self.metric = metric
    self.dataset = dataset
    self.seed = seed
  }

  /// The cell that is best on validation; of equal ones that of the smallest strength and rank.
  public var best: Cell? { cells.max { $0.validation < $1.validation } }

  private var strengths: [Double] { Set(cells.map(\.strength)).sorted() }
  private var ranks: [Int] { Set(cells.map(\.rank)).sorted() }

  private static let rowHeight = 0.24
  public var height: Double {
    0.74 + caption.extraHeight + Self.rowHeight * Double(strengths.count)
  }

  public func table() throws(FigureError) -> FigureTable {
    guard !cells.isEmpty else { throw .nothingToDraw(figure: "the map of strengths and ranks") }
    var table = FigureTable(
      columns: [
        "strength", "rank", "validation", "test", "best", "left", "right", "bottom", "top",
      ])
    try table.append(
      boxes.map { box in
        [
          .number(box.cell.strength), .count(box.cell.rank), .number(box.cell.validation),
          .number(box.cell.test), .count(box.cell == best ? 1 : 0), .number(box.left),
          .number(box.right), .number(box.bottom), .number(box.bottom + 1),
        ]
      })
    return table
  }

  /// Where a cell is drawn, in columns and rows.
  private struct Box {
    let cell: Cell
    let left: Double
    let right: Double
    let bottom: Double
  }

  private var boxes: [Box] {
    let columns = Dictionary(uniqueKeysWithValues: ranks.enumerated().map { ($1, Double($0)) })
    return strengths.enumerated().flatMap { row, strength in
      let own = cells.filter { $0.strength == strength }
      if strength == 0, Set(own.map { [$0.validation, $0.test] }).count == 1 {
        return [Box(cell: own[0], left: 0, right: Double(ranks.count), bottom: Double(row))]
      }
      return own.map { cell in
        let left = columns[cell.rank] ?? 0
        return Box(cell: cell, left: left, right: left + 1, bottom: Double(row))
      }
    }
  }

  public func commands() -> String {
    let panel = Panel(
      left: 0.5, right: 2.72, bottom: 0.44 + caption.extraHeight, top: height - 0.26)
    let scale = Panel(left: 2.8, right: 2.88, bottom: panel.bottom, top: panel.top)
    let values = cells.map(\.test)
    let least = values.min() ?? 0
    let most = values.max() ?? 1
    let span = most - least
    // Equal values are neither dark nor light.
    let low = span > 0 ? least : least - 0.5 * max(abs(least), 1e-3)
    let high = span > 0 ? most : most + 0.5 * max(abs(most), 1e-3)
    let columnTics = ranks.enumerated().map { "'\($1)' \(Double($0) + 0.5)" }
    let rowTics = strengths.enumerated().map {
      "'\(FigureText.plain($1))' \(Double($0) + 0.5)"
    }
    let middle = (panel.left + panel.right) / 2
    return """
      \(panel.margins(pageHeight: height))
      \(panel.axisLabels(
        x: "'redundancy rank k'", y: "'strength λ'", distance: 0.32, pageHeight: height))
      \(caption.commands(pageHeight: height))
      set label \(FigureText.quoted("\(metric) on test; frame: best on validation")) \\
        at \(Panel.position(middle, height - 0.12, pageHeight: height)) center textcolor rgb ink
      unset grid
      unset key
      set border 0
      set palette defined (0 '#F3F7FA', 0.5 '#7FB2D3', 1 '#0B4A75')
      set cbrange [\(low):\(high)]
      set colorbox user origin \(Self.share(scale.left, scale.bottom, height)) \\
        size \(Self.share(scale.right - scale.left, scale.top - scale.bottom, height)) \\
        noborder
      set cbtics \(roundStep(over: high - low, atMost: 5)) scale 0.3 offset -0.6,0 font small \\
        textcolor rgb ink
      set xrange [0:\(ranks.count)]
      set yrange [0:\(strengths.count)]
      set xtics (\(columnTics.joined(separator: ", "))) scale 0
      set ytics (\(rowTics.joined(separator: ", "))) scale 0
      # Numbers are white where the ground is dark.
      dark = \(low + 0.6 * (high - low))
      plot table using ($6+$7)/2:($8+$9)/2:6:7:8:9:4 with boxxyerror linecolor palette \\
          fillstyle solid noborder, \\
        table using ($5 == 1 ? ($6+$7)/2 : NaN):($8+$9)/2:($6+0.03):($7-0.03):($8+0.05):($9-0.05) \\
          with boxxyerror linecolor rgb second linewidth 1.6 fillstyle empty, \\
        table using ($6+$7)/2:($4 > dark ? NaN : ($8+$9)/2):(sprintf('%.4f', $4)) with labels \\
          font small textcolor rgb ink, \\
        table using ($6+$7)/2:($4 > dark ? ($8+$9)/2 : NaN):(sprintf('%.4f', $4)) with labels \\
          font small textcolor rgb 'white'
      """
  }

  /// Inches across and up as shares of the page, which the colour box takes without a unit.
  private static func share(_ across: Double, _ up: Double, _ height: Double) -> String {
    String(format: "%.4f, %.4f", across / FigureStyle.width, up / height)
  }

  private var caption: FigureCaption {
    FigureCaption(
      dataset,
      [
        "\(boxes.count) \(boxes.count == 1 ? "training" : "trainings")",
        strengths.contains(0) ? "λ = 0: no projection, any k" : nil, "seed \(seed)",
      ].compactMap { $0 })
  }
}
