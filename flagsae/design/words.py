"""A design in words, and words as a design: the same sentences both ways.

>>> say(read("a red field with a green star in the middle"))
'red field; green star in the centre'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from statistics import median

import numpy as np

from flagsae.design import art, layout, looks, phrases, quick, reader
from flagsae.design.design import ASPECT, CUT_OUT, Charge, Design, Layer, Place
from flagsae.design.figures import SIDES
from flagsae.design.phrases import ORDINALS, TIMES, Phrase
from flagsae.design.shapes import RAYS, SHAPES, flattened
from flagsae.design.vocabulary import place_of

# What is as good as what was meant; by eye.
THIN = 0.45  # of the other stripes' width: a stripe between two that is thinner is their edge
NEAR = 0.12  # of a number of times that a stripe is wider
MEET = 0.02  # of the flag: triangles on two sides that end so near to its middle are wedges
WHOLE_SIDE = 0.9  # of a side of the flag, that they stand on
NORDIC = 0.45  # x under which a cross is a Nordic one
FULL = 0.97  # of a flag's height or width: a rectangle that reaches so far is a bar
LEVEL = 0.5  # of their radius: charges that differ no more stand in one row, column or ring
SQUARE = 1.1  # half a rectangle's width, in radii, up to which it is a square
SAME = 0.04  # of a radius: what differs no more is of one size
# Times the usual size: what lies between has no word for its size, if it is not as large as one is drawn.
USUAL, USUAL_THICKNESS = (0.35, 1.9), (0.5, 1.38)
ACROSS, NARROW = 0.85, 0.4  # of the flag: a triangle that is so deep, and stands on so little of its side, is a band
STRAIGHT = 0.03  # of the flag: corners of a polygon that are nearer to the line between their neighbours are none
APART = ("border", "polygon", "lozenge", "trapezium", "serrated")  # figures that have no edges
FILLED = 0.85  # of its box, that a rectangle fills
MAIN, LOOK, FEW = 0.66, 32, 4  # of a cut-out: its main colour's share, seen on so many pixels, of so many at most


def read(text: str) -> Design:
    """The flag that a sentence says. Raises `SentenceError`."""
    return layout.drawn(reader.read(text), text)


def say(design: Design) -> str:
    """The sentence that says a design."""
    return phrases.write(said(design))


def said(design: Design, aspect: float = ASPECT, *, sizes: bool = True) -> list[Phrase]:
    """A phrase for each thing on it, the ground first. aspect: of the part of a flag that it fills; sizes: whether the
    sizes of charges are said, which takes as long as all else."""
    ground, rest = ground_of(design.layers)
    found = [ground]
    for group in with_edges(rest):
        inside = group[-1].inside
        if inside is not None:
            width, height = group[-1].numbers
            found += _canton(said(inside, aspect * width / height, sizes=sizes))
        else:
            found.append(figure_phrase(group))
    charges = [charge_phrase(charge, aspect) for charge in design.charges]
    return [*found, *(_with_sizes(found, charges, design, aspect) if sizes else charges)]


def _canton(inside: Sequence[Phrase]) -> Iterator[Phrase]:
    first, *others = inside
    yield replace(first, noun="canton") if first.noun == "field" else replace(first, place="canton")
    for phrase in others:
        yield replace(phrase, place="canton")


def ground_of(layers: Sequence[Layer]) -> tuple[Phrase, Sequence[Layer]]:
    """What fills the flag, and the layers on it."""
    base, rest = layers[0], layers[1:]
    if base.figure == "jack":
        return Phrase("Union Jack"), rest
    if base.figure == "quarters":
        return Phrase("quarters", base.colours), rest
    if base.figure == "halves":
        above, below = base.numbers
        return Phrase("diagonally halved", base.colours, way="top-left" if above < below else ""), rest
    if len(base.colours) > 1:
        return _stripes(base), rest
    sides = [
        one
        for one in rest[:2]
        if one.figure == "triangle"
        and abs(one.numbers[3] - 0.5) < MEET
        and abs(one.numbers[2] - one.numbers[1]) > WHOLE_SIDE
    ]
    stand = {SIDES[int(one.numbers[0])] for one in sides}
    if stand in ({"hoist", "fly"}, {"top", "bottom"}) and sides[0].colours == sides[1].colours:
        two = (base.colours[0], sides[0].colours[0])
        return Phrase("wedges", two if "hoist" in stand else two[::-1]), rest[2:]
    return Phrase("field", base.colours), rest


def _stripes(base: Layer) -> Phrase:
    noun = "horizontal stripe" if base.figure == "stripes" else "vertical stripe"
    widths = [after - before for before, after in pairwise((0.0, *base.numbers, 1.0))]
    colours, edges = base.colours, base.colours[1::2]
    thick = widths[::2]
    edged = len(widths) > 2 and len(widths) % 2 and max(widths[1::2]) < THIN * min(thick)
    if edged and all(one != other for one, other in pairwise(colours[::2])):
        colours, widths = colours[::2], thick
        edges = edges[:1] if len(set(edges)) == 1 else edges
    else:
        edges = ()
    usual = median(widths)
    unlike = [which for which, width in enumerate(widths) if abs(width / usual - 1) > NEAR]
    other = None
    if len(unlike) == 1 and unlike[0] < len(ORDINALS):
        times = widths[unlike[0]] / usual
        near = min(TIMES.values(), key=lambda value: abs(value - times))
        other = (unlike[0], near) if abs(near - times) < NEAR * near else None
    elif len(widths) == 2 and unlike:
        first, second = widths
        wide = int(second > first)
        times = max(widths) / min(widths)
        near = min(TIMES.values(), key=lambda value: abs(value - times))
        other = (wide, near) if abs(near - times) < NEAR * near else None
    return Phrase(noun, colours, tuple(edges), len(colours), other=other)


def with_edges(layers: Sequence[Layer]) -> list[list[Layer]]:
    """Layers in groups: figures of one kind that lie on one another, the narrower on the wider."""
    groups: list[list[Layer]] = []
    for layer in layers:
        if groups and layer.inside is None and _lies_on(layer, groups[-1][-1]):
            groups[-1].append(layer)
        else:
            groups.append([layer])
    return groups


def _lies_on(upper: Layer, lower: Layer) -> bool:
    if upper.figure != lower.figure or upper.figure in APART:
        return False
    if upper.figure in ("cross", "rectangle"):
        inner, outer = _sides(upper), _sides(lower)
        within = all(a <= b for a, b in zip(outer[:2], inner[:2], strict=True)) and all(
            a >= b for a, b in zip(outer[2:], inner[2:], strict=True)
        )
        if upper.figure == "rectangle" and not _is_bar(upper):
            return False
        return within and inner != outer
    if upper.figure == "triangle":
        return upper.numbers[0] == lower.numbers[0] and upper.numbers[3] < lower.numbers[3]
    half = 2 if upper.figure == "band" else 0
    return upper.numbers[half] < lower.numbers[half]


def _sides(layer: Layer) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a cross's arms, or of a rectangle."""
    a, b, c, d = layer.numbers
    return (a, c, b, d) if layer.figure == "cross" else (a, b, c, d)


