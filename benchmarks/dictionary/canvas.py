"""The table of dictionaries of canvases: the canvas half of an encoding, in the span of the training flags.

Each row is learned in span coordinates (see `flagsae/training/crisp.py`). Held-out flags are never learned from, and
what of them lies outside of the training flags' span counts as error: the least FVU that is possible heads the table.

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

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dictionary.folds import Bench, Floats, Fold, Positions, unit
from dictionary.measures import ATTRIBUTES, align, read_attributes, spread, stability
from dictionary.plain import alternated, centroids, null_atoms, principal, random_flags, random_projection
from dictionary.recipe import Coder, Recipe, strongest
from dictionary.training import learned
from flagsae.flags.dataset import Dataset, coded_areas
from flagsae.sae.crisp import likeness, weights
from flagsae.sae.pursuit import pursue
from flagsae.training.config import make_config
from flagsae.training.crisp import RECOLOURINGS, gram, one_hot, recolour

CRISP = make_config("crisp")
FOLDS, PAIRS = 3, 20  # pairs and flags that each model draws

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
class SpanFold(Fold):
    """All N flags in an orthonormal basis of the training flags' span (r directions).

    Z: N x r, the mean training flag is 0 and their mean squared norm 1; empty: where a picture without any weight is.
    """

    beyond: Floats
    """N, the squared norm of what lies outside of the span."""
    unmix: Floats
    """r x N, turns a direction into a mixture of flags."""
    scale: float
    """Of coordinates, in units of the inputs."""
    recoloured: Floats
    """m x N, products of the training flags in other colours with the flags."""

    def project(self, products: Floats) -> Floats:
        """Coordinates of any pictures from their inner products with the N flags: n x N to n x r."""
        return products @ self.unmix.T * self.scale**2 + self.empty

    def further(self, kind: str, model: int) -> Floats:
        """The training flags in other colours."""
        return np.random.default_rng(model).permutation(self.project(self.recoloured))

    def fvu(self, rebuilt: Floats, some: Positions) -> float:
        """rebuilt: N x r."""
        beyond = self.beyond[some].sum()
        error = ((self.Z[some] - rebuilt[some]) ** 2).sum() + beyond
        return float(error / ((self.Z[some] ** 2).sum() + beyond))


class Canvases(Bench):
    """The bundled flags' canvases."""

    folds: Sequence[SpanFold]

    def __init__(self, dataset: Dataset, folds: int = FOLDS, seeds: int = 5, pairs: int = PAIRS) -> None:
        super().__init__(dataset.flags, seeds)
        self.dataset, self.pairs = dataset, pairs
        self.products = gram(self.flags, self.flags, CRISP.salience)
        self.sources = np.repeat(range(len(self.flags)), RECOLOURINGS)
        many = self.flags[self.sources]
        others = replace(many, labels=recolour(many.labels, len(dataset.palette), np.random.default_rng(0)))
        self.recoloured = gram(others, self.flags, CRISP.salience)
        self.folds = [self._fold(train, held_out) for train, held_out in self.parts(folds)]
        self.inputs = one_hot(self.flags, CRISP.salience, len(dataset.palette)).astype(np.float32)  # N x (C H W)
        self.attributes = read_attributes(ATTRIBUTES, self.flags)

    @property
    def models(self) -> Sequence[SpanFold]:
        return [fold for fold in self.folds for _ in range(self.seeds)]

    def _fold(self, train: Positions, held_out: Positions) -> SpanFold:
        values, vectors = np.linalg.eigh(self.products[np.ix_(train, train)])
        kept = values > values.max() * 1e-10
        unmix = np.zeros((int(kept.sum()), len(self.flags)))
        unmix[:, train] = (vectors[:, kept] / np.sqrt(values[kept])).T
        Z = self.products @ unmix.T
        beyond = np.maximum(np.diag(self.products) - (Z**2).sum(1), 0)
        beyond[train] = 0
        mean = Z[train].mean(0)
        scale = float(((Z[train] - mean) ** 2).sum(1).mean() ** -0.5)
        recoloured = self.recoloured[np.isin(self.sources, train)]
        return SpanFold(
            train, held_out, (Z - mean) * scale, -mean * scale, beyond * scale**2, unmix / scale, scale, recoloured
        )

    def heading(self) -> str:
        least = np.mean([fold.fvu(fold.Z, fold.held_out) for fold in self.folds])
        return f"Beyond the training flags' span: {least:.3f} of held-out flags."

    def draw(self, fold: SpanFold, points: Floats) -> NDArray[np.uint8]:
        """Label maps of points of the span: n x r to n x H x W."""
        mixture = points @ fold.unmix
        mixture[:, fold.train] += 1 / len(fold.train)
        scores = (mixture.astype(np.float32) @ self.inputs).reshape(len(points), -1, *self.dataset.size)
        return scores.argmax(1).astype(np.uint8)

    def see(self, fold: SpanFold, labels: NDArray[np.uint8]) -> Floats:
        """The coordinates of label maps: n x H x W to n x r."""
        weight = weights(np.stack([coded_areas(one) for one in labels]), CRISP.salience)
        known = weights(self.flags.areas, CRISP.salience)
        return fold.project(likeness(labels, weight, self.flags.labels, known).astype(np.float64))


