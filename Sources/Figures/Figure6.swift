import Foundation

/// Both modalities in one two-dimensional map, before and after a projection.
///
/// Points are drawn in a fixed shuffled order, so that no modality covers the other. The densities
/// along the axes stand above and to the right of each map, on one scale for all of an axis's
/// curves; both maps have the same ranges, so distances can be compared.
///
/// - Reference: [CLEAR26], Figure 6.
public struct Figure6: Figure, Equatable {
  /// Positions of one modality's items.
  public struct Cloud: Codable, Equatable, Sendable {
    public let x: [Double]
    public let y: [Double]

    public init(x: [Double], y: [Double]) {
      self.x = x
      self.y = y
    }
  }

  /// One map and the numbers in its title.
  public struct Map: Codable, Equatable, Sendable {
    public let first: Cloud
    public let second: Cloud
    /// Overlap of the two clouds, in 0...1.
    public let overlap: Double
    /// Sliced Wasserstein distance between the modalities.
    public let slicedWasserstein: Double

    public init(first: Cloud, second: Cloud, overlap: Double, slicedWasserstein: Double) {
      self.first = first
      self.second = second
      self.overlap = overlap
      self.slicedWasserstein = slicedWasserstein
    }
  }

  public let before: Map
  public let after: Map
  /// Names of the modalities.
  public let firstModality: String
  public let secondModality: String
  /// Name of the data set.
  public let dataset: String
  public let items: Int
  public let perplexity: Double
  public let seed: UInt64

  public init(
    before: Map, after: Map, firstModality: String, secondModality: String, dataset: String,
    items: Int, perplexity: Double, seed: UInt64
  ) {
    self.before = before
    self.after = after
    (self.firstModality, self.secondModality) = distinctNames(firstModality, secondModality)
    self.dataset = dataset
    self.items = items
    self.perplexity = perplexity
    self.seed = seed
  }

  /// Points that each map of the PDF has at most, for a file below 3 MB.
  static let mostVectorPoints = 38_000

  public var height: Double { 2.26 + caption.extraHeight }

  /// Coordinates are rounded to six significant digits: far below a pixel, and half the file.
  public func table() throws(FigureError) -> FigureTable {
    var table = FigureTable(columns: ["map", "part", "modality", "x", "y"])
    let ranges = square
    for (name, map) in [("before", before), ("after", after)] {
      for (modality, cloud) in [(firstModality, map.first), (secondModality, map.second)] {
        guard cloud.x.count == cloud.y.count else {
          throw .lengthMismatch(
            column: "y of \(modality) \(name)", count: cloud.y.count, expected: cloud.x.count)
        }
        guard !cloud.x.isEmpty else { throw .nothingToDraw(figure: "the map of \(modality)") }
        for (axis, values) in [("x", cloud.x), ("y", cloud.y)] {
          guard let row = values.firstIndex(where: { !$0.isFinite }) else { continue }
          throw .nonFinite(column: "\(axis) of \(modality) \(name)", row: row + 1)
        }
      }
      for horizontal in [true, false] {
        for (modality, cloud) in [(firstModality, map.first), (secondModality, map.second)] {
          let marginal =
            horizontal
            ? marginalDensity(cloud.x, over: ranges.x) : marginalDensity(cloud.y, over: ranges.y)
          try table.append(
            zip(marginal.x, marginal.density).map { position, density in
              [
                .text(name), .text(horizontal ? "top" : "right"), .text(modality),
                .number(rounded(horizontal ? position : density)),
                .number(rounded(horizontal ? density : position)),
              ]
            })
        }
      }
    }
    // Last, because gnuplot reads up to the block it draws.
    try table.append(points(of: before, named: "before"))
    try table.append(points(of: after, named: "after"))
    return table
  }

  public func commands() -> String {
    let peak = max(largestDensity, .leastNormalMagnitude) * 1.05
    return """
      \(caption.commands(pageHeight: height))
      # The PDF stays small: of very many points it has the first ones, a random share.
      shown = format eq 'png' ? \(Int32.max) : \(Self.mostVectorPoints - 1)
      is_first(name) = name eq \(FigureText.literal(firstModality))
      set multiplot
      \(mapCommands(before, "before projection", left: 0.33, index: 0, peak: peak))
      \(mapCommands(after, "after projection", left: 1.84, index: 1, peak: peak))
      unset multiplot
      """
  }

  private var caption: FigureCaption {
    FigureCaption(
      dataset,
      [
        "N = \(FigureText.grouped(items)) items", "perplexity \(FigureText.plain(perplexity))",
        "seed \(seed)",
      ])
  }

  private var clouds: [Cloud] { [before.first, before.second, after.first, after.second] }

