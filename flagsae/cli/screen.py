"""What the subcommands say and draw: data on stdout, everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flagsae.cli.streams import can_show
from flagsae.errors import UsageError
from flagsae.printable import json_line, printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console, RenderableType
    from rich.text import Text


def note(message: str, quiet: bool = False) -> None:
    """A line for a person, on stderr."""
    if not quiet:
        sys.stderr.write(f"{printable(message)}\n")


def draws(json_wanted: bool) -> bool:
    """Whether to draw: on a terminal, unless JSON is asked for."""
    return not json_wanted and sys.stdout.isatty()


def console(*, stderr: bool = False) -> Console:
    """The console on stdout or stderr. All that commands draw is printed on one."""
    from flagsae.cli.console import open_console

    return open_console(sys.stderr if stderr else sys.stdout)


def words(text: str, style: str = "") -> Text:
    """A text of others as one line of words: a newline in a title must not tear a table."""
    from rich.text import Text

    return Text(printable(text), style)


def coloured(out: Console) -> bool:
    """Whether pictures can be drawn here in half blocks of colour."""
    return not out.no_color and out.color_system is not None and can_show("▀▄", out.encoding)


def picture(pixels: NDArray[np.uint8], columns: int, out: Console) -> RenderableType:
    """A picture `columns` cells wide in its own proportions, or in letters where there is no colour or no half block.

    pixels: H x W x 3, at least as large as it is drawn.
    """
    from rich.text import Text

    from flagsae.visual.paint import scale
    from flagsae.visual.terminal.blocks import half_blocks, letters

    rows = max(1, round(columns * pixels.shape[0] / pixels.shape[1] / 2))
    if not coloured(out):
        return Text(letters(scale(pixels, columns, rows, flat=True)))
    return half_blocks(scale(pixels, columns, 2 * rows))


def beside(
    parts: list[tuple[str, NDArray[np.uint8]]], whole: tuple[str, NDArray[np.uint8]], out: Console
) -> RenderableType:
    """Small pictures with their names, one above the other, and beside them a large one with its own."""
    from rich.table import Table

    width = min(out.width, 100)
    stacks = 1 if len(parts) <= 3 else 2 if len(parts) <= 8 else 4
    lines = -(-len(parts) // stacks)  # pictures in a stack
    # The stacks are as high as the large picture: a third of its width in rows, one more row a name.
    small = max(6, min(24, round((0.3 if stacks == 1 else 0.5) * width / stacks)))
    if lines > 1:
        small = max(6, min(small, round(54 / lines)))
    large = max(12, min(width - stacks * (small + 2) - 1, 3 * (lines * (small // 3 + 1) - 1) if lines > 1 else 48))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(stacks):
        grid.add_column(width=small)
    grid.add_column(width=large)
    columns = []
    for stack in range(stacks):
        column = Table.grid()
        for title, pixels in parts[stack * lines : (stack + 1) * lines]:
            column.add_row(picture(pixels, small, out))
            column.add_row(fit(title, small))
        columns.append(column)
    column = Table.grid()
    column.add_row(picture(whole[1], large, out))
    column.add_row(fit(whole[0], large))
    grid.add_row(*columns, column)
    return grid


def alike(pictures: list[tuple[str, NDArray[np.uint8]]], out: Console, places: int = 0) -> RenderableType:
    """Pictures of one size side by side, each over its name; places: as many columns as an earlier row had."""
    from rich.table import Table

    columns = max(6, min(48, min(out.width, 160) // max(places, len(pictures)) - 2))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in pictures:
        grid.add_column(width=columns)
    grid.add_row(*(picture(pixels, columns, out) for _, pixels in pictures))
    grid.add_row(*(fit(title, columns) for title, _ in pictures))
    return grid


def fit(text: str, columns: int) -> RenderableType:
    """A title in at most so many columns."""
    line = words(text)
    line.truncate(columns, overflow="ellipsis")
    return line


def write(data: bytes, output: str, quiet: bool) -> None:
    """Writes a file's bytes to a path, or to stdout, which must not be a terminal."""
    from flagsae import paths

    if output == "-":
        if sys.stdout.isatty():
            raise UsageError("a PNG on a terminal is noise: redirect stdout, or give -o FILE.png")
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with paths.replacing(Path(output)) as file:
        file.write(data)
    note(f"wrote {output}", quiet)


def check_output(output: str, suffixes: Sequence[str] = (".png",)) -> None:
    """Refuses what cannot be written before any work is done."""
    from flagsae import paths

    if not output or output == "-" or output.endswith("/"):
        return
    if paths.is_folder(output):
        raise UsageError(f"{output} is a folder: write {output}/ to put one file a picture into it")
    if Path(output).suffix.lower() not in suffixes:
        known = ", ".join(f"FILE{suffix}" for suffix in suffixes)
        raise UsageError(f"cannot write {Path(output).suffix or 'a file without suffix'}: give -o {known}")
    paths.writable(Path(output))


def check_count(output: str, count: int, folder: str = "flags/") -> None:
    """Refuses several pictures in one file. folder: what to give instead."""
    if output and not output.endswith("/") and count > 1:
        raise UsageError(f"{count} pictures do not fit into one file: give a folder, as in -o {folder}")


def record(**fields: Any) -> None:
    """One JSON line on stdout, at once."""
    sys.stdout.write(json_line(fields, sys.stdout.encoding or "utf-8"))
    sys.stdout.flush()


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(errors="backslashreplace")  # halves of surrogate pairs
