"""Writes partial_information.json: redundant, unique and synergistic bits of random tables, by
two ways that have nothing in common with an interior point method.

- `grid`: 2 x 2 x 2 tables. Each value of Y leaves one free number; a fine grid over both, then a
  finer one about its best point, ten times over (the objective is convex).
- `alternating`: larger tables, as an information projection problem: each Q(.|y) is the Sinkhorn
  projection of R, R their mean.

Made with Python 3.11, numpy 2.4.6:
    python3 partial_information.py > partial_information.json
"""
import json

import numpy as np


def information(joint):
    p = joint / joint.sum()
    independent = p.sum(1, keepdims=True) * p.sum(0, keepdims=True)
    used = p > 0
    return float((p[used] * np.log2(p[used] / independent[used])).sum())


def parts(table, least):
    first, second = information(table.sum(1)), information(table.sum(0))
    joint = information(table.reshape(-1, table.shape[2]))
    return [first + second - least, least - second, least - first, joint - least]


def grid(table):
    p = table / table.sum()
    low, high = np.zeros(2), np.zeros(2)
    for y in range(2):
        m = p[:, :, y]
        # The free number is the cell (0, 0), between its Fréchet bounds.
        low[y] = max(0, m[0].sum() + m[:, 0].sum() - m.sum())
        high[y] = min(m[0].sum(), m[:, 0].sum())
    a, b = low.copy(), high.copy()
    for _ in range(10):
        best = np.inf
        sides = [np.linspace(a[y], b[y], 41) for y in range(2)]
        for x0 in sides[0]:
            for x1 in sides[1]:
                q = np.empty((2, 2, 2))
                for y, x in enumerate((x0, x1)):
                    m = p[:, :, y]
                    q[:, :, y] = [[x, m[0].sum() - x],
                                  [m[:, 0].sum() - x, m[1].sum() - m[:, 0].sum() + x]]
                value = information(np.maximum(q, 0).reshape(4, 2))
                if value < best:
                    best, place = value, np.array([x0, x1])
        step = (b - a) / 40
        a, b = np.maximum(low, place - 2 * step), np.minimum(high, place + 2 * step)
    return parts(p, best)


def alternating(table, rounds=20_000):
    p = table / table.sum()
    first, second, weights = p.sum(1), p.sum(0), p.sum((0, 1))
    q = first[:, None, :] * second[None, :, :] / weights
    for _ in range(rounds):
        r = q.sum(2)
        q = np.repeat(r[:, :, None], p.shape[2], 2) * weights
        for _ in range(60):
            q *= (first / q.sum(1))[:, None, :]
            q *= (second / q.sum(0))[None, :, :]
    return parts(p, information(q.reshape(-1, p.shape[2])))


rng = np.random.default_rng(4)
worlds = []


def add(way, shape, table):
    table = table.round(4)
    value = {"grid": grid, "alternating": alternating}[way](table)
    worlds.append({"way": way, "shape": list(shape), "weights": table.ravel().tolist(),
                   "parts": value})


for index in range(6):
    add("grid", (2, 2, 2), rng.gamma(1 if index < 3 else 0.4, size=(2, 2, 2)) + 1e-4)
for shape in [(2, 2, 3), (2, 3, 2), (3, 3, 3), (3, 2, 4)]:
    for _ in range(2):
        add("alternating", shape, rng.gamma(0.7, size=shape))
for shape in [(4, 4, 3), (8, 8, 3)]:
    add("alternating", shape, rng.gamma(2, size=shape))
print(json.dumps(worlds))
