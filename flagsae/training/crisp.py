"""The `crisp` objective: a TopK sparse autoencoder of weighted one-hot label maps.

All that a linear encoder and decoder can see of N centred inputs X is their Gram matrix G = X Xᵀ. With G = V Λ Vᵀ, the
rows of Z = V Λ^½ (N x r) are the same inputs in an orthonormal basis of their span. Training on Z instead of X
(249 x 248 in place of 249 x 90,168) is exact: all distances and products are the same. For the optimiser to take the
same steps too, nothing in it may depend on the basis: directions start as random mixtures of flags, noise is a random
mixture of flags, and Adam's second moment is one number for each row.

Shapes: N flags, K features, C colours, H x W pixels, D = C H W inputs, r dimensions of the training basis.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flagsae.errors import DatasetError
from flagsae.flags.dataset import PARTS, Dataset, Flags
from flagsae.sae.codes import Codes
from flagsae.sae.crisp import Crisp, likeness, weights
from flagsae.sae.info import Figures
from flagsae.training.config import TrainConfig
from flagsae.training.encoders import ENCODERS
from flagsae.training.resources import Needs
from flagsae.training.splits import chosen_path, trained_and_scored

DEAD_AFTER = 50  # passes over the data after which a feature that did not fire is dead
REVIVED = 32  # dead features, at most, that the auxiliary loss uses for a flag
WARM_UP = 0.02  # share of all steps in which the learning rate rises linearly
DECAY = 0.3  # share of all steps, the last ones, in which it falls linearly to zero
RECOLOURINGS = 6  # versions of each flag with exchanged colours; made once, at the start
# Adam (Kingma & Ba 2015, arXiv:1412.6980), with its usual values: share of the newest gradient in the running means
# (1 - beta1, 1 - beta2), and what keeps the divisor above 0.
NEW_MOMENTUM, NEW_SQUARE, EPSILON = 0.1, 0.001, 1e-8
RANK = 1e-10  # eigenvalues below this share of the largest are rounding errors, and are left out
RANK_DIRECT = 1e-6  # the same for singular values, in the direct path
MARGIN = 1e-5  # how far a threshold lies below the weakest activation that it must keep, as a share of that


def one_hot(flags: Flags, salience: float, colours: int) -> NDArray[np.float64]:
    """The inputs of the model in full: weighted one-hot label maps, N x (C H W)."""
    hot = flags.labels[:, None] == np.arange(colours, dtype=np.uint8)[:, None, None]
    return (hot * weights(flags.areas, salience)[:, None]).reshape(len(flags), -1).astype(np.float64)


def gram(flags: Flags, others: Flags, salience: float) -> NDArray[np.float64]:
    """Inner products of the inputs of n flags and N others, computed from the label maps: n x N."""
    return likeness(
        flags.labels, weights(flags.areas, salience), others.labels, weights(others.areas, salience)
    ).astype(np.float64)


def span_coordinates(product: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """(Z, unmix, scale) in an orthonormal basis of the span of the inputs.

    product: N x N, the Gram matrix of the inputs before they are centred.
    Z: N x r, the inputs centred and scaled to mean squared norm 1; unmix: r x N, turns a direction in this basis into
    coefficients of the N flags; scale: what the inputs were multiplied by.
    """
    n = len(product)
    centre = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(centre @ product @ centre)
    kept = values > values.max() * RANK
    values, vectors = values[kept], vectors[:, kept]
    scale = float(np.sqrt(n / values.sum()))
    roots = np.sqrt(values)
    return vectors * roots * scale, (vectors / roots).T @ centre / scale, scale


def direct_coordinates(inputs: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """(Z, unmix, scale) as of `span_coordinates`, in the inputs' own basis. inputs: N x D; Z: N x D; unmix: D x N."""
    n = len(inputs)
    centred = inputs - inputs.mean(0)
    scale = float(np.sqrt(n / (centred**2).sum()))
    return centred * scale, np.linalg.pinv(centred, rcond=RANK_DIRECT) @ (np.eye(n) - 1 / n) / scale, scale


