"""Drawn grounds: a map of colours with a map of classes beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from flagsae.design.kinds import LAYOUTS
from flagsae.design.part_vectors import Mask
from flagsae.flags.regions import connected_regions, region_areas
from flagsae.training.drawn_shapes import Drawn, Grid

GROUND = (102, 153)  # rows and columns of a drawn ground
SMALLEST = 0.003  # share of the ground under which a drawn region is not looked at


# Grounds: a map of colours with a map of classes beside it.


def draw_layouts(count: int, random: np.random.Generator) -> Iterator[Drawn]:
    """The regions of `count` drawn grounds."""
    for _ in range(count):
        colours, classes = draw_ground(random)
        regions = connected_regions(colours)
        areas = region_areas(regions)
        for region in np.nonzero(areas >= SMALLEST * regions.size)[0]:
            mask = regions == region
            votes = np.bincount(classes[mask], minlength=len(LAYOUTS))
            if votes.max() >= 0.75 * votes.sum():
                yield Drawn(mask, int(votes.argmax()))


def draw_ground(random: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(colours, classes), both of `GROUND`'s shape."""
    painter = _Painter(random)
    names = list(_GROUNDS)
    often = np.array([2 if name in ("stripes", "bars", "cross", "saltire") else 1 for name in names], float)
    _GROUNDS[str(random.choice(names, p=often / often.sum()))](painter)
    if random.random() < 0.4:
        painter.overlay()
    return painter.colours, painter.classes


