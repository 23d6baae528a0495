"""`flagsae neighbors belgium`: the flags that a model finds most alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import console, fit, picture, record, table
from flagsae.errors import UsageError
from flagsae.printable import json_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from flagsae.flags.dataset import Dataset
    from flagsae.mixing.compose import Sum
    from flagsae.visual.scatter import Mark
    from flagsae.workspace.workspace import Workspace

IN_A_ROW = 11  # pictures in a row of a written sheet, at most: a flag and ten neighbours
# Columns of a picture on a terminal; by eye.
TILE = 13  # at least, with the gap; a narrow terminal has fewer in a row
WIDTHS = (4, 24)  # smallest, largest, without the gap


@dataclass(frozen=True)
class Answer:
    """A query and its neighbours."""

    total: Sum
    """The query."""
    name: str
    """What records call the query."""
    neighbors: list[tuple[int, float]]
    """(position of a flag, similarity), nearest first."""

    def fields(self, workspace: Workspace) -> dict[str, Any]:
        """The record."""
        names = workspace.dataset.flags.names
        found = [
            {"name": names[place].slug, "title": names[place].title, "rank": rank, "similarity": round(alike, 4)}
            for rank, (place, alike) in enumerate(self.neighbors, 1)
        ]
        return {"name": self.name, "neighbors": found, "model": workspace.model.hash}


@dataclass(frozen=True)
class SheetRequest(OutputRequest):
    """Writes a sheet or a table; no visualizer."""

    view: str = ""
    output: Annotated[
        str,
        options.output(
            "FILE|-", "Write a sheet of pictures (.png) or a table (.csv, .json); - writes a PNG to stdout."
        ),
    ] = ""


@grouped
def command(
    flags: options.Operands,
    *,
    count: Annotated[int, typer.Option("-n", "--n", metavar="N", help="How many neighbours.", min=1)] = 10,
    source: Source,
    request: SheetRequest,
) -> None:
    """Find the flags nearest to a flag, by the features that fire for both.

    flagsae neighbors belgium

    flagsae neighbors "morocco + colombia" my-picture.png -n 5

    flagsae sample -n 3 --json | flagsae neighbors -

    Similarity is the cosine of what two encodings decode to (of `crisp` and `seed`: of the encodings themselves): 1 for
    the same, 0 for nothing in common. Every operand is a query of its own; a sum is quoted. In a pipe it writes JSON
    lines {"name", "neighbors": [{"name", "title", "rank", "similarity"}], "model"}, one a query.
    """
    request.check(".png", ".csv", ".json")
    if request.in_folder:
        raise UsageError("neighbors writes one file: give -o FILE.png, FILE.csv, FILE.json")
    from flagsae.cli import codes
    from flagsae.sae.embedding import nearest, similarities

    workspace = source.open(request.note)
    dataset, loaded = workspace.dataset, workspace.model
    queries = codes.read_each(flags, workspace)
    alike = similarities(loaded.meanings(codes.codes_of(queries)), workspace.meanings)  # (n, N)
    answers = []
    for total, row in zip(queries, alike, strict=True):
        places = nearest(row, count, codes.place_of(total, dataset))
        name = codes.name_of(total, dataset)
        answers.append(Answer(total, name, [(place, float(row[place])) for place in places]))
    if request.output:
        request.write(_file(answers, workspace, request))
    if request.drawn:
        out = console()
        for number, answer in enumerate(answers):
            if number:
                out.print()
            mark = codes.mark_of(answer.total, loaded)
            out.print(_row(mark, answer, dataset, out))
    elif request.recorded:
        for answer in answers:
            record(**answer.fields(workspace))


def _row(mark: Mark, answer: Answer, dataset: Dataset, out: Console) -> RenderableType:
    """Pictures of the query and its neighbours in rows, each with its name, rank and similarity."""
    from rich.table import Table

    flags = dataset.flags
    cells = [(mark.title, mark.pixels, "")]
    for rank, (place, alike) in enumerate(answer.neighbors, 1):
        cells.append((flags.names[place].title, flags.canvas[place], f"{rank}{alike:>6.2f}"))
    places = max(1, min(len(cells), out.width // TILE))
    columns = max(WIDTHS[0], min(WIDTHS[1], out.width // places - 2))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(places):
        grid.add_column(width=columns)
    for start in range(0, len(cells), places):
        row = cells[start : start + places]
        grid.add_row(*(picture(pixels, columns, out) for _, pixels, _ in row))
        grid.add_row(*(fit(title, columns) for title, _, _ in row))
        grid.add_row(*(fit(figures, columns) for _, _, figures in row))
    return grid


def _file(answers: list[Answer], workspace: Workspace, request: OutputRequest) -> bytes:
    """The answers as the bytes of a file, of the kind that is asked for."""
    if request.suffix == ".json":
        return "".join(json_line(answer.fields(workspace)) for answer in answers).encode()
    if request.suffix == ".csv":
        found = (
            [answer.name, one["rank"], one["name"], one["title"], one["similarity"]]
            for answer in answers
            for one in answer.fields(workspace)["neighbors"]
        )
        return table(["name", "rank", "neighbor", "title", "similarity"], found)
    from flagsae.cli import codes
    from flagsae.visual.paint import png
    from flagsae.visual.sheet import sheet
    from flagsae.workspace.drawing import about

    dataset, model = workspace.dataset, workspace.model
    longest = min(IN_A_ROW, max(len(answer.neighbors) for answer in answers) + 1)
    fine = request.size / longest > dataset.size[1]  # whether a picture is larger than the canvas
    rows = []
    for answer in answers:
        row = [(codes.mark_of(answer.total, model, vectors=fine, fine=fine), [answer.total.title])]
        for rank, (place, alike) in enumerate(answer.neighbors, 1):
            mark = codes.flag_mark(dataset.flags[[place]], vectors=fine, fine=fine)
            row.append((mark, [mark.title, f"{rank}   {alike:.2f}"]))
        rows.append(row)
    title = "Neighbours of " + ", ".join(answer.total.title for answer in answers)
    return png(sheet(rows, request.size, longest), about(title, "", model.hash))
