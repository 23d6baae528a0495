"""Charges that come, go, or run into others of their shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from flagsae.design.design import CUT_OUT, Charge, Place
from flagsae.mixing.morphing.inks import Inks, apart

SMALLEST = 0.03  # of a charge's size: a smaller one would be a speck, and is not drawn
LEAST = 1e-5  # of the flag's height: the radius of the smallest that is drawn
DIGITS = 6  # of numbers, after the point
MOST = 1.9  # that two of one shape cost for `aligned.pairs`: less than that each stands alone
SIZE, PAINT = 0.2, 0.3  # what the logarithm of their sizes' ratio and the distance of their colours count for
ON = 1.05  # radii of an emblem: what stands within is a part of it
MOST_PAIRS = 40_000  # of places that are looked at for the nearest; of more each has the one of its number

Growth = Callable[[float], float]


def alike(one: Charge, other: Charge) -> bool:
    """Whether one can run into the other and be whole at every moment: stars only into those of as many points."""
    if one.shape != other.shape:
        return False
    if one.shape == CUT_OUT:
        return one.art == other.art
    if one.shape in ("star", "sun") and round(one.numbers[0]) != round(other.numbers[0]):
        return False
    return one.shape != "sun" or bool(one.numbers[2]) == bool(other.numbers[2])


def cost(one: Charge, other: Charge, aspect: float, inks: Inks) -> float:
    """How far two charges are apart, for `aligned.pairs`: 2 and more where one cannot run into the other."""
    if not alike(one, other):
        return 2.0
    here, there = _middle(one), _middle(other)
    sizes = abs(math.log(one.places[0].radius / other.places[0].radius))
    copies = abs(math.log(len(one.places) / len(other.places)))
    paint = apart(inks.first[one.colours[0]], inks.second[other.colours[0]])
    return min(MOST, here.away(there, aspect) + SIZE * (sizes + copies) + PAINT * paint)


def _middle(charge: Charge) -> Place:
    count = len(charge.places)
    return Place(sum(one.x for one in charge.places) / count, sum(one.y for one in charge.places) / count, 1.0)


def ordered(charges: Sequence[Charge], aspect: float) -> list[Charge]:
    """The same charges in an order that says less of how they were listed: only those that touch keep theirs."""
    left, found = list(charges), []
    while left:
        free = [one for place, one in enumerate(left) if not any(touch(before, one, aspect) for before in left[:place])]
        first = min(free, key=lambda one: (one.shape, one.art, left.index(one)))
        found.append(first)
        left = [one for one in left if one is not first]
    return found


def touch(one: Charge, other: Charge, aspect: float) -> bool:
    """Whether the circles of two charges overlap anywhere."""
    if len(one.places) * len(other.places) > MOST_PAIRS:
        return True
    return any(a.away(b, aspect) < a.radius + b.radius for a in one.places for b in other.places)


def between(one: Charge, other: Charge, inks: Inks, aspect: float, goes: float, comes: float) -> Charge:
    """A charge on its way to another one. goes, comes: how large copies are that only one of them has, from 0 to 1."""

    def way(a: float, b: float) -> float:
        return round(a + (b - a) * inks.share, DIGITS)

    places = []
    around = _around(one)
    for a, b in _partners(one.places, other.places, aspect):
        if a is not None and b is not None:
            turn = (b.turn - a.turn + around / 2) % around - around / 2 if around else 0.0
            x, y, radius = way(a.x, b.x), way(a.y, b.y), way(a.radius, b.radius)
            places.append(Place(x, y, max(radius, LEAST), round(a.turn + turn * inks.share, DIGITS)))
            continue
        lone, share = (b, comes) if a is None else (a, goes)
        if lone is not None and share >= SMALLEST:
            places.append(replace(lone, radius=lone.radius * share))
    numbers = tuple(map(way, one.numbers, other.numbers))
    ones, others = len(one.colours), len(other.colours)
    colours = [*map(inks.run, one.colours, other.colours)]
    colours += [*map(inks.leaving, one.colours[others:]), *map(inks.entering, other.colours[ones:])]
    return replace(one, colours=tuple(colours), places=tuple(places), numbers=numbers, edge=_edge(one, other, way))


def _edge(one: Charge, other: Charge, way: Callable[[float, float], float]) -> float:
    """The thickness of an edge, which begins or ends with none where one of both has fewer edges."""
    ones, others = len(one.colours), len(other.colours)
    return way(one.edge if ones >= others else 0.0, other.edge if others >= ones else 0.0)


def _around(charge: Charge) -> float:
    """Degrees after which a shape looks the same; 0 of what looks the same at any turn."""
    if charge.shape in ("disc", "ring"):
        return 0.0
    if charge.shape in ("star", "sun"):
        return 360 / round(charge.numbers[0])
    return {"cross": 90.0, "saltire": 90.0, "rectangle": 180.0, "lozenge": 180.0}.get(charge.shape, 360.0)


def _partners(ones: Sequence[Place], others: Sequence[Place], aspect: float) -> list[tuple[Place | None, Place | None]]:
    """Each place with the nearest one of the other's that is free, the nearest pairs first; then those left alone."""
    if len(ones) * len(others) > MOST_PAIRS:
        near = [(0.0, i, i) for i in range(min(len(ones), len(others)))]
    else:
        near = sorted((a.away(b, aspect), i, j) for i, a in enumerate(ones) for j, b in enumerate(others))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in near:
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    found: list[tuple[Place | None, Place | None]] = [
        (one, others[partner[i]] if i in partner else None) for i, one in enumerate(ones)
    ]
    return found + [(None, other) for j, other in enumerate(others) if j not in taken]


def centres(charges: Sequence[Charge], aspect: float) -> list[Place | None]:
    """Of some charges that come or go together, the emblem that each is a part of and grows with; None where it grows
    about its own place, or each copy about its own."""
    found: list[Place | None] = []
    for number, charge in enumerate(charges):
        holders = [
            found[before] or one.places[0]
            for before, one in enumerate(charges[:number])
            if len(one.places) == 1
            and all(one.places[0].away(spot, aspect) < ON * one.places[0].radius for spot in charge.places)
        ]
        found.append(holders[0] if holders else None)
    return found


def grown(charge: Charge, share: float, centre: Place | None) -> Charge | None:
    """A charge that is only so far there; None where it is too small to be seen. share: 1 where it is whole; centre: of
    the emblem that it is a part of."""
    if share < SMALLEST or min(one.radius for one in charge.places) * share < LEAST:
        return None
    if share >= 1:
        return charge
    places = []
    for one in charge.places:
        fixed = one if centre is None else centre
        x, y = fixed.x + (one.x - fixed.x) * share, fixed.y + (one.y - fixed.y) * share
        places.append(Place(round(x, DIGITS), round(y, DIGITS), one.radius * share, one.turn))
    return replace(charge, places=tuple(places))
