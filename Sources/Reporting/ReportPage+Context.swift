import Audit
import Calibration
import DataQuality
import Information
import ProjectionCost
import Redundancy

/// What was found in the data, and the headline numbers without what it touches.
func qualityTables(_ quality: QualityReport, cleaned: CleanedNumbers?) -> HTML {
  let issues: [HTML] = quality.issues.map { issue in
    """
    <li><strong>\(issue.severity.rawValue)</strong>: \(issue.finding) <span class="soft">
    \(issue.advice)</span></li>

    """
  }
  let modalities: [[HTML]] = quality.modalities.map { modality in
    let scale = modality.features?.scale
    return [
      "\(modality.name)", cell(modality.missing.count), cell(modality.duplicates.repeated),
      cell(modality.sharedVectors.reduce(0) { $0 + $1.items.count }),
      cell(modality.features?.nearDuplicates?.count), cell(modality.features?.columns.constant.count),
      cell(modality.features?.columns.duplicated.count), cell(modality.hubness?.skewness),
      cell(modality.hubness?.largestCount), cell(scale?.rms), cell(scale?.normVariation),
    ]
  }
  let found: HTML =
    issues.isEmpty ? "<p>Nothing was found that would mislead.</p>" : "<ul>\(issues)</ul>"
  return """
    \(found)
    \(cleaned.map(cleanedTable))
    \(table(
      [
        "modality", "missing", "duplicates", "items with a shared vector", "near duplicates",
        "constant columns", "duplicated columns", "hubness (skew)", "largest hub",
        "root mean square", "norms, sd/mean",
      ], modalities))
    """
}

private func cleanedTable(_ cleaned: CleanedNumbers) -> HTML {
  let notes: [HTML] = cleaned.notes.map { "<li>\($0)</li>" }
  return """
    <h3>With and without \(grouped(cleaned.removed)) suspicious items</h3>
    \(table(
      ["", "all items", "± s.e.", "without them"],
      cleaned.rows.map {
        ["\($0.label)", cell($0.all), cell($0.standardError), cell($0.cleaned)]
      }))
    \(notes.isEmpty ? nil : "<ul>\(notes)</ul>" as HTML)
    """
}

/// Classes from the most to the least redundant.
func classTable(_ classes: ClassBreakdown, names: [String]) -> HTML {
  func row(_ row: ClassBreakdown.Row) -> [HTML] {
    [
      "\(row.name)", cell(row.items), "\(percent(row.overlap))",
      "\(row.standardError.map(percent) ?? "–")", cell(row.lift),
      "\(row.commonSameClass.map(percent) ?? "–")", "\(percent(row.first.sameClass))",
      "\(percent(row.second.sameClass))", "\(percent(row.chanceSameClass))",
      "\(row.first.sharedEnergy.map(percent) ?? "–")",
      "\(row.second.sharedEnergy.map(percent) ?? "–")",
    ]
  }
  let header = [
    "class", "items", "overlap@\(classes.k)", "± s.e.", "lift", "common neighbours of own class",
    "those by \(names[0])", "those by \(names[1])", "chance", "shared energy, \(names[0])",
    "shared energy, \(names[1])",
  ]
  let shown = 20
  let rows = classes.rows
  let visible = rows.count <= shown ? rows : Array(rows.prefix(shown / 2) + rows.suffix(shown / 2))
  let omitted: HTML? =
    rows.count > visible.count
    ? "<p class=\"soft\">The first and last \(shown / 2) of \(rows.count); all in report.json.</p>"
    : nil
  let description: HTML? = classes.classDescription.map { "<p class=\"soft\">Classes: \($0).</p>" }
  return """
    \(table(header, [row(classes.overall)] + visible.map(row)))
    \(omitted)
    \(description)
    """
}

