"""A design as outlines, as a label map and as a picture, exact at any size.

Outlines are those of the package's vector drawing: cubic Béziers, the lowest first, for PNG, SVG and terminals alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import channels
from flagsae.design import art
from flagsae.design.design import CARRIED, CUT_OUT, Charge, Design, Layer
from flagsae.design.figures import FIGURES, Polygon
from flagsae.design.shades import entry_of
from flagsae.design.shapes import SHAPES, Outline, flattened, grown
from flagsae.errors import DesignError
from flagsae.flags.palette import Palette
from flagsae.flags.regions import LabelMap
from flagsae.oklab import oklab
from flagsae.visual.vector.curves import straight
from flagsae.visual.vector.outline import Shape

HEIGHT = 400  # units of an outline's map: its coordinates are kept to a hundredth of one
FRAME = (0.0, 0.0, 1.0, 1.0)  # left, top, right, bottom of a box in shares of the flag


def size_of(design: Design) -> tuple[int, int]:
    """Height and width of the map that its outlines lie on."""
    return HEIGHT, round(HEIGHT * design.aspect)


def inks(design: Design, palette: Palette) -> dict[str, tuple[int, int, int]]:
    """The colours that shapes have as numbers: the palette's, then the design's own shades; each with its tint."""
    found = dict(zip(palette.names, map(tuple, palette.rgb.tolist()), strict=True))
    return found | {name: channels(tint.removeprefix("#")) for name, tint in design.tints}


def check_colours(design: Design, palette: Palette) -> None:
    """Raises `DesignError` for a colour that is neither the palette's nor among the design's own."""
    known = inks(design, palette)
    unknown = [name for name in design.colours() if name not in known]
    if unknown:
        raise DesignError(f"the palette has no colour {unknown[0]!r}: {', '.join(palette.names)}")


def outlines(design: Design, palette: Palette, pixel: float = 0.0) -> list[Shape]:
    """In painting order, on a map of `size_of`; their colours are numbers of `inks`. Raises `DesignError` as
    `check_colours` does.

    pixel: height of a pixel, as a share of the flag, where each will have one colour: small cut-outs are plain then.
    """
    check_colours(design, palette)
    height, width = size_of(design)
    numbers = {name: number for number, name in enumerate(inks(design, palette))}
    return [
        Shape(numbers[colour], tuple(_closed(contour * (width, height)) for contour in contours))
        for colour, contours in _painted(design, FRAME, design.aspect, pixel)
    ]


def _closed(contour: Outline) -> Outline:
    """A contour whose pieces meet to the last bit: a line that is crossed an odd number of times would not end."""
    contour[:, 3] = np.roll(contour[:, 0], -1, 0)
    return contour


def sealed(design: Design, palette: Palette) -> Design:
    """The design with the tints of all its colours, so that it is drawn the same with every palette."""
    every = inks(design, palette)
    names = dict.fromkeys(design.colours())
    return replace(design, tints=tuple((name, "#{:02x}{:02x}{:02x}".format(*every[name])) for name in names))


def tints(design: Design, palette: Palette) -> NDArray[np.uint8]:
    """The tint of each of `inks`, n x 3."""
    return np.array(list(inks(design, palette).values()), np.uint8)


def label_map(design: Design, palette: Palette, height: int, width: int) -> LabelMap:
    """The palette entry at the centre of each pixel, height x width; of a shade that is none, the nearest."""
    names = list(inks(design, palette))
    shades = oklab(tints(design, palette))
    entries = np.arange(len(names), dtype=np.uint8)
    for number in range(len(palette), len(names)):
        entry = entry_of(names[number])
        known = entry if entry in palette.names else palette.names[int(palette.distances(shades[[number]]).argmin())]
        entries[number] = palette.names.index(known)
    from flagsae.visual.paint import rasterize

    return entries[rasterize(outlines(design, palette, 1 / height), size_of(design), height, width)]


def picture(design: Design, palette: Palette, width: int, height: int = 0) -> NDArray[np.uint8]:
    """With smooth edges, height x width x 3: in the flag's own proportions where no height is given."""
    height = height or max(1, round(width / design.aspect))
    from flagsae.visual.paint import draw

    return draw(outlines(design, palette), tints(design, palette), size_of(design), width, height)


def file_of(design: Design, palette: Palette, suffix: str, size: int, about: dict[str, str]) -> bytes:
    """The content of a PNG or SVG file of a design in its own proportions, which its metadata have. size: its width in
    pixels; about: more texts to store."""
    from flagsae.visual.paint import png

    about = about | {CARRIED: json.dumps(sealed(design, palette).record())}
    if suffix != ".svg":
        return png(picture(design, palette, size), about)
    from flagsae.visual.vector.svg import svg

    return svg(outlines(design, palette), tints(design, palette), size_of(design), size, about).encode()


