"""The line at the foot: the keys of what is focused, and a sign where there is no room for all of them."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Size
from textual.widgets import Footer

from flagsae.tui.widgets.text import Words


class Keys(Footer):
    """Keys that find no room are at the right of what is seen: the wheel scrolls there, `?` names them all."""

    DEFAULT_CSS = """
    Keys > Words { dock: right; width: 3; display: none; color: $accent; background: $panel; }
    Keys.-more > Words { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Words(" …")

    def watch_virtual_size(self, size: Size) -> None:
        self.set_class(size.width > self.size.width, "-more")

    def on_resize(self) -> None:
        self.watch_virtual_size(self.virtual_size)