def _is_bar(layer: Layer) -> bool:
    left, top, right, bottom = layer.numbers
    return bottom - top >= FULL or right - left >= FULL


def figure_phrase(group: Sequence[Layer]) -> Phrase:
    layer = group[-1]
    colours, edges = layer.colours, tuple(one.colours[0] for one in group[-2::-1])
    numbers = layer.numbers
    match layer.figure:
        case "cross":
            x = (numbers[0] + numbers[1]) / 2
            size = _thickness((numbers[3] - numbers[2]) / 2 / layout.ARM)
            return Phrase("Nordic cross" if x < NORDIC else "cross", colours, edges, size=size)
        case "band":
            way = "top-left" if numbers[0] < numbers[1] else ""
            return Phrase("diagonal band", colours, edges, size=_thickness(numbers[2] / layout.BAND), way=way)
        case "triangle" if numbers[3] > ACROSS and abs(numbers[2] - numbers[1]) < NARROW:  # a band to a point
            # Whether its point is above the side that it stands on; of one at the top or bottom, towards the hoist.
            before = numbers[4] < (numbers[1] + numbers[2]) / 2
            falls = before if numbers[0] in (1, 3) else not before
            return Phrase("diagonal band", colours, edges, way="top-left" if falls else "")
        case "triangle" | "trapezium":
            return Phrase("triangle", colours, edges, place=SIDES[int(numbers[0])])
        case "rectangle":
            left, top, right, bottom = numbers
            x, y = (left + right) / 2, (top + bottom) / 2
            if not _is_bar(layer):
                return Phrase("rectangle", colours, edges, place=place_of((y, y, x, x)))
            place = place_of((top, bottom, left, right))
            upright = bottom - top >= FULL
            thick = right - left if upright else bottom - top
            size = min(layout.BARS, key=lambda one: abs(layout.BARS[one] - thick))
            return Phrase("bar" if upright else "horizontal bar", colours, edges, size=size, place=place)
        case "lozenge":
            x, y, across, down = numbers
            return Phrase("lozenge", colours, place=place_of((y - down, y + down, x - across, x + across)))
        case "polygon":
            return _polygon(colours, numbers)
        case "serrated":
            return Phrase("serrated bar", colours, edges, place=SIDES[int(numbers[0])])
    usual = {"saltire": layout.SALTIRE, "pall": layout.PALL[0], "border": layout.BORDER}[layer.figure]
    return Phrase(layer.figure, colours, edges, size=_thickness(numbers[layer.figure == "border"] / usual))


