"""Groups of charges on a ground: each where it is seen best, as large as it should be.

Places are those that a layout has (`anchors`). Of all places, sizes and colours the cheapest is taken
(`costs.Placing`), the largest group first.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import ASPECT, CUT_OUT, Charge, Design, Layer
from flagsae.design.edits.charges import half, shifted
from flagsae.design.looks import slots
from flagsae.design.render import figures_of
from flagsae.design.settling.prices import lab
from flagsae.design.shapes import flattened
from flagsae.mixing.anchors import CENTRAL, COLUMNS, ROWS, SIZES, WIDEST, Anchor, anchors
from flagsae.mixing.costs import PLACING
from flagsae.mixing.groups import HOLDS, Group, extent, grouped
from flagsae.mixing.parent import painted

MEANT = (0.17, 0.34)  # of the height: half the side of a square as large as a group is meant to be, least and most
GROWN = 1.6  # times as large as on its own flag, at most; unless it is smaller than it is meant to be
FRAME = 0.036  # of the height, from the frame
GAP = 0.02  # of the height, between two groups
TELL = 0.30  # of lightness: so far apart two colours are told apart by it alone,
HUE = 0.25  # and so much a difference of hue counts beside it
POINTS = 48  # along an outline
TINY = 0.06  # of the height: the radius of the largest charge of a group, below which it is too small
BOLD = 0.1  # of the height: the radius of a charge that may get an edge
DRAWN = 2.4  # times as much it counts that an emblem, or a group of several charges, lies over an edge
HOLLOW = 0.7  # of its outline alike: no more than the edge would be seen of a charge
EDGE = 0.1  # of a charge's radius: an edge by which it is seen
COLOURS = 5  # that are tried
BESIDE = 0.1  # what it costs to stand beside a triangle or bar at the height that it had on its own flag
SEATED = 0.6  # times as much counts that a group is small where it can stand nowhere else
MARGIN = 1.15  # times as large as a group: what is to be of one colour about it
WITHIN = 0.96  # of a disc, that is not its rim
USUAL = 0.1  # times as much clash colours that do so on a flag that is mixed, such as Morocco's green on red
DARK, GLOOM = 0.45, 0.3  # lightness: colours that are both darker are hard to tell apart; times as far they are
PRESSED = 0.3  # what it costs to stand where it stood on its own flag, beside a triangle, bar or canton of another

Points: TypeAlias = NDArray[np.float64]  # n x 2, in shares of the flag about a group's middle, for half a height of 1


def clash(one: str, other: str, tints: Mapping[str, str]) -> float:
    """How hard two colours are to tell apart where they meet: 1 for the same."""
    if one == other:
        return 1.0
    return _clash(one, tints.get(one, ""), other, tints.get(other, ""))


@lru_cache(4096)
def _clash(one: str, tint: str, other: str, other_tint: str) -> float:
    (light, *hue), (other_light, *other_hue) = lab(one, tint), lab(other, other_tint)
    away = abs(light - other_light) + HUE * float(np.hypot(hue[0] - other_hue[0], hue[1] - other_hue[1]))
    away *= GLOOM if max(light, other_light) < DARK else 1.0
    return min(1.0, max(0.0, (TELL - away) / TELL))


class Ground:
    """A ground on which groups are set."""

    def __init__(
        self,
        layers: tuple[Layer, ...],
        fixed: tuple[Charge, ...],
        pool: Sequence[str],
        tints: Mapping[str, str],
        usual: Container[tuple[str, str]] = (),
    ) -> None:
        """fixed: charges in their places; pool: colours that charges may have, the likeliest first; tints: of all;
        usual: colours of charges with those that they lie on, on a flag that is mixed."""
        self.usual = usual
        self.at_home: Callable[[Group], float] = lambda group: 0.0
        """How much of a group may lie over an edge, as it does on this ground of its own flag."""
        self.layers, self.fixed, self.pool, self.tints = layers, fixed, list(pool), tints
        labels, self.names = painted(Design(layers, fixed), ROWS, COLUMNS)
        self.labels = labels
        self.boxes = [(0.0, one.numbers[0], 0.0, one.numbers[1]) for one in layers if one.inside is not None]
        self.boxes += [extent(group) for group in grouped(fixed)]
        self.anchors = list(anchors(layers))
        self.clashes: dict[str, NDArray[np.float64]] = {}
        striped = layers[0].figure in ("stripes", "bars") and len(layers[0].colours) in (1, 3, 5)
        self.even = striped and all(one.figure in ("border", "cross", "saltire", "lozenge") for one in layers[1:])
        self.level = not any(
            one.inside is not None or (one.figure in ("triangle", "rectangle") and one.numbers[0] <= 0)
            for one in layers
        )
        self.plain = len(layers) == 1 and len(layers[0].colours) == 1

    def under(self, points: Points) -> NDArray[np.uint8]:
        """The number of the colour at each of n points, n x 2 in shares of the flag."""
        row = (points[:, 1] * ROWS).astype(int).clip(0, ROWS - 1)
        column = (points[:, 0] * COLUMNS).astype(int).clip(0, COLUMNS - 1)
        found: NDArray[np.uint8] = self.labels[row, column]
        return found

    def clash(self, colour: str) -> NDArray[np.float64]:
        """Of a colour with each of the ground's."""
        if colour not in self.clashes:
            self.clashes[colour] = np.array(
                [USUAL if colour != name and (colour, name) in self.usual else 1.0 for name in self.names]
            ) * np.array([clash(colour, name, self.tints) for name in self.names])
        return self.clashes[colour]


