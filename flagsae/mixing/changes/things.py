"""A thing in place of another, one less, one more."""

from __future__ import annotations

import math
from dataclasses import replace

from flagsae.design import layout
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.edit import VERBS
from flagsae.design.edits import figures
from flagsae.design.edits.contrast import (
    ALIKE,
    HIDDEN,
    STANDS,
    Contrast,
    marked,
    shares,
    tinted,
    under_charge,
    under_layers,
)
from flagsae.design.edits.reader import Edit
from flagsae.design.edits.task import Task
from flagsae.design.edits.things import inner, lies_across, put, things, with_charge
from flagsae.design.phrases import GROUNDS, LINES, NOUNS, Phrase
from flagsae.design.shades import family
from flagsae.errors import SentenceError
from flagsae.mixing.changes import arranging, colours
from flagsae.mixing.said import Said

SMALL, SEVERAL = 0.75, 1.5  # amounts: up to the first a thing is small, from the second on it is big, or there are two
MOST = 50  # of a charge
BESIDE = 0.1  # of the flag: what a canton lies beside
ON = 0.5  # of its radius: a charge on one that has come in the place of a crescent
# Figures of which a flag has one, with those that are in their place.
CROSSES = ("cross", "Nordic cross")
ALONE = {"border": ("border",), "saltire": ("saltire",), "pall": ("pall",), **dict.fromkeys(CROSSES, CROSSES)}
EXAMPLES = ("red", "blue", "green", "yellow", "orange")  # colours to give
STRIPES = ("horizontal stripe", "vertical stripe")


def exchanged(task: Task, design: Design, old: Said, new: Said, amount: float) -> Design:
    """One thing in place of another, in its colours if none are said. Raises `SentenceError` where the first is not on
    the flag, or cannot become the other."""
    phrase = sized(new.phrase, amount)
    edit = Edit("turn", old.phrase, replace(phrase, count=phrase.count if phrase.count > 1 else 0), plain=old.plain)
    if phrase.noun == "border":
        raise SentenceError("a border takes no thing's place", new.text, 0, len(new.text))
    after = VERBS["turn"](task, design, edit)
    if lies_across(phrase) and after.charges and len(after.charges) < len(design.charges):
        raise SentenceError("what stands with it would stand on it", new.text, 0, len(new.text))
    after = _apart(design, after)
    return arranging.centred(after) if len(after.charges) > len(design.charges) else after


def removed(task: Task, design: Design, said: Said) -> Design:
    """Without a thing; what stood with it stands as it would alone. Raises `SentenceError` where it is not there."""
    return arranging.rearranged(design, VERBS["remove"](task, design, said.edit("remove")))


def added(task: Task, design: Design, said: Said, amount: float) -> Design:
    """With a thing more, where a designer would have it. Raises `SentenceError` where that cannot be."""
    phrase = sized(said.phrase, amount)
    noun = phrase.noun
    edit = replace(said.edit("add"), what=phrase)
    if edit.verb == "edge" or (not noun and phrase.edges):
        return VERBS["edge"](task, design, said.edit("add"))
    if noun in GROUNDS and noun not in STRIPES:
        return VERBS["set"](task, design, replace(edit, verb="set"))
    if noun in STRIPES and said.many and phrase.colours:
        design = colours.tinted_with(design, phrase.colours[0], task.palette)
        if (found := colours.banded(design, phrase.colours[0], task.palette)) is not None:
            return found
    if noun in STRIPES and len(design.layers[0].colours) == 1:
        phrase = _as_bar(phrase, design)
    if lies_across(phrase):
        if (old := _there(design, noun)) is None:
            return _with_figure(task, design, phrase)
        if not phrase.colours:
            other = next((name for name in EXAMPLES if name not in map(family, design.colours())), "grey")
            raise SentenceError(
                f"there is one already; a colour for it: + {other} {noun}", said.text, 0, len(said.text)
            )
        return VERBS["turn"](task, design, Edit("turn", Phrase(old, count=0), phrase))
    if noun == "emblem" and phrase.count < 2 and any(one.phrase.noun == noun for one in things(design)):
        raise SentenceError("there is one already; a second one would be + 2*emblem", said.text, 0, len(said.text))
    if noun in ("canton", "Union Jack"):
        return _with_canton(task, design, said, phrase)
    if noun in STRIPES:
        after = VERBS["add"](task, design, edit)
        new = [layer for layer in after.layers if layer not in design.layers]
        return arranging.beside(after, new[0]) if len(new) == 1 else after
    return _seen(task, design, VERBS["add"](task, design, edit), phrase)


