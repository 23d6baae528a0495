"""Checks `attributes.csv`: its vocabularies strictly, its colours, stripes and bars against the pictures.

    python data/check_attributes.py [table.csv]

Exits with 1 where the table breaks its own rules (ATTRIBUTES.md). Disagreements with the pictures are listed for a
person to look at: either may be right.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOUR_WORDS, plain_word
from flagsae.design.vocabulary import PLACES
from flagsae.flags.dataset import load_dataset

HERE = Path(__file__).parent
Row: TypeAlias = dict[str, str]

GROUND = ("colours", "colours_maybe", "main")
LAYOUT = ("stripes", "fimbriation", "bars", "hoist_bar", "cross", "nordic_cross", "saltire", "union_jack")
DIVISION = ("quarters", "halves_diagonal", "diagonal", "canton", "triangle", "pall", "border")
CHARGES = ("disc", "stars", "stars_maybe", "sun", "sun_maybe", "crescent", "crescent_maybe", "lozenge")
EMBLEM = ("emblem", "emblem_maybe", "animal", "plant", "text", "weapon")
COLUMNS = ("slug", *GROUND, *LAYOUT, *DIVISION, *CHARGES, *EMBLEM, "doubtful", "note")
ONE_COLOUR = {"nordic_cross", "pall", "border", "lozenge"}
COLOUR_LISTS = {*GROUND, *LAYOUT, *DIVISION} - ONE_COLOUR - {"union_jack"}
PLACED = {"disc", "sun", "crescent"}
YES = {"stars_maybe", "sun_maybe", "crescent_maybe", "emblem_maybe", "text"}
WORDS = {"animal", "plant", "weapon"}
# Columns whose figures can pass for bands.
OTHERWISE = {"cross", "nordic_cross", "saltire", "halves_diagonal", "diagonal", "border", "disc"}

MISSING = 0.02  # a colour of this share that the table leaves out is listed
TRACE = 0.003  # so is a colour of the table's with less
EQUAL, SMALLER = 0.95, 0.9  # shares of the largest area from which on another is as large, below which it is not
NARROW = (1 / 20, 1 / 14.5)  # share of the height or width below which a band may be a mere edge: either will do
COMMON = 0.6  # share of the lines that must show the same bands before a table without any is doubted


def main(arguments: Sequence[str]) -> int:
    table = read_table(Path(arguments[0]) if arguments else HERE / "attributes.csv")
    with (HERE / "flags.csv").open(newline="", encoding="utf-8") as file:
        slugs = [row["slug"] for row in csv.DictReader(file)]
    broken = list(broken_rules(table, slugs))
    for line in broken:
        print("broken:", line)
    if broken:
        return 1
    dataset = load_dataset()
    names = [plain_word(name) for name in dataset.palette.names]
    pictures = {name.slug: fine for name, fine in zip(dataset.flags.names, dataset.flags.fine, strict=True)}
    doubts = [f"{row['slug']}: {line}" for row in table for line in disagreements(row, pictures[row["slug"]], names)]
    for line in doubts:
        print("look at", line)
    print(f"{len(table)} flags, no rule broken, {len(doubts)} disagreements with the pictures")
    return 0


def read_table(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, restkey="?", restval=""))


def broken_rules(table: Sequence[Row], slugs: Sequence[str]) -> Iterator[str]:
    """What no row may have, whatever its picture shows."""
    if [row.get("slug") for row in table] != list(slugs):
        yield "the slugs are not those of flags.csv, each once, in that order"
    for row in table:
        if tuple(row) != COLUMNS:
            yield f"{row.get('slug')}: columns {tuple(row)}"
            continue
        for column in COLUMNS:
            if row[column] and not allowed(column, row[column]):
                yield f"{row['slug']}: {column} {row[column]!r}"
        named = {*row["colours"].split("|"), *row["colours_maybe"].split("|")}
        for column, value in row.items():
            if column in ONE_COLOUR | COLOUR_LISTS | PLACED or (column == "stars" and not row["stars_maybe"]):
                unnamed = set(colours_of(value)) - named
                if unnamed:
                    yield f"{row['slug']}: {column} has {', '.join(sorted(unnamed))}, which colours lacks"
        for column in ("colours", "colours_maybe"):
            if len(set(row[column].split("|"))) < len(row[column].split("|")):
                yield f"{row['slug']}: {column} names one twice"
        if not set(row["main"].split("|")) <= set(row["colours"].split("|")):
            yield f"{row['slug']}: main {row['main']!r} is not among its colours"
        if (row["union_jack"] == "canton") != (row["canton"] == "union jack"):
            yield f"{row['slug']}: union_jack and canton differ"
        for column in ("stripes", "bars"):
            if row[column] and "|" not in row[column]:
                yield f"{row['slug']}: {column} has one band only"
        if row["quarters"] and len(row["quarters"].split("|")) != 4:
            yield f"{row['slug']}: quarters are not four"


def allowed(column: str, value: str) -> bool:
    """Whether a filled field keeps to its column's vocabulary."""
    pieces, figures = value.split("|"), value.split(";")
    if column in ONE_COLOUR:
        return value in COLOUR_WORDS
    if column in COLOUR_LISTS:
        return all(piece in COLOUR_WORDS for piece in pieces) or (column == "canton" and value == "union jack")
    if column in PLACED:
        return placed(value)
    if column == "stars":
        return all(re.fullmatch(r"\d+ .+", figure) and placed(figure.split(" ", 1)[1]) for figure in figures)
    if column == "emblem":
        return all(figure.startswith("yes@") and figure[4:] in PLACES for figure in figures)
    if column in YES:
        return value == "yes"
    if column == "union_jack":
        return value in ("whole", "canton")
    if column == "doubtful":
        return all(piece in COLUMNS[len(GROUND) + 1 : -2] for piece in pieces)
    if column in WORDS:
        return all(re.fullmatch(r"[a-zñ -]+", piece) for piece in pieces)
    return True