def _painted(
    design: Design, frame: tuple[float, float, float, float], aspect: float, pixel: float
) -> Iterator[tuple[str, list[Outline]]]:
    """A colour and the contours that are filled with it, in shares of the whole flag; what lies outside of the frame is
    cut off. aspect: of the whole flag; pixel: as of `outlines`."""
    left, top, right, bottom = frame
    wide, high = right - left, bottom - top

    def seen(colour: str, contours: Sequence[Outline]) -> Iterator[tuple[str, list[Outline]]]:
        found = [inside for one in contours if len(inside := clipped(one * (wide, high) + (left, top), frame))]
        if found:
            yield colour, found

    for layer in design.layers:
        if layer.inside is not None:
            width, height = layer.numbers
            yield from _painted(layer.inside, (left, top, left + wide * width, top + high * height), aspect, pixel)
            continue
        for colour, polygons in areas(layer):
            yield from seen(colour, [straight(np.vstack([points, points[:1]])) for points in polygons])
    round_in = wide / high * aspect  # width over height of the frame: what is round is round in the whole flag
    for charge in design.charges:
        for colour, contours in figures_of(charge, round_in, pixel / high):
            yield from seen(colour, contours)


def areas(layer: Layer) -> list[tuple[str, list[Polygon]]]:
    """The polygons of a layer that is no canton, in shares of the flag, with their colours."""
    return [(layer.colours[slot], contours) for slot, contours in FIGURES[layer.figure].draw(layer.numbers)]


def figures_of(charge: Charge, aspect: float, pixel: float = 0.0) -> Iterator[tuple[str, list[Outline]]]:
    """Each copy of a charge in painting order, in shares of a flag of that aspect: its edges, the widest first, and
    itself; or the areas of a cut-out. pixel: as of `outlines`."""
    areas = [] if charge.shape == CUT_OUT else _edged(charge)
    for place in charge.places:
        if charge.shape == CUT_OUT:
            areas = _cut_out(charge, plain=pixel > 0 and place.radius <= art.plain_below(charge.art) * pixel)
        angle = np.radians(place.turn)
        turned = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
        scale = (place.radius / aspect, place.radius)
        for colour, contours in areas:
            yield colour, [one @ turned * scale + (place.x, place.y) for one in contours]


def _cut_out(charge: Charge, plain: bool) -> list[tuple[str, Sequence[Outline]]]:
    return [(charge.colours[slot], contours) for slot, contours in art.outlines(charge.art, plain)]


def _edged(charge: Charge) -> list[tuple[str, Sequence[Outline]]]:
    """A shape of radius 1, edges and all."""
    kind = SHAPES[charge.shape]
    contours = kind.draw(*charge.numbers)
    own = 1 - charge.edge * (len(charge.colours) - 1)  # radius of the shape within its edges
    areas: list[tuple[str, Sequence[Outline]]] = []
    for step in reversed(range(len(charge.colours))):
        wider = charge.edge * step
        if kind.even or not step:
            drawn = [one * (own + wider) for one in contours]
        else:
            drawn = [grown(one * own, -wider if hole else wider) for hole, one in enumerate(contours)]
        areas.append((charge.colours[step], drawn))
    return areas


def clipped(contour: Outline, frame: tuple[float, float, float, float]) -> Outline:
    """What of a closed contour lies within a frame; empty where nothing does.

    Straight lines stay straight (Sutherland and Hodgman, "Reentrant polygon clipping", 1974). A curve that crosses the
    frame becomes chords.
    """
    lows, highs = contour.min((0, 1)), contour.max((0, 1))
    left, top, right, bottom = frame
    if lows[0] >= left and lows[1] >= top and highs[0] <= right and highs[1] <= bottom:
        return contour
    points = flattened(contour)
    for axis, limit, sign in ((0, left, 1), (1, top, 1), (0, right, -1), (1, bottom, -1)):
        points = _cut(points, axis, limit, sign)
        if len(points) < 3:
            return np.zeros((0, 4, 2))
    return straight(np.vstack([points, points[:1]]))


def _cut(points: NDArray[np.float64], axis: int, limit: float, sign: int) -> NDArray[np.float64]:
    """The part of a polygon on one side of a line along an axis."""
    before = np.roll(points, 1, 0)
    inside, inside_before = (sign * (one[:, axis] - limit) >= 0 for one in (points, before))
    found = []
    for now, last, here, there in zip(points, before, inside, inside_before, strict=True):
        if here != there:
            found.append(last + (limit - last[axis]) / (now[axis] - last[axis]) * (now - last))
        if here:
            found.append(now)
    return np.array(found).reshape(-1, 2)
