"""A widget that shows one picture, as large as fits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from flagsae.tui.widgets.pixels import cells, padded
from flagsae.visual.resize import fit
from flagsae.workspace.collection import Picture

Box = tuple[float, float, float, float]  # top, bottom, left, right, as shares of height and width


def framed(picture: Picture, box: Box) -> Picture:
    """A copy of a picture with a frame around a box. Its dashes are black and white, to be visible on every flag.

    picture: height x width x 3.
    """
    height, width = picture.shape[:2]
    top, bottom = max(0, int(box[0] * height) - 1), min(height - 1, int(np.ceil(box[1] * height)))
    left, right = max(0, int(box[2] * width) - 1), min(width - 1, int(np.ceil(box[3] * width)))
    out = picture.copy()
    down, along = np.mgrid[:height, :width]
    inside = (down >= top) & (down <= bottom) & (along >= left) & (along <= right)
    edge = inside & ((down == top) | (down == bottom) | (along == left) | (along == right))
    out[edge] = np.where((down + along)[edge, None] // 2 % 2, 255, 0)
    return out


class Canvas(Widget):
    """Shows a picture in the middle of the widget, in its own proportions."""

    DEFAULT_CSS = """
    Canvas { width: 1fr; height: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.picture: Picture | None = None
        self.box: Box | None = None
        self.beside: Sequence[Canvas] = ()  # other canvases that this one is compared with: all pictures have one size
        self._drawn: tuple[tuple[int, int], list[list[Segment]]] | None = None  # (columns, lines) and the lines drawn

    def show(self, picture: Picture | None) -> None:
        """picture: height x width x 3; None empties the canvas."""
        self.picture = picture
        self._drawn = None
        self.refresh()

    def redraw(self) -> None:
        """Draws the picture again, in other characters."""
        self._drawn = None
        self.refresh()

    def point_at(self, box: Box | None) -> None:
        """Draws a frame around a part of the picture, or none."""
        if box != self.box:
            self.box = box
            self._drawn = None
            self.refresh()

    @property
    def extent(self) -> tuple[int, int]:
        """Columns and lines that the picture takes at the widget's current size."""
        if self.picture is None or not self.size.width or not self.size.height:
            return 0, 0
        sizes = [one.size for one in (self, *self.beside) if one.size.width and one.size.height]
        width, height = min(size.width for size in sizes), min(size.height for size in sizes)
        return fit(self.picture.shape[0], self.picture.shape[1], width, height)

    def on_resize(self) -> None:
        for one in self.beside:
            one.refresh()

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        columns, lines = self.extent
        style = self.rich_style
        if self.picture is None or not columns:
            return Strip.blank(width, style)
        if self._drawn is None or self._drawn[0] != (columns, lines):
            frame = None if self.box is None else partial(framed, box=self.box)
            self._drawn = ((columns, lines), cells(self, self.picture, columns, lines, frame))
        line = y - (height - lines) // 2
        if not 0 <= line < lines:
            return Strip.blank(width, style)
        return padded(self._drawn[1][line], (width - columns) // 2, width, style)
