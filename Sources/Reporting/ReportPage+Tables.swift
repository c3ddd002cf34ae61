import Audit
import Foundation
import Redundancy

/// A number with three significant digits, or a dash where it is undefined.
func cell(_ value: Double?) -> HTML { "\(value.map(significant) ?? "–")" }

func cell(_ value: Int?) -> HTML { "\(value.map(grouped) ?? "–")" }

/// The tables of the spectrum section.
func spectrumTables(_ spectrum: CovarianceSpectrum) -> HTML {
  let projected = spectrum.projected
  let summary = table(
    ["", "before", "after"],
    [
      ["largest singular value σ₁", cell(spectrum.singularValues.first),
        cell(projected.singularValues.first)],
      ["Frobenius norm", cell(spectrum.frobeniusNorm), cell(projected.frobeniusNorm)],
      ["nuclear norm Σσ", cell(spectrum.nuclearNorm), cell(projected.nuclearNorm)],
      ["effective rank exp H(σ/Σσ)", cell(spectrum.effectiveRank), cell(projected.effectiveRank)],
      ["stable rank ‖C‖²_F/σ₁²", cell(spectrum.stableRank), cell(projected.stableRank)],
      ["participation ratio", cell(spectrum.participationRatio),
        cell(projected.participationRatio)],
      ["numerical rank", cell(spectrum.numericalRank), "–"],
      ["directions holding 90 % of Σσ²", cell(spectrum.rank90), "–"],
      ["noise edge", cell(spectrum.noiseEdge), "–"],
      ["directions above it", cell(spectrum.directionsAboveNoise), "–"],
    ])
  let energy = spectrum.cumulativeEnergy
  let leading = table(
    ["i", "σᵢ", "share of Σσ² up to i"],
    zip(spectrum.singularValues, energy).prefix(10).enumerated().map { index, pair in
      ["\(index + 1)", cell(pair.0), "\(percent(pair.1))"]
    })
  let optimal = table(
    ["penalty", "as a share of σ₁²", "k*"],
    spectrum.optimalRank.map {
      [
        cell($0.penalty), "\(percent($0.relativePenalty))\($0.isNoiseEdge ? " (noise edge²)" : "")",
        cell($0.rank),
      ]
    },
    caption: "Equation 13: k* counts the directions with σᵢ² above the penalty.")
  return """
    \(summary)
    <details><summary>Leading singular values, and k* by its penalty</summary>
    \(leading)
    \(optimal)
    </details>
    """
}

/// The table of the Wasserstein section: one row a scaling.
func wassersteinTable(_ distance: SlicedWasserstein) -> HTML {
  let rows: [[HTML]] = distance.scalings.map { scaling in
    [
      "\(scaling.name.rawValue)", cell(scaling.before), cell(scaling.standardErrorBefore),
      cell(scaling.after), cell(scaling.standardErrorAfter),
    ]
  }
  return """
    \(table(["scaling", "before", "± s.e.", "after", "± s.e."], rows))
    <p class="soft">\(distance.projections) directions. \(distance.coordinates)</p>
    """
}

/// The table of the map section.
func mapTable(_ maps: MapComparison, coordinates: String?) -> HTML {
  func row(_ name: String, _ value: (MapSummary) -> Double?) -> [HTML] {
    ["\(name)", cell(value(maps.before)), cell(value(maps.after))]
  }
  return """
    \(table(
      ["", "before", "after"],
      [
        row("Overlap", \.overlap), row("ceiling of Overlap", \.ceiling),
        row("overlap along x", \.marginalX), row("overlap along y", \.marginalY),
        row("overlap along random directions of the features", \.directionalOverlap),
        row("sliced Wasserstein distance on the map", \.mapSlicedWasserstein),
        row("KL divergence", \.klDivergence),
        row("trustworthiness at 10 neighbours", \.trustworthiness),
      ]))
    <p class="soft">\(grouped(maps.before.points)) points on each map; trustworthiness measured on
    \(grouped(maps.before.trustworthinessAnchors)) of them. \(coordinates ?? "")</p>
    """
}

