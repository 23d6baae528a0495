"""Where flags are drawn on a map at a zoom, where the arrow keys lead from each of them, and which are in a lasso.

Places are in squares: a column wide, half a line high, so that pictures may begin in the middle of a line. N flags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flagsae.sae.embedding import Floats, Sheet, from_afar

STEP = 1.25  # the factor from one zoom to the next
WIDTHS = (6, 9, 12, 18, 24)  # columns of a picture at the different zooms; it has a third as many lines
LONGEST = 16  # columns of a name

# How the map is filled, all by eye.
FULL = 0.22  # pictures become larger or get names as long as all of them take no more than this share of the map
REACH_SMALLEST = 12.0  # columns that a picture of the smallest width may be moved from its point
REACH = 36.0  # the same for larger pictures
REACH_DOT = 8.0  # the same for dots
SPARE = 1.75  # cells that stay free for each dot: with less, the other flags get no picture
SPARE_LETTERS = 1.3  # times as many where pictures are in letters, which need more space around them

# Where the arrow keys lead. The three factors are by eye.
WAYS = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])  # left, right, up, down
STRAIGHT = 1.0  # squares sideways for each square forward, at most, of the links that are taken first
SLANTED = 3.0  # the same of the links that are taken where there is no straight one
REPLACING = 1.5  # how much more a link costs that takes another one's place


@dataclass(frozen=True)
class MapLook:
    """How flags are drawn at a zoom."""

    width: int  # columns of a picture; 0: only a dot and the name
    named: bool  # whether names are shown: below the picture, or beside the dot

    @property
    def lines(self) -> int:
        return self.width // 3

    def size(self, name: int, lead: int, letters: bool) -> tuple[int, int]:
        """Columns and squares that a flag needs, with the free ones on its right and below.

        name: columns of its name; lead: columns before the picture; letters: whether pictures are in letters.
        """
        if not self.width:
            return name + 3, 2
        wide = lead + max(self.width, name if self.named else 0) + 1
        return wide, 2 * self.lines + (2 if letters else 1) + 2 * self.named


@dataclass(frozen=True, eq=False)
class MapPlan:
    """The whole map at one zoom."""

    look: MapLook  # of the flags in `pictured`; all others are dots
    columns: int  # of the whole map
    lines: int  # of the whole map
    left: NDArray[np.int64]  # of each flag's picture or dot, in squares: N
    top: NDArray[np.int64]  # the same
    pictured: NDArray[np.bool_]  # which flags have room for a picture: N
    lost: int  # how many flags have no room even for a dot, and lie below others

    @cached_property
    def middles(self) -> Floats:
        """The middle of each flag's picture or dot, in squares: N x 2."""
        wide, high = np.where(self.pictured, [[self.look.width or 1], [2 * self.look.lines or 2]], [[1], [2]])
        return np.stack([self.left + wide / 2, self.top + high / 2], 1)

    @cached_property
    def links(self) -> NDArray[np.int64]:
        """Where the arrow keys lead from each flag, as `links` has it: N x 4."""
        return links(self.middles)


