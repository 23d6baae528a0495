"""How the features of a model get their labels, and how far these can be trusted.

What an atom says of itself depends on the kind of model: names of design features (`naming`), or colours at places
(`labels`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.features.attributes import Attributes
from flagsae.features.labels import Label, activity, atom_claims, label_features, table_claims
from flagsae.features.naming import claims_of, name_features
from flagsae.flags.prepare import designs
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model, of_designs

Labeller: TypeAlias = Callable[[Codes, "NDArray[np.integer] | None"], list[Label]]


def labeller(model: Model, attributes: Attributes) -> Labeller:
    """What makes a label for each of the model's K features, of activations (N x K, 0 where a feature does not fire)
    and of the positions of the flags to judge by, None for all."""
    if of_designs(model):
        has = model.vectors(model.dataset.flags) > 0
        claims = claims_of(model.atom_features, model.table.names, has)
        return lambda strength, rows: name_features(strength, claims, rows)
    own, common = atom_claims(model), table_claims(attributes)
    return lambda strength, rows: label_features(strength, own, common, rows)


def check_labels(model: Model, attributes: Attributes, *, repeats: int = 5, seed: int = 0) -> dict[str, float | None]:
    """Measures how far labels can be trusted: they are made on one half of the flags and checked on the other.

    Near-duplicates are always in the same half. repeats: random halvings. Returns means over all features and halves,
    None where there was nothing to measure: "share", the share of labels that are trusted; "trusted" and "unsure", the
    precision of trusted and of other labels on the other half; "chance", the share of all flags of the other half of
    which a trusted label is true.
    """
    flags = model.dataset.flags
    strength = activity(model, model.encode(flags))
    label = labeller(model, attributes)
    random = np.random.default_rng(seed)
    group = designs(flags.canvas)
    precision: dict[bool, list[float]] = {True: [], False: []}
    firing: dict[bool, list[int]] = {True: [], False: []}  # flags of the other half for which a feature fires
    chance: list[float] = []
    for _ in range(repeats):
        side = (random.permutation(len(group)) % 2).astype(bool)[group]
        for one, other in ((side, ~side), (~side, side)):
            for feature, made in enumerate(label(strength, np.flatnonzero(one))):
                rest = strength[other, feature]
                if rest.any() and made.claims:
                    holds = np.logical_and.reduce([claim.holds[other] for claim in made.claims])
                    precision[made.trusted].append(float(rest @ holds / rest.sum()))
                    firing[made.trusted].append(int((rest > 0).sum()))
                    chance += [float(holds.mean())] * made.trusted

    def mean(values: list[float], kind: bool) -> float | None:
        return float(np.average(values, weights=firing[kind])) if values else None

    return {
        "share": len(precision[True]) / max(1, len(precision[True]) + len(precision[False])),
        "trusted": mean(precision[True], True),
        "chance": mean(chance, True),
        "unsure": mean(precision[False], False),
    }
