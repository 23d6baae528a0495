"""`flagsae compose morocco colombia`: the sum of flags' codes, drawn as a flag that nobody has flown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.cli.screen import alike, beside, check_count, check_output, console, draws, note, record, words, write
from flagsae.errors import UsageError

if TYPE_CHECKING:
    from flagsae.cli.files import Folder
    from flagsae.cli.operands import Sum
    from flagsae.cli.views import View
    from flagsae.mixing.compose import Composite
    from flagsae.sae.kind import Model
    from flagsae.workspace.workspace import Workspace


def command(
    expression: options.Expression,
    data: options.Data = "",
    model: options.ModelName = "",
    decode: options.Decode = "",
    alternatives: Annotated[
        int, typer.Option("--alternatives", metavar="N", help="Draw the N best designs of the sum.", min=1, max=12)
    ] = 1,
    design: Annotated[
        int,
        typer.Option("--design", metavar="N", help="Draw the N-th best design of the sum alone.", min=1, max=4),
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
    view: options.View = "",
    output: options.Output = "",
    size: options.Size = 1200,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Mix flags: add their encodings and draw what the sum stands for.

    flagsae compose morocco colombia

    flagsae compose "morocco + colombia - 0.5*laos + 2*f17" -o new.svg

    flagsae compose japan brazil --steps 7 -o morph.gif

    flagsae compose morocco colombia --view parents

    An operand is a flag, the path of a picture, a colour, or a feature (f17). Minus takes away what its operand
    shows. In a pipe it writes JSON lines {"name", "expression", "code", "model"}, which `flagsae compose -` reads;
    with - alone each record is drawn on its own.
    """
    from flagsae.cli import files
    from flagsae.cli.views import open_view

    seen = open_view(view, output, size, json, quiet)
    if seen is None:
        check_output(output, files.SUFFIXES)
    if steps == 1:
        raise UsageError("--steps 1 is no morph: give 2 or more")
    if steps and alternatives > 1:
        raise UsageError("--steps and --alternatives do not go together: give one of them")
    if design > 1 and (steps or alternatives > 1):
        raise UsageError("--design is one picture: leave --steps and --alternatives out")
    if output.lower().endswith(".gif") and not steps and seen is None:
        raise UsageError("a GIF is for a morph: give --steps 7, or -o FILE.png")
    from flagsae.cli.operands import read_sums
    from flagsae.workspace.workspace import open_workspace

    workspace = open_workspace(data, model, partial(note, quiet=quiet))
    sums = read_sums(expression, workspace)
    if steps and len(sums) > 1:
        raise UsageError("a morph needs one sum: give its two operands on the command line")
    if steps and seen is None and output.lower().endswith(".gif"):
        from flagsae.workspace.drawing import check_animation

        check_animation(steps, size, workspace.dataset.size)
    if steps and seen is None:
        _morph(sums[0], workspace.model, decode, steps, output, size, json, quiet)
        return
    if steps:
        sums = _steps(sums[0], steps)
    check_count(output, len(sums) * alternatives)
    if seen is not None:
        _look(sums, workspace, decode, alternatives, design, seen)
        return
    folder = files.Folder(output)
    for total in sums:
        _show(total, workspace.model, decode, alternatives, design, folder, size, json, quiet)


def _designs(total: Sum, model: Model, decode: str, alternatives: int, design: int) -> list[Composite]:
    """The best ones, or one of them."""
    from flagsae.mixing.compose import DESIGNS, draw

    if design == 1:
        return draw(model, total.operands, decode, alternatives)
    found = draw(model, total.operands, decode, DESIGNS)
    if design > len(found):
        raise UsageError(f"--design {design}: this sum has {len(found)}")
    return [found[design - 1]]


def _look(sums: list[Sum], workspace: Workspace, decode: str, alternatives: int, design: int, view: View) -> None:
    """The designs of sums in the eyes of a visualizer."""
    from flagsae.workspace.scenes import scene_of_sum

    for total in sums:
        composites = _designs(total, workspace.model, decode, alternatives, design)
        for composite in composites:
            scene = scene_of_sum(workspace, total.operands, composite, width=view.width)
            view.show(scene, one_of=len(sums) * alternatives)
        if not view.quiet:
            _say_what_is_silent(total, workspace.model, decode, composites[0])


