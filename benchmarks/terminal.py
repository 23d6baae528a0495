"""How fast the terminal application answers: `python benchmarks/terminal.py [PART ...]`, each with what it may take.

The application runs on a terminal of its own, and is measured from outside: from a key to what it writes.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

PATIENCE = 60.0  # seconds
PAUSE = 0.02  # seconds without a byte between two updates of the screen
BEAT = 0.033  # seconds between two beats of the timer that is watched


@dataclass(frozen=True)
class Measure:
    """limit: what the value may be at most; None where it is only told."""

    name: str
    value: float
    unit: str
    limit: float | None = None


class Terminal:
    """A program on a terminal, and all that it writes."""

    def __init__(self, command: list[str], columns: int, rows: int, environment: dict[str, str]) -> None:
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ)
        os.close(theirs)
        self.seen = b""  # since the last key

    def read(self, seconds: float = 0.005) -> int:
        """Bytes that have come within so many seconds at most."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return 0
        try:
            data = os.read(self.ours, 1 << 20)
        except OSError:  # it has ended
            return 0
        self.seen += data
        return len(data)

    def press(self, key: str) -> float:
        """When."""
        self.seen = b""
        os.write(self.ours, key.encode())
        return time.perf_counter()

    def wait_for(self, text: str, holds: Callable[[], bool] = lambda: True) -> float:
        """When it was written."""
        end = time.perf_counter() + PATIENCE
        while text.encode() not in self.seen or not holds():
            if time.perf_counter() > end or self.process.poll() is not None:
                raise SystemExit(f"never written: {text!r}; the last was {self.seen[-300:]!r}")
            self.read()
        return time.perf_counter()

    def watch(self, seconds: float) -> Iterator[tuple[float, int]]:
        """(when, bytes) of what is written meanwhile."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if count := self.read():
                yield time.perf_counter(), count


@contextmanager
def application(columns: int, rows: int, *options: str) -> Iterator[tuple[Terminal, Path]]:
    """The application on a terminal, and the file in which it will have written the beats of its timer."""
    with tempfile.TemporaryDirectory() as folder:
        beats = Path(folder) / "beats.json"
        command = [sys.executable, __file__, "--application", str(beats), *options]
        terminal = Terminal(command, columns, rows, {"FLAGSAE_HOME": folder})
        try:
            yield terminal, beats
        finally:
            terminal.process.kill()
            terminal.process.wait()
            os.close(terminal.ours)


def run_application(beats: str, screen: str) -> int:
    """In the terminal: the application with a timer that writes down how long it takes from beat to beat."""
    from flagsae.tui import terminal

    marks: list[tuple[float, str]] = []

    def make() -> object:
        from flagsae.tui.app import FlagsaeApp

        class Watched(FlagsaeApp):
            CSS_PATH = str(Path(sys.modules[FlagsaeApp.__module__].__file__ or "").with_name("app.tcss"))

            def on_mount(self) -> None:
                self.set_interval(BEAT, self.beat)

            def beat(self) -> None:
                marks.append((time.perf_counter(), self.training.status if self.training else ""))

        return Watched(screen=screen, model="crisp")

    code = terminal.run(make, "truecolor")  # type: ignore[arg-type]
    Path(beats).write_text(json.dumps(marks))
    return code


def training() -> list[Measure]:
    """A run of `crisp` that is followed, at 120 x 40."""
    with application(120, 40, "train") as (terminal, beats):
        terminal.wait_for("2000 epochs")
        for _ in terminal.watch(2):
            pass
        terminal.press("n")
        terminal.wait_for("Start training")
        started = terminal.press("\r")
        first = terminal.wait_for("epochs/s") - started
        for _ in terminal.watch(2):  # the whole screen is drawn anew
            pass
        following = time.perf_counter()
        written = list(terminal.watch(8))
        pressing = time.perf_counter()
        keys = []
        for _ in range(5):
            for text in (" log ", "made of"):  # the log comes, and goes again
                pressed = terminal.press("y")
                keys.append(terminal.wait_for(text) - pressed)
                for _ in terminal.watch(0.3):
                    pass
        pressed = terminal.press(" ")
        paused = terminal.wait_for("is paused at") - pressed
        pressed = terminal.press(" ")
        going = terminal.wait_for("epochs/s") - pressed
        terminal.press("q")
        terminal.wait_for("still training")
        pressed = terminal.press("s")
        while terminal.process.poll() is None:
            terminal.read()
        left = time.perf_counter() - pressed
        marks = json.loads(beats.read_text())
    ticks: list[int] = []
    last = 0.0
    for when, count in written:
        if when - last < PAUSE:
            ticks[-1] += count
        else:
            ticks.append(count)
        last = when
    gaps = [(before[0], after[0] - before[0], before[1]) for before, after in pairwise(marks)]
    beat = sorted(gap for when, gap, _ in gaps if following < when < pressing)
    pressed_beat = sorted(gap for when, gap, status in gaps if when > pressing and status == "running")
    loading = [gap for _, gap, status in gaps if status == "starting"]
    return [
        Measure("training: 33 ms timer, median", 1000 * median(beat), "ms"),
        Measure("training: 33 ms timer, 95 of 100", 1000 * beat[int(len(beat) * 0.95)], "ms", 60),
        Measure("training: the same while panes come and go", 1000 * pressed_beat[int(len(pressed_beat) * 0.95)], "ms"),
        Measure("training: 33 ms timer, longest while torch loads", 1000 * max(loading), "ms"),
        Measure("training: from enter to the first epoch seen", first, "s"),
        Measure("training: key to repaint, median", 1000 * median(keys), "ms", 150),
        Measure("training: key to repaint, longest", 1000 * max(keys), "ms"),
        Measure("training: pause", 1000 * paused, "ms", 300),
        Measure("training: going on", 1000 * going, "ms", 300),
        Measure("training: quit", left, "s", 1.5),
        Measure("training: written at a tick, median", median(ticks) / 1000, "kB"),
        Measure("training: written at a tick, most", max(ticks) / 1000, "kB", 25),
    ]


MINIMAL = """
from textual.app import App
from textual.widgets import Footer, Header, Static
class Minimal(App):
    def compose(self):
        yield Header()
        yield Static("is here")
        yield Footer()
