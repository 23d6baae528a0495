"""Panels of curves one above the other, over the same x, with one crosshair through all of them."""

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

LEAST = 2  # lines of a panel: one of names, one of curves
AXIS = 2  # lines that the lowest panel has more, for the axis
INKS = ("first", "second", "third")  # of the curves of a panel, in turn


@dataclass(frozen=True, eq=False)
class Panel:
    """One panel."""

    title: str  # in its first line, before the names of the curves
    curves: Sequence[tuple[str, ArrayLike, ArrayLike]]  # (name, x, y) of each
    log: bool = False  # whether y is on a logarithmic scale
    share: int = 1  # of the height, relative to the other panels


@dataclass(frozen=True, eq=False)
class Steps:
    """The x axis, which all panels share. Its values are epochs."""

    reach: tuple[float, float] = (0, 1)  # its first and its last value
    kept: Sequence[float] = field(default_factory=tuple)  # the kept steps, which have a mark
    current: float | None = None  # the one that the application looks at
    crosshair: float | None = None  # where the panels read their values, unless the mouse is over the chart
    early: bool = True  # whether early epochs have more room, on a logarithmic scale


class Chart(Widget, can_focus=True):
    """Panels of curves. Values are read at the mouse; a click or a drag asks for the step at the mouse."""

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
        """The user has clicked at an epoch, or dragged to it."""

        chart: Chart
        x: float  # the epoch, which need not be a kept step

        @property
        def control(self) -> Chart:
            return self.chart

    @dataclass
    class Moved(Message):
        """The user has pressed a key to go to another kept step."""

        chart: Chart
        steps: int  # how many to go on; below 0: back
        last: bool = False  # whether to go to the last one in that direction

        @property
        def control(self) -> Chart:
            return self.chart

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.panels: Sequence[Panel] = ()
        self.steps = Steps()
        self.hovered: float | None = None  # the epoch under the mouse
        self.dragged = False  # whether the mouse button is held
        self._lines: list[Strip] = []  # as they were drawn last
        self._lowest: charts.Plot | None = None  # the plot of the lowest panel, which knows the axis

    def show(self, panels: Sequence[Panel] | None = None, steps: Steps | None = None) -> None:
        """Shows other panels, other steps, or both; what is None stays as it is."""
        self.panels = self.panels if panels is None else panels
        self.steps = self.steps if steps is None else steps
        self._draw()

    def step_at(self, column: int) -> float | None:
        """The epoch at a column of the widget's content; None if nothing is drawn there."""
        return None if self._lowest is None else self._lowest.x_at(column)

    @property
    def crosshair(self) -> float | None:
        """The epoch at which values are read: the one under the mouse, or else the one of `Steps`."""
        return self.steps.crosshair if self.hovered is None else self.hovered

    # Drawing.

    def _draw(self) -> None:
        """Draws everything, but repaints only the cells that have changed: a tenth of all when an epoch is added."""
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

        # All panels get the left margin of the one with the widest numbers, so that their x axes are in line.
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
    """The columns, start and end, between which two lines differ; 0, 0 if they are equal."""
    if old == new:
        return 0, 0
    before, after = ([(letter, part.style) for part in line for letter in part.text] for line in (old, new))
    if not len(before) == len(after) == new.cell_length:  # a wide letter takes two columns
        return 0, new.cell_length
    differ = [column for column, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    return (differ[0], differ[-1] + 1) if differ else (0, 0)


def shared(height: int, shares: Sequence[int]) -> list[int]:
    """Divides a height among panels by their shares: the lines of each, which together are the height. If there is no
    room for all panels, the last ones are left out."""
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
