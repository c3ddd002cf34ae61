"""The tasks of `make bench` by other people's tools, and the exact answers that both are held to.

Usage: peers.py TASK FOLDER [--jobs N] [--output FILE] [--pot]

FOLDER is what `benchmarks make` wrote. A run does one task once and prints one JSON object: the
seconds of the task alone, without reading its input, and what it found.
"""

import argparse
import json
import time

import numpy as np

RANK, STRENGTH, LENGTH, EVERY = 8, 0.9, 100, 100
SEED, REPEATS = 999, 10

parser = argparse.ArgumentParser()
parser.add_argument("task")
parser.add_argument("folder")
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--output")
parser.add_argument("--pot", action="store_true")
arguments = parser.parse_args()


def load(*names):
    return [np.load(f"{arguments.folder}/{name}.npy") for name in names]


def timed(body):
    start = time.perf_counter()
    result = body()
    return result, time.perf_counter() - start


def decomposed(x, y):
    c = (x - x.mean(0)).T @ (y - y.mean(0)) / x.dtype.type(len(x))
    return np.linalg.svd(c, full_matrices=False)


def damped(x, basis):
    return x - x.dtype.type(STRENGTH) * (x @ basis) @ basis.T


def spectra(x, y):
    u, before, w = decomposed(x, y)
    x, y = damped(x, u[:, :RANK]), damped(y, w[:RANK].T)
    return (u, before, w.T), np.linalg.svd(
        (x - x.mean(0)).T @ (y - y.mean(0)) / x.dtype.type(len(x)), compute_uv=False
    ), (x, y)


def spectrum(kind=np.float32):
    x, y = (part.astype(kind) for part in load("image", "text"))
    ((_, before, _), after, _), seconds = timed(lambda: spectra(x, y))
    return dict(seconds=seconds, before=before.tolist(), after=after.tolist())


