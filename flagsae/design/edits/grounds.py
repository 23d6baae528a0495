"""Another ground in the place of one, and stripes that are otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flagsae.design import layout
from flagsae.design.design import Design, Layer
from flagsae.design.edits import stripes
from flagsae.design.edits.reader import Edit
from flagsae.design.edits.task import Task
from flagsae.design.edits.things import STRIPES, Thing, details, inner, put, things
from flagsae.design.phrases import GROUNDS, Phrase

MOST_STRIPES = 60
SLOTS = {"field": 1, "quarters": 4, "diagonally halved": 2, "wedges": 2}  # colours of a ground that is no stripes


def set_ground(task: Task, design: Design, edit: Edit, thing: Thing) -> Design:
    """The ground as a phrase says it. thing: what fills the flag."""
    what = edit.what
    own = thing.phrase.noun
    if what.noun in STRIPES:
        if own == what.noun or (edit.plain and own in STRIPES):
            return set_stripes(task, design, edit, thing, what)
        if own not in STRIPES:  # those of the canton
            inside = [one for one in things(design) if one.part == "ground" and one.phrase.noun in STRIPES]
            if inside:
                return set_stripes(task, design, edit, inside[0], what)
            if not what.colours:
                task.find(design, edit, what)
    if what.noun == own == "field":
        return on_field(design, what.colours) if what.colours else design
    return as_ground(task, design, edit, thing, what)


def as_ground(task: Task, design: Design, edit: Edit, thing: Thing, into: Phrase) -> Design:
    """Another ground in the place of one: in its colours, where none are said."""
    if into.noun not in GROUNDS:
        raise task.wrong(f"a ground becomes another ground, not a {into.noun}: {', '.join(GROUNDS)}", edit)
    level = inner(design, thing.path)
    base = level.layers[0]
    if into.noun in STRIPES and not into.colours and base.figure in ("stripes", "bars") and len(base.colours) > 1:
        turned = replace(base, figure="stripes" if into.noun == STRIPES[0] else "bars")
        design = put(design, thing.path, stripes.with_ground(level, turned))
        return set_stripes(task, design, edit, thing, into) if into.count or into.edges else design
    layers = layout.ground_layers(_ground_phrase(task, edit, tuple(dict.fromkeys(base.colours)), into))
    rest = stripes.with_ground(level, layers[0]).layers[len(thing.at) :]
    return put(design, thing.path, replace(level, layers=(*layers, *rest)))


def _ground_phrase(task: Task, edit: Edit, own: tuple[str, ...], into: Phrase) -> Phrase:
    """A ground with as many colours as it needs. own: those that the flag has."""
    given = into.colours or own
    count = SLOTS.get(into.noun, into.count or len(given))
    if count > 1 and len(given) == 1:
        raise task.wrong(f"of which colours? Write {into.noun}s red, white, blue".replace("ss ", "s "), edit)
    if into.noun in STRIPES and not 1 < count <= MOST_STRIPES:
        raise task.wrong(f"from 2 to {MOST_STRIPES} stripes can be drawn", edit)
    if into.noun == "quarters" and len(given) < 4:
        given = (*given[:2], *given[1::-1])
    colours = tuple(given[number % len(given)] for number in range(count))
    return Phrase(
        into.noun, colours, into.edges, count, way="top-left" if into.way in ("top-left", "bottom-right") else ""
    )


def set_stripes(task: Task, design: Design, edit: Edit, thing: Thing, what: Phrase) -> Design:
    """Stripes with another number, other colours, edges, or one that is wider."""
    level = inner(design, thing.path)
    base = level.layers[0]
    own = stripes.slots_of(base)
    slots: list[stripes.Slot] = list(own)
    colours = what.colours
    count = what.count or (len(colours) if len(colours) > 2 else len(slots))
    if not 1 < count <= MOST_STRIPES:
        raise task.wrong(f"from 2 to {MOST_STRIPES} stripes can be drawn", edit)
    if count != len(slots):
        slots = stripes.counted(slots, count)
    if colours:
        if len(colours) not in (2, count):
            raise task.wrong(f"{count} stripes have {count} colours, or two in turn, not {len(colours)}", edit)
        slots = [replace(slot, colour=colours[number % len(colours)]) for number, slot in enumerate(slots)]
    if what.other is not None:
        which, times = what.other
        if which >= count:
            raise task.wrong(f"there are {count} stripes", edit)
        slots = [replace(slot, width=times if number == which else 1.0) for number, slot in enumerate(slots)]
    new = stripes.bands(base.figure, slots, what.edges or own.edges)
    return put(design, thing.path, stripes.with_ground(level, new))


def on_field(design: Design, colours: Sequence[str]) -> Design:
    """The design with a plain field in place of its ground, which also shows through details of charges."""
    shown = {at for number in range(len(design.charges)) for at in details(design, number)}
    charges = tuple(
        replace(charge, colours=tuple(colours[:1]) * len(charge.colours)) if at in shown else charge
        for at, charge in enumerate(design.charges)
    )
    return stripes.with_ground(replace(design, charges=charges), Layer("stripes", tuple(colours[:1])))
