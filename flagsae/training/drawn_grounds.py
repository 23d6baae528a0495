"""Grounds drawn at random, of which the class of each pixel is known: examples for the layout dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design.kinds import LAYOUTS
from flagsae.design.part_vectors import Mask
from flagsae.flags.regions import connected_regions, region_areas
from flagsae.training.drawn_shapes import Drawn, Grid

GROUND = (102, 153)  # rows and columns of a drawn ground
SMALLEST = 0.003  # share of the ground below which a region is left out
ABOVE_ZERO = 1e-9  # added to coordinates in an arctangent
MOSTLY = 0.75  # share of a region's pixels that must have one class, for it to be an example of that class


@dataclass(frozen=True)
class Ranges:
    """How drawn grounds vary.

    A pair is the range of a uniform random number (of whole numbers, without its end); other tuples list values that
    are chosen from with equal probability. A name with "chance" is a probability. Lengths are shares of the width or
    the height.

    All values are by eye: what real flags show, and somewhat more on both sides, so that no real flag lies at the edge
    of what was trained on.
    """

    # Every ground.
    common: tuple[str, ...] = ("stripes", "bars", "cross", "saltire")  # drawn twice as often as the other kinds
    overlay_chance: float = 0.4  # of a triangle, bar or canton on top, at the hoist
    tall: tuple[float, ...] = (2 / 3, 0.6, 0.5, 0.75, 2 / 3)  # height over width
    colours: int = 8  # in the palette of a ground
    again_chance: float = 0.25  # of a colour that was used before, once three were used
    # Stripes and bars.
    most_stripes: int = 14  # one more than the largest number of stripes
    most_bars: int = 6  # one more than the largest number of bars
    equal_chance: float = 0.6  # of equal widths
    widths: tuple[float, float] = (0.4, 2)  # otherwise, relative widths
    mirrored_chance: float = 0.3  # of widths that are symmetric about the middle, for an odd number
    serrated_chance: float = 0.15  # of teeth between bars
    serrated: tuple[float, float] = (0.05, 0.3)  # twice the length of the teeth
    teeth: tuple[int, int] = (5, 10)  # number of teeth
    two_colours_chance: float = 0.6  # of two alternating colours, for more than three stripes
    behind: float = 0.2  # how far a stripe extends below the next one, so that no gap is left
    fimbriated_chance: float = 0.2  # of thin lines between stripes
    fimbriation: tuple[float, float] = (0.012, 0.03)  # half the width of these lines
    # Waves.
    waves: tuple[int, int] = (3, 9)  # number of wavy stripes
    wave_height: tuple[float, float] = (0.015, 0.05)  # amplitude
    wave_number: tuple[float, float] = (1.5, 5)  # periods along the width
    wave_top: tuple[float, float] = (0, 0.5)  # y of the first stripe
    # Quarters, crosses, saltires.
    quarter_right: tuple[float, float] = (0.42, 0.58)  # x of the border between the left and the right quarters
    quarter_low: tuple[float, float] = (0.45, 0.55)  # y of the border between the upper and the lower quarters
    nordic: tuple[float, float] = (0.28, 0.43)  # x of the vertical arm of a Nordic cross
    cross_width: tuple[float, float] = (0.05, 0.2)  # width of an arm
    gyronny_chance: float = 0.2  # of quarters behind a cross in two alternating colours
    halved_chance: float = 0.1  # otherwise, of two halves behind a cross
    saltire_half: tuple[float, float] = (0.03, 0.11)  # half the width of an arm
    saltire_slant: float = 2 / 3  # makes distances across a saltire's diagonals of differences of coordinates
    wedges_chance: float = 0.6  # of a ground in two alternating colours behind a saltire
    bare_chance: float = 0.1  # of that ground without a saltire
    edged_chance: float = 0.4  # of an edge in another colour around a cross or saltire
    edged: tuple[float, float] = (0.4, 0.75)  # width of the figure inside its edge, as a share of the whole
    # The Union Jack in its legal proportions. Half widths, over its height.
    slant: float = 0.89  # cosine of the angle of its diagonals
    jack_saltire: float = 0.1  # of the white saltire
    jack_red_saltire: float = 0.066  # whole width of the red saltire, on one side of each diagonal
    jack_white: float = 0.167  # of the white cross
    jack_red: float = 0.1  # of the red cross
    # Diagonals.
    rising_chance: float = 0.6  # of a diagonal from the lower hoist to the upper fly; else it falls
    diagonal_off: tuple[float, float] = (-0.1, 0.1)  # how far it misses the corners
    diagonal_chance: float = 0.75  # of two halves in different colours and, independently, of a band
    band_half: tuple[float, float] = (0.03, 0.2)  # half the width of a band
    band_edged_chance: float = 0.5  # of an edge around the band
    band_edged: tuple[float, float] = (0.5, 0.8)  # width of the band inside its edge, as a share of the whole
    rays: tuple[int, int] = (2, 5)  # borders between rays from the lower hoist
    ray_angle: tuple[float, float] = (0.1, 1.45)  # their angles above the lower edge, in radians
    # Palls, flanks, borders.
    pall_reach: tuple[float, float] = (0.35, 0.6)  # x where the arms meet
    pall_half: tuple[float, float] = (0.05, 0.11)  # half the width of an arm
    pall_edged_chance: float = 0.6  # of an edge around the pall
    pall_edged: tuple[float, float] = (0.45, 0.8)  # width of the pall inside its edge, as a share of the whole
    flank_reach: tuple[float, float] = (0.5, 1)  # distance of a flank's tip from its base
    border: tuple[float, float] = (0.03, 0.14)  # width of a border
    # What lies on top of a ground, at the hoist.
    overlays: tuple[str, ...] = ("triangle", "triangle", "bar", "canton")
    triangle_reach: tuple[float, float] = (0.22, 0.62)  # x of the triangle's tip
    triangle_half: tuple[float, ...] = (0.5, 0.5, 0.5, 0.42)  # half the height of its base
    inner_chance: float = 0.35  # of a smaller triangle inside the triangle
    inner: tuple[float, float] = (0.08, 0.4)  # by how much the inner one is smaller
    bar_width: tuple[float, float] = (0.15, 0.4)
    canton_wide: tuple[float, float] = (0.25, 0.55)
    canton_high: tuple[float, float] = (0.3, 0.6)


RANGES = Ranges()


def draw_layouts(count: int, random: np.random.Generator) -> Iterator[Drawn]:
    """The regions of `count` drawn grounds, with their classes as indices of `LAYOUTS`."""
    for _ in range(count):
        colours, classes = draw_ground(random)
        regions = connected_regions(colours)
        areas = region_areas(regions)
        for region in np.nonzero(areas >= SMALLEST * regions.size)[0]:
            mask = regions == region
            votes = np.bincount(classes[mask], minlength=len(LAYOUTS))
            if votes.max() >= MOSTLY * votes.sum():
                yield Drawn(mask, int(votes.argmax()))


def draw_ground(random: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(colours, classes) of the pixels of a drawn ground, both of shape `GROUND`; classes are indices of `LAYOUTS`."""
    painter = _Painter(random)
    names = list(_GROUNDS)
    weights = np.array([2 if name in RANGES.common else 1 for name in names], float)
    _GROUNDS[str(random.choice(names, p=weights / weights.sum()))](painter)
    if random.random() < RANGES.overlay_chance:
        painter.overlay()
    return painter.colours, painter.classes


