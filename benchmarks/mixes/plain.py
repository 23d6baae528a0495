"""Measures of one picture, and of which flags it looks like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design.shades import family
from flagsae.flags.palette import Picture, distances
from flagsae.flags.pictures import resample
from flagsae.flags.regions import LabelMap, connected_regions, region_areas
from flagsae.oklab import oklab

NEAREST = 10  # a parent is found by its look among so many flags
CELLS = (8, 12)  # rows, columns of a thumbnail
SHADES = 4  # of each of red, green and blue in a histogram
SAME = 0.12  # OKLab distance at which the similarity of two shades is 1/e
HISTOGRAM = 0.2  # weight of the distance of histograms beside that of thumbnails
# Of the flag's area.
MAIN, GONE = 0.2, 0.02  # a main colour has so much, and is lost with less than that

Floats = NDArray[np.float64]


def colours(pixels: Picture) -> int:
    """How many colours cover 98 % of the pixels, at 5 bits a channel."""
    shade = (pixels >> 3).astype(int) @ np.array([1024, 32, 1])
    counts = np.sort(np.bincount(shade.ravel()))[::-1]
    return int(np.searchsorted(counts.cumsum(), 0.98 * shade.size)) + 1


def speckle(pixels: Picture) -> float:
    """Share of the pixels in 4-connected parts of one colour, at 3 bits a channel, under .1 % of the picture."""
    shade = (pixels >> 5).astype(int) @ np.array([64, 8, 1])
    areas = region_areas(connected_regions(shade))
    return float(areas[areas < 0.001 * shade.size].sum() / shade.size)


@dataclass(frozen=True)
class Looks:
    """What known flags look like: 8 x 12 cells in OKLab, and a histogram of colours in which similar ones are near."""

    thumbnails: Floats
    """N x 288."""
    histograms: Floats
    """N x 64."""

    @classmethod
    def of(cls, pictures: Iterable[Picture]) -> Looks:
        every = [_look(pixels) for pixels in pictures]
        return cls(np.stack([thumbnail for thumbnail, _ in every]), np.stack([histogram for _, histogram in every]))

    def distances(self, pixels: Picture) -> Floats:
        """From a picture to each: N."""
        thumbnail, histogram = _look(pixels)
        away = np.linalg.norm(self.histograms - histogram, axis=1)
        return np.linalg.norm(self.thumbnails - thumbnail, axis=1) + HISTOGRAM * away


def _look(pixels: Picture) -> tuple[Floats, Floats]:
    thumbnail = oklab(resample(pixels, *CELLS)).ravel() / np.prod(CELLS) ** 0.5
    cell = (pixels // (256 // SHADES)).reshape(-1, 3).astype(int) @ np.array([SHADES**2, SHADES, 1])
    counts = np.bincount(cell, minlength=SHADES**3)
    return thumbnail, np.sqrt(counts / counts.sum()) @ _smoothing()


def _smoothing() -> Floats:
    """R of the similarities R Rᵀ of a histogram's shades, 64 x 64: histograms times R are near where colours are."""
    steps = (np.arange(SHADES) + 0.5) * (256 // SHADES)
    shades = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    near = np.exp(-((distances(oklab(shades), oklab(shades)) / SAME) ** 2))
    return np.asarray(np.linalg.cholesky(near + 1e-9 * np.eye(len(shades))), np.float64)  # 1e-9 against rounding


def found(distances: NDArray[np.floating], parents: Iterable[int]) -> bool:
    """Whether each parent has fewer than `NEAREST` flags before it. distances: N."""
    return all((distances < distances[parent]).sum() < NEAREST for parent in parents)


def loses_colour(labels: LabelMap, parents: Iterable[LabelMap], names: Sequence[str]) -> bool:
    """Whether a family of colours is a main one of one parent, and in none of the others, nor in the mix. names: of the
    palette's colours; blue and dark blue are one family."""
    families = list(dict.fromkeys(map(family, names)))
    table = np.array([families.index(family(name)) for name in names])
    shares = (np.bincount(table[one.ravel()], minlength=len(families)) / one.size for one in (labels, *parents))
    here, *there = shares
    own = (np.max(there, axis=0) >= MAIN) & ((np.array(there) >= GONE).sum(0) == 1)
    return bool((own & (here < GONE)).any())
