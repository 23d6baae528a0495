"""Where charges stand when something beside them goes or comes: as they would on a flag of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from flagsae.design import layout
from flagsae.design.design import CUT_OUT, Charge, Design, Layer, Place
from flagsae.design.edits import charges as placed
from flagsae.design.edits import stripes
from flagsae.design.edits.things import inner, put
from flagsae.design.shapes import SHAPES

NOWHERE = Place(0.5, 0.5, 0.01)
NEAR = 0.12  # of the height: charges that are so near to each other stand together
CENTRAL = 0.22, 0.12  # of the width and height: what stood so near to the middle of a plain field moves there
HOLD = ("disc", "lozenge", "rectangle", "shield", "sun", "ring")  # on which others stand
OVER = 0.15  # of a stripe's width: what is higher by more stands on several
ROOM = 0.06  # of the height: what is left free around charges that are moved
CANTON_GROWS = 1.25  # times as large charges stand where a canton was
CROSSING = 1.7  # times half an arm: the most radius of a charge on the crossing of a Nordic cross
BESIDE_CANTON = 1.25  # the same beside a canton
ALONE = 0.86  # of the room that charges had together: one that is left alone has so much at most

Box = tuple[float, float, float, float]  # left, right, top, bottom


def _boxes(design: Design) -> list[Box]:
    return [placed.box(one, design.aspect) for one in design.charges]


def middle(charges: Sequence[Charge], aspect: float) -> tuple[float, float]:
    left, right, top, bottom = placed.around(charges, aspect)
    return (left + right) / 2, (top + bottom) / 2


def over(design: Design, layer: Layer) -> bool:
    """Whether a charge stands on the middle of a cross, saltire or band."""
    x, y = crossing(layer)
    return any(
        math.hypot((place.x - x) * design.aspect, place.y - y) < place.radius
        for charge in design.charges
        for place in charge.places
    )


def crossing(layer: Layer) -> tuple[float, float]:
    if layer.figure == "cross":
        left, right, top, bottom = layer.numbers
        return (left + right) / 2, (top + bottom) / 2
    return 0.5, 0.5


def moved(charges: Sequence[Charge], aspect: float, x: float, y: float, times: float) -> list[Charge]:
    """Charges about another middle, together so many times as large."""
    old = middle(charges, aspect)
    return [replace(one, places=placed.shifted(one.places, old, (x, y), times)) for one in charges]


def within(design: Design, left: float, right: float, top: float, bottom: float) -> Design:
    """The design with its charges within a part of the flag: those that fit stay as they are, or else all move and
    shrink together."""
    if not design.charges:
        return design
    aspect = design.aspect
    gap = layout.MARGIN
    left, right, top, bottom = left + gap / aspect, right - gap / aspect, top + gap, bottom - gap
    west, east, north, south = placed.around(design.charges, aspect)
    if west >= left and east <= right and north >= top and south <= bottom:
        return design
    times = min(1.0, (right - left) / (east - west), (bottom - top) / (south - north))
    wide, high = (east - west) * times / 2, (south - north) * times / 2
    x = min(max((west + east) / 2, left + wide), right - wide)
    y = min(max((north + south) / 2, top + high), bottom - high)
    return replace(design, charges=tuple(moved(design.charges, aspect, x, y, times)))


def on_ground(design: Design, base: Layer) -> Design:
    """The design with other stripes of the same direction; what stands on one stripe stands on the one of its colour
    that is nearest, no larger than it has room."""
    old = design.layers[0]
    after = stripes.with_ground(design, base)
    now = _stripes(base)
    upright = old.figure == "bars"
    charges = list(design.charges)
    for group in clusters(design.charges, design.aspect):
        own = [charges[number] for number in group]
        x, y = middle(own, design.aspect)
        stripe = stripe_under(own, design)
        if stripe is None:
            continue
        colour, start, end = stripe
        at = x if upright else y
        there = [one for one in now if one[0] == colour]
        if not there:
            continue
        middles = (start + end) / 2
        _, new_start, new_end = min(there, key=lambda one: abs((one[1] + one[2]) / 2 - middles))
        spot = new_start + (at - start) * (new_end - new_start) / (end - start)
        times = min(1.0, (new_end - new_start) / (end - start))
        for number, new in zip(
            group, moved(own, design.aspect, *((spot, y) if upright else (x, spot)), times), strict=True
        ):
            charges[number] = new
    return replace(after, charges=tuple(charges))


def stripe_under(charges: Sequence[Charge], design: Design) -> tuple[str, float, float] | None:
    """The colour, start and end of the stripe of the ground that charges stand on; None where it is several."""
    base = design.layers[0]
    sides = placed.around(charges, design.aspect)
    low, high = sides[:2] if base.figure == "bars" else sides[2:]
    every = _stripes(base)
    found = next((one for one in every if one[1] <= (low + high) / 2 < one[2]), every[-1])
    return found if high - low <= (1 + OVER) * (found[2] - found[1]) else None


def _stripes(base: Layer) -> list[tuple[str, float, float]]:
    """The colour, start and end of each."""
    cuts = (0.0, *base.numbers, 1.0)
    return list(zip(base.colours, cuts[:-1], cuts[1:], strict=True))


# What is left.


def rearranged(before: Design, after: Design) -> Design:
    """The design with what is left standing as on a flag of its own, where something beside it has gone.

    before: the design that the other comes from, with the same charges but for those that went.
    """
    for at, layer in enumerate(after.layers):
        old = next((one for one in before.layers if one.inside is not None and one.numbers == layer.numbers), None)
        if layer.inside is not None and old is not None:
            number = before.layers.index(old)
            level = rearranged(inner(before, (number,)), inner(after, (at,)))
            after = put(after, (at,), level)
    gone = _gone(before.charges, after.charges)
    if not after.charges:
        return after
    if gone:
        after = _after_charges(after, gone)
    after = _after_triangle(before, after)
    cantons = [[one.numbers for one in design.layers if one.inside is not None] for design in (before, after)]
    if cantons[0] and not cantons[1]:
        after = _after_canton(after, cantons[0][-1])
    return after


def _gone(before: Sequence[Charge], after: Sequence[Charge]) -> list[Charge]:
    left = list(after)
    gone = []
    for charge in before:
        if charge in left:
            left.remove(charge)
        else:
            gone.append(charge)
    return gone


def clusters(charges: Sequence[Charge], aspect: float) -> list[list[int]]:
    """The numbers of charges that stand together, in groups."""
    groups: list[list[int]] = []
    for number, charge in enumerate(charges):
        near = [group for group in groups if any(_near(charge, charges[other], aspect) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([number, *(other for group in near for other in group)]))
    return sorted(groups)


def _near(one: Charge, other: Charge, aspect: float) -> bool:
    a, b = placed.box(one, aspect), placed.box(other, aspect)
    across = max(a[0], b[0]) - min(a[1], b[1])
    down = max(a[2], b[2]) - min(a[3], b[3])
    return max(across * aspect, down) < NEAR


def _after_charges(design: Design, gone: Sequence[Charge]) -> Design:
    """What stood together with charges that are gone takes the middle of all of them: of what they stand on, or of a
    plain field."""
    aspect = design.aspect
    charges = list(design.charges)
    groups = clusters([*gone, *charges], aspect)
    for group in groups:
        went = [number for number in group if number < len(gone)]
        stayed = [number - len(gone) for number in group if number >= len(gone)]
        if not went or not stayed:
            continue
        holder = _holder(charges, stayed, [gone[number] for number in went], aspect)
        moving = [number for number in stayed if number not in holder]
        if not moving:
            continue
        everything = [*(gone[number] for number in went), *(charges[number] for number in moving)]
        west, east, north, south = placed.around(everything, aspect)
        x, y = (west + east) / 2, (north + south) / 2
        if holder:
            x, y = middle([charges[holder[-1]]], aspect)
        elif len(groups) == 1 and _is_plain(design) and abs(x - 0.5) < CENTRAL[0] and abs(y - 0.5) < CENTRAL[1]:
            x, y = 0.5, 0.5
        times = _growth([charges[number] for number in moving], (south - north) / 2 * ALONE)
        for number, new in zip(moving, moved([charges[one] for one in moving], aspect, x, y, times), strict=True):
            alone = len(moving) == 1 and new.shape != CUT_OUT and len(new.places) == 1
            charges[number] = upright(new) if alone else new
    return replace(design, charges=tuple(charges))


def _growth(charges: Sequence[Charge], room: float) -> float:
    """How many times as large one charge is that is left alone, up to its usual size; 1 for several."""
    if len(charges) != 1 or len(charges[0].places) != 1 or charges[0].shape not in SHAPES:
        return 1.0
    (charge,) = charges
    return max(1.0, min(room, SHAPES[charge.shape].radius) / charge.places[0].radius)


def upright(charge: Charge) -> Charge:
    """A star or sun with a point at its top; a crescent keeps its way."""
    if charge.shape not in ("star", "sun"):
        return charge
    return replace(charge, places=tuple(replace(place, turn=0.0) for place in charge.places))


def _holder(charges: Sequence[Charge], stayed: Sequence[int], gone: Sequence[Charge], aspect: float) -> list[int]:
    """Those of some charges that the rest, and what went, stand on: the lowest ones."""
    found: list[int] = []
    for number in stayed:
        charge = charges[number]
        others = [*(charges[other] for other in stayed if other != number and other not in found), *gone]
        west, east, north, south = placed.box(charge, aspect)
        inside = all(
            west <= x <= east and north <= y <= south for x, y in (middle([other], aspect) for other in others)
        )
        if others and charge.shape in HOLD and len(charge.places) == 1 and inside:
            found.append(number)
        else:
            break
    return found


def _is_plain(design: Design) -> bool:
    return len(design.layers) == 1 and len(design.layers[0].colours) == 1


def _after_triangle(before: Design, after: Design) -> Design:
    """What stood on a triangle that is gone stands where one would be set anew."""
    lost = [layer for layer in before.layers if layer.figure == "triangle" and layer not in after.layers]
    if not lost or any(layer.figure == "triangle" and layer.numbers[0] == lost[0].numbers[0] for layer in after.layers):
        return after
    side, start, end, depth, _ = lost[0].numbers
    charges = list(after.charges)
    for number, charge in enumerate(charges):
        x, y = middle([charge], after.aspect)
        on = {0: x < depth, 1: x > 1 - depth, 2: y < depth, 3: y > 1 - depth}[int(side)] and start < y < end
        if on and len(charge.places) == 1:
            x, y, most = layout.anchor("centre", after.layers, after.aspect)
            times = min(most, _usual(charge)) / charge.places[0].radius
            charges[number] = moved([charge], after.aspect, x, y, times)[0]
    return replace(after, charges=tuple(charges))


def _usual(charge: Charge) -> float:
    return SHAPES[charge.shape].radius if charge.shape in SHAPES else charge.places[0].radius


def _after_canton(design: Design, canton: Sequence[float]) -> Design:
    """Charges in the middle of their part of the flag: what stood below the canton in that of the hoist, what stood
    beside it in the middle of the flag if nothing stands at the hoist."""
    if not _is_plain(design):
        return design
    aspect = design.aspect
    charges = list(design.charges)
    groups = clusters(charges, aspect)
    below = [group for group in groups if middle([charges[one] for one in group], aspect)[0] < canton[0]]
    beside = [number for group in groups if group not in below for number in group]
    parts = [
        (sorted(number for group in below for number in group), 0.25 if beside else 0.5),
        (beside, 0.0 if below else 0.5),
    ]
    for numbers, at in parts:
        if not numbers:
            continue
        own = [charges[number] for number in numbers]
        west, east, north, south = placed.around(own, aspect)
        x = at or (west + east) / 2
        free = min(x, 1 - x, 0.5 if not (below and beside) else 0.25) - ROOM / aspect
        times = min(CANTON_GROWS, (0.5 - ROOM) / ((south - north) / 2), free / ((east - west) / 2))
        times = max(1.0, times)
        for number, new in zip(numbers, moved(own, aspect, x, 0.5, times), strict=True):
            charges[number] = new
    return replace(design, charges=tuple(charges))


def centred(design: Design) -> Design:
    """The design with charges that stand together near the middle of a plain field in its middle."""
    aspect = design.aspect
    groups = clusters(design.charges, aspect)
    if len(groups) != 1 or not _is_plain(design):
        return design
    x, y = middle(design.charges, aspect)
    if abs(x - 0.5) >= CENTRAL[0] or abs(y - 0.5) >= CENTRAL[1]:
        return design
    return replace(design, charges=tuple(moved(design.charges, aspect, 0.5, 0.5, 1.0)))


# What comes.


def beside(design: Design, layer: Layer) -> Design:
    """The design with its charges out of the way of a figure that it gets: on the crossing of a Nordic cross, within a
    border, in the part that a triangle or bar leaves. layer: the figure."""
    numbers = layer.numbers
    match layer.figure:
        case "cross" if design.charges and crossing(layer)[0] < 0.45:
            return _on_crossing(design, layer)
        case "border":
            return within(design, numbers[0], numbers[2], numbers[1], numbers[3])
        case "triangle" if numbers[0] < 2:
            depth = numbers[3]
            return within(design, *((depth, 1.0) if numbers[0] == 0 else (0.0, 1 - depth)), 0.0, 1.0)
        case "canton" if any(left < numbers[0] and top < numbers[1] for left, _, top, _ in _boxes(design)):
            return within(design, numbers[0], 1.0, 0.0, 1.0)
        case "rectangle":
            left, top, right, bottom = numbers
            if right - left < 1 and (left <= 0) != (right >= 1):
                return within(design, *((right, 1.0) if left <= 0 else (0.0, left)), 0.0, 1.0)
            if bottom - top < 1 and (top <= 0) != (bottom >= 1):
                return within(design, 0.0, 1.0, *((bottom, 1.0) if top <= 0 else (0.0, top)))
    return design


def in_quarter(design: Design, layer: Layer) -> Design:
    """The design with its cantons within the quarter that a cross leaves them. layer: the cross, or another figure."""
    if layer.figure != "cross":
        return design
    left, _, top, _ = layer.numbers
    layers = tuple(
        replace(one, numbers=(min(one.numbers[0], left), min(one.numbers[1], top))) if one.inside is not None else one
        for one in design.layers
    )
    return replace(design, layers=layers)


def _on_crossing(design: Design, layer: Layer) -> Design:
    """With what stood in the middle of the flag where the arms of a cross meet."""
    aspect = design.aspect
    half = (layer.numbers[3] - layer.numbers[2]) / 2
    charges = list(design.charges)
    for group in clusters(charges, aspect):
        own = [charges[number] for number in group]
        x, y = middle(own, aspect)
        west, east, north, south = placed.around(own, aspect)
        if abs(x - 0.5) > CENTRAL[0] or abs(y - 0.5) > CENTRAL[1]:
            continue
        most = BESIDE_CANTON if any(one.inside is not None for one in design.layers) else CROSSING
        times = min(1.0, most * half / max((south - north) / 2, (east - west) / 2 * aspect))
        for number, new in zip(group, moved(own, aspect, *crossing(layer), times), strict=True):
            charges[number] = new
    return replace(design, charges=tuple(charges))
