// %% [markdown]
// # How do the systems compare?
// Question: with every system's default hyper-parameters, trained to early stopping on the real
// TikTok set with three seeds, who ranks best, and is CLEAR's distance to the strongest baseline
// more than chance?
// The same as `clear-trainer table --dataset tiktok --models all --seeds 3`. Takes hours on two
// cores; runs/ keeps what is trained.

// %%
import Experiments
import NotebookSupport

let notebook = Notebook("08_table_2")
for dataset in try notebook.datasets(["tiktok"]) {
  let table = try notebook.make(.table2, of: Experiment(on: dataset))
  notebook.check(
    "every system is trained with every seed, or says why it cannot be",
    table.rows.allSatisfy { $0.results.missing.isEmpty || $0.results.problem != nil })
  notebook.check(
    "the best system finds more than popularity, whose Recall@20 is 0.0596",
    table.rows.contains { $0.results.test("recall@20").map { $0.mean > 0.0596 } ?? false })
}
notebook.finish()
