"""The regions of a flag that are encoded by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from flagsae.design.part_vectors import Floats, Mask, layout_vector, shape_vector
from flagsae.design.tree import Figure, Tree, areas
from flagsae.flags.dataset import Flags

KINDS = ("layout", "shape")  # the part dictionaries


@dataclass(frozen=True, eq=False)
class Region:
    """A region that is encoded by itself."""

    kind: str
    """The dictionary that encodes it, one of `KINDS`."""
    mask: Mask
    """The region in a box of the flag: h x w of the whole flag for a layout."""
    top: int = 0
    """First row of the box on the flag."""
    left: int = 0
    """First column of the box on the flag."""

    def on(self, size: tuple[int, int]) -> Mask:
        """The mask on the whole flag. size: h, w of the flag."""
        rows, columns = np.nonzero(self.mask)
        whole = np.zeros(size, bool)
        whole[rows + self.top, columns + self.left] = True
        return whole

    def vector(self, aspect: float) -> Floats:
        """The vector that its dictionary encodes: D. aspect: width of a pixel over its height."""
        return layout_vector(self.mask) if self.kind == "layout" else shape_vector(self.mask, aspect)


def regions_of(tree: Tree) -> Iterator[Region]:
    """The regions of the ground, the figures of the charges, and the same of the canton.

    A figure with something on it gives two: its skin and its silhouette.
    """
    for area in areas(tree.ground):
        yield Region("layout", area.mask)
    for forest in tree.charges:
        for figure in forest:
            yield from _figure_regions(figure)
    if tree.canton:
        yield from regions_of(tree.canton)  # its first row and column are those of the flag


def _figure_regions(figure: Figure) -> Iterator[Region]:
    yield Region("shape", figure.skin, figure.top, figure.left)
    if (figure.skin != figure.whole).any():
        yield Region("shape", figure.whole, figure.top, figure.left)
    for inner in figure.inside:
        yield from _figure_regions(inner)


def pixel_aspect(flags: Flags, position: int) -> float:
    """Width over height of a pixel of a flag's fine grid, at the flag's official proportions."""
    height, width = flags.fine.shape[1:]
    return float(flags.aspect[position]) * height / width
