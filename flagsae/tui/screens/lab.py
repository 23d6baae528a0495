"""The Lab: one scene, drawn by any of the visualizers. One that fails spoils nothing but its own picture.

Installed visualizers are listed as soon as their names are found; their code runs only when they are chosen.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from functools import partial

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from flagsae.errors import FlagsaeError
from flagsae.plugins import registry as plugins
from flagsae.plugins.registry import Plugin
from flagsae.tui.bindings import bindings
from flagsae.tui.screens.base import Pane
from flagsae.tui.state.newest import Newest
from flagsae.tui.state.subjects import SUBJECTS, scenes
from flagsae.tui.state.trials import Trial, Trials, summary
from flagsae.tui.terminal import Depth
from flagsae.tui.widgets.choices import Choices
from flagsae.tui.widgets.stage import Stage
from flagsae.tui.widgets.text import Words, plain
from flagsae.visual.capture import Colours
from flagsae.visual.scene import Scene, Size
from flagsae.visual.terminal.lines import wrapped

WIDE, HIGH = 100, 34  # columns, lines of a screen from which each visualizer has its summary below its name; by eye
SUMMARY_LINES = 4
SHORT = 0.01  # seconds: a shorter time is not measured, so that pictures of the screen are the same each time
LONG = 5.0  # seconds after which a visualizer that is still at work can be left, and the user is told how
# Rich's name for each depth of colour.
COLOURS: dict[Depth, Colours | None] = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": None}
# What of the application's state a subject's scene is made of: see `Pane.follow`.
NEEDS = {"sum": {"model", "sum"}, "flag": {"model", "flag"}, "feature": {"model", "feature"}, "dictionary": {"model"}}


class LabScreen(Pane):
    scope = "lab"
    BINDINGS = bindings("lab")
    AUTO_FOCUS = "#visualizers"

    def __init__(self) -> None:
        super().__init__()
        self.visualizers = {name: plugins.get(name) for name in plugins.BUILTIN}
        self.summaries = {name: summary(plugin) for name, plugin in self.visualizers.items()}
        self.chosen = next(iter(self.visualizers))
        self.subject = next(iter(SUBJECTS))
        self.scene: Scene | None = None
        self.trial: Trial | None = None
        self.trials = Trials(COLOURS[self.flagsae.depth], ascii_only=self.flagsae.charset == "ascii")
        self.finding: Newest[Plugin] = Newest(self, self._found, self._finding_failed)
        self.making: Newest[tuple[object, Scene]] = Newest(self, self._made, self._failed)
        self.drawing: Newest[tuple[object, Trial | float]] = Newest(self, self._drawn, self._failed)
        # The newest requests for a scene and for a drawing: an answer to an older one is dropped.
        self.scene_request: object = None
        self.drawing_request: object = None

    def body(self) -> ComposeResult:
        with Horizontal(id="lab", classes="body"):
            with Vertical(id="lab-left"):
                subjects = Choices(*(Option("", id=subject) for subject in SUBJECTS), id="subjects", classes="pane")
                subjects.border_title = "what is looked at"
                yield subjects
                names = Choices(*(Option("", id=name) for name in self.visualizers), id="visualizers", classes="pane")
                names.border_title = "visualizers"
                yield names
                yield Words("", id="lab-about")
            yield Stage(id="stage", classes="pane")

    @property
    def zoomed(self) -> Widget | None:
        """The drawing, also while a list has the focus."""
        return self.query_one("#stage")

    # The installed visualizers.

    def on_mount(self) -> None:
        for choices in self.query(Choices):
            choices.highlighted = 0
        self.finding.ask(lambda: (plugin for plugin in plugins.usable() if plugin.package))

    def _found(self, plugin: Plugin) -> None:
        """Lists an installed visualizer. Its code is not run for that: its summary is known when it has drawn."""
        self.visualizers[plugin.name] = plugin
        self.summaries[plugin.name] = f"from {plugin.origin}"
        self.query_one("#visualizers", Choices).add_option(Option("", id=plugin.name))
        self._list()

    def _finding_failed(self, error: Exception) -> None:
        traceback.print_exception(error)
        self.notify(f"no installed visualizers: {error}", severity="error")

    # What is shown.

    def follow(self, changed: set[str]) -> None:
        self._list()
        if changed & NEEDS[self.subject]:
            self._make_scene()

    def _list(self) -> None:
        """Writes both lists, with summaries where there is room for them, and below them what the subject is."""
        app = self.flagsae
        label = app.workspace.label(app.feature) if app.workspace.labelled else ""
        title = {
            "sum": app.expression,
            "flag": app.collection.title(app.flag),
            "feature": f"f{app.feature} {label}",
            "dictionary": f"{len(app.workspace.model)} features",
        }
        subjects, names = self.query_one("#subjects", Choices), self.query_one("#visualizers", Choices)
        for subject in SUBJECTS:
            mark = "▸" if subject == self.subject else " "
            line = Text.assemble((f"{mark}{subject:11}", "bold"), title[subject])
            subjects.replace_option_prompt(subject, line)
        room = self.size.width >= WIDE and self.size.height >= HIGH
        for name in self.visualizers:
            names.replace_option_prompt(name, self._entry(name, names.size.width - 2 if room else 0))
        about = [] if room else [self.summaries[self.chosen]]
        self.query_one("#lab-about", Static).update(Text("\n\n".join([*about, SUBJECTS[self.subject]])))

    def _entry(self, name: str, columns: int) -> Text:
        """A visualizer's name, and below it its summary in so many columns; with 0 the name alone."""
        mark = "▸" if name == self.chosen else " "
        words = wrapped(self.summaries[name], columns, SUMMARY_LINES) if columns > 0 else []
        return Text.assemble((f"{mark}{name}", "bold"), *(f"\n {line}" for line in words))

    def _make_scene(self) -> None:
        """Makes the scene of the subject in a thread, and again when more is known of it; then it is drawn."""
        app, subject = self.flagsae, self.subject
        workspace, flag, feature, expression = app.workspace, app.flag, app.feature, app.expression
        request = self.scene_request = object()

        def job() -> Iterator[tuple[object, Scene]]:
            for scene in scenes(workspace, subject, flag, feature, expression):
                yield request, scene

        self.making.ask(job)

    def _made(self, found: tuple[object, Scene]) -> None:
        request, scene = found
        if request is self.scene_request:
            self.scene = scene
            self._list()
            self._draw()

    def _draw(self) -> None:
        """Lets the chosen visualizer draw the scene, in a thread."""
        stage, request = self.query_one("#stage", Stage), object()
        stage.stop()
        if self.scene is None or not stage.size.width or not stage.size.height:
            return
        self.drawing_request, self.trial = request, None
        plugin, moving = self.visualizers[self.chosen], self.app.animation_level != "none"
        run = partial(self.trials.run, plugin, self.scene, Size(*stage.size), moving=moving)
        self.drawing.ask(lambda: ((request, result) for result in run()))

    def _drawn(self, found: tuple[object, Trial | float]) -> None:
        """Shows a drawing, or for how many seconds the visualizer has been at work."""
        request, result = found
        if request is not self.drawing_request:
            return
        stage = self.query_one("#stage", Stage)
        if isinstance(result, float):
            if self.trial is None:
                self._set_title(f"{result:.0f} s")
                stage.show([], "drawing …" if result < LONG else "still drawing: choose another to leave it")
            else:  # its picture is shown, and its frames are still being drawn
                self._set_title(f"{self._measured(self.trial)} · moves soon: {result:.0f} s")
            return
        self.trial = result
        self._set_title(self._measured(result))
        if result.summary and result.summary != self.summaries[result.name]:
            self.summaries[result.name] = result.summary
            self._list()
        if len(result.frames) > 1:
            stage.play(result.frames, result.pace)
        else:
            printed = f"it printed '{result.printed}', which is in the log" if result.printed else ""
            lines = result.drawn.lines if result.drawn is not None else []
            stage.show(lines, result.fault or printed, fault=bool(result.fault))

    def _set_title(self, subtitle: str) -> None:
        """Writes on the stage's frame: above what is drawn, below the subtitle."""
        stage = self.query_one("#stage", Stage)
        stage.border_title = plain(f"{self.chosen} · {self.scene.title}" if self.scene is not None else self.subject)
        stage.border_subtitle = subtitle

    def _measured(self, trial: Trial) -> str:
        """A drawing's size and time."""
        took = f"{1000 * trial.seconds:.0f} ms" if trial.seconds >= SHORT else f"under {1000 * SHORT:.0f} ms"
        return f"{trial.size.columns}×{trial.size.lines} · {took}"

    def _failed(self, error: Exception) -> None:
        """Says why there is no scene."""
        if not isinstance(error, FlagsaeError):
            traceback.print_exception(error)
        reason = str(error) if isinstance(error, FlagsaeError) else repr(error)
        self._empty(f"lab: no scene of the {self.subject}: {reason}", fault=True)

    def _empty(self, note: str, *, fault: bool = False) -> None:
        """Clears the stage, on which nothing can be drawn now; a note on it says why."""
        self.scene = self.trial = self.drawing_request = None
        self.query_one("#stage", Stage).show([], note, fault=fault)
        self._set_title("")

    # What the user does.

    @on(Stage.Resized)
    def resized(self) -> None:
        self._list()
        self._draw()

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Reads what the lists highlight now: after fast keys the message may carry an older line."""
        subject, chosen = (self.query_one(name, Choices).highlighted_option for name in ("#subjects", "#visualizers"))
        if chosen is not None and chosen.id is not None and chosen.id != self.chosen:
            self.chosen = chosen.id
            self._list()
            self._draw()
        if subject is not None and subject.id is not None and subject.id != self.subject:
            self.subject = subject.id
            if self.subject == "dictionary":  # takes a second: do not show the old scene meanwhile
                self._empty("drawing …")
            self._list()
            self._make_scene()

    @on(OptionList.OptionSelected)
    def action_again(self) -> None:
        self._draw()

    def action_hold(self) -> None:
        """Stops a moving picture, or lets it go on."""
        stage = self.query_one("#stage", Stage)
        stage.held = not stage.held

    def action_subject(self, steps: int) -> None:
        self._step("#subjects", steps)

    def action_visualizer(self, steps: int) -> None:
        self._step("#visualizers", steps)

    def _step(self, name: str, steps: int) -> None:
        """Moves the highlight of a list, from its end to its beginning."""
        choices = self.query_one(name, Choices)
        choices.highlighted = ((choices.highlighted or 0) + steps) % choices.option_count

    def action_other(self, steps: int) -> None:
        """Chooses the next flag or feature, if the scene is of one."""
        app = self.flagsae
        if self.subject == "flag":
            app.choose(flag=(app.flag + steps) % len(app.collection))
        elif self.subject == "feature":
            app.choose(feature=(app.feature + steps) % len(app.workspace.model))
        else:
            made = "the sum is made on Mix: press 1 to change it, or" if self.subject == "sum" else "here all are seen:"
            self.notify(f"{made} v to look at a flag")