def _show(
    total: Sum,
    model: Model,
    decode: str,
    alternatives: int,
    design: int,
    folder: Folder,
    size: int,
    json: bool,
    quiet: bool,
) -> None:
    from flagsae.cli import files
    from flagsae.workspace import drawing

    composites = _designs(total, model, decode, alternatives, design)
    output = folder.path
    files.save(total.title, total.expression, composites, folder, size, model.hash, quiet)
    if output == "-":
        return
    if draws(json):
        out = console()
        if len(composites) > 1:
            out.print(alike([(str(number), one.picture()) for number, one in enumerate(composites, 1)], out))
            out.print(words(total.title))
        else:
            parents = [(part.title, part.flag.canvas[0]) for part in total.operands if part.flag is not None]
            out.print(beside(parents, (total.title, composites[0].picture()), out))
    elif json or not output:
        record(**drawing.record(total.title, total.expression, composites[0], model.hash))
    if not quiet:
        _say_what_is_silent(total, model, decode, composites[0])


def _say_what_is_silent(total: Sum, model: Model, decode: str, composite: Composite) -> None:
    """Names the terms without which the picture would be the same: a minus or a feature that meets nothing."""
    from flagsae.mixing.compose import draw

    for part in total.operands:
        others = [other for other in total.operands if other is not part]
        if composite.design is None or not others or (part.amount > 0 and part.feature is None):
            continue
        (without,) = draw(model, others, decode)
        if without.design is not None and (without.design.flat() == composite.design.flat()).all():
            found = "shows nothing that is there to be taken away" if part.amount < 0 else "is too weak to be seen"
            note(f"note: {part.title} {found}; try a greater amount, as in {3 * part.amount:+g}*{part.title}")


def _steps(total: Sum, steps: int) -> list[Sum]:
    """The sums from the first operand to the second."""
    from flagsae.cli.operands import make_sum
    from flagsae.mixing.compose import morph

    return [make_sum(operands) for operands in morph(total.operands, steps)]


def _morph(total: Sum, model: Model, decode: str, steps: int, output: str, size: int, json: bool, quiet: bool) -> None:
    """From the first operand with a plus to the second; any others stay as they are."""
    from flagsae.cli import files
    from flagsae.mixing.compose import draw, ends
    from flagsae.workspace import drawing

    if output.lower().endswith(".svg"):
        raise UsageError("a morph is many pictures: give -o FILE.gif, FILE.png for a strip, or a folder")
    sums = _steps(total, steps)
    composites = [draw(model, part.operands, decode)[0] for part in sums]
    title = " to ".join(operand.title for operand in ends(total.operands))
    if output.endswith("/"):
        folder = files.Folder(output)
        for number, (part, composite) in enumerate(zip(sums, composites, strict=True), 1):
            about = drawing.about(part.title, part.expression, model.hash)
            write(drawing.file_of(composite, ".png", size, about), folder.file(f"{number:03} {title}"), quiet)
    elif output.lower().endswith(".gif"):
        write(drawing.animation(composites, size), output, quiet)
    elif output and not output.lower().endswith(".json"):
        about = drawing.about(title, total.expression, model.hash)
        write(drawing.sheet(composites, size, len(composites), about), output, quiet)
    elif output:
        lines = [
            files.line(part.title, part.expression, composite, model.hash)
            for part, composite in zip(sums, composites, strict=True)
        ]
        write("".join(lines).encode(), output, quiet)
    if output == "-":
        return
    if draws(json):
        out = console()
        shown = [(f"{step / (steps - 1):.2g}", one.picture()) for step, one in enumerate(composites)]
        places = max(2, min(steps, out.width // 14))
        for start in range(0, steps, places):
            out.print(alike(shown[start : start + places], out, places))
        out.print(words(title))
    elif json or not output:
        for part, composite in zip(sums, composites, strict=True):
            record(**drawing.record(part.title, part.expression, composite, model.hash))
