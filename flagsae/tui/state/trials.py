"""Visualizers behind an error boundary: whatever one does, there is a result, in words at worst.

Nothing here knows of the terminal.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Event, Thread, get_ident
from time import perf_counter
from typing import TextIO, TypeAlias

from rich.segment import Segment

from flagsae.errors import FlagsaeError
from flagsae.plugins.registry import Loaded, Plugin, in_words, one_line
from flagsae.printable import printable
from flagsae.visual import show
from flagsae.visual.capture import Capture, Colours, capture
from flagsae.visual.scene import FRAME, Picture, Scene, Size

Lines: TypeAlias = Sequence[Sequence[Segment]]

AWHILE = 0.1  # seconds between two looks at a visualizer that is at work
MOST = 200_000  # segments of all frames: some 5 MB, and 60 MB where no two are alike


@dataclass(frozen=True, eq=False)
class Trial:
    """drawn: what a visualizer has drawn, as far as it has; fault: what is wrong with it, or ""; printed: what it has
    printed, which is in the log; seconds: of its own work, without being loaded; summary: what it says of itself, ""
    where it cannot be loaded; frames: the turn of its loop where it moves, pace seconds each."""

    name: str
    size: Size
    drawn: Capture | None = None
    fault: str = ""
    printed: str = ""
    seconds: float = 0.0
    summary: str = ""
    frames: Sequence[Lines] = ()
    pace: float = FRAME


class Trials:
    """Tries visualizers, each in a thread of its own. One that never ends holds up nobody: not the next one, and not
    the end of the application, which other threads do."""

    def __init__(self, colours: Colours | None, *, ascii_only: bool = False) -> None:
        self.colours, self.ascii_only = colours, ascii_only
        self._loaded: dict[str, Loaded] = {}
        self._at_work: dict[str, Thread] = {}

    def run(self, plugin: Plugin, scene: Scene, size: Size, *, moving: bool = True) -> Iterator[Trial | float]:
        """The trial of a visualizer, and the same again with its frames where it moves; until these are there, every
        now and then the seconds for which it has worked. moving: whether frames are wanted."""
        found: SimpleQueue[Trial | None] = SimpleQueue()
        left = Event()
        thread = Thread(
            target=self._work,
            args=(plugin, scene, size, moving, found, left),
            name=f"visualizer {plugin.name}",
            daemon=True,
        )
        started = perf_counter()
        # It may still be at an earlier scene or size. Two of a kind at once would only be slower.
        earlier = self._at_work.get(plugin.name, thread)
        while earlier.is_alive():
            earlier.join(AWHILE)
            if earlier.is_alive():
                yield perf_counter() - started
        self._at_work[plugin.name] = thread
        thread.start()
        try:
            while True:
                try:
                    trial = found.get(timeout=AWHILE)
                except Empty:
                    yield perf_counter() - started
                    continue
                if trial is None:
                    return
                yield trial
        finally:
            left.set()

    def _work(
        self,
        plugin: Plugin,
        scene: Scene,
        size: Size,
        moving: bool,
        found: SimpleQueue[Trial | None],
        left: Event,
    ) -> None:
        """In a thread. Raises nothing: the traceback is printed, the trial says what happened.

        found: gets the trials, and None after the last; left: set when nobody waits for them any more.
        """
        trial = Trial(plugin.name, size)
        try:
            with overheard() as heard:
                if plugin.name not in self._loaded:
                    self._loaded[plugin.name] = plugin.load()
                loaded = self._loaded[plugin.name]
                trial = replace(trial, summary=loaded.summary)
                trial = self._draw(loaded, scene, trial)
            trial = replace(trial, printed=one_line("".join(heard)))
            found.put(trial)
            if moving and loaded.moves and not left.is_set():
                found.put(self._move(loaded.frames(scene, 2 * size.columns), trial, left))
        except BaseException as error:  # in a thread, no Ctrl-C is lost by this
            found.put(replace(trial, fault=_fault(plugin, error)))
        finally:
            found.put(None)

    def _draw(self, loaded: Loaded, scene: Scene, trial: Trial) -> Trial:
        started = perf_counter()
        drawn = loaded.capture(scene, trial.size, colours=self.colours, ascii_only=self.ascii_only)
        fault = ""
        if drawn.too_wide or drawn.too_high:
            side = "wider" if drawn.too_wide else "higher"
            cells = f"{trial.size.columns}×{trial.size.lines} cells"
            fault = f"lab: {trial.name} draws {side} than its {cells}: the rest is cut"
        return replace(trial, drawn=drawn, fault=fault, seconds=perf_counter() - started)

    def _move(self, pictures: Sequence[Picture], trial: Trial, left: Event) -> Trial:
        """With the pictures as frames: every second one, or fourth, at the same speed, where all would be too much."""
        frames: list[Lines] = []
        alike: dict[Segment, Segment] = {}  # equal ones are one: frames have most of theirs in common
        every, held = 1, 0
        for number, picture in enumerate(pictures):
            if left.is_set():
                break
            if number % every:
                continue
            drawn = capture(show(picture, trial.size), trial.size, colours=self.colours, ascii_only=self.ascii_only)
            frames.append([[alike.setdefault(segment, segment) for segment in line] for line in drawn.lines])
            held += sum(map(len, drawn.lines))
            if held > MOST:
                frames, every, held = frames[::2], 2 * every, held // 2
                alike.clear()
        return replace(trial, frames=frames, pace=every * FRAME)


class Overheard:
    """A stream that passes everything on, and keeps what the thread that has made it writes."""

    def __init__(self, below: TextIO) -> None:
        self.below, self.heard, self._thread = below, list[str](), get_ident()

    def write(self, text: str) -> int:
        if get_ident() == self._thread:
            self.heard.append(text)
        return self.below.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self.below, name)


@contextmanager
def overheard() -> Iterator[list[str]]:
    """What this thread prints meanwhile. Threads may begin and end in any order, and some never do."""
    stream = Overheard(sys.stdout)
    sys.stdout = stream
    try:
        yield stream.heard
    finally:
        if sys.stdout is stream:
            sys.stdout = stream.below


def summary(plugin: Plugin) -> str:
    """What a visualizer says of itself, or why it can't."""
    try:
        return plugin.load().summary
    except BaseException as error:
        return _fault(plugin, error)


def _fault(plugin: Plugin, error: BaseException) -> str:
    """An exception in a line; its traceback goes to stderr, which is the log while the application runs."""
    known = isinstance(error, FlagsaeError)
    cause = error.__cause__ if known else error
    try:
        if cause is not None:
            traceback.print_exception(cause)
        return printable(" ".join(f"lab: {error if known else plugin.fault(f'raised {in_words(error)}')}".split()))
    except BaseException:  # its own text may fail as well
        return f"lab: {plugin.fault(f'raised {type(error).__name__}')}"
