/// Why a figure was not drawn.
public enum FigureError: Error, Equatable, Sendable {
  /// There is no program of this name to draw with.
  case gnuplotMissing(program: String)
  /// gnuplot stopped; `line` is where in the script, when it says.
  case gnuplotFailed(script: String, line: Int?, message: String)
  /// gnuplot did not end in time and was stopped.
  case gnuplotTimedOut(script: String, seconds: Double)
  /// gnuplot reported success but did not leave a usable file.
  case outputUnusable(file: String, reason: String)
  /// A file or folder cannot be written.
  case notWritable(path: String, reason: String)
  /// A file is not a readable PNG.
  case notAnImage(path: String, reason: String)
  /// A table holds NaN or infinity.
  case nonFinite(column: String, row: Int)
  /// Columns that describe the same points have different lengths.
  case lengthMismatch(column: String, count: Int, expected: Int)
  /// The figure has no data.
  case nothingToDraw(figure: String)
}

extension FigureError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .gnuplotMissing(let program):
      "figures are drawn by gnuplot, but \(program) is not an executable that can be found; "
        + "install the package gnuplot-nox (Debian: apt install gnuplot-nox) or leave figures out with --no-figures"
    case .gnuplotFailed(let script, let line, let message):
      "gnuplot stopped at \(script)\(line.map { ", line \($0)" } ?? ""): \(message)"
    case .gnuplotTimedOut(let script, let seconds):
      "gnuplot was still drawing \(script) after \(seconds) seconds and was stopped; "
        + "draw fewer points"
    case .outputUnusable(let file, let reason):
      "gnuplot ended without an error, but \(file) \(reason)"
    case .notWritable(let path, let reason):
      "\(path) cannot be written: \(reason); choose an output folder that can be"
    case .notAnImage(let path, let reason):
      "\(path) cannot be read as a PNG image: \(reason)"
    case .nonFinite(let column, let row):
      "the \(column) of a figure is not a finite number at position \(row), counted from 1; "
        + "leave such values out"
    case .lengthMismatch(let column, let count, let expected):
      "the \(column) of a figure has \(count) values where \(expected) are needed, one per point"
    case .nothingToDraw(let figure):
      "\(figure) has no data to draw"
    }
  }
}
