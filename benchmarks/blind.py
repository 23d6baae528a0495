"""Sheets for a blind look at new flags, and what the verdicts on them come to.

`python benchmarks/blind.py make FOLDER --kind pairs --count 100 --seed 7` chooses sums by the seed, draws them, and
writes numbered sheets, `questions.txt` and `order.json`. Who judges is given the sheets and the questions, and writes
`number,verdict,reason` lines; he has seen neither the code nor `order.json`, which says what was drawn how.

- pairs, triples, weighted: sums of flags;
- preferred: each pair twice, by the default and by `--against`, on sides by chance, both drawn with the same pen;
- words: sums with a minus or with words, or those of `--list FILE`: an expression, a tab, and what is expected;
- samples: flags that `flagsae sample` draws.

`python benchmarks/blind.py read FOLDER one.csv two.csv` prints how many pass, what is preferred, how far the judges
agree, and what failed why. Cohen's kappa is agreement beyond chance: 1 is all of it, 0 none.
"""

from __future__ import annotations

import argparse
import csv
import json
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from mixes import sums
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from flagsae.design import render
from flagsae.errors import FlagsaeError
from flagsae.flags.dataset import Dataset
from flagsae.mixing.choices import METHODS
from flagsae.mixing.compose import Composite, Operand, draw
from flagsae.mixing.sampling import sample
from flagsae.sae.kind import Model
from flagsae.workspace import drawing
from flagsae.workspace.workspace import Workspace, open_workspace

# A sheet, in pixels.
WIDE, HIGH = 300, 200  # of a picture; a flag of other proportions is fitted in
PARENTS = 3  # at most; of more the first are shown
TEXT, LINE = 13, 17  # height of letters and of a line
GAP = 12
COLUMNS, ROWS = 4, 3  # items of a sheet
ACROSS = 2  # columns where each item has two pictures
BACK, INK = (112, 112, 112), (255, 255, 255)  # grey, on which white and black flags are seen alike
LARGER = 2  # times its size on the sheet, that a picture is drawn before it is made smaller, for smooth edges
LETTERS = 44  # of a line of text above a picture

PASSES = ("yes", "no")
QUESTIONS = {  # kind -> what is asked; {} is how many parents there are
    "pairs": "Would this pass as a designed national flag, in which BOTH parents can be recognised "
    "(not merely by a colour)?",
    "triples": "Would this pass as a designed national flag, in which ALL THREE parents can be recognised "
    "(not merely by a colour)?",
    "weighted": "Would this pass as a designed national flag, in which both parents can be recognised, "
    "the one with the larger number more clearly?",
    "words": "Is it what the line above it says is expected, and would it pass as a designed flag?",
    "samples": "Would this pass as a designed national flag?",
    "preferred": "Which of the two is the better flag made of the two parents above it: "
    "a designed national flag in which both can be recognised?",
}
RULES = """
Look at the sheets in the order of their numbers. For each numbered item answer one question:

    {question}

Answer {answers}, and give the reason in about five words. Judge each item by itself, as a flag designer would: there
is no number of items that should pass. The small pictures above an item are real flags, given to compare with.

Write a file with a first line `number,verdict,reason` and a line for each of the {count} items, such as
`1,{example},the cross has only three arms`; a reason with a comma stands in quotes.
""".lstrip()


@dataclass(frozen=True)
class Item:
    """What is judged under one number."""

    number: int
    expression: str
    """Of the sum; of a sample how it is called."""
    expected: str
    methods: tuple[str, ...]
    """How each of its pictures was drawn, from left to right: one of `METHODS`, or "default"."""


# Making sheets.


@dataclass(frozen=True)
class Cell:
    """An item on a sheet."""

    item: Item
    parents: list[tuple[str, Image.Image]]
    pictures: list[Image.Image]


