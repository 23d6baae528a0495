"""The curves of a training run, and flags as its model rebuilds them at any step, recorded or live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from flagsae.sae.kind import of_designs
from flagsae.sae.runs import Recording, recorded, runs
from flagsae.training.config import PRESETS
from flagsae.training.start import NO_TORCH, usual_preset
from flagsae.tui.bindings import bindings
from flagsae.tui.overlays.new_run import NewRun
from flagsae.tui.overlays.runs import Runs
from flagsae.tui.screens.base import Pane
from flagsae.tui.state import history
from flagsae.tui.state.newest import Newest
from flagsae.tui.state.sketching import blank, sketches
from flagsae.tui.state.training import Training
from flagsae.tui.widgets.chart import Chart, Steps
from flagsae.tui.widgets.gallery import GAP, MARK, Gallery, Tile
from flagsae.tui.widgets.text import plain
from flagsae.workspace.workspace import THUMBNAIL, Workspace

PACE = 0.1  # seconds between two ticks, at which a live run is looked at
LIVE = 5  # ticks between two requests for the live model
FLAGS = 6  # that are watched
ATOMS = 8  # features of the chosen flag that are shown; of a model of designs all its features are

# Sizes of pictures; by eye.
LEAST = 12  # columns, if all pictures are to be seen without scrolling
SMALLEST = 4  # columns, if they scroll
WIDTH = 3  # columns for each line: a flag is as 3 to 2, a line as high as two columns are wide
WORDS = 2  # lines below a picture: its title and a gap
ROWS = 3  # rows to see at least, if the pictures scroll
LOW = 15  # lines: in a lower widget two rows will do
LOW_ROWS = 2


@dataclass(frozen=True)
class Pictures:
    """What a model makes of the watched flags, and the strongest features of the chosen one."""

    workspace: Workspace
    epoch: int | None
    """How many epochs the model has been trained; None if that is not known."""
    watched: Sequence[int]
    """The watched flags."""
    flag: int
    """The chosen flag."""
    flags: Sequence[Tile] = ()
    """Of each watched flag two: itself, and as it is rebuilt."""
    atoms: Sequence[Tile] | None = None
    """Of the strongest features, or of all; None until they are drawn."""


@dataclass(frozen=True)
class Progress:
    """What a live run has written so far."""

    training: Training
    recording: Recording | None
    """None if it has written nothing."""
    workspace: Workspace | None
    """That of its newest model, if it is to be shown."""
    ended: bool


class Fitted(Gallery):
    """Groups of tiles, such as pairs, that no end of a row divides; as large as there is room for all of them."""

    def __init__(self, groups: int, group_size: int, *, id: str) -> None:
        super().__init__(LEAST, id=id, classes="pane")
        self.groups, self.group_size = groups, group_size
        self.groups_in_row = 1

    def regroup(self, groups: int) -> None:
        """Makes room for another number of groups."""
        if groups != self.groups:
            self.groups = groups
            self.on_resize()

    @property
    def columns(self) -> int:
        return self.group_size * self.groups_in_row

    def on_resize(self) -> None:
        # Textual calls this handler before that of `Gallery`, which needs the new size of the tiles.
        self.groups_in_row, width = fitted(*self.scrollable_content_region.size, self.groups, self.group_size)
        self.resize_tiles(width)
        self.call_after_refresh(self.centre)

    def centre(self) -> None:
        """Scrolls the cursor to the middle, by whole rows."""
        if self.tiles and self.size.height:
            above = (self.size.height - self.tile_lines) // 2 // self.tile_lines
            row = max(0, self.cursor // self.columns - above)
            self.scroll_to(y=row * self.tile_lines, animate=False, force=True)


def fitted(width: int, height: int, groups: int, group_size: int) -> tuple[int, int]:
    """(groups in a row, columns of a picture): the largest pictures of which all are seen in a widget of this size.

    If they would be smaller than `LEAST`, the widget scrolls, and shows some whole rows.
    """

    def picture_width(in_row: int, rows: int) -> int:
        lines = (height + 1) // rows - WORDS
        return min((width - GAP // 2) // (group_size * in_row) - GAP, WIDTH * lines)

    # Of equally large ones, those with the fewest groups in a row.
    widest, fewest = max((picture_width(in_row, -(-groups // in_row)), -in_row) for in_row in range(1, groups + 1))
    if widest >= LEAST:
        return -fewest, widest
    in_row = max(1, (width - GAP // 2) // (group_size * (LEAST + GAP)))
    rows = LOW_ROWS if height < LOW else ROWS
    return in_row, max(SMALLEST, picture_width(in_row, rows))


class TrainScreen(Pane):
    scope = "train"
    BINDINGS = bindings("train")
    AUTO_FOCUS = "#train-curves"

    def __init__(self) -> None:
        super().__init__()
        self.early = True  # whether the curves give early epochs more room
        self.watched: list[int] = []  # the flags whose pictures are shown
        self.watched_run: tuple[object, ...] = ()  # the run for which they were chosen
        self.words = ""  # the last message
        self.failed = False  # whether that message is about a failure
        self.steps_read = 0  # how many kept steps of the live run have been read
        self.ticks = 0
        self.facts = ""  # the line of facts as it is shown
        self.logged: tuple[object, ...] = ()  # the run whose log is shown, and how many lines of it
        self.messages: list[str] = []  # of this screen, shown below the log
        self.pictures: Pictures | None = None  # the newest
        self.drawing: Newest[Pictures] = Newest(self, self._drawn, self._failed)
        self.encoding: Newest[tuple[Training, int, Workspace]] = Newest(self, self._encoded, self._failed)
        self.reading: Newest[Progress] = Newest(self, self._progressed, self._failed)
        self.opening: Newest[tuple[Recording, Workspace]] = Newest(self, self._opened, self._failed)
        self.finding_stopped: Newest[Recording | None] = Newest(self, self._resume, self._failed)
        self.timer: Timer  # runs while a model is training

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
        """The live run, or the last one, if the application shows this run; else None."""
        training = self.flagsae.training
        return training if training is not None and training.folder == self.flagsae.recording.folder else None

    @property
    def epoch(self) -> int | None:
        """How many epochs the model that is shown has been trained; None if that is not known."""
        app, training = self.flagsae, self.training
        if training is not None and training.shown is not None:
            return training.epoch if training.following else training.shown
        return app.epochs[app.step] if app.step < len(app.epochs) else None

    def follow(self, changed: set[str]) -> None:
        app = self.flagsae
        run = app.recording.folder, app.recording.name
        if run != self.watched_run or app.flag not in self.watched:
            unseen = history.held_out(app.recording.config, app.collection.dataset)
            self.watched = history.watched(app.collection.dataset, app.flag, unseen.tolist(), FLAGS)
            self.watched_run = run
            pairs = self.query_one("#train-flags", Gallery)
            pairs.mark(unseen.tolist())
            pairs.border_subtitle = "● held out" if set(unseen) & set(self.watched) else ""
        live = self.training is not None and self.training.alive and self.training.following
        live_model = live and changed == {"model"}  # which the next tick shows
        if changed & {"model", "training"} and not live_model:
            self._show_run()
        if changed & {"model", "flag", "training"}:
            workspace, watched, flag = app.workspace, tuple(self.watched), app.flag
            training = self.training
            epoch = self.epoch if training is None or training.shown is None else training.shown
            self.drawing.ask(lambda: self._draw(workspace, epoch, watched, flag, live))

    def _show_run(self) -> None:
        """Shows the facts, curves and log of the run so far."""
        recording, training = self.flagsae.recording, self.training
        facts = " · ".join(history.facts(recording, training))
        if facts != self.facts:
            self.facts = facts
            self.query_one("#train-facts", Static).update(facts)
        self._show_words()
        epoch, app = self.epoch, self.flagsae
        live = training is not None and training.shown is not None
        chart = self.query_one(Chart)
        set_title(chart, f"curves of {recording.name}")
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
        """Says how the live run is going, or shows the last message."""
        training = self.flagsae.training
        line = self.query_one("#train-words", Static)
        words = progress_line(training) if training is not None and training.alive else self.words
        line.set_class(self.failed and words == self.words, "-failed")
        line.display = bool(words)
        line.update(words, layout=False)

    def _show_log(self) -> None:
        """Writes the log again if it has more lines, or is that of another run."""
        log = self.query_one(Log)
        if not log.display:
            return
        lines = history.log_lines(self.flagsae.recording, self.training) + self.messages
        state = self.flagsae.recording.folder, len(lines)
        if state != self.logged:
            self.logged = state
            log.clear()
            log.write_lines(lines)

    def _draw(
        self, workspace: Workspace, epoch: int | None, watched: tuple[int, ...], flag: int, live: bool
    ) -> Iterator[Pictures]:
        """In a thread: the pictures without the features, then with them. live: whether other models follow soon."""
        collection, tiles = workspace.collection, []
        for one in watched:
            picture, rebuilt = collection.small(one), workspace.rebuilt(one)
            error = history.wrong(picture, rebuilt, workspace.model.flat)
            words = "the same" if not error else f"{history.percent(error)} off"
            tiles += [Tile(one, picture, collection.title(one)), Tile(one, rebuilt, words)]
        yield Pictures(workspace, epoch, watched, flag, tiles)
        if of_designs(workspace.model):
            for atoms in self._draw_designs(workspace, live):
                yield Pictures(workspace, epoch, watched, flag, tiles, atoms)
            return
        strength = workspace.strength[flag]
        order = [int(feature) for feature in np.argsort(-strength)[:ATOMS] if strength[feature] > 0]
        drawn = workspace.draw_atoms(order, THUMBNAIL) if order else []
        atoms = [
            Tile(feature, picture, f"f{feature} {strength[feature]:.2f}")
            for feature, (picture, _) in zip(order, drawn, strict=True)
        ]
        yield Pictures(workspace, epoch, watched, flag, tiles, atoms)

    def _draw_designs(self, workspace: Workspace, live: bool) -> Iterator[list[Tile]]:
        """In a thread: all atoms of a model of designs: those that are seen, then the names of all, then the others.

        What is not drawn yet stays as it was at another step. live: whether to draw only what is seen.
        """
        gallery, features = self.query_one("#train-atoms", Gallery), range(len(workspace.model))

        def seen() -> list[int]:
            return [tile.key for tile in gallery.seen if tile.key in features]

        def missing(some: Iterable[int]) -> list[int]:
            return [feature for feature in some if workspace.thumbnail(feature) is None]

        def tiles() -> list[Tile]:
            before = {tile.key: tile for tile in gallery.tiles}
            return [named(workspace, feature, before.get(feature)) for feature in features]

        yield tiles()
        for _ in sketches(lambda: missing(seen()), seen, workspace.thumbnails):
            yield tiles()
        if not workspace.labelled:
            _ = workspace.cards  # computed on first access
            yield tiles()
        for _ in sketches(lambda: [] if live else missing(features), seen, workspace.thumbnails):
            yield tiles()

    def _drawn(self, pictures: Pictures) -> None:
        self.pictures = pictures
        if self.training is None or not self.training.following:  # a live run is shown by the ticks
            self._show_pictures()

    def _show_pictures(self, flags: bool = True, features: bool = True) -> None:
        """Shows the newest pictures, unless the user has chosen another model or flag since."""
        app, pictures = self.flagsae, self.pictures
        if (
            pictures is None
            or pictures.workspace is not app.workspace
            or list(pictures.watched) != self.watched
            or pictures.flag != app.flag
        ):
            return
        if flags:
            gallery, training = self.query_one("#train-flags", Gallery), self.training
            if training is not None and training.following:
                set_title(gallery, "as the model learns")
            elif pictures.epoch is None:
                set_title(gallery, "flags, and the model's")
            else:
                set_title(gallery, f"after {pictures.epoch} {'epoch' if pictures.epoch == 1 else 'epochs'}")
            change_tiles(gallery, pictures.flags)
            if gallery.current is not None and gallery.current.key != app.flag:
                gallery.point(app.flag)
        if features and pictures.atoms is not None:
            atoms, title = self.query_one("#train-atoms", Fitted), app.collection.title(pictures.flag)
            if of_designs(pictures.workspace.model):
                atoms.regroup(len(pictures.atoms))
                atoms.mark(np.flatnonzero(pictures.workspace.strength[pictures.flag]).tolist())
                cards = pictures.workspace.cards if pictures.workspace.labelled else None
                names = "" if cards is None else f", {sum(card.label.trusted for card in cards)} with a name"
                set_title(atoms, f"{len(pictures.atoms)} features{names}")
                atoms.border_subtitle = plain(f"{MARK} in {title}")
            else:
                atoms.regroup(ATOMS)
                atoms.mark([])
                set_title(atoms, f"what {title} is made of")
                atoms.border_subtitle = ""
            change_tiles(atoms, pictures.atoms)
            if atoms.current is not None and atoms.current.key != app.feature:
                atoms.point(app.feature)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, FlagsaeError):
            self.log.error(error)
        self.notify(str(error), severity="error")

    # A live run.

    def _tick(self) -> None:
        """Reads what the live run has written, asks for its model, and shows both; a part of it at each tick."""
        app = self.flagsae
        training = app.training
        if training is None:
            return
        ended = not training.alive  # read first: what was written before the end is then read below
        self.ticks += 1
        if training.kept > self.steps_read or ended:
            self.steps_read = training.kept
            self.reading.ask(partial(self._read_run, training, training is not self.training, ended))
        # Not before the last model is drawn: a slow machine shows fewer models.
        if training.following and self.ticks % LIVE == 0 and not (self.encoding.busy or self.drawing.busy):
            training.ask()
        if training.following and training.live is not None and training.live[0] != training.shown:
            self.encoding.ask(partial(self._encode, training))
        if ended:
            self.timer.pause()
        app.tell(set())  # the header
        if not self.is_current:
            return
        # In turns: drawn all at once, it would hold up the keys, and flood a slow connection.
        if self.ticks % 2 or ended:
            self._show_run()
        else:
            self._show_words()
            self._show_pictures(flags=self.ticks % 4 == 0, features=self.ticks % 4 == 2)

    def _encode(self, training: Training) -> Iterator[tuple[Training, int, Workspace]]:
        """In a thread: the flags as the live model encodes them."""
        if training.live is not None:
            epoch, model = training.live
            workspace = Workspace(self.flagsae.collection, model)
            _ = workspace.codes  # computed on first access
            yield training, epoch, workspace

    def _encoded(self, found: tuple[Training, int, Workspace]) -> None:
        training, epoch, workspace = found
        if training is self.training and training.following:
            training.shown = epoch
            self.flagsae.look_at(workspace)

    def _read_run(self, training: Training, first: bool, ended: bool) -> Iterator[Progress]:
        """In a thread: reads what a run has written; at the first and the last reading also its newest model."""
        collection, recording, workspace = self.flagsae.collection, None, None
        # It may have ended before it wrote anything, or on a full disk.
        with suppress(FlagsaeError, OSError):
            recording = recorded(collection.dataset, training.folder)
            if ended and training.status == "done":
                workspace = Workspace.of(collection, training.name)
            elif first and recording.epochs:
                workspace = Workspace(collection, recording.model(recording.epochs[-1]))
            if workspace is not None:
                _ = workspace.codes
        yield Progress(training, recording, workspace, ended)

    def _progressed(self, progress: Progress) -> None:
        app, training, recording, workspace = self.flagsae, progress.training, progress.recording, progress.workspace
        if training is not app.training:
            return
        following = training.following
        if recording is not None and (following or recording.folder == app.recording.folder):
            app.look_at_run(recording)
            if following:
                app.step = max(0, len(recording.epochs) - 1)
            if following and workspace is not None:
                training.shown = None if progress.ended else recording.epochs[-1]
                app.workspaces[app.step] = workspace
                app.look_at(workspace)
        if progress.ended:
            self._ended(training)

    def _ended(self, training: Training) -> None:
        """Says how a run has ended."""
        app = self.flagsae
        training.following = False
        self._show_pictures()
        words = outcome(training, app.data)
        self._report(words, failed=training.status == "failed")
        if not self.is_current:
            self.notify(words, severity="error" if training.status == "failed" else "information")
        app.tell({"training"})

    def _report(self, words: str, failed: bool = False) -> None:
        """Shows a message, and keeps it for the log."""
        self.words, self.failed = words, failed
        self.messages.append(words)
        if self.is_current:
            self._show_words()
            self._show_log()

    def begin(self, training: Training | None) -> None:
        """Starts a run and follows it. None, from a form that was closed, starts nothing."""
        if training is None:
            return
        self.flagsae.training = training
        self.words, self.failed = "", False
        self.steps_read = self.ticks = 0
        training.start()
        self.timer.resume()
        self.flagsae.tell({"training"})

    # What the user does.

    def _live_run(self) -> Training | None:
        """The run that is training; if none is, tells the user."""
        training = self.flagsae.training
        if training is None or not training.alive:
            self.notify("nothing is training: n starts a run, r resumes one")
            return None
        return training

    def _can_start(self) -> bool:
        """Whether a run can start; if not, tells the user why."""
        training = self.flagsae.training
        if training is not None and training.alive:
            self.notify(f"{training.name} is still training: s stops it")
            return False
        if find_spec("torch") is None:
            self._report(NO_TORCH, failed=True)
            return False
        return True

    def action_new(self) -> None:
        if self._can_start():
            shown = self.flagsae.recording.config.get("preset", "")  # another run of the same preset is most likely
            preset = shown if shown in PRESETS else usual_preset(self.flagsae.collection.dataset)[0]
            self.app.push_screen(NewRun(self.flagsae.collection.dataset, self.flagsae.data, preset), self.begin)

    def action_pause(self) -> None:
        if training := self._live_run():
            if training.paused:
                training.go_on()
            else:
                training.pause()
            self._show_words()

    def action_stop(self) -> None:
        if training := self._live_run():
            training.stop()
            self._show_words()

    def action_resume(self) -> None:
        if self._can_start():
            self.finding_stopped.ask(self._find_stopped)

    def _find_stopped(self) -> Iterator[Recording | None]:
        """In a thread: the run to resume, which is the one shown if that was stopped, else the newest stopped one."""
        recording = self.flagsae.recording
        found = runs(self.flagsae.collection.dataset) if not recording.config or not recording.stopped else [recording]
        yield next((one for one in found if one.stopped), None)

    def _resume(self, recording: Recording | None) -> None:
        if recording is None:
            self.notify("no run was stopped: n starts one")
        elif self._can_start():
            self.begin(Training.resume(recording, self.flagsae.data))

    def action_follow(self) -> None:
        if training := self._live_run():
            training.following = not training.following
            if training.following:
                self.steps_read = -1  # has the run read again, and shown in place of another
            self._show_words()

    def action_log(self) -> None:
        self.toggle_class("-logged")
        self.call_after_refresh(self._show_log)

    def action_scale(self) -> None:
        """Gives early epochs more room in the curves, or all the same."""
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
        """In a thread: the finished model of a run that kept no steps."""
        collection = self.flagsae.collection
        workspace = Workspace.of(collection, recording.name)
        _ = workspace.codes  # computed on first access
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
        """Shows the step nearest to the mouse: one of the kept ones, or the live model."""
        app, training = self.flagsae, self.training
        epochs = np.array(app.epochs, np.float64)
        if training is not None and training.alive:
            epochs = np.append(epochs, training.epoch)
        if not len(epochs):
            return
        # Measured on the scale that the curves have.
        distance = np.abs(np.log1p(epochs) - np.log1p(event.x)) if self.early else np.abs(epochs - event.x)
        step = int(distance.argmin())
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


def set_title(widget: Widget, title: str) -> None:
    """Sets a title only if it differs: a new one makes Textual draw the whole widget."""
    words = plain(title)
    if widget.border_title != words.markup:
        widget.border_title = words


def change_tiles(gallery: Gallery, tiles: Sequence[Tile]) -> None:
    """Replaces the tiles of a gallery; if their number is the same, only those that differ are drawn."""
    if len(gallery.tiles) != len(tiles):
        gallery.show(tiles)
        return
    for place, (old, new) in enumerate(zip(gallery.tiles, tiles, strict=True)):
        same = (old.key, old.title, old.faint) == (new.key, new.title, new.faint)
        if not same or not (old.picture is new.picture or np.array_equal(old.picture, new.picture)):
            gallery.change(place, new)


def named(workspace: Workspace, feature: int, before: Tile | None) -> Tile:
    """An atom of a model of designs with its name, if it has one that can be trusted, or else its number.

    before: its tile at another step, which stays until the atom is drawn.
    """
    drawn = workspace.thumbnail(feature)
    if drawn is None and before is not None:
        return before
    picture = drawn[0] if drawn is not None else blank(workspace.dataset.size)
    label = workspace.cards[feature].label if workspace.labelled else None
    if label is None or not label.trusted:
        return Tile(feature, picture, f"f{feature}", faint=True)
    return Tile(feature, picture, label.words)


def progress_line(training: Training) -> str:
    """How a live run is going, in a line."""
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
    """How a run has ended, in a line."""
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