def recolour(labels: NDArray[np.uint8], colours: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """Label maps (n x H x W), each with the colours of the palette permuted at random. Returns n x H x W."""
    return np.stack([random.permutation(colours)[own] for own in labels]).astype(np.uint8)


class CrispObjective:
    """The parameters, their optimiser and one step of training."""

    def __init__(self, config: TrainConfig, dataset: Dataset) -> None:
        self.config = config
        self.dataset = dataset
        self.trained, self.parts = trained_and_scored(config, dataset)
        labels = dataset.flags.labels[self.trained]
        if (labels == labels[0]).all():
            raise DatasetError(
                f"the flags of dataset {dataset.name!r} that are trained on ({len(labels)}) are all alike: there is "
                "nothing to learn; prepare pictures that differ"
            )
        height, width = dataset.size
        inputs = height * width * len(dataset.palette)
        self.path = chosen_path(config, len(self.trained), inputs)
        self.gram = gram(dataset.flags, dataset.flags, config.salience)
        coordinates, self.unmix, self.scale = (
            span_coordinates(self.gram[np.ix_(self.trained, self.trained)])
            if self.path == "span"
            else direct_coordinates(one_hot(dataset.flags[self.trained], config.salience, len(dataset.palette)))
        )
        self.device = torch.device(config.device)
        self.Z = torch.tensor(coordinates, dtype=torch.float32, device=self.device)
        self.recoloured = self._recoloured()
        self.batch = min(config.batch or len(self.Z), len(self.Z))
        self.steps_per_epoch = -(-len(self.Z) // self.batch)
        self.step_number = 0
        random = torch.Generator().manual_seed(config.seed)
        start = torch.randn(config.features, len(self.Z), generator=random).to(self.device) @ self.Z
        directions = start / start.norm(dim=1, keepdim=True)
        self.parameters = {
            "W_enc": directions.clone(),
            "b_enc": torch.zeros(config.features, device=self.device),
            "W_dec": directions.clone(),
            "b_dec": torch.zeros(self.Z.shape[1], device=self.device),
        }
        if not ENCODERS[config.encoder].learned:
            del self.parameters["W_enc"]
        for parameter in self.parameters.values():
            parameter.requires_grad_(True)
        self.momentum = {name: torch.zeros_like(parameter) for name, parameter in self.parameters.items()}
        self.square = {
            name: torch.zeros(len(parameter) if name.startswith("W") else 1, device=self.device)
            for name, parameter in self.parameters.items()
        }
        self.silent = torch.zeros(config.features, device=self.device)  # steps since each feature last fired
        self.random = random

    @staticmethod
    def needs(config: TrainConfig, dataset: Dataset) -> Needs:
        """The memory and the work of a run, estimated from the sizes of its largest arrays."""
        known, trained = len(dataset.flags), len(trained_and_scored(config, dataset)[0])
        pixels = dataset.size[0] * dataset.size[1]
        inputs = pixels * len(dataset.palette)
        span = chosen_path(config, trained, inputs) == "span"
        rank, features, encoder = trained if span else inputs, config.features, ENCODERS[config.encoder]
        seen = int((1 + config.recoloured) * min(config.batch or trained, trained))  # flags of a step
        doubles = 3 * known**2 + 3 * trained**2 + (0 if span else 5 * trained * inputs) + 3 * features * known
        floats = (
            RECOLOURINGS * trained * (3 * pixels + 6 * trained) * bool(config.recoloured)
            + 6 * features * rank * (2 if encoder.learned else 1)  # parameters, their gradients and momentum
            + encoder.squares * features**2
            + 6 * seen * features
        )
        return Needs(8 * doubles + 4 * floats, seen * rank * features)

    def _recoloured(self) -> Tensor:
        """The recoloured training flags, projected onto the span of the training flags: (RECOLOURINGS N) x r."""
        if not self.config.recoloured:
            return self.Z[:0]
        known, random = self.dataset.flags[self.trained], np.random.default_rng(self.config.seed)
        many = recolour(known.labels.repeat(RECOLOURINGS, 0), len(self.dataset.palette), random)
        weight = weights(known.areas, self.config.salience)
        products = likeness(many, weight.repeat(RECOLOURINGS, 0), known.labels, weight).astype(np.float64)
        products -= self.gram[np.ix_(self.trained, self.trained)].mean(0)
        return torch.tensor(products @ self.unmix.T * self.scale**2, dtype=torch.float32, device=self.device)

    def encoder(self) -> Tensor:
        """The encoder's directions, K x r."""
        return ENCODERS[self.config.encoder].directions(self.parameters)

    def encode(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(codes, the activations from which the strongest were selected for them); both n x K. inputs: n x r."""
        p = self.parameters
        positive = torch.relu((inputs - p["b_dec"]) @ self.encoder().T + p["b_enc"])
        if self.config.activation == "topk":
            values, places = positive.topk(min(self.config.active, positive.shape[1]), dim=1)
            return torch.zeros_like(positive).scatter(1, places, values), positive
        count = min(self.config.active * len(inputs), positive.numel())
        values, places = positive.flatten().topk(count)
        codes = torch.zeros(positive.numel(), device=self.device).scatter(0, places, values)
        return codes.view_as(positive), positive

    def loss(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """(mean squared error + auxiliary loss, codes). A mean squared norm of 1 makes the error an FVU."""
        p = self.parameters
        codes, positive = self.encode(inputs)
        rebuilt = codes @ p["W_dec"] + p["b_dec"]
        loss = (targets - rebuilt).square().sum(1).mean()
        dead = self.silent > DEAD_AFTER * self.steps_per_epoch
        if self.config.auxiliary and bool(dead.any()):
            # AuxK (Gao et al. 2024, arXiv:2406.04093): dead features reconstruct the residual, without b_dec.
            values, places = positive.masked_fill(~dead, 0).topk(min(REVIVED, int(dead.sum())), dim=1)
            revived = torch.zeros_like(positive).scatter(1, places, values)
            left = (targets - rebuilt).detach()
            loss = loss + self.config.auxiliary * (left - revived @ p["W_dec"]).square().sum(1).mean()
        return loss, codes

    def epoch(self) -> tuple[float, float, int]:
        """One pass over the training flags: (mean loss of its steps, L0, number of features that never fired)."""
        order = torch.randperm(len(self.Z), generator=self.random)
        steps = [self._step(self.Z[chosen]) for chosen in order.split(self.batch)]
        fires = torch.stack([fires for _, fires in steps]).sum(0)
        return (
            float(np.mean([loss for loss, _ in steps])),
            float(fires.sum()) / len(self.Z),
            int((fires == 0).sum()),
        )

    def _step(self, flags: Tensor) -> tuple[float, Tensor]:
        """One step of the optimiser: (loss, for how many of these flags each feature fired: K). flags: n x r."""
        targets = flags
        if len(self.recoloured):
            # With flags in other colours among them, the dictionary cannot just memorise its few flags.
            count = round(self.config.recoloured * len(targets))
            some = torch.randint(len(self.recoloured), (count,), generator=self.random)
            targets = torch.cat([targets, self.recoloured[some]])
        inputs = targets
        if self.config.noise:
            mixing = torch.randn(len(targets), len(self.Z), generator=self.random).to(self.device)
            inputs = targets + self.config.noise * (mixing @ self.Z) / len(self.Z) ** 0.5
        loss, codes = self.loss(inputs, targets)
        gradients = torch.autograd.grad(loss, list(self.parameters.values()))
        with torch.no_grad():
            on = codes > 0
            fired = on.sum(0) > 0  # three times as fast as any(0)
            self.silent = torch.where(fired, torch.zeros_like(self.silent), self.silent + 1)
            self._update(dict(zip(self.parameters, gradients, strict=True)))
        return float(loss.detach()), on[: len(flags)].sum(0)

    def _update(self, gradients: dict[str, Tensor]) -> None:
        """A step of Adam with one second moment for each row, gradients clipped at norm 1, and atoms of norm 1."""
        atoms = self.parameters["W_dec"]
        # The part of a gradient along its atom would only change the atom's length, which is set back to 1 below.
        gradients["W_dec"] -= (gradients["W_dec"] * atoms).sum(1, keepdim=True) * atoms
        total = torch.stack([gradient.norm() for gradient in gradients.values()]).norm()
        clip = float(1 / total.clamp(min=1))
        self.step_number += 1
        rate = self.config.learning_rate * self._schedule()
        for name, parameter in self.parameters.items():
            gradient = gradients[name] * clip
            self.momentum[name].lerp_(gradient, NEW_MOMENTUM)
            matrix = gradient.dim() == 2
            squared = gradient.square().sum(-1) if matrix else gradient.square().sum()[None]
            self.square[name].lerp_(squared, NEW_SQUARE)
            size = (self.square[name] / (1 - (1 - NEW_SQUARE) ** self.step_number)).sqrt() + EPSILON
            step = self.momentum[name] / (1 - (1 - NEW_MOMENTUM) ** self.step_number)
            parameter -= rate * step / (size[:, None] if matrix else size)
        atoms /= atoms.norm(dim=1, keepdim=True)

    def _schedule(self) -> float:
        """What the learning rate is multiplied by: linear warm-up, then 1, then linear decay."""
        total = self.config.epochs * self.steps_per_epoch
        done = self.step_number / total
        return min(1.0, done / WARM_UP, (1 - done) / DECAY + 1 / total)

    def figures(self, model: Crisp) -> Figures:
        """The loss of each part (its FVU against the training flags' mean), L0 and dead features."""
        figures: Figures = {}
        for part in PARTS:
            positions = self.parts.get(part)
            figures[f"{part}_loss"] = None if positions is None or not len(positions) else self._fvu(model, positions)
        codes = self._codes(model, self.trained)
        figures["l0"] = float((codes > 0).sum(1).mean())
        figures["dead"] = int((~(codes > 0).any(0)).sum())
        return figures

    def _codes(self, model: Crisp, positions: NDArray[np.int64]) -> Codes:
        """The codes of the flags at some positions. The rows of the Gram matrix are the likenesses that it needs."""
        return model.activate(self.gram[positions].astype(np.float32))

    def _fvu(self, model: Crisp, positions: NDArray[np.int64]) -> float | None:
        """Fraction of variance unexplained, about the mean of the training flags; None if there is no variance."""
        mixture = model.mixture(self._codes(model, positions)).astype(np.float64)
        target = np.eye(len(self.gram))[positions]
        mean = np.zeros(len(self.gram))
        mean[self.trained] = 1 / len(self.trained)

        def energy(difference: NDArray[np.float64]) -> float:
            return float(((difference @ self.gram) * difference).sum())

        variance = energy(target - mean)
        return energy(mixture - target) / variance if variance > 0 else None

    def model(self) -> Crisp:
        """The model after the last step. Directions in the training basis become mixtures of flags."""
        with torch.no_grad():
            p = self.parameters
            W_enc, b_enc, W_dec, b_dec = (
                tensor.cpu().double().numpy() for tensor in (self.encoder(), p["b_enc"], p["W_dec"], p["b_dec"])
            )
            threshold = 0.0
            if self.config.activation == "batchtopk":
                # A batch of any size is encoded with one threshold: just below the weakest activation that is kept
                # when the whole training set is one batch.
                codes, _ = self.encode(self.Z)
                kept = codes[codes > 0]
                threshold = float(kept.min()) * (1 - MARGIN) if len(kept) else 0.0
        everyone = len(self.dataset.flags)

        def spread(mixture: NDArray[np.float64]) -> NDArray[np.float64]:
            """Coefficients of the training flags, as coefficients of all flags."""
            wide = np.zeros((*mixture.shape[:-1], everyone))
            wide[..., self.trained] = mixture
            return wide

        mean = spread(np.full(len(self.trained), 1 / len(self.trained)))
        encoder = spread(W_enc @ self.unmix) * self.scale**2  # applied to likenesses in place of coordinates
        bias = b_enc - W_enc @ b_dec - encoder @ (self.gram @ mean)
        return Crisp(
            encoder=encoder.astype(np.float32),
            encoder_bias=bias.astype(np.float32),
            decoder=spread(W_dec @ self.unmix).astype(np.float32),
            decoder_bias=(mean + spread(b_dec @ self.unmix)).astype(np.float32),
            threshold=threshold,
            active=self.config.active if self.config.activation == "topk" else 0,
            salience=self.config.salience,
            dataset=self.dataset,
        )

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
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter.copy_(state[name])
                self.momentum[name].copy_(state[f"momentum.{name}"])
                self.square[name].copy_(state[f"square.{name}"])
        self.silent = state["silent"].to(self.device)
        self.step_number = int(state["step_number"])
        self.random.set_state(state["random"])