  /// A square over all points of both maps, with eight hundredths of room at each edge.
  private var square: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let x = Self.span(clouds.flatMap(\.x))
    let y = Self.span(clouds.flatMap(\.y))
    let reach = max(x.reach, y.reach) / 0.84
    return (x.center - reach...x.center + reach, y.center - reach...y.center + reach)
  }

  private static func span(_ values: [Double]) -> (center: Double, reach: Double) {
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else { return (0, 1) }
    let reach = most / 2 - least / 2
    return (least / 2 + most / 2, reach > 0 ? reach : 1)
  }

  private var largestDensity: Double {
    let ranges = square
    return clouds.flatMap {
      marginalDensity($0.x, over: ranges.x).density + marginalDensity($0.y, over: ranges.y).density
    }.max() ?? 0
  }

  private func points(of map: Map, named name: String) -> [[FigureTable.Cell]] {
    let count = map.first.x.count + map.second.x.count
    let order = (0..<count).map { (key: shuffleKey($0), index: $0) }.sorted { $0.key < $1.key }
    return order.map { _, index in
      let isFirst = index < map.first.x.count
      let cloud = isFirst ? map.first : map.second
      let row = isFirst ? index : index - map.first.x.count
      return [
        .text(name), .text("points"), .text(isFirst ? firstModality : secondModality),
        .number(rounded(cloud.x[row])), .number(rounded(cloud.y[row])),
      ]
    }
  }

  private func mapCommands(
    _ map: Map, _ title: String, left: Double, index: Int, peak: Double
  ) -> String {
    let isLeft = index == 0
    let bottom = 0.58 + caption.extraHeight
    let main = Panel(left: left, right: left + 1.15, bottom: bottom, top: bottom + 1.15)
    let top = Panel(left: left, right: main.right, bottom: main.top + 0.02, top: main.top + 0.24)
    let side = Panel(
      left: main.right + 0.02, right: main.right + 0.24, bottom: main.bottom, top: main.top)
    let count = Double(map.first.x.count + map.second.x.count)
    let size = min(0.45, max(0.1, 20 / count.squareRoot()))
    let numbers =
      "Overlap \(String(format: "%.3f", map.overlap)) · "
      + "SWD \(FigureText.rounded(map.slicedWasserstein))"
    let (x, y) = square
    let step = roundStep(over: x.upperBound - x.lowerBound, atMost: 6)
    let across = "[\(x.lowerBound):\(x.upperBound)]"
    let densities = "[0:\(peak)]"
    let up = "[\(y.lowerBound):\(y.upperBound)]"
    return """
      \(main.margins(pageHeight: height))
      set border 15
      \(main.axisLabels(
        x: "'t-SNE axis 1'", y: isLeft ? "'t-SNE axis 2'" : "''", distance: 0.25,
        pageHeight: height))
      set xrange \(across)
      set yrange \(up)
      set xtics \(step)
      set ytics \(step)
      set format y '\(isLeft ? "%g" : "")'
      set label \(FigureText.quoted(title)) center textcolor rgb ink \\
        at \(Panel.position(left + 0.6, height - 0.085, pageHeight: height))
      set label \(FigureText.quoted(numbers)) center font small textcolor rgb ink \\
        at \(Panel.position(left + 0.6, height - 0.2, pageHeight: height))
      set key at \(Panel.position(
        FigureStyle.width / 2, 0.22 + caption.extraHeight, pageHeight: height)) \\
        center center horizontal maxrows 1 samplen 0.6 width 0.5
      plot table index \(8 + index) every ::::shown using 4:5: \\
          (is_first(strcol(3)) ? \(size) : \(1.25 * size)): \\
          (is_first(strcol(3)) ? 7 : 9): \\
          (is_first(strcol(3)) ? first_points : second_points) \\
          with points pointsize variable pointtype variable linewidth 0.01 \\
          linecolor rgb variable\(isLeft ? legend : "")
      unset label
      unset key
      unset grid
      unset tics
      \(strip(top, border: 1, xrange: across, yrange: densities, block: 4 * index))
      \(strip(side, border: 2, xrange: densities, yrange: up, block: 4 * index + 2))
      \(FigureStyle.axes)
      """
  }

  /// Entries of the key, which have no points of their own.
  private var legend: String {
    [("first", 7, firstModality), ("second", 9, secondModality)].map { role, shape, name in
      """
      , \\
        NaN with points pointtype \(shape) pointsize 0.6 linewidth 0.01 \\
          linecolor rgb \(role)_points \\
          title \(FigureText.quoted(shortened(name, to: 24)))
      """
    }.joined()
  }

  private func strip(
    _ panel: Panel, border: Int, xrange: String, yrange: String, block: Int
  ) -> String {
    """
    \(panel.margins(pageHeight: height))
    set border \(border)
    set xrange \(xrange)
    set yrange \(yrange)
    plot table index \(block) using 4:5 with filledcurves closed fillcolor rgb first \\
        fillstyle transparent solid 0.18 noborder, \\
      table index \(block + 1) using 4:5 with filledcurves closed fillcolor rgb second \\
        fillstyle transparent solid 0.18 noborder, \\
      table index \(block) using 4:5 with lines linecolor rgb first linewidth 0.8, \\
      table index \(block + 1) using 4:5 with lines linecolor rgb second linewidth 0.8 \\
          dashtype (6,3)
    """
  }
}

/// A scrambled integer per index (SplitMix64's output function): sorting by it shuffles, and does
/// so in the same way everywhere.
private func shuffleKey(_ index: Int) -> UInt64 {
  var z = UInt64(index) &* 0x9E37_79B9_7F4A_7C15 &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// `value` to six significant digits.
private func rounded(_ value: Double) -> Double {
  guard value.isFinite, value != 0 else { return value }
  let scale = pow(10, 5 - log10(abs(value)).rounded(.down))
  // Tiny numbers, whose scale overflows, stay as they are.
  return scale.isFinite ? (value * scale).rounded() / scale : value
}
