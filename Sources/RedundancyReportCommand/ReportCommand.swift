import ArgumentParser
import Audit
import CommandSupport
import Datasets
import Figures
import Foundation
import LinearAlgebra
import Reporting

/// `redundancy-report`: read, inspect, measure, draw, write.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Measure a data set and write its report (the default).",
    discussion: """
      Writes report.html, report.json and figures/ into the output folder, and prints a table. \
      Diagnostics: quality, spectrum, overlap, classes, similarity, pairs, cost, information, \
      fisher, swd, tsne, theorems.
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "An earlier report.json to compare with; or, with --checkpoint, the run of a model trained "
        + "without projection.",
      valueName: "file or run"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Redundancy rank k of the projection (default: the checkpoint's own, or 8).",
      valueName: "k"))
  var rank: Int?

  @Option(
    help: ArgumentHelp(
      "Projection strength λ, 0 to 1 (default: the checkpoint's own, or 0.9).", valueName: "λ"))
  var strength: Double?

  @Option(help: ArgumentHelp("List lengths of the retrieval overlap.", valueName: "k,k,…"))
  var topK = "5,10,20,50,100,200"

  @Option(
    help: ArgumentHelp(
      "Compare the neighbours of m sampled items (default: of all, or of "
        + "\(AuditOptions.usualAnchorCount) where there are more than "
        + "\(AuditOptions.exactLimit)).",
      valueName: "m"))
  var anchors: Int?

  @Option(
    help: ArgumentHelp(
      "Measure what takes long on m sampled items, as the report then says (default: on all, or on "
        + "\(AuditOptions.usualSampleSize) where there are more than \(AuditOptions.exactLimit)).",
      valueName: "m"))
  var sample: Int?

  @Option(
    help: ArgumentHelp(
      "Random pairings behind every calibrated number and p-value; 0 for none.", valueName: "n"))
  var permutations = 200

  @Option(help: ArgumentHelp("Directions of the sliced Wasserstein distance.", valueName: "l"))
  var projections = 512

  @Option(help: ArgumentHelp("Perplexity of the t-SNE map.", valueName: "p"))
  var perplexity = 30.0

  @Option(help: ArgumentHelp("Run these diagnostics alone, comma-separated.", valueName: "names"))
  var only: String?

  @Option(help: ArgumentHelp("Leave these diagnostics out, comma-separated.", valueName: "names"))
  var skip: String?

  @Flag(help: "Draw no figures; gnuplot is then not needed.")
  var noFigures = false

  @Option(help: ArgumentHelp("Folder to write.", valueName: "folder"))
  var output: String?

  @Flag(help: "Print report.json on standard output and nothing else there.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Exit with 1 if this holds; repeatable. For example 'overlap@20>0.25' or any path of "
        + "report.json, 'similarity.linearCKA>0.3'.",
      valueName: "condition"))
  var failOn: [String] = []

  func validate() throws {
    _ = try options()
    for condition in failOn { _ = try parsed(condition) }
  }

  func run() throws {
    do {
      try report()
    } catch let exit as ExitCode {
      throw exit
    } catch {
      throw CommandFailure(error)
    }
  }

  private func report() throws {
    var options = try options()
    let conditions = try failOn.map(parsed)
    let earlier = try baselineReport.map { try ReportFile.read($0) }
    if let threads = input.threads { Parallel.threadCount = threads }
    let folder = ReportFolder(
      at: URL(fileURLWithPath: output ?? "report/\(input.reportName)", isDirectory: true))
    try folder.prepare()
    // Better now than after minutes of measuring.
    if !noFigures { _ = try GnuplotProgram().version() }

    let progress = ProgressLine()
    var dataset = try input.read()
    adjustProjection(of: &dataset, &options)
    let other = try baselineRun.map {
      try FeatureDataset.checkpoint($0, modalities: dataset.modalities.map(\.name))
    }
    let findings = try audit(dataset, options: options, baseline: other) { progress.show($0) }
    progress.finish()
    var digests = dataset.digests
    for (file, digest) in other?.digests ?? [:] { digests["baseline \(file)"] = digest }
    var report = findings.report(provenance: provenance(seed: input.seed, digests: digests))
    report.differences = earlier.map { ReportDifference(from: $0, to: report) }
    let figures = noFigures ? [] : reportFigures(report, maps: findings.maps)
    try folder.write(report, figures: figures)

    if json {
      FileHandle.standardOutput.write(try reportJSON(report))
    } else {
      print(terminalSummary(report))
      print(folder.page.path)
    }
    let met = try conditions.filter { try $0.isMet(by: report) }
    guard met.isEmpty else {
      standardError(
        met.map { "redundancy-report: condition met: \($0.text)\n" }.joined())
      throw ExitCode(ExitStatus.conditionMet)
    }
  }
}
