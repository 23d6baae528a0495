"""The charges of figures that stand together: shapes where they fit, the rest as one cut-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from flagsae.design.design import Charge
from flagsae.design.parsing.copies import are_copies
from flagsae.design.parsing.cut import CutOut, cut_from, cut_out, united
from flagsae.design.parsing.fitting import Blob, CoveredBlob, Fit, Free, covered_star, fitted, improved, judged
from flagsae.design.parsing.shapes import Map, ShapeReader
from flagsae.design.parsing.suns import sun
from flagsae.design.segment import NOTHING
from flagsae.design.tree import Figure, figures
from flagsae.flags.regions import connected_regions, holes_filled, without_lines

# By eye, on the bundled flags.
UNCLEAR = 0.12  # of a charge that no shape fits: all of it is cut out,
ALIKE, ALIKE_SIZE = 3, 0.2  # but for so many stars of one kind, whose radii differ by no more,
LEAST_POINTS = 5  # and which have so many points,
MAIN, MAIN_SHARE = 0.5, 0.004  # and for what is larger than this share of what is unclear, and of the map
FEW = 12  # figures of a charge that are all tried; with more
TRIED = 0.03  # of the charge is what a figure has at least that is tried,
NEARLY = (0.8, 1.25)  # or else so many times the pixels of `ALIKE` others
MOST_KINDS = 5  # of shapes in one charge: with more it is a picture
POCKET = 0.1  # of a figure, that is a piece of the ground, if there is one
COVERED = 0.15  # of a figure, at least, that is a star which the rest of it covers
STAR = 0.004  # of the map, at least, that a star covers which is named beside the cut-out that it is in
OFFSETS = 5  # at which the middle of a star is tried that the frame cuts off
MOVED: Free = ((0, 1, 2), (2.0, 2.0, 0.5))  # where it is, and a little how large
PART = 0.4  # of a cut-out that a shape within its box covers at most, and is part of it


@dataclass(frozen=True, eq=False)
class Item:
    """Figures that are drawn together."""

    figures: tuple[Figure, ...]
    charges: tuple[Charge | CutOut, ...] = ()
    """The shape and what stands on it, the lowest first; none of what no shape fits."""

    @property
    def share(self) -> float:
        return sum(figure.share for figure in self.figures)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First row, row after the last, first column, column after the last."""
        boxes = np.array([figure.box for figure in self.figures])
        return int(boxes[:, 0].min()), int(boxes[:, 1].max()), int(boxes[:, 2].min()), int(boxes[:, 3].max())

    def is_like(self, other: Item) -> bool:
        """Whether both are one shape in one size and colour."""
        if not self.charges or not other.charges:
            return False
        a, b = self.charges[0], other.charges[0]
        return isinstance(a, Charge) and isinstance(b, Charge) and are_copies(a, b, ALIKE_SIZE)


def read(forest: Sequence[Figure], map: Map) -> list[Item]:
    """Figures that stand together: shapes where they fit, the rest as one cut-out."""
    found = sun(forest, map)
    if found:
        parts, drawn = found
        rest = [figure for figure in forest if not any(figure is one for one in parts)]
        return [Item(parts, tuple(drawn)), *(read(rest, map) if rest else ())]
    whole = sum(figure.share for figure in forest)
    reader = ShapeReader(map)
    items = []
    for figure in forest:
        tried = len(forest) <= FEW or figure.share > TRIED * whole or _has_copies(figure, forest)
        charges = reader.read(figure) if tried else None
        apart = _apart(figure, reader) or _behind(figure, reader) if tried and not charges else []
        items += apart or [Item((figure,), tuple(charges or ()))]
    odd = [item for item in items if not item.charges]
    unclear = sum(item.share for item in odd)
    if (unclear > UNCLEAR * whole and len(items) > 1) or _kinds(items) > MOST_KINDS:
        stay = [item for item in items if item.charges and _stays(item, items, unclear)]
        odd = [item for item in items if item not in stay]
        items = stay
    else:
        items = [item for item in items if item.charges]
    if odd:
        items.append(Item(tuple(figure for item in odd for figure in item.figures)))
    return items


def _apart(figure: Figure, reader: ShapeReader) -> list[Item]:
    """The figures that are left without the pieces of the ground that they enclose, if all of them are shapes.

    A crescent that stands on two stripes encloses a piece of the lower one.
    """
    map = reader.map
    rows, columns = np.nonzero(figure.whole)
    rows, columns = rows + figure.top, columns + figure.left
    inside = (rows >= 0) & (rows < map.labels.shape[0]) & (columns >= 0) & (columns < map.labels.shape[1])
    rows, columns = rows[inside], columns[inside]
    odd = map.labels[rows, columns] != map.ground[rows, columns]
    if odd.mean() > 1 - POCKET or not odd.any():
        return []
    labels = np.full_like(map.labels, NOTHING)
    labels[rows[odd], columns[odd]] = map.labels[rows[odd], columns[odd]]
    labels[~without_lines(labels != NOTHING)] = NOTHING
    items = [Item((one,), tuple(reader.read(one) or ())) for one in figures(labels, 0, 0, labels.size)]
    unclear = sum(item.share for item in items if not item.charges)
    if not items or unclear > UNCLEAR * sum(item.share for item in items) or len(items) > MOST_KINDS:
        return []
    return [item for item in items if item.charges]


