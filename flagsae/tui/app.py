"""The application: what all screens share, and the commands that work everywhere.

All screens share the chosen flag, the chosen feature, the kept step of the training run and the sum that is being
mixed. These are changed with `choose` and `go_to_step`; each screen updates itself when it is next visible.

Before the first paint only Textual is imported. numpy, the flags and the model are loaded in a thread after it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.color import Color
from textual.containers import CenterMiddle
from textual.screen import Screen
from textual.theme import ThemeProvider
from textual.widgets import Static

from flagsae import paths
from flagsae.errors import FlagsaeError
from flagsae.mixing.expression import parse, show
from flagsae.printable import printable
from flagsae.tui.bindings import bindings
from flagsae.tui.command_palette import CommandTable
from flagsae.tui.commands import KEYS, SCREENS
from flagsae.tui.filters import Printable, SixteenColours
from flagsae.tui.heap import give_back, share_heap
from flagsae.tui.keys import KeysInOrder
from flagsae.tui.state import memory
from flagsae.tui.styles import Styles
from flagsae.tui.terminal import Depth
from flagsae.tui.themes import DEFAULT_THEME, PLAIN_THEME, THEMES
from flagsae.tui.widgets.footer import Keys
from flagsae.tui.widgets.header import Header
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.kinds import AUTO, CELLS, Detected

if TYPE_CHECKING:
    from flagsae.sae.kind import Model
    from flagsae.sae.runs import Recording
    from flagsae.tui.state.newest import Newest
    from flagsae.tui.state.training import Training
    from flagsae.workspace.collection import Collection
    from flagsae.workspace.workspace import Workspace

FIRST = "morocco + colombia"  # the sum that is shown when none is given or remembered
UNSEEN = Detected(CELLS[0], "no terminal was looked at")
REST = 2.0  # seconds without input, after which free memory is given back to the system
KEPT_WORKSPACES = 4  # steps of a run whose models, codes, cards and drawings stay in memory: 10 MB each, and more
# How far each paler ink is from the background to the foreground: muted text, faint text, lines. By eye.
INK_SHARES = (0.66, 0.42, 0.22)
# The same in `PLAIN_THEME`: stronger, since 16 colours have only two greys between black and white.
PLAIN_INK_SHARES = (0.75, 0.5, 0.5)


class Opening(Screen[None]):
    """What is shown until the flags are loaded."""

    def compose(self) -> ComposeResult:
        yield Header("")
        with CenterMiddle():
            yield Static("flagsae\n\nopening the flags …", id="opening")
        yield Keys()


def screen_of(scope: str) -> Callable[[], Screen[Any]]:
    """A function that imports a screen's module and makes the screen: Textual calls it at the first visit."""

    def make() -> Screen[Any]:
        module = import_module(f"flagsae.tui.screens.{scope}")
        made: Screen[Any] = getattr(module, f"{scope.title()}Screen")()
        return made

    return make


