"""Flags of a dataset, mixed: two at a time, in the order that gives the best design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from weakref import WeakKeyDictionary

from flagsae.design.design import Design
from flagsae.design.feature_table import Table
from flagsae.design.features import features_of
from flagsae.design.vectors import design_of, vector, vectors
from flagsae.flags.dataset import Dataset, Flags
from flagsae.mixing.judging import Known
from flagsae.mixing.parent import Parent, parent
from flagsae.mixing.settle import Mixed, Settling, cheapest

CARRIED_ON = 2  # designs of two flags, to which a third is added

_known: WeakKeyDictionary[Dataset, Known] = WeakKeyDictionary()


def known_flags(dataset: Dataset) -> Known:
    """What a sum of a dataset's flags is compared with; made once."""
    if dataset not in _known:
        told = vectors(dataset)
        _known[dataset] = Known(Table.of(told), told)
    return _known[dataset]


def parent_of(dataset: Dataset, flag: Flags, key: str, amount: float, design: Design | None = None) -> Parent | None:
    """A flag (N = 1) as a parent; None where it has no design. key: its name in expressions; design: where it is
    known."""
    own = design or design_of(dataset, flag)
    if own is None:
        return None
    features = features_of(own) if design is not None else vector(dataset, flag)
    return parent(key, flag.names[0].title, own, features, amount)


def mixed(parents: Sequence[Parent], known: Known, count: int = 1) -> Iterator[list[Mixed]]:
    """The designs of a sum of two flags or more, the best first: soon of few candidates, then the best of all.

    The parents' weights are amounts, of which only the ratios count. The order of the parents does not.
    """
    most = max(one.weight for one in parents)
    ordered = sorted(
        (replace(one, weight=one.weight / most) for one in parents), key=lambda one: (-one.weight, one.key)
    )
    if len(ordered) == 2:
        yield from Settling(ordered, known).search(count)
        return
    found: list[Mixed] = []
    for pair in combinations(range(3), 2):
        (third,) = set(range(3)) - set(pair)
        two = [ordered[at] for at in pair]
        *_, firsts = Settling(two, known).search(CARRIED_ON)
        for first in firsts:
            found += _joined(first, two, ordered[third], known, count)
            if len(found) == count:
                yield found
    found = cheapest(found)
    for at in range(3, len(ordered)):
        found = _joined(found[0], ordered[:at], ordered[at], known, count)
    yield found[:count]


def _joined(first: Mixed, done: Sequence[Parent], another: Parent, known: Known, count: int) -> list[Mixed]:
    """A mixed design with one more flag."""
    title = " + ".join(one.title for one in done)
    weight = max(one.weight for one in done)
    own = parent("+".join(one.key for one in done), title, first.design, features_of(first.design), weight)
    *_, found = Settling([own, another], known, [*done, another]).search(count)
    return [replace(one, says=f"{first.says}; {one.says}", recipe=f"{first.recipe}, {one.recipe}") for one in found]
