"""What is there otherwise: its colours, edges, number, points, size and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flagsae.design import layout
from flagsae.design.design import Design
from flagsae.design.edits import charges, figures, grounds, stripes
from flagsae.design.edits.contrast import shares, under_charge, under_layers
from flagsae.design.edits.reader import Edit
from flagsae.design.edits.task import Task, said
from flagsae.design.edits.things import (
    STRIPES,
    Thing,
    inner,
    matching,
    noun_of,
    put,
    takes_edges,
    things,
    upwards,
    with_charge,
    with_layer,
    with_layers,
    without,
    without_details,
)
from flagsae.design.phrases import GROUNDS, LINES, NOUNS, Phrase
from flagsae.design.reader import MAX_COUNT
from flagsae.design.shades import meant

MOST = MAX_COUNT  # of one charge: what is drawn can be said


def set_said(task: Task, design: Design, edit: Edit) -> Design:
    """What is there gets what a phrase says."""
    what, every = edit.what, things(design)
    bands = [one for one in matching(replace(what, colours=()), edit.plain, every) if one.part == "figure"]
    if what.noun in GROUNDS and not (bands and edit.plain):
        return grounds.set_ground(task, design, edit, every[0])
    # A colour or size that is there already tells which one is meant.
    for colours, size in ((what.colours, what.size), (what.colours, ""), ((), what.size)):
        found = matching(Phrase(what.noun, colours, size=size), edit.plain, every)
        if found:
            return with_said(task, design, edit, found, what)
    found = task.find(design, edit, Phrase(what.noun, start=what.start, end=what.end))
    return with_said(task, design, edit, found, what)


def with_said(task: Task, design: Design, edit: Edit, found: Sequence[Thing], what: Phrase) -> Design:
    """Things with what a phrase says of them."""
    if what.count > 1 and found[0].part != "charge":
        raise task.wrong(f"there is one {noun_of(found[0].phrase)} on a flag, or none", edit, what)
    if what.count and found[0].part == "charge":
        design, found = all_counted(task, design, edit, found, what.count)
    for thing in found:
        design = one_with(task, design, edit, thing, what)
    standing = [one for one in found if one.part == "charge"]
    if what.place and standing:
        return moved(task, design, edit, standing, what.place)
    if what.place and found[0].part == "figure":
        return figure_moved(task, design, edit, found[0], what)
    return design


def one_with(task: Task, design: Design, edit: Edit, thing: Thing, what: Phrase) -> Design:
    """One thing with the colours, form, points, size and edges that a phrase says."""
    level = inner(design, thing.path)
    if what.colours:
        level = coloured(task, level, edit, thing, what.colours)
    resized = what.size and what.size != thing.phrase.size
    if thing.part == "charge":
        number = thing.at[0]
        charge = level.charges[number]
        if what.form and len(charge.places) > 1:
            charge = charges.arranged(level, number, len(charge.places), what.form)
        if what.points and charge.shape in ("star", "sun"):
            pointed = layout.charge_of(Phrase(charge.shape, charge.colours[:1], points=what.points), charge.places)
            charge = replace(charge, numbers=pointed.numbers)
        level = with_charge(level, number, charge)
        if resized:
            times = layout.SIZES[what.size] / layout.SIZES[thing.phrase.size]
            level = charges.resized(level, number, times)
    elif thing.part == "figure" and resized:
        noun = thing.phrase.noun
        if noun not in LINES:
            raise task.wrong(f"a {noun} is bigger or smaller: write bigger {noun}", edit)
        sizes = layout.BARS if noun in ("bar", "horizontal bar") else layout.THICKNESS
        times = sizes[what.size] / sizes[thing.phrase.size]
        level = with_layers(level, thing, figures.scaled([level.layers[number] for number in thing.at], times))
    if what.edges:
        if not takes_edges(design, thing):
            raise task.wrong(f"this {noun_of(thing.phrase)} can have no edge: leave it out", edit)
        level = with_edges(level, thing, what.edges)
    return put(design, thing.path, level)


def coloured(task: Task, level: Design, edit: Edit, thing: Thing, colours: Sequence[str]) -> Design:
    """A thing in a colour; its edges keep theirs."""
    if len(colours) > 1:
        noun = noun_of(thing.phrase)
        raise task.wrong(f"a {noun} has one colour: write {colours[0]} {noun} edged {colours[1]}", edit)
    if thing.part == "charge":
        charge = level.charges[thing.at[0]]
        return with_charge(level, thing.at[0], replace(charge, colours=(colours[0], *charge.colours[1:])))
    if thing.part == "figure":
        return with_layer(level, thing.at[-1], replace(level.layers[thing.at[-1]], colours=(colours[0],)))
    if thing.part == "ground":
        return grounds.on_field(level, colours)
    layer = level.layers[thing.at[0]]
    assert layer.inside is not None
    return with_layer(level, thing.at[0], replace(layer, inside=grounds.on_field(layer.inside, colours)))


# How many and where.


def all_counted(
    task: Task, design: Design, edit: Edit, found: Sequence[Thing], count: int
) -> tuple[Design, Sequence[Thing]]:
    """So many of some things in all: the group with the most of them has more or fewer; if that is not enough, it alone
    is left."""
    most = max(found, key=lambda one: one.phrase.count)
    others = [one for one in found if one is not most]
    rest = sum(one.phrase.count for one in others)
    if count > rest:
        return counted(task, design, most, count - rest, edit), found
    for thing in upwards(others):
        design = without(design, thing)
    before = sum(one.path == most.path and one.at < most.at for one in others)
    most = replace(most, at=(most.at[0] - before,))
    return counted(task, design, most, count, edit), [most]


def counted(task: Task, design: Design, thing: Thing, count: int, edit: Edit) -> Design:
    """So many of a charge, about where it stands."""
    if count > MOST:
        raise task.wrong(f"from 1 to {MOST} of a thing can be drawn", edit)
    level = inner(design, thing.path)
    if count == len(level.charges[thing.at[0]].places):
        return design
    level = without_details(level, thing.at[0])
    return put(design, thing.path, with_charge(level, thing.at[0], charges.arranged(level, thing.at[0], count)))


def moved(task: Task, design: Design, edit: Edit, found: Sequence[Thing], place: str) -> Design:
    """Charges at another place, with what stands on them."""
    cantons = [number for number, layer in enumerate(design.layers) if layer.inside is not None]
    paths = {thing.path for thing in found}
    if len(paths) > 1:
        raise task.wrong("some stand in the canton and some do not: they cannot be moved together", edit)
    (path,) = paths
    numbers = [thing.at[0] for thing in found]
    if place == "canton" and cantons and not path:
        return charges.into_canton(design, numbers, cantons[-1])
    if place == "canton" and path:
        return design
    if path:
        design, numbers = charges.out_of_canton(design, numbers, path[0])
    return charges.moved(design, numbers, place)


def figure_moved(task: Task, design: Design, edit: Edit, thing: Thing, what: Phrase) -> Design:
    phrase = thing.phrase
    if not NOUNS[phrase.noun].placed or thing.path:
        raise task.wrong(f"a {phrase.noun} has one place: it stays where it is", edit)
    (own,) = layout.figure_layers(replace(phrase, edges=(), place=what.place, colours=phrase.colours[:1]))
    own = replace(own, colours=design.layers[thing.at[-1]].colours)
    return with_layers(design, thing, figures.edged(own, phrase.edges))


# Edges and sizes.


def edge(task: Task, design: Design, edit: Edit) -> Design:
    """Edges for the things that a phrase means, or for all charges, or else the figures, or the stripes; in a colour
    that is seen, where none is said."""
    if edit.what.noun:
        found = [one for one in task.find(design, edit, edit.what) if takes_edges(design, one)]
    else:
        every = [one for one in things(design) if takes_edges(design, one)]
        parts = {part: [one for one in every if one.part == part] for part in ("charge", "figure", "ground")}
        found = parts["charge"] or parts["figure"] or parts["ground"]
    if not found:
        raise task.wrong(f"nothing here can have an edge: {said(design)}", edit)
    for thing in upwards(found):
        level = inner(design, thing.path)
        level = with_edges(level, thing, edit.colours or (_edge_colour(task, level, thing),))
        design = put(design, thing.path, level)
    return design


def _edge_colour(task: Task, level: Design, thing: Thing) -> str:
    """A colour that is seen beside a thing's own and on what it lies on."""
    if thing.part == "charge":
        under = under_charge(level, thing.at[0], task.palette)
    elif thing.part == "figure":
        under = under_layers(level, thing.at, task.palette)
    else:
        under = shares(replace(level, layers=level.layers[:1], charges=()), task.palette)
    return task.seen(level, {**under, **dict.fromkeys(thing.phrase.colours, 1.0)})


