"""Designs on a grid of pixels, quickly: for fitting and scoring, where a figure is drawn hundreds of times.

A pixel has what lies at its centre, exactly as with `render.label_map`; here each polygon is filled by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import Charge, Design, Layer
from flagsae.design.figures import Polygon
from flagsae.design.render import areas, figures_of
from flagsae.design.shapes import flattened
from flagsae.flags.palette import Palette
from flagsae.flags.regions import LabelMap

BOXES = ("stripes", "bars", "quarters", "cross", "rectangle")  # figures whose areas are upright boxes

Mask = NDArray[np.bool_]


def filled(contours: Sequence[Polygon], height: int, width: int) -> Mask:
    """The pixels of a height x width grid whose centres lie within closed contours (n x 2, x and y in pixels), by the
    even-odd rule."""
    start = contours[0] if len(contours) == 1 else np.concatenate(contours)
    end = np.concatenate([half for one in contours for half in (one[1:], one[:1])])
    rows = np.arange(height) + 0.5
    edge, row = np.nonzero((start[:, 1, None] <= rows) != (end[:, 1, None] <= rows))
    (x0, y0), (x1, y1) = start.T, end.T
    with np.errstate(all="ignore"):  # level edges, which are never crossed
        slope = (x1 - x0) / (y1 - y0)
        start_x = x0 - y0 * slope - 0.5
    x = start_x[edge] + (row + 0.5) * slope[edge]
    column = np.minimum(np.maximum(np.ceil(x), 0), width).astype(np.int64)
    # Row after row; each is crossed an even number of times, and so begins outside.
    changes = np.empty(len(row) + 2, np.int64)
    changes[0], changes[-1] = 0, height * width
    changes[1:-1] = np.sort(row * width + column)
    inside = np.zeros(len(row) + 1, bool)
    inside[1::2] = True
    return np.repeat(inside, changes[1:] - changes[:-1]).reshape(height, width)


def layer_mask(layer: Layer, height: int, width: int) -> Mask:
    """The pixels that a layer of one colour covers."""
    mask = np.zeros((height, width), bool)
    for _, contours in areas(layer):
        if layer.figure in BOXES:
            mask[_box(contours[0], height, width)] = True
        else:
            mask |= filled([points * (width, height) for points in contours], height, width)
    return mask


def paint_layer(layer: Layer, numbers: dict[str, int], labels: LabelMap) -> None:
    """Paints a layer that is no canton on a label map. numbers: the palette index of each colour's name."""
    height, width = labels.shape
    for colour, contours in areas(layer):
        if layer.figure in BOXES:
            labels[_box(contours[0], height, width)] = numbers[colour]
        else:
            inside = filled([points * (width, height) for points in contours], height, width)
            np.copyto(labels, numbers[colour], where=inside, casting="unsafe")


def _box(contour: Polygon, height: int, width: int) -> tuple[slice, slice]:
    """The pixels whose centres lie within an upright box, as `filled` has them."""
    (left, top), _, (right, bottom), _ = contour.tolist()
    return slice(_first(top, height), _first(bottom, height)), slice(_first(left, width), _first(right, width))


def _first(edge: float, count: int) -> int:
    """The first of so many pixels whose centre does not lie before an edge, which is a share of them all."""
    return min(max(math.ceil(edge * count - 0.5), 0), count)


def paint_charge(charge: Charge, numbers: dict[str, int], labels: LabelMap, stretch: float) -> None:
    """Paints a charge on a label map. stretch: columns that are as long as a row is high."""
    height, width = labels.shape
    for colour, contours in figures_of(charge, width / height / stretch, 1 / height):
        points = [flattened(one) * (width, height) for one in contours]
        np.copyto(labels, numbers[colour], where=filled(points, height, width), casting="unsafe")


def label_map(design: Design, palette: Palette, height: int, width: int) -> LabelMap:
    """The palette index at the centre of each pixel. Raises `KeyError` for a colour that is no palette entry."""
    labels = np.zeros((height, width), np.uint8)
    stretch = width / height / design.aspect
    paint(design, {name: number for number, name in enumerate(palette.names)}, labels, stretch)
    return labels


def paint(design: Design, numbers: dict[str, int], labels: LabelMap, stretch: float) -> None:
    for layer in design.layers:
        if layer.inside is not None:
            height, width = labels.shape
            wide, high = round(layer.numbers[0] * width), round(layer.numbers[1] * height)
            if wide and high:
                paint(layer.inside, numbers, labels[:high, :wide], stretch)
        else:
            paint_layer(layer, numbers, labels)
    for charge in design.charges:
        paint_charge(charge, numbers, labels, stretch)
