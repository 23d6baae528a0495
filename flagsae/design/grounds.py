"""Describes grounds.

First the layers that lie over the ground are taken off one by one: a bar, a border, a cross, a triangle. What is left
is one field, or a field that is divided. The class of a region comes from its layout code. The rules here add what only
the whole flag shows: which regions make a row of stripes, and which region is the edge of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from flagsae.design.dictionaries import Dictionary
from flagsae.design.evidence import Colours, Evidence, evidence_of, speakers
from flagsae.design.part_vectors import Mask, layout_vector, stack
from flagsae.design.segment import NOTHING
from flagsae.design.tree import Area, areas
from flagsae.design.vocabulary import Element
from flagsae.flags.regions import LabelMap, bounds

# All by eye, on the errors that `python benchmarks/descriptions.py --errors` lists. Heights are shares of the flag's
# height, widths and distances of its width, other numbers of its area, unless said otherwise.

# Where a region lies.
SIDE = 0.98  # least width or height of what goes from side to side of the flag
RIM = 0.02  # what comes so near to the frame touches it
FULL = 0.8  # of its box: a region that fills more is a rectangle; some of its edge may be blended with others
TO_THE_FLY = 0.6  # a rectangle at the fly that is wider is the visible part of a stripe
CORNER = 0.04  # a region that comes so near to a corner of the frame reaches it
PROBABLE = 0.5  # probability of some classes together, above which they are likelier than all others

# What lies over a ground.
EDGE_FILL = 0.45  # of its box: a small piece beside a cross that fills less is an edge of the cross
EDGE_SHARE = 0.12  # how small it must be
SLIVER = 0.01  # a smaller region is the rest of an edge, and not part of a divided ground
CROSS_REACH = 0.9  # least height and width of a cross of the ground; a smaller one is a charge
CENTRED = 0.45  # a cross whose upright arm stands nearer to the hoist is a Nordic one
TRIANGLE_RIM = 0.03  # a triangle that comes so near to the hoist stands at it
TRIANGLE_HEIGHT = 0.45  # its least height
CANTON_FILL = 0.9  # of its box: a canton fills more
CANTON_WIDTH = 0.6  # a canton is narrower
CANTON_REGIONS = 2  # of the ground: with no more a rectangle in the corner is one half of the flag and no canton
FLANK = 0.8  # of a side of the frame: the triangle that stands on the side covers more
STEM = (0.75, 0.95)  # the columns at which the stem of a Y is measured
STEM_EVEN = 1.5  # its greatest height there, over its least
STEM_HEIGHT = 0.5  # its greatest height there
UPRIGHT = 0.9  # of the most pixels in a column: columns with more are the upright arm of a cross

# How a ground is divided.
BARS_FILL = 0.85  # of its box: a region from top to bottom that fills more is a bar, whatever its code says
JACK_PIECES = 6  # regions that look like pieces of a Union Jack, from which on the ground is one
JACK_CROSS = 0.3  # what each of its two crosses covers, roughly
UNKNOWN = 0.25  # of all regions' vectors: where the codes leave more unexplained, the ground is a picture
PICTURE_REGIONS = 6  # a picture has more regions: fewer are described, however little the codes explain
MAIN = 0.7  # a region from side to side that covers more is the field
BESIDE_TRIANGLE = 0.95  # the regions above and below a triangle are stripes if both are wider
HALF = 0.2  # least area of the second region of a flag that is halved diagonally
THIN = 0.085  # a thinner stripe may be an edge between its neighbours
THINNER = 0.5  # of each neighbour's thickness: an edge is thinner
SAME_STRIPE = 0.03  # two regions of one colour whose middles are nearer are pieces of one stripe
WITHIN = 0.3  # of a row or column: with more of it within a border it belongs to the inner ground
QUARTER_POINT = 8  # the colour of a quarter is looked up at 1/8 of height and width from its corner
# Ways to divide a ground, each with the classes that its regions may have; the way with most probability wins.
DIVISIONS = {
    "stripe": ("stripe",),
    "quarter": ("quarter", "cross quarter", "canton"),
    "half": ("diagonal half",),
    "wedge": ("wedge",),
    "field": ("field", "panel"),
}

# A bar over stripes.
BLEND = 2  # columns beside a bar that may be blends of colours
BAR_WIDTH = (0.08, 0.5)
BESIDE_BAR = 0.15  # what is narrower beside a bar is not looked at for stripes
STRIPED = 0.97  # of the pixels beside a bar: with more in the colour of their row, these are stripes
GOES_ON = 0.9  # of the rows: with more in the same colour on both sides of a bar, the stripes go on behind it
ARM = 0.05  # of the rows: with more in the bar's own colour it is the upright arm of a cross


@dataclass(frozen=True, eq=False)
class Band:
    """A region of the ground, with what its code says."""

    area: Area
    """The region itself."""
    evidence: Evidence
    """What its layout code says."""
    colour: str
    """The word for its colour."""
    visible: float
    """The share of the flag that it covers, without what stands on it."""
    box: tuple[float, float, float, float]
    """Top, bottom, left, right, as shares of height and width."""

    @property
    def share(self) -> float:
        """The share of the flag that it covers, with what stands on it."""
        return self.area.share

    @property
    def height(self) -> float:
        return self.box[1] - self.box[0]

    @property
    def width(self) -> float:
        return self.box[3] - self.box[2]

    @property
    def fill(self) -> float:
        """The share of its box that it fills."""
        return self.share / (self.height * self.width)

    @property
    def rectangle_to_the_fly(self) -> bool:
        return self.width > TO_THE_FLY and self.box[3] > SIDE and self.fill > FULL

    def is_(self, *classes: str) -> bool:
        """Whether these classes together are more probable than all others together."""
        return self.odds(*classes) > PROBABLE

    def odds(self, *classes: str) -> float:
        """The probability of these classes together."""
        return sum(self.evidence.odds[name] for name in classes)


class GroundReader:
    """Describes grounds with a dictionary of layouts. colours: the word for each palette index."""

    def __init__(self, dictionary: Dictionary, colours: Colours) -> None:
        self.dictionary = dictionary
        self.colours = colours

    def elements(self, labels: LabelMap, covered: Mask) -> list[Element]:
        """The elements of a ground: first the ground itself, then what lies over it.

        labels: h x w, without charges and canton; covered: h x w, the pixels that these cover.
        """
        columns = bar_columns(labels)
        if columns:
            return self._barred(labels, covered, *columns)
        bands = self.bands(labels, covered)
        if len(bands) <= 1:
            return [self.element("field", bands, "field")] if bands else []
        if sum(band.evidence.best == "jack" for band in bands) >= JACK_PIECES:
            return self._jack(bands)
        for band in bands:
            if band.is_("border") and min(band.height, band.width) > SIDE:
                return [*self._within(band, labels, covered), self.element("border", [band], "border")]
        if all(band.is_("bar") or (band.height > SIDE and band.fill > BARS_FILL) for band in bands):
            return [self._stripes("vertical stripes", bands, "bar", 1)]
        if len(bands) > PICTURE_REGIONS and sum(band.share * band.evidence.rest for band in bands) > UNKNOWN:
            return [self.element("field", [_largest(bands)], "field")]
        rest, over = self._taken_off(bands)
        return [*self._divided(rest, over, labels), *over]

    def bands(self, labels: LabelMap, covered: Mask) -> list[Band]:
        """The regions of a ground, each with what its code says. labels, covered: as for `elements`."""
        found = areas(labels)
        said = evidence_of(self.dictionary, stack((layout_vector(area.mask) for area in found), 0)) if found else []
        height, width = labels.shape
        bands = []
        for area, evidence in zip(found, said, strict=True):
            top, bottom, left, right = bounds(area.mask)
            box = (top / height, (bottom + 1) / height, left / width, (right + 1) / width)
            visible = float((area.mask & ~covered).mean())
            bands.append(Band(area, evidence, self.colours[area.colour], visible, box))
        return bands

    def element(self, name: str, bands: Sequence[Band], *classes: str, **more: Any) -> Element:
        """One element made of some bands. classes: those for which features are listed; more: fields of `Element`."""
        more.setdefault("colours", tuple(dict.fromkeys(band.colour for band in bands)))
        features = speakers(self.dictionary, [band.evidence for band in bands], *classes)
        return Element(name, share=sum(band.visible for band in bands), features=features, **more)

    def corner(self, size: tuple[int, int], rows: int, columns: int) -> Evidence:
        """What the code of a rectangle in the upper hoist corner says. size: h, w of the flag."""
        mask = np.zeros(size, bool)
        mask[:rows, :columns] = True
        return evidence_of(self.dictionary, layout_vector(mask)[None])[0]

    def _taken_off(self, bands: Sequence[Band]) -> tuple[list[Band], list[Element]]:
        """Takes off what lies over the ground: (the bands that are left, the elements that were taken off)."""
        rest, over = list(bands), []

        def take(name: str, chosen: list[Band], *classes: str, edged: bool = True, **more: Any) -> None:
            """Makes an element of the chosen bands, and of thin pieces beside them, which are its edges."""
            for band in chosen:
                rest.remove(band)
            edges = [band for band in rest if edged and band.fill < EDGE_FILL and band.share < EDGE_SHARE]
            for band in edges:
                rest.remove(band)
            over.append(self.element(name, [*chosen, *edges], *classes, **more))

        def those(wanted: Callable[[Band], bool]) -> list[Band]:
            return sorted((band for band in rest if wanted(band)), key=lambda band: -band.share)

        def at_hoist(band: Band) -> bool:
            return band.box[2] < TRIANGLE_RIM and band.height > TRIANGLE_HEIGHT

        def in_corner(band: Band) -> bool:
            return band.fill > CANTON_FILL and max(band.box[0], band.box[2]) < RIM

        crosses = those(lambda band: band.is_("cross", "nordic cross") and min(band.height, band.width) > CROSS_REACH)
        if crosses:
            centred = np.mean([_upright(band.area.mask) for band in crosses]) > CENTRED
            name, place = ("cross", "centre") if centred else ("nordic cross", "all")
            take(name, crosses, "cross", "nordic cross", place=place)
        saltires = those(lambda band: band.is_("saltire") and _corners(band.area.mask) == 4)
        if saltires and not over:
            take("saltire", saltires, "saltire")
        palls = those(lambda band: band.is_("pall") and band.box[2] < RIM and _has_stem(band.area.mask))
        if palls and not over:
            take("pall", palls, "pall")
        slants = those(lambda band: band.is_("diagonal band") and band.share > SLIVER)
        if slants and not over:
            take("diagonal", slants, "diagonal band")
        triangles = those(lambda band: band.is_("triangle", "pall") and at_hoist(band))
        if triangles and not any(element.element == "saltire" for element in over):
            triangles.sort(key=lambda band: band.width)
            take("triangle", triangles, "triangle", edged=False, place="hoist")
        cantons = those(lambda band: band.is_("canton") and in_corner(band))
        if cantons and not over and cantons[0].width < CANTON_WIDTH and len(rest) > CANTON_REGIONS:
            take("canton", cantons, "canton", edged=False, place="canton", box=cantons[0].box)
        for place, side in (("fly", np.s_[:, -1]), ("top", np.s_[0]), ("bottom", np.s_[-1])):
            flanks = [band for band in rest if band.is_("wedge", "triangle") and band.area.mask[side].mean() > FLANK]
            thick = {b.colour for b in rest if b not in flanks and (b.fill > EDGE_FILL or b.share > EDGE_SHARE)}
            if len(flanks) == 1 and len(thick) == 1 and not over:
                take("triangle", flanks, "wedge", "triangle", place=place)
        return rest, over

    def _divided(self, rest: list[Band], over: Sequence[Element], labels: LabelMap) -> list[Element]:
        """The elements of what is left under `over`: one field, or the way in which it is divided."""
        rest = [band for band in rest if band.share > SLIVER] or rest
        if not rest:
            return []
        rest = sorted(rest, key=lambda band: (round(band.box[0], 1), band.box[2]))  # in reading order
        colours = tuple(dict.fromkeys(band.colour for band in rest))
        by_share = sorted(rest, key=lambda band: -band.share)
        laid = {element.element for element in over}
        if "nordic cross" in laid or (len(colours) == 1 and laid):
            return [self.element("field", rest, "field", "cross quarter", "wedge", colours=colours[:1])]
        if "cross" in laid:
            quarters = self._quarters(labels)
            return [self.element("quarters", rest, "cross quarter", "quarter", colours=quarters, count=4)]
        if "saltire" in laid:
            return [self.element("field", rest, "wedge", kind="wedges")]
        if len(rest) == 1 or (by_share[0].share > MAIN and min(by_share[0].height, by_share[0].width) > SIDE):
            return [self.element("field", by_share[:1], "field")]
        votes = {way: sum(band.share * band.odds(*classes) for band in rest) for way, classes in DIVISIONS.items()}
        way = max(votes, key=lambda name: votes[name])
        beside_triangle = "triangle" in laid and len(rest) == 2 and min(band.width for band in rest) > BESIDE_TRIANGLE
        if way == "stripe" or all(b.rectangle_to_the_fly for b in rest) or (way == "wedge" and beside_triangle):
            return [self._stripes("horizontal stripes", rest, "stripe", 0)]
        if way == "quarter" and len(rest) in (3, 4):
            return [self.element("quarters", rest, "quarter", colours=self._quarters(labels), count=4)]
        if way == "half" and len(colours) > 1 and by_share[1].share > HALF:
            return [self.element("diagonal", by_share[:2], "diagonal half", kind="halves", count=2)]
        if way == "wedge":
            return [self.element("field", by_share, "wedge", kind="wedges")]
        return [self.element("field", by_share[:1], "field")]

    def _quarters(self, labels: LabelMap) -> tuple[str, ...]:
        """The colours of the four quarters, in reading order."""
        rows, columns = ((side // QUARTER_POINT, side - side // QUARTER_POINT - 1) for side in labels.shape)
        return tuple(self.colours[labels[row, column]] for row in rows for column in columns)

    def _stripes(self, name: str, bands: Sequence[Band], kind: str, axis: int) -> Element:
        """One element of stripes. kind: their class; axis: 0 for horizontal stripes, 1 for vertical ones.

        Pieces of one stripe count as one, and a thin stripe between two colours counts as an edge.
        """
        lines: list[list[Band]] = []
        for band in sorted(bands, key=lambda band: _middle(band, axis)):
            same = [
                line
                for line in lines
                if line[0].colour == band.colour
                and (line is lines[-1] or abs(_middle(line[0], axis) - _middle(band, axis)) < SAME_STRIPE)
            ]
            if same:
                same[0].append(band)
            else:
                lines.append([band])
        thick = [max(_thickness(band.area.mask, axis) for band in line) for line in lines]
        thin = [
            0 < i < len(lines) - 1
            and thick[i] < min(THIN, THINNER * thick[i - 1], THINNER * thick[i + 1])
            and lines[i - 1][0].colour != lines[i + 1][0].colour
            for i in range(len(lines))
        ]
        colours = [line[0].colour for line, edge in zip(lines, thin, strict=True) if not edge]
        edges = dict.fromkeys(line[0].colour for line, edge in zip(lines, thin, strict=True) if edge)
        return self.element(name, bands, kind, colours=tuple(colours), count=len(colours), edges=tuple(edges))

    def _barred(self, labels: LabelMap, covered: Mask, first: int, last: int) -> list[Element]:
        """The elements of a ground with a bar over stripes. first, last: the bar's columns, without the last."""
        alone = np.full_like(labels, NOTHING)
        alone[:, first:last] = labels[:, first:last]
        bar = _largest(self.bands(alone, covered))
        beside = np.r_[0 : max(first - BLEND, 0), min(last + BLEND, labels.shape[1]) : labels.shape[1]]
        place = "centre" if first else "hoist"
        out = self.element("vertical stripes", [bar], "bar", place=place, kind="bar")
        around = self.elements(labels[:, beside], covered[:, beside])
        return [*(replace(one, share=one.share * (1 - bar.share)) for one in around), out]

    def _within(self, border: Band, labels: LabelMap, covered: Mask) -> list[Element]:
        """The elements of the ground within a border."""
        inner = ~border.area.mask
        rows, columns = np.nonzero(inner.mean(1) > WITHIN)[0], np.nonzero(inner.mean(0) > WITHIN)[0]
        if not len(rows) or not len(columns):
            return []
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        share = labels[box].size / labels.size
        found = self.elements(labels[box], covered[box])
        return [replace(one, share=one.share * share) for one in found if one.element != "border"]

    def _jack(self, bands: Sequence[Band]) -> list[Element]:
        """A Union Jack as one element, and its two crosses as pieces of it, which a sentence does not name."""
        whole = self.element("field", bands, "jack", colours=("blue", "white", "red"), kind="union jack")
        crosses = (("cross", ("red", "white")), ("saltire", ("white", "red")))
        pieces = [Element(name, colours, "centre", 1, JACK_CROSS, whole.features, "piece") for name, colours in crosses]
        return [whole, *pieces]


