"""Lists of text lines, of which one is highlighted."""

from __future__ import annotations

from contextlib import suppress

from textual import events
from textual.widgets import OptionList

from flagsae.tui.bindings import bindings


class Clicked(OptionList):
    """Textual's list, but a click on a line that was removed before the next repaint is ignored, and not an error."""

    def on_click(self, event: events.Click) -> None:
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()


class Lines(Clicked):
    """Textual's list, but paging does nothing while no line is visible: before it is drawn, or without room. Textual
    counts a page in visible lines, and raises an error then."""

    def action_page_up(self) -> None:
        with suppress(LookupError):
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        with suppress(LookupError):
            super().action_page_down()  # type: ignore[no-untyped-call]


class Choices(Lines, inherit_bindings=False):
    """A list with the keys of `Bars`."""

    scope = "bars"
    BINDINGS = bindings("bars")
    DEFAULT_CSS = """
    Choices { background: transparent; }
    Choices > .option-list--option-highlighted { background: $surface; color: $foreground; text-style: none; }
    Choices:focus { background-tint: transparent; }
    Choices:focus > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: none;
    }
    """

    def on_resize(self) -> None:
        """A list that has fewer lines than before still shows the highlighted one."""
        self.call_after_refresh(self.scroll_to_highlight)

    def action_move(self, lines: int) -> None:
        if lines > 0:
            self.action_cursor_down()
        else:
            self.action_cursor_up()

    def action_page(self, pages: int) -> None:
        self.call_next(self.action_page_down if pages > 0 else self.action_page_up)

    def action_end(self, last: bool) -> None:
        if last:
            self.action_last()
        else:
            self.action_first()

    def action_choose(self) -> None:
        self.action_select()
