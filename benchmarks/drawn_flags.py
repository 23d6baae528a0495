"""Flags of one's own with known truth: designs made at random and drawn by Pillow, not by the package's renderer.

A picture is right where a person could only say what its design says: colours are sure of their words and differ from
one another, charges stand apart from borders between two places, and nothing hides what there is to see.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import cos, hypot, pi, sin

import numpy as np
from facts import BORDERLINE, facts
from painting import Rgb, outline, paint
from PIL import Image

from flagsae.colours import COLOUR_WORDS, PLAIN
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.vocabulary import place_of
from flagsae.flags.palette import Palette, Picture
from flagsae.flags.pictures import read_picture
from flagsae.oklab import oklab

LAYOUTS = (
    *("field", "stripes", "stripes", "bars", "quarters", "nordic cross", "cross", "saltire", "band", "pall"),
    *("triangle", "border", "canton", "halves"),
)
CHARGES = (
    *("star", "star", "star", "disc", "ring", "crescent", "sun", "lozenge", "cross", "square", "rectangle"),
    "triangle",
)
FINER = 4  # times as large as a picture with smooth edges is drawn first
QUALITY = 60  # of JPEG
LARGE = 200  # pixels: a picture that is higher keeps the colours of small charges as JPEG too
SURE = 0.06  # in OKLab: how much nearer a shade must be to its word's colours than to all others
APART = 0.17  # in OKLab, between any two colours of a flag
OFF = 0.035  # in OKLab: how far a shade is at most from the nearest one that the palette knows
SPREAD = 12  # in 8-bit steps, of the shades about a known one
INNER = {5: 0.382, 6: 0.577, 7: 0.5, 8: 0.55}  # of stars, by their points
TRIES = 100  # of colours, before a flag is begun anew
GAP = 0.03  # between two charges, in shares of the height


@dataclass(frozen=True)
class Spot:
    """Where a charge may stand: its middle, and half the room around it in shares of the height."""

    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True)
class Drawn:
    """A flag that is known."""

    layout: str
    """One of `LAYOUTS`."""
    design: Design
    tints: dict[str, Rgb]
    """The shade of each of its colours."""
    width: int
    height: int
    smooth: bool
    jpeg: bool

    def picture(self) -> Picture:
        """As it is read from a file: height x width x 3."""
        scale = FINER if self.smooth else 1
        image = paint(self.design, self.tints, self.width * scale, self.height * scale)
        image = image.resize((self.width, self.height), Image.Resampling.BOX)
        file = io.BytesIO()
        if self.jpeg:
            image.save(file, "JPEG", quality=QUALITY)
        else:
            image.save(file, "PNG")
        return read_picture(file.getvalue())


def flags(count: int, seed: int, width: int, height: int, palette: Palette) -> list[Drawn]:
    """So many of them, each layout as often as another, all four ways to write a picture as often as another."""
    return [_flag(seed, number, width, height, palette) for number in range(count)]


def _flag(seed: int, number: int, width: int, height: int, palette: Palette) -> Drawn:
    chance = random.Random(f"{seed} {number} {width} {height}")
    aspect = width / height
    while True:
        colours = _Colours(chance, palette)
        layout = LAYOUTS[number % len(LAYOUTS)]
        try:
            layers, spots = ground(layout, chance, colours, aspect)
            charges = _charges(chance, colours, spots, aspect)
        except CrowdedError:
            continue
        design = Design(tuple(layers), tuple(charges), aspect)
        way = (number // len(LAYOUTS) + number) % 4
        drawn = Drawn(layout, design, colours.tints, width, height, smooth=way % 2 == 0, jpeg=way > 1)
        if sure(design) and seen(drawn, palette):
            return drawn


def sure(design: Design) -> bool:
    """Whether the place of each charge has one name, by its box as by the mean of its middles."""
    for fact in facts(design):
        if len(fact.places) > 1:
            return False
    for charge in design.charges:
        x, y = (sum(getattr(place, axis) for place in charge.places) / len(charge.places) for axis in "xy")
        steps = (-BORDERLINE, BORDERLINE)
        middles = {place_of((y + down, y + down, x + along, x + along)) for down in steps for along in steps}
        if len(middles) > 1 or middles != facts(Design(design.layers[:1], (charge,), design.aspect))[1].places:
            return False
    return True


def seen(drawn: Drawn, palette: Palette) -> bool:
    """Whether each colour can still be told in the picture: JPEG spreads those of a charge of a few pixels."""
    if drawn.height > LARGE:
        return True
    picture = drawn.picture()
    hard = np.asarray(paint(drawn.design, drawn.tints, drawn.width, drawn.height))
    anchors, named = _anchors(palette)
    for word, tint in drawn.tints.items():
        found = picture[(hard == tint).all(-1)]
        if len(found):
            away = np.linalg.norm(oklab(anchors) - oklab(np.median(found, axis=0)), axis=1)
            if named[away.argmin()] != word:
                return False
    return True


# Colours.


class CrowdedError(Exception):
    """There is no room for another colour."""


class _Colours:
    """Colours of one flag: each with a word of its own, far from all others, in a shade near those of the palette."""

    def __init__(self, chance: random.Random, palette: Palette) -> None:
        self.chance, self.palette = chance, palette
        self.tints: dict[str, Rgb] = {}

    def take(self) -> str:
        """The name of one that is new. Raises `CrowdedError` where none is far enough from the others."""
        for _ in range(TRIES):
            word = self.chance.choice([one for one in COLOUR_WORDS if one not in self.tints])
            tint = self.shade(word)
            lab = oklab(np.array([tint, *self.tints.values()], np.uint8))
            if (np.linalg.norm(lab[1:] - lab[0], axis=1) >= APART).all():
                self.tints[word] = tint
                return word
        raise CrowdedError

    def shade(self, word: str) -> Rgb:
        """A shade that is off the palette and sure of its word."""
        anchors, named = _anchors(self.palette)
        own = named == word
        while True:
            spread = self.chance.uniform(0, SPREAD)  # in dark shades a step of sRGB is a large one to the eye
            start = anchors[self.chance.choice(np.nonzero(own)[0].tolist())]
            tint = tuple(max(0, min(255, round(value + self.chance.gauss(0, spread)))) for value in start)
            away = np.linalg.norm(oklab(anchors) - oklab(np.array([tint], np.uint8)), axis=1)
            if away[own].min() <= OFF and away[own].min() + SURE <= away[~own].min():
                return tint[0], tint[1], tint[2]


@cache
def _anchors_of(shades: bytes, entries: bytes, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    anchors = np.frombuffer(shades, np.uint8).reshape(-1, 3)
    return anchors, np.array([PLAIN[names[entry]] for entry in entries])


def _anchors(palette: Palette) -> tuple[np.ndarray, np.ndarray]:
    """The shades that the palette knows, n x 3, and the plain word of each, n."""
    return _anchors_of(palette.anchors.tobytes(), palette.entries.tobytes(), palette.names)


# Grounds, and where charges may stand on them.


def ground(name: str, chance: random.Random, colours: _Colours, aspect: float) -> tuple[list[Layer], list[Spot]]:
    """A layout's layers, and spots for charges."""
    field = [Layer("stripes", (colours.take(),))]
    open_spots = [
        Spot(0.5, 0.5, 0.6, 0.32),
        *(Spot(x, 0.5, 0.2, 0.26) for x in (0.23, 0.77)),
        *(Spot(x, y, 0.2, 0.18) for x in (0.2, 0.8) for y in (0.25, 0.75)),
        *(Spot(0.5, y, 0.5, 0.15) for y in (0.2, 0.8)),
    ]
    corners = [Spot(x, y, 0.2, 0.15) for x in (0.23, 0.77) for y in (0.21, 0.79)]
    match name:
        case "field":
            return field, open_spots
        case "stripes":
            return _stripes("stripes", chance.randint(2, 5), chance, colours), open_spots
        case "bars":
            count = chance.randint(2, 3)
            middles = [(2 * one + 1) / 2 / count for one in range(count)]
            return _stripes("bars", count, chance, colours), [Spot(x, 0.5, 0.42 / count * aspect, 0.3) for x in middles]
        case "quarters":
            two = colours.take(), colours.take()
            four = (*two, *(two[::-1] if chance.random() < 0.5 else (colours.take(), colours.take())))
            return [Layer("quarters", four, (0.5, 0.5))], [*corners, Spot(0.5, 0.5, 0.2, 0.2)]
        case "nordic cross" | "cross":
            x = 0.5 if name == "cross" else chance.uniform(0.33, 0.38)
            half = chance.uniform(0.07, 0.11)
            cross = Layer("cross", (colours.take(),), (x - half / aspect, x + half / aspect, 0.5 - half, 0.5 + half))
            beside = corners if name == "cross" else [one for one in corners if one.x > 0.5]
            return [*field, cross], [*beside, Spot(x, 0.5, 0.22, 0.22)]
        case "saltire":
            spots = [Spot(0.5, 0.5, 0.28, 0.28), *(Spot(x, 0.5, 0.12, 0.12) for x in (0.13, 0.87))]
            return [*field, Layer("saltire", (colours.take(),), (chance.uniform(0.07, 0.1),))], spots
        case "band" | "halves":
            ends = chance.choice(((1.0, 0.0), (0.0, 1.0)))
            free = [one for one in corners if (one.x < 0.5) == ((one.y < 0.5) == (ends[0] > ends[1]))]
            spots = [*(Spot(one.x, one.y, 0.14, 0.14) for one in free), Spot(0.5, 0.5, 0.26, 0.26)]
            if name == "halves":
                return [Layer("halves", (*field[0].colours, colours.take()), ends)], spots
            return [*field, Layer("band", (colours.take(),), (*ends, chance.uniform(0.08, 0.14)))], spots
        case "pall":
            spots = [Spot(0.12, 0.5, 0.12, 0.12), *(Spot(0.74, y, 0.2, 0.13) for y in (0.19, 0.81))]
            numbers = (chance.uniform(0.08, 0.11), chance.uniform(0.1, 0.13), chance.uniform(0.4, 0.48), 0.0)
            base = field if chance.random() < 0.5 else _stripes("stripes", 2, chance, colours, equal=True)
            return [*base, Layer("pall", (colours.take(),), numbers)], spots
        case "triangle":
            depth = chance.uniform(0.35, 0.48)
            base = _stripes("stripes", chance.randint(2, 4), chance, colours)
            spots = [Spot(0.36 * depth, 0.5, 0.12, 0.12), Spot(0.76, 0.5, 0.2, 0.24)]
            return [*base, Layer("triangle", (colours.take(),), (0, 0, 1, depth, 0.5))], spots
        case "border":
            thick = chance.uniform(0.07, 0.12)
            sides = (thick / aspect, thick, 1 - thick / aspect, 1 - thick)
            spots = [Spot(0.5, 0.5, 0.4, 0.26), *(Spot(x, 0.5, 0.16, 0.16) for x in (0.27, 0.73))]
            return [*field, Layer("border", (colours.take(),), sides)], spots
        case "canton":
            base = field if chance.random() < 0.5 else _stripes("stripes", chance.randint(3, 5), chance, colours)
            width, height = chance.uniform(0.36, 0.45), 0.5
            if len(base[0].colours) > 1:
                height = min(base[0].numbers, key=lambda cut: abs(cut - 0.5))
            within = [Layer("stripes", (colours.take(),))]
            room = 0.4 * min(1, aspect * width / height)
            held = _charges(chance, colours, [Spot(0.5, 0.5, room, 0.4)], aspect * width / height, most=1)
            canton = Layer("canton", (), (width, height), Design(tuple(within), tuple(held)))
            return [*base, canton], [Spot(0.76, 0.5, 0.2, 0.22), Spot(0.77, 0.77, 0.2, 0.16)]
    raise ValueError(name)


