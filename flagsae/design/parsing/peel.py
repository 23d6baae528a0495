"""The layers of a ground: what fills the flag, and the figures across it.

Figures are peeled off from the top. What one covers is free for all that lies below it: a stripe goes on under a cross.
A layout is right that leaves few pixels unexplained and takes few numbers to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import Layer
from flagsae.design.figures import FIGURES, JACK_RED, JACK_WHITE
from flagsae.design.parsing.overlays import LEVEL, NEAR, ROWS, Line, Region, boundary, cornered, line_through, overlays
from flagsae.design.parsing.polygons import corners
from flagsae.design.quick import Mask, filled, layer_mask, paint_layer
from flagsae.errors import DesignError
from flagsae.flags.regions import LabelMap, connected_regions, without_lines

# By eye, on the bundled flags.
PRICE = 0.0006  # of a number that a layout takes, in shares of the ground that it may leave unexplained
DONE = 0.002  # of the ground unexplained: nothing better is looked for
GOOD = 0.012  # of the ground: with more left, polygons are laid over what is wrong
LEAST = 0.002  # of the map: a smaller region is no figure
PIECES = 6  # regions of a colour, the largest ones, that may each be a figure
MOST = 0.92  # of what is not free yet: a region of more is what fills the flag
DEEPEST = 7  # figures over one another
TRIED = 3  # figures that are peeled off in turn, the best ones
BLENDS = 0.001  # of the map: wrong pixels that are no lines of single pixels, but are blends all the same
NODES = 24  # layouts that are tried, at most
BLEND = 2  # pixels: thinner stripes are blends of those beside them
HIDDEN = 0.1  # of a line of pixels that is not free: with less nothing is seen of a stripe there
MOST_STRIPES = 27
EQUAL = 1.3  # pixels that stripes may be off from equal ones
JACK = 0.8  # of the pixels of a Union Jack that must be right
OFF = (1.1, 1.6, 2.2, 3.0)  # pixels that the edge of a polygon may be off: with the more, the fewer corners
MANY_CORNERS = 24  # its numbers, with which a ground is no plain one
POLYGONS, MOST_CORNERS = 8, 30
# Figures that are tried first: those across the whole flag, then those that stand on a side, then pieces.
RANK = {
    "border": 0,
    "cross": 0,
    "saltire": 0,
    "pall": 0,
    "band": 0,
    "triangle": 1,
    "trapezium": 2,
    "serrated": 2,
    "lozenge": 2,
}
PIECE = 3
RANKED = 0.002  # of the ground, that a figure of one rank less must explain more


@dataclass(frozen=True)
class Ground:
    """A way to draw a ground."""

    layers: tuple[Layer, ...]
    wrong: float
    """The share of the map that is drawn in another colour."""

    @property
    def is_plain(self) -> bool:
        """Whether few figures draw it well."""
        corners = max((len(layer.numbers) for layer in self.layers if layer.figure == "polygon"), default=0)
        return self.wrong < GOOD and corners < MANY_CORNERS

    @property
    def cost(self) -> float:
        return self.wrong + PRICE * sum(1 + len(layer.numbers) + len(layer.colours) for layer in self.layers)


def ground(labels: LabelMap, covered: Mask, names: Sequence[str]) -> Ground:
    """The layers that a ground is made of.

    labels: h x w, palette indices without charges and canton; covered: h x w, the pixels that these cover; names: of
    the palette's colours.
    """
    present = np.unique(labels[~covered]) if not covered.all() else np.unique(labels)
    numbers = np.zeros(256, np.uint8)
    numbers[present] = np.arange(len(present))
    search = _Search(numbers[labels], [names[entry] for entry in present])
    best = search.jack(covered) or search.peeled(covered)
    return search.patched(best, covered) if best.wrong > GOOD else best


@dataclass
class _Search:
    labels: LabelMap
    names: Sequence[str]
    nodes: int = 0
    seen: set[frozenset[Layer]] = field(default_factory=set)
    """What has been peeled off, in whatever order."""
    done: bool = False
    best: Ground | None = field(default=None)
    tried: dict[tuple[bytes, bytes, str], list[tuple[Layer, Mask]]] = field(default_factory=dict)
    """What regions were found to be."""

    def __post_init__(self) -> None:
        self.height, self.width = self.labels.shape
        self.numbers = {name: number for number, name in enumerate(self.names)}
        self.masks = [self.labels == number for number in range(len(self.names))]

    # What fills the flag.

    def bases(self, free: Mask) -> list[Ground]:
        """The ways in which what is not free may be filled by one layer."""
        live = [mask & ~free for mask in self.masks]
        found = [*self._lined("stripes", live, 1), *self._lined("bars", live, 0)]
        if found and found[0].wrong < DONE:
            return found
        return [*found, *self._quarters(live), *self._halves(live), *self._wedges(live)]

    def _lined(self, figure: str, live: Sequence[Mask], axis: int) -> Iterator[Ground]:
        counts = np.stack([mask.sum(axis) for mask in live], 1)  # of each colour in each line
        line = _modes(counts)
        size = len(line)
        least = 4 * PRICE * self.labels.size
        edges = _edges(line)
        for first, last in pairwise(edges):
            beside = [line[place] for place in (first - 1, last) if 0 <= place < size]
            here = counts[first:last].sum(0)
            seen = counts[first:last].sum(1) > HIDDEN * self.labels.shape[axis]
            if beside and (seen.sum() < BLEND or here[line[first]] - max(here[one] for one in beside) < least):
                line[first:last] = max(beside, key=lambda one: here[one])
        edges = _edges(line)
        if len(edges) > MOST_STRIPES + 1 or (figure == "bars" and len(edges) == 2):
            return
        cuts = _equal(edges[1:-1], size)
        wrong = (counts.sum() - counts[np.arange(size), line].sum()) / self.labels.size
        yield Ground((Layer(figure, tuple(self.names[line[first]] for first in edges[:-1]), cuts),), float(wrong))

    def _named(self, counts: NDArray[np.integer]) -> str:
        return self.names[int(counts.argmax())]

    def _quarters(self, live: Sequence[Mask]) -> Iterator[Ground]:
        """Cut where most of the edges between colours are, or in the middle."""
        total = [mask.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32) for mask in live]
        sums = np.stack([np.pad(one, ((1, 0), (1, 0))) for one in total])
        seen = np.any(live, axis=0)
        along = (self.labels[:, 1:] != self.labels[:, :-1]) & seen[:, 1:] & seen[:, :-1]
        down = (self.labels[1:] != self.labels[:-1]) & seen[1:] & seen[:-1]
        spot = int(along.sum(0).argmax()) + 1, int(down.sum(1).argmax()) + 1
        for x, y in {spot, (self.width // 2, self.height // 2)}:
            left, right = sums[:, y, x], sums[:, y, -1] - sums[:, y, x]
            below, corner = sums[:, -1, x] - left, sums[:, -1, -1] - sums[:, y, -1] - sums[:, -1, x] + left
            parts = [left, right, below, corner]
            wrong = sum(int(part.sum() - part.max()) for part in parts) / self.labels.size
            colours = tuple(map(self._named, parts))
            if max(map(colours.count, colours)) < 3:  # else it is one field with a rectangle in its corner
                cuts = _equal([x], self.width), _equal([y], self.height)
                yield Ground((Layer("quarters", colours, (cuts[0][0], cuts[1][0])),), wrong)

    def _halves(self, live: Sequence[Mask]) -> Iterator[Ground]:
        """Divided along the line between the two colours that cover most."""
        if len(live) < 2:
            return
        sizes = np.array([mask.sum() for mask in live])
        first, second = np.argsort(-sizes, kind="stable")[:2]
        points = boundary(live[first], live[second])[:, ::-1]  # y, x
        for above, below in ((0, self.width), (self.width, 0)):
            near = max(1.0, NEAR * self.height / ROWS)
            line = line_through(points, Line(above, (below - above) / self.height), near)
            ends = tuple(round(cornered(x, self.width) / self.width, 4) for x in (line.start, line.at(self.height)))
            try:
                layer = Layer("halves", (self.names[0],) * 2, ends)
            except DesignError:
                continue
            contours = FIGURES["halves"].draw(ends)[1][1]
            fly = filled([one * (self.width, self.height) for one in contours], self.height, self.width)
            counts = np.array([[(mask & ~fly).sum(), (mask & fly).sum()] for mask in live])
            wrong = (counts.sum() - counts.max(0).sum()) / self.labels.size
            colours = self._named(counts[:, 0]), self._named(counts[:, 1])
            if len(set(colours)) == 2:
                yield Ground((Layer("halves", colours, layer.numbers),), float(wrong))

    def _wedges(self, live: Sequence[Mask]) -> Iterator[Ground]:
        """One colour above and below the centre, another on both sides of it."""
        if len(live) < 2:
            return
        spots = ((0.1, 0.5), (0.9, 0.5), (0.5, 0.1), (0.5, 0.9))  # y, x: above, below, at the hoist, at the fly
        places = [(int(y * self.height), int(x * self.width)) for y, x in spots]
        above, below, hoist, fly = (
            int(self.labels[place]) if any(mask[place] for mask in live) else -1 for place in places
        )
        upright, level = max(above, below), max(hoist, fly)
        if min(upright, level) < 0 or upright == level or {above, below} - {upright, -1} or {hoist, fly} - {level, -1}:
            return
        x, y = (boundary(live[upright], live[level]) / (self.width, self.height) - 0.5).T
        slope = 1.0  # of the lines through the centre, where no edge is seen as a saltire lies over it
        if len(x) > 20:
            slope = float(np.median(np.abs(y) / np.maximum(np.abs(x), 1e-3)))
            slope = 1.0 if abs(slope - 1) * self.height / 2 < LEVEL else slope
        if not 0.3 < slope < 2:
            return
        numbers = round(0.5 - slope / 2, 4), round(0.5 + slope / 2, 4), 0.5, 0.5
        sides = [Layer("triangle", (self.names[level],), (side, *numbers)) for side in (0, 1)]
        within = np.any([layer_mask(side, self.height, self.width) for side in sides], axis=0)
        wrong = sum(
            int((mask & within).sum()) * (colour != level) + int((mask & ~within).sum()) * (colour != upright)
            for colour, mask in enumerate(live)
        )
        yield Ground((Layer("stripes", (self.names[upright],)), *sides), wrong / self.labels.size)

    # What lies over it.

    def peeled(self, free: Mask) -> Ground:
        """The best layout that was found."""
        self._search(free, (), DEEPEST)
        assert self.best is not None
        return self.best

    def _search(self, free: Mask, over: tuple[Layer, ...], depth: int, base: Ground | None = None) -> None:
        if frozenset(over) in self.seen:
            return
        self.seen.add(frozenset(over))
        self.nodes += 1
        base = base or self._base(free)
        tried = Ground((*base.layers, *over), base.wrong)
        if self.best is None or tried.cost < self.best.cost:
            self.best = tried
        if base.wrong < DONE or not depth or self.nodes > NODES or self._only_blends(tried, free):
            return
        steps: list[tuple[float, int, Layer, Mask, Ground]] = []
        for layer, mask in self._figures(free, base):
            wider = free | mask
            below = self._base(wider)
            rank = RANK.get(layer.figure, PIECE)
            step = Ground((*below.layers, layer, *over), below.wrong)
            steps.append((step.cost + RANKED * rank, len(steps), layer, wider, below))
        steps.sort(key=lambda one: one[:2])
        for _, _, layer, wider, below in steps[:TRIED]:
            if self.best.wrong < DONE or self.nodes > NODES or self.done:
                return
            self._search(wider, (layer, *over), depth - 1, below)

    def _only_blends(self, tried: Ground, free: Mask) -> bool:
        """Whether what is wrong are lines of single pixels, along edges."""
        if tried.wrong > GOOD:
            return False
        wrong = (self._drawn(tried.layers) != self.labels) & ~free
        self.done = bool(without_lines(wrong).mean() < BLENDS)
        return self.done

    def _base(self, free: Mask) -> Ground:
        return min(self.bases(free), key=lambda one: one.cost)

    def _figures(self, free: Mask, base: Ground) -> Iterator[tuple[Layer, Mask]]:
        """The figures that may lie uppermost, with the pixels that they cover.

        A figure may have the colour of what lies below it, as the edge of Zimbabwe's triangle has that of the black
        stripe. So the pixels that the base has right are also tried as free.
        """
        odd = (self._drawn(base.layers) != self.labels) & ~free
        live = ~free
        least, most = LEAST * free.size, MOST * live.sum()
        for name, mask in zip(self.names, self.masks, strict=True):
            whole = mask & live
            if (odd & whole).sum() < least / 4:
                continue
            solid = without_lines(whole)  # blends along an edge may connect two pieces
            pieces = connected_regions(solid.astype(np.uint8))
            sizes = np.bincount(pieces[solid], minlength=1)
            large = [piece for piece in np.argsort(-sizes, kind="stable")[:PIECES] if sizes[piece] > least]
            for one in [whole, *(pieces == piece for piece in large)]:
                if one.any() and one.sum() <= most and (odd & one).sum() > least / 4:
                    yield from self._over(one, free, name)
            wrong = whole & odd
            if least < wrong.sum() < whole.sum():
                yield from self._over(wrong, free | (whole & ~odd), name)

    def _over(self, mask: Mask, free: Mask, name: str) -> list[tuple[Layer, Mask]]:
        key = mask.tobytes(), free.tobytes(), name
        if key not in self.tried:
            self.tried[key] = list(overlays(Region(mask, free, name)))
        return self.tried[key]

    # Special ways.

    def jack(self, covered: Mask) -> Ground | None:
        """A Union Jack, where one colour fills the eight wedges, one the edges and one the crosses."""
        if len(self.names) < 3:
            return None

        def at(y: float, x: float) -> str:
            row, column = int(y * self.height), int(x * self.width)
            around = self.labels[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
            return self.names[int(np.bincount(around.ravel()).argmax())]

        edge = 0.5 - (JACK_RED + JACK_WHITE) / 2
        colours = at(0.12, 0.35), at(edge, 0.8), at(0.5, 0.5)
        if len(set(colours)) < 3:
            return None
        layer = Layer("jack", colours)
        wrong = self._wrong((layer,), covered)
        return Ground((layer,), wrong) if wrong < (1 - JACK) * (~covered).mean() else None

    def _drawn(self, layers: Sequence[Layer]) -> LabelMap:
        drawn = np.zeros_like(self.labels)
        for layer in layers:
            paint_layer(layer, self.numbers, drawn)
        return drawn

    def _wrong(self, layers: Sequence[Layer], covered: Mask) -> float:
        return float(((self._drawn(layers) != self.labels) & ~covered).mean())

    def patched(self, best: Ground, covered: Mask) -> Ground:
        """With polygons over what is wrong, as long as they are worth their corners."""
        for _ in range(POLYGONS):
            wrong = (self._drawn(best.layers) != self.labels) & ~covered
            pieces = connected_regions(np.where(wrong, self.labels, 255).astype(np.uint8))
            sizes = np.bincount(pieces[wrong], minlength=1)
            piece = int(sizes.argmax())
            if sizes[piece] < LEAST * self.labels.size:
                break
            inside = pieces == piece
            number = int(self.labels[inside][0])
            whole = connected_regions(self.masks[number].astype(np.uint8))
            region = whole == whole[inside][0]
            outlines = [corners(region, off) for off in OFF]
            if not 3 <= len(outlines[0]) <= MOST_CORNERS:
                break
            first = self._with_polygon(best, outlines[0], number, covered)
            if first.cost >= best.cost:
                break
            fewer = (self._with_polygon(best, one, number, covered) for one in outlines[1:] if len(one) >= 3)
            best = min([first, *fewer], key=lambda ground: ground.cost)
        return best

    def _with_polygon(self, ground: Ground, points: NDArray[np.float64], number: int, covered: Mask) -> Ground:
        """With a polygon over its layers, in one of the colours."""
        outline = points / (self.width, self.height)
        layer = Layer("polygon", (self.names[number],), tuple(round(float(v), 4) for v in outline.ravel()))
        over = (*ground.layers[1:], layer)
        free = covered | np.any([layer_mask(one, self.height, self.width) for one in over], axis=0)
        layers = (*self._base(free).layers, *over)
        return Ground(layers, self._wrong(layers, covered))


def _modes(counts: NDArray[np.integer]) -> NDArray[np.integer]:
    """The commonest colour of each line, n; a line that is free has that of the line before. counts: n x colours."""
    seen = counts.any(1)
    if not seen.any():
        return np.zeros(len(counts), int)
    where = np.maximum.accumulate(np.where(seen, np.arange(len(counts)), -1))
    where[where < 0] = int(seen.argmax())
    return counts.argmax(1)[where]


def _edges(line: NDArray[np.integer]) -> list[int]:
    """Where its runs begin, and its end."""
    return [0, *(np.nonzero(np.diff(line))[0] + 1).tolist(), len(line)]


def _equal(cuts: Sequence[int], size: int) -> tuple[float, ...]:
    """Cuts as shares of a side: of equal parts, or of parts in small whole numbers, where they nearly are."""
    shares = np.asarray(cuts, float) / size
    for parts in (len(cuts) + 1, *range(2, 13)):
        whole = np.round(shares * parts)
        near = np.abs(shares - whole / parts).max(initial=0) * size <= EQUAL
        if near and (np.diff(whole, prepend=0, append=parts) > 0).all():
            return tuple(round(float(value), 4) for value in whole / parts)
    return tuple(round(float(value), 4) for value in shares)
