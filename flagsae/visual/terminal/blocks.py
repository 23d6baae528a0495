"""Pictures in a terminal: two pixels a character cell or, without colour, a letter for each cell's colour."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich_pixels import Pixels

from flagsae.colours import LETTERS, channels

NAMES = np.array([ord(letter) for letter in LETTERS], np.uint32)
ANCHORS = np.array([channels(colour.lettered or colour.rgb) for colour in LETTERS.values()], np.float32)
UNPAINTED = 1 << 24  # in place of a packed colour: transparent, the terminal's own background shows


def rows(picture: NDArray[np.uint8]) -> list[list[Segment]]:
    """A picture as upper half blocks: a list of segments for each row of cells.

    picture: H x W x 3, sRGB, or H x W x 4, where pixels that are less than half opaque are transparent. A cell shows
    two pixels, one above the other; below an odd last row it is transparent. Equal neighbours become one segment, so
    that a flat flag takes a few hundred bytes a row at most.
    """
    colours = packed(picture)
    if len(colours) % 2:
        colours = np.concatenate([colours, np.full_like(colours[:1], UNPAINTED)])
    top, bottom = colours[::2], colours[1::2]
    # A cell of one colour is a space with that background: it looks the same, and copies as blank text.
    glyphs = np.where(top == bottom, ord(" "), np.where(top == UNPAINTED, ord("▄"), ord("▀")))
    return merged(glyphs, top << 25 | bottom, style_of)


def half_blocks(picture: NDArray[np.uint8]) -> Pixels:
    """`rows` as a renderable. picture: (2 * rows) x columns x 3. Raises `ValueError` for an odd number of rows."""
    if len(picture) % 2:
        raise ValueError(f"half blocks need an even number of rows, not {len(picture)}")
    return Pixels.from_segments([segment for row in rows(picture) for segment in (*row, Segment("\n"))])


def merged(
    glyphs: NDArray[np.integer], kinds: NDArray[np.integer], style: Callable[[int], Style | None]
) -> list[list[Segment]]:
    """Rows of cells as segments, one for each run of cells of the same kind.

    glyphs: rows x columns, code points; kinds: rows x columns, numbers that `style` turns into styles.
    """
    height, width = kinds.shape
    if not kinds.size:
        return [[] for _ in range(height)]
    changes = np.ones((height, width), bool)
    np.not_equal(kinds[:, 1:], kinds[:, :-1], out=changes[:, 1:])
    row, starts = changes.nonzero()
    starts += row * width
    ends = np.append(starts[1:], height * width).tolist()
    text = glyphs.astype("<u4").tobytes().decode("utf-32-le")
    runs = [
        Segment(text[start:end], style(kind))
        for start, end, kind in zip(starts.tolist(), ends, kinds.ravel()[starts].tolist(), strict=True)
    ]
    bounds = np.searchsorted(row, np.arange(height + 1)).tolist()
    return [runs[first:last] for first, last in pairwise(bounds)]


def packed(picture: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Each pixel's colour as one number, red << 16 | green << 8 | blue, or `UNPAINTED`. picture: ... x 3 or 4."""
    channels = picture.astype(np.int64)
    colours = channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
    if picture.shape[-1] == 4:
        colours[channels[..., 3] < 128] = UNPAINTED
    return colours


def unpacked(colours: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Packed colours as red, green and blue: ... x 3."""
    return (colours[..., None] >> np.array([16, 8, 0]) & 255).astype(np.uint8)


@lru_cache(maxsize=1 << 14)
def style_of(pair: int) -> Style | None:
    """The style of a cell. pair: the packed colour of its upper pixel << 25 | that of its lower pixel."""
    top, bottom = pair >> 25, pair & (1 << 25) - 1
    if top == bottom:
        return None if top == UNPAINTED else Style.from_color(None, _colour(bottom))
    if UNPAINTED in (top, bottom):
        return Style.from_color(_colour(min(top, bottom)))
    return Style.from_color(_colour(top), _colour(bottom))


def _colour(packed: int) -> Color:
    triplet = ColorTriplet(packed >> 16, packed >> 8 & 255, packed & 255)
    return Color(f"#{packed:06x}", ColorType.TRUECOLOR, None, triplet)  # twice as fast as `from_triplet`


def letters(picture: NDArray[np.uint8]) -> str:
    """A picture as lines of text, the letter of the nearest colour for each pixel. picture: rows x columns x 3."""
    return "\n".join(_text(NAMES[row]) for row in _nearest(picture))


def letters_rows(picture: NDArray[np.uint8]) -> list[list[Segment]]:
    """A picture as letters, for a terminal without colour; takes and returns what `rows` does.

    Of a cell's two pixels the letter shows the colour that is rarer in the picture, so that a line one pixel high is
    never lost.
    """
    nearest = _nearest(picture[..., :3])
    count = np.bincount(nearest.ravel(), minlength=len(NAMES))
    names = NAMES[nearest]
    if picture.shape[2] == 4:
        names[picture[..., 3] < 128] = ord(" ")
    top, bottom = names[::2], names[1::2]
    rarer = count[nearest[1::2]] < count[nearest[: 2 * len(bottom) : 2]]
    top[: len(bottom)][rarer] = bottom[rarer]
    return [[Segment(_text(row))] if len(row) else [] for row in top]


def _nearest(picture: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The row of `ANCHORS` nearest to each pixel, H x W. picture: H x W x 3."""
    # |anchor - pixel|^2 without |pixel|^2, which is the same for all anchors. These are integers small enough for
    # float32 to hold exactly.
    away = (ANCHORS**2).sum(1) - picture.astype(np.float32) @ (2 * ANCHORS.T)
    return away.argmin(-1)


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")
