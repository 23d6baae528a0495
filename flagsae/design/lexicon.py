"""The words that `reader` knows besides those for colours, by what they are."""

from __future__ import annotations

from flagsae.design.phrases import NOUNS, Phrase
from flagsae.design.phrases import SIZES as SIZE_NAMES
from flagsae.design.vocabulary import NUMBERS as DIGITS

ENDS = (";", ".", "!")  # of what belongs together

# Numbers, sizes and forms by the words for them.
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "dozen": 12}
TEENS = ("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
NUMBERS = {
    **{word: count for count, word in enumerate(DIGITS) if count},
    **{word: count for count, word in enumerate(TEENS, 14)},
    **TENS,
}
SIZES = {
    **{size: size for size in SIZE_NAMES},
    **dict.fromkeys(("large", "huge", "wide", "thick", "broad", "great"), "big"),
    **dict.fromkeys(("little", "narrow", "thin"), "small"),
}
FORMS = {"row": "row", "line": "row", "column": "column", "ring": "ring", "circle": "ring"}
NOISE = (  # says nothing before a noun
    *("a", "an", "the", "plain", "solid", "equal", "alternating", "simple"),
    *("that", "is", "are", "there"),
)
# What stands before a place, between two things, and before the colours of edges; what edges are called.
ON = ("in", "on", "at", "to", "near", "along", "inside", "upon", "within", "towards", "toward")
JOINED = ("with", "and", "containing", "holding", "bearing", "plus")
EDGED = ("edged", "bordered", "outlined", "fimbriated", "rimmed", "separated")
EDGE_NOUNS = ("edge", "edges", "border", "borders", "outline", "lines", "line", "stripes", "trim")
# Places: a word for how far down, one for how far along, or both; then what may follow.
DOWN = {"top": "top", "upper": "top", "bottom": "bottom", "lower": "bottom", "foot": "bottom"}
ALONG = {"hoist": "left", "left": "left", "fly": "right", "right": "right"}
MIDDLE = ("centre", "center", "middle", "heart")
SIDE = ("corner", "side", "edge", "half", "part", "quarter", "third")
BELOW = {  # the place below another
    **{"top": "centre", "centre": "bottom", "hoist": "bottom-left", "fly": "bottom-right"},
    **{"top-left": "hoist", "top-right": "fly", "canton": "bottom-left"},
}
ABOVE = {below: place for place, below in BELOW.items() if place != "canton"} | {"bottom-left": "hoist"}
RELATIVE = {
    **dict.fromkeys(("under", "below", "beneath"), BELOW),
    **dict.fromkeys(("above", "over"), ABOVE),
    **{side: dict[str, str]() for side in ("beside", "around", "surrounding")},
}
# On which stands what is said to come "with" them.
HOLDERS = ("disc", "lozenge", "rectangle", "square", "ring", "sun", "emblem", "triangle", "crescent")
SPECIAL = {  # nouns that say more than what they are
    "star of david": Phrase("star", points=6),
    "hexagram": Phrase("star", points=6),
    "bend sinister": Phrase("diagonal band"),
}


def _singulars() -> dict[str, str]:
    return {word.lower(): name for name, noun in NOUNS.items() for word in (name, *noun.also)}


# Nouns by the words for one of them and for several.
ONE = _singulars()
MANY = {
    **{f"{word}s": name for word, name in ONE.items()},
    **{noun.plural.lower(): name for name, noun in NOUNS.items()},
    "coats of arms": "emblem",
}
ALWAYS_MANY = ("quarters", "wedges", "diagonally halved")  # which are plural, or no noun at all, in the singular too
THINGS = (*ONE, *MANY, *SPECIAL)
POSITIONS = (*DOWN, *ALONG, *MIDDLE, "canton")
