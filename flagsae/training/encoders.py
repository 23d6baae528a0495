"""The encoders of sparse autoencoders (`--encoder`): how each gets its directions.

An encoder is either learned, "W_enc", or made from the atoms W: E = B W, with B (K x K) a function of their overlaps
A = W Wᵀ alone. Activations are then x Eᵀ = (x Wᵀ) B, which needs neither E nor gradients through it in r dimensions.
A new one is a row of the table at the end of this module, and a row of `config.ENCODERS` with its help.

Shapes: n flags of a step, K features, r dimensions of the training basis.
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
    """How many K x K matrices a step needs; for the estimate of memory."""
    mix: Callable[[Tensor, float], Tensor] | None = None
    """B, symmetric, of the overlaps A of the atoms and the ridge; None for the identity."""
    pull: Callable[[Tensor, Tensor, float], Tensor] | None = None
    """The gradient with respect to A, K x K, of B, gᵀ y (K x K, of activations y and the gradient g with respect to
    them) and the ridge; None where B is constant."""


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
    return torch.linalg.solve(_with_ridge(atoms @ atoms.T, ridge), atoms) * (1 + ridge)


def inverse_mix(overlaps: Tensor, ridge: float) -> Tensor:
    """B = (A + λ)⁻¹ (1 + λ), K x K. Raises `LinAlgError` for overlaps that are not finite."""
    mix = torch.cholesky_inverse(torch.linalg.cholesky(_with_ridge(overlaps, ridge))).mul_(1 + ridge)
    return mix.T.contiguous()  # torch returns it by columns, with which sums of rows take six times as long


def inverse_pull(mix: Tensor, turned: Tensor, ridge: float) -> Tensor:
    """The gradient with respect to A through B: as dB = -B dA B / (1 + λ), it is -B gᵀ y / (1 + λ), y = x Wᵀ B."""
    return (mix @ turned).mul_(-1 / (1 + ridge))


def _with_ridge(overlaps: Tensor, ridge: float) -> Tensor:
    """A + λ, a new matrix."""
    changed = overlaps.clone()
    changed.diagonal().add_(ridge)
    return changed


ENCODERS = {
    "free": Encoder(free, learned=True, squares=2),
    "tied": Encoder(tied, squares=2),
    "inverse": Encoder(inverse, squares=5, mix=inverse_mix, pull=inverse_pull),
}
