"""The Lab: one scene in the eyes of different visualizers, none of which can break anything but its own picture.

Installed ones are listed as soon as their names are found, and run when they are chosen, not before.
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

WIDE, HIGH = 100, 34  # columns, lines in which each visualizer has its summary below its name
SHORT = 0.01  # seconds that are not told apart: pictures of the screen are the same each time
COLOURS: dict[Depth, Colours | None] = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": None}
LONG = 5.0  # seconds after which one is told that there is a way out
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
        self.finding: Newest[Plugin] = Newest(self, self._found, self._unfound)
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
                yield Words("", id="lab-about")
            yield Stage(id="stage", classes="pane")

    @property
    def zoomed(self) -> Widget | None:
        """The lists are there to choose what is seen."""
        return self.query_one("#stage")

    # What there is.

    def on_mount(self) -> None:
        for choices in self.query(Choices):
            choices.highlighted = 0
        self.finding.ask(lambda: (plugin for plugin in plugins.usable() if plugin.package))

    def _found(self, plugin: Plugin) -> None:
        """An installed visualizer: none of its code is run to say that it is there."""
        self.visualizers[plugin.name] = plugin
        self.summaries[plugin.name] = f"from {plugin.origin}"
        self.query_one("#visualizers", Choices).add_option(Option("", id=plugin.name))
        self._list()

    def _unfound(self, error: Exception) -> None:
        traceback.print_exception(error)
        self.notify(f"no installed visualizers: {error}", severity="error")

    # What is shown.

    def follow(self, changed: set[str]) -> None:
        self._list()
        if changed & NEEDS[self.subject]:
            self._look()

    def _list(self) -> None:
        """The two lists, in as many words as there is room for, and what is to be known of what is chosen."""
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
        """A visualizer's name, and below it what it shows where there are so many columns for that."""
        mark = "▸" if name == self.chosen else " "
        words = wrapped(self.summaries[name], columns, 4) if columns > 0 else []
        return Text.assemble((f"{mark}{name}", "bold"), *(f"\n {line}" for line in words))

    def _look(self) -> None:
        """Makes the scene anew, in a thread."""
        app, subject = self.flagsae, self.subject
        workspace, flag, feature, expression = app.workspace, app.flag, app.feature, app.expression
        look = self.look = object()

        def job() -> Iterator[tuple[object, Scene]]:
            for scene in scenes(workspace, subject, flag, feature, expression):
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
        stage.stop()
        if self.scene is None or not stage.size.width or not stage.size.height:
            return
        self.draw, self.trial = draw, None
        plugin, moving = self.visualizers[self.chosen], self.app.animation_level != "none"
        run = partial(self.trials.run, plugin, self.scene, Size(*stage.size), moving=moving)
        self.drawing.ask(lambda: ((draw, result) for result in run()))

    def _drawn(self, found: tuple[object, Trial | float]) -> None:
        draw, result = found
        if draw is not self.draw:
            return
        stage = self.query_one("#stage", Stage)
        if isinstance(result, float):
            if self.trial is None:
                self._entitle(f"{result:.0f} s")
                stage.show([], "drawing …" if result < LONG else "still drawing: choose another to leave it")
            else:  # which is seen: its frames are to come
                self._entitle(f"{self._measured(self.trial)} · moves soon: {result:.0f} s")
            return
        self.trial = result
        self._entitle(self._measured(result))
        if result.summary and result.summary != self.summaries[result.name]:
            self.summaries[result.name] = result.summary
            self._list()
        if len(result.frames) > 1:
            stage.play(result.frames, result.pace)
        else:
            printed = f"it printed '{result.printed}', which is in the log" if result.printed else ""
            lines = result.drawn.lines if result.drawn is not None else []
            stage.show(lines, result.fault or printed, fault=bool(result.fault))

    def _entitle(self, subtitle: str) -> None:
        stage = self.query_one("#stage", Stage)
        stage.border_title = plain(f"{self.chosen} · {self.scene.title}" if self.scene is not None else self.subject)
        stage.border_subtitle = subtitle

    def _measured(self, trial: Trial) -> str:
        took = f"{1000 * trial.seconds:.0f} ms" if trial.seconds >= SHORT else f"under {1000 * SHORT:.0f} ms"
        return f"{trial.size.columns}×{trial.size.lines} · {took}"

    def _blind(self, error: Exception) -> None:
        """There is no scene."""
        if not isinstance(error, FlagsaeError):
            traceback.print_exception(error)
        reason = str(error) if isinstance(error, FlagsaeError) else repr(error)
        self._empty(f"lab: no scene of the {self.subject}: {reason}", fault=True)

    def _empty(self, note: str, *, fault: bool = False) -> None:
        """There is nothing to be drawn, or not yet."""
        self.scene = self.trial = self.draw = None
        self.query_one("#stage", Stage).show([], note, fault=fault)
        self._entitle("")

    # What the user does.

    @on(Stage.Resized)
    def resized(self) -> None:
        self._list()
        self._draw()

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Takes what is highlighted now: when keys come fast, the message may tell of one before."""
        subject, chosen = (self.query_one(name, Choices).highlighted_option for name in ("#subjects", "#visualizers"))
        if chosen is not None and chosen.id is not None and chosen.id != self.chosen:
            self.chosen = chosen.id
            self._list()
            self._draw()
        if subject is not None and subject.id is not None and subject.id != self.subject:
            self.subject = subject.id
            if self.subject == "dictionary":  # takes a second, for which the scene before is not to be taken for it
                self._empty("drawing …")
            self._list()
            self._look()

    @on(OptionList.OptionSelected)
    def action_again(self) -> None:
        self._draw()

    def action_hold(self) -> None:
        stage = self.query_one("#stage", Stage)
        stage.held = not stage.held

    def action_subject(self, steps: int) -> None:
        self._step("#subjects", steps)

    def action_visualizer(self, steps: int) -> None:
        self._step("#visualizers", steps)

    def _step(self, name: str, steps: int) -> None:
        choices = self.query_one(name, Choices)
        choices.highlighted = ((choices.highlighted or 0) + steps) % choices.option_count

    def action_other(self, steps: int) -> None:
        """Another flag, or another feature."""
        app = self.flagsae
        if self.subject == "flag":
            app.choose(flag=(app.flag + steps) % len(app.collection))
        elif self.subject == "feature":
            app.choose(feature=(app.feature + steps) % len(app.workspace.model))
        else:
            made = "the sum is made on Mix: press 1 to change it, or" if self.subject == "sum" else "here all are seen:"
            self.notify(f"{made} v to look at a flag")
