"""The line at the top: the screens, and what all of them look at."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from flagsae.tui.commands import SCREENS


class Header(Widget):
    """Screens by their digits on the left, a click away; on the right what `facts` says, as much as there is room."""

    COMPONENT_CLASSES = {"header--tab", "header--current", "header--fact", "header--digit"}
    DEFAULT_CSS = """
    Header { height: 1; dock: top; background: $panel; }
    Header > .header--tab { color: $ink-muted; }
    Header > .header--digit { color: $ink-faint; }
    Header > .header--current {
        color: $block-cursor-foreground; background: $block-cursor-background; text-style: bold;
    }
    Header > .header--fact { color: $ink-muted; }
    """

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current
        self.facts: list[str] = []

    def show(self, facts: list[str]) -> None:
        """facts: the most important first; those that find no room are left out."""
        if facts != self.facts:
            self.facts = facts
            self.refresh()

    def _tabs(self) -> list[tuple[str, str, str]]:
        """(scope, digit, title)."""
        short = self.size.width < 72
        return [
            (scope, str(number), title[: 5 if short else None])
            for number, (scope, title) in enumerate(SCREENS.items(), 1)
        ]

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style

        def ink(name: str) -> Style:
            return style + self.get_component_rich_style(f"header--{name}", partial=True)

        line: list[Segment] = []
        for scope, digit, title in self._tabs():
            if scope == self.current:
                # The brackets say it where there is no colour.
                line.append(Segment(f"[{digit} {title}]", ink("current")))
            else:
                line += [Segment(f" {digit}", ink("digit")), Segment(f" {title} ", ink("tab"))]
        used = sum(segment.cell_length for segment in line)
        shown = ""
        for fact in self.facts:
            longer = f"{shown} · {fact}" if shown else fact
            if used + cell_len(longer) + 2 <= width:
                shown = longer
        line.append(Segment(" " * (width - used - cell_len(shown) - 1), style))
        line.append(Segment(f"{shown} ", ink("fact")))
        return Strip(line).adjust_cell_length(width, style)

    def on_click(self, event: events.Click) -> None:
        column = 0
        for scope, digit, title in self._tabs():
            column += len(digit) + len(title) + 3
            if event.x < column:
                self.app.call_later(self.app.run_action, f"go('{scope}')")
                return
