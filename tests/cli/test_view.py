"""`--view` and `flagsae plugins`, with visualizers built in and installed, sound and not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from packages import VIEW, install
from PIL import Image
from shell import Flagsae, Stopped

from flagsae import cli
from flagsae.cli import views
from flagsae.plugins import health
from flagsae.plugins import registry as plugins

MOVING = """
    suffixes = ".csv",

    def frames(self, scene, width):
        for n in range(3):
            yield show_frame(scene, width, n)

    def export(self, scene, suffix, width):
        return f"{scene.title},{width},{len(scene.code)}".encode()

def show_frame(scene, width, n):
    import numpy as np
    return np.full((width // 2, width, 3), 80 * n, np.uint8)
"""


# Drawing.


def test_every_command_draws_its_scene(flagsae: Flagsae, little: list[str]) -> None:
    for words, title in (
        (["compose", "france", "japan"], "France + Japan"),
        (["reconstruct", "france"], "France"),
        (["describe", "france"], "France"),
        (["features", "f2"], "f2: "),
    ):
        drawn = flagsae(*words, "--view", "parents", *little)
        assert title in drawn and "▀" not in drawn, words  # a pipe has no colour: letters
        assert "\x1b[48;2;" in flagsae(*words, "--view", "blocks", *little, FORCE_COLOR="1", COLORTERM="truecolor"), (
            words
        )
    assert "Three vertical stripes, dark blue, white, red." in flagsae(
        "describe", "france", "--view", "parents", *little
    )
    assert "PSNR" in flagsae("reconstruct", "france", "--view", "letters", *little)
    assert "colour's score by the feature" in flagsae("features", "f2", "--view", "heat", *little)
    assert "6 features" in flagsae("features", "--view", "parents", *little)


@pytest.mark.long
def test_a_code_is_drawn_with_what_its_features_stand_for(flagsae: Flagsae) -> None:
    words = ["compose", "morocco", "colombia", "--view", "bars"]
    drawn = flagsae(*words, COLUMNS="100", LINES="50")
    assert re.search(r"^RRRR.*  f\d+ █", drawn, re.M) and "green star" in drawn and "as in Morocco" in drawn
    older = flagsae(*words, "--model", "crisp", COLUMNS="100", LINES="50")
    assert "f84" in older and "red stripe at the top" in older and "as in Luxembourg" in older


@pytest.mark.long
def test_features_of_parts_have_pictures_and_no_code(flagsae: Flagsae) -> None:
    assert "It fires for" in flagsae("features", "s121", "--view", "parents")
    assert "nothing is known of the code" in flagsae("features", "s121", "--view", "bars")
    assert "letters" not in flagsae("features", "--dictionary", "layout", "--view", "blocks")


def test_several_are_drawn_under_their_names(flagsae: Flagsae, little: list[str]) -> None:
    drawn = flagsae("sample", "-n", "3", "--seed", "4", "--avoid-real", "0", "--view", "letters", *little)
    assert flagsae.said == ""  # type: ignore[attr-defined]
    titles = [line for line in drawn.splitlines() if "*" in line]
    assert len(titles) == 3 and drawn.startswith(titles[0])
    steps = flagsae("compose", "france", "japan", "--steps", "3", "--view", "letters", *little)
    assert [line for line in steps.splitlines() if "rance" in line or "apan" in line][1] == "0.5*France + 0.5*Japan"
    records = flagsae("compose", "france", "--json", *little) + flagsae("compose", "japan", "--json", *little)
    piped = flagsae("compose", "-", "--view", "palette", *little, stdin=records)
    assert "France\n" in piped and "Japan\n" in piped
    assert "France" not in flagsae("compose", "france", "--view", "palette", *little)  # one needs no name


def test_it_is_as_large_as_the_terminal_leaves_room(flagsae: Flagsae, little: list[str]) -> None:
    for columns, lines in ((80, 24), (30, 30), (10, 3)):
        drawn = flagsae("compose", "france", "--view", "letters", *little, COLUMNS=str(columns), LINES=str(lines))
        rows = drawn.splitlines()
        assert len(rows) <= lines - 2 and max(map(len, rows)) <= columns


def test_help_names_those_that_are_built_in(flagsae: Flagsae) -> None:
    for command in ("compose", "sample", "reconstruct", "describe", "features"):
        assert ", ".join(plugins.BUILTIN) in " ".join(flagsae(command, "--help", COLUMNS="200").split())


# Files.


def test_what_is_drawn_is_written(flagsae: Flagsae, little: list[str], tmp_path: Path) -> None:
    assert flagsae("compose", "france", "--view", "bars", "-o", f"{tmp_path}/bars.svg", *little) == ""
    assert ElementTree.parse(tmp_path / "bars.svg").getroot().tag.endswith("svg")
    flagsae("compose", "france", "--view", "letters", "-o", f"{tmp_path}/all.txt", *little)
    drawn = flagsae("compose", "france", "--view", "letters", *little, COLUMNS="120", LINES="42")
    assert (tmp_path / "all.txt").read_text(encoding="utf-8").splitlines() == [
        line.rstrip() for line in drawn.splitlines()
    ]
    flagsae("describe", "france", "japan", "--view", "parents", "-o", f"{tmp_path}/all/", *little)
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["france.svg", "japan.svg"]


def test_its_own_kinds_of_files_and_gifs_of_what_moves(
    flagsae: Flagsae, little: list[str], site: Path, tmp_path: Path
) -> None:
    install(site, "mover", VIEW.format("pass") + MOVING)
    flagsae("compose", "france", "japan", "--view", "mover", "-o", f"{tmp_path}/x.csv", "--size", "70", *little)
    assert (tmp_path / "x.csv").read_text().startswith("France + Japan,70,")
    flagsae("compose", "france", "--view", "mover", "-o", f"{tmp_path}/x.gif", "--size", "70", *little)
    with Image.open(tmp_path / "x.gif") as image:
        assert image.size == (70, 35) and image.n_frames == 3 and image.info["loop"] == 0  # type: ignore[attr-defined]
        shades = []
        for number in range(3):
            image.seek(number)
            shades.append(image.convert("RGB").getpixel((1, 1)))
        assert shades == [(0, 0, 0), (80, 80, 80), (160, 160, 160)]
    flagsae("sample", "-n", "2", "--seed", "1", "--avoid-real", "0", "--view", "mover", "-o", f"{tmp_path}/f/", *little)
    assert [path.suffix for path in (tmp_path / "f").iterdir()] == [".csv", ".csv"]


def test_what_moves_is_played_on_a_terminal(
    flagsae: Flagsae, little: list[str], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some turns of the loop, then the first picture stays; in a pipe there is only that."""
    install(site, "runner", VIEW.format("pass") + MOVING)
    monkeypatch.setattr(views, "FRAME", 0.0)
    played = flagsae("compose", "france", "--view", "runner", *little, terminal=True)
    for shade in (0, 80, 160):
        assert f"{shade};{shade};{shade}m" in played
    assert played.count("\x1b[?25l") == played.count("\x1b[?25h") == 1  # the cursor is there again
    still = flagsae("compose", "france", "--view", "runner", *little)
    assert "\x1b" not in still and "B" in still


# What goes wrong.


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["compose", "france", "--view", "bar"], 2, "no visualizer named 'bar'. Did you mean bars?"),
        (["compose", "france", "--view", "bars", "--json"], 2, "--view draws and --json writes records"),
        (["compose", "france", "--view", "bars", "-o", "x.png"], 2, "cannot write .png: give -o FILE.svg, FILE.txt"),
        (["compose", "france", "--view", "bars", "-o", "-"], 2, "give -o FILE.svg"),
        (["compose", "france", "japan", "--steps", "3", "--view", "bars", "-o", "x.svg"], 2, "give a folder"),
        (["sample", "-n", "2", "--view", "bars", "-o", "x.svg"], 2, "folder"),
        (["sample", "-n", "2", "--view", "bars", "--grid", "2", "-o", "x.svg"], 2, "leave --view out"),
        (["features", "f1", "f2", "--view", "bars", "-o", "x.svg"], 2, "give a folder"),
        (["features", "--find", "star", "--view", "bars"], 2, "leave --find out"),
        (["describe", "--view", "bars", "-o", "x.svg"], 2, "give a folder"),
        (["compose", "marocco", "--view", "bars"], 2, "Did you mean one of: morocco"),
    ],
)
def test_bad_options_are_a_line(words: list[str], code: int, said: str, flagsae: Flagsae) -> None:
    with pytest.raises(Stopped) as stopped:
        flagsae(*words)
    assert (stopped.value.code, stopped.value.written) == (code, "")
    assert said in stopped.value.said and stopped.value.said.count("\n") == 1


