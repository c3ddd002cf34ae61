import Datasets
import Statistics

// What would take too long, or too much memory, on all items.

extension Auditor {
  /// Diagnostics that are measured on a sample of the items where there is one. Of the spectrum and
  /// the similarity, the comparison with random pairings is.
  static let sampledDiagnostics: Set<Diagnostic> = [
    .pairs, .cost, .information, .fisher, .swd, .tsne, .theorems,
  ]

  /// Measures on a sample of the items what was left out of all; nothing when there is none.
  ///
  /// - Complexity: that of an audit of as many items.
  mutating func measureSample() throws {
    guard let count = options.sample else { return }
    var options = options
    options.sample = nil
    options.anchors = options.anchors.map { min($0, count) }
    options.diagnostics = options.diagnostics.filter {
      Self.sampledDiagnostics.contains($0)
        || ($0 == .spectrum || $0 == .similarity) && options.permutations > 0
    }
    guard !options.diagnostics.isEmpty else { return }
    var generator = streams.generator(for: "item-sample")
    let items = generator.sample(count, from: findings.dataset.itemCount)
    // A column may be constant among the sampled items alone.
    let dataset = try findings.dataset.keeping(items).droppingConstantColumns()
    var rest = try Auditor(
      dataset: dataset, options: options, baseline: nil, progress: progress)
    for diagnostic in rest.order { try rest.run(diagnostic) }
    let inherited = findings.dataset.notes.count
    findings.take(
      rest.findings, notes: dataset.notes.dropFirst(inherited).map { "in the sample: \($0)" })
    let skipped = rest.findings.skipped.map(\.diagnostic)
    let measured = rest.order.filter { !skipped.contains($0) }
    if !measured.isEmpty { findings.notes.append(sampleNote(measured, count)) }
  }

  /// What a sample of anchors means for the numbers.
  func anchorNote(_ count: Int) -> String {
    "Neighbours are those of \(grouped(count)) sampled anchors, searched exactly among all "
      + "\(grouped(findings.dataset.itemCount)) items; errors and p-values of the overlap tell "
      + "what that leaves open."
  }

  private func sampleNote(_ diagnostics: [Diagnostic], _ count: Int) -> String {
    let parts = diagnostics.map { diagnostic in
      switch diagnostic {
      case .spectrum: "the calibration of the spectrum"
      case .similarity: "the calibration of the similarity"
      default: diagnostic.rawValue
      }
    }
    return "Measured on a seeded sample of \(grouped(count)) of the "
      + "\(grouped(findings.dataset.itemCount)) items, with the errors and p-values of that "
      + "sample: \(parts.joined(separator: ", ")). All else is of all items."
  }
}

extension AuditFindings {
  /// Adds what was measured on a sample of the items.
  fileprivate mutating func take(_ sample: AuditFindings, notes own: [String]) {
    pairs = sample.pairs
    cost = sample.cost
    information = sample.information
    fisher = sample.fisher
    slicedWasserstein = sample.slicedWasserstein
    clouds = sample.clouds
    tsne = sample.tsne
    maps = sample.maps
    theorems = sample.theorems
    drift = drift ?? sample.drift
    if let relabeled = sample.calibration {
      var calibration = calibration ?? relabeled
      calibration.spectrum = relabeled.spectrum
      calibration.spectrumWithinClasses = relabeled.spectrumWithinClasses
      calibration.spectrumIntervals = relabeled.spectrumIntervals
      calibration.rank = relabeled.rank
      calibration.similarity = relabeled.similarity
      calibration.similarityWithinClasses = relabeled.similarityWithinClasses
      self.calibration = calibration
    }
    skipped += sample.skipped.filter { Auditor.sampledDiagnostics.contains($0.diagnostic) }
    notes += own + sample.notes
    timings.merge(sample.timings, uniquingKeysWith: +)
  }
}
