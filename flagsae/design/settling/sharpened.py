"""What blurred features mean: one answer to each question that they leave open.

A decoder gives a little of everything that often goes together: "red disc" and "blue disc", stripes first white and
first red. Of what excludes each other the strongest stays, what is faint goes, and what a thing needs to be drawn (a
place, a colour) is filled in. `rebuilt.design_of` draws the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeAlias

from flagsae.colours import plain_word
from flagsae.design.facets import (
    ACROSS,
    GROUNDS,
    KINDS,
    MANY,
    NUMBERS,
    REPEATED,
    SCATTERED,
    SHADE,
    STRIPES,
    Facet,
    facet,
    name,
    singular,
)
from flagsae.design.phrases import LINES, ORDINALS
from flagsae.design.shades import entry_of
from flagsae.design.vocabulary import PLACES

# Beliefs are features over what they usually weigh: 1 for what is certain. The numbers are by eye.
LEAST = 0.42  # of a thing that is drawn
DETAIL = 0.4  # of what is said of one: how many, how large, with which edges
SECOND = 0.6  # times the first place of things of a kind, at which there is another
SECOND_LEAST = 0.5  # and as much at least
INSIDE = 0.5  # times what is believed of a thing: so much of it in the canton, and so little elsewhere, is it there
SHADED = 0.5  # times what is believed of a plain colour, that its shade is
RIM, WHOLE, ANYWHERE, NEXT = 0.5, 0.3, 0.1, 0.4  # how much rims, the ground's colours, the flag's, neighbours say of it
ECHO = 0.15  # how much the colour of the stripe before the last says of the next: stripes alternate
USUAL_MANY = 9  # stripes, where there are many
SLOTS = {"quarters": 4, "diagonal halves": 2, "wedges": 2}
SEVERAL = 0.5  # times what is believed of a thing, that there are several of it
PLACED = 0.2  # times what is believed of a thing: of its place, or it has the usual one
TELLING = {"thing": 1.0, "several": 0.8, "count": 0.8}  # kinds that tell of a thing, and how much each does
HOISTED = ("triangle", "bar", "serrated bar")  # figures at the hoist, where no place is said

_Add: TypeAlias = Callable[..., None]  # adds a feature to the answer


def sharpened(wanted: Mapping[str, float], least: float = LEAST) -> dict[str, float]:
    """The features of one flag that are nearest to what is wanted. least: belief in a thing that is drawn."""
    told = [(found, value / usual(found)) for one, value in wanted.items() if value > 0 and (found := facet(one))]
    inner = _Told([one for one in told if one[0].canton], least)
    outer = _Told([one for one in told if not one[0].canton], least)
    if outer.thing("canton") < least:
        inner = _Told([], least)
    sharp: dict[str, float] = {}
    outer.sharpen(inner, sharp)
    return sharp


def usual(one: Facet) -> float:
    """What a feature weighs that is certain."""
    colour = one.get("colour")
    shade = one.kind in ("coloured", "colour") and colour and plain(colour) != colour
    return KINDS[one.kind].weight * (SHADE if shade else 1.0)


class _Told:
    """What is told of a flag, or of its canton."""

    def __init__(self, told: list[tuple[Facet, float]], least: float) -> None:
        self.least = least
        self.kinds: dict[str, list[tuple[Facet, float]]] = defaultdict(list)
        for one, belief in sorted(told, key=lambda pair: (-pair[1], str(pair[0]))):
            self.kinds[one.kind].append((one, belief))

    # What is believed.

    def of(self, kind: str, **values: str) -> list[tuple[Facet, float]]:
        """The features of a kind with some values, the strongest first."""
        return [pair for pair in self.kinds[kind] if all(pair[0].get(key) == one for key, one in values.items())]

    def belief(self, kind: str, **values: str) -> float:
        return next((belief for _, belief in self.of(kind, **values)), 0.0)

    def thing(self, noun: str) -> float:
        return self.belief("thing", noun=noun)

    def about(self, kind: str, noun: str) -> list[tuple[Facet, float]]:
        """The features of a kind that are told of a noun, the strongest first."""
        return [pair for pair in self.kinds[kind] if noun_of(pair[0]) == noun]

    # One answer.

    def sharpen(self, inner: _Told, sharp: dict[str, float], canton: bool = False) -> None:
        """Adds features to `sharp`. inner: the same of the canton; canton: whether this is told of one."""

        def add(kind: str, times: float = 1.0, **values: str) -> None:
            one = name(kind, canton, **values)
            sharp[one] = max(sharp.get(one, 0.0), KINDS[kind].weight * times)

        def add_coloured(noun: str, colour: str, times: float = 1.0) -> None:
            add("coloured", times, noun=noun, colour=colour)
            belief = self.belief("coloured", noun=noun, colour=colour)
            for one, other in self.of("coloured", noun=noun):
                if plain(one["colour"]) == colour != one["colour"] and other >= SHADED * belief:
                    add("coloured", times * SHADE, noun=noun, colour=one["colour"])
                    break

        ground = self.ground(inner, canton)
        if ground:
            add("thing", noun=ground)
            colours = self.ground_colours(ground, add)
            for colour in dict.fromkeys(colours):
                add_coloured(ground, colour)
            edges = self.about("edged", ground)
            if edges and edges[0][1] >= DETAIL:
                add("edged", noun=ground, colour=edges[0][0]["colour"])
            for one, belief in self.about("way", ground)[:1]:
                add("way", belief, noun=ground, corner=one["corner"])
        if not canton:
            for one, belief in self.kinds["colour"]:
                add("colour", belief, colour=one["colour"])
        for noun in self.nouns(inner, canton):
            self.sharpen_thing(noun, inner, canton, add, add_coloured)
        if not canton and self.thing("canton") >= self.least:
            add("thing", noun="canton")
            for one, _ in self.about("size", "canton")[:1]:
                add("size", noun="canton", size=one["size"])
            for one, _ in self.of("coloured", noun="canton")[:1]:
                add_coloured("canton", plain(one["colour"]))
            inner.sharpen(_Told([], self.least), sharp, canton=True)

    # The ground.

    def ground(self, inner: _Told, canton: bool) -> str:
        """The noun of what fills the flag; "" where a canton has none but its field."""

        def belief(noun: str) -> float:
            if noun == "Union Jack" and inner.thing(noun) >= INSIDE * self.thing(noun):
                return 0.0
            coloured = sum(value for _, value in self.of("coloured", noun=noun)[: SLOTS.get(noun, 1)])
            return self.thing(noun) + WHOLE * coloured

        best = max(GROUNDS, key=belief)
        if canton:
            return best if self.thing(best) >= self.least else ""
        return best if belief(best) > 0 else "field"

    def ground_colours(self, noun: str, add: _Add) -> list[str]:
        """The colours of the ground's parts, in order; adds what else is told of them."""
        if noun == "Union Jack":
            return []
        if noun == "field":
            known = self.field_colours()
            return known[:1]
        if noun in SLOTS:
            slots, count = noun, SLOTS[noun]
        else:
            number, slots = self.striped(noun)
            add("striped", number=NUMBERS[number], stripes=noun)
            count = number if number <= MANY else 2
            for one, belief in self.of("wider", slots=slots)[:1]:
                if belief >= DETAIL:
                    add("wider", ordinal=one["ordinal"], slots=slots, extent=one["extent"])
        colours = self.in_slots(noun, slots, count)
        for ordinal, colour in zip(ORDINALS, colours, strict=False):
            add("slot", slots=slots, ordinal=ordinal, colour=colour)
        return colours

    def field_colours(self) -> list[str]:
        """Those that a field may have, the likeliest first."""
        likely: dict[str, float] = defaultdict(float)
        for kind, noun, times in (("coloured", "field", 1.0), ("share", "", NEXT), ("colour", "", ANYWHERE)):
            for one, belief in self.of(kind, noun=noun) if noun else self.kinds[kind]:
                likely[plain(one["colour"])] += times * belief
        return sorted(likely, key=lambda colour: -likely[colour])

    def striped(self, noun: str) -> tuple[int, str]:
        """How many stripes there are, and what their slots are called."""

        def slots(count: int) -> str:
            return f"{NUMBERS[count] if count <= MANY else 'many'} {noun}"

        def belief(count: int) -> float:
            told = count if count <= MANY else 2
            first = [self.belief("slot", slots=slots(count), ordinal=ordinal) for ordinal in ORDINALS[:told]]
            said = self.belief("striped", number=NUMBERS[count], stripes=noun)
            if count > MANY:
                said = max(said, self.belief("many stripes", stripes=noun))
            return said + sum(first) / told

        many = [NUMBERS.index(one["number"]) for one, _ in self.of("striped", stripes=noun)]
        most = next((count for count in many if count > MANY), USUAL_MANY)
        best = max((3, 2, 4, 5, most), key=belief)
        return best, slots(best)

    def in_slots(self, noun: str, slots: str, count: int) -> list[str]:
        """The likeliest colours of a ground's parts, no two neighbours alike (Viterbi)."""
        level = noun == STRIPES[0]
        ends = ("on top", "at the bottom") if level else ("at the hoist", "at the fly")
        rims = {0: ends[0], count - 1: ends[1]} if noun in STRIPES else {}
        if count % 2 and noun in STRIPES:
            rims[count // 2] = "in the middle"
        if slots.startswith("many"):
            rims = {0: ends[0]}
        likely: dict[str, float] = defaultdict(float)
        for kind, times in (("coloured", WHOLE), ("colour", ANYWHERE)):
            for one, belief in self.of(kind, noun=noun) if kind == "coloured" else self.kinds[kind]:
                if plain(one["colour"]) == one["colour"]:
                    likely[one["colour"]] += times * min(1.0, belief)
        for one, _ in self.of("slot", slots=slots):
            likely[one["colour"]] += 0.0
        likely["white"] += 0.0
        likely["red"] += 0.0
        names = sorted(likely, key=lambda colour: (-likely[colour], colour))

        def own(at: int, colour: str) -> float:
            found = self.belief("slot", slots=slots, ordinal=ORDINALS[at], colour=colour) + likely[colour]
            return found + RIM * (self.belief("rim", rim=rims[at], colour=colour) if at in rims else 0.0)

        def beside(one: str, other: str) -> float:
            return NEXT * self.belief("next", colour=one, how="over" if level else "beside", colour2=other)

        best: dict[str, tuple[float, tuple[str, ...]]]  # of the ways that end in each colour
        best = {colour: (own(0, colour), (colour,)) for colour in names}
        for at in range(1, count):
            ways = {
                colour: [
                    (value + beside(before, colour) + ECHO * (path[-2:-1] == (colour,)), path)
                    for before, (value, path) in best.items()
                    if before != colour
                ]
                for colour in names
            }
            best = {
                colour: (own(at, colour) + value, (*path, colour))
                for colour, found in ways.items()
                for value, path in [max(found, key=lambda way: way[0])]
            }
        return list(max(best.values(), key=lambda way: way[0])[1])

    # Things.

    def nouns(self, inner: _Told, canton: bool) -> list[str]:
        """What stands or lies on the ground."""
        found = []
        beliefs: dict[str, float] = defaultdict(float)
        for kind, times in TELLING.items():
            for one, value in self.kinds[kind]:
                beliefs[noun_of(one)] = max(beliefs[noun_of(one)], times * value)
        for noun, belief in sorted(beliefs.items(), key=lambda pair: -pair[1]):
            if belief < self.least or noun in GROUNDS or noun == "canton":
                continue
            place = self.belief("place", noun=noun)
            if not canton and inner.thing(noun) >= INSIDE * belief and place < DETAIL:
                continue  # it is in the canton
            found.append(noun)
        for one, belief in self.kinds["with"]:  # what stands with a thing is there too
            two = (one["noun"], one["other"])
            if belief >= DETAIL and any(noun in found for noun in two):
                found += [noun for noun in two if noun not in found]
        return found

    def sharpen_thing(self, noun: str, inner: _Told, canton: bool, add: _Add, add_coloured: _Add) -> None:
        add("thing", noun=noun)
        places = self.about("place", noun)
        first = self.usual_place(noun, canton)
        if places and places[0][1] > PLACED * max(self.thing(noun), self.least):
            first = places[0][0]["spot"]
        spots = [first]
        if len(places) > 1 and places[1][1] >= max(SECOND * places[0][1], SECOND_LEAST) and noun not in LINES:
            spots.append(places[1][0]["spot"])
        inside = {plain(one["colour"]) for one, _ in inner.of("coloured", noun=noun)[:1]}
        known = [plain(one["colour"]) for one, _ in self.of("coloured", noun=noun)]
        colours = list(dict.fromkeys(colour for colour in known if colour not in inside)) or known
        if not colours:  # that of what it stands with
            beside = [name for one, _ in self.kinds["with"] for name in (one["noun"], one["other"]) if noun in str(one)]
            colours = [plain(one["colour"]) for other in beside for one, _ in self.of("coloured", noun=other)]
        for which, spot in enumerate(spots):
            times = REPEATED**which
            add("place", times, noun=noun, spot=spot)
            self.sharpen_number(noun, spot, times, add)
        if colours and noun != "emblem":
            add_coloured(noun, colours[0])
        for one, belief in (*self.about("edged", noun)[:1], *self.about("points", noun)[:1]):
            if belief >= DETAIL:
                add(one.kind, **dict(one.values))
        for kind in ("size", "way", "form", "on"):
            for one, belief in self.about(kind, noun)[:1]:
                if belief >= (0.0 if kind == "way" else DETAIL):
                    add(kind, **dict(one.values))
        if noun == "emblem":
            for one, _ in self.kinds["emblem colour"][:1]:
                add("emblem colour", colour=one["colour"])

    def usual_place(self, noun: str, canton: bool) -> str:
        if noun in LINES and noun not in ("bar", "horizontal bar"):
            return ACROSS
        if noun in HOISTED:
            return PLACES["hoist"]
        return PLACES["fly" if self.thing("canton") >= self.least and not canton else "centre"]

    def sharpen_number(self, noun: str, spot: str, times: float, add: _Add) -> None:
        several, one = (self.about(kind, noun) for kind in ("several", "one"))
        much = max((pair[0][1] for pair in (several,) if pair), default=0.0)
        if spot == SCATTERED or much > max(one[0][1] if one else 0.0, SEVERAL * self.thing(noun)):
            counts = [pair for pair in self.about("count", noun) if pair[1] > 0.1]
            number = counts[0][0]["number"] if counts else NUMBERS[12 if self.about("many", noun) else 3]
            values = several or counts
            if values:
                add("several", times, nouns=values[0][0]["nouns"])
                add("count", times, nouns=values[0][0]["nouns"], number=number)


def noun_of(one: Facet) -> str:
    """What a feature is told of; "" where it is told of no one thing."""
    nouns = one.get("nouns")
    return singular(nouns) if nouns else one.get("noun")


def plain(colour: str) -> str:
    """The plain word for a design's colour."""
    return plain_word(entry_of(colour))
