"""Writes marginal_measures.json: the energy distance by scipy's pairwise distances, and the
classifier two-sample test by scikit-learn's linear discriminant and ROC area on the folds that
RandomStreams(seed=999) gives, re-implemented here from their definition: rows in the order of a
seeded hash of their elements, row i of that order in fold i mod 5.

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1:
    python3 marginal_measures.py > marginal_measures.json
"""
import json

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score

from sliced_wasserstein import MASK, stream


def energy(x, y):
    cross = cdist(x, y).mean()
    value = 2 * cross - cdist(x, x).mean() - cdist(y, y).mean()
    return float(value), float(value / (2 * cross))


def content_order(rows, purpose):
    start = next(stream(999, purpose, 0))
    seen, keys = {}, []
    for row in rows.astype("f4") + np.float32(0):
        value = start
        for word in row.view("u4"):
            value = ((value ^ int(word)) * 0x100000001B3) & MASK
        seen[value] = seen.get(value, 0) + 1
        keys.append(next(stream(value, "occurrence", seen[value])))
    return sorted(range(len(rows)), key=lambda i: keys[i])


def classifier(x, y, ridge=0.01):
    clouds = [z[content_order(z, "two-sample-folds")] for z in (x, y)]
    areas, hits = [], [[], []]
    for fold in range(5):
        train = [np.delete(z, np.s_[fold::5], axis=0) for z in clouds]
        test = [z[fold::5] for z in clouds]
        # sklearn shrinks to (1 - s)·cov + s·tr/d·I, the same direction as cov + r·tr/d·I.
        model = LinearDiscriminantAnalysis(
            solver="lsqr", shrinkage=ridge / (1 + ridge), priors=[0.5, 0.5])
        model.fit(np.vstack(train), [0] * len(train[0]) + [1] * len(train[1]))
        scores = [model.decision_function(z) for z in test]
        labels = [0] * len(test[0]) + [1] * len(test[1])
        areas.append((roc_auc_score(labels, np.concatenate(scores)), len(test[0]) * len(test[1])))
        hits[0] += list(scores[0] < 0)
        hits[1] += list(scores[1] > 0)
    total = sum(weight for _, weight in areas)
    return (float(sum(area * weight for area, weight in areas) / total),
            float((np.mean(hits[0]) + np.mean(hits[1])) / 2))


rng = np.random.default_rng(11)
a = rng.normal(size=(60, 4)).round(2).astype("f4").astype("f8")
b = (rng.gamma(2, size=(45, 4)) * [1, 0.5, 0.2, 1] - [1, 1, 0, 2]).round(2).astype("f4")
b = b.astype("f8")
a[7] = a[3]
distance, coefficient = energy(a, b)
area, accuracy = classifier(a, b)
print(json.dumps({
    "a": a.round(2).tolist(), "b": b.round(2).tolist(), "energy": distance,
    "coefficient": coefficient, "auc": area, "accuracy": accuracy}))
