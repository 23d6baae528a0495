"""Grounds that two designs can share: a table of recipes, a row each.

A recipe takes the layout of one flag and something of the other's. What it makes is a whole ground and the groups of
charges that may be set on it; `placement` sets them, `settle` chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from flagsae.design.design import ASPECT, Charge, Place
from flagsae.design.edits.charges import half
from flagsae.mixing import grounds
from flagsae.mixing.anchors import Anchor
from flagsae.mixing.groups import area, extent
from flagsae.mixing.parent import Parent
from flagsae.mixing.plans import Plan, Recipe, is_base, merged, seat_of, sets, strong

ROUNDEL = 0.27  # of the height: the radius of a disc that carries a charge
HELD = 0.62  # of a holder's radius, that its charge fills
BESIDE = 0.3  # of the area of a flag's largest group: a second that is so large goes with it
ORDERS = 8  # of colours that are tried
MARKS = ("star", "sun", "crescent", "cross")  # shapes that take each other's place
# Prices besides that of a recipe.
COLOUR_ALONE = 1.2  # of a flag with no more than a colour of the other
PIECED = 1.5  # of a ground in pieces that is recoloured (`Parent.pieced`)


def plans(parents: Sequence[Parent]) -> Iterator[Plan]:
    """Those of two parents, in both orders."""
    one, other = parents
    for name, recipe in RECIPES.items():
        for first, second in ((one, other), (other, one)):
            for plan in recipe.make(first, second):
                yield replace(plan, recipe=name, first=first, second=second, layers=merged(plan.layers))


def _charge_on_ground(first: Parent, second: Parent) -> Iterator[Plan]:
    other = second.mark
    if other:
        pair = second.groups[:2]
        alike = len(pair) == 2 and area(pair[1]) > BESIDE * area(pair[0])
        placed = sets(other, *([pair] if alike else []))
        seat = seat_of(first)
        if seat is None:
            yield Plan(first.design.layers, first.fixtures, placed)
        else:
            yield Plan(first.design.layers, first.fixtures, ((),), ((other[0], seat),))
        if first.groups:
            yield Plan(first.design.layers, first.design.charges, sets(other))


def _charge_held(first: Parent, second: Parent) -> Iterator[Plan]:
    """The second's charge on the first's disc or lozenge."""
    if not (first.holder and second.mark):
        return
    holder = first.holder[-1]
    (place,) = holder.places
    wide, _ = half(holder)
    reach = HELD * place.radius * (0.75 if holder.shape == "lozenge" else 1.0)
    seat = Anchor("held", place.x, place.y, reach * min(1.0, wide) / ASPECT, reach)
    held = {id(one) for one in first.groups[0]}
    rest = tuple(one for one in first.design.charges if id(one) not in held)
    yield Plan(first.design.layers, (*rest, *first.holder), ((),), ((second.mark[0], seat),))


def _recoloured(first: Parent, second: Parent) -> Iterator[Plan]:
    """The colours of the second by their rank, and in other orders."""
    shares = first.shares if first.fixtures else first.ground
    own = [name for name, share in shares.items() if share > 0.015][:4]
    others = strong(second)[:4]
    count = min(len(own), len(others))
    for order in list(permutations(range(len(others)), count))[: ORDERS if count else 0]:
        new = {own[at]: others[to] for at, to in enumerate(order)}
        whole = first.recoloured(new)
        if whole.design != first.design:
            yield Plan(whole.design.layers, whole.design.charges, price=PIECED * first.pieced)
        if second.mark and not first.fixtures:
            yield Plan(whole.design.layers, (), sets(second.mark))


def _one_colour(first: Parent, second: Parent) -> Iterator[Plan]:
    shares = first.shares if first.fixtures else first.ground
    for old in list(shares)[:4]:
        for new in strong(second)[:3]:
            if new in first.colours or shares[old] < 0.03:
                continue
            whole = first.recoloured({old: new})
            yield Plan(whole.design.layers, whole.design.charges, price=COLOUR_ALONE + PIECED * first.pieced)
            if second.mark:
                yield Plan(whole.design.layers, whole.design.charges, sets(second.mark))
                if first.groups and seat_of(first) is None:
                    yield Plan(whole.design.layers, whole.fixtures, sets(second.mark))


def _roundel(first: Parent, second: Parent) -> Iterator[Plan]:
    """The charge of the first on a disc of its field, in the middle of the second."""
    if second.groups or second.canton or second.fixtures or not first.mark or not is_base(second):
        return
    if any(one[-1].figure in ("triangle", "pall", "band") for one in second.figures):
        return
    x, y = 0.5, 0.5
    for figure in second.figures:
        if figure[-1].figure == "cross":
            a, b, c, d = figure[-1].numbers
            x, y = (a + b) / 2, (c + d) / 2
    group = first.mark[0]
    if len(group) == 1 and group[0].shape in ("disc", "ring"):
        return
    left, right, top, bottom = extent(group)
    high, wide = (bottom - top) / 2, (right - left) / 2 * ASPECT
    times = HELD * 1.1 * ROUNDEL / max(high, wide, 0.75 * (high**2 + wide**2) ** 0.5)
    seat = Anchor("held", x, y, wide * times / ASPECT, high * times)
    for colour in dict.fromkeys((first.field, "white")):
        yield Plan(second.design.layers, (Charge("disc", (colour,), (Place(x, y, ROUNDEL),)),), ((),), ((group, seat),))


def _other_shape(first: Parent, second: Parent) -> Iterator[Plan]:
    """The second's shape, in the places of the first's."""
    shape = next((one for group in second.groups for one in group if _is_simple(one)), None)
    if shape is None or not any(_is_simple(one) for one in first.design.charges):
        return
    for colours in (None, shape.colours):
        charges = tuple(
            _as_shape(one, shape, colours) if _is_simple(one) and one.shape != shape.shape else one
            for one in first.design.charges
        )
        if charges != first.design.charges:
            yield Plan(first.design.layers, charges)


def _as_shape(charge: Charge, like: Charge, colours: Sequence[str] | None) -> Charge:
    places = tuple(replace(one, turn=like.places[0].turn) for one in charge.places)
    return Charge(like.shape, tuple(colours or charge.colours[:1]), places, like.numbers)


def _is_simple(charge: Charge) -> bool:
    return charge.shape in MARKS


# A row each, in the order in which equal designs are preferred. The prices are by eye.
RECIPES: dict[str, Recipe] = {
    "charge": Recipe("the ground of {first} with the charge of {second}", _charge_on_ground, ground="first"),
    "held": Recipe("{first}, with the charge of {second} in its middle", _charge_held, ground="first"),
    "figure": Recipe("the figure of {first} over the ground of {second}", grounds.figure_on_ground),
    "colours": Recipe("{first} in the colours of {second}", _recoloured, 1.0, "first"),
    "one colour": Recipe("{first} with a colour of {second}", _one_colour, 0.8, "first"),
    "canton": Recipe("the canton of {first} on the ground of {second}", grounds.canton_on_ground, 2.5, "second"),
    "stripes": Recipe("the stripes of {first} and {second}, as {first} has them", grounds.union, 2.0),
    "hoist": Recipe("{first} at the hoist of {second}", grounds.at_hoist, 0.0, "second"),
    "chevrons": Recipe("the colours of {first} as triangles at the hoist of {second}", grounds.chevrons, 0.8, "second"),
    "border": Recipe("{second} in a border of {first}", grounds.border, 0.3, "second"),
    "divided": Recipe("the fields of {first} and {second} side by side, each with its charge", grounds.divided, 0.6),
    "bands": Recipe("bands of {first} and {second}", grounds.of_two, 0.4),
    "roundel": Recipe("the charge of {first} on a disc in the middle of {second}", _roundel, 0.2, "second"),
    "shape": Recipe("{first} with the shape of {second}", _other_shape, 0.6, "first"),
}
