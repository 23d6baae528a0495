"""`flagsae draw "red field; green star in the centre"`: a sentence as a flag."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, grouped
from flagsae.cli.screen import console, note, picture, record, words
from flagsae.errors import FlagsaeError, UsageError

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
            autocompletion=options.complete_sentence,
            show_default=False,
        ),
    ],
    *,
    request: DrawnRequest,
) -> None:
    """Draw what a sentence says: a ground, figures across it, and charges.

    flagsae draw "red field; green star in the centre"

    flagsae draw "three horizontal stripes, blue, white, green; big gold sun" -o mine.svg

    flagsae draw "a navy flag with a Union Jack in the canton and a big white seven-pointed star"

    flagsae draw "red field; white Nordic cross edged blue" --json | jq .design

    flagsae draw "red field; green star [star->crescent, +border]"

    Grounds: field, horizontal or vertical stripes ("edged white", "the first twice as high"), quarters, diagonally
    halved, wedges, Union Jack. Across them: cross, Nordic cross, saltire, diagonal band, pall, triangle, border, bar,
    horizontal bar, serrated bar, canton. Charges: star (six-pointed), sun, disc, ring, crescent, cross, lozenge,
    square, rectangle, chevron, emblem: big, small or tiny, one or many (in a row, in a ring), edged; in the centre,
    at the hoist (left), at the fly (right), at the top, in the upper hoist, in the canton, on the disc. Colours:
    those of flags, and others such as navy, maroon, gold, silver, cream, pink, turquoise. ; begins the next thing;
    "with", "and" and commas do too. Brackets at the end change what was said, as those behind a flag of compose do.

    What is written back is the sentence in the tool's own words. In a pipe it writes JSON lines {"name", "text",
    "design"}.
    """
    request.check(".png", ".svg", ".json")
    if sentences.count("-") > 1:
        raise UsageError("- reads all of stdin: give it once")
    flags, faults = _read(sentences)
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
        for line in flag.notes:
            request.note(f"note: {line}")
        for phrase in flag.hidden() if not request.quiet else ():
            request.note(f"note: {phrase}: it has the colour of what it stands on and cannot be seen")
    if request.suffix == ".json" and lines:
        request.write(lines)
    for fault in faults:
        note(fault)
    if faults:
        raise UsageError(f"{len(faults)} of {len(flags) + len(faults)} lines were not drawn: mend what is said of each")


def _read(sentences: Sequence[str]) -> tuple[list[Drawn], list[str]]:
    """The flags, and what is wrong with lines on stdin that are none: the others are drawn all the same."""
    from flagsae.cli.operands import lines_on_stdin
    from flagsae.workspace.drawn import draw

    flags: list[Drawn] = []
    faults: list[str] = []
    for sentence in sentences:
        if sentence != "-":
            flags.append(draw(sentence))
            continue
        before = len(flags) + len(faults)
        for number, line in lines_on_stdin():
            try:
                flags.append(_of_record(line) if line.lstrip().startswith("{") else draw(line.strip()))
            except FlagsaeError as error:
                faults.append(f"line {number} on stdin: {error}")
        if len(flags) + len(faults) == before:
            raise UsageError("no sentences on stdin: write one a line, red field; green star")
    if faults and not flags:
        raise UsageError(faults[0])
    return flags, faults


def _of_record(line: str) -> Drawn:
    from flagsae.design import render
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
    render.check_colours(design, palette)
    return Drawn(design, palette)