def _behind(figure: Figure, reader: ShapeReader) -> list[Item]:
    """A star of which much is covered by something else, as Zimbabwe's by its bird."""
    map = reader.map
    top, left = figure.top, figure.left
    height, width = figure.whole.shape
    labels = np.full((height, width), NOTHING, np.uint8)
    seen = map.labels[max(top, 0) : top + height, max(left, 0) : left + width]
    labels[max(-top, 0) : max(-top, 0) + seen.shape[0], max(-left, 0) : max(-left, 0) + seen.shape[1]] = seen
    for colour in np.nonzero(figure.colours > COVERED * figure.whole.sum())[0]:
        shown = figure.whole & (labels == colour)
        fit = covered_star(shown, figure.whole & ~shown, map.stretch)
        if fit is None:
            continue
        star = Charge("star", (map.names[colour],), (map.place(fit, top, left),), fit.numbers)
        return [Item((figure,), (star, cut_from([(figure.whole & ~shown, top, left)], map.labels)))]
    return []


def _has_copies(figure: Figure, forest: Sequence[Figure]) -> bool:
    pixels = figure.whole.sum()
    alike = [one for one in forest if one.colour == figure.colour and NEARLY[0] < one.whole.sum() / pixels < NEARLY[1]]
    return len(alike) >= ALIKE


def _kinds(items: Sequence[Item]) -> int:
    return sum(not any(item.is_like(other) for other in items[:which]) for which, item in enumerate(items))


def _is_starry(item: Item, items: Sequence[Item]) -> bool:
    """Whether it is one of several stars of a kind."""
    first = item.charges[0] if item.charges else None
    if not isinstance(first, Charge) or first.shape != "star" or first.numbers[0] < LEAST_POINTS:
        return False
    return sum(item.is_like(other) for other in items) >= ALIKE


def _stays(item: Item, items: Sequence[Item], unclear: float) -> bool:
    """Whether a shape among what is unclear is one, and no part of arms."""
    return _is_starry(item, items) or item.share > max(MAIN * unclear, MAIN_SHARE)


def _overlap(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def gathered(items: list[Item]) -> list[Item]:
    """With small shapes that stand within a cut-out as parts of it, and cut-outs that overlap as one."""
    cut = sorted((item for item in items if not item.charges), key=lambda item: -item.share)
    for whole in cut:
        if whole not in items:
            continue
        box = whole.box
        parts = [
            item
            for item in items
            if item is not whole
            and _overlap(item.box, box)
            and (not item.charges or (item.share < PART * whole.share and not _is_starry(item, items)))
        ]
        if parts:
            joined = Item((*whole.figures, *(figure for item in parts for figure in item.figures)))
            place = items.index(whole)
            items = [joined if which == place else item for which, item in enumerate(items) if item not in parts]
    return items


def with_stars(item: Item, map: Map) -> Item:
    """What no shape fits, as a cut-out, and the large stars that are seen in it."""
    cut = cut_out(item.figures, map.labels)
    regions = connected_regions(cut.labels)
    stars = []
    for region in np.nonzero(np.bincount(regions[cut.labels != NOTHING]) > STAR * map.labels.size)[0]:
        mask = regions == region
        fit = fitted(Blob(np.pad(holes_filled(mask), 1), map.stretch), ("star",))
        if fit is not None and fit.numbers[0] >= LEAST_POINTS:
            name = map.names[int(cut.labels[mask][0])]
            stars.append(Charge("star", (name,), (map.place(fit, cut.top - 1, cut.left - 1),), fit.numbers))
    return Item(item.figures, (cut, *stars))


def with_cut_off(items: Sequence[Item], map: Map) -> list[Item]:
    """With stars of which the frame cuts off a part, where others of their kind are whole, as on Bosnia's flag."""
    whole = [item.charges[0] for item in items if _is_starry(item, items)]
    found: list[Item] = []
    for item in items:
        stars = [] if item.charges or not whole else [_cut_off(figure, whole, map) for figure in item.figures]
        if stars and all(stars):
            pairs = zip(item.figures, stars, strict=True)
            found += [Item((figure,), (star,)) for figure, star in pairs if star is not None]
        else:
            found.append(item)
    return found


def _cut_off(figure: Figure, whole: Sequence[Charge | CutOut], map: Map) -> Charge | None:
    """The star that a figure on the frame is a part of, as large as others of its colour."""
    height, width = map.labels.shape
    top, bottom, left, right = figure.box
    down, along = int(bottom == height) - int(top == 0), int(right == width) - int(left == 0)
    one = next((one for one in whole if isinstance(one, Charge) and one.colours == (map.names[figure.colour],)), None)
    if one is None or not (down or along) or figure.inside:
        return None
    radius = one.places[0].radius * height
    margin = int(2 * radius * max(1, map.stretch)) + 1
    mask = np.pad(united([(figure.whole, figure.top, figure.left)], map.labels.shape), margin)
    beyond = np.pad(np.zeros(map.labels.shape, bool), margin, constant_values=True)
    blob = CoveredBlob(mask, beyond, map.stretch)
    turn = one.places[0].turn
    start = Fit("star", one.numbers, (left + right) / 2 + margin, (top + bottom) / 2 + margin, radius, turn)
    tried = [
        judged(blob, replace(start, x=start.x + along * off * map.stretch, y=start.y + down * off))
        for off in np.linspace(0, radius, OFFSETS).tolist()
    ]
    fit = improved(blob, min(tried, key=lambda fit: fit.wrong), MOVED)
    if fit.wrong > blob.allowed:
        return None
    return Charge("star", one.colours, (map.place(fit, -margin, -margin),), fit.numbers)
