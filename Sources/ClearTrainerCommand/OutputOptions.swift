import ArgumentParser

/// Where a run is written.
package struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of the run; runs/<model>-<dataset>-<seed> otherwise.", valueName: "folder"))
  package var output: String?

  @Flag(help: "Replace the run that is in the folder.")
  package var force = false

  package init() {}

  package func validate() throws {
    if let output, output.isEmpty { throw ValidationError("--output needs a folder.") }
  }

  /// The folder for a run of `model` on `dataset`.
  package func folder(model: String, dataset: String, seed: UInt64) -> String {
    output ?? "runs/\(model)-\(dataset)-\(seed)"
  }
}
