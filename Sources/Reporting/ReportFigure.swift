import Audit
import Datasets
import Figures
import LinearAlgebra
import Redundancy

/// A figure of a report: what to draw, under which name, and for which section.
public struct ReportFigure: Sendable {
  /// The section that shows it.
  public let diagnostic: Diagnostic
  /// Base name of its files.
  public let name: String
  /// One sentence for readers who do not see it.
  public let description: String
  /// The table and its drawing.
  public let figure: any Figure
}

/// The figures for which an audit has the numbers, in the order of the paper.
public func reportFigures(
  _ report: RedundancyReport, maps: (before: Matrix<Double>, after: Matrix<Double>)?
) -> [ReportFigure] {
  [
    figure1(report), figure5(report), baselineFigure(report),
    maps.flatMap { figure6(report, maps: $0) },
  ].compactMap { $0 }
}

private func figure1(_ report: RedundancyReport) -> ReportFigure? {
  guard let rows = report.retrievalOverlap, !rows.isEmpty else { return nil }
  let scores = report.scoreDensity.flatMap { density -> Figure1.Scores? in
    guard density.curves.count == 2, density.curves.allSatisfy({ !$0.points.isEmpty }) else {
      return nil
    }
    let curves = density.curves.map {
      Figure1.Curve(name: $0.modality, x: $0.points, density: $0.densities)
    }
    return Figure1.Scores(
      first: curves[0], second: curves[1], overlapCoefficient: density.overlapCoefficient,
      k: density.k)
  }
  let figure = Figure1(
    scores: scores,
    overlaps: rows.map { row in
      // 95 % of a normal mean lie within 1.96 standard errors.
      let margin = 1.96 * (row.standardError ?? 0)
      return Figure1.Overlap(
        k: row.k, mean: row.mean, low: max(0, row.mean - margin),
        high: min(1, row.mean + margin), random: row.random, lift: row.lift)
    },
    dataset: report.dataset.name, items: report.dataset.items,
    anchors: report.parameters.anchors ?? report.dataset.items, seed: report.parameters.seed)
  let panel = scores == nil ? "" : "Left, densities of the scores of retrieved items. Right, "
  return ReportFigure(
    diagnostic: .overlap, name: "figure-1",
    description: panel + (scores == nil ? "O" : "o")
      + "verlap of the two lists of K nearest neighbours with 95 % intervals, against chance.",
    figure: figure)
}

private func figure5(_ report: RedundancyReport) -> ReportFigure? {
  guard let spectrum = report.spectrum, !spectrum.singularValues.isEmpty else { return nil }
  // Random pairings of fewer items reach higher than those of all, whose values are drawn.
  let isSampled = report.parameters.sample != nil
  let chance = isSampled ? [] : report.calibration?.spectrum?.values.map(\.threshold) ?? []
  return ReportFigure(
    diagnostic: .spectrum, name: "figure-5",
    description:
      "Singular values of the cross-covariance before and after projection, with the projected "
      + (chance.isEmpty
        ? "ranks and the noise edge." : "ranks, the noise edge and what random pairings reach."),
    figure: Figure5(
      before: spectrum.singularValues, after: spectrum.projected.singularValues,
      // A projection fitted to other features leaves no simple trace of where its values went.
      damped: report.checkpoint?.isOwnProjection == true ? [] : dampedPlaces(spectrum),
      rank: spectrum.projected.rank, strength: spectrum.projected.strength,
      noiseEdge: spectrum.noiseEdge,
      chance: chance, dataset: report.dataset.name, items: report.dataset.items,
      seed: report.parameters.seed))
}

/// Figure 5 with the unprojected values of another model.
private func baselineFigure(_ report: RedundancyReport) -> ReportFigure? {
  guard let baseline = report.baseline, !baseline.before.normalizedValues.isEmpty else {
    return nil
  }
  func words(_ model: TrainedModel?) -> String {
    model.map { "\($0.model), epoch \($0.epoch), seed \($0.seed)" } ?? ""
  }
  return ReportFigure(
    diagnostic: .spectrum, name: "figure-5-baseline",
    description:
      "Singular values that the run without projection learned, against the projected ones of this "
      + "model; right, both divided by the scale of their features.",
    figure: Figure5Baseline(
      values: .init(
        before: baseline.before.singularValues, after: baseline.after.singularValues),
      normalized: .init(
        before: baseline.before.normalizedValues, after: baseline.after.normalizedValues),
      rank: baseline.rank, strength: baseline.strength, dataset: report.dataset.name,
      items: report.dataset.items, beforeModel: words(baseline.trained),
      afterModel: words(report.checkpoint?.trained)))
}

/// Places, from 1, of the damped directions among the sorted values after projection.
///
/// A direction i ≤ k has the value (1 − λ)²σᵢ there (Theorem 5), so its place is one more than the
/// number of values above it: undamped ones, and damped ones before it.
func dampedPlaces(_ spectrum: CovarianceSpectrum) -> [Int] {
  let rank = spectrum.projected.rank
  let damping = (1 - spectrum.projected.strength) * (1 - spectrum.projected.strength)
  let untouched = spectrum.singularValues.dropFirst(rank)
  return spectrum.singularValues.prefix(rank).enumerated().map { index, value in
    index + 1 + untouched.count { $0 > damping * value }
  }
}

private func figure6(
  _ report: RedundancyReport, maps: (before: Matrix<Double>, after: Matrix<Double>)
) -> ReportFigure? {
  guard let summary = report.tsne, let distance = report.slicedWasserstein else { return nil }
  func map(_ points: Matrix<Double>, _ overlap: Double, _ distance: Double) -> Figure6.Map {
    let half = points.rowCount / 2
    func cloud(_ rows: Range<Int>) -> Figure6.Cloud {
      Figure6.Cloud(x: rows.map { points[$0, 0] }, y: rows.map { points[$0, 1] })
    }
    return Figure6.Map(
      first: cloud(0..<half), second: cloud(half..<points.rowCount), overlap: overlap,
      slicedWasserstein: distance)
  }
  let names = report.dataset.modalities.map(\.name)
  return ReportFigure(
    diagnostic: .tsne, name: "figure-6",
    description:
      "One t-SNE map of both modalities before and one after projection, with marginal densities; "
      + "Overlap on the map and sliced Wasserstein distance of the features in the titles.",
    figure: Figure6(
      before: map(maps.before, summary.before.overlap, distance.before),
      after: map(maps.after, summary.after.overlap, distance.after),
      firstModality: names[0], secondModality: names[1], dataset: report.dataset.name,
      items: report.dataset.items, perplexity: report.parameters.perplexity,
      seed: report.parameters.seed))
}
