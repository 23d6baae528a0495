"""Attributes, which are facts about flags such as "green star": from a table, or measured and described."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np

from flagsae import paths
from flagsae.design import kept
from flagsae.design.describe import describe
from flagsae.design.vocabulary import PLACES, Element
from flagsae.errors import DatasetError
from flagsae.features.atoms import LEAST_PATCH, Mask, place
from flagsae.flags.dataset import Dataset

HELD = 0.6  # least share of the place's area in the claim's colour, for the claim to hold
UNUSED = ("slug", "doubtful", "note")  # columns of a table of facts that are ignored, as are those that end in _maybe
SINGULAR = {"stars": "star"}  # column of a table of facts -> attribute, where they differ
# Words of descriptions -> those of the table of facts: for elements, and for kinds of elements.
THINGS = {"horizontal stripes": "stripes", "vertical stripes": "bars"}
KINDS = {"bar": "hoist bar", "halves": "halves diagonal"}
MANY = 100  # flags: to describe more takes several seconds, which the user is told
PLACES_ACROSS = 3  # places in a row of the canvas, and rows
Attributes: TypeAlias = Mapping[str, Mask]  # name -> N, whether a flag has it


def attributes_of(dataset: Dataset, progress: Callable[[str], None] = lambda text: None) -> dict[str, Mask]:
    """What is known of the N flags of a dataset: name -> N.

    From the shipped table of facts if it has all of the flags, else from their colours and their descriptions.
    progress: is called with a line on what takes long. Raises `DatasetError` if the table is damaged.
    """
    table = paths.shipped("attributes.csv")
    if table.is_file() and (known := read_attributes(table, dataset)):
        return known
    if len(dataset.flags) > MANY and not dataset.designs:
        progress(f"describing {len(dataset.flags)} pictures, to name features after what is on them")
    found = measured_attributes(dataset)
    for name, has in described_attributes(dataset).items():
        found[name] = found.get(name, np.zeros(len(has), bool)) | has
    return found


def read_attributes(path: Path, dataset: Dataset) -> dict[str, Mask] | None:
    """Reads a table of facts, a CSV file with a column slug and a column for each kind of thing: name -> N.

    An empty cell means that a flag has no such thing. The cell "1 green|white@centre;2 red@fly" of a column stars
    gives the attributes star, green star, white star, red star, star in the centre, star at the fly. Returns None if
    a flag of the dataset is missing; raises `DatasetError` if the file is no such table.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = {row["slug"]: row for row in csv.DictReader(file)}
    except (OSError, KeyError, UnicodeDecodeError, csv.Error):
        raise DatasetError(f"{path} is no table of attributes: it needs the column slug, as CSV in UTF-8") from None
    slugs = [name.slug for name in dataset.flags.names]
    if not all(slug in rows for slug in slugs):
        return None
    found: dict[str, Mask] = {}
    for position, slug in enumerate(slugs):
        for column, cell in rows[slug].items():
            if isinstance(cell, str) and cell.strip() and column not in UNUSED and not column.endswith("_maybe"):
                for name in _cell(column, cell, dataset.palette.names):
                    found.setdefault(name, np.zeros(len(slugs), bool))[position] = True
    return found


def _cell(column: str, cell: str, colours: Sequence[str]) -> Iterator[str]:
    """The attributes of one cell of a table. colours: the words that count as colours."""
    thing = SINGULAR.get(column, column.replace("_", " "))
    if column not in ("colours", "main"):
        yield thing
    for item in cell.split(";"):
        values, _, where = item.strip().partition("@")
        for value in re.sub(r"^\d+ ", "", values).split("|"):
            if column == "colours":
                yield value
            elif column == "main":
                yield f"mainly {value}"
            elif value in colours:
                yield f"{value} {thing}"
            elif value not in ("", "yes"):  # the name of an animal, say
                yield value
        if words := PLACES.get(where):
            yield f"{thing} {words}"


def measured_attributes(dataset: Dataset) -> dict[str, Mask]:
    """Attributes from label maps: the colours of a flag, its main colour, and the colours of nine places. name -> N."""
    labels = dataset.flags.labels
    height, width = dataset.size
    shares = np.stack([(labels == colour).mean((1, 2)) for colour in range(len(dataset.palette))], axis=1)  # (N, C)
    found: dict[str, Mask] = {}
    for colour, name in enumerate(dataset.palette.names):
        found[name] = shares[:, colour] >= LEAST_PATCH
        found[f"mainly {name}"] = shares.argmax(1) == colour
        for row in range(PLACES_ACROSS):
            for column in range(PLACES_ACROSS):
                cell = labels[
                    :,
                    row * height // PLACES_ACROSS : (row + 1) * height // PLACES_ACROSS,
                    column * width // PLACES_ACROSS : (column + 1) * width // PLACES_ACROSS,
                ]
                where = place((row + 0.5) / PLACES_ACROSS, (column + 0.5) / PLACES_ACROSS)
                found[f"{name} {where}"] = (cell == colour).mean((1, 2)) >= HELD
    return {name: has for name, has in found.items() if has.any()}


def described_attributes(dataset: Dataset) -> dict[str, Mask]:
    """Attributes from descriptions, in the words of the table of facts: star, green star, red field. name -> N."""
    flags = dataset.flags
    found: dict[str, Mask] = {}
    for position in range(len(flags)):
        description = describe(flags[[position]], dataset.palette, kept.design_at(dataset, position))
        for name in (*description.colours, *chain.from_iterable(map(_facts, description.elements))):
            found.setdefault(name, np.zeros(len(flags), bool))[position] = True
    return found


def _facts(element: Element) -> Iterator[str]:
    """The attributes of one element of a description."""
    if element.kind == "piece":  # of a Union Jack, which is an element of its own
        return
    if element.kind == "union jack":
        yield from ("union jack", "canton") if element.place == "canton" else ("union jack",)
        return
    thing = KINDS.get(element.kind, THINGS.get(element.element, element.element))
    if thing != "field":  # all flags have one
        yield thing
    if thing != "emblem":  # whose colours nobody names
        yield from (f"{colour} {thing}" for colour in dict.fromkeys(element.colours))
    if (words := PLACES[element.place]) and thing not in ("canton", "hoist bar"):
        yield f"{thing} {words}"