Minimal().run()
"""


def paint() -> list[Measure]:
    """From the command to what is seen, beside the least that an application of Textual's can be, in turn."""
    waits: dict[str, list[float]] = {"minimal": [], "first": [], "flag": [], "words": []}
    with tempfile.TemporaryDirectory() as folder:
        environment = {"FLAGSAE_HOME": folder}
        for _ in range(7):
            for command, seen in (
                (["-c", MINIMAL], {"minimal": "is here"}),
                (
                    ["-m", "flagsae", "tui", "--fresh", "--screen", "mix"],
                    {"first": "opening the flags", "flag": "Colombia", "words": "yellow star"},
                ),
            ):
                start = time.perf_counter()
                terminal = Terminal([sys.executable, *command], 120, 40, environment)
                for name, text in seen.items():
                    waits[name].append(terminal.wait_for(text) - start)
                terminal.process.kill()
                terminal.process.wait()
                os.close(terminal.ours)
    least = [first / minimal for first, minimal in zip(waits["first"], waits["minimal"], strict=True)]
    return [
        Measure("paint: a minimal application", median(waits["minimal"]), "s"),
        Measure("paint: first paint", median(waits["first"]), "s"),
        Measure("paint: first paint, as a ratio of the minimal one", median(least), "", 1.5),
        Measure("paint: first flags seen", median(waits["flag"]), "s"),
        Measure("paint: the sum drawn and described", median(waits["words"]), "s"),
    ]


def flags() -> list[Measure]:
    """What flags take in a terminal, at 102 x 34 cells."""
    from io import StringIO

    from rich.console import Console

    from flagsae.flags.dataset import load_dataset
    from flagsae.visual.resize import resized
    from flagsae.visual.terminal.blocks import half_blocks

    dataset = load_dataset()
    found = []
    for name, limit in (("france", 10.0), ("germany", 10.0), ("morocco", None), ("south-africa", None)):
        flag = dataset.find([name])
        out = StringIO()
        console = Console(file=out, force_terminal=True, color_system="truecolor", width=102, legacy_windows=False)
        console.print(half_blocks(resized(flag.flat(), 102, 34)))
        found.append(Measure(f"flags: {name}", len(out.getvalue().encode()) / 1000, "kB", limit))
    return found


KIND = "wedge"  # of cells, that the limits are for: what most terminals draw themselves


def cells() -> list[Measure]:
    """Flags in fitted cells, against half blocks and, where it is installed, chafa."""
    from drawn_cells import SIZES, table

    rows = list(table())
    for size, way, error, milliseconds, written in rows:
        print(f"cells: {size:<8}{way:<14}error {error:.3f}  {milliseconds:7.2f} ms  {written:7.0f} bytes")
    found = []
    for (columns, lines), most in zip(SIZES, (None, 0.60, 0.50), strict=True):
        size = f"{columns} x {lines}"
        ways = {way: values for name, way, *values in rows if name == size}
        theirs = min((values[0] for way, values in ways.items() if way.startswith("chafa")), default=None)
        error, milliseconds, written = ways[KIND]
        limits = [limit for limit in (most, theirs) if limit is not None]
        slowest = 5.0 if columns == 51 else None
        found += [
            Measure(f"cells: {size}, error against half blocks", error, "", min(limits, default=None)),
            Measure(f"cells: {size}, a flag", milliseconds, "ms", slowest),
            Measure(f"cells: {size}, bytes against half blocks", written / ways["half"][2], "", 1.5),
        ]
    return found


PARTS: dict[str, Callable[[], list[Measure]]] = {"paint": paint, "flags": flags, "cells": cells, "training": training}


def main() -> int:
    if "--application" in sys.argv[1:]:
        return run_application(*sys.argv[2:])
    missed = False
    for part in sys.argv[1:] or PARTS:
        for measure in PARTS[part]():
            over = measure.limit is not None and measure.value > measure.limit
            missed |= over
            limit = "" if measure.limit is None else f"{'OVER' if over else 'of'} {measure.limit:g} {measure.unit}"
            print(f"{measure.name:<56}{measure.value:>9.{1 if measure.unit else 3}f} {measure.unit:<3} {limit}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
