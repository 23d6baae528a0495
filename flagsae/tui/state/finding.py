"""Finding flags by what they are called and by what is on them, and putting them in order.

Letters: N flags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from colorsys import rgb_to_hsv
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name, fold
from flagsae.sae.embedding import nearest
from flagsae.workspace.workspace import Workspace

LITTLE = frozenset(("a", "an", "and", "at", "in", "of", "on", "the", "with"))  # words that say nothing of a flag
GREY = 0.2  # of a colour's saturation, and of its value: under it there is no hue
RED_END = 0.1  # of the circle of hues: where a row of flags begins, so that reds stay together


class Closeness(IntEnum):
    """How well a flag is what was asked for, the best first."""

    NAMED = 0  # that is its name, or its code
    NAME = 1  # all words are in its names
    PHRASE = 2  # all words are in one thing that is said of it
    APART = 3  # each word is somewhere in what is said of it, or in its names


def words_of(text: str) -> list[str]:
    return [word for word in fold(text).split("-") if word]


class Finder:
    """Knows the names of N flags, and of what is on them as much as it has been told."""

    def __init__(self, names: Sequence[Name]) -> None:
        called = [(name.slug, name.title, *name.others) for name in names]
        self._keys = [frozenset(map(fold, texts)) for texts in called]
        self._names = [frozenset(word for text in texts for word in words_of(text)) for texts in called]
        self._phrases: list[list[frozenset[str]]] = [[] for _ in names]

    def learn(self, flag: int, phrase: str) -> None:
        """A thing that is said of a flag: "green star", "three horizontal stripes, red, white, blue"."""
        self._phrases[flag].append(frozenset(words_of(phrase)) - LITTLE)

    def closeness(self, flag: int, text: str) -> Closeness | None:
        """How well a flag is what a text asks for; None where it is not. A word may be the beginning of one, or a
        plural: "stars" finds a star."""
        asked = words_of(text)
        if not asked or fold(text) in self._keys[flag]:
            return Closeness.NAMED
        # "star in the canton" is a star and a canton; "in" alone begins a name.
        asked = [word for word in asked if word not in LITTLE] or asked
        names, phrases = self._names[flag], self._phrases[flag]
        if all(_said(word, names) for word in asked):
            return Closeness.NAME
        if any(all(_said(word, phrase) for word in asked) for phrase in phrases):
            return Closeness.PHRASE
        if all(any(_said(word, words) for words in (names, *phrases)) for word in asked):
            return Closeness.APART
        return None

    def find(self, text: str) -> dict[int, Closeness]:
        """All flags that a text finds, in their own order; without a text all."""
        found = {flag: self.closeness(flag, text) for flag in range(len(self._names))}
        return {flag: close for flag, close in found.items() if close is not None}


def _said(asked: str, words: frozenset[str]) -> bool:
    one = _singular(asked)
    return one in words or any(word.startswith(asked) for word in words)


def _singular(word: str) -> str:
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# Orders.


@dataclass(frozen=True, eq=False)
class Order:
    """All flags in a row. words: what it is by; notes: what is said of each flag there."""

    words: str
    flags: Sequence[int]
    notes: Mapping[int, str] = field(default_factory=dict)


def by_name(dataset: Dataset) -> Order:
    names = dataset.flags.names
    return Order("name", sorted(range(len(names)), key=lambda flag: fold(names[flag].title)))


def by_colour(dataset: Dataset) -> Order:
    """By the hue of what covers most of a flag, in its own tint; white, grey and black come last, the light first."""
    flags, colours = dataset.flags, len(dataset.palette)
    keys, notes = {}, {}
    for flag, labels in enumerate(flags.labels):
        main = int(np.bincount(labels.ravel(), minlength=colours).argmax())
        hue, saturation, value = rgb_to_hsv(*(int(part) / 255 for part in flags.tints[flag][main]))
        grey = saturation < GREY or value < GREY
        keys[flag] = (True, -value) if grey else (False, (hue + RED_END) % 1)
        notes[flag] = dataset.palette.names[main]
    return Order("main colour", sorted(keys, key=keys.__getitem__), notes)


def by_likeness(workspace: Workspace, flag: int) -> Order:
    """By the cosine of codes with a flag's, that flag first."""
    alike = workspace.alike(workspace.codes[flag])
    flags = [flag, *nearest(alike, len(alike) - 1, without=flag)]
    return Order(
        f"likeness to {workspace.collection.title(flag)}", flags, {one: f"{alike[one]:.2f} alike" for one in flags}
    )


def by_error(workspace: Workspace) -> Iterator[Order | int]:
    """By how far flags are from what the model makes of them, the farthest first. Takes seconds: the number of flags
    done is yielded before each, and the order last."""
    errors = {}
    for flag in range(len(workspace.collection)):
        yield flag
        errors[flag] = workspace.error(flag)
    flags = sorted(errors, key=lambda flag: -errors[flag])
    yield Order("error", flags, {flag: f"{100 * error:.2f} % off" for flag, error in errors.items()})
