"""The encoders of `crisp` models (`--encoder`): how each gets its directions.

A new one is a function, a row of the table at the end of this module, and a row of `config.ENCODERS` with its help.

Shapes: K features, r dimensions of the training basis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

Parameters: TypeAlias = dict[str, Tensor]  # "W_dec": K x r, atoms of norm 1; "W_enc": K x r, if it is learned


@dataclass(frozen=True)
class Encoder:
    """How an encoder's directions come from a run's parameters."""

    directions: Callable[[Parameters, float], Tensor]
    """Computes them, K x r. Its second argument is `TrainConfig.ridge`."""
    learned: bool = False
    """Whether they are parameters of their own, "W_enc"."""
    squares: int = 0
    """How many K x K matrices the computation and its gradients need; for the estimate of memory."""


def free(parameters: Parameters, ridge: float) -> Tensor:
    """Directions that are learned, independent of the atoms."""
    return parameters["W_enc"]


def tied(parameters: Parameters, ridge: float) -> Tensor:
    """The atoms themselves."""
    return parameters["W_dec"]


def inverse(parameters: Parameters, ridge: float) -> Tensor:
    """The ridge inverse of the atoms, (W Wᵀ + λ)⁻¹ W (1 + λ).

    Atoms W overlap, so that a flag that contains one atom also has products with others. The inverse corrects for
    that: activations are nearly the least-squares coefficients, and the code of a sum of flags is nearly the sum of
    their codes. At λ = 0 overlapping atoms are told apart fully; the larger λ, the more like `tied`. The factor 1 + λ
    makes it W itself if no atoms overlap.
    """
    atoms = parameters["W_dec"]
    overlap = atoms @ atoms.T + ridge * torch.eye(len(atoms), device=atoms.device)
    return torch.linalg.solve(overlap, atoms) * (1 + ridge)


ENCODERS = {
    "free": Encoder(free, learned=True),
    "tied": Encoder(tied),
    "inverse": Encoder(inverse, squares=4),
}
