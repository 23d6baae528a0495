"""Designs drawn by Pillow: a second way from a design to a picture, to judge the package's own by.

It knows what the numbers of a layer or charge mean, and shares no code with `flagsae.design`'s figures and shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi, radians, sin
from typing import TypeAlias

from PIL import Image, ImageDraw

from flagsae.design.design import Charge, Design, Layer, Place

Points: TypeAlias = Sequence[tuple[float, float]]
Rgb: TypeAlias = tuple[int, int, int]

FAR = 1.5  # past the frame, in shares of the flag: where slanting edges end


def outline(shape: str, numbers: Sequence[float]) -> Points:
    """The corners of a shape of radius 1; of round ones those of their square."""
    match shape:
        case "star" | "sun":
            count = round(numbers[0])
            return [
                (radius * sin(pi * corner / count), -radius * cos(pi * corner / count))
                for corner in range(2 * count)
                for radius in ((1.0, numbers[1])[corner % 2],)
            ]
        case "cross":
            a = numbers[0]
            arm = [(-a, -a), (-a, -1), (a, -1), (a, -a), (1, -a), (1, a)]
            return [*arm, *((-x, -y) for x, y in arm)]
        case "rectangle":
            return [(x * numbers[0], y) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        case "lozenge":
            return [(-numbers[0], 0), (0, -1), (numbers[0], 0), (0, 1)]
        case "triangle":
            return [(0, -1), (numbers[0], 1), (-numbers[0], 1)]
    return [(-1, 0), (0, -1), (1, 0), (0, 1)]


def paint(design: Design, tints: dict[str, Rgb], width: int, height: int) -> Image.Image:
    """A design as Pillow draws it, with hard edges."""
    image = Image.new("RGB", (width, height))
    for layer in design.layers:
        if layer.inside is not None:
            wide, high = layer.numbers
            image.paste(paint(layer.inside, tints, round(width * wide), round(height * high)))
            continue
        for colour, polygon in polygons(layer):
            corners = [(x * width, y * height) for x, y in polygon]
            ImageDraw.Draw(image).polygon(_inside(corners), fill=tints[colour])
    for charge in design.charges:
        mask = Image.new("L", image.size)
        for place in charge.places:
            _mark(ImageDraw.Draw(mask), charge, place, width, height)
        image.paste(tints[charge.colours[0]], mask=mask)
    return image


def _inside(corners: Points) -> list[tuple[float, float]]:
    """Pillow paints the pixels that an edge lies on: those in which the last corner is are one too many."""
    return [(x - 0.5, y - 0.5) for x, y in corners]


def _mark(pen: ImageDraw.ImageDraw, charge: Charge, place: Place, width: int, height: int) -> None:
    """Paints a charge white."""
    x, y, radius = place.x * width, place.y * height, place.radius * height

    def disc(along: float, down: float, size: float, fill: int) -> None:
        pen.ellipse((along - size, down - size, along + size - 1, down + size - 1), fill=fill)

    if charge.shape in ("disc", "ring", "crescent"):
        disc(x, y, radius, 255)
        if charge.shape == "ring":
            disc(x, y, radius * charge.numbers[0], 0)
        elif charge.shape == "crescent":
            inner, offset = charge.numbers
            away = offset * radius
            disc(x + away * cos(radians(place.turn)), y + away * sin(radians(place.turn)), inner * radius, 0)
        return
    corners = [(x + along * radius, y + down * radius) for along, down in outline(charge.shape, charge.numbers)]
    pen.polygon(_inside(corners), fill=255)


def polygons(layer: Layer) -> list[tuple[str, Points]]:
    """A layer's polygons in painting order, in shares of the flag."""
    colours, numbers = layer.colours, layer.numbers

    def box(left: float, top: float, right: float, bottom: float) -> Points:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]

    def slant(above: float, below: float, left: float, right: float) -> Points:
        """Between two slanting edges, so far to the left and right of a line from the top to the bottom edge."""
        high, low = above - FAR * (below - above), below + FAR * (below - above)
        return [(high - left, -FAR), (high + right, -FAR), (low + right, 1 + FAR), (low - left, 1 + FAR)]

    match layer.figure:
        case "stripes":
            return [(one, box(0, a, 1, b)) for one, (a, b) in zip(colours, pairwise((0, *numbers, 1)), strict=True)]
        case "bars":
            return [(one, box(a, 0, b, 1)) for one, (a, b) in zip(colours, pairwise((0, *numbers, 1)), strict=True)]
        case "quarters":
            x, y = numbers
            boxes = (box(0, 0, x, y), box(x, 0, 1, y), box(0, y, x, 1), box(x, y, 1, 1))
            return list(zip(colours, boxes, strict=True))
        case "halves":
            above, below = numbers
            return [(colours[0], box(0, 0, 1, 1)), (colours[1], slant(above, below, 0, 2 + 2 * FAR))]
        case "cross":
            left, right, top, bottom = numbers
            return [(colours[0], box(0, top, 1, bottom)), (colours[0], box(left, 0, right, 1))]
        case "saltire":
            return [(colours[0], slant(*both, numbers[0], numbers[0])) for both in ((0, 1), (1, 0))]
        case "band":
            above, below, half = numbers
            return [(colours[0], slant(above, below, half, half))]
        case "triangle":
            _, start, end, depth, apex = numbers
            return [(colours[0], [(0, start), (depth, apex), (0, end)])]
        case "border":
            left, top, right, bottom = numbers
            return [
                (colours[0], edge)
                for edge in (box(0, 0, 1, top), box(0, bottom, 1, 1), box(0, 0, left, 1), box(right, 0, 1, 1))
            ]
        case "pall":
            stem, arm, join, _ = numbers
            # The middle of an arm runs from the corner to the join; its edges are parallel to it.
            inner, outer = join * (1 - 2 * arm), join * (1 + 2 * (arm - stem))
            upper = [(0, -arm), (outer, 0.5 - stem), (outer, 0.5), (inner, 0.5), (0, arm)]
            lower = [(x, 1 - y) for x, y in upper]
            return [(colours[0], one) for one in (upper, lower, box(min(outer, join), 0.5 - stem, 1, 0.5 + stem))]
    raise ValueError(layer.figure)
