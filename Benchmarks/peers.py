"""The numbers of redundancy-report, made with numpy, faiss-cpu, POT and openTSNE.

Usage: peers.py FIRST.npy SECOND.npy REPORT.json [--threads 2] [--seed 999]

Times every task that the report does too, compares the values where both compute the same, and
prints one JSON object. FIRST and SECOND are the features that the report was made from.
"""

import argparse
import json
import os
import resource
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("first")
parser.add_argument("second")
parser.add_argument("report")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seed", type=int, default=999)
arguments = parser.parse_args()
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(arguments.threads)

import numpy as np  # noqa: E402  (after the thread variables)

seconds = {}
values = {}


def timed(name):
    class Timer:
        def __enter__(self):
            self.start = time.perf_counter()

        def __exit__(self, *_):
            seconds[name] = seconds.get(name, 0) + time.perf_counter() - self.start

    return Timer()


with open(arguments.report) as file:
    ours = json.load(file)
rank = ours["parameters"]["rank"]
strength = ours["parameters"]["strength"]
lengths = [row["k"] for row in ours.get("retrievalOverlap", [])]
projections = ours["parameters"]["projections"]

first = np.load(arguments.first).astype(np.float32)
second = np.load(arguments.second).astype(np.float32)
count = len(first)


def spectrum(x, y):
    c = (x - x.mean(0)).T @ (y - y.mean(0)) / len(x)
    u, s, wt = np.linalg.svd(c.astype(np.float64), full_matrices=False)
    return u, s, wt.T


with timed("spectrum"):
    u, s, w = spectrum(first, second)
    u_k, w_k = u[:, :rank].astype(np.float32), w[:, :rank].astype(np.float32)
    first_after = first - strength * (first @ u_k) @ u_k.T
    second_after = second - strength * (second @ w_k) @ w_k.T
    _, s_after, _ = spectrum(first_after, second_after)
values["sigma1"] = float(s[0])
values["sigma1After"] = float(s_after[0])

if lengths:
    import faiss

    faiss.omp_set_num_threads(arguments.threads)
    with timed("overlap"):
        lists = []
        for x in (first, second):
            x = np.ascontiguousarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12))
            index = faiss.IndexFlatIP(x.shape[1])
            index.add(x)
            _, ids = index.search(x, max(lengths) + 1)
            # The item itself is not always first among duplicates.
            own = ids == np.arange(count)[:, None]
            own[~own.any(1), -1] = True
            lists.append(ids[~own].reshape(count, -1))
        values["overlap"] = {
            k: float(
                np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(lists[0][:, :k], lists[1][:, :k])])
            )
            for k in lengths
        }

with timed("swd"):
    import ot

    if first.shape[1] == second.shape[1]:
        pairs = [(first, second), (first_after, second_after)]
    else:
        m = min(64, first.shape[1], second.shape[1])
        u_m, w_m = u[:, :m].astype(np.float32), w[:, :m].astype(np.float32)
        pairs = [(first @ u_m, second @ w_m), (first_after @ u_m, second_after @ w_m)]

    def scaled(x, how):
        if how == "rownorm":
            return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
        if how == "rms":
            return x / np.sqrt((x.astype(np.float64) ** 2).sum(1).mean())
        return x

    values["swd"] = [
        [
            float(
                ot.sliced_wasserstein_distance(
                    scaled(a, how).astype(np.float64), scaled(b, how).astype(np.float64),
                    n_projections=projections, p=1, seed=arguments.seed,
                )
            )
            for a, b in pairs
        ]
        for how in ("raw", "rownorm", "rms")
    ]

with timed("similarity"):
    x = first - first.mean(0)
    y = second - second.mean(0)
    cross = np.linalg.norm(x.T @ y) ** 2
    values["linearCKABiased"] = float(cross / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y)))

if "tsne" in ours:
    import openTSNE

    points = np.vstack(pairs[0])
    best = None
    for jobs in (1, 2):
        start = time.perf_counter()
        map_ = openTSNE.TSNE(
            perplexity=30, initialization="pca", negative_gradient_method="fft",
            early_exaggeration_iter=250, n_iter=750, n_jobs=jobs, random_state=0,
        ).fit(points)
        elapsed = time.perf_counter() - start
        values[f"tsneKL{jobs}"] = float(map_.kl_divergence)
        best = elapsed if best is None else min(best, elapsed)
    seconds["tsne"] = best  # one map; the report makes two

json.dump(
    {
        "seconds": seconds,
        "values": values,
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    },
    sys.stdout,
    indent=2,
)
print()
