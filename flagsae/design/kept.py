"""The designs of a dataset's flags: parsed when it is made, and kept in its file."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from flagsae.checks import Damaged, listed, optional, table
from flagsae.design import carried
from flagsae.design.design import CUT_OUT, Design
from flagsae.errors import DatasetError, DesignError
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.palette import Palette

# When a picture has a design. By eye: photographs have none, nor have pictures that are all drawing.
MOST_REGIONS = 500  # of its label map; the bundled flag with the most has 186
SHADED = 0.012  # in OKLab, half of the pixels within areas are off: 0 for all bundled flags, .02 to .04 for photographs
LEAST_RIGHT = 0.9  # of the pixels, that the design has in their colour,
LEAST_PLAIN = 0.5  # and that it has without its cut-outs

_parsed: WeakKeyDictionary[Flags, Design | None] = WeakKeyDictionary()


def design_of(flag: Flags, palette: Palette, known: NDArray[np.uint8] | None = None) -> Design | None:
    """What is on a flag (N = 1); None where it has no design. Looked for once in each flag.

    known: N x 3H x 3W, flags that a canton may show.
    """
    if (found := carried.design_of(flag)) is not None:
        return found
    if flag not in _parsed:
        _parsed[flag] = _found(flag, palette, known)
    return _parsed[flag]


def _found(flag: Flags, palette: Palette, known: NDArray[np.uint8] | None) -> Design | None:
    from flagsae.design.parse import parse
    from flagsae.design.render import label_map
    from flagsae.flags.regions import connected_regions

    labels = flag.fine[0]
    if not _is_flat(flag) or int(connected_regions(labels).max()) >= MOST_REGIONS:
        return None
    aspect = float(np.clip(flag.aspect[0], 0.1, 10))
    try:
        design = parse(labels, palette, round(aspect, 4), known, flag.tints[0])
    except DesignError:  # larger than a design may be
        return None
    plain = replace(design, charges=tuple(charge for charge in design.charges if charge.shape != CUT_OUT))
    for drawn, least in ((plain, LEAST_PLAIN), (design, LEAST_RIGHT)):
        if (label_map(drawn, palette, *labels.shape) == labels).mean() < least:
            return None
    return design


def _is_flat(flag: Flags) -> bool:
    """Whether most pixels that lie within an area of one colour have that colour, as in no photograph."""
    from flagsae.oklab import oklab

    areas = sliding_window_view(flag.labels[0], (3, 3))
    inner = np.zeros(flag.labels[0].shape, bool)
    inner[1:-1, 1:-1] = (areas == areas[..., 1:2, 1:2]).all((2, 3))
    if not inner.any():
        return True  # all of it is detail, or it is too small to tell
    off = np.linalg.norm(oklab(flag.canvas[0][inner]) - oklab(flag.flat()[inner]), axis=1)
    return bool(np.median(off) < SHADED)


def kept(dataset: Dataset, flag: int) -> Design | None:
    """The design of a flag that the dataset's file has, or None. Raises `DatasetError` where it is damaged."""
    if not dataset.designs:
        return None
    try:
        record = _records(dataset.designs, len(dataset.flags))[flag]
        return None if record is None else Design.read(record)
    except (DesignError, Damaged) as error:
        slug = dataset.flags.names[flag].slug
        reason = f"dataset {dataset.name!r} is damaged (design of {slug}: {error})"
        raise DatasetError(f"{reason}: make it again with `flagsae prepare`") from None


def how_many(dataset: Dataset) -> int:
    """How many of the dataset's flags have a design in its file."""
    return sum(kept(dataset, flag) is not None for flag in range(len(dataset.flags))) if dataset.designs else 0


def design_at(dataset: Dataset, flag: int) -> Design | None:
    """The design of a flag of the dataset: kept in its file, or else parsed; None where it has none."""
    if dataset.designs:
        return kept(dataset, flag)
    return design_of(dataset.flags[[flag]], dataset.palette, dataset.flags.fine)


@lru_cache(2)
def _records(designs: bytes, count: int) -> list[Any]:
    """The records of so many flags. Raises `Damaged`."""
    try:
        records = json.loads(designs)
    except ValueError:
        raise Damaged("its designs are no JSON") from None
    if wrong := listed(optional(table(lambda value: "")), count, count)(records):
        raise Damaged(f"its designs{wrong}")
    return list(records)
