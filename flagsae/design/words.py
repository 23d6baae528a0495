"""A design in words, and words as a design: the same sentences both ways.

>>> say(read("a red field with a green star in the middle".replace(" with", ";")))
'red field; green star in the centre'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from flagsae.design import layout, phrases
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.figures import SIDES
from flagsae.design.phrases import TIMES, Phrase
from flagsae.design.shapes import RAYS
from flagsae.design.vocabulary import place_of

# What is as good as what was meant; by eye.
THIN = 0.45  # of the other stripes' width: a stripe between two that is thinner is their edge
NEAR = 0.12  # of a number of times that a stripe is wider
NORDIC = 0.45  # x under which a cross is a Nordic one
BIG, SMALL = 1.2, 0.75  # times the usual radius, from where on a charge is said to be big, or small
FULL = 0.97  # of a flag's height or width: a rectangle that reaches so far is a bar


def read(text: str) -> Design:
    """The flag that a sentence says. Raises `SentenceError`."""
    return layout.drawn(phrases.read(text), text)


def say(design: Design) -> str:
    """The sentence that says a design."""
    return phrases.write(list(said(design)), dict(design.tints))


def said(design: Design) -> Iterator[Phrase]:
    """A phrase for each thing on it, the ground first."""
    ground, rest = _ground(design.layers)
    yield ground
    for group in _with_edges(rest):
        inside = group[-1].inside
        if inside is not None:
            yield from _canton(inside)
        else:
            yield _figure(group)
    for charge in design.charges:
        yield _charge(charge, design)


def _canton(inside: Design) -> Iterator[Phrase]:
    first, *others = said(inside)
    yield replace(first, noun="canton") if first.noun == "field" else replace(first, place="canton")
    for phrase in others:
        yield replace(phrase, place="canton")


def _ground(layers: Sequence[Layer]) -> tuple[Phrase, Sequence[Layer]]:
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
    sides = [one for one in rest[:2] if one.figure == "triangle" and one.numbers[3] == 0.5 and one.numbers[0] < 2]
    if len(sides) == 2 and sides[0].colours == sides[1].colours:
        return Phrase("wedges", (base.colours[0], sides[0].colours[0])), rest[2:]
    return Phrase("field", base.colours), rest


def _stripes(base: Layer) -> Phrase:
    noun = "horizontal stripe" if base.figure == "stripes" else "vertical stripe"
    widths = [after - before for before, after in pairwise((0.0, *base.numbers, 1.0))]
    colours, edges = base.colours, base.colours[1::2]
    thick = widths[::2]
    if len(widths) > 2 and len(widths) % 2 and max(widths[1::2]) < THIN * min(thick):
        colours, widths = colours[::2], thick
        edges = edges[:1] if len(set(edges)) == 1 else edges
    else:
        edges = ()
    usual = median(widths)
    unlike = [which for which, width in enumerate(widths) if abs(width / usual - 1) > NEAR]
    other = None
    if len(unlike) == 1:
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


def _with_edges(layers: Sequence[Layer]) -> list[list[Layer]]:
    """Layers in groups: figures of one kind that lie on one another, the narrower on the wider."""
    groups: list[list[Layer]] = []
    for layer in layers:
        if groups and layer.inside is None and _lies_on(layer, groups[-1][-1]):
            groups[-1].append(layer)
        else:
            groups.append([layer])
    return groups


def _lies_on(upper: Layer, lower: Layer) -> bool:
    if upper.figure != lower.figure or upper.figure in ("rectangle", "border", "polygon", "lozenge"):
        return False
    if upper.figure == "cross":
        (left, right, top, bottom), (l2, r2, t2, b2) = upper.numbers, lower.numbers
        return l2 < left and right < r2 and t2 < top and bottom < b2
    if upper.figure == "triangle":
        return upper.numbers[0] == lower.numbers[0] and upper.numbers[3] < lower.numbers[3]
    half = 2 if upper.figure == "band" else 0
    return upper.numbers[half] < lower.numbers[half]


def _figure(group: Sequence[Layer]) -> Phrase:
    layer = group[-1]
    colours, edges = layer.colours, tuple(one.colours[0] for one in group[-2::-1])
    numbers = layer.numbers
    match layer.figure:
        case "cross":
            x = (numbers[0] + numbers[1]) / 2
            return Phrase("Nordic cross" if x < NORDIC else "cross", colours, edges)
        case "band":
            return Phrase("diagonal band", colours, edges, way="top-left" if numbers[0] < numbers[1] else "")
        case "triangle" | "trapezium":
            return Phrase("triangle", colours, edges, place=SIDES[int(numbers[0])])
        case "rectangle":
            left, top, right, bottom = numbers
            if bottom - top >= FULL or right - left >= FULL:
                return Phrase("bar", colours, place=place_of((top, bottom, left, right)))
            return Phrase("rectangle", colours, place=place_of((top, bottom, left, right)))
        case "lozenge":
            x, y, across, down = numbers
            return Phrase("lozenge", colours, place=place_of((y - down, y + down, x - across, x + across)))
        case "polygon":
            xs, ys = numbers[::2], numbers[1::2]
            return Phrase("rectangle", colours, place=place_of((min(ys), max(ys), min(xs), max(xs))))
    return Phrase(layer.figure, colours, edges)


def _charge(charge: Charge, design: Design) -> Phrase:
    noun = "emblem" if charge.shape == "shield" else charge.shape
    points = 0
    if noun in ("star", "sun"):
        points = round(charge.numbers[0])
        points = 0 if points == {"star": 5, "sun": RAYS}[noun] else points
    xs, ys = ([getattr(place, axis) for place in charge.places] for axis in "xy")
    place = place_of((min(ys), max(ys), min(xs), max(xs)))
    return Phrase(
        noun,
        charge.colours[:1] if noun != "emblem" or charge.colours[:1] != ("grey",) else (),
        charge.colours[1:],
        len(charge.places),
        points,
        place="" if place == "all" else place,
        size=_size(charge, noun, design),
    )


def _size(charge: Charge, noun: str, design: Design) -> str:
    """Big or small, of one that stands alone on the flag; else empty."""
    first = charge.places[0]
    near = [
        one
        for other in design.charges
        for one in other.places[:1]
        if other is not charge and len(other.places) == 1 and place_of(_point(one)) == place_of(_point(first))
    ]
    if len(charge.places) > 1 or near:
        return ""
    times = first.radius / layout.usual_radius(noun, first.x, first.y, design.layers, design.aspect)
    return "big" if times > BIG else "small" if times < SMALL else ""


def _point(place: Place) -> tuple[float, float, float, float]:
    """As a box."""
    return place.y, place.y, place.x, place.x
