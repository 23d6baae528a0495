"""The table of dictionaries of designs: of design features, whose numbers have names.

Inputs are those of the `design` preset: the features of each flag's design that at least three flags have, weighted by
how rare they are, rows of length 1. Nothing is taken from them, and atoms have no negative numbers where a row does not
say otherwise. Five folds. FVU is the error over the variance about the mean training flag; columns are means over all
models:

- held-out FVU: of the dictionary's own encoder; ±: its standard deviation over seeds; pursuit: of the codes that NN-OMP
  finds over the same atoms, with as many features. What lies between is the encoder's fault. train: of training flags.
- fire: how many features fire for a held-out flag.
- dead, few: features that fire for no training flag, and for fewer than three. split: pairs of features that are
  nearly one: atoms of a cosine over .9, or over .8 of the training flags that either fires for are both's.
- coarse: the design features ("Nordic cross", "red field") that 10 training flags or more have and at most half of
  them, for which one feature of the dictionary stands: its firing has an F1 of .7 or more. absorbed: of the flags that
  have one, the share for which that feature is silent because another took its place, one that rebuilds at least a
  quarter of it there ("Scandinavian blue" where "Nordic cross" ought to fire). Absorption says little where few
  features stand for anything.
- named: features with a name, one or two design features that at least .9 of its activation on training flags has, and
  that is twice as likely there as anywhere. held out: of these, how many have a name that at least .9 of the activation
  on held-out flags has too; a feature that fires for none of these fifty counts as wrong. true: the share of all
  held-out activation of named features that has the name.
- best, probe: AUROC of the attributes of `data/attributes.csv` on held-out flags: of the one feature that is best on
  training flags, and of a logistic regression on five of them. Means over those that at least 6 flags have.
- stable: the atoms of two seeds, matched one to one, have this mean cosine; null is what training flags at random have.
- s a model: seconds to learn one, in the batch of all.

Rows with "recoloured", "sub-national" or "given" rebuild in each step, beside its flags, as many other designs: of
training flags with other colours, which are drawn as often as flags have them; those that are shipped; those of the
pictures in a folder (`--with`). Designs that a held-out flag resembles are left out (cosine over .9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dictionary.folds import Bench, Floats, Fold, Positions, unit
from dictionary.measures import ATTRIBUTES, align, read_attributes, spread, stability
from dictionary.names import absorption, naming, usage
from dictionary.plain import alternated, clustered, factorised, null_atoms, principal, random_flags
from dictionary.recipe import Coder, Recipe
from dictionary.training import learned
from flagsae.design.edits.colours import recoloured
from flagsae.design.features import Features, Table, features_of
from flagsae.design.kept import design_at, design_of
from flagsae.design.vectors import subnational, vectors
from flagsae.flags.dataset import Dataset
from flagsae.sae.pursuit import pursue
from flagsae.training.config import make_config
from flagsae.training.design import SHARED

FOLDS = 5
RECOLOURINGS = 2  # versions of each flag in other colours
LEAKED = 0.9  # cosine of another design with a held-out flag, over which it is left out
COLUMNS = {  # key -> heading, how it is written
    "held": ("held-out FVU", "{:.3f}"),
    "spread": ("±", "{:.3f}"),
    "pursuit": ("pursuit", "{:.3f}"),
    "train": ("train", "{:.3f}"),
    "l0": ("fire", "{:.1f}"),
    "dead": ("dead", "{:.1f}"),
    "few": ("few", "{:.1f}"),
    "split": ("split", "{:.1f}"),
    "facts": ("coarse", "{:.0f}"),
    "absorbed": ("absorbed", "{:.3f}"),
    "named": ("named", "{:.0f}"),
    "confirmed": ("held out", "{:.0f}"),
    "true": ("true", "{:.2f}"),
    "best": ("best", "{:.2f}"),
    "probe": ("probe", "{:.2f}"),
    "stable": ("stable", "{:.2f}"),
    "null": ("null", "{:.2f}"),
    "seconds": ("s a model", "{:.1f}"),
}


# The flags, as each fold sees them.


@dataclass(frozen=True)
class DesignFold(Fold):
    """All N flags as rows of F numbers, of length 1."""

    others: dict[str, Floats]
    """Of each kind, the other designs: M x F."""

    def further(self, kind: str, model: int) -> Floats:
        return np.random.default_rng(model).permutation(self.others[kind])

    def fvu(self, rebuilt: Floats, some: Positions) -> float:
        """rebuilt: N x F."""
        variance = ((self.Z[some] - self.Z[self.train].mean(0)) ** 2).sum()
        return float(((self.Z[some] - rebuilt[some]) ** 2).sum() / variance)


class Designs(Bench):
    """The bundled flags' designs."""

    folds: Sequence[DesignFold]

    def __init__(self, dataset: Dataset, folds: int = FOLDS, seeds: int = 5, more: Path | None = None) -> None:
        super().__init__(dataset.flags, seeds)
        told = vectors(dataset)
        self.table = Table.of(told, SHARED)
        self.rows = self.matrix(told)
        self.has = self.rows > 0
        self.others = {"recoloured": self.matrix(other_colours(dataset)), "subnational": self.matrix(subnational())}
        if more is not None:
            self.others["given"] = self.matrix(given_designs(dataset, more))
        self.attributes = read_attributes(ATTRIBUTES, self.flags)
        self.sides = self.parts(folds)
        self.folds = self.weighted(1.0).folds

    def matrix(self, told: Sequence[Features]) -> Floats:
        return self.table.matrix(told).astype(np.float64)

    def heading(self) -> str:
        return f"{self.rows.shape[1]} design features, of which a flag has {np.median(self.has.sum(1)):.0f} (median)."

    @property
    def models(self) -> Sequence[DesignFold]:
        return [fold for fold in self.folds for _ in range(self.seeds)]

    def weighted(self, power: float) -> Designs:
        """The same with inputs weighted by a power of their rarity."""
        weight = self.table.rarity**power
        Z = unit(self.rows * weight)
        others = {kind: unit(rows * weight) for kind, rows in self.others.items()}
        bench = copy(self)
        bench.folds = [self._fold(train, held_out, Z, others) for train, held_out in self.sides]
        return bench

    def _fold(self, train: Positions, held_out: Positions, Z: Floats, others: dict[str, Floats]) -> DesignFold:
        of_training = np.isin(np.repeat(range(len(Z)), RECOLOURINGS), train)
        ours = others | {"recoloured": others["recoloured"][of_training]}
        kept = {kind: rows[(rows @ Z[held_out].T).max(1, initial=0) <= LEAKED] for kind, rows in ours.items()}
        return DesignFold(train, held_out, Z, np.zeros(Z.shape[1]), kept)


