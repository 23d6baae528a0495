"""The last that happens to a line of the screen, whoever has drawn it, before it goes to the terminal."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Background
from textual.filter import LineFilter

from flagsae.printable import printable

# The 16 colours of terminals, as Rich has them: it sends the number of a colour that is one of these.
GREYS = ((0, 0, 0), (85, 85, 85), (170, 170, 170), (255, 255, 255))
HUES = (
    *((170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170)),
    *((255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255)),
)
GREY = 0.045  # of a colour's chroma in OKLab: under it there is no hue
HUE = 0.8  # what two opposite hues differ, where black and white differ by 1


class Printable(LineFilter):
    """Nothing that a terminal would obey: titles, file names and errors may hold anything."""

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        if all(segment.text.isprintable() for segment in segments):
            return segments
        safe = [Segment(printable(text), style, control) for text, style, control in segments]
        return Segment.adjust_line_length(safe, Segment.get_line_length(segments))


class SixteenColours(LineFilter):
    """The 16 colours of old terminals, by hue before lightness: by distance alone, dark green is nearest to grey."""

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        return [Segment(text, style and _sixteen(style), control) for text, style, control in segments]


@lru_cache(maxsize=1 << 12)
def _sixteen(style: Style) -> Style:
    """A style in these colours; what the terminal's own colours are stays."""
    inks = [
        None if ink is None or ink.triplet is None else nearest(*ink.triplet) for ink in (style.color, style.bgcolor)
    ]
    return style + Style.from_color(*(None if ink is None else Color.from_rgb(*ink) for ink in inks))


@lru_cache(maxsize=1 << 12)
def nearest(red: int, green: int, blue: int) -> tuple[int, int, int]:
    """The one of the 16 colours that a colour is shown as."""
    import numpy as np

    from flagsae.flags.palette import oklab

    light, *plane = oklab(np.array([red, green, blue], np.uint8)).tolist()
    coloured = np.hypot(*plane) >= GREY
    choice = HUES if coloured else GREYS
    found = oklab(np.array(choice, np.uint8))
    away = (found[:, 0] - light) ** 2
    if coloured:
        turned = np.arctan2(found[:, 2], found[:, 1]) - np.arctan2(plane[1], plane[0])
        away = away + (HUE * np.sin(turned / 2)) ** 2
    return choice[int(away.argmin())]
