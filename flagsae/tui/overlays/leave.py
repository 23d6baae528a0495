"""Asks before the application ends while a model is training."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from flagsae.tui.overlays.base import Overlay


class Leave(Overlay[bool]):
    """Dismissed with True if the run is to stop and the application to end."""

    BINDINGS = [
        Binding("s,q", "leave", "Stop and quit"),
        Binding("escape,g", "dismiss(False)", "Go on"),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#leave-stop"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.run_name = name

    def compose(self) -> ComposeResult:
        with Vertical(id="leave") as box:
            box.border_title = "Quit"
            box.border_subtitle = "s stops and quits · esc goes on"
            yield Static(f"{self.run_name} is still training.")
            with Horizontal(id="leave-buttons"):
                yield Button("Stop, keep a checkpoint", id="leave-stop", compact=True)
                yield Button("Go on training", id="leave-stay", compact=True)

    @on(Button.Pressed)
    def pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "leave-stop")

    def action_leave(self) -> None:
        self.dismiss(True)
