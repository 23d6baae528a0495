"""Sums to be judged, chosen by a rule and a seed, so that nobody has looked at them before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOURS, plain_word
from flagsae.design.vectors import vectors
from flagsae.errors import FlagsaeError
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.prepare import designs
from flagsae.mixing.compose import Operand
from flagsae.workspace.workspace import Workspace

Group: TypeAlias = tuple[int, ...]  # flags, by position in the dataset

# Amounts of the two flags of a weighted sum, in turn.
AMOUNTS = ((1, 2), (2, 1), (1, 0.5), (0.5, 1), (1, 3), (3, 1))
# Words that may be added to a flag, or taken from it.
THINGS = ("star", "crescent", "sun", "disc", "cross", "nordic cross", "saltire", "triangle", "border", "diagonal band")
WORDS = tuple(dict.fromkeys(plain_word(colour.name) for colour in COLOURS))
TRIES = 200  # flags that are looked at for one that a rule fits


@dataclass(frozen=True)
class Asked:
    """A sum, and what is expected of it."""

    expression: str
    parents: Group
    """Its flags with a plus."""
    expected: str = ""
    """In words, for who judges it; empty where both parents are to be seen and nothing else is asked for."""
    has: tuple[str, ...] = ()
    """Design features that it must have, in lower case,"""
    lacks: tuple[str, ...] = ()
    """and those that it must not have."""


@lru_cache(2)
def distinct(flags: Flags) -> NDArray[np.int64]:
    """N, one number for all flags that are near-duplicates of one another."""
    return designs(flags.canvas)


def groups(flags: Flags, count: int, size: int, seed: int) -> list[Group]:
    """`count` different sets of `size` flags, no two of them near-duplicates."""
    random, same, chosen = np.random.default_rng(seed), distinct(flags), dict[frozenset[int], Group]()
    while len(chosen) < count:
        group = tuple(random.choice(len(flags), size, replace=False).tolist())
        if len(set(same[list(group)].tolist())) == size:
            chosen.setdefault(frozenset(group), group)
    return list(chosen.values())


def plain_sums(dataset: Dataset, count: int, size: int, seed: int) -> list[Asked]:
    """Sums of two or three flags."""
    names = dataset.flags.names
    chosen = groups(dataset.flags, count, size, seed)
    return [Asked(" + ".join(names[flag].slug for flag in group), group) for group in chosen]


def weighted_sums(dataset: Dataset, count: int, seed: int) -> list[Asked]:
    """Sums of two flags with different amounts."""
    found = []
    for number, pair in enumerate(groups(dataset.flags, count, 2, seed)):
        amounts = AMOUNTS[number % len(AMOUNTS)]
        slugs = [dataset.flags.names[flag].slug for flag in pair]
        terms = [slug if amount == 1 else f"{amount:g}*{slug}" for slug, amount in zip(slugs, amounts, strict=True)]
        more = dataset.flags.names[pair[int(np.argmax(amounts))]].title
        found.append(Asked(" + ".join(terms), pair, f"both parents, and more of {more} than of the other"))
    return found


def changed_sums(dataset: Dataset, seed: int) -> Iterator[Asked]:
    """Sums with a minus or with a word, the `RULES` in turn, without end; each for a flag that it fits."""
    random = np.random.default_rng(seed)
    flags = _Named(dataset)
    while True:
        for rule in RULES:
            fitting = (rule(flags, int(random.integers(len(dataset.flags))), random) for _ in range(TRIES))
            yield from islice((asked for asked in fitting if asked is not None), 1)


def readable(asked: Iterable[Asked], space: Workspace, count: int) -> tuple[list[tuple[Asked, list[Operand]]], int]:
    """The first `count` sums that can be read, with their operands, and how many before them could not."""
    found: list[tuple[Asked, list[Operand]]] = []
    memory: dict[str, Operand] = {}
    refused = 0
    for one in islice(asked, 3 * count):
        if len(found) == count:
            break
        try:
            found.append((one, space.read(one.expression, memory)))
        except FlagsaeError:
            refused += 1
    return found, refused


class _Named:
    """What is on each flag, in words."""

    def __init__(self, dataset: Dataset) -> None:
        self.names = dataset.flags.names
        told = [set(map(str.lower, features)) for features in vectors(dataset)]
        self.colours = [[word for word in WORDS if word in features] for features in told]
        self.things = [[word for word in THINGS if word in features] for features in told]
        self.missing = [[word for word in THINGS if word not in features] for features in told]
        self.unused = [[word for word in WORDS if word not in features] for features in told]


Rule: TypeAlias = Callable[[_Named, int, np.random.Generator], Asked | None]


def _without_colour(flags: _Named, flag: int, random: np.random.Generator) -> Asked | None:
    if len(flags.colours[flag]) < 3:
        return None
    name, colour = flags.names[flag], _one(flags.colours[flag], random)
    expected = f"{name.title} with no {colour} left, filled sensibly, and all else as it was"
    return Asked(f"{name.slug} - {colour}", (flag,), expected, lacks=(colour,))


def _other_colour(flags: _Named, flag: int, random: np.random.Generator) -> Asked | None:
    if len(flags.colours[flag]) < 2:
        return None
    name, old, new = flags.names[flag], _one(flags.colours[flag], random), _one(flags.unused[flag], random)
    expected = f"{name.title} with {new} where it has {old}"
    return Asked(f"{name.slug} - {old} + {new}", (flag,), expected, (new,), (old,))


def _more(flags: _Named, flag: int, random: np.random.Generator) -> Asked | None:
    name, thing = flags.names[flag], _one(flags.missing[flag], random)
    expected = f"{name.title} and, where a designer would set it, a {thing}"
    return Asked(f"{name.slug} + {thing}", (flag,), expected, (thing,))


def _without_thing(flags: _Named, flag: int, random: np.random.Generator) -> Asked | None:
    if not flags.things[flag]:
        return None
    name, thing = flags.names[flag], _one(flags.things[flag], random)
    expected = f"{name.title} with no {thing} left, and all else as it was"
    return Asked(f"{name.slug} - {thing}", (flag,), expected, lacks=(thing,))


def _without_flag(flags: _Named, flag: int, random: np.random.Generator) -> Asked | None:
    other = int(random.integers(len(flags.names)))
    shared = [
        word
        for words in (flags.colours, flags.things)
        for word in words[flag]
        if word in words[other] and len(words[flag]) > 1
    ]
    if other == flag or not shared:
        return None
    one, two = flags.names[flag], flags.names[other]
    expected = f"{one.title} without, or with less of, what {two.title} has too: some of {', '.join(shared)}"
    return Asked(f"{one.slug} - {two.slug}", (flag,), expected)


def _pair_without_colour(flags: _Named, flag: int, random: np.random.Generator) -> Asked | None:
    other = int(random.integers(len(flags.names)))
    if other == flag or len(flags.colours[flag]) < 3:
        return None
    one, two, colour = flags.names[flag], flags.names[other], _one(flags.colours[flag], random)
    expected = f"a flag in which {one.title} and {two.title} can both be recognised, with no {colour}"
    return Asked(f"{one.slug} + {two.slug} - {colour}", (flag, other), expected, lacks=(colour,))


RULES: tuple[Rule, ...] = (
    _without_colour,
    _other_colour,
    _more,
    _without_thing,
    _without_flag,
    _pair_without_colour,
)


def _one(words: Sequence[str], random: np.random.Generator) -> str:
    return words[int(random.integers(len(words)))]
