"""Label maps as vector shapes, with straight lines, round circles, sharp corners, and no gaps between neighbours.

The borders between labels form a network (`network`). Each of its strokes is fitted once (`curves`) and used by the
shapes on both of its sides, so that neighbours have every point in common. This module joins the fitted strokes at the
junctions and makes the outlines of shapes of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.vector.curves import LONG, SLIGHT, TINY, curve, polygons, straight, turns
from flagsae.visual.vector.network import TRANSPARENT, Floats, Ints, Network, Path, Stroke, strokes_of

DECIMALS = 2  # of a shape's coordinates: on a poster of 10,000 pixels, a hundredth is a third of a pixel
# In pixels of the map; by eye but for the first.
SEAM = 1.0  # width of a seam: half of it lies under each neighbour
HOOK = 2.2  # longest last piece of a stroke that may turn away from its direction and is then dropped
SHIFT = 3.0  # largest distance between a junction's lattice point and where its lines are made to meet
# Weights of lines in the least squares that place a junction, by eye; that of a line that ends there is below 1.
FRAME = 1e6  # the frame of the map: a junction on it stays on it
THROUGH = 30.0  # a stroke that passes through the junction: it hardly moves
ACROSS = 0.1  # share of the other lines' weight across a stroke, from which on they determine where it ends


@dataclass(frozen=True, eq=False)
class Shape:
    """The area of one colour: closed contours, filled by the even-odd rule. Or a seam: open lines with a width.

    Seams are painted before the areas and lie below the borders where two areas meet. A renderer blends the edge of
    each area with what is below it, which is then a neighbour's colour and not the background's.
    """

    colour: int  # palette index
    contours: tuple[Path, ...]  # in pixels of the traced map
    seam: float = 0.0  # width of the lines of a seam; 0 for an area

    def placed(self, scale: float, x: float, y: float) -> Shape:
        """The shape scaled about the map's corner, then moved by x, y."""
        moved = tuple(contour * scale + (x, y) for contour in self.contours)
        return replace(self, contours=moved, seam=self.seam * scale)


def trace(labels: NDArray[np.uint8], transparent: int | None = None) -> list[Shape]:
    """The shapes of a label map (h x w) in painting order: seams, then an area for each label, the largest first.

    Pixels with the label `transparent` belong to no shape.
    """
    network, paths = borders(labels, transparent)
    contours: dict[int, list[Path]] = defaultdict(list)
    for label, cycle in network.cycles():
        if label == TRANSPARENT:
            continue
        contour = np.concatenate([paths[chain] if way else paths[chain][::-1, ::-1] for chain, way in cycle])
        if len(contour := contour[(contour != contour[:, :1]).any((1, 2))]):  # leave out pieces without a length
            contours[label].append(contour)
    areas = np.bincount(labels.ravel(), minlength=256)
    order = sorted(contours, key=lambda label: (-areas[label], label))
    seams: dict[int, list[Path]] = defaultdict(list)
    edge = {v for ends, sides in zip(network.ends, network.sides, strict=True) if TRANSPARENT in sides for v in ends}
    for path, sides, (start, end) in zip(paths, network.sides, network.ends, strict=True):
        if min(sides) >= 0:
            # At an outer edge of all shapes the end of a seam would stick out.
            path = _shortened(path, start in edge, end in edge)
            if (path != path[:, :1]).any():
                seams[min(sides, key=order.index)].append(path)
    return [Shape(label, tuple(seams[label]), SEAM) for label in order if label in seams] + [
        Shape(label, tuple(contours[label])) for label in order
    ]


def borders(labels: NDArray[np.uint8], transparent: int | None = None) -> tuple[Network, list[Path]]:
    """The borders between the labels of a map (h x w), each once: the network, and the path of each of its chains."""
    cells = labels.astype(np.int16)
    if transparent is not None:
        cells[labels == transparent] = TRANSPARENT
    network = Network(cells)
    return network, [np.round(path, DECIMALS) + 0.0 for path in _fit(network)]  # + 0.0: no -0


