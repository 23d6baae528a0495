"""Shapes drawn at random, whose classes are known: examples for the shape dictionary, which name its features.

No real flag is labelled by hand. A feature that fires for drawn stars and for hardly any other drawn shape is called
a star feature, and then found on real flags.

Lengths are shares of half a figure's size. `python data/make.py parts` draws all shapes again: any change of a number
here, or of the order of random numbers, changes the shipped part dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from flagsae.design.kinds import CHARGES, OTHER, SHAPES
from flagsae.design.part_vectors import Mask
from flagsae.flags.regions import connected_regions, region_areas

OVERSAMPLE = 3  # a shape is drawn this many times larger, then averaged and thresholded, like the edges of a picture
GLYPHS = "ABCDEFGHJKLMNPQRSTUVWXYZabdeghkmnpqrsty23456789&@%$?"  # without those like a bar or ring: I, O, l, 0

Points = NDArray[np.float64]  # corners of a polygon, n x 2, x and y
Grid = NDArray[np.float64]  # h x w


@dataclass(frozen=True)
class Drawn:
    """A drawn region whose class is known."""

    mask: Mask  # h x w
    label: int  # its class, an index of `SHAPES` or of `LAYOUTS`
    aspect: float = 1.0  # width of a pixel over its height


@dataclass(frozen=True)
class Ranges:
    """How drawn shapes vary.

    A pair is the range of a uniform random number (of whole numbers, without its end). A name with "chance" is a
    probability. Lengths are shares of half a figure's size, from its middle, unless they say otherwise.

    All values are by eye: what real flags show, and somewhat more on both sides, so that no real flag lies at the edge
    of what was trained on.
    """

    # Every shape.
    half: tuple[float, float] = (2.6, 60)  # half its size in pixels: from one of fifty stars in a canton to a large sun
    window: float = 1.3  # half the size of the picture, in half sizes, so that there is room to rotate the shape
    margin: int = 3  # pixels around the window
    least_pixels: int = 12  # a shape with fewer cannot be recognised, and is drawn again
    # Width over height of a pixel: of flags of 2:3 (twice), 3:5, 1:2 and 5:9 on a canvas of 2:3.
    aspects: tuple[float, ...] = (1.0, 1.0, 1.11, 1.33, 1.2)
    turned_chance: float = 0.4  # of a rotation by any angle; else upright with a small tilt
    tilt: float = 0.06  # standard deviation of that tilt, in radians
    pierced_chance: float = 0.35  # of holes, as where other charges lie on the shape
    pierced_half: float = 8  # half size in pixels above which there is room for holes
    holes: tuple[int, int] = (1, 4)  # number of holes
    hole_radius: tuple[float, float] = (0.05, 0.3)
    hole_place: tuple[float, float] = (-0.4, 0.4)  # x, and y, of a hole's centre
    rough_chance: float = 0.3  # of a noisy outline, as in a picture that was compressed or scaled
    roughness: float = 0.22  # standard deviation of the coverage of the pixels on such an outline
    covered: float = 0.5  # coverage above which a pixel belongs to the shape
    # Stars and suns. inner: radius of the corners between the points.
    star_inner: tuple[tuple[int, float], ...] = ((4, 0.3), (5, 0.382), (6, 0.577), (7, 0.5), (8, 0.55))
    star_inner_spread: float = 0.045  # standard deviation around those radii, which are regular or usual ones
    sun_rays: tuple[int, int] = (9, 33)  # number of rays
    sun_inner: tuple[float, float] = (0.42, 0.88)
    rising_chance: float = 0.25  # of a rising sun, whose lower half is cut off
    rising_inner: float = 0.75  # largest inner radius of a rising sun
    horizon: float = 0.05  # how far below the centre a rising sun is cut
    hollow_chance: float = 0.3  # of a disc of another colour on the sun
    hollow: tuple[float, float] = (0.6, 0.9)  # radius of that disc over the sun's inner radius
    # Discs, rings, crescents.
    ring_inner: tuple[float, float] = (0.6, 0.93)  # radius of the hole
    crescent_inner: tuple[float, float] = (0.66, 0.97)  # radius of the disc that is cut out
    crescent_thin: float = 0.03  # width of a crescent at its widest, at least
    crescent_thick: float = 0.42  # the same, at most
    crescent_away: float = 0.75  # distance between the centres of both discs, at most
    # Crosses and saltires. arm: half the width of an arm.
    cross_arm: tuple[float, float] = (0.08, 0.36)
    flare_chance: float = 0.4  # of arms that widen outwards, like those of a cross pattée
    flare: tuple[float, float] = (1.0, 2.2)  # width of an arm at its end over that at its beginning
    cross_end: float = 0.55  # half the width of an arm at its end, at most
    latin_chance: float = 0.2  # of a longer lower arm
    latin: float = 1.4  # length of that arm, in those of the others
    cross_tilt: float = 0.05  # standard deviation of the rotation in radians, also of lozenges
    saltire_arm: tuple[float, float] = (0.08, 0.3)
    saltire_wide: tuple[float, float] = (0.8, 1.5)  # width over height
    saltire_widest: float = 1.2  # greater widths are reduced to this one, which fits into the window
    saltire_size: float = 0.8  # half its height
    # Polygons.
    triangle_wide: tuple[float, float] = (0.6, 1.3)  # width over that of a regular triangle
    triangle_inner: float = 0.5  # inner radius of a star of three points that makes it a triangle
    rectangle_wide: tuple[float, float] = (-1.6, 1.6)  # logarithm of height over width: 1 : 5 to 5 : 1
    lozenge_wide: tuple[float, float] = (-0.5, 0.5)  # logarithm of width over height
    lozenge_size: float = 1.4  # divides half its size, so that a wide one stays in the window
    chevron_tall: tuple[float, float] = (0.5, 1)  # half its height
    chevron_notch: tuple[float, float] = (-0.7, 0.6)  # x of the inner corner; the tip is at 1
    stepped_chance: float = 0.3  # of a chevron whose legs end in a vertical cut
    stepped: tuple[float, float] = (0.15, 0.5)  # share of its height between the legs there
    # Other figures.
    glyph_size: float = 1.9  # size of the font of a letter
    glyph_least: float = 8  # the same in pixels, at least: smaller letters are unreadable
    blot_waves: int = 8  # number of waves in the outline of a blot
    blot_wave: float = 0.5  # standard deviation of the first wave's amplitude; that of the n-th is an n-th of it
    blot_turn: float = 6.3  # largest phase of a wave: about a full turn
    blot_radius: float = 0.75  # mean radius
    blot_limits: tuple[float, float] = (0.12, 1.1)  # smallest and largest radius
    polygon_corners: tuple[int, int] = (4, 14)  # number of corners
    polygon_radius: tuple[float, float] = (0.25, 1)  # distance of a corner from the centre
    heap: tuple[int, int] = (2, 8)  # number of discs in a heap
    heap_radius: tuple[float, float] = (0.15, 0.55)
    heap_place: tuple[float, float] = (-0.6, 0.6)  # x, and y, of a disc's centre
    oval_wide: tuple[float, float] = (0.35, 0.78)  # shorter over longer axis; a rounder oval would be a disc
    scroll_length: tuple[float, float] = (0.6, 3)  # radians along a circle
    scroll_inner: tuple[float, float] = (0.7, 0.92)  # inner radius
    scroll_end: tuple[float, float] = (0.08, 0.25)  # radius of the roll at its end
    twig_bend: tuple[float, float] = (-0.5, 0.5)  # b of the parabola y = b x² that it follows
    twig_reach: float = 0.85  # half its length
    twig_leaves: tuple[int, int] = (4, 9)  # number of leaves
    twig_leaf: tuple[float, float] = (0.08, 0.2)  # radius of a leaf
    twig_scatter: tuple[float, float] = (-0.08, 0.08)  # distance of a leaf from the stalk
    twig_stalk: float = 0.09  # radius of the discs that make the stalk
    twig_step: float = 0.1  # distance of such a disc from its leaf, along the stalk
    piece_points: tuple[int, int] = (3, 9)  # points of a star that is partly covered
    piece_inner: tuple[float, float] = (0.3, 0.8)  # its inner radius
    piece_cuts: tuple[int, int] = (1, 4)  # number of discs that cover it
    piece_cut: tuple[float, float] = (0.25, 0.7)  # their radius
    piece_place: tuple[float, float] = (-1, 1)  # x, and y, of their centres
    towers: tuple[int, int] = (1, 4)  # from the middle tower of a building to one side, with the middle one
    tower_reach: float = 0.75  # distance of the outermost from the middle
    tower_high: tuple[float, float] = (0.1, 0.9)
    tower_falls: float = 0.5  # share of its height that a tower loses for each unit of distance from the middle
    tower_wide: tuple[float, float] = (0.08, 0.25)  # half the width of a tower
    tower_roof: tuple[float, float] = (0.1, 0.3)  # height of a pointed roof
    wall: tuple[float, float, float] = (0.3, 0.4, 0.7)  # y of the wall's top, of the towers' feet, of the wall's bottom
    shield_wide: float = 0.75  # half its width
    shield_tall: float = 0.8  # half its height
    shield_foot: float = 1.2  # how far its tip is below its middle, in half heights
    shield_round: tuple[float, float] = (0.6, 2)  # exponent of the outline of its foot: from round to pointed


RANGES = Ranges()


# Drawing one figure.


def draw_shapes(each: int, random: np.random.Generator) -> Iterator[Drawn]:
    """`each` shapes of every class, times its `ChargeKind.drawn`.

    Raises `NotImplementedError` if a kind of charge has no drawing.
    """
    missing = [kind.name for kind in (*CHARGES, OTHER) if kind.name not in DRAWINGS]
    if missing:
        raise NotImplementedError(f"no drawing of {', '.join(missing)}: add one to DRAWINGS in {__file__}")
    for kind in (*CHARGES, OTHER):
        for name, times in zip(kind.classes, kind.drawn or [1] * len(kind.classes), strict=True):
            for _ in range(each * times):
                yield Drawn(draw_shape(name, random), SHAPES.index(name), float(random.choice(RANGES.aspects)))


def draw_shape(name: str, random: np.random.Generator) -> Mask:
    """One figure of a class of `SHAPES`, with a margin; pixels are taken as square (see `Drawn.aspect`)."""
    kind = next(kind for kind in (*CHARGES, OTHER) if name in kind.classes)
    while True:
        half = float(np.exp(random.uniform(*np.log(RANGES.half))))
        side = 2 * (int(RANGES.window * half) + RANGES.margin)
        image = Image.new("L", (side * OVERSAMPLE, side * OVERSAMPLE))
        pen = _Pen(ImageDraw.Draw(image), side * OVERSAMPLE / 2, half * OVERSAMPLE)
        turned = random.random() < RANGES.turned_chance
        turn = random.uniform(0, 2 * np.pi) if turned else random.normal(0, RANGES.tilt)
        DRAWINGS[kind.name](pen, name, turn, random)
        if kind.pierced and random.random() < RANGES.pierced_chance and half > RANGES.pierced_half:
            for _ in range(int(random.integers(*RANGES.holes))):
                pen.disc(random.uniform(*RANGES.hole_radius), random.uniform(*RANGES.hole_place, 2), fill=0)
        cover = np.asarray(image.resize((side, side), Image.Resampling.BOX), np.float32) / 255
        if random.random() < RANGES.rough_chance:
            noise = random.normal(0, RANGES.roughness, cover.shape).astype(np.float32)
            cover = cover + noise * (cover > 0) * (cover < 1)
        mask = cover > RANGES.covered
        regions = connected_regions(mask.astype(np.uint8))
        areas = np.where(np.bincount(regions[mask], minlength=regions.max() + 1), region_areas(regions), 0)
        if areas.max() >= RANGES.least_pixels:
            return regions == areas.argmax()  # its largest connected region


class _Pen:
    """Draws in a figure's own coordinates: (0, 0) is its middle, and 1 half its size.

    middle, half: the figure's middle (x and y are equal) and half its size, in pixels of the canvas.
    """

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
    """The corners of a star with one point up. points: how many; inner: radius of the corners between them."""
    angle = np.pi * np.arange(2 * points) / points - np.pi / 2
    radius = np.where(np.arange(2 * points) % 2 == 0, 1.0, inner)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _draw_star(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    points = int(name.split()[1])
    usual = dict(RANGES.star_inner)[points]
    pen.polygon(star(points, usual + random.normal(0, RANGES.star_inner_spread)), turn)


def _draw_sun(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    rays = int(random.integers(*RANGES.sun_rays))
    rising = random.random() < RANGES.rising_chance
    least, most = RANGES.sun_inner
    inner = random.uniform(least, RANGES.rising_inner if rising else most)
    pen.polygon(star(rays, inner), turn)
    if random.random() < RANGES.hollow_chance:
        pen.disc(inner * random.uniform(*RANGES.hollow), fill=0)
    if rising:
        box = np.array([[-2, RANGES.horizon], [2, RANGES.horizon], [2, 2], [-2, 2]])
        pen.polygon(box, fill=0)


def _draw_disc(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    pen.disc(1.0)


def _draw_ring(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    pen.disc(1.0)
    pen.disc(random.uniform(*RANGES.ring_inner), fill=0)


def _draw_crescent(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    inner = random.uniform(*RANGES.crescent_inner)
    most = min(RANGES.crescent_away, 1 - inner + RANGES.crescent_thick)
    away = random.uniform(1 - inner + RANGES.crescent_thin, most)
    pen.disc(1.0)
    direction = random.choice([0.0, -np.pi / 2, *random.uniform(0, 2 * np.pi, 2)])
    pen.disc(inner, (away * np.cos(direction), away * np.sin(direction)), fill=0)


def _draw_cross(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    arm = random.uniform(*RANGES.cross_arm)
    flare = random.uniform(*RANGES.flare) if random.random() < RANGES.flare_chance else 1.0
    end, out = min(arm * flare, RANGES.cross_end), 1.0
    down = RANGES.latin if random.random() < RANGES.latin_chance else 1.0
    points = [(-arm, -arm), (-end, -out), (end, -out), (arm, -arm), (out, -end), (out, end), (arm, arm), (end, down)]
    corners = np.array([*points, (-end, down), (-arm, arm), (-out, end), (-out, -end)])
    pen.polygon(corners / down, random.normal(0, RANGES.cross_tilt))


def _draw_saltire(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    arm, wide = random.uniform(*RANGES.saltire_arm), random.uniform(*RANGES.saltire_wide)
    for sign in (-1, 1):
        line = np.array([[-1, -1 - arm], [1, 1 - arm], [1, 1 + arm], [-1, -1 + arm]]) * RANGES.saltire_size
        pen.polygon(line * [sign * min(wide, RANGES.saltire_widest), 1])


def _draw_triangle(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    corners = star(3, RANGES.triangle_inner) * [random.uniform(*RANGES.triangle_wide), 1]
    pen.polygon(corners, random.choice([0, np.pi / 2, -np.pi / 2, np.pi, turn]))


def _draw_rectangle(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [1, np.exp(random.uniform(*RANGES.rectangle_wide))]
    pen.polygon(box / np.abs(box).max(), random.choice([0, 0, 0, turn]))


def _draw_lozenge(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    corners = star(2, 1.0) * [np.exp(random.uniform(*RANGES.lozenge_wide)), 1] / RANGES.lozenge_size
    pen.polygon(corners, random.normal(0, RANGES.cross_tilt))


def _draw_chevron(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    """An arrowhead: what is left of a triangle at the hoist on which a smaller triangle lies."""
    tall, notch = random.uniform(*RANGES.chevron_tall), random.uniform(*RANGES.chevron_notch)
    points = np.array([[-1, -tall], [1, 0], [-1, tall], [notch, 0]])
    if random.random() < RANGES.stepped_chance:
        cut = random.uniform(*RANGES.stepped) * tall
        points = np.array([[-1, -tall], [1, 0], [-1, tall], [-1, cut], [notch, 0], [-1, -cut]])
    pen.polygon(points, random.choice([0, 0, np.pi, np.pi / 2, -np.pi / 2]))


def _draw_other(pen: _Pen, name: str, turn: float, random: np.random.Generator) -> None:
    """A figure that is none of the named classes, of ten sorts."""
    others = (_letter, _blot, _polygon, _heap, _oval, _scroll, _twig, _piece, _building, _shield)
    others[int(random.integers(len(others)))](pen, turn, random)


def _letter(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    font = ImageFont.load_default(size=max(RANGES.glyph_least, RANGES.glyph_size * pen.half))
    glyph = str(random.choice(list(GLYPHS)))
    pen.canvas.text((pen.middle, pen.middle), glyph, fill=255, font=font, anchor="mm")


def _blot(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    """A round area with a wavy outline."""
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    waves = [
        random.normal(0, RANGES.blot_wave / n) * np.cos(n * angle + random.uniform(0, RANGES.blot_turn))
        for n in range(1, RANGES.blot_waves + 1)
    ]
    radius = np.clip(RANGES.blot_radius + np.sum(waves, axis=0), *RANGES.blot_limits)
    pen.polygon(radius[:, None] * _circle(angle))


def _polygon(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    """A polygon with irregular corners."""
    angle = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(*RANGES.polygon_corners))))
    radius = random.uniform(*RANGES.polygon_radius, len(angle))
    pen.polygon(radius[:, None] * _circle(angle))


def _heap(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    for _ in range(int(random.integers(*RANGES.heap))):
        pen.disc(random.uniform(*RANGES.heap_radius), random.uniform(*RANGES.heap_place, 2))


def _oval(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    oval = _circle(angle) * [1, random.uniform(*RANGES.oval_wide)]
    pen.polygon(oval, random.choice([0, np.pi / 2, turn]))


def _scroll(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    outer = _circle(np.linspace(0, random.uniform(*RANGES.scroll_length), 24) + turn)
    pen.polygon(np.vstack([outer, outer[::-1] * random.uniform(*RANGES.scroll_inner)]))
    pen.disc(random.uniform(*RANGES.scroll_end), outer[0])


def _twig(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    bend, reach = random.uniform(*RANGES.twig_bend), RANGES.twig_reach
    for step in np.linspace(-reach, reach, int(random.integers(*RANGES.twig_leaves))):
        pen.disc(random.uniform(*RANGES.twig_leaf), (step, bend * step**2 + random.uniform(*RANGES.twig_scatter)))
        pen.disc(RANGES.twig_stalk, (step + RANGES.twig_step, bend * step**2))


def _piece(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    """A star that is partly covered by discs."""
    pen.polygon(star(int(random.integers(*RANGES.piece_points)), random.uniform(*RANGES.piece_inner)), turn)
    for _ in range(int(random.integers(*RANGES.piece_cuts))):
        pen.disc(random.uniform(*RANGES.piece_cut), random.uniform(*RANGES.piece_place, 2), fill=0)


def _building(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    top, foot, bottom = RANGES.wall
    pen.polygon(np.array([[-1, top], [1, top], [1, bottom], [-1, bottom]]))
    reach = RANGES.tower_reach
    for middle in np.linspace(-reach, reach, int(random.integers(*RANGES.towers)) * 2 - 1):
        high = random.uniform(*RANGES.tower_high) * (1 - RANGES.tower_falls * abs(middle))
        wide = random.uniform(*RANGES.tower_wide)
        tip = high + random.choice([0.0, random.uniform(*RANGES.tower_roof)])
        roof = [[middle - wide, foot], [middle - wide, -high], [middle, -tip], [middle + wide, -high]]
        pen.polygon(np.array([*roof, [middle + wide, foot]]))


def _shield(pen: _Pen, turn: float, random: np.random.Generator) -> None:
    wide, tall = RANGES.shield_wide, RANGES.shield_tall
    angle = np.linspace(0, np.pi, 20)
    below = RANGES.shield_foot * np.sin(angle) ** random.uniform(*RANGES.shield_round)
    foot = np.stack([np.cos(angle), below], axis=1) * [wide, tall]
    pen.polygon(np.vstack([[[wide, -tall], [wide, 0]], foot, [[-wide, 0], [-wide, -tall]]]))


def _circle(angle: NDArray[np.float64]) -> Points:
    """Points on the unit circle, n x 2. angle: n, in radians."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


# The drawing of each kind of charge: a function of (pen, class, rotation in radians, random numbers).
DRAWINGS: dict[str, Callable[[_Pen, str, float, np.random.Generator], None]] = {
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
