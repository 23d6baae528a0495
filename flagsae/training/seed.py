"""The `seed` objective: the network of "Generating World Flags with Sparse Auto-Encoders" (Will Wolf, 2016).

Sigmoid units, plain SGD, and for each flag the loss ½ Σ (x - x̂)², plus β Σ KL(ρ ‖ ρ̂) for the batch. The notebook
computes ρ̂ as a mean of activations, which underflows to 0 in float32, so that its loss becomes NaN. Here log ρ̂ is
computed from the pre-activations, and nothing needs to be clamped.

As the output is a sigmoid, training cannot take place in the span of the flags alone. But SGD only adds mixtures of
inputs to the encoder, W_in = W_in⁰ + Aᵀ X, so that the pre-activations are X W_in⁰ᵀ + G A with G = X Xᵀ, and only the
coefficients A (N x K) change. This removes the encoder's products with D = 20808 columns. On two cores the update of
the decoder dominates, and `benchmarks/speed.py` finds the two paths equally fast.

Shapes: N flags, D inputs, K features.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import logsigmoid

from flagsae.flags.dataset import PARTS, Dataset
from flagsae.sae.info import Figures
from flagsae.sae.seed import Seed
from flagsae.training.config import TrainConfig
from flagsae.training.resources import Needs
from flagsae.training.splits import chosen_path, trained_and_scored

DEAD_RANGE = 1e-3  # by eye: a unit whose activations vary by less than this is dead


def kl_sparsity(pre: Tensor, rho: float) -> Tensor:
    """Σ_k KL(ρ ‖ ρ̂_k), with ρ̂_k the mean activation of feature k over the batch. Computed in log space.

    pre: n x K, the pre-activations; rho: ρ, the wanted mean activation.
    """
    log_n = float(np.log(len(pre)))
    log_on = logsigmoid(pre).logsumexp(0) - log_n
    log_off = logsigmoid(-pre).logsumexp(0) - log_n
    return (rho * (np.log(rho) - log_on) + (1 - rho) * (np.log(1 - rho) - log_off)).sum()


def _l0_and_dead(hidden: Tensor) -> tuple[float, int]:
    """(how many units are active for a flag on average, how many are dead). hidden: n x K activations."""
    # A sigmoid is never 0, so a unit counts as dead if its activation is nearly the same for all flags.
    dead = hidden.amax(0) - hidden.amin(0) < DEAD_RANGE
    return float((hidden > Seed.active_above).sum(1).float().mean()), int(dead.sum())


class SeedObjective:
    """The parameters of the network, trained by plain SGD."""

    def __init__(self, config: TrainConfig, dataset: Dataset) -> None:
        self.config = config
        self.dataset = dataset
        self.trained, self.parts = trained_and_scored(config, dataset)
        self.device = torch.device(config.device)
        canvas = dataset.flags.canvas
        self.X = self._pixels(canvas[self.trained])
        inputs = self.X.shape[1]
        self.path = chosen_path(config, len(self.X), inputs)
        self.batch = min(config.batch or len(self.X), len(self.X))
        self.random = torch.Generator().manual_seed(config.seed)
        sigma = inputs**-0.5

        def gaussian(*shape: int) -> Tensor:
            return (torch.randn(*shape, generator=self.random) * sigma).to(self.device)

        self.W_in = gaussian(config.features, inputs)  # K x D; in the path "span" it stays as it starts
        self.coefficients = torch.zeros(len(self.X), config.features, device=self.device)  # A, N x K; for "span"
        self.b_in = gaussian(config.features)
        self.W_out = gaussian(inputs, config.features)
        self.b_out = gaussian(inputs)
        if self.path == "span":
            self.gram = self.X @ self.X.T
            self.start = self.X @ self.W_in.T

    @staticmethod
    def needs(config: TrainConfig, dataset: Dataset) -> Needs:
        """The memory and the work of a run, estimated from the sizes of its largest arrays."""
        known, trained = len(dataset.flags), len(trained_and_scored(config, dataset)[0])
        inputs = 3 * dataset.size[0] * dataset.size[1]
        # Both weight matrices, the update of one, and copies of both while a file is written.
        floats = 8 * config.features * inputs + 4 * known * inputs + trained**2
        return Needs(4 * floats, min(config.batch or trained, trained) * inputs * config.features)

    def _pixels(self, canvas: NDArray[np.uint8]) -> Tensor:
        """n x D, 0 to 1. canvas: n x H x W x 3."""
        flat = canvas.reshape(len(canvas), -1).astype(np.float32) / 255
        return torch.tensor(flat, device=self.device)

    def epoch(self) -> tuple[float, float, int]:
        """One pass over the training flags in a new order: (mean loss of its steps, L0, number of dead units)."""
        order = torch.randperm(len(self.X), generator=self.random)
        # Gradients through saturated sigmoids are denormal numbers, which are slow: flush them to zero.
        torch.set_flush_denormal(True)
        try:
            steps = [self._step(chosen.to(self.device)) for chosen in order.split(self.batch)]
        finally:
            torch.set_flush_denormal(False)  # it holds for all of the thread, numpy's arithmetic too
        return float(np.mean([loss for loss, _ in steps])), *_l0_and_dead(torch.cat([hidden for _, hidden in steps]))

    def _step(self, chosen: Tensor) -> tuple[float, Tensor]:
        """One step of SGD: (loss, activations of its flags before the step, n x K). chosen: n, rows of X."""
        targets = self.X[chosen]
        with torch.no_grad():
            pre = (
                self.start[chosen] + self.gram[chosen] @ self.coefficients
                if self.path == "span"
                else targets @ self.W_in.T
            ) + self.b_in
        pre.requires_grad_(True)
        hidden = torch.sigmoid(pre)
        with torch.no_grad():
            output = torch.sigmoid(hidden @ self.W_out.T + self.b_out)
            error = output - targets
            # The gradient of the mean loss with respect to the output's pre-activations, n x D, written by hand:
            # autograd would keep more copies of arrays of that size.
            delta_out = error * output * (1 - output) / len(targets)
            delta_hidden = delta_out @ self.W_out
        penalty = self.config.beta * kl_sparsity(pre, self.config.rho)
        (delta_in,) = torch.autograd.grad([hidden, penalty], pre, [delta_hidden, torch.ones_like(penalty)])
        rate = self.config.learning_rate
        with torch.no_grad():
            self.W_out -= rate * delta_out.T @ hidden
            self.b_out -= rate * delta_out.sum(0)
            self.b_in -= rate * delta_in.sum(0)
            if self.path == "span":
                self.coefficients[chosen] -= rate * delta_in
            else:
                self.W_in -= rate * delta_in.T @ targets
        return float(error.square().sum(1).mean() / 2 + penalty.detach()), hidden.detach()

    def figures(self, model: Seed) -> Figures:
        """The loss of each part of the split (as in training, the penalty over the whole part), L0 and dead units of
        the training part."""
        W_in = torch.tensor(model.W_in, device=self.device)
        figures: Figures = {}
        hidden = torch.empty(0)
        with torch.no_grad():
            for part in PARTS:
                positions = self.parts.get(part)
                if positions is None or not len(positions):
                    figures[f"{part}_loss"] = None
                    continue
                pixels = self._pixels(self.dataset.flags.canvas[positions])
                pre = pixels @ W_in.T + self.b_in
                activations = torch.sigmoid(pre)
                output = torch.sigmoid(activations @ self.W_out.T + self.b_out)
                error = float((output - pixels).square().sum(1).mean() / 2)
                figures[f"{part}_loss"] = error + self.config.beta * float(kl_sparsity(pre, self.config.rho))
                hidden = activations if part == "train" else hidden
        figures["l0"], figures["dead"] = _l0_and_dead(hidden)
        return figures

    def _encoder(self) -> Tensor:
        """The encoder's weights after the last step, K x D."""
        return self.W_in + self.coefficients.T @ self.X if self.path == "span" else self.W_in

    def model(self) -> Seed:
        """The model after the last step."""

        def copied(tensor: Tensor) -> NDArray[np.float32]:
            return tensor.cpu().numpy().copy()  # training continues in the tensor's memory

        return Seed(
            W_in=copied(self._encoder()),
            b_in=copied(self.b_in),
            W_out=copied(self.W_out),
            b_out=copied(self.b_out),
            dataset=self.dataset,
        )

    def state(self) -> dict[str, Tensor]:
        """All that the next step depends on, by name."""
        return {
            "W_in": self.W_in,
            "coefficients": self.coefficients,
            "b_in": self.b_in,
            "W_out": self.W_out,
            "b_out": self.b_out,
            "random": self.random.get_state(),
        }

    def restore(self, state: dict[str, Tensor]) -> None:
        """Continues from what `state` returned."""
        self.W_in, self.coefficients = state["W_in"].to(self.device), state["coefficients"].to(self.device)
        self.b_in, self.b_out = state["b_in"].to(self.device), state["b_out"].to(self.device)
        self.W_out = state["W_out"].to(self.device)
        if self.path == "span":
            self.start = self.X @ self.W_in.T
        self.random.set_state(state["random"])
