"""Lines of segments: made for the console that they are drawn on, cut, wrapped, and set beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

from flagsae.printable import printable
from flagsae.visual.paint import scale
from flagsae.visual.resize import MOST_COLOURS, resized, thumbnail
from flagsae.visual.scene import Picture, Size
from flagsae.visual.terminal.blocks import letters_rows, packed, rows
from flagsae.visual.terminal.charts import bar

Line: TypeAlias = list[Segment]

BOLD, FAINT = Style(bold=True), Style(dim=True)
MORE, LESS = Style(color="#7fb77e"), Style(color="#e5646e")
GAP = 2  # columns between what stands side by side


@dataclass(frozen=True)
class Inks:
    """What the console has. colour: whether it has any; few: whether these are 16 at most, in which blends are lost;
    ascii: whether it has nothing but ASCII."""

    colour: bool
    few: bool
    ascii: bool

    def picture(self, picture: Picture, columns: int, lines: int) -> list[Line]:
        """A picture in so many cells."""
        if not self.colour:
            return lettered(picture, columns, lines)
        return rows(scale(picture, columns, 2 * lines, flat=True) if self.few else resized(picture, columns, lines))

    def bar(self, value: float, full: float, columns: int, signed: bool, positive: Style = MORE) -> Line:
        """A value as a bar: from the left, or where there are negative ones from the middle."""
        charset = "ascii" if self.ascii else "braille"
        if signed:
            return bar(value, full, columns, positive, LESS, charset)
        both = bar(abs(value), full, 2 * columns, positive, LESS, charset)
        return both[1:] if columns else []  # without the blanks at the left of 0


def lettered(picture: Picture, columns: int, lines: int) -> list[Line]:
    """A picture in letters. One of few colours keeps to them: the mean of two would be the letter of a third."""
    shrinks = columns <= picture.shape[1] and 2 * lines <= picture.shape[0]
    if shrinks and len(np.unique(packed(picture))) <= MOST_COLOURS:
        return letters_rows(thumbnail(picture, columns, 2 * lines))
    return letters_rows(resized(picture, columns, lines))


@dataclass(frozen=True, eq=False)
class Drawing:
    """A renderable of at most so many cells. lines: makes them for what the console has."""

    size: Size
    lines: Callable[[Inks], Sequence[Line]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        colour = console.color_system is not None and not console.no_color
        inks = Inks(colour, console.color_system == "standard", options.ascii_only)
        for line in self.lines(inks)[: self.size.lines]:
            yield from Segment.adjust_line_length(line, self.size.columns, pad=False)
            yield Segment.line()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        columns = min(self.size.columns, options.max_width)
        return Measurement(columns, columns)


def say(text: str, size: Size) -> Drawing:
    """Words instead of a picture."""
    return Drawing(size, lambda inks: [[Segment(line)] for line in wrapped(text, size.columns, size.lines)])


def cut(text: str, columns: int) -> str:
    """A text in so many columns, with an ellipsis where it is longer."""
    text = printable(text)
    if cell_len(text) <= columns:
        return text
    return set_cell_size(text, columns - 1) + "…" if columns > 0 else ""


def wrapped(text: str, columns: int, most: int) -> list[str]:
    """Words in at most so many lines, with an ellipsis where there are more."""
    lines: list[str] = []
    for word in printable(text).split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= columns:
            lines[-1] += f" {word}"
        elif len(lines) < most:
            lines.append(word)
        elif lines:
            lines[-1] = cut(f"{lines[-1]} …", columns) if cell_len(lines[-1]) + 2 <= columns else f"{lines[-1]}…"
            break
    return [cut(line, columns) for line in lines]


def padded(lines: Sequence[Line], columns: int, high: int) -> list[Line]:
    """So many lines, so many columns wide."""
    every = [*lines[:high], *([[]] * (high - len(lines)))]
    return [Segment.adjust_line_length(line, columns) for line in every]


def beside(parts: Sequence[Sequence[Line]]) -> list[Line]:
    """Blocks of lines from left to right."""
    high = max(map(len, parts), default=0)
    wide = [max((Segment.get_line_length(line) for line in part), default=0) for part in parts]
    blocks = [padded(part, width + GAP, high) for part, width in zip(parts, wide, strict=True)]
    return [[segment for block in blocks for segment in block[line]] for line in range(high)]


def grid(blocks: Sequence[Sequence[Line]], across: int) -> list[Line]:
    """Blocks of lines in rows of so many."""
    return [line for start in range(0, len(blocks), across) for line in beside(blocks[start : start + across])]
