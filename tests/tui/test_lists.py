"""Lists of more lines than there is room for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.scroll_view import ScrollView
from textual.widgets.option_list import Option
from user import session

from flagsae.tui.widgets.bars import Bars, Line
from flagsae.tui.widgets.choices import Choices

COUNT, CHOSEN = 100, 60


def choices() -> Choices:
    made = Choices(*(Option(f"line {number}") for number in range(COUNT)))
    made.highlighted = CHOSEN
    return made


def bars() -> Bars:
    made = Bars()
    made.show([Line(number, f"f{number}", 1.0, "") for number in range(COUNT)])
    made.point(CHOSEN)
    return made


class Small(App[None]):
    def __init__(self, make: Callable[[], ScrollView]) -> None:
        super().__init__()
        self.make = make

    def compose(self) -> ComposeResult:
        yield self.make()

    def get_css_variables(self) -> dict[str, str]:
        return {**super().get_css_variables(), "ink-muted": "#888888", "ink-faint": "#888888"}


@pytest.mark.parametrize("make", [choices, bars])
@session
async def test_the_highlighted_line_is_seen_at_every_size(make: Callable[[], ScrollView]) -> None:
    app = Small(make)
    async with app.run_test(size=(80, 40)) as pilot:
        for lines in (40, 10, 50, 5):
            await pilot.resize_terminal(80, lines)
            await pilot.pause()
            seen = app.query_one(ScrollView)
            top = seen.scroll_offset.y
            assert top <= CHOSEN < top + seen.scrollable_content_region.height, lines
