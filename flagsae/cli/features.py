"""`flagsae features`: the dictionary as a grid of atoms; `flagsae features 17`: all that is known of one feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flagsae.cli import options
from flagsae.cli.screen import alike, check_output, console, draws, fit, note, picture, record, write
from flagsae.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from flagsae.dataset import Dataset
    from flagsae.features import FeatureCard
    from flagsae.model import Model
    from flagsae.visual.tiles import Tile

CARD = 7  # tiles of a written card
ORDERS = ("density", "strength", "index", "label")
CELL = 20  # columns of a terminal that an atom takes at least, with the gap to the next


def command(
    features: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[N...]", help="Features, by number: 12, or f12. Without any, all of them.", show_default=False
        ),
    ] = None,
    find: Annotated[
        str, typer.Option("--find", metavar="WORDS", help="Only those whose label has these words.", show_default=False)
    ] = "",
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="|".join(ORDERS),
            help="density: those that fire for most flags first; strength: by their mean activation where they fire.",
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

    flagsae features --find "nordic cross"

    flagsae features -o grid.png --columns 16 --size 3200

    flagsae features --json | jq 'select(.trusted) | .label'

    An atom is what its feature adds to a flag's scores: the large picture shows the colours that it adds, the small
    one those that it takes away, grey where it does neither. Features of the seed preset add and take light: there
    is one picture, lighter than mid grey in the channels to which it adds.

    A label is read off the atom and off the flags for which the feature fires. "unsure:" is said of one that is not
    true of enough of them, or that could be chance.

    In a pipe it writes JSON lines {"feature", "label", "trusted", "precision", "density", "mean", "max", "top",
    "bottom", "histogram", "with", "attributes", "model"}.
    """
    check_output(output, (".png", ".json"))
    if sort not in ORDERS:
        raise UsageError(f"--sort is one of {', '.join(ORDERS)}, not {sort!r}")
    if features and find:
        raise UsageError("--find looks through all features: leave their numbers out")
    from flagsae.dataset import load_dataset
    from flagsae.features import attributes_of, cards
    from flagsae.model import load_model

    dataset = load_dataset(data)
    loaded = load_model(dataset, model)
    chosen = _numbers(features or [], len(loaded))
    every = cards(loaded, dataset, attributes_of(dataset))
    shown = [every[number] for number in chosen] if chosen else _sorted(_found(every, find), sort)
    if output:
        _save(shown, bool(chosen), every, loaded, dataset, output, columns, size, quiet)
    if output == "-":
        return
    if not draws(json):
        if json or not output:
            for card in shown:
                record(**fields(card, every, dataset, loaded))
        return
    out = console()
    if chosen:
        for card in shown:
            _draw_card(card, every, loaded, dataset, out)
    else:
        _draw_grid(shown, loaded, dataset, out, page, quiet)


def _numbers(words: Sequence[str], count: int) -> list[int]:
    """`12` and `f12` as 12, each once. Raises `UsageError` with the range."""
    known = f"this model has features 0 to {count - 1}"
    numbers = []
    for word in words:
        digits = word.lower().removeprefix("f")
        if not digits.isdecimal():
            raise UsageError(f"no feature {word!r}: give numbers, as in 12 or f12; {known}")
        if int(digits) >= count:
            raise UsageError(f"no feature {word}: {known}")
        numbers.append(int(digits))
    return list(dict.fromkeys(numbers))


def _found(cards: Sequence[FeatureCard], words: str) -> list[FeatureCard]:
    found = [card for card in cards if all(word in card.label.words.casefold() for word in words.casefold().split())]
    if not found:
        raise UsageError(f"no label has the words {words!r}: flagsae features --sort label shows what there is")
    return found


def _sorted(cards: Sequence[FeatureCard], order: str) -> list[FeatureCard]:
    keys = {
        "density": lambda card: -card.density,
        "strength": lambda card: -card.mean,
        "index": lambda card: card.feature,
        "label": lambda card: (not card.label.trusted, card.label.words),
    }
    return sorted(cards, key=keys[order])


def fields(card: FeatureCard, cards: Sequence[FeatureCard], dataset: Dataset, model: Model) -> dict[str, Any]:
    """A card as a record."""

    def flags(ranked: Sequence[tuple[int, float]]) -> list[dict[str, Any]]:
        return [
            {"name": dataset.flags.names[position].slug, "activation": round(activation, 6)}
            for position, activation in ranked
        ]

    return {
        "feature": card.feature,
        "label": card.label.words,
        "trusted": card.label.trusted,
        "precision": round(card.label.precision, 4),
        "density": round(card.density, 6),
        "mean": round(card.mean, 6),
        "max": round(card.max, 6),
        "top": flags(card.top),
        "bottom": flags(card.bottom),
        "histogram": {"edges": [round(edge, 6) for edge in card.edges], "counts": list(card.counts)},
        "with": [
            {
                "feature": one.feature,
                "label": cards[one.feature].label.words,
                "phi": round(one.phi, 4),
                "lift": round(one.lift, 3),
                "both": one.both,
            }
            for one in card.company
        ],
        "attributes": [
            {
                "attribute": one.attribute,
                "precision": round(one.precision, 4),
                "share": round(one.share, 4),
                "lift": round(one.lift, 3),
            }
            for one in card.attributes
        ],
        "model": model.hash,
    }


