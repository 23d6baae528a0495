"""A step of a search for a design."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flagsae.design.design import Design
from flagsae.design.edits.things import Thing

COLOURS = 3  # that are tried for one thing


@dataclass(frozen=True)
class Step:
    """A change of a design, which may be done in several ways."""

    promise: float
    """How much of the gap to what is wanted it may close."""
    make: Callable[[], Iterable[Design]]
    """The designs that it leads to."""


def noun_of(thing: Thing) -> str:
    return thing.phrase.noun
