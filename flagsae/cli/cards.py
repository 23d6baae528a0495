"""Features as `flagsae features` draws them: tiles of a grid, and a card of one feature, for a terminal or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flagsae.cli.screen import fit, picture, picture_row, words
from flagsae.workspace.canvas_book import CanvasBook
from flagsae.workspace.dictionaries import Book, Facts, percent
from flagsae.workspace.part_book import PartBook

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console, RenderableType

    from flagsae.visual.tiles import SheetTile

CARD = 7  # tiles of a card in a file

# The layout of a card on a terminal, in columns and lines; by eye.
WIDEST = 160  # columns of the card
ATOM = (12, 48)  # columns of the atom: smallest, largest
LISTED = ((30, 3), (50, 6))  # (on a terminal of fewer lines, so many lines of each list)
MOST_LISTED = 9
# Of features of whole flags:
HISTOGRAM = 26  # columns kept for it beside the atom
BELOW = 28  # lines kept below the atom
LEAST_ATOM = 8  # lines of the atom on a low terminal
TOP_COLUMNS = 12  # of a flag for which the feature fires
TOP = (3, 9)  # such flags: fewest, most
BOTTOM = 36  # lines of a terminal that shows those with the weakest activation as well
# Of features of parts:
LISTS = (16, 40)  # columns of the lists beside the atom: smallest, largest
PART_BELOW = 15
LEAST_PART = 6
PART_TOP_COLUMNS = 16
PART_TOP = (3, 8)
MOST_SHARES = 3  # classes for which the feature fires that are listed


# Tiles: for a grid, and for files.


def tiles(book: Book, features: Sequence[int], columns: int) -> list[SheetTile]:
    """A tile for each feature. columns: pixels that its atom has at least, if it is stored that large."""
    from flagsae.visual.tiles import SheetTile

    return [
        SheetTile(_title(book, feature), adds, takes, book.said(feature), not book.label(feature)[1])
        for feature, (adds, takes) in zip(features, book.draw(features, columns), strict=True)
    ]


def _title(book: Book, feature: int) -> str:
    """A feature's name, and how often it fires: of whole flags the share of flags, of parts their number."""
    fires = int(book.fires[feature])
    frequency = percent(fires / len(book.collection)) if book.kind == "canvas" else f"×{fires}"
    return f"{book.name(feature)} {frequency}"


def legend(book: Book, shown: Sequence[SheetTile]) -> str:
    """A line on how to read the tiles of a book; "" if that is obvious."""
    if book.kind != "canvas":
        of = "region" if book.kind == "layout" else "figure"
        return f"light: what a feature adds to a {of}; dark: what it takes away; ×: flags it fires for; %: purity"
    if all(tile.small is None for tile in shown):
        return ""
    return "large: what a feature adds; small: what it takes away; %: flags it fires for"


def card_tiles(book: Book, feature: int) -> list[SheetTile]:
    """The atom, the flags for which it fires most, and empty tiles up to `CARD`."""
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
    """(title, activation, picture) of the flags for which a feature fires most.

    The picture for a feature of parts shows all of the flag pale, but for the part.
    """
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
    """Prints all that is known of a feature, on one screen."""
    out.print(words(f"{book.name(feature)}  {book.said(feature)}", "bold"))
    if isinstance(book, CanvasBook):
        _draw_canvas_card(book, feature, out)
    elif isinstance(book, PartBook):
        _draw_part_card(book, feature, out)


