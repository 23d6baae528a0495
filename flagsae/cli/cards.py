"""Features as `flagsae features` draws them: tiles of a grid, and the card of one, on a terminal or for a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flagsae.cli.screen import alike, fit, picture, words
from flagsae.workspace.canvas_book import CanvasBook
from flagsae.workspace.dictionaries import Book, Facts, percent
from flagsae.workspace.part_book import PartBook

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console, RenderableType

    from flagsae.visual.tiles import SheetTile

CARD = 7  # tiles of a written card
WIDEST = 160  # columns of a card on a terminal


# Tiles: for a grid, and for files.


def tiles(book: Book, features: Sequence[int], columns: int) -> list[SheetTile]:
    """A tile a feature, its atom at least so many pixels wide where it has as many."""
    from flagsae.visual.tiles import SheetTile

    return [
        SheetTile(_title(book, feature), adds, takes, book.said(feature), not book.label(feature)[1])
        for feature, (adds, takes) in zip(features, book.draw(features, columns), strict=True)
    ]


def _title(book: Book, feature: int) -> str:
    """With how often it fires: of whole flags as a share, of parts as a count."""
    fires = int(book.fires[feature])
    often = percent(fires / len(book.collection)) if book.kind == "canvas" else f"×{fires}"
    return f"{book.name(feature)} {often}"


def legend(book: Book, shown: Sequence[SheetTile]) -> str:
    """How to read the tiles of a book, in a line; empty where that is plain."""
    if book.kind != "canvas":
        of = "region" if book.kind == "layout" else "figure"
        return f"light: what a feature adds to a {of}; dark: what it takes away; ×: flags it fires for; %: purity"
    if all(tile.small is None for tile in shown):
        return ""
    return "large: what a feature adds; small: what it takes away; %: flags it fires for"


def card_tiles(book: Book, feature: int) -> list[SheetTile]:
    """The atom, the flags for which it fires most, and gaps up to `CARD`."""
    import numpy as np

    from flagsae.visual.tiles import SheetTile

    (own,) = tiles(book, [feature], book.shape[1])
    shown = [SheetTile(own.title, own.picture, None, own.words, own.faint)]
    if own.small is not None:
        shown.append(SheetTile("takes away", own.small))
    shown += [
        SheetTile(title, pixels, None, f"{activation:.2f}")
        for title, activation, pixels in _top(book, feature, CARD - len(shown))
    ]
    return shown + [SheetTile("", np.zeros((0, 1, 3), np.uint8))] * (CARD - len(shown))


def _top(book: Book, feature: int, most: int) -> list[tuple[str, float, NDArray[np.uint8]]]:
    """(title, activation, picture) of the flags for which a feature fires most: whole flags as they are, and of those
    that have the part all is pale but that."""
    canvas = book.collection.dataset.flags.canvas
    return [
        (
            book.collection.title(flag),
            activation,
            canvas[flag] if book.kind == "canvas" else book.top_picture(feature, flag),
        )
        for flag, activation in book.facts(feature).top[:most]
    ]


# Cards on a terminal.


def draw_card(book: Book, feature: int, out: Console) -> None:
    """All that is known of a feature, on one screen."""
    out.print(words(f"{book.name(feature)}  {book.said(feature)}", "bold"))
    if isinstance(book, CanvasBook):
        _draw_canvas_card(book, feature, out)
    elif isinstance(book, PartBook):
        _draw_part_card(book, feature, out)


def _draw_canvas_card(book: CanvasBook, feature: int, out: Console) -> None:
    from rich.table import Table

    card, facts, flags = book.cards[feature], book.facts(feature), book.collection.dataset.flags
    width = min(out.width, WIDEST)
    out.print(_in_numbers(book, feature, facts))
    # As large as leaves room for the rest on one screen.
    large = max(12, min((width - 26) // 2, 48, 3 * max(8, out.height - 28)))
    ((adds, takes),) = book.draw([feature], large)
    upper = Table.grid(padding=(0, 2, 0, 0))
    atoms = [("adds", adds), ("takes away", takes)] if takes is not None else [("weights; grey is none", adds)]
    for _ in atoms:
        upper.add_column(width=large)
    upper.add_row(*(picture(one, large, out) for _, one in atoms), _histogram(facts))
    upper.add_row(*(fit(title, large) for title, _ in atoms))
    out.print(upper)
    if not card.top:
        return
    places = max(3, min(9, width // 12))
    for title, ranked in (("fires most for", card.top), ("and least for", card.bottom)):
        if ranked and (ranked is card.top or out.height >= 36):
            shown = [
                (f"{activation:.2f} {flags.names[flag].title}", flags.canvas[flag])
                for flag, activation in ranked[:places]
            ]
            out.print()
            out.print(words(title, "bold"))
            out.print(alike(shown, out, places))
    few = 3 if out.height < 30 else 6 if out.height < 50 else 9
    company = [
        (f"{book.name(one.feature)} {book.said(one.feature)}", f"{one.both}, {one.phi:.2f}")
        for one in card.company[:few]
    ]
    attributes = [(one.attribute, f"{one.have} of {one.fires}, {percent(one.share)}") for one in card.attributes[:few]]
    lists = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for _ in range(2):
        lists.add_column(ratio=1)
    none = "nothing more often than by chance"
    lists.add_row(
        _listed("its flags have", "of all", attributes, none), _listed("fires with", "flags, φ", company, none)
    )
    out.print(lists, width=width)


def _in_numbers(book: CanvasBook, feature: int, facts: Facts) -> str:
    flags = len(book.collection)
    if not facts.fires:
        return f"fires for none of {flags} flags"
    label = book.cards[feature].label
    true = f"; its label is true of {100 * label.precision:.0f} %" if label.claims else ""
    return f"fires for {facts.fires} of {flags} flags, mean {facts.mean:.2f}, max {facts.largest:.2f}{true}"


def _histogram(facts: Facts) -> RenderableType:
    """How many flags have which activation, among those for which the feature fires."""
    from rich.text import Text

    from flagsae.visual.tiles import bars

    if not facts.counts:
        return Text("")
    most = f"{facts.largest:.2f}"
    axis = "0" + most.rjust(2 * len(facts.counts) - 1)
    return Text("\n".join([f"{max(facts.counts)} flags", *bars(facts.counts, 5), axis, "activation"]))


def _draw_part_card(book: PartBook, feature: int, out: Console) -> None:
    from rich.table import Table

    width = min(out.width, WIDEST)
    fires, flags = int(book.fires[feature]), len(book.collection)
    out.print(f"{book.kind} feature, fires for {fires or 'none'} of {flags} flags")
    # As large as leaves room for the rest on one screen.
    large = max(12, min(width // 2, 48, round(2 * max(6, out.height - 15) * book.shape[1] / book.shape[0])))
    upper = Table.grid(padding=(0, 3, 0, 0))
    upper.add_column(width=large)
    upper.add_column(width=max(16, min(40, width - large - 4)))
    lists = Table.grid()
    shares = [(name, percent(share)) for name, share in book.shares(feature)[:3]]
    spoken = [(name, f"{odds:+.1f}".replace("-", "−")) for name, odds in book.spoken(feature)]
    lists.add_row(_listed("fires for drawn", "share", shares, "nothing"))
    lists.add_row(_listed("speaks for, against", "log odds", spoken, "nothing"))
    upper.add_row(picture(book.picture(feature)[0], large, out), lists)
    upper.add_row(fit("light: adds, dark: takes away", large))
    out.print(upper)
    places = max(3, min(8, width // 16))
    shown = [(f"{activation:.2f} {title}", pixels) for title, activation, pixels in _top(book, feature, places)]
    if shown:
        out.print()
        out.print(words("fires most for", "bold"))
        out.print(alike(shown, out, places))


def _listed(title: str, unit: str, lines: Sequence[tuple[str, str]], otherwise: str = "") -> RenderableType:
    """Names, cut where they are too long, and their figures."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    wide = max(len(figures) for _, figures in [("", unit), *lines])
    table.add_column(no_wrap=True, justify="right", min_width=wide)
    table.add_row("", "")
    table.add_row(words(title, "bold"), words(unit, "dim"))
    for name, figures in lines:
        table.add_row(words(name), words(figures))
    if not lines:
        table.add_row(words(otherwise), "")
    return table
