"""Two sequences side by side, in order: which of one belongs to which of the other.

>>> pairs("abcd", "bxd", lambda one, other: 0.0 if one == other else 9.0)
[('a', None), ('b', 'b'), ('c', None), (None, 'x'), ('d', 'd')]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import TypeVar

T = TypeVar("T")

LONE = 1.0  # what it costs that something has no partner: two that could be a pair are one below twice that
# Of stripes; by eye. Distances are those of OKLab times the share of the flag that is painted anew.
COMES = 0.3  # for a stripe that grows out of a line, or shrinks to one
HEAP = 0.03  # more for each one that does so beside another: many would become a heap of lines
SHIFT = 0.05  # for moving by the whole flag, between ways that cost the same otherwise


def pairs(ones: Sequence[T], others: Sequence[T], cost: Callable[[T, T], float]) -> list[tuple[T | None, T | None]]:
    """Both sequences as one, in which each stands alone or with its partner, at the least cost of all.

    cost: of a pair; from 2 on they stand alone.
    """
    rows, columns = len(ones), len(others)
    least = [[0.0] * (columns + 1) for _ in range(rows + 1)]  # of what comes from there on
    paid = {}
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            price = cost(one, other)
            paid[i, j] = price if price < 2 * LONE else inf
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            ways = [least[i + 1][j] + LONE] if i < rows else []
            ways += [least[i][j + 1] + LONE] if j < columns else []
            ways += [least[i + 1][j + 1] + paid[i, j]] if i < rows and j < columns else []
            least[i][j] = min(ways, default=0.0)
    found: list[tuple[T | None, T | None]] = []
    i = j = 0
    while i < rows or j < columns:
        if i < rows and j < columns and least[i][j] == least[i + 1][j + 1] + paid[i, j]:
            found.append((ones[i], others[j]))
            i, j = i + 1, j + 1
        elif i < rows and least[i][j] == least[i + 1][j] + LONE:
            found.append((ones[i], None))
            i += 1
        else:
            found.append((None, others[j]))
            j += 1
    return found


@dataclass(frozen=True)
class Piece:
    """A stripe that two grounds of stripes have in common."""

    one: int | None
    """The number of the stripe of the first that it is a part of; None where the first has it with no width."""
    other: int | None
    """Of the second."""
    widths: tuple[float, float]
    """In the first and in the second, shares of the flag."""


def stripes(ones: Sequence[float], others: Sequence[float], apart: Callable[[int, int], float]) -> tuple[Piece, ...]:
    """Two grounds of stripes as one, whose pieces run from the first's widths and colours to the second's.

    A stripe is split where it belongs to several; one that belongs to none has no width in the other.
    ones, others: the widths of their stripes; apart: how far the colours of two are apart.
    """
    if len(ones) == len(others) == 1:
        return (Piece(0, 0, (1.0, 1.0)),)
    middles = [sum(ones[:i]) + width / 2 for i, width in enumerate(ones)]
    far = [sum(others[:j]) + width / 2 for j, width in enumerate(others)]

    def joined(i: int, j: int) -> float:
        return min(ones[i], others[j]) * (apart(i, j) + SHIFT * abs(middles[i] - far[j]))

    @lru_cache(None)
    def best(i: int, j: int, open_one: bool, open_other: bool, heap: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        """The least cost of all from stripes i and j on, and its pairs; -1 for none. open: whether the stripe before
        has a partner, and may be split for a further one; heap: how many without one stand before these."""
        if i == len(ones) and j == len(others):
            return 0.0, ()
        ways = []

        def way(paid: float, pair: tuple[int, int], rest: tuple[float, tuple[tuple[int, int], ...]]) -> None:
            ways.append((paid + rest[0], (pair, *rest[1])))

        if i < len(ones) and j < len(others):
            way(joined(i, j), (i, j), best(i + 1, j + 1, True, True, 0))
        if j < len(others) and open_one:
            way(joined(i - 1, j), (i - 1, j), best(i, j + 1, True, True, 0))
        if i < len(ones) and open_other:
            way(joined(i, j - 1), (i, j - 1), best(i + 1, j, True, True, 0))
        if i < len(ones):
            way(COMES * ones[i] + HEAP * heap, (i, -1), best(i + 1, j, False, open_other, heap + 1))
        if j < len(others):
            way(COMES * others[j] + HEAP * heap, (-1, j), best(i, j + 1, open_one, False, heap + 1))
        return min(ways)

    found = best(0, 0, False, False, 0)[1]
    matched = [(i, j) for i, j in found if i >= 0 and j >= 0]
    count = [sum(one == i for one, _ in matched) for i in range(len(ones))]
    counts = [sum(other == j for _, other in matched) for j in range(len(others))]

    def widths(i: int, j: int) -> tuple[float, float]:
        """Of a matched piece: a stripe is split in the proportions of those that its parts belong to."""
        along = [others[b] / counts[b] for a, b in matched if a == i]
        across = [ones[a] / count[a] for a, b in matched if b == j]
        return ones[i] * (others[j] / counts[j]) / sum(along), others[j] * (ones[i] / count[i]) / sum(across)

    return tuple(
        Piece(i, j, widths(i, j))
        if i >= 0 and j >= 0
        else Piece(i, None, (ones[i], 0.0))
        if j < 0
        else Piece(None, j, (0.0, others[j]))
        for i, j in found
    )
