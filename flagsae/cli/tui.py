"""`flagsae tui`: the application, in this terminal or in a browser."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.errors import UsageError
from flagsae.visual.terminal.kinds import AUTO, detected

if TYPE_CHECKING:
    from flagsae.tui.app import FlagsaeApp

CHARSETS = ("braille", "block", "ascii")


def command(
    expression: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EXPR...]",
            help='What to mix first: flags, or a sum in quotes, as in "morocco + 0.5*laos".',
            autocompletion=options.complete_terms,
            show_default=False,
        ),
    ] = None,
    data: options.Data = "",
    model: options.ModelName = "",
    screen: Annotated[
        str,
        typer.Option(
            "--screen",
            metavar="mix|flags|features|map|train|lab",
            help="Which screen to open on; by default the one last seen.",
            show_default=False,
        ),
    ] = "",
    color: Annotated[
        str,
        typer.Option("--color", metavar="auto|truecolor|256|16|none", help="How many colours the terminal has."),
    ] = "auto",
    cells: options.Cells = AUTO,
    charset: Annotated[
        str,
        typer.Option("--charset", metavar="braille|block|ascii", help="What curves and the map are drawn with."),
    ] = "braille",
    serve: Annotated[
        bool, typer.Option("--serve", help="Open it in a browser on this machine instead.", show_default=False)
    ] = False,
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="Where to serve; 0 takes a free port.", min=0, max=65535)
    ] = 8000,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget the screen, the theme and the flag of last time.")
    ] = False,
) -> None:
    """The terminal application: mix flags with sliders, look at features, the map of all flags and live training.

    flagsae tui

    flagsae tui morocco colombia --screen map

    flagsae tui --serve --port 0

    ? shows the keys of every screen, q ends it. --serve draws it in a browser, for this machine only.
    """
    from flagsae.mixing.expression import join
    from flagsae.tui import letters, terminal
    from flagsae.tui.commands import SCREENS
    from flagsae.tui.state import memory

    for option, value, known in (
        ("--screen", screen, ("", *SCREENS)),
        ("--color", color, ("auto", *terminal.DEPTHS)),
        ("--charset", charset, CHARSETS),
    ):
        if value not in known:
            raise UsageError(f"{option} {value!r}: give one of {', '.join(filter(None, known))}")
    _ = detected(os.environ, cells)  # raises what is wrong with them, also before serving
    if not serve and not terminal.served(os.environ) and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the application needs a terminal: run it in one, or give --serve to see it in a browser")
    if fresh:
        memory.forget()
    total = join(expression or [])
    if serve:
        from flagsae.tui import child
        from flagsae.tui.serve import serve as serve_pages

        given = {"data": data, "model": model, "screen": screen, "charset": charset}
        given["cells"] = "" if cells == AUTO else cells
        given["color"] = "truecolor" if color == "auto" else color
        words = [f"--{name}={value}" for name, value in given.items() if value] + ["--", total] * bool(total)
        raise SystemExit(serve_pages(port, child.command("tui", *words)))
    depth, found = terminal.detect(os.environ, color), detected(os.environ, cells)
    if not terminal.served(os.environ) and letters.plain(os.environ, sys.stdout.encoding):
        depth, charset = "none", "ascii"

    def make() -> FlagsaeApp:
        from flagsae.tui.app import FlagsaeApp

        return FlagsaeApp(data, model, screen, total, depth, charset, found)

    raise SystemExit(terminal.run(make, depth))
