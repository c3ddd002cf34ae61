"""Writes sliced_wasserstein.json: distances by POT and scipy on the directions that
RandomStreams(seed=999) draws for "projection-directions", re-implemented here from its definition
(FNV-1a, SplitMix64, xoshiro256**, Marsaglia's polar method).

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, POT 0.9.7.post1:
    python3 sliced_wasserstein.py > sliced_wasserstein.json
"""
import json
import math

import numpy as np
import ot
from scipy.stats import wasserstein_distance

MASK = (1 << 64) - 1


def split_mix(state):
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return state, z ^ (z >> 31)


def rotated(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


def stream(seed, purpose, item):
    h = 0xCBF29CE484222325
    for byte in purpose.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    _, mixed = split_mix(seed ^ h)
    state = mixed ^ ((item * 0xD1342543DE82EF95) & MASK)
    s = []
    for _ in range(4):
        state, value = split_mix(state)
        s.append(value)
    while True:
        yield (rotated((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotated(s[3], 45)


def normals(bits, count):
    result = []
    while len(result) < count:
        x, y = (2 * ((next(bits) >> 11) * 2.0**-53) - 1 for _ in range(2))
        square = x * x + y * y
        if 0 < square < 1:
            factor = math.sqrt(-2 * math.log(square) / square)
            result += [x * factor, y * factor]
    return result[:count]


def directions(count, width):
    rows = [normals(stream(999, "projection-directions", i), width) for i in range(count)]
    return np.array([r / np.linalg.norm(r) for r in rows])


rng = np.random.default_rng(7)
a = np.round(rng.normal(size=(30, 6)), 3).astype("f4").astype("f8")
b = np.round(0.3 + rng.gamma(2.0, size=(30, 6)), 3).astype("f4").astype("f8")
c = np.round(rng.normal(size=(21, 6)) * 2, 3).astype("f4").astype("f8")
theta = directions(20, 6)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def rms(x):
    return x / np.sqrt((x**2).sum(axis=1).mean())


def swd(x, y):
    return float(ot.sliced_wasserstein_distance(x, y, projections=theta.T, p=1))


def max_swd(x, y):
    return float(ot.max_sliced_wasserstein_distance(x, y, projections=theta.T, p=1))


if __name__ == "__main__":
    print(json.dumps({
        "a": a.round(3).tolist(), "b": b.round(3).tolist(), "c": c.round(3).tolist(),
        "firstDirection": theta[0].tolist(),
        "raw": swd(a, b), "rownorm": swd(unit(a), unit(b)), "rms": swd(rms(a), rms(b)),
        "unequal": swd(a, c), "max": max_swd(a, b), "maxUnequal": max_swd(a, c),
        "line": float(wasserstein_distance(a[:, 0], b[:, 0])),
        "unequalLine": float(wasserstein_distance(a[:, 0], c[:, 0])),
    }))
