"""Which dictionary of whole flags is best? One command, one table: `python benchmarks/dictionaries.py`.

The canvas half of an encoding, learned in every way that the field offers, in the span of the training flags (see
`flagsae/training/crisp.py`). Near-duplicates stay on one side of a fold; each row is every fold under every seed, all
trained at once as one batch of small models. Held-out flags are never learned from, and what of them lies outside of
the training flags' span counts as error: the least FVU that is possible heads the table.

- held-out FVU: "free" with all features that fire ("fire" says how many), "at k" with the k strongest, "pursuit"
  with the k features that NN-OMP finds in the same dictionary. What lies between is the encoder's fault.
- train FVU, and k, how many features fire for a training flag.
- dead; rare: fire for one training flag; dense: for more than half of them; twins: atoms of a cosine over .9.
- stable: the atoms of two seeds, matched one to one, have this mean cosine; "null" is what random flags have.
- one flag: the mean cosine of an atom and the training flag that is nearest to it. Near 1 atoms are whole flags, which
  are readable and stable, and no parts: "random flags" is the row that a dictionary has to beat.
- pixels: share of the canvas that plain decoding gets right, of training and of held-out flags.
- returns: of a plainly decoded sum of two codes, the code has both parents as its nearest (cosine; near-duplicates
  are one); for pairs of training flags and of held-out ones, among all flags.
- best, probe: AUROC of the attributes of `data/attributes.csv` on held-out flags: of the one feature that is best on
  training flags, and of a logistic regression on five of them. Means over those that at least 6 flags have.

Gaps under .03 FVU, .05 AUROC or .05 of the pairs are noise.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.stats import rankdata
from sklearn.cluster import KMeans
from torch import Tensor

from flagsae.flags.dataset import Dataset, Flags, coded_areas, load_dataset
from flagsae.flags.prepare import near_duplicates
from flagsae.sae.crisp import likeness, weights
from flagsae.sae.pursuit import pursue
from flagsae.training.config import make_config
from flagsae.training.crisp import RECOLOURINGS, gram, one_hot, recolour

Floats: TypeAlias = NDArray[np.float64]
Positions: TypeAlias = NDArray[np.int64]

CRISP = make_config("crisp")
ATTRIBUTES = Path(__file__).parents[1] / "data" / "attributes.csv"
NO_ATTRIBUTES = ("slug", "colours", "main", "doubtful", "note")
DEAD_AFTER = 50  # passes over the data without firing
BAND = 0.1  # JumpReLU: activations so near to a threshold move it
COLUMNS = {  # key -> heading, how it is written
    "free": ("held-out FVU, free", "{:.2f}"),
    "fire": ("fire", "{:.1f}"),
    "at_k": ("at k", "{:.3f}"),
    "spread": ("±", "{:.3f}"),
    "pursuit": ("pursuit", "{:.3f}"),
    "train": ("train FVU", "{:.3f}"),
    "l0": ("k", "{:.1f}"),
    "dead": ("dead", "{:.0f}"),
    "rare": ("rare", "{:.0f}"),
    "dense": ("dense", "{:.0f}"),
    "twins": ("twins", "{:.0f}"),
    "stable": ("stable", "{:.2f}"),
    "null": ("null", "{:.2f}"),
    "one_flag": ("one flag", "{:.2f}"),
    "pixels": ("pixels", "{:.3f}"),
    "pixels_held": ("held-out", "{:.3f}"),
    "returns": ("returns", "{:.2f}"),
    "returns_held": ("held-out", "{:.2f}"),
    "best": ("best", "{:.2f}"),
    "probe": ("probe", "{:.2f}"),
    "seconds": ("s a model", "{:.1f}"),
}


# The flags, as each fold sees them.


@dataclass(frozen=True)
class Fold:
    """A fold's training flags, and all N flags in an orthonormal basis of their span (r directions).

    Z: N x r, the mean training flag is 0 and their mean squared norm 1; beyond: N, the squared norm of what lies
    outside of the span; empty: r, where a picture without any weight is; unmix: r x N turns a direction into a
    mixture of flags; scale: of coordinates, in units of the inputs.
    """

    train: Positions
    held_out: Positions
    Z: Floats
    beyond: Floats
    empty: Floats
    unmix: Floats
    scale: float

    def project(self, products: Floats) -> Floats:
        """Coordinates of any pictures from their inner products with the N flags: n x N to n x r."""
        return products @ self.unmix.T * self.scale**2 + self.empty

    def fvu(self, rebuilt: Floats, some: Positions) -> float:
        """rebuilt: N x r."""
        beyond = self.beyond[some].sum()
        error = ((self.Z[some] - rebuilt[some]) ** 2).sum() + beyond
        return float(error / ((self.Z[some] ** 2).sum() + beyond))


class Bench:
    """All that the rows share. Models are numbered fold by fold, and seed by seed within a fold."""

    def __init__(self, dataset: Dataset, folds: int, seeds: int, pairs: int) -> None:
        self.dataset, self.flags, self.seeds, self.pairs = dataset, dataset.flags, seeds, pairs
        everyone = range(len(self.flags))
        self.groups = np.array(everyone)
        for _, i, j in near_duplicates(self.flags.canvas):
            self.groups[self.groups == self.groups[j]] = self.groups[i]
        self.products = gram(self.flags, self.flags, CRISP.salience)
        order = np.random.default_rng(0).permutation(np.unique(self.groups))
        parts = [np.isin(self.groups, order[number::folds]) for number in range(folds)]
        self.folds = [self._fold(np.nonzero(~part)[0], np.nonzero(part)[0]) for part in parts]
        self.inputs = one_hot(self.flags, CRISP.salience, len(dataset.palette)).astype(np.float32)  # N x (C H W)
        self.sources = np.repeat(everyone, RECOLOURINGS)
        many = self.flags[self.sources]
        others = replace(many, labels=recolour(many.labels, len(dataset.palette), np.random.default_rng(0)))
        self.recoloured = gram(others, self.flags, CRISP.salience)  # products of the flags in other colours: M x N
        self.attributes = read_attributes(ATTRIBUTES, self.flags)

    def _fold(self, train: Positions, held_out: Positions) -> Fold:
        values, vectors = np.linalg.eigh(self.products[np.ix_(train, train)])
        kept = values > values.max() * 1e-10
        unmix = np.zeros((int(kept.sum()), len(self.flags)))
        unmix[:, train] = (vectors[:, kept] / np.sqrt(values[kept])).T
        Z = self.products @ unmix.T
        beyond = np.maximum(np.diag(self.products) - (Z**2).sum(1), 0)
        beyond[train] = 0
        mean = Z[train].mean(0)
        scale = float(((Z[train] - mean) ** 2).sum(1).mean() ** -0.5)
        return Fold(train, held_out, (Z - mean) * scale, beyond * scale**2, -mean * scale, unmix / scale, scale)

    @property
    def models(self) -> list[Fold]:
        return [fold for fold in self.folds for _ in range(self.seeds)]

    def draw(self, fold: Fold, points: Floats) -> NDArray[np.uint8]:
        """Label maps of points of the span: n x r to n x H x W."""
        mixture = points @ fold.unmix
        mixture[:, fold.train] += 1 / len(fold.train)
        scores = (mixture.astype(np.float32) @ self.inputs).reshape(len(points), -1, *self.dataset.size)
        return scores.argmax(1).astype(np.uint8)

    def see(self, fold: Fold, labels: NDArray[np.uint8]) -> Floats:
        """The coordinates of label maps: n x H x W to n x r."""
        weight = weights(np.stack([coded_areas(one) for one in labels]), CRISP.salience)
        known = weights(self.flags.areas, CRISP.salience)
        return fold.project(likeness(labels, weight, self.flags.labels, known).astype(np.float64))


def read_attributes(path: Path, flags: Flags) -> dict[str, NDArray[np.bool_]]:
    """Which flags have what, of all that 6 to N - 6 of them have; nothing where there is no table."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["slug"]: row for row in csv.DictReader(file)}
    lines = [rows.get(name.slug, {}) for name in flags.names]
    columns = {
        key: np.array([bool(line.get(key)) for line in lines])
        for key in next(iter(rows.values()))
        if key not in NO_ATTRIBUTES and not key.endswith("_maybe")
    }
    listed = [(line.get("colours") or "").split("|") for line in lines]
    columns |= {
        colour: np.array([colour in some for some in listed]) for colour in {one for some in listed for one in some}
    }
    return {key: has for key, has in sorted(columns.items()) if key and 6 <= has.sum() <= len(has) - 6}