class FlagsaeApp(KeysInOrder):
    """The application: `run` it, or `run_async`."""

    TITLE = "flagsae"
    CSS_PATH = "app.tcss"
    BINDINGS = bindings("app")
    COMMANDS: ClassVar = {CommandTable}
    MODES: ClassVar = {scope: screen_of(scope) for scope in SCREENS}

    def __init__(
        self,
        data: str = "",
        model: str = "",
        screen: str = "",
        expression: str = "",
        depth: Depth = "truecolor",
        charset: str = "braille",
        cells: Detected = UNSEEN,
        remember: bool = True,
        ready: tuple[Workspace, Recording] | None = None,
    ) -> None:
        """All arguments are optional.

        data, model: the values of --data and --model, "" for the defaults.
        screen: the screen to open on, one of `SCREENS`; "" for Mix if there is an expression, else for the last one.
        expression: the sum to begin with; "" for the one that was mixed last.
        depth: how many colours the terminal has.
        charset: how curves and maps are drawn: "braille", "block" or "ascii".
        cells: what pictures are drawn with; if it is not asked for, what was chosen last in such a terminal counts.
        remember: whether what was chosen last is read at the start, and saved at the end.
        ready: a workspace and a run of the same data and model that are loaded already.
        """
        super().__init__()
        self.ready = ready
        self.data, self.model_name = data, model
        self.depth: Depth = depth
        self.charset = charset
        self.remember = remember
        self.memory = memory.load() if remember else memory.Memory()
        self.found = cells
        kind, _, why = self.memory.cells.partition(" ")
        self.cells = kind if kind in CELLS and why == cells.why and not cells.asked else AUTO  # the user's choice
        chosen.choose(cells.kind if self.cells == AUTO else self.cells)
        self.first_screen = screen or ("mix" if expression else self.memory.screen or "mix")
        self.expression = expression or self.memory.expression or FIRST
        self.expression_given = bool(expression)  # by the caller: it is then shown even if it has an error
        self.flag = 0  # the position of the chosen flag in the dataset
        self.feature = 0  # the number of the chosen feature
        self.step = 0  # which of the kept steps of the run is looked at: a position in `epochs`
        self.pins: list[int] = []  # positions of the flags that the user has pinned
        self.method = self.memory.method  # how the map is laid out; "" until the user chooses
        # These three exist once the flags are loaded: `hasattr(self, "collection")` says whether they are.
        self.collection: Collection
        self.workspace: Workspace
        self.recording: Recording  # the run whose steps are looked at
        self.workspaces: dict[int, Workspace] = {}  # by kept step, of this run only
        self.stepping: Newest[tuple[dict[int, Workspace], int]]  # loads the model of a step
        self.rested = 0.0  # when memory was last given back to the system, by `monotonic`
        self.training: Training | None = None  # the run that is in progress, or the last one that was
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME
        self._filters.append(Printable())
        if depth == "16":
            self._filters.append(SixteenColours())
        if depth in ("none", "16"):
            self.theme = PLAIN_THEME
        elif self.memory.theme in self.available_themes:
            self.theme = self.memory.theme
        self.stylesheet = Styles(variables=self.get_css_variables())

    # Start and end.

    def get_default_screen(self) -> Screen[Any]:
        return Opening()

    def on_mount(self) -> None:
        self.call_after_refresh(lambda: self.run_worker(self._open, thread=True, exit_on_error=False))
        self.set_interval(REST, self._rest)

    def _open(self) -> None:
        """Imports what is slow to import, and loads the flags and the model. Runs in a thread."""
        share_heap()
        if self.ready is not None:
            self.call_from_thread(self._opened, *self.ready)
            return
        try:
            from flagsae.flags.dataset import load_dataset
            from flagsae.sae.runs import recording_of
            from flagsae.workspace.collection import Collection, in_print
            from flagsae.workspace.workspace import Workspace

            workspace = Workspace.of(Collection(in_print(load_dataset(self.data))), self.model_name)
            _ = workspace.strength  # computed here, or the first screen would wait a quarter of a second for it
            self.call_from_thread(self._opened, workspace, recording_of(workspace.model))
        except FlagsaeError as error:
            self.call_from_thread(self.exit, None, error.exit_code, f"flagsae: {error}")
        except Exception as error:
            self.call_from_thread(self._broken, error)

    def _broken(self, error: Exception) -> None:
        """Raises a worker's unexpected error in the application's thread: the application exits and logs it."""
        raise error

    def _opened(self, workspace: Workspace, recording: Recording) -> None:
        from flagsae.tui.state.newest import Newest

        self.collection, self.workspace, self.recording = workspace.collection, workspace, recording
        if self.ready is None:
            # All that is loaded stays until the end: the garbage collector need not search it each time (0.1 s).
            gc.freeze()
        self.stepping = Newest(self, self._stepped, lambda error: self.notify(str(error), severity="error"))
        self.step = max(0, len(self.epochs) - 1)
        self.workspaces = {self.step: workspace}
        names = workspace.dataset.name_table()
        for wanted in (self.memory.flag, "morocco"):
            try:
                self.flag = names[wanted]
                break
            except FlagsaeError:
                continue
        if not self.expression_given and not self._readable():
            self.expression = show([(1.0, self.collection.slug(flag)) for flag in range(min(2, len(self.collection)))])
        self.feature = int(workspace.strength[self.flag].argmax())
        if 0 <= self.memory.feature < len(workspace.model):
            self.feature = self.memory.feature
        self.switch_mode(self.first_screen)

    def _readable(self) -> bool:
        """Whether every flag, colour and picture in the sum can be found with this dataset."""
        from flagsae.mixing.finding import find

        try:
            for term in parse(self.expression):
                if term.feature is None:
                    find(term.name, self.collection.dataset)
        except FlagsaeError:
            return False
        return True

    def _rest(self) -> None:
        """Gives free memory back, once after each burst of input, when there was no input for `REST` seconds."""
        if self.rested <= self.last_input < monotonic() - REST:
            self.rested = monotonic()
            give_back()

    def on_unmount(self) -> None:
        if self.training is not None:
            self.training.leave()
        if self.remember and hasattr(self, "collection"):
            scope = self.current_mode if self.current_mode in SCREENS else self.first_screen
            memory.save(
                memory.Memory(
                    screen=scope,
                    theme=self.theme if self.depth not in ("none", "16") else self.memory.theme,
                    expression=self.expression,
                    flag=self.collection.slug(self.flag),
                    feature=self.feature,
                    method=self.method,
                    cells=self.memory.cells if self.found.asked else self._remembered_cells(),
                )
            )

    def _remembered_cells(self) -> str:
        """The chosen kind with what was detected, as it holds for a terminal of this kind alone."""
        return "" if self.cells == AUTO else f"{self.cells} {self.found.why}"

    # What all screens share.

    def choose(self, *, flag: int | None = None, feature: int | None = None, expression: str | None = None) -> None:
        """Changes what all screens show. flag: a position in the dataset; feature: its number; expression: a sum."""
        changed = set()
        if flag is not None and flag != self.flag:
            self.flag = flag
            changed.add("flag")
        if feature is not None and feature != self.feature:
            self.feature = feature
            changed.add("feature")
        if expression is not None and expression != self.expression:
            self.expression = expression
            changed.add("sum")
        if changed:
            self.tell(changed)

    def add_to_sum(self, words: Sequence[str]) -> None:
        """Adds flags to the sum that is being mixed. words: their slugs."""
        more = show([(1.0, word) for word in words])
        self.choose(expression=f"{self.expression} + {more}" if self.expression else more)
        self.notify(f"the sum is {self.expression}")

    def tell(self, changed: set[str]) -> None:
        """Tells all open screens what has changed: "flag", "feature", "sum", "model" or "training"."""
        from flagsae.tui.screens.base import Pane

        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, Pane):
                    screen.tell(changed)

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs of the run whose models were kept."""
        return self.recording.epochs

    def go_to_step(self, step: int) -> None:
        """Looks at the model of a kept step. It is loaded in a thread; screens follow when it is loaded."""
        if not self.epochs:
            self.notify("this model was trained without kept steps: see --snapshots of flagsae train")
            return
        self.step = max(0, min(step, len(self.epochs) - 1))
        if self.training is not None:
            self.training.following, self.training.shown = False, None
        self.stepping.ask(partial(self._workspace_of, self.recording, self.workspaces, self.step))

    def _workspace_of(
        self, recording: Recording, workspaces: dict[int, Workspace], step: int
    ) -> Iterator[tuple[dict[int, Workspace], int]]:
        """Loads the model of a step, unless `workspaces` has it, and encodes all flags. Runs in a thread."""
        from flagsae.workspace.workspace import Workspace

        if step not in workspaces:
            workspace = Workspace(self.collection, recording.model(recording.epochs[step]))
            _ = workspace.codes
            while len(workspaces) >= KEPT_WORKSPACES:
                workspaces.pop(next(iter(workspaces)))
            workspaces[step] = workspace
        yield workspaces, step

    def _stepped(self, found: tuple[dict[int, Workspace], int]) -> None:
        workspaces, step = found
        following = self.training is not None and self.training.following
        # Not if the user has gone to another run, another step or the live model in the meantime.
        if workspaces is self.workspaces and step == self.step and not following:
            self.look_at(workspaces[step])

    def look_at_run(self, recording: Recording) -> None:
        """Switches to another run, or to the same run with the steps that it has kept since. Screens show the same
        model as before until `go_to_step` or `look_at`."""
        if recording.folder != self.recording.folder:
            self.workspaces = {}
            self.step = max(0, len(recording.epochs) - 1)
        self.recording = recording
        if recording.name == "shipped" or (recording.folder / "model.safetensors").is_file():
            self.model_name = recording.name
        self.tell({"training"})

    def look_at(self, workspace: Workspace) -> None:
        """Shows this model on every screen from now on."""
        self.workspace = workspace
        self.feature = min(self.feature, len(workspace.model) - 1)
        self.tell({"model"})

    def named(self, model: Model) -> list[str]:
        """The options --data and --model with which a command opens this dataset and this model. Raises
        `FlagsaeError` where no file holds the model, because it is still being trained."""
        from flagsae.sae.model import load_model, read_info
        from flagsae.sae.runs import step_files

        dataset, recording = self.collection.dataset, self.recording
        words = ["--data", self.data] * bool(self.data)
        for name in (self.model_name, "", recording.name):
            with suppress(FlagsaeError):
                if load_model(dataset, name).hash == model.hash:
                    return [*words, *(["--model", name] * bool(name))]
        for file in step_files(recording.folder).values():
            if (info := read_info(file)) and info.hash == model.hash:
                return [*words, "--model", str(file)]
        raise FlagsaeError("this model is learning, and in no file yet: go back to a kept step to copy its line")

    def facts(self) -> list[str]:
        """What the header shows, the most important first."""
        if not hasattr(self, "collection"):
            return []
        facts = []
        training = self.training
        if training is not None and training.alive:
            rate = f"{training.rate:.0f} epochs/s"
            facts += [f"{'training' if training.status == 'running' else training.status} {training.name}"]
            facts += [rate, training.config.device] if training.status == "running" else []
        if training is not None and training.shown is not None:
            facts.append(f"epoch {training.shown}/{training.config.epochs}")
        elif self.epochs:
            # The epochs that were asked for: the last kept step of an unfinished run is an earlier one.
            total = self.recording.config.get("epochs", self.epochs[-1])
            facts.append(f"step {self.epochs[self.step]}/{total}")
        facts += [self.recording.name, self.collection.title(self.flag), f"f{self.feature}"]
        depth = {"truecolor": "24-bit colour", "256": "256 colours", "16": "16 colours", "none": "no colour: letters"}
        facts += [depth[self.depth], f"{len(self.collection)} flags"]
        return facts

    # Commands that work everywhere.

    def action_go(self, scope: str) -> None:
        if hasattr(self, "collection"):
            self.switch_mode(scope)

    def action_step(self, steps: int) -> None:
        if hasattr(self, "collection"):
            # The live model counts as the step after the last kept one.
            live = self.training is not None and self.training.shown is not None
            step = self.step + steps + (live and steps < 0)
            if step < len(self.epochs) or not self.follow():
                self.go_to_step(step)

    def follow(self) -> bool:
        """Looks at the model that is being trained, and at each newer state of it. Returns False, and changes nothing,
        where no training is in progress or it belongs to another run than the one that is looked at."""
        training = self.training
        if training is None or not training.alive or training.folder != self.recording.folder:
            return False
        training.following = True
        self.tell({"training"})
        return True

    async def action_quit(self) -> None:
        from flagsae.tui.overlays.leave import Leave

        if self.training is None or not self.training.alive:
            self.exit()
        elif not isinstance(self.screen, Leave):
            self.push_screen(Leave(self.training.name), self._leave_answered)

    def _leave_answered(self, stop: bool | None) -> None:
        """Stops the run and exits, if the user has said so."""
        if stop and self.training is not None:
            self.training.stop()
            saved = f"stopped, and saved. Go on with: {self.training.command}"
            self.exit(message=saved if self.training.epoch else None)

    def action_zoom(self) -> None:
        from flagsae.tui.screens.base import Pane

        screen = self.screen
        if screen.maximized is not None:
            screen.minimize()
        elif isinstance(screen, Pane) and screen.zoomed is not None:
            screen.maximize(screen.zoomed)

    def action_theme(self) -> None:
        from flagsae.tui.overlays.base import Palette

        self.push_screen(Palette([ThemeProvider], placeholder="Search for themes…"))

    def action_cells(self) -> None:
        from flagsae.tui.overlays.cells import Kinds

        if self.depth in ("16", "none"):
            self.notify("with so few colours, pictures are drawn in half blocks or letters")
        elif hasattr(self, "collection") and not isinstance(self.screen, Kinds):
            self.push_screen(Kinds(self.collection.picture(self.flag), self.found, self.cells), self._use_cells)

    def _use_cells(self, name: str | None) -> None:
        """Draws all pictures in another kind of block characters, one of `CELLS` or "auto"; None changes nothing."""
        from flagsae.tui.widgets.canvas import Canvas
        from flagsae.tui.widgets.gallery import Gallery

        if name is None:
            return
        self.cells = name
        chosen.choose(self.found.kind if name == AUTO else name)
        for stack in self._screen_stacks.values():
            for screen in stack:
                for widget in screen.query("*"):
                    if isinstance(widget, (Canvas, Gallery)):
                        widget.redraw()
        self.tell({"flag", "feature", "sum"})  # for what is drawn in other threads

    def action_command_palette(self) -> None:
        from flagsae.tui.overlays.base import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())  # without an id: the previous palette may not have been removed yet

    def notify(self, message: str, **options: Any) -> None:
        """Shows a message as plain text: brackets in a file's name are not markup."""
        super().notify(printable(message, lines=True), **{"markup": False, **options})

    def drawn(self) -> str:
        """The current screen as an SVG document that refers to no other file."""
        from flagsae.visual.terminal.cells import document

        variables = self.get_css_variables()
        ink, paper = variables["foreground"], variables["background"]
        if not (ink.startswith("#") and paper.startswith("#")):  # a theme of the terminal's own colours
            ink, paper = "#e0e0e0", "#000000"
        return document(self.screen._compositor.render_strips(), ink.lower(), paper.lower(), "flagsae")

    def action_picture(self) -> None:
        """Saves the screen in the working folder, under a name that no file has."""
        number = 1
        while (path := Path.cwd() / f"flagsae-{self.current_mode}-{number}.svg").exists():
            number += 1
        try:
            with paths.replacing(path) as file:
                file.write(self.drawn().encode())
        except OSError as error:
            self.notify(f"cannot write {path}: {error.strerror or error}", severity="error")
        else:
            self.notify(f"saved {path}")

    def action_help(self) -> None:
        from flagsae.tui.overlays.help import Help

        self.push_screen(Help(self.scopes()))

    def action_jump(self) -> None:
        from flagsae.tui.overlays.jump import Jump
        from flagsae.tui.screens.base import Pane

        if isinstance(self.screen, Pane):
            self.push_screen(Jump(self.screen.targets()), self._jumped)

    def _jumped(self, widget: Any) -> None:
        if widget is not None:
            self.screen.set_focus(widget)

    def scopes(self) -> list[str]:
        """The scopes of the command table whose keys work now: of the focused widget first, then of those around it."""
        found = []
        focused: Any = self.screen.focused
        for node in focused.ancestors_with_self if focused is not None else [self.screen]:
            scope = getattr(node, "scope", "")
            if scope and scope not in found:
                found.append(scope)
        return [*found, "app"]

    def get_css_variables(self) -> dict[str, str]:
        """Textual's variables, and three paler inks. Textual's own muted colours are transparent; our widgets draw
        segments of text, which can't be."""
        variables = super().get_css_variables()
        ansi = self.current_theme.ansi
        ink, paper = (variables.get(name, "") for name in ("foreground", "background"))
        shares = PLAIN_INK_SHARES if self.theme == PLAIN_THEME else INK_SHARES
        for name, share in zip(("ink-muted", "ink-faint", "ink-line"), shares, strict=True):
            if ansi or ink.startswith("ansi") or paper.startswith("ansi"):
                variables[name] = "ansi_default" if name == "ink-muted" else "ansi_bright_black"
            else:
                variables[name] = Color.parse(paper).blend(Color.parse(ink), share).hex
        return variables

    def get_key_display(self, binding: Binding) -> str:
        return KEYS.get(binding.key, binding.key)
