"""What a flag has and a dictionary of designs has no feature for: the residual, named."""

from __future__ import annotations

import numpy as np

from flagsae.flags.dataset import Flags
from flagsae.sae.kind import DesignedModel

# By eye.
SAID = 0.5  # of a design feature that the code says less of is unsaid
TOLD = 0.15  # of the length of a flag's vector: an unsaid design feature with less is a detail


def unsaid(model: DesignedModel, flag: Flags) -> list[tuple[str, float]]:
    """What a flag (N = 1) has and the dictionary has no feature for: (design feature, weight), the strongest first.

    Of a design feature in the model's table it is what the code leaves out; one that too few flags have to be in the
    table is left out wholly. A weight is a share of the flag's vector with all its design features.
    """
    features = model.features(flag)
    table = model.table
    known = dict(zip(table.names, table.rarity.tolist(), strict=True))
    wanted = {name: known.get(name, 1.0) * value for name, value in features.items()}
    length = float(np.linalg.norm(list(wanted.values()))) or 1.0
    code = model.encode(flag)[0]
    inputs = float(np.linalg.norm([wanted[name] for name in wanted if name in known])) or 1.0
    rebuilt = dict(zip(table.names, (inputs * (code @ model.decoder)).tolist(), strict=True))
    left = {name: value - rebuilt.get(name, 0.0) for name, value in wanted.items()}
    found = [
        (name, value / length) for name, value in left.items() if value > SAID * wanted[name] and value / length >= TOLD
    ]
    return sorted(found, key=lambda one: -one[1])
