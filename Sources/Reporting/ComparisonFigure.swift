import Audit
import Figures

/// What the figure of a comparison shows, for readers who do not see it.
let comparisonFigureDescription =
  "Over the epochs of every run: leading singular values unprojected and projected, effective "
  + "rank, energy of the first k directions, sliced Wasserstein distance, overlap of neighbours with "
  + "chance in grey, angle between successive subspaces, Recall@20."

/// The charts of a comparison, or nil when no run has anything to show.
///
/// Solid lines are before projection, of the first modality, or validation; dashed ones after it,
/// of the second modality, or test. With more than three runs, of the leading singular values only
/// the first and the last are shown.
public func comparisonFigure(_ comparison: RunComparison) -> TrainingCurves? {
  let runs = comparison.runs
  func line(
    _ run: Int, _ name: String, _ style: TrainingCurves.Style,
    _ value: (RunComparison.Epoch) -> Double?
  ) -> TrainingCurves.Line? {
    let points = runs[run].epochs.compactMap { epoch in
      value(epoch).map { (epoch: epoch.epoch, value: $0) }
    }
    return points.isEmpty
      ? nil
      : TrainingCurves.Line(
        run: run, name: name, style: style, epochs: points.map(\.epoch),
        values: points.map(\.value))
  }
  func pair(
    _ title: String, _ names: (String, String), isLogarithmic: Bool = false,
    _ solid: (RunComparison.Epoch) -> Double?, _ dashed: (RunComparison.Epoch) -> Double?
  ) -> TrainingCurves.Chart {
    TrainingCurves.Chart(
      title: title, isLogarithmic: isLogarithmic,
      lines: runs.indices.flatMap { run in
        [line(run, names.0, .solid, solid), line(run, names.1, .dashed, dashed)].compactMap { $0 }
      })
  }
  func leading(
    _ title: String, _ values: (RunComparison.Epoch) -> [Double]?
  ) -> TrainingCurves.Chart {
    TrainingCurves.Chart(
      title: title, isLogarithmic: true,
      lines: runs.indices.flatMap { run in
        let count = runs[run].epochs.compactMap { values($0)?.count }.max() ?? 0
        let shown = runs.count > 3 ? Set([0, count - 1]).sorted() : Array(0..<count)
        return (count > 0 ? shown : []).compactMap { index in
          line(run, "σ\(index + 1)", index == 0 ? .solid : .thin) { epoch in
            values(epoch).flatMap { index < $0.count ? $0[index] : nil }
          }
        }
      })
  }
  let states = ("before", "after")
  var overlap = pair(
    "overlap of 20 neighbours", states, isLogarithmic: true, \.overlapBefore,
    \.overlapAfter)
  overlap = TrainingCurves.Chart(
    title: overlap.title, isLogarithmic: true,
    lines: overlap.lines
      + runs.indices.compactMap { line($0, "random", .reference, \.overlapRandom) })
  let charts = [
    leading("σ₁ … σₖ, unprojected", \.leadingBefore), leading("σ₁ … σₖ, projected", \.leadingAfter),
    pair("effective rank", states, \.effectiveRankBefore, \.effectiveRankAfter),
    pair("share of Σσ² in the first k", states, \.energyOfTopBefore, \.energyOfTopAfter),
    pair(
      "sliced Wasserstein distance", states, \.slicedWassersteinBefore, \.slicedWassersteinAfter),
    overlap,
    pair(
      "angle to the epoch before (°)", ("first modality", "second modality"),
      { $0.angles?.first }, { $0.angles.flatMap { $0.count > 1 ? $0[1] : nil } }),
    pair("Recall@20", ("validation", "test"), \.recallValid, \.recallTest),
  ].filter { !$0.lines.isEmpty }
  guard !charts.isEmpty else { return nil }
  return TrainingCurves(
    runs: runs.map { .init(name: $0.name, bestEpoch: $0.bestEpoch) }, charts: charts,
    dataset: Set(runs.compactMap(\.dataset)).sorted().joined(separator: ", "))
}
