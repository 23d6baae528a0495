"""A slider for an amount between two limits, which is changed by keys, by the mouse, or by typing a number."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from flagsae.tui.bindings import bindings


class Slider(Widget, can_focus=True):
    """Two lines: the name and the amount, and the track with its knob. 0 has a mark, if it lies between the limits."""

    scope = "slider"
    BINDINGS = bindings("slider")
    COMPONENT_CLASSES = {"slider--name", "slider--track", "slider--filled", "slider--knob", "slider--typed"}
    DEFAULT_CSS = """
    Slider { height: 2; width: 1fr; }
    Slider > .slider--name { color: $foreground; }
    Slider > .slider--track { color: $ink-faint; }
    Slider > .slider--filled { color: $secondary; }
    Slider > .slider--knob { color: $foreground; text-style: bold; }
    Slider > .slider--typed { text-style: reverse; }
    Slider:focus > .slider--name { color: $accent; text-style: bold; }
    Slider:focus > .slider--filled { color: $accent; }
    Slider:focus > .slider--knob { color: $accent; }
    """

    value: reactive[float] = reactive(0.0, init=False)

    @dataclass
    class Changed(Message):
        """The user has moved the slider."""

        slider: Slider
        value: float
        done: bool  # False while it is being dragged
        of: object  # what the slider's amount belonged to at that time

        @property
        def control(self) -> Slider:
            return self.slider

    def __init__(
        self,
        name: str,
        value: float = 0.0,
        *,
        of: object = None,
        low: float = -2.0,
        high: float = 2.0,
        step: float = 0.05,
        leap: float = 0.25,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """name: above the track; value: the amount; of: what the amount belongs to, for `Changed`; low, high: the
        limits; step, leap: by how much the keys change the amount."""
        super().__init__(id=id, classes=classes)
        self.title = name
        self.of = of
        self.low, self.high, self.step, self.leap = low, high, step, leap
        self.typed: str | None = None  # what was typed of a number; None if none is being typed
        self.dragged = False  # whether the mouse button is held
        self.set_reactive(Slider.value, value)

    def set(self, value: float, title: str = "", of: object = None) -> None:
        """Shows another amount, without a message. It may lie beyond the limits.

        title: "" keeps the title; of: what the amount belongs to. If that has changed, a number that is being typed is
        dropped, because it was meant for what was there before.
        """
        self.title = title or self.title
        if of != self.of:
            self.of, self.typed = of, None
        self.set_reactive(Slider.value, value)
        self.refresh()

    def _move(self, value: float, done: bool = True) -> None:
        value = round(min(max(value, self.low), self.high), 4) + 0.0
        if value != self.value or done:
            self.set_reactive(Slider.value, value)
            self.refresh()
            self.post_message(self.Changed(self, value, done, self.of))

    # Drawing.

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style

        def ink(name: str) -> Style:
            return style + self.get_component_rich_style(f"slider--{name}", partial=True)

        if y == 0:
            amount = f"{self.value:+.2f}" if self.typed is None else f"{self.typed}▏"
            room = max(0, width - cell_len(amount) - 1)
            name = self.title if cell_len(self.title) <= room else set_cell_size(self.title, max(0, room - 1)) + "…"
            last = ink("name") if self.typed is None else ink("typed")
            line = [Segment(set_cell_size(name, room) + " ", ink("name")), Segment(amount, last)]
            return Strip(line).adjust_cell_length(width, style)
        if y != 1:
            return Strip.blank(width, style)
        knob, zero = self._column(self.value), self._column(0.0)
        inside = self.low < 0 < self.high
        first, last_filled = min(knob, zero), max(knob, zero)
        line = []
        for column in range(width):
            if column == knob:
                line.append(Segment("●" if self.has_focus else "○", ink("knob")))
            elif first <= column <= last_filled:
                line.append(Segment("━" if column != zero or not inside else "┿", ink("filled")))
            else:
                line.append(Segment("┼" if column == zero and inside else "─", ink("track")))
        return Strip(line).simplify().adjust_cell_length(width, style)

    def _column(self, value: float) -> int:
        """The column of the track at which an amount is."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(share * (self.size.width - 1))

    # What the user does.

    def action_nudge(self, steps: int) -> None:
        self._move(self.value + steps * self.step)

    def action_leap(self, leaps: int) -> None:
        self._move(self.value + leaps * self.leap)

    def action_reset(self) -> None:
        """Sets the amount to 0, or to the limit nearest to it."""
        self._move(0.0)

    def action_type(self) -> None:
        """Starts to type a number, or ends it."""
        if self.typed is None:
            self.typed = ""
        else:
            self._take()
        self.refresh()

    def _take(self) -> None:
        """Sets the amount to the number that was typed; rings the bell if it is none."""
        text, self.typed = self.typed or "", None
        try:
            self._move(float(text.replace("−", "-").replace(",", ".")))
        except ValueError:
            if text:
                self.app.bell()

    def on_key(self, event: events.Key) -> None:
        if self.typed is None:
            return
        if event.key == "escape":
            self.typed = None
        elif event.key == "backspace":
            self.typed = self.typed[:-1]
        elif event.character and event.character in "0123456789.,+-−":
            self.typed += event.character
        elif event.key != "enter":
            return
        else:
            self._take()
        event.stop()
        event.prevent_default()
        self.refresh()

    def on_blur(self) -> None:
        self.typed = None
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.y == 1 and event.button == 1:
            self.dragged = True
            self.capture_mouse()
            self._drag(event.x, done=False)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.dragged:
            self._drag(event.x, done=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self.dragged:
            self.dragged = False
            self.release_mouse()
            self._drag(event.x, done=True)

    def _drag(self, column: int, done: bool) -> None:
        share = min(max(column / max(1, self.size.width - 1), 0), 1)
        value = self.low + share * (self.high - self.low)
        # A column may stand for several steps. Those of 0 and ±1 set exactly these, which users want most often.
        for mark in (0.0, 1.0, -1.0):
            if self._column(mark) == column:
                value = mark
        self._move(round(value / self.step) * self.step, done)
