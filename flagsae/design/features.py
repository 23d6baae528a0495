"""The features of a design: a sparse vector whose numbers have names that a person reads.

    >>> from flagsae.design.words import read
    >>> features = features_of(read("red field; green star in the centre"))
    >>> [name for name in features if "star" in name]
    ['star', 'any star or sun', 'green star', 'five-pointed star', 'one star', 'star in the centre', 'big star']

`facets` has the kinds of features and their weights. `design_of` makes a design from features again, as far as they
say. A `Table` makes a matrix of the vectors of many designs, in which what few flags have may count for more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import plain_word
from flagsae.design import facets, layout, looks, quick, words
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.elements import told
from flagsae.design.facets import (
    ACROSS,
    ANY,
    CROWD,
    GROUNDS,
    KINDS,
    MANY,
    NUMBERS,
    REPEATED,
    SCATTERED,
    SHADE,
    SIZES,
)
from flagsae.design.feature_table import Table
from flagsae.design.phrases import CORNERS, LINES, ORDINALS, THICK, TIMES, Phrase
from flagsae.design.rebuilt import design_of
from flagsae.design.shades import WORDS, entry_of, family
from flagsae.design.vocabulary import PLACES, TURNS
from flagsae.flags.regions import LabelMap

__all__ = ["Features", "Table", "design_of", "features_of"]

Features = dict[str, float]  # name -> how much of it there is, in (0, 1]

# Of the map on which colours are counted, and on which it is seen what lies under a charge: two, three or four stripes
# have equally many.
ROWS, COLUMNS = 36, 54
NAMED = 0.006  # of the flag: a colour of arms with less is not named; as in data/ATTRIBUTES.md
EQUAL = 0.92  # of the largest colour: another that has so much is a main colour too; as there
DIGITS = 4  # of a weight, after the point, so that it is the same after it was written and read
RADII = (0.05, 0.11, 0.22)  # of the flag's height: between tiny, small, middling and big charges
HEIGHTS = (0.3, 0.45, 0.55)  # of cantons, likewise
NEAR = 1.1  # sums of radii: charges that are nearer belong together
WITHIN = 0.5  # of its radius, that a charge must lie within another's circle to stand on it
# Of cut-outs; the numbers are by eye.
DETAILED = 1000  # curves and lines, of one that is wholly so; with fewer it is in part
COLOURFUL = 5  # more colours than one, likewise
SLIM = 0.6  # its shorter side over its longer one
MAIN_COLOURS = 4  # that are named of it at most

TITLES = {"horizontal stripe": facets.STRIPES[0], "vertical stripe": facets.STRIPES[1]}
TITLES |= {"diagonally halved": "diagonal halves"}
_CLASSES = {noun: [name for name, nouns in ANY.items() if noun in nouns] for nouns in ANY.values() for noun in nouns}
_WIDE = {family(word) for word in WORDS if plain_word(entry_of(word)) != family(word)}  # families of several words


def features_of(design: Design) -> Features:
    """The features that a design has, by their names."""
    teller = _Teller(design)
    teller.tell_all(design)
    return teller.found


def facets_of(design: Design) -> dict[str, tuple[float, facets.Facet]]:
    """The same, with what each says."""
    teller = _Teller(design)
    teller.tell_all(design)
    return {name: (weight, teller.facets[name]) for name, weight in teller.found.items()}


def shades(colour: str) -> list[tuple[str, float]]:
    """The words for a design's colour, the plain one first, with what each weighs."""
    plain = plain_word(entry_of(colour))
    own = colour != plain and colour in facets.COLOUR_NAMES
    return [(plain, 1.0), (colour, SHADE)] if own else [(plain, 1.0)]


@dataclass(frozen=True)
class _Stands:
    """A charge that has been told."""

    noun: str
    x: float
    """In heights of the flag, as y and the radius."""
    y: float
    radius: float


