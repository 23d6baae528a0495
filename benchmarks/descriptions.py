"""How right descriptions are: `python benchmarks/descriptions.py [--errors] [--again]`.

`describe` over all flags against `data/attributes.csv`, the project's own table of facts, which nothing is trained
on. Per attribute: how many flags have it, precision, recall and F1; "strict" takes every row as the table has it,
"F1" leaves out what the table itself marks as a matter of opinion for a flag (its columns *_maybe and doubtful). A
second table says how often colours, place and number agree of what both name. --again: of designs that are parsed now
(about a minute), and not of those in the dataset's file.

The parser and the words were adjusted while looking at errors on these flags, so these are no held-out figures.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from flagsae.colours import COLOUR_WORDS
from flagsae.design import kept
from flagsae.design.describe import Description, describe
from flagsae.flags.dataset import Dataset, load_dataset

TABLE = Path(__file__).parent.parent / "data" / "attributes.csv"

Row = dict[str, str]


def has(description: Description, *names: str, least: int = 1) -> bool:
    return any(element.element in names and element.count >= least for element in description.elements)


Says = tuple[Callable[[Row], bool], Callable[[Description], bool], tuple[str, ...]]

# attribute -> (what the table says, what the description says, the columns that may mark it as doubtful)
ATTRIBUTES: dict[str, Says] = {
    "horizontal stripes": (
        lambda row: bool(row["stripes"]),
        lambda d: has(d, "horizontal stripes", least=2),
        ("stripes",),
    ),
    "vertical bars": (
        lambda row: bool(row["bars"]),
        lambda d: has(d, "vertical stripes", least=2) or any(one.kind == "serrated bar" for one in d.elements),
        ("bars",),
    ),
    "cross": (
        lambda row: bool(
            row["cross"] or row["nordic_cross"] or row["union_jack"] or row["slug"] in ("greece", "tonga")
        ),
        lambda d: has(d, "cross", "nordic cross"),
        ("cross",),
    ),
    "saltire": (
        lambda row: bool(row["saltire"] or row["union_jack"]),
        lambda d: has(d, "saltire"),
        ("saltire",),
    ),
    "star or sun": (
        lambda row: bool(row["stars"] or row["sun"]),
        lambda d: has(d, "star", "sun"),
        ("stars", "sun"),
    ),
    "sun": (lambda row: bool(row["sun"]), lambda d: has(d, "sun"), ("sun",)),
    "crescent": (lambda row: bool(row["crescent"]), lambda d: has(d, "crescent"), ("crescent",)),
    "triangle": (lambda row: bool(row["triangle"]), lambda d: has(d, "triangle"), ("triangle",)),
    "disc": (lambda row: bool(row["disc"]), lambda d: has(d, "disc"), ("disc",)),
    "canton": (lambda row: bool(row["canton"]), lambda d: has(d, "canton"), ("canton",)),
    "emblem": (lambda row: bool(row["emblem"]), lambda d: has(d, "emblem", "lettering"), ("emblem",)),
    "border": (lambda row: bool(row["border"]), lambda d: has(d, "border"), ("border",)),
    "diagonal": (
        lambda row: bool(row["diagonal"] or row["halves_diagonal"]),
        lambda d: has(d, "diagonal"),
        ("diagonal", "halves_diagonal"),
    ),
}


def doubtful(row: Row, columns: Iterable[str]) -> bool:
    marked = set(row["doubtful"].split("|"))
    return any(column in marked or row.get(f"{column}_maybe") for column in columns)


def f1(pairs: list[tuple[bool, bool]]) -> tuple[int, float, float, float]:
    """(flags that have it, precision, recall, F1) of (truth, said) pairs."""
    hits = sum(truth and said for truth, said in pairs)
    truths, saids = sum(truth for truth, _ in pairs), sum(said for _, said in pairs)
    precision, recall = hits / max(1, saids), hits / max(1, truths)
    return truths, precision, recall, 2 * hits / max(1, truths + saids)


def read_table() -> dict[str, Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row for row in csv.DictReader(file)}


def descriptions_of(dataset: Dataset, *, again: bool) -> list[Description]:
    """What is said of all flags. again: of designs that are parsed now, and not of those in the dataset's file."""
    read = replace(dataset, designs=b"") if again else dataset
    flags = dataset.flags
    return [
        describe(flags[[position]], dataset.palette, kept.design_at(read, position)) for position in range(len(flags))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--errors", action="store_true", help="list the flags on which both disagree")
    parser.add_argument("--again", action="store_true", help="parse all flags first")
    arguments = parser.parse_args()
    dataset, rows = load_dataset(), read_table()
    descriptions = descriptions_of(dataset, again=arguments.again)
    print("| attribute | flags | precision | recall | F1 | F1, strict |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    pairs: list[tuple[bool, bool]] = []
    strict: list[tuple[bool, bool]] = []
    for colour in COLOUR_WORDS:
        all_, sure, wrong = [], [], []
        for description in descriptions:
            row = rows[description.name]
            pair = (colour in row["colours"].split("|"), colour in description.colours)
            all_.append(pair)
            if colour not in row["colours_maybe"].split("|"):
                sure.append(pair)
                if pair[0] != pair[1]:
                    wrong.append(("+" if pair[1] else "-") + description.name)
        show(colour, sure, all_, wrong if arguments.errors else [])
        pairs += sure
        strict += all_
    show("all colours", pairs, strict, [])
    for name, (truth, said, columns) in ATTRIBUTES.items():
        all_, sure, wrong = [], [], []
        for description in descriptions:
            row = rows[description.name]
            pair = (truth(row), said(description))
            all_.append(pair)
            if not doubtful(row, columns):
                sure.append(pair)
                if pair[0] != pair[1]:
                    wrong.append(("+" if pair[1] else "-") + description.name)
        show(name, sure, all_, wrong if arguments.errors else [])
    agreement(descriptions, rows)


def agreement(descriptions: list[Description], rows: dict[str, Row]) -> None:
    """Of charges that the table and the description both name: how often all colours, places and counts agree."""
    print("\n| charge | both name it | colours | place | number |\n| --- | ---: | ---: | ---: | ---: |")
    for name, column in (("star", "stars"), ("sun", "sun"), ("crescent", "crescent"), ("disc", "disc")):
        both, right = 0, [0, 0, 0]
        for description in descriptions:
            row = rows[description.name]
            said = [element for element in description.elements if element.element == name]
            if not said or not row[column] or doubtful(row, (column,)):
                continue
            both += 1
            pieces = [piece.strip().split("@") for piece in row[column].split(";")]
            words = [piece[0].split(" ", 1) if name == "star" else ["1", piece[0]] for piece in pieces]
            colours = {colour for _, listed in words for colour in listed.split("|")}
            right[0] += colours == {element.colours[0] for element in said} or colours == set(said[0].colours)
            right[1] += {piece[1] for piece in pieces} == {element.place for element in said}
            counts = [int(count) for count, _ in words]
            right[2] += 0 in counts or sum(counts) == sum(element.count for element in said)
        print(f"| {name} | {both} | " + " | ".join(f"{count / max(1, both):.2f}" for count in right) + " |")


def show(name: str, sure: list[tuple[bool, bool]], strict: list[tuple[bool, bool]], wrong: list[str]) -> None:
    truths, precision, recall, score = f1(sure)
    print(f"| {name} | {truths} | {precision:.2f} | {recall:.2f} | {score:.3f} | {f1(strict)[3]:.3f} |", *wrong)


if __name__ == "__main__":
    main()
