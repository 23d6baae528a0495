"""What is cut out of a flag as it is, since no shape fits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flagsae.design.quick import Mask
from flagsae.design.segment import NOTHING
from flagsae.design.tree import Figure
from flagsae.flags.regions import LabelMap, bounds


@dataclass(frozen=True, eq=False)
class CutOut:
    """What no shape fits."""

    labels: LabelMap
    """Palette indices of its box, NOTHING for pixels that are not part of it."""
    top: int
    """First row of its box in the flag."""
    left: int
    """First column, likewise."""


def cut_out(odd: Sequence[Figure], labels: LabelMap) -> CutOut:
    """Figures as they are on the flag."""
    return cut_from([(figure.whole, figure.top, figure.left) for figure in odd], labels)


def cut_from(masks: Sequence[tuple[Mask, int, int]], labels: LabelMap) -> CutOut:
    """What lies within masks, each with its first row and column."""
    whole = united(masks, labels.shape)
    top, bottom, left, right = bounds(whole)
    box = np.s_[top : bottom + 1, left : right + 1]
    return CutOut(np.where(whole[box], labels[box], NOTHING).astype(np.uint8), top, left)


def without_ground(cut: CutOut, ground: LabelMap) -> CutOut:
    """A cut-out of one colour without what it encloses of the ground, as the letter O; another as it is."""
    rows, columns = cut.labels.shape
    below = ground[cut.top : cut.top + rows, cut.left : cut.left + columns]
    main = np.bincount(cut.labels.ravel(), minlength=NOTHING + 1)[:NOTHING].argmax()
    own = cut.labels == main
    rest = ~own & (cut.labels != NOTHING)
    if not rest.any() or (cut.labels != below)[rest].any():
        return cut
    return replace(cut, labels=np.where(own, cut.labels, NOTHING).astype(np.uint8))


def united(masks: Iterable[tuple[Mask, int, int]], size: tuple[int, ...]) -> Mask:
    """The pixels of a map of some size, h x w, that lie within any of the masks, each with its first row and column."""
    height, width = size
    whole = np.zeros((height + 2, width + 2), bool)  # a mask may reach a pixel beyond the map
    for mask, top, left in masks:
        rows, columns = np.nonzero(mask)
        whole[(rows + top + 1).clip(0, height + 1), (columns + left + 1).clip(0, width + 1)] = True
    return whole[1:-1, 1:-1]