def histogram(recipe: Recipe, bench: Canvases) -> list[Coder]:
    """The share of each palette colour. It is no function of the span: flags are looked up by their place in it."""
    labels = bench.flags.labels.reshape(len(bench.flags), -1)
    shares = np.stack([np.bincount(one, minlength=len(bench.dataset.palette)) / one.size for one in labels])
    return [Coder(lambda points: shares) for _ in bench.models]


def learn(recipe: Recipe, bench: Canvases) -> list[Coder]:
    return BASELINES.get(recipe.name, learned)(recipe, bench)


# Figures.


def judge(recipe: Recipe, coders: Sequence[Coder], bench: Canvases) -> dict[str, float]:
    """The figures of a row, means over its models."""
    rows: list[dict[str, float]] = []
    alive: list[Floats] = []
    for model, (coder, fold) in enumerate(zip(coders, bench.models, strict=True)):
        codes = coder.encode(fold.Z)
        row = align(codes if coder.scores is None else coder.scores(fold.Z), fold, bench.attributes, coder.signed)
        if coder.atoms is not None:
            row |= rebuild(coder, codes, fold, recipe.active) | usage(codes[fold.train], coder.atoms)
            row |= draw_again(coder, codes, fold, bench, np.random.default_rng([model, 1]))
            alive.append(unit(coder.atoms[(codes[fold.train] != 0).any(0)]))
            row["one_flag"] = float((alive[-1] @ unit(fold.Z[fold.train]).T).max(1).mean())
        rows.append(row)
    figures = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    if alive:
        figures["spread"] = spread([row["at_k"] for row in rows], bench.seeds)
        figures["stable"] = stability(alive, bench.seeds)
        figures["null"] = stability(null_atoms(recipe, bench), bench.seeds)
    return figures


def rebuild(coder: Coder, codes: Floats, fold: SpanFold, active: int) -> dict[str, float]:
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


def draw_again(
    coder: Coder, codes: Floats, fold: SpanFold, bench: Canvases, random: np.random.Generator
) -> dict[str, float]:
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


# The rows.

TOPK = Recipe("TopK")
BASELINES: dict[str, Callable[[Recipe, Canvases], list[Coder]]] = {
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
    Recipe("TopK, recoloured", further="recoloured"),
    Recipe("ReLU, sums, recoloured", activation="relu", sums="pixels", further="recoloured"),
    Recipe("TopK, inverse, recoloured", encoder="inverse", further="recoloured"),
    Recipe("TopK, inverse, sums, recoloured", encoder="inverse", sums="pixels", further="recoloured"),
    Recipe("BatchTopK, inverse, sums, recoloured", 64, 8, "batchtopk", "inverse", sums="pixels", further="recoloured"),
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
