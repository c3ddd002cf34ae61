import Audit
import Redundancy

/// The report as a short table for a terminal.
public func terminalSummary(_ report: RedundancyReport) -> String {
  var rows: [(label: String, value: String)] = []
  rows.append(
    ("data", "\(report.dataset.name), \(grouped(report.dataset.items)) items, "
      + report.dataset.modalityDescriptions.joined(separator: " against ")))
  if let spectrum = report.spectrum {
    rows.append(("σ₁ before / after", pair(spectrum.singularValues.first,
      spectrum.projected.singularValues.first)))
    rows.append(("effective rank", pair(spectrum.effectiveRank, spectrum.projected.effectiveRank)))
    rows.append(("directions above noise", String(spectrum.directionsAboveNoise)
      + (report.calibration?.spectrum.map { "  (above random pairings \($0.directionsAboveNull))" }
        ?? "")))
  }
  for row in report.retrievalOverlap ?? [] {
    rows.append(
      ("overlap@\(row.k)", "\(percent(row.mean))  (random \(percent(row.random)), "
        + "lift \(significant(row.lift))\(calibrated(report, at: row.k)))"))
  }
  if let density = report.scoreDensity {
    rows.append(("score densities' overlap", text(density.overlapCoefficient)))
  }
  if let distance = report.slicedWasserstein {
    rows.append(("SWD before / after", pair(distance.before, distance.after)))
  }
  if let maps = report.tsne {
    rows.append(("t-SNE Overlap", pair(maps.before.overlap, maps.after.overlap)
      + "  (ceiling \(significant(maps.before.ceiling)))"))
  }
  for ratio in report.fisher ?? [] {
    rows.append(("FDR∥/FDR⊥ \(ratio.modality)", text(ratio.medianRatio)))
  }
  if let similarity = report.similarity {
    rows.append(("linear CKA, debiased", text(similarity.linearCKA)))
  }
  for outcome in TheoremVerdict.Verdict.allCases {
    let ids = (report.theorems ?? []).filter { $0.verdict == outcome }.map(\.id)
    if !ids.isEmpty { rows.append((outcome.rawValue, ids.joined(separator: " "))) }
  }
  if let difference = report.differences {
    let flagged = difference.rows.filter(\.isFlagged).map(\.label)
    rows.append(("against the baseline", flagged.isEmpty && difference.flagged == 0
      ? "nothing differs beyond its error"
      : "\(difference.flagged) beyond their error\(flagged.isEmpty ? "" : ": ")"
        + flagged.joined(separator: ", ")))
  }
  for skipped in report.skipped {
    rows.append(("no \(skipped.diagnostic.rawValue)", skipped.reason))
  }
  let width = rows.map(\.label.count).max() ?? 0
  let lines = rows.map { row in
    row.label + String(repeating: " ", count: width - row.label.count + 2) + row.value
  }
  return ([report.verdict.headline, report.verdict.recommendation, ""] + lines).joined(separator: "\n") + "\n"
}

private func text(_ value: Double?) -> String { value.map(significant) ?? "–" }

private func pair(_ before: Double?, _ after: Double?) -> String {
  "\(text(before)) / \(text(after))"
}

/// `, p 0.005, calibrated 0.049`.
private func calibrated(_ report: RedundancyReport, at k: Int) -> String {
  let level = report.calibration?.neighbors?.overlaps.first { $0.k == k }
  return level?.statistic.free.map {
    ", p \(significant($0.correctedPValue ?? $0.pValue)), calibrated \(significant($0.score))"
  } ?? ""
}
