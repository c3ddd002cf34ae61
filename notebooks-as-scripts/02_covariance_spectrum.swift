// %% [markdown]
// # How many directions do two modalities share?
// Question: what does the cross-covariance look like before and after CLEAR's projection?
// Answer: a few directions stand above what independent features would give (four, as planted, in
// the generated world); the projection shrinks exactly those it is told to, by (1 − λ)².
// Draws Figure 5 of the paper: figure-5-demo, figure-5-tiktok. Runs in about a second.

// %%
import Audit
import Datasets
import Figures
import LinearAlgebra
import NotebookSupport
import Redundancy

let notebook = Notebook("02_covariance_spectrum")
let rank = 8
let strength = 0.9

// %% [markdown]
// ## Fit, then apply
// `SharedSubspace` is the singular value decomposition of the cross-covariance;
// `NullSpaceProjection` is made from it and damps its first `rank` directions. The spectrum
// afterwards is computed anew from the projected features.

// %%
var spectra: [String: CovarianceSpectrum] = [:]
for dataset in try notebook.datasets(["demo", "tiktok"]) {
  let features = dataset.featureMatrices.map(\.matrix)
  let subspace = try SharedSubspace(between: features[0], and: features[1])
  let projection = try NullSpaceProjection(subspace, rank: rank, strength: strength)
  let spectrum = try CovarianceSpectrum(
    of: subspace, first: features[0], second: features[1], projection: projection)
  spectra[dataset.name] = spectrum

  print("\n\(dataset.name)")
  print("  above the noise edge \(significant(spectrum.noiseEdge)): \(spectrum.directionsAboveNoise)")
  let ranks = [spectrum.effectiveRank, spectrum.projected.effectiveRank].map { $0 ?? 0 }
  print("  effective rank \(significant(ranks[0])) → \(significant(ranks[1]))")
  for (i, value) in spectrum.singularValues.prefix(5).enumerated() {
    let share = percent(spectrum.cumulativeEnergy[i])
    print("  σ\(i + 1) = \(significant(value)), share of Σσ² so far \(share)")
  }

  // A damped direction has (1 − λ)²σ, and stands where sorting puts that value.
  let damping = (1 - strength) * (1 - strength)
  let damped = spectrum.singularValues.prefix(rank).enumerated().map { index, value in
    index + 1 + spectrum.singularValues.dropFirst(rank).count { $0 > damping * value }
  }
  try notebook.draw(
    Figure5(
      before: spectrum.singularValues, after: spectrum.projected.singularValues, damped: damped,
      rank: rank, strength: strength, noiseEdge: spectrum.noiseEdge, dataset: dataset.name,
      items: dataset.itemCount, seed: notebook.seed),
    as: "figure-5-\(dataset.name)", of: dataset)
}

// %% [markdown]
// Try next: `strength = 1` removes the directions altogether, and the largest value afterwards is
// the ninth from before.

// %% checks
for (name, spectrum) in spectra.sorted(by: { $0.key < $1.key }) {
  let damping = (1 - strength) * (1 - strength)
  let expected = spectrum.singularValues.enumerated()
    .map { $0 < rank ? damping * $1 : $1 }.sorted(by: >)
  let largest = spectrum.singularValues[0]
  notebook.check(
    "on \(name) the projection shrinks the first eight values by (1 − λ)² and no other",
    zip(expected, spectrum.projected.singularValues).allSatisfy { abs($0 - $1) < 1e-5 * largest })
  notebook.check(
    "on \(name) the spectrum is flatter afterwards",
    (spectrum.projected.effectiveRank ?? 0) > (spectrum.effectiveRank ?? 0))
}
if let demo = spectra["demo"] {
  notebook.check("the planted rank, four, is found", demo.directionsAboveNoise == 4)
}
if let tiktok = spectra["tiktok"] {
  notebook.check(
    "on TikTok four directions hold 99.5 % of the squared covariance",
    abs(tiktok.cumulativeEnergy[3] - 0.995) < 5e-4)
}
notebook.finish()
