"""`flagsae cells`, --cells and FLAGSAE_CELLS, as typed."""

import json

import pytest
from rich.text import Text
from shell import Flagsae, Stopped

KITTY = {"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}


def test_in_a_pipe_it_says_what_was_detected_and_why(flagsae: Flagsae) -> None:
    answer = json.loads(flagsae("cells", **KITTY))
    assert answer["detected"] == "wedge" and answer["why"].startswith("kitty draws these itself")
    assert answer["kinds"] == ["half", "quadrant", "sextant", "wedge", "octant"]


def test_on_a_terminal_it_shows_every_kind(flagsae: Flagsae) -> None:
    shown = Text.from_ansi(flagsae("cells", terminal=True, COLUMNS="80", **KITTY)).plain
    head, *lines = shown.splitlines()
    assert head.split() == ["half", "quadrant", "sextant", ">", "wedge", "octant"]
    assert len(lines) < 23 and "detected: wedge, because kitty draws these itself" in shown.replace("\n", " ")
    for first, last in (("▀", "█"), ("▁", "▏"), ("\U0001fb00", "\U0001fb3b"), ("\U0001fb3c", "\U0001fb6f")):
        assert any(first <= letter <= last for letter in shown)
    assert any("\U0001cd00" <= letter <= "\U0001cde5" for letter in shown)
    assert "FLAGSAE_CELLS" in flagsae.said  # type: ignore[attr-defined]


def test_without_colour_it_says_that_pictures_are_letters(flagsae: Flagsae) -> None:
    assert "pictures are drawn in letters" in flagsae("cells", terminal=True, NO_COLOR="1", COLUMNS="120")


@pytest.mark.parametrize(
    ("words", "environ", "drawn"),
    [
        ((), {}, ""),
        ((), KITTY, "\U0001fb00"),
        (("--cells", "half"), KITTY, ""),
        (("--cells", "sextant"), {}, "\U0001fb00"),
        ((), {"FLAGSAE_CELLS": "sextant"}, "\U0001fb00"),
    ],
)
def test_other_commands_draw_with_them(
    flagsae: Flagsae, words: tuple[str, ...], environ: dict[str, str], drawn: str
) -> None:
    shown = flagsae("describe", "scotland", *words, terminal=True, COLUMNS="100", **environ)
    assert any(0x1FB00 <= ord(letter) < 0x1FB70 for letter in shown) == bool(drawn)


def test_a_wrong_kind_is_one_line(flagsae: Flagsae) -> None:
    with pytest.raises(Stopped, match=r"^flagsae: --cells 'third': give one of auto, half, ") as stopped:
        flagsae("describe", "scotland", "--cells", "third")
    assert stopped.value.code == 2 and stopped.value.said.count("\n") == 1
    with pytest.raises(Stopped, match=r"^flagsae: FLAGSAE_CELLS 'third': give one of auto, half, "):
        flagsae("describe", "scotland", FLAGSAE_CELLS="third")
