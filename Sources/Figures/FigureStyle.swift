/// The one style of all figures.
///
/// Colours are those of Okabe and Ito, told apart under the common colour-vision deficiencies;
/// line dashes and marker shapes differ too, so that the figures survive greyscale. Sizes are
/// those of a paper's column: figures are drawn at their printed size, so 7 points are 7 points.
///
/// - Reference: [OI08].
public enum FigureStyle {
  /// The first modality, and what is before a projection.
  public static let first = "#0072B2"
  /// The second modality, and what is after a projection.
  public static let second = "#D55E00"
  /// Measured values, axes and text.
  public static let ink = "#222222"
  /// Values to compare with: chance, noise, limits.
  public static let reference = "#7A7A7A"
  /// Grid lines.
  public static let grid = "#E4E4E4"
  /// Shaded regions.
  public static let shade = "#EFEFEF"

  /// Width of a figure in inches: one column.
  public static let width = 3.3
  /// Pixels per inch of the PNG.
  public static let resolution = 600.0
  /// Size of text in points.
  public static let fontSize = 7.0
  /// Size of captions, tics and annotations in points.
  public static let smallFontSize = 6.0
  /// The family that all text is set in.
  public static let fontFamily = "DejaVu Sans"

  /// gnuplot commands that choose colours, fonts and axes, before the drawing of every figure.
  static let preamble = """
    first = '\(first)'
    second = '\(second)'
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
    set tics nomirror out scale 0.4,0.2 font small textcolor rgb ink
    set grid linetype 1 linewidth 0.4 linecolor rgb rule
    set key font small textcolor rgb ink noautotitle
    set format '%g'
    """

  /// Commands that choose the terminal for `format`, png or pdf.
  ///
  /// The PDF terminal counts 72 points to an inch and the PNG terminal 96, and their lines and
  /// markers differ in size; the factors make both look the same.
  static func terminal(height: Double) -> String {
    let dots = resolution / 96
    return """
      if (format eq 'png') {
        set terminal pngcairo size \(Int(width * resolution)),\(Int(height * resolution)) \\
          background rgb 'white' font '\(fontFamily),\(fontSize)' fontscale \(dots) \\
          linewidth \(dots) pointscale \(dots)
      } else {
        set terminal pdfcairo size \(width)in,\(height)in \\
          background rgb 'white' font '\(fontFamily),\(fontSize)' fontscale 0.75 \\
          linewidth 1.25 pointscale 0.78
      }
      """
  }
}
