"""The kinds of block characters with a preview of each, to choose one."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flagsae.tui.overlays.base import Overlay
from flagsae.tui.widgets.choices import Lines
from flagsae.tui.widgets.stage import Stage
from flagsae.visual.resize import fit
from flagsae.visual.terminal.kinds import ABOUT, AUTO, CELLS, Detected
from flagsae.visual.terminal.pictures import picture_rows
from flagsae.workspace.collection import Picture

NAMES = (AUTO, *CELLS)
NOTE = 3  # lines of room for the note


class Kinds(Overlay[str | None]):
    """Dismissed with one of `NAMES`, or with None."""

    BINDINGS = [Binding("escape,K", "dismiss(None)", "Close")]

    def __init__(self, picture: Picture, found: Detected, current: str) -> None:
        """picture: for the preview, H x W x 3; found: what "auto" stands for; current: the name that is in use."""
        super().__init__()
        self.picture, self.found, self.current = picture, found, current

    def compose(self) -> ComposeResult:
        with Horizontal(id="cells") as box:
            box.border_title = "Block characters"
            box.border_subtitle = "enter chooses · esc closes"
            about = {AUTO: f"{self.found.kind}, for this terminal", **ABOUT}
            options = [Option(Text.assemble((f"{name:<9} ", "bold"), about[name])) for name in NAMES]
            yield Lines(*options, id="cells-list", compact=True)
            yield Stage(id="cells-preview")

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = NAMES.index(self.current)

    @on(OptionList.OptionHighlighted)
    @on(Stage.Resized)
    def preview(self) -> None:
        stage, place = self.query_one(Stage), self.query_one(OptionList).highlighted
        width, height = stage.size
        if place is None or not width or height <= NOTE:
            return
        kind = self.found.kind if NAMES[place] == AUTO else NAMES[place]
        finer = CELLS.index(kind) > CELLS.index(self.found.kind)
        note = "gaps or boxes: this terminal does not draw them" if finer else ""
        columns, lines = fit(self.picture.shape[0], self.picture.shape[1], width, height - NOTE)
        stage.show(picture_rows(self.picture, columns, lines, kind), self.found.why if not place else note)

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(NAMES[event.option_index])
