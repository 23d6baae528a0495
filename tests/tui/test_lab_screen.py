"""The Lab: one scene, many visualizers, and none that can break the application."""

from __future__ import annotations

import math
import sys
import threading
from typing import Any

import pytest
from rich.panel import Panel
from rich.text import Text
from textual.pilot import Pilot
from textual.widgets import Static
from user import opened, session, settled, until

from flagsae.plugins.registry import BUILTIN
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.screens import lab
from flagsae.tui.screens.lab import LabScreen
from flagsae.tui.widgets.choices import Choices
from flagsae.tui.widgets.stage import Stage
from flagsae.visual.scene import Scene, Size


class Sound:
    summary = "Says what it was given."

    def render(self, scene: Scene, size: Size) -> Any:
        return f"{scene.title} in {size.columns} x {size.lines}"


class Raising(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return 1 / 0


class Leaving(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        sys.exit("that was it")


class Late(Sound):
    """Fails when it is drawn, not when it is asked."""

    def render(self, scene: Scene, size: Size) -> Any:
        return Panel(3)  # type: ignore[arg-type]


class Speechless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


class Mute(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        raise Speechless


class Number(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return 3


class Loud(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        print("over the screen \x1b[2J")
        return "quiet"


class Wide(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return Text("x" * 5000, no_wrap=True, overflow="ignore")


class High(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return Text("x\n" * 5000)


class Born(Sound):
    def __init__(self) -> None:
        raise OSError("no file")


class Endless(Sound):
    """Works until the test lets it go."""

    free = threading.Event()

    def render(self, scene: Scene, size: Size) -> Any:
        self.free.wait(60)
        return "done at last"


FAULTS = {
    "Raising": "lab: it raised ZeroDivisionError: division by zero",
    "Leaving": "lab: it raised SystemExit: that was it",
    "Late": "lab: it raised NotRenderableError: Unable to render 3",
    "Mute": "lab: it raised Speechless",
    "Number": "lab: it returned int, which Rich cannot draw",
    "Wide": "lab: it draws wider than its 74×36 cells: the rest is cut",
    "High": "lab: it draws higher than its 74×36 cells: the rest is cut",
    "Born": "lab: it cannot be loaded: OSError: no file",
    "Missing": "lab: it cannot be loaded: AttributeError: module 'test_lab_screen' has no attribute 'Missing'",
}


def lab_of(app: FlagsaeApp) -> LabScreen:
    assert isinstance(app.screen, LabScreen)
    return app.screen


def stage(app: FlagsaeApp) -> Stage:
    return lab_of(app).query_one("#stage", Stage)


def drawn(app: FlagsaeApp) -> str:
    """What is seen in the pane, notes and all."""
    pane = stage(app)
    return "\n".join(pane.render_line(line).text.rstrip() for line in range(pane.size.height))


async def choose(app: FlagsaeApp, pilot: Pilot[Any], name: str) -> None:
    names = lab_of(app).query_one("#visualizers", Choices)
    names.highlighted = names.get_option_index(name)
    await settled(app, pilot)


@pytest.mark.long
@session
async def test_a_visit() -> None:
    """Opens on the sum in blocks; n and the arrows go through the visualizers, v through the subjects."""
    async with opened("lab") as (app, pilot):
        screen = lab_of(app)
        assert (screen.chosen, screen.subject) == ("blocks", "sum")
        assert "▀" in drawn(app) and str(stage(app).border_title) == "blocks · Morocco + Colombia"
        assert str(stage(app).border_subtitle).startswith("74×36 · ")
        await pilot.press("n")
        await settled(app, pilot)
        assert "Morocco + Colombia" in drawn(app) and "green star" in drawn(app)
        await pilot.press("v", "down")
        await settled(app, pilot)
        assert (screen.chosen, screen.subject) == ("bars", "flag")
        strongest = int(app.workspace.strength[app.flag].argmax())
        assert f"f{strongest}" in drawn(app) and app.workspace.cards[strongest].label.words in drawn(app)
        await pilot.press("v", "N")
        await settled(app, pilot)
        assert (screen.chosen, screen.subject) == ("parents", "feature")
        assert app.workspace.label(app.feature) in drawn(app) and "It fires for" in drawn(app)
        await pilot.press("V", "V", "N", "N")
        await settled(app, pilot)
        assert (screen.chosen, screen.subject) == ("letters", "sum")
        assert "R red, Y yellow, G green, B blue" in drawn(app)
        await pilot.press("V")
        await until(pilot, lambda: screen.subject == "dictionary")
        await settled(app, pilot)
        assert f"{len(app.workspace.model)} features" in str(stage(app).border_title) and "R red" in drawn(app)
        assert screen.scene is not None and len(screen.scene.codes) == len(app.collection) + 1


@pytest.mark.long
@session
async def test_it_follows_what_the_application_looks_at() -> None:
    async with opened("lab") as (app, pilot):
        await pilot.press("v")
        await choose(app, pilot, "parents")
        app.choose(flag=app.collection.dataset.name_table()["japan"])
        await settled(app, pilot)
        assert "Japan" in drawn(app) and "rebuilt from" in drawn(app)
        await pilot.press("full_stop", "full_stop", "comma")
        await settled(app, pilot)
        assert app.collection.title(app.flag) == "Jersey" and "Jersey" in drawn(app)
        await pilot.press("v", "comma")
        await settled(app, pilot)
        assert f"f{app.feature}" in str(stage(app).border_title)
        app.choose(expression="chad + f17")
        await pilot.press("V", "V", "full_stop")
        await settled(app, pilot)
        assert "Chad + f17" in drawn(app)
        app.choose(expression="chad + marocco")
        await settled(app, pilot)
        assert "no scene of the sum: no flag named 'marocco'" in drawn(app)
        app.choose(expression="chad")
        await settled(app, pilot)
        before = drawn(app)
        assert "no scene" not in before and "Chad" in before
        await pilot.press("v", "n")  # the code of the chosen flag, then at an earlier step
        await settled(app, pilot)
        before = drawn(app)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: drawn(app) != before, "the code at an earlier step")
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_every_size_is_drawn_and_explained() -> None:
    """Each visualizer says what it shows: in the list where there is room, else below it."""
    async with opened("lab", size=(120, 40)) as (app, pilot):
        screen = lab_of(app)
        names, about = screen.query_one("#visualizers", Choices), screen.query_one("#lab-about", Static)
        for name in BUILTIN:
            assert screen.summaries[name] in " ".join(str(names.get_option(name).prompt).split())
        assert "Its code adds up theirs" in str(about.render())
        await pilot.resize_terminal(80, 24)
        await settled(app, pilot)
        assert screen.summaries["blocks"] in str(about.render()) and "Its code adds up theirs" in str(about.render())
        assert names.region.height == len(BUILTIN) + 2  # all of them are seen
        for size in ((60, 18), (40, 10), (200, 60), (61, 19)):
            await pilot.resize_terminal(*size)
            await settled(app, pilot)
        for _ in BUILTIN:
            await pilot.press("n")
            await settled(app, pilot)
            assert drawn(app).strip() and "lab:" not in drawn(app)
        pane = stage(app)
        pane.focus()
        await pilot.press("z")
        await settled(app, pilot)
        assert pane.size.width > 50 and str(pane.border_subtitle).startswith(f"{pane.size.width}×{pane.size.height} · ")


@pytest.mark.long
def test_a_visualizer_may_do_anything(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    for name in (*FAULTS, "Loud", "Sound"):
        monkeypatch.setitem(BUILTIN, "it" if name == "Raising" else name, f"{__name__}:{name}")

    @session
    async def visit() -> None:
        async with opened("lab") as (app, pilot):
            for name, fault in FAULTS.items():
                await choose(app, pilot, "it" if name == "Raising" else name)
                told = " ".join(drawn(app).split())
                assert fault.replace("it ", f"{'it' if name == 'Raising' else name} ", 1) in told, name
            assert "x" * 74 in drawn(app) or "Missing" in drawn(app)
            await choose(app, pilot, "Loud")
            told = " ".join(drawn(app).split())
            assert told == r"quiet it printed 'over the screen \x1b[2J', which is in the log"
            await choose(app, pilot, "Sound")
            assert drawn(app).strip() == "Morocco + Colombia in 74 x 36"
            await pilot.press("1")
            await until(pilot, lambda: app.current_mode == "mix")
            await settled(app, pilot)

    visit()
    log = capfd.readouterr().err
    assert "return 1 / 0" in log and "ZeroDivisionError" in log  # the traceback
    assert "no file" in log


@pytest.mark.long
def test_one_that_never_ends_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BUILTIN, "endless", f"{__name__}:Endless")
    monkeypatch.setattr(lab, "LONG", math.inf)
    Endless.free.clear()

    @session
    async def visit() -> None:
        async with opened("lab") as (app, pilot):
            screen = lab_of(app)
            names = screen.query_one("#visualizers", Choices)
            names.highlighted = names.get_option_index("endless")
            await until(pilot, lambda: "drawing …" in drawn(app))
            monkeypatch.setattr(lab, "LONG", 0.0)
            await until(pilot, lambda: "still drawing: choose another to leave it" in drawn(app))
            await pilot.press("v")  # another scene does not start it twice
            await until(pilot, lambda: screen.scene is not None and screen.scene.title == "Morocco")
            assert sum(thread.name == "visualizer endless" for thread in threading.enumerate()) == 1
            await choose(app, pilot, "letters")
            assert "R red, G green" in drawn(app)
            names.highlighted = names.get_option_index("endless")
            await until(pilot, lambda: "still drawing" in drawn(app))
            # The application ends while it is at work: `opened` would wait for ever.

    visit()
    assert any(thread.name == "visualizer endless" for thread in threading.enumerate())
    Endless.free.set()


def test_without_colour_and_without_braille(monkeypatch: pytest.MonkeyPatch) -> None:
    @session
    async def visit() -> None:
        async with opened("lab", depth="none", charset="ascii") as (app, pilot):
            assert set(drawn(app)) <= set("RBYG \n")
            for _ in range(2):  # the second before the first is heard of
                lab_of(app).action_visualizer(1)
            await settled(app, pilot)
            assert "####" in drawn(app) and "█" not in drawn(app)
            marked = [str(one.prompt) for one in lab_of(app).query_one("#visualizers", Choices).options]
            assert [text.startswith("▸") for text in marked].index(True) == list(BUILTIN).index("bars")

    visit()
