"""Writes projection_cost.json: predictions of scikit-learn's RidgeClassifier before and after a
low-rank map, and the whitened projections by numpy's pseudo-inverses and square roots.

Made with Python 3.11, numpy 2.4.6, scikit-learn 1.9.1:
    python3 projection_cost.py > projection_cost.json
"""
import json

import numpy as np
from sklearn.linear_model import RidgeClassifier

rng = np.random.default_rng(11)


def probe():
    n, r, k, ridge, strength = 90, 5, 2, 0.05, 0.9
    labels = rng.integers(0, 3, size=n)
    centers = 0.6 * rng.normal(size=(3, r))
    z = np.round(centers[labels] + rng.normal(size=(n, r)) * [1.5, 1, 1, 0.7, 0.5] + 0.5, 3)
    folds = rng.permutation(n) % 5
    a = np.linalg.qr(rng.normal(size=(r, k)))[0]
    b = a + 0.1 * rng.normal(size=(r, k))
    mapped = z - strength * (z @ b) @ a.T

    def predictions(features):
        found = np.zeros(n, dtype=int)
        for fold in range(5):
            train = folds != fold
            centered = z[train] - z[train].mean(axis=0)
            alpha = ridge * (centered**2).sum() / r
            model = RidgeClassifier(alpha=alpha, solver="cholesky").fit(
                features[train], labels[train])
            found[~train] = model.predict(features[~train])
        return found.tolist()

    return dict(
        coordinates=z.tolist(), labels=labels.tolist(), folds=folds.tolist(), a=a.tolist(),
        b=b.tolist(), strength=strength, before=predictions(z), after=predictions(mapped))


def power(s, exponent):
    values, vectors = np.linalg.eigh(s)
    return (vectors * values**exponent) @ vectors.T


def projections():
    n, p, q, k, ridge, strength = 40, 5, 4, 2, 0.1, 0.8
    latent = rng.normal(size=(n, 2))
    x = np.round(latent @ rng.normal(size=(2, p)) + rng.normal(size=(n, p)) + 2, 2)
    y = np.round(latent @ rng.normal(size=(2, q)) + rng.normal(size=(n, q)) - 1, 2)
    x, y = x.astype("f4"), y.astype("f4")
    xc = (x - x.mean(axis=0, dtype="f8")).astype("f8")
    yc = (y - y.mean(axis=0, dtype="f8")).astype("f8")
    c = xc.T @ yc / n

    def ridged(z):
        s = z.T @ z / n
        return s + ridge * np.trace(s) / len(s) * np.eye(len(s))

    sx, sy = ridged(xc), ridged(yc)
    u, _, wt = np.linalg.svd(c)
    left, _, right = np.linalg.svd(power(sx, -0.5) @ c @ power(sy, -0.5))

    def canonical(s, basis):
        a = basis[:, :k]
        return np.eye(len(s)) - strength * power(s, 0.5) @ a @ a.T @ power(s, -0.5)

    def erasure(s, cross):
        w = power(s, -0.5)
        projector = (w @ cross) @ np.linalg.pinv(w @ cross)
        return np.eye(len(s)) - strength * np.linalg.pinv(w) @ projector @ w

    return dict(
        first=x.tolist(), second=y.tolist(), rank=k, ridge=ridge, strength=strength,
        canonical=[canonical(sx, left).tolist(), canonical(sy, right.T).tolist()],
        erasure=[erasure(sx, c @ wt.T[:, :k]).tolist(), erasure(sy, c.T @ u[:, :k]).tolist()])


print(json.dumps(dict(probe=probe(), projections=projections())))
