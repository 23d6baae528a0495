"""From one design to another: at every moment between them each figure is whole, and the picture is a design.

Numbers, places, sizes and colours of what both have run through. Of what only one has, that which goes is gone before
that which comes grows (`flagsae.mixing.morphing`). Moments are spaced by how much of the picture changes, so that equal
steps change equally much.

    >>> from flagsae.design.words import read
    >>> half = between(read("red field"), read("white field; big red disc"), 0.5)
    >>> half.layers[0].colours, half.charges[0].shape
    (('red to white',), 'disc')
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import channels
from flagsae.design import quick
from flagsae.design.design import Design
from flagsae.mixing.morphing.inks import Inks, tints_of
from flagsae.mixing.morphing.path import Path
from flagsae.oklab import oklab

# How change is measured: on pictures of so many rows and columns, at so many moments; enough for steps that look even.
ROWS, COLUMNS = 80, 120
MOMENTS = 48
EVEN = 0.05  # share of a step's length that is plain time, so that what cannot be seen on so small a picture moves too
KEPT = 32  # pairs of designs whose ways are remembered: a morph asks for one of them at each step


def between(first: Design, second: Design, share: float) -> Design:
    """The design on the way from one to the other, with the tints of all its colours.

    share: of all that changes, how much has: 0 is the first, 1 the second, just as they are. The way back is the same:
    between(a, b, share) is between(b, a, 1 - share).
    """
    if not 0 < share < 1:
        return second if share >= 1 else first
    if _key(first) > _key(second):
        first, second, share = second, first, 1 - share
    return _way(first, first.tints, second, second.tints).design(share)


def _key(design: Design) -> str:
    """What tells two designs apart, to go from one to the other on the same way as back."""
    return json.dumps(design.record())


@lru_cache(KEPT)
def _way(
    first: Design, first_tints: tuple[tuple[str, str], ...], second: Design, second_tints: tuple[tuple[str, str], ...]
) -> _Way:
    """The way between two; their tints, which no comparison of designs counts, are what it is remembered by too."""
    return _Way(replace(first, tints=first_tints), replace(second, tints=second_tints))


class _Way:
    """All moments between two designs."""

    def __init__(self, first: Design, second: Design) -> None:
        self.tints = tints_of(first), tints_of(second)
        self.path = Path(first, second, self.tints)

    def design(self, share: float) -> Design:
        """share: of all that changes, how much has."""
        return self.at(float(np.interp(share, self.changed, np.linspace(0, 1, MOMENTS + 1))))

    def at(self, time: float) -> Design:
        inks = Inks(*self.tints, time)
        design = self.path.at(inks)
        return replace(design, tints=tuple((name, inks.tints[name]) for name in design.colours()))

    @cached_property
    def changed(self) -> NDArray[np.float64]:
        """How much of all that changes has changed at each of `MOMENTS` + 1 times, from 0 to 1."""
        pictures = [_small(self.at(time)) for time in np.linspace(0, 1, MOMENTS + 1)]
        steps = [np.linalg.norm(after - before, axis=2).mean() for before, after in pairwise(pictures)]
        whole = sum(steps)
        even = 1 / MOMENTS
        shares = [(1 - EVEN) * step / whole + EVEN * even if whole else even for step in steps]
        changed = np.concatenate([[0.0], np.cumsum(shares)])
        return changed / changed[-1]


def _small(design: Design) -> NDArray[np.float64]:
    """A small picture in OKLab: `ROWS` x `COLUMNS` x 3."""
    tints = dict(design.tints)
    labels = np.zeros((ROWS, COLUMNS), np.uint8)
    quick.paint(design, {name: number for number, name in enumerate(tints)}, labels, COLUMNS / ROWS / design.aspect)
    lab: NDArray[np.float64] = oklab(np.array([channels(tint.removeprefix("#")) for tint in tints.values()], np.uint8))
    return lab[labels]
