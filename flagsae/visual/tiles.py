"""Sheets of tiles (a picture, a smaller one beside it, words below), and histograms of block characters.

Rows are as high as their tallest picture and longest words; `sheet.py` has the sheet of pictures of one size.
"""

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
# By eye.
LARGE = 0.64  # share of a tile's width for the large picture, where others are beside some
LEADING = 1.15  # height of a line of text, in heights of its tallest letters
LETTERS = 15  # font sizes in the width of a tile


@dataclass(frozen=True)
class SheetTile:
    """One picture on a sheet, with what is drawn beside and below it."""

    title: str
    """One line below the picture; cut where it is longer."""
    picture: NDArray[np.uint8]
    """H x W x 3, sRGB; one without pixels leaves a gap."""
    small: NDArray[np.uint8] | None = None
    """A second picture (H x W x 3, sRGB), drawn at about half the size to the right of the first."""
    words: str = ""
    """Text below the title, at most two lines."""
    faint: bool = False
    """Whether the words are written in a paler ink."""


def sheet(tiles: Sequence[SheetTile], size: int, columns: int, about: Mapping[str, str], legend: str = "") -> bytes:
    """Tiles in rows of `columns` on white, with the line `legend` below them, as the bytes of a PNG.

    size: width of the sheet, in pixels; about: the PNG's text entries. Raises `UsageError` if it would be too large.
    """
    gap = max(2, size // (30 * columns))
    wide = max(8, (size - gap * (columns + 1)) // columns)
    paired = any(tile.small is not None for tile in tiles)
    large = max(6, round(wide * LARGE) if paired else wide)
    font = ImageFont.load_default(max(8, round(wide / LETTERS)))
    line = math.ceil(font.getbbox("Ág")[3] * LEADING)
    lines = [_wrap(tile.words, font, wide) for tile in tiles]
    # Of each row: the height of its pictures, and its height in all.
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
                # A border: a white flag would not show on white.
                right, bottom = corner[0] + resized.width - 1, corner[1] + resized.height - 1
                pen.rectangle((*corner, right, bottom), outline=EDGE)
        below = top + high[row] + gap // 2
        pen.text((left, below), _cut(tile.title, font, wide), INK, font)
        for number, text in enumerate(words, 1):
            pen.text((left, below + number * line), text, FADED if tile.faint else INK, font)
    pen.text((gap, foot), _cut(legend, font, size - 2 * gap), INK, font)
    return png(np.array(image), about)


def _height(picture: NDArray[np.uint8], width: int) -> int:
    """The height of a picture that is scaled to a width."""
    return round(width * picture.shape[0] / picture.shape[1])


def _resized(picture: NDArray[np.uint8], width: int) -> Image.Image:
    height = max(1, _height(picture, width))
    return Image.fromarray(scale(picture, width, height, flat=width > picture.shape[1]))


def _wrap(words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int, most: int = 2) -> list[str]:
    """Words in at most `most` lines of `width` pixels; the last one is cut."""
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
    """A histogram as `height` rows of block characters, the top row first, each bar `width` characters wide.

    A count above 0 always shows at least an eighth of a character.
    """
    most = max(counts, default=0) or 1
    eighths = [max(1, round(8 * height * count / most)) if count else 0 for count in counts]
    return [
        "".join(EIGHTHS[min(8, max(0, eighth - 8 * row))] * width for eighth in eighths)
        for row in reversed(range(height))
    ]
