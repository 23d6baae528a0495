"""How well pictures become designs: `python benchmarks/parsing.py [--only abcd] [--errors FOLDER]`.

a. the bundled flags: what share of the label map's pixels the parsed design, drawn again, has in the same colour;
b. the same of any folder of flags, with `--others FOLDER`;
c. flags of one's own, drawn by Pillow with known truth (`drawn_flags`), at three sizes, with smooth and hard edges,
   as PNG and as JPEG: how many are right in every fact (`facts`), by layout, charge and kind of picture;
d. parsed flags without a cut-out changed by one thing (`edited_flags`), drawn 600 pixels wide and read again: how
   many come back exactly as they were changed, by the kind of change, beside the same flags unchanged.

Seconds are processor time of `parse` alone. `--errors` lists what was read instead of what, and writes a sheet of the
worst to the folder: the picture, and beside it what was read.
"""

from __future__ import annotations

import argparse
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import drawn_flags
import edited_flags
import numpy as np
from facts import cut_outs, differences, facts, gathered
from PIL import Image, ImageDraw

from flagsae.design.design import Design
from flagsae.design.parse import parse
from flagsae.design.render import label_map, picture
from flagsae.flags.dataset import Flags, load_dataset, make_flag
from flagsae.flags.names import Name
from flagsae.flags.palette import Palette, Picture
from flagsae.flags.pictures import read_picture
from flagsae.flags.regions import LabelMap

Parse: TypeAlias = Callable[[LabelMap, Palette, float], Design]

GOOD, FAIR = 0.985, 0.97  # agreements that are counted
SIZES = ((300, 200), (1000, 500), (64, 40))
WIDTH = 600  # of edited flags
GROUPS = ("size", "picture", "layout", "charge", "unchanged", "edit", "all")  # of what pictures are counted under
WORST = 48  # on a sheet
TILE, CAPTION = 300, 44  # pixels: width of a picture on a sheet, height of what is said below it


@dataclass(frozen=True)
class Case:
    """A picture that was read."""

    name: str
    original: Picture
    read: Design
    wrong: str
    """What was read instead of what; "" where all is right."""
    agreement: float
    """Share of the label map's pixels that the design has in the same colour."""
    seconds: float
    regrouped: bool = False
    """Whether it is wrong only in how copies of a charge are grouped."""
    kinds: tuple[str, ...] = ()
    """What it is counted under."""


class Bench:
    """Reads pictures with one parser."""

    def __init__(self, parse: Parse, palette: Palette, size: tuple[int, int]) -> None:
        self.parse, self.palette, self.size = parse, palette, size

    def read(
        self, name: str, flag: Flags, truth: Design | None = None, height: int = 0, kinds: tuple[str, ...] = ()
    ) -> Case:
        """Parses a flag (N = 1). truth: what it should be; height: pixels that its picture has."""
        aspect = float(flag.aspect[0])
        began = time.process_time()
        design = self.parse(flag.fine[0], self.palette, aspect)
        seconds = time.process_time() - began
        agreement = float((label_map(design, self.palette, *flag.fine[0].shape) == flag.fine[0]).mean())
        true, said = facts(truth or design), facts(design)
        wrong = differences(true, said, height)
        regrouped = bool(wrong) and not differences(gathered(true), gathered(said))
        return Case(name, flag.flat(fine=True), design, wrong, agreement, seconds, regrouped, kinds)

    def picture(self, name: str, pixels: Picture, truth: Design, kinds: tuple[str, ...]) -> Case:
        flag = make_flag(Name("picture", "picture"), pixels, self.palette, self.size)
        return self.read(name, flag, truth, pixels.shape[0], kinds)


# a and b: pixels.


def pixels_table(cases: Sequence[Case]) -> None:
    """Prints how well pixels agree."""
    agreement = np.array([case.agreement for case in cases])
    seconds = np.array([case.seconds for case in cases])
    own = np.array([cut_outs(case.read) > 0 for case in cases])
    print("| flags | median | mean | p10 | worst | >= .985 | >= .97 | with a cut-out | seconds, mean | p90 | worst |")
    print("|" + " --- |" * 11)
    print(
        f"| {len(cases)} | {np.median(agreement):.4f} | {agreement.mean():.4f} | {np.percentile(agreement, 10):.4f} "
        f"| {agreement.min():.4f} | {(agreement >= GOOD).sum()} | {(agreement >= FAIR).sum()} "
        f"({(agreement >= FAIR).mean():.1%}) | {own.sum()} | {seconds.mean():.2f} | {np.percentile(seconds, 90):.2f} "
        f"| {seconds.max():.2f} |"
    )
    print(f"\nfrom primitives alone: {(~own).sum()}, of them {(agreement[~own] >= GOOD).sum()} at {GOOD} or more")


def low(cases: Sequence[Case], least: float) -> list[Case]:
    """Those that agree less, the worst first."""
    return sorted((case for case in cases if case.agreement < least), key=lambda case: case.agreement)


# c and d: facts.


def facts_table(cases: Sequence[Case], heading: str) -> None:
    """Prints how many are right in every fact, by what they are counted under."""
    print(f"| {heading} | pictures | right | share | agreement, median | seconds, mean |\n|" + " --- |" * 6)
    counted = Counter(kind for case in cases for kind in case.kinds)
    for kind in sorted(counted, key=lambda kind: GROUPS.index(kind.partition(":")[0])):
        those = [case for case in cases if kind in case.kinds]
        right = sum(not case.wrong for case in those)
        agreement = float(np.median([case.agreement for case in those]))
        seconds = sum(case.seconds for case in those) / len(those)
        print(f"| {kind} | {len(those)} | {right} | {right / len(those):.3f} | {agreement:.4f} | {seconds:.2f} |")


