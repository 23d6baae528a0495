"""The help: the commands that work now, from the command table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from flagsae.tui.commands import ABOUT, SCOPES, commands_of
from flagsae.tui.overlays.base import Overlay


class Help(Overlay[None]):
    """The commands of some scopes."""

    BINDINGS = [Binding("escape,question_mark,q,enter", "dismiss", "Close")]

    def __init__(self, scopes: Sequence[str]) -> None:
        """scopes: of the command table, the most specific first: the focused pane's."""
        super().__init__()
        self.scopes = scopes

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc closes"
            for scope in self.scopes:
                yield Static(Text(SCOPES[scope], style="bold"), classes="help-scope")
                if scope in ABOUT:
                    yield Static(ABOUT[scope], classes="help-about")
                table = Table.grid(padding=(0, 2, 0, 0))
                table.add_column(no_wrap=True, min_width=12)
                table.add_column()
                for command in commands_of(scope):
                    table.add_row(Text(command.shown_keys, style="bold"), command.help)
                yield Static(table)
