"""`flagsae compose morocco colombia`: the sum of flags' codes, drawn as a new flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import beside, console, note, picture_row, record, words
from flagsae.errors import UsageError
from flagsae.mixing.choices import DESIGNS

if TYPE_CHECKING:
    from flagsae.cli.views import View
    from flagsae.mixing.compose import Composite, Sum
    from flagsae.sae.kind import Model
    from flagsae.workspace.workspace import Workspace

STRONGER = 3  # times its amount: what a note suggests for a term that shows nothing
STEP = 14  # columns of a morph's step on a terminal, at least; by eye


@grouped
def command(
    expression: options.Expression,
    *,
    source: Source,
    decode: options.Decode = "",
    alternatives: Annotated[
        int, typer.Option("--alternatives", metavar="N", help="Draw the N best designs of the sum.", min=1, max=12)
    ] = 1,
    design: Annotated[
        int,
        typer.Option("--design", metavar="N", help="Draw the N-th best design of the sum alone.", min=1, max=DESIGNS),
    ] = 1,
    steps: Annotated[
        int,
        typer.Option(
            "--steps",
            metavar="N",
            help="A morph from the first operand to the second in N steps: a strip, a folder or an animated GIF.",
            min=0,
            max=100,
            show_default=False,
        ),
    ] = 0,
    request: OutputRequest,
) -> None:
    """Mix flags: add their encodings and draw what the sum stands for.

    flagsae compose morocco colombia

    flagsae compose "morocco + colombia - 0.5*laos + 2*f8" -o new.svg

    flagsae compose japan brazil --steps 7 -o morph.gif

    flagsae compose morocco colombia --view parents

    flagsae compose "morocco[star->crescent, red->blue]" -o new.svg

    flagsae compose "france - blue + green"

    An operand is a flag, the path of a picture, a feature (f17), or words: a colour, a thing, or both, as in "japan +
    gold border". With a plus the flag gets it, with a minus it loses it; a colour with a plus takes the place of one
    with a minus. A flag with a minus takes away what both have. A note tells of a term that changes nothing.

    Brackets behind a flag change what is on it: star->crescent, red->blue, red<->blue, +star, +2 stars in the canton,
    -emblem, -blue, 13 stars, star at the fly, bigger star, star edged white, stripes->vertical, +green stripe, colours
    jamaica, mirrored, with commas between them; what they would hide gets a colour that is seen.

    In a pipe it writes JSON lines {"name", "expression", "code", "model"}, with a "design" where the sum is one flag,
    edited or changed; `flagsae compose -` reads them, and with - alone each record is drawn on its own.
    """
    _check(alternatives, design, steps, request)
    from flagsae.cli.operands import read_sums

    workspace = source.open(request.note)
    sums = read_sums(expression, workspace)
    if steps and len(sums) > 1:
        raise UsageError("a morph needs one sum: give its two operands on the command line")
    if steps and request.viewer is None:
        _morph(sums[0], workspace, decode, steps, request)
        return
    if steps:
        sums = _steps(sums[0], steps)
    request.check_count(len(sums) * alternatives)
    for total in sums:
        composites = _designs(total, workspace.model, decode, alternatives, design)
        if request.viewer is not None:
            _view(total, composites, workspace, request.viewer, len(sums) * alternatives)
        else:
            _show(total, composites, workspace.model.hash, request)
        if not request.quiet and request.output != "-":
            _note_silent_terms(total, workspace.model, decode, composites[0])


def _check(alternatives: int, design: int, steps: int, request: OutputRequest) -> None:
    """Raises `UsageError` for options that do not go together."""
    request.check(".png", ".svg", ".gif", ".json")
    if steps == 1:
        raise UsageError("--steps 1 is no morph: give 2 or more")
    if steps and alternatives > 1:
        raise UsageError("--steps and --alternatives do not go together: give one of them")
    if design > 1 and (steps or alternatives > 1):
        raise UsageError("--design is one picture: leave --steps and --alternatives out")
    if request.suffix == ".gif" and not steps and request.viewer is None:
        raise UsageError("a GIF is for a morph: give --steps 7, or -o FILE.png")


def _designs(total: Sum, model: Model, decode: str, alternatives: int, design: int) -> list[Composite]:
    """The best designs of a sum, or only the one of the number `design`."""
    from flagsae.mixing.compose import draw

    if design == 1:
        return draw(model, total.operands, decode, alternatives)
    found = draw(model, total.operands, decode, DESIGNS)
    if design > len(found):
        raise UsageError(f"--design {design}: this sum has {len(found)}")
    return [found[design - 1]]


def _view(total: Sum, composites: list[Composite], workspace: Workspace, viewer: View, one_of: int) -> None:
    """Lets a visualizer draw the designs of a sum. one_of: how many pictures there will be of all sums."""
    from flagsae.workspace.scenes import scene_of_sum

    for composite in composites:
        scene = scene_of_sum(workspace, total.operands, composite, width=viewer.width)
        viewer.show(scene, one_of=one_of)


def _show(total: Sum, composites: list[Composite], model_hash: str, request: OutputRequest) -> None:
    """Writes the designs of a sum to files, to the terminal or as a record, as is asked for."""
    from flagsae.workspace.records import record_of

    request.save(total, composites, model_hash)
    if request.drawn:
        out = console()
        if len(composites) > 1:
            out.print(picture_row([(str(number), one.picture()) for number, one in enumerate(composites, 1)], out))
            out.print(words(_caption(total, composites[0])))
        else:
            if composites[0].exact is not None:
                sources = [part.flag if part.source is None else part.source for part in total.operands]
                parents = [(flag.names[0].title, flag.flat(fine=True)) for flag in sources if flag is not None]
            else:
                parents = [(part.title, part.flag.flat(fine=True)) for part in total.operands if part.flag is not None]
            out.print(beside(parents, (_caption(total, composites[0]), composites[0].picture()), out))
    elif request.recorded:
        record(**record_of(total, composites[0], model_hash))


def _caption(total: Sum, composite: Composite) -> str:
    """The name of a mix, if it has one, and what can be typed to draw it again."""
    return f"{composite.name}: {total.title}" if composite.name else total.title


def _note_silent_terms(total: Sum, model: Model, decode: str, composite: Composite) -> None:
    """Notes each term without which the picture would be the same: a minus, or a feature that is too weak."""
    from flagsae.mixing.compose import draw

    for line in composite.notes:
        note(f"note: {line}")
    if composite.changed:  # its notes say it
        return
    for part in total.operands:
        others = [other for other in total.operands if other is not part]
        if composite.design is None or not others or (part.amount > 0 and part.feature is None):
            continue
        (without,) = draw(model, others, decode)
        if without.design is not None and (without.design.flat() == composite.design.flat()).all():
            found = "shows nothing that is there to be taken away" if part.amount < 0 else "is too weak to be seen"
            note(f"note: {part.title} {found}; try a greater amount, as in {STRONGER * part.amount:+g}*{part.title}")


def _steps(total: Sum, steps: int) -> list[Sum]:
    """The sums of a morph, from the first operand to the second."""
    from flagsae.mixing.compose import Sum, morph

    return [Sum.of(operands) for operands in morph(total.operands, steps)]


def _morph(total: Sum, workspace: Workspace, decode: str, steps: int, request: OutputRequest) -> None:
    """Draws a morph from the first operand with a plus to the second; all other operands stay as they are."""
    from flagsae.mixing.compose import drawn_morph, ends
    from flagsae.workspace.records import record_of

    if request.suffix == ".gif":
        from flagsae.workspace import drawing

        drawing.check_animation(steps, request.size, workspace.dataset.size)
    if request.suffix == ".svg":
        raise UsageError("a morph is many pictures: give -o FILE.gif, FILE.png for a strip, or a folder")
    sums = _steps(total, steps)
    composites = list(drawn_morph(workspace.model, total.operands, steps, decode))
    title = " to ".join(operand.title for operand in ends(total.operands))
    if request.output:
        _save_morph(total, sums, composites, title, workspace.model.hash, request)
    if request.drawn:
        out = console()
        shown = [(f"{step / (steps - 1):.2g}", one.picture()) for step, one in enumerate(composites)]
        places = max(2, min(steps, out.width // STEP))
        for start in range(0, steps, places):
            out.print(picture_row(shown[start : start + places], out, places))
        out.print(words(title))
    elif request.recorded:
        for part, composite in zip(sums, composites, strict=True):
            record(**record_of(part, composite, workspace.model.hash))


def _save_morph(
    total: Sum, sums: list[Sum], composites: list[Composite], title: str, model_hash: str, request: OutputRequest
) -> None:
    """Writes a morph: a file for each step, an animation, records, or a strip."""
    from flagsae.workspace import drawing
    from flagsae.workspace.records import line_of

    if request.in_folder:
        for number, (part, composite) in enumerate(zip(sums, composites, strict=True), 1):
            about = drawing.about(part.title, part.expression, model_hash)
            path = request.folder.file(f"{number:03} {title}")
            request.write(drawing.file_of(composite, ".png", request.size, about), path)
    elif request.suffix == ".gif":
        request.write(drawing.animation(composites, request.size))
    elif request.suffix == ".json":
        lines = [line_of(part, composite, model_hash) for part, composite in zip(sums, composites, strict=True)]
        request.write("".join(lines).encode())
    else:
        about = drawing.about(title, total.expression, model_hash)
        request.write(drawing.sheet(composites, request.size, len(composites), about))
