"""Phrases, and the sentences that they make: "red field; green star in the centre".

    sentence  = phrases with ; between them
    phrase    = [number] {size | points | colours} noun {tail}
              | "Union Jack" [place] | "quarters of" colours | "diagonally halved" colours [way]
    colours   = names of colours with , or "and" between them
    tail      = [,] "edged" colours | , colours | [,] "the first twice as high" | form | place | way
    form      = "in a row", "in a column", "in a ring": how several stand
    place     = "in the centre" and the like | "on the" noun
    way       = "from the upper hoist": where a diagonal begins

`write` says phrases in these words; `reader` reads them, and much that people say instead. Only words are known here:
what they look like is for `layout`, which of them fit a design for `words`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flagsae.design.vocabulary import PLACES, in_turn, listed, number


@dataclass(frozen=True)
class Noun:
    """A thing that a phrase names."""

    name: str
    """As `write` says one of it."""
    many: str = ""
    """More than one; the name and an s if left out."""
    also: tuple[str, ...] = ()
    """Other words for it that `read` takes."""
    colours: int = 1
    """How many it may have, its edges not counted; 0 for any number."""
    edged: bool = False
    """Whether it may have edges."""
    counted: bool = False
    """Whether there may be several of it."""
    placed: bool = False
    """Whether it is said where it stands."""

    @property
    def plural(self) -> str:
        return self.many or f"{self.name}s"


# The ground first, then figures across it, then charges. Edges of stripes lie between them.
NOUNS = {
    noun.name: noun
    for noun in (
        Noun("field", also=("flag", "background", "ground", "base")),
        Noun(
            "horizontal stripe",
            also=(
                *(
                    "stripe",
                    "band",
                    "horizontal band",
                    "horizontal",
                    "horizontally",
                    "bicolour",
                    "tricolour",
                    "tricolor",
                ),
                *("horizontal tricolour", "horizontal tricolor"),
            ),
            colours=0,
            edged=True,
            counted=True,
        ),
        Noun(
            "vertical stripe",
            also=("vertical band", "vertical tricolour", "vertical tricolor", "vertical", "vertically", "pale"),
            colours=0,
            edged=True,
            counted=True,
        ),
        Noun("quarters", many="quarters", also=("quarter", "quartered", "quarterly"), colours=4),
        Noun(
            "diagonally halved",
            many="diagonally halved",
            also=("halved diagonally", "diagonal halves", "divided diagonally", "split diagonally", "per bend"),
            colours=2,
        ),
        Noun(
            "wedges",
            many="wedges",
            also=("wedge", "diagonally quartered", "quartered diagonally", "per saltire"),
            colours=2,
        ),
        Noun("Union Jack", also=("union flag", "british flag"), colours=0, placed=True),
        Noun("cross", many="crosses", edged=True, counted=True, placed=True),
        Noun("Nordic cross", many="Nordic crosses", also=("scandinavian cross",), edged=True),
        Noun("saltire", also=("diagonal cross", "x", "st andrew's cross"), edged=True, counted=True, placed=True),
        Noun("pall", also=("y", "y shape", "y-shape"), edged=True),
        Noun("diagonal band", also=("diagonal stripe", "diagonal", "bend"), edged=True),
        Noun("border", also=("frame",)),
        Noun("triangle", edged=True, counted=True, placed=True),
        Noun("bar", also=("vertical bar",), edged=True, placed=True),
        Noun("horizontal bar", also=("fess",), edged=True, placed=True),
        Noun("serrated bar", also=("indented bar", "jagged bar", "zigzag bar", "toothed bar"), placed=True),
        Noun("canton"),
        Noun("star", also=("mullet",), edged=True, counted=True, placed=True),
        Noun("sun", edged=True, counted=True, placed=True),
        Noun("disc", also=("circle", "disk", "ball", "roundel", "dot", "globe"), edged=True, counted=True, placed=True),
        Noun("ring", edged=True, counted=True, placed=True),
        Noun("crescent", also=("moon", "half moon", "crescent moon"), edged=True, counted=True, placed=True),
        Noun("lozenge", also=("diamond", "rhombus"), edged=True, counted=True, placed=True),
        Noun("rectangle", also=("panel",), edged=True, counted=True, placed=True),
        Noun("square", edged=True, counted=True, placed=True),
        Noun("chevron", edged=True, counted=True, placed=True),
        Noun(
            "lettering",
            many="lettering",
            also=("text", "letters", "writing", "script", "inscription", "motto", "words"),
            placed=True,
        ),
        Noun("emblem", also=("coat of arms", "arms", "shield", "crest"), edged=True, counted=True, placed=True),
    )
}
GROUNDS = ("field", "horizontal stripe", "vertical stripe", "quarters", "diagonally halved", "wedges")  # fill the flag
SIZES = ("tiny", "small", "big")
THICK = {"tiny": "very thin", "small": "thin", "big": "thick"}  # what they are called of figures across the ground
LINES = ("cross", "Nordic cross", "saltire", "pall", "diagonal band", "border", "bar", "horizontal bar")  # such figures
FORMS = ("row", "column", "ring")  # of several that stand together
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
TIMES = {  # as high as the other stripes
    **{"twice": 2.0, "three times": 3.0, "four times": 4.0},
    **{"half": 0.5, "a third": 1 / 3, "a quarter": 0.25, "a fifth": 0.2, "a tenth": 0.1},
}
CORNERS = {place: words for place, words in PLACES.items() if place.startswith(("top-", "bottom-"))}


@dataclass(frozen=True)
class Phrase:
    """One thing that a sentence says is there."""

    noun: str
    """One of `NOUNS`."""
    colours: tuple[str, ...] = ()
    """Its own, as a design names them."""
    edges: tuple[str, ...] = ()
    """Those around it, from the inside out; of stripes that between them."""
    count: int = 1
    points: int = 0
    """Of a star that has not five; rays of a sun, where they are said."""
    size: str = ""
    """One of `SIZES`; empty for the usual one."""
    form: str = ""
    """One of `FORMS`, where several do not stand as they usually do."""
    place: str = ""
    """One of `PLACES`; empty where nothing is said."""
    on: str = ""
    """In place of a place: what it stands on, one of `NOUNS`."""
    way: str = ""
    """The corner where a diagonal begins, one of `CORNERS`; the lower hoist if empty."""
    other: tuple[int, float] | None = None
    """The stripe that is not as wide as the rest, counted from 0, and how many times as wide it is."""
    start: int = 0
    """Where its text begins, for messages."""
    end: int = 0


def write(phrases: Sequence[Phrase]) -> str:
    """The sentence."""
    return "; ".join(map(phrase_text, phrases))


def phrase_text(phrase: Phrase) -> str:
    name, colours = phrase.noun, phrase.colours
    edged = f" edged {listed(phrase.edges)}" if phrase.edges else ""
    form = f" in a {phrase.form}" if phrase.form else ""
    where = f" on the {phrase.on}" if phrase.on else f" {PLACES[phrase.place]}".rstrip() if phrase.place else ""
    way = f" from the {CORNERS[phrase.way].removeprefix('in the ')}" if phrase.way else ""
    if name == "Union Jack":
        return f"Union Jack{where}"
    if name == "quarters":
        return f"quarters of {', '.join(colours)}{where}"
    if name == "diagonally halved":
        return f"diagonally halved {listed(colours)}{way}{where}"
    if name.endswith(" stripe"):
        return _stripes_text(phrase) + where
    thick = name in LINES and not (name in ("cross", "saltire") and (phrase.place or phrase.on or phrase.count > 1))
    size = f"{THICK[phrase.size] if thick else phrase.size} " if phrase.size else ""
    points = f"{number(phrase.points)}-{'rayed' if name == 'sun' else 'pointed'} " if phrase.points else ""
    own = f"{listed(colours)} " if colours else ""
    if phrase.count > 1:
        return f"{number(phrase.count)} {size}{own}{points}{NOUNS[name].plural}{edged}{form}{where}"
    return f"{size}{own}{points}{name}{edged}{way}{where}"


def _stripes_text(phrase: Phrase) -> str:
    in_order = in_turn(phrase.colours, phrase.count)
    edged = f", edged {listed(phrase.edges)}" if phrase.edges else ""
    wider = ""
    if phrase.other is not None:
        which, times = phrase.other
        word = next(word for word, value in TIMES.items() if value == times)
        wider = f", the {ORDINALS[which]} {word} as {'high' if phrase.noun.startswith('h') else 'wide'}"
    return f"{number(phrase.count)} {NOUNS[phrase.noun].plural}, {in_order}{edged}{wider}"
