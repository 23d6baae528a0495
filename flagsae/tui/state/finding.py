"""Search for flags by their names and by what is on them, and orders of flags.

Letters: N flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from colorsys import rgb_to_hsv
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

import numpy as np

from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name, fold
from flagsae.sae.embedding import nearest
from flagsae.workspace.workspace import Workspace

STOP_WORDS = frozenset(("a", "an", "and", "at", "in", "of", "on", "the", "with"))
LEAST_LETTERS = 3  # of a word that is another one for a thing: x begins more than "x", which is a saltire
GREY = 0.2  # saturation or value, from 0 to 1, below which a colour is sorted as a grey (by eye)
RED_END = 0.1  # added to hues, as a share of their circle: pinkish and orange reds both come first (by eye)


class Closeness(IntEnum):
    """How well a flag matches a search, the best first."""

    NAMED = 0  # the text is one of its names, or its code
    NAME = 1  # all words are in its names
    PHRASE = 2  # all words are in one phrase about it
    APART = 3  # all words are in its names and phrases, but not in one of them


@lru_cache(64)
def other_words(text: str) -> str:
    """A text with what descriptions say in place of other words for the same: "gold circle" as "yellow disc"."""
    words, pattern = _synonyms()
    return pattern.sub(lambda found: words[found[0].lower()], text)


@lru_cache(1)
def _synonyms() -> tuple[dict[str, str], re.Pattern[str]]:
    """Other words for colours and things, with those of descriptions, and a pattern that finds them."""
    from flagsae.design import lexicon, shades

    pairs = {**lexicon.ONE, **lexicon.MANY, **shades.SYNONYMS}
    words = {word: said for word, said in pairs.items() if len(word) >= LEAST_LETTERS}
    longest = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return words, re.compile(rf"\b({longest})\b", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """The words of a text, folded as names are: without accents, in lower case."""
    return [word for word in fold(text).split("-") if word]


class Finder:
    """An index of N flags by their names, and by the phrases that it was given with `learn`."""

    def __init__(self, names: Sequence[Name]) -> None:
        spellings = [(name.slug, name.title, *name.others) for name in names]
        self._keys = [frozenset(map(fold, texts)) for texts in spellings]
        self._names = [frozenset(word for text in texts for word in words_of(text)) for texts in spellings]
        self._phrases: list[list[frozenset[str]]] = [[] for _ in names]

    def learn(self, flag: int, phrase: str) -> None:
        """Adds a phrase about a flag: "green star", "three horizontal stripes, red, white, blue"."""
        self._phrases[flag].append(frozenset(words_of(phrase)) - STOP_WORDS)

    def closeness(self, flag: int, text: str) -> Closeness | None:
        """How well a flag matches a text; None if it doesn't. A word of the text matches the words that begin with it,
        and its singular: "mor" matches Morocco, "stars" a star; other words for a colour or a thing match it too."""
        found = [self._closeness(flag, one) for one in dict.fromkeys((text, other_words(text)))]
        return min((close for close in found if close is not None), default=None)

    def _closeness(self, flag: int, text: str) -> Closeness | None:
        wanted = words_of(text)
        if not wanted or fold(text) in self._keys[flag]:
            return Closeness.NAMED
        # Stop words are dropped: "star in the canton" searches for a star and a canton. A text of nothing else keeps
        # them, since it may be the beginning of a name: "in" finds India.
        wanted = [word for word in wanted if word not in STOP_WORDS] or wanted
        names, phrases = self._names[flag], self._phrases[flag]
        if all(_matches(word, names) for word in wanted):
            return Closeness.NAME
        if any(all(_matches(word, phrase) for word in wanted) for phrase in phrases):
            return Closeness.PHRASE
        if all(any(_matches(word, words) for words in (names, *phrases)) for word in wanted):
            return Closeness.APART
        return None

    def find(self, text: str) -> dict[int, Closeness]:
        """The flags that match a text, by position, in the order of the dataset. An empty text matches all."""
        found = {flag: self.closeness(flag, text) for flag in range(len(self._names))}
        return {flag: close for flag, close in found.items() if close is not None}


def _matches(wanted: str, words: frozenset[str]) -> bool:
    return _singular(wanted) in words or any(word.startswith(wanted) for word in words)


def _singular(word: str) -> str:
    """A word without the ending of a plural, by rules that do for the words of descriptions."""
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# Orders.


@dataclass(frozen=True, eq=False)
class Order:
    """All flags, sorted."""

    words: str  # what they are sorted by, as the screen says it
    flags: Sequence[int]  # positions in the dataset, the first first
    notes: Mapping[int, str] = field(default_factory=dict)  # position -> the line under the flag's name


def by_name(dataset: Dataset) -> Order:
    names = dataset.flags.names
    return Order("name", sorted(range(len(names)), key=lambda flag: fold(names[flag].title)))


def by_colour(dataset: Dataset) -> Order:
    """By the hue of the colour that covers most of a flag, in that flag's own shade of it. White, grey and black come
    last, the lightest first."""
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
    """By the cosine between each flag's code and the code of `flag`, which comes first."""
    alike = workspace.alike(workspace.codes[flag])
    flags = [flag, *nearest(alike, len(alike) - 1, without=flag)]
    return Order(
        f"likeness to {workspace.collection.title(flag)}", flags, {one: f"{alike[one]:.2f} alike" for one in flags}
    )


def by_error(workspace: Workspace) -> Iterator[Order | int]:
    """By the error of the model's reconstruction, the largest first. It takes seconds, so it yields before each flag
    the number of flags that are done, and the order at the end."""
    errors = {}
    for flag in range(len(workspace.collection)):
        yield flag
        errors[flag] = workspace.error(flag)
    flags = sorted(errors, key=lambda flag: -errors[flag])
    yield Order("error", flags, {flag: f"{100 * error:.2f} % off" for flag, error in errors.items()})
