"""A morph: the sums that lead from one flag to another, played as an animation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from flagsae.mixing.compose import Composite, Operand, drawn_morph, ends, morph, title
from flagsae.tui.overlays.base import Overlay
from flagsae.tui.state.newest import Newest
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import Gallery, Tile
from flagsae.tui.widgets.text import Words, plain
from flagsae.workspace.workspace import Workspace

STEPS = 9  # sums, both ends among them
PACE = 0.35  # seconds for each step; by eye


class Morph(Overlay[Sequence[Operand] | None]):
    """Plays forward and backward until a key is pressed. Dismissed with the sum of a step, or with None."""

    BINDINGS = [
        Binding("escape,b", "leave", "Close"),
        Binding("space", "pause", "Play, stop"),
        Binding("enter", "take", "Take this step", priority=True),
    ]

    def __init__(self, workspace: Workspace, operands: Sequence[Operand], method: str) -> None:
        super().__init__()
        self.workspace, self.method = workspace, method
        self.operands = operands
        self.sums = morph(operands, STEPS)
        self.ends = [operand.title for operand in ends(operands)]
        self.composites: list[Composite] = []
        self.playing = True
        self.forward = True
        self.drawing: Newest[Composite] = Newest(self, self._drawn, self._failed)

    def compose(self) -> ComposeResult:
        with Vertical(id="morph") as box:
            box.border_title = plain(f"{self.ends[0]} → {self.ends[1]}")
            box.border_subtitle = "space plays, stops · ←→ step · enter takes · esc closes"
            yield Canvas(id="morph-canvas")
            yield Words("", id="morph-words")
            yield Gallery(8, id="morph-strip", empty="drawing …")

    def on_mount(self) -> None:
        self.drawing.ask(self._draw)
        self.set_interval(PACE, self._play)
        self.set_focus(self.query_one(Gallery))

    def _draw(self) -> Iterator[Composite]:
        """In a thread: one composite for each step."""
        yield from drawn_morph(self.workspace.model, self.operands, STEPS, self.method)

    def _drawn(self, composite: Composite) -> None:
        self.composites.append(composite)
        strip = self.query_one(Gallery)
        share = [f"{number / (STEPS - 1):.2g}" for number in range(STEPS)]
        strip.show([Tile(number, one.picture(), share[number]) for number, one in enumerate(self.composites)])
        if len(self.composites) == 1:
            self._show()

    def _failed(self, error: Exception) -> None:
        strip = self.query_one(Gallery)
        strip.empty = f"cannot be drawn: {error}"
        strip.refresh()
        self.app.notify(str(error), severity="error")

    def _play(self) -> None:
        """Moves to the next step, and turns round at both ends; waits for a step that is not drawn yet."""
        strip = self.query_one(Gallery)
        if not self.playing or len(self.composites) < 2:
            return
        place = strip.cursor + (1 if self.forward else -1)
        if not 0 <= place < len(self.composites):
            if place >= 0 and len(self.composites) < STEPS:
                return
            self.forward = not self.forward
            place = strip.cursor + (1 if self.forward else -1)
        strip.point(place)
        self._show()

    def _show(self) -> None:
        """Shows the step at the cursor."""
        place = self.query_one(Gallery).cursor
        if place < len(self.composites):
            self.query_one(Canvas).show(self.composites[place].picture())
            self.query_one("#morph-words", Static).update(Text(title(self.sums[place])))

    @on(Gallery.Highlighted)
    def chosen(self) -> None:
        self.playing = False
        self._show()

    def action_pause(self) -> None:
        self.playing = not self.playing

    def action_take(self) -> None:
        if self.composites:  # otherwise no step is drawn yet
            self.dismiss(self.sums[self.query_one(Gallery).cursor])

    def action_leave(self) -> None:
        self.dismiss(None)
