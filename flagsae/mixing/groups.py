"""Groups of charges: what a person sees as one thing, such as a crescent and its star, or an eagle on a disc."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from flagsae.design.design import ASPECT, CUT_OUT, Charge
from flagsae.design.edits.charges import box

Group: TypeAlias = tuple[Charge, ...]  # in painting order

NEAR = 1.1  # sums of radii: charges that are nearer belong together
WITHIN = 0.8  # of a charge's radius: what stands so near to its middle stands on it
ACROSS = 0.9  # of the flag's width: so wide a cut-out is drawn along the stripes
SCENE = 0.8  # of the flag's height and width: a group that is larger is a scene, which cannot be moved
# Of the height, of the width and from the frame: a group that is so high and slim at the hoist is an ornament of it.
ALONG, SLIM, EDGE = 0.7, 0.3, 0.15
FILLED = {
    CUT_OUT: 1.5,
    "disc": 3.1,
    "lozenge": 2.0,
    "rectangle": 3.0,
    "star": 1.1,
    "sun": 2.0,
    "triangle": 1.7,
}  # of radius²
HOLDS = ("disc", "lozenge")  # on which a charge can stand


def grouped(charges: Sequence[Charge], aspect: float = ASPECT) -> list[Group]:
    """Charges that belong together, in painting order: alike, near, or on one another. Of those that together would
    fill the flag only what is alike or lies on one another."""
    found = []
    for group in _joined(charges, aspect, NEAR):
        scene = len(group) > 1 and _fills(extent(group, aspect))
        found += _joined(group, aspect, 0.0) if scene else [group]
    return found


def _joined(charges: Sequence[Charge], aspect: float, near: float) -> list[Group]:
    number = list(range(len(charges)))
    for at, charge in enumerate(charges):
        for before in range(at):
            if number[before] != number[at] and _together(charges[before], charge, aspect, near):
                old, new = number[at], number[before]
                number = [new if one == old else one for one in number]
    return [tuple(one for at, one in enumerate(charges) if number[at] == group) for group in dict.fromkeys(number)]


def _together(one: Charge, other: Charge, aspect: float, near: float) -> bool:
    """near: sums of their radii, up to which charges that are not alike belong together."""
    if one.shape == other.shape != CUT_OUT and one.colours == other.colours:
        return True
    away = min(
        a.away(b, aspect) - max(near * (a.radius + b.radius), WITHIN * max(a.radius, b.radius))
        for a in one.places
        for b in other.places
    )
    return away < 0


def extent(group: Iterable[Charge], aspect: float = ASPECT) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a group, in shares of the flag."""
    left, right, top, bottom = zip(*(_box(one, aspect) for one in group), strict=True)
    return min(left), max(right), min(top), max(bottom)


@lru_cache(4096)
def _box(charge: Charge, aspect: float) -> tuple[float, float, float, float]:
    return box(charge, aspect)


def area(group: Group) -> float:
    """About how much of a flag a group covers, in squares of its height."""
    return sum(FILLED.get(charge.shape, 1.0) * place.radius**2 for charge in group for place in charge.places)


def is_fixture(group: Group) -> bool:
    """Whether a group belongs to the ground, so that it cannot be moved."""
    left, right, top, bottom = extent(group)
    along = bottom - top > ALONG and right - left < SLIM and (left < EDGE or right > 1 - EDGE)
    return along or (len(group) == 1 and is_wide(group[0]))


def is_wide(charge: Charge, aspect: float = ASPECT) -> bool:
    """Whether it is a cut-out as wide as the flag."""
    left, right, _, _ = extent((charge,), aspect)
    return charge.shape == CUT_OUT and right - left > ACROSS


def _fills(sides: tuple[float, float, float, float]) -> bool:
    left, right, top, bottom = sides
    return right - left > SCENE and bottom - top > SCENE
