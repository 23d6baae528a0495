"""The figures of a charge as shapes: each fitted, with its edge and with what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import Charge, Place
from flagsae.design.parsing.copies import are_copies
from flagsae.design.parsing.cut import CutOut, cut_from, cut_out
from flagsae.design.parsing.fitting import Blob, Fit, best_fit, fitted, judged
from flagsae.design.quick import filled
from flagsae.design.render import figures_of
from flagsae.design.segment import NOTHING
from flagsae.design.shapes import flattened
from flagsae.design.tree import Figure, figures
from flagsae.flags.regions import LabelMap, connected_regions, without_lines

# By eye, on the bundled flags.
SKIN = 0.6  # of a figure's silhouette, without figures in it, in its own colour: with less it is no shape
DETAIL = 0.05  # of a figure: a smaller one on it is looked at only if it is larger than
SMALL_DETAIL = 0.0003  # of the map, or if the small ones together are more than
SMALL_DETAILS = 0.02  # of the figure
MOST_INSIDE = 16  # figures on a shape that are tried, the largest ones
INNER = 0.3  # of a figure, on which what no shape fits may stand if it is one of these
PLATES = ("disc", "lozenge", "rectangle", "ring")
FILLED = 0.8  # of a plate that a cut-out on it covers: with more the plate is part of it
UNCLEAR = 0.12  # of what stands on a figure that no shape fits: all of it is cut out
COPY = (0.6, 1.6)  # of a figure's pixels, that a copy has
TEMPLATE = 0.04  # of a copy that may be wrong beyond what is of the first one; of few pixels more:
SMALL = 0.8  # over the square root of their number
SOLID = 0.7  # of a figure, at least, that is no line
OPEN = 0.05  # of a figure, that is each of two colours of the ground below it: it is openwork
# Of a disc whose edge touches what stands on it: how much of a circle within the edge is the disc's own, and how much
# of the disc is what stands on it at most.
LINED, INSIDE = 0.7, 0.5
SEEN = 0.6  # of what is within a figure, at least, that is the ground below it: it is a ring
EDGED = ("star", "disc", "sun", "lozenge")  # shapes whose edge may be another, larger one, or in pieces
PENTAGON = 0.3  # of a star, at most, that is the ground between its lines
ALIKE, ALIKE_SIZE = 3, 0.2  # stars of one kind that are no part of a cut-out, and how much their radii may differ
CLOSE = 0.12  # of a radius that the middles of a shape and its edge may be apart
OWN = 0.6  # of a shape with an edge, at least, that is not edge
# Of an edge in pieces: how much of the whole it is at least, in how many of all directions it is seen, and how much of
# it may lie within so many radii.
RIM_LEAST, RIM_AROUND, RIM_INSIDE, RIM_DEPTH = 0.08, 0.3, 0.3, 0.7
DIRECTIONS = 36
# Of an edge all around: pixel sides along a slanting outline for each pixel of its length, and what part of the
# width that follows from the areas it may have.
STEPS_AROUND, WIDTHS = 1.2, (0.8, 0.9, 1.0, 1.1, 1.25)

Drawn: TypeAlias = list[Charge | CutOut]  # a shape and what stands on it, the lowest first


@dataclass(frozen=True, eq=False)
class Map:
    """A flag or a canton on which shapes are fitted."""

    labels: LabelMap
    """Palette indices, h x w."""
    names: tuple[str, ...]
    """Of the palette's colours."""
    stretch: float
    """Columns that are as long as a row is high."""
    ground: LabelMap
    """What its layers draw, h x w."""

    def place(self, fit: Fit, top: int = 0, left: int = 0) -> Place:
        """Where a shape stands that was fitted to a mask. top, left: first row and column of the mask."""
        height, width = self.labels.shape
        return Place((fit.x + left) / width, (fit.y + top) / height, fit.radius / height, fit.turn)


