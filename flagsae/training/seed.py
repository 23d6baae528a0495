"""The `seed` objective: the network of "Generating World Flags with Sparse Auto-Encoders" (Will Wolf, 2016).

Sigmoid units, plain SGD, and for each flag the loss ½ Σ (x - x̂)², plus β Σ KL(ρ ‖ ρ̂) for the batch. The notebook
computes ρ̂ as a mean of activations, which underflows to 0 in float32, so that its loss becomes NaN. Here log ρ̂ is
computed from the pre-activations, and nothing needs to be clamped.

As the output is a sigmoid, training cannot take place in the span of the flags alone. But SGD only adds mixtures of
inputs to the encoder, W_in = W_in⁰ + Aᵀ X, so that the pre-activations are X W_in⁰ᵀ + G A with G = X Xᵀ, and only the
coefficients A (N x K) change. This removes the encoder's products with D = 20808 columns. What remains is three
products with the decoder, and element-wise work on n x D outputs, which took longer: a step goes over the outputs in
blocks of columns that stay in a core's cache, in place, with gradients by hand.

Shapes: N flags, D inputs, K features.
"""

from __future__ import annotations

from typing import TypeAlias

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

# Bytes of a block of outputs in float32: 500 kB of outputs and as much of errors stay in the second-level cache of one
# core, usually of 1 or 2 MB. In a trial, half and double took a little longer. An accelerator takes all at once.
BLOCK = 500_000
# Of the outputs of some columns: the decoder's weights (w x K) and biases (w), the pixels of all flags (N x w), and
# room for outputs and errors (n x w each).
Block: TypeAlias = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
DEAD_RANGE = 1e-3  # by eye: a unit whose activations vary by less than this is dead


def kl_sparsity(pre: Tensor, rho: float) -> Tensor:
    """Σ_k KL(ρ ‖ ρ̂_k), with ρ̂_k the mean activation of feature k over the batch. Computed in log space.

    pre: n x K, the pre-activations; rho: ρ, the wanted mean activation.
    """
    log_n = float(np.log(len(pre)))
    log_on = logsigmoid(pre).logsumexp(0) - log_n
    log_off = logsigmoid(-pre).logsumexp(0) - log_n
    return (rho * (np.log(rho) - log_on) + (1 - rho) * (np.log(1 - rho) - log_off)).sum()


def kl_gradient(pre: Tensor, rho: float) -> Tensor:
    """The gradient of `kl_sparsity` with respect to the pre-activations: n x K.

    With ρ̂ the mean of the activations h, it is h (1 - h) ((1 - ρ) / (1 - ρ̂) - ρ / ρ̂) / n. Each quotient is taken as a
    softmax over the batch, h / (n ρ̂), which stays finite where ρ̂ vanishes.
    """
    off = torch.sigmoid(-pre)
    on_share, off_share = logsigmoid(pre).softmax(0), logsigmoid(-pre).softmax(0)
    return (1 - rho) * off_share * (1 - off) - rho * on_share * off


def _width(batch: int, inputs: int, device: str) -> int:
    """How many columns of the outputs of a batch are a block."""
    return min(inputs, max(1, BLOCK // (4 * batch))) if device.startswith("cpu") else inputs


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
        self.width = _width(self.batch, inputs, config.device)
        # The outputs of a block and their errors: new arrays of all outputs in each step took a quarter of its time.
        self.buffers = [torch.empty(self.batch * self.width, device=self.device) for _ in range(2)]
        self.blocks: dict[int, list[Block]] = {}

    @staticmethod
    def needs(config: TrainConfig, dataset: Dataset) -> Needs:
        """The memory and the work of a run, estimated from the sizes of its largest arrays."""
        known, trained = len(dataset.flags), len(trained_and_scored(config, dataset)[0])
        inputs = 3 * dataset.size[0] * dataset.size[1]
        # Both weight matrices, the update of one, and copies of both while a file is written.
        floats = 8 * config.features * inputs + 4 * known * inputs + trained**2
        batch = min(config.batch or trained, trained)
        columns = inputs if chosen_path(config, trained, inputs) == "direct" else _width(batch, inputs, config.device)
        return Needs(4 * floats, batch * columns * config.features)

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
        count = len(chosen)
        pre = self.b_in + (
            torch.addmm(self.start[chosen], self.gram[chosen], self.coefficients)
            if self.path == "span"
            else self.X[chosen] @ self.W_in.T
        )
        hidden = torch.sigmoid(pre)
        delta_hidden, squares = self._decoder_step(chosen, hidden)
        # The gradient with respect to the pre-activations, n x K.
        delta_in = delta_hidden * hidden * (1 - hidden) / count + self.config.beta * kl_gradient(pre, self.config.rho)
        rate = self.config.learning_rate
        self.b_in -= rate * delta_in.sum(0)
        if self.path == "span":
            self.coefficients[chosen] -= rate * delta_in
        else:
            self.W_in.addmm_(delta_in.T, self.X[chosen], alpha=-rate)
        penalty = self.config.beta * kl_sparsity(pre, self.config.rho)
        return float(squares / (2 * count) + penalty), hidden

    def _decoder_step(self, chosen: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """A step of the decoder: (n times the gradient of the mean error with respect to `hidden`, n x K; the sum of
        the squared errors). chosen: n, rows of X; hidden: n x K."""
        count = len(chosen)
        rate = self.config.learning_rate / count
        ones, delta_hidden = torch.ones(count, device=self.device), torch.zeros_like(hidden)
        blocks = self._blocks(count)
        squares = torch.empty(len(blocks), device=self.device)
        for place, (W, b, pixels, output, error) in enumerate(blocks):
            torch.mm(hidden, W.T, out=output).add_(b).sigmoid_()
            torch.index_select(pixels, 0, chosen, out=error)
            torch.sub(output, error, out=error)
            flat = error.view(-1)
            torch.dot(flat, flat, out=squares[place])
            # error * output * (1 - output), in one pass
            delta = torch.ops.aten.sigmoid_backward.grad_input(error, output, grad_input=error)
            delta_hidden.addmm_(delta, W)
            W.addmm_(delta.T, hidden, alpha=-rate)
            b.addmv_(delta.T, ones, alpha=-rate)
        return delta_hidden, squares.sum()

    def _blocks(self, count: int) -> list[Block]:
        """The blocks of a step of `count` flags, made once, as views take time to make."""
        if count not in self.blocks:
            self.blocks[count] = [
                (W, b, pixels, *(one[: count * len(b)].view(count, len(b)) for one in self.buffers))
                for W, b, pixels in zip(
                    self.W_out.split(self.width),
                    self.b_out.split(self.width),
                    self.X.split(self.width, dim=1),
                    strict=True,
                )
            ]
        return self.blocks[count]

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
        for name in ("W_in", "coefficients", "b_in", "W_out", "b_out"):
            getattr(self, name).copy_(state[name])  # in place, as blocks are views
        if self.path == "span":
            self.start = self.X @ self.W_in.T
        self.random.set_state(state["random"])
