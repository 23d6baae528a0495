"""Operands as codes and as pictures: what `neighbors` and `embed` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flagsae.cli.operands import read_sums
from flagsae.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from flagsae.flags.dataset import Dataset, Flags
    from flagsae.mixing.compose import Sum
    from flagsae.sae.codes import Codes
    from flagsae.sae.kind import Model
    from flagsae.visual.scatter import Mark
    from flagsae.workspace.workspace import Workspace


def read_each(words: Sequence[str], workspace: Workspace) -> list[Sum]:
    """Words of a command line, each for itself: a flag, or a sum in quotes; `-` stands for the records on stdin."""
    if words.count("-") > 1:
        raise UsageError("- reads all of stdin: give it once")
    for word in words:
        if word in ("+", "−"):
            raise UsageError(f'a sum is one word here: quote it, as in "morocco {word} colombia"')
    return [total for word in words for total in read_sums([word], workspace)]


def codes_of(sums: Sequence[Sum]) -> Codes:
    """The code of each sum: n x K. Raises `UsageError` where nothing is left of one."""
    import numpy as np

    from flagsae.mixing.compose import sum_of

    codes = []
    for total in sums:
        codes.append(sum_of(total.operands)[0])
        if not codes[-1].any():
            raise UsageError(f"no feature is active in {total.title!r}: nothing is like it; add a flag")
    return np.stack(codes)


def place_of(total: Sum, dataset: Dataset) -> int | None:
    """The position of a sum that is just one of the dataset's flags."""
    if total.only is None:
        return None
    try:
        return dataset.name_table()[total.only.word]
    except UnknownName:  # a colour, or a picture's path
        return None


def name_of(total: Sum, dataset: Dataset) -> str:
    """A flag's slug, as records have it; else the sum as it is written."""
    place = place_of(total, dataset)
    return total.title if place is None else dataset.flags.names[place].slug


def mark_of(total: Sum, model: Model, *, vectors: bool = False, fine: bool = False, flat: bool = False) -> Mark:
    """A sum as a picture: the flag itself, or the composite."""
    from flagsae.mixing.compose import draw
    from flagsae.visual.scatter import Mark
    from flagsae.visual.vector.layers import shapes

    if total.only is not None and (flag := total.only.flag) is not None:
        return flag_mark(flag, total.title, vectors=vectors, fine=fine, flat=flat)
    composite = draw(model, total.operands)[0]
    design = composite.design
    if design is None or not vectors:
        return Mark(total.title, composite.picture())
    return Mark(total.title, composite.picture(), shapes(design.layers()), design.tints, design.ground.shape)


def flag_mark(flag: Flags, title: str = "", *, vectors: bool = False, fine: bool = False, flat: bool = False) -> Mark:
    """A flag (N = 1) as a picture.

    vectors: with its shapes, from the canvas or, for a picture that is wider than that, from the `fine` grid; flat: in
    a few colours without blended edges, for a picture of a few pixels.
    """
    from flagsae.visual.scatter import Mark

    name = title or flag.names[0].title
    pixels = flag.flat() if flat else flag.canvas[0]
    if not vectors:
        return Mark(name, pixels)
    from flagsae.visual.vector.outline import trace

    labels = flag.fine[0] if fine else flag.labels[0]
    return Mark(name, pixels, trace(labels), flag.tints[0], labels.shape)
