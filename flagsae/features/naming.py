"""Names of features whose atoms are vectors of design features: "Nordic cross", "white crescent and star".

A name is up to three of the atom's own design features, told as one phrase (`flagsae.design.said`). It should be true
of the flags for which the feature fires, and of few others: of claims that are nearly as true the one is taken that
goes best with the activations. Two features have the same name only where nothing else is true enough of one of them.

Letters: N flags, n of them by which names are made, K features, F design features, T claims.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design.facets import NO_CANTON, facet
from flagsae.design.said import said
from flagsae.features.atoms import Mask
from flagsae.features.labels import SILENT, TELLING, UNKNOWN, Claim, Label, discovery_limit, tail
from flagsae.sae.codes import Codes

# The first three are by eye. The others were chosen by how true names are of flags that neither they nor the features
# were made from.
STRONGEST = 14  # design features of an atom that may be in its name
LEAST = 0.12  # times the weight of an atom's strongest one, that these must have
PARTS = 3  # of a name at most
DOUBT = 0.5  # flags that are added to those seen, as few may agree by chance: of them the atom alone says what is true
SURE = 0.75  # least precision of a name, after that
ALONE = 0.9  # likewise, of a name that is a colour of the whole flag and nothing else: it may be seen only in specks
HALF = 0.5  # of the flags for which the feature fires, strongly or weakly: a name is true of more
CLOSE = 0.2  # its least correlation with the activations: less has what half of all flags have
TRUTH = 2.0  # what precision counts for, where correlation counts for 1
WEIGHT = 0.2  # likewise, the share of the atom that a claim is about
LENGTH = 0.02  # likewise, what each part of a claim takes from that
TAKEN = 0.7  # likewise, what a name may lose so that it is no other feature's


@dataclass(frozen=True)
class Claims:
    """What the name of a feature may say: T claims."""

    parts: list[tuple[str, ...]]
    """The design features of each, the strongest first."""
    holds: Mask
    """Of which flags each is true: N x T."""
    weight: NDArray[np.floating]
    """The share of the atom that each is about: T."""

    def claim(self, which: int) -> Claim:
        return Claim(said(self.parts[which]), "atom", self.holds[:, which])


def claims_of(atoms: NDArray[np.floating], names: Sequence[str], has: Mask) -> list[Claims]:
    """What may be said of each of K features: the strongest design features of its atom, and two or three together.

    atoms: K x F; names: F, of the design features; has: N x F, which flags have them.
    """
    share = has.mean(0).clip(1 / len(has), 1)
    telling = np.maximum(atoms, 0) * np.sqrt(-np.log(share))  # what few flags have tells more
    return [_claims(weights, names, has) for weights in telling]


def name_features(strength: Codes, claims: Sequence[Claims], rows: NDArray[np.integer] | None = None) -> list[Label]:
    """A label for each of the K features: its name, and the one claim that this makes.

    Where nothing is precise enough the label is a guess, and not trusted. strength: N x K, 0 where a
    feature does not fire; rows: positions of the flags to judge by, by default all.
    """
    rows = np.arange(len(strength)) if rows is None else rows
    tables = [one.holds[rows] for one in claims]
    chances = [
        tail(len(rows), table.sum(0), int(fires.sum()), table[fires].sum(0))
        for table, fires in zip(tables, (strength[rows] > 0).T, strict=True)
    ]
    limit = discovery_limit(np.concatenate(chances) if chances else np.ones(1))
    judged = [
        _judge(one, table, activations, chance <= limit)
        for one, table, activations, chance in zip(claims, tables, strength[rows].T, chances, strict=True)
    ]
    chosen = _chosen(claims, judged)
    return [_label(*one) for one in zip(claims, judged, chosen, strict=True)]


def _claims(weights: NDArray[np.floating], names: Sequence[str], has: Mask) -> Claims:
    """weights: F."""
    order = np.argsort(-weights, kind="stable")[:STRONGEST].tolist()
    strongest = [one for one in order if weights[one] > LEAST * weights[order[0]]]
    joining = [one for one in strongest if _joins(names[one])]
    holds: dict[tuple[int, ...], Mask] = {}
    for count in range(1, PARTS + 1):
        for parts in itertools.combinations(strongest if count == 1 else joining, count):
            where: Mask = np.logical_and.reduce([has[:, part] for part in parts])
            smaller = list(itertools.combinations(parts, count - 1)) if count > 1 else []
            # Each part must narrow it: "Nordic cross" says "cross or Nordic cross" already.
            if where.any() and all(one in holds and holds[one].sum() > where.sum() for one in smaller):
                holds[parts] = where
    # Of claims that are true of the same flags the first is the shortest, and the strongest of these.
    different = {where.tobytes(): parts for parts, where in reversed(holds.items())}
    kept = [parts for parts in holds if parts in different.values()]
    square = weights.astype(np.float64) ** 2
    return Claims(
        [tuple(names[part] for part in parts) for parts in kept],
        np.stack([holds[parts] for parts in kept], axis=1) if kept else np.zeros((len(has), 0), bool),
        np.array([square[list(parts)].sum() for parts in kept]) / max(float(square.sum()), 1e-12),
    )


def _joins(name: str) -> bool:
    """Whether a design feature is worth saying beside another: not what is told of the whole flag, of whatever is of a
    class ("canton, star or sun"), or of any field."""
    told = facet(name)
    return told is not None and told.kind not in (*NO_CANTON, "edges", "any") and name != "field"


def _is_colour(parts: Sequence[str]) -> bool:
    """Whether all that a claim tells is a colour of the whole flag."""
    return all((told := facet(name)) is not None and told.kind in NO_CANTON for name in parts)


@dataclass(frozen=True)
class _Judged:
    """How well claims fit a feature."""

    precision: NDArray[np.floating]
    """T."""
    fit: NDArray[np.floating]
    """How good a name each is: T."""
    correlation: NDArray[np.floating]
    """With the activations: T."""
    good: Mask
    """Which are precise enough, and not by chance: T."""
    guess: int
    """What to say where none is good; -1 where there is nothing to say."""
    fires: bool


def _judge(claims: Claims, table: Mask, strength: NDArray[np.floating], found: Mask) -> _Judged:
    """table: n x T; strength: n; found: T, which claims chance does not explain."""
    total = max(float(strength.sum()), 1e-12)
    share = table.mean(0)
    precision = strength @ table / total
    flags = total**2 / max(float(strength @ strength), 1e-12)  # for which it fires, weak ones counted in part
    sure = (precision * flags + claims.weight * DOUBT) / (flags + DOUBT)
    length = np.array([len(parts) for parts in claims.parts])
    correlation = _correlation(strength, table)
    fit = correlation + TRUTH * sure + WEIGHT * claims.weight - LENGTH * length
    true = table[strength > 0].mean(0) if strength.any() else share
    least = np.array([ALONE if _is_colour(parts) else SURE for parts in claims.parts])
    good = found & (true > HALF) & (sure >= least) & (correlation >= CLOSE) & (precision >= TELLING * share)
    guess = int((correlation + precision).argmax()) if len(precision) else -1
    return _Judged(precision, fit, correlation, good, guess, bool(strength.any()))


def _correlation(strength: NDArray[np.floating], table: Mask) -> NDArray[np.floating]:
    """Pearson's correlation of each claim with the activations: T. strength: n; table: n x T."""
    apart = strength - strength.mean()
    share = table.mean(0)
    spread = np.sqrt(float(apart @ apart) * len(strength) * share * (1 - share))
    return apart @ table / np.maximum(spread, 1e-12)


