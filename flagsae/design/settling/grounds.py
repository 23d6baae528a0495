"""Steps to another ground: other stripes, another colour, a plain field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from flagsae.design import words
from flagsae.design.design import Design, Layer
from flagsae.design.edits import stripes
from flagsae.design.edits.things import details, with_layer
from flagsae.design.settling.gap import GROUND, Gap
from flagsae.design.settling.step import COLOURS, Step

GONE = 0.25  # of what is told of the ground: with so much of it too much, it may go
FIELDS = ("white", "red", "blue", "green", "yellow", "black")  # colours of a field in place of one that is not to be
MOST = 5  # stripes: of a ground that has more, none is added or taken away by itself


def grounds(design: Design, aim: Design, gap: Gap) -> Iterator[Step]:
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
    if gap.too_much(GROUND) >= GONE:
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
    for at in range(min(len(slots), MOST)):
        rest = stripes.merged([one for number, one in enumerate(slots) if number != at])
        yield stripes.with_ground(design, stripes.bands(figure, rest, slots.edges))
    colours = [one.colour for one in slots]
    if len(slots) > 2 and colours == colours[::-1]:  # the same from both sides, as before
        for at in range(len(slots) // 2):
            rest = stripes.merged([one for number, one in enumerate(slots) if number not in (at, len(slots) - 1 - at)])
            yield stripes.with_ground(design, stripes.bands(figure, rest, slots.edges))


def _more_stripes(design: Design, slots: stripes.Slots, colour: str) -> Iterator[Design]:
    figure = design.layers[0].figure
    if len(slots) >= MOST:
        return
    for at in (0, len(slots)):
        beside = slots[0 if at == 0 else -1].colour
        if beside != colour:
            new = [*slots[:at], stripes.Slot(colour, slots[0].width), *slots[at:]]
            yield stripes.with_ground(design, stripes.bands(figure, new, slots.edges))
