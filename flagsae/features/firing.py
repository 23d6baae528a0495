"""Which features fire for each phrase of a description.

Only models of designs can tell: a feature's atom is made of design features, and so is each element of a description.

Letters: K features, F design features.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from flagsae.design.evidence import Evidence
from flagsae.flags.dataset import Flags
from flagsae.sae.design import weighted
from flagsae.sae.kind import DesignedModel

LEAST = 0.5  # of what a feature says of the element that it says most of: it fires for another with so much; by eye


class Firing(NamedTuple):
    """A feature that fires."""

    feature: int
    activation: float


def firing(model: DesignedModel, flag: Flags, evidence: Sequence[Evidence]) -> list[list[Firing]]:
    """For each element of a flag the features that fire for it, the strongest first.

    flag: N = 1; evidence: for each element the design features that say it, as `Description.evidence`.
    """
    (code,) = model.encode(flag)
    (inputs,) = weighted(model.vectors(flag), model.table)
    places = {name: place for place, name in enumerate(model.table.names)}
    agreed = code[:, None] * model.decoder * inputs  # K x F, how much of each design feature a feature explains
    told = np.zeros((len(code), len(evidence)))
    for element, why in enumerate(evidence):
        told[:, element] = agreed[:, [places[name] for name, _ in why if name in places]].sum(1)
    most = told.max(1, initial=0)
    fires = [
        Firing(int(feature), float(code[feature]))
        for feature in np.argsort(-code)
        if code[feature] > model.active_above
    ]
    says = (told > 0) & (told >= LEAST * most[:, None])
    return [[one for one in fires if says[one.feature, element]] for element in range(len(evidence))]
