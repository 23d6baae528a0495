"""A ground in words. What lies over it is taken off piece by piece: a bar, a border, a cross, a triangle. What is
left is one field, or is divided.

What a region is its layout code says; the rules add what only the whole flag can tell: which regions make a row of
stripes, which is the edge of which.
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

# All by eye, looking at `python benchmarks/descriptions.py --errors`. Shares of the height, the width or the area.

# Where a region lies.
SIDE = 0.98  # what reaches so far goes from edge to edge
RIM = 0.02  # what comes so near to the frame touches it
FULL = 0.8  # of its box: a region that fills more is a rectangle, but for what is blended along its edges
TO_THE_FLY = 0.6  # least width of a rectangle that ends at the fly, from which it is the rest of a stripe behind others
CORNER = 0.04  # of the width: how near to a corner of the frame a region must come to reach it
PROBABLE = 0.5  # of some classes together: more than all others

# What lies over a ground.
EDGE_FILL = 0.45  # a piece beside a cross that fills less of its box, and is small, is an edge of the cross
EDGE_SHARE = 0.12
SLIVER = 0.01
CROSS_REACH = 0.9  # of both sides, from which a cross is one of the ground and no charge
CENTRED = 0.45  # of the width: a cross whose upright arm stands further to the hoist is a Nordic one
TRIANGLE_RIM = 0.03  # a triangle's base comes so near to the hoist
TRIANGLE_HEIGHT = 0.45  # least height of its base
CANTON_FILL = 0.9  # of its box
CANTON_WIDTH = 0.6  # at most
CANTON_REGIONS = 2  # of the ground, with more of which a rectangle in the corner is no half of it
FLANK = 0.8  # of a side of the frame that a triangle upon it covers
STEM = (0.75, 0.95)  # of the width, between which the foot of a Y is looked at
STEM_EVEN = 1.5  # of its least height: its greatest there
STEM_HEIGHT = 0.5  # of the flag, at most
UPRIGHT = 0.9  # of the fullest column: columns with more are the upright arm of a cross

# How a ground is divided.
BARS_FILL = 0.85  # of its box, for a region from top to bottom to be a bar whatever its code says
JACK_PIECES = 6  # at least so many pieces of a Union Jack make one
JACK_CROSS = 0.3  # of the flag that each of its crosses is said to cover
UNKNOWN = 0.25  # where codes leave so much unexplained, over many regions, the ground is a picture
MAIN = 0.7  # of the flag: a region from edge to edge with more is the field
BESIDE_TRIANGLE = 0.95  # width of both regions above and below a triangle, which are two stripes
HALF = 0.2  # of the flag: least second region of one that is halved diagonally
THIN = 0.085  # a stripe that is thinner, and half as thick as those beside it, edges them
THINNER = 0.5  # than each neighbour
SAME_STRIPE = 0.03  # how far apart the middles of two pieces of one stripe may be
WITHIN = 0.3  # of a row or column that lies within a border, from which it is part of the inner ground
# What the regions of a divided ground are, by the probabilities of their classes together.
DIVISIONS = {
    "stripe": ("stripe",),
    "quarter": ("quarter", "cross quarter", "canton"),
    "half": ("diagonal half",),
    "wedge": ("wedge",),
    "field": ("field", "panel"),
}

# A bar over stripes.
BLEND = 2  # columns beside a bar that may be blends of colours
BAR_WIDTH = (0.08, 0.5)  # of the flag
BESIDE_BAR = 0.15  # of the width: what is narrower beside a bar says nothing of stripes
STRIPED = 0.97  # of the pixels beside a bar that have the colour of their row
GOES_ON = 0.9  # of the rows that have one colour on both sides of it
ARM = 0.05  # of the rows that have the colour of the bar: with more it is the arm of a cross


@dataclass(frozen=True, eq=False)
class Band:
    """A region of the ground."""

    area: Area
    evidence: Evidence
    colour: str
    """In a plain word."""
    visible: float
    """Its share of the flag without what stands on it."""
    box: tuple[float, float, float, float]
    """Top, bottom, left, right, as shares."""

    @property
    def share(self) -> float:
        return self.area.share

    @property
    def height(self) -> float:
        return self.box[1] - self.box[0]

    @property
    def width(self) -> float:
        return self.box[3] - self.box[2]

    @property
    def fill(self) -> float:
        """How much of its box it fills."""
        return self.share / (self.height * self.width)

    @property
    def rectangle_to_the_fly(self) -> bool:
        return self.width > TO_THE_FLY and self.box[3] > SIDE and self.fill > FULL

    def is_(self, *classes: str) -> bool:
        """Whether one of the classes is more probable than all others together."""
        return self.odds(*classes) > PROBABLE

    def odds(self, *classes: str) -> float:
        return sum(self.evidence.odds[name] for name in classes)


class GroundReader:
    """Reads grounds with a dictionary of layouts."""

    def __init__(self, dictionary: Dictionary, colours: Colours) -> None:
        self.dictionary = dictionary
        self.colours = colours

    def elements(self, labels: LabelMap, covered: Mask) -> list[Element]:
        """The ground itself comes first, what lies over it last.

        labels: h x w, without charges and canton; covered: h x w, where these stand.
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
        if len(bands) > JACK_PIECES and sum(band.share * band.evidence.rest for band in bands) > UNKNOWN:
            return [self.element("field", [_largest(bands)], "field")]
        rest, over = self._taken_off(bands)
        return [*self._divided(rest, over, labels), *over]

    def bands(self, labels: LabelMap, covered: Mask) -> list[Band]:
        """The regions of a ground, with what their codes say."""
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
        """Bands as one element, with the features that say that they are of these classes."""
        more.setdefault("colours", tuple(dict.fromkeys(band.colour for band in bands)))
        features = speakers(self.dictionary, [band.evidence for band in bands], *classes)
        return Element(name, share=sum(band.visible for band in bands), features=features, **more)

    def corner(self, size: tuple[int, int], rows: int, columns: int) -> Evidence:
        """What the code of a rectangle in the upper hoist says."""
        mask = np.zeros(size, bool)
        mask[:rows, :columns] = True
        return evidence_of(self.dictionary, layout_vector(mask)[None])[0]

    def _taken_off(self, bands: Sequence[Band]) -> tuple[list[Band], list[Element]]:
        """(what is left, the elements that lie over it)."""
        rest, over = list(bands), []

        def take(name: str, chosen: list[Band], *classes: str, edged: bool = True, **more: Any) -> None:
            """The chosen bands become an element, with thin pieces along it as its edges."""
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
        """What is left when crosses and triangles are taken off: a field, or how it is divided."""
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
        """The colours in the four corners, in reading order."""
        height, width = labels.shape
        rows, columns = (height // 8, height - height // 8 - 1), (width // 8, width - width // 8 - 1)
        return tuple(self.colours[labels[row, column]] for row in rows for column in columns)

    def _stripes(self, name: str, bands: Sequence[Band], kind: str, axis: int) -> Element:
        """Bands as stripes; axis: 0 for horizontal ones. Pieces of one stripe are counted once, and thin ones between
        two colours are its edges."""
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
        """A bar over stripes that go on behind it, or begin beside it; first, last: its columns."""
        alone = np.full_like(labels, NOTHING)
        alone[:, first:last] = labels[:, first:last]
        bar = _largest(self.bands(alone, covered))
        beside = np.r_[0 : max(first - BLEND, 0), min(last + BLEND, labels.shape[1]) : labels.shape[1]]
        place = "centre" if first else "hoist"
        out = self.element("vertical stripes", [bar], "bar", place=place, kind="bar")
        around = self.elements(labels[:, beside], covered[:, beside])
        return [*(replace(one, share=one.share * (1 - bar.share)) for one in around), out]

    def _within(self, border: Band, labels: LabelMap, covered: Mask) -> list[Element]:
        """The ground within a border, as a ground of its own."""
        inner = ~border.area.mask
        rows, columns = np.nonzero(inner.mean(1) > WITHIN)[0], np.nonzero(inner.mean(0) > WITHIN)[0]
        if not len(rows) or not len(columns):
            return []
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        share = labels[box].size / labels.size
        found = self.elements(labels[box], covered[box])
        return [replace(one, share=one.share * share) for one in found if one.element != "border"]

    def _jack(self, bands: Sequence[Band]) -> list[Element]:
        """A Union Jack, and the two crosses that it is made of."""
        whole = self.element("field", bands, "jack", colours=("blue", "white", "red"), kind="union jack")
        crosses = (("cross", ("red", "white")), ("saltire", ("white", "red")))
        pieces = [Element(name, colours, "centre", 1, JACK_CROSS, whole.features, "piece") for name, colours in crosses]
        return [whole, *pieces]


def bar_columns(labels: LabelMap) -> tuple[int, int] | None:
    """First and last column of a bar of one colour beside which, or on both sides of which, there are stripes."""
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
        # The arm of a cross has the colour of what it crosses.
        goes_on = len(sides) == 2 and np.mean(left[:, -1] == right[:, 0]) > GOES_ON
        if goes_on and np.mean(left[:, -1] == labels[0, first]) < ARM:
            return first, last
    return None


def _largest(bands: Sequence[Band]) -> Band:
    return max(bands, key=lambda band: band.share)


def _corners(mask: Mask) -> int:
    """How many corners of the frame a region reaches."""
    near = max(2, round(CORNER * mask.shape[1]))
    ends = (slice(near), slice(-near, None))
    return sum(bool(mask[down, along].any()) for down in ends for along in ends)


def _has_stem(mask: Mask) -> bool:
    """Whether a region runs on as a level band to the fly, as the foot of a Y does."""
    width = mask.shape[1]
    heights = mask[:, round(STEM[0] * width) : round(STEM[1] * width)].sum(0)
    return bool(heights.min() > 0 and heights.max() < min(STEM_EVEN * heights.min(), STEM_HEIGHT * len(mask)))


def _upright(mask: Mask) -> float:
    """Where the upright arm of a cross stands, as a share of the width."""
    covered = mask.mean(0)
    full = np.nonzero(covered > UPRIGHT * covered.max())[0]
    return float(full.mean() + 0.5) / len(covered)


def _middle(band: Band, axis: int) -> float:
    return (band.box[2 * axis] + band.box[2 * axis + 1]) / 2


def _thickness(mask: Mask, axis: int) -> float:
    """Typical extent across a stripe, as a share of the flag's height (axis 0) or width (1)."""
    across = mask.sum(axis)
    return float(np.median(across[across > 0])) / mask.shape[axis]
