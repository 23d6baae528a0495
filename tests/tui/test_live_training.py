"""A run in a process of its own: looked at, paused, stopped, resumed, failed, and left with the application."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from toys import toy_file, toy_run

from flagsae import paths
from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.sae.runs import holder, recorded
from flagsae.training.config import make_config
from flagsae.training.start import NO_TORCH
from flagsae.tui import child
from flagsae.tui.state import history
from flagsae.tui.state.training import Training

TRAINER = Path(__file__).with_name("trainer.py")


def training(dataset: Dataset, name: str = "mine", **changed: object) -> Training:
    """A run that would go on for long, if nobody stopped it."""
    config = make_config("crisp", **{"epochs": 100_000, "features": 4, "active": 2, "log_every": 10, **changed})
    return Training(dataset, paths.models_folder() / name, config, data=toy_file(dataset))


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, "never"
        time.sleep(0.002)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has runs start with something the matter: see trainer.py."""
    return lambda what: monkeypatch.setattr(child, "command", lambda *words: [sys.executable, TRAINER, what, *words])


@pytest.mark.long
def test_a_run_is_looked_at_paused_and_stopped_while_it_goes_on(toy: Dataset) -> None:
    run = training(toy)
    run.start()
    until(lambda: run.epoch > 30)
    curves = run.curves
    assert run.status == "running" and run.alive and run.rate > 0 and run.path == "span" and run.kept > 1
    assert curves.shape[1] >= 30 and np.isfinite(curves).all() and (curves[1] <= 2).all()
    run.ask()
    until(lambda: run.live is not None)
    epoch, model = run.live or (0, None)
    assert epoch > 30 and model is not None and len(model) == 4
    run.pause()
    until(lambda: run.status == "paused")
    epoch = run.epoch
    assert run.paused and recorded(toy, run.folder).config == asdict(run.config)
    run.ask()  # also now
    until(lambda: run.live is not None and run.live[0] == epoch)
    assert run.live is not None and run.epoch == epoch
    flags = toy.flags
    assert run.live[1].decode(run.live[1].encode(flags)).shape == flags.labels.shape
    run.go_on()
    until(lambda: run.epoch > epoch and run.status == "running")
    run.pause()
    until(lambda: run.status == "paused")
    run.stop()  # of a run that waits
    assert run.status == "stopping"
    assert run.wait(60) and run.status == "stopped" and not run.alive
    recording = recorded(toy, run.folder)
    assert recording.stopped and recording.done == run.epoch == len(recording.losses)
    assert np.allclose(recording.losses, run.curves[0]) and recording.rows == run.rows
    assert holder(run.folder) is None


@pytest.mark.long
def test_a_resumed_run_ends_where_an_unbroken_one_does(toy: Dataset) -> None:
    whole = toy_run(toy, "whole", epochs=40)
    broken = training(toy, "broken", epochs=40)
    broken.pause()  # after its first epoch
    broken.start()
    until(lambda: broken.status == "paused")
    broken.stop()
    assert broken.wait(60) and broken.status == "stopped" and broken.epoch == 1
    resumed = Training.resume(recorded(toy, broken.folder), toy_file(toy))
    resumed.start()
    assert resumed.wait(60) and resumed.status == "done" and (resumed.first, resumed.epoch) == (1, 40)
    assert np.array_equal(whole.losses[1:], resumed.curves[0])
    assert resumed.figures == whole.figures[40]
    recording = recorded(toy, resumed.folder)
    assert not recording.stopped and resumed.kept == sum(epoch > 1 for epoch in recording.epochs)
    live, before = (history.panels(recording, one) for one in (resumed, None))
    for panel, read in zip(live, before, strict=True):
        for (name, x, y), (other, at, value) in zip(panel.curves, read.curves, strict=True):
            assert name == other and np.asarray(x).max() == np.asarray(at).max() == 40
            if name in ("loss", "train"):  # what is counted in an epoch is not what its model is measured to have
                assert np.allclose(np.asarray(y)[np.searchsorted(np.asarray(x), at)], value)


