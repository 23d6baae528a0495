"""Designs that are one step away from a design, towards what is wanted: a thing less, a thing more, another ground,
another colour, edge, place or number.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from flagsae.design.design import CUT_OUT, Design
from flagsae.design.edits import charges
from flagsae.design.edits.colours import recoloured
from flagsae.design.edits.figures import edged
from flagsae.design.edits.things import Thing, inner, put, things, with_charge, with_layer, with_layers
from flagsae.design.facets import NUMBERS
from flagsae.design.settling import prices
from flagsae.design.settling.adding import additions
from flagsae.design.settling.gap import Gap
from flagsae.design.settling.grounds import grounds
from flagsae.design.settling.removing import removals
from flagsae.design.settling.room import cleared, in_colours
from flagsae.design.settling.step import COLOURS, Step, noun_of
from flagsae.design.vocabulary import PLACES

URGENT = 1000.0  # the promise of a step without which a design cannot stay
HIDDEN = 1.0  # the price from which a thing has to change or go

_SPOTS = {spot: place for place, spot in PLACES.items() if spot}


def steps(design: Design, aim: Design, gap: Gap, start: Design, first: Gap) -> list[Step]:
    """All of them, the most promising first.

    aim: what the wanted features draw by themselves; start, first: where the search began, and what it lacked: only
    that is added, so that what made room for it does not come back.
    """
    found = [
        *repairs(design, gap, prices.faults(start)),
        *removals(design, gap),
        *grounds(design, aim, gap),
        *additions(design, aim, gap, first),
        *_colours(design, gap),
        *_details(design, gap),
    ]
    return sorted((one for one in found if one.promise > 0), key=lambda one: -one.promise)


def repairs(design: Design, gap: Gap, known: Mapping[Hashable, float]) -> Iterator[Step]:
    """What cannot be seen in another colour, or gone. known: faults that stay."""
    for key, value in prices.faults(design).items():
        if value - known.get(key, 0.0) > HIDDEN:
            yield Step(URGENT, partial(_repaired, design, key, gap.lacking()))


def _repaired(design: Design, key: Hashable, colours: Sequence[str]) -> Iterator[Design]:
    """The design, or its canton, with a thing in other colours, or without it."""
    cantons = [(number,) for number, layer in enumerate(design.layers) if layer.inside is not None]
    for path in [(), *cantons]:
        level = inner(design, path)
        layers = prices.layers_of(key)
        if key in map(prices.key, level.charges) or (layers and set(layers) <= set(level.layers)):
            for one in (*in_colours(level, level, key, {}, colours), cleared(level, [key])):
                yield put(design, path, one)


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
        noun = noun_of(thing)
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


def _details(design: Design, gap: Gap) -> Iterator[Step]:
    edges = gap.wanted("edge", "")
    for thing in things(design):
        noun = noun_of(thing)
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
    layers = edged(level.layers[thing.at[-1]], edges)
    return [put(design, thing.path, with_layers(level, thing, layers))]


def _placed(design: Design, thing: Thing, place: str) -> list[Design]:
    return [charges.moved(design, [thing.at[0]], place)]


def _counted(design: Design, thing: Thing, count: int) -> list[Design]:
    return [with_charge(design, thing.at[0], charges.arranged(design, thing.at[0], count))]
