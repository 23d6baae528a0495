"""The elements of a description, and their words: "red field; green star in the centre".

An element is one thing that a person would name on a flag. `phrase` makes its words from what it is, its colours, how
many there are of it and where it stands. The hoist is the left side, at the pole; the fly is the right side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flagsae.design.kinds import CHARGES, LAYERS

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
USUAL_POINTS = 5  # of a star: the sentence does not name them
NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven"),
    *("eight", "nine", "ten", "eleven", "twelve", "thirteen"),
)
TITLES = {layer.name: layer.title for layer in LAYERS if layer.title}
EVERYWHERE = {layer.name for layer in LAYERS if layer.everywhere}
HALVED = {kind.name for kind in CHARGES if kind.halves}


@dataclass(frozen=True)
class Speaker:
    """A feature that was evidence for an element."""

    dictionary: str
    """Its dictionary: "layout" or "shape"."""
    feature: int
    """Its number there."""
    weight: float
    """How much it added to the log odds of the element's class."""
    label: str
    """The class that it fires for most: "star 5"."""
    purity: float
    """The share of that class in all drawn regions that it fires for."""

    @property
    def name(self) -> str:
        """Its name in `flagsae features`: l39, s188."""
        return f"{self.dictionary[0]}{self.feature}"


@dataclass(frozen=True)
class Element:
    """One thing on a flag, which a description names in one phrase."""

    element: str
    """What it is: one of `kinds.ELEMENTS`."""
    colours: tuple[str, ...]
    """Its colours: of stripes in order from the top or the hoist, of all else the main one first."""
    place: str = "all"
    """Where it is: one of `PLACES`."""
    count: int = 1
    """How many there are of it."""
    share: float = 1.0
    """The share of the flag's area that it covers, all of them together."""
    features: tuple[Speaker, ...] = ()
    """The features that are evidence for it, the strongest first."""
    kind: str = ""
    """A narrower name than `element`, if there is one: "union jack", "wedges", "halves", "bar"; or "piece" for part of
    an element that has been named."""
    points: int = 0
    """The points of a star; 0 for all else."""
    edges: tuple[str, ...] = ()
    """The colours of thin lines between stripes."""
    box: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)
    """Top, bottom, left, right of a charge or canton, as shares of height and width."""
    text: str = ""
    """Its words, as in a sentence."""


def sentence(elements: Iterable[Element]) -> str:
    """All elements in words, except for pieces of an element that has been named."""
    return "; ".join(phrase(element) for element in elements if element.kind != "piece")


def phrase(element: Element) -> str:
    """One element in words."""
    name, place = element.element, f" {PLACES[element.place]}".rstrip()
    if element.kind == "union jack":
        return f"Union Jack{place}"
    if name == "field":
        return f"{listed(element.colours)} {element.kind or 'field'}{place}"
    if name == "canton":
        return f"{listed(element.colours)} canton"
    if name.endswith("stripes"):
        return f"{_stripes(element)}{place}"
    if name == "quarters":
        return f"quarters of {', '.join(element.colours)}"
    if name == "diagonal" and element.kind == "halves":
        return f"diagonally halved {listed(element.colours)}"
    if name == "emblem":
        # An emblem of several colours is not named after one of them.
        colour = f"{element.colours[0]} " if len(element.colours) == 1 else ""
        return f"{number(element.count)} {colour}emblems{place}" if element.count > 1 else f"{colour}emblem{place}"
    return _figure(element, "" if name in EVERYWHERE and element.place != "canton" else place)


def _stripes(element: Element) -> str:
    if element.kind == "bar":
        return f"{listed(element.colours)} bar"
    name = element.element.removesuffix("s") if element.count == 1 else element.element
    edged = f", edged {listed(element.edges)}" if element.edges else ""
    in_order = in_turn(element.colours, element.count)
    return f"{number(element.count)} {name}, {in_order}{edged}" if element.count > 1 else f"{in_order} {name}"


def in_turn(colours: tuple[str, ...], count: int) -> str:
    """The colours of so many stripes in words; of many in two colours that alternate only these two."""
    turns = count > TURNS and colours == tuple(colours[position % 2] for position in range(count))
    return listed(colours[:2]) if turns else ", ".join(colours)


def _figure(element: Element, place: str) -> str:
    """A figure, or several: "two red six-pointed stars edged green in the centre"."""
    name = TITLES.get(element.element, element.element)
    first, rest = element.colours[:1], element.colours[1:]
    colours, edged = listed(first), f" edged {listed(rest)}" if rest else ""
    if rest and name in HALVED:
        colours, edged = listed(element.colours), ""
    points = f"{number(element.points)}-pointed " if element.points not in (0, USUAL_POINTS) else ""
    if element.count == 1:
        return f"{colours} {points}{name}{edged}{place}"
    plural = f"{name}es" if name.endswith("s") else f"{name}s"
    return f"{number(element.count)} {colours} {points}{plural}{edged}{place}"


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
