"""The loss of a sparse autoencoder and its gradient, by hand: no graph is built, and no residual in r dimensions.

The loss of codes C (n x K) of flags x (n x r, less the output's bias), with atoms W (K x r), is ‖C W - x‖² / n. With
the products P = x Wᵀ and the overlaps A = W Wᵀ,

    loss = (‖x‖² - 2 ⟨C, P⟩ + ⟨C, C A⟩) / n
    ∂/∂C = 2 (C A - P) / n                    the gradient g of the activations, where C > 0
    ∂/∂W = 2 (Cᵀ C W - Cᵀ x) / n + encoder    with an encoder E = B W: (g B)ᵀ x + (U + Uᵀ) W, U = ∂/∂A through B

so that all gradients of the atoms are two products, Mᵀ x and (Cᵀ C + U + Uᵀ) W, of matrices n x K and K x K. Products
with C and g are sums of few rows. `tests/training/test_gradient.py` compares the gradients with autograd's.

Shapes: n flags of a step, K features, m codes that are not 0, r dimensions of the training basis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from flagsae.training.config import TrainConfig
from flagsae.training.encoders import ENCODERS, Parameters
from flagsae.training.entries import Entries

REVIVED = 32  # dead features, at most, that the auxiliary loss uses for a flag
LEAST = torch.finfo(torch.float32).tiny  # what an activation must reach to be above 0


@dataclass(frozen=True)
class Encoded:
    """The codes of some flags, and what their gradient is made of."""

    on: Entries
    """Where features fire: the entries of the codes C, n x K, that are not 0."""
    values: Tensor
    """The codes there: m."""
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
    """Which activations are the strongest, of each flag or of all flags together: n x K, bool. scores: n x K."""
    if config.activation == "topk":
        return scores >= strongest(scores, min(config.active, scores.shape[1]))
    return scores >= strongest(scores.view(1, -1), min(config.active * len(scores), scores.numel()))


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
    on = Entries(selected(scores, config))
    return Encoded(on, on.of(scores), scores, activations, centred, products, overlaps, mix)


def gradients(
    parameters: Parameters, config: TrainConfig, inputs: Tensor, targets: Tensor, dead: Tensor
) -> tuple[float, Entries, Parameters]:
    """(mean squared error + auxiliary loss, where features fire, the gradient of each parameter).

    inputs, targets: n x r, the same tensor where there is no noise; dead: K, bool, the features that the auxiliary loss
    revives. A mean squared norm of 1 makes the error an FVU.
    """
    encoder, atoms, count = ENCODERS[config.encoder], parameters["W_dec"], len(inputs)
    found = encode(parameters, config, inputs)
    on, values, centred = found.on, found.values, found.centred
    wanted, products = centred, found.products
    if targets is not inputs:
        wanted = targets - parameters["b_dec"] if "b_dec" in parameters else targets
        products = wanted @ atoms.T
    codes = on.filled(values)  # C, n x K

    # All gradients are those of n / 2 times the loss; they are scaled at the end.
    rebuilt = on.times(values, found.overlaps)  # C A, n x K
    at = on.of(products)
    slope = on.of(rebuilt) - at  # g, m
    energy = torch.dot(wanted.reshape(-1), wanted.reshape(-1))
    loss = float(energy + torch.dot(values, slope - at))
    square = on.transposed_times(values, codes)  # Cᵀ C, to which the others are added: K x K
    rebuilding, back, firing = codes, None, on.sums(values)
    revival = _revival(found, config, dead) if config.auxiliary and bool(dead.any()) else None
    if revival is not None:
        # AuxK (Gao et al. 2024, arXiv:2406.04093): dead features reconstruct the residual, without b_dec.
        both = codes + revival
        residual = both @ found.overlaps - products
        loss += config.auxiliary * float(energy + (both * (residual - products)).sum())
        back = on.filled(slope) + config.auxiliary * residual * (revival > 0)
        rebuilding = codes + config.auxiliary * revival
        square += config.auxiliary * (revival.T @ both)

    given = {"b_enc": on.sums(slope) if back is None else back.sum(0)}
    if encoder.learned:
        given["W_enc"] = on.transposed_times(slope, centred) if back is None else back.T @ centred
        through = given["b_enc"] @ parameters["W_enc"]
        gradient = (rebuilding.T @ wanted).neg_()
    else:
        if back is not None:
            mixed = back if found.mix is None else back @ found.mix  # g B, n x K
        else:
            mixed = on.filled(slope) if found.mix is None else on.times(slope, found.mix)
        if encoder.pull and found.mix is not None:
            turned = on.transposed_times(slope, found.activations) if back is None else back.T @ found.activations
            half = encoder.pull(found.mix, turned, config.ridge)
            square += half
            square += half.T
        through = given["b_enc"] @ (atoms if found.mix is None else found.mix @ atoms)
        if wanted is centred:
            gradient = mixed.sub_(rebuilding).T @ centred
        else:
            gradient = mixed.T @ centred - rebuilding.T @ wanted
    given["W_dec"] = gradient.addmm_(square, atoms)
    if "b_dec" in parameters:
        # b_dec moves the rebuilt flags, and the inputs of the encoder.
        given["b_dec"] = firing @ atoms - wanted.sum(0) - through
    for one in given.values():
        one *= 2 / count
    return max(loss / count, 0.0), on, given  # rounded below 0, it is 0; not a number, it stays so


def _revival(found: Encoded, config: TrainConfig, dead: Tensor) -> Tensor:
    """The activations of the strongest dead features of each flag, else 0: n x K. dead: K, bool."""
    chances = torch.where(dead, found.scores, 0)
    return chances * (chances >= strongest(chances, min(REVIVED, int(dead.sum()))))