def _fit(network: Network) -> list[Path]:
    """The fitted path of each chain of a network; chains that meet have their end points in common."""
    strokes = strokes_of(network)
    for stroke, breaks in zip(strokes, polygons([stroke.points for stroke in strokes]), strict=True):
        stroke.path, stroke.places = curve(stroke.points, breaks, stroke.closed)
    return _join(network, strokes)


def _join(network: Network, strokes: Sequence[Stroke]) -> list[Path]:
    """The path of each chain, cut out of its fitted stroke; strokes are moved to end in their junctions."""
    crossing: list[tuple[int, int, int]] = []  # (stroke, its step that starts there, junction)
    ending: list[tuple[int, int, int]] = []  # (stroke, 0 or 3 for its first or last control, junction)
    for number, stroke in enumerate(strokes):
        starts = [(number, k, network.start(step)) for k, step in enumerate(stroke.steps)]
        if not stroke.closed:
            ending += [(number, 0, starts.pop(0)[2]), (number, 3, network.end(stroke.steps[-1]))]
        crossing += [start for start in starts if start[2] >= 0]
    points, positions = _meet(network, strokes, crossing, ending)
    for number, end, v in ending:
        _pin(strokes[number].path, end, points[v])
    cuts: dict[int, list[float]] = defaultdict(list)
    for (number, _, _), position in zip(crossing, positions, strict=True):
        cuts[number].append(position)
    out: list[Path] = [straight(chain[turns(chain)]) for chain in network.chains]
    for number, stroke in enumerate(strokes):
        begin = cuts[number][0] if stroke.closed and cuts[number] else 0.0
        inner = cuts[number][1:] if stroke.closed else cuts[number]
        bounds = np.maximum.accumulate([begin, *inner, begin + len(stroke.path)])
        for (chain, forwards), (a, b) in zip(stroke.steps, pairwise(bounds.tolist()), strict=True):
            path = _between(stroke.path, a, b)
            out[chain] = path if forwards else path[::-1, ::-1]
    for path, ends in zip(out, network.ends, strict=True):
        for end, v in zip((0, 3), ends, strict=True):
            if v in points:
                _pin(path, end, points[v])
    return out


