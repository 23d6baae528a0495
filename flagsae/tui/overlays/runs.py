"""The list of recorded runs on the open dataset, to choose one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flagsae.flags.dataset import Dataset
from flagsae.sae.runs import Recording, runs
from flagsae.tui.overlays.base import Overlay
from flagsae.tui.state.newest import Newest
from flagsae.tui.widgets.choices import Lines
from flagsae.tui.widgets.text import plain
from flagsae.visual.terminal.charts import short


def in_words(recording: Recording) -> Text:
    """A run in a line: its name, preset, size, epochs and loss."""
    config, epochs = recording.config, recording.config["epochs"]
    done = f"{epochs} epochs" if recording.done >= epochs else f"{recording.done} of {epochs} epochs"
    figures = recording.figures[recording.epochs[-1]] if recording.epochs else {}
    loss = figures.get("validation_loss") or figures.get("train_loss")
    words = f"{config['preset']}, {config['features']} features, {done}"
    words += f", loss {short(loss)}" if loss is not None else ""
    words += "" if recording.epochs else ", kept no steps"
    return Text.assemble((f"{recording.name:<18} ", "bold"), words)


class Runs(Overlay[Recording | None]):
    """Dismissed with the chosen run, or with None."""

    BINDINGS = [Binding("escape,l", "dismiss(None)", "Close")]

    def __init__(self, dataset: Dataset, current: Recording) -> None:
        super().__init__()
        self.dataset, self.current = dataset, current
        self.found: Sequence[Recording] = ()
        self.reading: Newest[Sequence[Recording]] = Newest(
            self, self._read, lambda error: self.app.notify(str(error), severity="error")
        )

    def compose(self) -> ComposeResult:
        with Vertical(id="runs") as box:
            box.border_title = plain(f"Runs on {self.dataset.name!r}")
            box.border_subtitle = "enter opens · esc closes"
            yield Lines(Option("reading …", disabled=True), id="runs-list", compact=True)

    def on_mount(self) -> None:
        self.reading.ask(self._runs)

    def _runs(self) -> Iterator[Sequence[Recording]]:
        """In a thread."""
        yield runs(self.dataset)

    def _read(self, found: Sequence[Recording]) -> None:
        if not self.is_attached:
            return
        self.found = found
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(in_words(recording)) for recording in found] or [Option("none", disabled=True)])
        folders = [recording.folder for recording in found]
        options.highlighted = folders.index(self.current.folder) if self.current.folder in folders else 0

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self.found):
            self.dismiss(self.found[event.option_index])
