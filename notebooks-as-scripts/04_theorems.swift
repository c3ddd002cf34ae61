// %% [markdown]
// # Which statements of the CLEAR paper are true?
// Question: what do its theorems say when they are held against numbers?
// Answer: the identities (Theorems 5 and 8, Equation 13) hold to rounding. The claims about data
// depend on the data, and several fail, among them Equation 4's "unbiased". Runs in seconds.

// %%
import Audit
import Datasets
import NotebookSupport
import Redundancy

let notebook = Notebook("04_theorems")
var options = AuditOptions()
options.diagnostics = [.fisher, .theorems]
options.seed = notebook.seed

// %% [markdown]
// ## Verdicts
// Every verdict is computed: "fails" and "premise not met" come with the number that says so.

// %%
var verdicts: [String: [String: TheoremVerdict]] = [:]
for dataset in try notebook.datasets(["demo", "tiktok"]) {
  let report = try audit(dataset, options: options).report(
    provenance: Provenance(
      version: "notebook", command: "04_theorems", seed: options.seed, threads: 1, openblas: "",
      digests: dataset.digests, date: ""))
  print("\n\(dataset.name)")
  for verdict in report.theorems ?? [] {
    print("  \(verdict.id): \(verdict.verdict.rawValue). \(verdict.explanation)")
    verdicts[dataset.name, default: [:]][verdict.id] = verdict
  }
}

// %% [markdown]
// Try next: `--rank 2` and `--strength 1`; the identities keep holding, the claims may not.

// %% checks
for (name, found) in verdicts.sorted(by: { $0.key < $1.key }) {
  notebook.check("twelve statements are judged on \(name)", found.count == 12)
  for id in ["theorem-5", "theorem-8", "equation-13"] {
    notebook.check("\(id) holds on \(name)", found[id]?.verdict == .holds)
  }
  for id in ["equation-2", "equation-4"] {
    notebook.check("\(id) fails, wherever it is tried", found[id]?.verdict == .fails)
  }
}
notebook.finish()
