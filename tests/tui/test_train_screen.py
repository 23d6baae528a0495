"""Training in the application: curves and flags of any step, live ones, and what a user does to a run."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, Log, Static
from toys import toy_file, toy_ready, toy_run
from user import opened, session, settled, shipped, typed, until

from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.sae.runs import free_folder, recorded
from flagsae.training.config import make_config
from flagsae.training.start import NO_TORCH
from flagsae.tui import child
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.overlays.leave import Leave
from flagsae.tui.overlays.new_run import NewRun
from flagsae.tui.overlays.runs import Runs
from flagsae.tui.screens.train import TrainScreen
from flagsae.tui.state.training import Training
from flagsae.tui.widgets.chart import Chart, shared
from flagsae.tui.widgets.gallery import Gallery
from flagsae.workspace.workspace import Workspace


def train_of(app: FlagsaeApp) -> TrainScreen:
    assert isinstance(app.screen, TrainScreen)
    return app.screen


def chart_of(app: FlagsaeApp) -> Chart:
    return train_of(app).query_one(Chart)


def text_of(app: FlagsaeApp, name: str) -> str:
    return str(train_of(app).query_one(name, Static).render())


def lines_of(chart: Chart) -> list[str]:
    return [strip.text for strip in chart._lines]


def run_of(app: FlagsaeApp) -> Training:
    assert app.training is not None
    return app.training


@asynccontextmanager
async def training(toy: Dataset, epochs: int = 2000) -> AsyncIterator[tuple[FlagsaeApp, Pilot[Any], Training]]:
    """A run on the six flags that goes on, by default for longer than anyone waits, and is followed."""
    async with opened("train", ready=toy_ready(toy), data=toy_file(toy)) as (app, pilot):
        config = make_config("crisp", epochs=epochs, features=4, active=2)
        train_of(app).begin(Training(toy, free_folder("crisp"), config, data=app.data))
        await until(pilot, lambda: app.training is not None and app.training.epoch > 0)
        await until(pilot, lambda: app.recording.folder == run_of(app).folder)
        yield app, pilot, run_of(app)
    assert run_of(app).wait(60)  # nothing trains on


@pytest.fixture
def trained_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has runs start with something the matter: see trainer.py."""
    trainer = str(Path(__file__).with_name("trainer.py"))
    return lambda what: monkeypatch.setattr(child, "command", lambda *words: [sys.executable, trainer, what, *words])


@pytest.fixture
def slow(trained_by: Callable[[str], None]) -> None:
    trained_by("slow")


# A recorded run.


@pytest.mark.long
@session
async def test_it_opens_on_the_run_of_the_model_in_use() -> None:
    async with opened("train", ready=shipped("crisp")) as (app, _):
        lines = lines_of(chart_of(app))
        for name in ("loss .05", "FVU   ● train .0424", "L0 8", "dead 0"):
            assert any(name in line for line in lines), name
        assert sum(any(letter > "⠀" for letter in line) for line in lines) > 20
        assert lines[-2].count("•") + lines[-2].count("◆") == len(app.epochs) == 3
        for fact in ("crisp: crisp", "K 192", "L0 8", "2000 epochs", "cpu", "flags it has seen"):
            assert fact in text_of(app, "#train-facts").replace("\n", " "), fact
        flags = train_of(app).query_one("#train-flags", Gallery)
        assert [tile.title for tile in flags.tiles[:3]] == [
            "Morocco",
            ".1 % off".replace(".1", "0.1"),
            "United Kingdom",
        ]
        assert len(flags.tiles) == 12 and flags.border_title == "after 2000 epochs"
        assert train_of(app).query_one("#train-atoms", Gallery).tiles


@pytest.mark.long
@session
async def test_atoms_of_designs_sharpen_into_words() -> None:
    """All features at their places, each with the picture and the name that it has at the step."""
    async with opened("train") as (app, pilot):
        atoms, last = train_of(app).query_one("#train-atoms", Gallery), app.workspace
        assert "path" not in text_of(app, "#train-facts") and "shipped: design" in text_of(app, "#train-facts")

        def shown() -> bool:
            workspace = app.workspace
            return workspace.labelled and len(atoms.tiles) == len(workspace.model) and all(
                tile.picture is workspace.thumbnails([tile.key])[0][0]
                and (tile.title, tile.faint) == name_of(workspace, tile.key)
                for tile in atoms.tiles
            )  # fmt: skip

        await settled(app, pilot)
        assert shown() and atoms.marked == set(np.flatnonzero(app.workspace.strength[app.flag]).tolist())
        names = sum(not tile.faint for tile in atoms.tiles)
        assert atoms.border_title == f"{len(atoms.tiles)} features, {names} with a name"
        await pilot.press("home")
        await until(pilot, lambda: app.workspace is not last)
        await settled(app, pilot)
        assert app.epochs[app.step] == 0 and shown()
        assert sum(not tile.faint for tile in atoms.tiles) < names


