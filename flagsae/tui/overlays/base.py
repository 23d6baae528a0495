"""What lies over a screen: it takes the keys until it is dismissed, once."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Generic

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.events import Click
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget

from flagsae.tui.keys import LivingFocus
from flagsae.tui.widgets.choices import Clicked


class Once(LivingFocus):
    """Keys and clicks may come while it is on its way out, and a second dismissal would take the screen below."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()


# Textual looks for styles along the first base, so its own come first.


class Overlay(ModalScreen[ScreenResultType], Once, Generic[ScreenResultType]):
    """The base of all overlays."""


class Commands(CommandList, Clicked):
    """The list of a palette."""


class Palette(CommandPalette, Once):
    """A list of commands or themes to search.

    When it goes, its widgets go first, and a search or a timer of Textual's that is still at work asks for them to
    show what it found. So they are found as long as the palette is.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.made: list[Widget] = []

    def compose(self) -> ComposeResult:
        for widget in super().compose():
            yield Commands() if isinstance(widget, CommandList) else widget

    def on_click(self, event: Click) -> None:
        """A click may come when nothing is at its place any more: the palette goes, or the terminal got smaller."""
        try:
            self.get_widget_at(event.screen_x, event.screen_y)
        except NoWidget:
            event.prevent_default()  # Textual's own handler asks the same

    def on_mount(self) -> None:
        self.made = list(self.query("*"))

    def query_one(self, selector: Any, expect_type: Any = None) -> Any:
        try:
            return super().query_one(selector, expect_type)
        except NoMatches:
            for widget in self.made:
                if f"#{widget.id}" == selector if isinstance(selector, str) else isinstance(widget, selector):
                    return widget
            raise

    def _action_command_list(self, action: str) -> None:
        with suppress(LookupError):  # a page of a list that was not drawn yet: see `Lines`
            super()._action_command_list(action)
