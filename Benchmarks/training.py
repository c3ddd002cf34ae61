"""Seconds an epoch and peak memory of a model's step loop in PyTorch, on the CPU.

Usage: training.py MODEL SHAPE [--inter FILE] [--steps 12] [--threads 2]

The loop computes what `clear-trainer train` computes in an epoch: the same losses on whole
embedding tables, dense Adam, uniform negatives, and full-sort evaluation of every user. Costs do
not depend on the values of the features, so these are random; interactions are random, too, unless
a file is given. The median step stands for the others. Prints one JSON object.
"""

import argparse
import json
import resource
import time

import torch
import torch.nn.functional as F

SHAPES = {
    "tiktok": dict(users=9308, items=6710, train=59541, widths=(128, 128)),
    "baby": dict(users=19445, items=7050, train=118551, widths=()),
    "synthetic-baby": dict(users=19445, items=7050, train=118551, widths=(4096, 384)),
}
parser = argparse.ArgumentParser()
parser.add_argument("model", choices=["mf-bpr", "lightgcn", "vbpr", "freedom", "clear"])
parser.add_argument("shape", choices=list(SHAPES))
parser.add_argument("--inter")
parser.add_argument("--steps", type=int, default=12)
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(999)
shape = SHAPES[arguments.shape]
users, items = shape["users"], shape["items"]
d, batch_size = 64, 2048


def interactions():
    if not arguments.inter:
        pairs = torch.unique(
            torch.stack(
                [
                    torch.randint(users, (shape["train"] * 11 // 10,)),
                    torch.randint(items, (shape["train"] * 11 // 10,)),
                ]
            ),
            dim=1,
        )
        return pairs[:, torch.randperm(pairs.shape[1])[: shape["train"]]]
    rows = []
    with open(arguments.inter) as file:
        next(file)
        for line in file:
            user, item, _, _, label = line.split("\t")
            if label.strip() == "0":
                rows.append((int(user), int(item)))
    return torch.tensor(rows).T.contiguous()


train = interactions()


def sparse(rows, columns, values, size):
    return torch.sparse_coo_tensor(
        torch.stack([rows, columns]), values, size
    ).coalesce().to_sparse_csr()


def adjacency(pairs):
    u, i = pairs
    du = torch.bincount(u, minlength=users).float() + 1e-7
    di = torch.bincount(i, minlength=items).float() + 1e-7
    values = (du[u] * di[i]).rsqrt()
    n = users + items
    return sparse(
        torch.cat([u, i + users]), torch.cat([i + users, u]), torch.cat([values, values]), (n, n)
    )


def item_graph():
    rows = torch.arange(items).repeat_interleave(20)
    columns = torch.randint(items, (items * 20,))
    columns[::20] = torch.arange(items)
    return sparse(rows, columns, torch.full((items * 20,), 0.05), (items, items))


def table(rows, columns):
    return torch.nn.Parameter(torch.nn.init.xavier_uniform_(torch.empty(rows, columns)))


def bpr(user_rows, item_rows, u, p, n, form):
    margin = (user_rows[u] * (item_rows[p] - item_rows[n])).sum(1)
    if form == "guarded":
        return -torch.log(1e-10 + torch.sigmoid(margin)).mean()
    return -F.logsigmoid(margin).mean()


def norms(user_rows, item_rows, u, p, n):
    return (user_rows[u].norm() + item_rows[p].norm() + item_rows[n].norm()) / len(u)


def propagate(graph, x, layers):
    total = x
    for _ in range(layers):
        x = torch.sparse.mm(graph, x)
        total = total + x
    return total


class MFBPR:
    def __init__(self):
        self.u, self.i = table(users, d), table(items, d)
        self.parameters = [self.u, self.i]

    def begin(self):
        pass

    def forward(self):
        return self.u, self.i

    def loss(self, u, p, n):
        x, y = self.forward()
        return bpr(x, y, u, p, n, "guarded") + 0.1 * norms(self.u, self.i, u, p, n)


class LightGCN(MFBPR):
    def __init__(self):
        super().__init__()
        self.graph = adjacency(train)

    def forward(self):
        z = propagate(self.graph, torch.cat([self.u, self.i]), 2) / 3
        return z[:users], z[users:]


class VBPR:
    def __init__(self):
        self.u, self.i = table(users, 2 * d), table(items, d)
        self.features = torch.cat([torch.rand(items, w) for w in shape["widths"]], 1)
        self.w = table(d, self.features.shape[1])
        self.b = torch.nn.Parameter(torch.zeros(d))
        self.parameters = [self.u, self.i, self.w, self.b]

    def begin(self):
        pass

    def forward(self):
        return self.u, torch.cat([self.i, self.features @ self.w.T + self.b], 1)

    def loss(self, u, p, n):
        x, y = self.forward()
        return bpr(x, y, u, p, n, "guarded") + 0.1 * norms(x, y, u, p, n)


class FREEDOM:
    def __init__(self):
        self.u, self.i = table(users, d), table(items, d)
        self.full, self.items_graph = adjacency(train), item_graph()
        self.maps = []
        self.parameters = [self.u, self.i]
        for width in shape["widths"]:
            x = torch.nn.Parameter(torch.rand(items, width))
            linear = torch.nn.Linear(width, d)
            self.maps.append((x, linear))
            self.parameters += [x, *linear.parameters()]

    def begin(self):
        u, i = train
        du, di = torch.bincount(u, minlength=users), torch.bincount(i, minlength=items)
        weights = (du[u] * di[i]).float().rsqrt()
        kept = torch.multinomial(weights, int(train.shape[1] * 0.2))
        self.graph = adjacency(train[:, kept])

    def forward(self, graph=None):
        z = propagate(self.full if graph is None else graph, torch.cat([self.u, self.i]), 2) / 3
        return z[:users], z[users:] + torch.sparse.mm(self.items_graph, self.i)

    def loss(self, u, p, n):
        x, y = self.forward(self.graph)
        loss = bpr(x, y, u, p, n, "natural")
        for features, linear in self.maps:
            loss = loss + 1e-3 * bpr(x, linear(features), u, p, n, "natural")
        return loss


class CLEAR:
    rank, strength = 4, 0.9

    def __init__(self):
        self.graph, self.items_graph = adjacency(train), item_graph()
        self.features = [torch.rand(items, w) for w in shape["widths"]]
        self.preferences = [table(users, d) for _ in self.features]
        self.encoders = [
            torch.nn.Sequential(
                torch.nn.Linear(x.shape[1], 256), torch.nn.LeakyReLU(), torch.nn.Linear(256, d)
            )
            for x in self.features
        ]
        self.w = torch.nn.Parameter(torch.rand(users, len(self.features)))
        self.parameters = [*self.preferences, self.w]
        for encoder in self.encoders:
            self.parameters += encoder.parameters()

    @torch.no_grad()
    def begin(self):
        v, t = [f(x) for f, x in zip(self.encoders, self.features)]
        c = (v - v.mean(0)).double().T @ (t - t.mean(0)).double() / items
        left, _, right = torch.linalg.svd(c)
        self.bases = [left[:, : self.rank].float(), right[: self.rank].T.float()]

    def forward(self):
        halves = []
        for x, f, p, basis in zip(self.features, self.encoders, self.preferences, self.bases):
            v = f(x)
            v = v - self.strength * (v @ basis) @ basis.T
            halves.append(propagate(self.graph, F.normalize(torch.cat([p, v]), eps=1e-12), 2))
        user_rows = torch.cat(
            [self.w[:, m : m + 1] * h[:users] for m, h in enumerate(halves)], 1
        )
        joint = torch.cat([h[users:] for h in halves], 1)
        return user_rows, joint + torch.sparse.mm(self.items_graph, joint)

    def loss(self, u, p, n):
        x, y = self.forward()
        penalty = sum((table[u] ** 2).mean() for table in self.preferences) + (self.w**2).mean()
        return bpr(x, y, u, p, n, "natural") / 0.6931471805599453 + 1e-3 * penalty


model = {"mf-bpr": MFBPR, "lightgcn": LightGCN, "vbpr": VBPR, "freedom": FREEDOM, "clear": CLEAR}[
    arguments.model
]()
optimizer = torch.optim.Adam(model.parameters, lr=1e-3)
steps = -(-train.shape[1] // batch_size)

start = time.perf_counter()
model.begin()
begin = time.perf_counter() - start
order = torch.randperm(train.shape[1])
times = []
for step in range(min(arguments.steps, steps - 1)):
    start = time.perf_counter()
    u, p = train[:, order[step * batch_size : (step + 1) * batch_size]]
    n = torch.randint(items, (len(u),))
    optimizer.zero_grad()
    model.loss(u, p, n).backward()
    optimizer.step()
    times.append(time.perf_counter() - start)

start = time.perf_counter()
with torch.no_grad():
    x, y = model.forward()
    rows, columns = train
    for first in range(0, users, 4096):
        scores = x[first : first + 4096] @ y.T
        mask = (rows >= first) & (rows < first + 4096)
        scores[rows[mask] - first, columns[mask]] = -1e10
        torch.topk(scores, 50)
evaluation = time.perf_counter() - start

times = sorted(times[2:])
print(
    json.dumps(
        dict(
            training=begin + times[len(times) // 2] * steps,
            evaluation=evaluation,
            megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            torch=torch.__version__,
        )
    )
)
