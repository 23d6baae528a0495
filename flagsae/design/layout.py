"""What the phrases of a sentence look like: sizes and places as flags usually have them.

Words say what is there, not how large it is to a hundredth. The tables below say what is meant where they do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from flagsae.design.design import ASPECT, Charge, Design, Layer, Place
from flagsae.design.figures import SIDES
from flagsae.design.phrases import Phrase, phrase_text
from flagsae.design.shapes import INNER, RAYED, SHAPES
from flagsae.errors import SentenceError

# Where a charge's centre stands: x, y.
ANCHORS = {
    "centre": (0.5, 0.5),
    "hoist": (0.25, 0.5),
    "fly": (0.75, 0.5),
    "top": (0.5, 0.24),
    "bottom": (0.5, 0.76),
    "top-left": (0.22, 0.26),
    "top-right": (0.78, 0.26),
    "bottom-left": (0.22, 0.74),
    "bottom-right": (0.78, 0.74),
}
TIMES = {"": 1.0, "big": 1.4, "small": 0.55}  # as large, by the word for it
# Of several charges: by eye.
ROW = 4  # that stand in a row, or in a column at the hoist and fly; more stand in a ring
RING = 12  # more stand in rows all over
APART = 2.4  # radii between the centres of two neighbours
RING_RADIUS = 0.3  # of the height
AMONG = 0.5  # of the radius that one alone has: the most that one of a row has
AMONG_RING = 0.3  # the same in a ring
MARGIN = 0.03  # between a charge and the frame
# Of a charge on another: by eye, as large as it can be and yet stand free.
HELD = 0.6  # of the holder's radius
HOLDERS = ("disc", "lozenge", "rectangle", "ring", "sun", "emblem", "cross", "triangle")
MOUTH = 0.4, 0.42  # of a star in a crescent: how far to the fly, and its radius, in radii of the crescent
ON_TRIANGLE = 0.36, 0.11  # of the triangle's depth, where a charge on it stands; the radius that it has at most
# Of figures of the ground, in shares of the height, or of the width where they stand upright.
ARM = 0.1  # half a cross's arm
NORDIC = 0.36  # x of a Nordic cross
SALTIRE, BAND = 0.09, 0.14  # half an arm, half a band, along the width
PALL = 0.1, 0.125, 0.45  # half the stem, half an arm's height, where they meet
EDGE = 0.04  # of an edge
DEPTH = 0.42  # of a triangle
BORDER = 0.12
BAR = 0.3
CANTON, JACK_CANTON = (0.42, 0.5), (0.5, 0.5)  # width, height
THIN = 0.15  # of a stripe's width: an edge between two


def drawn(phrases: Sequence[Phrase], text: str = "") -> Design:
    """What the phrases say. text: of the sentence, for messages. Raises `SentenceError` for two grounds."""
    tints = tuple(dict(pair for phrase in phrases for pair in phrase.tints).items())
    canton = [phrase for phrase in phrases if phrase.noun == "canton" or phrase.place == "canton"]
    rest = [phrase for phrase in phrases if phrase not in canton]
    design = _flag(rest, text, ASPECT)
    if any(phrase.noun == "canton" or _is_ground(phrase) for phrase in canton):
        jack = any(phrase.noun == "Union Jack" for phrase in canton)
        size = JACK_CANTON if jack else CANTON
        inside = [replace(phrase, place="") for phrase in canton]
        inside = [replace(one, noun="field") if one.noun == "canton" else one for one in inside]
        layer = Layer("canton", (), size, _flag(inside, text, ASPECT * size[0] / size[1]))
        design = replace(design, layers=(*design.layers, layer))
    elif canton:  # charges where a canton would be
        design = replace(design, charges=(*design.charges, *_Charges(design, ASPECT).all(canton)))
    return replace(design, tints=tints)


def _flag(phrases: Sequence[Phrase], text: str, aspect: float) -> Design:
    """A design of its own: of the flag, or of its canton. aspect: of the part of the flag that it fills."""
    grounds = [phrase for phrase in phrases if _is_ground(phrase)]
    if len(grounds) > 1:
        first, second = grounds[:2]
        reason = f"two grounds: {phrase_text(first)} and {phrase_text(second)}"
        raise SentenceError(reason, text, second.start, second.end)
    layers = _ground(grounds[0]) if grounds else [Layer("stripes", ("white",))]
    figures = [phrase for phrase in phrases if _is_figure(phrase)]
    for phrase in figures:
        layers += _figure(phrase)
    charges = [phrase for phrase in phrases if phrase not in grounds and phrase not in figures]
    design = Design(tuple(layers))
    return replace(design, charges=tuple(_Charges(design, aspect).all(charges)))


def _is_ground(phrase: Phrase) -> bool:
    """Whether it fills the flag, or the canton."""
    grounds = ("field", "horizontal stripe", "vertical stripe", "quarters", "diagonally halved", "wedges", "Union Jack")
    return phrase.noun in grounds and phrase.place in ("", "canton")


def _is_figure(phrase: Phrase) -> bool:
    """Whether it lies across the ground and is no charge."""
    if phrase.noun in ("cross", "saltire"):
        return not phrase.place and not phrase.on and phrase.count == 1 and not phrase.size
    if phrase.noun == "triangle":
        return phrase.place in ("", *SIDES) and not phrase.on and phrase.count == 1 and not phrase.size
    return phrase.noun in ("Nordic cross", "pall", "diagonal band", "border", "bar")


# The ground.


def _ground(phrase: Phrase) -> list[Layer]:
    name, colours = phrase.noun, phrase.colours
    if name == "Union Jack":
        return [Layer("jack", ("dark blue", "white", "red"))]
    if name == "quarters":
        return [Layer("quarters", colours, (0.5, 0.5))]
    if name == "diagonally halved":
        return [Layer("halves", colours, (0.0, 1.0) if phrase.way == "top-left" else (1.0, 0.0))]
    if name == "wedges":
        sides = [Layer("triangle", colours[1:], (side, 0, 1, 0.5, 0.5)) for side in (0, 1)]
        return [Layer("stripes", colours[:1]), *sides]
    if name == "field":
        return [Layer("stripes", colours)]
    widths = [1.0] * len(colours)
    if phrase.other is not None:
        which, times = phrase.other
        widths[which] = times
    bands, wide = [colours[0]], [widths[0]]
    for position in range(1, len(colours)):
        if phrase.edges:
            bands.append(phrase.edges[(position - 1) % len(phrase.edges)])
            wide.append(THIN)
        bands.append(colours[position])
        wide.append(widths[position])
    cuts = tuple(round(sum(wide[:end]) / sum(wide), 6) for end in range(1, len(wide)))
    return [Layer("stripes" if name == "horizontal stripe" else "bars", tuple(bands), cuts)]


def _figure(phrase: Phrase) -> list[Layer]:
    """Its edges, the widest first, and itself."""
    shades = [*reversed(phrase.edges), *phrase.colours]
    return [
        Layer(name, (colour,), tuple(round(value, 6) for value in numbers))
        for colour, wider in zip(shades, range(len(phrase.edges), -1, -1), strict=True)
        for name, numbers in [_figure_numbers(phrase, EDGE * wider)]
    ]


def _figure_numbers(phrase: Phrase, wider: float) -> tuple[str, tuple[float, ...]]:
    """A figure and its numbers. wider: how much the edges to its inside add to each side, in shares of the height."""
    across = wider / ASPECT
    match phrase.noun:
        case "cross" | "Nordic cross":
            x, down, half = NORDIC if phrase.noun == "Nordic cross" else 0.5, ARM + wider, ARM / ASPECT + across
            return "cross", (x - half, x + half, 0.5 - down, 0.5 + down)
        case "saltire":
            return "saltire", (SALTIRE + 1.4 * across,)
        case "diagonal band":
            ends = (0.0, 1.0) if phrase.way == "top-left" else (1.0, 0.0)
            return "band", (*ends, BAND + 1.4 * across)
        case "pall":
            stem, arm, join = PALL
            return "pall", (stem + wider, arm + 1.3 * wider, join)
        case "border":
            return "border", (BORDER / ASPECT, BORDER, 1 - BORDER / ASPECT, 1 - BORDER)
        case "triangle":
            # The widest fills its side; those on it keep the same distance from its two edges.
            less = EDGE * len(phrase.edges) - wider
            side = SIDES.index(phrase.place) if phrase.place in SIDES else 0
            return "triangle", (side, 1.6 * less, 1 - 1.6 * less, DEPTH * (1 - 3.2 * less), 0.5)
    boxes: dict[str, tuple[float, ...]]
    boxes = {"fly": (1 - BAR, 0, 1, 1), "centre": (0.5 - BAR / 2, 0, 0.5 + BAR / 2, 1)}
    boxes |= {"top": (0, 0, 1, BAR), "bottom": (0, 1 - BAR, 1, 1)}
    return "rectangle", boxes.get(phrase.place, (0, 0, BAR, 1))


# Charges.


def at_triangle(layers: Sequence[Layer]) -> float:
    """x of a charge on a triangle at the hoist; 0 where there is none."""
    found = [one for one in layers if one.figure == "triangle" and one.numbers[0] == 0]
    return round(found[-1].numbers[3] * ON_TRIANGLE[0], 6) if found else 0.0


def shape_of(noun: str) -> str:
    """What is drawn for a charge: of arms, which words do not tell, a shield."""
    return "shield" if noun == "emblem" else noun


def width_of(noun: str) -> float:
    """Half the width of a charge in radii."""
    return max(1.0, SHAPES[noun].usual[0]) if noun in ("lozenge", "rectangle") else 1.0


def usual_radius(noun: str, x: float, y: float, layers: Sequence[Layer], aspect: float) -> float:
    """Of a charge that stands alone at x, y of a ground, and of whose size nothing is said. It is less than the shape's
    own where a big one would run into the frame."""
    wide = width_of(noun)
    free = min(min(y, 1 - y) - MARGIN, (aspect * min(x, 1 - x) - MARGIN) / wide)
    most = ON_TRIANGLE[1] if x == at_triangle(layers) else SHAPES[shape_of(noun)].radius
    return min(most, max(MARGIN, free) / TIMES["big"])


@dataclass
class _Charges:
    """Sets charges on a ground, each where those before it leave room."""

    design: Design
    aspect: float
    """Of what the design fills."""
    standing: dict[str, list[tuple[Phrase, Place]]] = field(default_factory=dict)
    """What stands where, in order."""

    def all(self, phrases: Iterable[Phrase]) -> list[Charge]:
        return [charge for phrase in phrases for charge in self.one(phrase)]

    def one(self, phrase: Phrase) -> list[Charge]:
        name = phrase.noun
        where = phrase.place or "centre"
        if phrase.on:
            where = next(
                (place for place, held in self.standing.items() if any(one.noun == phrase.on for one, _ in held)), where
            )
            where = "hoist" if phrase.on == "triangle" and where == "centre" else where
        x, y = ANCHORS.get(where, (0.21, 0.25) if where == "canton" else (0.5, 0.5))
        triangle = at_triangle(self.design.layers)
        x = triangle if triangle and where == "hoist" else x
        radius = usual_radius(name, x, y, self.design.layers, self.aspect) * TIMES[phrase.size]
        if where == "canton":
            radius *= 0.5
        before = self.standing.setdefault(where, [])
        if before:
            x, y, radius = self.beside(phrase, before, x, y, radius)
        places = self.several(phrase, where, x, y, radius)
        before.append((phrase, Place(x, y, radius if phrase.count == 1 else places[0].radius)))
        return [self.charge(phrase, places)]

    def beside(
        self, phrase: Phrase, before: Sequence[tuple[Phrase, Place]], x: float, y: float, radius: float
    ) -> tuple[float, float, float]:
        """x, y and radius of what comes to where something stands: upon it, in its mouth, or beside it."""
        under, place = before[-1]
        if under.count == 1 and under.noun == "crescent" and phrase.noun in ("star", "sun") and phrase.count == 1:
            away, size = MOUTH
            return place.x + away * place.radius / self.aspect, place.y, size * place.radius
        if (under.count == 1 and under.noun in HOLDERS) or phrase.on:
            return place.x, place.y, min(radius, HELD * place.radius)
        return min(0.9, place.x + (place.radius + radius) * 1.1 / self.aspect), y, radius

    def several(self, phrase: Phrase, where: str, x: float, y: float, radius: float) -> tuple[Place, ...]:
        """A place for each copy: alone, in a row, in a ring, or in rows all over."""
        count, aspect = phrase.count, self.aspect
        turn = {"hoist": 90.0, "fly": -90.0, "top": 180.0}.get(where, 0.0) if phrase.noun == "chevron" else 0.0
        if count == 1:
            return (Place(round(x, 6), round(y, 6), round(radius, 6), turn),)
        if count <= ROW:
            upright = where in ("hoist", "fly")
            room = min(1 - MARGIN, 1.2 if upright else aspect * min(x, 1 - x) * 2 - 2 * MARGIN)
            apart = APART if upright else APART * width_of(phrase.noun)
            size = min(radius * AMONG, room / (apart * count))
            steps = [apart * size * (one - (count - 1) / 2) for one in range(count)]
            spots = [(x, y + step) if upright else (x + step / aspect, y) for step in steps]
        elif count <= RING:
            size = min(radius * AMONG_RING, 2 * math.pi * RING_RADIUS / (APART * count))
            wide = min(RING_RADIUS, min(y, 1 - y) - size - MARGIN, aspect * min(x, 1 - x) - size - MARGIN)
            size = min(size, 2 * math.pi * wide / (APART * count))
            angles = [2 * math.pi * one / count - math.pi / 2 for one in range(count)]
            spots = [(x + wide * math.cos(angle) / aspect, y + wide * math.sin(angle)) for angle in angles]
        else:
            columns = math.ceil(math.sqrt(count * aspect))
            rows = math.ceil(count / columns)
            full = where in ("centre", "canton")
            wide, high = (0.86, 0.84) if full else (0.36, 0.36)
            left, top = (0.5 - wide / 2, 0.5 - high / 2) if full else (x - wide / 2, y - high / 2)
            size = min(high / rows, aspect * wide / columns) / APART
            spots = []
            for one in range(count):
                row, column = divmod(one, columns)
                in_row = min(columns, count - row * columns)
                across = (column + 0.5 + (columns - in_row) / 2) / columns
                spots.append((left + wide * across, top + high * (row + 0.5) / rows))
        return tuple(Place(round(across, 6), round(down, 6), round(size, 6), turn) for across, down in spots)

    def charge(self, phrase: Phrase, places: tuple[Place, ...]) -> Charge:
        name = phrase.noun
        numbers: tuple[float, ...] = ()
        colours = (*phrase.colours, *phrase.edges)
        if name == "star":
            points = phrase.points or 5
            numbers = (float(points), INNER.get(points, 0.5))
        elif name == "sun" and phrase.points:
            numbers = (float(phrase.points), RAYED)
        elif name == "emblem":
            colours = colours or ("grey",)
        return Charge(
            shape_of(name), colours, places, numbers, round(0.36 / (len(colours) + 1), 6) if len(colours) > 1 else 0.0
        )
