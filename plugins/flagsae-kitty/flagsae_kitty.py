"""True pixels, where the terminal has them: `flagsae compose morocco colombia --view kitty`.

textual-image knows the protocols of kitty and of sixel. It asks the terminal which of them it speaks when it is
imported, so that is done when something is printed on one, and nowhere else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from logging import NullHandler, getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import ControlType, Segment

from flagsae.errors import UsageError
from flagsae.visual import Picture, Scene, Size, show
from flagsae.visual.paint import draw, scale
from flagsae.visual.vector.outline import trace

if TYPE_CHECKING:
    from textual_image._terminal import CellSize

VARIABLE = "FLAGSAE_KITTY"
CLASSES = {"kitty": "TGPImage", "sixel": "SixelImage"}  # of textual_image.renderable
BLOCKS = "blocks"
MOST = 297  # cells of a side: kitty's protocol has no more numbers for them
MOST_COLOURS = 32  # of a flat picture, as flags and designs are
ROUGHEST = 0.12  # changes of colour a pixel, more than any flag has: specks, that have no outlines
NO_WIDTH = [(ControlType.CURSOR_FORWARD, 0)]  # marks a segment as one that takes no cells

getLogger("textual_image").addHandler(NullHandler())  # else a terminal that does not answer is a traceback on stderr


class Kitty:
    summary = "True pixels, in kitty and in terminals with sixel."

    def render(self, scene: Scene, size: Size) -> RenderableType:
        wanted = os.environ.get(VARIABLE, "")
        if wanted not in ("", *CLASSES, BLOCKS):
            known = ", ".join(CLASSES)
            raise UsageError(f"{VARIABLE} is {wanted!r}: set it to {known} or {BLOCKS}, or unset it")
        if scene.picture is None or wanted == BLOCKS:
            return show(scene.picture, size)
        return Pixels(scene.picture, size, wanted)


@dataclass(frozen=True, eq=False)
class Pixels:
    """A picture in pixels, or in blocks where there are none. wanted: one of `CLASSES`, or "" to ask the terminal."""

    picture: Picture
    size: Size
    wanted: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        found = ask(self.wanted) if reaches(console, options) else None
        if found is None:
            yield show(self.picture, self.size)
            return
        kind, cell = found
        # A sixel picture as high as the window would have scrolled out of it before it is drawn.
        room = Size(min(self.size.columns, MOST), min(self.size.lines, MOST, console.height - 1))
        columns, lines = fit(self.picture, room, cell)
        pixels = enlarged(self.picture, columns * cell.width, lines * cell.height)
        yield from uncounted(console.render(kind(Image.fromarray(pixels), columns, lines), options))


def reaches(console: Console, options: ConsoleOptions) -> bool:
    """Whether the console is the terminal to which textual-image writes, and has colour."""
    if console.file is not sys.__stdout__ or not console.file.isatty():
        return False
    return not (console.no_color or console.color_system is None or console.legacy_windows or options.ascii_only)


def ask(wanted: str) -> tuple[Callable[..., RenderableType], CellSize] | None:
    """The class that draws pixels on this terminal, and how many pixels a cell has; None where it says of none.

    What is wanted is not asked for. The size of a cell is, where the system does not know it.
    """
    try:
        with ExitStack() as streams:
            if sys.__stdin__ is None or not sys.__stdin__.isatty():
                # It waits for answers there, and records are piped in: flagsae sample --json | flagsae compose -
                streams.enter_context(swapped(__stdin__=streams.enter_context(Path("/dev/tty").open())))
            with swapped(__stdout__=None) if wanted else nullcontext():
                from textual_image import renderable
            kind = getattr(renderable, CLASSES[wanted]) if wanted else renderable.Image
            if kind in (renderable.HalfcellImage, renderable.UnicodeImage):
                return None
            from textual_image._terminal import get_cell_size

            return kind, get_cell_size()
    except (OSError, ValueError, ZeroDivisionError):  # no terminal, an answer cut by a key, a window of 0 x 0
        return None


@contextmanager
def swapped(**streams: Any) -> Iterator[None]:
    """Other streams in `sys` for a while."""
    before = {name: getattr(sys, name) for name in streams}
    vars(sys).update(streams)
    try:
        yield
    finally:
        vars(sys).update(before)


def fit(picture: Picture, size: Size, cell: CellSize) -> tuple[int, int]:
    """The most columns and lines in which a picture keeps its proportions, to half a column."""
    ratio = picture.shape[1] * cell.height / (picture.shape[0] * cell.width)  # columns of a line
    lines = max(1, min(size.lines, int(size.columns / ratio)))
    return max(1, min(size.columns, round(lines * ratio))), lines


def enlarged(picture: Picture, width: int, height: int) -> Picture:
    """A picture at another size. A flat one that grows is drawn anew along its outlines, and has no stairs."""
    packed = picture.astype(np.int64) @ (1 << 16, 1 << 8, 1)
    colours, labels = np.unique(packed, return_inverse=True)
    labels = labels.reshape(packed.shape)
    if width <= picture.shape[1] or len(colours) > MOST_COLOURS or roughness(labels) > ROUGHEST:
        return scale(picture, width, height)
    tints = (colours[:, None] >> (16, 8, 0) & 255).astype(np.uint8)
    return draw(trace(labels.astype(np.uint8)), tints, labels.shape, width, height)


def roughness(labels: Any) -> float:
    """Changes of colour a pixel. labels: H x W."""
    return sum(int(np.count_nonzero(np.diff(labels, axis=axis))) for axis in (0, 1)) / labels.size


def uncounted(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Segments as they must arrive: kitty takes a placeholder's colour for the number of its picture.

    Rich would round it to what it believes the terminal has, which over SSH is 256 colours.
    """
    for text, style, control in segments:
        if style is None:
            yield Segment(text, None, control)
        else:
            yield Segment(style.render(text.rstrip("\n"), color_system=ColorSystem.TRUECOLOR), None, NO_WIDTH)
            yield Segment.line()