class _Teller:
    """Tells the features of a design while it is painted, so that it is known what lies under what."""

    def __init__(self, design: Design) -> None:
        self.found: Features = {}
        self.facets: dict[str, facets.Facet] = {}
        self.names = list(design.colours())
        self.numbers = {name: min(number, 255) for number, name in enumerate(self.names)}
        self.colours = np.zeros((ROWS, COLUMNS), np.uint8)  # the number of each pixel's colour
        self.things = np.zeros((ROWS, COLUMNS), np.uint16)  # the number of the figure that it belongs to; 0: the ground
        self.figures = [""]
        self.seen: Counter[tuple[bool, str]] = Counter()  # how many of a noun have been told
        parts, self.others = told(design)
        self.parts = iter(parts)

    def add(self, kind: str, canton: bool = False, times: float = 1.0, **values: str) -> None:
        name = facets.name(kind, canton, **values)
        self.facets[name] = facets.Facet(kind, tuple(values.items()), canton)
        self.found[name] = max(self.found.get(name, 0.0), round(KINDS[kind].weight * times, DIGITS))

    def add_coloured(self, noun: str, colour: str, canton: bool, times: float = 1.0) -> None:
        """That there is a thing in a colour."""
        self.add_colour("coloured", colour, canton, times, noun=noun)
        if not canton:
            for one in _CLASSES.get(noun, ()):
                self.add("any coloured", False, times, **{"class": one, "colour": _plain(colour)})

    def tell_all(self, design: Design) -> None:
        self.tell(design, self.colours, self.things)
        for part in self.others:
            self.part(replace(part.phrase, place="" if part.canton else part.phrase.place), part.radius, part.canton)
        self.tell_colours(design)

    def add_colour(self, kind: str, colour: str, canton: bool = False, times: float = 1.0, **values: str) -> None:
        for word, weight in shades(colour):
            self.add(kind, canton, times * weight, colour=word, **values)

    def tell(
        self,
        design: Design,
        colours: LabelMap,
        things: NDArray[np.uint16],
        canton: bool = False,
        aspect: float = 0.0,
    ) -> None:
        """Tells all of a flag, or of a canton, but how much of it each colour has.

        colours, things: the part of the maps that it fills; aspect: of a canton, its width over its height.
        """
        aspect = aspect or design.aspect
        ground, rest = words.ground_of(design.layers)
        self.ground(ground, canton)
        for layer in design.layers[: len(design.layers) - len(rest)]:
            quick.paint_layer(layer, self.numbers, colours)
        for group in words.with_edges(rest):
            inside = group[-1].inside
            if inside is not None:
                self.canton(group[-1], inside, colours, things, aspect)
                continue
            phrase = words.figure_phrase(group)
            self.figure(phrase, canton)
            self.figures.append(phrase.noun)
            for layer in group:
                mask = quick.layer_mask(layer, *colours.shape)
                colours[mask] = self.numbers[layer.colours[0]]
                things[mask] = len(self.figures) - 1
        stands: list[_Stands] = []
        for charge in design.charges:
            self.charge(charge, stands, colours, things, canton, aspect)
            if charge.shape == CUT_OUT:
                looks.paste(charge, self.numbers, colours, aspect)
            else:
                quick.paint_charge(charge, self.numbers, colours, colours.shape[1] / colours.shape[0] / aspect)
        if not design.charges and not canton and all(layer.inside is None for layer in design.layers):
            self.add("bare")

    # The ground.

    def ground(self, phrase: Phrase, canton: bool) -> None:
        noun = TITLES.get(phrase.noun, phrase.noun)
        if canton and noun == "field":  # the canton's colour
            return
        self.thing(noun, canton, 1.0)
        colours = phrase.colours
        for colour in dict.fromkeys(colours):
            self.add_coloured(noun, colour, canton)
        if noun == "Union Jack" and not canton:  # which is made of them
            self.thing("cross", canton, 1.0)
            self.thing("saltire", canton, 1.0)
        if noun == "diagonal halves":
            corner = CORNERS[phrase.way or "bottom-left"].removeprefix("in the ")
            self.add("way", canton, noun=noun, corner=corner)
        if noun in facets.STRIPES:
            self.stripes(phrase, noun, canton)
        elif len(colours) > 1:
            self.slots(noun, colours, canton)
        self.edges(noun, phrase.edges, canton)

    def slots(self, slots: str, colours: Sequence[str], canton: bool) -> None:
        for ordinal, colour in zip(ORDINALS, colours, strict=False):
            self.add("slot", canton, slots=slots, ordinal=ordinal, colour=_plain(colour))

    def stripes(self, phrase: Phrase, noun: str, canton: bool) -> None:
        colours, count = phrase.colours, len(phrase.colours)
        slots = f"{NUMBERS[count] if count <= MANY else 'many'} {noun}"
        if count < len(NUMBERS):
            self.add("striped", canton, number=NUMBERS[count], stripes=noun)
        if count > MANY:
            self.add("many stripes", canton, stripes=noun)
        in_turn = count > TURNS and colours == tuple(colours[place % 2] for place in range(count))
        self.slots(slots, colours[:2] if in_turn else colours, canton)
        if phrase.other is not None:
            which, times = phrase.other
            word = next(word for word, value in TIMES.items() if value == times)
            self.add("wider", canton, ordinal=ORDINALS[which], slots=slots, extent=word)
        if canton:
            return
        level = noun == facets.STRIPES[0]
        ends = ("on top", "at the bottom") if level else ("at the hoist", "at the fly")
        rims = [(ends[0], colours[0]), (ends[1], colours[-1])]
        if count % 2:
            rims.append(("in the middle", colours[count // 2]))
        for rim, colour in rims:
            self.add("rim", colour=_plain(colour), rim=rim)
        for one, other in pairwise(colours):
            if _plain(one) != _plain(other):
                self.add("next", colour=_plain(one), how="over" if level else "beside", colour2=_plain(other))

    # Things.

    def thing(self, noun: str, canton: bool, times: float, charge: bool = False) -> None:
        """That there is one. Charges are told wherever they stand; of a figure in the canton only its class is."""
        everywhere = not canton or charge or noun == "Union Jack"
        for place in dict.fromkeys((not everywhere, canton)):
            self.add("thing", place, times, noun=noun)
        if everywhere or noun not in GROUNDS:
            for one in (*_CLASSES.get(noun, ()), *(["charge"] if charge else [])):
                self.add("any", times=times, **{"class": one})

    def edges(self, noun: str, edges: Sequence[str], canton: bool, times: float = 1.0) -> None:
        if edges:
            self.add("edges", times=times)
        for colour in dict.fromkeys(map(_plain, edges)):
            self.add("edged", canton, times, noun=noun, colour=colour)
            self.add("edge", times=times, colour=colour)

    def instance(self, noun: str, canton: bool) -> float:
        """What the next thing of a kind weighs: the second less, so that it can be told from the first."""
        self.seen[canton, noun] += 1
        return REPEATED ** (self.seen[canton, noun] - 1)

    def figure(self, phrase: Phrase, canton: bool) -> None:
        noun = phrase.noun
        times = self.instance(noun, canton)
        self.thing(noun, canton, times)
        for colour in phrase.colours:
            self.add_coloured(noun, colour, canton, times)
        self.edges(noun, phrase.edges, canton, times)
        across = noun in LINES and not phrase.place
        spot = ACROSS if across else PLACES[phrase.place or "all"] or SCATTERED
        self.add("place", canton, times, noun=noun, spot=spot)
        if phrase.size:
            self.add("size", canton, times, size=THICK[phrase.size], noun=noun)
        if noun == "diagonal band":
            corner = CORNERS[phrase.way or "bottom-left"].removeprefix("in the ")
            self.add("way", canton, times, noun=noun, corner=corner)

    def canton(
        self,
        layer: Layer,
        inside: Design,
        colours: LabelMap,
        things: NDArray[np.uint16],
        aspect: float,
    ) -> None:
        width, height = layer.numbers
        rows, columns = max(1, round(height * colours.shape[0])), max(1, round(width * colours.shape[1]))
        self.add("thing", noun="canton")
        base = inside.layers[0]
        if len(base.colours) == 1 and base.figure != "jack":  # those of stripes are told of the stripes
            self.add_colour("coloured", base.colours[0], noun="canton")
        self.add("size", size=SIZES[int(np.digitize(height, HEIGHTS))], noun="canton")
        self.figures.append("canton")
        things[:rows, :columns] = len(self.figures) - 1
        part = np.zeros((rows, columns), np.uint16)
        self.tell(inside, colours[:rows, :columns], part, True, aspect * width / height)

    def charge(
        self,
        charge: Charge,
        stands: list[_Stands],
        colours: LabelMap,
        things: NDArray[np.uint16],
        canton: bool,
        aspect: float,
    ) -> None:
        part = next(self.parts)
        if part is None:  # of another thing
            return
        own = words.charge_phrase(charge, aspect).place if canton else part.phrase.place
        times = self.part(replace(part.phrase, place=own), part.radius, canton)
        noun = part.noun
        if noun == "emblem":
            self.emblem(charge, canton, times)
        form = words.form_name(charge.places, aspect)
        if form:
            self.add("form", canton, times, nouns=facets.plural(noun), form=form)
        self.under(noun, charge, stands, colours, things, canton, times, aspect)

    def part(self, phrase: Phrase, radius: float, canton: bool) -> float:
        """What a phrase says of a charge. Returns what it weighs."""
        noun, count = phrase.noun, phrase.count
        times = self.instance(noun, canton)
        self.thing(noun, canton, times, charge=True)
        for place in dict.fromkeys((False, canton)):
            for colour in () if noun == "emblem" else phrase.colours:
                self.add_coloured(noun, colour, place, times)
        self.edges(noun, phrase.edges, canton, times)
        if noun == "star":
            self.add("points", canton, times, number=NUMBERS[phrase.points or 5], noun=noun)
        if count == 1:
            self.add("one", canton, times, noun=noun)
        else:
            self.add("several", canton, times, nouns=facets.plural(noun))
            if count < len(NUMBERS):
                self.add("count", canton, times, number=NUMBERS[count], nouns=facets.plural(noun))
            if count > CROWD:
                self.add("many", canton, times, nouns=facets.plural(noun))
        self.add("place", canton, times, noun=noun, spot=PLACES[phrase.place or "all"] or SCATTERED)
        if not canton:
            self.add("size", times=times, size=SIZES[int(np.digitize(radius, RADII))], noun=noun)
        return times

    def under(
        self,
        noun: str,
        charge: Charge,
        stands: list[_Stands],
        colours: LabelMap,
        things: NDArray[np.uint16],
        canton: bool,
        times: float,
        aspect: float,
    ) -> None:
        """What a charge stands on, and beside. It is not yet painted."""
        place = charge.places[0]
        rows, columns = colours.shape
        row = min(rows - 1, max(0, int(place.y * rows)))
        column = min(columns - 1, max(0, int(place.x * columns)))
        below = _plain(self.names[colours[row, column]])
        if not canton:
            self.add("below", times=times, colour=below)
        here = _Stands(noun, place.x * aspect, place.y, place.radius)
        holder = self.figures[things[row, column]]
        for other in stands:
            away = math.hypot(here.x - other.x, here.y - other.y)
            if other.noun in layout.HOLDERS and away + WITHIN * here.radius < other.radius:
                holder = other.noun
            elif other.noun != noun and away < NEAR * (here.radius + other.radius):
                one, two = sorted((noun, other.noun))
                self.add("with", canton, times, noun=one, other=two)
        if holder:
            self.add("on", canton, times, noun=noun, other=holder)
        stands.append(here)

    # Cut-outs.

    def emblem(self, charge: Charge, canton: bool, times: float) -> None:
        if charge.shape != CUT_OUT:
            self.add("emblem colour", canton, times, colour=_plain(charge.colours[0]))
            return
        counts = np.bincount(looks.slots(charge.art).ravel(), minlength=len(charge.colours) + 1)[1:]
        shares: Counter[str] = Counter()
        for colour, count in zip(charge.colours, counts.tolist(), strict=False):
            shares[_plain(colour)] += count
        for colour, count in shares.most_common(MAIN_COLOURS):
            if count:
                self.add("emblem colour", canton, times, colour=colour)
        curves, slim = looks.drawing(charge.art)
        seen = {
            "plain": float(len(shares) == 1),
            "colourful": min(1.0, (len(shares) - 1) / COLOURFUL),
            "detailed": min(1.0, math.sqrt(curves / DETAILED)),
            "wide": float(slim > 1 / SLIM),
            "tall": float(slim < SLIM),
        }
        for look, much in seen.items():
            if much:
                self.add("look", canton, times * much, look=look)

    # Colours.

    def tell_colours(self, design: Design) -> None:
        shares: Counter[str] = Counter()
        plain: Counter[str] = Counter()
        counts = np.bincount(self.colours.ravel(), minlength=len(self.names)) / self.colours.size
        simple = set(_simple(design))
        for colour, share in zip(self.names, counts.tolist(), strict=True):
            if share >= NAMED or colour in simple:
                shares[colour] += share
                plain[_plain(colour)] += share
        for word, share in plain.items():
            self.add("colour", times=_strength(share), colour=word)
            if family(word) in _WIDE:
                self.add("family", times=_strength(share), colour=family(word))
            if share >= EQUAL * max(plain.values()):
                self.add("share", colour=word)
        for colour, share in shares.items():
            if colour not in plain and colour in facets.COLOUR_NAMES:
                self.add("colour", times=SHADE * _strength(share), colour=colour)
        if 1 < len(plain) < len(NUMBERS):
            self.add("colours", number=NUMBERS[len(plain)])


def _strength(share: float) -> float:
    return 0.5 + 0.5 * math.sqrt(share)


def _plain(colour: str) -> str:
    return plain_word(entry_of(colour))


def _simple(design: Design) -> Iterable[str]:
    """The colours of a design without those of its cut-outs."""
    for layer in design.layers:
        yield from layer.colours if layer.inside is None else _simple(layer.inside)
    for charge in design.charges:
        if charge.shape != CUT_OUT:
            yield from charge.colours
