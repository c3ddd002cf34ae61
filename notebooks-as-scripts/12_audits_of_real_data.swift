// %% [markdown]
// # What do audits of real data say, pair by pair?
// Question: on real sets with two to six modalities, which pairs repeat each other beyond chance,
// how much of that is only the class, how many directions stand above random pairings, and is the
// paper's claim about Figure 1 ("consistently an order of magnitude" above chance) true on the
// public neighbour lists of Baby and Sports, with and without the items that share an imputed image?
// Writes figures/audits.md. Takes about three minutes on two cores.

// %%
import Audit
import Calibration
import Datasets
import Foundation
import NotebookSupport
import Redundancy
import Statistics

let notebook = Notebook("12_audits_of_real_data")

func measured(
  _ dataset: FeatureDataset, _ change: (inout AuditOptions) -> Void
) throws -> RedundancyReport {
  var options = AuditOptions()
  change(&options)
  return try audit(dataset, options: options).report(
    provenance: Provenance(
      version: "notebook", command: "12_audits_of_real_data", seed: options.seed, threads: 1,
      openblas: "", digests: [:], date: ""))
}

func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

func header(_ cells: [String]) -> String { row(cells) + row(cells.map { _ in "---" }) }

func number(_ value: Double?) -> String { value.map(significant) ?? "–" }

// %% [markdown]
// ## Every pair of modalities
// Overlap of the lists of 20 neighbours; p corrected for the choice among the list lengths.

// %%
var pairs = header([
  "data", "pair", "items", "overlap@20 ± s.e.", "chance", "p", "calibrated",
  "calibrated within classes", "debiased CKA (calibrated)", "directions above random pairings",
  "k", "λ", "redundancy", "advice",
])
var advised: [String: Int] = [:]
for name in ["tiktok", "wikipedia", "mfeat", "leaves100", "msrc_v1"] {
  for folder in try notebook.datasets([name], modalities: ModalityChoice.all) {
    let dataset = try folder.droppingConstantColumns()
    let names = dataset.modalities.map(\.name)
    for (place, first) in names.enumerated() {
      for second in names[(place + 1)...] {
        let report = try measured(try dataset.selecting([first, second])) {
          $0.diagnostics = [.quality, .spectrum, .overlap, .similarity]
          $0.rank = 1
          $0.topK = [5, 10, 20]
        }
        let calibration = report.calibration
        let level = calibration?.neighbors?.overlaps.first { $0.k == 20 }?.statistic
        let overlap = report.retrievalOverlap?.first { $0.k == 20 }
        let error = calibration?.overlapIntervals?.levels.first { $0.k == 20 }?.interval
        let rank = calibration?.rank
        let classes = calibration?.areClassesClusters == false ? level?.withinClasses : nil
        let p = level?.free.map { $0.correctedPValue ?? $0.pValue }
        pairs += row([
          name, "\(first) / \(second)", grouped(report.dataset.items),
          "\(overlap.map { percent($0.mean) } ?? "–") ± "
            + "\(error.map { percent($0.standardError) } ?? "–")",
          overlap.map { percent($0.random) } ?? "–", number(p), number(level?.free?.score),
          classes.map { "\(significant($0.score)) (p \(significant($0.pValue)))" } ?? "–",
          "\(number(report.similarity?.linearCKA)) "
            + "(\(number(calibration?.similarity?.debiasedAlignment?.score)))",
          calibration?.spectrum.map { "\($0.directionsAboveNull)" } ?? "–",
          rank.map { $0.rank == $0.largestRank ? "\($0.rank)" : "\($0.rank)–\($0.largestRank)" }
            ?? "–",
          rank?.strengths.map { "\(significant($0.lower))–\(significant($0.upper))" } ?? "–",
          report.verdict.redundancy.rawValue, report.verdict.advice.rawValue,
        ])
        advised[report.verdict.advice.rawValue, default: 0] += 1
        if let serious = report.quality?.issues.first(where: { $0.severity != .note }) {
          print("\(name), \(first) / \(second): \(serious.finding)")
        }
      }
    }
  }
}
print(pairs)

// %% [markdown]
// ## Figure 1's claim on Baby and Sports
// The public lists hold nine neighbours of every item. Items that were given the same image vector
// find each other, so the overlap is measured again without them.

// %%
var claims = header([
  "data", "K", "items", "overlap ± s.e.", "chance", "lift", "p",
  "without the items of a shared vector", "lift without them", "ten times chance?",
])
for dataset in try notebook.datasets(["baby", "sports"]) {
  let report = try measured(dataset) {
    $0.diagnostics = [.quality, .overlap]
    $0.topK = [1, 2, 5, 9]
  }
  for overlap in report.retrievalOverlap ?? [] {
    let level = report.calibration?.neighbors?.overlaps.first { $0.k == overlap.k }?.statistic
    let cleaned = report.cleaned?.rows.first { $0.label == "overlap@\(overlap.k)" }
    let others = Double((report.cleaned?.items ?? report.dataset.items) - 1)
    let lift = cleaned.map { $0.cleaned * others / Double(overlap.k) }
    claims += row([
      dataset.name, "\(overlap.k)", grouped(report.dataset.items),
      "\(percent(overlap.mean)) ± \(percent(overlap.standardError ?? 0))",
      percent(overlap.random), significant(overlap.lift),
      number(level?.free.map { $0.correctedPValue ?? $0.pValue }),
      cleaned.map { percent($0.cleaned) } ?? "–", number(lift),
      min(overlap.lift, lift ?? overlap.lift) >= 10 ? "yes" : "no",
    ])
  }
  print("\(dataset.name): \(report.cleaned?.removed ?? 0) items share an image vector")
  for note in report.cleaned?.notes ?? [] { print("  \(note)") }
}
print(claims)

// %%
if !advised.isEmpty {
  let text = """
    # Audits of real data

    Every pair of modalities of five public sets, 200 random pairings, seed 999. “Calibrated” is 0 for
    what chance reaches in one case of twenty and 1 for identical neighbourhoods; “within classes”
    counts only what goes beyond the items' labels, where there are labels. k runs from the smallest
    of three rules to the number of directions that chance cannot explain.

    \(pairs)
    ## Figure 1's claim on the public neighbour lists

    “Consistently an order of magnitude” above chance, with all items and without those that share one
    image vector. Lists hold nine neighbours; without the shared vectors, anchors with too few left are
    not counted.

    \(claims)
    Made by `12_audits_of_real_data`; one pair at a time:

        redundancy-report --dataset mfeat --modalities fac,fou --data-dir DIR --drop-constant

    """
  try text.write(
    to: notebook.figures.appendingPathComponent("audits.md"), atomically: true, encoding: .utf8)
}
notebook.finish()
