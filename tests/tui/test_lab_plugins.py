"""Installed visualizers in the Lab: listed by their names, run when they are chosen, and never trusted."""

from __future__ import annotations

import shlex
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packages import install
from test_lab_screen import choose, drawn, lab_of, stage
from user import opened, session, settled, until

from flagsae.plugins.registry import Plugin
from flagsae.tui.state import trials
from flagsae.tui.state.trials import Trial, Trials
from flagsae.tui.widgets.choices import Choices
from flagsae.visual.scene import FRAME, Scene, Size

REMOVE = f"to remove it: {shlex.quote(sys.executable)} -m pip uninstall"
FREE = threading.Event()  # ends what would never end

TOYS = """
import numpy as np

class Toy:
    summary = "Says hello."
    def render(self, scene, size):
        return "hello"

class Raising(Toy):
    def render(self, scene, size):
        return 1 / 0

class Number(Toy):
    def render(self, scene, size):
        return 3

class Loud(Toy):
    def render(self, scene, size):
        print("over the screen \\x1b[2J")
        return "quiet"

class Lights(Toy):
    summary = "Red, green and blue."
    def frames(self, scene, width):
        for light in range(3):
            frame = np.zeros((4, 6, 3), np.uint8)
            frame[..., light] = 255
            yield frame

class Torn(Toy):
    def frames(self, scene, width):
        yield np.zeros((4, 6, 3), np.uint8)
        raise OSError("no more film")
"""
GONE = "import sys\nsys.exit('not today')\n"
ENDLESS = "import test_lab_plugins\ntest_lab_plugins.FREE.wait(60)\nToy = object\n"


def entries(package: str, *visualizers: str) -> str:
    """Each under its class's name in small letters, or as in "twice=Toy"."""
    pairs = [(one.partition("=")[0].lower(), one.rpartition("=")[2]) for one in visualizers]
    return "\n".join(f"{name} = {package.replace('-', '_')}:{made}" for name, made in pairs)


@pytest.mark.long
def test_what_is_installed(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each fault is in its own pane, in a line that says how to be rid of it."""
    toys = ("Toy", "Raising", "Number", "Loud", "Torn", "blocks=Toy", "twice=Toy", "missing=Nobody")
    install(site, "flagsae-toys", TOYS, entries("flagsae-toys", *toys))
    install(site, "flagsae-more", TOYS, entries("flagsae-more", "twice=Toy"))
    install(site, "flagsae-gone", GONE, entries("flagsae-gone", "gone=Toy"))
    install(site, "flagsae-endless", ENDLESS, entries("flagsae-endless", "endless=Toy"))
    of = "(of flagsae-toys 0.1)"
    faults = {
        "raising": f"lab: raising {of} raised ZeroDivisionError: division by zero; {REMOVE} flagsae-toys",
        "number": f"lab: number {of} returned int, which Rich cannot draw; {REMOVE} flagsae-toys",
        "gone": f"lab: gone (of flagsae-gone 0.1) cannot be loaded: SystemExit: not today; {REMOVE} flagsae-gone",
        "twice": f"{REMOVE} flagsae-more",
        "missing": f"lab: missing {of} cannot be loaded: AttributeError: module 'flagsae_toys' has no attribute",
    }

    @session
    async def visit() -> None:
        async with opened("lab") as (app, pilot):
            screen = lab_of(app)
            listed = screen.query_one("#visualizers", Choices)
            assert {"toy", "gone", "twice"} < set(screen.visualizers)
            assert not screen.visualizers["blocks"].package and "▀" in drawn(app)  # nobody takes a built-in's name
            assert "from flagsae-toys 0.1" in str(listed.get_option("toy").prompt)
            assert not {"flagsae_toys", "flagsae_gone"} & set(sys.modules)  # nothing of them has run
            await choose(app, pilot, "toy")
            assert drawn(app).strip() == "hello" and "Says hello." in str(listed.get_option("toy").prompt)
            for name, fault in faults.items():
                await choose(app, pilot, name)
                assert fault in " ".join(drawn(app).split()), name
            await choose(app, pilot, "torn")  # what it has drawn stays
            told = " ".join(drawn(app).split())
            assert told.startswith("hello lab: torn") and "OSError: no more film" in told
            await choose(app, pilot, "loud")
            told = " ".join(drawn(app).split())
            assert told == r"quiet it printed 'over the screen \x1b[2J', which is in the log"
            listed.highlighted = listed.get_option_index("endless")
            await until(pilot, lambda: "drawing" in drawn(app))
            await choose(app, pilot, "letters")  # which need not wait for it
            assert "R red" in drawn(app)
            await pilot.press("1")
            await until(pilot, lambda: app.current_mode == "mix")
            await settled(app, pilot)

    FREE.clear()
    visit()
    FREE.set()
    for thread in threading.enumerate():
        if thread.name == "visualizer endless":
            thread.join()
    log = capfd.readouterr().err
    assert "return 1 / 0" in log and "sys.exit('not today')" in log  # the tracebacks


@pytest.mark.long
def test_one_that_moves(site: Path) -> None:
    """It is played in a loop where it is seen, until something else is wanted."""
    install(site, "flagsae-lights", TOYS, entries("flagsae-lights", "Lights"))

    @session
    async def visit() -> None:
        async with opened("lab") as (app, pilot):
            pane = stage(app)
            await choose(app, pilot, "lights")
            seen = set()
            for frame in (1, 2, 0, 1):
                await until(pilot, lambda frame=frame: pane.frame == frame)  # type: ignore[misc]
                seen.add(str(pane.lines[0][0].style))
            assert seen == {"on #ff0000", "on #00ff00", "on #0000ff"}
            await pilot.press("space")
            before = pane.frame
            pane.rest = 0.0
            pane._next()
            assert pane.frame == before
            await pilot.press("space")
            await until(pilot, lambda: pane.frame != before)
            await pilot.press("1")
            await until(pilot, lambda: app.current_mode == "mix")
            before = pane.frame
            pane.rest = 0.0
            pane._next()
            assert pane.frame == before  # nobody sees it
            await pilot.press("6")
            await until(pilot, lambda: pane.frame != before)
            for stop in ("v", "n"):  # another scene, another visualizer
                assert pane.timer is not None
                old = pane.timer
                await pilot.press(stop)
                await until(pilot, lambda old=old: pane.timer is not old)  # type: ignore[misc]
                await settled(app, pilot)
            assert pane.timer is None and lab_of(app).chosen == "blocks" and "▀" in drawn(app)
            app.animation_level = "none"
            await choose(app, pilot, "lights")
            assert pane.timer is None and drawn(app).strip() == "hello"

    visit()


class Noise:
    summary = "Noise."

    def render(self, scene: Scene, size: Size) -> Any:
        return "noise"

    def frames(self, scene: Scene, width: int) -> Any:
        random = np.random.default_rng(1)
        for _ in range(20):
            yield random.integers(0, 256, (8, 8, 3), np.uint8)


def test_a_long_loop_keeps_its_speed_and_loses_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """8 x 4 cells of noise are 32 segments a frame."""
    monkeypatch.setattr(trials, "MOST", 10 * 32)
    plugin = Plugin("noise", f"{__name__}:Noise")
    *_, still, moving = Trials("truecolor").run(plugin, Scene("dark"), Size(8, 4))
    assert isinstance(still, Trial) and still.drawn is not None and not still.frames
    assert isinstance(moving, Trial) and len(moving.frames) == 10 and moving.pace == 2 * FRAME
