"""A sum that begins with minus, `-laos + morocco`, told apart from options: `-o FILE`, `-qo FILE`, `-n5`.

What is no option of the command is a sum, which gets a minus that no option begins with, and that expressions read all
the same. A hyphen and one letter is always an option, and so is what begins with two hyphens: `--` stands before a sum
that looks like one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from typer.models import OptionInfo

COMMANDS = ("compose", "describe", "embed", "neighbors", "tui")  # whose words may be sums
MINUS = "−"
# What may stand right behind the letter of an option, by its kind; anything else is a name's rest, as in -norway.
ATTACHED = {int: re.compile(r"\d+"), str: re.compile(r"-|[^\s+*]+(/|\.[A-Za-z]{3,4})")}


def with_sums(words: Sequence[str], command: Callable[..., Any]) -> list[str]:
    """The words of a command line behind the subcommand's name, with another minus before its sums."""
    kinds = _options(command)
    out = list(words)
    value = False  # whether this word is what the option before it asks for
    for position, word in enumerate(words):
        if value:
            value = False
        elif word == "--":
            break
        elif word.startswith("--"):
            value = "=" not in word and kinds.get(word, bool) is not bool
        elif word.startswith("-") and len(word) > 1:
            sum_, value = _read(word, kinds)
            if sum_:
                out[position] = MINUS + word[1:]
    return out


def _options(command: Callable[..., Any]) -> dict[str, type]:
    """The options of a command, with what they take: a bool takes nothing."""
    kinds: dict[str, type] = {"-h": bool, "--help": bool}
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        kind, info = get_args(parameter.annotation)[:2]
        if isinstance(info, OptionInfo):
            names = (info.default, *(info.param_decls or ()))  # in an annotation, the first one stands there
            kinds |= {name: kind if kind in (bool, int) else str for name in names if isinstance(name, str)}
    return kinds


def _read(word: str, kinds: Mapping[str, type]) -> tuple[bool, bool]:
    """Whether a word with one hyphen is a sum, and whether its last letter asks for the next word."""
    for position, letter in enumerate(word[1:], 1):
        kind, rest = kinds.get(f"-{letter}"), word[position + 1 :]
        if kind is None:
            return len(word) > 2, False
        if kind is not bool:
            return bool(rest) and not ATTACHED[kind].fullmatch(rest), not rest
    return False, False
