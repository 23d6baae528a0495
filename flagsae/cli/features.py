"""`flagsae features`: the dictionary as a grid of atoms; `flagsae features 17`: all that is known of one feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.cli.screen import check_count, check_output, console, draws, fit, note, picture, record, words, write
from flagsae.errors import ModelError, UsageError
from flagsae.printable import json_line
from flagsae.workspace.dictionaries import KINDS, Book
from flagsae.workspace.dictionaries import sort as ordered

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from flagsae.visual.tiles import SheetTile

ORDERS = ("density", "strength", "index", "label")
CELL = 20  # columns of a terminal that an atom takes at least, with the gap to the next


def command(
    features: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[N...]",
            help="Features: 12 or f12 of whole flags, l39 of layouts, s245 of shapes. Without any, all of them.",
            show_default=False,
        ),
    ] = None,
    dictionary: Annotated[
        str,
        typer.Option(
            "--dictionary",
            metavar="|".join(KINDS),
            help="Features of whole flags, of the regions of a ground (stripe, cross), or of figures (star, crescent).",
        ),
    ] = "canvas",
    find: Annotated[
        str, typer.Option("--find", metavar="WORDS", help="Only those whose label has these words.", show_default=False)
    ] = "",
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="|".join(ORDERS),
            help="density: those that fire for most flags first; strength: by their mean activation where they fire, "
            "those of parts by the highest.",
        ),
    ] = "density",
    page: Annotated[
        int, typer.Option("--page", metavar="N", help="Which screenful of the grid to draw; 0 draws all.", min=0)
    ] = 1,
    columns: Annotated[
        int, typer.Option("--columns", metavar="N", help="Atoms in a row of the written grid.", min=1, max=64)
    ] = 8,
    data: options.Data = "",
    model: options.ModelName = "",
    view: options.View = "",
    output: options.Output = "",
    size: Annotated[
        int, typer.Option("--size", metavar="PIXELS", help="Width of the written picture.", min=100, max=10000)
    ] = 1600,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show what the features of a model stand for: all of them as a grid of atoms, or some of them, each on its card.

    flagsae features

    flagsae features 12 f17

    flagsae features --dictionary shape --find star

    flagsae features l39 s245

    flagsae features -o grid.png --columns 16 --size 3200

    flagsae features f84 --view heat

    flagsae features --json | jq 'select(.trusted) | .label'

    An atom is what its feature adds to a flag's scores: the large picture shows the colours that it adds, the small
    one those that it takes away, grey where it does neither. Features of the seed preset add and take light: there
    is one picture, lighter than mid grey in the channels to which it adds. So it is with features of parts, which add
    to the mask of a region.

    A label is read off the atom and off the flags for which the feature fires. "unsure:" is said of one that is not
    true of enough of them, or that could be chance. Features of parts are called what they fire for among drawn
    regions, whose classes are known: "star 5, 98 %" is pure, "dead" fires for none of them.

    In a pipe it writes JSON lines {"feature", "label", "trusted", "precision", "density", "mean", "max", "top",
    "bottom", "histogram", "with", "attributes", "model"}; of parts {"feature", "dictionary", "name", "label",
    "purity", "trusted", "classes", "speaks", "flags", "top", "model"}.
    """
    from flagsae.cli.views import open_view

    seen = open_view(view, output, size, json, quiet)
    if seen is None:
        check_output(output, (".png", ".json"))
    if sort not in ORDERS:
        raise UsageError(f"--sort is one of {', '.join(ORDERS)}, not {sort!r}")
    if dictionary not in KINDS:
        raise UsageError(f"--dictionary is one of {', '.join(KINDS)}, not {dictionary!r}")
    if features and find:
        raise UsageError("--find looks through all features: leave their numbers out")
    named = [_named(word, dictionary) for word in features or []]
    kinds = {kind for kind, _, _ in named} or {dictionary}
    if (data or model) and "canvas" not in kinds:
        raise UsageError("the part dictionaries are those shipped: leave --data and --model out")
    if seen is not None:
        if find:
            raise UsageError("--view shows all features, or those that you name: leave --find out")
        check_count(output, len(named), "features/")
    books = _open(kinds, data, model, quiet)
    if seen is not None:
        scenes = [book.scene(feature) for book, feature in _chosen(named, books)] or [books[dictionary].scene()]
        for scene in scenes:
            seen.show(scene, one_of=len(scenes))
        return
    if named:
        shown = _chosen(named, books)
    else:
        book = books[dictionary]
        shown = [(book, feature) for feature in _sorted(book, _found(book, find), sort)]
    if output:
        _save(shown, bool(named), output, columns, size, quiet)
    if output == "-":
        return
    if not draws(json):
        if json or not output:
            for book, feature in shown:
                record(**book.record(feature))
        return
    out = console()
    from flagsae.cli.cards import draw_card

    if named:
        for book, feature in shown:
            draw_card(book, feature, out)
    else:
        _draw_grid(book, [feature for _, feature in shown], out, page, quiet)


def _named(word: str, dictionary: str) -> tuple[str, int, str]:
    """(dictionary, number, the word) of `f12`, `l39`, `s188`, or of `12` in the dictionary that is asked for."""
    kinds = {prefix: kind for kind, prefix in KINDS.items()}
    kind = kinds.get(word[:1].lower())
    digits = word[1:] if kind else word
    if not (digits.isascii() and digits.isdecimal()):
        raise UsageError(f"no feature {word!r}: give numbers, as in 12 or f12, or l39 and s245 of parts")
    return kind or dictionary, int(digits), word


