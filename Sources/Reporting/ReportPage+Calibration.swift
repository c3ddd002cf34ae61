import Audit
import Calibration
import Redundancy
import Statistics

/// A p-value, corrected where there was a choice.
func pCell(_ value: CalibratedValue?) -> HTML {
  guard let value else { return "–" }
  return cell(value.correctedPValue ?? value.pValue)
}

/// A calibrated score.
func scoreCell(_ value: CalibratedValue?) -> HTML { cell(value?.score) }

/// The tables of the overlap section.
func overlapTables(_ rows: [RetrievalOverlap], of report: RedundancyReport) -> HTML {
  let calibration = report.calibration
  let hasClasses = calibration?.neighbors?.overlaps.contains {
    $0.statistic.withinClasses != nil
  } ?? false
  let header =
    ["K", "overlap", "± s.e.", "random", "lift"]
    + (calibration?.neighbors == nil ? [] : ["p", "calibrated"])
    + (hasClasses ? ["within classes", "p", "calibrated"] : [])
  let body: [[HTML]] = rows.map { row in
    let interval = calibration?.overlapIntervals?.levels.first { $0.k == row.k }?.interval
    let error = interval?.standardError ?? row.standardError
    let value = calibration?.neighbors?.overlaps.first { $0.k == row.k }?.statistic
    let own: [HTML] = [
      "\(row.k)", "\(percent(row.mean))", "\(error.map(percent) ?? "–")",
      "\(percent(row.random))", cell(row.lift),
    ]
    let free: [HTML] =
      calibration?.neighbors == nil ? [] : [pCell(value?.free), scoreCell(value?.free)]
    let within: [HTML] = !hasClasses ? [] : [
      "\(value?.withinClasses.map { percent($0.nullMean) } ?? "–")", pCell(value?.withinClasses),
      scoreCell(value?.withinClasses),
    ]
    return own + free + within
  }
  let scores: HTML? = report.scoreDensity.map { density in
    """
    <p>The scores of retrieved items (K = \(density.k)) have an overlap coefficient of
    \(cell(density.overlapCoefficient)) \(chip(.marginal)).</p>
    """
  }
  return """
    \(table(header, body))
    \(calibration.map(calibrationNote))
    \(calibration?.neighbors.map { neighborTable($0, secondOrder: calibration?.secondOrder) })
    \(scores)
    """
}

/// What the columns of calibrated tables mean.
func calibrationNote(_ calibration: AuditCalibration) -> HTML {
  let within: HTML? = calibration.classes.map {
    """
    “Within classes” is the mean over pairings that keep every item in its class, \($0), and its p \
    and score against those: how much goes beyond the class.
    """
  }
  return """
    <p class="soft">Against \(grouped(calibration.permutations)) random pairings: p is the share of
    them that reach the value, corrected for the choice among the rows; the calibrated score is 0 for
    what chance reaches in one case of \(Int((1 / calibration.level).rounded())) and 1 for the
    largest value there can be. \(within) Standard errors leave out groups of items in turn.</p>
    """
}

/// Rank-aware and kernel measures of the same lists.
private func neighborTable(
  _ neighbors: CalibratedNeighbors, secondOrder: CalibratedSecondOrderNeighbors?
) -> HTML {
  let levels: [(String, CalibratedNeighbors.Level?)] = [
    ("mutual nearest neighbours", neighbors.mutualNeighbors),
    ("rank-biased overlap, p = 0.9", neighbors.rankBiasedOverlap),
    ("longest common subsequence", neighbors.subsequence),
    ("nearest-neighbour alignment (CKNNA)", neighbors.alignment),
  ]
  let profiles = secondOrder.map {
    ("second-order similarity, k = \($0.k)", $0.statistic.free, $0.statistic.withinClasses)
  }
  return calibratedTable(
    levels.compactMap { name, level in
      level.map { ("\(name), k = \($0.k)", $0.statistic.free, $0.statistic.withinClasses) }
    } + [profiles].compactMap { $0 }, caption: "Other measures of the same lists")
}

