// %% [markdown]
// # What does an epoch cost?
// Question: how many seconds and how much memory does a training epoch of each system take, and is
// the projection's refresh a small share of CLEAR's?
// Each system is trained for a few epochs in a process of its own, on an otherwise idle machine.
// The same as `clear-trainer table --dataset tiktok --table 4`. Takes minutes; runs/costs keeps
// what is measured.

// %%
import Experiments
import NotebookSupport

let notebook = Notebook("10_table_4")
for dataset in try notebook.datasets(["tiktok"]) {
  let table = try notebook.makeCostTable(of: Experiment(on: dataset, in: "runs/costs"))
  let shares = table.rows.compactMap { row in
    row.cost.map { $0.seconds.projection / ($0.seconds.training + $0.seconds.projection) }
  }
  notebook.check(
    "the refresh takes at most 5 % of an epoch, as the paper's \"negligible\" is read here",
    shares.allSatisfy { $0 <= 0.05 })
}
notebook.finish()
