"""What lies over a screen: it takes the keys until it is dismissed, once."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Generic

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import ModalScreen, ScreenResultType

from flagsae.tui.keys import LivingFocus


class Once(LivingFocus):
    """Keys and clicks may come while it is on its way out, and a second dismissal would take the screen below."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()


# Textual looks for styles along the first base, so its own come first.


class Overlay(ModalScreen[ScreenResultType], Once, Generic[ScreenResultType]):
    """The base of all overlays."""


class Palette(CommandPalette, Once):
    """A list of commands or themes to search."""

    def _action_command_list(self, action: str) -> None:
        with suppress(LookupError):  # a page of a list that was not drawn yet: see `Lines`
            super()._action_command_list(action)