# On a terminal.


def _said(card: FeatureCard) -> str:
    return card.label.words if card.label.trusted or not card.label.claims else f"unsure: {card.label.words}"


def _draw_grid(
    cards: Sequence[FeatureCard], model: Model, dataset: Dataset, out: Console, page: int, quiet: bool
) -> None:
    """A screenful of atoms, each with its number, how often it fires, and its label."""
    from rich.table import Table

    from flagsae.model import Seed

    columns = max(1, min(len(cards), out.width // CELL))
    width = min(28, out.width // columns - 2)
    large = round(0.62 * width)
    height = max(2, round(large * dataset.size[0] / dataset.size[1] / 2)) + 3
    rows = max(1, (out.height - 2) // height)
    pages = -(-len(cards) // (rows * columns))
    if page > pages:
        raise UsageError(f"--page {page}: there are {pages}")
    start = (page - 1) * rows * columns if page else 0
    shown = cards[start : start + rows * columns] if page else cards
    for tiles in _in_rows(_tiles(shown, model, dataset, large), columns):
        grid = Table.grid(padding=(0, 2, 0, 0))
        for _ in tiles:
            grid.add_column(width=width)
        grid.add_row(*(_draw_tile(tile, large, width, out) for tile in tiles))
        out.print(grid)
    trusted = sum(card.label.trusted for card in cards)
    left = f"; page {page} of {pages}" + (f", --page {page + 1} goes on" if page < pages else "") if page else ""
    said = f"{len(cards)} features, {trusted} with a label to be trusted{left}"
    note(said, quiet)
    if not isinstance(model, Seed):
        note("large: what a feature adds; small: what it takes away; %: flags it fires for", quiet)


def _in_rows(tiles: Sequence[Tile], columns: int) -> list[Sequence[Tile]]:
    return [tiles[start : start + columns] for start in range(0, len(tiles), columns)]


def _draw_tile(tile: Tile, large: int, width: int, out: Console) -> RenderableType:
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
    lines = Text(tile.words, style="dim" if tile.faint else "").wrap(out, width)
    if len(lines) > 2:
        lines[1].rstrip()
        lines[1].append(" " + " ".join(line.plain.strip() for line in lines[2:]))
        lines[1].truncate(width, overflow="ellipsis")
    return Group(upper, *(list(lines) + [Text("")] * 2)[:2], Text(""))


def _tiles(cards: Sequence[FeatureCard], model: Model, dataset: Dataset, columns: int) -> list[Tile]:
    """Atoms as tiles. columns: how many pixels of an atom are wanted."""
    from flagsae.visual.tiles import Tile

    return [
        Tile(f"f{card.feature} {_percent(card.density)}", adds, takes, _said(card), not card.label.trusted)
        for card, (adds, takes) in zip(
            cards, _atoms([card.feature for card in cards], model, dataset, columns), strict=True
        )
    ]


def _atoms(features: Sequence[int], model: Model, dataset: Dataset, columns: int) -> list[tuple[Any, Any]]:
    """What each feature adds and what it takes away, as pictures; of the seed preset one picture, and None."""
    from flagsae.atoms import signed_atoms
    from flagsae.model import Seed
    from flagsae.visual.atoms import flat, light

    if isinstance(model, Seed):
        return [(light(atom), None) for atom in model.atoms()[list(features)]]
    height, width = dataset.size
    columns = min(columns, width)
    rows = min(height, 2 * max(1, round(columns * height / width / 2)))
    atoms = signed_atoms(model, dataset, (rows, columns), features)
    full = atoms.scale[:, None, None]
    colours = dataset.palette.rgb
    return [
        (flat(adds, added, colours), flat(takes, taken, colours))
        for adds, added, takes, taken in zip(
            atoms.adds / full, atoms.added, atoms.takes / full, atoms.taken, strict=True
        )
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"


def _draw_card(card: FeatureCard, cards: Sequence[FeatureCard], model: Model, dataset: Dataset, out: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    width = min(out.width, 160)
    names = dataset.flags.names
    out.print(Text(f"f{card.feature}  {_said(card)}", style="bold"))
    out.print(_in_numbers(card, len(names)))
    # As large as leaves room for the rest on one screen.
    large = max(12, min((width - 26) // 2, 48, 3 * max(8, out.height - 28)))
    ((adds, takes),) = _atoms([card.feature], model, dataset, large)
    upper = Table.grid(padding=(0, 2, 0, 0))
    parts = [("adds", adds), ("takes away", takes)] if takes is not None else [("weights; grey is none", adds)]
    for _ in parts:
        upper.add_column(width=large)
    upper.add_row(*(picture(one, large, out) for _, one in parts), _histogram(card))
    upper.add_row(*(fit(title, large) for title, _ in parts))
    out.print(upper)
    if not card.top:
        return
    places = max(3, min(9, width // 12))
    for title, ranked in (("fires most for", card.top), ("and least for", card.bottom)):
        if ranked and (ranked is card.top or out.height >= 36):
            shown = [
                (f"{activation:.2f} {names[position].title}", dataset.flags.canvas[position])
                for position, activation in ranked[:places]
            ]
            out.print(Text(f"\n{title}", style="bold"))
            out.print(alike(shown, out, places))
    few = 3 if out.height < 30 else 6 if out.height < 50 else 9
    company = [
        (f"f{one.feature} {_said(cards[one.feature])}", f"{one.both}, {one.phi:.2f}") for one in card.company[:few]
    ]
    facts = [(one.attribute, f"{one.have} of {one.fires}, {_percent(one.share)}") for one in card.attributes[:few]]
    lists = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for _ in range(2):
        lists.add_column(ratio=1)
    lists.add_row(_listed("its flags have", "of all", facts), _listed("fires with", "flags, φ", company))
    out.print(lists, width=width)


def _listed(title: str, unit: str, lines: Sequence[tuple[str, str]]) -> RenderableType:
    """Names, cut where they are too long, and their figures."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    wide = max(len(figures) for _, figures in [("", unit), *lines])
    table.add_column(no_wrap=True, justify="right", min_width=wide)
    table.add_row(Text(f"\n{title}", style="bold"), Text(f"\n{unit}", style="dim"))
    for name, figures in lines:
        table.add_row(Text(name), Text(figures))
    if not lines:
        table.add_row(Text("nothing more often than by chance"), "")
    return table


def _histogram(card: FeatureCard) -> RenderableType:
    """How many flags have which activation, among those for which the feature fires."""
    from rich.text import Text

    from flagsae.visual.tiles import bars

    if not card.counts:
        return Text("")
    most = f"{card.max:.2f}"
    axis = "0" + most.rjust(2 * len(card.counts) - 1)
    return Text("\n".join([f"{max(card.counts)} flags", *bars(card.counts, 5), axis, "activation"]))


def _in_numbers(card: FeatureCard, flags: int) -> str:
    if not card.top:
        return f"fires for none of {flags} flags"
    count = round(card.density * flags)
    true = f"; its label is true of {100 * card.label.precision:.0f} %" if card.label.claims else ""
    return f"fires for {count} of {flags} flags, mean {card.mean:.2f}, max {card.max:.2f}{true}"


# Files.


def _save(
    shown: Sequence[FeatureCard],
    chosen: bool,
    every: Sequence[FeatureCard],
    model: Model,
    dataset: Dataset,
    output: str,
    columns: int,
    size: int,
    quiet: bool,
) -> None:
    """Writes a grid, or cards; a folder takes a card a file."""
    import json

    from flagsae.visual.tiles import sheet

    about = {"Software": "flagsae", "flagsae:model": model.hash}
    if output.lower().endswith(".json"):
        lines = [json.dumps(fields(card, every, dataset, model), ensure_ascii=False) + "\n" for card in shown]
        write("".join(lines).encode(), output, quiet)
    elif output.endswith("/"):
        for card in shown:
            title = {"Title": f"f{card.feature} {_said(card)}"}
            data = sheet(_card_tiles(card, model, dataset), size, CARD, {**title, **about})
            write(data, f"{output}f{card.feature}.png", quiet)
    elif chosen:
        title = {"Title": ", ".join(f"f{card.feature} {_said(card)}" for card in shown)}
        tiles = [tile for card in shown for tile in _card_tiles(card, model, dataset)]
        write(sheet(tiles, size, CARD, {**title, **about}), output, quiet)
    else:
        title = {"Title": f"{len(shown)} features of {model.header.get('kind', 'a')} model {model.hash}"}
        tiles = _tiles(shown, model, dataset, dataset.size[1])
        write(sheet(tiles, size, min(columns, len(tiles)), {**title, **about}), output, quiet)


def _card_tiles(card: FeatureCard, model: Model, dataset: Dataset) -> list[Tile]:
    """The atom, and the flags for which it fires most; `CARD` tiles in any case."""
    import numpy as np

    from flagsae.visual.tiles import Tile

    ((adds, takes),) = _atoms([card.feature], model, dataset, dataset.size[1])
    tiles = [Tile(f"f{card.feature} {_percent(card.density)}", adds, None, _said(card), not card.label.trusted)]
    if takes is not None:
        tiles.append(Tile("takes away", takes))
    for position, activation in card.top[: CARD - len(tiles)]:
        tiles.append(
            Tile(dataset.flags.names[position].title, dataset.flags.canvas[position], None, f"{activation:.2f}")
        )
    return tiles + [Tile("", np.zeros((0, 1, 3), np.uint8))] * (CARD - len(tiles))
