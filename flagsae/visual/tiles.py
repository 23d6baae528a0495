"""Tiles: pictures with a smaller one beside them and words below, on a sheet; and bars of block characters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from flagsae.visual.paint import check_size, png, scale

EIGHTHS = " ▁▂▃▄▅▆▇█"
PAPER, INK, FADED, EDGE = (255, 255, 255), (20, 20, 20), (120, 120, 120), (190, 190, 190)


@dataclass(frozen=True)
class SheetTile:
    """picture, small: H x W x 3, sRGB; the small one is drawn beside it, at half the size. title: one line; words:
    below it, in a paler ink where they are `faint`. A picture without rows leaves a gap."""

    title: str
    picture: NDArray[np.uint8]
    small: NDArray[np.uint8] | None = None
    words: str = ""
    faint: bool = False


def sheet(tiles: Sequence[SheetTile], size: int, columns: int, about: Mapping[str, str], legend: str = "") -> bytes:
    """Tiles in rows on white, the whole `size` pixels wide, and a line below them, as a PNG."""
    gap = max(2, size // (30 * columns))
    wide = max(8, (size - gap * (columns + 1)) // columns)
    paired = any(tile.small is not None for tile in tiles)
    large = max(6, round(wide * 0.64) if paired else wide)
    font = ImageFont.load_default(max(8, round(wide / 15)))
    line = math.ceil(font.getbbox("Ág")[3] * 1.15)
    lines = [_wrap(tile.words, font, wide) for tile in tiles]
    # Of each row: the height of its pictures, and of all of it.
    starts = range(0, len(tiles), columns)
    high = [max(_height(tile.picture, large) for tile in tiles[start : start + columns]) for start in starts]
    tall = [
        pictures + gap // 2 + line * (1 + max(map(len, lines[start : start + columns]))) + gap
        for start, pictures in zip(starts, high, strict=True)
    ]
    foot = sum(tall) + gap
    check_size(size, foot)
    image = Image.new("RGB", (size, foot + (line + gap if legend else 0)), PAPER)
    pen = ImageDraw.Draw(image)
    for position, (tile, words) in enumerate(zip(tiles, lines, strict=True)):
        row, column = divmod(position, columns)
        left, top = gap + column * (wide + gap), gap + sum(tall[:row])
        beside = (left + large + gap // 2, top)
        for shown, corner, width in (
            (tile.picture, (left, top), large),
            (tile.small, beside, max(3, wide - large - gap // 2)),
        ):
            if shown is not None and shown.size:
                resized = _resized(shown, width)
                image.paste(resized, corner)
                # A white flag on white paper has an edge.
                right, bottom = corner[0] + resized.width - 1, corner[1] + resized.height - 1
                pen.rectangle((*corner, right, bottom), outline=EDGE)
        below = top + high[row] + gap // 2
        pen.text((left, below), _cut(tile.title, font, wide), INK, font)
        for number, text in enumerate(words, 1):
            pen.text((left, below + number * line), text, FADED if tile.faint else INK, font)
    pen.text((gap, foot), _cut(legend, font, size - 2 * gap), INK, font)
    return png(np.array(image), about)


def _height(picture: NDArray[np.uint8], width: int) -> int:
    """Of a picture that is made so wide."""
    return round(width * picture.shape[0] / picture.shape[1])


def _resized(picture: NDArray[np.uint8], width: int) -> Image.Image:
    height = max(1, _height(picture, width))
    return Image.fromarray(scale(picture, width, height, flat=width > picture.shape[1]))


def _wrap(words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int, most: int = 2) -> list[str]:
    """Words in at most so many lines, each as wide as it may be."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (font.getlength(longer) <= width or len(lines) == most):
            lines[-1] = longer
        else:
            lines.append(word)
    return [_cut(line, font, width) for line in lines]


def _cut(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    whole = text
    while text and font.getlength(text if text == whole else text + "...") > width:
        text = text[:-1]
    return text if text == whole else text + "..."


def bars(counts: Sequence[int], height: int, width: int = 2) -> list[str]:
    """A histogram as rows of block characters, the top row first; a count over 0 is always seen."""
    most = max(counts, default=0) or 1
    eighths = [max(1, round(8 * height * count / most)) if count else 0 for count in counts]
    return [
        "".join(EIGHTHS[min(8, max(0, eighth - 8 * row))] * width for eighth in eighths)
        for row in reversed(range(height))
    ]
