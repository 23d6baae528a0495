"""Edits of charges: how many there are, how large, where they stand, with which edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from flagsae.design import art, layout, words
from flagsae.design.design import CUT_OUT, Charge, Design, Layer, Place
from flagsae.design.edits.things import details, inner, put, with_charge
from flagsae.design.phrases import Phrase
from flagsae.design.shapes import SHAPES
from flagsae.design.vocabulary import place_of

TOUCHING = 0.48  # of the distance of two neighbours: the radius of each, at most
LEAST = 0.005  # of the height: a charge gets no smaller
HELD_ROOM = 1.3  # times its radius: the room for several of what stands in a crescent
RING_LEAST = 4  # in a ring; so few, as one in each corner, keep their places
ROOMY = 1.4  # times its radius: the room that a further charge has, if it can
AS_LARGE = 0.8  # how far the radii of what is one of many may be apart, as the logarithm of their ratio
GRID = 16  # steps along each side of the box in which a place is looked for
IN_CANTON = 0.35  # of a canton's height: radius of what is moved into it, at most


def box(charge: Charge, aspect: float) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a charge, or of all of it, in shares of the flag."""
    (across, down), places = half(charge), charge.places
    return (
        min(one.x - across * one.radius / aspect for one in places),
        max(one.x + across * one.radius / aspect for one in places),
        min(one.y - down * one.radius for one in places),
        max(one.y + down * one.radius for one in places),
    )


def around(charges: Sequence[Charge], aspect: float) -> tuple[float, float, float, float]:
    """The box of several charges."""
    left, right, top, bottom = zip(*(box(one, aspect) for one in charges), strict=True)
    return min(left), max(right), min(top), max(bottom)


def middle(charge: Charge, aspect: float) -> tuple[float, float]:
    left, right, top, bottom = box(charge, aspect)
    return (left + right) / 2, (top + bottom) / 2


def half(charge: Charge) -> tuple[float, float]:
    """Half the width and height of one of a charge, upright, in radii."""
    if charge.shape == CUT_OUT:
        points = np.concatenate([outline for _, contours in art.outlines(charge.art) for outline in contours])
        across, down = np.abs(points).max((0, 1))
        return float(across), float(down)
    return (charge.numbers[0], 1.0) if charge.shape in ("lozenge", "rectangle", "triangle") else (1.0, 1.0)


def as_shape(charge: Charge, like: Charge) -> Charge:
    """A charge in the shape of another, where it is: in its own colours, if the shape has as many."""
    colours = charge.colours
    if CUT_OUT in (charge.shape, like.shape):
        colours = like.colours if like.shape == CUT_OUT else colours[:1]
    places = tuple(replace(place, turn=like.places[0].turn) for place in charge.places)
    edge = charge.edge if charge.shape != CUT_OUT != like.shape else 0.0
    return Charge(like.shape, colours, places, like.numbers, edge, like.art)


def gathered(design: Design) -> Design:
    """The design in which what stands among many of a kind is one of them: a star of fifty that was read as a sun."""
    for number, layer in enumerate(design.layers):
        if layer.inside is not None:
            design = put(design, (number,), gathered(inner(design, (number,))))
    for charge in [one for one in design.charges if len(one.places) > layout.RING and one.shape != CUT_OUT]:
        left, right, top, bottom = box(charge, design.aspect)
        first = charge.places[0]
        alike = [
            one
            for one in design.charges
            if one is not charge
            and one.colours == charge.colours
            and one.shape in SHAPES
            and all(
                abs(math.log(place.radius / first.radius)) < AS_LARGE
                and left < place.x < right
                and top < place.y < bottom
                for place in one.places
            )
        ]
        more = [replace(place, radius=first.radius, turn=first.turn) for one in alike for place in one.places]
        if not alike:
            continue
        rest = [one for one in design.charges if not any(one is other for other in alike)]
        new = replace(charge, places=(*charge.places, *more))
        design = replace(design, charges=tuple(new if one is charge else one for one in rest))
    return design


# How large, how many.


def resized(level: Design, number: int, times: float) -> Design:
    """The design with a charge so many times as large, and its details with it."""
    old = level.charges[number]
    new = scaled(level, number, times)
    (place, *_) = old.places
    times = new.places[0].radius / place.radius
    for at in details(level, number):
        places = shifted(level.charges[at].places, (place.x, place.y), (place.x, place.y), times)
        level = with_charge(level, at, replace(level.charges[at], places=places))
    return with_charge(level, number, new)