def _there(design: Design, noun: str) -> str | None:
    """What a figure of which there is no second is called on a design that has one; None where it has none."""
    return next((one.phrase.noun for one in things(design) if one.phrase.noun in ALONE.get(noun, ())), None)


def sized(phrase: Phrase, amount: float) -> Phrase:
    """A phrase with the number or size that an amount means, if it says none itself."""
    noun = NOUNS.get(phrase.noun)
    if noun is None:
        return phrase
    if amount >= SEVERAL and noun.counted and not lies_across(phrase):
        return replace(phrase, count=min(MOST, max(1, phrase.count) * round(amount)))
    takes_size = (noun.counted or phrase.noun in LINES) and not phrase.size
    if takes_size and (amount >= SEVERAL or amount <= SMALL):
        return replace(phrase, size="big" if amount >= SEVERAL else "small")
    return phrase


def _with_canton(task: Task, design: Design, said: Said, phrase: Phrase) -> Design:
    """With a canton, and the charges out of its way. A Union Jack takes the place of a canton that is there."""
    if any(layer.inside is not None for layer in design.layers):
        if phrase.noun == "canton":
            reason = "there is one already; a colour for it would be in brackets, [blue canton]"
            raise SentenceError(reason, said.text, 0, len(said.text))
        return VERBS["turn"](task, design, Edit("turn", Phrase("canton", count=0), Phrase("Union Jack")))
    if phrase.noun == "canton" and not phrase.colours:
        phrase = replace(phrase, colours=(_of_canton(task, design),))
    layer = layout.canton_layer([replace(phrase, count=1, place="canton")], design.layers[0], design.aspect)
    free = arranging.beside(design, layer)
    return replace(free, layers=(*free.layers, layer))


def _of_canton(task: Task, design: Design) -> str:
    """A colour for a canton, seen on what lies under it and beside it."""
    width, height = layout.CANTON
    around = Layer("rectangle", ("white",), (0.0, 0.0, width + BESIDE, height + BESIDE))
    probe = replace(design, layers=(*design.layers, around))
    under = under_layers(probe, [len(design.layers)], task.palette)
    seen = [name for name, share in under.items() if share >= STANDS / 2]
    return colours.chosen(Contrast(design, task.palette), seen, colours.by_share(design, task.palette), task.barred)


def _as_bar(phrase: Phrase, design: Design) -> Phrase:
    """A stripe on a plain field: a bar, at an edge that charges leave free."""
    upright = phrase.noun == STRIPES[1] or phrase.place in ("hoist", "fly")
    place = phrase.place or (("hoist" if upright else "bottom") if design.charges else "centre")
    return replace(phrase, noun="bar" if upright else "horizontal bar", size=phrase.size or "small", place=place)


def _with_figure(task: Task, design: Design, phrase: Phrase) -> Design:
    """A figure of the ground below the cantons, a border over them; with the charges out of its way."""
    at = len(design.layers) if phrase.noun == "border" else figures.below_cantons(design)
    bare = replace(phrase, count=1, edges=())
    (own,) = layout.figure_layers(replace(bare, colours=phrase.colours[:1] or ("white",)))
    free = arranging.in_quarter(arranging.beside(design, own), own)
    if not phrase.colours:
        below = replace(free, layers=(*free.layers[:at], own))
        under = under_layers(below, [at], task.palette)
        seen = [name for name, share in under.items() if share >= STANDS]
        seen += [name for one in free.layers if one.inside is not None for name in one.inside.layers[0].colours[:1]]
        probe = replace(free, layers=(*free.layers[:at], own, *free.layers[at:]))
        beside = [*seen, *_standing_on(task, probe, at)]
        order = colours.by_share(free, task.palette)
        own = replace(own, colours=(colours.chosen(Contrast(free, task.palette), beside, order, task.barred),))
    figure = figures.edged(own, phrase.edges)
    if len(figure) == 1:
        figure = colours.told_apart(free, own, at, task.barred, task.palette)
    return replace(free, layers=(*free.layers[:at], *figure, *free.layers[at:]))


