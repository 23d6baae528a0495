"""What a visualizer draws, caught as lines of segments: no more than fits, and nothing that could move a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import Literal, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.segment import Segment

from flagsae.visual.scene import Size

Colours: TypeAlias = Literal["standard", "256", "truecolor"]  # 16 colours, 256, 16.7 million

SPARE = 100  # empty lines below that are no fault; a renderable may go on for ever


@dataclass(frozen=True, eq=False)
class Capture:
    """lines: of segments without newlines, size.lines at most, size.columns wide at most; columns: the widest of them;
    too_wide, too_high: whether there was more, which was cut."""

    lines: list[list[Segment]]
    columns: int
    too_wide: bool = False
    too_high: bool = False


def capture(
    drawn: RenderableType, size: Size, *, colours: Colours | None = "truecolor", ascii_only: bool = False
) -> Capture:
    """A renderable as it is printed in so many cells. colours: those of the console, as Rich calls them.

    Raises whatever it raises, and `NotRenderableError` of Rich.
    """
    console = Console(
        file=StringIO(),
        width=size.columns,
        height=size.lines,
        color_system=colours,
        no_color=colours is None,
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        _environ={},  # the size is given, whatever COLUMNS says
    )
    options = console.options
    if ascii_only:
        options.encoding = "ascii"
    lines: list[list[Segment]] = [[]]
    width = widest = 0
    too_wide = False
    for text, style, control in console.render(drawn, options):
        if control:
            continue
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append([])
                width = 0
                if len(lines) > size.lines + SPARE:
                    return Capture(lines[: size.lines], widest, too_wide, True)
            shown = _blanked(piece)
            cells = cell_len(shown)
            if not cells:
                continue
            if len(lines) > size.lines:
                return Capture(lines[: size.lines], widest, too_wide, True)
            if width + cells > size.columns:
                too_wide = True
                cells = size.columns - width
                shown = set_cell_size(shown, cells)
            if cells:
                if style is not None:
                    style = style.clear_meta_and_links() if colours else style.clear_meta_and_links().without_color
                lines[-1].append(Segment(shown, style))
                width += cells
                widest = max(widest, width)
    while lines and not lines[-1]:
        lines.pop()
    return Capture(lines[: size.lines], widest, too_wide)


def _blanked(text: str) -> str:
    """A text of the same width without what a terminal would take for more than a letter: escape codes, tabs, marks of
    direction. Blanks and not escapes, as what is drawn has been laid out."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " * cell_len(letter) for letter in text)
