"""Regions as vectors: where a region of the ground lies on the flag, or what shape a figure has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from flagsae.flags.regions import bounds, holes_filled

# Sizes and weights by eye.
LAYOUT_GRID = (24, 36)  # rows, columns of the picture of a layout
BOX_GRID = (16, 16)  # the same of its picture stretched to its bounding box
WINDOW = 48  # rows and columns of a shape's window; its picture has half as many
SHAPE_GRID = (WINDOW // 2, WINDOW // 2)
REACH = 2.2  # half a window, in root mean square radii of the shape: a star's points are at about 2
# A shape's edge is measured on RADII circles with ANGLES points each; the first HARMONICS frequencies are kept.
RADII, ANGLES, HARMONICS = 14, 64, 26
OUTERMOST = 2.1  # the largest of these circles, in root mean square radii: a little inside the window
LEAST_RADIUS = 0.5  # pixels: a smaller root mean square radius, of a single pixel, is taken as this
# Weights of the parts of a vector beside its pictures, whose pixels weigh 1.
BOX_WEIGHT, SIDES_WEIGHT, HARMONICS_WEIGHT = 1.5, 10.0, 7.0

Mask: TypeAlias = NDArray[np.bool_]  # h x w
Floats: TypeAlias = NDArray[np.float32]


def layout_vector(mask: Mask) -> Floats:
    """The vector of a region of the ground: D = 1990. mask: h x w of the whole flag.

    Its parts: the picture of the region on the flag, with its holes and with its holes filled; the picture of its
    bounding box, stretched to one size; the shares of the frame's four sides that it covers, and height and width of
    the box. Two stripes share few pixels on the flag, as they lie in different places, but their boxes look the same.
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
    """The share of each cell that a mask covers, on a grid of `size` (rows, columns)."""
    return _shares(_image(mask).resize((size[1], size[0]), Image.Resampling.BOX))


def _image(mask: Mask) -> Image.Image:
    return Image.fromarray(np.where(mask, 255, 0).astype(np.uint8))


def _shares(image: Image.Image) -> Floats:
    return np.asarray(image, np.float32) / np.float32(255)


def shape_vector(mask: Mask, aspect: float = 1.0) -> Floats:
    """The vector of a figure: D = 1880. mask: h x w of any box; aspect: width of a pixel over its height.

    The figure is centred in a window and scaled to one size. The vector's parts are the picture of the window, and the
    magnitudes of Fourier harmonics over the angle on circles around its centre, which stay the same when the figure is
    turned; then both again with its holes filled.
    """
    filled = holes_filled(mask)
    rows, columns = np.nonzero(filled)
    top, left = rows.mean() + 0.5, columns.mean() + 0.5
    radius = float(np.sqrt(np.mean((rows + 0.5 - top) ** 2 + ((columns + 0.5 - left) * aspect) ** 2)))
    radius = max(radius, LEAST_RADIUS)
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
    """(indices of the circles' points in a flat window, RADII x ANGLES; the weight of each circle, RADII)."""
    radius = (np.arange(RADII) + 0.5) / RADII * (WINDOW / 2) * OUTERMOST / REACH
    angle = 2 * np.pi * np.arange(ANGLES) / ANGLES
    rows = (WINDOW / 2 + radius[:, None] * np.sin(angle)).astype(int)
    columns = (WINDOW / 2 + radius[:, None] * np.cos(angle)).astype(int)
    return rows * WINDOW + columns, np.sqrt((np.arange(RADII) + 0.5) / RADII).astype(np.float32)


def _harmonics(window: Floats) -> Floats:
    """Magnitudes of the harmonics of each circle: RADII * HARMONICS numbers, together about as large as the picture.

    window: WINDOW x WINDOW.
    """
    places, weight = _ring_pixels()
    size = np.abs(np.fft.rfft(window.ravel()[places], axis=1))[:, :HARMONICS] / ANGLES
    size[:, 1:] *= 2
    return (HARMONICS_WEIGHT * weight[:, None] * size).astype(np.float32).ravel()


def stack(vectors: Iterable[Floats], width: int) -> Floats:
    """Stacks n vectors into n x D, also where n is 0. width: D."""
    rows = list(vectors)
    return np.stack(rows) if rows else np.zeros((0, width), np.float32)
