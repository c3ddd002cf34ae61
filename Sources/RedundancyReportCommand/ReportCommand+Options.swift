import ArgumentParser
import Audit
import CommandSupport
import Datasets
import Foundation
import LinearAlgebra
import Reporting

extension ReportCommand {
  /// The options of the audit, checked.
  func options() throws -> AuditOptions {
    var options = AuditOptions()
    options.diagnostics = try chosenDiagnostics()
    guard rank >= 1 else { throw ValidationError("--rank must be at least 1.") }
    guard (0...1).contains(strength) else {
      throw ValidationError("--strength must lie between 0 and 1.")
    }
    guard projections >= 2 else {
      throw ValidationError("--projections must be at least 2, to have a standard error.")
    }
    guard perplexity > 1, perplexity.isFinite else {
      throw ValidationError("--perplexity must be above 1.")
    }
    if let anchors, anchors < 2 { throw ValidationError("--anchors must be at least 2.") }
    options.rank = rank
    options.strength = strength
    options.projections = projections
    options.perplexity = perplexity
    options.anchors = anchors
    options.seed = input.seed
    options.topK = try topK.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let length = Int(part), length >= 1 else {
        throw ValidationError("--top-k takes positive numbers, comma-separated; got '\(part)'.")
      }
      return length
    }
    options.topK = Set(options.topK).sorted()
    return options
  }

  private func chosenDiagnostics() throws -> [Diagnostic] {
    let chosen = try only.map(diagnostics) ?? Diagnostic.allCases
    let skipped = try skip.map(diagnostics) ?? []
    let left = Diagnostic.allCases.filter { chosen.contains($0) && !skipped.contains($0) }
    guard !left.isEmpty else { throw ValidationError("Nothing is left to measure.") }
    return left
  }

  private func diagnostics(_ names: String) throws -> [Diagnostic] {
    try names.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let diagnostic = Diagnostic(rawValue: String(name)) else {
        let all = Diagnostic.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(name)' is no diagnostic; they are \(all).")
      }
      return diagnostic
    }
  }

  /// A `--fail-on` condition.
  func parsed(_ text: String) throws -> FailCondition {
    do {
      return try FailCondition(text)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Where the numbers come from.
  func provenance(of dataset: FeatureDataset) -> Provenance {
    Provenance(
      version: ToolVersion.current, command: commandLine(of: "redundancy-report"),
      seed: input.seed, threads: Parallel.threadCount, openblas: OpenBLAS.configuration,
      digests: dataset.digests, date: ISO8601DateFormatter().string(from: Date()))
  }
}