def name_of(workspace: Workspace, feature: int) -> tuple[str, bool]:
    label = workspace.cards[feature].label
    return (label.words, False) if label.trusted else (f"f{feature}", True)


@pytest.mark.long
@session
async def test_steps_are_scrubbed_and_other_screens_follow(toy: Dataset) -> None:
    async with opened("train", ready=toy_ready(toy)) as (app, pilot):
        chart, last = chart_of(app), app.workspace
        assert chart.crosshair == 20 and app.epochs == (0, 1, 2, 5, 10, 20)
        await pilot.press("left", "left")
        await until(pilot, lambda: app.workspace.model.info.epochs_done == 5)
        await settled(app, pilot)
        assert chart.crosshair == chart.steps.current == 5 and "5" in lines_of(chart)[-1].split()
        flags = train_of(app).query_one("#train-flags", Gallery)
        await until(pilot, lambda: flags.border_title == "after 5 epochs")
        rebuilt = app.workspace.rebuilt(flags.tiles[1].key)
        assert np.array_equal(flags.tiles[1].picture, rebuilt) and app.workspace is not last
        await pilot.press("home")
        await until(pilot, lambda: chart.crosshair == 0 and app.workspace.model.info.epochs_done == 0)
        await pilot.press("2", "right_square_bracket")
        await until(pilot, lambda: app.workspace.model.info.epochs_done == 1)
        await pilot.press("5")
        await settled(app, pilot)
        assert chart.crosshair == 1 and flags.border_title == "after 1 epoch"
        await pilot.press("end")
        await until(pilot, lambda: chart.crosshair == 20)


@pytest.mark.long
@session
async def test_the_mouse_reads_values_and_a_click_goes_to_a_step() -> None:
    async with opened("train", ready=shipped("crisp")) as (app, pilot):
        chart = chart_of(app)
        assert chart._lowest is not None
        column = chart._lowest.column_of(60) or 0
        before = lines_of(chart)
        await pilot.hover(Chart, offset=(column + 2, 8))  # beside frame and padding
        await until(pilot, lambda: chart.hovered is not None)
        assert (
            chart.hovered == pytest.approx(60, rel=0.2) and lines_of(chart) != before and app.epochs[app.step] == 2000
        )
        await pilot.mouse_down(Chart, offset=(column + 2, 8))
        await until(pilot, lambda: app.epochs[app.step] == 100 == chart.crosshair)  # the nearest that was kept
        far = (chart._lowest.column_of(1800) or 0) + 2, 8
        await pilot.hover(Chart, offset=far)  # dragged
        await until(pilot, lambda: app.epochs[app.step] == 2000)
        await pilot.mouse_up(Chart, offset=far)
        await pilot.hover("#train-facts")
        await until(pilot, lambda: chart.crosshair == 2000)


@pytest.mark.long
@session
async def test_another_run_is_opened_from_the_list(toy: Dataset) -> None:
    toy_run(toy, "second", epochs=30)
    async with opened("train", ready=toy_ready(toy)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, Runs) and len(app.screen.found) == 2)
        await pilot.press("down" if app.screen.found[0].name == "first" else "up", "enter")  # type: ignore[attr-defined]
        await until(pilot, lambda: app.recording.name == "second" and app.workspace.model.info.epochs_done == 30)
        await settled(app, pilot)
        assert app.epochs[app.step] == 30 == chart_of(app).crosshair and app.model_name == "second"
        assert text_of(app, "#train-facts").startswith("second: crisp") and "curves of second" in str(
            chart_of(app).border_title
        )


@session
async def test_the_log_is_shown_and_hidden() -> None:
    async with opened("train", ready=shipped("crisp")) as (app, pilot):
        log = train_of(app).query_one(Log)
        assert not log.display
        await pilot.press("y")
        await until(pilot, lambda: log.display and log.line_count == 21)
        assert log.lines[0].split() == ["epoch", "loss", "train", "validation", "test", "L0", "dead", "seconds"]
        assert log.lines[2].split()[:3] == ["100", ".15", ".134"]
        await pilot.press("y")
        await until(pilot, lambda: not log.display)


