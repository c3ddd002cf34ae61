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
    if let rank, rank < 1 { throw ValidationError("--rank must be at least 1.") }
    if let strength, !(0...1).contains(strength) {
      throw ValidationError("--strength must lie between 0 and 1.")
    }
    guard projections >= 2 else {
      throw ValidationError("--projections must be at least 2, to have a standard error.")
    }
    guard perplexity > 1, perplexity.isFinite else {
      throw ValidationError("--perplexity must be above 1.")
    }
    if let anchors, anchors < 2 { throw ValidationError("--anchors must be at least 2.") }
    if let sample, sample < 100 { throw ValidationError("--sample must be at least 100.") }
    options.rank = rank ?? options.rank
    options.strength = strength ?? options.strength
    guard permutations == 0 || permutations >= 19 else {
      throw ValidationError(
        "--permutations must be 0, or at least 19, below which no p-value reaches 0.05.")
    }
    options.permutations = permutations
    options.projections = projections
    options.perplexity = perplexity
    options.anchors = anchors
    options.sample = sample
    options.seed = input.seed
    options.topK = try topK.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let length = Int(part), length >= 1 else {
        throw ValidationError("--top-k takes positive numbers, comma-separated; got '\(part)'.")
      }
      return length
    }
    options.topK = Set(options.topK).sorted()
    if baselineRun != nil {
      guard input.checkpoint != nil else {
        throw ValidationError(
          "--baseline takes an earlier report.json, or a run together with --checkpoint.")
      }
      guard options.diagnostics.contains(.spectrum) else {
        throw ValidationError("--baseline compares spectra; leave spectrum in.")
      }
    }
    return options
  }

  /// The earlier report to compare with, where that is what --baseline names.
  var baselineReport: String? { baseline.flatMap { $0.hasSuffix(".json") ? $0 : nil } }

  /// The run to compare with, where that is what --baseline names.
  var baselineRun: String? { baselineReport == nil ? baseline : nil }

  /// Sets the projection that came with a model aside when another was asked for; what was not
  /// asked for stays the model's.
  func adjustProjection(of dataset: inout FeatureDataset, _ options: inout AuditOptions) {
    guard let own = dataset.projection, rank != nil || strength != nil else { return }
    dataset.projection = nil
    options.rank = rank ?? own.rank
    options.strength = strength ?? own.strength
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
}

/// Where numbers come from: this command, this machine, these inputs.
func provenance(seed: UInt64?, digests: [String: String]) -> Provenance {
  Provenance(
    version: ToolVersion.current, command: commandLine(of: "redundancy-report"), seed: seed,
    threads: Parallel.threadCount, openblas: OpenBLAS.configuration, digests: digests,
    date: ISO8601DateFormatter().string(from: Date()))
}