def with_edges(level: Design, thing: Thing, edges: Sequence[str]) -> Design:
    """A thing with these edges, from the inside out, in place of its own."""
    if thing.part == "charge":
        charge = level.charges[thing.at[0]]
        edge = round(layout.EDGED / (len(edges) + 2), 6) if edges else 0.0
        return with_charge(level, thing.at[0], replace(charge, colours=(charge.colours[0], *edges), edge=edge))
    if thing.part == "ground":
        slots = stripes.slots_of(level.layers[0])
        return stripes.with_ground(level, stripes.bands(level.layers[0].figure, slots, edges))
    return with_layers(level, thing, figures.edged(level.layers[thing.at[-1]], edges))


def scale(task: Task, design: Design, edit: Edit) -> Design:
    """Things so many times as large or thick."""
    for thing in upwards(task.find(design, edit, edit.what)):
        level = inner(design, thing.path)
        if thing.part == "charge":
            level = charges.resized(level, thing.at[0], edit.times)
        elif thing.part in ("figure", "canton"):
            new = figures.scaled([level.layers[number] for number in thing.at], edit.times)
            level = with_layers(level, thing, new)
        elif thing.phrase.noun in STRIPES and edit.what.colours:
            slots = stripes.slots_of(level.layers[0])
            wide = [
                replace(slot, width=slot.width * edit.times) if meant(edit.what.colours[0], [slot.colour]) else slot
                for slot in slots
            ]
            level = stripes.with_ground(level, stripes.bands(level.layers[0].figure, wide, slots.edges))
        else:
            raise task.wrong("which of them? Write bigger red stripe", edit)
        design = put(design, thing.path, level)
    return design
