"""The kinds of design features, and their names: "three horizontal stripes, first red", "white star in the canton".

A name is words that a person reads, and can be taken apart again: `name` makes it, `facet` reads it. All features of a
kind have one pattern. Each says one thing, from coarse to fine, so that flags that are alike in something share some:
"any cross", "Nordic cross", "blue Nordic cross", "Nordic cross edged white".

A new kind is a row of `KINDS`, what yields it in `features`, and what becomes of it in `rebuilt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flagsae.colours import COLOURS
from flagsae.design.phrases import CORNERS, FORMS, NOUNS, ORDINALS, TIMES
from flagsae.design.shades import TINTS
from flagsae.design.vocabulary import PLACES, number

VERSION = 1  # of the features that a design has: raise it where that of any design changes

# What is one for "any X": a flag has the feature if it has one of these things.
ANY = {
    "cross": ("cross", "Nordic cross"),
    "diagonal": ("diagonal band", "diagonal halves", "wedges"),
    "stripes": ("horizontal stripes", "horizontal bar"),
    "bars": ("vertical stripes", "bar", "serrated bar"),
    "star or sun": ("star", "sun"),
    "round thing": ("disc", "ring", "sun"),
}
GROUNDS = ("field", "horizontal stripes", "vertical stripes", "quarters", "diagonal halves", "wedges", "Union Jack")
STRIPES = GROUNDS[1:3]
MANY = 5  # stripes: of more a flag has many
CROWD = 6  # charges: of more a flag has many
NUMBERS = tuple(number(count) for count in range(101))
SIZES = ("tiny", "small", "middling", "big")  # of charges, and of cantons
THICKNESSES = ("very thin", "thin", "thick")  # of figures across the flag
LOOKS = ("plain", "colourful", "detailed", "wide", "tall")  # of cut-outs
ACROSS, SCATTERED = "across the flag", "all over"  # places of figures, and of charges that have none
CANTON = " in the canton"  # ends the name of what a canton has
SPOTS = (*(words for place, words in PLACES.items() if words and place != "canton"), ACROSS, SCATTERED)
RIMS = ("on top", "in the middle", "at the bottom", "at the hoist", "at the fly")  # where a stripe lies

_THINGS = [one for one in NOUNS if not one.endswith("stripe") and one not in ("field", "diagonally halved", "quarters")]
_PLURALS = {NOUNS[noun].plural: noun for noun in _THINGS}
COLOUR_NAMES = (*(colour.name for colour in COLOURS), *TINTS)
# What may stand in a pattern.
VALUES: dict[str, Iterable[str]] = {
    "class": (*ANY, "charge"),
    "colour": COLOUR_NAMES,
    "noun": (*dict.fromkeys((*_THINGS, *GROUNDS)),),
    "nouns": _PLURALS,
    "other": _THINGS,
    "size": (*SIZES, *THICKNESSES),
    "look": LOOKS,
    "number": NUMBERS,
    "ordinal": ORDINALS,
    "spot": SPOTS,
    "rim": RIMS,
    "form": FORMS,
    "corner": [words.removeprefix("in the ") for words in CORNERS.values()],
    "stripes": STRIPES,
    "slots": (
        *(f"{count} {stripes}" for count in (*NUMBERS[2 : MANY + 1], "many") for stripes in STRIPES),
        *("quarters", "diagonal halves", "wedges"),
    ),
    "extent": TIMES,
    "how": ("over", "beside"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of feature."""

    name: str
    pattern: str
    """Of its names; what is in braces is one of `VALUES`."""
    weight: float
    """Of a feature of this kind, in (0, 1]; less of what says a detail, or what other features say too."""
    why: str


