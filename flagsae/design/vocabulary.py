"""What a description is made of, and its words: "red field; green star in the centre".

An element is one thing that a person would point at. Its words are put together here, in one place, from what it is,
its colours, how many there are of it and where it stands. Left is the hoist, right the fly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flagsae.design.kinds import CHARGES, LAYERS

# Where something is, as records and the table of facts have it, and in words: hoist is the side of the pole.
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
# What is "in the centre" has its middle within these shares of the height and width from the flag's middle. They are
# those of the table of facts (data/ATTRIBUTES.md), by which descriptions are scored.
CENTRE_HEIGHT, CENTRE_WIDTH = 0.1, 0.09
SCATTERED = 0.6  # what covers more than this of both sides has no place; by eye
NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven"),
    *("eight", "nine", "ten", "eleven", "twelve", "thirteen"),
)
TITLES = {layer.name: layer.title for layer in LAYERS if layer.title}
EVERYWHERE = {layer.name for layer in LAYERS if layer.everywhere}
HALVED = {kind.name for kind in CHARGES if kind.halves}


@dataclass(frozen=True)
class Speaker:
    """A feature that spoke for an element. dictionary: "layout" or "shape"; label: what it fires for, in a word, and
    purity: the share of that in all that it fires for; weight: how much it added to the log odds of the element."""

    dictionary: str
    feature: int
    weight: float
    label: str
    purity: float

    @property
    def name(self) -> str:
        """As `flagsae features` takes it: l39, s188."""
        return f"{self.dictionary[0]}{self.feature}"


@dataclass(frozen=True)
class Element:
    """One phrase of a description."""

    element: str
    """One of `kinds.ELEMENTS`."""
    colours: tuple[str, ...]
    """Stripes from the top or the hoist; of all else the main one first."""
    place: str = "all"
    """One of `PLACES`."""
    count: int = 1
    """How many there are of it."""
    share: float = 1.0
    """Of the flag's area."""
    features: tuple[Speaker, ...] = ()
    """Those that speak for it, the strongest first."""
    kind: str = ""
    """Its words where `element` is broader: "union jack", "wedges", "halves", "bar", or "piece" of a named whole."""
    points: int = 0
    """Of a star."""
    edges: tuple[str, ...] = ()
    """Colours of thin lines between stripes."""
    box: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)
    """Top, bottom, left, right of a charge, as shares of height and width."""


def sentence(elements: Iterable[Element]) -> str:
    """All elements in words, without those that a word for the whole has named already."""
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
        # What has many colours is not known by one of them.
        colour = f"{element.colours[0]} " if len(element.colours) == 1 else ""
        return f"{number(element.count)} {colour}emblems{place}" if element.count > 1 else f"{colour}emblem{place}"
    return _figure(element, "" if name in EVERYWHERE and element.place != "canton" else place)


def _stripes(element: Element) -> str:
    if element.kind == "bar":
        return f"{listed(element.colours)} bar"
    colours = element.colours
    name = element.element.removesuffix("s") if element.count == 1 else element.element
    edged = f", edged {listed(element.edges)}" if element.edges else ""
    turns = element.count > 4 and colours == tuple(colours[position % 2] for position in range(element.count))
    in_order = listed(colours[:2]) if turns else ", ".join(colours)
    return f"{number(element.count)} {name}, {in_order}{edged}" if element.count > 1 else f"{in_order} {name}"


def _figure(element: Element, place: str) -> str:
    """A figure, or several: "two red six-pointed stars edged green in the centre"."""
    name = TITLES.get(element.element, element.element)
    first, rest = element.colours[:1], element.colours[1:]
    colours, edged = listed(first), f" edged {listed(rest)}" if rest else ""
    if rest and name in HALVED:
        colours, edged = listed(element.colours), ""
    points = f"{number(element.points)}-pointed " if element.points not in (0, 5) else ""
    if element.count == 1:
        return f"{colours} {points}{name}{edged}{place}"
    plural = f"{name}es" if name.endswith("s") else f"{name}s"
    return f"{number(element.count)} {colours} {points}{plural}{edged}{place}"


def number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def listed(words: Sequence[str]) -> str:
    """red, white and blue."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def place_of(box: tuple[float, float, float, float]) -> str:
    """One of `PLACES` for what stands in a box (top, bottom, left, right as shares), by its middle; "all" for what is
    scattered over much of the flag."""
    top, bottom, left, right = box
    if right - left > SCATTERED and bottom - top > SCATTERED:
        return "all"
    row, column = (top + bottom) / 2, (left + right) / 2
    down = "" if abs(row - 0.5) < CENTRE_HEIGHT else "top" if row < 0.5 else "bottom"
    along = "" if abs(column - 0.5) < CENTRE_WIDTH else "left" if column < 0.5 else "right"
    return place_between(down, along)


def place_between(down: str, along: str) -> str:
    """One of `PLACES`. down: "top", "bottom" or "" for neither; along: "left", "right" or "" for neither."""
    if down:
        return f"{down}-{along}" if along else down
    return {"": "centre", "left": "hoist", "right": "fly"}[along]


def capitalized(text: str) -> str:
    """With a capital at its beginning; all else as it is: `Union Jack` keeps its own."""
    return text[:1].upper() + text[1:]
