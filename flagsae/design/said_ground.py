"""What several facets say of a flag's ground, in words: "white, blue and red stripes", "yellow on top, twice as high".

The number of a tricolour's stripes is not said where one of them is: "white on top".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flagsae.colours import plain_word
from flagsae.design import facets
from flagsae.design.facets import CANTON, NUMBERS, STRIPES, Facet
from flagsae.design.phrases import ORDINALS
from flagsae.design.shades import entry_of
from flagsae.design.vocabulary import listed

USUAL = "three"  # stripes
MIDDLE = "in the middle"
PLAIN = "field of one colour"  # whichever
ENDS = {STRIPES[0]: ("on top", "at the bottom"), STRIPES[1]: ("at the hoist", "at the fly")}
HOW = {STRIPES[0]: "over", STRIPES[1]: "beside"}
# Grounds without stripes: where their parts lie, in order.
PARTS = {
    "quarters": ("at the upper hoist", "at the upper fly", "at the lower hoist", "at the lower fly"),
    "diagonal halves": ("at the hoist", "at the fly"),
    "wedges": ("on top and at the bottom", "at the hoist and at the fly"),
}
TITLES = {"diagonal halves": "diagonally halved"}
ONE = {"quarters": "quarter", "diagonal halves": "diagonal half"}  # of their parts


def values(told: Iterable[Facet], kind: str, what: str) -> list[str]:
    """The values that the facets of a kind have."""
    return [one[what] for one in told if one.kind == kind]


def shades(colours: Iterable[str]) -> list[str]:
    """Colours without plain ones of which a shade is named: dark blue, not blue and dark blue."""
    own = list(dict.fromkeys(colours))
    return [one for one in own if one not in {_plain(other) for other in own if other != one}]


def _plain(colour: str) -> str:
    return plain_word(entry_of(colour))


def noun_of(facet: Facet) -> str:
    """The noun that a facet is about; "" where it is about none."""
    if facet.kind in ("look", "emblem colour"):
        return "emblem"
    if facet.get("nouns"):
        return facets.singular(facet["nouns"])
    if facet.get("slots"):
        return next((noun for noun in STRIPES if facet["slots"].endswith(noun)), facet["slots"])
    return facet.get("stripes") or facet.get("noun")


def ground(told: Sequence[Facet]) -> list[str]:
    """Phrases for the ground of the flag, and for that of its canton."""
    texts = []
    for canton in (False, True):
        own = [one for one in told if one.canton == canton]
        where = CANTON * canton
        texts += [_stripes(own, noun, where) for noun in STRIPES]
        texts.append(_field([one for one in own if noun_of(one) == "field"], where))
        texts += [_parted([one for one in own if noun_of(one) == noun], noun, where) for noun in PARTS]
    return texts


def _field(about: Sequence[Facet], where: str) -> str:
    """A field, where something is said of it. where: " in the canton", or nothing."""
    if not about:
        return ""
    colours = listed(shades(values(about, "coloured", "colour")))
    return (f"{colours} field" if colours else PLAIN) + where


# Stripes.


def _stripes(told: Sequence[Facet], noun: str, where: str) -> str:
    """All that is said of the stripes in one direction. where: " in the canton", or nothing."""
    about = [one for one in told if noun_of(one) == noun]
    chains = _chains(
        [(one["colour"], one["colour2"]) for one in told if one.kind == "next" and one["how"] == HOW[noun]]
    )
    rims = ENDS[noun] if _upright(told) == (noun == STRIPES[0]) else (*ENDS[noun], MIDDLE)
    at = {one["rim"]: one["colour"] for one in told if one.kind == "rim" and one["rim"] in rims}  # place -> colour
    if not (about or chains or at):
        return ""
    number = _number(about)
    places = _places(number, ENDS[noun])  # from the first on
    at |= {_place(one["ordinal"], places): one["colour"] for one in about if one.kind == "slot"}
    if [len(chain) for chain in chains] == [len(places)]:
        at, chains = dict(zip(places, chains[0], strict=True)), []
    text = _coloured(noun, number, places, at, chains, values(about, "coloured", "colour"), where)
    edges = values(about, "edged", "colour")
    if edges:
        text += f" edged {listed(edges)}"
    for one in about:
        if one.kind == "wider":
            extent = f"{one['extent']} as {'high' if noun == STRIPES[0] else 'wide'}"
            alone = list(at) == [_place(one["ordinal"], places)] and not (chains or edges)
            text += f", {extent}" if alone else f", the {one['ordinal']} {extent}"
    return text


def _upright(told: Iterable[Facet]) -> bool:
    """Whether a stripe in the middle is one of vertical stripes."""
    nouns = {noun_of(one) for one in told}
    beside = any(one.kind == "next" and one["how"] == HOW[STRIPES[1]] for one in told)
    ends = any(one.kind == "rim" and one["rim"] in ENDS[STRIPES[1]] for one in told)
    return STRIPES[0] not in nouns and (STRIPES[1] in nouns or beside or ends)


def _coloured(
    noun: str,
    number: str,
    places: Sequence[str],
    at: Mapping[str, str],
    chains: Sequence[Sequence[str]],
    colours: Sequence[str],
    where: str,
) -> str:
    """Stripes and their colours. at: place -> colour; chains: neighbours in order; colours: of any of them."""
    level = noun == STRIPES[0]
    if len(places) > 1 and set(places) <= set(at):
        return f"{listed([at[place] for place in places])} {'stripes' if level else noun}{where}"
    known = {*at.values(), *(colour for chain in chains for colour in chain)}
    others = [colour for colour in shades(colours) if not {colour, _plain(colour)} & known]
    laid = _laid(at, chains, noun)
    if laid:
        counted = number not in ("", USUAL) or (not level and MIDDLE in at)
        first = f"{number} {'stripes' if level else noun}".strip() if counted else noun if where else ""
        return ", ".join([first + where] * bool(first) + laid + [f"{colour} {noun[:-1]}" for colour in others])
    if number:
        return f"{number} {noun}{where}" + f", {listed(others)} among them" * bool(others)
    one = noun[:-1] if len(others) == 1 else noun
    return f"{listed(others)} {one}{where}".strip()


def _laid(at: Mapping[str, str], chains: Sequence[Sequence[str]], noun: str) -> list[str]:
    """Where stripes lie: "green on top and at the bottom", "white over red at the bottom"."""
    rest = dict(at)
    joined = []
    for chain in chains:
        text = f" {HOW[noun]} ".join(chain)
        end = next((end for end, one in zip(ENDS[noun], (0, -1), strict=True) if rest.get(end) == chain[one]), None)
        if end:
            del rest[end]
        joined.append(f"{text} {end or ''}".strip())
    found = []
    for colour in dict.fromkeys(rest.values()):
        own = [place for place, one in rest.items() if one == colour]
        spots, which = [one for one in own if one not in ORDINALS], [one for one in own if one in ORDINALS]
        found += [f"{colour} {listed(spots)}"] * bool(spots) + [f"the {listed(which)} {colour}"] * bool(which)
    return [*found, *joined]


def _number(about: Sequence[Facet]) -> str:
    """How many stripes there are, in words; "" where nothing says it."""
    many = ["many"] * any(one.kind == "many stripes" for one in about)
    slots = [one["slots"].split()[0] for one in about if one.get("slots")]
    return next(iter([*values(about, "striped", "number"), *slots, *many]), "")


def _places(number: str, ends: tuple[str, str]) -> tuple[str, ...]:
    """Where each of so many stripes lies; only of the first where it is not known how many there are."""
    count = NUMBERS.index(number) if number in NUMBERS else 0
    if not 1 < count <= len(ORDINALS):
        return ends[:1]
    between = [MIDDLE if 2 * place + 1 == count else ORDINALS[place] for place in range(1, count - 1)]
    return (ends[0], *between, ends[1])


def _place(ordinal: str, places: Sequence[str]) -> str:
    which = ORDINALS.index(ordinal)
    return places[which] if which < len(places) else ordinal


def _chains(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Pairs of neighbours joined where one ends as the next begins: white over blue over red."""
    chains: list[list[str]] = []
    left = list(pairs)
    while left:
        chain = list(left.pop(0))
        while more := next((pair for pair in left if pair[0] == chain[-1] or pair[1] == chain[0]), None):
            left.remove(more)
            chain = [*chain, more[1]] if more[0] == chain[-1] else [more[0], *chain]
        chains.append(chain)
    return chains


# Grounds without stripes.


def _parted(about: Sequence[Facet], noun: str, where: str) -> str:
    """Quarters, diagonal halves or wedges. where: " in the canton", or nothing."""
    if not about:
        return ""
    at = {one["ordinal"]: one["colour"] for one in about if one.kind == "slot"}
    way = "".join(f" from the {one}" for one in values(about, "way", "corner")) + where
    colours = [at.get(ordinal, "") for ordinal in ORDINALS[: len(PARTS[noun])]]
    others = [one for one in values(about, "coloured", "colour") if one not in colours]
    if not all(colours):
        places = dict(zip(ORDINALS, PARTS[noun], strict=False))
        laid = [f"{colour} {places[ordinal]}" for ordinal, colour in at.items() if ordinal in places]
        return ", ".join([_named(noun, others) + way, *laid])
    return _named(noun, colours) + way


def _named(noun: str, colours: Sequence[str]) -> str:
    if noun == "quarters" and colours:
        return f"quarters of {', '.join(colours)}"
    if len(colours) == 1 and noun in ONE:
        return f"{colours[0]} {ONE[noun]}"
    if noun in TITLES:
        return f"{TITLES[noun]} {listed(colours)}".strip()
    return f"{listed(colours)} {noun}".strip()
