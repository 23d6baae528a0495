"""Fits lines and cubic Béziers to a path of pixel edges.

First the cheapest polygon is found by dynamic programming (after Selinger, "Potrace: a polygon-based tracing
algorithm", 2003, with a likelihood in place of its corridor one pixel wide). Its vertices are where the least-squares
lines of neighbouring edges meet; each is either a corner or part of a bend. Then corners are connected by lines, or by
least-squares cubic splines through the bends between them. Costs are -2 log-likelihoods: squared distances over NOISE,
plus a price for each unknown. Lengths are in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from flagsae.visual.vector.network import Floats, Ints, Path

# What an unknown costs, and how far the pixels are trusted. By eye, but for what is derived.
NOISE = 0.09  # squared pixels: variance of a path of pixel edges about the smooth line that it stands for
DOUBT = 20.0  # pixels that the estimate NOISE counts for: along a longer line, its own variance counts more
PRICE = 8.0  # of an edge of a polygon
PIECE = 5.0  # of a piece of a spline
BLUNT = 16.0  # of an edge of a polygon that cuts off a point, and that is better left out
# Corners and bends. By eye.
BEND = 50.0  # degrees: where the pixels do not decide, a vertex that turns more is a corner, else part of a bend
SOFT = 4.0  # degrees beyond BEND that count as much as one unit of evidence from the pixels
ALONE = 40.0  # degrees: in place of BEND where both neighbours are corners, as a single vertex is no bend
WINDOW = 30  # pixels on each side of a vertex, at most, that decide between a corner and a bend
LONG = 12  # pixels at least of a line that continues into a bend
# Points that a polygon cuts off. By eye.
CUT = 6  # pixels at most of an edge that cuts off a point
TIP = 4.0  # pixels at most between such an edge and the point
CROSSING = 0.3  # sine between two edges, above which they meet in a point; below, the edge between them is a step
AXIAL = 0.9999  # cosine to an axis, above which an edge runs along the pixels
MEETING = 0.5  # pixels at most between a point and the two bends that are said to run into it
# Where two lines meet: how far from their lattice point at most. By eye.
MOVE = 0.3  # of the shorter line's length
MOVE_LEAST = 0.75  # pixels
SLIGHT = 0.0005  # weight of the lattice point beside the two lines: it decides only where they are nearly parallel
# Search and fit.
REACH = 24  # how many vertices back the first of two passes looks for the start of an edge
HOPELESS = 0.3, 5.0  # squared distance, a pixel and in all, above which two edges always cost less than one
SLACK = 0.05  # weight of a sample's distance along a curve, beside 1 for its distance across
STIFF = 1e-3  # weight of the second differences of a spline's controls: it decides where there are few samples
HEAVY = 1e4  # weight of a spline's ends, beside 1 for a sample
EXACT = 1e-6  # squared pixels: a path that is nearer to its polygon runs along the pixels
TINY = 1e-9  # least length that is divided by
RIDGE = 1e-6  # added to normal equations that could be singular
BEZIER = np.array([[1, 4, 1, 0], [0, 4, 2, 0], [0, 2, 4, 0], [0, 1, 4, 1]]) / 6  # Bézier from B-spline controls
CIRCLE = 4 / 3 * (np.sqrt(2) - 1)  # distance of a control from its end, for a quarter of the unit circle


def polygons(paths: Sequence[Floats]) -> list[Ints]:
    """The cheapest polygon of each path ((N + 1) x 2 lattice points): the indices, from 0 to N, of its vertices."""
    if not paths:
        return []
    points, moments = np.concatenate(paths), _moments(np.concatenate(paths))
    first = np.cumsum([0, *map(len, paths)])
    chosen = []  # candidates: at first the turns of the path, and the middles of long straight runs
    for path, start in zip(paths, first, strict=False):
        bends = turns(path)
        halves = (bends[1:] + bends[:-1]) // 2
        chosen.append(np.sort(np.concatenate([bends, halves[np.diff(bends) > 3]])) + start)
    for reach in (REACH, len(points)):  # the second pass looks any distance, among the vertices of the first
        chosen = _cheapest(points, moments, chosen, reach)
    return [breaks - start for breaks, start in zip(chosen, first, strict=False)]


def _cheapest(points: Floats, moments: Floats, chosen: list[Ints], reach: int) -> list[Ints]:
    """The cheapest polygon of each path with vertices among `chosen`; no edge skips `reach` or more of these.

    An edge costs PRICE, plus the cost of the path's distances from its line, plus that of its ends' distances.
    """
    at = np.concatenate(chosen)
    sizes = np.array([len(one) for one in chosen])
    last = np.repeat(sizes.cumsum() - 1, sizes)
    active, found = np.arange(len(at)), []
    for step in range(1, reach + 1):
        active = active[active + step <= last[active]]
        if not len(active):
            break
        a, b = at[active], at[active + step]
        centre, along, squares = _lines(moments, a, b)
        ends = _offsets(points[a], centre, along) ** 2 + _offsets(points[b], centre, along) ** 2
        found.append((active, active + step, _cost(squares, b - a) + ends / NOISE + PRICE))
        active = active[squares < HOPELESS[0] * (b - a) + HOPELESS[1]]
    starts, ends, costs = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(ends, kind="stable")
    bounds = np.searchsorted(ends[order], np.arange(len(at) + 1)).tolist()
    start, cost = starts[order].tolist(), costs[order].tolist()
    best, origin = [0.0] * len(at), [-1] * len(at)
    for vertex in range(len(at)):
        low, high = bounds[vertex], bounds[vertex + 1]
        if low < high:
            totals = [best[start[edge]] + cost[edge] for edge in range(low, high)]
            best[vertex] = min(totals)
            origin[vertex] = start[low + totals.index(best[vertex])]
    polygons = []
    for vertex in (sizes.cumsum() - 1).tolist():
        walked = [vertex]
        while origin[walked[-1]] >= 0:
            walked.append(origin[walked[-1]])
        polygons.append(at[walked[::-1]])
    return polygons


def _moments(points: Floats) -> Floats:
    """Integrals of 1, x, y, xx, yy, xy along a path from its start to each of its n points: n x 6."""
    middle, step = (points[1:] + points[:-1]) / 2, np.diff(points, axis=0)
    (x, y), (dx, dy) = middle.T, step.T
    one = np.abs(dx) + np.abs(dy) == 1  # leave out the jump from each path to the next
    rows = np.stack([np.ones(len(x)), x, y, x * x + dx * dx / 12, y * y + dy * dy / 12, x * y], 1) * one[:, None]
    return np.concatenate([np.zeros((1, 6)), rows.cumsum(0)])


def _lines(moments: Floats, a: Ints, b: Ints) -> tuple[Floats, Floats, Floats]:
    """The least-squares line of each stretch from point a to point b: (centre n x 2, unit direction n x 2, integral of
    the squared distance n)."""
    total = moments[b] - moments[a]
    x, y, xx, yy, xy = (total[:, 1:] / total[:, :1]).T
    xx, yy, xy = xx - x * x, yy - y * y, xy - x * y
    angle = np.arctan2(2 * xy, xx - yy) / 2
    squares = total[:, 0] * np.maximum(0, (xx + yy - np.hypot(xx - yy, 2 * xy)) / 2)
    return np.stack([x, y], 1), np.stack([np.cos(angle), np.sin(angle)], 1), squares


def _offsets(points: Floats, centres: Floats, along: Floats) -> Floats:
    """Signed distances of points from lines, given by a point on each and its unit direction."""
    away = points - centres
    return along[..., 0] * away[..., 1] - along[..., 1] * away[..., 0]


def _cost(squares: Floats, count: Ints | int) -> Floats:
    """-2 log-likelihood of `count` distances whose squares sum to `squares`, up to a constant.

    The variance is not taken as known: NOISE is an estimate worth DOUBT samples, so that the cost of a long line
    grows with the logarithm of its mean square.
    """
    known: Floats = np.asarray(count, float) + DOUBT
    return known * np.log1p(squares / known / NOISE)


def curve(points: Floats, breaks: Ints, closed: bool) -> tuple[Path, Floats]:
    """The smooth path that a polygon stands for, and the index of `points`, with a fraction, where each piece starts.

    points: (N + 1) x 2, the lattice points; breaks: the indices of the polygon's vertices.
    """
    if closed and (len(breaks) < 4 or len(points) < 10):
        breaks = turns(points)  # an area of a few pixels is too small to be smoothed
    centres, along, squares = _lines(_moments(points), breaks[:-1], breaks[1:])
    if squares.max() < EXACT:  # all edges run along the pixels, and stay exactly there
        return straight(points[breaks]), breaks[:-1].astype(float)
    along *= np.where(((points[breaks[1:]] - points[breaks[:-1]]) * along).sum(1) < 0, -1, 1)[:, None]
    cost = float((_cost(squares, np.diff(breaks)) + PRICE).sum())
    polygon = Polygon(points, *_sharpened(points, breaks, centres, along, closed), closed)
    if not closed:
        return _bends(polygon)
    angular = polygon.corner.any()
    convex = (polygon.turn > 0).all() or (polygon.turn < 0).all()
    rounds = [_ellipse(points)] if angular and not convex else [_ellipse(points), _ring(polygon)]
    path, places, least = min(rounds, key=lambda fit: fit[2])
    return _bends(polygon) if angular and cost <= least else (path, places)


class Polygon:
    """M straight edges along a path of N + 1 lattice points.

    points: (N + 1) x 2; middles: N x 2, halfway between neighbouring points.
    breaks: M + 1, the indices of the vertices' lattice points.
    centres, along: M x 2, the least-squares line of each edge: a point and the unit direction.
    beside: 2 x (M + 1), the numbers of the edges before and after each vertex.
    room: M + 1, the length of the shorter of these two, in pixels.
    vertices: (M + 1) x 2, where the lines of these two meet, near the lattice point.
    turn: M + 1, the angle between these two in degrees, above 0 clockwise.
    corner: M + 1, whether each vertex is a corner; the ends of an open polygon are.
    """

    def __init__(self, points: Floats, breaks: Ints, centres: Floats, along: Floats, closed: bool) -> None:
        self.points, self.breaks, self.centres, self.along, self.closed = points, breaks, centres, along, closed
        self.middles = (points[1:] + points[:-1]) / 2
        edge, lengths = np.arange(len(along)), np.diff(breaks)
        self.beside = np.stack([np.append(edge[-1:], edge), np.append(edge, edge[:1])])
        if not closed:
            self.beside[[0, 1], [0, -1]] = edge[[0, -1]]
        self.room = lengths[self.beside].min(0)
        self.vertices = _meetings(points[breaks], centres[self.beside], along[self.beside], self.room)
        one, two = along[self.beside]
        self.turn = np.degrees(np.arctan2(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0], (one * two).sum(1)))
        evidence = self._evidence(one + two, np.minimum(self.room, WINDOW))
        self.corner = (np.abs(self.turn) - BEND) / SOFT + evidence > 0
        if not closed:
            self.corner[[0, -1]] = True
        ring = self.corner[:-1] if closed else self.corner
        beside = np.roll(ring, 1) & np.roll(ring, -1)
        self.corner |= (np.append(beside, beside[:1]) if closed else beside) & (np.abs(self.turn) > ALONE)

    def _evidence(self, chord: Floats, window: Ints) -> Floats:
        """How much better two straight arms (a + b x + c |x|) fit the path around each vertex than a parabola does.

        Both have three unknowns. chord: V x 2, for each of V vertices the direction of the x axis; window: V, pixels
        of the path on each side of a vertex. Returns V differences of -2 log-likelihood, above 0 for a corner.
        """
        index = self.breaks[:, None] - 0.5 + np.linspace(-1, 1, 25) * (window[:, None] - 0.5)  # (V, 25)
        low = np.floor(index).astype(int)
        part, size = (index - low)[..., None], len(self.middles)
        path = self.middles[low % size] * (1 - part) + self.middles[(low + 1) % size] * part
        path -= path[:, 12:13]
        chord = chord / np.maximum(np.hypot(*chord.T), TINY)[:, None]
        x = (path * chord[:, None]).sum(2)
        y = path[..., 1] * chord[:, :1] - path[..., 0] * chord[:, 1:]
        squares = []
        for third in (x * x, np.abs(x)):
            basis = np.stack([np.ones_like(x), x, third], 1)  # (V, 3, 25)
            weights = np.linalg.solve(basis @ basis.swapaxes(1, 2) + RIDGE * np.eye(3), basis @ y[..., None])
            squares.append(((y - (weights * basis).sum(1)) ** 2).mean(1))
        return window * (squares[0] - squares[1]) / NOISE


def _sharpened(
    points: Floats, breaks: Ints, centres: Floats, along: Floats, closed: bool
) -> tuple[Ints, Floats, Floats]:
    """A polygon's breaks, centres and directions without the short edges that cut off a point or break a line.

    Up to three neighbouring edges are left out where the edges on both sides explain their pixels well enough.
    """
    count, lengths, middles = len(along), np.diff(breaks), (points[1:] + points[:-1]) / 2
    savings = []
    for size in range(1, min(3, count - (3 if closed else 2)) + 1):
        for first in range(0 if closed else 1, count if closed else count - size):
            one, two = (first - 1) % count, (first + size) % count
            short = sum(lengths[edge % count] for edge in range(first, first + size))
            if short > CUT or min(lengths[one], lengths[two]) < 2 * short:
                continue
            lost = middles[np.arange(breaks[first], breaks[first] + short) % len(middles)]
            off = np.minimum(*(np.abs(_offsets(lost, centres[side], along[side])) for side in (one, two)))
            cross = along[one, 0] * along[two, 1] - along[one, 1] * along[two, 0]
            if abs(cross) > CROSSING:
                tip = centres[one] + along[one] * _offsets(centres[one], centres[two], along[two]) / cross
                sound = np.hypot(*(lost - tip).T).min() < TIP
            else:  # a step between two edges along the pixels may be intended, and stays
                sound = along[one] @ along[two] > 0 and np.abs(along[[one, two]]).max(1).min() < AXIAL
            saving = float(size * BLUNT - (off**2).sum() / NOISE)
            if saving > 0 and sound:
                savings.append((saving, first, size, int(short)))
    gone, starts = np.zeros(count, bool), breaks[:-1].copy()
    for _, first, size, short in sorted(savings, reverse=True):
        around = np.arange(first - 1, first + size + 1) % count
        if not gone[around].any():
            gone[around[1:-1]] = True
            # The new vertex is the middle of what was left out, or the point where a closed path was cut open.
            starts[around[-1]] = 0 if first == 0 or first + size >= count else breaks[first] + short // 2
    return np.append(starts[~gone], breaks[-1]), centres[~gone], along[~gone]


def _ellipse(points: Floats) -> tuple[Path, Floats, float]:
    """The upright ellipse with the area moments of a closed path (by Green's theorem): (four cubics, places, cost)."""
    middles, dy = (points[1:] + points[:-1]) / 2, np.diff(points[:, 1])
    x, y = (middles - middles.mean(0)).T
    area, *means = (float((part * dy).sum()) for part in (x, x * x / 2, x * y, x**3 / 3, x * y * y))
    mx, my, xx, yy = (mean / area for mean in means)
    centre = middles.mean(0) + np.array([mx, my])
    # The variance of an ellipse along an axis is a quarter of the squared half axis; that of a pixel is a twelfth.
    axes = 2 * np.sqrt(np.maximum([xx - mx * mx, yy - my * my], 1 / 6) - 1 / 12)
    unit = (middles - centre) / axes
    radius = np.maximum(np.hypot(*unit.T), TINY)
    off = np.hypot(*((unit - unit / radius[:, None]) * axes).T)
    angle = np.unwrap(np.arctan2(unit[:, 1], unit[:, 0]))
    way = np.sign(angle[-1] - angle[0])
    at = angle[0] + way * np.arange(5) * np.pi / 2
    on = np.stack([np.cos(at), np.sin(at)], 1)
    tangent = way * CIRCLE * np.stack([-on[:, 1], on[:, 0]], 1)
    path = np.stack([on[:-1], on[:-1] + tangent[:-1], on[1:] - tangent[1:], on[1:]], 1) * axes + centre
    path[-1, 3] = path[0, 0]
    places = np.interp(way * (at[:-1] - at[0]), way * (angle - angle[0]), np.arange(len(angle)) + 0.5)
    return path, places, float(_cost((off**2).sum(), len(off))) + 2 * PRICE


def _ring(polygon: Polygon) -> tuple[Path, Floats, float]:
    """The closed spline in place of a polygon without corners: (path, places, cost)."""
    travelled = np.append(0, np.hypot(*np.diff(polygon.vertices, axis=0).T).cumsum())
    travelled /= travelled[-1]
    at = np.interp(np.arange(len(polygon.middles)) + 0.5, polygon.breaks, travelled)
    path, knots, cost = _spline(polygon.middles, at, None, _choice(4, len(polygon.along)))
    # To be compared with the cost of a polygon, a piece of the spline costs as much as an edge.
    return path, np.interp(knots[:-1], travelled, polygon.breaks), cost + len(path) * (PRICE - PIECE)


def _bends(polygon: Polygon) -> tuple[Path, Floats]:
    """(path, places) of a polygon with at least one corner: lines and splines from corner to corner."""
    root, size, count = int(np.argmax(polygon.corner)), len(polygon.middles), len(polygon.along)
    turned = np.arange(root, root + count + 1) % count if polygon.closed else np.arange(count + 1)
    # A closed polygon is turned so that it starts at a corner.
    breaks = polygon.breaks[turned] + size * (np.arange(count + 1) >= count - root) * polygon.closed
    middles = np.roll(polygon.middles, -breaks[0], 0)
    vertices, corner, along = polygon.vertices[turned], polygon.corner[turned], polygon.along[turned[:-1]]
    lengths = np.hypot(*np.diff(vertices, axis=0).T)
    travelled = np.append(0, lengths.cumsum())
    # An edge that is long in comparison with its neighbours in a bend is a line that continues into the bend.
    beside = np.maximum(np.append(0, lengths[:-1] * ~corner[1:-1]), np.append(lengths[1:] * ~corner[1:-1], 0))
    line = (lengths >= LONG) & (lengths >= 2 * beside) | corner[:-1] & corner[1:]
    corner[1:-1] |= line[1:] & line[:-1]
    bounds = [0, *(np.flatnonzero(corner[1:-1] | line[1:] | line[:-1]) + 1).tolist(), count]

    def end(v: int) -> End:
        """The end of a line or spline at a vertex: the vertex itself if it is a corner. Where a line continues into a
        bend, a point on the line, by up to half the bend's first edge away from the vertex."""
        if corner[v]:
            return travelled[v], vertices[v], None
        edge, way = (v - 1, -1) if line[v - 1] else (v, 1)
        off = way * min(lengths[v - 1 if way > 0 else v] / 2, lengths[edge] / 3)
        return travelled[v] + off, vertices[v] + off * along[edge], along[edge]

    def spline(first: int, last: int, pieces: Sequence[int], free: bool = False) -> tuple[Path, Floats]:
        ends = start, stop = end(first), end(last)
        a, b = np.interp([start[0], stop[0]], travelled, breaks - breaks[0])
        inside = np.arange(int(np.ceil(a)), max(int(np.ceil(a)) + 1, int(b)))
        at = (np.interp(inside + 0.5, breaks - breaks[0], travelled) - start[0]) / (stop[0] - start[0])
        path, knots, _ = _spline(middles[inside], at, ends, pieces, free)
        return path, np.interp(start[0] + knots[:-1] * (stop[0] - start[0]), travelled, breaks)

    # At the corners, the directions of a fitted bend are better than those of its edges, which are only chords.
    spots, ways = np.stack([polygon.centres, polygon.along])[:, polygon.beside[:, turned]]
    pieces: dict[int, int] = {}
    for first, last in pairwise(bounds):
        if not line[first]:
            path, _ = spline(first, last, _choice(1, last - first), free=True)
            pieces[first] = len(path)
            spots[1, first], ways[1, first] = path[0, 0], path[0, 1] - path[0, 0]
            spots[0, last], ways[0, last] = path[-1, 3], path[-1, 3] - path[-1, 2]
    for array in (spots, ways):  # fill in what is before the first vertex and after the last
        array[0, 0], array[1, -1] = (array[0, -1], array[1, 0]) if polygon.closed else (array[1, 0], array[0, -1])
    lattice = polygon.points[polygon.breaks][turned]
    vertices = np.where(corner[:, None], _meetings(lattice, spots, ways, polygon.room[turned]), vertices)
    blunt = line & (lengths < CUT / 2) & ~np.roll(line, 1) & ~np.roll(line, -1)
    for edge in np.flatnonzero(blunt).tolist() if polygon.closed else []:
        # This edge cuts off a point in which two bends meet, at an angle too sharp to be seen from their chords.
        pair = [0, 1], [edge, edge + 1]
        tip = _meetings(lattice[[edge]], spots[pair][:, None], ways[pair][:, None], np.array([len(middles)]))
        if np.abs(_offsets(tip, spots[pair], ways[pair] / np.hypot(*ways[pair].T)[:, None])).max() < MEETING:
            vertices[[edge, edge + 1, *([0, count] if edge in (0, count - 1) else [])]] = tip
    paths, places = [], []
    for first, last in pairwise(bounds):
        if line[first]:
            path = straight(np.stack([end(first)[1], end(last)[1]]))
            place = np.interp([end(first)[0]], travelled, breaks)
        else:
            path, place = spline(first, last, [pieces[first]])
        paths.append(path)
        places.append(place)
    return np.concatenate(paths), np.concatenate(places)


def _meetings(points: Floats, spots: Floats, ways: Floats, room: Ints) -> Floats:
    """Where two lines meet near each of V lattice points: V x 2.

    spots, ways: 2 x V x 2, a point and the direction of each line; room: V, the length of the shorter of the two.
    """
    ways = ways / np.maximum(np.hypot(ways[..., :1], ways[..., 1:]), TINY)
    across = np.stack([-ways[..., 1], ways[..., 0]], 2)
    matrix = (across[..., None] * across[:, :, None]).sum(0) + SLIGHT * np.eye(2)
    pull = (across * (across * (spots - points)).sum(2, keepdims=True)).sum(0)
    away = np.linalg.solve(matrix, pull[..., None])[..., 0]
    most = np.clip(MOVE * room, MOVE_LEAST, TIP + 1)
    return points + away * np.minimum(1, most / np.maximum(np.hypot(*away.T), TINY))[:, None]


End: TypeAlias = tuple[float, Floats, Floats | None]  # of a spline: distance along the path, point, given direction


def _choice(least: int, edges: int) -> list[int]:
    """The numbers of pieces to try for a spline in place of `edges` edges of a polygon.

    At least `least`, and not more than the edges: such a spline would follow the noise.
    """
    numbers = [least, *range(least + 1, 7), *(round(6 * 2 ** (n / 2)) for n in range(1, 12))]
    return [number for number in numbers if number <= max(least, edges)]


def _spline(
    samples: Floats, at: Floats, ends: tuple[End, End] | None, choice: Sequence[int], free: bool = False
) -> tuple[Path, Floats, float]:
    """The cheapest least-squares cubic spline: (its K Béziers K x 4 x 2, its K + 1 knots in 0..1, its cost).

    samples: n x 2, the points to fit; at: n, about where along the spline each is, in 0..1.
    ends: where it starts and ends; None for a closed spline. free: whether it need not pass through the ends that
    have no direction. choice: the values of K to try, in rising order.

    It is a uniform B-spline (de Boor, "A practical guide to splines", 1978), so that its curvature has no jumps. The
    distance of a sample across the curve counts in full, that along it by `SLACK`: the controls, and where along the
    curve each sample is, are improved in turn.
    """
    best = np.inf
    for pieces in choice:
        if np.isfinite(best) and pieces > len(samples) / 4:
            break
        u, across = at * pieces, np.zeros_like(samples)
        for slack in (1.0, SLACK, SLACK):
            basis, slope = _basis(u, pieces, ends is None)
            control = _controls(basis, samples, across, slack, ends, free)
            off, speed = samples - basis @ control, slope @ control
            square = np.maximum((speed**2).sum(1), TINY)
            ahead = (off * speed).sum(1) / square
            across = np.stack([-speed[:, 1], speed[:, 0]], 1) / np.sqrt(square)[:, None]
            u = np.clip(u + ahead, 0, pieces)
        squares = ((off - ahead[:, None] * speed) ** 2).sum()
        cost = float(_cost(squares, len(samples))) + pieces * PIECE
        if cost < best:
            best, number, chosen, near = cost, pieces, control, squares < HOPELESS[0] * len(samples)
        elif near and cost > best + 2 * PIECE:  # far from a path that winds, another piece may be no gain yet
            break
    path = BEZIER @ chosen[(np.arange(number)[:, None] + np.arange(4)) % len(chosen)]  # (4, 4) @ (K, 4, 2)
    path[1:, 0] = path[:-1, 3]
    if ends is None:
        path[-1, 3] = path[0, 0]
    elif not free:
        path[0, 0], path[-1, 3] = ends[0][1], ends[1][1]
    return path, np.linspace(0, 1, number + 1), best


def _basis(u: Floats, pieces: int, closed: bool) -> tuple[Floats, Floats]:
    """Values and slopes, each n x M, at u (n, in 0..pieces) of the M uniform cubic B-splines centred at
    -1..pieces + 1, or of those of a closed spline at -1..pieces - 2."""
    away = u[:, None] - np.arange(-1, pieces - 1 if closed else pieces + 2)
    if closed:
        away = (away + pieces / 2) % pieces - pieces / 2
    d = np.abs(away)
    near, far = d < 1, np.maximum(2 - d, 0)
    values = np.where(near, 4 + d * d * (3 * d - 6), far * far * far) / 6
    return values, np.sign(away) * np.where(near, d * (1.5 * d - 2), far * far / -2)


def _controls(
    basis: Floats, samples: Floats, across: Floats, slack: float, ends: tuple[End, End] | None, free: bool
) -> Floats:
    """The M x 2 controls that minimise the squared distances along `across`, plus `slack` times those in any direction.

    basis: n x M; samples: n x 2; across: n x 2, the unit normal of the curve at each sample, or 0.
    """
    size = basis.shape[1]
    rows = (across[:, :, None] * basis[:, None]).reshape(len(basis), -1)  # (n, 2M)
    target = slack * (basis.T @ samples).T + (rows.T @ (across * samples).sum(1)).reshape(2, size)
    matrix = (rows.T @ rows).reshape(2, size, 2, size)
    bend = np.diff(np.eye(size), 2, axis=0)
    matrix[[0, 1], :, [0, 1]] += slack * basis.T @ basis + STIFF * bend.T @ bend
    for (_, point, direction), last in zip(ends or (), (slice(3), slice(-3, None)), strict=False):
        if free and direction is None:
            continue
        value, slope = np.zeros(size), np.zeros((2, size))
        value[last] = 1 / 6, 4 / 6, 1 / 6
        matrix[[0, 1], :, [0, 1]] += HEAVY * np.outer(value, value)
        target += HEAVY * np.outer(point, value)
        if direction is not None:
            slope[:, last] = np.outer((-direction[1], direction[0]), (-0.5, 0, 0.5))
            matrix += HEAVY * slope[:, :, None, None] * slope
    return np.linalg.solve(matrix.reshape(2 * size, -1), target.ravel()).reshape(2, size).T


def turns(path: Floats) -> Ints:
    """The indices of the points where a path starts, turns, and ends."""
    heading = np.diff(path, axis=0)
    return np.concatenate([[0], np.flatnonzero((heading[1:] != heading[:-1]).any(1)) + 1, [len(heading)]])


def straight(points: Floats) -> Path:
    """A path of straight lines through points."""
    start, end = points[:-1], points[1:]
    return np.stack([start, start, end, end], 1)
