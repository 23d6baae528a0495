"""How a model comes to be: the curves of its run, and flags as it makes them at any of its steps, recorded or live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Log, Static

from flagsae.errors import FlagsaeError
from flagsae.sae.runs import Recording, recorded, runs
from flagsae.training.start import NO_TORCH
from flagsae.tui.bindings import bindings
from flagsae.tui.overlays.new_run import NewRun
from flagsae.tui.overlays.runs import Runs
from flagsae.tui.screens.base import Pane
from flagsae.tui.state import history
from flagsae.tui.state.newest import Newest
from flagsae.tui.state.training import Training
from flagsae.tui.widgets.chart import Chart, Steps
from flagsae.tui.widgets.gallery import GAP, Gallery, Tile
from flagsae.tui.widgets.text import plain
from flagsae.workspace.workspace import THUMBNAIL, Workspace

PACE = 0.1  # seconds between two looks at a run that goes on
LIVE = 5  # looks at it between two of its models
FLAGS = 6
ATOMS = 8
LEAST = 12  # columns of a picture; where six pairs have no room of that size, they are scrolled


@dataclass(frozen=True)
class Made:
    """What a workspace makes of the watched flags, and its strongest features of the chosen one."""

    workspace: Workspace
    epoch: int | None  # None where nobody knows
    watched: Sequence[int]
    flag: int
    flags: Sequence[Tile] = ()
    atoms: Sequence[Tile] | None = None


@dataclass(frozen=True)
class Written:
    """What a run has written down; recording: None if nothing; workspace: of its newest model, where that is wanted."""

    training: Training
    recording: Recording | None
    workspace: Workspace | None
    ended: bool


class Fitted(Gallery):
    """So many lots of so many tiles, which stay beside each other, as large as there is room for all of them."""

    def __init__(self, lots: int, of: int, *, id: str) -> None:
        super().__init__(LEAST, id=id, classes="pane")
        self.lots, self.of = lots, of
        self.in_row = 1  # lots

    @property
    def columns(self) -> int:
        return self.of * self.in_row

    def on_resize(self) -> None:
        """Before `Gallery` measures."""
        self.in_row, columns = fitted(*self.scrollable_content_region.size, self.lots, self.of)
        self.resize_tiles(columns)


def fitted(width: int, height: int, lots: int, of: int) -> tuple[int, int]:
    """How many lots of tiles stand in a row, and the columns of a picture."""

    def columns(in_row: int, rows: int) -> int:
        lines = (height + 1) // rows - 2  # of a picture: there are its words and a gap
        return min((width - GAP // 2) // (of * in_row) - GAP, 3 * lines)

    found, few = max((columns(in_row, -(-lots // in_row)), -in_row) for in_row in range(1, lots + 1))
    if found >= LEAST:
        return -few, found
    in_row = max(1, (width - GAP // 2) // (of * (LEAST + GAP)))
    return in_row, max(4, columns(in_row, 3), columns(in_row, 2) if height < 15 else 0)


class TrainScreen(Pane):
    scope = "train"
    BINDINGS = bindings("train")
    AUTO_FOCUS = "#train-curves"

    def __init__(self) -> None:
        super().__init__()
        self.early = True  # whether early epochs have more room
        self.watched: list[int] = []
        self.watched_of: tuple[object, ...] = ()  # the run that they were chosen for
        self.words = ""  # the last message
        self.failed = False  # whether that is of a failure
        self.read = 0  # how many kept steps of the run that goes on have been read
        self.ticks = 0
        self.facts = ""
        self.logged: tuple[object, ...] = ()
        self.messages: list[str] = []
        self.made: Made | None = None  # the last
        self.making: Newest[Made] = Newest(self, self._made, self._wrong)
        self.living: Newest[tuple[Training, int, Workspace]] = Newest(self, self._lived, self._wrong)
        self.reading: Newest[Written] = Newest(self, self._recorded, self._wrong)
        self.opening: Newest[tuple[Recording, Workspace]] = Newest(self, self._opened, self._wrong)
        self.looking: Newest[Recording | None] = Newest(self, self._resume, self._wrong)
        self.timer: Timer

    def body(self) -> ComposeResult:
        with Vertical(id="train", classes="body"):
            yield Static("", id="train-facts", markup=False)
            yield Static("", id="train-words", markup=False)
            with Horizontal(id="train-panes"):
                yield Chart(id="train-curves", classes="pane")
                with Vertical(id="train-right"):
                    yield Fitted(FLAGS, 2, id="train-flags")
                    yield Fitted(ATOMS, 1, id="train-atoms")
            log = Log(id="train-log", classes="pane")
            log.border_title = "log"
            yield log

    def on_mount(self) -> None:
        self.timer = self.set_interval(PACE, self._tick, pause=True)

    # What is shown.

    @property
    def training(self) -> Training | None:
        """The run that goes on, or the last that did, where it is the one that is looked at."""
        training = self.flagsae.training
        return training if training is not None and training.folder == self.flagsae.recording.folder else None

    @property
    def epoch(self) -> int | None:
        """How many epochs the model that is looked at has seen; None where nobody knows."""
        app, training = self.flagsae, self.training
        if training is not None and training.shown is not None:
            return training.epoch if training.following else training.shown
        return app.epochs[app.step] if app.step < len(app.epochs) else None

    def follow(self, changed: set[str]) -> None:
        app = self.flagsae
        run = app.recording.folder, app.recording.name
        if run != self.watched_of or app.flag not in self.watched:
            unseen = history.held_out(app.recording.config, app.collection.dataset)
            self.watched, self.watched_of = (
                history.watched(app.collection.dataset, app.flag, unseen.tolist(), FLAGS),
                run,
            )
            pairs = self.query_one("#train-flags", Gallery)
            pairs.mark(unseen.tolist())
            pairs.border_subtitle = "● held out" if set(unseen) & set(self.watched) else ""
        live = self.training is not None and self.training.alive and self.training.following
        if changed & {"model", "training"} and not (live and changed == {"model"}):  # that is for the next tick
            self._show_run()
        if changed & {"model", "flag", "training"}:
            workspace, watched, flag = app.workspace, tuple(self.watched), app.flag
            training = self.training
            epoch = self.epoch if training is None or training.shown is None else training.shown
            self.making.ask(lambda: self._make(workspace, epoch, watched, flag))

    def _show_run(self) -> None:
        """Facts, curves and log of the run as far as it has come."""
        recording, training = self.flagsae.recording, self.training
        facts = " · ".join(history.facts(recording, training))
        if facts != self.facts:
            self.facts = facts
            self.query_one("#train-facts", Static).update(facts)
        self._show_words()
        epoch, app = self.epoch, self.flagsae
        live = training is not None and training.shown is not None
        chart = self.query_one(Chart)
        entitle(chart, f"curves of {recording.name}")
        chart.show(
            history.panels(recording, training),
            Steps(
                reach=(0, max(1, recording.config.get("epochs", recording.done))),
                kept=recording.epochs,
                current=None if live or not app.epochs else app.epochs[min(app.step, len(app.epochs) - 1)],
                crosshair=epoch,
                early=self.early,
            ),
        )
        self._show_log()

    def _show_words(self) -> None:
        """The line of what goes on, or of what has happened last."""
        training = self.flagsae.training
        line = self.query_one("#train-words", Static)
        words = going_on(training) if training is not None and training.alive else self.words
        line.set_class(self.failed and words == self.words, "-failed")
        line.display = bool(words)
        line.update(words, layout=False)

    def _show_log(self) -> None:
        log = self.query_one(Log)
        if not log.display:
            return
        lines = history.log_lines(self.flagsae.recording, self.training) + self.messages
        state = self.flagsae.recording.folder, len(lines)
        if state != self.logged:
            self.logged = state
            log.clear()
            log.write_lines(lines)

    def _make(self, workspace: Workspace, epoch: int | None, watched: tuple[int, ...], flag: int) -> Iterator[Made]:
        """In a thread."""
        collection, tiles = workspace.collection, []
        for one in watched:
            picture, rebuilt = collection.small(one), workspace.rebuilt(one)
            off = history.wrong(picture, rebuilt, workspace.model.flat)
            words = "the same" if not off else f"{history.percent(off)} off"
            tiles += [Tile(one, picture, collection.title(one)), Tile(one, rebuilt, words)]
        yield Made(workspace, epoch, watched, flag, tiles)
        strength = workspace.strength[flag]
        order = [int(feature) for feature in np.argsort(-strength)[:ATOMS] if strength[feature] > 0]
        pictures = workspace.draw_atoms(order, THUMBNAIL) if order else []
        found = [
            Tile(feature, picture, f"f{feature} {strength[feature]:.2f}")
            for feature, (picture, _) in zip(order, pictures, strict=True)
        ]
        yield Made(workspace, epoch, watched, flag, tiles, found)

    def _made(self, made: Made) -> None:
        self.made = made
        if self.training is None or not self.training.following:  # else at one of the next ticks
            self._show_made()

    def _show_made(self, flags: bool = True, features: bool = True) -> None:
        """What was made last, unless the user has moved on."""
        app, made = self.flagsae, self.made
        if (
            made is None
            or made.workspace is not app.workspace
            or list(made.watched) != self.watched
            or made.flag != app.flag
        ):
            return
        if flags:
            gallery, training = self.query_one("#train-flags", Gallery), self.training
            if training is not None and training.following:
                entitle(gallery, "as the model learns")
            elif made.epoch is None:
                entitle(gallery, "flags, and the model's")
            else:
                entitle(gallery, f"after {made.epoch} {'epoch' if made.epoch == 1 else 'epochs'}")
            retile(gallery, made.flags)
            if gallery.current is not None and gallery.current.key != app.flag:
                gallery.point(app.flag)
        if features and made.atoms is not None:
            gallery = self.query_one("#train-atoms", Gallery)
            entitle(gallery, f"what {app.collection.title(made.flag)} is made of")
            retile(gallery, made.atoms)
            gallery.point(app.feature)

    def _wrong(self, error: Exception) -> None:
        if not isinstance(error, FlagsaeError):
            self.log.error(error)
        self.notify(str(error), severity="error")

    # A run that goes on.

    def _tick(self) -> None:
        app = self.flagsae
        training = app.training
        if training is None:
            return
        ended = not training.alive  # before all else is looked at
        self.ticks += 1
        if training.kept > self.read or ended:
            self.read = training.kept
            self.reading.ask(partial(self._record, training, training is not self.training, ended))
        # The next model is for when the last one has been drawn: a slow machine sees fewer.
        if training.following and self.ticks % LIVE == 0 and not (self.living.busy or self.making.busy):
            training.ask()
        if training.following and training.live is not None and training.live[0] != training.shown:
            self.living.ask(partial(self._live, training))
        if ended:
            self.timer.pause()
        app.tell(set())  # the header
        if not self.is_current:
            return
        # By turns, so that neither the screen nor the line to it has much to do at once.
        if self.ticks % 2 or ended:
            self._show_run()
        else:
            self._show_words()
            self._show_made(flags=self.ticks % 4 == 0, features=self.ticks % 4 == 2)

    def _live(self, training: Training) -> Iterator[tuple[Training, int, Workspace]]:
        """In a thread."""
        if training.live is not None:
            epoch, model = training.live
            workspace = Workspace(self.flagsae.collection, model)
            _ = workspace.codes
            yield training, epoch, workspace

    def _lived(self, found: tuple[Training, int, Workspace]) -> None:
        training, epoch, workspace = found
        if training is self.training and training.following:
            training.shown = epoch
            self.flagsae.look_at(workspace)

    def _record(self, training: Training, first: bool, ended: bool) -> Iterator[Written]:
        """In a thread: what the run has written down, with a model of it when it is looked at first, and last."""
        collection, recording, workspace = self.flagsae.collection, None, None
        # It may have ended before it wrote anything, or its disk may be full.
        with suppress(FlagsaeError, OSError):
            recording = recorded(collection.dataset, training.folder)
            if ended and training.status == "done":
                workspace = collection.workspace(training.name)
            elif first and recording.epochs:
                workspace = Workspace(collection, recording.model(recording.epochs[-1]))
            if workspace is not None:
                _ = workspace.codes
        yield Written(training, recording, workspace, ended)

    def _recorded(self, written: Written) -> None:
        app, training, recording, workspace = self.flagsae, written.training, written.recording, written.workspace
        if training is not app.training:
            return
        following = training.following
        if recording is not None and (following or recording.folder == app.recording.folder):
            app.look_at_run(recording)
            if following:
                app.step = max(0, len(recording.epochs) - 1)
            if following and workspace is not None:
                training.shown = None if written.ended else recording.epochs[-1]
                app.workspaces[app.step] = workspace
                app.look_at(workspace)
        if written.ended:
            self._ended(training)

    def _ended(self, training: Training) -> None:
        """Says what has become of a run."""
        app = self.flagsae
        training.following = False
        self._show_made()
        words = outcome(training, app.data)
        self._say(words, failed=training.status == "failed")
        if not self.is_current:
            self.notify(words, severity="error" if training.status == "failed" else "information")
        app.tell({"training"})

    def _say(self, words: str, failed: bool = False) -> None:
        self.words, self.failed = words, failed
        self.messages.append(words)
        if self.is_current:
            self._show_words()
            self._show_log()

    def begin(self, training: Training | None) -> None:
        """Starts a run, which is followed; None, of a form that was closed, starts none."""
        if training is None:
            return
        self.flagsae.training = training
        self.words, self.failed = "", False
        self.read = self.ticks = 0
        training.start()
        self.timer.resume()
        self.flagsae.tell({"training"})

    # What the user does.

    def _going(self) -> Training | None:
        """The run that goes on; says so where none does."""
        training = self.flagsae.training
        if training is None or not training.alive:
            self.notify("nothing is training: n starts a run, r resumes one")
            return None
        return training

    def _free(self) -> bool:
        """Whether a run may start; says why not."""
        training = self.flagsae.training
        if training is not None and training.alive:
            self.notify(f"{training.name} is still training: s stops it")
            return False
        if find_spec("torch") is None:
            self._say(NO_TORCH, failed=True)
            return False
        return True

    def action_new(self) -> None:
        if self._free():
            self.app.push_screen(NewRun(self.flagsae.collection.dataset, self.flagsae.data), self.begin)

    def action_pause(self) -> None:
        if training := self._going():
            if training.paused:
                training.go_on()
            else:
                training.pause()
            self._show_words()

    def action_stop(self) -> None:
        if training := self._going():
            training.stop()
            self._show_words()

    def action_resume(self) -> None:
        if self._free():
            self.looking.ask(self._stopped)

    def _stopped(self) -> Iterator[Recording | None]:
        """In a thread: the run that is looked at, or the newest, if it was stopped."""
        recording = self.flagsae.recording
        found = runs(self.flagsae.collection.dataset) if not recording.config or not recording.stopped else [recording]
        yield next((one for one in found if one.stopped), None)

    def _resume(self, recording: Recording | None) -> None:
        if recording is None:
            self.notify("no run was stopped: n starts one")
        elif self._free():
            self.begin(Training.resume(recording, self.flagsae.data))

    def action_follow(self) -> None:
        if training := self._going():
            training.following = not training.following
            if training.following:
                self.read = -1  # so that this run is read, and looked at, where another one was
            self._show_words()

    def action_log(self) -> None:
        self.toggle_class("-logged")
        self.call_after_refresh(self._show_log)

    def action_scale(self) -> None:
        self.early = not self.early
        self._show_run()

    def action_runs(self) -> None:
        app = self.flagsae
        app.push_screen(Runs(app.collection.dataset, app.recording), self._chosen)

    def _chosen(self, recording: Recording | None) -> None:
        app = self.flagsae
        if recording is None:
            return
        if app.training is not None:
            app.training.following, app.training.shown = False, None
        app.look_at_run(recording)
        if recording.epochs:
            app.go_to_step(len(recording.epochs) - 1)
        else:
            self.opening.ask(lambda: self._open(recording))

    def _open(self, recording: Recording) -> Iterator[tuple[Recording, Workspace]]:
        """In a thread: the finished model of a run that kept none on the way."""
        collection = self.flagsae.collection
        workspace = collection.workspace(recording.name)
        _ = workspace.codes
        yield recording, workspace

    def _opened(self, found: tuple[Recording, Workspace]) -> None:
        recording, workspace = found
        if recording is self.flagsae.recording:
            self.flagsae.look_at(workspace)

    @on(Chart.Moved)
    def moved(self, event: Chart.Moved) -> None:
        app = self.flagsae
        if not event.last:
            app.action_step(event.steps)
        elif event.steps < 0 or not app.follow():
            app.go_to_step(0 if event.steps < 0 else len(app.epochs) - 1)

    @on(Chart.Scrubbed)
    def scrubbed(self, event: Chart.Scrubbed) -> None:
        """The nearest step that was kept, or the live model."""
        app, training = self.flagsae, self.training
        marks = np.array(app.epochs, np.float64)
        if training is not None and training.alive:
            marks = np.append(marks, training.epoch)
        if not len(marks):
            return
        away = np.abs(np.log1p(marks) - np.log1p(event.x)) if self.early else np.abs(marks - event.x)
        step = int(away.argmin())
        if step < len(app.epochs):
            if step != app.step or (training is not None and training.shown is not None):
                app.go_to_step(step)
        else:
            app.follow()

    @on(Gallery.Highlighted)
    def tile_chosen(self, event: Gallery.Highlighted) -> None:
        if event.gallery.id == "train-flags":
            self.flagsae.choose(flag=event.tile.key)
        else:
            self.flagsae.choose(feature=event.tile.key)

    @on(Gallery.Chosen)
    def tile_opened(self, event: Gallery.Chosen) -> None:
        self.tile_chosen(event)
        self.flagsae.action_go("flags" if event.gallery.id == "train-flags" else "features")


def entitle(widget: Widget, title: str) -> None:
    """A new title has the whole widget drawn anew."""
    words = plain(title)
    if widget.border_title != words.markup:
        widget.border_title = words


def retile(gallery: Gallery, tiles: Sequence[Tile]) -> None:
    """Shows tiles in the place of others; of as many, only those that differ are drawn."""
    if len(gallery.tiles) != len(tiles):
        gallery.show(tiles)
        return
    for place, (old, new) in enumerate(zip(gallery.tiles, tiles, strict=True)):
        same = (old.key, old.title) == (new.key, new.title) and np.array_equal(old.picture, new.picture)
        if not same:
            gallery.change(place, new)


def going_on(training: Training) -> str:
    """A run that goes on, in a line."""
    of = f"epoch {training.epoch} of {training.config.epochs}"
    if training.status == "starting":
        return f"{training.name}: loading torch and the flags …"
    if training.status == "stopping":
        return f"{training.name}: stopping after {of} …"
    if training.status == "paused":
        return f"{training.name} is paused at {of} · space goes on, s stops it"
    left = (training.config.epochs - training.epoch) / training.rate if training.rate else 0
    follow = "following" if training.following else "f follows"
    return f"{training.name} · {of} · {training.rate:.0f} epochs/s · {left:.0f} s to go · {follow}"


def outcome(training: Training, data: str) -> str:
    """What has become of a run, in a line."""
    if training.status == "failed":
        return f"{training.name} failed: {training.error}"
    if training.status == "done":
        return f"{training.name} is trained: {training.epoch} epochs in {training.seconds:.1f} s · " + " · ".join(
            history.in_words(training.figures)
        )
    if training.epoch == 0:
        return f"{training.name} was stopped before its first epoch"
    where = f" --data {data}" if data else ""
    return f"{training.name} stopped at epoch {training.epoch}, saved: r resumes it, or {training.command}{where}"
