"""Codes as places: how near flags are to each other, and a map of them in two dimensions.

Nearness is the cosine of two codes: what fires in both, whatever the strength. Codes of the `crisp` preset are nearly
all zeros, which mean "not there", and are compared as they are. In those of the `seed` preset every sigmoid is on a
little, and two flags with nothing in common are .6 alike; from dense codes their share of the known flags' mean code
is taken out first. It is taken out as a direction and not subtracted, so that a sum of two flags, which has the mean
in it twice, is near to both.

A map is of points in a unit square. Putting pictures of some size on it, so that none hides another, is a matter of
geometry alone and has its place here too: `spread` where all shall be seen, `arrange` where there is not enough room.

Letters: n codes of a call, N known flags, K features.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import Parameter, UsageError

Floats: TypeAlias = NDArray[np.float64]

METHODS = ("tsne", "pca")
PERPLEXITY = 20.0  # of t-SNE, where there are flags enough: 10 to 30 keep a flag's neighbours equally well
KNOWN = 1.0  # standard deviation of a map from which t-SNE sets out; its own maps have ten
EVEN = 0.5  # of a drawn map: how far points are moved towards their ranks
DENSE = 0.5  # codes with a greater share of active features are compared without their mean


def directions(codes: NDArray[np.floating], known: NDArray[np.floating]) -> Floats:
    """Codes of which the inner products are similarities: n x K, each of length 1, or 0 for a code without features.

    codes: n x K; known: N x K, those of the dataset's flags, which say what is usual.
    """
    out = np.asarray(codes, float)
    if len(known) > 1 and np.mean(known > 0) > DENSE:
        mean = np.mean(known, axis=0, dtype=float)
        out = out - np.outer(out @ mean, mean) / (mean @ mean)
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return out / np.where(length > 1e-9, length, np.inf)


def similarities(codes: NDArray[np.floating], known: NDArray[np.floating]) -> Floats:
    """The cosine of each code (n x K) with each known flag's (N x K): n x N, from -1 to 1."""
    return np.clip(directions(codes, known) @ directions(known, known).T, -1, 1)


def nearest(alike: Floats, count: int, without: int | None = None) -> list[int]:
    """The positions of the `count` greatest similarities, greatest first, equal ones in order. alike: N.

    without: a position that is left out, which is the flag's own. Raises `UsageError` where there are not so many.
    """
    order = [int(position) for position in np.argsort(-alike, kind="stable") if position != without]
    if count > len(order):
        others = "flags" if without is None else "other flags"
        raise UsageError(f"{count} is too many: this dataset has {len(order)} {others}", parameter="count")
    return order[:count]


def project(
    points: NDArray[np.floating],
    method: str = "tsne",
    seed: int = 0,
    perplexity: float | None = None,
    start: Floats | None = None,
) -> Floats:
    """A map in which near flags are near: n x 2, centred. points: n x K, as `directions` makes them.

    method "tsne" keeps each flag's neighbours (van der Maaten & Hinton 2008, on cosine distances, which keep two or
    three more of a hundred of them than the vectors' squared distances do); perplexity is about how many neighbours
    count. "pca" is the flattest view of the whole: the two directions in which codes differ most.

    start: n x 2, another map of the same flags, to which this one is turned so that the two can be compared, and from
    which t-SNE sets out in place of a random one. It leaves out its early exaggeration then, which tears maps apart:
    from one step of a run to another flags move a fifth as far as without a start, and as many neighbours are kept.
    """
    if method not in METHODS:
        raise UsageError(f"is one of {', '.join(METHODS)}, not {method!r}", parameter="method")
    if perplexity is not None and method != "tsne":
        raise UsageError("is of t-SNE: leave it out, or give ", Parameter("method"), " tsne", parameter="perplexity")
    count = len(points)
    if perplexity is not None and perplexity >= count > 1:
        reason = f"{perplexity:g} is too large for {count} flags: give less than {count}"
        raise UsageError(reason, parameter="perplexity")
    if count == 1:
        return np.zeros((1, 2))
    if method == "pca":
        return _turned(_pca(np.asarray(points, float)), start)
    from sklearn.manifold import TSNE

    chosen = perplexity if perplexity is not None else min(PERPLEXITY, max(1.0, (count - 1) / 3))
    first = "random" if start is None else (start - start.mean(0)) / max(float(start.std()), 1e-9) * KNOWN
    early = 12.0 if start is None else 1.0
    tsne = TSNE(perplexity=chosen, metric="cosine", init=first, early_exaggeration=early, random_state=seed, n_jobs=1)
    out = np.asarray(tsne.fit_transform(np.asarray(points, float)), float)
    return _turned(out - out.mean(0), start)


