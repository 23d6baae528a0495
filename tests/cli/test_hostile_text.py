"""Titles, file names and words that would drive a terminal, through every command: they are shown as escapes."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hostile import commands
from shell import run

from flagsae import paths
from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.flags.names import Name
from flagsae.plugins.registry import BUILTIN
from flagsae.printable import printable
from flagsae.sae.model import save_model

HOSTILE = (
    "clear\x1b[2J",
    "hide\x1b[8m\nnext\rline",
    "one byte\x9b2J",
    "\u202egpj.exe",
    "a file\x85\x1c\ufeff\U000e0041",
    "title\x1b]0;mine\x07 [/bold] :smile: [link=x]\x7f\u2028\u200f",
)
# What Rich itself writes: colours, the cursor hidden and shown, a bar that is drawn over.
RICH = re.compile(r"\x1b\[(?!8m)[0-9;]*m|\x1b\[\?25[hl]|\x1b\[[0-9]*[AK]|\x1b\[2K|\r")


@pytest.fixture(scope="module")
def hostile(toy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options for six flags with such names and a model of them."""
    folder = tmp_path_factory.mktemp("hostile")
    names = tuple(Name(f"flag{number}", title) for number, title in enumerate(HOSTILE))
    dataset = replace(toy, flags=replace(toy.flags, names=names))
    save_dataset(dataset, folder / "set.npz")
    likeness = np.eye(6, dtype=np.float32) / 96
    nothing = np.zeros(6, np.float32)
    tensors = {"encoder": likeness, "encoder_bias": nothing - 0.1, "decoder": 96 * likeness, "decoder_bias": nothing}
    header = {"kind": "crisp", "dataset": dataset.hash, "dataset_name": HOSTILE[0], "preset": HOSTILE[1]}
    save_model(folder / "m.safetensors", tensors, {**header, "threshold": 0, "active": 4, "salience": 0.25})
    return ["--data", str(folder / "set.npz"), "--model", str(folder / "m.safetensors")]


def obeyed(text: str) -> set[str]:
    """What a terminal would obey in a text, beside what Rich wrote."""
    rest = RICH.sub("", text)
    return {letter for letter in rest if letter not in "\n" and printable(letter) != letter}


DRAWN = {
    "compose": [["flag0", "flag1", "flag4"], ["flag0", "flag1", "--steps", "3"], ["flag2 + flag3", "--alternatives=2"]],
    "sample": [["-n", "3", "--seed", "1", "--avoid-real", "0"]],
    "describe": [[], ["flag1", "flag4", "flag5"]],
    "features": [[], ["f1", "f4"]],
    "neighbors": [["flag1", "flag4", "-n", "3"]],
    "embed": [["--method", "pca"], ["--names", "--method", "pca"]],
    "reconstruct": [["flag1", "flag5"]],
    "evaluate": [[]],
}


@pytest.mark.parametrize("command", DRAWN)
def test_titles_are_shown_as_escapes(command: str, hostile: list[str]) -> None:
    decode = ["--decode", "sum"] * (command in ("compose", "sample"))
    for words in DRAWN[command]:
        screen = run(command, *words, *decode, *hostile, terminal=True, COLUMNS="100", LINES="50")
        assert screen.returncode == 0 and not obeyed(screen.stdout + screen.stderr), words
    piped = run(command, *words, *decode, *hostile)
    assert not obeyed(piped.stdout + piped.stderr)
    assert [json.loads(line) for line in piped.stdout.splitlines()]


@pytest.mark.parametrize("view", BUILTIN)
def test_visualizers_show_them_as_escapes(view: str, hostile: list[str], tmp_path: Path) -> None:
    look = ["features", "f1", "f4", "--view", view, *hostile]
    screen = run(*look, terminal=True, COLUMNS="100", LINES="50")
    assert screen.returncode == 0 and not obeyed(screen.stdout + screen.stderr)
    for suffix in (".txt", ".svg"):
        assert run("compose", "flag1", *look[3:], "-o", f"{tmp_path}/a{suffix}").returncode == 0
        assert not obeyed((tmp_path / f"a{suffix}").read_text(encoding="utf-8"))


def test_names_of_files_are_shown_as_escapes(tmp_path: Path) -> None:
    folder = tmp_path / "flags"
    folder.mkdir()
    names = (b"a\x1b[2J\xff [bold]", "\u202egpj\x9b2J".encode(), b"two\nlines")
    for name, flag in zip(map(os.fsdecode, names), ("peru", "japan", "laos"), strict=True):
        shutil.copy(paths.shipped(f"flags/{flag}.png"), folder / f"{name}.png")
        (folder / f"{name}.txt").touch()
    for number, terminal in enumerate((True, False)):
        made = run("prepare", str(folder), "--name", f"mine{number}", "--canvas", "8x12", terminal=terminal)
        assert made.returncode == 0 and "3 files skipped" in made.stderr
        assert not obeyed(made.stdout + made.stderr)
    assert not obeyed(run("describe", "--data", "mine0", "--json", terminal=True).stdout)


@pytest.mark.long
def test_command_lines_that_nobody_means() -> None:
    """The short form of `python benchmarks/robustness.py commands`."""
    with commands.little() as known:
        for line in islice(commands.typed(0, known), 40):
            assert commands.fault(line) == "", line


def test_what_is_typed_is_said_as_escapes(tmp_path: Path) -> None:
    bad = "\x1b[2J\x9b2J\n\u202e\udcff"
    for number, words in enumerate(
        (
            [bad],
            ["compose", bad],
            ["compose", f"--{bad}"],
            ["compose", "japan", "--data", bad],
            ["compose", "japan", "--model", bad],
            ["compose", "japan", "--view", bad],
            ["compose", "japan", "-o", f"x.{bad}"],
            ["compose", f"{tmp_path}/{bad}.png"],
            ["compose", f"japan + 2 {bad}"],
            ["sample", "-n", bad],
            ["prepare", f"{tmp_path}/{bad}"],
            ["train", "--data", bad],
            ["train", "--name", bad],
            ["features", bad],
            ["tui", "--screen", bad],
        )
    ):
        result = run(*words, terminal=bool(number % 2))
        assert result.returncode in (1, 2) and result.stdout == "", words
        assert not obeyed(result.stderr) and "flagsae: " in result.stderr.splitlines()[-1], words
        assert number % 2 or result.stderr.count("\n") == 1, words
