// %% [markdown]
// # What does one map of both modalities show?
// Question: do the two modalities cover the same ground before and after the projection?
// Answer: in the generated world less so after it; on TikTok they share almost nothing before and
// no less after, against the paper's claim that Overlap falls. Either way the map ignores which
// rows belong together: it looks the same when one modality is shuffled, so it is no evidence of
// redundancy.
// Draws Figure 6 of the paper: figure-6-demo, figure-6-tiktok. Runs in about half a minute.

// %%
import Audit
import Datasets
import Figures
import LinearAlgebra
import NeighborEmbedding
import NotebookSupport
import Redundancy
import Statistics

let notebook = Notebook("03_joint_maps")
let options = TSNEOptions(perplexity: 30)

// %% [markdown]
// ## One map, two modalities
// Where widths differ, both are expressed in their leading shared singular coordinates; then all
// 2N points share one t-SNE map. Overlap is read against its ceiling, the overlap of two random
// halves of one modality.

// %%
func map(_ features: FeaturePair, seed: UInt64) throws -> (points: Matrix<Double>, MapOverlap) {
  let streams = RandomStreams(seed: seed)
  let result = try tSNE(
    features.first.stacked(above: features.second), options: options, streams: streams)
  return (normalizedMap(result.map), try mapOverlap(result.map, streams: streams))
}

func panel(_ points: Matrix<Double>, _ overlap: MapOverlap, _ distance: Double) -> Figure6.Map {
  let half = points.rowCount / 2
  func cloud(_ rows: Range<Int>) -> Figure6.Cloud {
    Figure6.Cloud(x: rows.map { points[$0, 0] }, y: rows.map { points[$0, 1] })
  }
  return Figure6.Map(
    first: cloud(0..<half), second: cloud(half..<points.rowCount), overlap: overlap.overlap,
    slicedWasserstein: distance)
}

// %%
var overlaps: [String: (before: MapOverlap, after: MapOverlap)] = [:]
for dataset in try notebook.datasets(["demo", "tiktok"]) {
  let features = dataset.featureMatrices.map(\.matrix)
  let subspace = try SharedSubspace(between: features[0], and: features[1])
  let projection = try NullSpaceProjection(subspace, rank: 8, strength: 0.9)
  let before = FeaturePair(features[0], features[1])
  let after = FeaturePair(
    projection.apply(features[0], modality: 0), projection.apply(features[1], modality: 1))
  let distance = try slicedWasserstein(
    before: before, after: after, subspace: subspace,
    streams: RandomStreams(seed: notebook.seed))
  let coordinates = SharedCoordinates(subspace)
  let (mapBefore, overlapBefore) = try map(coordinates.express(before), seed: notebook.seed)
  let (mapAfter, overlapAfter) = try map(coordinates.express(after), seed: notebook.seed)
  overlaps[dataset.name] = (overlapBefore, overlapAfter)

  print("\n\(dataset.name): \(distance.coordinates)")
  print("  Overlap \(significant(overlapBefore.overlap)) → \(significant(overlapAfter.overlap))")
  print("  ceiling \(significant(overlapBefore.ceiling)) → \(significant(overlapAfter.ceiling))")
  print("  SWD     \(significant(distance.before)) → \(significant(distance.after))")
  let names = dataset.modalities.map(\.name)
  try notebook.draw(
    Figure6(
      before: panel(mapBefore, overlapBefore, distance.before),
      after: panel(mapAfter, overlapAfter, distance.after), firstModality: names[0],
      secondModality: names[1], dataset: dataset.name, items: dataset.itemCount,
      perplexity: options.perplexity, seed: notebook.seed),
    as: "figure-6-\(dataset.name)", of: dataset)
}

// %% [markdown]
// ## How much of it is luck?
// The same map from three seeds, which perturb its start.

// %%
var spread: [Double] = []
for dataset in try notebook.datasets(["demo"]) {
  let features = dataset.featureMatrices.map(\.matrix)
  let subspace = try SharedSubspace(between: features[0], and: features[1])
  let pair = SharedCoordinates(subspace).express(FeaturePair(features[0], features[1]))
  for seed in [notebook.seed, notebook.seed + 1, notebook.seed + 2] {
    spread.append(try map(pair, seed: seed).1.overlap)
  }
  print("\nOverlap from three seeds: \(spread.map(significant))")
}

// %% checks
for (name, overlap) in overlaps.sorted(by: { $0.key < $1.key }) {
  notebook.check(
    "on \(name) Overlap is below its ceiling before and after",
    overlap.before.overlap < overlap.before.ceiling && overlap.after.overlap < overlap.after.ceiling)
}
if let demo = overlaps["demo"] {
  notebook.check(
    "in the generated world Overlap falls after the projection",
    demo.after.overlap < demo.before.overlap)
}
if let tiktok = overlaps["tiktok"] {
  notebook.check(
    "on TikTok Overlap does not fall, and is below 0.05 before and after",
    tiktok.after.overlap >= tiktok.before.overlap && tiktok.after.overlap < 0.05)
}
if let least = spread.min(), let most = spread.max() {
  notebook.check("three seeds agree within 0.2, so less than that says nothing", most - least < 0.2)
}
notebook.finish()
