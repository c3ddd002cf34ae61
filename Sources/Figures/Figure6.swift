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

  public var height: Double { 2.22 }

  /// Coordinates are rounded to six significant digits: far below a pixel, and half the file.
  public func table() throws(FigureError) -> FigureTable {
    var table = FigureTable(columns: ["map", "part", "modality", "x", "y"])
    for (name, map) in [("before", before), ("after", after)] {
      for (modality, cloud) in [(firstModality, map.first), (secondModality, map.second)] {
        guard cloud.x.count == cloud.y.count else {
          throw .lengthMismatch(
            column: "y of \(modality) \(name)", count: cloud.y.count, expected: cloud.x.count)
        }
        guard !cloud.x.isEmpty else { throw .nothingToDraw(figure: "the map of \(modality)") }
      }
      try table.append(points(of: map, named: name))
      for horizontal in [true, false] {
        for (modality, cloud) in [(firstModality, map.first), (secondModality, map.second)] {
          let marginal = marginalDensity(horizontal ? cloud.x : cloud.y, over: range)
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
    return table
  }

  public func commands() -> String {
    let peak = max(largestDensity, .leastNormalMagnitude) * 1.05
    let caption = [
      "N = \(FigureText.grouped(items)) items", "perplexity \(FigureText.plain(perplexity))",
      "seed \(seed)",
    ]
    return """
      \(FigureText.captionCommand(dataset, caption))
      first_points = 0x60000000 + 0x\(FigureStyle.first.dropFirst())
      second_points = 0x60000000 + 0x\(FigureStyle.second.dropFirst())
      set multiplot
      \(mapCommands(before, "before projection", left: 0.34, block: 0, peak: peak, isLeft: true))
      \(mapCommands(after, "after projection", left: 1.86, block: 5, peak: peak, isLeft: false))
      unset multiplot
      """
  }

  private var clouds: [Cloud] { [before.first, before.second, after.first, after.second] }

  /// One range for both axes of both maps, with seven hundredths of room at each end.
  private var range: ClosedRange<Double> {
    let extent = clouds.flatMap { $0.x + $0.y }.filter(\.isFinite).map { abs($0) }.max() ?? 0
    let reach = (extent > 0 ? extent : 1) / 0.86
    return -reach...reach
  }

  private var largestDensity: Double {
    clouds.flatMap { [$0.x, $0.y] }
      .flatMap { marginalDensity($0.filter(\.isFinite), over: range).density }.max() ?? 0
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
    _ map: Map, _ title: String, left: Double, block: Int, peak: Double, isLeft: Bool
  ) -> String {
    let main = Panel(left: left, right: left + 1.1, bottom: 0.6, top: 1.7)
    let top = Panel(left: left, right: main.right, bottom: 1.725, top: 1.945)
    let side = Panel(left: main.right + 0.025, right: main.right + 0.245, bottom: 0.6, top: 1.7)
    let count = Double(map.first.x.count + map.second.x.count)
    let size = min(0.45, max(0.1, 20 / count.squareRoot()))
    let numbers =
      "Overlap \(String(format: "%.2f", map.overlap)) · "
      + "SWD \(FigureText.rounded(map.slicedWasserstein))"
    let span = "[\(range.lowerBound):\(range.upperBound)]"
    return """
      \(main.margins(pageHeight: height))
      set border 15
      set xrange \(span)
      set yrange \(span)
      set xtics autofreq
      set ytics autofreq
      set format y '\(isLeft ? "%g" : "")'
      set label 2 \(FigureText.quoted(title)) center textcolor rgb ink \\
        at \(Panel.position(left + 0.62, height - 0.085, pageHeight: height))
      set label 3 \(FigureText.quoted(numbers)) center font small textcolor rgb ink \\
        at \(Panel.position(left + 0.62, height - 0.2, pageHeight: height))
      set xlabel 't-SNE axis 1' font small offset 0,1.1
      set ylabel '\(isLeft ? "t-SNE axis 2" : "")' font small offset 2.2,0
      set key at \(Panel.position(FigureStyle.width / 2, 0.22, pageHeight: height)) \\
        center center horizontal maxrows 1 samplen 1
      plot table index \(block) using 4:5:(strcol(3) eq \(FigureText.literal(firstModality)) \\
          ? first_points : second_points) \\
          with points pointtype 7 pointsize \(size) linecolor rgb variable\(isLeft ? legend : "")
      unset label
      unset key
      unset xlabel
      unset ylabel
      unset grid
      unset tics
      \(strip(top, border: 1, xrange: span, yrange: "[0:\(peak)]", blocks: (block + 1, block + 2)))
      \(strip(side, border: 2, xrange: "[0:\(peak)]", yrange: span, blocks: (block + 3, block + 4)))
      \(FigureStyle.axes)
      """
  }

  /// Entries of the key, which have no points of their own.
  private var legend: String {
    [("first", firstModality), ("second", secondModality)].map { colour, name in
      """
      , \\
        NaN with points pointtype 7 pointsize 0.6 linecolor rgb \(colour) \\
          title \(FigureText.quoted(name))
      """
    }.joined()
  }

  private func strip(
    _ panel: Panel, border: Int, xrange: String, yrange: String, blocks: (Int, Int)
  ) -> String {
    """
    \(panel.margins(pageHeight: height))
    set border \(border)
    set xrange \(xrange)
    set yrange \(yrange)
    plot table index \(blocks.0) using 4:5 with filledcurves closed fillcolor rgb first \\
        fillstyle transparent solid 0.18 noborder, \\
      table index \(blocks.1) using 4:5 with filledcurves closed fillcolor rgb second \\
        fillstyle transparent solid 0.18 noborder, \\
      table index \(blocks.0) using 4:5 with lines linecolor rgb first linewidth 0.8, \\
      table index \(blocks.1) using 4:5 with lines linecolor rgb second linewidth 0.8 dashtype (6,3)
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
