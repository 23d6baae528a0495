"""`flagsae compose morocco colombia`: the sum of flags' codes, decoded into a flag that nobody has flown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.cli.operands import Operand, read_operands, sparse
from flagsae.cli.screen import beside, check_output, console, draws, record, write

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.compose import Composite
    from flagsae.model import Model


def command(
    flags: options.Operands,
    data: options.Data = "",
    model: options.ModelName = "",
    decode: Annotated[
        str,
        typer.Option(
            "--decode", metavar="vote|sum", help="vote: a colour a region; sum: a colour a pixel.", show_default="vote"
        ),
    ] = "",
    output: options.Output = "",
    size: options.Size = 1200,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Mix flags: add their encodings and draw what the sum decodes to.

    flagsae compose morocco colombia

    flagsae compose japan france my-flag.png -o new.png --size 2400

    In a pipe it writes JSON lines {"name", "code", "model"}, which `flagsae compose -` reads; with - alone each
    record is drawn on its own.
    """
    check_output(output)
    from flagsae.dataset import load_dataset
    from flagsae.model import load_model

    dataset = load_dataset(data)
    loaded = load_model(dataset, model)
    operands = read_operands(flags, dataset, loaded)
    groups = [[operand] for operand in operands] if flags == ["-"] else [operands]
    if output and not output.endswith("/") and len(groups) > 1:
        from flagsae.errors import UsageError

        raise UsageError(f"{len(groups)} pictures do not fit into one file: give a folder, as in -o flags/")
    taken: set[str] = set()
    for group in groups:
        _show(group, loaded, decode, output, size, json, quiet, taken)


def _show(
    group: list[Operand],
    model: Model,
    decode: str,
    output: str,
    size: int,
    json: bool,
    quiet: bool,
    taken: set[str],
) -> None:
    import numpy as np

    from flagsae.compose import draw
    from flagsae.dataset import stack
    from flagsae.visual.paint import png

    parents = [operand.flag for operand in group if operand.flag is not None]
    known = stack(parents) if len(parents) == len(group) else None
    title = " + ".join(operand.title for operand in group)
    composite = draw(model, np.stack([operand.code for operand in group]), [1.0] * len(group), known, decode)
    if output:
        path = output
        if output.endswith("/"):
            from flagsae.names import fold

            stem = base = fold(title) or "flag"
            number = 2
            while stem in taken:
                stem, number = f"{base}-{number}", number + 1
            taken.add(stem)
            path = f"{output}{stem}.png"
        about = {"Title": title, "Software": "flagsae", "flagsae:expression": title, "flagsae:model": model.hash}
        write(png(pixels(composite, size), about), path, quiet)
    if output == "-":
        return
    if draws(json):
        out = console()
        small = [(operand.title, operand.flag.canvas[0]) for operand in group if operand.flag is not None]
        out.print(beside(small, (title, pixels(composite, 306)), out))
    elif json or not output:
        record(name=title, code=sparse(composite.code), model=model.hash)


def pixels(composite: Composite, width: int) -> NDArray[np.uint8]:
    """A composite as a picture of that width."""
    from flagsae.visual.paint import paint, scale

    if composite.labels is not None and composite.tints is not None:
        rows, columns = composite.labels.shape
        return paint(composite.labels, composite.tints, width, max(1, round(width * rows / columns)))
    assert composite.pixels is not None
    rows, columns = composite.pixels.shape[:2]
    return scale(composite.pixels, width, max(1, round(width * rows / columns)))
