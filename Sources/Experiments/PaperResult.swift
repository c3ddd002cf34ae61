import Datasets
import Figures
import Foundation
import Recommenders

/// A table or figure of trained systems that is made again.
///
/// - Reference: [CLEAR26].
public enum PaperResult: Sendable, Equatable, CaseIterable {
  case table2, table3, figure3, figure4

  /// The rows that it needs; `models` are those of Table 2.
  public func systems(
    models: [ModelDescriptor] = ModelCatalog.all, _ options: SystemOptions = SystemOptions()
  ) -> [System] {
    switch self {
    case .table2: PaperSystems.table2(models, options)
    case .table3: PaperSystems.table3(options)
    case .figure3: PaperSystems.figure3(options)
    case .figure4: PaperSystems.figure4(options)
    }
  }

  /// The numbers, as far as `campaign` has them.
  public func table(of campaign: TrainingCampaign) -> ResultTable {
    switch self {
    case .table2: campaign.table2()
    case .table3: campaign.table3()
    case .figure3: campaign.figure3Table()
    case .figure4: campaign.figure4Table()
    }
  }

  /// What its files are called, without their endings.
  public func fileName(on dataset: String) -> String {
    let name =
      switch self {
      case .table2: "table-2"
      case .table3: "table-3"
      case .figure3: "figure-3"
      case .figure4: "figure-4"
      }
    return "\(name)-\(dataset)"
  }

  /// Draws its figures; none for a table, and for what is not trained yet.
  ///
  /// - Returns: The pictures.
  /// - Throws: ``FigureError``, ``ConfigurationError``.
  public func draw(
    _ campaign: TrainingCampaign, with drawer: FigureDrawer
  ) throws -> [DrawnFigure] {
    let name = fileName(on: campaign.experiment.dataset)
      .map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) ? $0 : "-" }
    switch self {
    case .table2, .table3: return []
    case .figure3:
      return try campaign.figure3().map { [try drawer.draw($0, named: String(name))] } ?? []
    case .figure4:
      return try campaign.figure4().map {
        try drawer.draw($0, named: "\(String(name))-seed-\($0.seed)")
      }
    }
  }
}

/// The files of a table.
public enum TableFiles {
  /// Writes NAME.md, NAME.csv and NAME.tex into `folder`, which is made, each whole or not at all.
  ///
  /// - Returns: The path of the page.
  /// - Throws: ``DatasetError/unwritable(path:reason:)``.
  @discardableResult
  public static func write(
    _ name: String, markdown: String, csv: String, latex: String, into folder: String
  ) throws -> String {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DatasetError.unwritable(path: folder, reason: "it cannot be made a folder")
    }
    let base = "\(folder)/\(name)"
    try AtomicFile.write(csv, to: "\(base).csv")
    try AtomicFile.write(latex, to: "\(base).tex")
    try AtomicFile.write(markdown, to: "\(base).md")
    return "\(base).md"
  }
}