def placed(value: str) -> bool:
    colours, _, place = value.partition("@")
    return all(colour in COLOUR_WORDS for colour in colours.split("|")) and place in PLACES


def colours_of(value: str) -> list[str]:
    """The colours that a field names, without counts and places."""
    bare = re.sub(r"@[a-z-]+|(?:^|(?<=;))\d+ ", "", value).replace(";", "|")
    return [piece for piece in bare.split("|") if piece and piece != "union jack"]


def disagreements(row: Row, labels: NDArray[np.uint8], names: Sequence[str]) -> Iterator[str]:
    """Where the row and its picture differ. labels: H x W, positions in `names`, colour words or `grey`."""
    maybe = set(row["colours_maybe"].split("|"))
    shares = dict.fromkeys(COLOUR_WORDS, 0.0)
    for name, share in zip(names, np.bincount(labels.ravel(), minlength=len(names)) / labels.size, strict=True):
        if name in shares:
            shares[name] += float(share)
    for colour, share in shares.items():
        listed = colour in row["colours"].split("|")
        if colour not in maybe and (share < TRACE if listed else share >= MISSING):
            yield f"colours {'have' if listed else 'lack'} {colour}, {share:.1%} of the picture"
    most = max(shares.values())
    for colour, share in shares.items():
        listed = colour in row["main"].split("|")
        if colour not in maybe and (share < SMALLER * most if listed else share > EQUAL * most):
            yield f"main {'has' if listed else 'lacks'} {colour}, {share:.1%} of the picture; the most is {most:.1%}"
    for column, lines in (("stripes", labels.T), ("bars", labels)):
        if column in row["doubtful"].split("|") or (not row[column] and any(row[other] for other in OTHERWISE)):
            continue
        yield from band_disagreements(column, row[column], lines, names, maybe)


def band_disagreements(
    column: str, listed: str, lines: NDArray[np.uint8], names: Sequence[str], maybe: set[str]
) -> Iterator[str]:
    """Whether the bands are seen along some line, or along most where none are listed. lines: each row is one."""

    def alike(seen: tuple[str, ...], wanted: Sequence[str]) -> bool:
        return len(seen) == len(wanted) and all(a == b or {a, b} <= maybe for a, b in zip(seen, wanted, strict=True))

    seen = [bands(line, names, narrow) for narrow in NARROW for line in lines[::3]]
    if listed:
        if not any(alike(line, listed.split("|")) for line in seen):
            commonest = max(seen, key=seen.count)
            yield f"{column} are {listed}; most lines show {'|'.join(commonest)}"
        return
    several = [line for line in seen if len(line) > 1]
    commonest = max(several, key=several.count, default=())
    if several.count(commonest) > COMMON * len(seen):
        yield f"no {column}; most lines show {'|'.join(commonest)}"


def bands(line: NDArray[np.uint8], names: Sequence[str], narrow: float) -> tuple[str, ...]:
    """Colours along a line, in order, without bands narrower than a share of it."""
    runs = [(name, sum(1 for _ in run)) for name, run in groupby(names[label] for label in line)]
    wide = [name for name, length in runs if length >= narrow * len(line)]
    return tuple(name for name, _ in groupby(wide))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
