"""Pictures as segments of text for widgets: in block characters, or in letters where the terminal has no colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from flagsae.visual.paint import scale
from flagsae.visual.resize import resized
from flagsae.visual.terminal.blocks import letters_rows, rows
from flagsae.visual.terminal.pictures import picture_rows
from flagsae.workspace.collection import Picture


def cells(
    widget: Widget, picture: Picture, columns: int, lines: int, mark: Callable[[Picture], Picture] | None = None
) -> list[list[Segment]]:
    """A picture in `columns` x `lines` cells, as a list of segments for each line. picture: height x width x 3.

    mark: draws something upon the picture when that has two pixels a cell, and returns a copy.
    """
    depth = getattr(widget.app, "depth", "truecolor")
    if depth not in ("16", "none"):
        return picture_rows(picture, columns, lines, mark=mark)
    # With few colours the picture is made smaller without blending, which would give colours that are not among them.
    flat = columns <= picture.shape[1] and 2 * lines <= picture.shape[0]
    pixels = scale(picture, columns, 2 * lines, flat=True) if flat else resized(picture, columns, lines)
    if mark is not None:
        pixels = mark(pixels)
    if depth != "none":
        return rows(pixels)
    return [list(Segment.apply_style(line, widget.rich_style)) for line in letters_rows(pixels)]


def padded(segments: Sequence[Segment], left: int, width: int, style: Style) -> Strip:
    """A line of a widget: `left` empty cells, the segments, and empty cells up to the width."""
    line = [Segment(" " * left, style), *segments]
    return Strip(line).adjust_cell_length(width, style)
