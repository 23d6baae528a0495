"""A design, which is a ground with charges on it, and measures of grounds.

Letters: H x W the fine grid, C colours, M maps of a call, h x w their grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.design.segment import NOTHING, Charge
from flagsae.flags.regions import LabelMap
from flagsae.oklab import oklab

# Contrast of two colours, in OKLab: both by eye.
APART = 0.30  # difference of lightness from which two colours of one hue are told apart with ease
HUE = 0.25  # weight of a difference in hue and chroma beside one in lightness

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Placed:
    """A charge at a place in a design."""

    charge: Charge
    top: float
    """Row of the fine grid where its box begins."""
    left: float
    """Column of the fine grid where its box begins."""
    scale: float = 1.0
    """Its size, as a share of the size that it has in its own flag."""


@dataclass(frozen=True)
class Collage:
    """A flag in flat colour: a ground with charges on it."""

    ground: LabelMap
    """H x W."""
    charges: tuple[Placed, ...]
    """In the order in which they are painted: a later one covers an earlier one."""
    tints: NDArray[np.uint8]
    """C x 3, sRGB: the colour of each palette index."""
    cost: float = 0.0
    """The sum of what its faults cost (`flagsae.mixing.weaving.costs`): lower is better."""

    def layers(self) -> list[tuple[LabelMap, float, float, float]]:
        """Ground and charges, lowest first: (labels, NOTHING where transparent; scale; left; top)."""
        charges = [(placed.charge.labels, placed.scale, placed.left, placed.top) for placed in self.charges]
        return [(self.ground, 1.0, 0.0, 0.0), *charges]

    def flat(self) -> LabelMap:
        """The design as one label map."""
        labels = self.ground.copy()
        for placed in self.charges:
            stamp(labels, placed)
        return labels


def stamp(labels: LabelMap, placed: Placed) -> None:
    """Paints a charge onto a map, in place; what lies outside the map is cut off. labels: H x W."""
    own, scale = placed.charge.labels, placed.scale
    if scale != 1:
        rows, columns = (
            np.minimum(((np.arange(max(1, round(side * scale))) + 0.5) / scale).astype(int), side - 1)
            for side in own.shape
        )
        own = own[rows][:, columns]
    top, left = round(placed.top), round(placed.left)
    own = own[max(0, -top) : labels.shape[0] - top, max(0, -left) : labels.shape[1] - left]
    view = labels[max(0, top) : max(0, top) + own.shape[0], max(0, left) : max(0, left) + own.shape[1]]
    view[own != NOTHING] = own[own != NOTHING]


def mix_tints(
    maps: Sequence[LabelMap], tints: Sequence[NDArray[np.uint8]], amounts: Sequence[float]
) -> NDArray[np.uint8]:
    """The tint of each palette index in a mix: that of the picture with most of it. Returns C x 3.

    maps: n of h x w; tints: n of C x 3; amounts: n, the pictures' weights.
    """
    colours = len(tints[0])
    present = np.stack([np.bincount(labels[labels != NOTHING], minlength=colours) for labels in maps])  # (n, C)
    # A negative amount counts as next to nothing: such a picture gives the tints of colours that no other has.
    owner = (present * np.maximum(np.asarray(amounts)[:, None], 1e-9)).argmax(0)
    return np.stack(tints)[owner, np.arange(colours)]


# Measures of M maps, M x h x w.


def edges(maps: NDArray[Any]) -> Floats:
    """1 where a pixel differs from the one above it, and from the one left of it; else 0: M x (2 h w)."""
    edges = np.zeros((*maps.shape, 2), np.float32)
    edges[:, 1:, :, 0] = maps[:, 1:] != maps[:, :-1]
    edges[:, :, 1:, 1] = maps[:, :, 1:] != maps[:, :, :-1]
    return edges.reshape(len(maps), -1)


def borders(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Length of all edges, as a share of the sum of height and width: about 2 for a cross from side to side. M."""
    length = (maps[:, 1:] != maps[:, :-1]).sum((1, 2)) + (maps[:, :, 1:] != maps[:, :, :-1]).sum((1, 2))
    return length / sum(maps.shape[1:])


def corners(maps: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Number of points at which three edges or more meet: M."""
    a, b, c, d = maps[:, :-1, :-1], maps[:, :-1, 1:], maps[:, 1:, 1:], maps[:, 1:, :-1]
    meeting = (a != b).astype(np.int8) + (b != c) + (c != d) + (d != a)
    return (meeting >= 3).sum((1, 2))


def asymmetry(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Share of pixels that differ from the map flipped upside down, mirrored, and turned by 180°: M x 3."""
    flips = (maps[:, ::-1], maps[:, :, ::-1], maps[:, ::-1, ::-1])
    return np.stack([(maps != flip).mean((1, 2)) for flip in flips], axis=1)


def meeting(maps: NDArray[np.uint8], table: Floats) -> NDArray[np.float64]:
    """`borders` with each edge weighted by how hard its two colours are to tell apart: M. table: `conflicts`, C x C."""
    down = table[maps[:, 1:], maps[:, :-1]].sum((1, 2))
    across = table[maps[:, :, 1:], maps[:, :, :-1]].sum((1, 2))
    return (down + across) / sum(maps.shape[1:])


def conflicts(tints: NDArray[np.uint8]) -> Floats:
    """How hard two colours are to tell apart: C x C, from 0, easy, to 1; 0 on the diagonal. tints: C x 3, sRGB.

    Contrast of lightness counts most, as in heraldry's rule of tincture (light on dark, or dark on light).
    """
    lab = oklab(tints)
    lightness = np.abs(lab[:, None, 0] - lab[:, 0])
    hue = np.sqrt(((lab[:, None, 1:] - lab[:, 1:]) ** 2).sum(-1))
    table = np.clip((APART - lightness - HUE * hue) / APART, 0, 1)
    return (table * (1 - np.eye(len(tints)))).astype(np.float32)
