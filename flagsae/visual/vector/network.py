"""The borders between the areas of a label map, as a network.

A junction is a lattice point where three or four areas meet. A chain is a border between two junctions, or a closed
one without any. A stroke is a sequence of chains that continue each other straight through junctions. Coordinates are
in pixels of the map: x right, y down, (0, 0) the upper left corner of its frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Path: TypeAlias = Floats  # S x 4 x 2: S cubic Béziers end to end; of a straight line the controls are at its two ends
Step: TypeAlias = tuple[int, bool]  # a chain's number, and whether it is followed forwards

OUTSIDE, TRANSPARENT = -1, -2  # labels of what is beyond the frame, and of pixels that belong to no shape
AHEAD = 7  # pixels from its end over which a chain's direction there is measured
STRAIGHT_ON = -0.77  # largest cosine between chains that continue each other: opposite within about 40 degrees


class Network:
    """The borders of a label map, cut into chains at its junctions. cells: h x w, labels or `TRANSPARENT`.

    chains: the lattice points of each chain, (n + 1) x 2, one pixel apart; the first again at the end of a closed one.
    sides: the labels on the right and on the left of each chain.
    ends: the numbers of the lattice points (junctions) where each chain starts and ends; -1, -1 for a closed one.

    Where four pixels meet like on a chessboard, two diagonal pixels of one label are connected and separate the other
    two, so that a thin diagonal line is not cut into squares. If both pairs could be connected, the label that is
    rarer in the neighbourhood is.
    """

    def __init__(self, cells: NDArray[np.int16]) -> None:
        padded = np.pad(cells, 1, constant_values=OUTSIDE)
        self.height, self.width = cells.shape
        nw, ne, sw, se = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
        # A half-edge leaves lattice point v in direction d (east, south, west, north). It belongs to the label on its
        # right; the half-edge in the opposite direction, its twin, to that on its left.
        right = np.stack([se, sw, nw, ne]).reshape(4, -1)
        exists = right != right[[3, 0, 1, 2]]
        falling, rising = right[0] == right[2], right[1] == right[3]
        pinched = exists.all(0) & (falling | rising)
        joined = np.where(falling, right[0], right[1])
        for pinch in np.flatnonzero(pinched & falling & rising).tolist():
            row, column = divmod(pinch, self.width + 1)
            around = padded[max(row - 2, 0) : row + 4, max(column - 2, 0) : column + 4]
            one, two = right[:2, pinch].tolist()
            joined[pinch] = min((np.count_nonzero(around == label), label) for label in (one, two))[1]
        junction = (exists.sum(0) > 2) & ~pinched

        d, v = np.nonzero(exists)
        end = v + np.array([1, self.width + 1, -1, -self.width - 1])[d]
        # The next half-edge turns right where it can, so that a contour keeps to its own pixels. At a chessboard point
        # the connected label turns left instead, which leads around both of its pixels.
        turns = (d + 1) % 4, d, (d + 3) % 4
        on = np.where(exists[turns[0], end], turns[0], np.where(exists[turns[1], end], turns[1], turns[2]))
        on = np.where(pinched[end] & (right[d, v] == joined[end]), turns[2], on)
        number = np.zeros(exists.shape, np.int64)
        number[d, v] = np.arange(len(d))
        self._start, self._end, self._right = v.tolist(), end.tolist(), right[d, v].tolist()
        self._next, self._twin = number[on, end].tolist(), number[(d + 2) % 4, end].tolist()
        self._stops: list[bool] = junction[end].tolist()

        self.chains: list[Floats] = []
        self.sides: list[tuple[int, int]] = []
        self.ends: list[tuple[int, int]] = []
        self._steps: dict[int, Step] = {}  # the half-edge that a step starts with -> the step
        self._after: dict[Step, int] = {}  # step -> the half-edge that follows it in its contour
        free = bytearray(b"\1") * len(d)
        for half_edge in [*np.flatnonzero(junction[v]).tolist(), *range(len(d))]:
            if free[half_edge]:
                self._walk(half_edge, free)

    def _walk(self, half_edge: int, free: bytearray) -> None:
        """Follows a chain from its first half-edge to its end, or once around if it is closed, and records it."""
        walked = [half_edge]
        while not self._stops[walked[-1]] and (following := self._next[walked[-1]]) != half_edge:
            walked.append(following)
        back = [self._twin[one] for one in reversed(walked)]
        for one in walked + back:
            free[one] = 0
        loop = not self._stops[walked[-1]]
        points = [self._start[one] for one in walked] + [self._end[walked[-1]]]
        for way, run in ((True, walked), (False, back)):
            self._steps[run[0]] = (len(self.chains), way)
            self._after[len(self.chains), way] = run[0] if loop else self._next[run[-1]]
        self.chains.append(self.place(points))
        self.sides.append((self._right[half_edge], self._right[back[0]]))
        self.ends.append((-1, -1) if loop else (points[0], points[-1]))

    def cycles(self) -> list[tuple[int, list[Step]]]:
        """(label, steps) of every closed contour of every label, `TRANSPARENT` too; the label is on the right of the
        steps."""
        found: list[tuple[int, list[Step]]] = []
        done: set[Step] = set()
        for first in self._after:
            label = self.sides[first[0]][not first[1]]
            if first in done or label == OUTSIDE:
                continue
            cycle = [first]
            while (step := self._steps[self._after[cycle[-1]]]) != first:
                cycle.append(step)
            done.update(cycle)
            found.append((label, cycle))
        return found

    def place(self, numbers: Sequence[int]) -> Floats:
        """x, y of lattice points, by their numbers; n x 2."""
        return np.stack(np.divmod(np.array(numbers, int), self.width + 1)[::-1], 1).astype(float)

    def points(self, step: Step) -> Floats:
        chain, forwards = step
        return self.chains[chain] if forwards else self.chains[chain][::-1]

    def start(self, step: Step) -> int:
        """The junction that a step starts at, or -1."""
        return self.ends[step[0]][not step[1]]

    def end(self, step: Step) -> int:
        return self.ends[step[0]][step[1]]

    def inner(self, chain: int) -> bool:
        """Whether a chain is inside the map: not a part of its frame."""
        return OUTSIDE not in self.sides[chain]


@dataclass
class Stroke:
    """Chains that continue each other straight through junctions, and that are fitted as one curve."""

    steps: list[Step]
    """Its chains, in order."""
    points: Floats
    """(N + 1) x 2, its lattice points; the first again at the end of a closed stroke."""
    marks: Ints
    """Indices of the points at which its steps start and the last one ends; modulo N in a closed stroke."""
    closed: bool
    path: Path = field(default_factory=lambda: np.zeros((0, 4, 2)))
    """The fitted curve: empty until it is fitted."""
    places: Floats = field(default_factory=lambda: np.zeros(0))
    """Indices of the points, with fractions, at which the pieces of the path start; modulo N in a closed stroke."""


def strokes_of(network: Network) -> list[Stroke]:
    """The strokes of a network, not fitted yet; each chain inside the map is in exactly one of them."""
    mates = _continuations(network)
    every = [(chain, way) for chain in range(len(network.chains)) if network.inner(chain) for way in (True, False)]
    strokes: list[Stroke] = []
    done: set[int] = set()
    for first in [step for step in every if step not in mates] + every:
        if first[0] in done:
            continue
        steps = [first]
        while (mate := mates.get((steps[-1][0], not steps[-1][1]))) and mate != first:
            steps.append(mate)
        done.update(chain for chain, _ in steps)
        runs = [network.points(step) for step in steps]
        points = np.concatenate([run[:-1] for run in runs] + [runs[-1][-1:]])
        marks = np.cumsum([0, *(len(run) - 1 for run in runs)])
        closed = mate == first or network.start(first) < 0
        if closed:
            cut = _sharpest(points)
            points, marks = np.concatenate([points[cut:-1], points[: cut + 1]]), marks - cut
        strokes.append(Stroke(steps, points, marks, closed))
    return strokes


def _continuations(network: Network) -> dict[Step, Step]:
    """Pairs of chains that continue each other at a junction; both are given as steps that leave it."""
    leaving: dict[int, list[Step]] = defaultdict(list)
    for chain, (start, end) in enumerate(network.ends):
        if start >= 0 and network.inner(chain):
            leaving[start].append((chain, True))
            leaving[end].append((chain, False))
    mates: dict[Step, Step] = {}
    for steps in leaving.values():
        away = {}
        for step in steps:
            points = network.points(step)
            chord = points[min(AHEAD, len(points) - 1)] - points[0]
            away[step] = chord / (np.hypot(*chord) or 1.0)
        for cosine, a, b in sorted((float(away[a] @ away[b]), a, b) for a in steps for b in steps if a < b):
            if cosine < STRAIGHT_ON and a not in mates and b not in mates:
                mates[a], mates[b] = b, a
    return mates


def _sharpest(points: Floats) -> int:
    """The index of a closed path's sharpest turn: a good place to cut it open."""
    span = max(1, min(AHEAD, len(points) // 4))
    ring = points[:-1]
    return int(np.argmin(((ring - np.roll(ring, span, 0)) * (np.roll(ring, -span, 0) - ring)).sum(1)))
