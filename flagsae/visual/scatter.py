"""Flags drawn as the marks of a map: in a terminal's cells with their names, as a picture, or as an SVG.

The callers decide where each mark lies.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from flagsae.printable import printable
from flagsae.visual.paint import draw, png, scale
from flagsae.visual.terminal.pictures import in_cells
from flagsae.visual.vector.outline import Shape
from flagsae.visual.vector.svg import svg

CELLS = (6, 2)  # columns and rows of a flag in a terminal: 6 x 4 pixels, a flag's usual proportions
LONGEST = (30, 20, 10)  # columns of a name at most, where there is much room, some, or little
BORDER = (128, 128, 128)


@dataclass(frozen=True, eq=False)
class Mark:
    """A picture with its name; where known, also as vectors (`shapes`, `tints`, `size`)."""

    title: str
    pixels: NDArray[np.uint8]
    """H x W x 3, sRGB."""
    shapes: Sequence[Shape] = ()
    """The outlines of its areas, traced from a label map."""
    tints: NDArray[np.uint8] | None = None
    """C x 3, sRGB: the colours that the shapes' numbers stand for. None: no vectors are known."""
    size: tuple[int, int] = (1, 1)
    """h, w of the label map that the shapes' coordinates refer to."""


# In a terminal.


def blocks(marks: Sequence[Mark], longest: int, *, pictures: bool) -> list[tuple[int, int]]:
    """(columns, rows) of cells that each mark needs: its picture with the name below it, or the name alone.

    longest: columns after which a name is cut. One free column is added at the right; two where there are only
    names, which are hard to tell apart otherwise.
    """
    names = [cell_len(_name(mark, longest).plain) for mark in marks]
    return [(max(CELLS[0], name) + 1, CELLS[1] + 1) if pictures else (name + 2, 1) for name in names]


def _name(mark: Mark, longest: int) -> Text:
    text = Text(printable(" ".join(mark.title.split())), end="")
    text.truncate(longest, overflow="ellipsis")
    return text


@dataclass(frozen=True, eq=False)
class Scatter:
    """A Rich renderable: marks at given cells."""

    marks: Sequence[Mark]
    places: Sequence[tuple[int, int] | None]
    """Of each mark its left column and top row; None leaves it out."""
    rows: int
    """How many lines are printed."""
    longest: int
    """Columns after which a name is cut."""
    pictures: bool = True
    """Whether flags are drawn; else only their names."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines: list[list[tuple[int, list[Segment]]]] = [[] for _ in range(self.rows)]
        for mark, place in zip(self.marks, self.places, strict=True):
            if place is None:
                continue
            left, top = place
            for part in self._parts(mark):
                for segments in console.render_lines(part, options.update(width=options.max_width), pad=False):
                    lines[top].append((left, segments))
                    top += 1
        for line in lines:
            column = 0
            for left, segments in sorted(line, key=lambda entry: entry[0]):
                yield Segment(" " * (left - column))
                yield from segments
                column = left + sum(segment.cell_length for segment in segments)
            yield Segment.line()

    def _parts(self, mark: Mark) -> Iterable[RenderableType]:
        if self.pictures:
            yield in_cells(mark.pixels, *CELLS)
        yield _name(mark, self.longest)


# In files.


def picture(
    marks: Sequence[Mark], middles: NDArray[np.floating], size: tuple[int, int], frame: tuple[int, int]
) -> NDArray[np.uint8]:
    """The map on white, with a thin border around each mark, as pixels: height x width x 3 of the frame.

    middles: n x 2, x and y of each mark's centre, in pixels of the frame; size: width, height of a mark; frame:
    width, height of the map.
    """
    width, height = size
    out = np.full((frame[1], frame[0], 3), 255, np.uint8)
    for mark, (x, y) in zip(marks, middles, strict=True):
        left = min(max(0, round(x - width / 2)), frame[0] - width)
        top = min(max(0, round(y - height / 2)), frame[1] - height)
        tile = np.full((height, width, 3), BORDER, np.uint8)
        if width > 2 and height > 2:
            tile[1:-1, 1:-1] = at_size(mark, width - 2, height - 2)
        out[top : top + height, left : left + width] = tile
    return out


def at_size(mark: Mark, width: int, height: int) -> NDArray[np.uint8]:
    """A mark's picture, height x width x 3; enlarged from its shapes where they are known, and so sharp."""
    if mark.tints is None or (width <= mark.pixels.shape[1] and height <= mark.pixels.shape[0]):
        return scale(mark.pixels, width, height)
    return draw(mark.shapes, mark.tints, mark.size, width, height)


def document(
    marks: Sequence[Mark],
    middles: NDArray[np.floating],
    size: tuple[int, int],
    frame: tuple[int, int],
    about: Mapping[str, str],
) -> str:
    """The map as an SVG that refers to no other file: each mark as vectors where known, else as an embedded PNG.

    Arguments as of `picture`. A mark's name is its tooltip. about: the document's metadata; its "Title" is the title.
    """
    width, height = size
    colour = "#{:02x}{:02x}{:02x}".format(*BORDER)
    lines = [_opening(frame, about), f'<rect width="{frame[0]}" height="{frame[1]}" fill="#fff"/>']
    for mark, (x, y) in zip(marks, middles, strict=True):
        lines += [
            f'<g transform="translate({x - width / 2:.1f} {y - height / 2:.1f})">',
            svg(mark.shapes, mark.tints, mark.size, width, {"Title": mark.title}).rstrip()
            if mark.tints is not None
            else _image(mark, width, height),
            f'<rect width="{width}" height="{height}" fill="none" stroke="{colour}"/>',
            "</g>",
        ]
    return "\n".join([*lines, "</svg>", ""])


def _opening(size: tuple[int, int], about: Mapping[str, str]) -> str:
    """An SVG without its closing tag, and with nothing drawn in it. size: width, height."""
    nothing = svg([], np.zeros((0, 3), np.uint8), size[::-1], size[0], about)
    return nothing.removesuffix("</svg>\n").rstrip()


def _image(mark: Mark, width: int, height: int) -> str:
    data = b64encode(png(mark.pixels, {})).decode()
    picture = (
        f'<image width="{width}" height="{height}" preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
    )
    return "\n".join([_opening((width, height), {"Title": mark.title}), picture, "</svg>"])
