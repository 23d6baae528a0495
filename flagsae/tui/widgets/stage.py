"""Lines that someone else has drawn, in the middle of a widget, and cut where it is smaller than they are.

They may be several pictures, which are played in a loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from flagsae.visual.terminal.lines import wrapped

NOTE = 4  # lines of a note at most below what is drawn


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
        self.frames: Sequence[Sequence[Sequence[Segment]]] = ()
        self.frame = 0  # that is seen
        self.held = False
        self.timer: Timer | None = None
        self.rest = 0.0  # when the next may come

    def show(self, lines: Sequence[Sequence[Segment]], note: str = "", *, fault: bool = False) -> None:
        """fault: whether the note says that something is wrong."""
        self.stop()
        self.lines, self.note, self.fault = lines, note, fault
        self.widest = max((Segment.get_line_length(list(line)) for line in lines), default=0)
        self.refresh()

    def play(self, frames: Sequence[Sequence[Sequence[Segment]]], pace: float) -> None:
        """Shows frames of one size in the place of what was drawn, until something else is shown. pace: seconds that
        each of them is seen; more where drawing takes long."""
        self.show(frames[0], self.note, fault=self.fault)
        self.frames, self.frame = frames, 0
        self.timer = self.set_interval(pace, self._next)

    def stop(self) -> None:
        """What is played stands still where it is."""
        if self.timer is not None:
            self.timer.stop()
            self.timer = None
        self.frames = ()

    def _next(self) -> None:
        """The next frame, where it is seen, and where keys that are pressed meanwhile need not wait for it."""
        now = perf_counter()
        # The timer's last call may come after it was stopped.
        if not self.frames or self.held or now < self.rest or not self.screen.is_current or self._behind():
            return
        self.frame = (self.frame + 1) % len(self.frames)
        self.lines = self.frames[self.frame]
        self.refresh()
        self.call_after_refresh(self._seen, now)

    def _seen(self, since: float) -> None:
        """Half of the time is left to others. since: when the frame's turn came."""
        now = perf_counter()
        self.rest = now + (now - since)

    def _behind(self) -> bool:
        """Whether the terminal takes less than it is sent: what it has not taken yet stands before any answer."""
        queue = getattr(getattr(self.app._driver, "_writer_thread", None), "_queue", None)
        return queue is not None and not queue.empty()

    def on_resize(self, event: events.Resize) -> None:
        self.post_message(self.Resized(self))

    def render_line(self, y: int) -> Strip:
        (width, height), style = self.size, self.rich_style
        note = wrapped(self.note, width, NOTE if self.lines else height)
        if note and (not self.lines or y >= height - len(note)):
            line = y - (height - len(note) if self.lines else (height - len(note)) // 2)
            if not 0 <= line < len(note):
                return Strip.blank(width, style)
            ink = style + self.get_component_rich_style(f"stage--{'fault' if self.fault else 'note'}", partial=True)
            left = 0 if self.lines else (width - cell_len(note[line])) // 2
            return Strip([Segment(" " * left, style), Segment(note[line], ink)]).adjust_cell_length(width, style)
        line = y - max(0, height - len(self.lines)) // 2
        if not 0 <= line < len(self.lines):
            return Strip.blank(width, style)
        drawn = [segment if _opaque(segment) else _on(segment, style) for segment in self.lines[line]]
        return Strip([Segment(" " * (max(0, width - self.widest) // 2), style), *drawn]).adjust_cell_length(
            width, style
        )


def _opaque(segment: Segment) -> bool:
    """Whether it has colours of its own: pictures do, and it takes long to mix two styles."""
    style = segment.style
    return style is not None and style.bgcolor is not None and (style.color is not None or segment.text.isspace())


def _on(segment: Segment, style: Style) -> Segment:
    """In the widget's colours where it has none."""
    return Segment(segment.text, style if segment.style is None else style + segment.style)