def scaled(level: Design, number: int, times: float) -> Charge:
    """A charge so many times as large, as far as the flag and its neighbours of the same kind let it be."""
    charge = level.charges[number]
    places = charge.places

    across, down = half(charge)

    def most(place: Place) -> float:
        frame = min(min(place.y, 1 - place.y) / down, level.aspect * min(place.x, 1 - place.x) / across)
        frame -= layout.MARGIN / 2
        near = [place.away(other, level.aspect) for other in places if other is not place]
        return max(place.radius, min([frame, *(TOUCHING * away for away in near)]))

    times = min([times, *(most(place) / place.radius for place in places)])
    return replace(
        charge, places=tuple(replace(one, radius=max(LEAST, round(one.radius * times, 6))) for one in places)
    )


def arranged(level: Design, number: int, count: int, form: str = "") -> Charge:
    """So many of a charge about the same middle, all together as large as before as far as there is room. form: one of
    `phrases.FORMS`, or "" for theirs; those that stand in none keep their places, and more stand between them."""
    charge, aspect = level.charges[number], level.aspect
    places = charge.places
    own = words.form_name(places, aspect)
    loose = not (own in ("row", "column") or (own == "ring" and len(places) > RING_LEAST) or in_rows(places))
    if not form and len(places) > 1 and loose:
        more = more_places(level, [number], count - len(places)) if count > len(places) else ()
        return replace(charge, places=(*places[:count], *more))
    x, y = middle(charge, aspect)
    left, right, top, bottom = box(charge, aspect)
    free = aspect * min(x, 1 - x) - layout.MARGIN, min(y, 1 - y) - layout.MARGIN
    size = places[0].radius * math.sqrt(len(places) / count)
    if count == 1:
        size = min(size, SHAPES[charge.shape].radius if charge.shape in SHAPES else size, *free)
        return replace(charge, places=(Place(round(x, 6), round(y, 6), round(size, 6), places[0].turn),))
    form = form or (own if count > 2 or own != "ring" else "") or layout.form_of(count, place_of((y, y, x, x)))
    holder = _holder(level, number, x, y)
    if holder is not None:
        crescent = holder.shape == "crescent"
        room = HELD_ROOM * places[0].radius if crescent else layout.HELD_ROOM * holder.places[0].radius
        free = room, room
    elif form not in ("row", "column") and len(places) > 1:
        free = (right - left) / 2 * aspect, (bottom - top) / 2
    room_for = max(free[0], LEAST), max(free[1], LEAST)
    around, radius = layout.spots(Phrase("star", count=count), form, size / layout.AMONG[form], room_for)
    return replace(
        charge,
        places=tuple(
            Place(round(x + across / aspect, 6), round(y + down, 6), round(radius, 6), places[0].turn)
            for across, down in around
        ),
    )


def in_rows(places: Sequence[Place]) -> bool:
    """Whether many stand in rows, several in each."""
    levels = {round(place.y, 2) for place in places}
    return len(places) > layout.RING and 2 * len(levels) <= len(places)


def more_places(level: Design, numbers: Sequence[int], count: int) -> tuple[Place, ...]:
    """Places for so many more of some charges, as large as the last of them: each near their middle where there is room
    between them, or else where there is most."""
    aspect = level.aspect
    left, right, top, bottom = around([level.charges[number] for number in numbers], aspect)
    last = level.charges[numbers[-1]].places[-1]
    spread = np.arange(GRID + 1) / GRID
    along, down = (one.ravel() for one in np.meshgrid(left + (right - left) * spread, top + (bottom - top) * spread))
    room = np.minimum(np.minimum(down, 1 - down), aspect * np.minimum(along, 1 - along)) - layout.MARGIN
    from_middle = np.hypot((along - (left + right) / 2) * aspect, down - (top + bottom) / 2)

    def take(place: Place) -> None:
        np.minimum(room, np.hypot((along - place.x) * aspect, down - place.y) - place.radius, out=room)

    for charge in level.charges:
        for place in charge.places:
            take(place)
    new: list[Place] = []
    for _ in range(count):
        free = room >= ROOMY * last.radius
        best = int(np.where(free, from_middle, np.inf).argmin() if free.any() else room.argmax())
        radius = round(max(LEAST, min(last.radius, 0.9 * float(room[best]))), 6)
        new.append(replace(last, x=round(float(along[best]), 6), y=round(float(down[best]), 6), radius=radius))
        take(new[-1])
    return tuple(new)


def _holder(level: Design, number: int, x: float, y: float) -> Charge | None:
    """The charge that one stands on or in; None where it stands on the ground."""
    for charge in reversed(level.charges[:number]):
        (place, *others) = charge.places
        inside = math.hypot((place.x - x) * level.aspect, place.y - y) < place.radius
        if inside and not others and charge.shape in (*layout.HOLDERS, "crescent", "shield"):
            return charge
    return None


# Where.


