"""Compares composites with the known flags: can each parent still be seen in a composite?

A picture is compared in two ways, both fast enough for hundreds of candidates at once:

- by its *look*: a thumbnail of 8 x 12 cells in OKLab, and a histogram of 4 x 4 x 4 colours, smoothed between similar
  ones. The distance of two looks is the root mean square difference of their thumbnails, plus a fifth of the distance
  of their histograms;
- by its *likeness*: the inner product of weighted one-hot label maps, which is what the model's encoder computes. A
  picture seems to be made of the two flags whose weighted sum comes nearest to it.

Letters: M pictures of a call, N known flags, C colours, h x w the grid on which pictures are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Dataset, coded_areas
from flagsae.flags.palette import distances
from flagsae.flags.regions import LabelMap
from flagsae.oklab import oklab
from flagsae.sae.crisp import weights

# All by eye, on contact sheets of composites.
CELLS = (8, 12)  # rows, columns of a thumbnail
GRID_PIXELS = 7000  # target pixel count of the grid: all 68 x 102 of the usual canvas
LIKENESS_STEP = 3  # likeness needs only every third row and column of the grid
MOST_RIVALS = 300  # known flags at most; larger datasets are sampled evenly
NEAREST = 10  # a parent is recognised if it is among so many nearest flags
HISTOGRAM_WEIGHT = 0.2  # of the distance of histograms beside that of thumbnails
SHADES = 4  # of each of red, green and blue in a histogram
CUBE_STEP = 256 // SHADES
# sRGB of the middles of the histogram's cells: 64 x 3.
CUBE = np.stack(np.meshgrid(*[np.arange(SHADES) * CUBE_STEP + CUBE_STEP / 2] * 3, indexing="ij"), axis=-1).reshape(
    -1, 3
)
SAME = 0.12  # OKLab distance at which the similarity of two cells of the histogram is 1/e

Floats = NDArray[np.float32]
Maps = NDArray[np.uint8]  # M x h x w


def _smoothing() -> Floats:
    """R of the similarities S = R Rᵀ of a histogram's cells: 64 x 64. Histograms times R have Euclidean distances in
    which similar colours are near."""
    near = np.exp(-((distances(oklab(CUBE), oklab(CUBE)) / SAME) ** 2))
    return np.linalg.cholesky(near + 1e-9 * np.eye(len(CUBE))).astype(np.float32)  # 1e-9 against rounding


@dataclass(frozen=True)
class Look:
    """What M pictures look like."""

    thumbnail: Floats
    """M x 288, OKLab of all cells, divided by the root of their number."""
    histogram: Floats
    """M x 64, smoothed."""

    def distance(self, others: Look) -> Floats:
        """The distance of each of M looks from each of N others: M x N."""
        return _apart(self.thumbnail, others.thumbnail) + HISTOGRAM_WEIGHT * _apart(self.histogram, others.histogram)


def _apart(a: Floats, b: Floats) -> Floats:
    """Euclidean distances of the rows of a from the rows of b: M x N."""
    square = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T
    return np.sqrt(np.maximum(square, 0))


class Gallery:
    """The known flags of a dataset, prepared for comparison."""

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
        every = np.s_[..., ::LIKENESS_STEP, ::LIKENESS_STEP]
        weight = weights(self.small(known.fine_areas), salience)[every].reshape(len(known), -1)
        labels = maps[every].reshape(len(known), -1)
        self.pixel = np.arange(labels.shape[1]) * self.colours
        self.inputs = np.zeros((labels.shape[1] * self.colours, len(known)), np.float32)  # one-hot, a column a flag
        for flag in range(len(known)):
            self.inputs[self.pixel + labels[flag], flag] = weight[flag]
        self.gram = (self.inputs.T @ self.inputs).astype(np.float64)  # N x N

    def small(self, maps: NDArray[Any]) -> NDArray[Any]:
        """Samples maps of the fine grid (... x 3H x 3W) on the grid of the comparison: ... x h x w."""
        return maps[..., self.step // 2 :: self.step, self.step // 2 :: self.step]

    def look(self, maps: Maps, tints: NDArray[np.uint8]) -> Look:
        """What M pictures look like. maps: M x h x w, label maps; tints: C x 3, or M x C x 3, sRGB."""
        count = len(maps)
        cells = CELLS[0] * CELLS[1]
        place = (np.arange(count)[:, None, None] * cells + self.cell) * self.colours + maps
        pixels = np.bincount(place.ravel(), minlength=count * cells * self.colours)
        shares = pixels.reshape(count, cells, self.colours).astype(np.float32)  # (M, cells, C)
        tints = np.broadcast_to(tints, (count, self.colours, 3))
        thumbnail = (shares @ oklab(tints).astype(np.float32)) / self.cell_pixels[:, None]
        cube = np.zeros((count, len(CUBE)), np.float32)
        where = (tints.astype(int) // CUBE_STEP) @ np.array([SHADES**2, SHADES, 1])  # (M, C), cells of the histogram
        area = shares.sum(1) / self.cell.size
        for colour in range(self.colours):
            np.add.at(cube, (np.arange(count), where[:, colour]), area[:, colour])
        return Look(thumbnail.reshape(count, -1) / cells**0.5, np.sqrt(cube) @ self.smoothing)

    def column(self, labels: LabelMap) -> tuple[Floats, NDArray[np.intp]]:
        """A picture as a column like those of `inputs`: (its numbers that are not zero, their rows).

        labels: h x w.
        """
        weight = weights(coded_areas(labels)[None], self.salience)[0, ::LIKENESS_STEP, ::LIKENESS_STEP].ravel()
        return weight, self.pixel + labels[::LIKENESS_STEP, ::LIKENESS_STEP].ravel()


_galleries: dict[tuple[str, float], Gallery] = {}


def gallery_of(dataset: Dataset, salience: float) -> Gallery:
    """The gallery of a dataset, kept after the first call."""
    key = (dataset.hash, salience)
    if key not in _galleries:
        _galleries[key] = Gallery(dataset, salience)
    return _galleries[key]


def made_of(products: NDArray[np.float64], gram: NDArray[np.float64]) -> NDArray[np.float64]:
    """The squared length that the best non-negative sum of each pair of flags explains of a picture: N x N.

    products: N, inner products of the picture with the flags; gram: N x N, of the flags with each other. The best pair
    is what pursuit with two atoms looks for, found among all pairs at once.
    """
    square = np.diag(gram)
    determinant = square[:, None] * square - gram**2
    # Two flags that are nearly the same explain what one of them does.
    determinant = np.where(determinant > 1e-6 * square[:, None] * square, determinant, np.inf)
    amount = (square * products[:, None] - gram * products) / determinant
    both = (amount > 0) & (amount.T > 0)
    alone = np.maximum(products, 0) ** 2 / np.maximum(square, 1e-12)
    return np.where(both, amount * products[:, None] + amount.T * products, np.maximum(alone[:, None], alone))
