"""What the real flags are made of: layouts, palettes, charges, and which colours meet. The grammar draws from it.

Everything is kept by its kind: 52 flags have three stripes, two a pall. A kind is drawn by its frequency to a power
below one, so that what is rare on real flags is seen on new ones too.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design import art, cutouts, looks, words
from flagsae.design.design import ASPECT, CUT_OUT, Charge, Design, Layer
from flagsae.design.shades import family
from flagsae.mixing.groups import Group, extent
from flagsae.mixing.parent import Parent, painted

Kind: TypeAlias = tuple[str, ...]
Figure: TypeAlias = tuple[Layer, ...]  # the edges of a figure below it

# What is not taken from a real flag: parts that parsing could not name, and flags that are no rectangles.
NAMELESS = ("polygon", "trapezium")
NARROWEST, LONGEST = 1.15, 2.2  # width over height
FEW = 5  # stripes: of more it is only told that they are many
SHAPES = ("star", "sun", "disc", "ring", "crescent", "cross")  # of simple charges
MOST_PLACES = 12  # of a simple group: with more it is a field of stars
HIGHEST = 0.8  # of the flag: a simple group that is higher belongs to its own ground
CONSTELLATION = (4, 5)  # stars that may stand in no order; others stand in one
LEVEL = 0.5  # of a radius: how far a star may be from where it would mirror another
# A cut-out that is an emblem of its own, plain enough to stand elsewhere: by eye, on a sheet of all.
MAIN = 0.08  # of its pixels, that a main colour has
MOST_MAIN, MOST_COLOURS, MOST_CURVES = 2, 3, 1500  # main colours, colours in all; curves of its outlines
# Cut-outs that another flag would not have: maps of one country, letters, the outline of a flag, a faith's sign,
# the leaves in the corners of one.
OF_ONE_PLACE = (
    *("christmas-island", "cyprus", "french-southern-and-antarctic-lands", "kosovo", "malta", "nepal"),
    *("united-nations", "isle-of-man", "antigua-and-barbuda", "israel"),
    *("sri-lanka", "sri-lanka-2", "sri-lanka-4", "sri-lanka-5"),
)
SLIM, WIDE = 0.45, 2.6  # width over height
LEAST_SHARE = 0.015  # of a flag, that a colour of its palette has
UNFIT = ("grey", "brown")  # families that only details of arms have
LEAST_EDGE = 0.04  # of the longest edge between two colours of a flag: what meets along less hardly meets
SEEN_ONCE = 0.4  # how often a pair of colours counts as seen that no flag has


@dataclass(frozen=True)
class Layout:
    """The ground of a real flag."""

    title: str
    kind: Kind
    """The noun and number of its stripes, then the nouns of its figures."""
    base: tuple[Layer, ...]
    figures: tuple[Figure, ...]
    """A canton among them is bare."""
    charged: bool
    """Whether its flag has charges outside of the canton."""


@dataclass(frozen=True)
class Mark:
    """A group of charges of a real flag that can stand elsewhere."""

    title: str
    kind: Kind
    """Its shapes, with how often each stands there."""
    noun: str
    """What to call it."""
    group: Group
    field: str
    """The colour that it stands on, which shows through its holes."""
    tints: Mapping[str, str]
    emblem: str = ""
    """The art of its cut-out; empty for a group of simple shapes."""


@dataclass(frozen=True)
class Colours:
    """The palette of a real flag."""

    title: str
    kind: Kind
    """The families of its colours, sorted."""
    names: tuple[str, ...]
    """What has most of the flag first."""
    tints: Mapping[str, str]


@dataclass(frozen=True)
class Learned:
    """What is taken from all flags of a dataset."""

    layouts: Mapping[Kind, Sequence[Layout]]
    marks: Mapping[Kind, Sequence[Mark]]
    emblems: Sequence[Mark]
    palettes: Mapping[Kind, Sequence[Colours]]
    meets: Mapping[tuple[str, str], float]
    """How unlikely two families meet, for each pair that does on a flag, in nats; the likeliest pair has 0."""
    never: float
    """The same of a pair that does on none."""
    fields: Mapping[str, float]
    """How unlikely each family is as the whole field of a flag, in nats; the likeliest has 0."""
    stands: Mapping[tuple[str, str], float]
    """The same of a charge's family on that of a field."""
    rows: Set[tuple[str, ...]]
    """The families of the stripes of all flags, in their order and in reverse: what they are in, level or upright, is
    known as a flag's."""

    def unlikely(self, one: str, other: str) -> float:
        """How unlikely two colours meet, in nats."""
        return self.meets.get(_pair(one, other), self.never)

    def unusual(self, charge: str, field: str) -> float:
        """How unlikely a charge in a colour stands on another, in nats."""
        return self.stands.get((family(charge), family(field)), self.never)


