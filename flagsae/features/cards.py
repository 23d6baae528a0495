"""Feature cards: what is known of each feature of a dictionary.

A card has a label in words, the flags for which the feature fires, the features that fire with it, and the attributes
that its flags share. `flagsae.features.labels` says what a label is and when it is trusted.

Letters: N flags, K features, T attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flagsae.features.atoms import Mask
from flagsae.features.attributes import Attributes
from flagsae.features.labelling import labeller
from flagsae.features.labels import FALSE_DISCOVERIES, Floats, Label, activity, tail
from flagsae.flags.names import Name
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model

BINS = 10  # of the histogram of activations
FEW = 0.03  # of the flags: an unsure label of a feature that fires for fewer is replaced by the name of its top flag
SHOWN = 9  # at most on a card: of flags at the top and at the bottom, of features, of attributes


@dataclass(frozen=True)
class Shared:
    """An attribute that is frequent among the flags for which a feature fires."""

    attribute: str
    """Its name: `green star`."""
    precision: float
    """The share of these flags that have it."""
    share: float
    """The share of all flags that have it."""
    have: int
    """How many of these flags have it."""
    fires: int
    """For how many flags the feature fires."""

    @property
    def lift(self) -> float:
        """How many times as frequent it is among these flags as among all."""
        return self.precision / self.share


@dataclass(frozen=True)
class Company:
    """Another feature that fires for the same flags."""

    feature: int
    """Its number."""
    phi: float
    """The correlation (phi coefficient) of the two features' firing."""
    lift: float
    """How many times as often as by chance the two fire together."""
    both: int
    """For how many flags both fire."""


@dataclass(frozen=True)
class FeatureCard:
    """What is known of a feature. Flags are positions in the dataset."""

    feature: int
    """Its number."""
    label: Label
    """What it stands for, in words."""
    density: float
    """The share of flags for which it fires."""
    mean: float
    """The mean of its activation over the flags for which it fires; 0 if there are none."""
    max: float
    """Its highest activation."""
    top: tuple[tuple[int, float], ...]
    """(flag, activation) of those for which it fires most, the strongest first."""
    bottom: tuple[tuple[int, float], ...]
    """(flag, activation) of those for which it fires least, the weakest first; empty if all are in `top`."""
    edges: tuple[float, ...]
    """The edges of the histogram's bins, from 0 to `max`."""
    counts: tuple[int, ...]
    """The histogram of its activation over the flags for which it fires."""
    company: tuple[Company, ...]
    """The features that fire with it, the most correlated first."""
    attributes: tuple[Shared, ...]
    """The attributes that are more frequent among its flags than by chance, the least likely first."""


def cards(model: Model, attributes: Attributes, codes: Codes | None = None) -> list[FeatureCard]:
    """Makes a card for each of the K features.

    attributes: name -> N, as `attributes_of` gives them; codes: N x K, those of the dataset's flags, to save encoding
    them again.
    """
    strength = activity(model, model.encode(model.dataset.flags) if codes is None else codes)
    labels = labeller(model, attributes)(strength, None)
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
    """How strongly a feature fires: the fields of the same names of a `FeatureCard`."""

    mean: float = 0.0
    max: float = 0.0
    top: tuple[tuple[int, float], ...] = ()
    bottom: tuple[tuple[int, float], ...] = ()
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()


def strengths(strength: Floats) -> Strengths:
    """How strongly one feature fires. strength: N, its activations, 0 where it does not fire."""
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
    """The features that fire with one. together: K x K, for how many flags two features both fire; flags: N."""
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
    """The attributes that are more frequent among the flags of a feature than by chance, the least likely first.

    fires: N, whether the feature fires for a flag; attributes: name -> N.
    """
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
    """A feature's label for display, marked if it is not trusted: `unsure: like Chad`. names: of the N flags."""
    if card.label.trusted or not card.label.claims:
        return card.label.words
    if card.density < FEW:
        return f"unsure: like {names[card.top[0][0]].title}"
    return f"unsure: {card.label.words}"