@pytest.mark.long
@session
async def test_a_round_trip_loses_nothing(toy: Dataset) -> None:
    async with opened("train", (80, 24), ready=toy_ready(toy)) as (app, pilot):
        flags = train_of(app).query_one("#train-flags", Gallery)
        await pilot.press("x", "y", "tab", "down", "down")
        await until(pilot, lambda: flags.scroll_offset.y > 0)
        before = flags.cursor, flags.scroll_offset, app.flag, app.screen.focused
        await pilot.press("2")
        await until(pilot, lambda: app.current_mode == "flags")
        await pilot.press("5")
        await settled(app, pilot)
        assert (flags.cursor, flags.scroll_offset, app.flag, app.screen.focused) == before
        assert train_of(app).query_one(Log).display and not chart_of(app).steps.early


# A run that goes on.


@pytest.mark.long
@session
async def test_a_form_says_what_is_wrong_and_loses_nothing(toy: Dataset) -> None:
    async with opened("train", ready=toy_ready(toy, "crisp")) as (app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NewRun))
        form = app.screen
        values = {name: form.query_one(f"#new-{name}", Input) for name in ("epochs", "features", "active", "name")}
        assert [values[name].value for name in ("epochs", "features", "active")] == ["2000", "192", "8"]
        assert values["name"].placeholder == "crisp-2"
        options = {name: form.query_one(f"#new-{name}", Input) for name in ("further", "ridge")}
        assert [field.disabled for field in options.values()] == [True, False]  # of the preset that it is on
        await pilot.press("left")
        await until(pilot, lambda: not options["further"].disabled and values["epochs"].value != "2000")
        options["further"].value = ".2"
        assert isinstance(form, NewRun) and form.config().preset == "design" and form.config().further == 0.2
        options["further"].value = "."
        with pytest.raises(UsageError, match=r"further is a number: 0\.5 is usual"):
            form.config()
        await pilot.press("right")
        await until(pilot, lambda: options["further"].disabled)
        await pilot.press("right")  # another preset
        await until(pilot, lambda: [values[name].value for name in ("epochs", "features")] == ["1000", "64"])
        assert values["active"].disabled
        await pilot.press("left", "down")
        await typed(pilot, "0")
        await pilot.press("down", "enter")
        words = form.query_one("#new-words", Static)
        await until(pilot, lambda: str(words.render()) == "epochs is at least 1, not 0")
        await until(pilot, lambda: form.focused is values["epochs"])
        await typed(pilot, "x7")  # letters are no numbers
        values["epochs"].post_message(Paste("9" * 5000))  # more digits than Python reads a number from
        await pilot.pause()
        values["name"].focus()
        await typed(pilot, "crisp")
        await pilot.press("enter")
        await until(pilot, lambda: "'crisp-2' is free" in str(words.render()))
        assert app.screen is form and (values["epochs"].value, app.training) == ("7", None)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TrainScreen))


@pytest.mark.long
@session
async def test_a_run_is_trained_and_becomes_the_model(toy: Dataset) -> None:
    async with opened("train", ready=toy_ready(toy), data=toy_file(toy)) as (app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NewRun))
        for text in ("60", "4", "2"):
            await pilot.press("down", *text)
        await pilot.press("enter")
        await until(pilot, lambda: text_of(app, "#train-words").startswith("crisp is trained: 60 epochs in"))
        await settled(app, pilot)
        assert " · dead " in text_of(app, "#train-words")
        assert (app.recording.name, app.recording.done, app.model_name) == ("crisp", 60, "crisp")
        assert app.epochs[app.step] == 60 == chart_of(app).crosshair and app.workspace.model.info.epochs_done == 60
        assert "training" not in " ".join(app.facts()) and not app.recording.stopped
        await pilot.press("y")
        log = train_of(app).query_one(Log)
        await until(pilot, lambda: "crisp is trained" in "".join(log.lines))