class _Painter:
    """A ground in the making. x, y: coordinates of the pixels' middles, 0 to 1; tall: height over width."""

    def __init__(self, random: np.random.Generator) -> None:
        height, width = GROUND
        self.random = random
        self.x = np.broadcast_to((np.arange(width) + 0.5) / width, GROUND)
        self.y = np.broadcast_to(((np.arange(height) + 0.5) / height)[:, None], GROUND)
        self.tall = float(random.choice([2 / 3, 0.6, 0.5, 0.75, 2 / 3]))
        self.colours = np.zeros(GROUND, np.uint8)
        self.classes = np.full(GROUND, LAYOUTS.index("field"), np.uint8)
        self.palette = random.permutation(8)
        self.used = 1
        self.colours[:] = self.palette[0]

    def colour(self, new: bool = False) -> int:
        """The next colour, or now and then one that was used before."""
        if not new and self.used > 2 and self.random.random() < 0.25:
            return int(self.palette[self.random.integers(self.used - 1)])
        self.used = min(self.used + 1, len(self.palette))
        return int(self.palette[self.used - 1])

    def paint(self, where: Mask, name: str, colour: int | None = None) -> None:
        self.colours[where] = self.colour() if colour is None else colour
        self.classes[where] = LAYOUTS.index(name)

    def field(self) -> None:
        """Nothing but its colour."""

    def stripes(self, name: str = "stripe") -> None:
        along = self.y if name == "stripe" else self.x
        random = self.random
        most = 14 if name == "stripe" else 6
        count = int(random.choice(np.arange(2, most), p=_falling(most - 2)))
        sizes = np.ones(count) if random.random() < 0.6 else random.uniform(0.4, 2, count)
        if random.random() < 0.3 and count % 2:
            sizes = sizes + sizes[::-1]
        edges = np.concatenate([[0], np.cumsum(sizes) / sizes.sum()])
        position = along
        if name == "bar" and random.random() < 0.15:  # serrated
            position = along + random.uniform(0.05, 0.3) * np.abs((self.y * int(random.integers(5, 10))) % 1 - 0.5)
        two = [self.colour(new=True), self.colour(new=True)] if count > 3 and random.random() < 0.6 else None
        for number in range(count):
            colour = two[number % 2] if two else self.colour(new=count < 5)
            self.paint((position >= edges[number]) & (position <= edges[number + 1] + 0.2), name, colour)
        if random.random() < 0.2:
            thin = self.colour(new=True)
            for edge in edges[1:-1]:
                self.paint(np.abs(position - edge) < random.uniform(0.012, 0.03), name, thin)

    def bars(self) -> None:
        self.stripes("bar")

    def waves(self) -> None:
        random = self.random
        wave = self.y + random.uniform(0.015, 0.05) * np.sin(2 * np.pi * random.uniform(1.5, 5) * self.x)
        count = int(random.integers(3, 9))
        top = random.uniform(0, 0.5)
        two = [self.colour(new=True), self.colour(new=True)]
        for number in range(count):
            self.paint(wave > top + (1 - top) * number / count, "stripe", two[number % 2])

    def quarters(self) -> None:
        right, low = self.x > self.random.uniform(0.42, 0.58), self.y > self.random.uniform(0.45, 0.55)
        for where in (~right & ~low, right & ~low, ~right & low, right & low):
            self.paint(where, "quarter", self.colour(new=True))

    def cross(self, *, nordic: bool = False) -> None:
        random = self.random
        middle = random.uniform(0.28, 0.43) if nordic else 0.5
        thick = random.uniform(0.05, 0.2)
        away = np.minimum(np.abs(self.x - middle) / self.tall, np.abs(self.y - 0.5))
        self.classes[:] = LAYOUTS.index("cross quarter")
        if random.random() < 0.2:  # gyronny: the quarters of two colours
            self.colours[(self.x > middle) ^ (self.y > 0.5)] = self.colour(new=True)
        elif random.random() < 0.1:
            self.colours[self.x > middle] = self.colour(new=True)
        name = "nordic cross" if nordic else "cross"
        self._lines(away, thick / 2, name)

    def nordic(self) -> None:
        self.cross(nordic=True)

    def saltire(self) -> None:
        random = self.random
        away = np.minimum(np.abs(self.x - self.y), np.abs(self.x + self.y - 1)) * (2 / 3)
        self.classes[:] = LAYOUTS.index("wedge")
        if random.random() < 0.6:
            self.colours[(self.x > self.y) ^ (self.x + self.y > 1)] = self.colour(new=True)
        if random.random() < 0.1:
            return  # wedges alone
        self._lines(away, random.uniform(0.03, 0.11), "saltire")

    def _lines(self, away: Grid, half: float, name: str) -> None:
        """A figure of lines, with or without edges of another colour."""
        edged = self.random.random() < 0.4
        if edged:
            self.paint(away < half, name, self.colour(new=True))
        self.paint(away < half * (self.random.uniform(0.4, 0.75) if edged else 1), name, self.colour(new=True))

    def jack(self) -> None:
        """The Union Jack, whose lesser pieces say more than its crosses."""
        diagonal = np.minimum(np.abs(self.x - self.y), np.abs(self.x + self.y - 1)) * 0.89
        upright = np.minimum(np.abs(self.x - 0.5) * 2, np.abs(self.y - 0.5))
        blue, white, red = (self.colour(new=True) for _ in range(3))
        self.paint(np.ones(GROUND, bool), "jack", blue)
        self.paint(diagonal < 0.1, "jack", white)
        turned = (self.x > 0.5) ^ (self.y > 0.5)
        aside = np.where(turned, self.x + self.y - 1, self.x - self.y) * np.where(self.x < 0.5, 0.89, -0.89)
        self.paint((aside > 0) & (aside < 0.066), "jack", red)  # counterchanged: it keeps to one side
        self.paint(upright < 0.167, "cross", white)
        self.paint(upright < 0.1, "cross", red)

    def diagonal(self) -> None:
        random = self.random
        rising = random.random() < 0.6
        along = self.x + self.y - 1 if rising else self.x - self.y
        along = along + random.uniform(-0.1, 0.1)
        other = self.colour(new=True)
        self.classes[:] = LAYOUTS.index("diagonal half")
        if random.random() < 0.75:
            self.paint(along > 0, "diagonal half", other)
        if random.random() < 0.75:
            half = random.uniform(0.03, 0.2)
            if random.random() < 0.5:
                self.paint(np.abs(along) < half, "diagonal band", self.colour(new=True))
                half *= random.uniform(0.5, 0.8)
            self.paint(np.abs(along) < half, "diagonal band", self.colour(new=True))

    def rays(self) -> None:
        angle = np.arctan2(1 - self.y, self.x + 1e-9)
        edges = np.sort(self.random.uniform(0.1, 1.45, int(self.random.integers(2, 5))))
        self.classes[:] = LAYOUTS.index("wedge")
        for edge in edges:
            self.paint(angle > edge, "wedge", self.colour(new=True))

    def pall(self) -> None:
        random = self.random
        reach = random.uniform(0.35, 0.6)
        inside = np.abs(self.y - 0.5) - 0.5 * (1 - self.x / reach)  # below 0 within the triangle
        away = np.where(self.x < reach, np.abs(inside), np.abs(self.y - 0.5))
        away = np.where(inside > 0, np.minimum(np.abs(inside), np.abs(self.y - 0.5)), away)
        upper = self.y < 0.5
        self.classes[:] = LAYOUTS.index("stripe")
        self.paint(~upper, "stripe", self.colour(new=True))
        self.paint(inside < 0, "triangle", self.colour(new=True))
        half = random.uniform(0.05, 0.11)
        if random.random() < 0.6:
            self.paint(away < half, "pall", self.colour(new=True))
            half *= random.uniform(0.45, 0.8)
        self.paint(away < half, "pall", self.colour(new=True))

    def flank(self) -> None:
        """A triangle with its base on the fly, the top or the foot."""
        side = self.random.integers(3)
        x, y = ((1 - self.x, self.y), (self.y, self.x), (1 - self.y, self.x))[int(side)]
        reach = self.random.uniform(0.5, 1)
        inside = (np.abs(y - 0.5) < 0.5 * (1 - x / reach)) & (x < reach)
        self.classes[:] = LAYOUTS.index("wedge")
        self.paint(inside, "wedge", self.colour(new=True))

    def border(self) -> None:
        edge = self.random.uniform(0.03, 0.14)
        inner = (np.abs(self.x - 0.5) < 0.5 - edge * self.tall) & (np.abs(self.y - 0.5) < 0.5 - edge)
        self.classes[:] = LAYOUTS.index("border")
        self.paint(inner, "panel", self.colour(new=True))

    def overlay(self) -> None:
        """What lies over a ground at the hoist."""
        random = self.random
        kind = random.choice(["triangle", "triangle", "bar", "canton"])
        if kind == "triangle":
            reach, height = random.uniform(0.22, 0.62), random.choice([0.5, 0.5, 0.5, 0.42])
            away = np.abs(self.y - 0.5) / height + self.x / reach
            if random.random() < 0.35:
                self.paint(away < 1, "triangle", self.colour(new=True))
                away = away + random.uniform(0.08, 0.4)
            self.paint(away < 1, "triangle", self.colour(new=True))
        elif kind == "bar":
            self.paint(self.x < random.uniform(0.15, 0.4), "bar", self.colour(new=True))
        else:
            wide, high = random.uniform(0.25, 0.55), random.uniform(0.3, 0.6)
            self.paint((self.x < wide) & (self.y < high), "canton", self.colour(new=True))


def _falling(count: int) -> NDArray[np.float64]:
    """Probabilities that fall with the number: three stripes are more common than thirteen."""
    raw = 1 / (1 + np.arange(count))
    return raw / raw.sum()


_GROUNDS: dict[str, Callable[[_Painter], None]] = {
    "field": _Painter.field,
    "stripes": _Painter.stripes,
    "bars": _Painter.bars,
    "waves": _Painter.waves,
    "quarters": _Painter.quarters,
    "cross": _Painter.cross,
    "nordic": _Painter.nordic,
    "saltire": _Painter.saltire,
    "jack": _Painter.jack,
    "diagonal": _Painter.diagonal,
    "rays": _Painter.rays,
    "pall": _Painter.pall,
    "flank": _Painter.flank,
    "border": _Painter.border,
}