# Dictionaries, and how they are learned.


@dataclass(frozen=True)
class Coder:
    """One model. encode: n x r to n x K; atoms: K x r, of norm 1 where they are learned; bias: r.

    scores: what attributes are read from, where that is not the code.
    """

    encode: Callable[[Floats], Floats]
    atoms: Floats | None = None
    bias: Floats | float = 0.0
    scores: Callable[[Floats], Floats] | None = None
    signed: bool = False


@dataclass(frozen=True)
class Recipe:
    """How a dictionary is learned.

    sums: "pixels" rebuilds means of two flags too, "codes" asks of their code to be the mean of both flags' codes;
    recoloured: as many flags in other colours beside the flags; noise: its length, as a share of the input's;
    prefixes: Matryoshka's, as shares.
    """

    name: str
    features: int = 64
    active: int = 8
    activation: str = "topk"  # topk, batchtopk, relu, jumprelu
    encoder: str = "free"  # free, tied, inverse
    atoms: str = "free"  # free, convex, non-negative
    prefixes: tuple[float, ...] = (1.0,)
    noise: float = 0.0
    sums: str = ""
    recoloured: bool = False
    ridge: float = 0.3
    steps: int = 800
    rate: float = 3e-3


class Batch:
    """All models of a recipe, trained at once: B models, K features, n flags a step, r directions."""

    def __init__(self, recipe: Recipe, bench: Bench) -> None:
        self.recipe, folds, K = recipe, bench.models, recipe.features
        B, most = len(folds), max(len(fold.train) for fold in folds)
        self.count = min(len(fold.train) for fold in folds)  # flags of a step: as many as the smallest fold has
        self.random = torch.Generator().manual_seed(0)
        self.Z = torch.zeros(B, most, max(fold.Z.shape[1] for fold in folds))  # (B, n, r), short folds end in zeros
        self.empty = torch.zeros(B, 1, self.Z.shape[2])
        self.there = torch.zeros(B, most)
        self.others = torch.zeros(B, self.count * RECOLOURINGS if recipe.recoloured else 0, self.Z.shape[2])
        for model, fold in enumerate(folds):
            n, r = len(fold.train), fold.Z.shape[1]
            self.Z[model, :n, :r] = torch.tensor(fold.Z[fold.train])
            self.empty[model, 0, :r] = torch.tensor(fold.empty)
            self.there[model, :n] = 1
            if recipe.recoloured:
                others = fold.project(bench.recoloured[np.isin(bench.sources, fold.train)])
                self.others[model, :, :r] = torch.tensor(np.random.default_rng(model).permutation(others))[
                    : self.others.shape[1]
                ]
        start = torch.bmm(torch.randn(B, K, most, generator=self.random), self.Z)
        start /= start.norm(dim=2, keepdim=True)
        self.p = {"b_enc": torch.zeros(B, 1, K), "b_dec": torch.zeros_like(self.empty)}
        if recipe.atoms == "free":
            self.p["W_dec"] = start
        else:  # a few flags an atom
            self.p["shares"] = torch.rand(B, K, most, generator=self.random) ** 30 * self.there[:, None]
        if recipe.encoder == "free":
            self.p["W_enc"] = self.atoms().clone()
        if recipe.activation == "jumprelu":
            self.p["threshold"] = torch.zeros(B, 1, K)
        for parameter in self.p.values():
            parameter.requires_grad_(True)
        self.optimiser = torch.optim.Adam(self.p.values(), lr=recipe.rate)
        self.penalty = torch.full((B,), 0.05)  # of relu and jumprelu, steered so that k features fire
        self.silent = torch.zeros(B, K)
        self.mix = torch.eye(K)

    def atoms(self) -> Tensor:
        """B x K x r."""
        if self.recipe.atoms == "free":
            return self.p["W_dec"]
        shares = self.p["shares"].relu() * self.there[:, None]
        mixed = torch.bmm(shares / shares.sum(2, keepdim=True).clamp(min=1e-6), self.Z)
        if self.recipe.atoms == "non-negative":
            mixed = mixed - self.empty
        return mixed / mixed.norm(dim=2, keepdim=True).clamp(min=1e-6)

    def encoder(self, W: Tensor) -> Tensor:
        """B x K x r."""
        if self.recipe.encoder == "inverse":
            ridge = self.recipe.ridge
            return torch.linalg.solve(W @ W.transpose(1, 2) + ridge * self.mix, W) * (1 + ridge)
        return W if self.recipe.encoder == "tied" else self.p["W_enc"]

    def bias(self) -> Tensor:
        return self.empty if self.recipe.atoms == "non-negative" else self.p["b_dec"]

    def threshold(self) -> Tensor:
        """JumpReLU's, B x 1 x K; the factor lets it move as fast as it must."""
        return 0.1 * (5 * self.p["threshold"]).exp()

    def choose(self, positive: Tensor) -> Tensor:
        """Which activations are kept: B x n x K."""
        k = self.recipe.active
        if self.recipe.activation == "topk":
            values, places = positive.topk(k, 2)
            return torch.zeros_like(positive).scatter(2, places, values)
        if self.recipe.activation == "batchtopk":
            least = positive.flatten(1).topk(k * positive.shape[1], 1).values[:, -1]
            return positive * (positive >= least[:, None, None])
        if self.recipe.activation == "jumprelu":
            threshold = self.threshold()
            return positive * (positive > threshold) - threshold.detach() * self.near(positive) * (
                threshold - threshold.detach()
            )
        return positive

    def near(self, positive: Tensor) -> Tensor:
        """The gradient that a threshold has instead of its step's (Rajamanoharan et al. 2024, arXiv:2407.14435)."""
        return ((positive > 0) & ((positive - self.threshold()).abs() < BAND / 2)).detach() / BAND

    def noise(self, n: int) -> Tensor:
        mixing = torch.randn(len(self.Z), n, self.Z.shape[1], generator=self.random) * self.there[:, None]
        return torch.bmm(mixing, self.Z) / self.there.sum(1)[:, None, None] ** 0.5

    def loss(self, done: float) -> Tensor:
        """Of one step, B. done: the share of the steps before it."""
        recipe, W = self.recipe, self.atoms()
        E = self.encoder(W).transpose(1, 2)
        order = torch.rand(self.there.shape, generator=self.random) + 2 * (1 - self.there)
        some = order.argsort(1)[:, : self.count]
        targets = self.Z[torch.arange(len(self.Z))[:, None], some]
        half = self.count // 2
        if recipe.sums:
            targets = torch.cat([targets, (targets[:, :half] + targets[:, half : 2 * half]) / 2], 1)
        if recipe.recoloured:
            chosen = torch.randint(self.others.shape[1], (len(self.Z), self.count), generator=self.random)
            targets = torch.cat([targets, self.others[torch.arange(len(self.Z))[:, None], chosen]], 1)
        inputs = targets + recipe.noise * self.noise(targets.shape[1]) if recipe.noise else targets
        positive = torch.relu((inputs - self.p["b_dec"]) @ E + self.p["b_enc"])
        loss = torch.zeros(len(W))
        if recipe.sums == "codes":
            positive, of_sums = positive[:, : self.count], positive[:, self.count :]
            targets = targets[:, : self.count]
            goal = self.choose(positive.detach())
            goal = (goal[:, :half] + goal[:, half : 2 * half]) / 2
            loss = loss + (of_sums - goal).square().sum(2).mean(1)
        codes = self.choose(positive)
        for share in recipe.prefixes:
            cut = int(share * recipe.features)
            left = targets - codes[:, :, :cut] @ W[:, :cut] - self.bias()
            loss = loss + left.square().sum(2).mean(1) / len(recipe.prefixes)
        if recipe.activation in ("relu", "jumprelu"):
            loss = loss + min(1, 20 * done) * self.penalty * self._sparsity(positive, codes)
            firing = (codes > 0).float().sum(2).mean(1)
            if done > 0.05:
                self.penalty *= torch.exp(0.02 * (firing / recipe.active - 1).clamp(-1, 1))
        self.silent = torch.where((codes > 0).any(1), 0, self.silent + 1)
        dead = self.silent > DEAD_AFTER
        if bool(dead.any()):  # AuxK, as in the trainer
            values, places = (positive * dead[:, None]).topk(min(32, recipe.features), 2)
            revived = torch.zeros_like(positive).scatter(2, places, values)
            loss = loss + CRISP.auxiliary * (left.detach() - revived @ W).square().sum(2).mean(1)
        return loss

    def _sparsity(self, positive: Tensor, codes: Tensor) -> Tensor:
        if self.recipe.activation == "relu":
            return codes.sum(2).mean(1)
        return -(self.near(positive) * self.threshold()).sum(2).mean(1)

    def step(self, number: int) -> None:
        done = (number + 1) / self.recipe.steps
        gradients = torch.autograd.grad(
            self.loss(number / self.recipe.steps).sum(),
            list(self.p.values()),
            allow_unused=True,
            materialize_grads=True,
        )
        with torch.no_grad():
            by_name = dict(zip(self.p, gradients, strict=True))
            if "W_dec" in self.p:
                by_name["W_dec"] -= (by_name["W_dec"] * self.p["W_dec"]).sum(2, keepdim=True) * self.p["W_dec"]
            length = sum((gradient.flatten(1).square().sum(1) for gradient in gradients), torch.zeros(len(self.Z)))
            for name, parameter in self.p.items():
                parameter.grad = by_name[name] / length.sqrt().clamp(min=1)[:, None, None]
            self.optimiser.param_groups[0]["lr"] = self.recipe.rate * min(1, done / 0.02, (1 - done) / 0.3 + 0.001)
            self.optimiser.step()
            if "W_dec" in self.p:
                self.p["W_dec"] /= self.p["W_dec"].norm(dim=2, keepdim=True)

    def coders(self, bench: Bench) -> list[Coder]:
        """The trained models, one by one."""
        with torch.no_grad():
            W = self.atoms()
            encoder, bias, b_enc, b_dec = self.encoder(W), self.bias(), self.p["b_enc"], self.p["b_dec"]
            threshold = self.threshold() if "threshold" in self.p else torch.zeros_like(b_enc)
            active = self.recipe.active if self.recipe.activation == "topk" else self.recipe.features
            coders = []
            for model, fold in enumerate(bench.models):
                r = fold.Z.shape[1]
                E, shift, floor = array(encoder[model, :, :r]), array(b_dec[model, 0, :r]), array(threshold[model, 0])
                b = array(b_enc[model, 0]) - E @ shift
                if self.recipe.activation == "batchtopk":  # what the whole training set keeps, as one threshold
                    positive = np.sort((fold.Z[fold.train] @ E.T + b).ravel())
                    floor = floor + max(0.0, positive[-self.recipe.active * len(fold.train)]) * (1 - 1e-5)
                encode = partial(activations, E, b, floor, active)
                coders.append(Coder(encode, array(W[model, :, :r]), array(bias[model, 0, :r])))
        return coders


