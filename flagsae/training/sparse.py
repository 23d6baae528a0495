"""What the objectives of sparse autoencoders share: the parameters, their optimiser, one step of training.

The inputs of a run are rows in some basis, of mean squared norm 1, so that a mean squared error is an FVU. An objective
makes them (`crisp`, `design`) and turns the parameters into a model.

Shapes: n flags of a step, N training flags, K features, r dimensions of the training basis.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flagsae.flags.dataset import PARTS, Split
from flagsae.sae.codes import Codes
from flagsae.sae.info import Figures
from flagsae.sae.kind import Model
from flagsae.training.config import TrainConfig
from flagsae.training.encoders import ENCODERS, Parameters
from flagsae.training.gradient import encode, gradients

DEAD_AFTER = 50  # passes over the data after which a feature that did not fire is dead
WARM_UP = 0.02  # share of all steps in which the learning rate rises linearly
DECAY = 0.3  # share of all steps, the last ones, in which it falls linearly to zero
# Adam (Kingma & Ba 2015, arXiv:1412.6980), with its usual values: share of the newest gradient in the running means
# (1 - beta1, 1 - beta2), and what keeps the divisor above 0.
NEW_MOMENTUM, NEW_SQUARE, EPSILON = 0.1, 0.001, 1e-8
MARGIN = 1e-5  # how far a threshold lies below the weakest activation that it must keep, as a share of that

M = TypeVar("M", bound=Model)  # the class of the trained models


class SparseTraining(Generic[M]):
    """The parameters of a sparse autoencoder with an optimiser.

    For steps that do not depend on the basis, directions start as random mixtures of flags, noise is a random mixture
    of flags, and Adam's second moment is one number for each row.
    """

    trained: NDArray[np.int64]
    """Positions in the dataset of the flags that it learns from."""
    parts: Split
    """The parts of the split that are scored."""

    def __init__(
        self, config: TrainConfig, inputs: Tensor, others: Tensor, share: float, *, additive: bool = False
    ) -> None:
        """inputs: N x r, the training flags; others: M x r, made flags, of which each step rebuilds so many beside its
        flags that they are `share` of these; additive: whether atoms have no negative numbers, and add up to flags
        without a bias, so that inputs without negative numbers are made of parts."""
        self.config = config
        self.device = inputs.device
        self.Z, self.others, self.share, self.additive = inputs.contiguous(), others, share, additive
        self.batch = min(config.batch or len(inputs), len(inputs))
        self.steps_per_epoch = -(-len(inputs) // self.batch)
        self.step_number = 0
        random = torch.Generator().manual_seed(config.seed)
        mixtures = torch.randn(config.features, len(inputs), generator=random).to(self.device)
        start = mixtures @ inputs
        if additive:
            start = start.clamp(min=0)
            # Of few flags, all may be taken away.
            start = torch.where(start.any(1, keepdim=True), start, mixtures.abs() @ inputs)
        directions = start / start.norm(dim=1, keepdim=True)
        self.parameters: Parameters = {
            "W_enc": directions.clone(),
            "b_enc": torch.zeros(config.features, device=self.device),
            "W_dec": directions.clone(),
            "b_dec": torch.zeros(inputs.shape[1], device=self.device),
        }
        if not ENCODERS[config.encoder].learned:
            del self.parameters["W_enc"]
        if additive:
            del self.parameters["b_dec"]
        self.momentum = {name: torch.zeros_like(parameter) for name, parameter in self.parameters.items()}
        self.square = {
            name: torch.zeros(len(parameter) if name.startswith("W") else 1, device=self.device)
            for name, parameter in self.parameters.items()
        }
        self.silent = torch.zeros(config.features, device=self.device)  # steps since each feature last fired
        self.random = random

    def encoder(self) -> Tensor:
        """The encoder's directions, K x r."""
        return ENCODERS[self.config.encoder].directions(self.parameters, self.config.ridge)

    def epoch(self) -> tuple[float, float, int]:
        """One pass over the training flags: (mean loss of its steps, L0, number of features that never fired)."""
        order = torch.randperm(len(self.Z), generator=self.random)
        # The order of flags within a step changes nothing.
        batches = [self.Z] if self.steps_per_epoch == 1 else [self.Z[chosen] for chosen in order.split(self.batch)]
        steps = [self._step(flags) for flags in batches]
        fires = torch.stack([fires for _, fires in steps]).sum(0)
        return (
            float(np.mean([loss for loss, _ in steps])),
            float(fires.sum()) / len(self.Z),
            int((fires == 0).sum()),
        )

    def _step(self, flags: Tensor) -> tuple[float, Tensor]:
        """One step of the optimiser: (loss, for how many of these flags each feature fired: K). flags: n x r."""
        targets = flags
        if len(self.others):
            # With other flags among them, the dictionary cannot just memorise its few.
            count = round(self.share * len(targets))
            some = torch.randint(len(self.others), (count,), generator=self.random)
            targets = torch.cat([targets, self.others[some]])
        inputs = targets
        if self.config.noise:
            mixing = torch.randn(len(targets), len(self.Z), generator=self.random).to(self.device)
            inputs = targets + self.config.noise * (mixing @ self.Z) / len(self.Z) ** 0.5
        dead = self.silent > DEAD_AFTER * self.steps_per_epoch
        loss, on, given = gradients(self.parameters, self.config, inputs, targets, dead)
        width = self.config.features
        fires = torch.bincount(on.columns[on.places < len(flags) * width], minlength=width)
        fired = torch.bincount(on.columns, minlength=width) > 0
        self.silent.add_(1).masked_fill_(fired, 0)
        self._update(given)
        return loss, fires

    def _update(self, gradients: Parameters) -> None:
        """A step of Adam with one second moment for each row, gradients clipped at norm 1, and atoms of norm 1."""
        atoms = self.parameters["W_dec"]
        # The part of a gradient along its atom would only change the atom's length, which is set back to 1 below.
        along = (gradients["W_dec"] * atoms).sum(1, keepdim=True)
        gradients["W_dec"].addcmul_(along, atoms, value=-1)
        lengths = {name: torch.linalg.vector_norm(gradient, dim=-1) for name, gradient in gradients.items()}
        total = sum(float(length.square().sum()) for length in lengths.values()) ** 0.5
        clip = 1 / max(1.0, total)
        self.step_number += 1
        rate = self.config.learning_rate * self._schedule()
        unbiased = 1 - (1 - NEW_SQUARE) ** self.step_number
        rate /= 1 - (1 - NEW_MOMENTUM) ** self.step_number
        for name, parameter in self.parameters.items():
            self.momentum[name].mul_(1 - NEW_MOMENTUM).add_(gradients[name], alpha=NEW_MOMENTUM * clip)
            self.square[name].lerp_((lengths[name] * clip).square(), NEW_SQUARE)
            sizes = (self.square[name] / unbiased).sqrt_().add_(EPSILON)
            shares = 1 / (sizes[:, None] if parameter.dim() == 2 else sizes)
            parameter.addcmul_(self.momentum[name], shares, value=-rate)
        if self.additive:
            atoms.clamp_(min=0)
        atoms /= torch.linalg.vector_norm(atoms, dim=1, keepdim=True).clamp_(min=EPSILON)

    def _schedule(self) -> float:
        """What the learning rate is multiplied by: linear warm-up, then 1, then linear decay."""
        total = self.config.epochs * self.steps_per_epoch
        done = self.step_number / total
        return min(1.0, done / WARM_UP, (1 - done) / DECAY + 1 / total)

    def figures(self, model: M) -> Figures:
        """The loss of each part (its FVU against the training flags' mean), L0 and dead features."""
        figures: Figures = {}
        for part in PARTS:
            positions = self.parts.get(part)
            figures[f"{part}_loss"] = None if positions is None or not len(positions) else self.fvu(model, positions)
        codes = self.codes(model, self.trained)
        figures["l0"] = float((codes > 0).sum(1).mean())
        figures["dead"] = int((~(codes > 0).any(0)).sum())
        return figures

    def codes(self, model: M, positions: NDArray[np.int64]) -> Codes:
        """The codes of the flags at some positions: n x K."""
        raise NotImplementedError

    def fvu(self, model: M, positions: NDArray[np.int64]) -> float | None:
        """Fraction of variance unexplained, about the mean of the training flags; None if there is no variance."""
        raise NotImplementedError

    def threshold(self) -> float:
        """The threshold with which a batch of any size is encoded as all training flags are together: with "batchtopk"
        just below the weakest activation that is kept, else 0."""
        if self.config.activation != "batchtopk":
            return 0.0
        kept = encode(self.parameters, self.config, self.Z).values
        return float(kept.min()) * (1 - MARGIN) if len(kept) else 0.0

    def state(self) -> dict[str, Tensor]:
        """All that the next step depends on, by name."""
        return {
            **self.parameters,
            **{f"momentum.{name}": tensor for name, tensor in self.momentum.items()},
            **{f"square.{name}": tensor for name, tensor in self.square.items()},
            "silent": self.silent,
            "step_number": torch.tensor([self.step_number]),
            "random": self.random.get_state(),
        }

    def restore(self, state: dict[str, Tensor]) -> None:
        """Continues from what `state` returned."""
        for name, parameter in self.parameters.items():
            parameter.copy_(state[name])
            self.momentum[name].copy_(state[f"momentum.{name}"])
            self.square[name].copy_(state[f"square.{name}"])
        self.silent = state["silent"].to(self.device)
        self.step_number = int(state["step_number"])
        self.random.set_state(state["random"])
