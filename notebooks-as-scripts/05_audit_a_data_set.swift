// %% [markdown]
// # Auditing a data set before training on it
// Question: what should one look at first, and can the tool be fooled?
// Answer: at the overlap against chance and at the data section. Independent features come out as
// "none", features with a planted factor do not, and imputing one vector into the same items of
// both modalities fakes an overlap that the count of duplicates gives away. Runs in a second.

// %%
import Audit
import Datasets
import LinearAlgebra
import NotebookSupport
import Redundancy

let notebook = Notebook("05_audit_a_data_set")
let items = 2000

// %% [markdown]
// ## Three worlds whose answer is known

// %%
func report(
  _ name: String, _ first: Matrix<Float>, _ second: Matrix<Float>
) throws -> RedundancyReport {
  var options = AuditOptions()
  options.diagnostics = [.overlap, .spectrum]
  options.rank = 4
  let dataset = try FeatureDataset(
    name: name,
    modalities: [
      .features(FeatureMatrix(name: "image", generated: first)),
      .features(FeatureMatrix(name: "text", generated: second)),
    ], digests: [:])
  let report = try audit(dataset, options: options).report(
    provenance: Provenance(
      version: "notebook", command: "05_audit_a_data_set", seed: options.seed, threads: 1,
      openblas: "", digests: [:], date: ""))
  print("\n\(name): \(report.verdict.headline)")
  print("  duplicate rows: \(report.dataset.modalities.map(\.duplicateRows))")
  print("  directions above noise: \(report.spectrum?.directionsAboveNoise ?? 0)")
  return report
}

let independent = World.independent(
  items: items, firstWidth: 64, secondWidth: 64, seed: notebook.seed)
let none = try report("independent", independent.first, independent.second)

let shared = World.sharedFactor(
  rank: 4, strength: 8, items: items, firstWidth: 64, secondWidth: 64, seed: notebook.seed)
let some = try report("shared factor", shared.first, shared.second)

// %% [markdown]
// ## How imputation fakes redundancy
// 180 items get one and the same vector in both modalities, as when missing images and texts are
// filled with the mean. Nothing else is shared.

// %%
func imputed(_ matrix: Matrix<Float>) -> Matrix<Float> {
  var result = matrix
  for row in 0..<180 {
    for column in 0..<matrix.columnCount { result[row, column] = matrix[items - 1, column] }
  }
  return result
}
let fake = try report("imputed", imputed(independent.first), imputed(independent.second))

// %% checks
func lift(_ report: RedundancyReport) -> Double { report.retrievalOverlap?[1].lift ?? 0 }

notebook.check("independent features show none", none.verdict.redundancy == .none)
notebook.check("a planted factor is seen", some.verdict.redundancy != .none)
notebook.check(
  "its four directions stand above the noise", some.spectrum?.directionsAboveNoise == 4)
notebook.check("imputation alone lifts the overlap ten times over chance", lift(fake) > 10)
notebook.check(
  "and is given away by its duplicates",
  fake.dataset.modalities.allSatisfy { $0.duplicateRows == 180 })
notebook.finish()
