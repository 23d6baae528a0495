"""The header: the tabs of the screens, and what all of them show at the moment."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from flagsae.tui.commands import SCREENS

NARROW = 72  # columns: with less, titles are cut to `SHORT` letters, so that all tabs have room
SHORT = 5


class Header(Widget):
    """On the left the screens, each with its key, which can be clicked; on the right as many facts as there is room
    for."""

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
        """current: the screen that is shown, one of `SCREENS`; "" while the application opens."""
        super().__init__()
        self.current = current
        self.facts: list[str] = []

    def show(self, facts: list[str]) -> None:
        """facts: the most important first; those without room are left out."""
        if facts != self.facts:
            self.facts = facts
            self.refresh()

    def _tabs(self) -> list[tuple[str, str, str]]:
        """(scope, digit, title) of each screen."""
        short = self.size.width < NARROW
        return [
            (scope, str(number), title[: SHORT if short else None])
            for number, (scope, title) in enumerate(SCREENS.items(), 1)
        ]

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style

        def ink(name: str) -> Style:
            return style + self.get_component_rich_style(f"header--{name}", partial=True)

        line: list[Segment] = []
        for scope, digit, title in self._tabs():
            if scope == self.current:
                # In brackets, since the terminal may have no colour.
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
