// %% [markdown]
// # How do strength and rank of the projection matter?
// Question: on the real TikTok set, does Recall@20 rise with the strength λ, as the paper says, and
// has it a best rank k inside the grid?
// Each cell is one training of CLEAR with the same seed. The same as
// `clear-trainer table --dataset tiktok --figure 4`. Takes hours on two cores; runs/ keeps what is
// trained.

// %%
import Experiments
import NotebookSupport

let notebook = Notebook("11_figure_4")
for dataset in try notebook.datasets(["tiktok"]) {
  let table = try notebook.make(.figure4, of: Experiment(on: dataset), seeds: [notebook.seed])
  notebook.check(
    "every cell of the map is trained", table.rows.allSatisfy { $0.results.missing.isEmpty })
}
notebook.finish()
