"""Pictures of atoms, drawn a few at a time: first those that are seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from flagsae.visual.atoms import NEUTRAL
from flagsae.workspace.collection import Picture

AT_ONCE = 4  # atoms that are drawn before they are shown; by eye


def sketches(
    missing: Callable[[], Sequence[int]], seen: Callable[[], Sequence[int]], draw: Callable[[Sequence[int]], object]
) -> Iterator[Sequence[int]]:
    """Draws atoms until none is missing. In a thread.

    missing: says which features have no picture yet; seen: which are seen now, and are drawn first, in this order;
    draw: draws the atoms of some features, and maybe of others. Yields after each few which these were.
    """
    while wanted := missing():
        few = list(dict.fromkeys([*(feature for feature in seen() if feature in set(wanted)), *wanted]))[:AT_ONCE]
        draw(few)
        yield few


def blank(shape: tuple[int, int]) -> Picture:
    """What is shown in place of a picture that is not drawn yet: H x W x 3, grey. shape: H, W."""
    return np.full((*shape, 3), NEUTRAL, np.uint8)
