import Audit
import Datasets
import Figures
import Foundation

/// The folder that a report is written into.
///
/// Every file is written beside its place and renamed into it, and `report.html` comes last: an
/// interrupted run leaves either the old page or the new one, never half of one.
public struct ReportFolder: Sendable {
  /// The folder.
  public let url: URL

  /// Takes `url`; nothing is touched yet.
  public init(at url: URL) { self.url = url.standardizedFileURL }

  /// The page, `report.html`.
  public var page: URL { url.appendingPathComponent("report.html") }
  /// The numbers, `report.json`.
  public var json: URL { url.appendingPathComponent("report.json") }
  /// The folder of the figures.
  public var figures: URL { url.appendingPathComponent("figures", isDirectory: true) }

  /// Makes the folder and checks that it can be written, before hours are spent on measuring.
  ///
  /// - Throws: ``ReportFolderError/notWritable(path:reason:)``.
  public func prepare() throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw ReportFolderError.notWritable(path: url.path, reason: "it cannot be made a folder")
    }
    let probe = url.appendingPathComponent(".redundancy-report-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: probe.path, contents: nil) else {
      throw ReportFolderError.notWritable(path: url.path, reason: "no file can be made in it")
    }
    try FileManager.default.removeItem(at: probe)
  }

  /// Draws the figures, then writes the JSON and the page.
  ///
  /// - Throws: ``FigureError`` from drawing, errors of writing.
  public func write(_ report: RedundancyReport, figures drawings: [ReportFigure]) throws {
    var embedded: [Diagnostic: [ReportPage.EmbeddedFigure]] = [:]
    for drawing in drawings {
      embedded[drawing.diagnostic, default: []].append(
        try draw(
          drawing.figure, named: drawing.name, description: drawing.description,
          provenance: report.provenance))
    }
    try AtomicFile.write(try reportJSON(report), to: json.path)
    try AtomicFile.write(
      Data(ReportPage(report, figures: embedded).rendered().utf8), to: page.path)
  }

  /// Draws the figure, where there is one, then writes the JSON and the page of a comparison.
  ///
  /// - Throws: ``FigureError`` from drawing, errors of writing.
  public func write(_ comparison: RunComparison, figure: TrainingCurves?) throws {
    let drawn = try figure.map {
      try draw(
        $0, named: "training-curves", description: comparisonFigureDescription,
        provenance: comparison.provenance)
    }
    try AtomicFile.write(try comparisonJSON(comparison), to: json.path)
    try AtomicFile.write(comparisonPage(comparison, figure: drawn), to: page.path)
  }

  private func draw(
    _ figure: some Figure, named name: String, description: String, provenance origin: Provenance
  ) throws -> ReportPage.EmbeddedFigure {
    let drawer = FigureDrawer(
      directory: figures,
      provenance: figureProvenance(
        command: origin.command, seed: origin.seed, version: origin.version,
        digests: origin.digests))
    let drawn = try drawer.draw(figure, named: name)
    return try ReportPage.EmbeddedFigure(
      png: Data(contentsOf: drawn.png), description: description,
      links: [drawn.vector, drawn.script, drawn.table].map { "figures/\($0.lastPathComponent)" })
  }
}

/// What every figure carries in its text chunks: how it was made, from which bytes.
public func figureProvenance(
  command: String, seed: UInt64?, version: String, digests: [String: String]
) -> [String: String] {
  [
    "Software": "redundancy-report \(version)",
    "Command": command,
    "Seed": seed.map { String($0) },
    "Data digest": digests.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      .joined(separator: " "),
  ].compactMapValues(\.self)
}

/// Why a report cannot be written.
public enum ReportFolderError: Error, Equatable, Sendable {
  /// The output folder cannot be made or written.
  case notWritable(path: String, reason: String)
}

extension ReportFolderError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notWritable(let path, let reason):
      "the output folder \(path) cannot be written: \(reason); choose another with --output"
    }
  }
}