/// The table of the Fisher section: one row a modality.
func fisherTable(_ ratios: [FisherDiscriminantRatio]) -> HTML {
  let rows: [[HTML]] = ratios.map { ratio in
    [
      "\(ratio.modality)", cell(ratio.parallel), cell(ratio.perpendicular),
      cell(ratio.medianRatio), "\(ratio.shareBelowOne.map(percent) ?? "–")",
      cell(ratio.traceRatioParallel), cell(ratio.traceRatioPerpendicular),
      "\(ratio.randomPercentile.map { percent($0 / 100) } ?? "–")",
    ]
  }
  let classes: HTML? = ratios.first.map { ratio in
    """
    <p class="soft">\(ratio.classes) classes: \(ratio.classDescription);
    \(ratio.droppedClasses) with fewer than 10 items left out.</p>
    """
  }
  return """
    \(table(
      [
        "modality", "median FDR∥", "median FDR⊥", "median FDR∥/FDR⊥", "pairs below 1",
        "tr S_B/tr S_W ∥", "tr S_B/tr S_W ⊥", "percentile among random subspaces",
      ], rows))
    \(classes)
    """
}

/// The table of the companion measures.
func similarityTable(_ similarity: Similarity) -> HTML {
  let correlations = similarity.cca.prefix(8).map(significant).joined(separator: ", ")
  return table(
    ["measure", "value", "pairing"],
    [
      ["linear CKA, debiased", cell(similarity.linearCKA), chip(.paired)],
      ["linear CKA, biased", cell(similarity.linearCKABiased), chip(.paired)],
      ["canonical correlations (ridge)", "\(correlations)", chip(.paired)],
      ["the first of them for shuffled pairs, its level of chance", cell(similarity.ccaShuffled),
        chip(.paired)],
      ["mutual nearest neighbours, k = \(similarity.mutualKNN?.k ?? 10)",
        cell(similarity.mutualKNN?.value), chip(.paired)],
      ["modality gap (\(similarity.modalityGap.note))", cell(similarity.modalityGap.distance),
        chip(.marginal)],
    ])
}

/// The statements of the paper, one block each.
func theoremList(_ verdicts: [TheoremVerdict]) -> HTML {
  let blocks: [HTML] = verdicts.map { verdict in
    let rows: [[HTML]] = verdict.checks.map { check in
      [
        "\(check.name)", cell(check.measured), "\(check.comparison.rawValue)", cell(check.expected),
        cell(check.tolerance), outcomeChip(check.verdict),
      ]
    }
    let checks: HTML? =
      rows.isEmpty
      ? nil
      : """
        <details><summary>\(rows.count == 1 ? "1 check" : "\(rows.count) checks")</summary>
        \(table(["check", "measured", "", "expected", "tolerance", "outcome"], rows))
        </details>
        """
    return """
      <div class="theorem" id="\(verdict.id)">
      <h3>\(label(ofStatement: verdict.id)): \(verdict.title) \(outcomeChip(verdict.verdict))</h3>
      <p class="soft">\(verdict.statement)</p>
      <p>\(verdict.explanation)</p>
      \(checks)
      </div>

      """
  }
  return "\(blocks)"
}

/// `theorem-6` as a heading, "Theorem 6".
private func label(ofStatement id: String) -> String {
  let words = id.split(separator: "-")
  return words.first.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    .map { ([$0] + words.dropFirst().map(String.init)).joined(separator: " ") } ?? id
}

private func outcomeChip(_ outcome: TheoremVerdict.Verdict) -> HTML {
  let style = outcome.rawValue.replacing(" ", with: "-")
  return "<span class=\"chip \(style)\">\(outcome.rawValue)</span>"
}
