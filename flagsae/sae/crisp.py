"""A sparse autoencoder that classifies pixels, whose atoms are mixtures of its dataset's flags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Dataset, Flags
from flagsae.sae.codes import Codes


@dataclass(frozen=True)
class Crisp:
    """A classifier of pixels whose directions are mixtures of its dataset's flags.

    encoder: K x N and encoder_bias: K, on a flag's likeness to each of the N flags; decoder: K x N and
    decoder_bias: N, the share of each of them in a code's picture; threshold: activations up to it are zero;
    active: where over 0, the most features that fire for one flag; salience: small regions weigh
    share^-salience.
    """

    encoder: NDArray[np.float32]
    encoder_bias: NDArray[np.float32]
    decoder: NDArray[np.float32]
    decoder_bias: NDArray[np.float32]
    threshold: float
    active: int
    salience: float
    dataset: Dataset
    header: dict[str, Any] = field(default_factory=dict)
    hash: str = ""

    def __len__(self) -> int:
        return len(self.encoder)

    @property
    def colours(self) -> int:
        return len(self.dataset.palette)

    def encode(self, flags: Flags) -> Codes:
        """n flags to n x K codes."""
        return self.activate(self.likeness(flags))

    def likeness(self, flags: Flags) -> NDArray[np.float32]:
        """How like each of the N known flags n flags are: n x N, the same for all models of a dataset and salience."""
        known = self.dataset.flags
        return likeness(
            flags.labels, weights(flags.areas, self.salience), known.labels, weights(known.areas, self.salience)
        )

    def activate(self, like: NDArray[np.float32]) -> Codes:
        """n x N likenesses to n x K codes: ReLU, then what passes the threshold, then the `active` strongest."""
        codes = like @ self.encoder.T + self.encoder_bias  # (n, K)
        codes[codes <= self.threshold] = 0
        if 0 < self.active < len(self):
            least = np.partition(codes, -self.active, axis=1)[:, -self.active, None]
            codes[codes < least] = 0
        return codes.astype(np.float32)

    def mixture(self, codes: Codes) -> NDArray[np.float32]:
        """n x K codes to n x N: how much of each flag of the dataset is in the picture that a code stands for."""
        return codes @ self.decoder + self.decoder_bias

    def scores(self, codes: Codes, *, fine: bool = False) -> NDArray[np.float32]:
        """n x K codes to n x C x H x W scores, or n x C x 3H x 3W on the fine grid."""
        known = self.dataset.flags
        labels, areas = (known.fine, known.fine_areas) if fine else (known.labels, known.areas)
        return mix(self.mixture(codes), labels, areas, self.salience, self.colours)

    def decode(self, codes: Codes, *, fine: bool = False) -> NDArray[np.uint8]:
        """n x K codes to n x H x W label maps, or n x 3H x 3W: the colour with the highest score."""
        return self.scores(codes, fine=fine).argmax(1).astype(np.uint8)

    def atoms(self) -> NDArray[np.float32]:
        """What each feature adds to the scores: K x C x H x W, signed."""
        known = self.dataset.flags
        return mix(self.decoder, known.labels, known.areas, self.salience, self.colours)


def weights(areas: NDArray[np.uint8], salience: float) -> NDArray[np.float32]:
    """How much each pixel counts, from its region's coded share: n x H x W, of mean square 1 over a flag.

    A pixel of a region that covers the share a weighs max(a, .001)^-salience: without it a star that covers
    2 % of a flag is 2 % of the loss, and is not learned.
    """
    table = np.maximum(2.0 ** (-np.arange(256) / 16), 0.001) ** -salience
    raw = table.astype(np.float32)[areas]
    return raw / np.sqrt(np.mean(raw * raw, axis=(1, 2), keepdims=True))


def likeness(
    labels: NDArray[np.uint8],
    weight: NDArray[np.float32],
    known: NDArray[np.uint8],
    known_weight: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Inner products of weighted one-hot label maps, without making them. n x H x W and N x H x W to n x N."""
    out = np.zeros((len(labels), len(known)), np.float32)
    for colour in np.unique(labels):
        here = np.where(labels == colour, weight, 0).reshape(len(labels), -1)
        there = np.where(known == colour, known_weight, 0).reshape(len(known), -1)
        out += here @ there.T
    return out


def mix(
    mixture: NDArray[np.float32],
    labels: NDArray[np.uint8],
    areas: NDArray[np.uint8],
    salience: float,
    colours: int,
) -> NDArray[np.float32]:
    """Sums of weighted one-hot label maps. mixture: n x N; labels, areas: N x H x W; n x C x H x W."""
    height, width = labels.shape[1:]
    out = np.zeros((len(mixture), colours * height * width), np.float32)
    pixel = np.arange(height * width)
    # Most flags take no part in most mixtures: a share under a thousandth of the largest is not drawn.
    active = np.abs(mixture) > 0.001 * np.abs(mixture).max(axis=1, keepdims=True)
    for flag in np.nonzero(active.any(0))[0]:
        weight = weights(areas[flag, None], salience).ravel()
        place = labels[flag].ravel().astype(np.intp) * (height * width) + pixel
        for row in np.nonzero(active[:, flag])[0]:
            out[row, place] += mixture[row, flag] * weight
    return out.reshape(len(mixture), colours, height, width)
