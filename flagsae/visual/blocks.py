"""Pictures in a terminal: two pixels a character cell, or a letter a colour where there is no colour."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich_pixels import Pixels

LETTERS = {
    "w": (255, 255, 255),
    ".": (154, 154, 154),
    "k": (0, 0, 0),
    "R": (210, 20, 35),
    "M": (140, 30, 60),
    "O": (245, 130, 32),
    "Y": (252, 209, 22),
    "N": (122, 74, 40),
    "G": (0, 138, 67),
    "c": (92, 178, 222),
    "B": (4, 50, 140),
    "P": (122, 58, 153),
}


@lru_cache(maxsize=4096)
def _style(top: int, bottom: int) -> Style:
    def colour(packed: int) -> Color:
        return Color.from_rgb(packed >> 16, packed >> 8 & 255, packed & 255)

    return Style(color=colour(top), bgcolor=colour(bottom))


def half_blocks(picture: NDArray[np.uint8]) -> Pixels:
    """A picture as upper half blocks. picture: 2 rows x columns x 3; one cell has two pixels, one above the other.

    Cells of equal colours become one run, so a flat flag is a few hundred bytes a row at most.
    """
    if len(picture) % 2:
        raise ValueError(f"half blocks need an even number of rows, not {len(picture)}")
    packed = picture.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])  # rows x columns
    pairs = packed[::2] << 24 | packed[1::2]
    segments: list[Segment] = []
    for row in pairs:
        edges = np.flatnonzero(np.diff(row)) + 1
        starts, ends = [0, *edges.tolist()], [*edges.tolist(), len(row)]
        for start, end in zip(starts, ends, strict=True):
            top, bottom = divmod(int(row[start]), 1 << 24)
            # One colour needs no block: a space of the background is the same picture, and copies as nothing.
            segments.append(Segment((" " if top == bottom else "▀") * (end - start), _style(top, bottom)))
        segments.append(Segment("\n"))
    return Pixels.from_segments(segments)


def letters(picture: NDArray[np.uint8]) -> str:
    """A picture for a terminal without colour: the letter of each cell's colour. picture: rows x columns x 3."""
    anchors = np.array(list(LETTERS.values()), np.int64)
    away = ((picture[:, :, None].astype(np.int64) - anchors) ** 2).sum(-1)
    names = np.array(list(LETTERS))
    return "\n".join("".join(names[row]) for row in away.argmin(-1))
