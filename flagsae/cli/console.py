"""The console of all commands: a terminal obeys Rich's own codes, and nothing that stands in a text of others."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from flagsae.printable import printable


class Screen(Console):
    """A console of Rich that filters what is printed, whatever it is part of. Square brackets and colons in a text
    mean themselves."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text, style, control = segment
            if control or text.isprintable() or text == "\n":
                yield segment
            else:
                yield Segment(printable(text, lines=True), style)


def open_console(stream: TextIO) -> Screen:
    """The console on a stream. `FORCE_COLOR` gives colour to one that is no terminal, and does nothing else."""
    terminal = stream.isatty()
    forced = os.environ.get("FORCE_COLOR", "") not in ("", "0")
    colours = Console(file=stream, force_terminal=True).color_system if forced and not terminal else "auto"
    return Screen(
        file=stream,
        force_terminal=terminal,
        color_system=colours,  # type: ignore[arg-type]
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )
