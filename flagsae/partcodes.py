"""Part codes, the second half of an encoding: what the regions of a flag look like.

A canvas code says what a flag is like as a whole; people name parts. So each connected region of a flag is encoded
by itself, in one of two small TopK dictionaries:

- `layout`, for regions of the ground: the mask as it lies on the flag (a stripe, a cross, a triangle);
- `shape`, for regions of charges: the mask moved, scaled and turned upright into a window of its own (a star, a
  crescent, a disc).

Both are trained without labels on the flags' own regions and on drawn ones (`flagsae.training.generated`). The drawn
ones have known classes, from which a linear readout of the code is fitted: how much each feature speaks for each
class. No class of a real flag is given to anything.

Letters: n regions of a call, D numbers of a vector, P of its principal components, K features, Q classes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError, safe_open

from flagsae import paths
from flagsae.errors import ModelError

LAYOUTS = (
    "field",
    "stripe",
    "bar",
    "cross",
    "nordic cross",
    "saltire",
    "triangle",
    "quarter",
    "diagonal band",
    "diagonal half",
    "wedge",
    "pall",
    "border",
    "panel",
    "canton",
    "jack",
    "cross quarter",
)
SHAPES = (
    "star 4",
    "star 5",
    "star 6",
    "star 7",
    "star 8",
    "sun",
    "disc",
    "ring",
    "crescent",
    "cross",
    "saltire",
    "triangle",
    "rectangle",
    "lozenge",
    "chevron",
    "other",
)
LAYOUT_GRID = (24, 36)
BOX_GRID = (16, 16)
WINDOW = 48  # pixels of a shape's window a side
REACH = 2.2  # half of it, in root mean square radii of the shape
RADII = 14
ANGLES = 64
HARMONICS = 26

Mask = NDArray[np.bool_]  # h x w
Floats = NDArray[np.float32]


def holes_filled(mask: Mask) -> Mask:
    """The mask with everything that it encloses."""
    from flagsae.regions import connected_regions

    outside = connected_regions(np.pad(~mask, 1, constant_values=True).astype(np.uint8))
    return ~(outside == outside[0, 0])[1:-1, 1:-1]


def layout_vector(mask: Mask) -> Floats:
    """A region as it lies on the flag, with and without its holes; its picture stretched to fill its bounding box,
    whatever that is; how much of each side of the frame it covers, and the size of the box: D = 1990.

    Stripes have little in common as pictures, as they lie in different places. Within their boxes all are alike.
    """
    filled = holes_filled(mask)
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    within = _shrunk(mask[box], BOX_GRID)
    height, width = (size / whole for size, whole in zip(mask[box].shape, mask.shape, strict=True))
    sides = [mask[0].mean(), mask[-1].mean(), mask[:, 0].mean(), mask[:, -1].mean(), height, width]
    return np.concatenate(
        [
            _shrunk(mask, LAYOUT_GRID).ravel(),
            _shrunk(filled, LAYOUT_GRID).ravel(),
            1.5 * within.ravel(),
            10.0 * np.array(sides, np.float32),
        ]
    )


def _shrunk(mask: Mask, size: tuple[int, int]) -> Floats:
    image = Image.fromarray(np.where(mask, 255, 0).astype(np.uint8))
    return np.asarray(image.resize((size[1], size[0]), Image.Resampling.BOX), np.float32) / np.float32(255)


def shape_vector(mask: Mask, aspect: float = 1.0) -> Floats:
    """A region moved to the middle of a window and scaled to one size: its picture with and without its holes, and
    how its edge runs round (magnitudes of Fourier harmonics over the angle at each radius), which no turn changes.

    aspect: width of a pixel over its height.
    """
    filled = holes_filled(mask)
    rows, columns = np.nonzero(filled)
    top, left = rows.mean() + 0.5, columns.mean() + 0.5
    radius = float(np.sqrt(np.mean((rows + 0.5 - top) ** 2 + ((columns + 0.5 - left) * aspect) ** 2)))
    radius = max(radius, 0.5)
    down, across = REACH * radius, REACH * radius / aspect
    margin = int(np.ceil(max(down, across))) + 2
    box = (left - across + margin, top - down + margin, left + across + margin, top + down + margin)
    parts = []
    for picture in (mask, filled):
        image = Image.fromarray(np.pad(np.where(picture, 255, 0).astype(np.uint8), margin))
        window = np.asarray(image.resize((WINDOW, WINDOW), Image.Resampling.BILINEAR, box), np.float32) / np.float32(
            255
        )
        parts.append(window.reshape(WINDOW // 2, 2, WINDOW // 2, 2).mean((1, 3)).ravel())
        parts.append(_harmonics(window))
    return np.concatenate(parts)


@lru_cache
def _ring_pixels() -> tuple[NDArray[np.intp], Floats]:
    """(flat places of a window's pixels by radius and angle, RADII x ANGLES; the weight of each radius)."""
    radius = (np.arange(RADII) + 0.5) / RADII * (WINDOW / 2) * 2.1 / REACH
    angle = 2 * np.pi * np.arange(ANGLES) / ANGLES
    rows = (WINDOW / 2 + radius[:, None] * np.sin(angle)).astype(int)
    columns = (WINDOW / 2 + radius[:, None] * np.cos(angle)).astype(int)
    return rows * WINDOW + columns, np.sqrt((np.arange(RADII) + 0.5) / RADII).astype(np.float32)


def _harmonics(window: Floats) -> Floats:
    """RADII x HARMONICS magnitudes, as a row; in all about as strong as the picture."""
    places, weight = _ring_pixels()
    size = np.abs(np.fft.rfft(window.ravel()[places], axis=1))[:, :HARMONICS] / ANGLES
    size[:, 1:] *= 2
    return (7.0 * weight[:, None] * size).astype(np.float32).ravel()


@dataclass(frozen=True)
class Dictionary:
    """A TopK dictionary of region vectors, and what its features speak for.

    active: features a region; mean: D and basis: P x D, of the vectors' principal components; encoder: K x P, encoder_bias: K; decoder: K x P,
    unit rows; bias: P; readout: Q x (K + 1), log odds a feature gives to each class, the last column their bias;
    purity: K x Q, of all that drawn regions give a feature, the share of each class.
    """

    classes: tuple[str, ...]
    active: int
    mean: Floats
    basis: Floats
    encoder: Floats
    encoder_bias: Floats
    decoder: Floats
    bias: Floats
    readout: Floats
    purity: Floats

    def __len__(self) -> int:
        return len(self.encoder)

    def encode(self, vectors: Floats) -> Floats:
        """n x D to codes, n x K: the `active` strongest features of each region."""
        return top(
            np.maximum((self.components(vectors) - self.bias) @ self.encoder.T + self.encoder_bias, 0), self.active
        )

    def components(self, vectors: Floats) -> Floats:
        """n x D to n x P."""
        return (vectors - self.mean) @ self.basis.T

    def unexplained(self, vectors: Floats, codes: Floats) -> Floats:
        """The share of each region's vector that its code doesn't rebuild: n. High where nothing like it was seen."""
        x = self.components(vectors)
        rest = ((x - codes @ self.decoder - self.bias) ** 2).sum(1)
        return (rest / np.maximum((x**2).sum(1), 1e-6)).astype(np.float32)

    def classify(self, codes: Floats) -> Floats:
        """Probability of each class: n x Q."""
        odds = codes @ self.readout[:, :-1].T + self.readout[:, -1]
        odds = np.exp(odds - odds.max(1, keepdims=True))
        return (odds / odds.sum(1, keepdims=True)).astype(np.float32)

    def label(self, feature: int) -> tuple[str, float]:
        """(the class that the feature fires for most, the share of what it fires for that this class has)."""
        best = int(self.purity[feature].argmax())
        return self.classes[best], float(self.purity[feature, best])

    def atom(self, feature: int) -> Floats:
        """What a feature adds to a region's picture, signed: 24 x 36 for layouts, 24 x 24 for shapes."""
        vector = self.decoder[feature] @ self.basis
        height, width = LAYOUT_GRID if self.classes == LAYOUTS else (WINDOW // 2, WINDOW // 2)
        return vector[: height * width].reshape(height, width)


def top(activations: Floats, active: int) -> Floats:
    """Only the strongest of each row are kept."""
    if active >= activations.shape[1]:
        return activations
    least = np.partition(activations, -active, axis=1)[:, -active, None]
    return np.where(activations >= np.maximum(least, 1e-9), activations, 0).astype(np.float32)


@dataclass(frozen=True)
class PartModel:
    """Both dictionaries."""

    layout: Dictionary
    shape: Dictionary
    hash: str = ""


TENSORS = ("mean", "basis", "encoder", "encoder_bias", "decoder", "bias", "readout", "purity")


def to_tensors(model: PartModel) -> dict[str, Any]:
    """Both dictionaries' arrays for a model file, at half precision: names are `layout.encoder` and so on."""
    return {
        f"{kind}.{name}": getattr(getattr(model, kind), name).astype(np.float16)
        for kind in ("layout", "shape")
        for name in TENSORS
    }


@lru_cache
def load_part_model() -> PartModel:
    """The shipped part dictionaries. Raises `ModelError` where the file is damaged."""
    path = paths.shipped("parts.safetensors")
    try:
        with safe_open(path, framework="np") as file:
            header = json.loads(file.metadata()["flagsae"])
            kinds = [
                Dictionary(
                    tuple(classes),
                    active=int(header["active"]),
                    **{name: file.get_tensor(f"{kind}.{name}").astype(np.float32) for name in TENSORS},
                )
                for kind, classes in (("layout", header["layouts"]), ("shape", header["shapes"]))
            ]
            return PartModel(kinds[0], kinds[1], header["hash"])
    except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{path} is damaged ({error}): install flagsae again") from None


def stack(vectors: Iterable[Floats] | Sequence[Floats], width: int) -> Floats:
    """Vectors as rows; n x D, also where there are none."""
    rows = list(vectors)
    return np.stack(rows) if rows else np.zeros((0, width), np.float32)
