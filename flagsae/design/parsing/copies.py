"""Copies of one shape as one charge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from flagsae.design.design import CUT_OUT, Charge

# By eye.
SAME_SIZE = 0.12  # of a radius: copies that differ no more are equally large,
NEARLY = 1.6  # and those whose radii differ by no more pixels
SAME_EDGE, SAME_NUMBER = 0.1, 0.1  # thickness of an edge, and other numbers, that copies may differ by
TURNED = 12.0  # degrees: copies that differ no more are turned alike


def together(charges: Iterable[Charge], height: int) -> Iterator[Charge]:
    """Copies of one shape as one charge with several places. height: of the map, in pixels."""
    groups: list[list[Charge]] = []
    for charge in charges:
        same = next((group for group in groups if are_copies(charge, group[0], SAME_SIZE, NEARLY / height)), None)
        if same is None:
            groups.append([charge])
        else:
            same.append(charge)
    return map(_as_one, groups)


def _as_one(group: Sequence[Charge]) -> Charge:
    """Copies as one charge: equally large, and turned alike where they nearly are."""
    if len(group) == 1:
        return group[0]
    places = [place for charge in group for place in charge.places]
    radius = float(np.median([place.radius for place in places]))
    turns = np.array([place.turn for place in places])
    alike = np.ptp(turns) < TURNED
    turn = float(np.median(turns))
    numbers = tuple(float(value) for value in np.median([charge.numbers for charge in group], axis=0))
    edge = float(np.median([charge.edge for charge in group]))
    places = [replace(place, radius=radius, turn=turn if alike else place.turn) for place in places]
    return replace(group[0], places=tuple(places), numbers=numbers, edge=edge)


def are_copies(a: Charge, b: Charge, size: float, nearly: float = 0.0) -> bool:
    """Whether two charges may be copies of one. size: how much their radii may differ, as a share; nearly: the same in
    shares of the height."""
    if (a.shape, a.colours) != (b.shape, b.colours) or a.shape == CUT_OUT:
        return False
    radii = a.places[0].radius, b.places[0].radius
    if abs(radii[0] - radii[1]) > max(size * max(radii), nearly) or abs(a.edge - b.edge) > SAME_EDGE:
        return False
    if a.shape in ("star", "sun"):
        return round(a.numbers[0]) == round(b.numbers[0])
    return all(abs(x - y) < SAME_NUMBER for x, y in zip(a.numbers, b.numbers, strict=True))
