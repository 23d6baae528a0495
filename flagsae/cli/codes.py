"""Operands as codes and as pictures, for `neighbors` and `embed`."""

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
    """Each word of a command line as its own sum: a flag, or a sum in quotes; `-` stands for the records on stdin."""
    if words.count("-") > 1:
        raise UsageError("- reads all of stdin: give it once")
    for word in words:
        if word in ("+", "−"):
            raise UsageError(f'a sum is one word here: quote it, as in "morocco {word} colombia"')
    return [total for word in words for total in read_sums([word], workspace)]


def codes_of(sums: Sequence[Sum]) -> Codes:
    """The code of each sum: n x K. Raises `UsageError` for a sum with no active feature."""
    import numpy as np

    from flagsae.mixing.compose import sum_of

    codes = []
    for total in sums:
        codes.append(sum_of(total.operands)[0])
        if not codes[-1].any():
            raise UsageError(f"no feature is active in {total.title!r}: nothing is like it; add a flag")
    return np.stack(codes)


def place_of(total: Sum, dataset: Dataset) -> int | None:
    """The position of the flag, if a sum is one flag of the dataset and nothing else; else None."""
    if total.only is None or total.only.edit:
        return None
    try:
        return dataset.name_table()[total.only.word]
    except UnknownName:  # a colour, or a picture's path
        return None


def name_of(total: Sum, dataset: Dataset) -> str:
    """A sum's name in a record: a flag's slug, or the sum as it is written."""
    place = place_of(total, dataset)
    return total.title if place is None else dataset.flags.names[place].slug


def mark_of(total: Sum, model: Model, *, vectors: bool = False, fine: bool = False, flat: bool = False) -> Mark:
    """A sum as a picture: the flag if it is a single one, otherwise the composite. Options: see `flag_mark`."""
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

    vectors: also as shapes, traced on the canvas; fine: traced on the fine grid instead, for a picture that is wider
    than the canvas; flat: the pixels in a few colours without blended edges, for a picture of a few pixels.
    """
    from flagsae.visual.scatter import Mark

    name = title or flag.names[0].title
    pixels = flag.flat() if flat else flag.canvas[0]
    if not vectors:
        return Mark(name, pixels)
    from flagsae.visual.vector.outline import trace

    labels = flag.fine[0] if fine else flag.labels[0]
    return Mark(name, pixels, trace(labels), flag.tints[0], labels.shape)
