"""Things and colours that become others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flagsae.design import layout
from flagsae.design.design import Design
from flagsae.design.edits import charges, colours, figures
from flagsae.design.edits.changing import with_said
from flagsae.design.edits.contrast import shares, tinted, under_charge
from flagsae.design.edits.grounds import as_ground
from flagsae.design.edits.lexicon import ANY
from flagsae.design.edits.reader import Edit
from flagsae.design.edits.task import Task
from flagsae.design.edits.things import (
    Thing,
    inner,
    lies_across,
    noun_of,
    put,
    upwards,
    with_charge,
    with_layer,
    with_layers,
    without,
    without_details,
)
from flagsae.design.phrases import GROUNDS, LINES, Phrase
from flagsae.design.shades import family, meant
from flagsae.design.shapes import SHAPES
from flagsae.errors import UnknownName

# Colours.


def recolour(task: Task, design: Design, edits: Sequence[Edit]) -> Design:
    """Colours for others, all at once: "red->blue, blue->red" changes the two."""
    names = list(design.colours())
    new: dict[str, str] = {}
    for edit in edits:
        pairs = [(edit.what, edit.into)]
        if edit.verb == "swap":
            pairs.append((edit.into, edit.what))
        for old, into in pairs:
            found = task.names(design, edit, old)
            # In a swap a colour becomes the other as it is on the flag.
            there = meant(into.colours[0], names) if edit.verb == "swap" else []
            for name in found:
                new.setdefault(name, there[0] if there else into.colours[0])
    task.barred |= {family(name) for name in new if not meant(family(name), new.values())}
    return tinted(colours.recoloured(design, new), task.palette)


def in_colours(task: Task, design: Design, edit: Edit) -> Design:
    """In those of another flag; or in those of a list, which take the place of the flag's own, each in its turn."""
    if not edit.flag:
        new = dict(zip(design.colours(), edit.colours, strict=False))
        task.notes += [f"{name} is not used" for name in edit.colours[len(new) :]]
        kept = tuple(tint for tint in design.tints if tint[0] not in edit.colours)
        return tinted(replace(colours.recoloured(design, new), tints=kept), task.palette)
    if task.flag_of is None:
        raise task.wrong("which colours? Write colours red, white, green", edit)
    try:
        flag = task.flag_of(edit.flag)
    except UnknownName as error:
        raise task.wrong(str(error), edit) from None
    both = tuple({**dict(design.tints), **dict(flag.tints)}.items())
    drawn = colours.in_colours(replace(design, tints=both), shares(flag, task.palette), task.palette)
    return tinted(replace(drawn, tints=flag.tints), task.palette)


# Things.


def swap(task: Task, design: Design, edit: Edit) -> Design:
    """Two kinds of charges change places: each becomes the other."""
    first, second = (task.find(design, edit, phrase) for phrase in (edit.what, edit.into))
    if any(thing.part != "charge" for thing in (*first, *second)):
        raise task.wrong("only charges and colours change places: star<->crescent, red<->blue", edit)
    shapes = [inner(design, one[0].path).charges[one[0].at[0]] for one in (second, first)]
    for group, like in zip((first, second), shapes, strict=True):
        for thing in group:
            level = inner(design, thing.path)
            charge = level.charges[thing.at[0]]
            new = charges.as_shape(charge, like)
            design = put(design, thing.path, with_charge(level, thing.at[0], new))
    return design


def turn(task: Task, design: Design, edit: Edit) -> Design:
    """A thing becomes another, or gets what the other side says."""
    into = edit.into
    found = upwards(task.find(design, edit, edit.what))
    if into.noun and (grounds := [one for one in found if one.part == "ground"]):
        return as_ground(task, design, edit, grounds[0], into)
    if not into.noun or into.noun == ANY:
        return with_said(task, design, edit, found, into)
    last = found[-1]
    for thing in found:
        design, new = become(task, design, edit, thing, into)
        # Of several groups one gets the number that is said.
        design = with_said(task, design, edit, [new], into if thing is last else replace(into, count=0))
    return design


def become(task: Task, design: Design, edit: Edit, thing: Thing, into: Phrase) -> tuple[Design, Thing]:
    """A charge or figure as something else, with its colours and edges, where it was."""
    level = inner(design, thing.path)
    if thing.part == "canton" and into.noun == "Union Jack":
        layer = replace(level.layers[thing.at[0]], inside=layout.flag([Phrase("Union Jack")]))
        return put(design, thing.path, with_layer(level, thing.at[0], layer)), thing
    if into.noun in ("canton", "Union Jack", *GROUNDS) or thing.part == "canton":
        noun = noun_of(thing.phrase)
        raise task.wrong(f"a {noun} does not become a {into.noun}: take it away and add the other", edit)
    own = thing.phrase
    if not own.colours:  # arms of several colours
        under = under_charge(level, thing.at[0], task.palette)
        own = replace(own, colours=(task.seen(level, under),))
    phrase = Phrase(into.noun, own.colours, own.edges, own.count, into.points)
    charge = layout.shape_of(into.noun) in SHAPES
    if thing.part == "charge" and charge:
        level = without_details(level, thing.at[0])
        old = level.charges[thing.at[0]]
        new = layout.charge_of(phrase, tuple(replace(place, turn=0.0) for place in old.places))
        new = replace(new, edge=old.edge or new.edge)
        return put(design, thing.path, with_charge(level, thing.at[0], new)), replace(thing, phrase=phrase)
    if thing.part == "figure" and charge and not lies_across(replace(into, count=1)):
        place = charges.spot_of(level.layers[thing.at[-1]], layout.shape_of(into.noun), level.aspect)
        new = layout.charge_of(replace(phrase, count=1), (place,))
        level = inner(without(design, thing), thing.path)
        level = replace(level, charges=(new, *level.charges))
        return put(design, thing.path, level), Thing(phrase, "charge", thing.path, (0,))
    size = own.size if {into.noun, own.noun} <= {*LINES} and thing.part == "figure" else ""
    phrase = replace(phrase, count=1, size=size, place=into.place)
    (layer,) = layout.figure_layers(replace(phrase, edges=(), colours=phrase.colours[:1]))
    layers = figures.edged(layer, phrase.edges)
    if thing.part == "figure":
        first, level = thing.at[0], with_layers(level, thing, layers)
    else:
        level = with_charge(without_details(level, thing.at[0]), thing.at[0], None)
        first = figures.below_cantons(level)
        level = replace(level, layers=(*level.layers[:first], *layers, *level.layers[first:]))
    at = tuple(range(first, first + len(layers)))
    return put(design, thing.path, level), Thing(phrase, "figure", thing.path, at)