def _open(kinds: set[str], data: str, model: str, quiet: bool) -> dict[str, Book]:
    """The dictionaries of some kinds; those of parts are always the shipped ones."""
    from flagsae.workspace.canvas_book import CanvasBook
    from flagsae.workspace.part_book import PartBook
    from flagsae.workspace.workspace import open_collection, open_workspace

    books: dict[str, Book] = {}
    if "canvas" in kinds:
        books["canvas"] = CanvasBook(open_workspace(data, model, partial(note, quiet=quiet)))
    if parts := kinds - {"canvas"}:
        shipped = open_collection()
        if not shipped.knows_parts:
            raise ModelError("the part dictionaries are of other flags than flags.npz: run `python data/make.py parts`")
        books |= {kind: PartBook(shipped, kind) for kind in parts}
    return books


def _chosen(named: Sequence[tuple[str, int, str]], books: Mapping[str, Book]) -> list[tuple[Book, int]]:
    """The features that were asked for, each once. Raises `UsageError` with the range."""
    for kind, number, word in named:
        if number >= len(books[kind]):
            what = "this model" if kind == "canvas" else f"the {kind} dictionary"
            raise UsageError(f"no feature {word}: {what} has features 0 to {len(books[kind]) - 1}")
    return [(books[kind], number) for kind, number in dict.fromkeys((kind, number) for kind, number, _ in named)]


def _found(book: Book, words: str) -> list[int]:
    parts = words.casefold().split()
    found = [
        feature for feature in range(len(book)) if all(part in book.label(feature)[0].casefold() for part in parts)
    ]
    if not found:
        raise UsageError(f"no label has the words {words!r}: flagsae features --sort label shows what there is")
    return found


def _sorted(book: Book, features: Sequence[int], order: str) -> list[int]:
    if order == "label":
        return sorted(features, key=lambda feature: (not book.label(feature)[1], book.said(feature)))
    return ordered(book, features, "number" if order == "index" else order)


# On a terminal.


def _draw_grid(book: Book, features: Sequence[int], out: Console, page: int, quiet: bool) -> None:
    """A screenful of atoms, each with its number, how often it fires, and its label."""
    from rich.table import Table

    from flagsae.cli.cards import legend
    from flagsae.cli.cards import tiles as tiles_of

    columns = max(1, min(len(features), out.width // CELL))
    width = min(28, out.width // columns - 2)
    large = round(0.62 * width)
    height = max(2, round(large * book.shape[0] / book.shape[1] / 2)) + 3
    rows = max(1, (out.height - 2) // height)
    pages = -(-len(features) // (rows * columns))
    if page > pages:
        raise UsageError(f"--page {page}: there are {pages}")
    start = (page - 1) * rows * columns if page else 0
    shown = features[start : start + rows * columns] if page else features
    tiles = tiles_of(book, shown, large)
    for first in range(0, len(tiles), columns):
        row = tiles[first : first + columns]
        grid = Table.grid(padding=(0, 2, 0, 0))
        for _ in row:
            grid.add_column(width=width)
        grid.add_row(*(_draw_tile(tile, large, width, out) for tile in row))
        out.print(grid)
    trusted = sum(book.label(feature)[1] for feature in features)
    left = f"; page {page} of {pages}" + (f", --page {page + 1} goes on" if page < pages else "") if page else ""
    note(f"{len(features)} features, {trusted} with a label to be trusted{left}", quiet)
    if how := legend(book, tiles):
        note(how, quiet)


def _draw_tile(tile: SheetTile, large: int, width: int, out: Console) -> RenderableType:
    """The picture, beside it the small one over the title, below it two lines of words."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    beside = Table.grid()
    beside.add_column(width=width - large - 1)
    if tile.small is not None:
        beside.add_row(picture(tile.small, width - large - 1, out))
    for word in tile.title.split(" ", 1):
        beside.add_row(fit(word, width - large - 1))
    upper = Table.grid(padding=(0, 1, 0, 0))
    upper.add_column(width=large)
    upper.add_column(width=width - large - 1)
    upper.add_row(picture(tile.picture, large, out), beside)
    lines = words(tile.words, "dim" if tile.faint else "").wrap(out, width)
    if len(lines) > 2:
        lines[1].rstrip()
        lines[1].append(" " + " ".join(line.plain.strip() for line in lines[2:]))
        lines[1].truncate(width, overflow="ellipsis")
    return Group(upper, *(list(lines) + [Text("")] * 2)[:2], Text(""))


# Files.


def _save(shown: Sequence[tuple[Book, int]], cards: bool, output: str, columns: int, size: int, quiet: bool) -> None:
    """Writes a grid of one dictionary, or cards; a folder takes a card a file."""
    from flagsae.cli.cards import CARD, card_tiles, legend, tiles
    from flagsae.visual.tiles import sheet

    first = shown[0][0]
    about = {"Software": "flagsae", "flagsae:model": ", ".join(dict.fromkeys(book.model_hash for book, _ in shown))}
    names = [f"{book.name(feature)} {book.said(feature)}" for book, feature in shown]
    if output.lower().endswith(".json"):
        write("".join(json_line(book.record(feature)) for book, feature in shown).encode(), output, quiet)
    elif output.endswith("/"):
        for (book, feature), title in zip(shown, names, strict=True):
            data = sheet(card_tiles(book, feature), size, CARD, {"Title": title, **about})
            write(data, f"{output}{book.name(feature)}.png", quiet)
    elif cards:
        all_tiles = [tile for book, feature in shown for tile in card_tiles(book, feature)]
        write(sheet(all_tiles, size, CARD, {"Title": ", ".join(names), **about}), output, quiet)
    else:
        grid = tiles(first, [feature for _, feature in shown], first.shape[1])
        about = {"Title": f"{len(shown)} {first.title} of {first.source}", **about}
        write(sheet(grid, size, min(columns, len(grid)), about, legend(first, grid)), output, quiet)
