"""The notebook's network trained plainly, to compare `seed` with: float64 numpy, PyTorch's autograd, and the products
alone.

Each is a function that trains for one more epoch and returns the mean loss of its steps, from the same start, and with
the same order of flags, as `flagsae.training.seed`.

Shapes: N flags, n of a step, D inputs, K features.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from flagsae.training.seed import SeedObjective, kl_sparsity

Epoch = Callable[[], float]


def orders(seed: SeedObjective) -> Callable[[], tuple[torch.Tensor, ...]]:
    """A function that returns the flags of each step of the next epoch, as the run will draw them."""
    random = torch.Generator()
    random.set_state(seed.random.get_state())
    return lambda: torch.randperm(len(seed.X), generator=random).split(seed.batch)


def in_numpy(seed: SeedObjective) -> Epoch:
    """Float64 numpy, a line for each formula. seed: a run at its start, which stays as it is."""
    X, W_in, b_in, W_out, b_out = (
        tensor.double().numpy().copy() for tensor in (seed.X, seed.W_in, seed.b_in, seed.W_out, seed.b_out)
    )
    drawn, rate, beta, rho = orders(seed), seed.config.learning_rate, seed.config.beta, seed.config.rho

    def sigmoid(values: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-values))

    def epoch() -> float:
        nonlocal W_in, b_in, W_out, b_out
        losses = []
        for chosen in drawn():
            x = X[chosen.numpy()]
            hidden = sigmoid(x @ W_in.T + b_in)
            output = sigmoid(hidden @ W_out.T + b_out)
            mean = hidden.mean(0)
            kl = (rho * np.log(rho / mean) + (1 - rho) * np.log((1 - rho) / (1 - mean))).sum()
            losses.append(((output - x) ** 2).sum(1).mean() / 2 + beta * kl)
            delta_out = (output - x) * output * (1 - output) / len(x)
            sparsity = beta * ((1 - rho) / (1 - mean) - rho / mean) / len(x)
            delta_in = (delta_out @ W_out + sparsity) * hidden * (1 - hidden)
            W_out -= rate * delta_out.T @ hidden
            b_out -= rate * delta_out.sum(0)
            W_in -= rate * delta_in.T @ x
            b_in -= rate * delta_in.sum(0)
        return float(np.mean(losses))

    return epoch


def in_autograd(seed: SeedObjective) -> Epoch:
    """A plain loop of PyTorch's, with `torch.optim.SGD`. seed: a run at its start, which stays as it is."""
    X = seed.X
    parameters = [t.clone().requires_grad_() for t in (seed.W_in, seed.b_in, seed.W_out, seed.b_out)]
    W_in, b_in, W_out, b_out = parameters
    drawn = orders(seed)
    optimiser = torch.optim.SGD(parameters, lr=seed.config.learning_rate)

    def epoch() -> float:
        losses = []
        for chosen in drawn():
            x = X[chosen]
            pre = x @ W_in.T + b_in
            output = torch.sigmoid(torch.sigmoid(pre) @ W_out.T + b_out)
            loss = (output - x).square().sum(1).mean() / 2 + seed.config.beta * kl_sparsity(pre, seed.config.rho)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
        return float(np.mean(losses))

    return epoch


def products_alone(seed: SeedObjective) -> Epoch:
    """Only the three products with the decoder that each step needs, on arrays that are there: the floor."""
    W, steps = seed.W_out.clone(), []
    for chosen in orders(seed)():
        hidden = torch.rand(len(chosen), W.shape[1])
        steps.append((hidden, torch.empty(len(chosen), len(W)), torch.empty_like(hidden), torch.empty_like(W)))

    def epoch() -> float:
        for hidden, output, back, change in steps:
            torch.mm(hidden, W.T, out=output)
            torch.mm(output, W, out=back)
            torch.mm(output.T, hidden, out=change)
        return float("nan")

    return epoch