def bar_columns(labels: LabelMap) -> tuple[int, int] | None:
    """Finds a bar of one colour with stripes on both sides, or at the hoist with stripes beside it.

    labels: h x w. Returns its first column and the column after its last, or None.
    """
    width = labels.shape[1]
    plain = (labels == labels[0]).all(0)
    breaks = np.nonzero((labels[0, 1:] != labels[0, :-1]) | (plain[1:] != plain[:-1]))[0] + 1
    for first, last in pairwise([0, *breaks.tolist(), width]):
        if not plain[first] or not BAR_WIDTH[0] * width < last - first < BAR_WIDTH[1] * width:
            continue
        left, right = labels[:, : max(first - BLEND, 0)], labels[:, last + BLEND :]
        sides = [side for side in (left, right) if side.shape[1] > BESIDE_BAR * width]
        if not all((side == side[:, :1]).mean() > STRIPED and len(np.unique(side[:, 0])) > 1 for side in sides):
            continue
        if len(sides) == 1 and first == 0:
            return first, last
        # The upright arm of a cross is no bar: it has the colour of the stripe that it crosses, the other arm.
        goes_on = len(sides) == 2 and np.mean(left[:, -1] == right[:, 0]) > GOES_ON
        if goes_on and np.mean(left[:, -1] == labels[0, first]) < ARM:
            return first, last
    return None


