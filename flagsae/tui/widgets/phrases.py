"""The description of a flag, phrase by phrase, so that the place of the highlighted one can be shown in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from flagsae.design.vocabulary import Element, capitalized
from flagsae.tui.bindings import bindings


class Phrases(ScrollView, can_focus=True):
    """The phrases of a description, each on a line of its own or on several. While the widget has the focus, one is
    highlighted."""

    scope = "bars"
    BINDINGS = bindings("bars")
    COMPONENT_CLASSES = {"phrases--text", "phrases--cursor"}
    DEFAULT_CSS = """
    Phrases { height: 1fr; width: 1fr; }
    Phrases > .phrases--text { color: $foreground; }
    Phrases > .phrases--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    """

    @dataclass
    class Highlighted(Message):
        """Another phrase is highlighted, or none any more."""

        phrases: Phrases
        element: Element | None  # of the highlighted phrase

        @property
        def control(self) -> Phrases:
            return self.phrases

    def __init__(self, *, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        """empty: what to say if there is no description."""
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self.elements: Sequence[Element] = ()
        self.cursor = 0
        self._lines: list[tuple[int, str]] = []  # (position in `elements`, text)

    def show(self, elements: Sequence[Element]) -> None:
        """Shows the elements of a description. Those that are part of another one have no phrase, and are left out."""
        self.elements = [element for element in elements if element.kind != "piece"]
        self.cursor = 0
        self._measure()
        self.scroll_to(y=0, animate=False)
        if self.has_focus:
            self._tell()

    @property
    def current(self) -> Element | None:
        return self.elements[self.cursor] if self.cursor < len(self.elements) else None

    def _measure(self) -> None:
        """Breaks the phrases into lines of the widget's width."""
        width = self.scrollable_content_region.width
        self._lines = []
        for place, element in enumerate(self.elements):
            text = element.text
            text = capitalized(text) if place == 0 else text
            text += "." if place == len(self.elements) - 1 else ";"
            self._lines += [(place, line) for line in wrap(text, max(8, width - 2)) or [""]]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def on_resize(self) -> None:
        self._measure()

    def render_line(self, y: int) -> Strip:
        width, style = self.scrollable_content_region.width, self.rich_style
        row = y + self.scroll_offset.y
        if row >= len(self._lines):
            text = self.empty if not self._lines and y == 0 else ""
            return Strip([Segment(text, style)]).adjust_cell_length(width, style)
        place, text = self._lines[row]
        first = not row or self._lines[row - 1][0] != place
        here = self.has_focus and place == self.cursor
        style += self.get_component_rich_style(f"phrases--{'cursor' if here else 'text'}", partial=True)
        mark = ("▸" if here else "·") if first else " "
        return Strip([Segment(f"{mark} {text}", style)]).adjust_cell_length(width, style)

    # What the user does.

    def move(self, place: int) -> None:
        if not self.elements:
            return
        self.cursor = max(0, min(len(self.elements) - 1, place))
        rows = [row for row, (one, _) in enumerate(self._lines) if one == self.cursor]
        if rows and self.size.height:
            self.scroll_to_region(Region(0, rows[0], 1, len(rows)), animate=False, force=True, x_axis=False)
        self.refresh()
        self._tell()

    def _tell(self) -> None:
        self.post_message(self.Highlighted(self, self.current if self.has_focus else None))

    def action_move(self, lines: int) -> None:
        self.move(self.cursor + lines)

    def action_page(self, pages: int) -> None:
        self.move(self.cursor + pages * max(1, self.size.height - 1))

    def action_end(self, last: bool) -> None:
        self.move(len(self.elements) - 1 if last else 0)

    def action_choose(self) -> None:
        self._tell()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:  # on the frame
            return
        row = offset.y + self.scroll_offset.y
        if row < len(self._lines):
            self.move(self._lines[row][0])

    def on_focus(self) -> None:
        self.refresh()
        self._tell()

    def on_blur(self) -> None:
        self.refresh()
        self._tell()
