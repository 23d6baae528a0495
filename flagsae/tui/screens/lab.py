"""The Lab: one scene in the eyes of different visualizers, none of which can break anything but its own picture."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from functools import partial

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.markup import escape
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from flagsae.errors import FlagsaeError
from flagsae.tui.bindings import bindings
from flagsae.tui.newest import Newest
from flagsae.tui.screens.base import Pane
from flagsae.tui.subjects import SUBJECTS, scenes
from flagsae.tui.terminal import Depth
from flagsae.tui.trials import Trial, Trials, summary
from flagsae.tui.widgets.choices import Choices
from flagsae.tui.widgets.stage import Stage
from flagsae.visual.capture import Colours
from flagsae.visual.lines import wrapped
from flagsae.visual.scene import Scene, Size
from flagsae.visual.visualizers import visualizers

WIDE, HIGH = 100, 34  # columns, lines in which each visualizer has its summary below its name
SHORT = 0.01  # seconds that are not told apart: pictures of the screen are the same each time
COLOURS: dict[Depth, Colours | None] = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": None}
LONG = 5.0  # seconds after which one is told that there is a way out
NEEDS = {"sum": {"model", "sum"}, "flag": {"model", "flag"}, "feature": {"model", "feature"}}


class LabScreen(Pane):
    scope = "lab"
    BINDINGS = bindings("lab")
    AUTO_FOCUS = "#visualizers"

    def __init__(self) -> None:
        super().__init__()
        self.visualizers = visualizers()
        self.summaries = {name: summary(name, load) for name, load in self.visualizers.items()}
        self.chosen = next(iter(self.visualizers))
        self.subject = next(iter(SUBJECTS))
        self.scene: Scene | None = None
        self.trial: Trial | None = None
        self.trials = Trials(COLOURS[self.flagsae.depth], ascii_only=self.flagsae.charset == "ascii")
        self.looking: Newest[tuple[object, Scene]] = Newest(self, self._looked, self._blind)
        self.drawing: Newest[tuple[object, Trial | float]] = Newest(self, self._drawn, self._blind)
        self.look: object = None  # what was asked for last, which an answer must be to
        self.draw: object = None

    def body(self) -> ComposeResult:
        with Horizontal(id="lab", classes="body"):
            with Vertical(id="lab-left"):
                subjects = Choices(*(Option("", id=subject) for subject in SUBJECTS), id="subjects", classes="pane")
                subjects.border_title = "what is looked at"
                yield subjects
                names = Choices(*(Option("", id=name) for name in self.visualizers), id="visualizers", classes="pane")
                names.border_title = "visualizers"
                yield names
                yield Static("", id="lab-about")
            yield Stage(id="stage", classes="pane")

    # What is shown.

    def follow(self, changed: set[str]) -> None:
        self._list()
        if changed & NEEDS[self.subject]:
            self._look()

    def _list(self) -> None:
        """The two lists, in as many words as there is room for, and what is to be known of what is chosen."""
        app = self.flagsae
        label = app.view.label(app.feature) if "cards" in app.view.__dict__ else ""
        title = {"sum": app.expression, "flag": app.studio.title(app.flag), "feature": f"f{app.feature} {label}"}
        subjects, names = self.query_one("#subjects", Choices), self.query_one("#visualizers", Choices)
        for subject in SUBJECTS:
            mark = "▸" if subject == self.subject else " "
            line = Text.assemble((f"{mark}{subject:9}", "bold"), title[subject])
            subjects.replace_option_prompt(subject, line)
        subjects.highlighted = list(SUBJECTS).index(self.subject)
        room = self.size.width >= WIDE and self.size.height >= HIGH
        for name in self.visualizers:
            names.replace_option_prompt(name, self._entry(name, names.size.width - 2 if room else 0))
        names.highlighted = list(self.visualizers).index(self.chosen)
        about = [] if room else [self.summaries[self.chosen]]
        self.query_one("#lab-about", Static).update(Text("\n\n".join([*about, SUBJECTS[self.subject]])))

    def _entry(self, name: str, columns: int) -> Text:
        """A visualizer's name, and below it what it shows where there are so many columns for that."""
        mark = "▸" if name == self.chosen else " "
        words = wrapped(self.summaries[name], columns, 4) if columns > 0 else []
        return Text.assemble((f"{mark}{name}", "bold"), *(f"\n {line}" for line in words))

    def _look(self) -> None:
        """Makes the scene anew, in a thread."""
        app, subject = self.flagsae, self.subject
        view, flag, feature, expression = app.view, app.flag, app.feature, app.expression
        look = self.look = object()

        def job() -> Iterator[tuple[object, Scene]]:
            for scene in scenes(view, subject, flag, feature, expression):
                yield look, scene

        self.looking.ask(job)

    def _looked(self, found: tuple[object, Scene]) -> None:
        look, scene = found
        if look is self.look:
            self.scene = scene
            self._list()
            self._draw()

    def _draw(self) -> None:
        """Has the chosen visualizer draw the scene, in a thread."""
        stage, draw = self.query_one("#stage", Stage), object()
        if self.scene is None or not stage.size.width or not stage.size.height:
            return
        self.draw = draw
        run = partial(self.trials.run, self.chosen, self.visualizers[self.chosen], self.scene, Size(*stage.size))
        self.drawing.ask(lambda: ((draw, result) for result in run()))

    def _drawn(self, found: tuple[object, Trial | float]) -> None:
        draw, result = found
        if draw is not self.draw:
            return
        stage = self.query_one("#stage", Stage)
        title = self.scene.title if self.scene is not None else ""
        stage.border_title = escape(f"{self.chosen} · {title}")
        if isinstance(result, float):
            stage.border_subtitle = f"{result:.0f} s"
            stage.show([], "drawing …" if result < LONG else "still drawing: choose another to leave it")
            return
        self.trial = result
        took = f"{1000 * result.seconds:.0f} ms" if result.seconds >= SHORT else f"under {1000 * SHORT:.0f} ms"
        stage.border_subtitle = f"{result.size.columns}×{result.size.lines} · {took}"
        stage.show(result.drawn.lines if result.drawn is not None else [], result.fault, fault=bool(result.fault))

    def _blind(self, error: Exception) -> None:
        """There is no scene."""
        if not isinstance(error, FlagsaeError):
            traceback.print_exception(error)
        self.scene = self.trial = None
        stage = self.query_one("#stage", Stage)
        stage.border_title, stage.border_subtitle = self.subject, ""
        reason = str(error) if isinstance(error, FlagsaeError) else repr(error)
        stage.show([], f"lab: no scene of the {self.subject}: {reason}", fault=True)

    # What the user does.

    @on(Stage.Resized)
    def resized(self) -> None:
        self._list()
        self._draw()

    @on(OptionList.OptionHighlighted, "#visualizers")
    def visualizer_chosen(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is not None and event.option_id != self.chosen:
            self.chosen = event.option_id
            self._list()
            self._draw()

    @on(OptionList.OptionHighlighted, "#subjects")
    def subject_chosen(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is not None and event.option_id != self.subject:
            self.subject = event.option_id
            self._list()
            self._look()

    @on(OptionList.OptionSelected)
    def action_again(self) -> None:
        self._draw()

    def action_subject(self, steps: int) -> None:
        subjects = self.query_one("#subjects", Choices)
        subjects.highlighted = (list(SUBJECTS).index(self.subject) + steps) % len(SUBJECTS)

    def action_visualizer(self, steps: int) -> None:
        names = self.query_one("#visualizers", Choices)
        names.highlighted = (list(self.visualizers).index(self.chosen) + steps) % len(self.visualizers)

    def action_other(self, steps: int) -> None:
        """Another flag, or another feature."""
        app = self.flagsae
        if self.subject == "flag":
            app.choose(flag=(app.flag + steps) % len(app.studio))
        elif self.subject == "feature":
            app.choose(feature=(app.feature + steps) % len(app.view.model))
        else:
            self.notify("the sum is made on Mix: press 1 to change it, or v to look at a flag")
