"""A form for a new run: a preset, and those of its fields that are most often changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.sae.runs import free_folder, run_folder, taken
from flagsae.training.config import DEFAULT, PRESETS, TrainConfig, make_config, users
from flagsae.tui.overlays.base import Overlay
from flagsae.tui.state.training import Training
from flagsae.tui.widgets.text import Words, plain

NUMBERS = ("epochs", "features", "active", "seed", "ridge", "further")
DIGITS = 20  # of a number at most: the largest seed has so many
WHOLE, DECIMAL = rf"\d{{0,{DIGITS}}}", rf"\d{{0,{DIGITS}}}\.?\d{{0,{DIGITS}}}"  # what can be typed as a number
HELP = {entry.name: entry.metadata["help"] for entry in fields(TrainConfig)}
TYPES: dict[str, type] = {entry.name: type(entry.default) for entry in fields(TrainConfig)}
HELP |= {name: f"{HELP[name]}; {' and '.join(users(name))} only" for name in NUMBERS if users(name) != tuple(PRESETS)}
HELP["name"] = "what to call the model; the preset's name"


class Choice(Widget, can_focus=True):
    """A few options in a line; the chosen one stands in brackets."""

    BINDINGS = [
        Binding("left", "move(-1)", show=False),
        Binding("right,space", "move(1)", show=False),
    ]
    COMPONENT_CLASSES = {"choice--chosen"}
    DEFAULT_CSS = """
    Choice { height: 1; color: $ink-muted; }
    Choice > .choice--chosen { color: $foreground; text-style: bold; }
    Choice:focus > .choice--chosen { color: $accent; }
    """

    @dataclass
    class Changed(Message):
        """The user has chosen another option."""

        value: str

    def __init__(self, options: Sequence[str], value: str, *, id: str) -> None:
        super().__init__(id=id)
        self.options, self.value = options, value

    def render_line(self, y: int) -> Strip:
        style = self.rich_style
        chosen = style + self.get_component_rich_style("choice--chosen", partial=True)
        words = [
            Segment(f"[{option}] ", chosen) if option == self.value else Segment(f" {option}  ", style)
            for option in self.options
        ]
        return Strip(words).adjust_cell_length(self.size.width, style)

    def action_move(self, steps: int) -> None:
        self._choose((self.options.index(self.value) + steps) % len(self.options))

    def on_click(self, event: events.Click) -> None:
        column = 0
        for place, option in enumerate(self.options):
            column += len(option) + 3  # brackets or spaces around it, and a gap: see `render_line`
            if event.x < column:
                self._choose(place)
                return

    def _choose(self, place: int) -> None:
        self.value = self.options[place]
        self.refresh()
        self.post_message(self.Changed(self.value))


class Field(Horizontal):
    """A line of the form: a field's name, its value to edit, and its help."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(classes="form-line")
        self.field, self.value = name, value

    def compose(self) -> ComposeResult:
        yield Words(self.field, classes="form-name")
        # Nothing else can be typed or pasted.
        restrict = {int: WHOLE, float: DECIMAL}.get(TYPES.get(self.field, str))
        yield Input(self.value, id=f"new-{self.field}", compact=True, restrict=restrict)
        yield Words(HELP[self.field], classes="form-help")


class NewRun(Overlay[Training | None]):
    """Dismissed with a run to start, or with None. After an error it says what is wrong and stays open."""

    BINDINGS = [
        Binding("escape", "dismiss(None)", "Close"),
        Binding("enter", "start", "Start"),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#new-preset"

    def __init__(self, dataset: Dataset, data: str = "", preset: str = DEFAULT) -> None:
        """data: how the option --data names the dataset."""
        super().__init__()
        self.dataset, self.data = dataset, data
        self.preset = preset
        self.changed: set[str] = set()  # the fields that the user has edited: another preset does not change them

    def compose(self) -> ComposeResult:
        config = make_config(self.preset)
        with Vertical(id="new-run") as box:
            box.border_title = plain(f"A new run on the {len(self.dataset.flags)} flags of {self.dataset.name!r}")
            box.border_subtitle = "enter starts · tab next · esc closes"
            with Horizontal(classes="form-line"):
                yield Words("preset", classes="form-name")
                yield Choice(tuple(PRESETS), self.preset, id="new-preset")
                yield Words(HELP["preset"], classes="form-help")
            for name in NUMBERS:
                yield Field(name, str(getattr(config, name)))
            yield Field("name", "")
            yield Field("device", config.device)
            yield Words("", id="new-words")
            yield Button("Start training", id="new-start", compact=True)

    def on_mount(self) -> None:
        self._fill_in()

    def _input(self, name: str) -> Input:
        return self.query_one(f"#new-{name}", Input)

    def _fill_in(self) -> None:
        """Writes the preset's values into the fields that the user has not edited."""
        config = make_config(self.preset)
        for name in (*NUMBERS, "device"):
            field = self._input(name)
            if name not in self.changed:
                with field.prevent(Input.Changed):
                    field.value = str(getattr(config, name))
        for name in NUMBERS:
            self._input(name).disabled = self.preset not in users(name)
        self._input("name").placeholder = free_folder(self.preset).name

    @on(Choice.Changed)
    def preset_chosen(self, event: Choice.Changed) -> None:
        self.preset = event.value
        self._fill_in()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        name = str(event.input.id).removeprefix("new-")
        if event.value != str(getattr(make_config(self.preset), name, "")):  # equal when the form opens
            self.changed.add(name)
        self.query_one("#new-words", Static).update("")

    @on(Input.Submitted)
    @on(Button.Pressed)
    def action_start(self) -> None:
        try:
            config, folder = self.config(), self.folder()
        except UsageError as error:
            self.query_one("#new-words", Static).update(str(error))
            if error.parameter in (*NUMBERS, "name", "device"):
                self._input(error.parameter).focus()
            return
        self.dismiss(Training(self.dataset, folder, config, data=self.data))

    def config(self) -> TrainConfig:
        """The configuration as the form says it. Raises `UsageError` for a value that cannot be."""
        numbers: dict[str, Any] = {}
        usual = make_config(self.preset)
        for name in NUMBERS:
            if self.preset not in users(name):
                continue
            value = self._input(name).value
            if not value.strip("."):
                raise UsageError(f"is a number: {getattr(usual, name)} is usual", parameter=name)
            numbers[name] = TYPES[name](value)
        device = self._input("device").value.strip() or usual.device
        config = make_config(self.preset, device=device, **numbers)
        if config.split not in self.dataset.splits:  # a dataset of the user's pictures has fewer splits
            config = make_config(self.preset, device=device, split="grouped", **numbers)
        return config

    def folder(self) -> Path:
        """The run's folder, free if no name is typed. Raises `UsageError` if the name cannot be, or is taken."""
        name = self._input("name").value.strip()
        if not name:
            return free_folder(self.preset)
        folder = run_folder(name)
        if taken(folder):
            raise UsageError(f"{name!r} is that of another run: {free_folder(name).name!r} is free", parameter="name")
        return folder