def _meet(
    network: Network,
    strokes: Sequence[Stroke],
    crossing: Sequence[tuple[int, int, int]],
    ending: Sequence[tuple[int, int, int]],
) -> tuple[dict[int, Floats], list[float]]:
    """(junction -> its point, the position of each crossing stroke there as number of its piece + t).

    crossing, ending: as in `_join`. A junction is placed where the lines that cross or end there are nearest to each
    other, but not far from its lattice point. It never moves the frame, nor a stroke that crosses it alone.
    """
    index = {v: n for n, v in enumerate(dict.fromkeys(v for *_, v in [*crossing, *ending]))}
    lattice = network.place(list(index))
    framed = (lattice == 0) | (lattice == (network.width, network.height))
    matrix, pull = np.tile(SLIGHT * np.eye(2), (len(lattice), 1, 1)), np.zeros((len(lattice), 2))

    def add(which: Ints, spots: Floats, headings: Floats, weights: Floats | float) -> None:
        """Adds lines through points (spots) in some directions (headings) to the least squares of some junctions."""
        across = np.stack([-headings[:, 1], headings[:, 0]], 1) * np.sqrt(weights)
        np.add.at(matrix, which, across[:, :, None] * across[:, None])
        np.add.at(pull, which, across * (across * (spots - lattice[which])).sum(1, keepdims=True))

    for axis in range(2):
        which = np.flatnonzero(framed[:, axis])
        add(which, lattice[which], np.eye(2)[1 - axis][None], FRAME)
    owner, step, through = np.array([(number, k, index[v]) for number, k, v in crossing], int).reshape(-1, 3).T
    marks = np.array([strokes[number].marks[k] for number, k in zip(owner, step, strict=True)], float)
    _, spots, headings = _nearest(strokes, owner, marks, lattice[through])
    add(through, spots, headings, THROUGH)
    for number, end, v in ending:
        _unhook(strokes[number], end, matrix[index[v]])
    tails = [strokes[number].path[-1] if end else strokes[number].path[0, ::-1] for number, end, _ in ending]
    last = np.array(tails).reshape(-1, 4, 2)
    chord = last[:, 3] - last[:, 0]
    heading = np.where((last[:, 3] == last[:, 2]).all(1)[:, None], chord, last[:, 3] - last[:, 2])
    heading /= np.maximum(np.hypot(*heading.T), TINY)[:, None]
    length = np.hypot(*chord.T)[:, None]
    add(np.array([index[v] for *_, v in ending], int), last[:, 3], heading, length / (length + 2))

    shortest = dict.fromkeys(index, np.inf)
    for points, ends in zip(network.chains, network.ends, strict=True):
        for v in ends:
            shortest[v] = min(shortest.get(v, np.inf), len(points) - 1)
    most = np.clip([shortest[v] / 2 for v in index], 0.5, SHIFT)
    away = np.linalg.solve(matrix, pull[..., None])[..., 0]
    meeting = lattice + away * np.minimum(1, most / np.maximum(np.hypot(*away.T), TINY))[:, None]
    positions, spots, _ = _nearest(strokes, owner, marks, meeting[through])
    alone = np.bincount(through, minlength=len(lattice))[through] == 1
    meeting[through[alone]] = spots[alone]
    meeting = np.where(framed, lattice, meeting).clip(0, (network.width, network.height))
    return {v: meeting[n] for v, n in index.items()}, positions.tolist()


def _unhook(stroke: Stroke, end: int, lines: Floats) -> None:
    """Drops a stroke's short last piece that turns away, if the line before it would meet the junction by itself.

    end: 0 or 3, as in `_join`; lines: 2 x 2, the least-squares matrix of the junction's other lines.
    """
    last, before = (-1, -2) if end else (0, 1)
    if len(stroke.path) < 2 or not _is_line(stroke.path[[last, before]]).all():
        return
    hook, line = stroke.path[[last, before], 3] - stroke.path[[last, before], 0]
    known, length = np.trace(lines), np.hypot(*line)
    meets = known > 1 and line @ lines @ line > ACROSS * known * length**2
    if meets and np.hypot(*hook) <= HOOK and length >= LONG:
        stroke.path, stroke.places = np.delete(stroke.path, last, 0), np.delete(stroke.places, last)


