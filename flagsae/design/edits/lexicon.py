"""The words that edits have besides those of sentences, by what they are."""

from __future__ import annotations

from flagsae.design.lexicon import EDGE_NOUNS

ANY = "charge"  # in place of a noun: whatever stands on the ground

# The words for each verb, the longest first.
LEADS = ("change", "turn", "make", "replace", "move", "put", "set", "give")  # say nothing by themselves
ADD = ("+", "add", "plus", "more", "another")
REMOVE = ("-", "no", "without", "remove", "minus", "drop", "delete")
FEWER = ("fewer", "less")
SWAP = ("swap", "exchange")
COLOURS = ("colours", "colors", "palette", "colour", "color")
MIRROR = ("mirrored", "mirror", "reversed")
FLIP = (("upside", "down"), ("flipped",), ("flip",))
TURNED = (
    *(("-", "-", ">"), ("-", ">"), ("=", ">"), ("=",), (">",), ("→",), ("⇒",)),
    *(("into",), ("becomes",), ("instead", "of"), ("with",), ("by",), ("to",)),
)
SWAPPED = (("<", "-", ">"), ("<", "=", ">"), ("<", ">"), ("↔",), ("⇄",))
EDGES = tuple(word for word in EDGE_NOUNS if word not in ("border", "borders", "stripes"))  # which are things too
EMBLEMS = (  # what people call an emblem that they see, and words cannot draw
    *("leaf", "maple leaf", "eagle", "bird", "lion", "dragon", "tree", "cedar", "palm", "flower", "wheel"),
    *("trident", "sword", "map"),
)
ALL = ("charge", "charges", "symbol", "symbols")
LARGER, MUCH_LARGER = 1.4, 2.0  # times as large; by eye
SCALES = {
    **dict.fromkeys(("bigger", "larger", "thicker", "wider", "broader", "higher", "taller"), LARGER),
    **dict.fromkeys(("smaller", "thinner", "narrower", "lower", "shorter"), 1 / LARGER),
    "double": MUCH_LARGER,
}
TIMES = {"twice": 2.0, "three times": 3.0, "half": 0.5}
