"""Runs visualizers in threads, so that one that fails or never ends does no harm: its trial says what went wrong.

This module does not depend on Textual.
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

CHECK = 0.1  # seconds between two reports of how long a visualizer has worked
MOST = 200_000  # segments of all frames together: about 5 MB, and 60 MB if no two are equal


@dataclass(frozen=True, eq=False)
class Trial:
    """What a visualizer has done with a scene."""

    name: str  # of the visualizer
    size: Size  # the columns and lines that it had
    drawn: Capture | None = None  # what it has drawn; None if it failed
    fault: str = ""  # what is wrong with it, in one line, or ""
    printed: str = ""  # what it printed, in one line; the log has all of it
    seconds: float = 0.0  # how long it has drawn; loading it is not counted
    summary: str = ""  # what it says of itself; "" if it cannot be loaded
    frames: Sequence[Lines] = ()  # one turn of its loop, if it moves
    pace: float = FRAME  # seconds that each frame is shown


class Trials:
    """Tries visualizers, each in a daemon thread of its own, so that one that never ends delays neither the next one
    nor the end of the application."""

    def __init__(self, colours: Colours | None, *, ascii_only: bool = False) -> None:
        """colours, ascii_only: as `capture` takes them."""
        self.colours, self.ascii_only = colours, ascii_only
        self._loaded: dict[str, Loaded] = {}  # by name
        self._threads: dict[str, Thread] = {}  # the newest of each visualizer, by name

    def run(self, plugin: Plugin, scene: Scene, size: Size, *, moving: bool = True) -> Iterator[Trial | float]:
        """Yields the trial of a visualizer, and if it moves, the same trial with its frames. Until they are there, it
        yields the seconds since the start, every `CHECK`.

        moving: whether frames are wanted.
        """
        found: SimpleQueue[Trial | None] = SimpleQueue()
        abandoned = Event()
        thread = Thread(
            target=self._work,
            args=(plugin, scene, size, moving, found, abandoned),
            name=f"visualizer {plugin.name}",
            daemon=True,
        )
        started = perf_counter()
        # The same visualizer may still be drawing an earlier scene or size: it is waited for, since two at once would
        # only make both slower.
        earlier = self._threads.get(plugin.name, thread)
        while earlier.is_alive():
            earlier.join(CHECK)
            if earlier.is_alive():
                yield perf_counter() - started
        self._threads[plugin.name] = thread
        thread.start()
        try:
            while True:
                try:
                    trial = found.get(timeout=CHECK)
                except Empty:
                    yield perf_counter() - started
                    continue
                if trial is None:
                    return
                yield trial
        finally:
            abandoned.set()

    def _work(
        self,
        plugin: Plugin,
        scene: Scene,
        size: Size,
        moving: bool,
        found: SimpleQueue[Trial | None],
        abandoned: Event,
    ) -> None:
        """Loads a visualizer and has it draw. Runs in a thread. Raises nothing: the traceback of an error is printed,
        and the trial says what went wrong.

        found: gets the trials, and None after the last; abandoned: is set when nobody waits for them any more.
        """
        trial = Trial(plugin.name, size)
        try:
            with printed_by_this_thread() as printed:
                if plugin.name not in self._loaded:
                    self._loaded[plugin.name] = plugin.load()
                loaded = self._loaded[plugin.name]
                trial = replace(trial, summary=loaded.summary)
                trial = self._draw(loaded, scene, trial)
            trial = replace(trial, printed=one_line("".join(printed)))
            found.put(trial)
            if moving and loaded.moves and not abandoned.is_set():
                found.put(self._with_frames(loaded.frames(scene, 2 * size.columns), trial, abandoned))
        except BaseException as error:  # also SystemExit of a visualizer; Ctrl-C is raised in the main thread only
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

    def _with_frames(self, pictures: Sequence[Picture], trial: Trial, abandoned: Event) -> Trial:
        """The trial with the pictures as frames: if all have more than `MOST` segments, only every second picture, or
        every fourth and so on, each shown for longer."""
        frames: list[Lines] = []
        alike: dict[Segment, Segment] = {}  # one object for equal segments: most are the same in all frames
        every, held = 1, 0  # take every so many pictures; segments in `frames`
        for number, picture in enumerate(pictures):
            if abandoned.is_set():
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


class ThreadCopy:
    """A stream that passes all text on, and keeps a copy of what one thread writes: the one that has made it."""

    def __init__(self, below: TextIO) -> None:
        self.below, self.copy, self._thread = below, list[str](), get_ident()

    def write(self, text: str) -> int:
        if get_ident() == self._thread:
            self.copy.append(text)
        return self.below.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self.below, name)


@contextmanager
def printed_by_this_thread() -> Iterator[list[str]]:
    """What this thread prints inside the `with`, in pieces. Several threads may do this at a time: each puts a stream
    on top of sys.stdout, and removes it at the end only if it is still the top one."""
    stream = ThreadCopy(sys.stdout)
    sys.stdout = stream
    try:
        yield stream.copy
    finally:
        if sys.stdout is stream:
            sys.stdout = stream.below


def summary(plugin: Plugin) -> str:
    """What a visualizer says of itself, or why it cannot be loaded."""
    try:
        return plugin.load().summary
    except BaseException as error:
        return _fault(plugin, error)


def _fault(plugin: Plugin, error: BaseException) -> str:
    """An exception as one line. Its traceback is printed to stderr, which is the log while the application runs."""
    known = isinstance(error, FlagsaeError)
    cause = error.__cause__ if known else error
    try:
        if cause is not None:
            traceback.print_exception(cause)
        return printable(" ".join(f"lab: {error if known else plugin.fault(f'raised {in_words(error)}')}".split()))
    except BaseException:  # the exception's own text may raise, too
        return f"lab: {plugin.fault(f'raised {type(error).__name__}')}"
