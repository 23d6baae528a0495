"""Steps that add a thing of the aim: the design that the wanted features draw by themselves."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

from flagsae.design import layout, words
from flagsae.design.design import Charge, Design
from flagsae.design.edits import charges
from flagsae.design.edits.figures import below_cantons
from flagsae.design.edits.things import Thing, things, upwards, without
from flagsae.design.phrases import Phrase
from flagsae.design.settling import prices
from flagsae.design.settling.gap import Gap
from flagsae.design.settling.room import HURT, NEUTRAL, with_room
from flagsae.design.settling.step import COLOURS, Step, noun_of
from flagsae.errors import DesignError, SentenceError

LACKING = 0.08  # times what a design lacks most, that it lacks of a thing that is added
# Where a charge is tried that is not seen in its place; the corners, where it is seen nowhere else.
ELSEWHERE = (("hoist", "fly", "top", "bottom"), ("bottom-right", "top-left", "top-right"))


def additions(design: Design, aim: Design, gap: Gap, first: Gap) -> Iterator[Step]:
    own = [one for one in things(design) if one.part != "ground" and not one.path]
    for thing in things(aim):
        if thing.part == "ground" or thing.path:
            continue
        noun = noun_of(thing)
        lack = gap.lack[noun]
        if noun == "Union Jack":
            lack = max(lack, gap.lack["canton"])
        if lack <= 0 or first.lack[noun] <= LACKING * max(first.lack.values()):
            continue
        same = [one for one in own if noun_of(one) == noun]
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
            for changed in _with_layers(base, new):
                yield from with_room(base, changed, known, new.colours)
            continue
        usual = list(dict.fromkeys(_with_charge(base, new)))
        for changed in usual:
            yield from with_room(base, changed, known, new.colours)
        if usual and prices.price(usual[0], known) > HURT:
            yield from _elsewhere(base, new, known)


def _elsewhere(base: Design, new: _New, known: Mapping[Hashable, float]) -> Iterator[Design]:
    """The design with a charge where it is seen, if not in its place: in another colour, or in a corner, where it is
    seen nowhere else."""
    own = new.aim.charges[new.thing.at[0]]
    bare = replace(base, charges=())
    colours = dict.fromkeys((own.colours[0], *new.colours[:COLOURS], *NEUTRAL))
    for size, colour, places in product(("", "small"), colours, ELSEWHERE):
        charge = replace(own, colours=(colour, *own.colours[1:]))
        moved = (_laid(bare, replace(new.thing.phrase, place=place, size=size), charge) for place in places)
        found = [replace(base, charges=(*base.charges, one)) for one in moved]
        seen = [one for one in found if prices.price(one, known) <= HURT]
        if seen:
            yield from seen
            return


def _with_layers(base: Design, new: _New) -> Iterator[Design]:
    """The design with a figure below its cantons, a border over them, or a canton."""
    layers = tuple(new.aim.layers[at] for at in new.thing.at)
    over = new.thing.part == "canton" or noun_of(new.thing) == "border"
    at = len(base.layers) if over else below_cantons(base)
    changed = replace(base, layers=(*base.layers[:at], *layers, *base.layers[at:]))
    if new.thing.part == "canton":
        width, height = layers[-1].numbers
        middles = [charges.middle(charge, base.aspect) for charge in base.charges]
        under = [number for number, (x, y) in enumerate(middles) if x < width and y < height]
        if under:  # they make room
            yield charges.moved(changed, under, "fly")
            left = tuple(one for number, one in enumerate(changed.charges) if number not in under)
            changed = replace(changed, charges=left)
    yield changed


def _with_charge(base: Design, new: _New) -> Iterator[Design]:
    """The design with a charge where it stands by itself, where nothing is said of it, and among what is there."""
    bare = replace(base, charges=())
    phrase = replace(new.thing.phrase, size="")
    grounds = [(bare, phrase), (bare, replace(phrase, place="", on="")), (base, phrase)]
    for thing in things(base):
        if thing.part == "charge" and not thing.path and noun_of(thing) in new.beside:
            only = replace(base, charges=(base.charges[thing.at[0]],))
            grounds.insert(0, (only, replace(phrase, place=thing.phrase.place, on="")))
    for ground, said in grounds:
        one = _laid(ground, said, new.aim.charges[new.thing.at[0]])
        yield replace(base, charges=(*base.charges, one))


def _laid(base: Design, phrase: Phrase, charge: Charge) -> Charge:
    """A charge where it would stand on a design."""
    try:
        drawn = layout.flag([*words.said(base), replace(phrase, on="")], aspect=base.aspect)
    except (SentenceError, DesignError):
        return charge
    if not drawn.charges:
        return charge
    places = drawn.charges[-1].places
    return replace(charge, places=places) if len(places) == len(charge.places) else charge
