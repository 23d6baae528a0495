"""Writing a composite to a file: PNG, SVG or text."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, RadioButton, RadioSet, Static

from flagsae import paths
from flagsae.errors import FlagsaeError
from flagsae.mixing.compose import Composite
from flagsae.tui.overlays.base import Overlay
from flagsae.tui.state.mixing import Wanted
from flagsae.tui.widgets.text import Words, plain
from flagsae.visual.resize import fit, resized
from flagsae.visual.terminal.blocks import half_blocks
from flagsae.workspace.drawing import about, file_of
from flagsae.workspace.widths import WIDTH

TEXT_COLUMNS = 72  # of a text; also the most lines
FORMATS = {
    ".png": f"PNG, {WIDTH} pixels wide",
    ".svg": "SVG, sharp at any size",
    ".txt": "text for a terminal, in colour",
}


def text_of(composite: Composite) -> str:
    """A composite as half blocks in 24-bit colour, which `cat` shows on a terminal."""
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    picture = composite.picture()
    columns, lines = fit(picture.shape[0], picture.shape[1], TEXT_COLUMNS, TEXT_COLUMNS)
    console = Console(file=out, force_terminal=True, color_system="truecolor", width=TEXT_COLUMNS, legacy_windows=False)
    console.print(half_blocks(resized(picture, columns, lines)))
    return out.getvalue()


class Export(Overlay[None]):
    """Asks for a format and a path. After an error it says what is wrong and stays open, so that no input is lost."""

    BINDINGS = [Binding("escape", "dismiss", "Close")]
    AUTO_FOCUS = "Input"

    def __init__(self, composite: Composite, shown: Wanted) -> None:
        """shown: the sum and the model that the composite is drawn from."""
        super().__init__()
        self.composite, self.shown = composite, shown

    def compose(self) -> ComposeResult:
        with Vertical(id="export") as box:
            box.border_title = plain(f"Export {self.shown.title}")
            box.border_subtitle = "enter writes · esc closes"
            with RadioSet(id="export-format"):
                for number, (suffix, text) in enumerate(FORMATS.items()):
                    yield RadioButton(f"{suffix}  {text}", value=number == 0)
            yield Input(str(Path.cwd() / f"{self.shown.stem}.png"), id="export-path")
            yield Words("", id="export-words")

    @on(RadioSet.Changed)
    def formatted(self, event: RadioSet.Changed) -> None:
        field = self.query_one("#export-path", Input)
        path = Path(field.value)
        path = path if path.name else path / self.shown.stem  # a folder such as / or . has no name to end differently
        field.value = str(path.with_suffix(list(FORMATS)[event.index]))

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        say = self.query_one("#export-words", Static).update
        try:
            path = Path(event.value).expanduser()
        except RuntimeError:
            say(f"no home folder of {Path(event.value).parts[0]}: give the whole path")
            return
        if path.suffix.lower() not in FORMATS:
            say(f"a name ends in {', '.join(FORMATS)}")
            return
        try:
            if path.suffix.lower() == ".txt":
                data = text_of(self.composite).encode()
            else:
                notes = about(self.shown.title, self.shown.text, self.shown.workspace.model.hash)
                data = file_of(self.composite, path.suffix.lower(), WIDTH, notes)
            with paths.replacing(path) as file:
                file.write(data)
        except FlagsaeError as error:
            say(str(error))
        except OSError as error:
            say(f"cannot write {path}: {error.strerror or error}")
        except ValueError:  # a character that no path has
            say("no file can have this name: give another")
        else:
            self.app.notify(f"wrote {path}")
            self.dismiss()
