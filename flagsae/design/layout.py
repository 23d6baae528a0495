"""What the phrases of a sentence look like: sizes and places as flags usually have them.

Words say what is there, not how large it is to a hundredth. The tables below say what is meant where they do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flagsae.design.design import ASPECT, Charge, Design, Layer, Place
from flagsae.design.figures import SIDES
from flagsae.design.phrases import GROUNDS, NOUNS, Phrase, phrase_text
from flagsae.design.shades import TINTS
from flagsae.design.shapes import INNER, RAYED, SHAPES
from flagsae.design.vocabulary import place_of
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
    "canton": (0.21, 0.25),  # where there is none
}
SIZES = {"": 1.0, "big": 1.4, "small": 0.55, "tiny": 0.25}  # times the usual radius, by the word for it
# Of several charges: by eye.
ROW = 4  # that stand in a row, or in a column at the hoist and fly; more stand in a ring
RING = 12  # more stand in rows all over
APART = 2.4  # radii between the centres of two neighbours
RING_RADIUS = 0.3  # of the height
AMONG = {"row": 0.5, "column": 0.5, "ring": 0.3, "grid": 0.5}  # times the radius that one alone has: the most of each
EDGED = 0.36  # of the radius: how thick the edges of a charge are together with one more; so each is less with more
THINNEST = 0.017  # of the height: an edge of a small charge, or between many stripes; of a charge if that leaves
WITHIN = 0.65  # of its radius for what is within its edges
NARROWER, WIDER = 0.75, 1.35  # how many times as many columns there may be as the room has it
GAP = 0.07  # between two things that stand side by side, in shares of the height
GAPS = 0.3  # of the room that they have, at most, for all gaps together
MARGIN = 0.03  # between a charge and the frame
MOST_STRIPES = 5  # of a ground on whose stripes charges stand in the middle
CLEAR = 0.02  # how far from another place's name the middle of such a stripe must be
ON_STRIPE = 0.43  # of the stripe's width: the radius of a charge on it
# Of a charge on another: by eye, as large as it can be and yet stand free.
HELD = {"": 0.6, "big": 0.78, "small": 0.33, "tiny": 0.15}  # of the holder's radius, by the word for its size
HELD_ROOM = 0.72  # of the holder's radius, for several
HOLDERS = ("disc", "lozenge", "rectangle", "square", "ring", "sun", "emblem", "cross", "triangle")
LEAST = 1e-4  # of the height: a charge is no smaller, however many stand on one another
MOUTH = 0.4, 0.42  # of a star in a crescent: how far to the fly, and its radius, in radii of the crescent
ON_TRIANGLE = 0.36, 0.11  # of the triangle's depth, where a charge on it stands; the radius that it has at most
# Of figures of the ground, in shares of the height, or of the width where they stand upright.
ARM = 0.1  # half a cross's arm
NORDIC = 0.36  # x of a Nordic cross
SALTIRE, BAND = 0.09, 0.14  # half an arm, half a band, along the width
PALL = 0.1, 0.125, 0.45  # half the stem, half an arm's height, where they meet
EDGE = 0.04  # of an edge
STEEP = 1.4  # times as thick along x, about, as across a diagonal of 2:3
ARM_EDGE = 1.3  # times as thick along y as across an arm of a pall
SLANT = 1.6  # times as thick along a triangle's side as across its edges
DEPTH, INSET = 0.42, 0.3  # of a triangle: its depth, and how far its edges may reach into it from the ends of its side
BORDER = 0.12
TEETH = 0.26, 0.37, 7  # how far they reach from the side, least and most; how many
THICKNESS = {"": 1.0, "big": 1.6, "small": 0.55, "tiny": 0.25}  # times the usual one, of all but bars
BARS = {"": 0.3, "big": 0.45, "small": 0.14, "tiny": 0.06}  # how wide a bar is
CANTON, JACK_CANTON = (0.42, 0.5), (0.5, 0.5)  # width, height
CANTON_STRIPES = 5  # at least: the canton then ends where a stripe does
CANTON_HIGH = 0.53  # that end is the nearest to this
THIN = 0.15  # of a stripe's width: an edge between two


def drawn(phrases: Sequence[Phrase], text: str = "") -> Design:
    """What the phrases say. text: of the sentence, for messages. Raises `SentenceError` for two grounds."""
    design = flag(phrases, text, ASPECT)
    named = {name: TINTS[name][1] for name in design.colours() if name in TINTS}
    return replace(design, tints=tuple(named.items()))


def flag(phrases: Sequence[Phrase], text: str = "", aspect: float = ASPECT) -> Design:
    """A design of its own: of the flag, or of its canton. aspect: of the part of the flag that it fills."""
    inside = [phrase for phrase in phrases if phrase.noun == "canton" or phrase.place == "canton"]
    rest = [phrase for phrase in phrases if phrase not in inside]
    grounds = [phrase for phrase in rest if _is_ground(phrase)]
    if len(grounds) > 1:
        first, second = grounds[:2]
        reason = f"two grounds: {phrase_text(first)} and {phrase_text(second)}"
        raise SentenceError(reason, text, second.start, second.end)
    layers = ground_layers(grounds[0]) if grounds else [Layer("stripes", ("white",))]
    figures = sorted((phrase for phrase in rest if is_figure(phrase)), key=lambda one: one.noun == "border")
    for phrase in figures:
        layers += figure_layers(phrase)
    charges = [phrase for phrase in rest if phrase not in grounds and phrase not in figures]
    if any(phrase.noun == "canton" or _is_ground(phrase) for phrase in inside):
        layers.append(canton_layer(inside, layers[0], aspect, text))
    else:  # charges where a canton would be
        charges += inside
    return Design(tuple(layers), tuple(_Charges(layers, aspect, text).all(charges)))


def canton_layer(phrases: Sequence[Phrase], ground: Layer, aspect: float, text: str = "") -> Layer:
    """A canton of what its phrases say, on a ground."""
    width, height = JACK_CANTON if any(phrase.noun == "Union Jack" for phrase in phrases) else CANTON
    if ground.figure == "stripes" and len(ground.colours) >= CANTON_STRIPES:
        height = min(ground.numbers, key=lambda cut: abs(cut - CANTON_HIGH))
    inside = [replace(phrase, place="") for phrase in phrases]
    inside = [replace(one, noun="field") if one.noun == "canton" else one for one in inside]
    return Layer("canton", (), (width, height), flag(inside, text, aspect * width / height))


def _is_ground(phrase: Phrase) -> bool:
    """Whether it fills the flag, or the canton."""
    return phrase.noun in (*GROUNDS, "Union Jack") and phrase.place in ("", "canton")


def is_figure(phrase: Phrase) -> bool:
    """Whether it lies across the ground and is no charge."""
    if phrase.noun in ("cross", "saltire"):
        return not phrase.place and not phrase.on and phrase.count == 1
    if phrase.noun == "triangle":
        return phrase.place in ("", *SIDES) and not phrase.on and phrase.count == 1 and not phrase.size
    return phrase.noun in ("Nordic cross", "pall", "diagonal band", "border", "bar", "horizontal bar", "serrated bar")


# The ground.


def ground_layers(phrase: Phrase) -> list[Layer]:
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
            wide.append(max(THIN, THINNEST * len(colours)))
        bands.append(colours[position])
        wide.append(widths[position])
    cuts = tuple(round(sum(wide[:end]) / sum(wide), 6) for end in range(1, len(wide)))
    return [Layer("stripes" if name == "horizontal stripe" else "bars", tuple(bands), cuts)]


def figure_layers(phrase: Phrase) -> list[Layer]:
    """Its edges, the widest first, and itself."""
    shades = [*reversed(phrase.edges), *phrase.colours]
    return [
        Layer(name, (colour,), tuple(round(value, 6) for value in numbers))
        for colour, wider in zip(shades, range(len(phrase.edges), -1, -1), strict=True)
        for name, numbers in [_figure_numbers(phrase, EDGE * wider)]
    ]


def _figure_numbers(phrase: Phrase, wider: float) -> tuple[str, tuple[float, ...]]:
    """A figure and its numbers. wider: how much the edges to its inside add to each side, in shares of the height."""
    across, times = wider / ASPECT, THICKNESS[phrase.size]
    match phrase.noun:
        case "cross" | "Nordic cross":
            x, down, half = (
                NORDIC if phrase.noun == "Nordic cross" else 0.5,
                times * ARM + wider,
                times * ARM / ASPECT + across,
            )
            return "cross", (x - half, x + half, 0.5 - down, 0.5 + down)
        case "saltire":
            return "saltire", (times * SALTIRE + STEEP * across,)
        case "diagonal band":
            ends = (0.0, 1.0) if phrase.way == "top-left" else (1.0, 0.0)
            return "band", (*ends, times * BAND + STEEP * across)
        case "pall":
            stem, arm, join = PALL
            return "pall", (times * stem + wider, times * arm + ARM_EDGE * wider, join, 0.0)
        case "serrated bar":
            side = SIDES.index(phrase.place) if phrase.place in SIDES else 0
            return "serrated", (side, *TEETH)
        case "border":
            thick = times * BORDER
            return "border", (thick / ASPECT, thick, 1 - thick / ASPECT, 1 - thick)
        case "triangle":
            # The widest fills its side; those on it keep the same distance from its two edges.
            less = SLANT * (EDGE * len(phrase.edges) - wider)
            less *= min(1.0, INSET / max(less, SLANT * EDGE * len(phrase.edges), 1e-9))
            side = SIDES.index(phrase.place) if phrase.place in SIDES else 0
            return "triangle", (side, less, 1 - less, DEPTH * (1 - 2 * less), 0.5)
    thick = BARS[phrase.size]
    if phrase.noun == "horizontal bar":
        start = {"top": 0.0, "bottom": 1 - thick}.get(phrase.place, 0.5 - thick / 2)
        return "rectangle", (0, max(0, start - wider), 1, min(1, start + thick + wider))
    start = {"centre": 0.5 - thick / 2, "fly": 1 - thick}.get(phrase.place, 0.0)
    return "rectangle", (max(0, start - across), 0, min(1, start + thick + across), 1)


# Charges.


def shape_of(noun: str) -> str:
    """What is drawn for a charge: of arms, which words do not tell, a shield."""
    return {"emblem": "shield", "square": "rectangle"}.get(noun, noun)


def width_of(noun: str) -> float:
    """Half the width of a charge in radii."""
    return max(1.0, SHAPES[noun].usual[0]) if noun in ("lozenge", "rectangle") else 1.0


def at_triangle(layers: Sequence[Layer]) -> float:
    """x of a charge on a triangle at the hoist; 0 where there is none."""
    found = [one for one in layers if one.figure == "triangle" and one.numbers[0] == 0]
    return round(found[-1].numbers[3] * ON_TRIANGLE[0], 6) if found else 0.0


def _stripe(base: Layer, figure: str, at: float) -> tuple[float, float] | None:
    """Middle and width of the stripe of a ground of few in which a point lies; None elsewhere."""
    widths = [after - before for before, after in pairwise((0.0, *base.numbers, 1.0))]
    thick = [width for width in widths if width > 1.5 * THIN * max(widths)]
    if base.figure != figure or not 1 < len(thick) <= MOST_STRIPES:
        return None
    for start, end in pairwise((0.0, *base.numbers, 1.0)):
        if start < at < end:
            return (start + end) / 2, end - start
    return None


def anchor(where: str, layers: Sequence[Layer], aspect: float) -> tuple[float, float, float]:
    """x and y of a charge, and the radius that it has at most: in the middle of its stripe, where it stands on one."""
    x, y = ANCHORS.get(where, ANCHORS["centre"])
    most = math.inf
    triangle = at_triangle(layers)
    if triangle and where == "hoist":
        return triangle, 0.5, ON_TRIANGLE[1]
    for figure, at in (("stripes", y), ("bars", x)):
        stripe = _stripe(layers[0], figure, at)
        if stripe is None:
            continue
        middle, width = stripe
        moved = (x, middle) if figure == "stripes" else (middle, y)
        near = [(moved[0] + off, moved[1] + off) for off in (-CLEAR, CLEAR)]
        if where == "canton" or all(place_of((down, down, along, along)) == where for along, down in near):
            x, y = moved
            most = ON_STRIPE * width * (1 if figure == "stripes" else aspect)
    return round(x, 6), round(y, 6), most


def form_of(count: int, where: str) -> str:
    """How so many stand where nothing is said of it."""
    if count <= ROW:
        return "column" if where in ("hoist", "fly") else "row"
    return "ring" if count <= RING else "grid"


@dataclass
class _Cluster:
    """A charge, or several, with what stands on it."""

    where: str
    phrases: list[Phrase]
    crowded: bool = False
    """Whether something else stands at the same place."""

    @property
    def base(self) -> Phrase:
        return self.phrases[0]

    def form(self, phrase: Phrase) -> str:
        """How several of a phrase stand: few of them one above the other, where a row would leave others no room."""
        crowded = self.crowded and phrase is self.base and phrase.count <= ROW
        return phrase.form or ("column" if crowded else form_of(phrase.count, self.where))


class _Charges:
    """Sets charges on a ground."""

    def __init__(self, layers: Sequence[Layer], aspect: float, text: str) -> None:
        self.layers, self.aspect, self.text = layers, aspect, text

    def all(self, phrases: Iterable[Phrase]) -> list[Charge]:
        """In the order of the phrases, which is that in which they are painted."""
        phrases = list(phrases)
        clusters = self.clusters(phrases)
        placed: dict[int, tuple[Place, ...]] = {}
        for where in dict.fromkeys(cluster.where for cluster in clusters):
            self.side_by_side(where, [one for one in clusters if one.where == where], placed)
        return [charge_of(phrase, placed[id(phrase)]) for phrase in phrases]

    def clusters(self, phrases: Sequence[Phrase]) -> list[_Cluster]:
        """What stands on what. A charge stands on the last one at its place that can hold it, or on what is said."""
        found: list[_Cluster] = []
        usual = "fly" if any(layer.inside is not None for layer in self.layers) else "centre"
        for phrase in phrases:
            where = phrase.place or usual
            under = None
            if phrase.on:
                holds = [one for one in found if phrase.on in (held.noun for held in one.phrases)]
                under = holds[-1] if holds else None
                if under is None and NOUNS[phrase.on].counted and phrase.on not in {one.figure for one in self.layers}:
                    reason = f"there is no {phrase.on} that it could stand on: name it first"
                    raise SentenceError(reason, self.text, phrase.start, phrase.end)
                where = "hoist" if under is None and phrase.on == "triangle" else where
            else:
                here = [one for one in found if one.where == where]
                if here and self.holds(here[-1].phrases[-1], phrase):
                    under = here[-1]
            if under is not None:
                under.phrases.append(phrase)
            else:
                found.append(_Cluster(where, [phrase]))
        return found

    def holds(self, under: Phrase, phrase: Phrase) -> bool:
        if under.count > 1:
            return False
        if under.noun == "crescent":
            return phrase.noun in ("star", "sun") and phrase.count == 1
        return under.noun in HOLDERS

    def side_by_side(self, where: str, clusters: Sequence[_Cluster], placed: dict[int, tuple[Place, ...]]) -> None:
        """The places of all that stand at one place, in a row that fits into the flag."""
        x, y, most = anchor(where, self.layers, self.aspect)
        radii = [self.radius(cluster.base, x, y, most) for cluster in clusters]
        room = 2 * (self.aspect * min(x, 1 - x) - MARGIN)  # in shares of the height, as all lengths below
        for cluster in clusters:
            cluster.crowded = len(clusters) > 1
        pairs = zip(clusters, radii, strict=True)
        widths = [2 * self.reach(cluster.base, radius, cluster.form(cluster.base), room) for cluster, radius in pairs]
        gap = min(GAP, GAPS * room / max(1, len(clusters) - 1))
        gaps = gap * (len(clusters) - 1)
        scale = min(1.0, (room - gaps) / sum(widths)) if len(clusters) > 1 else 1.0
        left = x - (sum(widths) * scale + gaps) / 2 / self.aspect
        for cluster, radius, width in zip(clusters, radii, widths, strict=True):
            middle = left + width * scale / 2 / self.aspect if len(clusters) > 1 else x
            left += (width * scale + gap) / self.aspect
            free = (width * scale / 2 if len(clusters) > 1 else room / 2, min(y, 1 - y) - MARGIN)
            self.stack(cluster, middle, y, radius * scale, free, placed)

    def radius(self, phrase: Phrase, x: float, y: float, most: float) -> float:
        """Of one of it that stands alone at x, y; `most` at most, where it is not said to be big."""
        free = min(min(y, 1 - y) - MARGIN, (self.aspect * min(x, 1 - x) - MARGIN) / width_of(phrase.noun))
        usual = min(SHAPES[shape_of(phrase.noun)].radius, max(MARGIN, free) / SIZES["big"])
        if phrase.count > 1:  # `spots` has their size
            return min(usual, most)
        if phrase.size == "big":
            return min(usual, 1.5 * most) * SIZES["big"]
        return min(usual, most) * SIZES[phrase.size]

    def reach(self, phrase: Phrase, radius: float, form: str, room: float) -> float:
        """Half the width that it needs, alone or several of it."""
        if phrase.count == 1:
            return radius * width_of(phrase.noun)
        size = radius * AMONG[form]
        if form == "column":
            return size * SIZES["big"] * width_of(phrase.noun)
        if form == "row":
            return min(room / 2, size * SIZES["big"] * APART / 2 * phrase.count * width_of(phrase.noun))
        return min(room / 2, RING_RADIUS + size if form == "ring" else room / 2)

    def stack(
        self,
        cluster: _Cluster,
        x: float,
        y: float,
        radius: float,
        room: tuple[float, float],
        placed: dict[int, tuple[Place, ...]],
    ) -> None:
        """The places of a charge at x, y and of what stands on it. room: half the width and height that it may fill."""
        turn = {"hoist": 90.0, "fly": -90.0, "top": 180.0}.get(cluster.where, 0.0)
        under: Phrase | None = None
        for phrase in cluster.phrases:
            if under is not None and under.noun == "crescent" and phrase.count == 1:
                away, size = MOUTH
                x, radius = x + away * radius / self.aspect, size * radius * HELD[phrase.size] / HELD[""]
            elif under is not None:
                room = (HELD_ROOM * radius, HELD_ROOM * radius)
                radius *= HELD[phrase.size] if phrase.count == 1 else 1.0
            around, size = spots(phrase, cluster.form(phrase), radius, room)
            placed[id(phrase)] = tuple(
                Place(
                    round(x + across / self.aspect, 6),
                    round(y + down, 6),
                    max(LEAST, round(size, 6)),
                    turn if phrase.noun == "chevron" else 0.0,
                )
                for across, down in around
            )
            under = phrase


def spots(
    phrase: Phrase, form: str, radius: float, room: tuple[float, float]
) -> tuple[list[tuple[float, float]], float]:
    """Where each of several stands about their middle, and their radius, all in shares of the height. radius: of one
    that stands alone; room: half the width and height that they may fill."""
    count, (wide, high) = phrase.count, room
    if count == 1:
        return [(0.0, 0.0)], radius
    size = radius * AMONG[form]

    def fitted(most: float) -> float:
        """The size that is asked for, where a big one is at most so large."""
        return min(size, most / SIZES["big"]) * SIZES[phrase.size]

    if form in ("row", "column"):
        apart, length = (APART * width_of(phrase.noun), wide) if form == "row" else (APART, high)
        size = fitted(min(2 * length / (apart * count), high if form == "row" else wide / width_of(phrase.noun)))
        steps = [apart * size * (one - (count - 1) / 2) for one in range(count)]
        return [(step, 0.0) if form == "row" else (0.0, step) for step in steps], size
    if form == "ring":
        broad = width_of(phrase.noun)
        around = max(min(RING_RADIUS, wide - size * broad, high - size), min(wide, high) / 2)
        size = fitted(min(2 * math.pi * around / (APART * count * broad), (wide - around) / broad, high - around))
        angles = [2 * math.pi * one / count - math.pi / 2 for one in range(count)]
        return [(around * math.cos(angle), around * math.sin(angle)) for angle in angles], size
    columns = _columns(count, wide / high)
    rows = math.ceil(count / columns)
    size = fitted(min(2 * high / rows / APART, 2 * wide / columns / APART / width_of(phrase.noun)))
    spots = []
    for one in range(count):
        row, column = divmod(one, columns)
        in_row = min(columns, count - row * columns)
        across = column + 0.5 + (columns - in_row) / 2
        spots.append((wide * (2 * across / columns - 1), high * (2 * (row + 0.5) / rows - 1)))
    return spots, size


def charge_of(phrase: Phrase, places: tuple[Place, ...]) -> Charge:
    """What a phrase says, at these places."""
    name = phrase.noun
    numbers: tuple[float, ...] = ()
    colours = (*phrase.colours, *phrase.edges)
    if name == "star":
        points = phrase.points or 5
        numbers = (float(points), INNER.get(points, 0.5))
    elif name == "sun" and phrase.points:
        numbers = (float(phrase.points), RAYED, 0.0)
    elif name == "square":
        numbers = (1.0,)
    elif name == "emblem":
        colours = colours or ("grey",)
    edge = 0.0
    if len(colours) > 1:
        thin, thick = EDGED / (len(colours) + 1), (1 - WITHIN) / (len(colours) - 1)
        edge = round(max(thin, min(THINNEST / places[0].radius, thick)), 6)
    return Charge(shape_of(name), colours, places, numbers, edge)


def _columns(count: int, aspect: float) -> int:
    """How many stand in each row: about as the room has it, with few missing in the last."""
    usual = math.sqrt(count * aspect)
    fewest, most = max(1, math.floor(usual * NARROWER)), math.ceil(usual * WIDER)
    return min(range(fewest, most + 1), key=lambda columns: (-count % columns + abs(columns - usual), columns))
