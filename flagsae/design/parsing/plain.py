"""The same picture in the figures that people name: `plainly`.

The cheapest figures are not always these. A stripe down the hoist and two stripes beside it are four quarters of which
two are alike; a panel on a field is a border around another field. Nothing that is seen changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from flagsae.design.design import ASPECT, Design, Layer
from flagsae.design.layout import BARS
from flagsae.design.layout import EDGE as EDGE_OF_BAR

# By eye, in shares of the flag.
LEVEL = 0.03  # that upright stripes on both sides of one in the middle differ by at most
AS_DRAWN = 0.012  # how near its width is to one that words draw bars in
TWICE = (0.25, 0.5), (0.5, 0.75)  # where the one in the middle begins and ends, if the first or last is twice as wide
PANEL = 0.25  # of the flag: a larger rectangle in the middle of a plain field is what a border leaves free
MIDDLE = 0.02  # how far its centre is from the flag's
UNEVEN = 0.2  # by which a border is wider on one side, that is none
EVEN = 0.002  # how near two edges are that are one
EDGE = 0.01  # how near to the frame something ends that reaches it


def plainly(design: Design, aspect: float) -> Design:
    """The design in the figures that people name. What lies in its canton stays as it is. aspect: width over height of
    what it fills."""
    for rule in (_quarters, _bar, _corner, _edged_bar, _inner, _opening, _cross, _hidden):
        design = rule(design)
    return _panel(design, aspect)


def _base(design: Design, *layers: Layer) -> Design:
    """With other layers in the place of its lowest."""
    return replace(design, layers=(*layers, *design.layers[1:]))


def _quarters(design: Design) -> Design:
    """Quarters of which two that meet are alike are stripes, with a bar or a canton."""
    base = design.layers[0]
    if base.figure != "quarters":
        return design
    a, b, c, d = base.colours
    x, y = base.numbers
    if a == c:
        return _base(design, Layer("stripes", (b, d), (y,)), Layer("rectangle", (a,), (0.0, 0.0, x, 1.0)))
    if b == d:
        return _base(design, Layer("stripes", (a, c), (y,)), Layer("rectangle", (b,), (x, 0.0, 1.0, 1.0)))
    if c == d:
        return _base(design, Layer("stripes", (b, c), (y,)), Layer("rectangle", (a,), (0.0, 0.0, x, y)))
    if a == b:
        return _base(design, Layer("bars", (c, d), (x,)), Layer("rectangle", (a,), (0.0, 0.0, 1.0, y)))
    return design


def _bar(design: Design) -> Design:
    """Three stripes of which the outer ones are alike are a field with a bar, where that is no wider than words draw
    one, or stands upright towards a side, and no stripe is just twice as wide as the others."""
    base = design.layers[0]
    if base.figure not in ("stripes", "bars") or len(base.colours) != 3 or base.colours[0] != base.colours[2]:
        return design
    start, end = base.numbers
    as_words_draw = any(abs(end - start - width) < AS_DRAWN for width in BARS.values())
    twice = any(max(abs(start - a), abs(end - b)) < AS_DRAWN for a, b in TWICE)
    aside = base.figure == "bars" and abs(start - (1 - end)) > LEVEL and not twice
    if not (aside or as_words_draw):
        return design
    numbers = (0.0, start, 1.0, end) if base.figure == "stripes" else (start, 0.0, end, 1.0)
    return _base(design, Layer("stripes", base.colours[:1]), Layer("rectangle", base.colours[1:2], numbers))


def _corner(design: Design) -> Design:
    """A polygon over stripes that leaves a rectangle of them free in one corner is a field with rectangles on it."""
    base, over = design.layers[0], design.layers[1:2]
    if base.figure not in ("stripes", "bars") or len(base.colours) < 2 or not over or over[0].figure != "polygon":
        return design
    points = list(zip(over[0].numbers[::2], over[0].numbers[1::2], strict=True))
    inner = [point for point in points if all(EDGE < value < 1 - EDGE for value in point)]
    corners = {(x, y) for x in (0.0, 1.0) for y in (0.0, 1.0)}
    free = [one for one in corners if all(max(abs(one[0] - x), abs(one[1] - y)) > EDGE for x, y in points)]
    if (len(points), len(inner), len(free)) != (6, 1, 1):
        return design
    (x, y), (far, low) = inner[0], free[0]
    left, right, top, bottom = min(x, far), max(x, far), min(y, low), max(y, low)
    found = [Layer("stripes", over[0].colours)]
    for colour, (start, end) in zip(base.colours, pairwise((0.0, *base.numbers, 1.0)), strict=True):
        if base.figure == "bars":
            box = (max(left, start), top, min(right, end), bottom)
        else:
            box = (left, max(top, start), right, min(bottom, end))
        if box[2] - box[0] > EDGE and box[3] - box[1] > EDGE:
            found.append(Layer("rectangle", (colour,), box))
    return replace(design, layers=(*found, *design.layers[2:]))


def _edged_bar(design: Design) -> Design:
    """Thin stripes on both sides of one that is as wide as words draw a bar are its edges, where one field is all else;
    so are those on one side of it, where it lies along the frame."""
    base = design.layers[0]
    if base.figure not in ("stripes", "bars") or len(base.colours) < 3:
        return design
    thick = EDGE_OF_BAR / (1 if base.figure == "stripes" else ASPECT)
    bands = list(zip(base.colours, pairwise((0.0, *base.numbers, 1.0)), strict=True))
    is_edge = [abs(end - start - thick) < AS_DRAWN for _, (start, end) in bands]
    last = len(bands) - 1
    if base.colours[0] == base.colours[last] and len(bands) % 2:
        which = last // 2
        others = [(one, last - one) for one in range(which - 1, 0, -1)]
    else:
        which = last if not is_edge[last] and not is_edge[0] and bands[0][1][1] > 0.5 else 0
        step = -1 if which else 1
        others = [(one, one) for one in range(which + step, last - which, step)]
    if not others or not all(is_edge[a] and is_edge[b] and bands[a][0] == bands[b][0] for a, b in others):
        return design
    colour, (start, end) = bands[which]
    if not any(abs(end - start - width) < AS_DRAWN for width in BARS.values()):
        return design
    found: list[Layer] = []
    for name, (low, high) in [(colour, (start, end)), *((bands[a][0], _hull(bands, a, b, which)) for a, b in others)]:
        numbers = (0.0, low, 1.0, high) if base.figure == "stripes" else (low, 0.0, high, 1.0)
        found.append(Layer("rectangle", (name,), numbers))
    field = base.colours[0] if which else base.colours[last]
    return _base(design, Layer("stripes", (field,)), *reversed(found))


def _hull(bands: Sequence[tuple[str, tuple[float, float]]], first: int, second: int, which: int) -> tuple[float, float]:
    """From where to where stripes reach, with all between them and another one."""
    ends = [edge for one in (first, second, which) for edge in bands[one][1]]
    return min(ends), max(ends)


def _panel(design: Design, aspect: float) -> Design:
    """A plain field around a large rectangle in its middle is a border."""
    first = design.charges[0] if design.charges else None
    if len(design.layers) > 1 or len(design.layers[0].colours) != 1 or first is None or first.shape != "rectangle":
        return design
    (place, *others), (half,) = first.places, first.numbers
    across, down = half * place.radius / aspect, place.radius
    if others or place.turn % 180 or len(first.colours) > 1 or 4 * across * down < PANEL:
        return design
    if max(abs(place.x - 0.5), abs(place.y - 0.5)) > MIDDLE:
        return design
    box = (place.x - across, place.y - down, place.x + across, place.y + down)
    border = Layer("border", design.layers[0].colours, tuple(round(value, 6) for value in box))
    return replace(design, layers=(Layer("stripes", first.colours), border), charges=design.charges[1:])


def _inner(design: Design) -> Design:
    """So is one around a rectangle that was read as a figure of the ground."""
    base, *rest = design.layers
    if len(base.colours) != 1 or len(rest) != 1 or rest[0].figure != "rectangle":
        return design
    left, top, right, bottom = box = rest[0].numbers
    reaches = min(left, top, 1 - right, 1 - bottom) < EDGE
    if reaches or max(abs(left + right - 1), abs(top + bottom - 1)) / 2 > MIDDLE or _area(box) < PANEL:
        return design
    return replace(design, layers=(Layer("stripes", rest[0].colours), Layer("border", base.colours, box)))


def _area(box: Sequence[float]) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _opening(design: Design) -> Design:
    """A border that is much wider on one side is a field with a rectangle, and a border as wide as its narrowest."""
    base, *rest = design.layers
    if len(base.colours) != 1 or not rest or rest[0].figure != "border":
        return design
    left, top, right, bottom = box = rest[0].numbers
    if max(abs(left + right - 1), abs(top + bottom - 1)) < UNEVEN:
        return design
    across, down = min(left, 1 - right), min(top, 1 - bottom)
    border = Layer("border", rest[0].colours, (across, down, round(1 - across, 6), round(1 - down, 6)))
    field, panel = Layer("stripes", rest[0].colours), Layer("rectangle", base.colours, box)
    return replace(design, layers=(field, panel, border, *rest[1:]))


def _cross(design: Design) -> Design:
    """A cross with an arm that runs along the frame is a bar there, and one more stripe."""
    base, *rest = design.layers
    if not rest or rest[0].figure != "cross" or base.figure not in ("stripes", "bars"):
        return design
    left, right, top, bottom = rest[0].numbers
    # The arm that is a stripe, and the one along the frame.
    (start, end), (first, last) = ((top, bottom), (left, right))[:: 1 if base.figure == "stripes" else -1]
    if first > EDGE and last < 1 - EDGE:
        return design
    pieces = [(start, rest[0].colours[0])]
    for colour, (above, below) in zip(base.colours, pairwise((0.0, *base.numbers, 1.0)), strict=True):
        pieces += [(above, colour)] if above < start - EVEN else []
        pieces += [(max(above, end), colour)] if below > end + EVEN else []
    pieces.sort()
    stripes = Layer(base.figure, tuple(colour for _, colour in pieces), tuple(at for at, _ in pieces[1:]))
    numbers = (first, 0.0, last, 1.0) if base.figure == "stripes" else (0.0, first, 1.0, last)
    return replace(design, layers=(stripes, Layer("rectangle", rest[0].colours, numbers), *rest[1:]))


def _hidden(design: Design) -> Design:
    """Where two stripes meet behind the stem of a pall they are equally high."""
    base = design.layers[0]
    stems = [layer.numbers[0] for layer in design.layers if layer.figure == "pall"]
    if base.figure != "stripes" or len(base.numbers) != 1 or not stems:
        return design
    hidden = abs(base.numbers[0] - 0.5) <= max(stems) + EDGE
    return _base(design, replace(base, numbers=(0.5,))) if hidden else design
