"""What fills the flag, on the way from one to another.

Stripes run into stripes and bars into bars. As many run into each other in order, if no two neighbours become alike on
the way. Else each runs into the ones that it belongs to, while those without a partner grow out of a line or shrink to
one. A plain field is both. Any two others meet in a plain field: one part of the first grows
until it is alone, and the second unfolds out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from flagsae.design.design import Design, Layer
from flagsae.design.figures import JACK_RED, JACK_RED_SALTIRE, JACK_SALTIRE, JACK_WHITE
from flagsae.mixing.morphing.aligned import Piece, stripes
from flagsae.mixing.morphing.inks import Inks, apart, meet

PLAIN = "plain"  # the kind of a field of one colour
LINED = ("stripes", "bars")
FINEST = 2e-4  # of the flag: a thinner stripe is not drawn
LARGE = 0.3  # what it is worth, as a distance in OKLab, that the parts which fill the flag are large; by eye
DIGITS = 6  # of numbers, after the point


def kind(base: Layer) -> str:
    """Its figure; "plain" of one colour."""
    return PLAIN if base.figure in LINED and len(base.colours) == 1 else base.figure


def spread(design: Design) -> Design:
    """A design whose Union Jack is not its ground but figures on a plain one, so that they can come and go."""
    base, *rest = design.layers
    if base.figure != "jack":
        return design
    field, white, red = base.colours
    wide = JACK_RED_SALTIRE
    arms = (
        (0, 0, 0.5, 0.5, 0.5 - wide, 0.5, -wide, 0),
        (1, 1, 0.5, 0.5, 0.5 + wide, 0.5, 1 + wide, 1),
        (1, 0, 0.5, 0.5, 0.5 - wide, 0.5, 1 - wide, 0),
        (0, 1, 0.5, 0.5, 0.5 + wide, 0.5, wide, 1),
    )
    crosses = [
        Layer("cross", (colour,), (0.5 - half / 2, 0.5 + half / 2, 0.5 - half, 0.5 + half))
        for colour, half in ((white, JACK_WHITE), (red, JACK_RED))
    ]
    jack = [
        Layer("stripes", (field,)),
        Layer("saltire", (white,), (JACK_SALTIRE,)),
        *(Layer("polygon", (red,), arm) for arm in arms),
        *crosses,
    ]
    return Design((*jack, *rest), design.charges, design.aspect, design.tints)


def between(one: Layer, other: Layer, inks: Inks) -> Layer:
    """The ground at the moment of some colours."""
    kinds = kind(one), kind(other)
    if kinds[0] == kinds[1] and kinds[0] not in (*LINED, PLAIN):
        return _through(one, other, inks)
    if _are_halves(one, other):
        return _through(_leaning(one), _leaning(other), inks)
    figure = next((name for name in LINED if {*kinds} <= {name, PLAIN}), "")
    if figure:
        return _lined(figure, one, other, inks)
    return _by_way_of_plain(one, other, inks)


def folds(one: Layer, other: Layer) -> bool:
    """Whether one ground goes to the other by way of a plain field."""
    kinds = {kind(one), kind(other)}
    return len(kinds) == 2 and PLAIN not in kinds and not _are_halves(one, other)


def _are_halves(one: Layer, other: Layer) -> bool:
    """Whether one is diagonally halved and the other has two bars, or the other way round."""
    return {kind(one), kind(other)} == {"halves", "bars"} and len(one.colours) == len(other.colours) == 2


def _through(one: Layer, other: Layer, inks: Inks) -> Layer:
    numbers = tuple(round(a + (b - a) * inks.share, DIGITS) for a, b in zip(one.numbers, other.numbers, strict=True))
    return Layer(one.figure, tuple(map(inks.run, one.colours, other.colours)), numbers)


def _leaning(base: Layer) -> Layer:
    """Two bars as halves with an upright edge."""
    return base if base.figure == "halves" else Layer("halves", base.colours, base.numbers * 2)


def widths(base: Layer) -> list[float]:
    """Of stripes or bars; of other grounds about the area of each part."""
    if base.figure in LINED:
        return [after - before for before, after in pairwise((0.0, *base.numbers, 1.0))]
    return [1 / len(base.colours)] * len(base.colours)


def _lined(figure: str, one: Layer, other: Layer, inks: Inks) -> Layer:
    """Stripes, or bars."""
    found = []
    for piece in _pieces(one, other, tuple(inks.first.items()), tuple(inks.second.items())):
        if piece.one is None:
            name = inks.entering(other.colours[piece.other or 0])
        elif piece.other is None:
            name = inks.leaving(one.colours[piece.one])
        else:
            name = inks.run(one.colours[piece.one], other.colours[piece.other])
        found.append((name, piece.widths[0] + (piece.widths[1] - piece.widths[0]) * inks.share))
    return _joined(figure, found)


def _joined(figure: str, found: list[tuple[str, float]]) -> Layer:
    """Stripes or bars with these colours and widths, without those that are too fine; neighbours of one colour are
    one."""
    wide = [(name, width) for name, width in found if width >= FINEST]
    whole, reached = sum(width for _, width in wide), 0.0
    names: list[str] = []
    cuts: list[float] = []
    for name, width in wide:
        if not names or names[-1] != name:
            names.append(name)
            cuts.append(round(reached / whole, DIGITS))
        reached += width
    return Layer(figure, tuple(names), tuple(cuts[1:]))


@lru_cache(256)
def _pieces(
    one: Layer, other: Layer, first: tuple[tuple[str, str], ...], second: tuple[tuple[str, str], ...]
) -> tuple[Piece, ...]:
    """first, second: the tints of both."""
    tints = dict(first), dict(second)
    ways = [(tints[0][a], tints[1][b]) for a, b in zip(one.colours, other.colours, strict=False)]
    if len(one.colours) == len(other.colours) and not any(meet(*two) for two in pairwise(ways)):
        both = zip(widths(one), widths(other), strict=True)
        return tuple(Piece(number, number, wide) for number, wide in enumerate(both))
    far = [[apart(tints[0][a], tints[1][b]) for b in other.colours] for a in one.colours]
    return stripes(widths(one), widths(other), lambda i, j: far[i][j])


def _by_way_of_plain(one: Layer, other: Layer, inks: Inks) -> Layer:
    """The first folds into one of its parts until the middle, and the second unfolds from there; where one of them is
    plain there is all the time for the other."""
    ways = [
        (apart(inks.first[a], inks.second[b]) - LARGE * (widths(one)[i] + widths(other)[j]), i, j)
        for i, a in enumerate(one.colours)
        for j, b in enumerate(other.colours)
    ]
    _, i, j = min(ways)
    through = one.colours[i], other.colours[j]
    middle = 0.0 if kind(one) == PLAIN else 1.0 if kind(other) == PLAIN else 0.5
    if middle and inks.share <= middle:
        along = inks.share / middle
        names = [inks.leaving(name) for name in one.colours]
        merged = [inks.towards(name, through, along) for name in one.colours]
        names[i] = merged[i]
        return _folded(one, i, along, names, merged, inks.first)
    along = (inks.share - middle) / (1 - middle)
    names = [inks.entering(name) for name in other.colours]
    merged = [inks.out_of(through, name, along) for name in other.colours]
    names[j] = merged[j]
    return _folded(other, j, 1 - along, names, merged, inks.second)


def _folded(
    base: Layer, slot: int, share: float, names: list[str], merged: list[str], tints: Mapping[str, str]
) -> Layer:
    """A ground of which one part grows. share: 0 where it is as it was, 1 where the part is all; names: of its colours
    as they are, merged: as they are where they run into that of the part; tints: of its own."""
    if share >= 1 - FINEST:
        return Layer("stripes", (names[slot],))
    if base.figure == "halves":
        above, below = base.numbers
        away = (1 - min(above, below) if slot == 0 else -max(above, below)) * share
        return Layer("halves", tuple(names), (round(above + away, DIGITS), round(below + away, DIGITS)))
    if base.figure == "quarters":
        x, y = base.numbers
        far = (1 - slot % 2 - x, 1 - slot // 2 - y)
        return Layer("quarters", tuple(names), (round(x + far[0] * share, DIGITS), round(y + far[1] * share, DIGITS)))
    plain = Layer("stripes", (base.colours[slot],))
    same = tuple(tints.items())
    found = [
        (
            names[piece.one or 0] if piece.other is None else merged[piece.one or 0],
            piece.widths[0] + (piece.widths[1] - piece.widths[0]) * share,
        )
        for piece in _pieces(base, plain, same, same)
    ]
    return _joined(base.figure, found)
