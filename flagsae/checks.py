"""What a file may say: one small check a field, and nothing of a file is used before it has passed.

A check is a function that gets a value and says what is wrong with it, with a space or a "." in front, as it is written
behind the field's name; it says "" where nothing is. The rows of `Fields` and `Arrays` stand with the kinds of files
that they describe, as `KIND` does in `flagsae.sae.crisp`.

Letters in an array's shape stand for sizes: the first array that has one says what it is, "3H" is three times "H".
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
Sizes: TypeAlias = dict[str, int]

LARGEST = 10**9
TYPES = {
    "float": ("float16", "float32", "float64"),
    "whole": ("int32", "int64"),
    "byte": ("uint8",),
}


class Damaged(Exception):
    """What is wrong with a file, in one line without the file's name."""


def short(value: object) -> str:
    """A value of a file in a line about it."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def exactly(right: object) -> Check:
    return lambda value: "" if type(value) is type(right) and value == right else f" is {short(value)}, not {right!r}"


def whole(least: int = 0, most: int = LARGEST) -> Check:
    def check(value: Any) -> str:
        right = type(value) is int and least <= value <= most
        return "" if right else f" is no whole number from {least} to {most}: {short(value)}"

    return check


def number(least: float = -LARGEST, most: float = LARGEST) -> Check:
    def check(value: Any) -> str:
        right = type(value) in (int, float) and least <= value <= most  # NaN is not
        return "" if right else f" is no number from {least:g} to {most:g}: {short(value)}"

    return check


def text(most: int = 1000) -> Check:
    def check(value: Any) -> str:
        right = isinstance(value, str) and len(value) <= most and not re.search("[\ud800-\udfff]", value)
        return "" if right else f" is no text of at most {most} characters: {short(value)}"

    return check


def optional(inner: Check) -> Check:
    """None, or what passes."""
    return lambda value: "" if value is None else inner(value)


def listed(inner: Check, least: int = 0, most: int = LARGEST) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, list) or not least <= len(value) <= most:
            return f" is no list of {least}{f' to {most}' if most < LARGEST else ' or more'}: {short(value)}"
        return next((f"[{place}]{wrong}" for place, one in enumerate(value) if (wrong := inner(one))), "")

    return check


def table(inner: Check) -> Check:
    """Names, and behind each what passes."""

    def check(value: Any) -> str:
        if not isinstance(value, dict):
            return f" is no table: {short(value)}"
        return next((f".{short(key)}{wrong}" for key, one in value.items() if (wrong := inner(one))), "")

    return check


def fields(needed: Mapping[str, Check], more: Mapping[str, Check] | None = None) -> Check:
    """A table that has all fields of `needed`, and of `more` what it likes; what it has besides is nobody's."""

    def check(value: Any) -> str:
        if not isinstance(value, dict):
            return f" is no table: {short(value)}"
        missing = next((f".{name} is missing" for name in needed if name not in value), "")
        known = {**needed, **(more or {})}
        return missing or next((f".{n}{wrong}" for n in known if n in value and (wrong := known[n](value[n]))), "")

    return check


@dataclass(frozen=True)
class Array:
    """kind: of `TYPES`; shape: numbers and letters; least, most: of its values, which are finite; optional: may be
    missing; empty: may have no rows."""

    kind: str
    shape: tuple[int | str, ...]
    least: float = -math.inf
    most: float = math.inf
    optional: bool = False
    empty: bool = False

    def fits(self, name: str, kind: str, shape: tuple[int, ...], sizes: Sizes) -> None:
        """Raises `Damaged` where another type or shape is claimed. sizes: of the letters so far; new ones come in."""
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
        """Raises `Damaged` where a value is not finite or out of range."""
        if self.kind == "float" and not np.isfinite(values).all():
            raise Damaged(f"{name} has numbers that are not finite")
        limited = (self.least, self.most) != (-math.inf, math.inf)
        if limited and values.size and not (values.min() >= self.least and values.max() <= self.most):
            raise Damaged(f"{name} has values beyond {self.least:g} to {self.most:g}")


def _parsed(size: int | str) -> tuple[int, str]:
    """("3H" is (3, "H"), 7 is (7, ""))."""
    if isinstance(size, int):
        return size, ""
    letter = size.lstrip("0123456789")
    return int(size.removesuffix(letter) or 1), letter
