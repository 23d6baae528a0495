"""`flagsae draw "red field; green star in the centre"`: a sentence as a flag."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli.request import OutputRequest, grouped
from flagsae.cli.screen import console, picture, record, words
from flagsae.errors import DesignError, UsageError

if TYPE_CHECKING:
    from flagsae.workspace.drawn import Drawn

PICTURE = 48  # columns


@dataclass(frozen=True)
class DrawnRequest(OutputRequest):
    """A picture, a file or a record; no visualizer."""

    view: str = ""


@grouped
def command(
    sentences: Annotated[
        list[str],
        typer.Argument(
            metavar="SENTENCE...",
            help="What is on the flag: 'red field; green star in the centre'. - reads sentences, or records of draw, "
            "from stdin, a line each.",
            show_default=False,
        ),
    ],
    *,
    request: DrawnRequest,
) -> None:
    """Draw what a sentence says: a ground, figures across it, and charges, with ; between them.

    flagsae draw "red field; green star in the centre"

    flagsae draw "three horizontal stripes, blue, white, green; big gold sun" -o mine.svg

    flagsae draw "navy field; Union Jack in the canton; five white seven-pointed stars at the fly"

    flagsae draw "red field; white Nordic cross edged blue" --json | jq .design

    Grounds: field, horizontal and vertical stripes ("the first twice as high", "edged white"), quarters, diagonally
    halved, wedges. Figures: cross, Nordic cross, saltire, diagonal band, pall, triangle, bar, border, canton, Union
    Jack. Charges: star (six-pointed), sun, disc, ring, crescent, cross, lozenge, rectangle, chevron, emblem; big or
    small, one or many, edged, in the centre, at the hoist, in the upper fly, in the canton, on the disc. In a pipe it
    writes JSON lines {"name", "text", "design"}.
    """
    request.check(".png", ".svg", ".json")
    if sentences.count("-") > 1:
        raise UsageError("- reads all of stdin: give it once")
    flags = [flag for sentence in sentences for flag in _flags(sentence)]
    request.check_count(len(flags))
    lines = b""
    out = console() if request.drawn else None
    for flag in flags:
        if request.suffix == ".json":
            lines += flag.file(".json")
        elif request.output:
            path = request.folder.file(flag.title) if request.in_folder else request.output
            request.write(flag.file(request.suffix, request.size), path)
        if out is not None and not request.output:
            out.print(picture(flag.picture, min(PICTURE, out.width), out))
            out.print(words(flag.text))
        elif request.recorded:
            record(**flag.record)
        for phrase in flag.hidden():
            request.note(f"note: {phrase}: it has the colour of what it stands on and cannot be seen")
    if request.suffix == ".json" and lines:
        request.write(lines)


def _flags(sentence: str) -> Iterator[Drawn]:
    """The flag of a sentence, or those of all lines on stdin."""
    from flagsae.workspace.drawn import draw

    if sentence != "-":
        yield draw(sentence)
        return
    from flagsae.cli.operands import lines_on_stdin

    some = False
    for number, line in lines_on_stdin():
        some = True
        try:
            yield _of_record(line) if line.lstrip().startswith("{") else draw(line.strip())
        except (UsageError, DesignError) as error:
            raise UsageError(f"line {number} on stdin: {error}") from None
    if not some:
        raise UsageError("no sentences on stdin: write one a line, red field; green star")


def _of_record(line: str) -> Drawn:
    from flagsae.design.design import Design
    from flagsae.flags.palette import flag_palette
    from flagsae.workspace.drawn import Drawn

    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError("this is no JSON") from None
    if not isinstance(value, dict) or "design" not in value:
        raise UsageError('this record has no "design": give one of flagsae draw --json')
    design = Design.read(value["design"])
    palette = flag_palette()
    unknown = [colour for colour in design.colours() if colour not in palette.names]
    if unknown:
        raise DesignError(f"the palette has no colour {unknown[0]!r}: {', '.join(palette.names)}")
    return Drawn(design, palette)
