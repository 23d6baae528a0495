"""Curves one above the other, over the same steps, with one crosshair through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from numpy.typing import ArrayLike
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from flagsae.tui.bindings import bindings
from flagsae.visual.terminal import charts
from flagsae.visual.terminal.charts import Series

LEAST = 2  # lines of a panel: its names, and its curves
AXIS = 2  # lines more of the lowest
INKS = ("first", "second", "third")


@dataclass(frozen=True, eq=False)
class Panel:
    """title: before the names; curves: of each its name, x and y; log: y by powers of ten; share: of the height."""

    title: str
    curves: Sequence[tuple[str, ArrayLike, ArrayLike]]
    log: bool = False
    share: int = 1


@dataclass(frozen=True, eq=False)
class Steps:
    """What the panels share. reach: the first and the last step; kept: those that can be looked at; current: the one
    that is; crosshair: where the values are read; early: whether the early ones have more room."""

    reach: tuple[float, float] = (0, 1)
    kept: Sequence[float] = field(default_factory=tuple)
    current: float | None = None
    crosshair: float | None = None
    early: bool = True


class Chart(Widget, can_focus=True):
    """The mouse over it reads values; a click, or a drag, asks for a step."""

    scope = "chart"
    BINDINGS = bindings("chart")
    COMPONENT_CLASSES = {*(f"chart--{ink}" for ink in INKS), "chart--faint", "chart--accent"}
    DEFAULT_CSS = """
    Chart { width: 1fr; height: 1fr; }
    Chart > .chart--first { color: $secondary; }
    Chart > .chart--second { color: $warning; }
    Chart > .chart--third { color: $success; }
    Chart > .chart--faint { color: $ink-faint; }
    Chart > .chart--accent { color: $accent; text-style: bold; }
    """

    @dataclass
    class Scrubbed(Message):
        """The user points to a step; there may be no model of it."""

        chart: Chart
        x: float

        @property
        def control(self) -> Chart:
            return self.chart

    @dataclass
    class Moved(Message):
        """The user goes so many steps on; last: to the first or the last one of all."""

        chart: Chart
        steps: int
        last: bool = False

        @property
        def control(self) -> Chart:
            return self.chart

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.panels: Sequence[Panel] = ()
        self.steps = Steps()
        self.hovered: float | None = None
        self.dragged = False
        self._lines: list[Strip] = []
        self._lowest: charts.Plot | None = None

    def show(self, panels: Sequence[Panel] | None = None, steps: Steps | None = None) -> None:
        """New curves, new steps, or both; what is None stays."""
        self.panels = self.panels if panels is None else panels
        self.steps = self.steps if steps is None else steps
        self._draw()

    def step_at(self, column: int) -> float | None:
        """The step in a column of the curves and their numbers."""
        return None if self._lowest is None else self._lowest.x_at(column)

    @property
    def crosshair(self) -> float | None:
        return self.steps.crosshair if self.hovered is None else self.hovered

    # Drawing.

    def _draw(self) -> None:
        """Draws all, and has those cells written that have changed: a tenth of them when an epoch is added."""
        old, self._lines = self._lines, self._drawn(*self.size)
        if len(old) != len(self._lines):
            self.refresh()
            return
        spans = [(y, changed(one, other)) for y, (one, other) in enumerate(zip(old, self._lines, strict=True))]
        regions = [Region(start, y, end - start, 1) for y, (start, end) in spans if start < end]
        if regions:
            self.refresh(*regions)

    def _drawn(self, width: int, height: int) -> list[Strip]:
        style, steps = self.rich_style, self.steps
        heights = shared(height, [panel.share for panel in self.panels])
        if not heights or width < 1:
            self._lowest = None
            return [Strip.blank(width, style) for _ in range(height)]

        def ink(name: str) -> Style:
            return self.get_component_rich_style(f"chart--{name}", partial=True)

        inks = [ink(name) for name in INKS]

        def chart(number: int, margin: int) -> charts.Plot:
            panel, lowest = self.panels[number], number == len(heights) - 1
            return charts.Plot(
                [Series(*curve, style=inks[at % len(inks)]) for at, curve in enumerate(panel.curves)],
                width,
                heights[number],
                title=panel.title,
                x_name="epoch",
                log=panel.log,
                log_x=steps.early,
                reach=steps.reach,
                crosshair=self.crosshair,
                kept=steps.kept if lowest else (),
                current=steps.current if lowest else None,
                axis=lowest,
                margin=margin,
                unit=1,
                charset=getattr(self.app, "charset", "braille"),
                faint=ink("faint"),
                accent=ink("accent"),
            )

        drawn = [chart(number, 0) for number in range(len(heights))]
        margin = max(one.left for one in drawn)
        drawn = [one if one.left == margin else chart(number, margin) for number, one in enumerate(drawn)]
        self._lowest = drawn[-1]
        lines = [line for one in drawn for line in one.segments()]
        return [Strip(Segment.apply_style(line, style)).adjust_cell_length(width, style) for line in lines]

    def render_line(self, y: int) -> Strip:
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._draw()

    def on_resize(self) -> None:
        self._draw()
        self.refresh()

    # What the user does.

    def action_move(self, steps: int) -> None:
        self.post_message(self.Moved(self, steps))

    def action_end(self, last: bool) -> None:
        self.post_message(self.Moved(self, 1 if last else -1, last=True))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        x = self.step_at(event.get_content_offset_capture(self).x)
        if self.dragged:
            self._scrub(x)
        elif x != self.hovered:
            self.hovered = x
            self._draw()

    def on_leave(self) -> None:
        if self.hovered is not None:
            self.hovered = None
            self._draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        offset = event.get_content_offset(self)
        if event.button == 1 and offset is not None:  # not on the frame
            self.dragged = True
            self.capture_mouse()
            self._scrub(self.step_at(offset.x))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self.dragged:
            self.dragged = False
            self.release_mouse()

    def _scrub(self, x: float | None) -> None:
        self.hovered = None
        if x is not None:
            self.post_message(self.Scrubbed(self, x))
        self._draw()


def changed(old: Strip, new: Strip) -> tuple[int, int]:
    """From where to where two lines differ."""
    if old == new:
        return 0, 0
    before, after = ([(letter, part.style) for part in line for letter in part.text] for line in (old, new))
    if not len(before) == len(after) == new.cell_length:  # wide letters
        return 0, new.cell_length
    differ = [column for column, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    return (differ[0], differ[-1] + 1) if differ else (0, 0)


def shared(height: int, shares: Sequence[int]) -> list[int]:
    """A height divided among panels by their shares, from the first as many as there is room for, to the last line."""
    count = min(len(shares), (height - AXIS) // LEAST if height >= LEAST + AXIS else int(height > 0))
    if count < 1:
        return []
    if count == 1:
        return [height]
    free, whole = height - AXIS - count * LEAST, sum(shares[:count])
    ends = [free * sum(shares[:number]) // whole for number in range(count + 1)]
    heights = [LEAST + end - start for start, end in pairwise(ends)]
    heights[-1] += AXIS
    return heights
