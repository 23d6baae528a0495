"""`flagsae sample -n 12`: flags that nobody has thought of."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from flagsae.cli import options
from flagsae.cli.screen import alike, check_output, console, draws, note, record, write
from flagsae.errors import UsageError

AGAIN = "the same again: --seed {}"


def command(
    count: Annotated[int, typer.Option("-n", "--n", metavar="N", help="How many.", min=1, max=100000)] = 1,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="Random seed; the same seed, the same flags.", min=0, max=options.MOST_SEED),
    ] = None,
    prior: Annotated[
        str,
        typer.Option(
            "--prior",
            metavar="mix|empirical|gaussian|uniform",
            help="Where codes come from. mix: two or three real flags; empirical: features that fire together; "
            "gaussian: each feature for itself; uniform: random numbers.",
        ),
    ] = "mix",
    avoid_real: Annotated[
        float,
        typer.Option(
            "--avoid-real",
            metavar="DISTANCE",
            help="Drop what is nearer to a real flag than this (mean difference in 8-bit steps); 0 keeps all.",
            min=0,
            callback=options.finite,
        ),
    ] = 14.0,
    grid: Annotated[
        int, typer.Option("--grid", metavar="COLUMNS", help="Write all into one PNG, so many in a row.", min=0)
    ] = 0,
    data: options.Data = "",
    model: options.ModelName = "",
    decode: options.Decode = "",
    view: options.View = "",
    output: options.Output = "",
    size: options.Size = 1200,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Draw new flags: random codes, decoded.

    flagsae sample -n 12

    flagsae sample -n 48 --seed 7 --grid 8 -o sheet.png

    flagsae sample -n 100 --json | flagsae compose - -o flags/

    In a pipe it writes JSON lines {"name", "expression", "code", "model"}; the expression draws the same flag again.
    """
    from flagsae.cli import files
    from flagsae.cli.views import open_view

    seen = open_view(view, output, size, json, quiet)
    if grid and seen is not None:
        raise UsageError("--grid writes the flags themselves: leave --view out, or give a folder as in -o flags/")
    if seen is None:
        check_output(output, (".png",) if grid else (".png", ".svg", ".json"))
    if grid and (not output or output.endswith("/")):
        raise UsageError("--grid needs one file: give -o FILE.png")
    many = output.endswith("/") or (output.endswith(".json") and seen is None)
    if output and count > 1 and not grid and not many:
        raise UsageError(f"{count} flags do not fit into one file: give --grid 8, or a folder as in -o flags/")
    import secrets

    from flagsae.mixing.sampling import sample
    from flagsae.workspace import drawing
    from flagsae.workspace.workspace import open_workspace

    workspace = open_workspace(data, model, partial(note, quiet=quiet))
    chosen = secrets.randbelow(10**6) if seed is None else seed
    if grid:
        drawing.check_sheet(count, size, min(grid, count), workspace.dataset.size)
    samples = sample(
        workspace.model, workspace.dataset, count, prior=prior, seed=chosen, avoid_real=avoid_real, decode=decode
    )
    if seen is not None:
        from flagsae.workspace.scenes import scene_of_sum

        for one in samples:
            scene = scene_of_sum(workspace, one.operands, one.composite, width=seen.width)
            seen.show(scene, one_of=count)
        if seed is None:
            note(AGAIN.format(chosen), quiet)
        return
    folder = files.Folder(output)
    kept, lines, row = [], [], []
    screen = draws(json)
    columns = max(1, min(count, console().width // 24)) if screen else 1
    for number, one in enumerate(samples, 1):
        if grid:
            kept.append(one)
        if output.lower().endswith(".json"):
            lines.append(files.line(one.title, one.expression, one.composite, workspace.model.hash))
        elif output and not grid:
            files.save(one.title, one.expression, [one.composite], folder, size, workspace.model.hash, quiet)
        if output == "-":
            continue
        if screen:
            row.append((one.title, one.composite.picture()))
            if len(row) == columns or number == count:
                console().print(alike(row, console(), columns))
                row = []
        elif json or not output:
            record(**drawing.record(one.title, one.expression, one.composite, workspace.model.hash))
    if lines:
        write("".join(lines).encode(), output, quiet)
    if grid:
        about = drawing.about(f"{count} samples, --prior {prior} --seed {chosen}", "", workspace.model.hash)
        write(drawing.sheet([one.composite for one in kept], size, min(grid, count), about), output, quiet)
    if screen and output != "-" and seed is None:
        note(AGAIN.format(chosen), quiet)
