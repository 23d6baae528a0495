"""How near flags in a terminal's cells come to the flags, and what they cost: `python benchmarks/terminal.py cells`.

All flags of the dataset, from the fine grid, at three sizes. Ways: half blocks of averaged pixels (the measure of all),
rich-pixels with the same, each kind of fitted cells, and chafa with all of its symbols whose shape is known here, in
each of its colour spaces, of which the better counts. Every way is drawn by the same masks, 16 x 48 samples a cell, and
compared with the flag in OKLab: the mean squared distance, as a share of that of half blocks. Times are what a core
takes from pixels to segments; chafa's are of its whole process.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from io import StringIO
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich_pixels import Pixels

from flagsae.flags.dataset import load_dataset
from flagsae.oklab import Lab, oklab
from flagsae.visual.paint import scale
from flagsae.visual.terminal.blocks import half_blocks, packed, unpacked
from flagsae.visual.terminal.fitting import Cells
from flagsae.visual.terminal.glyphs import LADDER, Polygon, mask, polygons
from flagsae.visual.terminal.pictures import in_cells

SIZES = ((12, 5), (25, 8), (51, 17))  # columns, rows
SAMPLES = 48, 16  # rows, columns of samples in a cell
KINDS = tuple(LADDER)[1:]
CHAFA = ("chafa", "--format=symbols", "--colors=full", "--stretch", "--work=9")
SYMBOLS = "space+solid+half+hhalf+vhalf+quad+block-stipple+sextant+wedge"
SPACES = ("rgb", "din99d")
CODES = re.compile(r"\x1b\[([\d;?]*)([A-Za-z])|(\n)|(.)")

Picture = NDArray[np.uint8]  # H x W x 3


@dataclass(frozen=True, eq=False)
class Drawn:
    """A flag as one way draws it."""

    cells: Cells
    seconds: float
    size: int  # bytes written


def rest() -> dict[int, tuple[Polygon, ...]]:
    """What chafa has beside our kinds: the other eighths, and two triangles that meet."""
    upper, lower = ((0, 0), (1, 0), (0.5, 0.5)), ((0, 1), (1, 1), (0.5, 0.5))
    left, right = ((0, 0), (0, 1), (0.5, 0.5)), ((1, 0), (1, 1), (0.5, 0.5))
    found: dict[int, tuple[Polygon, ...]] = {0x1FB9A: (upper, lower), 0x1FB9B: (left, right)}
    for number, eighths in enumerate((2, 3, 5, 6, 7)):
        share = eighths / 8
        found[0x1FB82 + number] = (((0, 0), (1, 0), (1, share), (0, share)),)
        found[0x1FB87 + number] = (((1 - share, 0), (1, 0), (1, 1), (1 - share, 1)),)
    return found


@cache
def shape(code: int) -> NDArray[np.bool_]:
    """What a character fills of a cell, one number a sample."""
    return mask((rest() | polygons("octant"))[code], *SAMPLES)


def error(cells: Cells, labels: NDArray[np.integer], shades: Lab) -> float:
    """The mean squared distance of drawn cells from a label map whose labels have some shades."""
    rows, columns = cells.glyphs.shape
    high, wide = SAMPLES
    down = (2 * np.arange(rows * high) + 1) * labels.shape[0] // (2 * rows * high)
    along = (2 * np.arange(columns * wide) + 1) * labels.shape[1] // (2 * columns * wide)
    truth = (
        labels[down[:, None], along].reshape(rows, high, columns, wide).transpose(0, 2, 1, 3).reshape(-1, high * wide)
    )
    codes, which = np.unique(cells.glyphs.ravel(), return_inverse=True)
    filled = np.array([shape(code) for code in codes.tolist()])[which]
    place = (np.arange(len(truth))[:, None] * len(shades) + truth) * 2 + filled
    count = np.bincount(place.ravel(), minlength=2 * len(truth) * len(shades)).reshape(len(truth), len(shades), 2)
    away = (((oklab(unpacked(one.ravel()))[:, None] - shades) ** 2).sum(-1) for one in (cells.grounds, cells.inks))
    return float(sum((count[:, :, side] * one).sum() for side, one in enumerate(away)) / place.size)


def shown(rows: list[list[Segment]]) -> Cells:
    """Lines of segments, all in colour, as cells."""
    glyphs = [[ord(letter) for text, _, _ in row for letter in text] for row in rows]
    inks, grounds = (
        [[colour(style, side) for text, style, _ in row for _ in text] for row in rows] for side in ("color", "bgcolor")
    )
    return Cells(np.array(glyphs, np.uint32), np.array(inks), np.array(grounds))


def colour(style: Style | None, side: str) -> int:
    found = getattr(style, side)
    return 0 if found is None else int(packed(np.array(found.triplet)))


def lines(drawn: RenderableType) -> list[list[Segment]]:
    console = Console(width=200)
    return [[one for one in line if one.text] for line in Segment.split_lines(console.render(drawn)) if line]


def written(drawn: RenderableType) -> int:
    """Bytes."""
    out = StringIO()
    Console(file=out, force_terminal=True, color_system="truecolor", width=200, legacy_windows=False).print(drawn)
    return len(out.getvalue().encode())


def parsed(text: str, columns: int, rows: int) -> Cells:
    """What a terminal shows of an output in 24-bit colour."""
    glyphs = np.full((rows, columns), ord(" "), np.uint32)
    inks, grounds = np.zeros((2, rows, columns), np.int64)
    row = column = ink = ground = 0
    turned = False
    for numbers, letter, end, glyph in CODES.findall(text):
        if letter == "m":
            codes = [int(number or 0) for number in numbers.split(";")]
            while codes:
                code = codes.pop(0)
                if code in (38, 48):
                    _, red, green, blue, *codes = codes
                    value = red << 16 | green << 8 | blue
                    ink, ground = (value, ground) if code == 38 else (ink, value)
                elif code == 0:
                    ink, ground, turned = 0, 0, False
                elif code in (7, 27):
                    turned = code == 7
        elif end:
            row, column = row + 1, 0
        elif glyph:
            glyphs[row, column] = ord(glyph)
            inks[row, column], grounds[row, column] = (ground, ink) if turned else (ink, ground)
            column += 1
    return Cells(glyphs, inks, grounds)


def processor(who: int) -> float:
    """Seconds that processes have had of a core."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def chafa(picture: Picture, columns: int, rows: int) -> dict[str, Drawn]:
    """In each of its colour spaces."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flag.png"
        Image.fromarray(scale(picture, 16 * columns, 48 * rows, flat=True)).save(file)
        for space in SPACES:
            options = [f"--size={columns}x{rows}", f"--symbols={SYMBOLS}", f"--color-space={space}", str(file)]
            start = processor(resource.RUSAGE_CHILDREN)
            text = subprocess.run([*CHAFA, *options], capture_output=True, text=True, check=True).stdout
            seconds = processor(resource.RUSAGE_CHILDREN) - start
            found[f"chafa {space}"] = Drawn(parsed(text, columns, rows), seconds, len(text.encode()))
    return found


def ours(picture: Picture, columns: int, rows: int) -> dict[str, Drawn]:
    """In half blocks, as rich-pixels has them, and in each kind of cells."""
    ways: dict[str, Callable[[], RenderableType]] = {
        "half": lambda: half_blocks(scale(picture, columns, 2 * rows)),
        "rich-pixels": lambda: Pixels.from_image(Image.fromarray(scale(picture, columns, 2 * rows))),
        **{kind: partial(in_cells, picture, columns, rows, kind) for kind in KINDS},
    }
    found = {}
    for way, draw in ways.items():
        seconds = []
        for _ in range(2):  # the better counts: the first may have had to fill a cache
            start = time.process_time()
            drawn = draw()
            seconds.append(time.process_time() - start)
        found[way] = Drawn(shown(lines(drawn)), min(seconds), written(drawn))
    return found


def table() -> Iterator[tuple[str, str, float, float, float]]:
    """(size, way, error as a share of that of half blocks, milliseconds a flag, bytes a flag)."""
    flags = load_dataset().flags
    ways = [ours, chafa] if shutil.which("chafa") else [ours]
    for columns, rows in SIZES:
        sums: dict[str, NDArray[np.float64]] = {}
        for number in range(len(flags.names)):
            picture, shades = flags.flat(number, fine=True), oklab(flags.tints[number])
            for name, one in chain.from_iterable(draw(picture, columns, rows).items() for draw in ways):
                away = error(one.cells, flags.fine[number], shades)
                sums[name] = sums.get(name, 0) + np.array([away, 1000 * one.seconds, one.size])
        for name, (away, milliseconds, size) in sums.items():
            count = len(flags.names)
            yield f"{columns} x {rows}", name, away / sums["half"][0], milliseconds / count, size / count