@dataclass
class ShapeReader:
    """Reads the figures of one charge, which may be copies of one another."""

    map: Map
    known: list[tuple[Figure, Fit]] = field(default_factory=list)
    rims: dict[tuple[str, int, frozenset[int]], tuple[int, float]] = field(default_factory=dict)
    """Edges of which only pieces are seen, by the shape, its colour and theirs: a copy may show less of them."""

    def read(self, figure: Figure) -> Drawn | None:
        """A shape and what stands on it, the lowest first; None where no shape fits."""
        ring = self._ring(figure)
        if ring:
            return ring
        pixels = figure.whole.sum()
        if figure.skin.sum() < SKIN * pixels and not figure.inside:
            return None  # more figures within figures than the tree has
        mask = np.pad(figure.whole, 1)
        blob = Blob(mask, self.map.stretch)
        fit = self._as_before(figure, blob)
        if fit is None:
            fit = best_fit(blob) or self._without_lines(blob)
            if fit is not None:
                self.known.append((figure, fit))
        if fit is not None and fit.shape in PLATES and figure.inside and self._is_openwork(figure):
            return None
        if fit is None or fit.shape not in EDGED:
            around = self._around(figure, blob)
            if around is not None:
                return around
        if fit is None or (fit.shape == "shield" and figure.inside):
            return None
        names = self.map.names
        place = self.map.place(fit, figure.top - 1, figure.left - 1)
        charge = Charge(fit.shape, (names[figure.colour],), (place,), fit.numbers)
        kind = fit.shape, figure.colour, frozenset(one.colour for one in figure.inside)
        rim = self._rim(figure, blob, fit) or self.rims.get(kind)
        if rim:
            self.rims[kind] = rim
            return [replace(charge, colours=(*charge.colours, names[rim[0]]), edge=rim[1])]
        if fit.shape == "star" and self._shows_ground(figure):
            return [charge]  # the lines of a pentagram, as of Morocco's, enclose a piece of the ground
        inside = [one for one in figure.inside if one.share > SMALL_DETAIL or one.share > DETAIL * figure.share]
        if sum(one.share for one in figure.inside) - sum(one.share for one in inside) > SMALL_DETAILS * figure.share:
            inside = list(figure.inside)
        found = [(one, self.read(one)) for one in inside[:MOST_INSIDE]]
        odd = [one for one, charges in found if not charges] + inside[MOST_INSIDE:]
        share = sum(one.share for one in odd)
        if share > INNER * figure.share:
            lined = self._lined(figure, fit) if fit.shape == "disc" else None
            if lined or fit.shape not in PLATES or share > FILLED * figure.share:
                return lined
        if share > UNCLEAR * sum(one.share for one in inside):
            found = [(one, charges) for one, charges in found if _is_starry(charges, found)]
            odd = [one for one in inside if not any(one is kept for kept, _ in found)]
        above = [one for _, charges in found for one in charges or ()]
        if odd:
            above.append(cut_out(odd, self.map.labels))
        elif not figure.inside and figure.skin.sum() < (1 - DETAIL) * pixels:
            above.append(cut_from([(figure.whole & ~figure.skin, figure.top, figure.left)], self.map.labels))
        return edged(charge, above)

    def _without_lines(self, blob: Blob) -> Fit | None:
        """A fit to a figure without lines of single pixels, which are blends of the stripes that meet behind it."""
        solid = without_lines(blob.mask)
        pieces = connected_regions(solid.astype(np.uint8))
        solid &= pieces == np.bincount(pieces[solid], minlength=1).argmax()
        return best_fit(Blob(solid, blob.stretch)) if SOLID * blob.pixels < solid.sum() < blob.pixels else None

    def _around(self, figure: Figure, blob: Blob) -> Drawn | None:
        """A figure as the edge, of one thickness all around, of the one shape on it."""
        if not figure.inside:
            return None
        inner, *rest = figure.inside
        if inner.share < OWN**2 * figure.share or sum(one.share for one in rest) > DETAIL * figure.share:
            return None
        drawn = self.read(inner)
        first = drawn[0] if drawn else None
        if drawn is None or not isinstance(first, Charge) or any(isinstance(one, CutOut) for one in drawn):
            return None
        height, width = self.map.labels.shape
        place, edges = first.places[0], len(first.colours) - 1
        own, before = place.radius * (1 - first.edge * edges), place.radius * first.edge * edges
        shown = Blob(np.pad(inner.whole, 1), self.map.stretch)
        # So wide that the figure's area is reached; its outline is longer than what it surrounds.
        usual = 2 * (blob.area - shown.area) / (len(shown.edge) + len(blob.edge)) * STEPS_AROUND
        found = []
        for wide in (usual * times for times in WIDTHS):
            each = (before + wide / height) / (edges + 1)
            radius = own + each * (edges + 1)
            tried = replace(
                first,
                colours=(*first.colours, self.map.names[figure.colour]),
                places=(replace(place, radius=radius),),
                edge=round(each / radius, 4),
            )
            outlines = next(iter(figures_of(tried, width / height / self.map.stretch)))[1]
            corner = figure.left - 1, figure.top - 1
            mask = filled([flattened(one) * (width, height) - corner for one in outlines], *blob.mask.shape)
            found.append((np.count_nonzero(mask ^ blob.mask) / blob.pixels, wide, tried))
        wrong, _, best = min(found, key=lambda one: one[:2])
        return [best, *drawn[1:]] if wrong < blob.allowed and own > OWN * best.places[0].radius else None

    def _ring(self, figure: Figure) -> Drawn | None:
        """A figure as a ring, where the ground is seen through it."""
        hole = figure.whole & ~figure.skin
        rows, columns = np.nonzero(hole)
        rows, columns = rows + figure.top, columns + figure.left
        height, width = self.map.labels.shape
        if not len(rows) or rows.min() < 0 or columns.min() < 0 or rows.max() >= height or columns.max() >= width:
            return None
        odd = self.map.labels[rows, columns] != self.map.ground[rows, columns]
        if odd.mean() > 1 - SEEN:
            return None
        fit = fitted(Blob(np.pad(figure.skin, 1), self.map.stretch), ("ring",))
        if fit is None:
            return None
        place = self.map.place(fit, figure.top - 1, figure.left - 1)
        labels = np.full_like(self.map.labels, NOTHING)
        labels[rows[odd], columns[odd]] = self.map.labels[rows[odd], columns[odd]]
        within = figures(labels, 0, 0, labels.size)
        above = [one for other in within for one in self.read(other) or [cut_out([other], self.map.labels)]]
        return [Charge("ring", (self.map.names[figure.colour],), (place,), fit.numbers), *above]

    def _shows_ground(self, figure: Figure) -> bool:
        """Whether what is within a figure is the ground below it, and little of it."""
        within = figure.whole & ~figure.skin
        rows, columns = np.nonzero(within)
        height, width = self.map.labels.shape
        place = (rows + figure.top).clip(0, height - 1), (columns + figure.left).clip(0, width - 1)
        same = self.map.labels[place] == self.map.ground[place]
        return bool(len(rows) and same.all() and within.sum() < PENTAGON * figure.whole.sum())

    def _within(self, figure: Figure) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of the map that a figure covers."""
        rows, columns = np.nonzero(figure.whole)
        height, width = self.map.labels.shape
        return (rows + figure.top).clip(0, height - 1), (columns + figure.left).clip(0, width - 1)

    def _is_openwork(self, figure: Figure) -> bool:
        """Whether several colours of the ground are seen through a figure where they lie, as Portugal's two are."""
        place = self._within(figure)
        ground = self.map.ground[place]
        seen = np.bincount(ground[self.map.labels[place] == ground], minlength=1)
        return bool((seen > OPEN * len(ground)).sum() > 1)

    def _lined(self, figure: Figure, fit: Fit) -> Drawn | None:
        """A disc whose edge touches what stands on it, so that they are one region, as on New Caledonia's."""
        rows, columns = self._within(figure)
        labels = self.map.labels[rows, columns]
        x, y = fit.x + figure.left - 1, fit.y + figure.top - 1
        deep = fit.radius - np.hypot((columns + 0.5 - x) / self.map.stretch, rows + 0.5 - y)
        around = [
            np.bincount(labels[(deep >= one) & (deep < one + 1)], minlength=1) for one in range(int(fit.radius / 2))
        ]
        edge = next((which for which, ring in enumerate(around) if ring.argmax() != figure.colour), 0)
        if not 0 < edge < min(len(around) - 1, (1 - OWN) * fit.radius):
            return None
        ring = around[edge + 1]
        colour = int(ring.argmax())
        above = (deep > edge) & (labels != colour)
        if ring[colour] < LINED * ring.sum() or above.sum() > INSIDE * (deep > edge).sum():
            return None
        names, place = self.map.names, self.map.place(fit, figure.top - 1, figure.left - 1)
        thick = round(edge / fit.radius, 4)
        disc = Charge("disc", (names[colour], names[figure.colour]), (place,), fit.numbers, thick)
        mask = np.zeros(self.map.labels.shape, bool)
        mask[rows[above], columns[above]] = True
        return [disc, cut_from([(mask, 0, 0)], self.map.labels)]

    def _as_before(self, figure: Figure, blob: Blob) -> Fit | None:
        """As a copy of a figure that was fitted, if it is one."""
        for known, fit in self.known:
            if known.colour != figure.colour or not COPY[0] < blob.pixels / known.whole.sum() < COPY[1]:
                continue
            before = Blob(np.pad(known.whole, 1), self.map.stretch)
            scale = float(np.sqrt(blob.pixels / before.pixels))
            (x, y), (old_x, old_y) = blob.middle, before.middle
            moved = replace(
                fit, x=x + (fit.x - old_x) * scale, y=y + (fit.y - old_y) * scale, radius=fit.radius * scale
            )
            moved = judged(blob, moved)
            if moved.wrong < min(blob.allowed, fit.wrong + max(TEMPLATE, SMALL / np.sqrt(blob.pixels))):
                return moved
        return None

    def _rim(self, figure: Figure, blob: Blob, fit: Fit) -> tuple[int, float] | None:
        """Colour and thickness of an edge of which only pieces are seen, as around New Zealand's stars."""
        colours = {one.colour for one in figure.inside}
        if fit.shape not in EDGED or len(colours) != 1:
            return None
        rim = np.zeros(figure.whole.shape, bool)
        for one in figure.inside:
            rows, columns = np.nonzero(one.whole)
            rim[rows + one.top - figure.top, columns + one.left - figure.left] = True
        share = rim.sum() / figure.whole.sum()
        rim = np.pad(rim, 1)
        deep = blob.drawn(replace(fit, radius=fit.radius * RIM_DEPTH))
        if share < RIM_LEAST or (rim & deep).sum() > RIM_INSIDE * rim.sum():
            return None
        rows, columns = np.nonzero(rim)
        angles = np.arctan2(rows + 0.5 - fit.y, (columns + 0.5 - fit.x) / self.map.stretch)
        if len(np.unique(np.floor(angles * DIRECTIONS / 2 / np.pi))) < RIM_AROUND * DIRECTIONS:
            return None
        return colours.pop(), round(1 - float(np.sqrt(1 - share)), 4)


