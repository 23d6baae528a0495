"""Numbers that no option can mean, and pictures that no memory can hold: a line, before anything is made."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from shell import run

from flagsae.cli import COMMANDS
from flagsae.errors import UsageError
from flagsae.visual.paint import MOST_PIXELS, check_size
from flagsae.workspace.drawing import check_animation, check_sheet

OWN = "train"  # reads its options itself: they are the fields of a configuration


def parameters(command: str) -> Iterable[inspect.Parameter]:
    function = import_module(f"flagsae.cli.{command}").command
    return inspect.signature(function, eval_str=True).parameters.values()


def operands(command: str) -> list[str]:
    """What a command does not go without."""
    return ["japan" for parameter in parameters(command) if parameter.default is parameter.empty]


def numbers(command: str) -> list[str]:
    """The options of a command that take a number."""
    found = []
    for parameter in parameters(command):
        kind, info, *_ = (*get_args(parameter.annotation), None, None)
        if {int, float} & {kind, *get_args(kind)}:
            found.append(next(name for name in (info.default, *info.param_decls) if str(name).startswith("--")))
    return found


@pytest.mark.long
def test_every_number_is_one_and_in_its_range() -> None:
    tried = 0
    for command in COMMANDS:
        for option in numbers(command) if command != OWN else ():
            words = operands(command)
            for value in ("nan", "inf", "-inf", "-1", "1e400", "NaN", "0x10", "9" * 5000, ""):
                result = run(command, *words, f"{option}={value}")
                assert (result.returncode, result.stdout) == (2, ""), (command, option, value)
                assert result.stderr.startswith("flagsae: ") and result.stderr.count("\n") == 1
                tried += 1
    assert tried > 100


@pytest.mark.parametrize("size", ["0", "3", "10001"])
def test_a_picture_has_four_pixels_at_least(size: str, tmp_path: Path) -> None:
    for words in (["compose", "japan"], ["embed"], ["sample"], ["neighbors", "japan"], ["reconstruct", "japan"]):
        result = run(*words, "-o", f"{tmp_path}/a.png", "--size", size)
        assert result.returncode == 2 and "is not in the range 4<=x<=10000" in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_smallest_pictures_are_drawn(little: list[str], tmp_path: Path) -> None:
    for words in (["compose", "japan"], ["embed", "--method", "pca"], ["neighbors", "japan", "-n", "2"]):
        assert run(*words, "-o", f"{tmp_path}/{words[0]}.png", "--size", "4", *little).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ["compose", "japan", "france", "--steps", "100", "--size", "10000", "-o", "x.gif"],
        ["sample", "-n", "100000", "--grid", "1", "-o", "x.png"],
        ["features", "--columns", "1", "--size", "10000", "-o", "x.png"],
    ],
)
def test_what_no_memory_can_hold_is_refused(
    words: list[str], little: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words, *little)
    assert (result.returncode, result.stdout) == (2, "")
    assert "would not fit into memory" in result.stderr and result.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_what_is_drawn_today_fits() -> None:
    check_size(10000, 10000)
    check_sheet(1, 10000, 1, (68, 102))
    check_sheet(100, 4800, 8, (68, 102))
    check_animation(100, 1200, (68, 102))
    for refused in ((10001, 10000, 1), (MOST_PIXELS, 1, 2)):
        with pytest.raises(UsageError):
            check_size(*refused)
