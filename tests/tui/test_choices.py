"""A list of more lines than there is room for."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets.option_list import Option
from user import session

from flagsae.tui.widgets.choices import Choices


class Small(App[None]):
    def compose(self) -> ComposeResult:
        yield Choices(*(Option(f"line {number}") for number in range(100)))


@session
async def test_the_highlighted_line_is_seen_at_every_size() -> None:
    app = Small()
    async with app.run_test(size=(80, 40)) as pilot:
        choices = app.query_one(Choices)
        choices.highlighted = 60
        for lines in (10, 50, 5):
            await pilot.resize_terminal(80, lines)
            await pilot.pause()
            top = choices.scroll_offset.y
            assert top <= 60 < top + choices.scrollable_content_region.height, lines
