"""Steps that take a thing away, with what stands on it and what is a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from flagsae.design.design import CUT_OUT, Design
from flagsae.design.edits.things import Thing, inner, named, put, things, upwards, with_charge, without
from flagsae.design.settling import prices
from flagsae.design.settling.gap import Gap
from flagsae.design.settling.room import cleared, hurt, standing_on
from flagsae.design.settling.step import Step

GONE = 0.2  # of what is told of a thing: with so much of it too much, it may go
PARTS = 4.0  # radii of a charge, within which its parts lie, as the rays of a sun
SCRAP, SCRAPS = 0.35, 1.8  # radii of a charge: so small, and so near to it, is a scrap of it


def removals(design: Design, gap: Gap) -> Iterator[Step]:
    nouns: dict[str, list[Thing]] = {}
    for thing, noun in named(design):
        nouns.setdefault(noun, []).append(thing)
    absorbed = nouns.pop("", [])
    for noun, those in nouns.items():
        if gap.too_much(noun) < GONE and not (noun == "canton" and gap.too_much("Union Jack") >= GONE):
            continue
        promise = gap.excess[noun]
        beside = [one for other in gap.goes_with(noun) for one in nouns.get(other, ())]
        parts = [one for one in absorbed if any(_is_near(design, one, whole) for whole in those)]
        yield Step(promise, partial(_without, design, [*those, *beside, *parts]))
        if len(those) > 1 and not beside:
            for one in those:
                yield Step(promise / 2, partial(_without, design, [one]))


def _is_near(design: Design, part: Thing, whole: Thing) -> bool:
    """Whether what is a part of some charge may be a part of this one."""
    if whole.part != "charge" or part.path != whole.path:
        return whole.part == "charge"
    level = inner(design, whole.path)
    place = level.charges[whole.at[0]].places[0]
    return all(one.away(place, level.aspect) < PARTS * place.radius for one in level.charges[part.at[0]].places)


def _without(design: Design, gone: Sequence[Thing]) -> Iterator[Design]:
    """The design without some things; with and without what stands on them or in them."""
    held, scraps = (
        [one for one in dict.fromkeys(found(design, gone)) if one not in gone] for found in (_held, _scraps)
    )
    bare = _all_without(design, [*gone, *scraps])
    if not any(_is_cut_out(design, one) for one in held):
        yield bare
    if any(thing.part != "charge" for thing in gone):  # what lay on it may not be seen any more
        unseen = hurt(bare, prices.faults(design))
        if unseen:
            yield cleared(bare, unseen)
    if held:
        yield _all_without(design, [*gone, *scraps, *held])
        if len(held) == len(gone) == 1 and not _is_cut_out(design, held[0]):  # it takes the place of what held it
            yield _in_place_of(design, gone[0], held[0])


def _all_without(design: Design, gone: Iterable[Thing]) -> Design:
    for thing in upwards(dict.fromkeys(gone)):
        design = without(design, thing)
    return design


def _held(design: Design, gone: Sequence[Thing]) -> Iterator[Thing]:
    """What stands on some charges, or in a crescent."""
    for thing in gone:
        if thing.part == "charge":
            level = inner(design, thing.path)
            on = standing_on(level, thing.at[0])
            yield from (one for one in _charges(design, thing.path) if one.at[0] in on)


def _scraps(design: Design, gone: Sequence[Thing]) -> Iterator[Thing]:
    """Small pieces around some charges, as the rays of a sun."""
    for thing in gone:
        if thing.part != "charge":
            continue
        level = inner(design, thing.path)
        whole = level.charges[thing.at[0]].places[0]
        for one in _charges(design, thing.path):
            places = level.charges[one.at[0]].places
            if all(
                place.radius < SCRAP * whole.radius and place.away(whole, level.aspect) < SCRAPS * whole.radius
                for place in places
            ):
                yield one


def _charges(design: Design, path: tuple[int, ...]) -> list[Thing]:
    return [one for one in things(design) if one.part == "charge" and one.path == path]


def _is_cut_out(design: Design, thing: Thing) -> bool:
    return inner(design, thing.path).charges[thing.at[0]].shape == CUT_OUT


def _in_place_of(design: Design, gone: Thing, held: Thing) -> Design:
    level = inner(design, gone.path)
    old, charge = level.charges[gone.at[0]].places[0], level.charges[held.at[0]]
    if len(charge.places) == 1:
        moved = replace(charge, places=(replace(charge.places[0], x=old.x, y=old.y),))
        design = put(design, gone.path, with_charge(level, held.at[0], moved))
    return without(design, gone)
