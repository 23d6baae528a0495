"""Figures of parents that a mix has in part: a cross without an arm, a canton that runs under a bar.

A figure is a cross, saltire, triangle, pall, band or canton of a parent's design, or a Union Jack, that the parent
itself shows. It is looked for in the mix's picture, on the fine grid, by its outline where it stands in the parent (of
a canton: by all edges in it): how much of that shows an edge with the figure's own colour on the inside. What lies
under a charge of the mix's own design counts neither way. It is whole with most of it, or where the mix has a whole
figure of its sort elsewhere, in another size or colour, which its design tells; it is absent with little of it; between
the two it is torn. So is a figure of the mix's design that a later layer covers in part. What is recoloured or moved as
well as torn is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design import quick
from flagsae.design.design import Design, Layer
from flagsae.design.figures import SIDES
from flagsae.flags.regions import LabelMap

BOXES = ("canton", "jack")  # with all that is in them
FIGURES = ("cross", "saltire", "triangle", "pall", "band", *BOXES)
SHOWN = 0.6  # of its outline, that a parent shows of a figure that it has
# Of the outline that a parent shows, what a mix shows of a figure that is whole, and what at least of a torn one.
# Chosen on mixes by `weave`, so that what looks torn is and what looks whole or absent is not.
WHOLE, PART = 0.85, 0.2
NEAR = 2  # pixels of the fine grid, that an edge may lie off
LEAST = 30  # pixels: a shorter outline is no figure
EVEN = 0.1  # of its side: the apex of a triangle stands so near to the middle, or it is another sort

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Outline:
    """n pairs of neighbouring pixels with an edge of a figure between them: the inner one, and the way to the outer."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    down: NDArray[np.intp]
    right: NDArray[np.intp]
    colour: int
    """On the inside, in the parent."""

    @classmethod
    def of(cls, mask: NDArray[np.bool_], labels: LabelMap) -> Outline:
        """The border of a mask on a parent's label map, but for where the frame cuts it off."""
        height, width = mask.shape
        beyond = np.pad(mask, 1, constant_values=True)
        found = []
        for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            y, x = np.nonzero(mask & ~beyond[1 + down : 1 + down + height, 1 + right : 1 + right + width])
            found.append((y, x, np.full(len(y), down), np.full(len(y), right)))
        rows, columns, downs, rights = (np.concatenate(parts) for parts in zip(*found, strict=True))
        inside = labels[rows, columns]
        return cls(rows, columns, downs, rights, int(np.bincount(inside).argmax()) if len(inside) else 0)

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, chosen: NDArray[np.bool_]) -> Outline:
        return Outline(self.rows[chosen], self.columns[chosen], self.down[chosen], self.right[chosen], self.colour)

    def _at(self, labels: LabelMap, step: int) -> NDArray[np.uint8]:
        """The labels so many pixels outward of the inner pixels; beyond the frame, those at it."""
        rows = (self.rows + step * self.down).clip(0, labels.shape[0] - 1)
        columns = (self.columns + step * self.right).clip(0, labels.shape[1] - 1)
        return labels[rows, columns]

    def seen(self, labels: LabelMap, colour: int) -> NDArray[np.bool_]:
        """Where a label map has an edge with a colour on the inside, n."""
        inside = np.any([self._at(labels, -step) == colour for step in range(NEAR + 1)], 0)
        outside = np.any([self._at(labels, 1 + step) != colour for step in range(NEAR + 1)], 0)
        return inside & outside

    def usual(self, labels: LabelMap) -> int:
        """The commonest colour on the inside, elsewhere."""
        return int(np.bincount(self._at(labels, -1)).argmax())


@dataclass(frozen=True)
class Figure:
    """A figure that a flag shows."""

    kind: str
    outlines: tuple[Outline, ...]
    """Of what the flag shows of it; of a canton one for each of its colours."""
    sort: str = ""
    """What makes two figures of a kind alike: of a canton the figure that fills it, of a triangle how it lies."""
    shown: float = 1.0
    """The share of its outline that the flag shows."""

    def share(self, labels: LabelMap, free: Mask) -> float:
        """How much of its outline a label map shows in its own colours, of what is free of charges."""
        seen = [one.seen(labels, one.colour)[free[one.rows, one.columns]] for one in self.outlines]
        return float(np.concatenate(seen).mean()) if self._enough(free) else 0.0

    def recoloured(self, labels: LabelMap, free: Mask) -> float:
        """How much in any one colour; of a canton nothing."""
        if len(self.outlines) > 1 or not self._enough(free):
            return 0.0
        (outline,) = self.outlines
        return float(outline.seen(labels, outline.usual(labels))[free[outline.rows, outline.columns]].mean())

    def _enough(self, free: Mask) -> bool:
        """Whether charges leave half of it free: of less nothing can be told."""
        return sum(int(free[one.rows, one.columns].sum()) for one in self.outlines) * 2 >= sum(map(len, self.outlines))