def place(
    ground: Ground, groups: Sequence[Group], seated: Sequence[tuple[Group, Anchor]] = ()
) -> tuple[list[Group], float, int]:
    """Some groups in their places on a ground, what these cost, and how many groups found none.

    seated: groups that have their place.
    """
    done: list[Group] = []
    boxes = list(ground.boxes)
    total, dropped = 0.0, 0
    alone = len(groups) == 1 and not ground.fixed and not seated
    for group, seat in (*seated, *((one, None) for one in groups)):
        found = _best(ground, group, boxes if seat is None else (), alone, seat)
        if found is None:
            total += PLACING.dropped
            dropped += 1
            continue
        cost, charges = found
        total += cost
        done.append(charges)
        boxes.append(extent(charges))
    return done, total, dropped


def hard_to_see(low: float) -> float:
    """What it costs that so much of an outline cannot be told from what it lies on."""
    return PLACING.low * low + PLACING.lowest * low**2


def low(ground: Ground, group: Group) -> float:
    """How hard a group is to tell from what it lies on, where it is: 0 to 1."""
    _, table, own_at = _clashes(ground, group)
    return float(table[own_at, beneath(ground, group)].mean())


def straddling(ground: Ground, group: Group) -> float:
    """How much of a group's outline, where it is, lies on something else than most of it: 0 to 1."""
    under = beneath(ground, group)
    return 1 - float(np.bincount(under).max()) / len(under)


def beneath(ground: Ground, group: Group, times: float = 1.0) -> NDArray[np.uint8]:
    """The number of the ground's colour at each point of a group's outline, where it is. times: as large as that."""
    left, right, top, bottom = extent(group)
    outline, _ = rim(group)
    return ground.under(outline * (times * (bottom - top) / 2) + ((left + right) / 2, (top + bottom) / 2))


def _clashes(ground: Ground, group: Group) -> tuple[list[str], NDArray[np.float64], NDArray[np.int64]]:
    """The colours along a group's outline, how each clashes with each of the ground's, and which each point has."""
    _, own = rim(group)
    names = sorted(set(own))
    return names, np.stack([ground.clash(name) for name in names]), np.searchsorted(names, own)


