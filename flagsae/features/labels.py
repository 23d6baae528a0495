"""Labels of features: what a feature stands for, in words, and how well that holds.

A label is made of claims. A claim can be checked for each flag: "red field" and "white Nordic cross" are read off the
feature's atom and checked on label maps; "crescent" comes from a table of facts. A label should be true of the flags
for which its feature fires. Its precision is the share of the feature's activation on flags of which it is true. It is
trusted if it is precise enough, and more precise than chance would make it.

Letters: N flags, K features, C colours, h x w the coarser grid on which atoms are measured, T claims.
"""

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
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model

# All by eye but the last, which is usual.
PRECISE = 0.75  # least precision of a trusted label
TELLING = 1.5  # a trusted label's least precision, over the share of all flags of which it is true
DOUBT = 2  # pseudo-count against small samples: so many flags with the usual share are added to those seen
FALSE_DISCOVERIES = 0.05  # share of the claims found that may be due to chance
SILENT, UNKNOWN = "never fires", "nothing known"  # the words of a label without claims
BEFORE_PLACE = re.compile(f" (?={'|'.join(filter(None, PLACES.values()))})")  # the space before a place's words

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Claim:
    """Something that a label may say."""

    words: str
    """What it says: `red field`."""
    source: str
    """Where it comes from: "atom" or "attributes"."""
    holds: Mask
    """N, whether it is true of a flag."""


@dataclass(frozen=True)
class Label:
    """What a feature stands for."""

    words: str
    """In words; `SILENT` or `UNKNOWN` where there is no claim."""
    trusted: bool
    """Whether it is precise enough, and more precise than by chance."""
    precision: float
    """The share of the feature's activation on flags of which it is true."""
    claims: tuple[Claim, ...]
    """The claims that it makes; none, one or two."""


def activity(model: Model, codes: Codes) -> Codes:
    """Codes with zeros where a feature is not active: n x K."""
    return np.where(codes > model.active_above, codes, 0).astype(np.float32)


def label_features(
    strength: Codes, own: Sequence[Sequence[Claim]], common: Sequence[Claim], rows: NDArray[np.integer] | None = None
) -> list[Label]:
    """Makes a label for each of the K features.

    strength: N x K, 0 where a feature does not fire; own: for each feature the claims of its atom; common: claims that
    any feature may make; rows: positions of the flags to judge by, by default all.
    """
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
    """Which claims hold for which flags: N x T, or the given rows of it. flags: N."""
    table = np.stack([claim.holds for claim in claims], axis=1) if claims else np.zeros((flags, 0), bool)
    return table if rows is None or not claims else table[rows]


def _label(claims: Sequence[Claim], table: Mask, chance: NDArray[np.float64], strength: Floats, limit: float) -> Label:
    """The label of one feature: the precise claim that chance explains least, and a second one that narrows it, if
    there is any.

    table: N x T, which claims hold for which flags; chance: T, how likely each would hold so often by chance; strength:
    N; limit: the largest chance that counts as found.
    """
    fires = strength > 0
    if not fires.any():
        return Label(SILENT, False, 0.0, ())
    precision = strength @ table / strength.sum()  # (T,)
    usual = table.mean(0)
    good = (_sure(precision, usual, int(fires.sum())) >= PRECISE) & (precision >= TELLING * usual) & (chance <= limit)
    if not good.any():
        # Guess: what the atom looks like most, or else what its flags have in common.
        guess = next((i for i, claim in enumerate(claims) if claim.source == "atom"), None)
        if guess is None:
            guess = int(chance.argmin()) if len(claims) else None
        if guess is None:
            return Label(UNKNOWN, False, 0.0, ())
        return Label(claims[guess].words, False, float(precision[guess]), (claims[guess],))
    chosen = [int(np.where(good, chance, np.inf).argmin())]
    holds = table[:, chosen[0]]
    # Among the flags of which this is true: what else do those for which the feature fires have?
    inside, fired = table[holds], fires[holds]
    further = tail(len(inside), inside.sum(0), int(fired.sum()), inside[fired].sum(0))
    joint = table & holds[:, None]
    sure = _sure(strength @ joint / strength.sum(), joint.mean(0), int(fires.sum()))
    further[(sure < PRECISE) | ~good] = 1
    best = int(further.argmin())
    if further[best] <= limit:
        holds = joint[:, best]
        # A claim that the other one implies is left out.
        implied = [bool(np.array_equal(table[:, one], holds)) for one in (best, chosen[0])]
        chosen = [best] if implied[0] else chosen if implied[1] else [*chosen, best]
    # More frequent claims come first: that puts a ground before the charge on it.
    chosen.sort(key=lambda one: -table[:, one].sum())
    words = _joined([claims[one].words for one in chosen])
    return Label(words, True, float(strength @ holds / strength.sum()), tuple(claims[one] for one in chosen))