/// Every pair of modalities.
func pairTable(_ pairs: PairMatrix) -> HTML {
  table(
    [
      "pair", "overlap@\(pairs.listLength)", "random", "p", "calibrated", "debiased CKA", "p",
      "calibrated", "directions above the null", "left by own projection",
      "left by the stacked one",
    ],
    pairs.pairs.map { pair in
      [
        "\(pair.first) / \(pair.second)", "\(percent(pair.overlapMean))",
        "\(percent(pair.overlapRandom))", pCell(pair.overlap), scoreCell(pair.overlap),
        cell(pair.alignment?.observed), pCell(pair.alignment), scoreCell(pair.alignment),
        cell(pair.directionsAboveNull), "\(pair.leftByOwnProjection.map(percent) ?? "–")",
        "\(pair.leftByStackedProjection.map(percent) ?? "–")",
      ]
    }, caption: "k = \(pairs.rank), λ = \(significant(pairs.strength))")
}

/// What each way of damping costs: the features first, then what can be read from them.
func costTable(_ costs: ProjectionCosts, names: [String]) -> HTML {
  let chance: HTML? = costs.chanceAccuracy.map {
    " The largest of \(costs.classCount ?? 0) classes holds \(percent($0))."
  }
  return """
    \(featureCosts(costs, names))
    \(costs.before.contains { $0.linearAccuracy != nil } ? probeCosts(costs, names) : nil)
    <p class="soft">k = \(costs.rank), λ = \(significant(costs.strength)); neighbours and votes on
    \(costs.anchorCount) sampled anchors, each share good to about
    \(percent(costs.overlapBefore.standardError ?? 0)).\(chance)</p>
    """
}

private func share(_ value: Double?) -> HTML { "\(value.map(percent) ?? "–")" }

private func randomTitle(_ random: RandomControl) -> HTML {
  "\(Damping.random.title), mean of \(random.draws)"
}

private func featureCosts(_ costs: ProjectionCosts, _ names: [String]) -> HTML {
  let header =
    ["damped", "shared covariance left", "σ₁ left", "overlap@\(costs.listLength)"]
    + names.map { "variance lost, \($0)" } + names.map { "neighbours kept, \($0)" }
  let before: [HTML] =
    ["nothing", "100 %", "100 %", share(costs.overlapBefore.value)]
    + names.map { _ in "0 %" } + names.map { _ in "100 %" }
  let ways: [[HTML]] = costs.ways.map { cost in
    let shared: [HTML] = [
      "\(cost.damping.title)", share(cost.sharedCovariance?.energy),
      share(cost.sharedCovariance?.leading), share(cost.overlap.value),
    ]
    return shared + cost.modalities.map { share($0.variance?.lost) }
      + cost.modalities.map { share($0.neighborsKept.value) }
  }
  let random: [[HTML]] = [costs.random].compactMap { $0 }.map { random in
    let shared: [HTML] = [
      randomTitle(random), share(random.sharedEnergy?.mean), share(random.sharedLeading?.mean),
      share(random.overlap?.mean),
    ]
    return shared + random.modalities.map { share($0.varianceLost?.mean) }
      + random.modalities.map { share($0.neighborsKept?.mean) }
  }
  return table(header, [before] + ways + random)
}

private func probeCosts(_ costs: ProjectionCosts, _ names: [String]) -> HTML {
  let header =
    ["damped"] + names.map { "linear probe, \($0)" } + names.map { "neighbour vote, \($0)" }
  let before: [HTML] =
    ["nothing"] + costs.before.map { share($0.linearAccuracy?.value) }
    + costs.before.map { share($0.voteAccuracy?.value) }
  let ways: [[HTML]] = costs.ways.map { cost in
    ["\(cost.damping.title)"] + cost.modalities.map { share($0.linearAccuracy?.value) }
      + cost.modalities.map { share($0.voteAccuracy?.value) }
  }
  let random: [[HTML]] = [costs.random].compactMap { $0 }.map { random in
    [randomTitle(random)] + random.modalities.map { share($0.linearAccuracy?.mean) }
      + random.modalities.map { share($0.voteAccuracy?.mean) }
  }
  return table(
    header, [before] + ways + random, caption: "Accuracy with which the labels can be read")
}

