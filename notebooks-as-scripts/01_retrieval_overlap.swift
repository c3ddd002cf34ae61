// %% [markdown]
// # Do two modalities retrieve the same neighbours?
// Question: how many of an item's nearest neighbours by image are also nearest by text?
// Answer: more than chance gives, in the generated world and on every real data set here; how much
// more depends on the list length K, and "an order of magnitude at every K" is not what comes out.
// Draws Figure 1 of the paper: figure-1-demo, -tiktok, -baby, -sports. Runs in a few seconds.

// %%
import Audit
import Datasets
import Figures
import LinearAlgebra
import Neighbors
import NotebookSupport
import Redundancy
import Statistics

let notebook = Notebook("01_retrieval_overlap")
let streams = RandomStreams(seed: notebook.seed)

// %% [markdown]
// ## Neighbours
// Features are searched exactly. Baby and Sports come as lists of ten neighbours, the item itself
// among them, so nine are left to compare.

// %%
func neighborLists(_ modality: Modality, longest: Int) throws -> NeighborLists {
  switch modality {
  case .features(let features):
    return try cosineNeighbors(features.matrix, count: longest)
  case .neighbors(let stored):
    let lists = stored.removingSelf()
    return NeighborLists(
      anchors: Array(0..<lists.items), width: lists.width, indices: lists.indices,
      scores: lists.cosines)
  }
}

// %% [markdown]
// ## Overlap, against two random lists
// The mean share of common items, K/(N − 1) by chance. The lift is their ratio and can be at most
// (N − 1)/K, so an order of magnitude is out of reach for K above (N − 1)/10.

// %%
var lifts: [String: [RetrievalOverlap]] = [:]
for dataset in try notebook.datasets(["demo", "tiktok", "baby", "sports"]) {
  let lengths = dataset.neighborLists.isEmpty ? [5, 10, 20, 50, 100, 200] : [1, 2, 5, 9]
  let lists = try dataset.modalities.map { try neighborLists($0, longest: 200) }
  let overlaps = try retrievalOverlaps(
    lists[0], lists[1], itemCount: dataset.itemCount, listLengths: lengths)
  let names = dataset.modalities.map(\.name)
  let density = try scoreDensity(lists[0], lists[1], names: (names[0], names[1]), streams: streams)
  lifts[dataset.name] = overlaps.levels

  print("\n\(dataset.name): OVL of the scores \(significant(density.overlapCoefficient))")
  for level in overlaps.levels {
    print("  K = \(level.k): \(percent(level.mean)), lift \(significant(level.lift))")
   }

  let curves = density.curves.map {
    Figure1.Curve(name: $0.modality, x: $0.points, density: $0.densities)
  }
  try notebook.draw(
    Figure1(
      scores: .init(
        first: curves[0], second: curves[1], overlapCoefficient: density.overlapCoefficient,
        k: density.k),
      overlaps: overlaps.levels.map { level in
        let margin = 1.96 * (level.standardError ?? 0)
        return Figure1.Overlap(
          k: level.k, mean: level.mean, low: max(0, level.mean - margin),
          high: min(1, level.mean + margin), random: level.random, lift: level.lift)
      },
      dataset: dataset.name, items: dataset.itemCount, anchors: overlaps.anchorCount,
      seed: notebook.seed),
    as: "figure-1-\(dataset.name)", of: dataset)
}

// %% [markdown]
// Try next: leave out the items that share one imputed image, which agree with each other for
// free; `redundancy-report` counts such duplicates in its data section.

// %% checks
for (name, levels) in lifts.sorted(by: { $0.key < $1.key }) {
  notebook.check(
    "on \(name) the overlap is above chance at every K", levels.allSatisfy { $0.lift > 1 })
}
if let demo = lifts["demo"] {
  notebook.check(
    "in the generated world the lift falls with K",
    zip(demo, demo.dropFirst()).allSatisfy { $0.lift > $1.lift })
}
if let baby = lifts["baby"]?.last {
  notebook.check("on Baby 11.67 % of nine neighbours are common", abs(baby.mean - 0.1167) < 5e-5)
}
if let sports = lifts["sports"]?.last {
  notebook.check("on Sports 11.58 % of nine are", abs(sports.mean - 0.1158) < 5e-5)
}
notebook.finish()
