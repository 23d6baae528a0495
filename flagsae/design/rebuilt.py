"""A design from its features: what they say, drawn where and as large as flags usually have it.

What no feature says is as `layout` has it: a cut-out becomes a shield, and proportions are the usual ones. Of things of
one kind the first weighs most (`facets.REPEATED`), so that the colour and the place of the second go together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flagsae.colours import plain_word
from flagsae.design import facets, layout
from flagsae.design.design import ASPECT, Charge, Design, Layer
from flagsae.design.facets import ACROSS, GROUNDS, KINDS, MANY, NUMBERS, REPEATED, SCATTERED, SIZES, STRIPES, Facet
from flagsae.design.phrases import CORNERS, ORDINALS, THICK, TIMES, Phrase
from flagsae.design.shades import TINTS, entry_of
from flagsae.design.vocabulary import PLACES, TURNS

RADII = dict(zip(SIZES, (0.035, 0.08, 0.16, 0.3), strict=True))  # of the flag's height: of charges of a size
HEIGHTS = dict(zip(SIZES, (0.25, 0.38, 0.5, 0.62), strict=True))  # of cantons
WIDE = 0.84  # times its height, as shares of both sides, that a canton is wide; a Union Jack as much as it is high
FAINT = 0.45  # of the strongest feature of a thing: a weaker one is not meant: about four of a kind are told apart
MOST, EDGES = 12, 2  # things on a flag, and edges of one, at most
PLAIN = "white"  # of what no colour is said

_NOUNS = {STRIPES[0]: "horizontal stripe", STRIPES[1]: "vertical stripe", "diagonal halves": "diagonally halved"}
_PLACES = {words: place for place, words in PLACES.items()} | {ACROSS: "", SCATTERED: ""}
_THICK = {words: size for size, words in THICK.items()}
_CORNERS = {words.removeprefix("in the "): place for place, words in CORNERS.items()}


def design_of(features: Mapping[str, float]) -> Design:
    """The design that features say: name -> how much of it there is. Names of no feature are passed over."""
    told = [(facet, value) for feature, value in features.items() if value > 0 and (facet := facets.facet(feature))]
    told.sort(key=lambda one: (-one[1], str(one[0])))
    inner = _Scope([one for one in told if one[0].canton])
    outer = _Scope([one for one in told if not one[0].canton], inner)
    design = outer.design(ASPECT)
    if outer.value("thing", "canton"):
        design = replace(design, layers=(*design.layers, inner.layer(outer, design.layers[0])))
    return replace(design, tints=tuple((name, TINTS[name][1]) for name in design.colours() if name in TINTS))


@dataclass(frozen=True)
class _Said:
    """A feature of a thing."""

    facet: Facet
    which: int
    """Which of the things of its kind has it, from 0."""


class _Scope:
    """What is told of a flag, or of its canton. told: the strongest first; canton: the same of the flag's canton."""

    def __init__(self, told: Sequence[tuple[Facet, float]], canton: _Scope | None = None) -> None:
        self.told, self.inner = told, canton
        self.kinds: dict[str, list[tuple[Facet, float]]] = defaultdict(list)
        for facet, value in told:
            self.kinds[facet.kind].append((facet, value))

    def value(self, kind: str, noun: str) -> float:
        return next((value for facet, value in self.kinds[kind] if facet["noun"] == noun), 0.0)

    def design(self, aspect: float) -> Design:
        """All but a canton. aspect: of what it fills."""
        things = self.things()
        drawn = layout.flag([self.ground(), *(phrase for phrase, _ in things)], aspect=aspect)
        radii = [radius for phrase, radius in things if not layout.is_figure(phrase)]
        charges = tuple(map(_resized, drawn.charges, radii))
        return replace(drawn, charges=charges)

    def layer(self, outer: _Scope, ground: Layer) -> Layer:
        """The flag's canton."""
        size = next((facet["size"] for facet, _ in outer.kinds["size"] if facet["noun"] == "canton"), SIZES[2])
        height = HEIGHTS.get(size, HEIGHTS[SIZES[2]])
        if ground.figure == "stripes" and len(ground.colours) >= layout.CANTON_STRIPES:
            height = min(ground.numbers, key=lambda cut: abs(cut - height))
        jack = self.value("thing", "Union Jack") > 0
        width = height if jack else WIDE * height
        colours = [] if any(self.value("thing", noun) for noun in GROUNDS) else outer.colours("canton")
        inside = _Canton(self.told, colours).design(ASPECT * width / height)
        return Layer("canton", (), (width, height), replace(inside, aspect=ASPECT))

    # The ground.

    def ground(self) -> Phrase:
        noun = max(GROUNDS, key=lambda one: self.value("thing", one))
        if not self.value("thing", noun):
            return Phrase("field", tuple((self.usual() or [PLAIN])[:1]))
        if noun == "field":
            return Phrase("field", tuple((self.colours("field") or self.usual() or [PLAIN])[:1]))
        if noun in STRIPES:
            return self.stripes(noun)
        if noun == "Union Jack":
            return Phrase(noun)
        count = 4 if noun == "quarters" else 2
        way = (
            "top-left" if any(_is(facet, noun) and "upper" in facet["corner"] for facet, _ in self.kinds["way"]) else ""
        )
        return Phrase(_NOUNS.get(noun, noun), self.slots(noun, noun, count), way=way if count == 2 else "")

    def stripes(self, noun: str) -> Phrase:
        counts = [facet["number"] for facet, _ in self.kinds["striped"] if facet["stripes"] == noun]
        count = NUMBERS.index(counts[0]) if counts else 3
        slots = f"{NUMBERS[count] if count <= MANY else 'many'} {noun}"
        wider = [facet for facet, _ in self.kinds["wider"] if facet["slots"] == slots]
        other = (ORDINALS.index(wider[0]["ordinal"]), TIMES[wider[0]["extent"]]) if wider else None
        edges = tuple(facet["colour"] for facet, _ in self.kinds["edged"] if _is(facet, noun))
        return Phrase(_NOUNS[noun], self.slots(noun, slots, count), edges, count, other=other)

    def slots(self, noun: str, slots: str, count: int) -> tuple[str, ...]:
        """The colours of a ground's parts, in order."""
        shade = {_plain(colour): colour for colour in self.colours(noun)}
        said = [
            _best([(facet["colour"], value) for facet, value in self.kinds["slot"] if _at(facet, slots, ordinal)])
            for ordinal in ORDINALS[:count]
        ]
        if count > TURNS and all(said[:2]) and not any(said[2:]):  # in turn
            return tuple(shade.get(said[place % 2], said[place % 2]) for place in range(count))
        said += [""] * (count - len(said))
        if noun in STRIPES:
            ends = ("on top", "at the bottom") if noun == STRIPES[0] else ("at the hoist", "at the fly")
            for rim, place in ((ends[0], 0), (ends[1], count - 1), ("in the middle", count // 2)):
                known = [(facet["colour"], value) for facet, value in self.kinds["rim"] if facet["rim"] == rim]
                said[place] = said[place] or _best(known)
        others = [*self.colours(noun), *self.usual(), PLAIN]
        for place in range(count):
            beside = (said[place - 1] if place else "", said[place + 1] if place + 1 < count else "")
            said[place] = said[place] or next((one for one in others if one not in beside), PLAIN)
        return tuple(shade.get(colour, colour) for colour in said)

    def usual(self) -> list[str]:
        """The colours that the flag has, whatever has them."""
        return [facet["colour"] for facet, _ in self.kinds["colour"] if _plain(facet["colour"]) == facet["colour"]]

    def colours(self, noun: str) -> list[str]:
        """The colours of a noun, the strongest first; shades in the place of the plain word for them."""
        known = [(facet["colour"], value) for facet, value in self.kinds["coloured"] if _is(facet, noun)]
        plain = dict.fromkeys(_plain(colour) for colour, _ in known)
        return [_best([one for one in known if _plain(one[0]) == word]) for word in plain]

    # Things.

    def things(self) -> list[tuple[Phrase, float]]:
        """What stands on the ground, what holds others first; each with its radius, 0 where none is said."""
        nouns = dict.fromkeys(facet["noun"] for facet, _ in self.kinds["place"])
        found = [one for noun in nouns for one in self.of_noun(noun)]
        placed: list[tuple[Phrase, float]] = []
        while found and len(placed) < MOST:
            there = {"", *(phrase.noun for phrase, _ in placed)}
            phrase, size = next((one for one in found if one[0].on in there), found[0])
            found.remove((phrase, size))
            placed.append((phrase if phrase.on in there else replace(phrase, on=""), size))
        return placed

    def of_noun(self, noun: str) -> Iterable[tuple[Phrase, float]]:
        """Each thing that a noun names."""
        said = self.said(noun)
        placing = [one.which for one in said if one.facet.kind in ("place", "count", "one", "size")]
        for which in range(max(placing, default=-1) + 1):
            yield self.thing(noun, said, which)

    def said(self, noun: str) -> list[_Said]:
        """What is told of a noun, and of which of several."""
        about = [(facet, value / _usual(facet)) for facet, value in self.told if _is(facet, noun)]
        most = max((value for _, value in about), default=0.0)
        known = [(facet, value / most) for facet, value in about if value >= FAINT * most]
        inner = {facet["colour"] for facet, _ in self.inner.kinds["coloured"] if _is(facet, noun)} if self.inner else ()
        own = [one for one in known if one[0].kind != "coloured" or one[0]["colour"] not in inner]
        if any(facet.kind == "coloured" for facet, _ in own):
            known = own
        return [_Said(facet, max(0, round(math.log(value) / math.log(REPEATED)))) for facet, value in known]

    def thing(self, noun: str, said: Sequence[_Said], which: int) -> tuple[Phrase, float]:
        def pick(what: str, *kinds: str, usual: bool = True) -> str:
            """What is said of this one; or else of one before it, of which it had been said already."""
            some = [one for one in said if one.facet.kind in kinds and one.which <= which]
            exact = [one for one in some if one.which == which]
            nearest = exact or (sorted(some, key=lambda one: -one.which) if usual else [])
            return nearest[0].facet.get(what) if nearest else ""

        at = max((one.which for one in said if one.facet.kind == "coloured" and one.which <= which), default=0)
        colour = _best([(one.facet["colour"], 1.0) for one in said if one.facet.kind == "coloured" and one.which == at])
        if noun == "emblem":
            colour = next((facet["colour"] for facet, _ in self.kinds["emblem colour"]), "")
        number = pick("number", "count", "one")
        size = pick("size", "size")
        charge = size in SIZES
        points = pick("number", "points")
        corner = pick("corner", "way")
        phrase = Phrase(
            noun,
            (colour or PLAIN,),
            tuple(one.facet["colour"] for one in said if one.facet.kind == "edged" and one.which == which)[:EDGES],
            NUMBERS.index(number) if number else 1,
            0 if points in ("", "five") else NUMBERS.index(points),
            size=_THICK.get(size, "small" if charge and noun == "triangle" else ""),
            form=pick("form", "form", usual=False),
            place=_PLACES[pick("spot", "place")],
            on=pick("other", "on", usual=False),
            way=_CORNERS[corner] if corner == "upper hoist" else "",
        )
        return phrase, RADII.get(size, 0.0)


class _Canton(_Scope):
    """What is told of a canton. field: its colours, where it is a field."""

    def __init__(self, told: Sequence[tuple[Facet, float]], field: Sequence[str]) -> None:
        super().__init__(told)
        self.field = field

    def usual(self) -> list[str]:
        return list(self.field)


def _is(facet: Facet, noun: str) -> bool:
    """Whether a facet is told of a noun."""
    nouns = facet.get("nouns")
    return (facets.singular(nouns) if nouns else facet.get("noun")) == noun


def _at(facet: Facet, slots: str, ordinal: str) -> bool:
    return facet["slots"] == slots and facet["ordinal"] == ordinal


def _plain(colour: str) -> str:
    return plain_word(entry_of(colour))


def _usual(facet: Facet) -> float:
    """What a feature weighs, of the first thing of its kind."""
    colour = facet.get("colour")
    shade = colour and facet.kind == "coloured" and _plain(colour) != colour
    return KINDS[facet.kind].weight * (facets.SHADE if shade else 1.0)


def _best(colours: Sequence[tuple[str, float]]) -> str:
    """The strongest of some colours; its shade where one is said too. "" where there is none."""
    if not colours:
        return ""
    plain = _plain(max(colours, key=lambda one: one[1])[0])
    return next((colour for colour, _ in colours if _plain(colour) == plain != colour), plain)


def _resized(charge: Charge, radius: float) -> Charge:
    if not radius:
        return charge
    times = radius / max(place.radius for place in charge.places)
    return replace(charge, places=tuple(replace(place, radius=place.radius * times) for place in charge.places))
