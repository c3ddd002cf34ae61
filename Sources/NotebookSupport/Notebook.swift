import ArgumentParser
import Datasets
import Figures
import Foundation
import Reporting

/// What the command line of a notebook may say.
private struct NotebookArguments: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: URL(fileURLWithPath: CommandLine.arguments[0]).lastPathComponent)
  }

  @Argument(help: "Folder that figures and tables are written into.")
  var figures = "figures"
}

/// What every notebook needs beside its idea: where figures go, which data sets are at hand, and
/// claims that can turn out false.
public final class Notebook {
  /// Folder that figures are drawn into: the first argument, or `figures`.
  public let figures: URL
  /// The seed from which everything in the notebook follows.
  public let seed: UInt64
  let name: String
  let data: String
  private var broken: [String] = []

  /// Opens the notebook called `name`; ends the program where `arguments` are not understood or
  /// ask for help.
  public init(
    _ name: String, seed: UInt64 = 999,
    arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) {
    self.name = name
    self.seed = seed
    figures = URL(
      fileURLWithPath: NotebookArguments.parseOrExit(arguments).figures, isDirectory: true)
    data = ProcessInfo.processInfo.environment["CLEAR_DATA"] ?? "../shared/data"
  }

  /// Those of `names` that are at hand: generated ones always, real ones where their folder is.
  /// What is missing is said and left out.
  ///
  /// - Parameter modalities: Which to read; the preferred two when nil.
  public func datasets(
    _ names: [String], modalities: [String]? = nil
  ) throws -> [FeatureDataset] {
    try names.compactMap { name in
      let isThere = FileManager.default.fileExists(atPath: "\(data)/\(name)")
      guard DatasetCatalog.generated.contains(name) || isThere else {
        print("\(name) is not in \(data); set CLEAR_DATA to include it.")
        return nil
      }
      let search = DatasetSearch(
        dataDirectory: data, environment: [:],
        workingDirectory: FileManager.default.currentDirectoryPath)
      return try DatasetCatalog.load(name, in: search, modalities: modalities, seed: seed)
    }
  }

  /// Draws `figure` as `figures/NAME.png` with its PDF, script and table.
  public func draw(_ figure: some Figure, as name: String, of dataset: FeatureDataset) throws {
    let drawer = FigureDrawer(
      directory: figures,
      provenance: figureProvenance(
        command: self.name, seed: seed, version: "notebook", digests: dataset.digests))
    print("drawn: \(try drawer.draw(figure, named: name).png.relativePath)")
  }

  /// Records whether a claim that the page makes is true.
  public func check(_ claim: String, _ holds: Bool) {
    print("\(holds ? "true" : "FALSE"): \(claim)")
    if !holds { broken.append(claim) }
  }

  /// Ends the notebook: with exit code 1 when a claim was false.
  public func finish() {
    guard broken.isEmpty else {
      FileHandle.standardError.write(
        Data("\(name): \(broken.count) of its claims are false\n".utf8))
      exit(1)
    }
  }
}