def other_colours(dataset: Dataset) -> list[Features]:
    """The features of each flag's design in other colours, one version after another: `RECOLOURINGS` a flag."""
    random = np.random.default_rng(0)
    designs = [design_at(dataset, flag) for flag in range(len(dataset.flags))]
    counts = Counter(colour for design in designs if design for colour in design.colours())
    names, shares = list(counts), np.array(list(counts.values())) / counts.total()
    told: list[Features] = []
    for design in designs:
        for _ in range(RECOLOURINGS):
            own = list(design.colours()) if design else []
            new = random.choice(names, len(own), replace=False, p=shares).tolist()
            told.append(features_of(recoloured(design, dict(zip(own, new, strict=True)))) if design else {})
    return told


def given_designs(dataset: Dataset, folder: Path) -> list[Features]:
    """The features of the pictures in a folder that have a design: a third of a second each."""
    flags = (dataset.find([str(path)]) for path in sorted(folder.iterdir()) if path.suffix == ".png")
    designs = (design_of(flag, dataset.palette, dataset.flags.fine) for flag in flags)
    return [features_of(design) for design in designs if design is not None]


# Figures.


def learn(recipe: Recipe, bench: Designs) -> list[Coder]:
    return METHODS.get(recipe.name, learned)(recipe, bench.weighted(recipe.power))


def judge(recipe: Recipe, coders: Sequence[Coder], bench: Designs) -> dict[str, float]:
    """The figures of a row, means over its models."""
    bench = bench.weighted(recipe.power)
    rows: list[dict[str, float]] = []
    alive: list[Floats] = []
    for coder, fold in zip(coders, bench.models, strict=True):
        assert coder.atoms is not None
        codes = coder.encode(fold.Z)
        row = align(codes if coder.scores is None else coder.scores(fold.Z), fold, bench.attributes, coder.signed)
        row |= rebuild(coder, codes, fold, recipe.active) | usage(codes[fold.train], coder.atoms)
        if not coder.signed:
            row |= absorption(codes, coder.atoms, fold, bench.has) | naming(codes, fold, bench.has)
        rows.append(row)
        alive.append(unit(coder.atoms[(codes[fold.train] != 0).any(0)]))
    known = {key: [row[key] for row in rows if not np.isnan(row[key])] for key in rows[0]}
    figures = {key: float(np.mean(values)) for key, values in known.items() if values}
    figures["spread"] = spread(known["held"], bench.seeds)
    figures["stable"] = stability(alive, bench.seeds)
    figures["null"] = stability(null_atoms(recipe, bench), bench.seeds)
    return figures


