import ArgumentParser
import CommandSupport
import Foundation
import Training

/// `clear-trainer evaluate`: measure a checkpoint on its data set.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a trained model on its data set.",
    discussion: """
      Ranks all items as training does, and compares with the metrics that the checkpoint holds.
      """)

  @OptionGroup var input: CheckpointOptions

  @Option(
    help: ArgumentHelp(
      "What NDCG is divided by: the ideal list, or the list's own hits in front as LATTICE does.",
      valueName: "norm"))
  var ndcg = GainNormalization.ideal

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    try reportingFailures {
      threads.apply()
      let (path, model) = try input.read()
      let report = try EvaluationReport(model, normalization: ndcg)
      if let difference = report.difference {
        standardError("\(path): \(difference)\n")
      }
      try standardOutput(json ? try report.json() : report.table)
    }
  }
}

extension GainNormalization: ExpressibleByArgument {}
