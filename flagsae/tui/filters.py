"""Filters that every line of the screen passes through on its way to the terminal."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Background
from textual.filter import LineFilter

from flagsae.printable import printable

# The 16 colours of terminals with the values that Rich gives them: for these Rich sends the colour's number.
GREYS = ((0, 0, 0), (85, 85, 85), (170, 170, 170), (255, 255, 255))
HUES = (
    *((170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170)),
    *((255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255)),
)
GREY = 0.045  # chroma in OKLab: a colour with less is shown as a grey (by eye)
HUE = 0.8  # the distance of two opposite hues, on a scale where black and white are 1 apart (by eye)


class Printable(LineFilter):
    """Escapes what a terminal would obey instead of showing: titles, file names and errors may hold anything."""

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        if all(segment.text.isprintable() for segment in segments):
            return segments
        safe = [Segment(printable(text), style, control) for text, style, control in segments]
        return Segment.adjust_line_length(safe, Segment.get_line_length(segments))


class SixteenColours(LineFilter):
    """Replaces each colour by one of the 16. Hue counts before lightness: by distance alone, a dark green would become
    a grey."""

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        return [Segment(text, style and _sixteen(style), control) for text, style, control in segments]


@lru_cache(maxsize=1 << 12)
def _sixteen(style: Style) -> Style:
    """A style with its two colours replaced. One that is given by its number in the terminal's palette stays."""
    found = [
        None if colour is None or colour.triplet is None else nearest(*colour.triplet)
        for colour in (style.color, style.bgcolor)
    ]
    return style + Style.from_color(*(None if colour is None else Color.from_rgb(*colour) for colour in found))


@lru_cache(maxsize=1 << 12)
def nearest(red: int, green: int, blue: int) -> tuple[int, int, int]:
    """The one of the 16 colours, as red, green and blue, that a colour is shown as."""
    import numpy as np

    from flagsae.oklab import oklab

    lightness, a, b = oklab(np.array([red, green, blue], np.uint8)).tolist()
    coloured = np.hypot(a, b) >= GREY
    choice = HUES if coloured else GREYS
    found = oklab(np.array(choice, np.uint8))  # colours x (lightness, a, b)
    distance = (found[:, 0] - lightness) ** 2
    if coloured:
        angle = np.arctan2(found[:, 2], found[:, 1]) - np.arctan2(b, a)  # between the hues
        distance = distance + (HUE * np.sin(angle / 2)) ** 2
    return choice[int(distance.argmin())]
