"""`flagsae train` as it is typed: whose a folder is, what stops a run, what is refused before anything is made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shell import run

from flagsae import paths
from flagsae.dataset import Dataset, save_dataset
from flagsae.runs import Claim, run_folder


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