def _chosen(claims: Sequence[Claims], judged: Sequence[_Judged]) -> list[int]:
    """Which claim names each feature; a guess where none is good.

    A name that fits two features goes to the one that has no other so good; the other one takes a closer one, if there
    is any.
    """
    choices = [_choices(*one) for one in zip(claims, judged, strict=True)]
    chosen = [one.guess for one in judged]
    taken: set[str] = set()
    named = [feature for feature, one in enumerate(choices) if one]
    for feature in sorted(named, key=lambda one: choices[one][1][2] if len(choices[one]) > 1 else -np.inf):
        which, words, _ = next((one for one in choices[feature] if one[1] not in taken), choices[feature][0])
        chosen[feature] = which
        taken.add(words)
    return chosen


def _choices(claims: Claims, judged: _Judged) -> list[tuple[int, str, float]]:
    """What may name a feature, the best first: which claim, its words, and how much worse it fits (0 or less).

    Besides the best these are claims that go better with the activations, though they are true of fewer of the flags.
    """
    if not judged.good.any():
        return []
    fit = np.where(judged.good, judged.fit, -np.inf)
    best = int(fit.argmax())
    able = np.flatnonzero((fit >= fit[best] - TAKEN) & (judged.correlation >= judged.correlation[best]))
    found: dict[str, tuple[int, str, float]] = {}
    for which in [best, *able[np.argsort(-fit[able], kind="stable")].tolist()]:
        words = claims.claim(which).words
        found.setdefault(words, (which, words, float(fit[which] - fit[best])))
    return list(found.values())


def _label(claims: Claims, judged: _Judged, chosen: int) -> Label:
    if not judged.fires:
        return Label(SILENT, False, 0.0, ())
    if chosen < 0:
        return Label(UNKNOWN, False, 0.0, ())
    claim = claims.claim(chosen)
    return Label(claim.words, bool(judged.good[chosen]), float(judged.precision[chosen]), (claim,))
