"""What each feature of a dictionary means: its atom, the flags for which it fires, and a label in words.

A label is made of claims. A claim says something about flags that can be looked up, flag by flag: "red field" and
"white Nordic cross" are read off the atom and looked up in the label maps; "crescent" comes from a table of facts.
Where a feature fires for a flag, its label should hold for that flag: how often it does is the label's precision,
and a label is trusted where it is precise enough and holds more often than chance allows.

Letters: N flags, K features, C colours, H x W the canvas, h x w a coarser grid on which atoms are looked at,
T claims. Codes are N x K.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flagsae.features.atoms import Mask
from flagsae.features.attributes import Attributes
from flagsae.features.labels import (
    FALSE_DISCOVERIES,
    Floats,
    Label,
    activity,
    atom_claims,
    label_features,
    table_claims,
    tail,
)
from flagsae.flags.names import Name
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model

BINS = 10
FEW = 0.03  # of the flags: a feature that fires for fewer has no name but theirs
SHOWN = 9  # at most on a card: flags at the top, features that it fires with, attributes


@dataclass(frozen=True)
class Shared:
    """An attribute among the flags that a feature fires for. precision: its share of these flags; share: of all
    flags; have, fires: how many of how many."""

    attribute: str
    precision: float
    share: float
    have: int
    fires: int

    @property
    def lift(self) -> float:
        return self.precision / self.share


@dataclass(frozen=True)
class Company:
    """Another feature that fires for the same flags. phi: the correlation of the two firing; lift: how many times
    as often as by chance; both: for how many flags."""

    feature: int
    phi: float
    lift: float
    both: int


@dataclass(frozen=True)
class FeatureCard:
    """All that is known of a feature. density: the share of flags for which it fires; mean: of its activation where
    it fires; top, bottom: (position, activation) of the flags for which it fires most and least; edges, counts: the
    histogram of its activation where it fires."""

    feature: int
    label: Label
    density: float
    mean: float
    max: float
    top: tuple[tuple[int, float], ...]
    bottom: tuple[tuple[int, float], ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    company: tuple[Company, ...]
    attributes: tuple[Shared, ...]


def cards(model: Model, attributes: Attributes, codes: Codes | None = None) -> list[FeatureCard]:
    """A card for each of the K features. attributes: name -> N, from wherever: a table, or `measured_attributes`;
    codes: N x K, of its dataset's flags, where they are known already."""
    strength = activity(model, model.encode(model.dataset.flags) if codes is None else codes)
    labels = label_features(strength, atom_claims(model), table_claims(attributes))
    fires = strength > 0
    together = fires.T.astype(np.float64) @ fires  # (K, K)
    return [
        FeatureCard(
            feature,
            labels[feature],
            float(fires[:, feature].mean()),
            *strengths(strength[:, feature]),
            _company(together, feature, len(fires)),
            _shared(fires[:, feature], attributes),
        )
        for feature in range(len(model))
    ]


class Strengths(NamedTuple):
    """How strongly a feature fires, as its card has it."""

    mean: float = 0.0
    max: float = 0.0
    top: tuple[tuple[int, float], ...] = ()
    bottom: tuple[tuple[int, float], ...] = ()
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()


def strengths(strength: Floats) -> Strengths:
    """What a card says of one feature's activation. strength: N, 0 where it does not fire."""
    order = np.argsort(-strength, kind="stable")
    order = order[strength[order] > 0]
    if not len(order):
        return Strengths()
    firing = strength[order]
    counts, edges = np.histogram(firing, BINS, (0, float(firing[0])))
    ranked = [(int(position), float(value)) for position, value in zip(order, firing, strict=True)]
    bottom = ranked[: -SHOWN - 1 : -1] if len(ranked) > SHOWN else []
    return Strengths(
        float(firing.mean()),
        float(firing[0]),
        tuple(ranked[:SHOWN]),
        tuple(bottom),
        tuple(map(float, edges)),
        tuple(map(int, counts)),
    )


def _company(together: NDArray[np.float64], feature: int, flags: int) -> tuple[Company, ...]:
    """together: K x K, for how many flags two features fire both."""
    alone, both = np.diag(together), together[feature]
    own = alone[feature]
    spread = np.sqrt(own * (flags - own) * alone * (flags - alone))
    phi = np.divide(flags * both - own * alone, spread, out=np.zeros_like(both), where=spread > 0)
    phi[feature] = 0
    best = [int(other) for other in np.argsort(-phi, kind="stable")[:SHOWN] if phi[other] > 0 and both[other] > 1]
    return tuple(
        Company(other, float(phi[other]), float(flags * both[other] / (own * alone[other])), int(both[other]))
        for other in best
    )


def _shared(fires: Mask, attributes: Attributes) -> tuple[Shared, ...]:
    """The attributes that are more frequent among the flags of a feature than by chance, least likely first."""
    names = [name for name, has in attributes.items() if has.any()]
    if not names or not fires.any():
        return ()
    table = np.stack([attributes[name] for name in names], axis=1)  # (N, T)
    chance = tail(len(fires), table.sum(0), int(fires.sum()), table[fires].sum(0))
    order = np.argsort(chance, kind="stable")[:SHOWN]
    return tuple(
        Shared(
            names[place],
            float(table[fires, place].mean()),
            float(table[:, place].mean()),
            int(table[fires, place].sum()),
            int(fires.sum()),
        )
        for place in order
        if chance[place] < FALSE_DISCOVERIES / len(names)
    )


def said(card: FeatureCard, names: Sequence[Name]) -> str:
    """A feature's label with its doubts: `unsure: like Chad`. names: of the N flags."""
    if card.label.trusted or not card.label.claims:
        return card.label.words
    if card.density < FEW:
        return f"unsure: like {names[card.top[0][0]].title}"
    return f"unsure: {card.label.words}"
