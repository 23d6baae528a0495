"""Several design features told as one phrase, in the words of a description: "white star in the canton".

>>> said(["white star", "star in the canton"])
'white star in the canton'
>>> said(["first of three horizontal stripes twice as wide", "yellow on top"])
'yellow on top, twice as high'

All that is said of one thing joins: of the stripes (`said_ground`), of a noun, of the whole flag. What other words say
already is left out, and so is what is usual: a star's five points, a middling size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flagsae.design import facets
from flagsae.design.facets import ACROSS, ANY, CANTON, GROUNDS, STRIPES, Facet, facet
from flagsae.design.phrases import NOUNS
from flagsae.design.said_ground import PLAIN, ground, noun_of, shades, values
from flagsae.design.vocabulary import listed

# Classes of things that are called by another name.
CLASSES = {"cross": "cross or Nordic cross", "stripes": "horizontal stripe or bar", "bars": "vertical stripe or bar"}
USUAL = {"middling", "five", "one"}  # sizes, points and numbers that are said only where nothing else is
ORDER = tuple(NOUNS)
CHARGES = ORDER[ORDER.index("canton") + 1 :]
CHARGE = "charge"  # the class of all of them


def said(names: Iterable[str]) -> str:
    """Features by their names as one phrase; "" of none. Names of no feature are passed over."""
    return phrase([one for one in map(facet, names) if one is not None])


def phrase(told: Iterable[Facet]) -> str:
    """Facets as one phrase: the ground first, then the things on it, then what is said of the whole flag."""
    settled = _settled(list(dict.fromkeys(told)))
    below, things = [text for text in ground(settled) if text], _things(settled)
    if below == [PLAIN] and things:
        things, below = [*things[:-1], f"{things[-1]} on a {PLAIN}"], []
    return ", ".join(filter(None, [*below, *things, *_whole(settled)]))


# What is said of a class, of edges and of what lies under a charge belongs to the thing that is meant, if there is one.


def _settled(told: Sequence[Facet]) -> list[Facet]:
    nouns = {noun_of(one) for one in told} - {""}
    edged = [noun for noun in nouns if noun in STRIPES or (noun in NOUNS and NOUNS[noun].edged)]
    charges = [noun for noun in nouns if noun in CHARGES]
    fields = [one["colour"] for one in told if one.kind == "coloured" and one["noun"] == "field"]
    has_edges = any(one.kind in ("edge", "edged") for one in told)
    settled = []
    for one in told:
        if one.kind in ("any", "any coloured"):
            settled += _of_class(one, nouns)
        elif one.kind == "edge" and len(edged) == 1:
            settled.append(Facet("edged", (("noun", edged[0]), *one.values)))
        elif one.kind == "below" and one["colour"] in fields:  # which the field's colour says
            settled += _of_class(Facet("any", (("class", CHARGE),)), nouns)
        elif one.kind == "below" and len(charges) == 1:
            settled.append(Facet("on", (("noun", charges[0]), ("other", one["colour"]))))
        elif not (one.kind == "edges" and has_edges):
            settled.append(one)
    return list(dict.fromkeys(settled))


def _of_class(one: Facet, nouns: set[str]) -> list[Facet]:
    """What is said of a class of things, as said of one of them."""
    members = CHARGES if one["class"] == CHARGE else ANY[one["class"]]
    meant = next((noun for noun in members if noun in nouns), None)
    if meant is None:
        return [one]
    return [Facet("coloured", (("noun", meant), ("colour", one["colour"])))] if one.kind == "any coloured" else []


# Things.


def _things(told: Sequence[Facet]) -> list[str]:
    """A phrase for each noun that is no ground, in the order of sentences, and for each class."""
    found: dict[tuple[str, bool], list[Facet]] = {}  # (noun, whether in the canton) -> what is said of it
    for noun in NOUNS:
        if noun not in GROUNDS or noun == "Union Jack":
            found |= _scopes(noun, [one for one in told if noun_of(one) == noun])
    canton = found.get(("canton", False), [])
    if any(inside for _, inside in found):  # which is said with what stands in it
        found.pop(("canton", False), None)
    with_others = [key for key, about in found.items() if values(about, "with", "other")]
    texts = {}
    for noun, inside in [*with_others, *found]:
        about = found.pop((noun, inside), [])
        if about:
            beside = {other: found.pop((other, inside), []) for other in values(about, "with", "other")}
            where = f" in the {_title('canton', canton, True)}" if inside else ""
            texts[noun, inside] = _thing(noun, about, beside, where)
    return [*(text for _, text in sorted(texts.items(), key=lambda one: ORDER.index(one[0][0]))), *_classes(told)]


def _scopes(noun: str, about: Sequence[Facet]) -> dict[tuple[str, bool], list[Facet]]:
    """What is said of a noun on the flag, and of it in the canton: the same one, if only the canton is said to be its
    place."""
    inner = [one for one in about if one.canton]
    outer = [one for one in about if not one.canton]
    if inner and not any(one.kind in ("place", "on") for one in outer):
        inner, outer = list(about), []
    return {(noun, inside): own for inside, own in ((False, outer), (True, inner)) if own}


def _thing(noun: str, about: Sequence[Facet], beside: dict[str, list[Facet]], canton: str) -> str:
    """The phrase of a noun. beside: the nouns that stand with it, and what is said of them; canton: the words for it,
    if it stands there."""
    if all(one.kind == "emblem colour" for one in about):
        return f"{listed(values(about, 'emblem colour', 'colour'))} in the emblem{canton}"
    heads = [_title(noun, about, bool(canton) or bool(beside))]
    colours = values(about, "coloured", "colour")
    for other, told in beside.items():
        same = [one for one in told if not (one.kind == "coloured" and one["colour"] in colours)]
        heads.append(_title(other, same, True))
    everything = [*about, *(one for told in beside.values() for one in told)]
    on = [f"on the {one}" if one in NOUNS else f"on {one}" for one in dict.fromkeys(values(everything, "on", "other"))]
    spots = [one for one in dict.fromkeys(values(everything, "place", "spot")) if one != ACROSS]
    where = f" {listed(on or spots)}".rstrip()  # a star on the triangle: where that lies is not said too
    form = "".join(f" in a {one}" for one in values(about, "form", "form"))
    way = "".join(f" from the {one}" for one in values(about, "way", "corner"))
    inside = canton.replace(" in ", " of ") if where and canton else canton
    return f"{' and '.join(heads)}{form}{way}{where}{inside}"


def _title(noun: str, about: Sequence[Facet], more: bool = False) -> str:
    """How many, how large, in what colours, the noun and its edges. more: whether something else is said of it."""
    full = more or sum(one.kind != "thing" for one in about) > 1

    def telling(kind: str, what: str) -> list[str]:
        return [one for one in values(about, kind, what) if not (full and one in USUAL)]

    several = [word for kind, word in (("many", "many"), ("several", "several")) if _has(about, kind)]
    counts = values(about, "count", "number") or several
    one = ["one"] * (_has(about, "one") and not full)
    forms = values(about, "form", "form")
    points = [f"{listed(telling('points', 'number'))}-pointed"] * bool(telling("points", "number"))
    words = [
        *(counts or one)[:1],
        listed([*telling("size", "size"), *values(about, "look", "look")]),
        listed([*shades(values(about, "coloured", "colour")), *values(about, "emblem colour", "colour")]),
        *points,
        facets.plural(noun) if counts or forms else noun,
    ]
    edges = values(about, "edged", "colour")
    return " ".join(filter(None, words)) + (f" edged {listed(edges)}" if edges else "")


def _classes(told: Sequence[Facet]) -> list[str]:
    """A phrase for each class of things of which no noun is told."""
    about = [one for one in told if one.kind in ("any", "any coloured")]
    texts = []
    for name, canton in dict.fromkeys((one["class"], one.canton) for one in about):
        colours = [one.get("colour") for one in about if (one["class"], one.canton) == (name, canton)]
        text = f"{listed(shades(filter(None, colours)))} {CLASSES.get(name, name)}".strip()
        texts.append(text + CANTON * canton)
    below = values(told, "below", "colour")
    if below:
        texts = [text for text in texts if text != CHARGE] + [f"{CHARGE} on {listed(below)}"]
    return texts


# The whole flag.


def _whole(told: Sequence[Facet]) -> list[str]:
    """Colours and what else is said of no thing, without colours that another word says."""
    named = {
        value
        for one in told
        if one.kind not in ("colour", "family", "share", "emblem colour")
        for _, value in one.values
    }
    fields = {one["colour"] for one in told if one.kind == "coloured" and one["noun"] == "field"}
    most = [one for one in values(told, "share", "colour") if one not in fields]
    named |= set(most)
    colours = [one for kind in ("colour", "family") for one in values(told, kind, "colour") if one not in named]
    edges = values(told, "edge", "colour")
    return [
        f"mostly {listed(most)}" if most else "",
        listed(list(dict.fromkeys(colours))),
        f"edged {listed(edges)}" if edges else "",
        "thin edges" if _has(told, "edges") else "",
        *(f"{number} colours" for number in values(told, "colours", "number")),
        "no charge" if _has(told, "bare") else "",
    ]


def _has(told: Iterable[Facet], kind: str) -> bool:
    return any(one.kind == kind for one in told)
