"""What can be seen on what: how far colours are from each other, and charges that an edit has hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import channels
from flagsae.design import render, words
from flagsae.design.design import CUT_OUT, Design
from flagsae.design.edits.things import Thing, inner, put, things, with_charge, with_layer
from flagsae.design.phrases import phrase_text
from flagsae.design.shades import TINTS, family
from flagsae.flags.palette import Palette
from flagsae.oklab import oklab
from flagsae.visual.paint import rasterize

# Distances in OKLab, by eye: black and white are 1 apart, blue and dark blue .14, red and dark red .15, white and
# yellow .22, white and light blue .29, red and green .32.
ALIKE = 0.16  # nearer than this, one is not seen on the other
SAME = 0.1  # the same, of a colour that was asked for
CLEAR = 0.28  # from this on, it is seen well
HIDDEN = 0.6  # of what lies under a thing: so much of it alike, and the thing is not seen
STANDS = 0.1  # of what lies under a thing: less does not count where a colour is chosen for it
NEUTRAL = ("white", "yellow", "black")  # that may be chosen besides those that are on the flag
DETAIL = 0.001  # of the flag: a smaller charge is a detail of another
ROWS = 68  # of the map on which it is seen what lies under what
MARK = "#010203"  # of what is looked for on it

Shares = Mapping[str, float]  # of an area: the name of a colour, and how much of the area has it


def tinted(design: Design, palette: Palette, others: Iterable[tuple[str, str]] = ()) -> Design:
    """The design with a tint for each of its colours that needs one: its own, one of some others, or its word's."""
    names = list(design.colours())
    known = {name: tint for name, (_, tint) in TINTS.items() if name not in palette.names}
    known |= dict(others) | dict(design.tints)
    return replace(design, tints=tuple((name, known[name]) for name in names if name in known))


class Contrast:
    """Of the colours of a palette and a design's own."""

    def __init__(self, design: Design, palette: Palette) -> None:
        self.design, self.palette = design, palette
        inks = {name: channels(tint.removeprefix("#")) for name, (_, tint) in TINTS.items()}
        inks |= render.inks(design, palette)
        self.labs = dict(zip(inks, oklab(np.array(list(inks.values()), np.uint8)), strict=True))

    def between(self, one: str, other: str) -> float:
        """The distance of two colours in OKLab."""
        return float(np.linalg.norm(self.labs[one] - self.labs[other]))

    def chosen(self, ground: Shares, wanted: str = "", barred: Collection[str] = (), usual: Sequence[str] = ()) -> str:
        """A colour that is seen on a ground: of the design's, or else a neutral one.

        wanted: the nearest to it is taken; usual: in place of that, colours in the order in which they are taken;
        barred: families that are not taken.
        """

        def least(name: str) -> float:
            return min((self.between(name, one) for one, share in ground.items() if share >= STANDS), default=1.0)

        own = [name for name in usual or self.design.colours() if family(name) not in barred]
        neutral = [name for name in NEUTRAL if name in self.labs and family(name) not in barred] or list(NEUTRAL)
        for names in (own, neutral):
            clear = [name for name in names if least(name) >= CLEAR]
            if clear and wanted in self.labs:
                return min(clear, key=lambda name: self.between(name, wanted))
            if clear:
                return clear[0] if usual else max(clear, key=least)
        return max((*own, *neutral), key=least)


def shares(design: Design, palette: Palette, mask: NDArray[np.bool_] | None = None) -> dict[str, float]:
    """How much of a flag each colour has, the most first. mask: of the part that counts, `ROWS` high."""
    names = list(render.inks(design, palette))
    seen = numbered(design, palette)
    counts = np.bincount(seen.ravel() if mask is None else seen[mask], minlength=len(names))
    total = max(1, int(counts.sum()))
    order = sorted(range(len(names)), key=lambda one: -counts[one])
    return {names[one]: float(counts[one]) / total for one in order if counts[one]}


def numbered(design: Design, palette: Palette) -> NDArray[np.uint8]:
    """The number among `render.inks` of each pixel's colour: `ROWS` x as many columns as the flag is wide."""
    columns = max(1, round(ROWS * design.aspect))
    return rasterize(render.outlines(design, palette), render.size_of(design), ROWS, columns)


