"""Drawn shapes and drawn grounds whose classes are known: what the part dictionaries' features are named after.

No real flag is labelled by hand. A feature that fires for drawn stars and for hardly anything else is a star
feature, whatever it fires for on real flags.

All lengths are shares: of the figure's half size for shapes, of width and height for grounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from flagsae.design.dictionaries import SHAPES
from flagsae.design.part_vectors import Mask
from flagsae.flags.regions import connected_regions, region_areas

OVERSAMPLE = 3  # a shape is drawn so many times as large and thresholded, as a picture's edges are
GLYPHS = "ABCDEFGHJKLMNPQRSTUVWXYZabdeghkmnpqrsty23456789&@%$?"

Points = NDArray[np.float64]  # corners of a polygon, n x 2, x and y
Grid = NDArray[np.float64]  # h x w


@dataclass(frozen=True)
class Drawn:
    """A mask with its class (an index of `SHAPES` or `LAYOUTS`); aspect: width of a pixel over its height."""

    mask: Mask
    label: int
    aspect: float = 1.0


# Shapes: one figure each, anywhere from 5 to 130 pixels wide.


def draw_shapes(each: int, random: np.random.Generator) -> Iterator[Drawn]:
    """`each` shapes of every class, and more of those that are easily taken for others."""
    more = {"star 5": 3, "crescent": 3, "other": 9, "sun": 2, "cross": 2}
    for label, name in enumerate(SHAPES):
        for _ in range(each * more.get(name, 1)):
            yield Drawn(draw_shape(name, random), label, float(random.choice([1.0, 1.0, 1.11, 1.33, 1.2])))


def draw_shape(name: str, random: np.random.Generator) -> Mask:
    """One figure of a class of `SHAPES`, with a margin, as if pixels were square (`aspect` stretches later)."""
    while True:
        half = float(np.exp(random.uniform(np.log(2.6), np.log(60))))
        side = 2 * (int(1.3 * half) + 3)
        image = Image.new("L", (side * OVERSAMPLE, side * OVERSAMPLE))
        pen = _Pen(ImageDraw.Draw(image), side * OVERSAMPLE / 2, half * OVERSAMPLE)
        turn = random.uniform(0, 2 * np.pi) if random.random() < 0.4 else random.normal(0, 0.06)
        _SHAPES[name.split()[0]](pen, name, turn, random)
        if name not in ("other", "crescent", "ring", "sun") and random.random() < 0.35 and half > 8:
            for _ in range(int(random.integers(1, 4))):  # other charges stand on it
                pen.disc(random.uniform(0.05, 0.3), random.uniform(-0.4, 0.4, 2), fill=0)
        cover = np.asarray(image.resize((side, side), Image.Resampling.BOX), np.float32) / 255
        if random.random() < 0.3:
            cover = cover + random.normal(0, 0.22, cover.shape).astype(np.float32) * (cover > 0) * (cover < 1)
        mask = cover > 0.5
        regions = connected_regions(mask.astype(np.uint8))
        areas = np.where(np.bincount(regions[mask], minlength=regions.max() + 1), region_areas(regions), 0)
        if areas.max() >= 12:
            return regions == areas.argmax()  # one region, as in a flag


class _Pen:
    """Draws in a figure's own coordinates: the middle is 0, its half size 1."""

    def __init__(self, canvas: ImageDraw.ImageDraw, middle: float, half: float) -> None:
        self.canvas = canvas
        self.middle = middle
        self.half = half

    def polygon(self, points: Points, turn: float = 0.0, fill: int = 255) -> None:
        cos, sin = np.cos(turn), np.sin(turn)
        turned = points @ np.array([[cos, sin], [-sin, cos]])
        self.canvas.polygon([tuple(point) for point in (self.middle + self.half * turned).tolist()], fill=fill)

    def disc(self, radius: float, at: Points | tuple[float, float] = (0.0, 0.0), fill: int = 255) -> None:
        x, y = (self.middle + self.half * float(value) for value in at)
        reach = radius * self.half
        self.canvas.ellipse((x - reach, y - reach, x + reach, y + reach), fill=fill)