def _stripes(figure: str, count: int, chance: random.Random, colours: _Colours, *, equal: bool = False) -> list[Layer]:
    """Stripes or bars of so many colours, or of fewer that come again, equal or with one twice as wide."""
    named = [colours.take() for _ in range(chance.randint(2, min(count, 4)))]
    if len(named) < count:
        named = [named[position % len(named)] for position in range(count)]
    widths = [1.0] * count
    if not equal and chance.random() < 0.35:
        widths[chance.randrange(count)] = 2.0
    cuts = tuple(sum(widths[:end]) / sum(widths) for end in range(1, count))
    return [Layer(figure, tuple(named), cuts)]


# Charges.


def _charges(
    chance: random.Random, colours: _Colours, spots: Sequence[Spot], aspect: float, most: int = 2
) -> list[Charge]:
    """Up to two, at different spots, or a star on a disc."""
    found: list[Charge] = []
    for spot in chance.sample(spots, min(len(spots), chance.randint(0, most))):
        charge = _charge(chance, colours.take(), spot, aspect)
        if all(_clear(charge, other, aspect) for other in found):
            found.append(charge)
    alone = found[0].places if len(found) == 1 and found[0].shape == "disc" else ()
    if most > 1 and len(alone) == 1 and chance.random() < 0.4:
        star = replace(alone[0], radius=alone[0].radius * 0.6)
        found.append(Charge("star", (colours.take(),), (star,), (5, INNER[5])))
    return found


