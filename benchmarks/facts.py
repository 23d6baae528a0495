"""A design as facts that can be compared: kinds, colours in plain words, numbers and places. No sizes, no order.

Two designs say the same if a person would say the same of them. What cannot be seen does not count: the points of a
star that is a few pixels wide, or on which side of a border between two places a figure stands that is on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import pi
from typing import TypeAlias

import numpy as np

from flagsae.colours import plain_word
from flagsae.design.design import Charge, Design, Layer
from flagsae.design.figures import FIGURES, SIDES
from flagsae.design.render import areas, figures_of
from flagsae.design.shades import entry_of
from flagsae.design.shapes import SHAPES
from flagsae.design.vocabulary import place_of

Box: TypeAlias = tuple[float, float, float, float]  # top, bottom, left, right, as shares of height and width

NORDIC = 0.45  # x of the middle of a cross, up to which it is a Nordic one
SQUARE = 0.9, 1.1  # width over height of a rectangle that is a square
WHOLE = 0.97  # of the flag's height or width: a rectangle that reaches so far is a bar
MOST_POINTS = 8  # of a star: with more it is a sun, as data/ATTRIBUTES.md has it
ALIKE = 0.3  # of the narrowest stripe: how much widths may differ
BORDERLINE = 0.012  # of the flag: how far a box may be moved to be at the same place
SEEN = 3.0  # pixels: points of a star, and rays of a sun, that are narrower cannot be told from a disc's edge
ROUND = ("star", "sun", "disc")  # then all alike
STAND_INS = ("shield",)  # shapes that are drawn for what words do not tell
WAIST = 0.7  # of a star's radius, about: where its points are measured


@dataclass(frozen=True)
class Fact:
    """One thing on a flag."""

    what: str
    """Its kind: "horizontal stripes", "star"."""
    colours: tuple[str, ...]
    """Plain words. Of stripes in order, of a charge its own and then its edges'."""
    count: int = 1
    points: int = 0
    """Of a star or sun."""
    widths: tuple[float, ...] = ()
    """Of stripes, as shares of the flag."""
    box: Box | None = None
    """Of what has a place, all copies together."""
    radius: float = 0.0
    """Of one copy, as a share of the flag's height."""
    canton: bool = False
    """Whether it is in the canton."""

    @property
    def places(self) -> set[str]:
        """Its place; both, where it stands on the border between two. In a canton it is the canton."""
        if self.box is None or self.canton:
            return {"canton"} if self.canton else set()
        top, bottom, left, right = self.box
        steps = (-BORDERLINE, 0, BORDERLINE)
        return {place_of((top + down, bottom + down, left + along, right + along)) for down in steps for along in steps}

    def __str__(self) -> str:
        points = f"{self.points}-pointed " if self.points else ""
        widths = f" {':'.join(f'{width:.2f}' for width in self.widths)}" if self.widths else ""
        place = f" @{'/'.join(sorted(self.places))}" if self.places else ""
        return f"{self.count} {'|'.join(self.colours)} {points}{self.what}{widths}{place}"


def facts(design: Design) -> list[Fact]:
    """All that a design says."""
    return list(_facts(design, design.aspect))


def _facts(design: Design, aspect: float) -> Iterator[Fact]:
    yield _ground(design.layers[0])
    for layer in design.layers[1:]:
        if layer.inside is None:
            yield _figure(layer, aspect)
            continue
        width, height = layer.numbers
        for fact in _facts(layer.inside, aspect * width / height):
            yield replace(fact, canton=True, radius=fact.radius * height)
    for charge in design.charges:
        yield _charge(charge, aspect)


def words(colours: Sequence[str]) -> tuple[str, ...]:
    """The plain words for a design's colours."""
    return tuple(plain_word(entry_of(colour)) for colour in colours)


def _ground(layer: Layer) -> Fact:
    colours = words(layer.colours)
    if layer.figure in ("stripes", "bars") and len(colours) > 1:
        widths = tuple(after - before for before, after in pairwise((0.0, *layer.numbers, 1.0)))
        name = "horizontal stripes" if layer.figure == "stripes" else "vertical stripes"
        return Fact(name, colours, len(colours), widths=widths)
    if layer.figure == "halves":
        above, below = layer.numbers
        return Fact(f"halves from the {'upper' if above < below else 'lower'} hoist", colours)
    return Fact({"stripes": "field", "bars": "field"}.get(layer.figure, layer.figure), colours)


