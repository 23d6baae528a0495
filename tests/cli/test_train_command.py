"""`flagsae train` as it is typed: whose a folder is, what stops a run, what is refused before anything is made."""

from __future__ import annotations

import os
import pty
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import kills
from models import read_tensors
from shell import run

from flagsae import paths
from flagsae.cli.stopping import Stopping
from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.sae.runs import Claim, run_folder

DEVICES = ("cuda:7", "mps", "xpu", "vulkan", "xla", "meta", "ipu", "hpu", "lazy", "mkldnn", "cuda:-1", "toaster", "CPU")


@pytest.fixture
def quick(toy: Dataset, tmp_path: Path) -> list[str]:
    """Options of a run of a moment on six flags."""
    save_dataset(toy, tmp_path / "toy.npz")
    return ["--data", str(tmp_path / "toy.npz"), "--epochs", "3", "--features", "5", "--quiet"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_a_run_that_somebody_trains_is_left_alone(quick: list[str]) -> None:
    with Claim(run_folder("mine")):
        for words in (
            ["--name", "mine", *quick],
            ["--overwrite", "--name", "mine", *quick],
            ["--resume", "--name=mine"],
        ):
            refused = run("train", *words)
            assert refused.returncode == 2
            assert f"process {os.getpid()} is training 'mine'" in refused.stderr
        assert run("train", *quick).returncode == 0
    assert [path.name for path in paths.models_folder().iterdir()] == ["crisp"]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        *(("--device", device, f"--device {device!r}: torch finds no such device") for device in DEVICES),
        ("--seed", str(2**64), f"--seed is at most {2**64 - 1}, not {2**64}"),
        ("--seed", "-1", "--seed is at least 0, not -1"),
        ("--learning-rate", "nan", "--learning-rate is a finite number, not nan"),
        ("--salience", "inf", "--salience is a finite number, not inf"),
        ("--noise", "-inf", "--noise is a finite number, not -inf"),
        ("--recoloured", "1e300", "--recoloured is at most 100.0, not 1e+300"),
        ("--epochs", str(10**400), "--epochs is at most 1000000000, not 1000"),
        ("--batch", "-3", "--batch is at least 0, not -3"),
        ("--features", "10000000", "fewer --features"),
        ("--features", "100000000 --preset seed --split grouped", "GB of memory"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    quick: list[str], option: str, value: str, said: str
) -> None:
    refused = run("train", *quick, option, *value.split(" "))
    assert refused.returncode == 2 and said in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not list(paths.models_folder().glob("*"))


def test_a_signal_only_asks_and_a_second_ctrl_c_does_not() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        with Stopping() as stop:
            assert not stop.number
            signal.raise_signal(number)
            signal.raise_signal(signal.SIGHUP)  # as shells send it after the system has
            assert (stop.number, stop.code) == (number, code)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` has it
    with Stopping() as stop:
        signal.raise_signal(signal.SIGHUP)
        assert not stop.number
    signal.signal(signal.SIGHUP, before[signal.SIGHUP])
    assert {number: signal.getsignal(number) for number in before} == before


@pytest.mark.long
def test_when_its_terminal_is_closed_a_run_is_saved(quick: list[str]) -> None:
    command = [sys.executable, "-m", "flagsae", "train", *quick[:2], "--epochs", "1000000", "--features", "5"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(["setsid", "--ctty", *command], stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while b"validation" not in seen:  # the head of the table: it trains
            seen += os.read(ours, 65536)
        os.close(ours)
        assert process.wait() == 128 + signal.SIGHUP
    checkpoint = run_folder("crisp") / "checkpoint.safetensors"
    assert read_tensors(checkpoint)[1]["epoch"] > 0
    assert sorted(path.name for path in checkpoint.parent.iterdir()) == [checkpoint.name, "log.jsonl", "steps"]


@pytest.mark.long
def test_a_run_whose_reader_has_gone_is_saved(quick: list[str]) -> None:
    command = [sys.executable, "-m", "flagsae", "train", *quick[:2], "--epochs", "1000000", "--log-every", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    assert read_tensors(run_folder("crisp") / "checkpoint.safetensors")[1]["epoch"] > 0


def test_a_run_goes_on_with_the_dataset_that_it_was_on_whatever_it_is_called(toy: Dataset, flags: Dataset) -> None:
    save_dataset(toy, paths.dataset_file("mine"))
    assert run("train", "--data", "mine", "--epochs", "3", "--features", "5").returncode == 0
    paths.dataset_file("mine").rename(paths.dataset_file("yours"))
    save_dataset(flags, paths.dataset_file("mine"))  # now the name of another
    paths.dataset_file("broken").write_bytes(b"PK")
    resumed = run("train", "--resume", "--name", "crisp")
    assert resumed.returncode == 0, resumed.stderr
    assert "next: flagsae compose FLAG FLAG --data yours --model crisp" in resumed.stderr
    paths.dataset_file("yours").unlink()
    refused = run("train", "--resume", "--name", "crisp")
    assert refused.returncode == 1 and f"is on dataset 'toy' ({toy.hash}), which is neither" in refused.stderr


@pytest.mark.parametrize("name", ["../other", "{}"])
def test_a_folder_that_is_no_run_of_the_home_is_left_alone(name: str, tmp_path: Path) -> None:
    paths.models_folder().mkdir(parents=True)
    for other in (tmp_path / "elsewhere", paths.models_folder().parent / "other"):
        other.mkdir()
        (other / "lock").write_text("of somebody else")
    refused = run("train", "--resume", "--name", name.format(tmp_path / "elsewhere"))
    assert refused.returncode == 2 and "use small letters" in refused.stderr
    assert (other / "lock").read_text() == (tmp_path / "elsewhere/lock").read_text() == "of somebody else"


@pytest.mark.long
def test_a_run_that_is_killed_again_and_again_ends_where_an_unbroken_one_does(
    toy: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish_here(*words: str) -> None:
        done = run("train", "--quiet", *words)
        assert done.returncode == 0, done.stderr

    save_dataset(toy, paths.dataset_file("toy"))
    for name, value in (("EPOCHS", 60), ("WITHIN", 0.1), ("finish", finish_here)):
        monkeypatch.setattr(kills, name, value)
    finish_here(*kills.options("whole-crisp", "crisp"))
    times, wrong = kills.kill("crisp", random.Random(0), 2)
    assert times <= 2 and not wrong