def _turned(points: Floats, towards: Floats | None) -> Floats:
    """Points turned about their middle, and mirrored if need be, to be as near to others as can be (Procrustes)."""
    if towards is None:
        return points
    left, _, right = np.linalg.svd(points.T @ (towards - towards.mean(0)))
    return points @ left @ right


def _pca(points: Floats) -> Floats:
    """The first two principal components; a component's sign is such that its longest entry is positive."""
    centred = points - points.mean(0)
    left, scale, _ = np.linalg.svd(centred, full_matrices=False)
    out = np.zeros((len(points), 2))
    kept = min(2, len(scale))
    out[:, :kept] = left[:, :kept] * scale[:kept]
    return out * np.where(out[np.abs(out).argmax(0), [0, 1]] < 0, -1, 1)


# Points on a sheet.


def unit_square(points: Floats, even: float = EVEN) -> Floats:
    """Points as shares of the frame that just holds them, from 0 to 1; in the middle where they don't differ. n x 2.

    even: from 0, the points as they are, to 1, their ranks. Between them, crowds get room from where there is none,
    and left of, right of, above and below stay true.
    """
    low, span = points.min(0), np.ptp(points, 0)
    shares = np.where(span > 1e-9, (points - low) / np.where(span > 1e-9, span, 1), 0.5)
    # Equal values have equal ranks: of those before them, and of those before or beside them, the middle.
    below = np.stack([np.searchsorted(np.sort(axis), axis) for axis in points.T], 1)
    beside = np.stack([np.searchsorted(np.sort(axis), axis, "right") for axis in points.T], 1)
    ranks = (below + beside - 1) / 2 / max(1, len(points) - 1)
    return (1 - even) * shares + even * ranks


