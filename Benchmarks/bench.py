"""Runs every task in turns with its peers; prints a table, writes results.md and results.json.

Usage: bench.py [--quick] [--long] [--only TASK,…] [--rounds N] [--data-dir FOLDER]

Processes alternate, ours and each peer's once a round, all on two threads and without
OPENBLAS_CORETYPE in the environment; times are medians over the rounds. A peer that fails leaves
its cells empty and its reason below the table. Results with --quick or --only, which are not those
to publish, go to .build/benchmarks instead of Benchmarks.
"""

import argparse
import json
import os
import re
import subprocess

from harness import (
    PYTHON, RELEASE, ROOT, THREADS, WORK, Task, answer_of, environment, notes, run, script_output,
)
from tables import comparison, loop_table

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true")
parser.add_argument("--long", action="store_true")
parser.add_argument("--only")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--data-dir", default="../shared/data")
arguments = parser.parse_args()
rounds = 1 if arguments.quick else arguments.rounds
PEERS = {"numpy", "scipy", "scikit-learn", "faiss-cpu", "POT", "openTSNE", "implicit", "torch"}


def ours(*words):
    return [RELEASE / "benchmarks", *words]


def peer(*words):
    return [PYTHON, ROOT / "Benchmarks/peers.py", *words]


def wants(name):
    return not arguments.only or name in arguments.only.split(",")


def make_input(shape, *options):
    folder = WORK / "input" / "-".join([shape, *options[1:]])
    if not (folder / "directions.npy").exists():
        run(ours("make", shape, folder, *options))
    return folder


def shape_of(folder, name):
    with open(folder / f"{name}.npy", "rb") as file:
        rows, columns = re.search(rb"\((\d+), (\d+)\)", file.read(128)).groups()
    return int(rows), int(columns)


# What an answer is worth, in numbers that mean the same for ours and for the peers'.


def spectrum_error(answer, exact):
    pairs = zip(answer["before"] + answer["after"], exact["before"] + exact["after"])
    return {"error/σ₁": max(abs(a - b) for a, b in pairs) / exact["before"][0]}


def recall(answer, exact):
    hits = total = 0
    for found, wanted in zip(answer["lists"], exact["lists"]):
        for a, b in zip(found, wanted):
            hits, total = hits + len(set(a) & set(b)), total + len(b)
    return {"recall": hits / total}


def relative_error(answer, exact):
    return {"relative error": abs(answer["value"] / exact["value"] - 1)}


def headline(answer, _):
    names = {"sigma1": "σ₁", "overlap": "overlap", "cka": "CKA", "cca": "CCA", "swd": "SWD"}
    return {name: answer[key] for key, name in names.items()}


def report(name, folder, *words):
    """The command of a report, and how to run it and read the numbers that peers compute, too."""
    output = WORK / name
    command = [
        RELEASE / "redundancy-report", "--features", folder / "image.npy", folder / "text.npy",
        "--threads", THREADS, "--no-figures", "--output", output, *words,
    ]

    def ask(words, core):
        answer = run(words, core)
        with open(output / "report.json") as file:
            found = json.load(file)
        overlap = {level["k"]: level["mean"] for level in found["retrievalOverlap"]}
        return answer | {
            "sigma1": found["spectrum"]["singularValues"][0], "overlap": overlap[100],
            "cka": found["similarity"]["linearCKA"], "cca": found["similarity"]["cca"][0],
            "swd": found["slicedWasserstein"]["before"],
        }

    return {"ours": command, "ask": ask, "accuracy": headline}


def map_task(name, folder, rounds):
    points, width = shape_of(folder, "points")

    def judged(answer, _):
        found = answer_of(ours("judge", folder, answer["map"], "--threads", THREADS))
        return {"KL": found["klDivergence"], "trustworthiness": found["trustworthiness"]}

    def output(side):
        return "--output", WORK / f"{name}-{side}.npy"

    settings = ("1",) if arguments.quick else ("1", "2")
    return Task(
        name, f"t-SNE map, {points:,} × {width}", ours("map", folder, *output("ours")),
        [(f"openTSNE, best of {len(settings)} settings",
          peer("map", folder, "--jobs", jobs, *output(jobs))) for jobs in settings],
        rounds, accuracy=judged)


def bpr_task():
    output = WORK / "mf-bpr"

    def ask(words, core):
        answer = run(words, core)
        with open(output / "result.json") as file:
            return answer | {"seconds": json.load(file)["medianSeconds"]["training"]}

    return Task(
        "bpr", "MF-BPR, training of an epoch, synthetic-baby",
        [RELEASE / "clear-trainer", "train", "--model", "mf-bpr", "--dataset", "synthetic-baby",
         "--set", "epochs=4", "--threads", THREADS, "--output", output, "--force"],
        [("implicit, better of 1 and 2 threads", peer("bpr", "-", "--jobs", jobs))
         for jobs in ("1", "2")], rounds, ask=ask)