def rebuild(coder: Coder, codes: Floats, fold: DesignFold, active: int) -> dict[str, float]:
    """codes: N x K."""
    assert coder.atoms is not None
    atoms = coder.atoms
    rebuilt = codes @ atoms + coder.bias
    pursued = pursue((fold.Z - coder.bias) @ atoms.T, atoms @ atoms.T, active)
    return {
        "held": fold.fvu(rebuilt, fold.held_out),
        "pursuit": fold.fvu(pursued @ atoms + coder.bias, fold.held_out),
        "train": fold.fvu(rebuilt, fold.train),
        "l0": float((codes[fold.held_out] != 0).sum(1).mean()),
    }


# The rows. Each was given the steps and the rate at which its held-out error was least.

PRESET = make_config("design")
INVERSE = Recipe(
    "TopK, inverse",
    atoms="positive",
    encoder="inverse",
    ridge=PRESET.ridge,
    start="flags",
    biased=False,
    steps=200,
    rate=2e-2,
)
FREE = replace(INVERSE, name="TopK, free", encoder="free", steps=400, rate=5e-3)
BEST = replace(INVERSE, name="TopK, inverse, recoloured", further="recoloured")
NESTED = (0.125, 0.25, 0.5, 1.0)
METHODS: dict[str, Callable[[Recipe, Bench], list[Coder]]] = {
    "PCA, signed": principal,
    "k-means, spherical": clustered,
    "NMF": factorised,
    "random flags, NN-OMP": random_flags,
    "NN-OMP, least squares": alternated,
}
KINDS = [
    *(replace(INVERSE, name=name) for name in METHODS),
    replace(FREE, name="random atoms, free encoder", atoms="shuffled"),
    replace(FREE, name="random flags, free encoder", atoms="flags"),
    replace(FREE, name="random encoder, TopK", encoder="random"),
    FREE,
    replace(FREE, name="BatchTopK, free", activation="batchtopk"),
    replace(FREE, name="JumpReLU, free", activation="jumprelu"),
    replace(FREE, name="Matryoshka, free", activation="batchtopk", prefixes=NESTED),
    replace(INVERSE, name="TopK, tied", encoder="tied"),
    INVERSE,
    replace(INVERSE, name="BatchTopK, inverse", activation="batchtopk"),
    replace(INVERSE, name="JumpReLU, inverse", activation="jumprelu"),
    replace(INVERSE, name="Matryoshka, inverse", activation="batchtopk", prefixes=NESTED),
    replace(INVERSE, name="archetypal, inverse", atoms="convex", steps=400),
]
VARIANTS = [
    replace(INVERSE, name="TopK, inverse, ridge .1", ridge=0.1),
    replace(INVERSE, name="TopK, inverse, ridge .3", ridge=0.3),
    replace(INVERSE, name="TopK, inverse, ridge 3", ridge=3.0),
    replace(INVERSE, name="TopK, inverse, signed atoms", atoms="free"),
    replace(INVERSE, name="TopK, inverse, cut .08", cut=0.08),
    replace(INVERSE, name="TopK, inverse, cut .12", cut=0.12),
    replace(INVERSE, name="TopK, inverse, inputs dropped .2", dropped=0.2),
    replace(INVERSE, name="TopK, inverse, no rarity", power=0.0),
    replace(INVERSE, name="TopK, inverse, root of rarity", power=0.5),
    BEST,
    replace(BEST, name="TopK, inverse, recoloured, ridge .3", ridge=0.3),
    replace(BEST, name="TopK, inverse, sub-national", further="subnational"),
    replace(BEST, name="as the preset, sub-national", further="subnational", features=PRESET.features),
]
SIZES = ((32, 8), (96, 8), (128, 8), (192, 8), (64, 4), (64, 16), (128, 4), (128, 16))  # K, L0


def rows(quick: bool, more: bool = False) -> list[Recipe]:
    """Every line of the table: all at K = 64 with 8 active, the main ones at other sizes. more: designs are given."""
    if quick:
        return [replace(recipe, steps=100) for recipe in (*KINDS[:5], FREE, INVERSE, BEST)]
    given = [replace(BEST, name="TopK, inverse, given", further="given")] if more else []
    sizes = [replace(BEST, features=K, active=k) for K, k in SIZES]
    nmf, _, mod = (replace(INVERSE, name=name) for name in list(METHODS)[2:])
    others = [replace(recipe, features=128) for recipe in (nmf, mod, FREE, INVERSE)]
    return [*KINDS, *VARIANTS, *given, *sizes, *others]
