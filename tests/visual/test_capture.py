"""What a renderable may do to a terminal, and does not: it is caught within its cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest
from rich.console import Console
from rich.control import Control
from rich.errors import NotRenderableError
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from flagsae.visual.capture import capture
from flagsae.visual.scene import Size

SIZE = Size(10, 3)


class Raw:
    """Segments as they are."""

    def __init__(self, segments: Any) -> None:
        self.segments = segments

    def __rich_console__(self, console: Console, options: Any) -> Iterator[Segment]:
        yield from self.segments


def text(drawn: Any) -> list[str]:
    return ["".join(segment.text for segment in line) for line in drawn.lines]


def test_lines_are_caught_as_they_are_printed() -> None:
    drawn = capture(Panel("ab", title="x"), SIZE)
    assert text(drawn) == ["╭── x ───╮", "│ ab     │", "╰────────╯"] and drawn.columns == 10
    assert not drawn.too_wide and not drawn.too_high
    assert text(capture(Panel("ab"), SIZE, ascii_only=True))[0] == "+--------+"
    assert text(capture("[bold]ab[/]\n\nc\n\n\n\n", SIZE)) == ["ab", "", "c"]


def test_what_does_not_fit_is_cut_and_told() -> None:
    wide = capture(Raw([Segment("x" * 500), Segment("y\n"), Segment("z")]), SIZE)
    assert text(wide) == ["x" * 10, "z"] and wide.too_wide and not wide.too_high
    high = capture(Text("\n".join("abcdef")), SIZE)
    assert text(high) == ["a", "b", "c"] and high.too_high and not high.too_wide
    # A letter of two cells is not cut in half.
    assert text(capture(Raw([Segment("abcdefghi日")]), SIZE)) == ["abcdefghi "]


@pytest.mark.parametrize("segment", [Segment("x\n"), Segment("\n"), Segment("\n\n\n")])
def test_what_never_ends_is_cut(segment: Segment) -> None:
    assert capture(Raw(repeat(segment)), SIZE).too_high


def test_no_escape_code_comes_through() -> None:
    evil = Segment("a\x1b[2Jb\tc\r\x07\u202ed\x9b1m", Style(link="https://example.org", meta={"@click": "app.quit"}))
    (line,) = capture(Raw([Control.home().segment, evil]), SIZE).lines
    assert line[0].text.isprintable() and line[0].text.replace(" ", "") == "a[2Jbcd1m"
    assert line[0].style is not None and not line[0].style.link and not line[0].style.meta


def test_without_colour_there_is_none() -> None:
    (line,) = capture(Raw([Segment("a", Style(color="red", bold=True))]), SIZE, colours=None).lines
    assert line[0].style == Style(bold=True)


def test_what_rich_cannot_draw_is_raised() -> None:
    with pytest.raises(NotRenderableError):
        capture(3, SIZE)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        capture(Raw(Segment(str(1 / number)) for number in (1, 0)), SIZE)
