"""`flagsae describe morocco`: a flag in words, with the features that say so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.cli.screen import check_count, console, draws, note, picture, record, words, write
from flagsae.errors import UsageError
from flagsae.printable import json_line, printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from flagsae.cli.operands import Sum
    from flagsae.cli.views import View
    from flagsae.design.describe import Description
    from flagsae.flags.dataset import Flags
    from flagsae.workspace.workspace import Collection, Workspace

PICTURE = 24  # columns
WIDTH = 1200  # pixels of a picture that --view writes


def command(
    flags: options.OptionalOperands = None,
    data: options.Data = "",
    model: options.ModelName = "",
    view: options.View = "",
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the sentences (.txt) or all that is known (.json), a line a flag; or what --view draws.",
            show_default=False,
        ),
    ] = "",
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Say what there is on a flag: a sentence, then each phrase of it with its place, its share of the flag, and the
    features of the part dictionaries that spoke for it (`flagsae features s17` shows one).

    flagsae describe morocco

    flagsae describe "japan + brazil" my-picture.png

    flagsae sample -n 3 --json | flagsae describe -

    flagsae describe --json | jq -r 'select(.elements[].element == "crescent") | .name'

    In a pipe it writes JSON lines {"name", "text", "elements": [{"element", "text", "colours", "place", "count",
    "share", "features": [{"feature", "dictionary", "label", "weight"}]}], "colours", "model"}; the model is that of
    the part dictionaries.
    """
    from flagsae.cli.views import open_view

    seen = open_view(view, output, WIDTH, json, quiet)
    if seen is None and output and not output.lower().endswith((".txt", ".json")):
        raise UsageError("describe writes words: give -o FILE.txt or FILE.json")
    from flagsae.workspace.workspace import open_collection

    collection = open_collection(data, partial(note, quiet=quiet))
    known = collection.dataset.flags
    if flags:
        if flags.count("-") > 1:
            raise UsageError("- reads all of stdin: give it once")
        shown = [flag for word in flags for flag in _flags(word, collection, model)]
    else:
        shown = [known[[position]] for position in range(len(known))]
    if seen is not None:
        _look(shown, collection.workspace(model), seen)
        return
    screen = draws(json) and not output
    out = console()
    lines = []
    for number, flag in enumerate(shown):
        said = collection.describe(flag)
        fields = {**said.record, "model": collection.parts.hash}
        if output:
            text = output.lower().endswith(".txt")
            lines.append(f"{printable(f'{said.name}: {said.text}')}\n" if text else json_line(fields))
        elif screen:
            if number:
                out.print()
            out.print(_card(flag, said, out) if flags else words(f"{flag.names[0].title}: {said.text}"))
        else:
            record(**fields)
    if output:
        write("".join(lines).encode(), output, quiet)
    elif screen and not flags:
        note("flagsae describe FLAG tells more of each", quiet)


def _look(shown: list[Flags], workspace: Workspace, view: View) -> None:
    """Flags and what is said of them in the eyes of a visualizer."""
    from flagsae.workspace.scenes import scene_of_flag

    check_count(view.folder.path, len(shown))
    for flag in shown:
        words = _sentence(workspace.collection.describe(flag))
        view.show(scene_of_flag(workspace, flag, words, view.width), one_of=len(shown))


def _flags(word: str, collection: Collection, model: str) -> list[Flags]:
    """The flags that a word of the command line stands for. Only sums and records need a model."""
    from flagsae.cli.codes import read_each
    from flagsae.errors import UnknownName
    from flagsae.mixing.compose import find
    from flagsae.mixing.expression import parse

    if word != "-":
        try:
            return [find(word, collection.dataset)[0]]
        except UnknownName:
            terms = parse(word)
            if len(terms) == 1 and terms[0].name == word:
                raise
    workspace = collection.workspace(model)
    return [_flag(total, workspace) for total in read_each([word], workspace)]


def _flag(total: Sum, workspace: Workspace) -> Flags:
    """A sum as a flag: itself, or its composite as a picture."""
    from flagsae.mixing.compose import draw, single
    from flagsae.workspace.mix import Mix

    found = single(total.operands)
    if found is not None:
        return found
    return Mix(total.title, total.expression, total.operands, draw(workspace.model, total.operands)[0], workspace).flag


def _sentence(said: Description) -> str:
    from flagsae.design.vocabulary import capitalized

    return capitalized(said.text) + "."


def _card(flag: Flags, said: Description, out: Console) -> RenderableType:
    """The flag, its sentence, and a table of its elements."""
    from rich.console import Group
    from rich.table import Table

    from flagsae.design.vocabulary import phrase

    elements = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column, side in (("", "left"), ("share", "right"), ("features that say so", "left")):
        elements.add_column(column, justify=side)  # type: ignore[arg-type]
    for element in said.elements:
        why = "  ".join(f"{one.name} {one.label} {one.weight:+.1f}" for one in element.features)
        elements.add_row(words(phrase(element)), f"{100 * element.share:.1f} %", words(why, "dim"))
    colours = words("colours: " + ", ".join(said.colours), "dim")
    beside = Group(words(flag.names[0].title), words(_sentence(said), "bold"), colours)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=min(PICTURE, out.width // 3))
    grid.add_column()
    grid.add_row(picture(flag.canvas[0], min(PICTURE, out.width // 3), out), beside)
    return Group(grid, elements)