def _standing_on(task: Task, design: Design, number: int) -> list[str]:
    """The colours of charges that are seen on the figure that is a layer of this number."""
    layers = (*design.layers[:number], replace(design.layers[number], colours=("mark",)))
    bare, full = replace(design, layers=layers, charges=()), replace(design, layers=layers)
    on = marked(bare, task.palette) & ~marked(full, task.palette)
    return list(shares(design, task.palette, on)) if on.any() else []


def _seen(task: Task, design: Design, after: Design, phrase: Phrase) -> Design:
    """The design with its new charge in a colour that is seen: one that is said has an edge where it needs it."""
    for path in ((), *((at,) for at, layer in enumerate(after.layers) if layer.inside is not None)):
        level = inner(after, path)
        old = inner(design, path).charges if len(design.layers) > (path or (0,))[0] else ()
        new = [at for at, one in enumerate(level.charges) if one not in old]
        for at in new:
            level = with_charge(level, at, _coloured(task, tinted(level, task.palette), at, phrase))
        after = put(after, path, level)
    return after


def _coloured(task: Task, level: Design, at: int, phrase: Phrase) -> Charge:
    charge = level.charges[at]
    if charge.shape == CUT_OUT:
        return charge
    under = under_charge(level, at, task.palette)
    contrast = Contrast(level, task.palette)
    beside = [name for name, share in under.items() if share >= STANDS]
    order = colours.by_share(replace(level, charges=level.charges[:at]), task.palette)
    if not phrase.colours:
        barred = family(charge.colours[0]) in task.barred
        unseen = any(contrast.between(charge.colours[0], name) < ALIKE for name in beside)
        if phrase.noun == "emblem" or barred or unseen:
            new = colours.chosen(contrast, beside, order, task.barred)
            charge = replace(charge, colours=(new, *charge.colours[1:]))
        return charge
    alike = sum(share for name, share in under.items() if contrast.between(name, charge.colours[0]) < ALIKE)
    if alike > HIDDEN and len(charge.colours) == 1:
        edge = colours.chosen(contrast, [*beside, charge.colours[0]], order, task.barred)
        charge = replace(charge, colours=(*charge.colours, edge), edge=round(layout.EDGED / 3, 6))
    return charge


def _apart(before: Design, after: Design) -> Design:
    """What stood in the mouth of a crescent that is something else now stands on that, and both in the middle of a
    plain field."""
    old = [one for one in before.charges if one.shape == "crescent" and len(one.places) == 1]
    for crescent in old:
        (place,) = crescent.places
        at = next((at for at, one in enumerate(after.charges) if one.places[0] == replace(place, turn=0.0)), None)
        if at is None or after.charges[at].shape == "crescent":
            continue
        inside = [
            number
            for number, one in enumerate(after.charges)
            if number != at
            and len(one.places) == 1
            and math.hypot((one.places[0].x - place.x) * after.aspect, one.places[0].y - place.y)
            < place.radius + one.places[0].radius
        ]
        charges = list(after.charges)
        for number in inside:
            other = charges[number]
            spot = replace(place, radius=round(min(other.places[0].radius, ON * place.radius), 6), turn=0.0)
            colour = after.layers[0].colours[0] if len(after.layers[0].colours) == 1 else other.colours[0]
            charges[number] = replace(other, places=(spot,), colours=(colour, *other.colours[1:]))
        order = [at, *(number for number in range(len(charges)) if number != at)] if inside else range(len(charges))
        after = replace(after, charges=tuple(charges[number] for number in order))
        after = arranging.centred(after)
    return after
