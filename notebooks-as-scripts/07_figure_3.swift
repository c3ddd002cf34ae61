// %% [markdown]
// # What does the projection buy, and do its directions matter?
// Question: on the real TikTok set (image and audio), is CLEAR better than its own backbone, and
// than the same backbone with other directions damped?
// Each bar is trained to early stopping with three seeds and compared with the first, user by user.
// The same as `clear-trainer table --dataset tiktok --figure 3 --seeds 3`. Takes about an hour on
// two cores; runs/ keeps what is trained.

// %%
import Experiments
import NotebookSupport

let notebook = Notebook("07_figure_3")
for dataset in try notebook.datasets(["tiktok"]) {
  let table = try notebook.make(.figure3, of: Experiment(on: dataset))
  notebook.check(
    "CLEAR's backbone ranks better than popularity, whose Recall@20 is 0.0596",
    table.rows[0].results.test("recall@20").map { $0.mean > 0.0596 } ?? false)
}
notebook.finish()