def drawn_cases(bench: Bench, count: int, seed: int) -> Iterator[Case]:
    for width, height in SIZES:
        for number, flag in enumerate(drawn_flags.flags(count, seed, width, height, bench.palette)):
            size = f"{width} x {height}"
            charges = {f"charge: {fact.what}" for fact in facts(flag.design) if fact.box is not None or fact.points}
            kinds = (
                f"size: {size}",
                f"picture: {'smooth' if flag.smooth else 'hard'} edges, {'JPEG' if flag.jpeg else 'PNG'}",
                f"layout: {flag.layout}",
                *sorted(charges or {"charge: none"}),
            )
            yield bench.picture(f"{size} #{number}", flag.picture(), flag.design, kinds)


def edited_cases(bench: Bench, known: Sequence[tuple[str, Design]], count: int, seed: int) -> Iterator[Case]:
    changed = edited_flags.edited(known, count, seed, bench.palette)
    used = {edit.name.rsplit(", ", 1)[0] for edit in changed}
    for name, design in known:
        if name in used:
            yield bench.picture(name, picture(design, bench.palette, WIDTH), design, ("unchanged",))
    for edit in changed:
        drawn = picture(edit.design, bench.palette, WIDTH)
        yield bench.picture(edit.name, drawn, edit.design, (f"edit: {edit.edit}", "all"))


# What went wrong.


def sheet(cases: Sequence[Case], palette: Palette, path: Path) -> None:
    """Writes pictures with what was read from them, two pairs a row."""
    height = TILE * 2 // 3
    rows = -(-len(cases) // 2)
    page = Image.new("RGB", (4 * TILE + 30, rows * (height + CAPTION)), "white")
    pen = ImageDraw.Draw(page)
    for number, case in enumerate(cases):
        row, column = divmod(number, 2)
        x, y = column * (2 * TILE + 20), row * (height + CAPTION)
        for shift, drawn in enumerate((case.original, picture(case.read, palette, TILE))):
            page.paste(Image.fromarray(drawn).resize((TILE - 4, height)), (x + shift * TILE, y))
        said = f"{case.name} {case.agreement:.3f} {case.wrong}"
        pen.text((x, y + height + 2), "\n".join(textwrap.wrap(said, 98)[:3]), fill="black")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path)


def show_wrong(cases: Sequence[Case], palette: Palette, folder: Path | None, name: str) -> None:
    """Lists wrong cases and writes their sheet, where it is asked for."""
    if folder is None or not cases:
        return
    print()
    for case in cases:
        print(f"{case.name}: {case.agreement:.4f} {case.wrong}".rstrip())
    sheet(cases[:WORST], palette, folder / f"{name}.png")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="abcd", help="which of the four tables: ac, say")
    options.add_argument("--count", type=int, default=0, help="how many flags, pictures of each size or edits; 0: all")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--others", type=Path, help="a folder of other flags, for table b")
    options.add_argument("--errors", type=Path, metavar="FOLDER", help="list what is wrong, with sheets in this folder")
    asked = options.parse_args()
    dataset = load_dataset()
    flags, palette = dataset.flags, dataset.palette
    bench = Bench(parse, palette, dataset.size)
    known: list[Case] = []
    if "a" in asked.only or "d" in asked.only:
        chosen = range(len(flags))[: None if asked.only == "d" else asked.count or None]
        known = [bench.read(flags.names[one].slug, flags[[one]]) for one in chosen]
    if "a" in asked.only:
        print("\na. bundled flags\n")
        pixels_table(known)
        wrong = low(known, GOOD)
        print(f"under {GOOD}:", ", ".join(f"{case.name} {case.agreement:.4f}" for case in wrong) or "none")
        show_wrong(wrong, palette, asked.errors, "flags")
    if "b" in asked.only and (asked.others is None or not asked.others.is_dir()):
        print("\nb. no folder of other flags: give one with --others FOLDER")
    elif "b" in asked.only:
        print(f"\nb. flags of {asked.others.name}\n")
        paths = sorted(asked.others.glob("*.png"))[: asked.count or None]
        pairs = ((path.stem, dataset.make_flag(Name(path.stem, path.stem), read_picture(path))) for path in paths)
        others = [bench.read(name, flag) for name, flag in pairs]
        pixels_table(others)
        show_wrong(low(others, FAIR), palette, asked.errors, "others")
    if "c" in asked.only:
        print("\nc. flags drawn with known truth\n")
        drawn = list(drawn_cases(bench, asked.count or 100, asked.seed))
        facts_table(drawn, "picture")
        show_wrong([case for case in drawn if case.wrong], palette, asked.errors, "drawn")
    if "d" in asked.only:
        print("\nd. flags changed by one thing\n")
        designs = [(case.name, case.read) for case in known]
        changed = list(edited_cases(bench, designs, asked.count or 1000, asked.seed))
        facts_table(changed, "change")
        wrong = [case for case in changed if case.wrong]
        print(f"\nwrong in how copies are grouped alone: {sum(case.regrouped for case in wrong)} of {len(wrong)}")
        show_wrong(wrong, palette, asked.errors, "edited")


if __name__ == "__main__":
    main()
