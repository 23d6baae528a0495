"""Where the user's folder is not known, what needs none works, and the rest is a line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from shell import run

UNKNOWN = {"FLAGSAE_HOME": "~nosuch/x"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no ~name")
def test_what_needs_no_home_works(little: list[str], tmp_path: Path) -> None:
    assert json.loads(run("compose", "japan", *little, **UNKNOWN).stdout)["name"] == "Japan"
    assert json.loads(run("compose", "japan", **UNKNOWN).stdout)["name"] == "Japan"
    assert run("train", "--help", **UNKNOWN).returncode == 0
    for words in (
        ["compose", "japan", "--model", "a"],
        ["compose", "japan", "--data", "a"],
        ["evaluate", "--against", "a"],
        ["train", "--name", "a"],
        ["train", "--resume"],
    ):
        refused = run(*words, **UNKNOWN)
        assert (refused.returncode, refused.stdout) == (1, ""), words
        assert (
            refused.stderr == "flagsae: your home folder is not known: set FLAGSAE_HOME to the full path of a folder\n"
        )


def test_a_sum_longer_than_a_name_of_a_file_is_none() -> None:
    long = " + ".join(["0.5*japan"] * 48)
    assert run("describe", long).returncode == 0
    for words in (["--data", "a" * 5000], ["--model", "a/" * 3000], ["--view", "a" * 3000]):
        refused = run("compose", "japan", *words)
        assert refused.returncode == 2 and refused.stderr.startswith("flagsae: no ")
        assert refused.stderr.count("\n") == 1 and len(refused.stderr) < 1100