def star(points: int, inner: float) -> Points:
    """A star with its first point up; inner: radius of its inner corners."""
    angle = np.pi * np.arange(2 * points) / points - np.pi / 2
    radius = np.where(np.arange(2 * points) % 2 == 0, 1.0, inner)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _draw_star(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    points = int(name.split()[1])
    usual = {4: 0.3, 5: 0.382, 6: 0.577, 7: 0.5, 8: 0.55}[points]
    pen.polygon(star(points, usual + random.normal(0, 0.045)), turn)


def _draw_sun(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    rays = int(random.integers(9, 33))
    rising = random.random() < 0.25
    inner = random.uniform(0.42, 0.75 if rising else 0.88)
    pen.polygon(star(rays, inner), turn)
    if random.random() < 0.3:  # hollow, or with a disc of another colour in it
        pen.disc(inner * random.uniform(0.6, 0.9), fill=0)
    if rising:
        box = np.array([[-2, 0.05], [2, 0.05], [2, 2], [-2, 2]])
        pen.polygon(box, fill=0)


def _draw_disc(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    pen.disc(1.0)


def _draw_ring(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    pen.disc(1.0)
    pen.disc(random.uniform(0.6, 0.93), fill=0)


def _draw_crescent(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    inner = random.uniform(0.66, 0.97)
    away = random.uniform(1 - inner + 0.03, min(0.75, 1 - inner + 0.42))
    pen.disc(1.0)
    direction = random.choice([0.0, -np.pi / 2, *random.uniform(0, 2 * np.pi, 2)])
    pen.disc(inner, (away * np.cos(direction), away * np.sin(direction)), fill=0)


def _draw_cross(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    arm, flare = random.uniform(0.08, 0.36), random.uniform(1.0, 2.2) if random.random() < 0.4 else 1.0
    end, out = min(arm * flare, 0.55), 1.0
    down = 1.4 if random.random() < 0.2 else 1.0
    points = [(-arm, -arm), (-end, -out), (end, -out), (arm, -arm), (out, -end), (out, end), (arm, arm), (end, down)]
    pen.polygon(
        np.array([*points, (-end, down), (-arm, arm), (-out, end), (-out, -end)]) / down, random.normal(0, 0.05)
    )


def _draw_saltire(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    arm, wide = random.uniform(0.08, 0.3), random.uniform(0.8, 1.5)
    for sign in (-1, 1):
        line = np.array([[-1, -1 - arm], [1, 1 - arm], [1, 1 + arm], [-1, -1 + arm]]) * 0.8
        pen.polygon(line * [sign * min(wide, 1.2), 1])


def _draw_triangle(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    pen.polygon(star(3, 0.5) * [random.uniform(0.6, 1.3), 1], random.choice([0, np.pi / 2, -np.pi / 2, np.pi, turn]))


def _draw_rectangle(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [1, np.exp(random.uniform(-1.6, 1.6))]
    pen.polygon(box / np.abs(box).max(), random.choice([0, 0, 0, turn]))


def _draw_lozenge(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    pen.polygon(star(2, 1.0) * [np.exp(random.uniform(-0.5, 0.5)), 1] / 1.4, random.normal(0, 0.05))


def _draw_chevron(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    """An arrowhead: a triangle from which another is taken, as where a smaller one lies over it at the hoist."""
    tall, notch = random.uniform(0.5, 1), random.uniform(-0.7, 0.6)
    points = np.array([[-1, -tall], [1, 0], [-1, tall], [notch, 0]])
    if random.random() < 0.3:
        cut = random.uniform(0.15, 0.5) * tall
        points = np.array([[-1, -tall], [1, 0], [-1, tall], [-1, cut], [notch, 0], [-1, -cut]])
    pen.polygon(points, random.choice([0, 0, np.pi, np.pi / 2, -np.pi / 2]))


def _draw_other(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    """What is none of these: letters, blots, polygons, heaps of discs, ovals, shields."""
    kind = random.integers(10)
    if kind == 0:
        font = ImageFont.load_default(size=max(8, 1.9 * pen.half))
        glyph = str(random.choice(list(GLYPHS)))
        pen.canvas.text((pen.middle, pen.middle), glyph, fill=255, font=font, anchor="mm")
    elif kind == 1:
        angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
        waves = [random.normal(0, 0.5 / n) * np.cos(n * angle + random.uniform(0, 6.3)) for n in range(1, 9)]
        radius = np.clip(0.75 + np.sum(waves, axis=0), 0.12, 1.1)
        pen.polygon(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1))
    elif kind == 2:
        angle = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(4, 14))))
        radius = random.uniform(0.25, 1, len(angle))
        pen.polygon(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1))
    elif kind == 3:
        for _ in range(int(random.integers(2, 8))):
            pen.disc(random.uniform(0.15, 0.55), random.uniform(-0.6, 0.6, 2))
    elif kind == 4:
        angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        oval = np.stack([np.cos(angle), np.sin(angle)], axis=1) * [1, random.uniform(0.35, 0.78)]
        pen.polygon(oval, random.choice([0, np.pi / 2, turn]))
    elif kind == 5:  # a scroll
        angle = np.linspace(0, random.uniform(0.6, 3), 24) + turn
        outer = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        pen.polygon(np.vstack([outer, outer[::-1] * random.uniform(0.7, 0.92)]))
        pen.disc(random.uniform(0.08, 0.25), outer[0])
    elif kind == 6:  # a twig
        bend = random.uniform(-0.5, 0.5)
        for step in np.linspace(-0.85, 0.85, int(random.integers(4, 9))):
            pen.disc(random.uniform(0.08, 0.2), (step, bend * step**2 + random.uniform(-0.08, 0.08)))
            pen.disc(0.09, (step + 0.1, bend * step**2))
    elif kind == 7:  # a piece of something
        pen.polygon(star(int(random.integers(3, 9)), random.uniform(0.3, 0.8)), turn)
        for _ in range(int(random.integers(1, 4))):
            pen.disc(random.uniform(0.25, 0.7), random.uniform(-1, 1, 2), fill=0)
    elif kind == 8:  # a building
        pen.polygon(np.array([[-1, 0.3], [1, 0.3], [1, 0.7], [-1, 0.7]]))
        for middle in np.linspace(-0.75, 0.75, int(random.integers(1, 4)) * 2 - 1):
            high, wide = random.uniform(0.1, 0.9) * (1 - 0.5 * abs(middle)), random.uniform(0.08, 0.25)
            tip = high + random.choice([0.0, random.uniform(0.1, 0.3)])
            roof = [[middle - wide, 0.4], [middle - wide, -high], [middle, -tip], [middle + wide, -high]]
            pen.polygon(np.array([*roof, [middle + wide, 0.4]]))
    else:
        angle = np.linspace(0, np.pi, 20)
        foot = np.stack([np.cos(angle), 1.2 * np.sin(angle) ** random.uniform(0.6, 2)], axis=1) * [0.75, 0.8]
        pen.polygon(np.vstack([[[0.75, -0.8], [0.75, 0]], foot, [[-0.75, 0], [-0.75, -0.8]]]))


_SHAPES: dict[str, Callable[[_Pen, str, float, np.random.Generator], None]] = {
    "star": _draw_star,
    "sun": _draw_sun,
    "disc": _draw_disc,
    "ring": _draw_ring,
    "crescent": _draw_crescent,
    "cross": _draw_cross,
    "saltire": _draw_saltire,
    "triangle": _draw_triangle,
    "rectangle": _draw_rectangle,
    "lozenge": _draw_lozenge,
    "chevron": _draw_chevron,
    "other": _draw_other,
}