class _Painter:
    """Paints one ground. Each public method after `paint` draws one kind of ground; `overlay` is drawn on top.

    colours, classes: the ground so far, arrays of shape `GROUND`. x, y: coordinates of the pixels' centres, 0 to 1.
    tall: height over width. palette: colours in the order in which they are used; used: how many were.
    """

    def __init__(self, random: np.random.Generator) -> None:
        height, width = GROUND
        self.random = random
        self.x = np.broadcast_to((np.arange(width) + 0.5) / width, GROUND)
        self.y = np.broadcast_to(((np.arange(height) + 0.5) / height)[:, None], GROUND)
        self.tall = float(random.choice(RANGES.tall))
        self.colours = np.zeros(GROUND, np.uint8)
        self.classes = np.full(GROUND, LAYOUTS.index("field"), np.uint8)
        self.palette = random.permutation(RANGES.colours)
        self.used = 1
        self.colours[:] = self.palette[0]

    def colour(self, new: bool = False) -> int:
        """The next colour of the palette or, unless it must be new, sometimes one that was used before."""
        if not new and self.used > 2 and self.random.random() < RANGES.again_chance:
            return int(self.palette[self.random.integers(self.used - 1)])
        self.used = min(self.used + 1, len(self.palette))
        return int(self.palette[self.used - 1])

    def paint(self, where: Mask, name: str, colour: int | None = None) -> None:
        """Gives pixels a class of `LAYOUTS` and a colour, by default the next one."""
        self.colours[where] = self.colour() if colour is None else colour
        self.classes[where] = LAYOUTS.index(name)

    def field(self) -> None:
        """A field of one colour, which it has from the start."""

    def stripes(self, name: str = "stripe") -> None:
        along = self.y if name == "stripe" else self.x
        random = self.random
        most = RANGES.most_stripes if name == "stripe" else RANGES.most_bars
        count = int(random.choice(np.arange(2, most), p=_falling(most - 2)))
        equal = random.random() < RANGES.equal_chance
        sizes = np.ones(count) if equal else random.uniform(*RANGES.widths, count)
        if random.random() < RANGES.mirrored_chance and count % 2:
            sizes = sizes + sizes[::-1]
        edges = np.concatenate([[0], np.cumsum(sizes) / sizes.sum()])
        position = along
        if name == "bar" and random.random() < RANGES.serrated_chance:
            length = random.uniform(*RANGES.serrated)
            position = along + length * np.abs((self.y * int(random.integers(*RANGES.teeth))) % 1 - 0.5)
        in_turn = count > 3 and random.random() < RANGES.two_colours_chance
        two = [self.colour(new=True), self.colour(new=True)] if in_turn else None
        for number in range(count):
            colour = two[number % 2] if two else self.colour(new=count < 5)
            self.paint((position >= edges[number]) & (position <= edges[number + 1] + RANGES.behind), name, colour)
        if random.random() < RANGES.fimbriated_chance:
            thin = self.colour(new=True)
            for edge in edges[1:-1]:
                self.paint(np.abs(position - edge) < random.uniform(*RANGES.fimbriation), name, thin)

    def bars(self) -> None:
        self.stripes("bar")

    def waves(self) -> None:
        """Wavy stripes in two alternating colours, below a field."""
        random = self.random
        height = random.uniform(*RANGES.wave_height)
        wave = self.y + height * np.sin(2 * np.pi * random.uniform(*RANGES.wave_number) * self.x)
        count = int(random.integers(*RANGES.waves))
        top = random.uniform(*RANGES.wave_top)
        two = [self.colour(new=True), self.colour(new=True)]
        for number in range(count):
            self.paint(wave > top + (1 - top) * number / count, "stripe", two[number % 2])

    def quarters(self) -> None:
        right = self.x > self.random.uniform(*RANGES.quarter_right)
        low = self.y > self.random.uniform(*RANGES.quarter_low)
        for where in (~right & ~low, right & ~low, ~right & low, right & low):
            self.paint(where, "quarter", self.colour(new=True))

    def cross(self, *, nordic: bool = False) -> None:
        random = self.random
        middle = random.uniform(*RANGES.nordic) if nordic else 0.5
        thick = random.uniform(*RANGES.cross_width)
        away = np.minimum(np.abs(self.x - middle) / self.tall, np.abs(self.y - 0.5))
        self.classes[:] = LAYOUTS.index("cross quarter")
        if random.random() < RANGES.gyronny_chance:
            self.colours[(self.x > middle) ^ (self.y > 0.5)] = self.colour(new=True)
        elif random.random() < RANGES.halved_chance:
            self.colours[self.x > middle] = self.colour(new=True)
        name = "nordic cross" if nordic else "cross"
        self._lines(away, thick / 2, name)

    def nordic(self) -> None:
        self.cross(nordic=True)

    def saltire(self) -> None:
        random = self.random
        away = np.minimum(np.abs(self.x - self.y), np.abs(self.x + self.y - 1)) * RANGES.saltire_slant
        self.classes[:] = LAYOUTS.index("wedge")
        if random.random() < RANGES.wedges_chance:
            self.colours[(self.x > self.y) ^ (self.x + self.y > 1)] = self.colour(new=True)
        if random.random() < RANGES.bare_chance:
            return
        self._lines(away, random.uniform(*RANGES.saltire_half), "saltire")

    def _lines(self, away: Grid, half: float, name: str) -> None:
        """Paints a cross or saltire, sometimes with an edge of another colour.

        away: the distance of each pixel from the figure's middle lines; half: half the width of an arm.
        """
        edged = self.random.random() < RANGES.edged_chance
        if edged:
            self.paint(away < half, name, self.colour(new=True))
        self.paint(away < half * (self.random.uniform(*RANGES.edged) if edged else 1), name, self.colour(new=True))

    def jack(self) -> None:
        """The Union Jack. Its blue, white and red pieces get a class of their own, its cross that of all crosses."""
        diagonal = np.minimum(np.abs(self.x - self.y), np.abs(self.x + self.y - 1)) * RANGES.slant
        upright = np.minimum(np.abs(self.x - 0.5) * 2, np.abs(self.y - 0.5))
        blue, white, red = (self.colour(new=True) for _ in range(3))
        self.paint(np.ones(GROUND, bool), "jack", blue)
        self.paint(diagonal < RANGES.jack_saltire, "jack", white)
        turned = (self.x > 0.5) ^ (self.y > 0.5)
        # Signed distance from the diagonal: the red saltire is counterchanged, and lies on one side of each diagonal.
        side = np.where(turned, self.x + self.y - 1, self.x - self.y) * np.where(
            self.x < 0.5, RANGES.slant, -RANGES.slant
        )
        self.paint((side > 0) & (side < RANGES.jack_red_saltire), "jack", red)
        self.paint(upright < RANGES.jack_white, "cross", white)
        self.paint(upright < RANGES.jack_red, "cross", red)

    def diagonal(self) -> None:
        random = self.random
        rising = random.random() < RANGES.rising_chance
        along = self.x + self.y - 1 if rising else self.x - self.y
        along = along + random.uniform(*RANGES.diagonal_off)
        other = self.colour(new=True)
        self.classes[:] = LAYOUTS.index("diagonal half")
        if random.random() < RANGES.diagonal_chance:
            self.paint(along > 0, "diagonal half", other)
        if random.random() < RANGES.diagonal_chance:
            half = random.uniform(*RANGES.band_half)
            if random.random() < RANGES.band_edged_chance:
                self.paint(np.abs(along) < half, "diagonal band", self.colour(new=True))
                half *= random.uniform(*RANGES.band_edged)
            self.paint(np.abs(along) < half, "diagonal band", self.colour(new=True))

    def rays(self) -> None:
        """Wedges that meet in the lower corner of the hoist."""
        angle = np.arctan2(1 - self.y, self.x + ABOVE_ZERO)
        edges = np.sort(self.random.uniform(*RANGES.ray_angle, int(self.random.integers(*RANGES.rays))))
        self.classes[:] = LAYOUTS.index("wedge")
        for edge in edges:
            self.paint(angle > edge, "wedge", self.colour(new=True))

    def pall(self) -> None:
        """A Y that lies on its side, its two arms in the corners of the hoist."""
        random = self.random
        reach = random.uniform(*RANGES.pall_reach)
        inside = np.abs(self.y - 0.5) - 0.5 * (1 - self.x / reach)  # negative inside the triangle at the hoist
        away = np.where(self.x < reach, np.abs(inside), np.abs(self.y - 0.5))
        away = np.where(inside > 0, np.minimum(np.abs(inside), np.abs(self.y - 0.5)), away)
        upper = self.y < 0.5
        self.classes[:] = LAYOUTS.index("stripe")
        self.paint(~upper, "stripe", self.colour(new=True))
        self.paint(inside < 0, "triangle", self.colour(new=True))
        half = random.uniform(*RANGES.pall_half)
        if random.random() < RANGES.pall_edged_chance:
            self.paint(away < half, "pall", self.colour(new=True))
            half *= random.uniform(*RANGES.pall_edged)
        self.paint(away < half, "pall", self.colour(new=True))

    def flank(self) -> None:
        """A triangle with its base at the fly, at the top or at the bottom."""
        side = self.random.integers(3)
        x, y = ((1 - self.x, self.y), (self.y, self.x), (1 - self.y, self.x))[int(side)]
        reach = self.random.uniform(*RANGES.flank_reach)
        inside = (np.abs(y - 0.5) < 0.5 * (1 - x / reach)) & (x < reach)
        self.classes[:] = LAYOUTS.index("wedge")
        self.paint(inside, "wedge", self.colour(new=True))

    def border(self) -> None:
        """A border around a panel."""
        edge = self.random.uniform(*RANGES.border)
        inner = (np.abs(self.x - 0.5) < 0.5 - edge * self.tall) & (np.abs(self.y - 0.5) < 0.5 - edge)
        self.classes[:] = LAYOUTS.index("border")
        self.paint(inner, "panel", self.colour(new=True))

    def overlay(self) -> None:
        """Paints a triangle, a bar or a canton on top of a ground, at the hoist."""
        random = self.random
        kind = random.choice(RANGES.overlays)
        if kind == "triangle":
            reach, half = random.uniform(*RANGES.triangle_reach), random.choice(RANGES.triangle_half)
            away = np.abs(self.y - 0.5) / half + self.x / reach
            if random.random() < RANGES.inner_chance:
                self.paint(away < 1, "triangle", self.colour(new=True))
                away = away + random.uniform(*RANGES.inner)
            self.paint(away < 1, "triangle", self.colour(new=True))
        elif kind == "bar":
            self.paint(self.x < random.uniform(*RANGES.bar_width), "bar", self.colour(new=True))
        else:
            wide, high = random.uniform(*RANGES.canton_wide), random.uniform(*RANGES.canton_high)
            self.paint((self.x < wide) & (self.y < high), "canton", self.colour(new=True))


def _falling(count: int) -> NDArray[np.float64]:
    """Falling probabilities 1, 1/2, 1/3, ... (normalised): three stripes are more common than thirteen."""
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