def make(folder: Path, options: argparse.Namespace) -> None:
    space = open_workspace(model=options.model)
    cells = sampled(space.model, options) if options.kind == "samples" else summed(space, options)
    folder.mkdir(parents=True, exist_ok=True)
    columns = ACROSS if options.kind == "preferred" else COLUMNS
    for start in range(0, len(cells), columns * ROWS):
        file = folder / f"sheet-{start // (columns * ROWS) + 1:02d}.png"
        sheet(cells[start : start + columns * ROWS], columns).save(file)
    answers = answers_of(options.kind)
    text = RULES.format(
        question=QUESTIONS[options.kind],
        answers=f"{', '.join(answers[:-1])} or {answers[-1]}",
        count=len(cells),
        example=answers[1],
    )
    (folder / "questions.txt").write_text(text, encoding="utf-8")
    record = {"kind": options.kind, "seed": options.seed, "model": space.model.hash, "against": options.against}
    record["items"] = [asdict(cell.item) for cell in cells]
    (folder / "order.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(cells)} items on {-(-len(cells) // (columns * ROWS))} sheets in {folder}")


def answers_of(kind: str) -> tuple[str, ...]:
    return ("A", "B", "tie") if kind == "preferred" else PASSES


def summed(space: Workspace, options: argparse.Namespace) -> list[Cell]:
    """Sums as items, in an order by chance."""
    chosen, refused = asked(space, options)
    random = np.random.default_rng(options.seed)
    methods = [options.decode or "default"]
    if options.kind == "preferred":
        methods.append(options.against)
    cells: list[Cell] = []
    for position in random.permutation(len(chosen)):
        one, operands = chosen[position]
        sides = [methods[side] for side in random.permutation(len(methods))]
        try:
            composites = [draw(space.model, operands, "" if side == "default" else side)[0] for side in sides]
        except FlagsaeError as error:
            refused.append(f"{one.expression}: {error}")
            continue
        item = Item(len(cells) + 1, one.expression, one.expected, tuple(sides))
        alike = options.kind == "preferred"
        pictures = [picture(composite, space.dataset, alike) for composite in composites]
        cells.append(Cell(item, parents_of(operands, space.dataset), pictures))
    if refused:
        print(f"left out {len(refused)}:", *refused, sep="\n  ")
    return cells


def asked(space: Workspace, options: argparse.Namespace) -> tuple[list[tuple[sums.Asked, list[Operand]]], list[str]]:
    """The sums of a kind with their operands, and the expressions that cannot be read."""
    dataset, count, seed = space.dataset, options.count, options.seed
    if options.list is not None:
        lines = [line for line in options.list.read_text(encoding="utf-8").splitlines() if line.strip()]
        found, refused = [], []
        for expression, _, expected in (line.partition("\t") for line in lines):
            try:
                found.append((sums.Asked(expression, (), expected), space.read(expression)))
            except FlagsaeError as error:
                refused.append(f"{expression}: {error}")
        return found, refused
    if options.kind == "words":
        chosen, unread = sums.readable(sums.changed_sums(dataset, seed), space, count)
        return chosen, [f"{unread} that cannot be read"] if unread else []
    if options.kind == "weighted":
        wanted = sums.weighted_sums(dataset, count, seed)
    else:
        wanted = sums.plain_sums(dataset, count, 3 if options.kind == "triples" else 2, seed)
    return sums.readable(wanted, space, count)[0], []


def sampled(model: Model, options: argparse.Namespace) -> list[Cell]:
    """Samples as items. How they are called says nothing of how they were drawn."""
    methods = (options.decode or "default",)
    drawn = sample(model, options.count, seed=options.seed, decode=options.decode)
    return [
        Cell(Item(number, one.title, "", methods), [], [picture(one.composite, model.dataset)])
        for number, one in enumerate(drawn, 1)
    ]


def picture(composite: Composite, dataset: Dataset, alike: bool = False) -> Image.Image:
    """A composite on a sheet; from its exact design where it has one, as a file of it would be drawn.

    alike: traced from its label map in any case, so that two methods are not told apart by their pen.
    """
    if composite.exact is None or alike:
        return fitted(drawing.picture(composite, LARGER * WIDE), WIDE, HIGH)
    return fitted(render.picture(composite.exact, dataset.palette, LARGER * WIDE), WIDE, HIGH)


