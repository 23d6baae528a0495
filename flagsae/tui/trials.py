"""Visualizers behind an error boundary: whatever one does, there is a result, in words at worst.

Nothing here knows of the terminal.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from time import perf_counter

from rich.protocol import is_renderable

from flagsae.visual.capture import Capture, Colours, capture, printable
from flagsae.visual.scene import Scene, Size, Visualizer

AWHILE = 0.1  # seconds between two looks at a visualizer that is at work
LONGEST = 300  # letters of what went wrong


@dataclass(frozen=True, eq=False)
class Trial:
    """drawn: what a visualizer has drawn, as far as it has; fault: what is wrong with it, or ""; seconds: of its own
    work, without being loaded."""

    name: str
    size: Size
    drawn: Capture | None
    fault: str = ""
    seconds: float = 0.0


class Trials:
    """Tries visualizers, each in a thread of its own. One that never ends holds up nobody: not the next one, and not
    the end of the application, which other threads do."""

    def __init__(self, colours: Colours | None, *, ascii_only: bool = False) -> None:
        self.colours, self.ascii_only = colours, ascii_only
        self._at_work: dict[str, Thread] = {}

    def run(self, name: str, load: Callable[[], Visualizer], scene: Scene, size: Size) -> Iterator[Trial | float]:
        """The trial of a visualizer; until it is there, every now and then the seconds for which it has worked."""
        found: list[Trial] = []

        def work() -> None:
            found.append(attempt(name, load, scene, size, colours=self.colours, ascii_only=self.ascii_only))

        started = perf_counter()
        # It may still be at an earlier scene or size. Two of a kind at once would only be slower.
        threads = [Thread(target=work, name=f"visualizer {name}", daemon=True)]
        if name in self._at_work:
            threads.insert(0, self._at_work[name])
        for thread in threads:
            if thread is threads[-1]:
                self._at_work[name] = thread
                thread.start()
            thread.join(AWHILE)
            while thread.is_alive():
                yield perf_counter() - started
                thread.join(AWHILE)
        yield found[0]


def attempt(
    name: str,
    load: Callable[[], Visualizer],
    scene: Scene,
    size: Size,
    *,
    colours: Colours | None,
    ascii_only: bool = False,
) -> Trial:
    """Loads a visualizer and has it draw. Raises nothing: the traceback is printed, the trial says what happened."""
    try:
        visualizer = load()
    except BaseException as error:  # in a thread, no Ctrl-C is lost by this
        return Trial(name, size, None, _fault(name, "cannot be loaded:", error))
    started = perf_counter()
    try:
        made = visualizer.render(scene, size)
        if not is_renderable(made):
            return Trial(name, size, None, f"lab: {name} returned {type(made).__name__}, which Rich cannot draw")
        drawn = capture(made, size, colours=colours, ascii_only=ascii_only)
    except BaseException as error:
        return Trial(name, size, None, _fault(name, "raised", error), perf_counter() - started)
    fault = ""
    if drawn.too_wide or drawn.too_high:
        side = "wider" if drawn.too_wide else "higher"
        fault = f"lab: {name} draws {side} than its {size.columns}×{size.lines} cells: the rest is cut"
    return Trial(name, size, drawn, fault, perf_counter() - started)


def summary(name: str, load: Callable[[], Visualizer]) -> str:
    """What a visualizer says of itself, or why it can't."""
    try:
        said = load().summary
        return printable(" ".join(said.split()))
    except BaseException as error:
        return _fault(name, "cannot be loaded:", error)


def _fault(name: str, what: str, error: BaseException) -> str:
    """An exception in a line; its traceback goes to stderr, which is the log while the application runs."""
    try:
        traceback.print_exception(error)
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
    except Exception:  # its own text may fail as well
        reason = type(error).__name__
    line = printable(" ".join(f"lab: {name} {what} {reason}".split()))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
