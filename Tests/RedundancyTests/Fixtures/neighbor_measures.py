"""Writes neighbor_measures.json: measures of neighbour lists straight from their definitions, with
dense matrices and without any shared code, and rank-biased overlap by the package rbo.

Made with Python 3.11, numpy 2.4.6, rbo 0.1.3:
    python3 neighbor_measures.py > neighbor_measures.json
"""
import json

import numpy as np
import rbo

N, K, DEPTH = 40, 7, 12
rng = np.random.default_rng(20260101)
shared = rng.normal(size=(N, 3))
first = np.round(np.hstack([shared, rng.normal(size=(N, 3))]) + 0.4, 3)
second = np.round(np.hstack([shared @ rng.normal(size=(3, 2)), rng.normal(size=(N, 3))]), 3)
second[11] = 0  # a zero row: its cosines are zero
first = first.astype(np.float32).astype(np.float64)
second = second.astype(np.float32).astype(np.float64)


def kernel(x):
    norms = np.linalg.norm(x, axis=1, keepdims=True)
    unit = np.divide(x, norms, out=np.zeros_like(x), where=norms > 0)
    return unit @ unit.T


def ranking(gram, count):
    lists = []
    for i in range(N):
        others = sorted((-gram[i, j], j) for j in range(N) if j != i)
        lists.append([j for _, j in others[:count]])
    return lists


def longest_common(a, b):
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1, j + 1] = (
                table[i, j] + 1 if x == y else max(table[i, j + 1], table[i + 1, j]))
    return int(table[-1, -1])


K1, K2 = kernel(first), kernel(second)


def restricted(gram, other, lists, others):
    mask = np.zeros((N, N))
    for i in range(N):
        mask[i, [j for j in lists[i] if j in others[i]]] = 1
    a = gram - gram.mean(axis=1, keepdims=True)
    b = other - other.mean(axis=1, keepdims=True)
    return float((mask * a * b).sum())


def second_order(lists, others):
    values = []
    for i in range(N):
        union = sorted(set(lists[i]) | set(others[i]))
        a, b = K1[i, union], K2[i, union]
        scale = np.linalg.norm(a) * np.linalg.norm(b)
        if scale > 0:
            values.append(float(a @ b / scale))
    return values


A, B = ranking(K1, DEPTH), ranking(K2, DEPTH)
a, b = [l[:K] for l in A], [l[:K] for l in B]
profiles = second_order(a, b)
print(json.dumps({
    "k": K, "depth": DEPTH, "first": np.round(first, 3).tolist(),
    "second": np.round(second, 3).tolist(),
    "rankBiasedOverlap": {
        str(p): float(np.mean([rbo.RankingSimilarity(x, y).rbo_ext(p) for x, y in zip(A, B)]))
        for p in (0.5, 0.9, 0.98)},
    "subsequence": float(np.mean([longest_common(x, y) for x, y in zip(a, b)]) / K),
    "secondOrder": float(np.mean(profiles)), "secondOrderAnchors": len(profiles),
    "alignment": restricted(K1, K2, a, b)
    / np.sqrt(restricted(K1, K1, a, a) * restricted(K2, K2, b, b)),
}))
