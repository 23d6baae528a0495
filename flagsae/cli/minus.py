"""Tells a sum that begins with minus, `-laos + morocco`, from options: `-o FILE`, `-qo FILE`, `-n5`.

A word that begins with a hyphen and is no option of the command is a sum. Its hyphen is replaced by the sign −, which
expressions read as minus and with which no option begins. A hyphen with one letter is always an option, and so is a
word that begins with two hyphens; before a sum that looks like one of these the user writes `--`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from typer.models import OptionInfo

COMMANDS = ("compose", "describe", "embed", "neighbors", "tui")  # that take sums
MINUS = "−"
# The values that may follow an option's letter without a space, by their type. Otherwise the word is a sum: -norway.
ATTACHED = {int: re.compile(r"\d+"), str: re.compile(r"-|[^\s+*]+(/|\.[A-Za-z]{3,4})")}


def with_sums(words: Sequence[str], command: Callable[..., Any]) -> list[str]:
    """The words of a command line after the subcommand's name, with − in place of the hyphen before sums."""
    kinds = _options(command)
    out = list(words)
    value = False  # whether this word is the value of the option before it
    for position, word in enumerate(words):
        if value:
            value = False
        elif word == "--":
            break
        elif word.startswith("--"):
            value = "=" not in word and kinds.get(word, bool) is not bool
        elif word.startswith("-") and len(word) > 1:
            sum_, value = _classify(word, kinds)
            if sum_:
                out[position] = MINUS + word[1:]
    return out


def _options(command: Callable[..., Any]) -> dict[str, type]:
    """The options of a command, with the types of their values; a bool takes none."""
    kinds: dict[str, type] = {"-h": bool, "--help": bool}
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        kind, info = get_args(parameter.annotation)[:2]
        if isinstance(info, OptionInfo):
            names = (info.default, *(info.param_decls or ()))  # Typer keeps the first name in `default`
            kinds |= {name: kind if kind in (bool, int) else str for name in names if isinstance(name, str)}
    return kinds


def _classify(word: str, kinds: Mapping[str, type]) -> tuple[bool, bool]:
    """Of a word with one hyphen: whether it is a sum, and whether its last option takes the next word as its value."""
    for position, letter in enumerate(word[1:], 1):
        kind, rest = kinds.get(f"-{letter}"), word[position + 1 :]
        if kind is None:
            return len(word) > 2, False
        if kind is not bool:
            return bool(rest) and not ATTACHED[kind].fullmatch(rest), not rest
    return False, False