/// One row a statistic: its value, what chance gives, p and score, free and within classes.
func calibratedTable(
  _ rows: [(name: String, free: CalibratedValue?, within: CalibratedValue?)], caption: String
) -> HTML {
  let hasClasses = rows.contains { $0.within != nil }
  return table(
    ["", "value", "random", "p", "calibrated"]
      + (hasClasses ? ["within classes", "p", "calibrated"] : []),
    rows.filter { $0.free != nil }.map { row in
      let free: [HTML] = [
        "\(row.name)", cell(row.free?.observed), cell(row.free?.nullMean), pCell(row.free),
        scoreCell(row.free),
      ]
      return hasClasses
        ? free + [cell(row.within?.nullMean), pCell(row.within), scoreCell(row.within)] : free
    }, caption: caption)
}

/// Leading singular values beside random pairings, and the rank that follows.
func spectrumCalibration(_ report: RedundancyReport) -> HTML? {
  guard let calibration = report.calibration, let spectrum = calibration.spectrum else {
    return nil
  }
  let within = calibration.spectrumWithinClasses
  let intervals = calibration.spectrumIntervals
  let rows: [[HTML]] = spectrum.values.prefix(10).enumerated().map { i, value in
    let interval = intervals.flatMap { i < $0.singularValues.count ? $0.singularValues[i] : nil }
    let restricted = within.flatMap { i < $0.values.count ? $0.values[i] : nil }
    let free: [HTML] = [
      "\(i + 1)", cell(spectrum.singularValues[i]), cell(interval?.standardError),
      cell(value.nullMean), cell(value.threshold), pCell(value),
    ]
    return within == nil ? free : free + [cell(restricted?.threshold), pCell(restricted)]
  }
  let above: HTML? = within.map { "; within classes, \($0.directionsAboveNull)" }
  return """
    \(table(
      ["i", "σᵢ", "± s.e.", "random, mean", "random, 95 %", "p"]
        + (within == nil ? [] : ["within classes, 95 %", "p"]), rows,
      caption: "Leading singular values beside those of random pairings\(sampled(report))"))
    <p>Directions above the null: \(spectrum.directionsAboveNull)\(above).</p>
    \(calibration.rank.map(rankTable))
    """
}

/// Says of numbers that were calibrated on a sample how many items it had.
private func sampled(_ report: RedundancyReport) -> String {
  report.parameters.sample.map { ", of a sample of \(grouped($0)) items" } ?? ""
}

private func rankTable(_ rank: RankRecommendation) -> HTML {
  let rules: [(String, RankRecommendation.Rule?)] = [
    ("above random pairings", rank.aboveNull),
    ("Equation 13, penalty at the square of what chance reaches", rank.penalized),
    ("90 % of the squared covariance", rank.rank90),
  ]
  let strengths: HTML? = rank.strengths.map {
    """
    <p>Redundancy rank k from \(rank.rank), the smallest of the three, to \(rank.largestRank), beyond
    which directions are no stronger than chance. Projection strength λ from \(significant($0.lower)) to
    \(significant($0.upper)): between where the strongest damped direction meets the first undamped one
    and where it sinks into chance.</p>
    """
  }
  return """
    \(table(
      ["redundancy rank k by", "k", "on halves: smallest", "median", "largest", "halves that agree"],
      rules.compactMap { name, rule in
        rule.map {
          ["\(name)", cell($0.rank), cell($0.smallest), cell($0.median), cell($0.largest),
            "\(percent($0.agreement))"]
        }
      }))
    \(strengths)
    """
}

/// Alignments and correlations beside random pairings.
func similarityCalibration(_ report: RedundancyReport) -> HTML? {
  guard let calibration = report.calibration, let free = calibration.similarity else { return nil }
  let within = calibration.similarityWithinClasses
  let rows: [(String, KeyPath<CalibratedSimilarity, CalibratedValue?>)] = [
    ("linear CKA, debiased", \.debiasedAlignment), ("linear CKA, biased", \.biasedAlignment),
    ("leading canonical correlation (ridge)", \.leadingCanonical),
    ("mean squared canonical correlation (ridge)", \.squaredCanonical), ("SVCCA", \.svcca),
    ("PWCCA", \.projectionWeighted), ("Procrustes similarity", \.procrustes),
  ]
  return """
    \(calibratedTable(
      rows.map { ($0.0, free[keyPath: $0.1], within?[keyPath: $0.1]) },
      caption: "Beside random pairings, on the leading principal coordinates\(sampled(report))"))
    \(calibrationNote(calibration))
    """
}
