"""`flagsae sample -n 12`: new flags, of a grammar or of random codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import console, picture_row, record
from flagsae.errors import UsageError
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.mixing.choices import PRIORS

if TYPE_CHECKING:
    from flagsae.cli.views import View
    from flagsae.mixing.compose import Composite
    from flagsae.mixing.sampling import Sample
    from flagsae.workspace.workspace import Workspace

AGAIN = "the same again: --seed {}"
TILE = 24  # columns of a flag on a terminal, at least; by eye


@grouped
def command(
    *,
    count: Annotated[int, typer.Option("-n", "--n", metavar="N", help="How many.", min=1, max=100000)] = 1,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="Random seed; the same seed, the same flags.", min=0, max=options.MOST_SEED),
    ] = None,
    prior: Annotated[
        str,
        typer.Option(
            "--prior",
            metavar="|".join(PRIORS),
            help=f"Where flags come from. {options.told(PRIORS)}.",
            show_default="grammar, or mix without designs",
        ),
    ] = "",
    avoid_real: Annotated[
        float,
        typer.Option(
            "--avoid-real",
            metavar="DISTANCE",
            help="Drop what is nearer to a real flag than this (mean difference in 8-bit steps); 0 keeps all.",
            min=0,
            callback=options.finite,
        ),
    ] = NEAR_DUPLICATE,
    grid: Annotated[
        int, typer.Option("--grid", metavar="COLUMNS", help="Write all into one PNG, so many in a row.", min=0)
    ] = 0,
    source: Source,
    decode: options.Decode = "",
    request: OutputRequest,
) -> None:
    """Draw new flags: designs that are made as real flags are, sums of real ones, or random codes.

    flagsae sample -n 12

    flagsae sample -n 48 --seed 7 --grid 8 -o sheet.png

    flagsae sample -n 100 --json | flagsae compose - -o flags/

    In a pipe it writes JSON lines {"name", "code", "model"}, with the "design", which draws the same flag again, and
    the "expression" of a sum, or the "recipe" that says from which flags the parts of a design come.
    """
    _check(count, grid, request)
    import secrets

    from flagsae.mixing.sampling import sample, usual_prior

    workspace = source.open(request.note)
    chosen = secrets.randbelow(10**6) if seed is None else seed
    if grid:
        from flagsae.workspace import drawing

        drawing.check_sheet(count, request.size, min(grid, count), workspace.dataset.size)
    found = sample(workspace.model, count, prior=prior, seed=chosen, avoid_real=avoid_real, decode=decode)
    if request.viewer is not None:
        _view(found, count, workspace, request.viewer)
    else:
        kept = _show(found, count, bool(grid), workspace.model.hash, request)
        if grid:
            of = prior or usual_prior(workspace.model)
            about = drawing.about(f"{count} samples, --prior {of} --seed {chosen}", "", workspace.model.hash)
            request.write(drawing.sheet(kept, request.size, min(grid, count), about))
    if seed is None and (request.drawn or request.viewer is not None):
        request.note(AGAIN.format(chosen))


def _check(count: int, grid: int, request: OutputRequest) -> None:
    """Raises `UsageError` for options that do not go together."""
    if grid and request.viewer is not None:
        raise UsageError("--grid writes the flags themselves: leave --view out, or give a folder as in -o flags/")
    request.check(*((".png",) if grid else (".png", ".svg", ".json")))
    if grid and (not request.output or request.in_folder):
        raise UsageError("--grid needs one file: give -o FILE.png")
    many = request.in_folder or (request.suffix == ".json" and request.viewer is None)
    if request.output and count > 1 and not grid and not many:
        raise UsageError(f"{count} flags do not fit into one file: give --grid 8, or a folder as in -o flags/")


def _view(found: Iterable[Sample], count: int, workspace: Workspace, viewer: View) -> None:
    """Lets a visualizer draw each flag as soon as it is sampled."""
    from flagsae.workspace.scenes import scene_of_sum

    for one in found:
        viewer.show(scene_of_sum(workspace, one.operands, one.composite, width=viewer.width), one_of=count)


def _show(found: Iterable[Sample], count: int, keep: bool, model_hash: str, request: OutputRequest) -> list[Composite]:
    """Writes each flag to a file, to the terminal or as a record, as soon as it is sampled.

    keep: whether to return all flags instead of writing them to files.
    """
    from flagsae.workspace.records import line_of, record_of

    kept, lines, row = [], [], []
    columns = max(1, min(count, console().width // TILE)) if request.drawn else 1
    for number, one in enumerate(found, 1):
        if keep:
            kept.append(one.composite)
        elif request.suffix == ".json":
            lines.append(line_of(one, one.composite, model_hash))
        else:
            request.save(one, [one.composite], model_hash)
        if request.drawn:
            row.append((one.title, one.composite.picture()))
            if len(row) == columns or number == count:
                console().print(picture_row(row, console(), columns))
                row = []
        elif request.recorded:
            record(**record_of(one, one.composite, model_hash))
    if lines:
        request.write("".join(lines).encode())
    return kept