FAULTS = {
    "diver": ("1 / 0", "cannot be loaded: ZeroDivisionError: division by zero"),
    "faller": (VIEW.format("1 / 0"), "raised ZeroDivisionError: division by zero"),
    "leaver": (VIEW.format("import sys; sys.exit(0)"), "raised SystemExit: 0"),
    "teller": (VIEW.format("return 3"), "returned int, which Rich cannot draw"),
    "later": (VIEW.format("from rich.panel import Panel; return Panel(3)"), "raised NotRenderableError"),
}


def test_a_broken_one_gets_a_line_and_its_removal(flagsae: Flagsae, little: list[str], site: Path) -> None:
    for package, (code, _) in FAULTS.items():
        install(site, package, code)
    for package, (_, told) in FAULTS.items():
        with pytest.raises(Stopped) as stopped:
            flagsae("compose", "france", "--view", package, *little)
        assert (stopped.value.code, stopped.value.written) == (1, "")
        assert stopped.value.said.startswith(f"flagsae: {package} (of {package} 0.1) {told}")
        assert stopped.value.said.endswith(f"-m pip uninstall {package}\n") and stopped.value.said.count("\n") == 1


def test_what_one_prints_is_left_out_and_named(flagsae: Flagsae, little: list[str], site: Path, tmp_path: Path) -> None:
    install(site, "talker", "print('hello')\n" + VIEW.format("print('over\\nthe picture')"))
    quiet = flagsae("compose", "france", "--view", "blocks", *little)
    assert flagsae("compose", "france", "--view", "talker", *little) == quiet
    assert flagsae.said == (  # type: ignore[attr-defined]
        "note: talker printed 'hello', which is left out\nnote: talker printed 'over the picture', which is left out\n"
    )


