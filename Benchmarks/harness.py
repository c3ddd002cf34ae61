"""Runs commands in turns and keeps their times, memory and answers."""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".build/benchmarks"
RELEASE = ROOT / ".build/release"
PYTHON = WORK / "python/bin/python"
THREADS = "2"

# Why cells are empty, a sentence each.
notes = []


class Failure(Exception):
    """A command that ended badly, with the last line of what it said."""


def environment(core=None):
    """The caller's, so that everybody chooses kernels alone; or with those of `core` asked for."""
    result = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        result[name] = THREADS
    return result | ({"OPENBLAS_CORETYPE": core} if core else {})


def run(words, core=None):
    """The lines that a command prints, with its wall-clock seconds and peak megabytes."""
    with tempfile.TemporaryFile("w+") as remarks:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                [str(word) for word in words], stdout=subprocess.PIPE, stderr=remarks,
                env=environment(core), cwd=ROOT, text=True,
            )
        except OSError as error:
            raise Failure(str(error))
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            remarks.seek(0)
            said = remarks.read().strip().splitlines() or [f"exit code {process.returncode}"]
            raise Failure(said[-1])
    return {
        "lines": output.splitlines(), "wall": wall, "seconds": wall,
        "megabytes": usage.ru_maxrss / 1024,
    }


def answer_of(words, core=None):
    """The JSON object in the last line that a command prints, beside its time and memory."""
    result = run(words, core)
    return result | json.loads(result["lines"][-1])


@dataclasses.dataclass
class Task:
    """A comparison. Peers are pairs of label and command; of equal labels the better counts."""

    name: str
    title: str
    ours: list
    peers: list
    rounds: int
    # Whether the peers are also run with the OpenBLAS kernels that ours choose.
    kernels: bool = False
    # The least that the task could take, in seconds.
    floor: float = None
    # The command that gives the exact answer, and what an answer is worth beside it.
    exact: list = None
    accuracy: object = lambda answer, exact: {}
    # How to get our own answer.
    ask: object = answer_of

    def sides(self, core):
        """The times, memory and accuracy by label; a pair with `core` where its kernels ran."""
        contenders = [("ours", self.ours, None)]
        for label, words in self.peers:
            contenders.append((label, words, None))
            if self.kernels:
                contenders.append(((label, core), words, core))
        answers = [[] for _ in contenders]
        failed = set()
        for turn in range(self.rounds):
            for place, (label, words, kernels) in enumerate(contenders):
                if place in failed:
                    continue
                name = f"{label[0]} on {core}" if kernels else label
                step = f"{self.name}, round {turn + 1} of {self.rounds}: {name}"
                try:
                    answer = (self.ask if place == 0 else answer_of)(words, kernels)
                    answers[place].append(answer)
                    print(f"{step}, {answer['seconds']:.3f} s", file=sys.stderr)
                except Failure as failure:
                    failed.add(place)
                    notes.append(f"{self.title}, {name}: {failure}")
        judge = self.judge()
        result = {}
        for (label, _, _), runs in zip(contenders, answers):
            if not runs:
                continue
            seconds = [answer["seconds"] for answer in runs]
            side = {
                "median": statistics.median(seconds), "least": min(seconds), "most": max(seconds),
                "megabytes": max(answer["megabytes"] for answer in runs),
                "accuracy": judge(runs[-1]),
            }
            if label not in result or side["median"] < result[label]["median"]:
                result[label] = side
        return result

    def judge(self):
        """What says how accurate an answer is; nothing where the exact one cannot be had."""
        try:
            exact = answer_of(self.exact) if self.exact else None
        except Failure as failure:
            notes.append(f"{self.title}, exact answer: {failure}")
            return lambda answer: {}
        return lambda answer: self.accuracy(answer, exact)

    def rows(self, core):
        """A row of the table for each peer."""
        sides = self.sides(core)
        mine = sides.get("ours")

        def ratio(side):
            return side["median"] / mine["median"] if side and mine else None

        for label in dict(self.peers):
            theirs, tuned = sides.get(label), sides.get((label, core))
            yield {
                "task": self.title, "rounds": self.rounds, "floor": self.floor, "ours": mine,
                "peer": label, "theirs": theirs, "ratio": ratio(theirs), "tuned": tuned,
                "tunedRatio": ratio(tuned),
            }


def script_output(*words):
    """What another script of this folder prints."""
    print(f"running Benchmarks/{words[0]}", file=sys.stderr)
    done = subprocess.run(
        [ROOT / "Benchmarks" / words[0], *words[1:]], cwd=ROOT, env=environment(), text=True,
        stdout=subprocess.PIPE)
    if done.returncode != 0:
        notes.append(f"Benchmarks/{words[0]} ended with exit code {done.returncode}.")
    return done.stdout