def _draw_canvas_card(book: CanvasBook, feature: int, out: Console) -> None:
    from rich.table import Table

    card, facts, flags = book.cards[feature], book.facts(feature), book.collection.dataset.flags
    width = min(out.width, WIDEST)
    out.print(_figures(book, feature, facts))
    # As large as the rest of the card on one screen allows: three columns for each line, as a flag is 3 to 2.
    large = max(ATOM[0], min((width - HISTOGRAM) // 2, ATOM[1], 3 * max(LEAST_ATOM, out.height - BELOW)))
    ((adds, takes),) = book.draw([feature], large)
    upper = Table.grid(padding=(0, 2, 0, 0))
    atoms = [("adds", adds), ("takes away", takes)] if takes is not None else [(book.drawn_as, adds)]
    for _ in atoms:
        upper.add_column(width=large)
    upper.add_row(*(picture(one, large, out) for _, one in atoms), _histogram(facts))
    upper.add_row(*(fit(title, large) for title, _ in atoms))
    out.print(upper)
    if not card.top:
        return
    places = max(TOP[0], min(TOP[1], width // TOP_COLUMNS))
    for title, ranked in (("fires most for", card.top), ("and least for", card.bottom)):
        if ranked and (ranked is card.top or out.height >= BOTTOM):
            shown = [
                (f"{activation:.2f} {flags.names[flag].title}", flags.canvas[flag])
                for flag, activation in ranked[:places]
            ]
            out.print()
            out.print(words(title, "bold"))
            out.print(picture_row(shown, out, places))
    few = next((few for lines, few in LISTED if out.height < lines), MOST_LISTED)
    company = [
        (f"{book.name(one.feature)} {book.said(one.feature)}", f"{one.both}, {one.phi:.2f}")
        for one in card.company[:few]
    ]
    attributes = [(one.attribute, f"{one.have} of {one.fires}, {percent(one.share)}") for one in card.attributes[:few]]
    lists = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for _ in range(2):
        lists.add_column(ratio=1)
    none = "nothing more often than by chance"
    made = [(name, f"{weight:.2f}") for name, weight in book.workspace.made_of(feature)[:few]]
    lists.add_row(
        _listed("made of", "weight", made) if made else _listed("its flags have", "of all", attributes, none),
        _listed("fires with", "flags, φ", company, none),
    )
    out.print(lists, width=width)


def _figures(book: CanvasBook, feature: int, facts: Facts) -> str:
    """For how many flags a feature fires, how strongly, and for how many of these its label is true."""
    flags = len(book.collection)
    if not facts.fires:
        return f"fires for none of {flags} flags"
    label = book.cards[feature].label
    true = f"; its label is true of {100 * label.precision:.0f} %" if label.claims else ""
    return f"fires for {facts.fires} of {flags} flags, mean {facts.mean:.2f}, max {facts.largest:.2f}{true}"


def _histogram(facts: Facts) -> RenderableType:
    """A histogram of a feature's activation over the flags for which it fires."""
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
    out.print(f"{book.kind} feature, fires for {fires} of {flags} flags")
    # As large as the rest of the card on one screen allows: a line is as high as two columns are wide.
    lines = max(LEAST_PART, out.height - PART_BELOW)
    large = max(ATOM[0], min(width // 2, ATOM[1], round(2 * lines * book.shape[1] / book.shape[0])))
    upper = Table.grid(padding=(0, 3, 0, 0))
    upper.add_column(width=large)
    upper.add_column(width=max(LISTS[0], min(LISTS[1], width - large - 4)))
    lists = Table.grid()
    shares = [(name, percent(share)) for name, share in book.shares(feature)[:MOST_SHARES]]
    spoken = [(name, f"{odds:+.1f}".replace("-", "−")) for name, odds in book.spoken(feature)]
    lists.add_row(_listed("fires for drawn", "share", shares, "nothing"))
    lists.add_row(_listed("speaks for, against", "log odds", spoken, "nothing"))
    upper.add_row(picture(book.picture(feature)[0], large, out), lists)
    upper.add_row(fit("light: adds, dark: takes away", large))
    out.print(upper)
    places = max(PART_TOP[0], min(PART_TOP[1], width // PART_TOP_COLUMNS))
    shown = [(f"{activation:.2f} {title}", pixels) for title, activation, pixels in _top(book, feature, places)]
    if shown:
        out.print()
        out.print(words("fires most for", "bold"))
        out.print(picture_row(shown, out, places))


def _listed(title: str, unit: str, lines: Sequence[tuple[str, str]], otherwise: str = "") -> RenderableType:
    """A list: names, cut off if they are too long, with their figures. otherwise: shown if there are none."""
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
