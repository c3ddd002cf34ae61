import Foundation

/// What a reader must know of two modalities.
func pairIssues(_ pair: PairQuality, items: Int) -> [QualityIssue] {
  let names = [pair.first, pair.second]
  func issue(
    _ severity: QualityIssue.Severity, _ kind: QualityIssue.Kind, _ finding: String,
    _ advice: String
  ) -> QualityIssue {
    QualityIssue(
      severity: severity, kind: kind, modalities: names, finding: finding, advice: advice)
  }
  let both = "both \(pair.first) and \(pair.second)"
  var found: [QualityIssue] = []
  if pair.suspiciousInBoth.count > 0 {
    found.append(
      issue(
        .serious, .suspiciousInBoth,
        "\(pair.suspiciousInBoth.text("item")) \(pair.suspiciousInBoth.count == 1 ? "is" : "are") "
          + "missing, imputed or one of many alike in \(both).",
        "Take the numbers without these items: their neighbours agree for no reason of content."))
  }
  if pair.equalInBoth.count > 0 {
    let chance = Double(min(10, items - 1)) / Double(items - 1)
    found.append(
      issue(
        pair.equalOverlap >= chance / 2 ? .serious : .note, .equalInBoth,
        "\(pair.equalInBoth.text("item")) have an equal in \(both), the same one; these alone "
          + "make an overlap of \(digits(pair.equalOverlap)) among ten neighbours, where chance "
          + "makes \(digits(chance)).",
        "Look whether these are one product listed twice, and take the overlap without them."))
  }
  if let ratio = pair.rmsRatio, ratio > 100 {
    found.append(
      issue(
        .serious, .scaleRatio,
        "The values of \(pair.first) and \(pair.second) differ \(Int(ratio.rounded()))-fold in "
          + "root mean square.",
        "Bring both to one scale before distances between them are read."))
  }
  if let types = pair.differingTypes {
    found.append(
      issue(
        .note, .differingTypes,
        "\(pair.first) is stored as \(types[0]) and \(pair.second) as \(types[1]).",
        "Both are read as float32; check that neither was rounded on the way."))
  }
  return found
}

/// Two significant digits.
private func digits(_ value: Double) -> String { String(format: "%.2g", value) }
