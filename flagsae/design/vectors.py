"""The design features of a dataset's flags: told when it is made, and kept in its file.

To tell the features of 249 designs takes some seconds; to read them takes a hundredth of one. A file keeps the version
of the features; those of another version are told again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from flagsae.checks import fields, listed, number, text, whole
from flagsae.design import kept
from flagsae.design.facets import VERSION
from flagsae.errors import DatasetError
from flagsae.flags.dataset import Dataset, Flags

Features = dict[str, float]  # as of `flagsae.design.features`

_told: WeakKeyDictionary[Dataset, list[Features]] = WeakKeyDictionary()


def vectors(dataset: Dataset) -> list[Features]:
    """The features of each of the N flags of a dataset; of a flag without a design none.

    Raises `DatasetError` where its file is damaged.
    """
    if dataset not in _told:
        found = _kept(dataset.features, len(dataset.flags), dataset.name) if dataset.features else None
        _told[dataset] = _tell(dataset) if found is None else found
    return _told[dataset]


def vector(dataset: Dataset, flag: Flags) -> Features:
    """The features of a flag (N = 1), which need not be of the dataset but has its palette."""
    if (position := position_in(dataset, flag)) is not None:
        return vectors(dataset)[position]
    design = kept.design_of(flag, dataset.palette, dataset.flags.fine)
    if design is None:
        return {}
    from flagsae.design.features import features_of

    return features_of(design)


def position_in(dataset: Dataset, flag: Flags) -> int | None:
    """Which of the dataset's flags a flag (N = 1) is, or a copy of; None where it is none of them."""
    flags = dataset.flags
    if (position := flag.place_in(flags)) is not None:
        return position
    position = dataset.name_table().slug(flag.names[0].slug)
    return position if position is not None and np.array_equal(flag.fine[0], flags.fine[position]) else None


# What is kept: the names of all features, and for each flag the places of its features among them with their weights.
KEPT = fields({"version": whole(), "names": listed(text(200)), "rows": listed(listed(listed(number(0), 2, 2)))})


def with_designs(
    dataset: Dataset, progress: Callable[[int, int, str], None] = lambda done, total, name: None
) -> tuple[Dataset, int]:
    """A dataset with the designs of its flags and their features, and how many flags have a design.

    progress: called with (flags done, flags in all, name of the next).
    """
    flags, found = dataset.flags, []
    for position, name in enumerate(flags.names):
        progress(position, len(flags), name.title)
        design = kept.design_of(flags[[position]], dataset.palette, flags.fine)
        found.append(None if design is None else design.record())
    progress(len(flags), len(flags), "")
    made = replace(dataset, designs=json.dumps(found, separators=(",", ":")).encode(), features=b"")
    return replace(made, features=packed(made)), sum(record is not None for record in found)


def packed(dataset: Dataset) -> bytes:
    """The features of a dataset's flags, as `Dataset.features` has them."""
    told = _tell(dataset)
    names = sorted({name for vector in told for name in vector})
    places = {name: place for place, name in enumerate(names)}
    rows = [[[places[name], weight] for name, weight in vector.items()] for vector in told]
    return json.dumps({"version": VERSION, "names": names, "rows": rows}, separators=(",", ":")).encode()


def _tell(dataset: Dataset) -> list[Features]:
    from flagsae.design.features import features_of

    found = (kept.design_at(dataset, flag) for flag in range(len(dataset.flags)))
    return [{} if design is None else features_of(design) for design in found]


def _kept(stored: bytes, flags: int, name: str) -> list[Features] | None:
    """The features in a dataset's file; None where they are of another version. Raises `DatasetError`."""
    try:
        found = json.loads(stored)
        wrong = KEPT(found) or (len(found["rows"]) != flags and f".rows has {len(found['rows'])} of {flags} flags")
    except ValueError:
        wrong = " is no JSON"
    if not wrong:
        if found["version"] != VERSION:
            return None
        names = found["names"]
        try:
            return [{names[place]: float(weight) for place, weight in row} for row in found["rows"]]
        except (IndexError, TypeError):
            wrong = ".rows has places that no name has"
    raise DatasetError(f"dataset {name!r} is damaged (features{wrong}): make it again with `flagsae prepare`")
