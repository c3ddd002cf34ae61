"""Writes paired_tests.json: paired t-tests and Wilcoxon signed-rank tests, and the regularized
incomplete beta function, by scipy.

Made with Python 3.11, scipy 1.17.1:
    python3 paired_tests.py > paired_tests.json
"""
import json

import numpy as np
from scipy.special import betainc
from scipy.stats import ttest_rel, wilcoxon

rng = np.random.default_rng(7)
pairs = {
    "normal": (rng.normal(size=30), rng.normal(0.5, 1, size=30)),
    "two pairs": (np.array([1.0, 2.0]), np.array([1.5, 4.0])),
    # As a metric of many users: mostly zeros, few values.
    "ties and zeros": (rng.integers(0, 3, 400) / 4, rng.integers(0, 4, 400) / 4),
    "strong": (rng.normal(size=500), rng.normal(1.0, 1, size=500)),
    "many": (rng.normal(size=4000), rng.normal(0.02, 1, size=4000)),
}
cases = []
for name, (first, second) in pairs.items():
    first, second = (np.array([float(f"{x:.4g}") for x in side]) for side in (first, second))
    t = ttest_rel(second, first)
    w = wilcoxon(second, first, zero_method="wilcox", correction=False, method="asymptotic")
    cases.append({
        "name": name, "first": first.tolist(), "second": second.tolist(),
        "t": t.statistic, "tP": t.pvalue, "wilcoxon": w.statistic, "wilcoxonP": w.pvalue,
    })
points = [(0.5, 0.5, 0.3), (2, 3, 0.1), (2, 3, 0.9), (50, 0.5, 0.99), (5000, 0.5, 0.999),
          (5000, 0.5, 0.99999), (1, 1, 0.25), (0.5, 20, 1e-6)]
betas = [{"a": a, "b": b, "x": x, "value": betainc(a, b, x)} for a, b, x in points]
print(json.dumps({"cases": cases, "betas": betas}))
