"""The console of all commands. No control code in a text from files of others reaches the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from flagsae.printable import printable


class Screen(Console):
    """A console of Rich that replaces control characters in all text that it prints, also inside tables.

    Rich's own control codes pass.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text, style, control = segment
            if control or text.isprintable() or text == "\n":
                yield segment
            else:
                yield Segment(printable(text, lines=True), style)


def open_console(stream: TextIO) -> Screen:
    """The console on a stream. Text is printed as it is: no markup in square brackets, no emoji between colons.

    `FORCE_COLOR` turns colour on if the stream is no terminal; it has no other effect.
    """
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
