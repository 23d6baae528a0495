"""Sums that begin with minus, and options: which is which."""

from __future__ import annotations

import inspect
import json
from importlib import import_module

import pytest
from shell import run

from flagsae.cli import COMMANDS, minus
from flagsae.cli.options import complete_flags, complete_terms

compose = import_module("flagsae.cli.compose").command
neighbors = import_module("flagsae.cli.neighbors").command


@pytest.mark.parametrize(
    "typed",
    [
        *("-laos + morocco", "-0.5*laos + morocco", "-(2*laos) + morocco", "-oman + morocco", "-om", "-no", "-hn"),
        *("-qa", "-norway+japan", "-honduras", "-qatar - oman", "-.5*laos", "-f17 + japan", "-'a b.png' + japan"),
    ],
)
def test_a_sum_is_no_option(typed: str) -> None:
    for words in ([typed], ["morocco", typed], ["-o", "x.png", typed], ["--size", "9", typed, "-q"]):
        heard = minus.with_sums(words, compose)
        assert heard == [word if word != typed else f"−{typed[1:]}" for word in words]


@pytest.mark.parametrize(
    "words",
    [
        ["-o", "-laos"],
        ["-qo", "-laos"],
        ["--output", "-laos"],
        ["--output=-laos", "-q"],
        ["-ox.png", "-oout/", "-o-", "-qox.svg"],
        ["-", "japan"],
        ["--json", "-h", "-x", "--laos", "--lap=-3"],
        ["--", "-laos"],
    ],
)
def test_an_option_is_no_sum(words: list[str]) -> None:
    assert minus.with_sums(words, compose) == words


def test_a_number_behind_its_letter_is_an_option() -> None:
    assert minus.with_sums(["-n5", "-n", "-3", "-norway"], neighbors) == ["-n5", "-n", "-3", "−norway"]


def test_every_command_that_reads_sums_is_known() -> None:
    def completes(command: str) -> bool:
        function = import_module(f"flagsae.cli.{command}").command
        parameters = inspect.signature(function, eval_str=True).parameters.values()
        return any(
            getattr(info, "autocompletion", None) in (complete_flags, complete_terms)
            for parameter in parameters
            for info in getattr(parameter.annotation, "__metadata__", ())
        )

    assert {command for command in COMMANDS if completes(command)} - {"reconstruct"} == set(minus.COMMANDS)


def test_sums_that_begin_with_minus_are_read(little: list[str]) -> None:
    for words, name in (
        (["compose", "-sweden + japan"], "-Sweden + Japan"),
        (["compose", "japan", "-0.5*sweden"], "Japan - 0.5*Sweden"),
        (["neighbors", "-sweden+japan", "-n", "2"], "-Sweden + Japan"),
        (["compose", *little, "--", "-sweden + japan"], "-Sweden + Japan"),
    ):
        result = run(*words, *(little if "--" not in words else ()))
        assert result.returncode == 0 and json.loads(result.stdout)["name"] == name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compose", "japan", "--stepz", "3"], "no such option: --stepz (Possible options: --help, --size, --steps)"),
        (["compose", "japan", "-x"], "no such option: -x"),
        (["neighbors"], "missing argument 'FLAG...'"),
        (["neighbors", "japan", "-n", "0"], "0 is not in the range"),
        (["compoze", "japan"], "Did you mean 'compose'?"),
    ],
)
def test_what_is_neither_is_a_line(words: list[str], said: str) -> None:
    result = run(*words)
    known = f"flagsae {words[0]} --help" if words[0] in COMMANDS else "flagsae --help"
    assert result.returncode == 2 and result.stdout == ""
    assert said in result.stderr and result.stderr.endswith(f"{known} tells what there is\n")
    assert result.stderr.count("\n") == 1