def array(tensor: Tensor) -> Floats:
    return tensor.double().numpy()


def activations(encoder: Floats, bias: Floats, threshold: Floats, active: int, points: Floats) -> Floats:
    """Codes of n points: n x r to n x K."""
    codes = np.maximum(points @ encoder.T + bias, 0)
    return strongest(np.where(codes > threshold, codes, 0), active)


def strongest(codes: Floats, active: int) -> Floats:
    """Codes with all but the `active` strongest features of each flag put to zero: n x K."""
    if active >= codes.shape[1]:
        return codes
    size = np.abs(codes)
    return np.where(size >= np.partition(size, -active, axis=1)[:, -active, None], codes, 0)


def learned(recipe: Recipe, bench: Bench) -> list[Coder]:
    batch = Batch(recipe, bench)
    for number in range(recipe.steps):
        batch.step(number)
    return batch.coders(bench)


def pursuer(atoms: Floats, active: int) -> Coder:
    """A dictionary whose encoder is NN-OMP."""
    products = atoms @ atoms.T
    return Coder(lambda points: pursue(points @ atoms.T, products, active), atoms)


def alternated(recipe: Recipe, bench: Bench, rounds: int = 30) -> list[Coder]:
    """NN-OMP and least squares in turn: the method of optimal directions (Engan et al. 1999)."""
    coders = []
    for model, fold in enumerate(bench.models):
        random, points = np.random.default_rng(model), fold.Z[fold.train]
        atoms = unit(random.normal(size=(recipe.features, len(points))) @ points)
        for number in range(rounds):
            codes = pursuer(atoms, recipe.active).encode(points)
            error = ((points - codes @ atoms) ** 2).sum(1)
            ridge = 1e-3 * (codes**2).sum() / recipe.features
            atoms = np.linalg.solve(codes.T @ codes + ridge * np.eye(recipe.features), codes.T @ points + ridge * atoms)
            unused = np.nonzero(~(codes > 0).any(0))[0][: len(points)]
            if number < rounds - 5:  # what is explained worst becomes an atom
                atoms[unused] = points[np.argsort(-error)[: len(unused)]]
            atoms = unit(atoms)
        coders.append(pursuer(atoms, recipe.active))
    return coders


def unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


# Baselines, which learn little or nothing.


def random_flags(recipe: Recipe, bench: Bench) -> list[Coder]:
    return [pursuer(atoms, recipe.active) for atoms in null_atoms(recipe, bench)]


def null_atoms(recipe: Recipe, bench: Bench) -> list[Floats]:
    """Training flags at random as atoms, for each model."""
    return [
        unit(fold.Z[np.random.default_rng(model).permutation(fold.train)[: recipe.features]])
        for model, fold in enumerate(bench.models)
    ]


def random_projection(recipe: Recipe, bench: Bench) -> list[Coder]:
    directions = [
        np.random.default_rng(model).normal(size=(recipe.features, fold.Z.shape[1])) / recipe.features**0.5
        for model, fold in enumerate(bench.models)
    ]
    return [Coder(partial(linear, chosen), signed=True) for chosen in directions]


def linear(directions: Floats, points: Floats) -> Floats:
    return points @ directions.T


def principal(recipe: Recipe, bench: Bench) -> list[Coder]:
    """PCA, of which each flag keeps its k largest coordinates; attributes see all of them."""
    coders = []
    for fold in bench.models:
        directions = np.linalg.svd(fold.Z[fold.train], full_matrices=False)[2][: recipe.features]
        score = partial(linear, directions)

        def encode(points: Floats, score: Callable[[Floats], Floats] = score) -> Floats:
            return strongest(score(points), recipe.active)

        coders.append(Coder(encode, directions, 0.0, score, True))
    return coders