def _polygon(colours: tuple[str, ...], numbers: Sequence[float]) -> Phrase:
    """The shape with a name that a polygon is; an emblem where it has none."""
    points = np.reshape(np.asarray(numbers, float), (-1, 2))
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    before, after = np.roll(points, 1, 0), np.roll(points, -1, 0)
    while len(points) > 3:
        before, after = np.roll(points, 1, 0), np.roll(points, -1, 0)
        (ax, ay), (bx, by) = (points - before).T, (after - before).T
        away = np.abs(ax * by - ay * bx) / np.maximum(np.hypot(bx, by), 1e-9)
        if away.min() > STRAIGHT:
            break
        points = np.delete(points, away.argmin(), 0)
    x, y = points.T
    area = abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2
    box = max((right - left) * (bottom - top), 1e-9)
    noun = "triangle" if len(points) == 3 else "rectangle" if area / box > FILLED else "emblem"
    return Phrase(noun, colours, place=place_of((top, bottom, left, right)))


def _thickness(times: float) -> str:
    """The word for a figure that is so many times as thick as usual."""
    return size_word(layout.THICKNESS, lambda size: math.log(times / layout.THICKNESS[size]), times, USUAL_THICKNESS)


def size_word(
    sizes: Mapping[str, float], off: Callable[[str], float], times: float, usual: tuple[float, float] = USUAL
) -> str:
    """The word for a size: the one that is drawn as large, or the nearest for what is far from usual.

    sizes: how many times as large as usual each word means, the usual one first; off: how much larger a thing is than
    what is drawn for a word, as the logarithm of their ratio; times: how many times as large as usual it is; usual: the
    least and the most of these for which no word is said.
    """
    drawn = min(sizes, key=lambda size: abs(off(size)))
    if abs(off(drawn)) <= SAME:
        return drawn
    if usual[0] < times < usual[1]:
        return "" if math.isfinite(off("")) else drawn
    return min(sizes, key=lambda size: abs(math.log(sizes[size] / times)))


