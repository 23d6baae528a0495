"""A run in a thread: looked at, paused, stopped, resumed, failed, and left when the application ends."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from toys import toy_run

from flagsae import paths
from flagsae.dataset import Dataset
from flagsae.errors import UsageError
from flagsae.runs import recorded
from flagsae.training.config import NO_TORCH, make_config
from flagsae.training.trainer import Run
from flagsae.tui import history
from flagsae.tui.training import Training


def training(dataset: Dataset, name: str = "mine", **changed: object) -> Training:
    """A run that would go on for long, if nobody stopped it."""
    config = make_config("crisp", **{"epochs": 100_000, "features": 4, "active": 2, "log_every": 10, **changed})
    return Training(dataset, paths.models_folder() / name, config)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "never"
        time.sleep(0.002)


def test_a_run_is_looked_at_while_it_goes_on(toy: Dataset) -> None:
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
    run.stop()
    assert run.status == "stopping"
    assert run.wait(10) and run.status == "stopped" and not run.alive
    recording = recorded(toy, run.folder)
    assert recording.stopped and recording.done == run.epoch == len(recording.losses)
    assert np.allclose(recording.losses, run.curves[0])


def test_a_pause_comes_within_an_epoch_and_ends(toy: Dataset) -> None:
    run = training(toy)
    run.start()
    until(lambda: run.epoch > 5)
    start = time.monotonic()
    run.pause()
    until(lambda: run.status == "paused")
    assert time.monotonic() - start < 0.3
    epoch = run.epoch
    run.ask()  # also now
    until(lambda: run.live is not None)
    assert run.live is not None and run.live[0] == epoch == run.epoch and run.paused
    run.go_on()
    until(lambda: run.epoch > epoch and run.status == "running")
    run.pause()
    run.stop()  # of a run that waits
    assert run.wait(10) and run.status == "stopped"


def test_a_resumed_run_ends_where_an_unbroken_one_does(toy: Dataset) -> None:
    whole = training(toy, "whole", epochs=40)
    whole.start()
    assert whole.wait(60) and whole.status == "done"
    broken = training(toy, "broken", epochs=40)
    broken.pause()  # after its first epoch
    broken.start()
    until(lambda: broken.status == "paused")
    broken.stop()
    assert broken.wait(10) and broken.epoch == 1
    resumed = Training.resume(recorded(toy, broken.folder))
    resumed.start()
    assert resumed.wait(60) and resumed.status == "done" and (resumed.first, resumed.epoch) == (1, 40)
    assert np.array_equal(whole.curves[:, 1:], resumed.curves)
    assert whole.figures == resumed.figures
    assert not recorded(toy, resumed.folder).stopped


def test_its_curves_go_on_from_those_before(toy: Dataset) -> None:
    run = training(toy, epochs=40)
    run.start()
    assert run.wait(60)
    live, before = (history.panels(recorded(toy, run.folder), one) for one in (run, None))
    for panel, read in zip(live, before, strict=True):
        for (name, x, y), (other, at, value) in zip(panel.curves, read.curves, strict=True):
            assert name == other and np.asarray(x).max() == np.asarray(at).max() == 40
            if name in ("loss", "train"):  # what is counted in an epoch is not what its model is measured to have
                assert np.allclose(np.asarray(y)[np.searchsorted(np.asarray(x), at)], value)
    assert [len(np.asarray(panel.curves[0][1])) for panel in live] == [40, 10, 41, 41]


def test_what_fails_is_said_in_a_line_and_the_log_has_the_rest(
    toy: Dataset, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = training(toy, device="nonsense")
    run.start()
    assert run.wait(60) and run.status == "failed" and not run.alive
    assert run.error == "--device 'nonsense' is no device of torch's: try cpu or cuda"
    assert "UsageError" in capsys.readouterr().err

    def full(self: Run, loss: float) -> None:
        raise OSError(28, "No space left on device", "log.jsonl")

    monkeypatch.setattr(Run, "_log", full)
    run = training(toy)
    run.start()
    assert run.wait(60) and run.status == "failed" and run.error == "No space left on device (log.jsonl)"
    assert "in _train" in capsys.readouterr().err


def test_without_torch_it_says_what_installs_it(toy: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "flagsae.training.trainer")
    run = training(toy)
    run.start()
    assert run.wait(60) and run.status == "failed" and run.error == NO_TORCH


def test_a_run_of_another_version_is_no_surprise(toy: Dataset) -> None:
    recording = toy_run(toy, "mine")
    recording.config["sparkle"] = 1
    with pytest.raises(UsageError, match=r"run 'mine' is of another version of flagsae \(.*sparkle"):
        Training.resume(recording)


LEAVING = """
import sys
from flagsae.dataset import load_dataset
from flagsae import paths
from flagsae.training.config import make_config
from flagsae.tui.training import Training
run = Training(load_dataset(), paths.models_folder() / "mine", make_config("seed"))
run.start()
if sys.argv[1] == "running":
    while not run.epoch:
        run.wait(0.01)
"""


@pytest.mark.parametrize("state", ["starting", "running"])
def test_python_ends_while_a_run_goes_on(state: str) -> None:
    """A thread that is still in torch then would abort the process."""
    end = subprocess.run([sys.executable, "-c", LEAVING, state], capture_output=True, text=True, timeout=60)
    assert (end.returncode, end.stderr) == (0, "")
    assert (paths.models_folder() / "mine" / "checkpoint.safetensors").exists() == (state == "running")


def test_the_watched_flags(flags: Dataset) -> None:
    flag = flags.positions()["morocco"]
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
