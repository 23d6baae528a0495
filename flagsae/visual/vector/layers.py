"""Designs in layers, as shapes: a ground that fills the map, and what stands on it, moved and scaled as vectors."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.vector.outline import Shape, trace

CLEAR = 255  # the label of pixels through which the layer below is seen


def shapes(layers: Iterable[tuple[NDArray[np.uint8], float, float, float]]) -> list[Shape]:
    """Layers of (labels, scale, left, top), lowest first, as shapes in pixels of the first one's map."""
    return [shape.placed(scale, left, top) for labels, scale, left, top in layers for shape in trace(labels, CLEAR)]
