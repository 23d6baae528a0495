"""Where flags are drawn on a map at some zoom, the roads that arrow keys take between them, and what a lasso holds.

Places are in squares: a column wide, half a line high, so pictures may begin in the middle of a line. N flags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flagsae.sae.embedding import Floats, Sheet, from_afar

STEP = 1.25  # from one zoom to the next
WIDTHS = (6, 9, 12, 18, 24)  # columns of a picture, three times its lines
FULL = 0.22  # of the whole map by pictures at most, before they grow
LONGEST = 16  # columns of a name
NEAR, FAR, DOTS = 12.0, 36.0, 8.0  # columns that they may be moved: the smallest pictures, others, dots
SPARE = 1.75  # free cells for each dot, at least, or there are no more pictures
WAYS = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])  # left, right, up, down
STRAIGHT, ASKEW = 1.0, 3.0  # most sideways squares for each forward one: of the best link, of the next best


@dataclass(frozen=True)
class MapLook:
    """How flags are drawn. width: columns of a picture, and 0: names alone; named: whether names stand below."""

    width: int
    named: bool

    @property
    def lines(self) -> int:
        return self.width // 3

    def size(self, name: int, lead: int, letters: bool) -> tuple[int, int]:
        """Columns and squares of a block, with what is left free on its right and below. name: columns."""
        if not self.width:
            return name + 3, 2
        wide = lead + max(self.width, name if self.named else 0) + 1
        return wide, 2 * self.lines + (2 if letters else 1) + 2 * self.named


@dataclass(frozen=True, eq=False)
class MapPlan:
    """The whole map at one zoom. columns, lines: its size; left, top: of each flag's mark, in squares; pictured: which
    have room for `look`, the others being dots; lost: how many find no room at all and lie below others."""

    look: MapLook
    columns: int
    lines: int
    left: NDArray[np.int64]
    top: NDArray[np.int64]
    pictured: NDArray[np.bool_]
    lost: int

    @cached_property
    def middles(self) -> Floats:
        """Of the marks, in squares: N x 2."""
        wide, high = np.where(self.pictured, [[self.look.width or 1], [2 * self.look.lines or 2]], [[1], [2]])
        return np.stack([self.left + wide / 2, self.top + high / 2], 1)

    @cached_property
    def roads(self) -> NDArray[np.int64]:
        return roads(self.middles)


def looks(named: bool, letters: bool) -> list[MapLook]:
    """From afar to near."""
    if not named:
        return [MapLook(width, False) for width in WIDTHS]
    return [MapLook(0, True) if letters else MapLook(WIDTHS[0], False), *(MapLook(width, True) for width in WIDTHS)]


def plan(
    points: Floats,
    size: tuple[int, int],
    zoom: float,
    names: Sequence[int],
    *,
    named: bool = True,
    letters: bool = False,
    strength: NDArray[np.floating] | None = None,
) -> MapPlan:
    """Finds a place for every flag: pictures as large as there is room for, dots between them for the others.

    points: N x 2, shares of the map; size: columns and lines that the whole map has at zoom 1; names: columns of each
    flag's name; named: whether they may be shown; letters: whether pictures are; strength: N, where only flags above
    0 are pictures, the strongest first, each with a column before it.
    """
    columns, lines = round(size[0] * zoom), round(size[1] * zoom)
    short = [min(name, LONGEST) for name in names]
    order, lead = from_afar(points), 0
    chosen = order
    if strength is not None:
        lead = 1
        chosen = [flag for flag in np.argsort(-strength, kind="stable").tolist() if strength[flag] > 0]
    choice = looks(named, letters)
    look = choice[0]
    for nearer in choice[1:]:
        sizes = [nearer.size(short[flag], lead, letters) for flag in chosen]
        if sum(wide * high for wide, high in sizes) <= FULL * columns * 2 * lines:
            look = nearer
    sheet = Sheet(columns + 1, 2 * lines + 1, tall=1.0)  # what is left free may lie beyond the edge
    places: dict[int, tuple[int, int]] = {}
    even = 2 if letters or not look.width else 1
    reach = NEAR if look == MapLook(WIDTHS[0], False) else FAR
    free = float(columns * lines)
    for flag in chosen:
        wide, high = look.size(short[flag], lead, letters)
        if free - wide * high / 2 < (1.3 if letters else 1) * SPARE * (len(points) - len(places)):
            break
        place = sheet.place(points[flag], (wide, high), reach, even)
        if place is not None:
            free -= wide * high / 2
            places[flag] = (place[0] + lead, place[1])
    pictured = np.isin(np.arange(len(points)), list(places))
    sheet.taken[:, columns:] = sheet.taken[2 * lines :] = True
    lost = 0
    for flag in order:
        if flag not in places:
            place = sheet.place(points[flag], (1, 2), DOTS, 2) or _anywhere(sheet, points[flag])
            lost += place is None
            x, y = np.minimum(points[flag] * (columns, lines), (columns - 1, lines - 1)).astype(int).tolist()
            places[flag] = place or (x, 2 * y)
    left, top = np.array([places[flag] for flag in range(len(points))]).T
    return MapPlan(look, columns, lines, left, top, pictured, lost)


def _anywhere(sheet: Sheet, point: Floats) -> tuple[int, int] | None:
    """The free cell nearest to a point of a crowded sheet, which is taken."""
    lines = sheet.rows // 2
    taken = sheet.taken[: 2 * lines].reshape(lines, 2, -1).any(1)
    rows, columns = np.nonzero(~taken)
    if not len(rows):
        return None
    away = (columns - point[0] * sheet.columns) ** 2 + (2 * rows - point[1] * sheet.rows) ** 2
    column, row = int(columns[away.argmin()]), int(rows[away.argmin()])
    sheet.taken[2 * row : 2 * row + 2, column] = True
    return column, 2 * row


# Arrow keys.


def roads(points: Floats) -> NDArray[np.int64]:
    """Where the arrow keys lead from each point, left, right, up, down; itself where they lead nowhere. N x 4.

    The nearest point ahead, where sideways distance counts double. Points that no link reaches then get the cheapest
    links that connect them, so that every point can be reached from every other.
    """
    away = points[None] - points[:, None]  # (from, to, 2)
    ahead = away @ WAYS.T  # (from, to, way)
    aside = np.abs(away @ WAYS[:, ::-1].T)
    out = np.tile(np.arange(len(points))[:, None], 4)
    for most in (ASKEW, STRAIGHT):
        cost = np.where((ahead > 0) & (aside <= most * ahead), ahead + 2 * aside, np.inf)
        best = cost.argmin(1)
        out = np.where(np.isfinite(cost.min(1)), best, out)
    return _joined(out, ahead, np.hypot(*np.moveaxis(away, -1, 0)))


def _joined(out: NDArray[np.int64], ahead: Floats, length: Floats) -> NDArray[np.int64]:
    """The same roads, with as few as need be laid anew.

    First from what the first point reaches to what it does not: never in place of a road by which something was
    reached first, of which the last points reached have none, so there is always one to lay. Then, in the same way,
    from what does not reach the first point to what does.
    """
    count = len(out)
    # A road at a right angle is as odd as one four times as long, and one that takes another's place a little more.
    turned = 2 - ahead / np.where(length > 0, length, 1)[..., None]
    odd = length[..., None] * turned**2 * np.where(out != np.arange(count)[:, None], 1.5, 1)[:, None]
    while True:
        reached, first = _reached(out)
        if reached.all():
            break
        _lay(out, odd, reached, ~reached, first)
    while True:
        home = np.zeros(count, bool)
        home[0] = True
        while (more := home | home[out].any(1)).sum() > home.sum():
            home = more
        if home.all():
            return out
        _lay(out, odd, ~home, home, first)


def _reached(out: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """What the first point reaches, N; and by which roads it was reached first, N x 4."""
    reached, first = np.zeros(len(out), bool), np.zeros(out.shape, bool)
    reached[0] = True
    edge = [0]
    while edge:
        beyond = []
        for point in edge:
            for way, to in enumerate(out[point].tolist()):
                if not reached[to]:
                    reached[to] = first[point, way] = True
                    beyond.append(to)
        edge = beyond
    return reached, first


def _lay(
    out: NDArray[np.int64],
    odd: Floats,
    start: NDArray[np.bool_],
    end: NDArray[np.bool_],
    kept: NDArray[np.bool_],
) -> None:
    """The least odd road from some points to others, in place of one that need not be kept."""
    starts, ends = np.flatnonzero(start), np.flatnonzero(end)
    cost = np.where(kept[starts][:, None], np.inf, odd[np.ix_(starts, ends)])  # (from, to, way)
    one, to, way = np.unravel_index(int(cost.argmin()), cost.shape)
    out[starts[one], way] = ends[to]


# The lasso.


def inside(points: Floats, corners: Floats) -> NDArray[np.bool_]:
    """Which points lie in a polygon, where it crosses itself by the even-odd rule. points: n x 2; corners: m x 2."""
    x, y = points.T[..., None]
    (x1, y1), (x2, y2) = corners.T, np.roll(corners, -1, 0).T
    across = (y1 > y) != (y2 > y)
    at = x1 + (y - y1) * (x2 - x1) / np.where(y1 == y2, 1, y2 - y1)
    return (across & (x < at)).sum(1) % 2 == 1
