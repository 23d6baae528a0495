"""One thing more on a flag: a charge, a figure, a stripe, a canton."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flagsae.design import layout, words
from flagsae.design.design import Design, Layer
from flagsae.design.edits import charges, figures, placing, stripes
from flagsae.design.edits.changing import MOST, counted
from flagsae.design.edits.contrast import under_layers
from flagsae.design.edits.grounds import MOST_STRIPES
from flagsae.design.edits.reader import Edit
from flagsae.design.edits.task import Task
from flagsae.design.edits.things import STRIPES, Thing, details, inner, lies_across, matching, named, put
from flagsae.design.phrases import GROUNDS, Phrase


def add(task: Task, design: Design, edit: Edit) -> Design:
    what = edit.what
    noun = what.noun
    if edit.plain and noun in STRIPES and design.layers[0].figure in ("stripes", "bars"):
        base = design.layers[0]
        if len(base.colours) > 1:
            return more_stripes(task, design, edit)
        noun = "horizontal bar" if what.place not in ("hoist", "fly") else "bar"
        place = what.place or ("bottom" if design.charges else "centre")
        what = replace(what, noun=noun, size=what.size or "small", place=place)
    elif noun in STRIPES and design.layers[0].figure in ("stripes", "bars"):
        if words.ground_of(design.layers)[0].noun == noun:
            return more_stripes(task, design, edit)
        noun = "bar" if noun == "vertical stripe" else "horizontal bar"
        what = replace(what, noun=noun, size=what.size or "small")
    if noun in ("canton", "Union Jack"):
        return add_canton(task, design, edit)
    if noun in GROUNDS:
        raise task.wrong(f"a flag has one ground: write {noun} in place of +{noun}, with its colours", edit, what)
    if lies_across(what):
        return add_figure(task, design, edit, what)
    if not (what.colours or what.edges or what.place or what.on or what.points or what.size or what.form):
        whole = [thing for thing, noun in named(design) if thing.part == "charge" and noun and _is_bare(design, thing)]
        same = matching(what, False, whole)
        if same:
            most = max(same, key=lambda one: one.phrase.count)
            if most.phrase.count == 1 and len(same) > 1:
                if len(same) + what.count > MOST:
                    raise task.wrong(f"from 1 to {MOST} of a thing can be drawn", edit)
                return _among(design, [one for one in same if one.path == most.path], max(1, what.count))
            return counted(task, design, most, most.phrase.count + max(1, what.count), edit)
    if what.on:
        what = on(task, design, edit, what)
    path, charge = placing.placed(design, replace(what, count=max(1, what.count)), task.palette)
    level = inner(design, path)
    return put(design, path, replace(level, charges=(*level.charges, charge)))


def _is_bare(design: Design, thing: Thing) -> bool:
    """Whether nothing stands on a charge: with something on it, it does not become several."""
    level = inner(design, thing.path)
    held = charges.with_held(level, [thing.at[0]])
    return len(held) - 1 == len(details(level, thing.at[0]))


def on(task: Task, design: Design, edit: Edit, what: Phrase) -> Phrase:
    """A phrase with the place of what it is to stand on."""
    under = task.find(design, edit, Phrase(what.on, count=0))[-1]
    place = "canton" if under.path else under.phrase.place or "centre"
    return replace(what, on="", place=place)


def _among(design: Design, same: Sequence[Thing], count: int) -> Design:
    """So many more among several that differ in size: as the last of them."""
    level = inner(design, same[0].path)
    numbers = [one.at[0] for one in same]
    last = level.charges[numbers[-1]]
    new = replace(last, places=charges.more_places(level, numbers, count))
    return put(design, same[0].path, replace(level, charges=(*level.charges, new)))


def more_stripes(task: Task, design: Design, edit: Edit) -> Design:
    what, base = edit.what, design.layers[0]
    slots = stripes.slots_of(base)
    colour = what.colours[0] if what.colours else ""
    new = stripes.with_stripe(slots, colour, max(1, what.count), what.place)
    if len(new) > MOST_STRIPES:
        raise task.wrong(f"from 2 to {MOST_STRIPES} stripes can be drawn", edit)
    return stripes.with_ground(design, stripes.bands(base.figure, new, slots.edges))


def add_canton(task: Task, design: Design, edit: Edit) -> Design:
    if any(layer.inside is not None for layer in design.layers):
        raise task.wrong("there is a canton already: take that away first", edit)
    what = replace(edit.what, place="canton", count=1)
    if what.noun == "canton" and not what.colours:
        canton = _canton(replace(what, colours=("white",)), design)
        under = under_layers(
            replace(design, layers=(*design.layers, Layer("rectangle", ("white",), (0, 0, *canton.numbers)))),
            [len(design.layers)],
            task.palette,
        )
        what = replace(what, colours=(task.seen(design, under),))
    canton = _canton(what, design)
    width, height = canton.numbers
    spots = [charges.middle(charge, design.aspect) for charge in design.charges]
    inside = [number for number, (x, y) in enumerate(spots) if x < width and y < height]
    new = replace(design, layers=(*design.layers, canton))
    if inside:
        task.notes.append("what stood in the upper hoist stands at the fly now")
        new = charges.moved(new, inside, "fly")
    return new


def add_figure(task: Task, design: Design, edit: Edit, what: Phrase) -> Design:
    """Below the cantons; a border over them."""
    what = replace(what, count=1, edges=())
    at = len(design.layers) if what.noun == "border" else figures.below_cantons(design)
    (own,) = layout.figure_layers(replace(what, colours=what.colours[:1] or ("white",)))
    below = replace(design, layers=(*design.layers[:at], own))
    if not what.colours:
        own = replace(own, colours=(task.seen(design, under_layers(below, [at], task.palette)),))
    figure = figures.edged(own, edit.what.edges)
    return replace(design, layers=(*design.layers[:at], *figure, *design.layers[at:]))


def _canton(phrase: Phrase, design: Design) -> Layer:
    return layout.canton_layer([phrase], design.layers[0], design.aspect)
