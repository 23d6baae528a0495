"""A design: a ground, charges that stand on it, and what can be measured of both.

h, w: the grid of a call. M: maps of a call. Measures are of grounds, where nothing stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.design.segment import NOTHING, Charge
from flagsae.flags.palette import oklab
from flagsae.flags.regions import LabelMap

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Placed:
    """A charge in a design: the charge, where its box begins (rows and columns of the fine grid), its scale."""

    charge: Charge
    top: float
    left: float
    scale: float = 1.0


@dataclass(frozen=True)
class Design:
    """A ground, the charges on it, and the colours of both. ground: H x W; tints: C x 3; cost: what its faults cost."""

    ground: LabelMap
    charges: tuple[Placed, ...]
    tints: NDArray[np.uint8]
    cost: float = 0.0

    def layers(self) -> list[tuple[LabelMap, float, float, float]]:
        """What lies on what, lowest first: (labels with NOTHING where one sees through, scale, left, top)."""
        charges = [(placed.charge.labels, placed.scale, placed.left, placed.top) for placed in self.charges]
        return [(self.ground, 1.0, 0.0, 0.0), *charges]

    def flat(self) -> LabelMap:
        """The design as one label map."""
        labels = self.ground.copy()
        for placed in self.charges:
            stamp(labels, placed)
        return labels


def stamp(labels: LabelMap, placed: Placed) -> None:
    """Paints a charge onto a map, in place."""
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
    """Each palette entry as the picture with most of it has it; C x 3. maps: n of h x w; tints: n of C x 3."""
    colours = len(tints[0])
    present = np.stack([np.bincount(labels[labels != NOTHING], minlength=colours) for labels in maps])  # (n, C)
    owner = (present * np.maximum(np.asarray(amounts)[:, None], 1e-9)).argmax(0)
    return np.stack(tints)[owner, np.arange(colours)]


# Measures of M maps, M x h x w.


def edges(maps: NDArray[Any]) -> Floats:
    """Whether each pixel differs from the one above and from the one before: M x (2 h w)."""
    edges = np.zeros((*maps.shape, 2), np.float32)
    edges[:, 1:, :, 0] = maps[:, 1:] != maps[:, :-1]
    edges[:, :, 1:, 1] = maps[:, :, 1:] != maps[:, :, :-1]
    return edges.reshape(len(maps), -1)


def borders(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Length of all edges, as a share of height and width together: a cross from side to side has about 2."""
    length = (maps[:, 1:] != maps[:, :-1]).sum((1, 2)) + (maps[:, :, 1:] != maps[:, :, :-1]).sum((1, 2))
    return length / sum(maps.shape[1:])


def corners(maps: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Points around which three edges or more meet."""
    a, b, c, d = maps[:, :-1, :-1], maps[:, :-1, 1:], maps[:, 1:, 1:], maps[:, 1:, :-1]
    meeting = (a != b).astype(np.int8) + (b != c) + (c != d) + (d != a)
    return (meeting >= 3).sum((1, 2))


def asymmetry(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Share of pixels that differ from the map upside down, mirrored, and turned: M x 3."""
    flips = (maps[:, ::-1], maps[:, :, ::-1], maps[:, ::-1, ::-1])
    return np.stack([(maps != flip).mean((1, 2)) for flip in flips], axis=1)


def meeting(maps: NDArray[np.uint8], table: Floats) -> NDArray[np.float64]:
    """Length of edges, weighted by how hard their colours are to tell apart, as `borders` has it."""
    down = table[maps[:, 1:], maps[:, :-1]].sum((1, 2))
    across = table[maps[:, :, 1:], maps[:, :, :-1]].sum((1, 2))
    return (down + across) / sum(maps.shape[1:])


def conflicts(tints: NDArray[np.uint8]) -> Floats:
    """How hard two colours are to tell apart: C x C, from 0 to 1, 0 on the diagonal.

    The heralds' rule of tincture, light on dark: lightness counts, hue a quarter as much.
    """
    lab = oklab(tints)
    lightness = np.abs(lab[:, None, 0] - lab[:, 0])
    hue = np.sqrt(((lab[:, None, 1:] - lab[:, 1:]) ** 2).sum(-1))
    table = np.clip((0.30 - lightness - 0.25 * hue) / 0.30, 0, 1)
    return (table * (1 - np.eye(len(tints)))).astype(np.float32)
