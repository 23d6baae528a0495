"""The elements of a description, and their words: "red field; green star in the centre".

An element is one thing that a person would name on a flag (`elements` makes them from a design); its phrase is written
by `phrases`. The hoist is the left side, at the pole; the fly is the right side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Places: the name in records and in the table of facts, and the words in a sentence.
CORNERS = {
    "top-left": "upper hoist",
    "top-right": "upper fly",
    "bottom-left": "lower hoist",
    "bottom-right": "lower fly",
}
PLACES = {
    "all": "",
    "centre": "in the centre",
    "hoist": "at the hoist",
    "fly": "at the fly",
    "top": "at the top",
    "bottom": "at the bottom",
    **{corner: f"in the {words}" for corner, words in CORNERS.items()},
    "canton": "in the canton",
}
# How far from the middle of the flag, as shares of height and width, the middle of something "in the centre" may be.
# The same as in the table of facts (data/ATTRIBUTES.md), which descriptions are scored against.
CENTRE_HEIGHT, CENTRE_WIDTH = 0.1, 0.09
SCATTERED = 0.6  # of both sides: what spreads over more has no place; by eye
TURNS = 4  # stripes: more that alternate between two colours are named by these two; by eye
NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven"),
    *("eight", "nine", "ten", "eleven", "twelve", "thirteen"),
)
# What an element may be, the ground first.
ELEMENTS = (
    *("field", "horizontal stripes", "vertical stripes", "quarters", "diagonal", "cross", "nordic cross", "saltire"),
    *("pall", "border", "triangle", "canton", "star", "sun", "disc", "ring", "crescent", "rectangle", "lozenge"),
    *("chevron", "lettering", "emblem"),
)


@dataclass(frozen=True)
class Element:
    """One thing on a flag, which a description names in one phrase."""

    element: str
    """What it is: one of `ELEMENTS`."""
    colours: tuple[str, ...]
    """Its colours: of stripes in order from the top or the hoist, of all else the main one first."""
    place: str = "all"
    """Where it is: one of `PLACES`."""
    count: int = 1
    """How many there are of it."""
    share: float = 1.0
    """The share of the flag's area that it covers, all of them together."""
    kind: str = ""
    """A narrower name than `element`, if there is one: "union jack", "wedges", "halves", "bar"; or "piece" for part of
    an element that has been named."""
    points: int = 0
    """The points of a star; 0 for all else."""
    edges: tuple[str, ...] = ()
    """The colours of thin lines between stripes."""
    box: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)
    """Top, bottom, left, right of a charge or canton, as shares of height and width."""
    noun: str = ""
    """What its phrase calls it: one of `phrases.NOUNS`."""
    text: str = ""
    """Its phrase, as in a sentence."""


def sentence(elements: Iterable[Element]) -> str:
    """All elements in words, except for pieces of an element that has been named."""
    return "; ".join(element.text for element in elements if element.kind != "piece")


def in_turn(colours: tuple[str, ...], count: int) -> str:
    """The colours of so many stripes in words; of many in two colours that alternate only these two."""
    turns = count > TURNS and colours == tuple(colours[position % 2] for position in range(count))
    return listed(colours[:2]) if turns else ", ".join(colours)


def number(count: int) -> str:
    """A number in words, or in digits above thirteen."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def listed(words: Sequence[str]) -> str:
    """Joins words as in a sentence: `red, white and blue`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def place_of(box: tuple[float, float, float, float]) -> str:
    """The place of a box's middle, one of `PLACES`; "all" for a box over much of the flag.

    box: top, bottom, left, right, as shares of height and width.
    """
    top, bottom, left, right = box
    if right - left > SCATTERED and bottom - top > SCATTERED:
        return "all"
    row, column = (top + bottom) / 2, (left + right) / 2
    down = "" if abs(row - 0.5) < CENTRE_HEIGHT else "top" if row < 0.5 else "bottom"
    along = "" if abs(column - 0.5) < CENTRE_WIDTH else "left" if column < 0.5 else "right"
    return place_between(down, along)


def place_between(down: str, along: str) -> str:
    """The name of a place, one of `PLACES`. down: "top", "bottom" or ""; along: "left", "right" or ""."""
    if down:
        return f"{down}-{along}" if along else down
    return {"": "centre", "left": "hoist", "right": "fly"}[along]


def capitalized(text: str) -> str:
    """The text with its first letter as a capital; unlike `str.capitalize` it keeps those of `Union Jack`."""
    return text[:1].upper() + text[1:]