def figures_of(design: Design, labels: LabelMap) -> list[Figure]:
    """The figures that a flag shows. labels: its fine label map."""
    found = []
    for layer in design.layers:
        if layer.figure in BOXES:
            found.append(_boxed(layer, labels))
        elif layer.figure in FIGURES:
            outline = Outline.of(quick.layer_mask(layer, *labels.shape), labels)
            seen = outline.seen(labels, outline.colour)
            if seen.any():
                found.append(Figure(layer.figure, (outline.only(seen),), _sort(layer), float(seen.mean())))
    return [figure for figure in found if sum(map(len, figure.outlines)) >= LEAST]


def _boxed(layer: Layer, labels: LabelMap) -> Figure:
    box = np.zeros(labels.shape, bool)
    wide, high = layer.numbers if layer.inside is not None else (1.0, 1.0)
    box[: round(high * labels.shape[0]), : round(wide * labels.shape[1])] = True
    outlines = (Outline.of(box & (labels == colour), labels) for colour in np.unique(labels[box]))
    # Where the canton has the colour of what lies beside it, there is no edge.
    edges = (one.only(one.seen(labels, one.colour)) for one in outlines)
    return Figure(layer.figure, tuple(one for one in edges if len(one)), _sort(layer))


def _sort(layer: Layer) -> str:
    if layer.inside is not None:
        return layer.inside.layers[0].figure
    if layer.figure != "triangle":
        return ""
    side, start, end, _, apex = layer.numbers
    return f"{SIDES[int(side)]}{', even' if abs(apex - (start + end) / 2) < EVEN else ''}"


def torn(
    labels: LabelMap, design: Design | None, parents: Sequence[tuple[Design, LabelMap]], parsed: bool = True
) -> list[str]:
    """The kinds of the figures that a mix has in part.

    labels: the mix's fine label map; design: its own, or the one that is found in its picture; parents: the design and
    the fine label map of each; parsed: whether the design was found, in which what is torn off may pass for a charge.
    """
    covered = np.zeros(labels.shape, bool) if parsed or design is None else _charges(design, labels.shape)
    free = ~covered
    theirs = [figure for parent in parents for figure in figures_of(*parent)]
    own = (
        [(layer, _own_share(layer, labels, free)) for layer in design.layers if layer.figure in FIGURES]
        if design
        else []
    )
    whole = {(layer.figure, _sort(layer)) for layer, share in own if share >= WHOLE}
    found = {
        figure.kind
        for figure in theirs
        if figure.shown >= SHOWN
        and (figure.kind, figure.sort) not in whole
        and PART <= figure.share(labels, free) < WHOLE
        and figure.recoloured(labels, free) < WHOLE
    }
    shown = {figure.kind: min(one.shown for one in theirs if one.kind == figure.kind) for figure in theirs}
    found |= {layer.figure for layer, share in own if PART <= share < WHOLE * shown.get(layer.figure, 0)}
    return sorted(found)


def _own_share(layer: Layer, labels: LabelMap, free: Mask) -> float:
    """How much of the outline of its own layer a mix shows; all of a canton, which nothing covers."""
    if layer.figure in BOXES:
        return 1.0
    outline = Outline.of(quick.layer_mask(layer, *labels.shape), labels)
    if not len(outline):
        return 0.0
    return Figure(layer.figure, (outline,)).share(labels, free)


def _charges(design: Design, shape: tuple[int, ...]) -> Mask:
    """The circles that its charges stand in."""
    y, x = ((np.arange(size) + 0.5) / size for size in shape)
    covered = np.zeros(shape, bool)
    for charge in design.charges:
        for place in charge.places:
            covered |= np.hypot((x - place.x) * design.aspect, y[:, None] - place.y) <= place.radius
    return covered