def centroids(recipe: Recipe, bench: Bench) -> list[Coder]:
    """k-means: one centre a flag; attributes see the nearness to each."""
    coders = []
    for model, fold in enumerate(bench.models):
        centres = KMeans(recipe.features, n_init=1, random_state=model).fit(fold.Z[fold.train]).cluster_centers_

        def nearness(points: Floats, centres: Floats = centres) -> Floats:
            return -((points[:, None] - centres) ** 2).sum(2)

        def encode(points: Floats, near: Callable[[Floats], Floats] = nearness) -> Floats:
            return np.eye(recipe.features)[near(points).argmax(1)]

        coders.append(Coder(encode, centres, 0.0, nearness))
    return coders


def histogram(recipe: Recipe, bench: Bench) -> list[Coder]:
    """The share of each palette colour. It is no function of the span: flags are looked up by their place in it."""
    labels = bench.flags.labels.reshape(len(bench.flags), -1)
    shares = np.stack([np.bincount(one, minlength=len(bench.dataset.palette)) / one.size for one in labels])
    return [Coder(lambda points: shares) for _ in bench.models]


# Figures.


def judge(recipe: Recipe, coders: Sequence[Coder], bench: Bench) -> dict[str, float]:
    """The figures of a row, means over its models."""
    rows: list[dict[str, float]] = []
    alive: list[Floats] = []
    for model, (coder, fold) in enumerate(zip(coders, bench.models, strict=True)):
        codes = coder.encode(fold.Z)
        row = align(codes if coder.scores is None else coder.scores(fold.Z), fold, bench, coder.signed)
        if coder.atoms is not None:
            row |= rebuild(coder, codes, fold, recipe.active) | usage(codes[fold.train], coder.atoms)
            row |= draw_again(coder, codes, fold, bench, np.random.default_rng([model, 1]))
            alive.append(unit(coder.atoms[(codes[fold.train] != 0).any(0)]))
            row["one_flag"] = float((alive[-1] @ unit(fold.Z[fold.train]).T).max(1).mean())
        rows.append(row)
    figures = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    if alive:
        by_seed = np.reshape([row["at_k"] for row in rows], (len(bench.folds), -1)).mean(0)
        figures["spread"] = float(by_seed.std())
        figures["stable"] = stability(alive, bench.seeds)
        figures["null"] = stability(null_atoms(recipe, bench), bench.seeds)
    return figures


