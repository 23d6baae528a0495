"""Pictures as strips of a widget, in blocks or, without colour, in letters."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from flagsae.visual.paint import scale
from flagsae.visual.resize import resized
from flagsae.visual.terminal.blocks import letters_rows, rows
from flagsae.workspace.workspace import Picture


def cells(widget: Widget, picture: Picture, columns: int, lines: int) -> list[list[Segment]]:
    """A picture in so many cells, as segments a line."""
    depth = getattr(widget.app, "depth", "truecolor")
    # Blended edges are colours that few colours don't have.
    flat = depth in ("16", "none") and columns <= picture.shape[1] and 2 * lines <= picture.shape[0]
    pixels = scale(picture, columns, 2 * lines, flat=True) if flat else resized(picture, columns, lines)
    if depth != "none":
        return rows(pixels)
    return [list(Segment.apply_style(line, widget.rich_style)) for line in letters_rows(pixels)]


def padded(segments: Sequence[Segment], left: int, width: int, style: Style) -> Strip:
    """A line of a widget: segments after so many empty cells, then more of these up to the width."""
    line = [Segment(" " * left, style), *segments]
    return Strip(line).adjust_cell_length(width, style)
