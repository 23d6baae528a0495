"""Lines of segments: made for the console that shows them; cut, wrapped, padded, and placed side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

from flagsae.printable import printable
from flagsae.visual.paint import scale
from flagsae.visual.resize import resized, thumbnail
from flagsae.visual.scene import Picture, Size
from flagsae.visual.terminal.blocks import letters_rows, rows
from flagsae.visual.terminal.charts import bar
from flagsae.visual.terminal.flat import MOST_COLOURS, indexed
from flagsae.visual.terminal.pictures import picture_rows

Line: TypeAlias = list[Segment]

BOLD, FAINT = Style(bold=True), Style(dim=True)
MORE, LESS = Style(color="#7fb77e"), Style(color="#e5646e")
GAP = 2  # columns between blocks side by side


@dataclass(frozen=True)
class Inks:
    """What a console can show, and pictures and bars drawn for it."""

    colour: bool  # whether it has colours
    few: bool  # whether it has at most 16 colours, in which averaged pixels would be lost
    ascii: bool  # whether it only has ASCII characters

    def picture(self, picture: Picture, columns: int, lines: int) -> list[Line]:
        """A picture (H x W x 3) stretched to `columns` x `lines` cells."""
        if not self.colour:
            return lettered(picture, columns, lines)
        if self.few:
            return rows(scale(picture, columns, 2 * lines, flat=True))
        return picture_rows(picture, columns, lines, "half" if self.ascii else "")

    def bar(self, value: float, full: float, columns: int, signed: bool, positive: Style = MORE) -> Line:
        """A value as a bar of at most `columns`. full: the value of a full bar; signed: whether the bar starts in the
        middle, as others beside it are negative; else it starts at the left."""
        charset = "ascii" if self.ascii else "braille"
        if signed:
            return bar(value, full, columns, positive, LESS, charset)
        both = bar(abs(value), full, 2 * columns, positive, LESS, charset)
        return both[1:] if columns else []  # without the blanks at the left of 0


def lettered(picture: Picture, columns: int, lines: int) -> list[Line]:
    """A picture in letters. A flat one is not averaged: the mean of two colours would get the letter of a third."""
    shrinks = columns <= picture.shape[1] and 2 * lines <= picture.shape[0]
    if shrinks and len(indexed(picture)[1]) <= MOST_COLOURS:
        return letters_rows(thumbnail(picture, columns, 2 * lines))
    return letters_rows(resized(picture, columns, lines))


@dataclass(frozen=True, eq=False)
class Drawing:
    """A renderable that is laid out when it is printed, as only then the console is known."""

    size: Size  # in cells; longer and further lines are cut
    lines: Callable[[Inks], Sequence[Line]]  # makes the lines for what the console can show

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
    """A text in place of a picture, wrapped and cut to `size`."""
    return Drawing(size, lambda inks: [[Segment(line)] for line in wrapped(text, size.columns, size.lines)])


def cut(text: str, columns: int) -> str:
    """A text cut to `columns` cells, with an ellipsis at the end if it was longer."""
    text = printable(text)
    if cell_len(text) <= columns:
        return text
    return set_cell_size(text, columns - 1) + "…" if columns > 0 else ""


def wrapped(text: str, columns: int, most: int) -> list[str]:
    """A text wrapped at `columns` cells into at most `most` lines, with an ellipsis at the end if there is more."""
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
    """Lines cut or filled up with blanks to `columns` cells each, and to `high` lines."""
    every = [*lines[:high], *([[]] * (high - len(lines)))]
    return [Segment.adjust_line_length(line, columns) for line in every]


def beside(parts: Sequence[Sequence[Line]]) -> list[Line]:
    """Blocks of lines joined side by side, `GAP` columns apart."""
    high = max(map(len, parts), default=0)
    wide = [max((Segment.get_line_length(line) for line in part), default=0) for part in parts]
    blocks = [padded(part, width + GAP, high) for part, width in zip(parts, wide, strict=True)]
    return [[segment for block in blocks for segment in block[line]] for line in range(high)]


def grid(blocks: Sequence[Sequence[Line]], across: int) -> list[Line]:
    """Blocks of lines in rows of `across` blocks."""
    return [line for start in range(0, len(blocks), across) for line in beside(blocks[start : start + across])]