def rebuild(coder: Coder, codes: Floats, fold: Fold, active: int) -> dict[str, float]:
    assert coder.atoms is not None
    atoms, capped = coder.atoms, strongest(codes, active)
    pursued = pursue((fold.Z - coder.bias) @ atoms.T, atoms @ atoms.T, active)
    return {
        "free": fold.fvu(codes @ atoms + coder.bias, fold.held_out),
        "fire": float((codes[fold.held_out] != 0).sum(1).mean()),
        "at_k": fold.fvu(capped @ atoms + coder.bias, fold.held_out),
        "pursuit": fold.fvu(pursued @ atoms + coder.bias, fold.held_out),
        "train": fold.fvu(codes @ atoms + coder.bias, fold.train),
    }


def usage(codes: Floats, atoms: Floats) -> dict[str, float]:
    """codes: of training flags."""
    fires = (codes != 0).sum(0)
    cosines = unit(atoms) @ unit(atoms).T - np.eye(len(atoms))
    return {
        "l0": float((codes != 0).sum(1).mean()),
        "dead": int((fires == 0).sum()),
        "rare": int((fires == 1).sum()),
        "dense": int((fires > len(codes) / 2).sum()),
        "twins": int((cosines.max(1) > 0.9).sum()),
    }


def draw_again(coder: Coder, codes: Floats, fold: Fold, bench: Bench, random: np.random.Generator) -> dict[str, float]:
    """Flags drawn from their codes, and sums of two codes drawn and encoded again."""
    assert coder.atoms is not None
    figures = {}
    for ending, pool in (("", fold.train), ("_held", fold.held_out)):
        some = random.permutation(pool)[: bench.pairs]
        drawn = bench.draw(fold, codes[some] @ coder.atoms + coder.bias)
        figures["pixels" + ending] = float((drawn == bench.flags.labels[some]).mean())
        pairs = random.choice(pool, (4 * bench.pairs, 2))
        pairs = pairs[bench.groups[pairs[:, 0]] != bench.groups[pairs[:, 1]]][: bench.pairs]
        sums = bench.draw(fold, codes[pairs].sum(1) @ coder.atoms + coder.bias)
        cosines = unit(coder.encode(bench.see(fold, sums))) @ unit(codes).T
        found = [nearest_two(row, bench.groups) for row in cosines]
        parents = [set(bench.groups[pair].tolist()) for pair in pairs]
        figures["returns" + ending] = float(np.mean([a == b for a, b in zip(found, parents, strict=True)]))
    return figures