def _largest(bands: Sequence[Band]) -> Band:
    return max(bands, key=lambda band: band.share)


def _corners(mask: Mask) -> int:
    """The number of corners of the frame that a region reaches."""
    near = max(2, round(CORNER * mask.shape[1]))
    ends = (slice(near), slice(-near, None))
    return sum(bool(mask[down, along].any()) for down in ends for along in ends)


def _has_stem(mask: Mask) -> bool:
    """Whether a region is a level band at the fly, as the stem of a sideways Y is."""
    width = mask.shape[1]
    heights = mask[:, round(STEM[0] * width) : round(STEM[1] * width)].sum(0)
    return bool(heights.min() > 0 and heights.max() < min(STEM_EVEN * heights.min(), STEM_HEIGHT * len(mask)))


def _upright(mask: Mask) -> float:
    """The position of the middle of a cross's upright arm, as a share of the width."""
    covered = mask.mean(0)
    full = np.nonzero(covered > UPRIGHT * covered.max())[0]
    return float(full.mean() + 0.5) / len(covered)


def _middle(band: Band, axis: int) -> float:
    """The middle of a band's box, as a share of the flag's height (axis 0) or width (1)."""
    return (band.box[2 * axis] + band.box[2 * axis + 1]) / 2


def _thickness(mask: Mask, axis: int) -> float:
    """The median thickness of a stripe, as a share of the flag's height (axis 0) or width (1)."""
    across = mask.sum(axis)
    return float(np.median(across[across > 0])) / mask.shape[axis]
