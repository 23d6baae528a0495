"""Which regions of a flag have a code of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from flagsae.design.part_vectors import Floats, Mask, layout_vector, shape_vector
from flagsae.design.tree import Figure, Tree, areas
from flagsae.flags.dataset import Flags

KINDS = ("layout", "shape")


# Which regions a flag has.


@dataclass(frozen=True, eq=False)
class Region:
    """What has a code of its own. kind: of `KINDS`; mask: in a box; top, left: where that stands on the flag."""

    kind: str
    mask: Mask
    top: int = 0
    left: int = 0

    def on(self, size: tuple[int, int]) -> Mask:
        """The mask on the whole flag, h x w of `size`."""
        rows, columns = np.nonzero(self.mask)
        whole = np.zeros(size, bool)
        whole[rows + self.top, columns + self.left] = True
        return whole

    def vector(self, aspect: float) -> Floats:
        """D. aspect: width of a pixel over its height."""
        return layout_vector(self.mask) if self.kind == "layout" else shape_vector(self.mask, aspect)


def regions_of(tree: Tree) -> Iterator[Region]:
    """The regions of the ground, the figures of the charges, and those of the canton."""
    for area in areas(tree.ground):
        yield Region("layout", area.mask)
    for forest in tree.charges:
        for figure in forest:
            yield from _figure_regions(figure)
    if tree.canton:
        yield from regions_of(tree.canton)  # it begins where the flag does


def _figure_regions(figure: Figure) -> Iterator[Region]:
    yield Region("shape", figure.skin, figure.top, figure.left)
    if (figure.skin != figure.whole).any():
        yield Region("shape", figure.whole, figure.top, figure.left)
    for inner in figure.inside:
        yield from _figure_regions(inner)


def pixel_aspect(flags: Flags, position: int) -> float:
    """Width of a fine pixel over its height, as the flag is meant to be seen."""
    height, width = flags.fine.shape[1:]
    return float(flags.aspect[position]) * height / width