@pytest.mark.long
@session
async def test_a_run_is_followed_scrubbed_and_followed_again(toy: Dataset, slow: None) -> None:
    async with training(toy) as (app, pilot, run):
        assert app.facts()[0] == "training crisp" and app.facts()[1].endswith("epochs/s")
        await until(pilot, lambda: (run.shown or 0) > 20)
        shown, workspace = run.shown, app.workspace
        await until(pilot, lambda: run.shown != shown and app.workspace is not workspace)  # the model as it learns
        assert f"epoch {run.shown}/" in " ".join(app.facts())
        await pilot.press("2")
        await until(pilot, lambda: app.current_mode == "flags")
        workspace = app.workspace
        await until(pilot, lambda: app.workspace is not workspace)  # also there
        await pilot.press("5", "home")
        await until(pilot, lambda: not run.following and app.epochs[app.step] == 0 == chart_of(app).crosshair)
        assert "step 0/2000" in app.facts() and "of 2000" in text_of(app, "#train-words")
        workspace, kept = app.workspace, len(app.epochs)
        await until(pilot, lambda: len(app.epochs) > kept)  # it trains on, and new steps can be looked at
        assert (
            app.workspace is workspace and chart_of(app).crosshair == 0 and "f follows" in text_of(app, "#train-words")
        )
        await pilot.press("f")
        await until(
            pilot, lambda: run.following and app.workspace is not workspace and (chart_of(app).crosshair or 0) > 20
        )
        await pilot.press("left_square_bracket")  # from the live model to the last that was kept
        await until(pilot, lambda: not run.following and app.workspace.model.info.epochs_done == app.epochs[app.step])
        assert app.step >= kept - 1
        await pilot.press("end")
        await until(pilot, lambda: run.following)


@pytest.mark.long
@session
async def test_it_pauses_goes_on_stops_is_resumed_and_asks_before_it_is_left(toy: Dataset, slow: None) -> None:
    async with training(toy) as (app, pilot, run):
        await pilot.press("space")
        await until(pilot, lambda: run.status == "paused" and "paused at epoch" in text_of(app, "#train-words"))
        assert app.facts()[0] == "paused crisp"
        epoch = run.epoch
        await pilot.press("n")  # one run at a time
        assert isinstance(app.screen, TrainScreen) and run.epoch == epoch
        await pilot.press("space")
        await until(pilot, lambda: run.epoch > epoch)
        await pilot.press("s")
        await until(pilot, lambda: "saved: r resumes it" in text_of(app, "#train-words"))
        assert "flagsae train --resume --name crisp" in text_of(app, "#train-words")
        assert app.recording.stopped and app.recording.done == run.epoch and run.status == "stopped"
        await pilot.press("r")
        await until(pilot, lambda: run_of(app) is not run and run_of(app).epoch > run.epoch)
        assert run_of(app).first == run.epoch and run_of(app).folder == run.folder
        await until(pilot, lambda: len(np.asarray(chart_of(app).panels[0].curves[0][1])) > run.epoch)
        _, epochs, losses = chart_of(app).panels[0].curves[0]
        assert np.isfinite(losses).all() and (np.diff(epochs) == 1).all()
        run = run_of(app)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Leave))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TrainScreen) and run.status == "running")
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Leave))
        await pilot.press("enter")
        await until(pilot, lambda: not app.is_running or app._exit)
    assert run.wait(60) and run.status == "stopped" and recorded(toy, run.folder).done == run.epoch


@session
async def test_quitting_asks_nothing_without_one() -> None:
    async with opened("train") as (app, pilot):
        await pilot.press("q")
        await until(pilot, lambda: app._exit)


@pytest.mark.long
@session
async def test_a_trainer_that_fails_leaves_the_application_alive(
    toy: Dataset, trained_by: Callable[[str], None], capfd: pytest.CaptureFixture[str]
) -> None:
    trained_by("diverges")
    async with training(toy, 1_000_000) as (app, pilot, run):
        await until(pilot, lambda: text_of(app, "#train-words") == "crisp failed: FloatingPointError: a loss of nan")
        assert run.status == "failed" and train_of(app).query_one("#train-words").has_class("-failed")
        await pilot.press("home")
        await until(pilot, lambda: app.epochs[app.step] == 0 == chart_of(app).crosshair)
    assert "FloatingPointError" in capfd.readouterr().err


@pytest.mark.long
@session
async def test_without_torch_the_pane_says_what_installs_it(toy: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    async with opened("train", ready=toy_ready(toy)) as (app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: text_of(app, "#train-words") == NO_TORCH)
        assert isinstance(app.screen, TrainScreen)


def test_a_height_is_shared_to_the_last_line() -> None:
    for height in range(60):
        heights = shared(height, [6, 5, 2, 2])
        assert sum(heights) == (height if height else 0) and all(lines >= 1 for lines in heights)
    assert shared(30, [6, 5, 2, 2]) == [10, 8, 4, 8] or shared(30, [6, 5, 2, 2])[0] > shared(30, [6, 5, 2, 2])[2]
    assert len(shared(9, [6, 5, 2, 2])) == 3
