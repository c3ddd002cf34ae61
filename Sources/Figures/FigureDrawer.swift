import Foundation

/// Where the four files of a figure are.
public struct DrawnFigure: Equatable, Sendable {
  /// The picture, stamped with its provenance.
  public let png: URL
  /// The same as PDF, for print.
  public let vector: URL
  /// The gnuplot script that draws both from `table`; to restyle, edit and run it.
  public let script: URL
  /// The numbers shown, tab-separated.
  public let table: URL
}

/// Draws figures into a folder.
///
/// A figure is drawn in a hidden folder beside its place, checked, stamped and only then renamed
/// into place: a failed or interrupted drawing leaves earlier files as they were. The same figure
/// gives the same bytes with the same versions of gnuplot, cairo and fonts.
public struct FigureDrawer: Sendable {
  /// The folder that figures go to; made when the first is drawn.
  public let directory: URL
  /// What is stamped into each PNG and noted in each script: command, data digest, seed, version.
  public let provenance: [String: String]
  /// What draws.
  public let gnuplot: GnuplotProgram

  public init(
    directory: URL, provenance: [String: String], gnuplot: GnuplotProgram = GnuplotProgram()
  ) {
    self.directory = directory
    self.provenance = provenance
    self.gnuplot = gnuplot
  }

  /// Draws `figure` to NAME.png and NAME.pdf beside NAME.gp and NAME.tsv.
  ///
  /// - Precondition: `name` is made of ASCII letters, digits, "-" and "_".
  /// - Throws: ``FigureError``.
  public func draw(_ figure: some Figure, named name: String) throws(FigureError) -> DrawnFigure {
    precondition(
      name.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil,
      "a figure's name is made of letters, digits, - and _, got \(name)")
    let table = try figure.table()
    try makeFolder(directory)
    let scratch = try makeScratchFolder(in: directory)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let drawn = files(of: name, in: scratch)
    try GnuplotScript.write(table.text, to: drawn.table)
    try GnuplotScript.write(
      GnuplotScript.text(for: figure, named: name, provenance: provenance), to: drawn.script)
    for format in ["png", "pdf"] {
      try gnuplot.run(drawn.script.lastPathComponent, format: format, in: scratch)
    }
    try checkPicture(drawn.png)
    try PNGFile.stamp(drawn.png, with: provenance)
    try PDFFile.removeDate(from: drawn.vector)

    let placed = files(of: name, in: directory)
    try place(drawn.table, at: placed.table)
    try place(drawn.script, at: placed.script)
    try place(drawn.vector, at: placed.vector)
    try place(drawn.png, at: placed.png)
    return placed
  }

  private func files(of name: String, in folder: URL) -> DrawnFigure {
    let base = folder.appendingPathComponent(name)
    return DrawnFigure(
      png: base.appendingPathExtension("png"), vector: base.appendingPathExtension("pdf"),
      script: base.appendingPathExtension("gp"), table: base.appendingPathExtension("tsv"))
  }

  private func checkPicture(_ file: URL) throws(FigureError) {
    let name = file.lastPathComponent
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw .outputUnusable(file: name, reason: "was not written")
    }
    let inspection: PNGInspection
    do { inspection = try PNGFile.inspect(file) } catch {
      guard case .notAnImage(_, let reason) = error else { throw error }
      throw .outputUnusable(file: name, reason: "is not a PNG image: \(reason)")
    }
    guard !inspection.isBlank else {
      throw .outputUnusable(file: name, reason: "is blank")
    }
  }
}