def tasks(ceilings):
    folder = make_input("baby", "--items", "1000") if arguments.quick else make_input("sports")
    n, p = shape_of(folder, "image")
    q = shape_of(folder, "text")[1]
    width = shape_of(folder, "first")[1]
    size = f"{n:,} × {p:,} / {q:,}"
    gemm, copy = ceilings.get("sgemm"), ceilings.get("copy")
    yield Task(
        "spectrum", f"covariance, SVD, spectra before and after, {size}", ours("spectrum", folder),
        [("numpy, float32", peer("spectrum", folder))], rounds, kernels=True,
        floor=gemm and 2 * n * p * q / gemm, exact=peer("exact-spectrum", folder),
        accuracy=spectrum_error)
    yield Task(
        "neighbors", f"exact cosine top-100 of all items, {size}", ours("neighbors", folder),
        [("faiss IndexFlatIP", peer("neighbors", folder))], rounds, kernels=True,
        floor=gemm and n * n * (p + q) / gemm, exact=peer("exact-neighbors", folder),
        accuracy=recall)
    yield Task(
        "sliced", f"sliced Wasserstein, 500 directions, {n:,} × {width}", ours("sliced", folder),
        [("POT", peer("pot", folder)), ("plain numpy", peer("sliced", folder))], rounds,
        kernels=True, floor=gemm and 1000 * n * (2 * width / gemm + 16 / copy),
        exact=peer("exact-sliced", folder), accuracy=relative_error)
    limit = 4 * n * (p + q) / 2**20 + 512
    stack = ("Python stack", peer("report", folder))
    yield Task(
        "report", f"spectrum, overlap, similarity, Fisher, SWD of a report, {size}",
        peers=[stack, ("Python stack with POT", peer("report", folder, "--pot"))], rounds=rounds,
        **report("report-same", folder, "--permutations", "0",
                 "--only", "spectrum,overlap,similarity,fisher,swd"))
    yield Task(
        "whole-report", f"the whole report but t-SNE, {size}, at most {limit:.0f} MB",
        peers=[("Python stack, its part of it", stack[1])], rounds=rounds,
        **report("report-whole", folder, "--skip", "tsne"))
    yield map_task("map", folder if arguments.quick else make_input("baby"), rounds)
    if arguments.long:
        yield map_task("long-map", folder, 1)
    yield bpr_task()


def measured_loops():
    quick = ["--quick"] if arguments.quick else []
    answers = [run(ours("loops", "--threads", threads, *quick)) for threads in ("1", THREADS)]
    return [json.loads(line) for answer in answers for line in answer["lines"]]


def machine():
    """What the results depend on."""
    def output(words):
        return subprocess.run(
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment()
        ).stdout

    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    packages = output([PYTHON, "-m", "pip", "list", "--format", "json"]) if PYTHON.exists() else ""
    return {
        "processor": model.group(1) if model else "unknown", "cores": os.cpu_count(),
        "threads": int(THREADS),
        "kernels": re.search(r"core (\w+)", output(ours("--version"))).group(1),
        "peers": [f"{package['name']} {package['version']}"
                  for package in json.loads(packages or "[]") if package["name"] in PEERS],
    }


def main():
    host = machine()
    core = host["kernels"]
    loops = measured_loops() if wants("loops") else []
    ceilings = {loop["name"]: 1e9 * loop["rate"] for loop in loops if loop["threads"] > 1}
    rows = [row for task in tasks(ceilings) if wants(task.name) for row in task.rows(core)]
    scripts = {}
    if not arguments.quick and wants("training"):
        scripts["training"] = script_output("training", arguments.data_dir)
    if arguments.long and wants("scaling") and (ROOT / "Benchmarks/scaling").exists():
        scripts["scaling"] = script_output("scaling")

    parts = [
        f"# Results\n\n{host['processor']}, {THREADS} threads, our OpenBLAS kernels: {core}; "
        f"{', '.join(host['peers'])}. Median seconds (least to most).\n"
    ]
    if rows:
        parts.append(comparison(rows, core))
    if notes:
        parts.append("".join(f"- {note}\n" for note in notes))
    if loops:
        parts.append(f"## Hot loops\n\n{loop_table(loops)}")
    parts += [f"## {name.capitalize()}\n\n{text}" for name, text in scripts.items()]
    text = "\n".join(parts)
    folder = WORK if arguments.quick or arguments.only else ROOT / "Benchmarks"
    (folder / "results.md").write_text(text)
    found = {"machine": host, "comparisons": rows, "loops": loops, "notes": notes}
    found |= {name: text.splitlines() for name, text in scripts.items()}
    (folder / "results.json").write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    print(text)


main()
