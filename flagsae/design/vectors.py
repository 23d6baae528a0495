"""The design features of a dataset's flags: told when it is made, and kept in its file.

To tell the features of 249 designs takes some seconds; to read them takes a hundredth of one. A file keeps the version
of the features; those of another version are told again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from flagsae import paths
from flagsae.checks import Damaged, fields, listed, number, text, whole
from flagsae.design import kept
from flagsae.design.design import Design
from flagsae.design.facets import VERSION
from flagsae.errors import DatasetError
from flagsae.flags.dataset import Dataset, Flags

Features = dict[str, float]  # as of `flagsae.design.features`

SUBNATIONAL = "subnational.json"  # in data/

_told: WeakKeyDictionary[Dataset, list[Features]] = WeakKeyDictionary()
_of_others: WeakKeyDictionary[Flags, Features] = WeakKeyDictionary()  # of flags that are not a dataset's


def vectors(dataset: Dataset) -> list[Features]:
    """The features of each of the N flags of a dataset; of a flag without a design none.

    Raises `DatasetError` where its file is damaged.
    """
    if dataset not in _told:
        found = _kept_by(dataset) if dataset.features else None
        _told[dataset] = told_of(dataset) if found is None else found
    return _told[dataset]


def vector(dataset: Dataset, flag: Flags) -> Features:
    """The features of a flag (N = 1), which need not be of the dataset but has its palette; told once of each flag."""
    if (position := position_in(dataset, flag)) is not None:
        return vectors(dataset)[position]
    if flag not in _of_others:
        from flagsae.design.features import features_of

        design = kept.design_of(flag, dataset.palette, dataset.flags.fine)
        _of_others[flag] = {} if design is None else features_of(design)
    return _of_others[flag]


def design_of(dataset: Dataset, flag: Flags) -> Design | None:
    """The design of a flag (N = 1), which need not be of the dataset but has its palette; None where it has none."""
    if (position := position_in(dataset, flag)) is not None:
        return kept.design_at(dataset, position)
    return kept.design_of(flag, dataset.palette, dataset.flags.fine)


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
    return replace(made, features=packed(told_of(made))), sum(record is not None for record in found)


def packed(told: Sequence[Features]) -> bytes:
    """The features of flags, as `Dataset.features` and the file `SUBNATIONAL` have them."""
    names = sorted({name for features in told for name in features})
    places = {name: place for place, name in enumerate(names)}
    rows = [[[places[name], weight] for name, weight in features.items()] for features in told]
    return json.dumps({"version": VERSION, "names": names, "rows": rows}, separators=(",", ":")).encode()


def subnational() -> list[Features]:
    """The features of sub-national flags, which are shipped to be trained on and without their pictures; none where
    the file is of another version."""
    try:
        return _kept(paths.shipped(SUBNATIONAL).read_bytes()) or []
    except (Damaged, OSError) as error:
        raise DatasetError(f"{SUBNATIONAL} of flagsae is damaged ({error}): install flagsae again") from None


def _kept_by(dataset: Dataset) -> list[Features] | None:
    try:
        found = _kept(dataset.features)
        if found is not None and len(found) != len(dataset.flags):
            raise Damaged(f"features of {len(found)} of {len(dataset.flags)} flags")
    except Damaged as error:
        reason = f"dataset {dataset.name!r} is damaged ({error})"
        raise DatasetError(f"{reason}: make it again with `flagsae prepare`") from None
    return found


def told_of(dataset: Dataset) -> list[Features]:
    """As `vectors`, told anew from the designs, which takes some seconds."""
    from flagsae.design.features import features_of

    found = (kept.design_at(dataset, flag) for flag in range(len(dataset.flags)))
    return [{} if design is None else features_of(design) for design in found]


def _kept(stored: bytes) -> list[Features] | None:
    """What `packed` packed; None where it is of another version. Raises `Damaged`."""
    try:
        found = json.loads(stored)
    except ValueError:
        raise Damaged("features are no JSON") from None
    if wrong := KEPT(found):
        raise Damaged(f"features{wrong}")
    if found["version"] != VERSION:
        return None
    names = found["names"]
    try:
        return [{names[place]: float(weight) for place, weight in row} for row in found["rows"]]
    except (IndexError, TypeError):
        raise Damaged("features.rows has places that no name has") from None
