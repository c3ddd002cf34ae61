// %% [markdown]
// # Do VBPR and FREEDOM gain from the plug-in?
// Question: on the real TikTok set, is a model with the projection better than the same model with
// the same settings without it?
// The settings of each model are chosen on validation with one seed, without the plug-in; both rows
// then have three seeds. The same as
// `clear-trainer table --dataset tiktok --table 3 --seeds 3 --select`. Takes about two hours on two
// cores; runs/ keeps what is trained.

// %%
import Experiments
import NotebookSupport

let notebook = Notebook("09_table_3")
for dataset in try notebook.datasets(["tiktok"]) {
  let table = try notebook.make(
    .table3, of: Experiment(on: dataset), options: SystemOptions(selects: true))
  notebook.check(
    "each pair of rows differs in the plug-in alone",
    zip(table.rows, table.rows.dropFirst()).enumerated().allSatisfy { place, pair in
      place % 2 == 1 || pair.0.results.trial.settings == pair.1.results.trial.settings
    })
}
notebook.finish()
