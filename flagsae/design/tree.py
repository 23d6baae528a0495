"""A flag as a tree: the regions of its ground, its charges as nested figures, its canton as a smaller tree.

`segment.take_apart` separates ground and charges; here each is cut into what a person would point at. A charge is a
list of figures. A figure is a connected blob: its skin is the region of one colour along its outline, and what lies
inside the skin are figures again (the star in the disc).

Letters: h x w, the rows and columns of a label map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design.segment import NOTHING, Parts, take_apart
from flagsae.flags.regions import LabelMap, bounds, connected_regions, holes_filled, region_areas

Mask = NDArray[np.bool_]

LEAST_GROUND = 0.002  # of the map: a smaller region of the ground is not named
LEAST_FIGURE = 0.00016  # of the map, about ten pixels of the fine grid
DEEPEST = 3  # figures in figures in figures: what lies deeper is a detail of a coat of arms


@dataclass(frozen=True, eq=False)
class Area:
    """A region of the ground. mask: h x w; colour: palette index."""

    mask: Mask
    colour: int

    @property
    def share(self) -> float:
        return float(self.mask.mean())


@dataclass(frozen=True, eq=False)
class Figure:
    """A blob of a charge. whole: its silhouette without holes, skin: the region along its outline, both in a box of
    the map with a margin of nothing; top, left: where the box stands; colour: of the skin, a palette index; colours:
    how many pixels of each palette index the silhouette has; pixels: of the map; inside: figures within the skin."""

    whole: Mask
    skin: Mask
    top: int
    left: int
    colour: int
    colours: NDArray[np.int64]
    pixels: int
    inside: tuple[Figure, ...]

    @property
    def share(self) -> float:
        """Of the map, holes and all that is inside included."""
        return float(self.whole.sum()) / self.pixels

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First row, row after the last, first column, column after the last, in the map."""
        top, bottom, left, right = bounds(self.whole)
        return self.top + top, self.top + bottom + 1, self.left + left, self.left + right + 1

    @property
    def middle(self) -> tuple[float, float]:
        """Row and column of the centre of its bounding box, in the map."""
        top, bottom, left, right = self.box
        return (top + bottom) / 2, (left + right) / 2


@dataclass(frozen=True, eq=False)
class Tree:
    ground: LabelMap
    """h x w, without charges and canton."""
    charges: tuple[tuple[Figure, ...], ...]
    """The outer figures of each."""
    canton: Tree | None
    """In the upper hoist."""

    @property
    def size(self) -> tuple[int, int]:
        height, width = self.ground.shape
        return int(height), int(width)

    def covered(self) -> Mask:
        """Where charges and canton stand: h x w."""
        mask = np.zeros(self.size, bool)
        for figure in (figure for forest in self.charges for figure in forest):
            rows, columns = (
                place + start for place, start in zip(np.nonzero(figure.whole), (figure.top, figure.left), strict=True)
            )
            inside = (rows < self.size[0]) & (columns < self.size[1])
            mask[rows[inside], columns[inside]] = True
        if self.canton is not None:
            mask[: self.canton.size[0], : self.canton.size[1]] = True
        return mask


def tree_of(labels: LabelMap, known: NDArray[np.uint8] | None = None) -> Tree:
    """A flag taken apart. labels: h x w; known: N x h x w, the flags that a canton may show."""
    return _tree(take_apart(labels, known))


def _tree(parts: Parts) -> Tree:
    canton, charges = None, []
    for charge in parts.charges:
        if charge.canton:
            canton = _tree(take_apart(charge.labels, canton=False))
        else:
            charges.append(figures(charge.labels, charge.top, charge.left, parts.ground.size))
    return Tree(parts.ground, tuple(charges), canton)


def fused_canton(tree: Tree) -> Tree:
    """A plain canton that has run together with a stripe of its own colour, cut off: where stripes begin beside a
    square in the upper hoist, it is a canton."""
    labels = tree.ground
    height, width = labels.shape
    same = labels == labels[0, 0]
    rows = height if same[:, 0].all() else int(np.argmin(same[:, 0]))
    edge = np.nonzero(same[:rows].mean(0) < 0.9)[0]
    columns = int(edge[0]) if len(edge) else width
    if not (0.25 * height < rows < 0.66 * height and 0.2 * width < columns < 0.6 * width):
        return tree
    beside = labels[:, columns + 2 :]  # the first columns may be blends
    line = beside[:, beside.shape[1] // 2]
    if (beside == line[:, None]).mean() < 0.95 or np.count_nonzero(line[1:rows] != line[: rows - 1]) < 2:
        return tree
    ground = labels.copy()
    ground[:rows, : columns + 2] = line[:rows, None]

    def inside(figure: Figure) -> bool:
        return figure.middle[0] < rows and figure.middle[1] < columns

    within = (tuple(figure for figure in forest if inside(figure)) for forest in tree.charges)
    beyond = (tuple(figure for figure in forest if not inside(figure)) for forest in tree.charges)
    canton = Tree(labels[:rows, :columns], tuple(forest for forest in within if forest), None)
    return Tree(ground, tuple(forest for forest in beyond if forest), canton)


def areas(ground: LabelMap) -> tuple[Area, ...]:
    """The regions of a ground in reading order, without those of NOTHING."""
    regions = connected_regions(ground)
    sizes = region_areas(regions)
    masks = [regions == region for region in np.nonzero(sizes >= LEAST_GROUND * regions.size)[0]]
    found = [Area(mask, int(ground[mask][0])) for mask in masks]
    return tuple(area for area in found if area.colour != NOTHING)


def figures(labels: LabelMap, top: int, left: int, pixels: int, depth: int = 0) -> tuple[Figure, ...]:
    """The blobs of a charge, the largest first. labels: NOTHING around and between them; pixels: of the whole map."""
    labels = np.pad(labels, 1, constant_values=NOTHING)
    blobs = connected_regions((labels != NOTHING).astype(np.uint8))
    sizes = np.bincount(blobs[labels != NOTHING], minlength=int(blobs.max()) + 1)
    found = []
    for blob in np.argsort(-sizes, kind="stable"):
        if sizes[blob] < max(LEAST_FIGURE * pixels, 4):
            break
        first, last, near, far = bounds(blobs == blob)
        box = np.s_[first - 1 : last + 2, near - 1 : far + 2]
        own = np.where(blobs[box] == blob, labels[box], NOTHING).astype(np.uint8)
        found.append(_figure(own, top + first - 2, left + near - 2, pixels, depth))
    return tuple(found)


def _figure(labels: LabelMap, top: int, left: int, pixels: int, depth: int) -> Figure:
    """One blob, with a margin of a pixel."""
    regions = connected_regions(labels)
    whole = holes_filled(labels != NOTHING)
    rim = np.zeros_like(whole)
    rim[1:-1, 1:-1] = whole[1:-1, 1:-1] & ~(whole[:-2, 1:-1] & whole[2:, 1:-1] & whole[1:-1, :-2] & whole[1:-1, 2:])
    along = np.bincount(regions[rim & (labels != NOTHING)])
    skin = regions == int(along.argmax())
    colours = np.bincount(labels[whole & (labels != NOTHING)], minlength=1)
    rest = np.where(whole & ~skin, labels, NOTHING).astype(np.uint8)
    inside = figures(rest, top, left, pixels, depth + 1) if depth + 1 < DEEPEST else ()
    return Figure(whole, skin, top, left, int(labels[skin][0]), colours, pixels, inside)
