"""Label maps as pictures of any size, and pictures as PNG."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from PIL.PngImagePlugin import PngInfo

SMOOTH = 1.2  # pixels of the label map over which an edge is straightened when it is enlarged


def paint(labels: NDArray[np.uint8], tints: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A label map as a picture. labels: h x w; tints: C x 3; returns height x width x 3.

    Each colour is enlarged as a smooth mask and the masks compete, so that edges are sharp and straight at any
    size, not staircases of the map's own pixels. Twice the size and averaged, they have no jags either; a poster
    has pixels enough without.
    """
    if width <= labels.shape[1] and height <= labels.shape[0]:
        return scale(tints[labels], width, height)
    large = (2 * width, 2 * height) if width <= 3000 else (width, height)
    best = np.full(large[::-1], -1.0, np.float32)
    winner = np.zeros(large[::-1], np.uint8)
    for colour in np.unique(labels):
        mask = Image.fromarray(np.where(labels == colour, 255, 0).astype(np.uint8))
        soft = mask.filter(ImageFilter.GaussianBlur(SMOOTH)).convert("F").resize(large, Image.Resampling.BICUBIC)
        score = np.asarray(soft)
        winner[score > best] = colour
        best = np.maximum(best, score)
    return scale(tints[winner], width, height)


def scale(picture: NDArray[np.uint8], width: int, height: int, *, flat: bool = False) -> NDArray[np.uint8]:
    """A picture at another size: area-averaged where it shrinks, smooth where it grows; no new colour if `flat`."""
    shrinks = width <= picture.shape[1] and height <= picture.shape[0]
    smooth = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    method = Image.Resampling.NEAREST if flat else smooth
    return np.array(Image.fromarray(picture).resize((width, height), method))


def png(picture: NDArray[np.uint8], about: Mapping[str, str]) -> bytes:
    """A PNG file of a picture, with what it is about as its text entries."""
    text = PngInfo()
    for key, value in about.items():
        text.add_itxt(key, value)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", optimize=True, pnginfo=text)
    return out.getvalue()
