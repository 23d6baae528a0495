"""Colours on the way between two designs: they run through OKLab.

>>> inks = Inks({"red": "#ff0000"}, {"red": "#800000", "white": "#ffffff"}, 0.5)
>>> inks.run("red", "white"), inks.leaving("red")
('red to white', 'red')
>>> inks.tints
{'red to white': '#ffa191', 'red': '#bd0000'}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from flagsae.colours import channels
from flagsae.design.design import Design
from flagsae.design.settling.prices import KNOWN
from flagsae.design.shades import TINTS
from flagsae.oklab import Lab, from_oklab, oklab

ALIKE = 0.12  # the distance in OKLab under which two colours beside each other are hardly told apart; by eye
RUN = " to "  # between the names of the two colours that one lies between


def tints_of(design: Design) -> dict[str, str]:
    """The tint of each of a design's colours, in hexadecimal sRGB."""
    return {name: _tint(name, dict(design.tints)) for name in design.colours()}


def _tint(name: str, tints: Mapping[str, str]) -> str:
    if name in tints:
        return tints[name]
    return TINTS[name][1] if name in TINTS else f"#{KNOWN[name]}"


class Inks:
    """The colours at one moment between two designs, and their tints.

    What both have under one name runs from the first's shade to the second's wherever it is, so that it is one colour
    at every moment.
    """

    def __init__(self, first: Mapping[str, str], second: Mapping[str, str], share: float) -> None:
        """first, second: the tints of all colours of the two designs; share: 0 is the first, 1 the second."""
        self.first, self.second = dict(first), dict(second)
        self.share = share
        self.tints: dict[str, str] = {}

    def run(self, one: str, other: str) -> str:
        """The name of the colour between one of the first design and one of the second."""
        return self._named(one, other, self._between(one, other))

    def leaving(self, one: str) -> str:
        """The name of a colour of something that only the first design has."""
        return self.run(one, one) if one in self.second else self._named(one, one, _lab(self.first[one]))

    def entering(self, other: str) -> str:
        """The name of a colour of something that only the second design has."""
        return self.run(other, other) if other in self.first else self._named(other, other, _lab(self.second[other]))

    def towards(self, one: str, through: tuple[str, str], share: float) -> str:
        """The name of a colour of the first design that runs into the one between two others. share: how far it is."""
        if one == through[0]:
            return self.run(*through)
        start = self._between(one, one) if one in self.second else _lab(self.first[one])
        return self._named(one, through[1], start + (self._between(*through) - start) * share)

    def out_of(self, through: tuple[str, str], other: str, share: float) -> str:
        """The name of a colour of the second design that the one between two others becomes. share: how far it is."""
        if other == through[1]:
            return self.run(*through)
        end = self._between(other, other) if other in self.first else _lab(self.second[other])
        return self._named(through[0], other, self._between(*through) * (1 - share) + end * share)

    def _between(self, one: str, other: str) -> Lab:
        ends = _lab(self.first[one]), _lab(self.second[other])
        found: Lab = ends[0] + (ends[1] - ends[0]) * self.share
        return found

    def _named(self, one: str, other: str, lab: Lab) -> str:
        """Keeps a tint under a name of its own."""
        tint = "#{:02x}{:02x}{:02x}".format(*from_oklab(lab).tolist())
        for name in _names(one, other):
            is_free = one == other or (name not in self.first and name not in self.second)
            if is_free and self.tints.setdefault(name, tint) == tint:
                return name
        raise AssertionError  # there is always a further number


def _names(one: str, other: str) -> Iterator[str]:
    """Names for a colour between two, the best first: a few colours of one picture may lie between the same two."""
    if one == other:
        yield one
    name = RUN.join((one.split(RUN)[0], other.split(RUN)[-1]))
    yield name
    for number in range(2, 1 << 20):
        yield f"{name} {number}"


def _lab(tint: str) -> Lab:
    return oklab(np.array(channels(tint.removeprefix("#")), np.uint8))


def apart(one: str, other: str) -> float:
    """The distance of two tints in OKLab: black and white are 1 apart."""
    return float(np.linalg.norm(_lab(one) - _lab(other)))


def meet(ones: tuple[str, str], others: tuple[str, str]) -> bool:
    """Whether two colours that are told apart at both ends are not on the way: white on red that becomes red on white
    is pink on pink in between. ones, others: the tints of both, first and last."""
    first, last = _lab(ones[0]) - _lab(others[0]), _lab(ones[1]) - _lab(others[1])
    way = np.linalg.norm(first + (last - first) * np.linspace(0, 1, 21)[:, None], axis=1)
    return bool(way.min() < ALIKE < min(way[0], way[-1]))