def _best(
    ground: Ground,
    group: Group,
    boxes: Sequence[tuple[float, float, float, float]],
    alone: bool,
    seat: Anchor | None,
) -> tuple[float, tuple[Charge, ...]] | None:
    left, right, top, bottom = extent(group)
    high, wide, x, y = (bottom - top) / 2, (right - left) / 2, (left + right) / 2, (top + bottom) / 2
    outline, _ = rim(group)
    names, table, own_at = _clashes(ground, group)
    middling = (high * wide * ASPECT) ** 0.5  # half of the side of a square that is as large
    meant = high * min(max(middling, MEANT[0]), MEANT[1]) / middling
    largest = max(GROWN * high, MEANT[0]) if seat is None else 1.0
    home = Anchor("home", x, y, WIDEST, SIZES[0], 0.0 if ground.level else PRESSED)
    largest_radius = max(one.radius for charge in group for one in charge.places)
    drawn = any(charge.shape == CUT_OUT for charge in group)
    home_over = ground.at_home(group)
    several = len(group) > 1 or len(group[0].places) > 1
    single = len({name for charge in group for name in charge.colours}) == 1
    best: tuple[float, Anchor, float, str, str] | None = None
    beside = [replace(one, name="beside", y=y, usual=BESIDE) for one in ground.anchors if one.name == "fly"]
    for anchor in (home, *beside, *ground.anchors) if seat is None else (seat,):
        tried = set()
        for size in (meant, *SIZES) if seat is None else (SIZES[0],):
            size = min(size, anchor.high, anchor.wide * high / wide, largest, WIDEST * high / wide)
            key = round(size, 3)
            if key in tried or size < 0.05:
                continue
            tried.add(key)
            w, h = wide * size / high, size
            if min(anchor.x - w, 1 - anchor.x - w) < FRAME / ASPECT or min(anchor.y - h, 1 - anchor.y - h) < FRAME:
                continue
            cost = anchor.usual
            if seat is None:
                cost += PLACING.away * (anchor is not home)
            cost += PLACING.small * (1.0 if seat is None else SEATED) * max(0.0, float(np.log2(meant / size)))
            cost += PLACING.tiny * max(0.0, float(np.log2(TINY * high / (largest_radius * size))))
            if ground.plain and alone and abs(anchor.x - 0.5) > CENTRAL and abs(anchor.y - 0.5) > CENTRAL:
                cost += PLACING.corner
            over = 0.0
            for x0, x1, y0, y1 in boxes:
                across = min(anchor.x + w, x1) - max(anchor.x - w, x0) + GAP / ASPECT
                down = min(anchor.y + h, y1) - max(anchor.y - h, y0) + GAP
                if across > 0 and down > 0:
                    smaller = min(4 * w * h, max(1e-6, (x1 - x0) * (y1 - y0)))
                    over += PLACING.overlapping * (1 + 3 * across * down / smaller)
            cost += over
            if best is not None and cost >= best[0]:
                continue
            under = ground.under(outline * size + (anchor.x, anchor.y))
            counts = np.bincount(under, minlength=len(ground.names)) / len(under)
            about = ground.under(outline * (MARGIN * size) + (anchor.x, anchor.y)) if seat is None else under
            straddling = max(0.0, 1 - float(np.bincount(about).max()) / len(about) - home_over)
            central = abs(anchor.x - 0.5) < CENTRAL and abs(anchor.y - 0.5) < CENTRAL
            if drawn or several:
                straddling *= DRAWN
            elif central and ground.even:
                straddling *= PLACING.balanced
            cost += PLACING.straddling * straddling
            for colour, edge, price in _colours(
                ground, names, single, not drawn and largest_radius * size / high > BOLD, counts
            ):
                shade = edge or colour
                faint = float(ground.clash(shade) @ counts) if shade else float(table[own_at, under].mean())
                whole = cost + price + hard_to_see(faint)
                if best is None or whole < best[0]:
                    best = whole, anchor, size, colour, edge
    if best is None or best[0] > PLACING.most:
        return None
    cost, anchor, size, colour, edge = best
    times = size / high
    return cost, tuple(_set(one, (x, y), anchor, times, colour, edge) for one in group)


