"""Jump mode: a letter on each pane; the key of a letter gives the focus to its pane."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Label

from flagsae.tui.overlays.base import Overlay

LETTERS = "asdfjklewiohgruvmcnxbtyzpq"  # the keys that are easy to reach first


class Jump(Overlay[Widget | None]):
    """Dismissed with the chosen pane, or with None."""

    def __init__(self, targets: Sequence[Widget]) -> None:
        super().__init__()
        self.targets = dict(zip(LETTERS, targets, strict=False))

    def compose(self) -> ComposeResult:
        for letter, target in self.targets.items():
            label = Label(letter, classes="jump-letter")
            label.styles.offset = (target.region.x, target.region.y)
            yield label
        yield Label("press a letter; any other key goes back", id="jump-words")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(self.targets.get(event.key))

    def on_click(self) -> None:
        self.dismiss(None)
