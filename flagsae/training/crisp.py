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
from flagsae.flags.dataset import Dataset, Flags
from flagsae.sae.codes import Codes
from flagsae.sae.crisp import Crisp, likeness, weights
from flagsae.training.config import TrainConfig
from flagsae.training.encoders import ENCODERS
from flagsae.training.resources import Needs
from flagsae.training.sparse import SparseTraining
from flagsae.training.splits import chosen_path, trained_and_scored

RECOLOURINGS = 6  # versions of each flag with exchanged colours; made once, at the start
RANK = 1e-10  # eigenvalues below this share of the largest are rounding errors, and are left out
RANK_DIRECT = 1e-6  # the same for singular values, in the direct path


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


class CrispObjective(SparseTraining[Crisp]):
    """The inputs of a run, and the model that its parameters are."""

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
        rows = torch.tensor(coordinates, dtype=torch.float32, device=config.device)
        super().__init__(config, rows, self._recoloured(rows), config.recoloured)

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

    def _recoloured(self, inputs: Tensor) -> Tensor:
        """The recoloured training flags, projected onto the span of the training flags: (RECOLOURINGS N) x r."""
        if not self.config.recoloured:
            return inputs[:0]
        known, random = self.dataset.flags[self.trained], np.random.default_rng(self.config.seed)
        many = recolour(known.labels.repeat(RECOLOURINGS, 0), len(self.dataset.palette), random)
        weight = weights(known.areas, self.config.salience)
        products = likeness(many, weight.repeat(RECOLOURINGS, 0), known.labels, weight).astype(np.float64)
        products -= self.gram[np.ix_(self.trained, self.trained)].mean(0)
        return torch.tensor(products @ self.unmix.T * self.scale**2, dtype=torch.float32, device=inputs.device)

    def codes(self, model: Crisp, positions: NDArray[np.int64]) -> Codes:
        # The rows of the Gram matrix are the likenesses that it needs.
        return model.activate(self.gram[positions].astype(np.float32))

    def fvu(self, model: Crisp, positions: NDArray[np.int64]) -> float | None:
        """Fraction of variance unexplained, about the mean of the training flags; None if there is no variance."""
        mixture = model.mixture(self.codes(model, positions)).astype(np.float64)
        target = np.eye(len(self.gram))[positions]
        mean = np.zeros(len(self.gram))
        mean[self.trained] = 1 / len(self.trained)

        def energy(difference: NDArray[np.float64]) -> float:
            return float(((difference @ self.gram) * difference).sum())

        variance = energy(target - mean)
        return energy(mixture - target) / variance if variance > 0 else None

    def model(self) -> Crisp:
        """The model after the last step. Directions in the training basis become mixtures of flags."""
        p = self.parameters
        W_enc, b_enc, W_dec, b_dec = (
            tensor.cpu().double().numpy() for tensor in (self.encoder(), p["b_enc"], p["W_dec"], p["b_dec"])
        )
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
            threshold=self.threshold(),
            active=self.config.active if self.config.activation == "topk" else 0,
            salience=self.config.salience,
            dataset=self.dataset,
        )