def _joined(words: Sequence[str]) -> str:
    """Joins the words of claims: `red at the hoist and at the fly`, `green field, crescent`."""
    words = list(dict.fromkeys(words))
    heads = [re.split(BEFORE_PLACE, text, maxsplit=1) for text in words]
    if len(heads) == 2 and len(heads[0]) == len(heads[1]) == 2 and heads[0][0] == heads[1][0]:
        return f"{words[0]} and {heads[1][1]}"
    return ", ".join(words)


def _sure(precision: NDArray[np.floating], share: NDArray[np.floating], fires: int) -> NDArray[np.floating]:
    """Precisions, shrunk towards the share of all flags where few were seen: as if DOUBT more flags had that share."""
    return (fires * precision + DOUBT * share) / (fires + DOUBT)


def atom_claims(model: Model) -> list[list[Claim]]:
    """What each of the K atoms shows, as claims, strongest first. A claim holds for flags with that colour there."""
    dataset = model.dataset
    said = in_words(signed_atoms(model), dataset.palette.names)
    labels = dataset.flags.labels
    shares = np.stack([averaged(labels == colour, GRID) for colour in range(len(dataset.palette))])  # (C, N, h, w)
    return [
        [Claim(words, "atom", shares[colour][:, mask].mean(1) >= HELD) for words, colour, mask in claims]
        for claims in said
    ]


def table_claims(attributes: Attributes) -> list[Claim]:
    """Attributes as claims, without those that no flag has."""
    return [Claim(name, "attributes", has) for name, has in attributes.items() if has.any()]


# Chance.


def tail(flags: int, having: NDArray[np.integer], firing: int, both: NDArray[np.integer]) -> NDArray[np.float64]:
    """The probability that at least `both` of `firing` random flags have an attribute: T (Fisher's exact test).

    The upper tail of the hypergeometric distribution. flags: N; having: T, how many of all flags have each attribute;
    firing: how many flags a feature fires for; both: T, how many of these have the attribute.
    """
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, flags + 1)))])  # logarithms of factorials

    def choose(n: NDArray[np.integer], k: NDArray[np.integer]) -> NDArray[np.float64]:
        possible = (k >= 0) & (k <= n)
        n, k = np.where(possible, n, 0), np.where(possible, k, 0)
        return np.where(possible, logs[n] - logs[k] - logs[n - k], -np.inf)

    having, both = np.asarray(having)[:, None], np.asarray(both)[:, None]
    count = np.arange(firing + 1)[None]
    terms = choose(having, count) + choose(flags - having, firing - count) - choose(np.array(flags), np.array(firing))
    return np.minimum(1, np.where(count >= both, np.exp(terms), 0).sum(1))


def discovery_limit(chances: NDArray[np.float64]) -> float:
    """The largest probability that counts as found, such that at most `FALSE_DISCOVERIES` of what is found is due to
    chance.

    Benjamini and Hochberg, "Controlling the false discovery rate", 1995. chances: any number of probabilities.
    """
    ranked = np.sort(chances)
    passed = ranked <= FALSE_DISCOVERIES * np.arange(1, len(ranked) + 1) / max(1, len(ranked))
    return float(ranked[passed][-1]) if passed.any() else 0.0