def _figure(layer: Layer, aspect: float) -> Fact:
    colours, numbers, name = words(layer.colours), layer.numbers, layer.figure
    if name == "cross":
        return Fact("Nordic cross" if (numbers[0] + numbers[1]) / 2 < NORDIC else "cross", colours)
    if name == "band":
        return Fact(f"band from the {'upper' if numbers[0] < numbers[1] else 'lower'} hoist", colours)
    if name in ("triangle", "trapezium"):
        return Fact(f"{name} at the {SIDES[int(numbers[0])]}", colours)
    if name not in ("rectangle", "lozenge", "polygon"):
        return Fact(name, colours)
    points = np.concatenate([contour for _, contours in areas(layer) for contour in contours])
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    box = (top, bottom, left, right)
    if name == "rectangle":
        name = _rectangle((right - left) * aspect / (bottom - top))
        name = "horizontal bar" if right - left > WHOLE else "bar" if bottom - top > WHOLE else name
    return Fact(name, colours, box=box)


def _rectangle(proportion: float) -> str:
    least, most = SQUARE
    return "square" if least <= proportion <= most else "rectangle"


def _charge(charge: Charge, aspect: float) -> Fact:
    name, points = charge.shape, 0
    if name in ("star", "sun"):
        points = round(charge.numbers[0])
        name = "star" if points <= MOST_POINTS else "sun"
    elif name == "rectangle":
        name = _rectangle(charge.numbers[0])
    outlines = [contour for _, contours in figures_of(charge, aspect) for contour in contours]
    corners = np.concatenate(outlines).reshape(-1, 2)
    (left, top), (right, bottom) = corners.min(0).tolist(), corners.max(0).tolist()
    radius = charge.places[0].radius
    box = (top, bottom, left, right)
    return Fact(name, words(charge.colours), len(charge.places), points, box=box, radius=radius)


def cut_outs(design: Design) -> int:
    """How many charges, and layers of the ground, are outlines of their own instead of figures and shapes."""
    shapes = [charge.shape for charge in design.charges]
    figures = [layer.figure for layer in design.layers if layer.inside is None]
    inner = sum(cut_outs(layer.inside) for layer in design.layers if layer.inside is not None)
    own = [name for name in shapes if name not in SHAPES or name in STAND_INS]
    return len(own) + sum(name not in FIGURES for name in figures) + inner


def gathered(said: Sequence[Fact]) -> list[Fact]:
    """The same with all copies of a charge in one fact, however a design groups them; without their place."""
    counts: dict[Fact, int] = {}
    for fact in said:
        alike = replace(fact, count=1, box=None, radius=0.0)
        counts[alike] = counts.get(alike, 0) + fact.count
    return [replace(fact, count=count) for fact, count in counts.items()]


def same(truth: Fact, read: Fact, height: int = 0) -> bool:
    """Whether two facts are one. height: pixels of the picture that was read; 0 where points always count."""
    if (truth.colours, truth.count, truth.canton) != (read.colours, read.count, read.canton):
        return False
    seen = not height or not truth.points or 2 * pi * WAIST * truth.radius * height >= SEEN * truth.points
    if (truth.what, truth.points) != (read.what, read.points) and (seen or read.what not in ROUND):
        return False
    if len(truth.widths) != len(read.widths):
        return False
    if truth.widths:
        most = ALIKE * min(truth.widths)
        if any(abs(one - other) > most for one, other in zip(truth.widths, read.widths, strict=True)):
            return False
    return not truth.places or bool(truth.places & read.places)


def differences(truth: Sequence[Fact], read: Sequence[Fact], height: int = 0) -> str:
    """What was read instead of what; "" where all facts are the same."""
    left = list(read)
    missing = []
    for fact in truth:
        found = next((one for one in left if same(fact, one, height)), None)
        if found is None:
            missing.append(fact)
        else:
            left.remove(found)
    if not missing and not left:
        return ""
    return f"{'; '.join(map(str, left)) or 'nothing'} INSTEAD OF {'; '.join(map(str, missing)) or 'nothing'}"