def _is_starry(charges: Drawn | None, found: Sequence[tuple[Figure, Drawn | None]]) -> bool:
    """Whether it is one of several stars, as those around Dominica's parrot."""
    alike = 0
    for _, others in found:
        if charges and others and isinstance(charges[0], Charge) and isinstance(others[0], Charge):
            alike += charges[0].shape == "star" and are_copies(charges[0], others[0], ALIKE_SIZE)
    return alike >= ALIKE


def edged(charge: Charge, above: Drawn) -> Drawn:
    """A shape and what stands on it; as one shape with an edge where this is the same shape, smaller."""
    first = above[0] if above else None
    if not isinstance(first, Charge) or first.shape != charge.shape or charge.shape not in EDGED:
        return [charge, *above]
    if first.edge and first.colours[-1] != charge.colours[0]:
        return [charge, *above]
    outer, inner = charge.places[0], first.places[0]
    own = inner.radius * (1 - first.edge)
    near = np.hypot(outer.x - inner.x, outer.y - inner.y) < CLOSE * outer.radius
    same = not charge.numbers or round(charge.numbers[0]) == round(first.numbers[0])
    if not near or not same or own < OWN * outer.radius:
        return [charge, *above]
    colours = (first.colours[0], charge.colours[0])
    return [replace(charge, colours=colours, edge=round(1 - own / outer.radius, 4)), *above[1:]]
