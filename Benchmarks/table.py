"""Prints our seconds and values beside the peers' as a Markdown table: table.py OURS PEERS"""

import json
import sys

with open(sys.argv[1]) as file:
    ours = json.load(file)
with open(sys.argv[2]) as file:
    peers = json.load(file)

seconds, values = peers["seconds"], peers["values"]
rows = []


def row(task, our_seconds, peer_seconds, our_value, peer_value):
    ratio = f"{peer_seconds / our_seconds:.1f}×" if our_seconds and peer_seconds else ""
    rows.append(
        f"| {task} | {our_seconds:.2f} | {peer_seconds:.2f} | {ratio} | {our_value} | {peer_value} |"
    )


timings = ours["timings"]
if "spectrum" in timings:
    row(
        "covariance, SVD, spectra before and after (numpy)", timings["spectrum"],
        seconds["spectrum"], f"σ₁ {ours['spectrum']['singularValues'][0]:.5f}",
        f"{values['sigma1']:.5f}",
    )
if "retrievalOverlap" in timings:
    last = ours["retrievalOverlap"][-1]
    row(
        f"exact top-{last['k']} of all items, both modalities (faiss flat)",
        timings["retrievalOverlap"], seconds["overlap"], f"overlap {last['mean']:.6f}",
        f"{values['overlap'][str(last['k'])]:.6f}",
    )
if "slicedWasserstein" in timings:
    row(
        "sliced Wasserstein, 512 directions, 3 scalings, before and after (POT)",
        timings["slicedWasserstein"], seconds["swd"], f"{ours['slicedWasserstein']['before']:.4f}",
        f"{values['swd'][0][0]:.4f} (other directions)",
    )
if "similarity" in timings:
    row(
        "CKA (numpy: the biased one alone; ours: CKA twice, CCA, gap)", timings["similarity"],
        seconds["similarity"], f"{ours['similarity']['linearCKABiased']:.6f}",
        f"{values['linearCKABiased']:.6f}",
    )
if "tsne" in timings and "tsne" in seconds:
    row(
        f"t-SNE, one map of {ours['tsne']['before']['points']:,} points (openTSNE, better of 1 and "
        "2 jobs)", timings["tsne"] / 2, seconds["tsne"],
        f"KL {ours['tsne']['before']['klDivergence']:.4f}",
        f"{min(values['tsneKL1'], values['tsneKL2']):.4f}",
    )
for name in ("fisher", "theorems"):
    if name in timings:
        rows.append(f"| {name} | {timings[name]:.2f} | | | | |")
print("| task | ours (s) | peer (s) | ratio | ours | peer |")
print("|---|---|---|---|---|---|")
print("\n".join(rows))
print(f"\nPeak memory of the peers: {peers['peakMegabytes']:.0f} MB.")