def parents_of(operands: Sequence[Operand], dataset: Dataset) -> list[tuple[str, Image.Image]]:
    """The flags of a sum, with their names and amounts; words are left out."""
    slugs = {name.slug for name in dataset.flags.names}
    found = []
    for operand in operands:
        flag = operand.source or operand.flag
        if flag is not None and flag.names[0].slug in slugs:
            whole = flag.flat(fine=True)
            rows = round(whole.shape[1] / float(np.clip(flag.aspect[0], 0.5, 3)))
            shape = Image.fromarray(whole).resize((whole.shape[1], rows), Image.Resampling.BOX)
            sign = "minus " if operand.amount < 0 else ""
            amount = "" if abs(operand.amount) == 1 else f"{abs(operand.amount):g}*"
            found.append((sign + amount + plain(operand.title), shape))
    wide = WIDE // max(2, min(len(found), PARENTS)) - GAP // 2
    return [(name, fitted(np.asarray(shape), wide, wide * HIGH // WIDE)) for name, shape in found[:PARENTS]]


def plain(text: str) -> str:
    """Without accents: the font that comes with Pillow lacks some letters that have them."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def fitted(pixels: NDArray[np.uint8], wide: int, high: int) -> Image.Image:
    """A picture in its own proportions, as large as a box allows."""
    rows, columns = pixels.shape[:2]
    scale = min(wide / columns, high / rows)
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    return Image.fromarray(pixels).resize(size, Image.Resampling.BOX)


def sheet(cells: Sequence[Cell], columns: int) -> Image.Image:
    """Items in rows: a number, what is expected, the parents with their names, and the pictures below."""
    lines = max(len(wrapped(cell)) for cell in cells)
    small = max((parent.height for cell in cells for _, parent in cell.parents), default=0)
    above = (1 + lines) * LINE + (small + LINE + 4 if small else 0)
    pictures = max(len(cell.pictures) for cell in cells)
    wide, high = pictures * (WIDE + GAP), above + LINE * (pictures > 1) + HIGH + GAP
    page = Image.new("RGB", (columns * wide + GAP, -(-len(cells) // columns) * high + GAP), BACK)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(TEXT)
    bold = ImageFont.load_default(TEXT + 3)
    for position, cell in enumerate(cells):
        left, top = GAP + position % columns * wide, GAP + position // columns * high
        pen.text((left, top - 2), str(cell.item.number), INK, bold)
        for row, line in enumerate(wrapped(cell)):
            pen.text((left, top + (1 + row) * LINE), line, INK, font)
        down = top + (1 + lines) * LINE
        share = WIDE // max(2, len(cell.parents))
        for place, (name, parent) in enumerate(cell.parents):
            across = left + place * share
            page.paste(parent, (across, down))
            pen.text((across, down + small + 1), shortened(name, font, share - 4), INK, font)
        for place, one in enumerate(cell.pictures):
            across, down = left + place * (WIDE + GAP), top + above
            if pictures > 1:
                pen.text((across, down), "AB"[place], INK, font)
                down += LINE
            page.paste(one, (across, down))
    return page


def wrapped(cell: Cell) -> list[str]:
    """The lines above an item: its sum and what is expected, where something is."""
    if not cell.item.expected:
        return []
    lines = [plain(cell.item.expression)]
    for word in f"expected: {plain(cell.item.expected)}".split():
        if len(lines) > 1 and len(lines[-1]) + 1 + len(word) <= LETTERS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def shortened(name: str, font: Any, wide: int) -> str:
    if font.getlength(name) <= wide:
        return name
    while name and font.getlength(f"{name}…") > wide:
        name = name[:-1]
    return f"{name}…"


# Reading verdicts.


@dataclass(frozen=True)
class Verdict:
    answer: str
    reason: str


def verdicts(file: Path, numbers: Sequence[int], answers: Sequence[str]) -> dict[int, Verdict]:
    """The verdicts of one judge, by number. Raises `ValueError` where one is missing, twice there, or no answer."""
    known = {answer.lower(): answer for answer in answers}
    found: dict[int, Verdict] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines, skipinitialspace=True):
            try:
                number, answer = int(row["number"]), known[row["verdict"].strip().lower()]
            except (KeyError, TypeError, ValueError, AttributeError):
                raise ValueError(f"{file}: no number with {' or '.join(answers)}: {row}") from None
            if number in found or number not in numbers:
                raise ValueError(f"{file}: number {number} is twice there, or not on the sheets")
            found[number] = Verdict(answer, (row.get("reason") or "").strip())
    if missing := [number for number in numbers if number not in found]:
        raise ValueError(f"{file}: no verdict on {', '.join(map(str, missing))}")
    return found


def agreement(one: Sequence[str], other: Sequence[str]) -> tuple[float, float]:
    """The share of equal verdicts, and Cohen's kappa; nan where both judges say the same of everything."""
    share = float(np.mean([a == b for a, b in zip(one, other, strict=True)]))
    counts, others = Counter(one), Counter(other)
    chance = sum(counts[answer] * others[answer] for answer in counts) / len(one) ** 2
    return share, (share - chance) / (1 - chance) if chance < 1 else float("nan")


def report(folder: Path, files: Sequence[Path]) -> None:
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    items = [Item(**(item | {"methods": tuple(item["methods"])})) for item in order["items"]]
    numbers = [item.number for item in items]
    judges = [verdicts(file, numbers, answers_of(order["kind"])) for file in files]
    found = [[meaning(item, judge[item.number].answer) for item in items] for judge in judges]
    good = "default" if order["kind"] == "preferred" else "passes"
    for file, answers in zip(files, found, strict=True):
        counts = Counter(answers)
        print(f"{file.name}: {', '.join(f'{name} {count}' for name, count in counts.most_common())} of {len(items)}")
    if len(judges) > 1:
        same = Counter(answers[0] for answers in zip(*found, strict=True) if len(set(answers)) == 1)
        print(f"all judges: {', '.join(f'{name} {count}' for name, count in same.most_common())}")
    for one, other in combinations(range(len(files)), 2):
        share, kappa = agreement(found[one], found[other])
        print(f"{files[one].name} and {files[other].name} agree in {share:.0%}, kappa {kappa:.2f}")
    print("\n| number | sum |", " | ".join(file.name for file in files), "|")
    print("| ---: | --- |", " | ".join("---" for _ in files), "|")
    for position, item in enumerate(items):
        if any(answers[position] != good for answers in found):
            said = (
                f"{answers[position]}: {judge[item.number].reason}"
                for judge, answers in zip(judges, found, strict=True)
            )
            print(f"| {item.number} | {item.expression} |", " | ".join(said), "|")


def meaning(item: Item, answer: str) -> str:
    """What an answer says: "passes" or "fails", or the method that it prefers."""
    if answer in PASSES:
        return "passes" if answer == "yes" else "fails"
    return answer if answer == "tie" else item.methods["AB".index(answer)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="sheets, questions and the order")
    making.add_argument("folder", type=Path)
    making.add_argument("--kind", choices=QUESTIONS, default="pairs")
    making.add_argument("--count", type=int, default=100)
    making.add_argument("--seed", type=int, default=0)
    making.add_argument("--model", default="", metavar="NAME|FILE")
    making.add_argument("--decode", choices=METHODS, default="", help="what is judged, by default the default")
    making.add_argument("--against", choices=METHODS, default="weave", help="what it is preferred to, or not")
    making.add_argument("--list", type=Path, metavar="FILE", help="expressions with what is expected")
    reading = commands.add_parser("read", help="what verdicts come to")
    reading.add_argument("folder", type=Path)
    reading.add_argument("verdicts", type=Path, nargs="+", metavar="CSV")
    options = parser.parse_args()
    try:
        if options.command == "make":
            make(options.folder, options)
        else:
            report(options.folder, options.verdicts)
    except (ValueError, OSError, FlagsaeError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