def learned(parents: Iterable[Parent], aspects: Iterable[float]) -> Learned:
    """What some flags are made of. aspects: of each, width over height as it is flown."""
    layouts, marks, palettes = defaultdict(list), defaultdict(list), defaultdict(list)
    emblems: dict[str, Mark] = {}
    edges: Counter[tuple[str, str]] = Counter()
    fields: Counter[str] = Counter()
    stands: Counter[tuple[str, str]] = Counter()
    rows: set[tuple[str, ...]] = set()
    for parent, aspect in zip(parents, aspects, strict=True):
        labels, names = painted(plain(parent.design))
        meeting = _edges(labels, names)
        longest = max(meeting.values(), default=0)
        edges.update(pair for pair, length in meeting.items() if length >= LEAST_EDGE * longest)
        row = row_of(parent.design.layers)
        rows |= {row, row[::-1]}
        if len(parent.base[0].colours) == 1:
            fields[family(parent.base[0].colours[0])] += 1
        if colours := _colours(parent, labels, names):
            palettes[colours.kind].append(colours)
        if NARROWEST <= aspect <= LONGEST and (layout := _layout(parent)):
            layouts[layout.kind].append(layout)
        for mark in _marks(parent):
            stands[family(main_colour(mark.group)), family(mark.field)] += 1
            if mark.emblem:
                emblems.setdefault(mark.emblem, mark)
            else:
                marks[mark.kind].append(mark)
    most, most_fields, most_stands = (max(one.values(), default=1) for one in (edges, fields, stands))
    return Learned(
        dict(sorted(layouts.items())),
        dict(sorted(marks.items())),
        tuple(emblems.values()),
        dict(sorted(palettes.items())),
        {pair: math.log(most / count) for pair, count in edges.items()},
        math.log(most / SEEN_ONCE),
        {name: math.log(most_fields / count) for name, count in fields.items()},
        {pair: math.log(most_stands / count) for pair, count in stands.items()},
        rows,
    )


def _layout(parent: Parent) -> Layout | None:
    """The layout of a flag; None where it has parts without a name."""
    layers = parent.design.layers
    if layers[0].figure == "jack" or any(layer.figure in NAMELESS for layer in layers):
        return None
    groups = words.with_edges(words.ground_of(layers)[1])
    if any(one[-1].figure == "rectangle" and not is_bar(one[-1]) for one in groups):
        return None
    figures = tuple(_bare(one[-1]) if one[-1].inside is not None else tuple(one) for one in groups)
    kind = (*ground_kind(parent.base), *map(figure_kind, figures))
    return Layout(parent.title, kind, parent.base, figures, bool(parent.groups))


