"""Converts decoded images to sRGB, a band of rows at a time, so that only one copy of a large picture is in memory."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from flagsae.flags.containers import SAMPLE_FORMAT, Container

LEAST_SIDE = 1224  # pictures are shrunk by the largest whole factor that leaves this width or height: twice
# `dataset.WORKING_SIDE`
BAND = 2_000_000  # pixels that are converted at once
FILLED = 0.85  # share of opaque pixels without the margins, below which these are a figure's background, and are kept
# What makes a picture upright, for each orientation of Exif.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Box: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom


def to_rgb(image: Image.Image, container: Container) -> NDArray[np.uint8]:
    """A loaded image as H x W x 3, sRGB: upright, over white, without transparent margins, and smaller than twice
    `LEAST_SIDE`."""
    plain = _converter(image, container)
    box = _content(image, plain)
    factor = max(1, max(box[2] - box[0], box[3] - box[1]) // LEAST_SIDE)
    image = _reduced(image, plain, box, factor)
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    image = _to_srgb(image.convert(image.mode.removesuffix("A")), container.profile)
    if alpha is not None:
        image.putalpha(alpha)
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    turn = TURNS.get(container.orientation)
    return np.array(image if turn is None else image.transpose(turn))


def _bands(box: Box, rows: int) -> list[Box]:
    """A box cut into bands of at most so many rows."""
    left, top, right, bottom = box
    return [(left, y, right, min(y + rows, bottom)) for y in range(top, bottom, rows)]


def _content(image: Image.Image, plain: Callable[[Image.Image], Image.Image]) -> Box:
    """The part of an image inside its transparent margins, which are only cut off in pairs: left and right, or top and
    bottom."""
    whole = (0, 0, *image.size)
    if not image.has_transparency_data:
        return whole
    seen: list[Box] = []
    opaque = 0
    for band in _bands(whole, max(1, BAND // image.width)):
        alpha = plain(image.crop(band)).getchannel("A")
        if (box := alpha.getbbox()) is not None:
            seen.append((box[0], box[1] + band[1], box[2], box[3] + band[1]))
            opaque += alpha.width * alpha.height - alpha.histogram()[0]
    if not seen:
        return whole
    lefts, tops, rights, bottoms = zip(*seen, strict=True)
    left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
    if opaque < FILLED * (right - left) * (bottom - top):
        return whole
    if left == 0 or right == image.width:
        left, right = 0, image.width
    if top == 0 or bottom == image.height:
        top, bottom = 0, image.height
    return left, top, right, bottom


def _reduced(
    image: Image.Image,
    plain: Callable[[Image.Image], Image.Image],
    box: Box,
    factor: int,
) -> Image.Image:
    """The part of an image in a box, converted by `plain` and averaged down by a whole factor."""
    bands = _bands(box, factor * max(1, BAND // (box[2] - box[0]) // factor))
    parts = (plain(image.crop(band)) for band in bands)
    if len(bands) == 1:
        (only,) = parts
        return only.reduce(factor) if factor > 1 else only
    small: Image.Image | None = None
    for band, part in zip(bands, parts, strict=True):
        if small is None:
            size = (-(-(box[2] - box[0]) // factor), -(-(box[3] - box[1]) // factor))
            small = Image.new(part.mode, size)
        small.paste(part.reduce(factor), (0, (band[1] - box[1]) // factor))
    assert small is not None
    return small


def _converter(image: Image.Image, container: Container) -> Callable[[Image.Image], Image.Image]:
    """A function that converts a band of this image to eight bits, in the mode L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith(("I", "F")):
        return _grey(image, container)
    if image.has_transparency_data:
        return lambda band: band.convert("RGBA")
    mode = image.mode if image.mode in ("L", "RGB", "CMYK") else "L" if image.mode == "1" else "RGB"
    return lambda band: band if band.mode == mode else band.convert(mode)


def _grey(image: Image.Image, container: Container) -> Callable[[Image.Image], Image.Image]:
    """A function that converts a band of grey with more than eight bits to eight.

    White is the largest number of 16 bits. For 32 bits and floats it is the smallest usual maximum (1 for floats, 255,
    65535, ...) that no value exceeds.
    """
    # Pillow returns unsigned numbers of 32 bits as signed ones. A sample format of 1, the default, is unsigned.
    unsigned = image.format == "TIFF" and image.mode == "I" and container.numbers.get(SAMPLE_FORMAT, (1,))[:1] == (1,)

    def values(band: Image.Image) -> NDArray[np.float32]:
        numbers = np.asarray(band)
        return np.nan_to_num(numbers.view(np.uint32) if unsigned else numbers, posinf=np.inf).astype(np.float32)

    if image.mode.startswith("I;16") or image.format == "PNG":
        top = 65535.0
    else:
        bands = _bands((0, 0, *image.size), max(1, BAND // image.width))
        found = [band.max(initial=0, where=np.isfinite(band)) for band in (values(image.crop(box)) for box in bands)]
        ranges = (*((1.0,) if image.mode == "F" else ()), 255.0, 65535.0, 2.0**31 - 1, 2.0**32 - 1)
        top = next((top for top in ranges if max(found) <= top), float(max(found)))
    clear = image.info.get("transparency", -1)

    def grey(band: Image.Image) -> Image.Image:
        numbers = values(band)
        made = Image.fromarray(np.clip(np.round(numbers * (255 / top)), 0, 255).astype(np.uint8))
        if image.has_transparency_data:
            made.putalpha(Image.fromarray(np.where(numbers == clear, 0, 255).astype(np.uint8)))
        return made

    return grey


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """An image in L, RGB or CMYK as RGB, converted by its colour profile if that is readable and fits the mode."""
    if profile:
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(source.profile.xcolor_space.strip(), "")
            if mode == "RGB" and image.mode == "L":
                image = image.convert("RGB")
            if mode == image.mode:
                srgb = ImageCms.createProfile("sRGB")
                return cast(Image.Image, ImageCms.profileToProfile(image, source, srgb, outputMode="RGB"))
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError, ImportError):
            pass  # a damaged profile: take the pixels as sRGB
    return image.convert("RGB")
