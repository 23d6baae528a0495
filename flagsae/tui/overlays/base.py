"""The base classes of modal screens, which take all keys until they are dismissed."""

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


class DismissedOnce(LivingFocus):
    """A modal screen of which only the first dismissal counts.

    Keys and clicks may still come while it is being removed, and a second dismissal would remove the screen below.
    """

    def dismiss(self, result: Any = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()


# Textual looks for styles only along the first base of a class, so that is one of its own.


class Overlay(ModalScreen[ScreenResultType], DismissedOnce, Generic[ScreenResultType]):
    """The base class of all overlays but the palette."""


class Commands(CommandList, Clicked):
    """The list of a palette. A click on a line that is gone does nothing."""


class Palette(CommandPalette, DismissedOnce):
    """A list of commands or themes to search.

    When it is dismissed, its widgets are removed first. A search or a timer of Textual's that is still running then
    queries them, to show what it has found. So `query_one` finds them as long as the palette exists.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own_widgets: list[Widget] = []  # also after they are removed

    def compose(self) -> ComposeResult:
        for widget in super().compose():
            yield Commands() if isinstance(widget, CommandList) else widget

    def on_click(self, event: Click) -> None:
        """Drops a click where no widget is any more: the palette is being removed, or the terminal got smaller."""
        try:
            self.get_widget_at(event.screen_x, event.screen_y)
        except NoWidget:
            event.prevent_default()  # Textual's own handler would raise the same error

    def on_mount(self) -> None:
        self.own_widgets = list(self.query("*"))

    def query_one(self, selector: Any, expect_type: Any = None) -> Any:
        try:
            return super().query_one(selector, expect_type)
        except NoMatches:
            for widget in self.own_widgets:
                if f"#{widget.id}" == selector if isinstance(selector, str) else isinstance(widget, selector):
                    return widget
            raise

    def _action_command_list(self, action: str) -> None:
        with suppress(LookupError):  # a page key before the list is drawn: see `Lines`
            super()._action_command_list(action)
