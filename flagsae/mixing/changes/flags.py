"""A flag with a minus: what it shows and the design shows too goes.

Its things come first: what is of one kind and one colour on both, a Union Jack, a canton, arms. Where they share none,
a colour goes, if something is left; and where they share no colour either, what is of one kind alone. What all flags of
the sum but one have is theirs: a Nordic cross stays in norway - sweden + finland.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flagsae.design.design import CUT_OUT, Design
from flagsae.design.edits import stripes
from flagsae.design.edits.contrast import shares
from flagsae.design.edits.things import Thing, inner, things, upwards, without
from flagsae.design.shades import family
from flagsae.design.vocabulary import listed
from flagsae.flags.palette import Palette
from flagsae.mixing.changes import arranging, colours

WHOLE = 0.75  # amount over that of the flags: up to it one thing goes, or one colour
MORE = 1.5  # from it on all colours that both have go, but for two
MAIN = 0.02  # of a flag: a colour with less of it is not shared
MOST_LEFT = 3  # colours that become stripes where a figure was all that a flag had
PLAIN = ("white", "black")  # which go last: most flags have them
FIGURES = ("cross", "saltire", "band", "pall")


@dataclass(frozen=True)
class Taken:
    """What a minus did."""

    design: Design
    gone: tuple[str, ...] = ()
    """Families of colours that went."""
    why_not: str = ""
    """Where nothing went: why, and what would."""


@dataclass(frozen=True)
class _Kind:
    """What a thing is, to be told from others."""

    noun: str
    colour: str = ""
    art: str = ""


def taken(design: Design, minus: Design, strength: float, others: Sequence[Design], palette: Palette) -> Taken:
    """The design without what a flag with a minus has.

    strength: its amount, over that of the flags with a plus; others: the designs of these.
    """
    shown = _kinds(minus)
    same = [one for one in things(design) if (kind := _kind(design, one)) is not None and kind in shown]
    figures = [one for one in same if one.part == "figure" and _several_have(others, one.phrase.noun)]
    mine = [one for one in same if one not in figures]
    if mine:
        return Taken(_without(design, mine if strength > WHOLE else mine[:1]))
    kept = [one.phrase.noun for one in figures]
    found = _without_colours(design, minus, strength, others, palette)
    if found is not None:
        return found
    nouns = {kind.noun for kind in shown}
    alike = [one for one in things(design) if one.part in ("charge", "figure") and one.phrase.noun in nouns]
    kept += [one.phrase.noun for one in alike if one.part == "figure" and _several_have(others, one.phrase.noun)]
    if alike and not kept:
        return Taken(_without(design, alike if strength > WHOLE else alike[:1]))
    shared = _shared(design, minus, palette)
    if kept:
        nouns_kept = listed(list(dict.fromkeys(kept)))
        return Taken(design, why_not=f"the {nouns_kept} stays, as several flags of the sum have it")
    if shared:
        return Taken(
            design, why_not=f"they share only colours ({listed(shared)}), and nothing would be left without these"
        )
    return Taken(design, why_not="they share nothing that could go")


def _kind(design: Design, thing: Thing) -> _Kind | None:
    """None for what is never shared: stripes and fields."""
    noun, own = thing.phrase.noun, thing.phrase.colours
    if thing.part == "ground":
        return _Kind("Union Jack") if noun == "Union Jack" else None
    if thing.part == "charge":
        charge = inner(design, thing.path).charges[thing.at[0]]
        if charge.shape == CUT_OUT:
            return _Kind("cut-out", art=charge.art)
    return _Kind(noun, "" if noun == "Union Jack" else family(own[0]) if own else "")


def _kinds(design: Design) -> set[_Kind]:
    return {kind for one in things(design) if (kind := _kind(design, one)) is not None}


def _several_have(designs: Sequence[Design], noun: str) -> bool:
    return sum(any(one.phrase.noun == noun for one in things(design)) for design in designs) > 1


def _without(design: Design, gone: Sequence[Thing]) -> Design:
    after = design
    for thing in upwards(_outermost(gone)):
        after = without(after, thing)
    after = arranging.rearranged(design, after)
    if any(thing.part == "figure" for thing in gone):
        after = _as_stripes(design, after)
    return after


def _outermost(gone: Sequence[Thing]) -> list[Thing]:
    """Without what is in a canton that goes."""
    cantons = {(*one.path, *one.at) for one in gone if one.part == "canton"}
    return [one for one in gone if not any(one.path[: len(path)] == path for path in cantons)]


def _as_stripes(before: Design, after: Design) -> Design:
    """Where a figure was all there was on a plain field, its colours and the field's as stripes."""
    bare = len(after.layers) == 1 and len(after.layers[0].colours) == 1 and not after.charges
    if not bare or not any(layer.figure in FIGURES for layer in before.layers):
        return after
    names = list(dict.fromkeys([after.layers[0].colours[0], *colours.plain_colours(before)]))[:MOST_LEFT]
    slots = [stripes.Slot(name, 1.0) for name in names]
    return replace(after, layers=(stripes.bands("stripes", slots), *after.layers[1:]))


# Colours.


def _main(design: Design, palette: Palette) -> list[str]:
    """The families of a flag's main colours, the most first."""
    return list(dict.fromkeys(family(name) for name, share in shares(design, palette).items() if share > MAIN))


def _shared(design: Design, minus: Design, palette: Palette) -> list[str]:
    theirs = _main(minus, palette)
    return [name for name in _main(design, palette) if name in theirs]


def _without_colours(
    design: Design, minus: Design, strength: float, others: Sequence[Design], palette: Palette
) -> Taken | None:
    """Without the main colour that both have, or with all of them; two at least are left of several, and one in any
    case."""
    own, theirs = _main(design, palette), _main(minus, palette)
    shared = [name for name in theirs if name in own]
    shared = [name for name in shared if sum(name in _main(one, palette) for one in others) < 2]
    if not shared or len([name for name in own if name not in theirs]) == 0:
        return None
    shared.sort(key=lambda name: name in PLAIN)
    most = max(1, len(own) - 2) if strength >= MORE else 1
    gone = shared[:most]
    names = [name for name in design.colours() if family(name) in gone]
    shunned = set(theirs) - {*PLAIN}
    return Taken(colours.without(design, names, set(gone), palette, shunned), tuple(gone))
