"""A sheet of pictures of one size in rows, each with a few words under it: flags and their neighbours.

`tiles.py` has the sheet of features, whose pictures come in pairs and whose words are wrapped; `workspace.drawing` the
one of pictures alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from flagsae.visual.paint import check_size
from flagsae.visual.scatter import BORDER, Mark, at_size

Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont

INK = (40, 40, 40)
LEADING = 1.3  # height of a line of text, in font sizes
# Pillow's own font has ASCII and little more. What is written in place of signs, and of letters that do not decompose
# into a plain letter and an accent.
INSTEAD = dict(zip("×−–—øłđßæœı", ("x", "-", "-", "-", "o", "l", "d", "ss", "ae", "oe", "i"), strict=True))


def sheet(rows: Sequence[Sequence[tuple[Mark, Sequence[str]]]], width: int, columns: int) -> NDArray[np.uint8]:
    """Rows of (mark, lines of text below it) on white. Returns height x width x 3, sRGB.

    width: of the sheet, in pixels; columns: marks side by side. A longer row continues below. A line of text that is
    wider than its picture is cut. Raises `UsageError` if the sheet would be too large.
    """
    lines = [row[start : start + columns] for row in rows for start in range(0, len(row), columns)]
    gap = max(2, width // (12 * columns))
    wide = max(3, (width - gap) // columns - gap)
    tallest = max(mark.pixels.shape[0] / mark.pixels.shape[1] for row in rows for mark, _ in row)
    high = max(3, round(wide * tallest))
    font = ImageFont.load_default(max(8, wide // 9))
    step = round(font.size * LEADING) if isinstance(font, ImageFont.FreeTypeFont) else 12
    words = max(len(below) for row in rows for _, below in row)
    pitch = high + words * step + 2 * gap
    check_size(width, gap + len(lines) * pitch)
    out = Image.new("RGB", (width, gap + len(lines) * pitch), "white")
    pen = ImageDraw.Draw(out)
    for number, line in enumerate(lines):
        for place, (mark, below) in enumerate(line):
            left, top = gap + place * (wide + gap), gap + number * pitch
            pen.rectangle((left, top, left + wide - 1, top + high - 1), fill=BORDER)
            out.paste(Image.fromarray(at_size(mark, max(1, wide - 2), max(1, high - 2))), (left + 1, top + 1))
            for position, text in enumerate(below):
                written = _cut(in_font(text, font), wide, font)
                pen.text((left, top + high + gap // 3 + position * step), written, INK, font)
    return np.asarray(out)


def in_font(text: str, font: Font) -> str:
    """A text in which each letter that a font lacks is replaced by a simpler one, or by "?"."""
    box = bytes(font.getmask(chr(0x10FFFF)))  # what the font draws for a letter that it lacks

    def has(letter: str) -> bool:
        return bytes(font.getmask(letter)) != box

    def written(letter: str) -> str:
        if has(letter):
            return letter
        simple = INSTEAD.get(letter.lower(), unicodedata.normalize("NFD", letter)[0])
        return (simple.upper() if letter.isupper() else simple) if has(simple[0]) else "?"

    return "".join(map(written, text))


def _cut(text: str, width: int, font: Font) -> str:
    """A text cut to a width in pixels, with … at the end if it was cut."""
    shown = text
    while shown and font.getlength(shown + "…" * (shown != text)) > width:
        shown = shown[:-1]
    return shown if shown == text else f"{shown.rstrip()}…"
