"""A widget that shows lines drawn elsewhere, in its middle, cut where they are larger; or plays frames in a loop."""

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

NOTE = 4  # lines of the note below the drawing, at most


class Stage(Widget, can_focus=True):
    """A drawing with a note below it; the note alone if there is no drawing."""

    COMPONENT_CLASSES = {"stage--note", "stage--fault"}
    DEFAULT_CSS = """
    Stage { width: 1fr; height: 1fr; }
    Stage > .stage--note { color: $ink-muted; }
    Stage > .stage--fault { color: $error; text-style: bold; }
    """

    @dataclass
    class Resized(Message):
        """The widget has another size, for which its owner may draw again."""

        stage: Stage

        @property
        def control(self) -> Stage:
            return self.stage

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines: Sequence[Sequence[Segment]] = ()
        self.widest = 0  # columns of the longest line
        self.note = ""
        self.fault = False  # whether the note says what is wrong
        self.frames: Sequence[Sequence[Sequence[Segment]]] = ()  # that are played
        self.frame = 0  # the number of the one that is shown
        self.held = False  # whether the user has stopped the loop
        self.timer: Timer | None = None  # calls for each frame while they are played
        self.rest = 0.0  # no frame is shown before this time, by `perf_counter`

    def show(self, lines: Sequence[Sequence[Segment]], note: str = "", *, fault: bool = False) -> None:
        """Shows a drawing and a note. fault: whether the note says what is wrong."""
        self.stop()
        self.lines, self.note, self.fault = lines, note, fault
        self.widest = max((Segment.get_line_length(list(line)) for line in lines), default=0)
        self.refresh()

    def play(self, frames: Sequence[Sequence[Sequence[Segment]]], pace: float) -> None:
        """Shows frames in a loop in place of the drawing, until `show` or `stop`. All have one size. pace: seconds that
        each frame is shown, at least."""
        self.show(frames[0], self.note, fault=self.fault)
        self.frames, self.frame = frames, 0
        self.timer = self.set_interval(pace, self._next)

    def stop(self) -> None:
        """Ends the loop; the current frame stays."""
        if self.timer is not None:
            self.timer.stop()
            self.timer = None
        self.frames = ()

    def _next(self) -> None:
        """Shows the next frame, unless nobody would see it or keys would have to wait for it."""
        now = perf_counter()
        # No frames: the timer may call once more after it was stopped.
        if not self.frames or self.held or now < self.rest or not self.screen.is_current or self._behind():
            return
        self.frame = (self.frame + 1) % len(self.frames)
        self.lines = self.frames[self.frame]
        self.refresh()
        self.call_after_refresh(self._seen, now)

    def _seen(self, since: float) -> None:
        """Delays the next frame by the time that this one took, so that half of the time is left for other work.

        since: when the frame was started, by `perf_counter`.
        """
        now = perf_counter()
        self.rest = now + (now - since)

    def _behind(self) -> bool:
        """Whether output waits for the terminal: an answer to a key would have to wait behind it."""
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
    """Whether a segment has colours for all that is visible of it. Pictures do, and mixing two styles takes long."""
    style = segment.style
    return style is not None and style.bgcolor is not None and (style.color is not None or segment.text.isspace())


def _on(segment: Segment, style: Style) -> Segment:
    """A segment with the widget's colours where it has none of its own."""
    return Segment(segment.text, style if segment.style is None else style + segment.style)