def charge_phrase(charge: Charge, aspect: float) -> Phrase:
    """What a charge is, without its size."""
    noun = "emblem" if charge.shape in ("shield", CUT_OUT) else charge.shape
    if charge.shape == CUT_OUT and looks.is_lettering(charge.art):
        noun = "lettering"
    points = 0
    if noun in ("star", "sun"):
        points = round(charge.numbers[0])
        points = 0 if points == {"star": 5, "sun": RAYS}[noun] else points
    if noun == "rectangle" and charge.numbers[0] <= SQUARE:
        noun = "square"
    xs, ys = ([getattr(place, axis) for place in charge.places] for axis in "xy")
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    scattered = place_of((min(ys), max(ys), min(xs), max(xs))) == "all"
    place = "all" if scattered else place_of((y, y, x, x))
    form = form_name(charge.places, aspect)
    return Phrase(
        noun,
        _emblem_colours(charge) if noun == "emblem" else charge.colours[:1],
        charge.colours[1:] if charge.shape != CUT_OUT else (),
        len(charge.places),
        points,
        form=form if form != layout.form_of(len(charge.places), place) else "",
        place="" if place == "all" else place,
    )


def _emblem_colours(charge: Charge) -> tuple[str, ...]:
    """The one colour of an emblem that is named; none where it has several, or none in particular."""
    first = charge.colours[:1]
    if first == ("grey",):
        return ()
    return first if charge.shape != CUT_OUT or _main_share(charge.art) > MAIN else ()


@lru_cache(256)
def _main_share(name: str) -> float:
    """The share of an art that has the colour of its first slot."""
    areas = art.outlines(name, plain=True)
    slots = len({slot for slot, _ in areas})
    if slots == 1 or slots > FEW:
        return 1.0 if slots == 1 else 0.0
    seen = np.zeros((LOOK, LOOK), np.uint8)
    for slot, contours in areas:
        points = [(flattened(one) + 1) * (LOOK / 2) for one in contours]
        seen[quick.filled(points, LOOK, LOOK)] = slot + 1
    return float((seen == 1).sum() / max(1, (seen > 0).sum()))


def form_name(places: Sequence[Place], aspect: float) -> str:
    """How several stand; "" where it has no name, or there is one."""
    if len(places) < 2:
        return ""
    xs, ys = [place.x * aspect for place in places], [place.y for place in places]
    level = LEVEL * places[0].radius
    if max(ys) - min(ys) < level:
        return "row"
    if max(xs) - min(xs) < level:
        return "column"
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    away = [math.hypot(one - x, other - y) for one, other in zip(xs, ys, strict=True)]
    first = min(range(len(ys)), key=ys.__getitem__)  # words begin a ring at the top
    ring = len(places) > 2 and max(away) - min(away) < level and abs(xs[first] - x) < level
    return "ring" if ring else ""


def _with_sizes(ground: Sequence[Phrase], charges: Sequence[Phrase], design: Design, aspect: float) -> Iterator[Phrase]:
    """The charges with the words for their sizes: those with which they would be drawn most nearly as large."""
    found = list(charges)
    for which, charge in enumerate(design.charges):
        if charge.shape == CUT_OUT:  # words draw no such thing, so that none has a usual size
            continue

        def drawn(which: int = which, **other: str) -> Charge | None:
            """The charge as it is drawn in other words; None where it would be none in these."""
            tried = [*found[:which], replace(found[which], **other), *found[which + 1 :]]  # type: ignore[arg-type]
            if layout.is_figure(tried[which]):
                return None
            number = sum(not layout.is_figure(one) for one in tried[:which])
            return layout.flag([*ground, *tried], aspect=aspect).charges[number]

        def off(size: str, which: int = which, charge: Charge = charge) -> float:
            """The logarithm of how many times a size's radius the charge's is."""
            tried = drawn(which, size=size)
            return math.log(charge.places[0].radius / tried.places[0].radius) if tried else math.inf

        form = found[which].form
        plain = drawn(form="") if form else None
        if plain is not None and form_name(plain.places, aspect) == form:  # they stand so beside what else is there
            found[which] = replace(found[which], form="")
        times = charge.places[0].radius / SHAPES[charge.shape].radius if len(charge.places) == 1 else 1.0
        found[which] = replace(found[which], size=size_word(layout.SIZES, off, times))
    return iter(found)
