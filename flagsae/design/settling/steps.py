"""Designs that are one step away from a design, towards what is wanted: a thing less, a thing more, another colour.

Things that are added, and grounds, are those of the *aim*: the design that the wanted features draw by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, product

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
from flagsae.design.elements import told
from flagsae.design.facets import NUMBERS
from flagsae.design.phrases import Phrase
from flagsae.design.settling import prices
from flagsae.design.settling.gap import GROUND, Gap
from flagsae.design.vocabulary import PLACES
from flagsae.errors import DesignError, SentenceError

GONE = 0.2  # of what is told of a thing: with so much of it too much, it may go
GROUND_GONE = 0.25  # likewise, of the ground
LACKING = 0.08  # times what a design lacks most, that it lacks of a thing that is added
COLOURS = 3  # that are tried for one thing
FIELDS = ("white", "red", "blue", "green", "yellow", "black")  # colours of a field in place of one that is not to be
NEUTRAL = ("white", "yellow", "black")  # tried too, where a thing is not seen in the wanted one
URGENT = 1000.0  # the promise of a step without which a design cannot stay
HIDDEN = 1.0  # the price from which a thing has to change or go
HURT = 0.06  # the price from which a thing is cleared away, or gets another colour
VARIANTS = 3  # of a new thing, in different colours, that are compared
EDGED = ("cross", "saltire", "band", "pall")  # figures that get an edge where they would not be seen
PARTS = 4.0  # radii of a charge, within which its parts lie, as the rays of a sun
SCRAP, SCRAPS = 0.35, 1.8  # radii of a charge: so small, and so near to it, is a scrap of it
# Where a charge is tried that is not seen in its place; the corners, where it is seen nowhere else.
ELSEWHERE = (("hoist", "fly", "top", "bottom"), ("bottom-right", "top-left", "top-right"))
MOUTH = 1.3  # radii of a crescent, within which its star stands

_SPOTS = {words_: place for place, words_ in PLACES.items() if words_}


@dataclass(frozen=True)
class Step:
    """A change of a design."""

    promise: float
    """How much of the gap it may close."""
    make: Callable[[], Iterable[Design]]
    """The designs that it leads to."""


def steps(design: Design, aim: Design, gap: Gap, start: Design, first: Gap) -> list[Step]:
    """All of them, the most promising first.

    start, first: where the search began, and what it lacked: only that is added, so that what made room for it does not
    come back.
    """
    found = [
        *repairs(design, gap, prices.faults(start)),
        *_removals(design, gap),
        *_grounds(design, aim, gap),
        *_additions(design, aim, gap, first),
    ]
    found += [*_colours(design, gap), *_details(design, gap)]
    return sorted((one for one in found if one.promise > 0), key=lambda one: -one.promise)


def repairs(design: Design, gap: Gap, known: Mapping[Hashable, float]) -> Iterator[Step]:
    """What cannot be seen in another colour, or gone. known: faults that stay."""
    hidden = [key for key, value in prices.faults(design).items() if value - known.get(key, 0.0) > HIDDEN]
    for key in hidden:
        yield Step(URGENT, partial(_repaired, design, key, gap.lacking()))


def _repaired(design: Design, key: Hashable, colours: Sequence[str]) -> list[Design]:
    return [*_in_colours(design, design, key, {}, colours), _cleared(design, [key])]


def name_of(thing: Thing) -> str:
    return thing.phrase.noun


# A thing less.


def _removals(design: Design, gap: Gap) -> Iterator[Step]:
    nouns: dict[str, list[Thing]] = {}
    for thing, noun in _named(design):
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


def _named(design: Design) -> Iterator[tuple[Thing, str]]:
    """All but the ground, each with the noun that is told of it; "" of what is told as a part of another."""
    parts = iter(told(design)[0])
    for thing in things(design):
        if thing.part == "charge":
            part = next(parts)
            yield thing, part.noun if part is not None else ""
        elif thing.part != "ground":
            yield thing, name_of(thing)


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
        hurt = _hurt(bare, prices.faults(design))
        if hurt:
            yield _cleared(bare, hurt)
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
            on = _standing_on(level, thing.at[0])
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


def _standing_on(level: Design, number: int) -> list[int]:
    """The charges on another, or in a crescent, by their numbers."""
    holder = level.charges[number]
    place, crescent = holder.places[0], holder.shape == "crescent"
    reach = place.radius * (MOUTH if crescent else 1.0)
    return [
        at
        for at, charge in enumerate(level.charges)
        if (at > number or (crescent and at != number))
        and all(one.away(place, level.aspect) < reach and one.radius < place.radius for one in charge.places)
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
    if gap.too_much(GROUND) >= GROUND_GONE:
        own = list(dict.fromkeys(base.colours))
        for colour in own[:COLOURS] if len(own) > 1 else FIELDS:
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
    if [one.colour for one in slots] == [one.colour for one in slots][::-1]:  # the same from both sides, as before
        for at in range(len(slots) // 2):
            rest = stripes.merged([one for number, one in enumerate(slots) if number not in (at, len(slots) - 1 - at)])
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


def _additions(design: Design, aim: Design, gap: Gap, first: Gap) -> Iterator[Step]:
    own = [one for one in things(design) if one.part != "ground" and not one.path]
    for thing in things(aim):
        if thing.part == "ground" or thing.path:
            continue
        noun = name_of(thing)
        lack = gap.lack[noun]
        if noun == "Union Jack":
            lack = max(lack, gap.lack["canton"])
        if lack <= 0 or first.lack[noun] <= LACKING * max(first.lack.values()):
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
            for changed in _with_layers(base, new):
                yield from _seen(base, changed, known, new.colours)
            continue
        usual = list(dict.fromkeys(_with_charge(base, new)))
        for changed in usual:
            yield from _seen(base, changed, known, new.colours)
        if usual and prices.price(usual[0], known) > HURT:
            yield from _elsewhere(base, new, known)


def _elsewhere(base: Design, new: _New, known: Mapping[Hashable, float]) -> Iterator[Design]:
    """The design with a charge as it is where it is seen, if not in its place: in the corners where nowhere else."""
    charge = new.aim.charges[new.thing.at[0]]
    bare = replace(base, charges=())
    for size, places in product(("", "small"), ELSEWHERE):
        moved = (_laid(bare, replace(new.thing.phrase, place=place, size=size), charge) for place in places)
        found = [replace(base, charges=(*base.charges, one)) for one in moved]
        seen = [one for one in found if prices.price(one, known) <= HURT]
        if seen:
            yield from seen
            return


def _with_layers(base: Design, new: _New) -> Iterator[Design]:
    """The design with a figure below its cantons, a border over them, or a canton."""
    layers = tuple(new.aim.layers[at] for at in new.thing.at)
    over = new.thing.part == "canton" or name_of(new.thing) == "border"
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
        if thing.part == "charge" and not thing.path and name_of(thing) in new.beside:
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
        others_coloured = _in_colours(base, new, own[0], known, wanted)
        yield from others_coloured
        variants = [new, *others_coloured]
        others = list(
            dict.fromkeys([*others, *(one for each in variants for one in _hurt(each, known) if one in known)])
        )
    if others:
        for each in variants:
            yield _cleared(each, others)
            yield from _moved(base, each, others)


def _in_colours(
    base: Design, new: Design, key: Hashable, known: Mapping[Hashable, float], wanted: Sequence[str]
) -> list[Design]:
    """A new thing in colours in which it hurts least, or with an edge."""
    colours = list(dict.fromkeys((*wanted[:COLOURS], *base.colours(), *NEUTRAL)))
    found = [one for colour in colours for one in [_with_colour(new, key, colour)] if one is not None]
    figure = prices.layers_of(key)
    if len(figure) == 1 and figure[0].figure in EDGED:
        top = figure[0]
        at = next(number for number, layer in enumerate(new.layers) if layer == top)
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
        if prices.key(charge) == key and charge.shape != CUT_OUT:
            return with_charge(design, number, replace(charge, colours=(colour, *charge.colours[1:])))
    layers = prices.layers_of(key)
    if layers:
        top = layers[-1]
        at = next((number for number, layer in enumerate(design.layers) if layer == top), -1)
        if at >= 0:
            return with_layer(design, at, replace(top, colours=(colour,)))
    return None


def _cleared(design: Design, gone: Sequence[Hashable]) -> Design:
    """The design without some figures and charges, and without what stands on these."""
    layers = [layer for key in gone for layer in prices.layers_of(key)]
    numbers = {number for number, one in enumerate(design.charges) if prices.key(one) in gone}
    numbers |= {at for number in numbers for at in _standing_on(design, number)}
    return replace(
        design,
        layers=tuple(one for one in design.layers if one not in layers),
        charges=tuple(one for number, one in enumerate(design.charges) if number not in numbers),
    )


def _moved(base: Design, new: Design, others: Sequence[Hashable]) -> Iterator[Design]:
    """The design with a charge that a new figure meets set beside it, or on its seat; with all within a new border."""
    added = [layer for layer in new.layers if layer not in base.layers]
    if not added:
        return
    if added[-1].figure == "border":
        middle = (0.5, 0.5)
        left, top, right, bottom = added[-1].numbers
        times = min(right - left, bottom - top)
        smaller = (replace(one, places=charges.shifted(one.places, middle, middle, times)) for one in new.charges)
        yield replace(new, charges=tuple(smaller))
        return
    hit = [at for at, one in enumerate(new.charges) if prices.key(one) in others and len(one.places) == 1]
    if not hit:
        return
    number = max(hit, key=lambda one: new.charges[one].places[0].radius)
    together = [number, *_standing_on(new, number)]
    ends = _end_of(added[-1])
    if ends:
        x, room = (ends + 1) / 2, (1 - ends) / 2 * new.aspect - layout.MARGIN
        yield _set_at(new, together, x, new.charges[number].places[0].y, room)
    if added[-1].inside is None:
        seat = charges.spot_of(added[-1], "disc", new.aspect)
        room = min(seat.y, 1 - seat.y, new.aspect * seat.x, new.aspect * (1 - seat.x)) - layout.MARGIN
        yield _set_at(new, together, seat.x, seat.y, room)


def _end_of(layer: Layer) -> float:
    """x where a figure at the hoist, or a canton, ends; 0 for others."""
    numbers = layer.numbers
    match layer.figure:
        case "canton":
            return numbers[0]
        case "triangle" if numbers[0] == 0:
            return numbers[3]
        case "rectangle" if numbers[0] == 0 and numbers[2] < 1:
            return numbers[2]
        case "serrated" if numbers[0] == 0:
            return max(numbers[1:3])
    return 0.0


def _set_at(design: Design, numbers: Sequence[int], x: float, y: float, room: float) -> Design:
    """The design with a charge, and what stands on it, at another place: as large as there is room."""
    old = design.charges[numbers[0]].places[0]
    across, down = charges.half(design.charges[numbers[0]])
    times = min(1.0, room / across / old.radius, (min(y, 1 - y) - layout.MARGIN) / down / old.radius)
    for at in numbers:
        places = charges.shifted(design.charges[at].places, (old.x, old.y), (x, y), times)
        design = with_charge(design, at, replace(design.charges[at], places=places))
    return design


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
