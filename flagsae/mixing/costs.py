"""What the search for a sum's design prefers: what each fault costs, and where it begins to count.

The numbers are by eye, set on sheets of composites and checked by `benchmarks/quality.py` and `benchmarks/blind.py`,
whose figures the search does not see. Of two designs of a sum the one with the lower cost is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """Of a whole design."""

    gone: float = 7.0  # all features of a parent are gone, squared: half of them cost a quarter
    unknown: float = 7.0  # likewise, of a parent that keeps less than `Limits.known`
    unmarked: float = 2.4  # a parent has charges, or without any a cross and the like, and none of them is there
    light: float = 5.0  # the ground is that of a flag of which there is none; of half as much as of the other, half
    lost: float = 6.0  # a main colour of a parent is gone that no other parent has
    lost_shared: float = 1.5  # likewise, one that others have too
    clash: float = 3.0  # an edge as long as the flag's height and width, between colours that are hard to tell apart
    torn: float = 14.0  # the outline of a figure cannot be seen; half of it costs half
    copied: float = 2.5  # it is a flag that exists
    colours: float = 0.7  # each colour over `Limits.colours`
    emblems: float = 1.8  # each drawn emblem over one, beside stars, discs and the like
    emblems_crowded: float = 3.2  # likewise, in the same field
    crowded: float = 4.0  # each group over one in the same field (`judging.crowding`)
    fault: float = 2.0  # times the price of what is hidden or lies unevenly (`settling.prices`)


@dataclass(frozen=True)
class Placing:
    """Of a group of charges in a place."""

    small: float = 0.9  # it is half as large as it is meant to be, or a quarter: twice this
    tiny: float = 0.5  # all of its charges are half as large as `placement.TINY`
    away: float = 0.05  # it stands elsewhere than on its flag
    corner: float = 0.12  # on a plain field, elsewhere than in the middle of an axis
    straddling: float = 4.0  # half of it lies on another stripe or figure than its middle
    balanced: float = 0.8  # of that, where it lies evenly in the middle of the flag
    recoloured: float = 0.45  # it has another colour
    edged: float = 0.4  # it gets an edge by which it is seen
    low: float = 2.0  # its outline cannot be told from what it lies on
    lowest: float = 4.5  # likewise, squared
    overlapping: float = 2.0  # it touches another
    most: float = 1.9  # a group that costs more is left out
    dropped: float = 0.6  # and this is what that costs


@dataclass(frozen=True)
class Limits:
    """Where faults begin to count, and how far the search goes."""

    known: float = 0.5  # of a parent's features: with less it is hardly recognised
    main: float = 0.2  # of a parent: a colour with so much is a main colour
    there: float = 0.03  # of a composite: a colour with so much is there
    copy: float = 0.8  # cosine of features from which a composite is like a flag that exists
    colours: int = 4
    grounds: int = 16  # on which charges are placed
    grounds_each: int = 5  # more, for each further design that is asked for
    first: int = 2  # the same for the first picture
    finals: int = 14  # designs whose features are told
    finals_each: int = 5  # more, likewise
    differ: float = 0.12  # of the pixels: designs that differ in fewer count as the same


COSTS, PLACING, LIMITS = Costs(), Placing(), Limits()
