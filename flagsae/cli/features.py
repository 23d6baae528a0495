"""`flagsae features`: the dictionary as a grid of atoms; `flagsae features 17`: all that is known of one feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import console, fit, picture, record, words
from flagsae.errors import ModelError, UsageError
from flagsae.printable import json_line
from flagsae.workspace.dictionaries import KINDS, Book
from flagsae.workspace.dictionaries import find as finding
from flagsae.workspace.dictionaries import sort as ordered
from flagsae.workspace.widths import WIDEST

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from flagsae.visual.tiles import SheetTile

ORDERS = ("density", "strength", "index", "label")
# The grid on a terminal, in columns; by eye.
CELL = 20  # a tile at least, with the gap to the next one
WIDEST_TILE = 28  # without the gap
ATOM = 0.62  # share of a tile that the large picture takes


@dataclass(frozen=True)
class PictureRequest(OutputRequest):
    """Writes larger pictures than other commands."""

    size: Annotated[
        int, typer.Option("--size", metavar="PIXELS", help="Width of the written picture.", min=100, max=WIDEST)
    ] = 1600


@grouped
def command(
    *,
    features: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[N...]",
            help="Features: 12 or f12 of whole flags, l20 of layouts, s121 of shapes. Without any, all of them.",
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
    source: Source,
    request: PictureRequest,
) -> None:
    """Show what the features of a model stand for: all of them as a grid of atoms, or some of them, each on its card.

    flagsae features

    flagsae features 8 f29

    flagsae features --dictionary shape --find star

    flagsae features l20 s121

    flagsae features -o grid.png --columns 16 --size 3200

    flagsae features f29 --view heat

    flagsae features --json | jq 'select(.trusted) | .label'

    An atom is what its feature stands for: of the design preset a list of facts ("made of"), whose picture is the
    likeliest design that has them. Of crisp it is what the feature adds to a flag's scores: the large picture shows the
    colours that it adds, the small one those that it takes away, grey where it does neither. Features of seed add and
    take light: there is one picture, lighter than mid grey in the channels to which it adds. So it is with features of
    parts, which add to the mask of a region.

    A label is read off the atom and off the flags for which the feature fires. "unsure:" is said of one that is not
    true of enough of them, or that could be chance. Features of parts are called what they fire for among drawn
    regions, whose classes are known: "star 5, 98 %" is pure, "nothing drawn" fires for none of them.

    In a pipe it writes JSON lines {"feature", "label", "trusted", "precision", "density", "mean", "max", "top",
    "bottom", "histogram", "with", "attributes", "model"}, of designs {"made_of"} too; of parts {"feature",
    "dictionary", "name", "label", "purity", "trusted", "classes", "speaks", "flags", "top", "model"}.
    """
    _check(dictionary, sort, bool(find), bool(features), request)
    named = [_named(word, dictionary) for word in features or []]
    kinds = {kind for kind, _, _ in named} or {dictionary}
    if (source.data or source.model) and "canvas" not in kinds:
        raise UsageError("the part dictionaries are those shipped: leave --data and --model out")
    if request.viewer is not None:
        request.check_count(len(named), "features/")
    books = _open(kinds, source, request)
    shown = _chosen(named, books)
    if request.viewer is not None:
        scenes = [book.scene(feature) for book, feature in shown] or [books[dictionary].scene()]
        for scene in scenes:
            request.viewer.show(scene, one_of=len(scenes))
    elif named:
        _show_cards(shown, request)
    else:
        book = books[dictionary]
        _show_grid(book, _sorted(book, _found(book, find), sort), page, columns, request)


def _check(dictionary: str, sort: str, find: bool, named: bool, request: OutputRequest) -> None:
    """Raises `UsageError` for unknown values, and for options that do not go together."""
    request.check(".png", ".json")
    if sort not in ORDERS:
        raise UsageError(f"--sort is one of {', '.join(ORDERS)}, not {sort!r}")
    if dictionary not in KINDS:
        raise UsageError(f"--dictionary is one of {', '.join(KINDS)}, not {dictionary!r}")
    if named and find:
        raise UsageError("--find looks through all features: leave their numbers out")
    if find and request.viewer is not None:
        raise UsageError("--view shows all features, or those that you name: leave --find out")


def _named(word: str, dictionary: str) -> tuple[str, int, str]:
    """(dictionary, number, the word) of a word such as `f12`, `l20` or `s121`; `12` is in the given dictionary."""
    kinds = {prefix: kind for kind, prefix in KINDS.items()}
    kind = kinds.get(word[:1].lower())
    digits = word[1:] if kind else word
    if not (digits.isascii() and digits.isdecimal()):
        known = "give numbers, as in 12 or f12, or l20 and s121 of parts, or words with --find"
        raise UsageError(f"no feature {word!r}: {known}")
    return kind or dictionary, int(digits), word


def _open(kinds: set[str], source: Source, request: OutputRequest) -> dict[str, Book]:
    """Opens the dictionaries of some kinds; the part dictionaries are always those shipped."""
    from flagsae.workspace.canvas_book import CanvasBook
    from flagsae.workspace.collection import open_collection
    from flagsae.workspace.part_book import PartBook

    books: dict[str, Book] = {}
    if "canvas" in kinds:
        books["canvas"] = CanvasBook(source.open(request.note))
    if parts := kinds - {"canvas"}:
        shipped = open_collection()
        if not shipped.knows_parts:
            raise ModelError("the part dictionaries are of other flags than flags.npz: run `python data/make.py parts`")
        books |= {kind: PartBook(shipped, kind) for kind in parts}
    return books


def _chosen(named: Sequence[tuple[str, int, str]], books: Mapping[str, Book]) -> list[tuple[Book, int]]:
    """The features that are asked for, each once. Raises `UsageError` for one that does not exist."""
    for kind, number, word in named:
        if number >= len(books[kind]):
            what = "this model" if kind == "canvas" else f"the {kind} dictionary"
            raise UsageError(f"no feature {word}: {what} has features 0 to {len(books[kind]) - 1}")
    return [(books[kind], number) for kind, number in dict.fromkeys((kind, number) for kind, number, _ in named)]


def _found(book: Book, words: str) -> list[int]:
    """The features whose label has all of the words. Raises `UsageError` if none has."""
    if words:
        book.learn()
    found = finding(book, words)
    if not found:
        raise UsageError(f"no label has the words {words!r}: flagsae features --sort label shows what there is")
    return found


def _sorted(book: Book, features: Sequence[int], order: str) -> list[int]:
    if order == "label":
        return sorted(features, key=lambda feature: (not book.label(feature)[1], book.said(feature)))
    return ordered(book, features, "number" if order == "index" else order)


# On a terminal.


def _show_cards(shown: Sequence[tuple[Book, int]], request: OutputRequest) -> None:
    """Draws, writes or records the card of each feature, in the order of the command line."""
    from flagsae.cli.cards import draw_card

    if request.output:
        _save_cards(shown, request)
    if request.drawn:
        for book, feature in shown:
            draw_card(book, feature, console())
    elif request.recorded:
        for book, feature in shown:
            record(**book.record(feature))


def _show_grid(book: Book, features: Sequence[int], page: int, columns: int, request: OutputRequest) -> None:
    """Draws, writes or records features of one dictionary. page: of the drawn grid; columns: of the written one."""
    if request.output:
        _save_grid(book, features, columns, request)
    if request.drawn:
        _draw_grid(book, features, console(), page, request)
    elif request.recorded:
        for feature in features:
            record(**book.record(feature))


def _draw_grid(book: Book, features: Sequence[int], out: Console, page: int, request: OutputRequest) -> None:
    """Prints a screenful of atoms, each with its number, how often it fires, and its label."""
    from rich.table import Table

    from flagsae.cli.cards import legend
    from flagsae.cli.cards import tiles as tiles_of

    columns = max(1, min(len(features), out.width // CELL))
    width = min(WIDEST_TILE, out.width // columns - 2)
    large = round(ATOM * width)
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
    request.note(f"{len(features)} features, {trusted} with a label to be trusted{left}")
    if how := legend(book, tiles):
        request.note(how)


def _draw_tile(tile: SheetTile, large: int, width: int, out: Console) -> RenderableType:
    """A tile: a large picture, beside it the small one above the title, and below two lines of words."""
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


def _save_grid(book: Book, features: Sequence[int], columns: int, request: OutputRequest) -> None:
    from flagsae.cli.cards import legend, tiles
    from flagsae.visual.tiles import sheet

    if request.suffix == ".json":
        _save_records([(book, feature) for feature in features], request)
    elif request.in_folder:
        _save_cards([(book, feature) for feature in features], request)
    else:
        grid = tiles(book, features, book.shape[1])
        about = _about(f"{len(features)} {book.title} of {book.source}", book.model_hash)
        request.write(sheet(grid, request.size, min(columns, len(grid)), about, legend(book, grid)))


def _save_cards(shown: Sequence[tuple[Book, int]], request: OutputRequest) -> None:
    """Writes cards one above the other into one file, or each into its own file of a folder."""
    from flagsae.cli.cards import CARD, card_tiles
    from flagsae.visual.tiles import sheet

    model_hash = ", ".join(dict.fromkeys(book.model_hash for book, _ in shown))
    names = [f"{book.name(feature)} {book.said(feature)}" for book, feature in shown]
    if request.suffix == ".json":
        _save_records(shown, request)
    elif request.in_folder:
        for (book, feature), title in zip(shown, names, strict=True):
            data = sheet(card_tiles(book, feature), request.size, CARD, _about(title, model_hash))
            request.write(data, f"{request.output}{book.name(feature)}.png")
    else:
        rows = [tile for book, feature in shown for tile in card_tiles(book, feature)]
        request.write(sheet(rows, request.size, CARD, _about(", ".join(names), model_hash)))


def _save_records(shown: Sequence[tuple[Book, int]], request: OutputRequest) -> None:
    request.write("".join(json_line(book.record(feature)) for book, feature in shown).encode())


def _about(title: str, model_hash: str) -> dict[str, str]:
    return {"Title": title, "Software": "flagsae", "flagsae:model": model_hash}
