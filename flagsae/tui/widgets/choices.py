"""A list to choose one of: what is highlighted is chosen."""

from __future__ import annotations

from textual.widgets import OptionList

from flagsae.tui.bindings import bindings


class Choices(OptionList, inherit_bindings=False):
    """Lines of text under each other, with the keys of all lists."""

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