@pytest.mark.long
@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("full", "cannot read or write log.jsonl: No space left on device"),
        ("torchless", NO_TORCH),
        ("nonsense", r"its process said what nobody understands: Loading model ... \x1b[2J"),
        ("cut", 'its process said what nobody understands: {"model": 1000, "numbers": {}}'),
        ("stops_itself", "its process was ended by SIGKILL; r goes on from its last checkpoint"),
        ("others", "dataset 'toy' has changed since it was opened: start again"),
        ("vanishes", "its process ended with code 3"),
    ],
)
def test_what_goes_wrong_is_said_in_a_line(
    toy: Dataset, faulty: Callable[[str], None], what: str, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty(what)
    run = training(toy)
    run.start()
    assert run.wait(60) and run.status == "failed" and not run.alive
    assert run.error == error
    assert what not in ("full", "torchless") or error in capsys.readouterr().err  # which goes to the log


def test_a_process_that_cannot_start_is_said_in_a_line(toy: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "command", lambda *words: ["/nowhere/python", *words])
    run = training(toy)
    run.start()
    assert run.wait(60) and run.status == "failed"
    assert run.error == "cannot start /nowhere/python: No such file or directory"


def test_a_run_of_another_version_is_no_surprise(toy: Dataset) -> None:
    recording = toy_run(toy, "mine")
    recording.config["sparkle"] = 1
    with pytest.raises(UsageError, match=r"run 'mine' is of another version of flagsae \(.*sparkle"):
        Training.resume(recording)


ATTENDING = """
import os, sys
from flagsae.flags.dataset import load_dataset
from flagsae import paths
from flagsae.training.config import make_config
from flagsae.tui.state.training import Training
config = make_config("crisp", epochs=1_000_000, features=4, active=2)
run = Training(load_dataset("toy"), paths.models_folder() / "mine", config, data="toy")
run.start()
wanted = (lambda: run._process) if sys.argv[1] == "starting" else lambda: run.epoch
while not wanted():
    run.wait(0.01)
assert "torch" not in sys.modules
print(run._process.pid, flush=True)
if sys.argv[2] == "leaves":
    run.leave()
elif sys.argv[2] == "is killed":
    os.kill(os.getpid(), 9)
"""


@pytest.mark.long
@pytest.mark.parametrize(("state", "end"), [("starting", "is killed"), ("running", "is killed"), ("running", "leaves")])
def test_no_run_outlives_the_application(toy: Dataset, state: str, end: str) -> None:
    toy_file(toy)
    words = [sys.executable, "-c", ATTENDING, state, end]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as application:
        assert application.stdout is not None and application.stderr is not None
        pid = int(application.stdout.readline())
        with suppress(ProcessLookupError):
            assert select.select([os.pidfd_open(pid)], [], [], 60)[0]
        application.wait()
        assert application.stderr.read() == ""
    folder = paths.models_folder() / "mine"
    assert holder(folder) is None
    assert state == "starting" or recorded(toy, folder).done > 0


def test_the_watched_flags(flags: Dataset) -> None:
    flag = flags.name_table()["morocco"]
    six = history.watched(flags, flag, [])
    assert six[0] == flag and len(set(six)) == 6
    held_out = history.held_out({"train_on": "train", "split": "grouped"}, flags)
    half = history.watched(flags, flag, held_out.tolist())
    assert half[0] == flag and len(set(half)) == 6 and set(half[3:]) < set(held_out.tolist())
    assert not len(history.held_out({"train_on": "all", "split": "grouped"}, flags))


def test_of_few_flags_all_are_watched(toy: Dataset) -> None:
    assert sorted(history.watched(toy, 4, [])) == [0, 1, 2, 3, 4, 5] and history.watched(toy, 4, [])[0] == 4


def test_the_facts_say_what_figures_are_of(toy: Dataset, flags: Dataset) -> None:
    recording = toy_run(toy, "mine")
    assert history.facts(recording)[:4] == ["mine: crisp", "K 4", "L0 2", "20 epochs"]
    assert "figures are of flags it has seen" in history.facts(recording) and "path span" in history.facts(recording)
    honest = replace(recording, dataset=flags, config={**recording.config, "train_on": "train"})
    unseen = len(flags.split("grouped")["validation"]) + len(flags.split("grouped")["test"])
    assert history.facts(honest)[-1] == f"{unseen} flags held out"


def test_a_share_is_never_nothing() -> None:
    assert [history.percent(share) for share in (0.00001, 0.0123, 0.5, 1)] == ["<.1 %", "1.2 %", "50 %", "100 %"]


def test_how_far_a_flag_is_from_what_is_made_of_it() -> None:
    flag, made = np.zeros((2, 4, 3), np.uint8), np.zeros((2, 4, 3), np.uint8)
    assert history.wrong(flag, made, flat=True) == history.wrong(flag, made, flat=False) == 0
    made[0, :2, 1] = 51
    assert history.wrong(flag, made, flat=True) == 0.25
    assert history.wrong(flag, made, flat=False) == pytest.approx(0.25 / 3 / 5)
