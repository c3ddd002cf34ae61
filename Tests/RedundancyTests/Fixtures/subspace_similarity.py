"""Writes subspace_similarity.json: SVCCA, PWCCA and Procrustes similarity of three small pairs.

Correlations are cosines of scipy's subspace angles, Procrustes similarity is recomputed from
scipy's disparity 1 - s². PWCCA follows its definition in float64: canonical directions of the
first modality, weighted by the sum of the absolute inner products with its centred features.

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1:
    python3 subspace_similarity.py > subspace_similarity.json
"""
import json

import numpy as np
from scipy.linalg import subspace_angles
from scipy.spatial import procrustes

i = np.arange(40)
integer = (
    np.stack([i % 7, i * i % 11, 3 * i % 5, i**3 % 13], 1).astype(float),
    np.stack([(i * i + i) % 7, 5 * i % 11, i % 7 + i % 3], 1).astype(float),
)
# Columns of falling scale, so that 99 % of the variance is less than all of them.
scaled = (
    np.stack([100 * (i % 7), 10 * (i * i % 11), 3 * i % 5, i**3 % 13], 1).astype(float),
    np.stack([(i * i + i) % 7, 50 * (5 * i % 11), 9 * (i % 7 + i % 3)], 1).astype(float),
)
# More features than items, most of them weak, so that no correlation is 1.
j = np.arange(24)[:, None]
c = np.arange(30)
wide = (
    ((j * j + 3 * j * c) % 17 * (900 // (c + 1) ** 2)).astype(float),
    ((j * np.arange(2, 7) + j**3) % 13).astype(float),
)


def orthonormal(x):
    x = x - x.mean(0)
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    held = np.cumsum(s**2) / np.sum(s**2)
    return u[:, : int(np.argmax(held >= 0.99)) + 1]


def measures(x, y):
    u, v = orthonormal(x), orthonormal(y)
    rho = np.sort(np.cos(subspace_angles(u, v)))[::-1]
    a, b, _ = np.linalg.svd(u.T @ v)
    h = u @ a[:, : len(rho)]
    weights = np.abs(h.T @ (x - x.mean(0))).sum(1)
    padded = np.zeros((len(x), max(x.shape[1], y.shape[1])))
    first, second = padded.copy(), padded.copy()
    first[:, : x.shape[1]] = x
    second[:, : y.shape[1]] = y
    disparity = procrustes(first, second)[2]
    return {
        "first": x.tolist(),
        "second": y.tolist(),
        "directions": [u.shape[1], v.shape[1]],
        "correlations": rho.tolist(),
        "svcca": float(rho.mean()),
        "pwcca": float(weights @ b[: len(rho)] / weights.sum()),
        "procrustes": float(np.sqrt(1 - disparity)),
    }


print(json.dumps([measures(*pair) for pair in (integer, scaled, wide)], indent=1))
