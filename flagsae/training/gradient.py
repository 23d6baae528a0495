"""The loss of a sparse autoencoder and its gradient, by hand: no graph is built, and no residual in r dimensions.

The loss of codes C (n x K) of flags x (n x r, less the output's bias), with atoms W (K x r), is ‖C W - x‖² / n. With
the products P = x Wᵀ and the overlaps A = W Wᵀ,

    loss = (‖x‖² - 2 ⟨C, P⟩ + ⟨C, C A⟩) / n
    ∂/∂C = 2 (C A - P) / n                    the gradient g of the activations, where C > 0
    ∂/∂W = 2 (Cᵀ C W - Cᵀ x) / n + encoder    with an encoder E = B W: (g B)ᵀ x + (U + Uᵀ) W, U = ∂/∂A through B

so that all gradients of the atoms are two products, Mᵀ x and (H + Hᵀ) W, of matrices n x K and K x K. A trial on the
bundled flags took a fifth of the time that autograd took; `tests/training/test_gradient.py` compares the two.

Shapes: n flags of a step, K features, r dimensions of the training basis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from flagsae.training.config import TrainConfig
from flagsae.training.encoders import ENCODERS, Parameters

REVIVED = 32  # dead features, at most, that the auxiliary loss uses for a flag
LEAST = torch.finfo(torch.float32).tiny  # what an activation must reach to be above 0


@dataclass(frozen=True)
class Encoded:
    """The codes of some flags, and what their gradient is made of."""

    codes: Tensor
    """C, n x K, at least 0."""
    on: Tensor
    """1 where an activation was selected for the codes, else 0: n x K."""
    scores: Tensor
    """Activations with the bias, before the strongest are selected and those below 0 dropped: n x K."""
    activations: Tensor
    """Activations before the bias: n x K."""
    centred: Tensor
    """x, the inputs less the output's bias: n x r."""
    products: Tensor
    """P, the products of x with the atoms: n x K."""
    overlaps: Tensor
    """A, those of the atoms with each other: K x K."""
    mix: Tensor | None
    """B, K x K; None for the identity, or a learned encoder."""


def strongest(scores: Tensor, count: int) -> Tensor:
    """The `count`-th largest number of each row, at least `LEAST`: n x 1. scores: n x K."""
    if scores.device.type == "cpu":
        # A partition takes a fifth of the time of torch's topk, which sorts.
        place = scores.shape[1] - count
        least = torch.from_numpy(np.partition(scores.numpy(), place, axis=1)[:, place, None])
    else:
        least = scores.topk(count, dim=1, sorted=False).values.amin(1, keepdim=True)
    return least.clamp(min=LEAST)


def selected(scores: Tensor, config: TrainConfig) -> Tensor:
    """1 for the strongest activations, of each flag or of all flags together, else 0: n x K. scores: n x K."""
    if config.activation == "topk":
        least = strongest(scores, min(config.active, scores.shape[1]))
    else:
        least = strongest(scores.reshape(1, -1), min(config.active * len(scores), scores.numel()))
    return (scores >= least).to(scores.dtype)  # products with numbers are faster than with truth values


def encode(parameters: Parameters, config: TrainConfig, inputs: Tensor) -> Encoded:
    """Flags with their codes. inputs: n x r."""
    encoder, atoms = ENCODERS[config.encoder], parameters["W_dec"]
    centred = inputs - parameters["b_dec"] if "b_dec" in parameters else inputs
    products, overlaps = centred @ atoms.T, atoms @ atoms.T
    mix = encoder.mix(overlaps, config.ridge) if encoder.mix else None
    activations = products if mix is None else products @ mix
    if encoder.learned:
        activations = centred @ parameters["W_enc"].T
    scores = activations + parameters["b_enc"]
    on = selected(scores, config)
    return Encoded(scores * on, on, scores, activations, centred, products, overlaps, mix)


def gradients(
    parameters: Parameters, config: TrainConfig, inputs: Tensor, targets: Tensor, dead: Tensor
) -> tuple[float, Tensor, Parameters]:
    """(mean squared error + auxiliary loss, where features fire (n x K, 0 or 1), the gradient of each parameter).

    inputs, targets: n x r, the same tensor where there is no noise; dead: K, bool, the features that the auxiliary loss
    revives. A mean squared norm of 1 makes the error an FVU.
    """
    encoder, atoms, count = ENCODERS[config.encoder], parameters["W_dec"], len(inputs)
    found = encode(parameters, config, inputs)
    codes, centred = found.codes, found.centred
    wanted, products = centred, found.products
    if targets is not inputs:
        wanted = targets - parameters["b_dec"] if "b_dec" in parameters else targets
        products = wanted @ atoms.T

    # All gradients are those of n / 2 times the loss; they are scaled at the end.
    slope = torch.addmm(products, codes, found.overlaps, beta=-1)  # C A - P
    loss = float(_dot(wanted, wanted) + _dot(codes, slope) - _dot(codes, products))
    back = slope.mul_(found.on)  # g, n x K
    rebuilding = codes  # what the atoms are weighted with in the output
    half = (codes.T @ codes).mul_(0.5)  # H, K x K
    reviving = None  # what the auxiliary loss adds to H + Hᵀ
    if config.auxiliary and bool(dead.any()):
        # AuxK (Gao et al. 2024, arXiv:2406.04093): dead features reconstruct the residual, without b_dec.
        chances = torch.where(dead, found.scores, 0)
        revived = chances * (chances >= strongest(chances, min(REVIVED, int(dead.sum()))))
        both = codes + revived
        slope = torch.addmm(products, both, found.overlaps, beta=-1)
        loss += config.auxiliary * float(_dot(wanted, wanted) + _dot(both, slope) - _dot(both, products))
        back += config.auxiliary * slope * (revived > 0)
        rebuilding = codes + config.auxiliary * revived
        reviving = (revived.T @ both).mul_(config.auxiliary)
    # b_dec moves the rebuilt flags, and the inputs of the encoder.
    moved = codes.sum(0) @ atoms - wanted.sum(0)

    given = {"b_enc": back.sum(0)}
    if encoder.learned:
        given["W_enc"] = back.T @ centred
        through = given["b_enc"] @ parameters["W_enc"]
        gradient = -(rebuilding.T @ wanted)
    else:
        mixed = back if found.mix is None else back @ found.mix  # g B, n x K
        if encoder.pull:
            half += encoder.pull(mixed, found.activations, config.ridge)
        through = mixed.sum(0) @ atoms
        gradient = (mixed - rebuilding).T @ centred if wanted is centred else mixed.T @ centred - rebuilding.T @ wanted
    square = half + half.T
    given["W_dec"] = gradient.addmm_(square if reviving is None else square.add_(reviving), atoms)
    if "b_dec" in parameters:
        given["b_dec"] = moved - through
    for one in given.values():
        one *= 2 / count
    return max(loss / count, 0.0), found.on, given  # rounded below 0, it is 0; not a number, it stays so


def _dot(one: Tensor, other: Tensor) -> Tensor:
    """The sum of the products of the entries of two matrices."""
    return torch.dot(one.flatten(), other.flatten())
