/// The one style of all figures.
///
/// Colours are those of Okabe and Ito, told apart under the common colour-vision deficiencies;
/// line dashes and marker shapes differ too, so that the figures survive greyscale. Sizes are
/// those of a paper's column: figures are laid out at their printed size, so points are points.
///
/// - Reference: [OI08].
public enum FigureStyle {
  /// The first modality, and what is before a projection.
  public static let first = "#0072B2"
  /// The second modality, and what is after a projection.
  public static let second = "#D55E00"
  /// ``first`` and ``second`` as small crowded points: a darker and a lighter tint, apart in
  /// greyscale, and transparent by a quarter.
  public static let firstPoints = "0x40005B8E"
  public static let secondPoints = "0x40F28E52"
  /// Measured values, axes and text.
  public static let ink = "#222222"
  /// Values to compare with: chance, noise, limits.
  public static let reference = "#7A7A7A"
  /// Grid lines.
  public static let grid = "#E4E4E4"
  /// Shaded regions.
  public static let shade = "#EFEFEF"

  /// Colours of up to eight series, in the order in which they are used, and their markers.
  public static let series = [
    first, second, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222", "#8C5A2B",
  ]
  /// Point types of gnuplot: filled and open circles, triangles, squares and diamonds.
  static let markers = [7, 9, 5, 13, 6, 8, 4, 12]

  /// Width of a figure in inches: one column.
  public static let width = 3.3
  /// Pixels per inch of the PNG.
  public static let resolution = 600.0
  /// Size of text in points.
  public static let fontSize = 6.5
  /// Size of captions, tics and annotations in points.
  public static let smallFontSize = 5.6
  /// The family that all text is set in.
  public static let fontFamily = "DejaVu Sans"

  /// gnuplot commands that choose colours, fonts and axes, before the drawing of every figure.
  static let preamble = """
    first = '\(first)'
    second = '\(second)'
    first_points = \(firstPoints)
    second_points = \(secondPoints)
    ink = '\(ink)'
    reference = '\(reference)'
    rule = '\(grid)'
    shade = '\(shade)'
    small = ',\(smallFontSize)'

    set encoding utf8
    set datafile separator tab
    \(axes)
    """

  /// Commands that choose how axes and keys look.
  static let axes = """
    set border 3 linewidth 0.5 linecolor rgb ink
    set xtics nomirror out scale 0.4 offset 0,0.3 font small textcolor rgb ink
    set ytics nomirror out scale 0.4 offset 0.4,0 font small textcolor rgb ink
    set grid linetype 1 linewidth 0.4 linecolor rgb rule
    set key font small textcolor rgb ink noautotitle reverse Left samplen 1.5
    set format '%g'
    """

  /// Commands that choose the terminal for `format`, png or pdf.
  ///
  /// The PDF terminal counts 72 points to an inch and the PNG terminal 96, and their lines and
  /// markers differ in size; the factors make both look the same. The PDF is four times as large
  /// as it is printed, because its small markers would lose their shape to rounding; documents
  /// scale it to the width of their column.
  static func terminal(height: Double) -> String {
    let dots = resolution / 96
    let zoom = 4.0
    return """
      if (format eq 'png') {
        set terminal pngcairo size \(Int(width * resolution)),\(Int(height * resolution)) \\
          background rgb 'white' font '\(fontFamily),\(fontSize)' fontscale \(dots) \\
          linewidth \(dots) pointscale \(dots)
      } else {
        set terminal pdfcairo size \(width * zoom)in,\(height * zoom)in \\
          background rgb 'white' font '\(fontFamily),\(fontSize)' fontscale \(0.75 * zoom) \\
          linewidth \(1.25 * zoom) pointscale \(0.78 * zoom)
      }
      """
  }
}
