"""Runs a renderable and keeps its output as lines of segments, cut to the size and without cursor movements."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import Literal, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.segment import Segment

from flagsae.visual.scene import Size

Colours: TypeAlias = Literal["standard", "256", "truecolor"]  # 16 colours, 256, 16.7 million

SPARE = 100  # trailing blank lines tolerated; output is cut after that, as a renderable may never end


@dataclass(frozen=True, eq=False)
class Capture:
    """What was drawn, cut to the size that was asked for."""

    lines: list[list[Segment]]
    """Segments of each line, without newlines: at most size.lines lines, each at most size.columns wide."""
    columns: int
    """The width of the widest line."""
    too_wide: bool = False
    """Whether something on the right was cut."""
    too_high: bool = False
    """Whether something at the bottom was cut."""


def capture(
    drawn: RenderableType, size: Size, *, colours: Colours | None = "truecolor", ascii_only: bool = False
) -> Capture:
    """A renderable as printed on a console of that size. colours: Rich's name for the console's colour system, None
    without colour; ascii_only: whether the console has only ASCII characters.

    Raises whatever the renderable raises, and Rich's `NotRenderableError`.
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
        _environ={},  # ignore COLUMNS and LINES: the size is given
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
    """A text of the same width, with a space in place of every unprintable character: escape codes, tabs, marks of
    direction. Spaces rather than escapes, as the layout is already fixed."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " * cell_len(letter) for letter in text)