def _colours(
    ground: Ground, names: Sequence[str], single: bool, bold: bool, counts: NDArray[np.float64]
) -> Iterator[tuple[str, str, float]]:
    """Colour, edge ("" for none) and price: as it is, in another colour, with an edge."""
    yield "", "", 0.0
    if single:
        for colour in ground.pool[:COLOURS]:
            if colour not in names:
                yield colour, "", PLACING.recoloured
    own = sum(float(ground.clash(name) @ counts) for name in names) / len(names)
    for colour in ("white", "yellow", "black") if bold and own < HOLLOW else ():
        if single and colour not in names and max(clash(colour, name, ground.tints) for name in names) < 0.5:
            yield "", colour, PLACING.edged + PLACING.recoloured * (colour not in ground.pool)


def _set(charge: Charge, middle: tuple[float, float], anchor: Anchor, times: float, colour: str, edge: str) -> Charge:
    places = shifted(charge.places, middle, (anchor.x, anchor.y), times)
    colours = (colour,) * len(charge.colours) if colour else charge.colours  # a cut-out may have it in several slots
    if edge and charge.shape != CUT_OUT and len(colours) == 1:
        grown = tuple(replace(one, radius=round(one.radius * (1 + EDGE), 6)) for one in places)
        return replace(charge, colours=(colours[0], edge), places=grown, edge=EDGE / (1 + EDGE))
    return replace(charge, colours=colours, places=places)


@lru_cache(1024)
def rim(group: Group) -> tuple[Points, NDArray[np.str_]]:
    """Points along a group's outline about its middle, for half a height of 1, and the colour of each."""
    left, right, top, bottom = extent(group)
    x, y, high = (left + right) / 2, (top + bottom) / 2, (bottom - top) / 2
    points: list[Points] = []
    colours: list[str] = []
    for charge in group:
        if charge.shape == CUT_OUT:
            own, names = _cut_out_rim(charge)
            points.append(own)
            colours += names
            continue
        drawn = list(figures_of(charge, ASPECT))[:: len(charge.colours)]
        each = max(8, POINTS // max(1, len(drawn)))
        for colour, contours in drawn[:12]:
            whole = np.concatenate([flattened(one) for one in contours])
            step = max(1, len(whole) // each)
            points.append(_between(whole)[::step])
            colours += [colour] * len(points[-1])
            if charge.edge:  # of which no more than the edge may be seen
                points.append(points[-1])
                colours += [charge.colours[0]] * len(points[-1])
    every = np.concatenate(points)
    outer = ~_within(group, every)
    if not outer.any():
        outer[:] = True
    return (every[outer] - (x, y)) / high, np.array(colours)[outer]


def _within(group: Group, points: Points) -> NDArray[np.bool_]:
    """Which of n points lie on a disc or lozenge of a group, but not on its rim."""
    inside = np.zeros(len(points), bool)
    for charge in group:
        if charge.shape not in HOLDS:
            continue
        wide, high = half(charge)
        for place in charge.places:
            reach = np.array([wide / ASPECT, high]) * place.radius * WITHIN
            away = abs(points - (place.x, place.y)) / reach
            inside |= (away.sum(1) if charge.shape == "lozenge" else np.hypot(*away.T)) < 1
    return inside


def _between(points: Points) -> Points:
    """Points and the middles between them: of a rectangle there would be only corners."""
    return np.concatenate([points, (points + np.roll(points, -1, 0)) / 2])


def _cut_out_rim(charge: Charge) -> tuple[Points, list[str]]:
    seen = slots(charge.art)
    inside = np.pad(seen > 0, 1)
    edge = inside[1:-1, 1:-1] & ~(inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:])
    if not edge.any():  # it is too thin for the map
        edge[0], edge[-1], seen = True, True, np.ones_like(seen)
    row, column = np.nonzero(edge)
    step = max(1, len(row) // POINTS)
    row, column = row[::step], column[::step]
    place = charge.places[0]
    across = ((column + 0.5) / seen.shape[1] * 2 - 1) * place.radius / ASPECT + place.x
    down = ((row + 0.5) / seen.shape[0] * 2 - 1) * place.radius + place.y
    return np.stack([across, down], 1), [charge.colours[slot - 1] for slot in seen[row, column]]
