"""Designs that are one step away from a design, towards what is wanted: a thing less, a thing more, another colour.

Things that are added, and grounds, are those of the *aim*: the design that the wanted features draw by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from flagsae.design import layout, words
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.edits import charges, stripes
from flagsae.design.edits.colours import recoloured
from flagsae.design.edits.figures import below_cantons, edged
from flagsae.design.edits.things import (
    Thing,
    details,
    inner,
    put,
    things,
    upwards,
    with_charge,
    with_layer,
    with_layers,
    without,
)
from flagsae.design.facets import NUMBERS
from flagsae.design.phrases import Phrase
from flagsae.design.settling import prices
from flagsae.design.settling.gap import GROUND, Gap
from flagsae.design.vocabulary import PLACES
from flagsae.errors import DesignError, SentenceError

GONE = 0.2  # of what is told of a thing: with so much of it too much, it may go
GROUND_GONE = 0.25  # likewise, of the ground
COLOURS = 3  # that are tried for one thing
NEUTRAL = ("white", "yellow", "black")  # tried too, where a thing is not seen in the wanted one
HIDDEN = 1.0  # the price from which a thing has to change or go
HURT = 0.06  # the price from which a thing is cleared away, or gets another colour
VARIANTS = 3  # of a new thing, in different colours, that are compared
EDGED = ("cross", "saltire", "band", "pall")  # figures that get an edge where they would not be seen
ELSEWHERE = ("hoist", "fly", "top", "bottom")  # where a charge is tried too that is not seen in its place
MOUTH = 1.3  # radii of a crescent, within which its star stands

_SPOTS = {words_: place for place, words_ in PLACES.items() if words_}


@dataclass(frozen=True)
class Step:
    """A change of a design."""

    promise: float
    """How much of the gap it may close."""
    make: Callable[[], Iterable[Design]]
    """The designs that it leads to."""


def steps(design: Design, aim: Design, gap: Gap, gone: Collection[str] = ()) -> list[Step]:
    """All of them, the most promising first. gone: nouns of things that made room for others and do not come back."""
    found = [
        *repairs(design, gap),
        *_removals(design, gap),
        *_grounds(design, aim, gap),
        *_additions(design, aim, gap, gone),
    ]
    found += [*_colours(design, gap), *_details(design, gap)]
    return sorted((one for one in found if one.promise > 0), key=lambda one: -one.promise)


def repairs(design: Design, gap: Gap) -> Iterator[Step]:
    """What cannot be seen in another colour, or gone."""
    hidden = [key for key, value in prices.faults(design).items() if value > HIDDEN]
    for key in hidden:
        yield Step(math.inf, partial(_repaired, design, key, gap.lacking()))


def _repaired(design: Design, key: Hashable, colours: Sequence[str]) -> list[Design]:
    return [*_in_colours(design, design, key, {}, colours), _cleared(design, [key])]


def nouns(design: Design) -> set[str]:
    """Of what stands and lies on the ground of a flag."""
    return {name_of(one) for one in things(design) if one.part != "ground" and not one.path}


def name_of(thing: Thing) -> str:
    return thing.phrase.noun


# A thing less.


def _removals(design: Design, gap: Gap) -> Iterator[Step]:
    every = [one for one in things(design) if one.part != "ground"]
    nouns: dict[str, list[Thing]] = {}
    for thing in every:
        nouns.setdefault(name_of(thing), []).append(thing)
    for noun, those in nouns.items():
        if gap.too_much(noun) < GONE and not (noun == "canton" and gap.too_much("Union Jack") >= GONE):
            continue
        promise = gap.excess[noun]
        beside = [one for other in gap.goes_with(noun) for one in nouns.get(other, ())]
        together = [*those, *beside]
        yield Step(promise, partial(_without, design, together))
        if len(those) > 1 and not beside:
            for one in those:
                yield Step(promise / 2, partial(_without, design, [one]))


def _without(design: Design, gone: Sequence[Thing]) -> Iterator[Design]:
    """The design without some things; with and without what stands on them or in them."""
    held: list[Thing] = []
    for thing in gone:
        if thing.part == "charge":
            level = inner(design, thing.path)
            number = thing.at[0]
            reach = MOUTH if level.charges[number].shape == "crescent" else 1.0
            on = _standing_on(level, number, reach)
            held += [
                one for one in things(design) if one.part == "charge" and one.path == thing.path and one.at[0] in on
            ]
    held = [one for one in dict.fromkeys(held) if one not in gone]
    bare = design
    for thing in upwards(gone):
        bare = without(bare, thing)
    yield bare
    if any(thing.part != "charge" for thing in gone):  # what lay on it may not be seen any more
        known = prices.faults(design)
        hurt = _hurt(bare, known)
        if hurt:
            yield _cleared(bare, hurt)
    if held:
        alone = design
        for thing in upwards([*gone, *held]):
            alone = without(alone, thing)
        yield alone
        if len(held) == len(gone) == 1:  # it takes the place of what held it
            yield _in_place_of(design, gone[0], held[0])


def _standing_on(level: Design, number: int, reach: float) -> list[int]:
    place = level.charges[number].places[0]
    return [
        at
        for at, charge in enumerate(level.charges)
        if at != number
        and (at > number or reach > 1)
        and all(
            one.away(place, level.aspect) < reach * place.radius and one.radius < place.radius for one in charge.places
        )
    ]


def _in_place_of(design: Design, gone: Thing, held: Thing) -> Design:
    level = inner(design, gone.path)
    old, charge = level.charges[gone.at[0]].places[0], level.charges[held.at[0]]
    if len(charge.places) == 1:
        moved = replace(charge, places=(replace(charge.places[0], x=old.x, y=old.y),))
        design = put(design, gone.path, with_charge(level, held.at[0], moved))
    return without(design, gone)


# Another ground.


def _grounds(design: Design, aim: Design, gap: Gap) -> Iterator[Step]:
    lack, excess = gap.lack[GROUND], gap.excess[GROUND]
    old, _ = words.ground_of(design.layers)
    new, others = words.ground_of(aim.layers)
    if (old.noun, old.colours, old.edges, old.other) != (new.noun, new.colours, new.edges, new.other):
        layers = aim.layers[: len(aim.layers) - len(others)]
        yield Step(lack + excess, partial(_on_ground, design, layers))
    base = design.layers[0]
    if base.figure == "jack":
        return
    wanted = gap.lacking()[:COLOURS]
    if gap.too_much(GROUND) >= GROUND_GONE and len(set(base.colours)) > 1:
        for colour in list(dict.fromkeys(base.colours))[:COLOURS]:
            yield Step(excess, partial(_on_ground, design, (Layer("stripes", (colour,)),)))
    slots = stripes.slots_of(base) if base.figure in ("stripes", "bars") else stripes.Slots()
    if len(slots) > 1:
        yield Step(excess, partial(_fewer_stripes, design, slots))
    if len(slots) > 1 or len(base.colours) == 1 or base.figure in ("quarters", "halves"):
        for at in range(len(base.colours)):
            for colour in wanted:
                if colour == base.colours[at]:
                    continue
                promise = gap.colours[colour] + max(0.0, -gap.colours[base.colours[at]])
                yield Step(promise, partial(_slot, design, at, colour))
    if len(slots) > 1:
        for colour in wanted[:2]:
            yield Step(lack / 2, partial(_more_stripes, design, slots, colour))
        for colour in (gap.wanted("edged", GROUND) or gap.wanted("edge", ""))[:1]:
            layer = stripes.bands(base.figure, slots, (colour,))
            yield Step(lack / 2, partial(_on_ground, design, (layer,)))


def _on_ground(design: Design, layers: Sequence[Layer]) -> list[Design]:
    """The design with another ground, which also shows through details of charges."""
    _, rest = words.ground_of(design.layers)
    old = len(design.layers) - len(rest)
    shown = {at for number in range(len(design.charges)) for at in details(design, number)}
    colour = layers[0].colours[:1]
    kept = tuple(
        replace(charge, colours=colour * len(charge.colours)) if at in shown and colour else charge
        for at, charge in enumerate(design.charges)
    )
    new = stripes.with_ground(replace(design, charges=kept), layers[0])
    return [replace(new, layers=(*layers, *new.layers[old:]))]


def _slot(design: Design, at: int, colour: str) -> list[Design]:
    base = design.layers[0]
    colours = (*base.colours[:at], colour, *base.colours[at + 1 :])
    if any(one == other for one, other in pairwise(colours)) and base.figure != "quarters":
        return []
    if len(base.colours) == 1:
        return _on_ground(design, (replace(base, colours=colours),))
    return [with_layer(design, 0, replace(base, colours=colours))]


def _fewer_stripes(design: Design, slots: stripes.Slots) -> Iterator[Design]:
    figure = design.layers[0].figure
    for at in range(min(len(slots), 5)):
        rest = stripes.merged([one for number, one in enumerate(slots) if number != at])
        yield stripes.with_ground(design, stripes.bands(figure, rest, slots.edges))


def _more_stripes(design: Design, slots: stripes.Slots, colour: str) -> Iterator[Design]:
    figure = design.layers[0].figure
    if len(slots) >= 5:
        return
    for at in (0, len(slots)):
        beside = slots[0 if at == 0 else -1].colour
        if beside != colour:
            new = [*slots[:at], stripes.Slot(colour, slots[0].width), *slots[at:]]
            yield stripes.with_ground(design, stripes.bands(figure, new, slots.edges))


# A thing more.


def _additions(design: Design, aim: Design, gap: Gap, gone: Collection[str]) -> Iterator[Step]:
    own = [one for one in things(design) if one.part != "ground" and not one.path]
    for thing in things(aim):
        if thing.part == "ground" or thing.path:
            continue
        noun = name_of(thing)
        lack = gap.lack[noun]
        if noun == "Union Jack":
            lack = max(lack, gap.lack["canton"])
        if lack <= 0 or noun in gone:
            continue
        same = [one for one in own if name_of(one) == noun]
        if thing.part == "canton":
            same = [one for one in own if one.part == "canton"]
        if thing in same and _content(design, thing) == _content(aim, thing):
            continue
        colours, beside = gap.wanted("coloured", noun), gap.comes_with(noun)
        yield Step(lack, partial(_with, design, _New(aim, thing, colours, beside), same))


def _content(design: Design, thing: Thing) -> object:
    return design.charges[thing.at[0]] if thing.part == "charge" else [design.layers[at] for at in thing.at]


@dataclass(frozen=True)
class _New:
    """A thing that a design is to have."""

    aim: Design
    """Where it is from."""
    thing: Thing
    colours: Sequence[str]
    """Other colours that it may have, the most wanted first."""
    beside: Sequence[str]
    """Nouns of what it is to stand with."""


def _with(design: Design, new: _New, same: Sequence[Thing]) -> Iterator[Design]:
    """The design with a new thing: in place of those of its kind, or besides them; as it is, and with what it hurts out
    of its way."""
    without_same = design
    for one in upwards(same):
        without_same = without(without_same, one)
    bases = [without_same]
    if same and new.thing.part == "charge":
        bases.append(design)
    for base in bases:
        known = prices.faults(base)
        if new.thing.part != "charge":
            yield from _seen(base, _with_layers(base, new), known, new.colours)
            continue
        usual = list(dict.fromkeys(_with_charge(base, new)))
        for changed in usual:
            yield from _seen(base, changed, known, new.colours)
        if usual and prices.price(usual[0], known) > HURT:  # it may be seen elsewhere as it is
            charge = new.aim.charges[new.thing.at[0]]
            for place in ELSEWHERE:
                moved = _laid(replace(base, charges=()), replace(new.thing.phrase, place=place), charge)
                there = replace(base, charges=(*base.charges, moved))
                if prices.price(there, known) <= HURT:
                    yield there


def _with_layers(base: Design, new: _New) -> Design:
    """The design with a figure below its cantons, a border over them, or a canton."""
    layers = tuple(new.aim.layers[at] for at in new.thing.at)
    over = new.thing.part == "canton" or name_of(new.thing) == "border"
    at = len(base.layers) if over else below_cantons(base)
    return replace(base, layers=(*base.layers[:at], *layers, *base.layers[at:]))


def _with_charge(base: Design, new: _New) -> Iterator[Design]:
    """The design with a charge where it stands by itself, where nothing is said of it, and among what is there."""
    bare = replace(base, charges=())
    phrase = new.thing.phrase
    grounds = [(bare, phrase), (bare, replace(phrase, place="", on="")), (base, phrase)]
    for thing in things(base):
        if thing.part == "charge" and not thing.path and name_of(thing) in new.beside:
            only = replace(base, charges=(base.charges[thing.at[0]],))
            grounds.insert(0, (only, replace(phrase, place=thing.phrase.place, on="")))
    for ground, said in grounds:
        one = _laid(ground, said, new.aim.charges[new.thing.at[0]])
        yield replace(base, charges=(*base.charges, one))


def _laid(base: Design, phrase: Phrase, charge: Charge) -> Charge:
    """A charge where it would stand on a design."""
    try:
        drawn = layout.flag([*words.said(base), replace(phrase, size="", on="")], aspect=base.aspect)
    except (SentenceError, DesignError):
        return charge
    if not drawn.charges:
        return charge
    places = drawn.charges[-1].places
    return replace(charge, places=places) if len(places) == len(charge.places) else charge


def _seen(base: Design, new: Design, known: Mapping[Hashable, float], wanted: Sequence[str]) -> Iterator[Design]:
    """A design with a new thing; where it hurts, in other colours, or with what it meets moved or gone."""
    yield new
    hurt = _hurt(new, known)
    if not hurt:
        return
    others = [one for one in hurt if one in known]
    variants = [new]
    own = [one for one in hurt if one not in known]
    if own:
        variants = _in_colours(base, new, own[0], known, wanted)
        yield from variants
        others = list(
            dict.fromkeys([*others, *(one for each in variants for one in _hurt(each, known) if one in known)])
        )
    if others:
        for each in variants:
            yield _cleared(each, others)
            moved = _moved(base, each, others)
            if moved is not None:
                yield moved


def _in_colours(
    base: Design, new: Design, key: Hashable, known: Mapping[Hashable, float], wanted: Sequence[str]
) -> list[Design]:
    """A new thing in colours in which it hurts least, or with an edge."""
    colours = list(dict.fromkeys((*wanted[:COLOURS], *base.colours(), *NEUTRAL)))
    found = [one for colour in colours for one in [_with_colour(new, key, colour)] if one is not None]
    if isinstance(key, tuple) and len(key) == 1 and key[0].figure in EDGED:
        top = key[0]
        at = next(number for number, layer in enumerate(new.layers) if layer is top)
        for own in [top.colours[0], *wanted[:1], *base.colours()][:COLOURS]:
            for edge in dict.fromkeys((*base.colours(), *NEUTRAL)):
                if edge != own:
                    layers = edged(replace(top, colours=(own,)), (edge,))
                    found.append(replace(new, layers=(*new.layers[:at], *layers, *new.layers[at + 1 :])))
    cost = {one: round(prices.price(one, known), 1) for one in found}
    return sorted(dict.fromkeys(found), key=lambda one: cost[one])[:VARIANTS]


def _hurt(design: Design, known: Mapping[Hashable, float]) -> list[Hashable]:
    return [key for key, value in prices.faults(design).items() if value - known.get(key, 0.0) > HURT]


def _with_colour(design: Design, key: Hashable, colour: str) -> Design | None:
    """The design with a charge, or a figure without its edges, in another colour."""
    for number, charge in enumerate(design.charges):
        if charge == key and charge.shape != CUT_OUT:
            return with_charge(design, number, replace(charge, colours=(colour, *charge.colours[1:])))
    if isinstance(key, tuple):
        top = key[-1]
        at = next((number for number, layer in enumerate(design.layers) if layer is top), -1)
        if at >= 0:
            return with_layer(design, at, replace(top, colours=(colour,)))
    return None


def _cleared(design: Design, gone: Sequence[Hashable]) -> Design:
    """The design without some figures and charges, and without what stands on these."""
    layers = {id(layer) for key in gone if isinstance(key, tuple) for layer in key}
    numbers = {number for number, one in enumerate(design.charges) if one in gone}
    numbers |= {at for number in numbers for at in _standing_on(design, number, 1.0)}
    return replace(
        design,
        layers=tuple(one for one in design.layers if id(one) not in layers),
        charges=tuple(one for number, one in enumerate(design.charges) if number not in numbers),
    )


def _moved(base: Design, new: Design, others: Sequence[Hashable]) -> Design | None:
    """The design with a single charge that a new thing meets set on its seat; beside a new canton at the fly."""
    hit = [number for number, one in enumerate(new.charges) if one in others and len(one.places) == 1]
    if not hit:
        return None
    number = max(hit, key=lambda one: new.charges[one].places[0].radius)
    added = [layer for layer in new.layers if not any(layer is one for one in base.layers)]
    if not added:
        return None
    if added[-1].inside is not None:
        return charges.moved(new, [number], "fly")
    seat = charges.spot_of(added[-1], "disc", new.aspect)
    charge = new.charges[number]
    held = _standing_on(new, number, 1.0)
    old = charge.places[0]
    radius = min(old.radius, seat.y - layout.MARGIN, new.aspect * min(seat.x, 1 - seat.x) - layout.MARGIN)
    times = radius / old.radius
    for at in (number, *held):
        places = charges.shifted(new.charges[at].places, (old.x, old.y), (seat.x, seat.y), times)
        new = with_charge(new, at, replace(new.charges[at], places=places))
    return new


# Other colours.


def _colours(design: Design, gap: Gap) -> Iterator[Step]:
    names = list(design.colours())
    for colour in gap.lacking()[:COLOURS]:
        for old in names:
            if old != colour and gap.colours[old] < 0:
                promise = gap.colours[colour] - gap.colours[old]
                yield Step(promise, partial(_recoloured, design, old, colour))
    for thing in things(design):
        if thing.part not in ("figure", "charge"):
            continue
        noun = name_of(thing)
        for colour in gap.wanted("coloured", noun):
            promise = gap.said["coloured", noun, colour]
            yield Step(promise, partial(_in_colour, design, thing, colour))


def _recoloured(design: Design, old: str, new: str) -> list[Design]:
    return [recoloured(design, {old: new})]


def _in_colour(design: Design, thing: Thing, colour: str) -> list[Design]:
    level = inner(design, thing.path)
    if thing.part == "charge":
        charge = level.charges[thing.at[0]]
        if charge.shape == CUT_OUT:
            return []
        new = with_charge(level, thing.at[0], replace(charge, colours=(colour, *charge.colours[1:])))
    else:
        layer = level.layers[thing.at[-1]]
        new = with_layer(level, thing.at[-1], replace(layer, colours=(colour,)))
    return [put(design, thing.path, new)]


# Edges, numbers, places.


def _details(design: Design, gap: Gap) -> Iterator[Step]:
    edges = gap.wanted("edge", "")
    for thing in things(design):
        noun = name_of(thing)
        if thing.part == "figure":
            for colour in [*gap.wanted("edged", noun), *edges][:2]:
                if colour not in thing.phrase.edges:
                    yield Step(gap.colours[colour], partial(_edged, design, thing, (colour,)))
            if thing.phrase.edges and any(gap.said["edged", noun, one] < 0 for one in thing.phrase.edges):
                yield Step(gap.excess[noun], partial(_edged, design, thing, ()))
        if thing.part != "charge" or thing.path:
            continue
        for spot in gap.wanted("place", noun)[:2]:
            if spot in _SPOTS:
                yield Step(gap.lack[noun], partial(_placed, design, thing, _SPOTS[spot]))
        for number in gap.wanted("count", noun)[:1]:
            count = NUMBERS.index(number)
            if count > 1 and count != thing.phrase.count:
                yield Step(gap.lack[noun], partial(_counted, design, thing, count))


def _edged(design: Design, thing: Thing, edges: tuple[str, ...]) -> list[Design]:
    level = inner(design, thing.path)
    try:
        layers = edged(level.layers[thing.at[-1]], edges)
    except DesignError:
        return []
    return [put(design, thing.path, with_layers(level, thing, layers))]


def _placed(design: Design, thing: Thing, place: str) -> list[Design]:
    return [charges.moved(design, [thing.at[0]], place)]


def _counted(design: Design, thing: Thing, count: int) -> list[Design]:
    return [with_charge(design, thing.at[0], charges.arranged(design, thing.at[0], count))]
