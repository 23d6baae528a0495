"""`flagsae embed`: a map of all flags on which flags with similar encodings lie together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import coloured, console, record, table
from flagsae.errors import UsageError
from flagsae.printable import json_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.mixing.compose import Sum
    from flagsae.sae.codes import Codes
    from flagsae.visual.scatter import Mark
    from flagsae.workspace.workspace import Workspace

KEYS = ("name", "x", "y", "code", "model")  # of a record

# The written map; by eye.
SHAPE = 4 / 3  # width over height
FILLED = 0.3  # share of its area that many flags cover
LARGEST = 0.1  # width of a flag, as a share of the map's, if there are few
APART = 1.15  # distance between the centres of neighbouring flags, in flags

# The map on a terminal: how far from its place a flag may be drawn; by eye.
REACH = 0.12  # share of the terminal's width
LEAST_REACH = 2  # in flags


@dataclass(frozen=True)
class MapRequest(OutputRequest):
    """Writes a map or its numbers; no visualizer."""

    view: str = ""
    output: Annotated[
        str,
        options.output(
            "FILE|-",
            "Write the map with its flags (.png, .svg) or its numbers (.csv, .json); - writes a PNG to stdout.",
        ),
    ] = ""
    size: options.Size = 2000


@grouped
def command(
    *,
    flags: options.OptionalOperands = None,
    method: Annotated[
        str,
        typer.Option(
            "--method",
            metavar="tsne|pca",
            help="tsne: each flag among its neighbours; pca: the two directions in which encodings differ most.",
        ),
    ] = "tsne",
    seed: Annotated[
        int,
        typer.Option(
            "--seed",
            metavar="SEED",
            help="Random seed of t-SNE; the same seed, the same map.",
            min=0,
            max=options.MOST_SEED,
        ),
    ] = 0,
    perplexity: Annotated[
        float | None,
        typer.Option(
            "--perplexity",
            metavar="P",
            help="About how many neighbours count in t-SNE; 20, or a third of the flags if they are few.",
            min=1,
            callback=options.finite,
            show_default=False,
        ),
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Draw names without flags: more of them fit.", show_default=False)
    ] = False,
    source: Source,
    request: MapRequest,
) -> None:
    """Map encodings in two dimensions: flags with features in common lie together.

    flagsae embed

    flagsae embed -o map.svg

    flagsae embed france italy "france + italy" belgium --method pca

    flagsae sample -n 200 --json | flagsae embed - -o samples.png

    A map on a terminal is as large as the terminal; flags that find no room are counted. In a pipe it writes JSON
    lines {"name", "x", "y", "code", "model"}, one a flag.
    """
    request.check(".png", ".svg", ".csv", ".json")
    if request.in_folder:
        raise UsageError("embed writes one file: give -o FILE.png, FILE.svg, FILE.csv, FILE.json")
    from flagsae.cli import codes
    from flagsae.sae.embedding import directions, project

    workspace = source.open(request.note)
    sums = codes.read_each(flags, workspace) if flags else None
    known, meanings = workspace.codes, workspace.model.meanings
    encoded = known if sums is None else codes.codes_of(sums)
    points = project(directions(meanings(encoded), meanings(known)), method, seed, perplexity)
    rows = _rows(sums, workspace, encoded, points)
    if request.suffix == ".csv":
        numbers = ([row["name"], row["title"], row["x"], row["y"]] for row in rows)
        request.write(table(["slug", "title", "x", "y"], numbers))
    elif request.suffix == ".json":
        request.write("".join(json_line({key: row[key] for key in KEYS}) for row in rows).encode())
    elif request.output:
        request.write(_picture(sums, workspace, points, request, _title(rows, method)))
    if request.drawn:
        _plot(_marks(sums, workspace, flat=True), points, names, request)
    elif request.recorded:
        for row in rows:
            record(**{key: row[key] for key in KEYS})


def _rows(
    sums: list[Sum] | None, workspace: Workspace, encoded: Codes, points: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """For each flag on the map its name, title, place, code and model."""
    from flagsae.cli.codes import name_of
    from flagsae.sae.codes import sparse

    names = (
        [(name.slug, name.title) for name in workspace.dataset.flags.names]
        if sums is None
        else [(name_of(total, workspace.dataset), total.title) for total in sums]
    )
    return [
        {
            "name": name,
            "title": title,
            "x": round(float(x), 4),
            "y": round(float(y), 4),
            "code": sparse(code),
            "model": workspace.model.hash,
        }
        for (name, title), (x, y), code in zip(names, points, encoded, strict=True)
    ]


def _title(rows: list[dict[str, Any]], method: str) -> str:
    return f"{len(rows)} flags by their encodings, {'t-SNE' if method == 'tsne' else 'PCA'}"


def _marks(
    sums: list[Sum] | None,
    workspace: Workspace,
    *,
    vectors: bool = False,
    fine: bool = False,
    flat: bool = False,
) -> list[Mark]:
    """The picture of each flag on the map. Options: see `flag_mark`."""
    from flagsae.cli.codes import flag_mark, mark_of

    if sums is None:
        flags = workspace.dataset.flags
        return [flag_mark(flags[[place]], vectors=vectors, fine=fine, flat=flat) for place in range(len(flags))]
    return [mark_of(total, workspace.model, vectors=vectors, fine=fine, flat=flat) for total in sums]


def _plot(marks: list[Mark], points: NDArray[np.float64], names: bool, request: OutputRequest) -> None:
    """Prints the map as large as the terminal, but for a line for the prompt and one for flags that found no room."""
    from flagsae.sae.embedding import arrange, unit_square
    from flagsae.visual.scatter import CELLS, LONGEST, Scatter, blocks

    out = console()
    pictures = not names and coloured(out)
    rows = max(3, out.height - 2)
    shares = unit_square(points * (1, -1))  # lines count downwards, y upwards
    # A flag keeps the column to its right free; beyond the edge that costs nothing.
    frame = (out.width + 1, rows)
    reach = max(LEAST_REACH * CELLS[0], REACH * out.width)
    for longest in LONGEST:
        places = arrange(shares, blocks(marks, longest, pictures=pictures), frame, reach)
        if None not in places:
            break
    out.print(Scatter(marks, places, rows, longest, pictures), end="")
    if left_out := places.count(None):
        more = "-o map.svg shows all" if names or not pictures else "--names shows more, -o map.svg all"
        request.note(f"{left_out} of {len(marks)} flags found no room: {more}")


def _picture(
    sums: list[Sum] | None,
    workspace: Workspace,
    points: NDArray[np.float64],
    request: OutputRequest,
    title: str,
) -> bytes:
    """The map as the bytes of a PNG or, in vectors, of an SVG."""
    from flagsae.sae.embedding import spread, unit_square
    from flagsae.visual.paint import png
    from flagsae.visual.scatter import document, picture
    from flagsae.workspace.drawing import about

    size, vectors = request.size, request.suffix == ".svg"
    rows, columns = workspace.dataset.size
    frame = (size, max(1, round(size / SHAPE)))
    # Pixels: a flag's width, height; the distance between centres; the room around the map.
    wide = min(LARGEST * size, (FILLED * frame[0] * frame[1] * columns / rows / len(points)) ** 0.5)
    mark = (min(frame[0], max(3, round(wide))), min(frame[1], max(3, round(wide * rows / columns))))
    apart = (mark[0] * APART, mark[1] * APART)
    margin = mark[0] * (APART - 1)
    inside = (frame[0] - 2 * margin, frame[1] - 2 * margin)
    middles = spread(unit_square(points * (1, -1)) * inside, apart, inside) + margin
    fine = mark[0] > columns
    marks = _marks(sums, workspace, vectors=vectors or fine, fine=fine)
    known = about(title, "", workspace.model.hash)
    if vectors:
        return document(marks, middles, mark, frame, known).encode()
    return png(picture(marks, middles, mark, frame), known)