def nearest_two(cosines: Floats, groups: NDArray[np.intp]) -> set[int]:
    return set(list(dict.fromkeys(groups[np.argsort(-cosines, kind="stable")].tolist()))[:2])


def stability(atoms: Sequence[Floats], seeds: int) -> float:
    """Mean cosine of atoms of two seeds of a fold, matched one to one. atoms: of each model, K x r, norm 1."""
    matched = []
    for first in range(0, len(atoms), seeds):
        some = atoms[first : first + seeds]
        for j in range(len(some)):
            for i in range(j):
                cosines = some[i] @ some[j].T
                matched.append(float(cosines[linear_sum_assignment(-cosines)].mean()))
    return float(np.mean(matched)) if matched else float("nan")


def align(scores: Floats, fold: Fold, bench: Bench, signed: bool) -> dict[str, float]:
    """scores: N x K. Features are chosen, and probes fitted, on training flags, and scored on held-out ones."""
    best, probed = [], []
    ranks = {part: rankdata(scores[getattr(fold, part)], axis=0) for part in ("train", "held_out")}
    for has in bench.attributes.values():
        seen, held = has[fold.train], has[fold.held_out]
        if seen.sum() < 3 or not 0 < held.sum() < len(held):
            continue
        areas = auroc(ranks["train"], seen)
        feature = int(np.abs(areas - 0.5).argmax() if signed else areas.argmax())
        area = float(auroc(ranks["held_out"][:, [feature]], held)[0])
        best.append(area if areas[feature] >= 0.5 else 1 - area)
        some = scores[fold.train]
        deviation = some.std(0) + 1e-3 * some.std() + 1e-12
        five = np.argsort(-np.abs(some[seen].mean(0) - some[~seen].mean(0)) / deviation)[:5]
        seen_by = ((scores - some.mean(0)) / deviation)[:, five]
        logits = seen_by[fold.held_out] @ logistic(seen_by[fold.train], seen)
        probed.append(float(auroc(rankdata(logits)[:, None], held)[0]))
    return {"best": float(np.mean(best)), "probe": float(np.mean(probed))} if best else {}


def auroc(ranks: Floats, has: NDArray[np.bool_]) -> Floats:
    """Of each of K scores, from their ranks: n x K to K."""
    count = int(has.sum())
    return (ranks[has].sum(0) - count * (count + 1) / 2) / (count * (len(has) - count))


def logistic(x: Floats, has: NDArray[np.bool_], steps: int = 12) -> Floats:
    """Weights of a logistic regression with a ridge of 1, by Newton's method; the constant is left out. x: n x k."""
    wide = np.column_stack([np.ones(len(x)), x])
    ridge = np.diag([1e-3, *[1.0] * x.shape[1]])
    weight = np.zeros(wide.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(wide @ weight, -30, 30)))
        hessian = (wide * (p * (1 - p))[:, None]).T @ wide + ridge
        weight -= np.linalg.solve(hessian, wide.T @ (p - has) + ridge @ weight)
    return weight[1:]


# The table.

