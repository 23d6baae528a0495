"""The `seed` objective: the network of "Generating World Flags with Sparse Auto-Encoders" (Will Wolf, 2016).

Sigmoid units, ½ Σ (x - x̂)² a flag + β Σ KL(ρ ‖ ρ̂), plain SGD. The notebook takes ρ̂ as a mean of activations,
which underflows to 0 in float32 and ends in NaN; here log ρ̂ is computed from the pre-activations and nothing
needs a clamp.

The output is a sigmoid, so there is no training in the span alone; but SGD only ever adds mixtures of inputs to
the encoder, W_in = W_in⁰ + Aᵀ X, so its pre-activations are X W_in⁰ᵀ + G A and its N x K coefficients are all that
moves. That removes the encoder's products with D = 20808 columns; on two cores the decoder's update is what takes the
time, and `benchmarks/speed.py` finds the two paths equally fast.
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


def kl_sparsity(pre: Tensor, rho: float) -> Tensor:
    """Σ_k KL(ρ ‖ ρ̂_k) with ρ̂ the mean activation over the batch, in log space. pre: n x K."""
    log_n = float(np.log(len(pre)))
    log_on = logsigmoid(pre).logsumexp(0) - log_n
    log_off = logsigmoid(-pre).logsumexp(0) - log_n
    return (rho * (np.log(rho) - log_on) + (1 - rho) * (np.log(1 - rho) - log_off)).sum()


def _l0_and_dead(hidden: Tensor) -> tuple[float, int]:
    """How many units are active for a flag, and how many are dead. hidden: n x K activations."""
    # A sigmoid is never 0: a unit that says the same of every flag says nothing, and counts as dead.
    dead = hidden.amax(0) - hidden.amin(0) < 1e-3
    return float((hidden > Seed.active_above).sum(1).float().mean()), int(dead.sum())


class SeedObjective:
    """The parameters and one step of plain SGD."""

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

        self.W_in = gaussian(config.features, inputs)  # as it starts, where the path is "span"
        self.coefficients = torch.zeros(len(self.X), config.features, device=self.device)
        self.b_in = gaussian(config.features)
        self.W_out = gaussian(inputs, config.features)
        self.b_out = gaussian(inputs)
        if self.path == "span":
            self.gram = self.X @ self.X.T
            self.start = self.X @ self.W_in.T

    @staticmethod
    def needs(config: TrainConfig, dataset: Dataset) -> Needs:
        """Of memory and work."""
        known, trained = len(dataset.flags), len(trained_and_scored(config, dataset)[0])
        inputs = 3 * dataset.size[0] * dataset.size[1]
        # Both matrices, a step of one, and copies of both where they are written down.
        floats = 8 * config.features * inputs + 4 * known * inputs + trained**2
        return Needs(4 * floats, min(config.batch or trained, trained) * inputs * config.features)

    def _pixels(self, canvas: NDArray[np.uint8]) -> Tensor:
        flat = canvas.reshape(len(canvas), -1).astype(np.float32) / 255
        return torch.tensor(flat, device=self.device)

    def epoch(self) -> tuple[float, float, int]:
        """One pass over the training flags, reshuffled: the mean loss of its steps, L0 and dead units."""
        order = torch.randperm(len(self.X), generator=self.random)
        # Gradients behind saturated sigmoids are denormal numbers, which are slow: flush them to zero.
        torch.set_flush_denormal(True)
        try:
            steps = [self._step(chosen.to(self.device)) for chosen in order.split(self.batch)]
        finally:
            torch.set_flush_denormal(False)  # the flag is the thread's, and numpy's too
        return float(np.mean([loss for loss, _ in steps])), *_l0_and_dead(torch.cat([hidden for _, hidden in steps]))

    def _step(self, chosen: Tensor) -> tuple[float, Tensor]:
        """The loss, and the activations of the step's flags: n x K."""
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
            # The gradient of the mean loss with respect to the output's pre-activations, by hand: one product
            # with D columns instead of autograd's copies of it.
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
        """Loss per flag on each part, ½ Σ squared error + the penalty over that part; mean activation, dead."""
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
        return self.W_in + self.coefficients.T @ self.X if self.path == "span" else self.W_in

    def model(self) -> Seed:
        def copied(tensor: Tensor) -> NDArray[np.float32]:
            return tensor.cpu().numpy().copy()  # training goes on in the same memory

        return Seed(
            W_in=copied(self._encoder()),
            b_in=copied(self.b_in),
            W_out=copied(self.W_out),
            b_out=copied(self.b_out),
            size=self.dataset.size,
        )

    def state(self) -> dict[str, Tensor]:
        """Everything that the next step depends on."""
        return {
            "W_in": self.W_in,
            "coefficients": self.coefficients,
            "b_in": self.b_in,
            "W_out": self.W_out,
            "b_out": self.b_out,
            "random": self.random.get_state(),
        }

    def restore(self, state: dict[str, Tensor]) -> None:
        self.W_in, self.coefficients = state["W_in"].to(self.device), state["coefficients"].to(self.device)
        self.b_in, self.b_out = state["b_in"].to(self.device), state["b_out"].to(self.device)
        self.W_out = state["W_out"].to(self.device)
        if self.path == "span":
            self.start = self.X @ self.W_in.T
        self.random.set_state(state["random"])