def _nearest(strokes: Sequence[Stroke], owner: Ints, marks: Floats, targets: Floats) -> tuple[Floats, Floats, Floats]:
    """The point of each stroke that is nearest to a target, near a mark: (its piece + t, the point, the direction).

    owner: n, numbers of strokes; marks: n, indices of their lattice points; targets: n x 2.
    """
    if not len(owner):
        return np.zeros(0), np.zeros((0, 2)), np.zeros((0, 2))
    sizes = np.array([len(stroke.path) for stroke in strokes])
    first = sizes.cumsum() - sizes
    around = np.array([len(stroke.points) - 1 for stroke in strokes])[owner]
    begin = np.array([stroke.places[0] for stroke in strokes])[owner]
    closed = np.array([stroke.closed for stroke in strokes], bool)[owner]
    wrapped = np.where(closed, (marks - begin) % around + begin, marks)
    apart = 1e7  # added for each stroke, so that one sorted array holds the places of all
    places = np.concatenate([stroke.places + apart * number for number, stroke in enumerate(strokes)])
    own = np.searchsorted(places, wrapped + apart * owner, "right") - 1 - first[owner]
    near = own[:, None] + np.arange(-1, 2)
    size = sizes[owner][:, None]
    near = np.where(closed[:, None], near, near.clip(0, size - 1))
    pieces = np.concatenate([stroke.path for stroke in strokes])[first[owner][:, None] + near % size]  # (n, 3, 4, 2)
    thirds = pieces[..., :1, :] + (pieces[..., 3:, :] - pieces[..., :1, :]) * np.arange(4)[:, None] / 3
    pieces = np.where(_is_line(pieces)[..., None, None], thirds, pieces)
    t = np.linspace(0, 1, 17)
    away = ((_bernstein(t) @ pieces - targets[:, None, None]) ** 2).sum(3).reshape(len(owner), 51)  # (n, 3 x 17)
    nearest = away.argmin(1)
    chosen = np.arange(len(owner)), nearest // 17
    piece, at = pieces[chosen], t[nearest % 17]
    for _ in range(4):  # Gauss-Newton steps from the nearest sample
        spots = (_bernstein(at)[:, None] @ piece)[:, 0]
        speed = 3 * (_bernstein(at, 2)[:, None] @ np.diff(piece, axis=1))[:, 0]
        at = (at + ((targets - spots) * speed).sum(1) / np.maximum((speed**2).sum(1), TINY)).clip(0, 1)
    spots = (_bernstein(at)[:, None] @ piece)[:, 0]
    heading = speed / np.maximum(np.hypot(*speed.T), TINY)[:, None]
    return near[chosen] + at + (marks - wrapped) / around * size[:, 0], spots, heading


def _bernstein(t: Floats, degree: int = 3) -> Floats:
    """Weights of a Bézier curve's controls at t: n x (degree + 1)."""
    s = 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3) if degree == 3 else (s * s, 2 * s * t, t * t)
    return np.stack(weights, 1)


def _is_line(path: Path) -> NDArray[np.bool_]:
    """Which pieces of a path are straight lines."""
    return (path[..., 0, :] == path[..., 1, :]).all(-1) & (path[..., 2, :] == path[..., 3, :]).all(-1)


def _pin(path: Path, end: int, point: Floats) -> None:
    """Moves the start (end: 0) or the end (end: 3) of a path to a point, in place."""
    piece, control = path[-1 if end else 0], 2 if end else 1
    if _is_line(piece):
        piece[end] = piece[control] = point
    else:
        piece[control] += point - piece[end]
        piece[end] = point


def _between(path: Path, a: float, b: float) -> Path:
    """The part of a path between two positions, each given as the number of a piece + t."""
    numbers = np.arange(int(np.floor(a)), max(int(np.ceil(b)), int(np.floor(a)) + 1))
    part = path[numbers % len(path)]
    for k in {0, len(part) - 1}:
        low, high = max(a - numbers[k], 0.0), min(b - numbers[k], 1.0)
        if _is_line(part[k]):
            part[k] = straight(part[k, :1] + (part[k, 3] - part[k, 0]) * np.array([[low], [high]]))[0]
        else:
            part[k] = [_blossom(part[k], *at) for at in ((low,) * 3, (low, low, high), (low, high, high), (high,) * 3)]
    return part


def _shortened(path: Path, start: bool, end: bool) -> Path:
    """A path that is shorter by the width of a seam (or by its whole piece, if that is shorter) at the given ends."""
    lengths = np.maximum(np.hypot(*(path[[0, -1], 3] - path[[0, -1], 0]).T), SEAM)
    return _between(
        path, start * SEAM / lengths[0], max(len(path) - end * SEAM / lengths[1], start * SEAM / lengths[0])
    )


def _blossom(piece: Floats, *at: float) -> Floats:
    """The polar form (blossom) of a cubic Bézier at three parameters.

    The controls of its part from a to b are the values at (a, a, a), (a, a, b), (a, b, b) and (b, b, b).
    """
    for t in at:
        piece = piece[:-1] * (1 - t) + piece[1:] * t
    return piece[0]
