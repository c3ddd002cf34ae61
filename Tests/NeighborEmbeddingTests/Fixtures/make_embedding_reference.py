"""Reference values for the neighbour embedding, from scikit-learn and openTSNE.

    python make_embedding_reference.py > embedding-reference.json
"""

import json

import numpy as np
import openTSNE
import sklearn
from openTSNE.affinity import PerplexityBasedNN
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness

COUNT, WIDTH, CLASSES, PERPLEXITY = 300, 8, 6, 20

generator = np.random.default_rng(7)
labels = np.arange(COUNT) % CLASSES
centers = generator.normal(size=(CLASSES, WIDTH)) * 1.5
points = centers[labels] + generator.normal(size=(COUNT, WIDTH))
points = np.round(points, 3).astype(np.float32)

affinities = PerplexityBasedNN(
    points.astype(np.float64), perplexity=PERPLEXITY, method="exact", symmetrize=True
).P.tocsr()
affinities.sort_indices()
principal = PCA(2, svd_solver="full").fit_transform(points.astype(np.float64))
exact = TSNE(
    perplexity=PERPLEXITY, init="pca", method="exact", learning_rate="auto", random_state=0
).fit(points)


def row(index):
    start, end = affinities.indptr[index], affinities.indptr[index + 1]
    return {
        "row": index,
        "columns": affinities.indices[start:end].tolist(),
        "values": affinities.data[start:end].tolist(),
    }


print(
    json.dumps(
        {
            "made by": f"scikit-learn {sklearn.__version__}, openTSNE {openTSNE.__version__}, "
            f"numpy {np.__version__}",
            "width": WIDTH,
            "perplexity": PERPLEXITY,
            "labels": labels.tolist(),
            "points": [round(float(value), 3) for value in points.ravel()],
            "affinityEntries": int(affinities.nnz),
            "affinityRows": [row(0), row(57), row(299)],
            "principalDeviations": principal.std(axis=0).tolist(),
            "principalTrustworthiness": {
                str(k): trustworthiness(points.astype(np.float64), principal, n_neighbors=k)
                for k in (1, 10, 50)
            },
            "exactKL": float(exact.kl_divergence_),
            "exactTrustworthiness": trustworthiness(
                points.astype(np.float64), exact.embedding_.astype(np.float64), n_neighbors=10
            ),
        }
    )
)