def row_of(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The families of the stripes that fill a flag, in their order; of another ground none."""
    base = layers[0]
    return tuple(map(family, base.colours)) if base.figure in ("stripes", "bars") else ()


def is_bar(layer: Layer) -> bool:
    """Whether a rectangle reaches from one side of the flag to the other."""
    left, top, right, bottom = layer.numbers
    return bottom - top > 0.97 or right - left > 0.97


def _bare(canton: Layer) -> Figure:
    """A canton without what stands on it."""
    inside = canton.inside
    assert inside is not None
    return (Layer("canton", (), canton.numbers, Design(inside.layers, aspect=inside.aspect)),)


def ground_kind(base: Sequence[Layer]) -> Kind:
    """The kind of what fills a flag: its noun, how many stripes it has, and whether these are of one width."""
    phrase = words.ground_of(base)[0]
    count = len(phrase.colours)
    even = "" if phrase.other is None else "uneven"
    edged = "edged" if phrase.edges else ""
    return phrase.noun, str(count) if count <= FEW else "many", even, edged


def figure_kind(figure: Figure) -> str:
    """The kind of a figure: its noun and where it stands; of a canton what fills it."""
    inside = figure[-1].inside
    if inside is not None:
        base = inside.layers[0]
        return "jack canton" if base.figure == "jack" else "canton" if len(base.colours) == 1 else "striped canton"
    phrase = words.figure_phrase(figure)
    return f"{phrase.noun} {phrase.place}".strip()


def plain(design: Design) -> Design:
    """A design without its cut-outs: arms have colours that are not the flag's."""
    return replace(design, charges=tuple(one for one in design.charges if one.shape != CUT_OUT))


def _colours(parent: Parent, labels: NDArray[np.uint8], names: Sequence[str]) -> Colours | None:
    """The palette of a flag: the colours of its ground and its simple charges. labels, names: as it is painted."""
    shares = np.bincount(labels.ravel(), minlength=len(names)) / labels.size
    names = tuple(names[at] for at in np.argsort(-shares, kind="stable").tolist() if shares[at] > LEAST_SHARE)
    names = tuple(name for name in names if family(name) not in UNFIT)
    if len(names) < 2:
        return None
    tints = {name: tint for name, tint in parent.design.tints if name in names}
    return Colours(parent.title, tuple(sorted({family(name) for name in names})), names, tints)


def _marks(parent: Parent) -> Iterator[Mark]:
    for group in (*parent.groups, *parent.lifted):
        drawn = [one for one in group if one.shape == CUT_OUT]
        simple = [one for one in group if one.shape != CUT_OUT]
        if any(one.shape not in SHAPES for one in simple) or sum(len(one.places) for one in simple) > MOST_PLACES:
            continue
        if drawn and not (len(drawn) == 1 and len(group) <= 2 and is_emblem(group)):
            continue
        _, _, top, bottom = extent(group)
        if not drawn and (bottom - top > HIGHEST or (len(simple) == len(group) and not _in_order(simple))):
            continue
        kind = tuple(sorted(f"{one.shape} {len(one.places)}" for one in group))
        noun = words.charge_phrase((drawn or simple)[0], ASPECT).noun
        tints = dict(parent.design.tints)
        yield Mark(parent.title, kind, noun, group, parent.field, tints, drawn[0].art if drawn else "")


def _in_order(group: Group | list[Charge]) -> bool:
    """Whether charges are not strewn about: few, or a constellation, or each the mirror image of another."""
    places = [place for one in group for place in one.places]
    if {one.shape for one in group} != {"star"}:
        return len(group) > 1 or len(places) == 1
    if len(places) == 1 or len(places) in CONSTELLATION:
        return True
    spots = np.array([(place.x * ASPECT, place.y) for place in places])
    for side in ((-1, 1), (1, -1)):
        mirrored = (spots - spots.mean(0)) * side + spots.mean(0)
        nearest = np.linalg.norm(mirrored[:, None] - spots[None], axis=2).min(1)
        if nearest.max() < LEVEL * min(place.radius for place in places):
            return True
    return False


def main_colour(group: Group) -> str:
    """The colour of a group that lies on the field."""
    first = group[0]
    return (main_colours(first) or first.colours)[0] if first.shape == CUT_OUT else first.colours[-1]


def is_emblem(group: Group) -> bool:
    """Whether a group's cut-out is whole and plain enough to be an emblem on another flag."""
    (drawn,) = (one for one in group if one.shape == CUT_OUT)
    left, right, top, bottom = extent(group)
    if drawn.art not in cutouts.shipped().names or drawn.art in OF_ONE_PLACE:
        return False
    if len(set(drawn.colours)) > MOST_COLOURS or not SLIM < (right - left) * ASPECT / (bottom - top) < WIDE:
        return False
    if len(drawn.places) > 1 or looks.is_lettering(drawn.art) or art.pieces_of(drawn.art) > MOST_CURVES:
        return False
    return len(main_colours(drawn)) <= MOST_MAIN


def main_colours(charge: Charge) -> tuple[str, ...]:
    """The colours of a cut-out that are seen from afar, the most first."""
    counts = np.bincount(looks.slots(charge.art).ravel(), minlength=len(charge.colours) + 1)[1:]
    shares: Counter[str] = Counter()
    for name, count in zip(charge.colours, (counts / max(counts.sum(), 1)).tolist(), strict=False):
        shares[name] += count
    return tuple(name for name, share in shares.most_common() if share > MAIN)


def _edges(labels: NDArray[np.uint8], names: Sequence[str]) -> dict[tuple[str, str], int]:
    """How long the edge between each two families is, in pixels. labels, names: as of `painted`."""
    found: Counter[tuple[str, str]] = Counter()
    for one, other in ((labels[1:], labels[:-1]), (labels[:, 1:], labels[:, :-1])):
        apart = one != other
        pairs, counts = np.unique(np.stack([one[apart], other[apart]], 1), axis=0, return_counts=True)
        for (a, b), count in zip(pairs.tolist(), counts.tolist(), strict=True):
            found[_pair(names[a], names[b])] += count
    return found


def _pair(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((family(one), family(other)))
    return first, second
