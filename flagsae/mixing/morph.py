"""From one design to another, continuously, where their grounds have the same figures.

Numbers, places and sizes run through; colours run through OKLab. A charge that only one of the two has shrinks to
nothing, or grows.

    >>> from flagsae.design.words import read
    >>> half = between(read("red field"), read("white field; big red disc"), 0.5)
    >>> half.layers[0].colours, round(half.charges[0].places[0].radius, 2)
    (('red to white',), 0.18)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from flagsae.colours import channels
from flagsae.design.design import CUT_OUT, Charge, Design, Layer, Place
from flagsae.design.settling.prices import KNOWN
from flagsae.design.shades import TINTS
from flagsae.errors import DesignError
from flagsae.flags.palette import from_oklab, oklab

SIDED = ("triangle", "trapezium", "serrated")  # figures whose first number is the side that they stand on
SMALLEST = 1e-3  # of a charge's size: a smaller one is not drawn


def agree(first: Design, second: Design) -> bool:
    """Whether two designs have the same figures in the same order, so that one can run into the other."""
    return len(first.layers) == len(second.layers) and all(map(_alike, first.layers, second.layers))


def _alike(one: Layer, other: Layer) -> bool:
    if (one.inside is None) != (other.inside is None):
        return False
    if one.inside is not None and other.inside is not None:
        return agree(one.inside, other.inside)
    same = one.figure == other.figure and len(one.colours) == len(other.colours)
    side = one.figure not in SIDED or one.numbers[0] == other.numbers[0]
    return same and len(one.numbers) == len(other.numbers) and side


def between(first: Design, second: Design, share: float) -> Design | None:
    """The design on the way from one to the other; None where their grounds do not agree, or nothing could be drawn.

    share: 0 is the first, 1 the second.
    """
    if not agree(first, second):
        return None
    if share in (0.0, 1.0):
        return second if share else first
    way = _Way(dict(first.tints), dict(second.tints), share)
    try:
        design = way.design(first, second)
    except DesignError:  # for example two edges that cross on the way
        return None
    return replace(design, tints=tuple((name, way.tints[name]) for name in design.colours()))


class _Way:
    """So far on the way between two designs."""

    def __init__(self, first: Mapping[str, str], second: Mapping[str, str], share: float) -> None:
        self.first, self.second, self.share = first, second, share
        self.tints: dict[str, str] = {}

    def design(self, first: Design, second: Design) -> Design:
        layers = tuple(map(self.layer, first.layers, second.layers))
        return replace(
            first,
            layers=layers,
            charges=tuple(self.charges(first.charges, second.charges)),
            aspect=self.number(first.aspect, second.aspect),
            tints=(),
        )

    def layer(self, one: Layer, other: Layer) -> Layer:
        inside = one.inside
        if one.inside is not None and other.inside is not None:
            inside = self.design(one.inside, other.inside)
        return Layer(
            one.figure, self.colours(one.colours, other.colours), self.numbers(one.numbers, other.numbers), inside
        )

    def charges(self, ones: Sequence[Charge], others: Sequence[Charge]) -> list[Charge]:
        left, found = list(others), []
        for one in ones:
            like = next((other for other in left if _same_shape(one, other)), None)
            if like is None:
                found += self.shrunk(one, 1 - self.share, self.first)
            else:
                left.remove(like)
                found.append(self.charge(one, like))
        for other in left:
            found += self.shrunk(other, self.share, self.second)
        return found

    def charge(self, one: Charge, other: Charge) -> Charge:
        places = tuple(
            Place(*self.numbers((a.x, a.y, a.radius, a.turn), (b.x, b.y, b.radius, b.turn)))
            for a, b in zip(one.places, other.places, strict=True)
        )
        colours = self.colours(one.colours, other.colours)
        numbers = self.numbers(one.numbers, other.numbers)
        return replace(one, colours=colours, places=places, numbers=numbers, edge=self.number(one.edge, other.edge))

    def shrunk(self, charge: Charge, size: float, tints: Mapping[str, str]) -> list[Charge]:
        if size < SMALLEST:
            return []
        for name in charge.colours:
            self.tints.setdefault(name, _tint(name, tints))
        return [replace(charge, places=tuple(replace(one, radius=one.radius * size) for one in charge.places))]

    def number(self, one: float, other: float) -> float:
        return round(one + (other - one) * self.share, 6)

    def numbers(self, ones: Sequence[float], others: Sequence[float]) -> tuple[float, ...]:
        return tuple(map(self.number, ones, others))

    def colours(self, ones: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self.colour, ones, others))

    def colour(self, one: str, other: str) -> str:
        name = one if one == other else f"{one} to {other}"
        tints = _tint(one, self.first), _tint(other, self.second)
        ends = oklab(np.array([channels(tint.removeprefix("#")) for tint in tints], np.uint8))
        mixed = from_oklab(ends[0] + (ends[1] - ends[0]) * self.share)
        self.tints[name] = "#{:02x}{:02x}{:02x}".format(*mixed.tolist())
        return name


def _same_shape(one: Charge, other: Charge) -> bool:
    same = one.shape == other.shape and len(one.places) == len(other.places) and len(one.colours) == len(other.colours)
    return same and len(one.numbers) == len(other.numbers) and (one.shape != CUT_OUT or one.art == other.art)


def _tint(name: str, tints: Mapping[str, str]) -> str:
    if name in tints:
        return tints[name]
    return TINTS[name][1] if name in TINTS else f"#{KNOWN[name]}"
