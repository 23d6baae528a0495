"""A list of lines with a bar each: the features of a flag, or how a sum has changed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from flagsae.tui.bindings import bindings
from flagsae.visual.terminal.charts import bar

NAME = 6  # columns of a name, such as f142
DIGITS = 2  # decimals of a number


@dataclass(frozen=True)
class Line:
    """A line of the list."""

    key: int  # the owner's number for the line, such as a feature
    name: str  # at most `NAME` columns
    value: float  # drawn as the bar, relative to the largest value of the list
    words: str  # the rest of the line
    faint: bool = False  # whether the words are drawn in a paler ink


class Bars(ScrollView, can_focus=True):
    """Lines with bars, one of which is highlighted by the cursor."""

    scope = "bars"
    BINDINGS = bindings("bars")
    COMPONENT_CLASSES = {"bars--name", "bars--more", "bars--less", "bars--words", "bars--faint", "bars--cursor"}
    DEFAULT_CSS = """
    Bars { height: 1fr; width: 1fr; overflow-x: hidden; }
    Bars > .bars--name { color: $foreground; }
    Bars > .bars--more { color: $success; }
    Bars > .bars--less { color: $error; }
    Bars > .bars--words { color: $ink-muted; }
    Bars > .bars--faint { color: $ink-faint; }
    Bars > .bars--cursor { background: $surface; }
    Bars:focus > .bars--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    """

    cursor: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Highlighted(Message):
        """The user has moved the cursor to a line."""

        bars: Bars
        line: Line

        @property
        def control(self) -> Bars:
            return self.bars

    class Chosen(Highlighted):
        """The user has pressed enter on a line, or has double-clicked it."""

    def __init__(
        self, *, empty: str = "", signed: bool = True, id: str | None = None, classes: str | None = None
    ) -> None:
        """empty: what to say if there are no lines; signed: whether values may be below 0: bars then begin in the
        middle, and numbers have a sign."""
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self.signed = signed
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Shows other lines. The cursor stays on the line with the same key, or goes to the first one."""
        key = self.current.key if self.current else None
        self.lines = lines
        self.set_reactive(Bars.cursor, next((place for place, line in enumerate(lines) if line.key == key), 0))
        self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
        self.refresh()

    def point(self, key: int) -> None:
        """Moves the cursor to the line of a key, if there is one, without a message."""
        for place, line in enumerate(self.lines):
            if line.key == key and place != self.cursor:
                self.set_reactive(Bars.cursor, place)
                self.refresh()
                self.call_after_refresh(self._scroll_to_cursor)

    @property
    def current(self) -> Line | None:
        return self.lines[self.cursor] if self.cursor < len(self.lines) else None

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.lines))
        self.call_after_refresh(self._scroll_to_cursor)

    def render_line(self, y: int) -> Strip:
        width, style = self.scrollable_content_region.width, self.rich_style
        place = y + self.scroll_offset.y
        if place >= len(self.lines):
            text = self.empty if not self.lines and y == 0 else ""
            faint = style + self.get_component_rich_style("bars--words", partial=True)
            return Strip([Segment(text, faint)]).adjust_cell_length(width, style)
        line = self.lines[place]
        if place == self.cursor:
            style += self.get_component_rich_style("bars--cursor", partial=True)
        ink = {
            name: style + self.get_component_rich_style(f"bars--{name}", partial=True)
            for name in ("name", "more", "less", "words", "faint")
        }
        if place == self.cursor and self.has_focus:
            ink = dict.fromkeys(ink, style)
        # The bar shows the rounded number, so that 0.00 has none.
        scale = max((abs(round(one.value, DIGITS)) for one in self.lines), default=1) or 1
        value = round(line.value, DIGITS) + 0.0
        room = max(4, min(16, width // 4))
        bars = Strip(bar(value, scale, room if self.signed else 2 * room, ink["more"], ink["less"]))
        drawn = bars if self.signed else bars.crop(room)  # without the half for values below 0
        segments = [
            Segment(set_cell_size(f"{'▸' if place == self.cursor else ' '}{line.name}", NAME + 1), ink["name"]),
            *Segment.apply_style(drawn, style),
            Segment(f"{value:+6.{DIGITS}f} " if self.signed else f"{value:6.{DIGITS}f} ", ink["name"]),
        ]
        left = width - NAME - 1 - room - 7
        words = line.words
        if cell_len(words) > left:
            words = set_cell_size(words, max(0, left - 1)) + "…"
        segments.append(Segment(words, ink["faint" if line.faint else "words"]))
        return Strip(segments).adjust_cell_length(width, style)

    def _scroll_to_cursor(self) -> None:
        if self.lines and self.size.height:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True, x_axis=False)

    def move(self, place: int) -> None:
        """Moves the cursor to a line, or to the nearest one that there is."""
        if not self.lines:
            return
        self.set_reactive(Bars.cursor, max(0, min(len(self.lines) - 1, place)))
        self._scroll_to_cursor()
        self.refresh()
        self.post_message(self.Highlighted(self, self.lines[self.cursor]))

    def action_move(self, lines: int) -> None:
        self.move(self.cursor + lines)

    def action_page(self, pages: int) -> None:
        self.move(self.cursor + pages * max(1, self.size.height - 1))

    def action_end(self, last: bool) -> None:
        self.move(len(self.lines) - 1 if last else 0)

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:  # on the frame
            return
        place = offset.y + self.scroll_offset.y
        if place < len(self.lines):
            again = place == self.cursor and event.chain > 1
            self.move(place)
            if again:
                self.action_choose()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
