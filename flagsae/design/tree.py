"""A flag as a tree: the regions of its ground, its charges as nested figures, its canton as a smaller tree.

`segment.take_apart` separates ground and charges; this module cuts each into pieces that a person would name. A charge
is a list of figures. A figure is a connected blob: its skin is the region of one colour along its outline, and what
lies inside the skin is again a list of figures (a star in a disc).

Letters: h x w, the rows and columns of a label map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design.segment import NOTHING, Parts, take_apart
from flagsae.flags.regions import LabelMap, bounds, connected_regions, holes_filled, region_areas

Mask = NDArray[np.bool_]

# All by eye.
LEAST_GROUND = 0.002  # of the map: a smaller region of the ground is not named
LEAST_FIGURE = 0.00016  # of the map, about ten pixels of the fine grid: a smaller blob is no figure
LEAST_PIXELS = 4  # the same on small maps: fewer pixels have no shape
DEEPEST = 3  # levels of figures inside figures: what lies deeper is a detail of a coat of arms

# A plain canton that is connected to a stripe of its own colour, in shares of the height or the width.
FUSED_EDGE = 0.9  # of a column, above the canton's lower side, in the canton's colour: with less the canton has ended
FUSED_HEIGHT = (0.25, 0.66)
FUSED_WIDTH = (0.2, 0.6)
BLEND = 2  # columns beside the canton that may be blends of colours
STRIPED = 0.95  # of the pixels beside the canton that have the colour of their row: with less these are no stripes
STRIPES_BESIDE = 2  # edges between stripes beside the canton, at least


@dataclass(frozen=True, eq=False)
class Area:
    """A region of the ground."""

    mask: Mask
    """h x w."""
    colour: int
    """Palette index."""

    @property
    def share(self) -> float:
        """Share of the map that it covers."""
        return float(self.mask.mean())


@dataclass(frozen=True, eq=False)
class Figure:
    """A blob of a charge. Its masks are those of its bounding box with an empty margin of one pixel."""

    whole: Mask
    """Its silhouette, holes filled."""
    skin: Mask
    """The region of one colour along its outline."""
    top: int
    """First row of the box in the map; -1 where the margin lies outside the map."""
    left: int
    """First column of the box in the map, likewise."""
    colour: int
    """Palette index of the skin."""
    colours: NDArray[np.int64]
    """Pixels of each palette index in the silhouette, as long as the highest index needs."""
    pixels: int
    """Pixels of the whole map."""
    inside: tuple[Figure, ...]
    """The figures within the skin, the largest first; none at the deepest level."""

    @property
    def share(self) -> float:
        """Share of the map that the silhouette covers."""
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
    """A flag cut into regions and figures."""

    ground: LabelMap
    """h x w, without charges and canton."""
    charges: tuple[tuple[Figure, ...], ...]
    """The outer figures of each charge, the largest first."""
    canton: Tree | None
    """The canton as a flag of its own, or None."""

    @property
    def size(self) -> tuple[int, int]:
        """h, w."""
        height, width = self.ground.shape
        return int(height), int(width)

    def covered(self) -> Mask:
        """The pixels of charges and canton: h x w."""
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


def tree_of(labels: LabelMap, known: NDArray[np.uint8] | None = None, *, canton: bool = True, odd: bool = True) -> Tree:
    """Cuts a flag into a tree. The arguments are those of `take_apart`."""
    return _tree(take_apart(labels, known, canton=canton, odd=odd))


def _tree(parts: Parts) -> Tree:
    canton, charges = None, []
    for charge in parts.charges:
        if charge.canton:
            canton = _tree(take_apart(charge.labels, canton=False))
        else:
            charges.append(figures(charge.labels, charge.top, charge.left, parts.ground.size))
    return Tree(parts.ground, tuple(charges), canton)


def fused_canton(tree: Tree) -> Tree:
    """Cuts off a plain canton that is connected to a stripe of its own colour, so that `take_apart` did not see it.

    A rectangle of one colour in the upper hoist corner is a canton where stripes begin beside it. Returns the tree as
    it is where there is none.
    """
    labels = tree.ground
    height, width = labels.shape
    same = labels == labels[0, 0]
    rows = height if same[:, 0].all() else int(np.argmin(same[:, 0]))
    edge = np.nonzero(same[:rows].mean(0) < FUSED_EDGE)[0]
    columns = int(edge[0]) if len(edge) else width
    high = FUSED_HEIGHT[0] * height < rows < FUSED_HEIGHT[1] * height
    if not (high and FUSED_WIDTH[0] * width < columns < FUSED_WIDTH[1] * width):
        return tree
    beside = labels[:, columns + BLEND :]
    line = beside[:, beside.shape[1] // 2]
    stripe_edges = np.count_nonzero(line[1:rows] != line[: rows - 1])
    if (beside == line[:, None]).mean() < STRIPED or stripe_edges < STRIPES_BESIDE:
        return tree
    ground = labels.copy()
    ground[:rows, : columns + BLEND] = line[:rows, None]

    def inside(figure: Figure) -> bool:
        return figure.middle[0] < rows and figure.middle[1] < columns

    within = (tuple(figure for figure in forest if inside(figure)) for forest in tree.charges)
    beyond = (tuple(figure for figure in forest if not inside(figure)) for forest in tree.charges)
    canton = Tree(labels[:rows, :columns], tuple(forest for forest in within if forest), None)
    return Tree(ground, tuple(forest for forest in beyond if forest), canton)


def areas(ground: LabelMap) -> tuple[Area, ...]:
    """The regions of a ground that are large enough to be named, in reading order. ground: h x w; NOTHING is none."""
    regions = connected_regions(ground)
    sizes = region_areas(regions)
    masks = [regions == region for region in np.nonzero(sizes >= LEAST_GROUND * regions.size)[0]]
    found = [Area(mask, int(ground[mask][0])) for mask in masks]
    return tuple(area for area in found if area.colour != NOTHING)


def figures(labels: LabelMap, top: int, left: int, pixels: int, depth: int = 0) -> tuple[Figure, ...]:
    """The blobs of a charge as figures, the largest first.

    labels: of a box of the map, NOTHING around and between the blobs; top, left: first row and column of the box in
    the map; pixels: of the whole map; depth: how many figures these lie inside of.
    """
    labels = np.pad(labels, 1, constant_values=NOTHING)
    blobs = connected_regions((labels != NOTHING).astype(np.uint8))
    sizes = np.bincount(blobs[labels != NOTHING], minlength=int(blobs.max()) + 1)
    found = []
    for blob in np.argsort(-sizes, kind="stable"):
        if sizes[blob] < max(LEAST_FIGURE * pixels, LEAST_PIXELS):
            break
        first, last, near, far = bounds(blobs == blob)
        box = np.s_[first - 1 : last + 2, near - 1 : far + 2]
        own = np.where(blobs[box] == blob, labels[box], NOTHING).astype(np.uint8)
        found.append(_figure(own, top + first - 2, left + near - 2, pixels, depth))
    return tuple(found)


def _figure(labels: LabelMap, top: int, left: int, pixels: int, depth: int) -> Figure:
    """The figure of one blob. labels: of its box, with a margin of one pixel that is NOTHING."""
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