/// The bits about a task.
func informationTable(_ split: InformationSplit, names: [String]) -> HTML {
  let information = split.information
  let shared: HTML? = split.shared.map {
    " I(V;T) is \(significant($0.nullMean)) bits for random pairings (p = \(significant($0.pValue)))."
  }
  return """
    \(table(
      ["said by", "bits about the task"],
      [
        ["either modality alone (redundant)", "\(significant(split.parts.redundant))"],
        ["\(names[0]) alone (unique)", "\(significant(split.parts.uniqueFirst))"],
        ["\(names[1]) alone (unique)", "\(significant(split.parts.uniqueSecond))"],
        ["only both together (synergistic)", "\(significant(split.parts.synergistic))"],
      ]))
    \(table(
      ["", "plug-in", "less its bias"],
      [
        ["I(V;T)", cell(information.modalities), cell(split.corrected.modalities)],
        ["I(V;T|Y)", cell(information.modalitiesGivenTask),
          cell(split.corrected.modalitiesGivenTask)],
        ["I(V;Y)", cell(information.firstTask), cell(split.corrected.firstTask)],
        ["I(T;Y)", cell(information.secondTask), cell(split.corrected.secondTask)],
        ["I(V,T;Y)", cell(information.jointTask), cell(split.corrected.jointTask)],
        ["co-information", cell(information.coInformation), cell(split.corrected.coInformation)],
      ]))
    <p class="soft">The task Y: \(split.task). \(split.discretization) \(split.biasNote)\(shared)</p>
    """
}

/// Distances of the clouds, and what shuffling does to them: nothing.
func cloudTable(_ clouds: CloudDistances) -> HTML {
  let titles = Dictionary(
    MeasureCatalog.all.map { ($0.card.name, $0.card.title) }, uniquingKeysWith: { first, _ in first })
  return """
    \(table(
      ["", "value", "± s.e."],
      [
        ["energy distance", cell(clouds.energyDistance.value),
          cell(clouds.energyDistance.standardError)],
        ["energy coefficient, 0 (equal) to 1", cell(clouds.energyDistance.coefficient), "–"],
        ["max-sliced Wasserstein distance", cell(clouds.maxSlicedWasserstein.value), "–"],
        ["area under the curve of a linear classifier of the modality", cell(clouds.classifier.auc),
          cell(clouds.classifier.standardError)],
      ]))
    \(table(
      ["measure", "value", "after shuffling one modality's rows"],
      clouds.shuffled.map {
        ["\(titles[$0.measure] ?? $0.measure)", cell($0.value), cell($0.valueShuffled)]
      }, caption: "The shuffle demonstration: these measures never see which rows belong together"))
    <p class="soft">\(clouds.coordinates)</p>
    """
}

/// What each measure can and cannot see.
func measureTable(_ cards: [MeasureCard]) -> HTML {
  func range(_ card: MeasureCard) -> String {
    let low = card.lowerBound.map(significant) ?? "−∞"
    return "\(low) to \(card.upperBound.map(significant) ?? "∞")"
  }
  return """
    <h2 id="measures">What the measures can and cannot see</h2>
    <p>Each property is declared with the measure and tested: what is listed leaves the value
    unchanged, and what is not listed can change it.</p>
    <details><summary>\(cards.count) measures</summary>
    \(table(
      ["measure", "pairing", "grows with likeness", "range", "symmetric", "unchanged by", "source"],
      cards.map { card in
        [
          "\(card.title)", chip(card.pairing),
          card.direction == .growsWithLikeness ? "yes" : "no", "\(range(card))",
          card.isSymmetric ? "yes" : "no",
          "\(card.invariances.map(\.words).joined(separator: ", "))", "\(card.source)",
        ]
      }))
    </details>
    """
}

extension Invariance {
  fileprivate var words: String {
    switch self {
    case .itemOrder: "order of the items"
    case .brokenPairing: "shuffling one modality"
    case .translation: "translation"
    case .uniformScaling: "scaling of a modality"
    case .itemScaling: "scaling of each item"
    case .rotation: "rotation of a modality"
    case .commonRotation: "rotation of both"
    case .invertibleMap: "invertible linear maps"
    }
  }
}
