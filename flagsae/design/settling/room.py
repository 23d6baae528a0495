"""Room for a new thing: it gets a colour in which it is seen, or an edge; what it meets moves, or goes."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace

from flagsae.design import layout
from flagsae.design.design import CUT_OUT, Design, Layer
from flagsae.design.edits import charges
from flagsae.design.edits.figures import edged
from flagsae.design.edits.things import with_charge, with_layer
from flagsae.design.settling import prices
from flagsae.design.settling.step import COLOURS

HURT = 0.06  # the price from which a thing moves, goes or gets another colour
NEUTRAL = ("white", "yellow", "black")  # colours that are tried besides those that are wanted and there
VARIANTS = 3  # of a new thing, in different colours, that are compared
EDGED = ("cross", "saltire", "band", "pall")  # figures that get an edge where they would not be seen
MOUTH = 1.3  # radii of a crescent, within which its star stands


def with_room(base: Design, new: Design, known: Mapping[Hashable, float], wanted: Sequence[str]) -> Iterator[Design]:
    """A design with a new thing; where it hurts, in other colours, or with what it meets moved or gone."""
    variants = [new]
    own = [one for one in hurt(new, known) if one not in known]
    if own:
        variants += in_colours(base, new, own[0], known, wanted)
    yield from variants
    met = dict.fromkeys(one for each in variants for one in hurt(each, known) if one in known)
    if met:
        for each in variants:
            yield cleared(each, [*met], known)
            yield from _moved(base, each, [*met])


def in_colours(
    base: Design, new: Design, key: Hashable, known: Mapping[Hashable, float], wanted: Sequence[str]
) -> list[Design]:
    """A new thing in colours in which it hurts least, or with an edge."""
    colours = list(dict.fromkeys((*wanted[:COLOURS], *base.colours(), *NEUTRAL)))
    found = [one for colour in colours for one in [_with_colour(new, key, colour)] if one is not None]
    figure = prices.layers_of(key)
    if len(figure) == 1 and figure[0].figure in EDGED and figure[0] in new.layers:
        top, at = figure[0], new.layers.index(figure[0])
        for own in [top.colours[0], *wanted[:1], *base.colours()][:COLOURS]:
            for edge in dict.fromkeys((*base.colours(), *NEUTRAL)):
                if edge != own:
                    layers = edged(replace(top, colours=(own,)), (edge,))
                    found.append(replace(new, layers=(*new.layers[:at], *layers, *new.layers[at + 1 :])))
    cost = {one: round(prices.price(one, known), 1) for one in found}
    return sorted(dict.fromkeys(found), key=lambda one: cost[one])[:VARIANTS]


def hurt(design: Design, known: Mapping[Hashable, float]) -> list[Hashable]:
    """What is seen worse on a design than on another, by its `prices.key`. known: the faults of the other."""
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


def cleared(design: Design, gone: Sequence[Hashable], known: Container[Hashable] = ()) -> Design:
    """The design without some figures and charges, and without what stands on these. known: if not empty, all but new
    things, which stay."""
    layers = [layer for key in gone for layer in prices.layers_of(key)]
    numbers = {number for number, one in enumerate(design.charges) if prices.key(one) in gone}
    on = {at for number in numbers for at in standing_on(design, number)}
    numbers |= {at for at in on if not known or prices.key(design.charges[at]) in known}
    return replace(
        design,
        layers=tuple(one for one in design.layers if one not in layers),
        charges=tuple(one for number, one in enumerate(design.charges) if number not in numbers),
    )


def _moved(base: Design, new: Design, met: Sequence[Hashable]) -> Iterator[Design]:
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
    hit = [at for at, one in enumerate(new.charges) if prices.key(one) in met and len(one.places) == 1]
    if not hit:
        return
    number = max(hit, key=lambda one: new.charges[one].places[0].radius)
    together = [number, *standing_on(new, number)]
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


def standing_on(level: Design, number: int) -> list[int]:
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
