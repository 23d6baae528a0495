"""Less on a flag: a thing, one of several, a colour, a stripe, edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flagsae.design.design import Design, Layer
from flagsae.design.edits import stripes
from flagsae.design.edits.changing import counted, with_edges
from flagsae.design.edits.colours import without_colours
from flagsae.design.edits.reader import Edit
from flagsae.design.edits.task import Task, said
from flagsae.design.edits.things import STRIPES, Thing, inner, matching, put, things, upwards, without
from flagsae.design.shades import family, meant


def remove(task: Task, design: Design, edit: Edit) -> Design:
    what = edit.what
    if what.edges:
        return _without_edges(task, design, edit)
    if not what.noun:
        return _without_colours(task, design, edit)
    found = task.find(design, edit, what)
    if found[0].part == "ground":
        return _without_stripes(task, design, edit, found[0])
    if what.count:
        return _fewer(task, design, edit, found)
    for thing in upwards(found):
        design = without(design, thing)
    return design


def _without_colours(task: Task, design: Design, edit: Edit) -> Design:
    names = list(design.colours())
    gone = {name for colour in edit.what.colours for name in task.names(design, edit, edit.what, colour)}
    if gone == {*names}:
        raise task.wrong(f"nothing would be left: {names[0]}->green gives it another colour", edit)
    task.barred |= {family(name) for name in gone}
    new = without_colours(design, gone, task.barred, task.palette)
    left = list(new.colours())
    if len(left) == 1:
        task.notes.append(f"nothing but {left[0]} is left: {edit.what.colours[0]}->green would keep what is on it")
    task.notes += [f"{name} fills what had no colour any more" for name in left if name not in names]
    return new


def _without_stripes(task: Task, design: Design, edit: Edit, thing: Thing) -> Design:
    """One stripe fewer, or as many as are said; all of them, or all of a colour, where several are meant."""
    what = edit.what
    level = inner(design, thing.path)
    base = level.layers[0]
    if thing.phrase.noun not in STRIPES:
        raise task.wrong(
            "every flag has a ground: write red field in its place, or three stripes, red, white, blue", edit
        )
    slots = stripes.slots_of(base)
    if edit.many and not what.count and not what.colours:
        widest = max(slots, key=lambda slot: slot.width)
        return put(design, thing.path, stripes.with_ground(level, Layer("stripes", (widest.colour,))))
    at = [number for number, slot in enumerate(slots) if not what.colours or meant(what.colours[0], [slot.colour])]
    if not at:
        raise task.wrong(f"there is no such stripe on it: {said(design)}", edit, what)
    count = what.count or (len(at) if edit.many else 1)
    left = [slot for number, slot in enumerate(slots) if number not in at[-count:]]
    if not left:
        raise task.wrong("no stripe would be left: write red field in their place", edit)
    return put(design, thing.path, stripes.with_ground(level, stripes.bands(base.figure, left, slots.edges)))


def _fewer(task: Task, design: Design, edit: Edit, found: Sequence[Thing]) -> Design:
    """So many of some things less: of the largest group first."""
    count = edit.what.count
    there = sum(one.phrase.count for one in found)
    if count > there:
        raise task.wrong(f"there {'is' if there == 1 else 'are'} {there} of them: {said(design)}", edit)
    while count:
        thing = max(found, key=lambda one: one.phrase.count)
        taken = min(count, thing.phrase.count)
        left = thing.phrase.count - taken
        design = counted(task, design, thing, left, edit) if left else without(design, thing)
        count -= taken
        if count:
            found = task.find(design, edit, replace(edit.what, count=0))
    return design


def _without_edges(task: Task, design: Design, edit: Edit) -> Design:
    what = edit.what
    every = things(design)
    found = matching(replace(what, edges=()), edit.plain, every) if what.noun else every

    def left(thing: Thing) -> tuple[str, ...]:
        gone = {
            name
            for colour in what.edges
            for name in (meant(colour, thing.phrase.edges) if colour else thing.phrase.edges)
        }
        return tuple(name for name in thing.phrase.edges if name not in gone)

    edged = [one for one in found if left(one) != one.phrase.edges]
    if not edged:
        raise task.wrong(f"there is no such edge on it: {said(design)}", edit)
    for thing in upwards(edged):
        design = put(design, thing.path, with_edges(inner(design, thing.path), thing, left(thing)))
    return design