TOPK = Recipe("TopK")
BASELINES: dict[str, Callable[[Recipe, Bench], list[Coder]]] = {
    "colour histogram": histogram,
    "random projection": random_projection,
    "PCA": principal,
    "k-means": centroids,
    "random flags, NN-OMP": random_flags,
    "pursuit-trained (NN-OMP, MOD)": alternated,
}
LEARNED = [
    TOPK,
    Recipe("BatchTopK", activation="batchtopk"),
    Recipe("ReLU, L1", activation="relu"),
    Recipe("JumpReLU, L0", activation="jumprelu"),
    Recipe("Matryoshka, BatchTopK", activation="batchtopk", prefixes=(0.125, 0.25, 0.5, 1.0)),
    Recipe("archetypal, TopK", atoms="convex", rate=1e-2),
    Recipe("non-negative atoms, TopK", atoms="non-negative", rate=1e-2),
    Recipe("TopK, noise .3", noise=0.3),
    Recipe("TopK, noise 1", noise=1.0),
    Recipe("TopK, tied", encoder="tied"),
    Recipe("TopK, inverse", encoder="inverse"),
    Recipe("TopK, sums", sums="pixels"),
    Recipe("TopK, sums to codes", sums="codes"),
    Recipe("ReLU, sums", activation="relu", sums="pixels"),
    Recipe("TopK, tied, sums", encoder="tied", sums="pixels"),
    Recipe("TopK, inverse, sums", encoder="inverse", sums="pixels"),
    Recipe("BatchTopK, inverse, sums", activation="batchtopk", encoder="inverse", sums="pixels"),
    Recipe("BatchTopK, inverse, sums, noise .2", activation="batchtopk", encoder="inverse", sums="pixels", noise=0.2),
    Recipe("TopK, recoloured", recoloured=True),
    Recipe("ReLU, sums, recoloured", activation="relu", sums="pixels", recoloured=True),
    Recipe("TopK, inverse, recoloured", encoder="inverse", recoloured=True),
    Recipe("TopK, inverse, sums, recoloured", encoder="inverse", sums="pixels", recoloured=True),
    Recipe("BatchTopK, inverse, sums, recoloured", 64, 8, "batchtopk", "inverse", sums="pixels", recoloured=True),
]
PROMISING = ("TopK", "TopK, inverse, recoloured")


def rows(quick: bool) -> list[Recipe]:
    """Every line of the table: all at K = 64 and 128 with 8 active, the promising ones on more of the grid."""
    if quick:
        return [replace(recipe, steps=200) for recipe in (*map(Recipe, BASELINES), TOPK, *LEARNED[-3:])]
    lines = [replace(recipe, features=K) for K in (64, 128) for recipe in (*map(Recipe, BASELINES), *LEARNED)]
    for recipe in LEARNED:
        if recipe.name in PROMISING:
            lines += [replace(recipe, features=128, active=k) for k in (4, 16)]
            lines.append(replace(recipe, features=256))
    return lines


def print_row(recipe: Recipe, figures: dict[str, float]) -> None:
    cells = (form.format(figures[key]) if key in figures else "–" for key, (_, form) in COLUMNS.items())
    print("|", " | ".join([recipe.name, str(recipe.features), str(recipe.active), *cells]), "|", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two seeds, short training, a few rows at K = 64")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=20, help="and flags, that each model draws")
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose name holds this text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of all rows")
    options = parser.parse_args()
    torch.set_num_threads(1)
    bench = Bench(load_dataset(), options.folds, 2 if options.quick else options.seeds, options.pairs)
    least = np.mean([fold.fvu(fold.Z, fold.held_out) for fold in bench.folds])
    print(
        f"{options.folds} folds, {bench.seeds} seeds. Beyond the training flags' span: {least:.3f} of held-out flags.\n"
    )
    print("|", " | ".join(["dictionary", "K", "L0", *(heading for heading, _ in COLUMNS.values())]), "|")
    print("|", " | ".join(["---", *["---:"] * (len(COLUMNS) + 2)]), "|", flush=True)
    out: list[dict[str, Any]] = []
    for recipe in rows(options.quick):
        if options.only not in recipe.name:
            continue
        start = time.perf_counter()
        coders = BASELINES.get(recipe.name, learned)(recipe, bench)
        seconds = (time.perf_counter() - start) / len(bench.models)
        figures = judge(recipe, coders, bench) | {"seconds": seconds}
        print_row(recipe, figures)
        out.append({**asdict(recipe), **figures})
    if options.json:
        options.json.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