def _clear(one: Charge, other: Charge, aspect: float) -> bool:
    """Whether the circles around two charges leave a gap."""
    return all(
        hypot((a.x - b.x) * aspect, a.y - b.y) > _reach(one) * a.radius + _reach(other) * b.radius + GAP
        for a in one.places
        for b in other.places
    )


def _reach(charge: Charge) -> float:
    """Of the circle about a charge, in radii."""
    return max(hypot(x, y) for x, y in outline(charge.shape, charge.numbers))


def _charge(chance: random.Random, colour: str, spot: Spot, aspect: float) -> Charge:
    name, count = chance.choice(CHARGES), 1
    numbers: tuple[float, ...] = ()
    turn = 0.0
    match name:
        case "star":
            points = chance.choice((5, 5, 6, 7, 8))
            numbers = (float(points), INNER[points])
            count = chance.choice((1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12))
        case "sun":
            numbers = (float(chance.choice((12, 16, 20, 24))), chance.uniform(0.6, 0.72), 0.0)
        case "ring":
            numbers = (chance.uniform(0.55, 0.72),)
        case "crescent":
            inner = chance.uniform(0.76, 0.84)
            numbers, turn = (inner, chance.uniform(1.25, 1.5) - inner), chance.choice((0.0, 0.0, 180.0, -90.0))
        case "cross":
            numbers = (chance.uniform(0.22, 0.34),)
        case "rectangle" | "square":
            numbers = (1.0 if name == "square" else chance.choice((0.6, 1.45, 1.7)),)
        case "lozenge":
            numbers = (chance.choice((0.65, 1.4, 1.6)),)
        case "triangle":
            numbers = (chance.uniform(0.9, 1.1),)
    shape = "rectangle" if name == "square" else name
    if name in ("disc", "lozenge", "square", "rectangle") and chance.random() < 0.2:
        count = chance.randint(2, 3)
    ring = count > 5 or (count > 2 and chance.random() < 0.4)
    across = max(1.0, max(x for x, _ in outline(shape, numbers)))
    if count == 1:
        radius = min(spot.high, spot.wide / across) * chance.uniform(0.65, 1)
        return Charge(shape, (colour,), (Place(spot.x, spot.y, radius, turn),), numbers)
    if ring:
        room = min(spot.wide, spot.high)
        radius = 0.9 * room / (1 + across * max(count, 3) * 1.25 / pi)
        around = room - radius
        angles = [2 * pi * one / count - pi / 2 for one in range(count)]
        offsets = [(around * cos(angle), around * sin(angle)) for angle in angles]
    else:
        radius = min(spot.high, spot.wide / across / (1 + 1.3 * (count - 1))) * chance.uniform(0.8, 1)
        offsets = [(2.6 * across * radius * (one - (count - 1) / 2), 0.0) for one in range(count)]
    if radius < 0.06:  # too small to be told from another
        return _charge(chance, colour, spot, aspect)
    places = tuple(Place(spot.x + along / aspect, spot.y + down, radius) for along, down in offsets)
    return Charge(shape, (colour,), places, numbers)