def looks(named: bool, letters: bool) -> list[MapLook]:
    """The ways to draw flags, the one that needs the least space first."""
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
    whole: bool = False,
    strength: NDArray[np.floating] | None = None,
) -> MapPlan:
    """Finds a place for every flag: pictures as large as there is room for, and dots between them.

    points: x, y of each flag as shares of the map, N x 2.
    size: columns and lines of the whole map at zoom 1.
    names: columns of each flag's name.
    named: whether names may be shown.
    letters: whether pictures are drawn in letters.
    whole: whether pictures begin at whole lines, as fitted cells do.
    strength: how much a feature fires in each flag, N. If it is given, only flags above 0 get pictures, the strongest
    first, with a column before each for the feature's dot.
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
    # One column and one square more than the map: the free ones beside the last picture may lie beyond its edge.
    sheet = Sheet(columns + 1, 2 * lines + 1, tall=1.0)
    places: dict[int, tuple[int, int]] = {}
    even = 2 if letters or whole or not look.width else 1  # text begins at a whole line, half blocks at each half
    reach = REACH_SMALLEST if look == MapLook(WIDTHS[0], False) else REACH
    free = float(columns * lines)
    for flag in chosen:
        wide, high = look.size(short[flag], lead, letters)
        if free - wide * high / 2 < (SPARE_LETTERS if letters else 1) * SPARE * (len(points) - len(places)):
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
            place = sheet.place(points[flag], (1, 2), REACH_DOT, 2) or _anywhere(sheet, points[flag])
            lost += place is None
            x, y = np.minimum(points[flag] * (columns, lines), (columns - 1, lines - 1)).astype(int).tolist()
            places[flag] = place or (x, 2 * y)
    left, top = np.array([places[flag] for flag in range(len(points))]).T
    return MapPlan(look, columns, lines, left, top, pictured, lost)


def _anywhere(sheet: Sheet, point: Floats) -> tuple[int, int] | None:
    """Takes the free cell nearest to a point, however far, and returns its left and top in squares; None if all are
    taken."""
    lines = sheet.rows // 2
    taken = sheet.taken[: 2 * lines].reshape(lines, 2, -1).any(1)
    rows, columns = np.nonzero(~taken)
    if not len(rows):
        return None
    distance = (columns - point[0] * sheet.columns) ** 2 + (2 * rows - point[1] * sheet.rows) ** 2
    column, row = int(columns[distance.argmin()]), int(rows[distance.argmin()])
    sheet.taken[2 * row : 2 * row + 2, column] = True
    return column, 2 * row


# Arrow keys.


def links(points: Floats) -> NDArray[np.int64]:
    """Where the arrow keys lead from each point: the point on its left, right, above and below, N x 4. A point is its
    own link in a direction that leads nowhere.

    A link leads to the nearest point in that direction, where sideways distance counts double. Where this does not
    connect all points, the cheapest links are added until every point can be reached from every other.
    """
    away = points[None] - points[:, None]  # (from, to, 2)
    forward = away @ WAYS.T  # (from, to, way)
    sideways = np.abs(away @ WAYS[:, ::-1].T)  # (from, to, way)
    out = np.tile(np.arange(len(points))[:, None], 4)
    for most in (SLANTED, STRAIGHT):  # a straight link, where there is one, replaces the slanted one
        cost = np.where((forward > 0) & (sideways <= most * forward), forward + 2 * sideways, np.inf)
        best = cost.argmin(1)
        out = np.where(np.isfinite(cost.min(1)), best, out)
    return _connected(out, forward, np.hypot(*np.moveaxis(away, -1, 0)))


def _connected(out: NDArray[np.int64], forward: Floats, length: Floats) -> NDArray[np.int64]:
    """Changes as few links as it needs to connect all points.

    First it adds links from the points that can be reached from the first point to those that can't. These replace no
    link by which the search reached a point. The points that it reached last have no such links, so there is always
    one that may be replaced. Then, in the same way, it adds links from the points from which the first point can't be
    reached to those from which it can.

    out: N x 4, which is changed; forward: (from, to, way); length: of the straight line, (from, to).
    """
    count = len(out)
    # The cost is the length times a factor: 1 straight ahead, 4 at a right angle, 9 backwards.
    turn = 2 - forward / np.where(length > 0, length, 1)[..., None]
    cost = length[..., None] * turn**2 * np.where(out != np.arange(count)[:, None], REPLACING, 1)[:, None]
    while True:
        reached, tree = _reached(out)
        if reached.all():
            break
        _add_link(out, cost, reached, ~reached, tree)
    while True:
        home = np.zeros(count, bool)  # from which the first point can be reached
        home[0] = True
        while (more := home | home[out].any(1)).sum() > home.sum():
            home = more
        if home.all():
            return out
        _add_link(out, cost, ~home, home, tree)


def _reached(out: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """A breadth-first search from the first point: which points it reaches, N; and by which links, N x 4."""
    reached, tree = np.zeros(len(out), bool), np.zeros(out.shape, bool)
    reached[0] = True
    edge = [0]
    while edge:
        beyond = []
        for point in edge:
            for way, to in enumerate(out[point].tolist()):
                if not reached[to]:
                    reached[to] = tree[point, way] = True
                    beyond.append(to)
        edge = beyond
    return reached, tree


def _add_link(
    out: NDArray[np.int64],
    cost: Floats,
    start: NDArray[np.bool_],
    end: NDArray[np.bool_],
    kept: NDArray[np.bool_],
) -> None:
    """Adds the cheapest link from a point of `start` to one of `end`, in place of a link that is not in `kept`."""
    starts, ends = np.flatnonzero(start), np.flatnonzero(end)
    allowed = np.where(kept[starts][:, None], np.inf, cost[np.ix_(starts, ends)])  # (from, to, way)
    one, to, way = np.unravel_index(int(allowed.argmin()), allowed.shape)
    out[starts[one], way] = ends[to]


# The lasso.


def inside(points: Floats, corners: Floats) -> NDArray[np.bool_]:
    """Which points lie in a polygon, by the even-odd rule. points: n x 2; corners: m x 2; returns n."""
    x, y = points.T[..., None]
    (x1, y1), (x2, y2) = corners.T, np.roll(corners, -1, 0).T
    across = (y1 > y) != (y2 > y)
    at = x1 + (y - y1) * (x2 - x1) / np.where(y1 == y2, 1, y2 - y1)
    return (across & (x < at)).sum(1) % 2 == 1
