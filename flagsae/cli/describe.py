"""`flagsae describe morocco`: a flag in words, with the features of its design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import console, picture, record, words
from flagsae.errors import UsageError
from flagsae.printable import json_line, printable
from flagsae.workspace.widths import WIDTH

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from flagsae.cli.views import View
    from flagsae.design.describe import Description
    from flagsae.flags.dataset import Flags
    from flagsae.workspace.collection import Collection
    from flagsae.workspace.workspace import Workspace

PICTURE = 24  # columns of the flag, or a third of a narrow terminal; by eye
SHOWN = 4  # features of an element, and design features that no feature says, that are listed
DIGITS = 4  # of an activation in a record


@dataclass(frozen=True)
class WordsRequest(OutputRequest):
    """Writes words; pictures come only from a visualizer."""

    output: Annotated[
        str,
        options.output(
            "FILE", "Write the sentences (.txt) or all that is known (.json), a line a flag; or what --view draws."
        ),
    ] = ""
    size: int = WIDTH


@grouped
def command(
    *,
    flags: options.OptionalOperands = None,
    source: Source,
    request: WordsRequest,
) -> None:
    """Say what there is on a flag: a sentence, which `flagsae draw` reads, then each phrase of it with its share of the
    flag and the features that fire for it (`flagsae features` shows them), and what no feature says.

    flagsae describe morocco

    flagsae describe "japan + brazil" my-picture.png

    flagsae sample -n 3 --json | flagsae describe -

    flagsae describe --json | jq -r 'select(.elements[].element == "crescent") | .name'

    In a pipe it writes JSON lines {"name", "text", "elements": [{"element", "text", "colours", "place", "count",
    "share", "features": [{"feature", "weight"}], "fires": [{"feature", "label", "activation"}]}], "colours", "design",
    "unsaid": [{"feature", "weight"}], "model"}: features of its design, and features of the model that fire. A picture
    that is not flat, or has hundreds of figures, has no design: its text and its elements are empty.
    """
    if request.viewer is None and request.output and request.suffix not in (".txt", ".json"):
        raise UsageError("describe writes words: give -o FILE.txt or FILE.json")
    from flagsae.design.describe import NO_DESIGN

    collection = source.open_collection(request.note)
    known = collection.dataset.flags
    if flags:
        if flags.count("-") > 1:
            raise UsageError("- reads all of stdin: give it once")
        shown = [flag for word in flags for flag in _flags(word, collection, source.model)]
    else:
        shown = [known[[position]] for position in range(len(known))]
    if request.viewer is not None:
        request.check_count(len(shown))
        _view(shown, collection, source.model, request.viewer)
        return
    workspace = _of_designs(collection, source.model)
    drawn = request.drawn and not request.output
    out = console() if drawn else None
    lines = []
    for number, flag in enumerate(shown):
        description = collection.describe(flag)
        if request.output:
            text = request.suffix == ".txt"
            sentence = f"{printable(f'{description.name}: {description.text}')}\n"
            lines.append(sentence if text else json_line(_record(flag, description, workspace)))
        elif out is not None:
            if number:
                out.print()
            line = words(f"{flag.names[0].title}: {description.text or NO_DESIGN}")
            out.print(_card(flag, description, workspace, out) if flags else line)
        else:
            record(**_record(flag, description, workspace))
    if request.output:
        request.write("".join(lines).encode())
    elif drawn and not flags:
        request.note("flagsae describe FLAG tells more of each")


def _view(shown: list[Flags], collection: Collection, model: str, view: View) -> None:
    """Lets a visualizer draw flags with their descriptions."""
    from flagsae.workspace.scenes import scene_of_flag
    from flagsae.workspace.workspace import Workspace

    workspace = Workspace.of(collection, model)
    for flag in shown:
        words = f"{collection.describe(flag).sentence}."
        view.show(scene_of_flag(workspace, flag, words, view.width), one_of=len(shown))


def _flags(word: str, collection: Collection, model: str) -> list[Flags]:
    """The flags that a word of the command line stands for. The model is opened only for sums and records."""
    from flagsae.errors import UnknownName
    from flagsae.mixing.finding import find

    if word != "-" and not word.rstrip().endswith("]"):  # an edit
        try:
            return [find(word, collection.dataset)[0]]
        except UnknownName:
            from flagsae.mixing.expression import parse

            terms = parse(word)
            if len(terms) == 1 and terms[0].name == word:  # no sum: just a name that nobody knows
                raise
    from flagsae.cli.codes import read_each
    from flagsae.workspace.workspace import Workspace

    workspace = Workspace.of(collection, model)
    return [workspace.flag_of(total) for total in read_each([word], workspace)]


def _of_designs(collection: Collection, model: str) -> Workspace | None:
    """The collection with its model; None where it has none, or none of designs."""
    from flagsae.errors import ModelError
    from flagsae.sae.kind import of_designs
    from flagsae.workspace.workspace import Workspace

    try:
        workspace = Workspace.of(collection, model)
    except ModelError:
        if model:
            raise
        return None
    return workspace if of_designs(workspace.model) else None


def _record(flag: Flags, description: Description, workspace: Workspace | None) -> dict[str, Any]:
    """All that is known of a flag, for JSON."""
    found = description.record
    if workspace is None:
        return found
    from flagsae.workspace.records import weights

    for element, own in zip(found["elements"], workspace.firing(flag, description), strict=True):
        element["fires"] = [
            {"feature": one.feature, "label": workspace.name(one.feature), "activation": round(one.activation, DIGITS)}
            for one in own
        ]
    return {**found, "unsaid": weights(workspace.unsaid(flag)), "model": workspace.model.hash}


def _why(flag: Flags, description: Description, workspace: Workspace | None) -> list[str]:
    """What says each element: the features that fire for it, or, without a model of designs, its design features."""
    if workspace is None:
        return [
            " · ".join(f"{name} {weight:.1f}" for name, weight in features[:SHOWN]) for features in description.evidence
        ]
    return [
        " · ".join(f"f{one.feature} {workspace.name(one.feature)} {one.activation:.2f}" for one in own[:SHOWN])
        for own in workspace.firing(flag, description)
    ]


def _card(flag: Flags, description: Description, workspace: Workspace | None, out: Console) -> RenderableType:
    """The flag, its sentence, and a table of its elements."""
    from rich.console import Group
    from rich.table import Table

    elements = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    said = "design features, with weights" if workspace is None else "features that fire, with activations"
    for column, side in (("", "left"), ("share", "right"), (said, "left")):
        elements.add_column(column, justify=side)  # type: ignore[arg-type]
    for element, why in zip(description.elements, _why(flag, description, workspace), strict=True):
        if element.kind != "piece":
            elements.add_row(words(element.text), f"{100 * element.share:.1f} %", words(why, "dim"))
    colours = words("colours: " + ", ".join(description.colours), "dim")
    lines = [words(flag.names[0].title), words(f"{description.sentence}.", "bold"), colours]
    if workspace is not None and (left := workspace.unsaid(flag)):
        lines.append(words("no feature says: " + ", ".join(name for name, _ in left[:SHOWN]), "dim"))
    beside = Group(*lines)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=min(PICTURE, out.width // 3))
    grid.add_column()
    grid.add_row(picture(flag.flat(fine=True), min(PICTURE, out.width // 3), out), beside)
    return Group(grid, elements) if description.elements else grid
