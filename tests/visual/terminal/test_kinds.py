"""Which block characters a terminal draws, by what it leaves in the environment."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flagsae.errors import UsageError
from flagsae.visual.terminal import glyphs
from flagsae.visual.terminal.kinds import ABOUT, AUTO, CELLS, detected
from flagsae.visual.terminal.terminals import MULTIPLEXERS, TERMINALS, table

DOCS = Path(__file__).parents[3] / "docs" / "cells.md"
NAMES = [sign.partition("=")[0] for one in (*TERMINALS, *MULTIPLEXERS) for sign in one.signs]
VALUES = [sign.partition("=")[2].rstrip("*") for one in (*TERMINALS, *MULTIPLEXERS) for sign in one.signs]
variables = st.dictionaries(
    st.sampled_from([*NAMES, "TERM_PROGRAM_VERSION", "COLORTERM"]),
    st.sampled_from(VALUES) | st.text("01.9-aé\n\x1b", max_size=12),
)


def test_the_kinds_are_those_that_pictures_can_be_fitted_in() -> None:
    assert tuple(glyphs.LADDER) == CELLS == tuple(ABOUT)


def test_each_row_of_the_table_goes_up_and_has_its_source() -> None:
    for terminal in TERMINALS:
        kinds = [CELLS.index(kind) for _, kind in terminal.kinds]
        assert kinds == sorted(set(kinds)) and terminal.kinds[0][0] == "" and terminal.source and terminal.signs
        assert not terminal.untold or CELLS.index(terminal.untold) in kinds
    assert all(CELLS.index(one.most) and one.source for one in MULTIPLEXERS)


def test_the_documentation_has_the_table() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), "run: python docs/make.py cells"


@pytest.mark.parametrize(
    ("kind", "environ"),
    [
        # As these terminals were seen to set them, on Debian 12.
        ("wedge", {"TERM": "xterm-256color", "VTE_VERSION": "7006"}),
        ("wedge", {"TERM": "xterm-256color", "KONSOLE_VERSION": "221203"}),
        ("wedge", {"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1", "KITTY_PID": "2287"}),
        ("quadrant", {"TERM": "xterm-256color", "ALACRITTY_WINDOW_ID": "10485767"}),
        ("half", {"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}),
        ("half", {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0", "TERM_PROGRAM": "tmux"}),
        ("half", {"TERM": "screen", "STY": "29720.pts-0.vm"}),
        # As their documentation has it.
        ("octant", {"TERM_PROGRAM": "ghostty", "TERM_PROGRAM_VERSION": "1.2.0"}),
        ("wedge", {"TERM_PROGRAM": "ghostty", "TERM_PROGRAM_VERSION": "1.1.3"}),
        ("wedge", {"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20240203-110809-5046fc22"}),
        ("quadrant", {"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20210502-154244-3f7122cb"}),
        ("wedge", {"TERM": "foot"}),
        ("octant", {"VTE_VERSION": "8003"}),
        ("half", {"VTE_VERSION": "5202"}),
        ("quadrant", {"TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.108.2"}),
        ("wedge", {"TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.112.0-insider"}),
        ("quadrant", {"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.5.6"}),
        ("quadrant", {"WT_SESSION": "cf9b2a2c-0000-0000-0000-000000000000"}),
        ("half", {"TERM_PROGRAM": "Apple_Terminal", "TERM_PROGRAM_VERSION": "453"}),
        ("half", {"TERM": "linux"}),
        ("half", {"TERM": "xterm-256color"}),
        ("half", {}),
        # The page of --serve, wherever its server was started.
        ("quadrant", {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver", "TERM": "xterm-kitty"}),
    ],
)
def test_a_terminal_is_known_by_its_variables(kind: str, environ: dict[str, str]) -> None:
    assert detected(environ).kind == kind, detected(environ).why


def test_a_version_that_is_of_another_program_does_not_count() -> None:
    inherited = {"TERM": "xterm-kitty", "TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.112.0"}
    assert detected(inherited).kind == detected({"TERM": "xterm-kitty"}).kind == "wedge"
    assert detected({"TERM": "xterm-kitty", "TERM_PROGRAM": "kitty", "TERM_PROGRAM_VERSION": "0.41.1"}).kind == "octant"


def test_of_a_terminal_started_from_another_one_the_coarser_counts() -> None:
    assert detected({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)", "KITTY_WINDOW_ID": "1"}).kind == "half"
    assert detected({"TERM": "xterm-256color", "VTE_VERSION": "8003", "KONSOLE_VERSION": "221203"}).kind == "wedge"
    assert detected({"TERM": "alacritty", "VTE_VERSION": "8003"}).kind == "quadrant"


def test_through_a_multiplexer_goes_what_it_passes() -> None:
    inside = {"TERM": "tmux-256color", "TMUX": "x", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"}
    assert detected({**inside, "VTE_VERSION": "8003"}).kind == "wedge"
    assert detected({**inside, "WT_SESSION": "x"}).kind == "quadrant"
    assert "tmux" in detected({**inside, "WT_SESSION": "x"}).why
    assert detected({"TERM": "screen.xterm-256color", "STY": "1", "KITTY_WINDOW_ID": "1"}).kind == "quadrant"


def test_what_is_asked_for_counts_before_the_variable_and_the_terminal() -> None:
    kitty = {"TERM": "xterm-kitty"}
    assert detected({**kitty, "FLAGSAE_CELLS": "half"}).kind == "half"
    assert detected({**kitty, "FLAGSAE_CELLS": "half"}, "octant").kind == "octant"
    assert detected({**kitty, "FLAGSAE_CELLS": "auto"}) == detected({**kitty, "FLAGSAE_CELLS": ""}) == detected(kitty)
    with pytest.raises(UsageError, match="FLAGSAE_CELLS 'halves': give one of auto, half, quadrant"):
        detected({"FLAGSAE_CELLS": "halves"})
    with pytest.raises(UsageError, match="--cells 'halves': give one of auto"):
        detected({}, "halves")


@given(variables)
def test_any_variables_have_a_kind_and_a_reason_in_one_line(environ: dict[str, str]) -> None:
    found = detected(environ)
    assert found.kind in CELLS and found.why.isprintable()
    assert detected(environ, AUTO) == found
