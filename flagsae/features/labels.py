"""Labels of features: claims about flags, and how well they hold where a feature fires."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.vocabulary import PLACES
from flagsae.features.atoms import GRID, Mask, in_words, signed_atoms
from flagsae.features.attributes import HELD, Attributes
from flagsae.flags.coarse import averaged
from flagsae.flags.prepare import designs
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model

PRECISE = 0.75  # of the activation: the share on flags of which a trusted label is true
TELLING = 1.5  # times as often as among all flags: a label that is true of most flags says nothing
DOUBT = 2  # pseudo-count against small samples: so many flags with the usual share are added to those seen
BEFORE_PLACE = re.compile(f" (?={'|'.join(filter(None, PLACES.values()))})")
FALSE_DISCOVERIES = 0.05  # share of all claims found that may be chance

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Claim:
    """Something that a label says. holds: N, the flags of which it is true; source: "atom" or "attributes"."""

    words: str
    source: str
    holds: Mask


@dataclass(frozen=True)
class Label:
    """words: what the feature stands for; precision: the share of its activation on flags of which this is true."""

    words: str
    trusted: bool
    precision: float
    claims: tuple[Claim, ...]


def activity(model: Model, codes: Codes) -> Codes:
    """Codes with zeros where a feature is not active. n x K."""
    return np.where(codes > model.active_above, codes, 0).astype(np.float32)


# Labels: claims, and how well they hold.


def label_features(
    strength: Codes, own: Sequence[Sequence[Claim]], common: Sequence[Claim], rows: NDArray[np.integer] | None = None
) -> list[Label]:
    """A label for each feature. strength: N x K, 0 where a feature does not fire; own: claims of each feature's
    atom; common: claims that any feature may make; rows: the flags to judge by, all of them by default."""
    strength = strength if rows is None else strength[rows]
    fires = strength > 0
    tables, chances = [], []
    shared = _holds(common, len(strength), rows)
    for feature, claims in enumerate(own):
        table = np.hstack([_holds(claims, len(strength), rows), shared])
        tables.append(table)
        fired = fires[:, feature]
        chances.append(tail(len(fires), table.sum(0), int(fired.sum()), table[fired].sum(0)))
    limit = discovery_limit(np.concatenate(chances) if chances else np.ones(1))
    return [
        _label([*claims, *common], table, chance, strength[:, feature], limit)
        for feature, (claims, table, chance) in enumerate(zip(own, tables, chances, strict=True))
    ]


def _holds(claims: Sequence[Claim], flags: int, rows: NDArray[np.integer] | None) -> Mask:
    """N x T."""
    table = np.stack([claim.holds for claim in claims], axis=1) if claims else np.zeros((flags, 0), bool)
    return table if rows is None or not claims else table[rows]


def _label(claims: Sequence[Claim], table: Mask, chance: NDArray[np.float64], strength: Floats, limit: float) -> Label:
    """The least likely of the claims that are precise, then what holds more often still among its flags."""
    fires = strength > 0
    if not fires.any():
        return Label("never fires", False, 0.0, ())
    precision = strength @ table / strength.sum()  # (T,)
    usual = table.mean(0)
    good = (_sure(precision, usual, int(fires.sum())) >= PRECISE) & (precision >= TELLING * usual) & (chance <= limit)
    if not good.any():
        # What the atom looks like, or else what its flags have in common: a guess.
        guess = next((i for i, claim in enumerate(claims) if claim.source == "atom"), None)
        if guess is None:
            guess = int(chance.argmin()) if len(claims) else None
        if guess is None:
            return Label("nothing known", False, 0.0, ())
        return Label(claims[guess].words, False, float(precision[guess]), (claims[guess],))
    chosen = [int(np.where(good, chance, np.inf).argmin())]
    holds = table[:, chosen[0]]
    # Among the flags of which this is true: what else do those have for which the feature fires?
    inside, fired = table[holds], fires[holds]
    further = tail(len(inside), inside.sum(0), int(fired.sum()), inside[fired].sum(0))
    joint = table & holds[:, None]
    sure = _sure(strength @ joint / strength.sum(), joint.mean(0), int(fires.sum()))
    further[(sure < PRECISE) | ~good] = 1
    best = int(further.argmin())
    if further[best] <= limit:
        holds = joint[:, best]
        # What the other implies need not be said.
        implied = [bool(np.array_equal(table[:, one], holds)) for one in (best, chosen[0])]
        chosen = [best] if implied[0] else chosen if implied[1] else [*chosen, best]
    # The ground comes before the charge on it.
    chosen.sort(key=lambda one: -table[:, one].sum())
    words = _joined([claims[one].words for one in chosen])
    return Label(words, True, float(strength @ holds / strength.sum()), tuple(claims[one] for one in chosen))


def _joined(words: Sequence[str]) -> str:
    """`red at the hoist and at the fly`, `green field, crescent`."""
    words = list(dict.fromkeys(words))
    heads = [re.split(BEFORE_PLACE, text, maxsplit=1) for text in words]
    if len(heads) == 2 and len(heads[0]) == len(heads[1]) == 2 and heads[0][0] == heads[1][0]:
        return f"{words[0]} and {heads[1][1]}"
    return ", ".join(words)


def _sure(precision: NDArray[np.floating], share: NDArray[np.floating], fires: int) -> NDArray[np.floating]:
    """A precision seen on few flags, drawn towards what chance would give: as if DOUBT more flags had been seen."""
    return (fires * precision + DOUBT * share) / (fires + DOUBT)


def check_labels(model: Model, attributes: Attributes, *, repeats: int = 5, seed: int = 0) -> dict[str, float | None]:
    """How far labels can be trusted: made on one half of the flags, checked on the other.

    Near-duplicates are in one half. share: of the features, those whose label is trusted; trusted, unsure: the
    share of their activation in the other half that is on flags of which the label is true; chance: the share of
    all its flags of which a trusted label is true.
    """
    flags = model.dataset.flags
    strength = activity(model, model.encode(flags))
    own, common = atom_claims(model), table_claims(attributes)
    random = np.random.default_rng(seed)
    group = designs(flags.canvas)
    precision: dict[bool, list[float]] = {True: [], False: []}
    firing: dict[bool, list[int]] = {True: [], False: []}  # flags of the other half for which a feature fires
    chance: list[float] = []
    for _ in range(repeats):
        side = (random.permutation(len(group)) % 2).astype(bool)[group]
        for one, other in ((side, ~side), (~side, side)):
            for feature, label in enumerate(label_features(strength, own, common, np.flatnonzero(one))):
                rest = strength[other, feature]
                if rest.any() and label.claims:
                    holds = np.logical_and.reduce([claim.holds[other] for claim in label.claims])
                    precision[label.trusted].append(float(rest @ holds / rest.sum()))
                    firing[label.trusted].append(int((rest > 0).sum()))
                    chance += [float(holds.mean())] * label.trusted

    def mean(values: list[float], kind: bool) -> float | None:
        return float(np.average(values, weights=firing[kind])) if values else None

    return {
        "share": len(precision[True]) / max(1, len(precision[True]) + len(precision[False])),
        "trusted": mean(precision[True], True),
        "chance": mean(chance, True),
        "unsure": mean(precision[False], False),
    }


def atom_claims(model: Model) -> list[list[Claim]]:
    """What each of the K atoms shows, strongest first. It is true of a flag that has the colour at that place."""
    dataset = model.dataset
    said = in_words(signed_atoms(model), dataset.palette.names)
    labels = dataset.flags.labels
    shares = np.stack([averaged(labels == colour, GRID) for colour in range(len(dataset.palette))])  # (C, N, h, w)
    return [
        [Claim(words, "atom", shares[colour][:, mask].mean(1) >= HELD) for words, colour, mask in claims]
        for claims in said
    ]


def table_claims(attributes: Attributes) -> list[Claim]:
    return [Claim(name, "attributes", has) for name, has in attributes.items() if has.any()]


# Chance.


def tail(flags: int, having: NDArray[np.integer], firing: int, both: NDArray[np.integer]) -> NDArray[np.float64]:
    """How likely at least `both` of `firing` flags have what `having` of all `flags` have (Fisher's exact test).

    The upper tail of the hypergeometric distribution. having, both: T; returns T.
    """
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, flags + 1)))])  # of the factorials

    def choose(n: NDArray[np.integer], k: NDArray[np.integer]) -> NDArray[np.float64]:
        possible = (k >= 0) & (k <= n)
        n, k = np.where(possible, n, 0), np.where(possible, k, 0)
        return np.where(possible, logs[n] - logs[k] - logs[n - k], -np.inf)

    having, both = np.asarray(having)[:, None], np.asarray(both)[:, None]
    count = np.arange(firing + 1)[None]
    terms = choose(having, count) + choose(flags - having, firing - count) - choose(np.array(flags), np.array(firing))
    return np.minimum(1, np.where(count >= both, np.exp(terms), 0).sum(1))


def discovery_limit(chances: NDArray[np.float64]) -> float:
    """The largest chance that counts as found, so that at most `FALSE_DISCOVERIES` of what is found is chance.

    Benjamini and Hochberg, "Controlling the false discovery rate", 1995.
    """
    ranked = np.sort(chances)
    passed = ranked <= FALSE_DISCOVERIES * np.arange(1, len(ranked) + 1) / max(1, len(ranked))
    return float(ranked[passed][-1]) if passed.any() else 0.0
