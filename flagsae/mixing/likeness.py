"""The known flags as a composite is compared with them: is each parent still there to be seen?

Two views of a picture, both fast enough for hundreds of candidates at once:

- its *look*: a thumbnail of 8 x 12 cells in OKLab, and a histogram of 4 x 4 x 4 colours, smoothed between near
  ones. The distance of two looks is the thumbnails' root mean square plus a fifth of the histograms' distance;
- its *likeness*, the product of weighted one-hot label maps, which is what the model's encoder sees. The two flags
  whose sum comes nearest to a picture are those from which it seems to be made.

Letters: M pictures of a call, N known flags, h x w the grid on which pictures are compared, C colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Dataset, coded_areas
from flagsae.flags.palette import distances, oklab
from flagsae.flags.regions import LabelMap
from flagsae.sae.crisp import weights

CELLS = (8, 12)
GRID_PIXELS = 7000  # target pixel count of the grid: all 68 x 102 of the usual canvas
MOST_RIVALS = 300  # known flags at most; larger datasets are sampled evenly
NEAREST = 10  # a parent is recognised where it is among so many nearest flags
HISTOGRAM_WEIGHT = 0.2
CUBE = np.stack(np.meshgrid(*[np.arange(4) * 64 + 32.0] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
SAME = 0.12  # OKLab distance over which neighbouring cells of the histogram blend

Floats = NDArray[np.float32]
Maps = NDArray[np.uint8]  # M x h x w


def _smoothing() -> Floats:
    """The square root of the histogram's similarity matrix: distances become Euclidean after it. 64 x 64."""
    near = np.exp(-((distances(oklab(CUBE), oklab(CUBE)) / SAME) ** 2))
    return np.linalg.cholesky(near + 1e-9 * np.eye(64)).astype(np.float32)


@dataclass(frozen=True)
class Look:
    """thumbnail: M x 288, OKLab; histogram: M x 64."""

    thumbnail: Floats
    histogram: Floats

    def distance(self, others: Look) -> Floats:
        """M x N."""
        return _apart(self.thumbnail, others.thumbnail) + HISTOGRAM_WEIGHT * _apart(self.histogram, others.histogram)


def _apart(a: Floats, b: Floats) -> Floats:
    square = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T
    return np.sqrt(np.maximum(square, 0))


class Gallery:
    """The known flags of a dataset, ready to compare with."""

    def __init__(self, dataset: Dataset, salience: float) -> None:
        known = dataset.flags
        if len(known) > MOST_RIVALS:
            known = known[np.linspace(0, len(known) - 1, MOST_RIVALS).astype(int)]
        height, width = known.fine.shape[1:]
        self.step = max(1, round((height * width / GRID_PIXELS) ** 0.5))
        self.colours = len(dataset.palette)
        self.known = known
        self.salience = salience
        self.smoothing = _smoothing()
        maps = self.small(known.fine)
        self.shape = (int(maps.shape[1]), int(maps.shape[2]))
        rows, columns = (np.arange(size) * cells // size for size, cells in zip(self.shape, CELLS, strict=True))
        self.cell = rows[:, None] * CELLS[1] + columns  # h x w
        self.cell_pixels = np.maximum(np.bincount(self.cell.ravel(), minlength=CELLS[0] * CELLS[1]), 1)
        self.looks = self.look(maps, known.tints)
        # Likeness needs only every third pixel of the grid.
        weight = weights(self.small(known.fine_areas), salience)[:, ::3, ::3].reshape(len(known), -1)
        labels = maps[:, ::3, ::3].reshape(len(known), -1)
        self.pixel = np.arange(labels.shape[1]) * self.colours
        self.inputs = np.zeros((labels.shape[1] * self.colours, len(known)), np.float32)  # one-hot, a flag a column
        for flag in range(len(known)):
            self.inputs[self.pixel + labels[flag], flag] = weight[flag]
        self.gram = (self.inputs.T @ self.inputs).astype(np.float64)  # N x N

    def small(self, maps: NDArray[Any]) -> NDArray[Any]:
        """Maps of the fine grid on the grid of the comparison: ... x h x w."""
        return maps[..., self.step // 2 :: self.step, self.step // 2 :: self.step]

    def look(self, maps: Maps, tints: NDArray[np.uint8]) -> Look:
        """maps: M x h x w; tints: C x 3, or M x C x 3."""
        count = len(maps)
        cells = CELLS[0] * CELLS[1]
        place = (np.arange(count)[:, None, None] * cells + self.cell) * self.colours + maps
        pixels = np.bincount(place.ravel(), minlength=count * cells * self.colours)
        shares = pixels.reshape(count, cells, self.colours).astype(np.float32)  # (M, cells, C)
        tints = np.broadcast_to(tints, (count, self.colours, 3))
        thumbnail = (shares @ oklab(tints).astype(np.float32)) / self.cell_pixels[:, None]
        cube = np.zeros((count, 64), np.float32)
        where = (tints.astype(int) // 64) @ np.array([16, 4, 1])  # (M, C)
        area = shares.sum(1) / self.cell.size
        for colour in range(self.colours):
            np.add.at(cube, (np.arange(count), where[:, colour]), area[:, colour])
        return Look(thumbnail.reshape(count, -1) / cells**0.5, np.sqrt(cube) @ self.smoothing)

    def column(self, labels: LabelMap) -> tuple[Floats, NDArray[np.intp]]:
        """A picture as an input of its own, as `inputs` has the known flags': (weights, places in the one-hot vector).

        labels: h x w.
        """
        weight = weights(coded_areas(labels)[None], self.salience)[0, ::3, ::3].ravel()
        return weight, self.pixel + labels[::3, ::3].ravel()


_galleries: dict[tuple[str, float], Gallery] = {}


def gallery_of(dataset: Dataset, salience: float) -> Gallery:
    """The gallery of a dataset, made once."""
    key = (dataset.hash, salience)
    if key not in _galleries:
        _galleries[key] = Gallery(dataset, salience)
    return _galleries[key]


def made_of(products: NDArray[np.float64], gram: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of a picture the non-negative sum of each pair of flags explains. products: N; returns N x N.

    The best pair is the picture's analysis: pursuit with two atoms, looked for among all pairs at once.
    """
    square = np.diag(gram)
    determinant = square[:, None] * square - gram**2
    determinant = np.where(determinant > 1e-6 * square[:, None] * square, determinant, np.inf)
    amount = (square * products[:, None] - gram * products) / determinant
    both = (amount > 0) & (amount.T > 0)
    alone = np.maximum(products, 0) ** 2 / np.maximum(square, 1e-12)
    return np.where(both, amount * products[:, None] + amount.T * products, np.maximum(alone[:, None], alone))