def spread(middles: Floats, size: tuple[float, float], frame: tuple[float, float], steps: int = 400) -> Floats:
    """Middles of equal rectangles, moved apart a little at a time until hardly any overlap, or `steps` are done. n x 2.

    size: width, height of a rectangle; frame: those of the sheet, which they don't leave.
    """
    whole = np.array(size)
    low, high = whole / 2, np.maximum(whole, 2 * np.array(frame) - whole) / 2
    out = np.clip(middles, low, high)
    count = len(out)
    for _ in range(min(steps, 10**8 // count**2 + 1)):  # a thousand pictures get a hundred steps
        near = np.abs(np.subtract.outer(out[:, 0], out[:, 0])) < 0.98 * whole[0]
        near &= np.abs(np.subtract.outer(out[:, 1], out[:, 1])) < 0.98 * whole[1]
        np.fill_diagonal(near, False)
        one, other = np.nonzero(near)
        if not len(one):
            break
        away = out[one] - out[other]  # (pairs, 2)
        over = whole - np.abs(away)
        # Where two lie at one place, the first of them goes left and up.
        side = np.where(away == 0, np.sign(one - other)[:, None], np.sign(away))
        along_x = over[:, 0] / whole[0] < over[:, 1] / whole[1]
        push = np.where(np.stack([along_x, ~along_x], 1), side * over, 0)
        total = np.stack([np.bincount(one, axis, count) for axis in push.T], 1)
        out = np.clip(out + 0.3 * total, low, high)
    return out


def arrange(
    points: Floats, sizes: Sequence[tuple[int, int]], frame: tuple[int, int], reach: float
) -> list[tuple[int, int] | None]:
    """A place for each block on a sheet of cells, (left, top), none over another; None where there is no room.

    points: n x 2, shares of the frame; sizes: columns, rows of each block; frame: those of the sheet; reach: columns
    that a block may be moved (a row is as long as two). Blocks come in an order in which each is as far from all
    before it as can be, so that what is left out is what lies among others.
    """
    sheet = Sheet(*frame)
    out: list[tuple[int, int] | None] = [None] * len(points)
    for number in from_afar(points):
        out[number] = sheet.place(points[number], sizes[number], reach)
    return out


class Sheet:
    """Cells on which blocks find places, none over another. tall: columns that are as long as a row."""

    def __init__(self, columns: int, rows: int, tall: float = 2.0) -> None:
        self.columns, self.rows, self.tall = columns, rows, tall
        self.taken = np.zeros((rows, columns), bool)
        self._moves: dict[float, NDArray[np.int64]] = {}

    def _moves_within(self, reach: float) -> NDArray[np.int64]:
        """All moves (columns, rows) by not more than so many columns, the shortest first."""
        if reach not in self._moves:
            across, down = (np.arange(-int(step), int(step) + 1) for step in (reach, reach / self.tall))
            moves = np.stack(np.meshgrid(across, down), -1).reshape(-1, 2)
            length = moves[:, 0] ** 2 + (self.tall * moves[:, 1]) ** 2
            self._moves[reach] = moves[np.argsort(length, kind="stable")][: int((length <= reach * reach).sum())]
        return self._moves[reach]

    def place(
        self, point: NDArray[np.floating], size: tuple[int, int], reach: float, every: int = 1
    ) -> tuple[int, int] | None:
        """Takes the nearest free place (left, top) for a block; None where there is none within reach.

        point: x, y, as shares of the sheet; size: columns, rows; reach: columns; every: rows on which it may begin.
        """
        wide, high = size
        room = np.array([self.columns - wide, self.rows - high])
        if (room < 0).any():
            return None
        wanted = np.round(point * room).astype(int)
        column, row = wanted.tolist()
        if row % every == 0 and not self.taken[row : row + high, column : column + wide].any():
            self.taken[row : row + high, column : column + wide] = True
            return column, row
        moves = self._moves_within(reach)
        places = wanted + moves
        places = places[((places >= 0) & (places <= room)).all(1) & (places[:, 1] % every == 0)]
        # What is taken above and left of each corner, in the window that the block may come to lie in.
        low = np.maximum(wanted + moves.min(0), 0)
        end = wanted + moves.max(0) + size
        window = self.taken[low[1] : end[1], low[0] : end[0]]
        crowd = np.zeros((window.shape[0] + 1, window.shape[1] + 1), int)
        crowd[1:, 1:] = window.cumsum(0).cumsum(1)
        (left, top), (right, bottom) = (places - low).T, (places - low + size).T
        free = crowd[bottom, right] - crowd[top, right] - crowd[bottom, left] + crowd[top, left] == 0
        if not free.any():
            return None
        column, row = places[int(free.argmax())].tolist()
        self.taken[row : row + high, column : column + wide] = True
        return column, row


def from_afar(points: Floats) -> list[int]:
    """All points, each as far as can be from those before it; the first is the one in the middle."""
    order = [int(((points - points.mean(0)) ** 2).sum(1).argmin())]
    away = np.full(len(points), np.inf)
    for _ in range(len(points) - 1):
        away = np.minimum(away, ((points - points[order[-1]]) ** 2).sum(1))
        away[order[-1]] = -1
        order.append(int(away.argmax()))
    return order
