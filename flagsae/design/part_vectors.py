"""A region as a vector: where it lies on the flag, or what shape it has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from flagsae.flags.regions import bounds, holes_filled

LAYOUT_GRID = (24, 36)
BOX_GRID = (16, 16)
WINDOW = 48  # pixels of a shape's window a side; its picture has half as many
SHAPE_GRID = (WINDOW // 2, WINDOW // 2)
REACH = 2.2  # half a window, in root mean square radii of the shape
RADII, ANGLES, HARMONICS = 14, 64, 26
# What the parts of a vector weigh beside its pictures, whose pixels weigh 1.
BOX_WEIGHT, SIDES_WEIGHT, HARMONICS_WEIGHT = 1.5, 10.0, 7.0

Mask: TypeAlias = NDArray[np.bool_]  # h x w
Floats: TypeAlias = NDArray[np.float32]


# A region as a vector.


def layout_vector(mask: Mask) -> Floats:
    """A region as it lies on the flag, with and without its holes; its picture stretched to fill its bounding box,
    whatever that is; how much of each side of the frame it covers, and the size of the box: D = 1990.

    Stripes have little in common as pictures, as they lie in different places. Within their boxes all are alike.
    """
    top, bottom, left, right = bounds(mask)
    boxed = mask[top : bottom + 1, left : right + 1]
    height, width = (size / whole for size, whole in zip(boxed.shape, mask.shape, strict=True))
    sides = [mask[0].mean(), mask[-1].mean(), mask[:, 0].mean(), mask[:, -1].mean(), height, width]
    return np.concatenate(
        [
            _shrunk(mask, LAYOUT_GRID).ravel(),
            _shrunk(holes_filled(mask), LAYOUT_GRID).ravel(),
            BOX_WEIGHT * _shrunk(boxed, BOX_GRID).ravel(),
            SIDES_WEIGHT * np.array(sides, np.float32),
        ]
    )


def _shrunk(mask: Mask, size: tuple[int, int]) -> Floats:
    """The share of each cell of a grid of `size` that the mask covers."""
    return _shares(_image(mask).resize((size[1], size[0]), Image.Resampling.BOX))


def _image(mask: Mask) -> Image.Image:
    return Image.fromarray(np.where(mask, 255, 0).astype(np.uint8))


def _shares(image: Image.Image) -> Floats:
    return np.asarray(image, np.float32) / np.float32(255)


def shape_vector(mask: Mask, aspect: float = 1.0) -> Floats:
    """A region moved to the middle of a window and scaled to one size: its picture, and how its edge runs round
    (magnitudes of Fourier harmonics over the angle at each radius), which no turn changes; both without its holes
    as well: D = 1880.

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
        image = _image(np.pad(picture, margin))
        window = _shares(image.resize((WINDOW, WINDOW), Image.Resampling.BILINEAR, box))
        # (WINDOW, WINDOW) to the means of 2 x 2 pixels
        parts.append(window.reshape(WINDOW // 2, 2, WINDOW // 2, 2).mean((1, 3)).ravel())
        parts.append(_harmonics(window))
    return np.concatenate(parts)


@lru_cache
def _ring_pixels() -> tuple[NDArray[np.intp], Floats]:
    """(places in a flat window by radius and angle, RADII x ANGLES; the weight of each radius, RADII)."""
    radius = (np.arange(RADII) + 0.5) / RADII * (WINDOW / 2) * 2.1 / REACH
    angle = 2 * np.pi * np.arange(ANGLES) / ANGLES
    rows = (WINDOW / 2 + radius[:, None] * np.sin(angle)).astype(int)
    columns = (WINDOW / 2 + radius[:, None] * np.cos(angle)).astype(int)
    return rows * WINDOW + columns, np.sqrt((np.arange(RADII) + 0.5) / RADII).astype(np.float32)


def _harmonics(window: Floats) -> Floats:
    """RADII x HARMONICS magnitudes, as a row; in all about as strong as the picture. window: WINDOW x WINDOW."""
    places, weight = _ring_pixels()
    size = np.abs(np.fft.rfft(window.ravel()[places], axis=1))[:, :HARMONICS] / ANGLES
    size[:, 1:] *= 2
    return (HARMONICS_WEIGHT * weight[:, None] * size).astype(np.float32).ravel()


def stack(vectors: Iterable[Floats], width: int) -> Floats:
    """Vectors as rows; n x D, also where there are none. width: D."""
    rows = list(vectors)
    return np.stack(rows) if rows else np.zeros((0, width), np.float32)
