"""Where the encoder of a `crisp` model gets its directions from: `--encoder`.

`config.ENCODERS` says what each is for; a new one is a row there, and a row of the table at the end of this module.

Letters: K features, r dimensions of the training basis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

Parameters: TypeAlias = dict[str, Tensor]  # "W_dec": K x r, atoms of length 1; "W_enc": K x r, where it is learned

RIDGE = 0.3  # of the inverse encoder: how much of what atoms share is left undivided


@dataclass(frozen=True)
class Encoder:
    """How an encoder's directions come from a run's parameters."""

    directions: Callable[[Parameters], Tensor]
    """Parameters to K x r."""
    learned: bool = False
    """Whether they are parameters of their own, "W_enc"."""
    squares: int = 0
    """How many K x K matrices it makes on the way, with their gradients."""


def free(parameters: Parameters) -> Tensor:
    """Directions of its own."""
    return parameters["W_enc"]


def tied(parameters: Parameters) -> Tensor:
    """The atoms."""
    return parameters["W_dec"]


def inverse(parameters: Parameters) -> Tensor:
    """The ridge inverse of the atoms, (W Wᵀ + λ)⁻¹ W (1 + λ).

    Atoms W overlap, so that a flag that holds one of them agrees with many. The inverse divides among them what they
    share: nearly the amounts that least squares would give, and the code of a sum is nearly the sum of the codes.
    (1 + λ makes it W where no atoms overlap.)
    """
    atoms = parameters["W_dec"]
    overlap = atoms @ atoms.T + RIDGE * torch.eye(len(atoms), device=atoms.device)
    return torch.linalg.solve(overlap, atoms) * (1 + RIDGE)


ENCODERS = {
    "free": Encoder(free, learned=True),
    "tied": Encoder(tied),
    "inverse": Encoder(inverse, squares=4),
}