def marked(design: Design, palette: Palette) -> NDArray[np.bool_]:
    """Where a design has the colour "mark", on a map as of `numbered`."""
    tinted = replace(design, tints=(*design.tints, ("mark", MARK)))
    return numbered(tinted, palette) == list(render.inks(tinted, palette)).index("mark")


def under_charge(design: Design, number: int, palette: Palette, least: float = 0.0) -> dict[str, float]:
    """The colours that lie under a charge. least: share of the flag; none are told of a smaller charge."""
    below = replace(design, charges=design.charges[:number])
    charge = design.charges[number]
    mark = replace(charge, colours=("mark",) * (len(charge.colours) if charge.shape == CUT_OUT else 1), edge=0.0)
    mask = marked(replace(below, charges=(*below.charges, mark)), palette)
    return shares(below, palette, mask) if mask.mean() > least else {}


def under_layers(design: Design, numbers: Sequence[int], palette: Palette) -> dict[str, float]:
    """The colours that lie under layers which follow one another."""
    below = replace(design, layers=design.layers[: numbers[0]], charges=())
    over = tuple(replace(design.layers[number], colours=("mark",)) for number in numbers)
    return shares(below, palette, marked(replace(below, layers=(*below.layers, *over)), palette))


def _colours_up(design: Design, part: str, numbers: Sequence[int]) -> tuple[str, ...]:
    """The colours of a thing, the outermost edge first."""
    if part == "charge":
        return design.charges[numbers[0]].colours[::-1]
    return tuple(design.layers[number].colours[0] for number in numbers)


def hides(design: Design, thing: Thing, palette: Palette, asked: Collection[str] = ()) -> Shares:
    """What lies under a charge or figure that is not seen on it; nothing for one that is seen.

    asked: colours that are to be there, if they can be seen at all.
    """
    if thing.part not in ("charge", "figure"):
        return {}
    level = inner(design, thing.path)
    colours = _colours_up(level, thing.part, thing.at)
    contrast = Contrast(level, palette)
    if any(contrast.between(*pair) >= ALIKE for pair in pairwise(colours)):
        return {}
    if thing.part == "charge":
        under = under_charge(level, thing.at[0], palette, DETAIL)
    else:
        under = under_layers(level, thing.at, palette)
    least = SAME if colours[0] in asked else ALIKE
    alike = sum(share for name, share in under.items() if contrast.between(name, colours[0]) < least)
    return under if alike > HIDDEN else {}


def repaired(
    before: Design, after: Design, palette: Palette, barred: Collection[str], asked: Collection[str]
) -> tuple[Design, list[str]]:
    """The design in which what could be seen before an edit can be seen after it, and a note of each change.

    barred: families of colours that were taken away; asked: as of `hides`.
    """
    notes: list[str] = []
    for thing in things(after):  # in painting order: what changes here may lie under those that follow
        under = hides(after, thing, palette, asked)
        if not under or _was_hidden(before, _content(after, thing), palette):
            continue
        level = inner(after, thing.path)
        new = Contrast(level, palette).chosen(under, _colours_up(level, thing.part, thing.at)[-1], barred)
        if thing.part == "charge":
            charge = level.charges[thing.at[0]]
            level = with_charge(level, thing.at[0], replace(charge, colours=(new, *charge.colours[1:])))
        else:
            level = with_layer(level, thing.at[-1], replace(level.layers[thing.at[-1]], colours=(new,)))
        on = max(under, key=lambda name: under[name])
        notes.append(f"{phrase_text(thing.phrase)}: it would not be seen on {on}, and is {new}")
        after = tinted(put(after, thing.path, level), palette)
    return after, notes


def _was_hidden(before: Design, content: object, palette: Palette) -> bool:
    return any(_content(before, one) == content and bool(hides(before, one, palette)) for one in things(before))


def _content(design: Design, thing: Thing) -> object:
    level = inner(design, thing.path)
    return level.charges[thing.at[0]] if thing.part == "charge" else tuple(level.layers[number] for number in thing.at)


def joined(before: Design, after: Design) -> list[str]:
    """A note where stripes that have come to have one colour look like one."""
    pairs = [_pairs(design) for design in (before, after)]
    if pairs[1] <= pairs[0]:
        return []
    noun = words.ground_of(after.layers)[0].noun
    return [f"{noun}s of one colour lie side by side: they look like one"]


def _pairs(design: Design) -> int:
    colours = design.layers[0].colours if design.layers[0].figure in ("stripes", "bars") else ()
    return sum(one == other for one, other in pairwise(colours))