def unit_rows(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def nearest(x, count):
    import faiss

    x = np.ascontiguousarray(unit_rows(x))
    index = faiss.IndexFlatIP(x.shape[1])
    index.add(x)
    _, ids = index.search(x, count + 1)
    # The item itself is not always first among duplicates.
    own = ids == np.arange(len(x))[:, None]
    own[~own.any(1), -1] = True
    return ids[~own].reshape(len(x), count)


def neighbors():
    import faiss  # noqa: F401  (not part of the time)

    parts = load("image", "text")
    lists, seconds = timed(lambda: [nearest(x, LENGTH) for x in parts])
    return dict(seconds=seconds, lists=[part[::EVERY].tolist() for part in lists])


def exact_neighbors():
    lists = []
    for x in load("image", "text"):
        x = unit_rows(x.astype(np.float64))
        anchors = np.arange(0, len(x), EVERY)
        scores = x[anchors] @ x.T
        scores[np.arange(len(anchors)), anchors] = -np.inf
        lists.append(np.argsort(-scores, axis=1, kind="stable")[:, :LENGTH].tolist())
    return dict(lists=lists)


def sliced_distance(a, b, directions):
    """One product and one sort for each direction."""
    a, b = (np.sort(directions @ part.T, axis=1) for part in (a, b))
    return float(np.abs(a - b).mean(dtype=np.float64))


def sliced(kind=np.float32):
    a, b, directions = (part.astype(kind) for part in load("first", "second", "directions"))
    value, seconds = timed(lambda: sliced_distance(a, b, directions))
    return dict(seconds=seconds, value=value)


def pot_distance(a, b, directions):
    import ot

    return float(ot.sliced_wasserstein_distance(a, b, p=1, projections=directions.T))


def pot():
    import ot  # noqa: F401

    a, b, directions = load("first", "second", "directions")
    value, seconds = timed(lambda: pot_distance(a, b, directions))
    return dict(seconds=seconds, value=value)


def map_():
    import openTSNE

    (points,) = load("points")
    tsne = openTSNE.TSNE(
        perplexity=30, initialization="pca", negative_gradient_method="fft",
        early_exaggeration_iter=250, n_iter=750, n_jobs=arguments.jobs, random_state=0,
    )
    found, seconds = timed(lambda: tsne.fit(points))
    np.save(arguments.output, np.asarray(found, dtype=np.float32))
    return dict(seconds=seconds, map=arguments.output)


def similarity(x, y):
    """CKA, biased and debiased, and the leading regularised canonical correlation."""
    from scipy.linalg import solve_triangular

    n = len(x)
    x, y = x - x.mean(0), y - y.mean(0)
    xx, yy, xy = ((a.T @ b).astype(np.float64) / n for a, b in ((x, x), (y, y), (x, y)))
    ex, ey = (np.einsum("ij,ij->i", part, part, dtype=np.float64) for part in (x, y))

    def unbiased(c, d, e):
        common = d @ e
        squares = (c**2).sum() * n * n - common + d.sum() * e.sum() / ((n - 1) * (n - 2))
        return squares - 2 * common / (n - 2)

    def whitener(c):
        ridge = 0.1 * np.trace(c) / len(c)
        return np.linalg.cholesky(c + ridge * np.eye(len(c)))

    lx, ly = whitener(xx), whitener(yy)
    white = solve_triangular(ly, solve_triangular(lx, xy, lower=True).T, lower=True)
    return dict(
        biased=(xy**2).sum() / np.sqrt((xx**2).sum() * (yy**2).sum()),
        debiased=unbiased(xy, ex, ey) / np.sqrt(unbiased(xx, ex, ex) * unbiased(yy, ey, ey)),
        cca=np.linalg.svd(white, compute_uv=False)[0],
    )


def fisher(x, members, bases):
    """For each basis, the median over pairs of classes of FDR inside its span over FDR outside."""
    sizes = members.sum(0)
    pairs = np.triu_indices(len(sizes), 1)

    def moments(part):
        """Squared distances of class means and sums of class variances, for all pairs."""
        means = members.T @ part / sizes[:, None]
        squares = (means**2).sum(1)
        variances = members.T @ (part**2).sum(1) / sizes - squares
        gaps = squares[:, None] + squares - 2 * means @ means.T
        return gaps[pairs], (variances[:, None] + variances)[pairs]

    gap, variance = moments(x)
    ratios = []
    for coordinates in np.split(x @ np.hstack(bases), len(bases), axis=1):
        inside, spread = moments(coordinates)
        ratios.append(np.median(inside / spread * (variance - spread) / (gap - inside)))
    return ratios


def classes_of(y):
    from sklearn.cluster import KMeans

    labels = KMeans(min(50, len(y) // 10), n_init=1, random_state=SEED).fit_predict(unit_rows(y))
    members = np.eye(labels.max() + 1, dtype=np.float32)[labels]
    return members[:, members.sum(0) >= 10]


def overlaps(lists, lengths):
    result = {}
    for k in lengths:
        common = [len(np.intersect1d(a, b)) for a, b in zip(lists[0][:, :k], lists[1][:, :k])]
        result[k] = float(np.mean(common)) / k
    return result


def report():
    """The numbers of redundancy-report's spectrum, overlap, similarity, fisher and swd."""
    import faiss  # noqa: F401
    import scipy.linalg  # noqa: F401
    import sklearn.cluster  # noqa: F401

    if arguments.pot:
        import ot  # noqa: F401

    def numbers():
        x, y = load("image", "text")
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise SystemExit("features are not finite")
        (u, before, w), after, projected = spectra(x, y)
        found = dict(sigma1=float(before[0]), sigma1After=float(after[0]))
        lists = [nearest(part, min(200, len(x) - 2)) for part in (x, y)]
        found["overlap"] = overlaps(lists, (5, 10, 20, 50, 100, 200))[100]
        alike = similarity(x, y)
        found["cka"], found["cca"] = float(alike["debiased"]), float(alike["cca"])
        members = classes_of(y)
        generator = np.random.default_rng(SEED)
        for part, basis in ((x, u[:, :RANK]), (y, w[:, :RANK])):
            random = generator.standard_normal((100, part.shape[1], RANK))
            bases = [np.linalg.qr(draw)[0].astype(np.float32) for draw in random]
            found.setdefault("fisher", float(fisher(part, members, [basis, *bases])[0]))
        width = min(64, len(before))
        directions = unit_rows(generator.standard_normal((512, width)).astype(np.float32))
        distance = pot_distance if arguments.pot else sliced_distance
        for pair in ((x, y), projected):
            a, b = pair[0] @ u[:, :width], pair[1] @ w[:, :width]
            scales = [np.sqrt((part**2).sum(1).mean()) for part in (a, b)]
            clouds = (a, b), (unit_rows(a), unit_rows(b)), (a / scales[0], b / scales[1])
            values = [distance(*cloud, directions) for cloud in clouds]
            found.setdefault("swd", values[0])
        return found

    found, seconds = timed(numbers)
    return dict(seconds=seconds, **found)


def bpr():
    import scipy.sparse
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    users, items, count = 19_445, 7_050, 118_551
    generator = np.random.default_rng(SEED)
    places = generator.choice(users * items, count, replace=False)
    matrix = scipy.sparse.csr_matrix(
        (np.ones(count, np.float32), (places // items, places % items)), (users, items)
    )
    model = BayesianPersonalizedRanking(
        factors=64, iterations=REPEATS, num_threads=arguments.jobs, random_state=SEED
    )
    _, seconds = timed(lambda: model.fit(matrix, show_progress=False))
    return dict(seconds=seconds / REPEATS)


TASKS = {
    "spectrum": spectrum,
    "exact-spectrum": lambda: spectrum(np.float64),
    "neighbors": neighbors,
    "exact-neighbors": exact_neighbors,
    "sliced": sliced,
    "exact-sliced": lambda: sliced(np.float64),
    "pot": pot,
    "map": map_,
    "report": report,
    "bpr": bpr,
}
print(json.dumps(TASKS[arguments.task]()))
