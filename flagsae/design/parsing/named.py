"""A cut-out that is one of those that are shipped, by its name.

What is cut out of a flag is looked up among the shipped ones. Where one is alike it is drawn in its place, with the
plain outlines that it has on maps as small, and has to be what was cut out.
"""

from __future__ import annotations

import numpy as np

from flagsae.colours import channels
from flagsae.design import quick
from flagsae.design.cutouts import Cutouts
from flagsae.design.design import CUT_OUT, Charge, Place
from flagsae.design.parsing.cut import CutOut
from flagsae.design.parsing.shapes import Map
from flagsae.design.segment import NOTHING
from flagsae.design.shades import TINTS, entry_of
from flagsae.flags.palette import Palette, flag_palette
from flagsae.oklab import oklab

# Of the pixels that a cut-out or the shipped one covers, with fewer in one colour in both its own outlines are nearer.
# By eye, on pictures of the bundled flags at other sizes; on their own maps they have .88 at least.
AGREE = 0.85


def named(cut: CutOut, map: Map, shipped: Cutouts, palette: Palette) -> Charge | None:
    """A cut-out as a charge whose art is one of the shipped ones; None where it is none of them."""
    name = shipped.known(cut.labels, palette, 1 / map.stretch)
    if not name:
        return None
    number = shipped.number(name)
    colours = tuple(in_palette(colour, palette) for colour in shipped.colours[number])
    charge = Charge(CUT_OUT, colours, (seat(cut, map, shipped.seats[number].tolist()),), art=name)
    return charge if agreement(charge, cut, map) >= AGREE else None


def seat(cut: CutOut, map: Map, beside: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> Place:
    """Where a cut-out stands. beside: of a shipped one its seat, as in `Cutouts.seats`."""
    (high, wide), (height, width) = cut.labels.shape, map.labels.shape
    radius = max(wide / map.stretch, high) / 2  # in rows
    x, y, times = beside
    across = cut.left + wide / 2 + x * radius * map.stretch
    return Place(across / width, (cut.top + high / 2 + y * radius) / height, times * radius / height)


def agreement(charge: Charge, cut: CutOut, map: Map) -> float:
    """The share of the pixels that a charge or a cut-out covers which have the same colour in both."""
    entries = {colour: map.names.index(entry_of(colour)) for colour in charge.colours}
    drawn = np.full(map.labels.shape, NOTHING, np.uint8)
    quick.paint_charge(charge, entries, drawn, map.stretch)
    high, wide = cut.labels.shape
    seen = np.full(map.labels.shape, NOTHING, np.uint8)
    seen[cut.top : cut.top + high, cut.left : cut.left + wide] = cut.labels
    covered = (drawn != NOTHING) | (seen != NOTHING)
    return float((drawn == seen)[covered].mean())


def in_palette(colour: str, palette: Palette) -> str:
    """A colour of a shipped cut-out, or that of the palette which is nearest to it where its own entry is not there."""
    if entry_of(colour) in palette.names:
        return colour
    known = flag_palette()
    own = known.rgb[known.names.index(colour)] if colour in known.names else channels(TINTS[colour][1][1:])
    return palette.names[int(palette.distances(oklab(np.array([own], np.uint8))).argmin())]
