"""What subcommands write and draw: data on stdout, everything else on stderr."""

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


UNICODE = "🬀"  # an encoding with this one has all block characters

# The layout of `beside` and `picture_row`: columns of a terminal, where nothing else is said; by eye.
WIDEST = 100  # used by `beside`
WIDEST_ROW = 160  # used by `picture_row`
IN_ROW = (6, 48)  # a picture in a row: smallest, largest
STACKS = ((3, 1), (8, 2))  # (up to so many pictures, so many stacks)
MOST_STACKS = 4  # for more pictures
SHARE_OF_ONE, SHARE_OF_MORE = 0.3, 0.5  # of the width, for one stack and for several
SMALL = (6, 24)  # a picture in a stack: smallest, largest
STACK = 54  # the widths of the pictures in a stack added up: they are a third as high, which fits on a screen
LARGE = (12, 48)  # the large picture: smallest, and largest beside single pictures


def note(message: str, quiet: bool = False) -> None:
    """Writes a line for the user to stderr."""
    if not quiet:
        sys.stderr.write(f"{printable(message)}\n")


def draws(json_wanted: bool) -> bool:
    """Whether to draw: if stdout is a terminal and JSON is not asked for."""
    return not json_wanted and sys.stdout.isatty()


def console(*, stderr: bool = False) -> Console:
    """The console on stdout or stderr; commands print on no other."""
    from flagsae.cli.console import open_console

    return open_console(sys.stderr if stderr else sys.stdout)


def words(text: str, style: str = "") -> Text:
    """A text from files of others, as one line: a newline in a title must not break a table."""
    from rich.text import Text

    return Text(printable(text), style)


def coloured(out: Console) -> bool:
    """Whether this console can show pictures as half blocks in colour."""
    return not out.no_color and out.color_system is not None and can_show("▀▄", out.encoding)


def picture(pixels: NDArray[np.uint8], columns: int, out: Console) -> RenderableType:
    """A picture `columns` cells wide, in its own proportions: in block characters, or in letters without colour.

    pixels: H x W x 3, at least as large as it is drawn.
    """
    from rich.text import Text

    from flagsae.visual.paint import scale
    from flagsae.visual.terminal.blocks import letters
    from flagsae.visual.terminal.pictures import in_cells

    rows = max(1, round(columns * pixels.shape[0] / pixels.shape[1] / 2))
    if not coloured(out):
        return Text(letters(scale(pixels, columns, rows, flat=True)))
    return in_cells(pixels, columns, rows, "" if can_show(UNICODE, out.encoding) else "half")


def beside(
    parts: list[tuple[str, NDArray[np.uint8]]], whole: tuple[str, NDArray[np.uint8]], out: Console
) -> RenderableType:
    """Small pictures in stacks, and to the right of them a large one, each above its title.

    parts: (title, H x W x 3) of the small ones; whole: of the large one.
    """
    from rich.table import Table

    width = min(out.width, WIDEST)
    stacks = next((stacks for most, stacks in STACKS if len(parts) <= most), MOST_STACKS)
    in_stack = -(-len(parts) // stacks)
    share = SHARE_OF_ONE if stacks == 1 else SHARE_OF_MORE
    small = max(SMALL[0], min(SMALL[1], round(share * width / stacks)))
    if in_stack > 1:
        small = max(SMALL[0], min(small, round(STACK / in_stack)))
    # As high as a stack: a picture has a third as many lines as columns, and each title takes a line.
    as_high = 3 * (in_stack * (small // 3 + 1) - 1) if in_stack > 1 else LARGE[1]
    large = max(LARGE[0], min(width - stacks * (small + 2) - 1, as_high))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(stacks):
        grid.add_column(width=small)
    grid.add_column(width=large)
    columns = []
    for stack in range(stacks):
        column = Table.grid()
        for title, pixels in parts[stack * in_stack : (stack + 1) * in_stack]:
            column.add_row(picture(pixels, small, out))
            column.add_row(fit(title, small))
        columns.append(column)
    column = Table.grid()
    column.add_row(picture(whole[1], large, out))
    column.add_row(fit(whole[0], large))
    grid.add_row(*columns, column)
    return grid


def picture_row(pictures: list[tuple[str, NDArray[np.uint8]]], out: Console, places: int = 0) -> RenderableType:
    """Pictures of one size side by side, each above its title.

    places: how many pictures a full row has, so that a shorter one has pictures of the same size.
    """
    from rich.table import Table

    columns = max(IN_ROW[0], min(IN_ROW[1], min(out.width, WIDEST_ROW) // max(places, len(pictures)) - 2))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in pictures:
        grid.add_column(width=columns)
    grid.add_row(*(picture(pixels, columns, out) for _, pixels in pictures))
    grid.add_row(*(fit(title, columns) for title, _ in pictures))
    return grid


def fit(text: str, columns: int) -> RenderableType:
    """A title, cut off with an ellipsis if it is wider than so many columns."""
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
    """Raises `UsageError` for a path that cannot be written; to be called before any work is done."""
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
    """Raises `UsageError` for several pictures in one file. folder: the path that the message suggests instead."""
    if output and not output.endswith("/") and count > 1:
        raise UsageError(f"{count} pictures do not fit into one file: give a folder, as in -o {folder}")


def record(**fields: Any) -> None:
    """Writes a JSON line to stdout, and flushes it for a reader that waits."""
    sys.stdout.write(json_line(fields, sys.stdout.encoding or "utf-8"))
    sys.stdout.flush()


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The bytes of a CSV file."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(errors="backslashreplace")  # a name may have lone surrogates