# Weights are by eye: 1 for what a person would name first, about half for what only goes with it.
KINDS = {
    kind.name: kind
    for kind in (
        # The ground.
        Kind("striped", "{number} {stripes}", 0.8, "how many there are is seen at once"),
        Kind("many stripes", "many {stripes}", 0.6, "nobody counts more than five, and flags with 9 and 11 are alike"),
        Kind("slot", "{slots}, {ordinal} {colour}", 0.6, "the ground is made from it again"),
        Kind("rim", "{colour} {rim}", 0.5, "what is on top is seen, however many stripes follow"),
        Kind("next", "{colour} {how} {colour2}", 0.4, "two neighbours are the same pair among three and among five"),
        Kind("wider", "{ordinal} of {slots} {extent} as wide", 0.5, "told of few flags, and seen at once"),
        # Things: figures across the flag, charges, the canton.
        Kind("thing", "{noun}", 1.0, "what there is, wherever it stands"),
        Kind("any", "any {class}", 0.7, "kinds that people have one word for"),
        Kind("coloured", "{colour} {noun}", 0.7, "a thing is named with its colour"),
        Kind("any coloured", "any {colour} {class}", 0.5, "a cross is a cross in its colour too"),
        Kind("edged", "{noun} edged {colour}", 0.4, "an edge is a detail"),
        Kind("edges", "thin edges", 0.4, "whatever has them, in whatever colour"),
        Kind("edge", "edged {colour}", 0.4, "thin lines are alike around crosses and between stripes"),
        Kind("points", "{number}-pointed {noun}", 0.3, "most stars have five"),
        Kind("count", "{number} {nouns}", 0.5, "a constellation has its number"),
        Kind("one", "one {noun}", 0.3, "beside several of another kind"),
        Kind("several", "several {nouns}", 0.5, "more than one, however many"),
        Kind("many", "many {nouns}", 0.4, "nobody counts more than six"),
        Kind("place", "{noun} {spot}", 0.6, "where it stands makes the layout; a thing is made again from it"),
        Kind("size", "{size} {noun}", 0.3, "seen beside another, hardly alone"),
        Kind("form", "{nouns} in a {form}", 0.4, "a ring of stars is a figure of its own"),
        Kind("on", "{noun} on the {other}", 0.5, "a star on a triangle is one thing to the eye"),
        Kind("below", "charge on {colour}", 0.4, "what it stands out from, whatever it is"),
        Kind("way", "{noun} from the {corner}", 0.4, "the two ways of a diagonal are mirrored and not the same"),
        Kind("with", "{noun} with {other}", 0.5, "what stands close together: crescent and star"),
        Kind("look", "{look} emblem", 0.4, "a seal, a plain bird and a line of script differ in no noun"),
        Kind("emblem colour", "{colour} in the emblem", 0.3, "arms have many colours, and none of them is theirs"),
        Kind("bare", "no charge", 0.4, "a plain tricolour is like others in that"),
        # Colours, all areas together.
        Kind("colour", "{colour}", 0.6, "times the root of its share, from a half to all of it"),
        Kind("family", "any {colour}", 0.4, "blue and light blue are mistaken for each other, and so are their names"),
        Kind("share", "mostly {colour}", 0.5, "the main colour is what a flag is remembered by"),
        Kind("colours", "{number} colours", 0.3, "few colours or many"),
    )
}
SHADE = 0.5  # times a plain colour's weight, that the name of its shade has: blue, dark blue
REPEATED = 0.8  # times the weight of a thing: of the next of its kind, so that their colours and places go together
NO_CANTON = ("colour", "family", "share", "colours", "bare")  # are told of the whole flag


@dataclass(frozen=True)
class Facet:
    """What a feature says."""

    kind: str
    values: tuple[tuple[str, str], ...]
    canton: bool = False
    """Whether it is told of the canton."""

    def __getitem__(self, what: str) -> str:
        return dict(self.values)[what]

    def get(self, what: str) -> str:
        """A value; "" where its kind has no such."""
        return dict(self.values).get(what, "")


def name(kind: str, canton: bool = False, **values: str) -> str:
    """The name of a feature."""
    return KINDS[kind].pattern.format(**values) + CANTON * canton


@lru_cache(1)
def _patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for kind in KINDS.values():
        pieces = re.split(r"\{(\w+)\}", kind.pattern)
        for position in range(1, len(pieces), 2):
            words = sorted(VALUES[pieces[position].rstrip("2")], key=len, reverse=True)
            pieces[position] = f"(?P<{pieces[position]}>{'|'.join(map(re.escape, words))})"
        found[kind.name] = re.compile("".join(pieces))
    return found


@lru_cache(4096)
def facet(feature: str) -> Facet | None:
    """What a name says; None where it is no feature's."""
    inside = feature.endswith(CANTON)
    text = feature.removesuffix(CANTON)
    for kind, pattern in _patterns().items():
        found = pattern.fullmatch(text)
        if found and not (inside and kind in NO_CANTON):
            return Facet(kind, tuple(found.groupdict().items()), inside)
    return None


def plural(noun: str) -> str:
    return NOUNS[noun].plural


def singular(nouns: str) -> str:
    return _PLURALS[nouns]
