"""Learns dictionaries by gradients, all models of a row at once as one batch of small models."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from dictionary.folds import Bench, Floats
from dictionary.plain import given
from dictionary.recipe import Coder, Recipe, strongest
from flagsae.training.config import make_config
from flagsae.training.crisp import RECOLOURINGS

AUXILIARY = make_config("crisp").auxiliary  # weight of what dead features rebuild of the error, as in the trainer
REVIVED = 32  # dead features a flag, that do
DEAD_AFTER = 50  # passes over the data without firing
MOST_FURTHER = RECOLOURINGS  # times as many further points as flags, that a model may choose from
BAND = 0.1  # JumpReLU: activations so near to a threshold move it


def learned(recipe: Recipe, bench: Bench) -> list[Coder]:
    batch = Batch(recipe, bench)
    for number in range(recipe.steps):
        batch.step(number)
    return batch.coders(bench)


class Batch:
    """All models of a recipe: B models, K features, n flags a step, D numbers a flag."""

    def __init__(self, recipe: Recipe, bench: Bench) -> None:
        self.recipe, folds, K = recipe, bench.models, recipe.features
        B, most = len(folds), max(len(fold.train) for fold in folds)
        self.count = min(len(fold.train) for fold in folds)  # flags of a step: as many as the smallest fold has
        self.random = torch.Generator().manual_seed(0)
        self.Z = torch.zeros(B, most, max(fold.Z.shape[1] for fold in folds))  # (B, n, D), short folds end in zeros
        self.empty = torch.zeros(B, 1, self.Z.shape[2])
        self.there = torch.zeros(B, most)
        for model, fold in enumerate(folds):
            n, D = len(fold.train), fold.Z.shape[1]
            self.Z[model, :n, :D] = torch.tensor(fold.Z[fold.train])
            self.empty[model, 0, :D] = torch.tensor(fold.empty)
            self.there[model, :n] = 1
        if recipe.further:
            further = [fold.further(recipe.further, model) for model, fold in enumerate(folds)]
            self.others = torch.zeros(B, min(self.count * MOST_FURTHER, *map(len, further)), self.Z.shape[2])
            for model, points in enumerate(further):
                self.others[model, :, : points.shape[1]] = torch.tensor(points[: self.others.shape[1]])
        self.p = {"b_enc": torch.zeros(B, 1, K)}
        if recipe.biased:
            self.p["b_dec"] = torch.zeros_like(self.empty)
        self.frozen: dict[str, Tensor] = {}
        if recipe.atoms in ("flags", "shuffled"):
            self.frozen["W_dec"] = torch.tensor(np.stack(given(recipe, bench))).float()
        elif recipe.atoms in ("convex", "non-negative"):  # a few flags an atom
            self.p["shares"] = torch.rand(B, K, most, generator=self.random) ** 30 * self.there[:, None]
        else:
            self.p["W_dec"] = self._start(recipe, most)
        if recipe.encoder == "free":
            self.p["W_enc"] = self.atoms().clone()
        elif recipe.encoder == "random":
            directions = torch.randn(B, K, self.Z.shape[2], generator=self.random)
            self.frozen["W_enc"] = directions / directions.norm(dim=2, keepdim=True)
        if recipe.activation == "jumprelu":
            self.p["threshold"] = torch.zeros(B, 1, K)
        for parameter in self.p.values():
            parameter.requires_grad_(True)
        self.optimiser = torch.optim.Adam(self.p.values(), lr=recipe.rate)
        self.penalty = torch.full((B,), 0.05)  # of relu and jumprelu, steered so that k features fire
        self.silent = torch.zeros(B, K)
        self.mix = torch.eye(K)

    def _start(self, recipe: Recipe, most: int) -> Tensor:
        """B x K x D."""
        B, K = len(self.Z), recipe.features
        if recipe.start == "flags":
            order = torch.rand(B, most, generator=self.random) + 2 * (1 - self.there)
            chosen = order.argsort(1)[:, torch.arange(K) % self.count]
            start = self.Z[torch.arange(B)[:, None], chosen]
            start = start + 0.02 * torch.rand(start.shape, generator=self.random)  # so that two of a flag differ
        else:
            start = torch.bmm(torch.randn(B, K, most, generator=self.random), self.Z)
        return start / start.norm(dim=2, keepdim=True)

    def atoms(self) -> Tensor:
        """B x K x D."""
        if "shares" not in self.p:
            return self.p["W_dec"] if "W_dec" in self.p else self.frozen["W_dec"]
        shares = self.p["shares"].relu() * self.there[:, None]
        mixed = torch.bmm(shares / shares.sum(2, keepdim=True).clamp(min=1e-6), self.Z)
        if self.recipe.atoms == "non-negative":
            mixed = mixed - self.empty
        return mixed / mixed.norm(dim=2, keepdim=True).clamp(min=1e-6)

    def encoder(self, W: Tensor) -> Tensor:
        """B x K x D."""
        if self.recipe.encoder == "inverse":
            ridge = self.recipe.ridge
            return torch.linalg.solve(W @ W.transpose(1, 2) + ridge * self.mix, W) * (1 + ridge)
        if self.recipe.encoder == "tied":
            return W
        return self.p["W_enc"] if "W_enc" in self.p else self.frozen["W_enc"]

    def centre(self) -> Tensor:
        """What is taken from inputs, B x 1 x D."""
        return self.p.get("b_dec", self.empty)

    def bias(self) -> Tensor:
        """What is added to what atoms rebuild, B x 1 x D."""
        return self.empty if self.recipe.atoms == "non-negative" else self.centre()

    def threshold(self) -> Tensor:
        """JumpReLU's, B x 1 x K; the factor lets it move as fast as it must."""
        return 0.1 * (5 * self.p["threshold"]).exp()

    def choose(self, positive: Tensor) -> Tensor:
        """Which activations are kept: B x n x K."""
        k = self.recipe.active
        if self.recipe.activation == "topk":
            values, places = positive.topk(k, 2)
            return torch.zeros_like(positive).scatter(2, places, values)
        if self.recipe.activation == "batchtopk":
            least = positive.flatten(1).topk(k * positive.shape[1], 1).values[:, -1]
            return positive * (positive >= least[:, None, None])
        if self.recipe.activation == "jumprelu":
            threshold = self.threshold()
            return positive * (positive > threshold) - threshold.detach() * self.near(positive) * (
                threshold - threshold.detach()
            )
        return positive

    def near(self, positive: Tensor) -> Tensor:
        """The gradient that a threshold has instead of its step's (Rajamanoharan et al. 2024, arXiv:2407.14435)."""
        return ((positive > 0) & ((positive - self.threshold()).abs() < BAND / 2)).detach() / BAND

    def noise(self, n: int) -> Tensor:
        mixing = torch.randn(len(self.Z), n, self.Z.shape[1], generator=self.random) * self.there[:, None]
        return torch.bmm(mixing, self.Z) / self.there.sum(1)[:, None, None] ** 0.5

    def loss(self, done: float) -> Tensor:
        """Of one step, B. done: the share of the steps before it."""
        recipe, W = self.recipe, self.atoms()
        E = self.encoder(W).transpose(1, 2)
        targets = self._targets()
        inputs = targets + recipe.noise * self.noise(targets.shape[1]) if recipe.noise else targets
        if recipe.dropped:
            inputs = inputs * (torch.rand(inputs.shape, generator=self.random) > recipe.dropped)
        positive = torch.relu((inputs - self.centre()) @ E + self.p["b_enc"])
        loss = torch.zeros(len(W))
        if recipe.sums == "codes":
            positive, of_sums = positive[:, : self.count], positive[:, self.count :]
            targets, half = targets[:, : self.count], self.count // 2
            goal = self.choose(positive.detach())
            goal = (goal[:, :half] + goal[:, half : 2 * half]) / 2
            loss = loss + (of_sums - goal).square().sum(2).mean(1)
        codes = self.choose(positive)
        for share in recipe.prefixes:
            cut = int(share * recipe.features)
            left = targets - codes[:, :, :cut] @ W[:, :cut] - self.bias()
            loss = loss + left.square().sum(2).mean(1) / len(recipe.prefixes)
        if recipe.activation in ("relu", "jumprelu"):
            loss = loss + min(1, 20 * done) * self.penalty * self._sparsity(positive, codes)
            firing = (codes > 0).float().sum(2).mean(1)
            if done > 0.05:
                self.penalty *= torch.exp(0.02 * (firing / recipe.active - 1).clamp(-1, 1))
        self.silent = torch.where((codes > 0).any(1), 0, self.silent + 1)
        dead = self.silent > DEAD_AFTER
        if bool(dead.any()):  # AuxK, as in the trainer
            values, places = (positive * dead[:, None]).topk(min(REVIVED, recipe.features), 2)
            revived = torch.zeros_like(positive).scatter(2, places, values)
            loss = loss + AUXILIARY * (left.detach() - revived @ W).square().sum(2).mean(1)
        return loss

    def _targets(self) -> Tensor:
        """What a step rebuilds: B x n x D."""
        order = torch.rand(self.there.shape, generator=self.random) + 2 * (1 - self.there)
        some = order.argsort(1)[:, : self.count]
        every = torch.arange(len(self.Z))[:, None]
        targets = self.Z[every, some]
        half = self.count // 2
        if self.recipe.sums:
            targets = torch.cat([targets, (targets[:, :half] + targets[:, half : 2 * half]) / 2], 1)
        if self.recipe.further:
            chosen = torch.randint(self.others.shape[1], (len(self.Z), self.count), generator=self.random)
            targets = torch.cat([targets, self.others[every, chosen]], 1)
        return targets

    def _sparsity(self, positive: Tensor, codes: Tensor) -> Tensor:
        if self.recipe.activation == "relu":
            return codes.sum(2).mean(1)
        return -(self.near(positive) * self.threshold()).sum(2).mean(1)

    def step(self, number: int) -> None:
        done = (number + 1) / self.recipe.steps
        gradients = torch.autograd.grad(
            self.loss(number / self.recipe.steps).sum(),
            list(self.p.values()),
            allow_unused=True,
            materialize_grads=True,
        )
        with torch.no_grad():
            by_name = dict(zip(self.p, gradients, strict=True))
            if "W_dec" in self.p:
                by_name["W_dec"] -= (by_name["W_dec"] * self.p["W_dec"]).sum(2, keepdim=True) * self.p["W_dec"]
            length = sum((gradient.flatten(1).square().sum(1) for gradient in gradients), torch.zeros(len(self.Z)))
            for name, parameter in self.p.items():
                parameter.grad = by_name[name] / length.sqrt().clamp(min=1)[:, None, None]
            self.optimiser.param_groups[0]["lr"] = self.recipe.rate * min(1, done / 0.02, (1 - done) / 0.3 + 0.001)
            self.optimiser.step()
            if "W_dec" in self.p:
                if self.recipe.atoms == "positive":
                    self.p["W_dec"].relu_()
                self.p["W_dec"] /= self.p["W_dec"].norm(dim=2, keepdim=True).clamp(min=1e-6)

    def coders(self, bench: Bench) -> list[Coder]:
        """The trained models, one by one."""
        with torch.no_grad():
            W = self.atoms()
            encoder, centre, bias, b_enc = self.encoder(W), self.centre(), self.bias(), self.p["b_enc"]
            threshold = self.threshold() if "threshold" in self.p else torch.full_like(b_enc, self.recipe.cut)
            active = self.recipe.active if self.recipe.activation == "topk" else self.recipe.features
            coders = []
            for model, fold in enumerate(bench.models):
                D = fold.Z.shape[1]
                E, shift, floor = array(encoder[model, :, :D]), array(centre[model, 0, :D]), array(threshold[model, 0])
                b = array(b_enc[model, 0]) - E @ shift
                if self.recipe.activation == "batchtopk":  # what the whole training set keeps, as one threshold
                    positive = np.sort((fold.Z[fold.train] @ E.T + b).ravel())
                    floor = floor + max(0.0, positive[-self.recipe.active * len(fold.train)]) * (1 - 1e-5)
                encode = partial(activations, E, b, floor, active)
                coders.append(Coder(encode, array(W[model, :, :D]), array(bias[model, 0, :D])))
        return coders


def array(tensor: Tensor) -> Floats:
    return tensor.double().numpy()


def activations(encoder: Floats, bias: Floats, threshold: Floats, active: int, points: Floats) -> Floats:
    """Codes of n points: n x D to n x K."""
    codes = np.maximum(points @ encoder.T + bias, 0)
    return strongest(np.where(codes > threshold, codes, 0), active)
