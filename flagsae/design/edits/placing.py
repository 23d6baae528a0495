"""Where a new charge stands on a flag: where a designer would put it, as large as the place lets it be, and in a colour
that is seen there.

In a free centre, on a triangle at the hoist; else on the charge that is there, in the mouth of a crescent or around;
else in the canton, at the hoist, at the fly, or wherever there is most room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flagsae.design import layout
from flagsae.design.design import Charge, Design, Place
from flagsae.design.edits.contrast import Contrast, numbered, shares, under_charge
from flagsae.design.edits.things import inner
from flagsae.design.phrases import Phrase
from flagsae.design.shapes import SHAPES
from flagsae.design.vocabulary import place_of
from flagsae.flags.palette import Palette

FILLS = 0.8  # of the room at a place, at most
GOOD = 0.58  # of the usual radius: where it can be as large as that, no further place is tried
LEAST = 0.04  # of the height: a charge is no smaller
HOLDS = ("disc", "lozenge", "rectangle")  # on which a charge can stand
HOLDER = 0.14  # radius of one at least
RING_OF = 5  # so many stand around a charge in the centre
RING_GAP = 0.05  # from it to them
RING_SIZE = 0.045  # radius of each in such a ring
MOST_RING = 0.46  # of the height: where the ring ends
COLUMNS, LINES = 13, 9  # of the points that are tried
ORDER = ("canton", "top-left", "hoist", "fly", "top-right", "bottom-right", "bottom-left", "top", "bottom")
NEARLY = 0.9  # of the most room: the nearest to the usual point is taken of the places with so much
_ANY: dict[str, tuple[str, ...]] = {"emblem": ()}  # colours until one is chosen: arms have several


@dataclass(frozen=True)
class Spot:
    """A place for a charge."""

    path: tuple[int, ...]
    """Of the canton that it is in."""
    x: float
    y: float
    room: float
    """The radius of what is free about it, as a share of the height."""
    ring: float = 0.0
    """The radius of the ring in which several stand around something; 0 for none."""
    usual: float = 0.0
    """The radius of a charge here; 0 for the usual one."""


def placed(design: Design, phrase: Phrase, palette: Palette) -> tuple[tuple[int, ...], Charge]:
    """A charge that a phrase says, where there is room for it, and the path of the canton that it is in.

    phrase: with a count of 1 at least; without a colour it gets one that is seen.
    """
    spot = spot_for(design, phrase, palette)
    level = inner(design, spot.path)
    charge = _set(level, replace(phrase, colours=phrase.colours or _ANY.get(phrase.noun, ("white",))), spot)
    if not phrase.colours and phrase.noun != "emblem":
        under = under_charge(replace(level, charges=(*level.charges, charge)), len(level.charges), palette)
        order = [name for name in shares(design, palette) if name in set(design.colours())]
        order += [name for name in design.colours() if name not in order]
        colour = Contrast(design, palette).chosen(under, usual=order)
        charge = replace(charge, colours=(colour, *charge.colours[1:]))
    return spot.path, charge


def _set(level: Design, phrase: Phrase, spot: Spot) -> Charge:
    usual = spot.usual or SHAPES[layout.shape_of(phrase.noun)].radius * layout.SIZES[phrase.size]
    if spot.ring:
        angles = [2 * math.pi * one / phrase.count - math.pi / 2 for one in range(phrase.count)]
        size = min(RING_SIZE * layout.SIZES[phrase.size], 0.8 * math.pi * spot.ring / phrase.count)
        around = [(spot.ring * math.cos(angle), spot.ring * math.sin(angle)) for angle in angles]
    else:
        wide = layout.width_of(phrase.noun)
        fills = 1.0 if phrase.size == "big" else FILLS
        radius = max(min(usual, fills * spot.room / wide), LEAST)
        form = phrase.form or layout.form_of(phrase.count, phrase.place)
        room = (max(spot.room, radius), max(spot.room, radius))
        if phrase.count > 1 and form == "row":  # a row may be as wide as the flag has it
            free = level.aspect * min(spot.x, 1 - spot.x) - layout.MARGIN
            room = (max(room[0], min(free, 2 * spot.room)), room[1])
        around, size = layout.spots(replace(phrase, size=""), form, radius, room)
    places = tuple(
        Place(round(spot.x + across / level.aspect, 6), round(spot.y + down, 6), round(size, 6))
        for across, down in around
    )
    return layout.charge_of(phrase, places)


def spot_for(design: Design, phrase: Phrase, palette: Palette) -> Spot:
    """The best place for a charge."""
    usual = SHAPES[layout.shape_of(phrase.noun)].radius * layout.SIZES[phrase.size]
    best = None
    for spot in _spots(design, phrase, palette):
        if spot.ring or FILLS * spot.room >= GOOD * min(usual, spot.usual or usual):
            return spot
        if best is None or spot.room > best.room:
            best = spot
    assert best is not None
    return best


def _spots(design: Design, phrase: Phrase, palette: Palette) -> Iterator[Spot]:
    """Places for a charge, the best first; with a place only those there."""
    cantons = [number for number, layer in enumerate(design.layers) if layer.inside is not None]
    if phrase.place == "canton" and cantons:
        path = (cantons[-1],)
        yield from _in_canton(design, path, palette)
        return
    free = _Free(design, palette)
    if phrase.place:
        yield from free.there(phrase.place, design)
        return
    triangle = layout.at_triangle(design.layers)
    if triangle and free.charges_at(triangle, 0.5) > 0:
        yield Spot((), triangle, 0.5, free.at(triangle, 0.5), usual=layout.ON_TRIANGLE[1])
    x, y, _ = layout.anchor("centre", design.layers, design.aspect)
    yield Spot((), x, y, free.at(x, y))
    yield from _with_charges(design, phrase)
    for number in cantons:
        level = inner(design, (number,))
        if len(level.layers) == 1 and not level.charges and level.layers[0].figure == "stripes":
            yield from _in_canton(design, (number,), palette)
    for place in ORDER:
        if not (place == "canton" and cantons):
            yield free.near(place)


def _in_canton(design: Design, path: tuple[int, ...], palette: Palette) -> Iterator[Spot]:
    level = inner(design, path)
    free = _Free(level, palette)
    for place in ("centre", *ORDER[1:]):
        spot = free.near(place)
        yield replace(spot, path=path, usual=0.3)


def _with_charges(design: Design, phrase: Phrase) -> Iterator[Spot]:
    """On, in or around the charges that are there."""
    for charge in sorted(design.charges, key=lambda one: -one.places[0].radius):
        if len(charge.places) > 1:
            continue
        (place,) = charge.places
        others = [spot for one in design.charges if one is not charge for spot in one.places]
        if any(place.away(spot, design.aspect) < place.radius for spot in others):
            continue
        central = abs(place.x - 0.5) < 0.1 and abs(place.y - 0.5) < 0.1
        around = place.radius + RING_GAP + RING_SIZE
        if phrase.count >= RING_OF and central and around + RING_SIZE < MOST_RING:
            yield Spot((), place.x, place.y, place.radius, ring=around)
        if charge.shape == "crescent" and phrase.count == 1:
            away, size = layout.MOUTH
            angle = math.radians(place.turn)
            x = place.x + away * place.radius * math.cos(angle) / design.aspect
            y = place.y + away * place.radius * math.sin(angle)
            yield Spot((), x, y, size * place.radius / FILLS, usual=size * place.radius)
        elif charge.shape in HOLDS and place.radius > HOLDER:
            held = layout.HELD[phrase.size if phrase.count == 1 else ""] * place.radius
            yield Spot((), place.x, place.y, held / FILLS, usual=held)


class _Free:
    """What is free on a design: how far each point is from charges, cantons, edges of the ground and the frame."""

    def __init__(self, design: Design, palette: Palette) -> None:
        self.design = design
        self.ground: NDArray[np.uint8] = numbered(replace(design, charges=()), palette)
        rows, columns = self.ground.shape
        self.down, self.along = np.mgrid[:rows, :columns]
        self.down, self.along = (self.down + 0.5) / rows, (self.along + 0.5) / columns

    def charges_at(self, x: float, y: float) -> float:
        """How far a point is from the nearest charge or canton; below 0 in one."""
        away = [10.0]
        for charge in self.design.charges:
            reach = layout.width_of(charge.shape) if charge.shape in SHAPES else 1.0
            for place in charge.places:
                distance = math.hypot((place.x - x) * self.design.aspect, place.y - y)
                away.append(distance - place.radius * (reach if distance > place.radius else 1))
        for layer in self.design.layers:
            if layer.inside is not None:
                width, height = layer.numbers
                away.append(max((x - width) * self.design.aspect, y - height))
        return min(away)

    def at(self, x: float, y: float) -> float:
        """The radius that is free about a point."""
        aspect = self.design.aspect
        frame = min(aspect * x, aspect * (1 - x), y, 1 - y) - layout.MARGIN
        rows, columns = self.ground.shape
        own = self.ground[min(rows - 1, int(y * rows)), min(columns - 1, int(x * columns))]
        other = self.ground != own
        if not other.any():
            return min(frame, self.charges_at(x, y))
        edge = np.hypot((self.along[other] - x) * aspect, self.down[other] - y).min() - 0.5 / rows
        return min(frame, self.charges_at(x, y), float(edge))

    def near(self, place: str) -> Spot:
        """The point of a place with the most room; of those with nearly as much the nearest to the usual one."""
        x, y, _ = layout.anchor(place, self.design.layers, self.design.aspect)
        named = "top-left" if place == "canton" else place
        points = [(x, y)]
        for along in np.linspace(0.08, 0.92, COLUMNS).round(4):
            for down in np.linspace(0.1, 0.9, LINES).round(4):
                if place_of((down, down, along, along)) == named:
                    points.append((float(along), float(down)))
        rooms = [self.at(*point) for point in points]
        enough = max(rooms) - (1 - NEARLY) * abs(max(rooms))
        aspect = self.design.aspect
        best = min(
            (point for point, room in zip(points, rooms, strict=True) if room >= enough),
            key=lambda point: math.hypot((point[0] - x) * aspect, point[1] - y),
        )
        return Spot((), *best, rooms[points.index(best)])

    def there(self, place: str, design: Design) -> Iterator[Spot]:
        """At a place that is named: at its usual point, where nothing stands there."""
        x, y, most = layout.anchor(place, design.layers, design.aspect)
        aspect = design.aspect
        if self.charges_at(x, y) > LEAST:
            frame = min(aspect * x, aspect * (1 - x), y, 1 - y) - layout.MARGIN
            yield Spot((), x, y, min(frame, self.charges_at(x, y), most / FILLS))
            return
        held = [one for one in _with_charges(design, Phrase("star")) if place_of((one.y, one.y, one.x, one.x)) == place]
        yield from held
        yield self.near(place)
