"""Layers as shapes: a ground that fills the map, and label maps on it that are moved and scaled as vectors."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.vector.outline import Shape, trace

CLEAR = 255  # the label of transparent pixels


def shapes(layers: Iterable[tuple[NDArray[np.uint8], float, float, float]]) -> list[Shape]:
    """The shapes of layers, lowest first, in painting order.

    layers: (labels h x w, scale, left, top), the lowest first; left and top in pixels of the first layer's map.
    """
    return [shape.placed(scale, left, top) for labels, scale, left, top in layers for shape in trace(labels, CLEAR)]
