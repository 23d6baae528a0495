"""Lines that someone else has drawn, in the middle of a widget, and cut where it is smaller than they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from flagsae.visual.lines import wrapped

NOTE = 2  # lines of a note at most


class Stage(Widget, can_focus=True):
    """Drawn lines, and a note: below what is drawn, or in its place."""

    COMPONENT_CLASSES = {"stage--note", "stage--fault"}
    DEFAULT_CSS = """
    Stage { width: 1fr; height: 1fr; }
    Stage > .stage--note { color: $ink-muted; }
    Stage > .stage--fault { color: $error; text-style: bold; }
    """

    @dataclass
    class Resized(Message):
        """There is another size to draw for."""

        stage: Stage

        @property
        def control(self) -> Stage:
            return self.stage

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines: Sequence[Sequence[Segment]] = ()
        self.widest = 0  # of them, in columns
        self.note = ""
        self.fault = False

    def show(self, lines: Sequence[Sequence[Segment]], note: str = "", *, fault: bool = False) -> None:
        """fault: whether the note says that something is wrong."""
        self.lines, self.note, self.fault = lines, note, fault
        self.widest = max((Segment.get_line_length(list(line)) for line in lines), default=0)
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        self.post_message(self.Resized(self))

    def render_line(self, y: int) -> Strip:
        (width, height), style = self.size, self.rich_style
        note = wrapped(self.note, width, NOTE)
        if note and (not self.lines or y >= height - len(note)):
            line = y - (height - len(note) if self.lines else (height - len(note)) // 2)
            if not 0 <= line < len(note):
                return Strip.blank(width, style)
            ink = style + self.get_component_rich_style(f"stage--{'fault' if self.fault else 'note'}", partial=True)
            left = 0 if self.lines else (width - len(note[line])) // 2
            return Strip([Segment(" " * left, style), Segment(note[line], ink)]).adjust_cell_length(width, style)
        line = y - max(0, height - len(self.lines)) // 2
        if not 0 <= line < len(self.lines):
            return Strip.blank(width, style)
        drawn = Segment.apply_style(self.lines[line], style)
        return Strip([Segment(" " * (max(0, width - self.widest) // 2), style), *drawn]).adjust_cell_length(
            width, style
        )
