"""The flag that one word of a command line or of a sum names."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from flagsae.design import carried
from flagsae.errors import UnknownName
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.names import Name, fold


def find(name: str, dataset: Dataset) -> tuple[Flags, str]:
    """Finds a flag by its name, a plain field by a colour's name, or a picture by its path: (flag, word), N = 1.

    The word names the flag in expressions of the same dataset: its slug, the colour, or the path as it was given.
    Raises `UnknownName`.
    """
    try:
        flag = dataset.flags[[dataset.name_table()[name]]]
        return flag, flag.names[0].slug
    except UnknownName:
        for colour, rgb in zip(dataset.palette.names, dataset.palette.rgb, strict=True):
            if fold(colour) == fold(name):
                height, width = dataset.size
                plain = np.broadcast_to(rgb, (height, width, 3)).astype(np.uint8)
                return dataset.make_flag(Name(fold(colour), colour), plain), fold(colour)
        return carried.flag_of(Path(name), dataset) or dataset.find([name]), name