def test_one_that_is_slow_is_named(
    flagsae: Flagsae, little: list[str], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visualizer waits until it has been said."""
    said: list[str] = []
    monkeypatch.setattr(views, "LONG", 0.01)
    monkeypatch.setattr(views, "note", said.append)
    monkeypatch.setattr(plugins, "said", said, raising=False)
    install(
        site,
        "sleeper",
        VIEW.format("from flagsae.plugins import registry as plugins\n        while not plugins.said: pass"),
    )
    flagsae("compose", "france", "--view", "sleeper", *little)
    assert "sleeper is still at work; Ctrl-C ends it" in said


def test_other_commands_do_not_mind(flagsae: Flagsae, little: list[str], site: Path) -> None:
    for package, (code, _) in FAULTS.items():
        install(site, package, code)
    install(site, "usurper", "1 / 0", entries="blocks = usurper:View\nbars = usurper:View")
    install(site, "unreadable", entries="no equals sign")
    for command in cli.COMMANDS:
        assert f"flagsae {command}" in flagsae(command, "--help")
    assert json.loads(flagsae("compose", "france", *little))["name"] == "France"
    assert "B" in flagsae("compose", "france", "--view", "blocks", *little)
    assert {"diver", "usurper", "unreadable"}.isdisjoint(sys.modules)


# The list.


@pytest.mark.long
def test_the_list_says_whose_each_is_and_how_it_is(
    flagsae: Flagsae, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 120)  # a busy machine is no fault of theirs
    install(site, "mover", VIEW.format("pass") + MOVING, version="1.0")
    install(site, "faller", VIEW.format("1 / 0"))
    install(site, "usurper", entries="blocks = usurper:View")
    records = [json.loads(line) for line in flagsae("plugins").splitlines()]
    known: dict[tuple[str, str], Any] = {(record["name"], record["package"]): record for record in records}
    assert [record["status"] for record in records[: len(plugins.BUILTIN)]] == ["built in"] * len(plugins.BUILTIN)
    assert known["mover", "mover"] == {
        "name": "mover",
        "package": "mover",
        "version": "1.0",
        "status": "works",
        "summary": "The flag itself.",
        "files": [".csv", ".gif"],
        "fault": "",
        "remove": f"{sys.executable} -m pip uninstall mover",
    }
    assert known["faller", "faller"]["status"] == "broken" and "ZeroDivisionError" in known["faller", "faller"]["fault"]
    assert known["blocks", "usurper"]["status"] == "unused" and known["blocks", ""]["status"] == "built in"
    drawn = flagsae("plugins", terminal=True, NO_COLOR="1", COLUMNS="100")
    assert "mover 1.0" in drawn and "Writes .csv, .gif." in drawn and "raised ZeroDivisionError" in drawn
    removals = drawn.split("to remove what is broken or unused:\n")[1].splitlines()
    assert [line.split()[-1] for line in removals] == ["usurper", "faller"]
    drawn = flagsae("plugins", terminal=True, NO_COLOR="1", COLUMNS="100", FLAGSAE_PLUGINS="")
    assert drawn.count("left out") == 6 and "to remove" not in drawn  # in the column and in words, three times


def test_without_packages_it_says_how_to_write_one(flagsae: Flagsae) -> None:
    flagsae("plugins", terminal=True)
    assert "plugins/README.md" in flagsae.said  # type: ignore[attr-defined]


def test_completion_knows_the_names_and_costs_nothing_heavy(site: Path) -> None:
    install(site, "bomb", "raise SystemExit", entries="bombard = bomb:View\nblaze = bomb:View")
    code = (
        "import sys; from flagsae.cli.options import complete_views\n"
        "print(complete_views('b'))\n"
        "assert not {'numpy', 'torch', 'textual', 'rich', 'bomb'} & set(sys.modules)\n"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert told.strip() == "[('blocks', 'built in'), ('bars', 'built in'), ('blaze', 'bomb'), ('bombard', 'bomb')]"
    shell = {
        **os.environ,
        "_FLAGSAE_COMPLETE": "complete_bash",
        "COMP_WORDS": "flagsae sample --view bo",
        "COMP_CWORD": "3",
    }
    answer = subprocess.check_output(
        [sys.executable, "-c", "from flagsae.cli import main; main()"], text=True, env=shell
    )
    assert answer.split() == ["bombard"]
