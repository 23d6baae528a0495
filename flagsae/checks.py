"""Checks of what files contain. Nothing of a file is used before it has passed them.

A check is a function of a value. It returns what is wrong with it, to be written directly after the field's name (" is
no table", ".epoch is missing"), or "" if nothing is. The tables of checks are in the modules of the files that they
describe, like `KIND` in `flagsae.sae.crisp`.

Letters in the shape of an array stand for sizes. The first array that has a letter determines its size; "3H" is three
times "H".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Check: TypeAlias = Callable[[Any], str]
Sizes: TypeAlias = dict[str, int]  # letter -> size

LARGEST = 10**9  # limit of numbers, and of the length of lists, that have no other limit
# The types of arrays that a kind of number may have.
TYPES = {
    "float": ("float16", "float32", "float64"),
    "whole": ("int32", "int64"),
    "byte": ("uint8",),
}


class Damaged(Exception):
    """What is wrong with a file, in one line without the file's name."""


def short(value: object) -> str:
    """A value of a file, shortened to be quoted in a message."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def exactly(right: object) -> Check:
    """Only this value."""
    return lambda value: "" if type(value) is type(right) and value == right else f" is {short(value)}, not {right!r}"


def whole(least: int = 0, most: int = LARGEST) -> Check:
    """A whole number in a range."""

    def check(value: Any) -> str:
        right = type(value) is int and least <= value <= most
        return "" if right else f" is no whole number from {least} to {most}: {short(value)}"

    return check


def number(least: float = -LARGEST, most: float = LARGEST) -> Check:
    """A number in a range, whole or not."""

    def check(value: Any) -> str:
        right = type(value) in (int, float) and least <= value <= most  # NaN fails this
        return "" if right else f" is no number from {least:g} to {most:g}: {short(value)}"

    return check


def text(most: int = 1000) -> Check:
    """A text of at most so many characters, without lone surrogates."""

    def check(value: Any) -> str:
        right = isinstance(value, str) and len(value) <= most and not re.search("[\ud800-\udfff]", value)
        return "" if right else f" is no text of at most {most} characters: {short(value)}"

    return check


def optional(inner: Check) -> Check:
    """None, or a value that passes `inner`."""
    return lambda value: "" if value is None else inner(value)


def listed(inner: Check, least: int = 0, most: int = LARGEST) -> Check:
    """A list of `least` to `most` values that all pass `inner`."""

    def check(value: Any) -> str:
        if not isinstance(value, list) or not least <= len(value) <= most:
            return f" is no list of {least}{f' to {most}' if most < LARGEST else ' or more'}: {short(value)}"
        return next((f"[{place}]{wrong}" for place, one in enumerate(value) if (wrong := inner(one))), "")

    return check


def table(inner: Check) -> Check:
    """A table (dict) with any keys, whose values all pass `inner`."""

    def check(value: Any) -> str:
        if not isinstance(value, dict):
            return f" is no table: {short(value)}"
        return next((f".{short(key)}{wrong}" for key, one in value.items() if (wrong := inner(one))), "")

    return check


def fields(needed: Mapping[str, Check], more: Mapping[str, Check] | None = None) -> Check:
    """A table that has all fields in `needed`, and perhaps some in `more`; other fields are not looked at."""

    def check(value: Any) -> str:
        if not isinstance(value, dict):
            return f" is no table: {short(value)}"
        missing = next((f".{name} is missing" for name in needed if name not in value), "")
        known = {**needed, **(more or {})}
        return missing or next((f".{n}{wrong}" for n in known if n in value and (wrong := known[n](value[n]))), "")

    return check


@dataclass(frozen=True)
class Array:
    """What an array in a file must be. All its values must be finite."""

    kind: str
    """A key of `TYPES`."""
    shape: tuple[int | str, ...]
    """The length of each axis: a number, a letter, or a number before a letter, as in "3H"."""
    least: float = -math.inf
    """The smallest value that it may have."""
    most: float = math.inf
    """The largest value that it may have."""
    optional: bool = False
    """Whether it may be missing."""
    empty: bool = False
    """Whether its axes may have the length 0."""

    def fits(self, name: str, kind: str, shape: tuple[int, ...], sizes: Sizes) -> None:
        """Raises `Damaged` if the file claims another type (kind) or shape. sizes: of the letters that are known; those
        that the shape determines are added."""
        if kind not in TYPES[self.kind]:
            raise Damaged(f"{name} is {short(kind)}, not {' or '.join(TYPES[self.kind])}")
        right = len(shape) == len(self.shape)
        for found, asked in zip(shape, self.shape, strict=False):
            times, letter = _parsed(asked)
            known = sizes.setdefault(letter, found // times) if letter else 1
            right = right and found == times * known and (found > 0 or self.empty)
        if not right:
            asked_for = " x ".join(f"{one}" for one in self.shape)
            letters = {letter: sizes[letter] for letter in (_parsed(one)[1] for one in self.shape) if letter in sizes}
            where = ", ".join(f"{letter} = {size}" for letter, size in letters.items())
            raise Damaged(f"{name} has shape {short(shape)}, not {asked_for}" + (f" with {where}" if where else ""))

    def holds(self, name: str, values: NDArray[Any]) -> None:
        """Raises `Damaged` if a value is not finite or out of range."""
        if self.kind == "float" and not np.isfinite(values).all():
            raise Damaged(f"{name} has numbers that are not finite")
        limited = (self.least, self.most) != (-math.inf, math.inf)
        if limited and values.size and not (values.min() >= self.least and values.max() <= self.most):
            outside = f"below {self.least:g}" if math.isinf(self.most) else f"beyond {self.least:g} to {self.most:g}"
            raise Damaged(f"{name} has values {outside}")


def _parsed(size: int | str) -> tuple[int, str]:
    """(number, letter) of an axis: "3H" is (3, "H"), 7 is (7, "")."""
    if isinstance(size, int):
        return size, ""
    letter = size.lstrip("0123456789")
    return int(size.removesuffix(letter) or 1), letter