def with_held(level: Design, numbers: Sequence[int]) -> list[int]:
    """Charges, and those that stand on them."""
    found = list(numbers)
    for number, charge in enumerate(level.charges):
        if number in found:
            continue
        x, y = middle(charge, level.aspect)
        for other in numbers:
            (place, *more) = level.charges[other].places
            near = math.hypot((place.x - x) * level.aspect, place.y - y) < place.radius
            if other < number and not more and near:
                found.append(number)
    return sorted(set(found))


def moved(level: Design, numbers: Sequence[int], where: str) -> Design:
    """The design with some charges, and what stands on them, at a place: as large as it lets them be."""
    numbers = with_held(level, numbers)
    aspect = level.aspect
    left, right, top, bottom = around([level.charges[one] for one in numbers], aspect)
    x, y, most = layout.anchor(where, level.layers, aspect)
    half = (right - left) / 2 * aspect, (bottom - top) / 2
    single = len(numbers) == 1 and len(level.charges[numbers[0]].places) == 1
    free = aspect * min(x, 1 - x) - layout.MARGIN, min(y, 1 - y) - layout.MARGIN
    times = min(1.0, free[0] / half[0], free[1] / half[1], most / max(half) if single else 1.0)
    for number in numbers:
        charge = level.charges[number]
        level = with_charge(
            level,
            number,
            replace(charge, places=shifted(charge.places, ((left + right) / 2, (top + bottom) / 2), (x, y), times)),
        )
    return level


def shifted(
    places: Sequence[Place], old: tuple[float, float], new: tuple[float, float], times: float, across: float = 0.0
) -> tuple[Place, ...]:
    """Places about an old middle as they are about a new one, so many times as large. across: how many times as far
    apart along x, if not that."""
    return tuple(
        replace(
            place,
            x=round(new[0] + (place.x - old[0]) * (across or times), 6),
            y=round(new[1] + (place.y - old[1]) * times, 6),
            radius=round(max(LEAST, place.radius * times), 6),
        )
        for place in places
    )


def into_canton(design: Design, numbers: Sequence[int], canton: int) -> Design:
    """The design with some charges, and what stands on them, in the middle of the canton."""
    numbers = with_held(design, numbers)
    charges = [design.charges[number] for number in numbers]
    level = inner(design, (canton,))
    left, right, top, bottom = around(charges, design.aspect)
    high = max((bottom - top) / 2, (right - left) / 2 * design.aspect / level.aspect)
    times = min(1 / design.layers[canton].numbers[1], IN_CANTON / high)
    across = times * design.aspect / level.aspect
    old = (left + right) / 2, (top + bottom) / 2
    new = [replace(one, places=shifted(one.places, old, (0.5, 0.5), times, across)) for one in charges]
    design = put(design, (canton,), replace(level, charges=(*level.charges, *new)))
    return replace(design, charges=tuple(one for number, one in enumerate(design.charges) if number not in numbers))


def out_of_canton(design: Design, numbers: Sequence[int], canton: int) -> tuple[Design, list[int]]:
    """The design with some charges of a canton on the flag itself, where they were; and their numbers there."""
    level = inner(design, (canton,))
    numbers = with_held(level, numbers)
    width, height = design.layers[canton].numbers
    new = [
        replace(
            level.charges[number],
            places=tuple(
                replace(one, x=one.x * width, y=one.y * height, radius=one.radius * height)
                for one in level.charges[number].places
            ),
        )
        for number in numbers
    ]
    left = tuple(one for number, one in enumerate(level.charges) if number not in numbers)
    design = put(design, (canton,), replace(level, charges=left))
    first = len(design.charges)
    return replace(design, charges=(*design.charges, *new)), list(range(first, first + len(new)))


def spot_of(layer: Layer, shape: str, aspect: float) -> Place:
    """Where a charge stands that takes a figure's place."""
    numbers = layer.numbers
    usual = SHAPES[shape].radius
    match layer.figure:
        case "cross" | "rectangle":
            a, b, c, d = numbers
            left, right, top, bottom = (a, b, c, d) if layer.figure == "cross" else (a, c, b, d)
            x, y = (left + right) / 2, (top + bottom) / 2
        case "triangle":
            side, _, _, depth, apex = numbers
            x, y = ((0.36 * depth, apex), (1 - 0.36 * depth, apex), (apex, 0.36 * depth), (apex, 1 - 0.36 * depth))[
                int(side)
            ]
        case "lozenge":
            x, y, _, usual = numbers
        case _:
            x, y = 0.5, 0.5
    free = min(y, 1 - y, aspect * x, aspect * (1 - x)) - layout.MARGIN
    return Place(round(x, 6), round(y, 6), round(max(LEAST, min(usual, free)), 6))
