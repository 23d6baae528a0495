"""What the search of `mixing.weaving.weave` prefers: the cost of each fault, and the limits from which it counts.

All numbers are by eye, set on contact sheets of composites (`python benchmarks/blind.py make FOLDER`); none was
fitted to data. The comment beside a number says what it is for. Areas are shares of the flag unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """The cost of each fault. A design with a fault of cost 1 does not look like a flag."""

    # Of a whole design.
    recognised: float = 4.0  # per parent: its look is `LIMITS.nearer` farther from the design than the tenth flag's
    balance: float = 5.0  # all of a parent's parts are gone; half of them cost a quarter
    analysed: float = 1.0  # another pair of flags explains the composite as well as its parents do
    lost_colour: float = 20.0  # a main colour of one parent alone is gone
    missing_colour: float = 0.3  # any colour of a parent is gone, in proportion to its area up to a main colour's
    torn: float = 0.5  # half of a figure's outline is visible; all of it or none costs nothing
    recoloured: float = 0.4  # all of the ground is in a colour that no parent has there
    colours: float = 0.12  # each colour over `LIMITS.colours`
    each_colour: float = 0.02  # each colour at all: of two equal designs the one with fewer colours wins
    conflict: float = 0.6  # an edge across the flag between two colours that can't be told apart
    border: float = 0.35  # edges of `LIMITS.border` together, and each excess over the busier parent's edges twice
    corner: float = 0.1  # each point where three edges meet, beyond `LIMITS.corners` more than the busier parent has
    asymmetry: float = 2.5  # all pixels differ from each mirror image; what differs in the parents too is free
    divided: float = 0.7  # it is divided between two parents by a straight line; by a diagonal it costs twice this
    copied: float = 2.0  # it is a flag that exists, to the pixel
    against: float = 24.0  # all of what a minus takes away is still there
    # Of one charge.
    drop: float = 2.0  # it is left out, in proportion to its side (`LIMITS.drop_base` and the next two)
    hidden: float = 0.9  # nothing of its outline can be seen; half of it costs a quarter
    faint: float = 0.35  # nothing of its outline can be seen; half of it costs a half
    straddling: float = 0.1  # an edge of the ground as long as the root of its area runs across it
    moved: float = 0.25  # it moves from one side of the flag to the other
    shrunk: float = 0.4  # it shrinks to nothing
    dyed: float = 0.14  # it has another colour
    cornered: float = 0.3  # it is a canton and stands in another corner than in its flag
    crowded: float = 0.4  # it touches another charge
    overlapping: float = 2.0  # it covers all of a smaller charge, or is covered; a canton may not be covered at all
    unwanted: float = 1.0  # all of it is what a minus takes away


@dataclass(frozen=True)
class Limits:
    """The limits from which a fault counts, and at which its cost stops growing; and how far the search goes."""

    # How much is searched.
    finals: int = 16  # grounds on which charges are placed
    first_finals: int = 2  # the same for the first design, which should come soon
    finals_each: int = 4  # the same for each design that is asked for, where that is more
    analysed_grounds: int = 48  # grounds that are compared with other pairs of flags, which is slow
    analysed_recoloured: int = 32  # the same of recoloured grounds
    with_third: int = 8  # best grounds of two parents on which parts of a third are tried
    recoloured: int = 10  # best grounds in which colours are replaced
    # Which parents, parts and colours count.
    parents: int = 8  # parents at most, those with the largest amounts
    weight_power: float = 0.75  # of a parent's share of the largest amount: one of a third should still be visible
    part: float = 0.004  # a smaller region of a parent is not missed
    part_cells: int = 3  # pixels of the coarse grid: a part has more, as the outline of fewer says nothing
    pool: float = 0.05  # of a parent: a colour with more may replace others
    main_colour: float = 0.2  # of a parent: a colour with at least so much is a main colour
    main_weight: float = 0.5  # a parent of less weight may lose its main colours
    shared_colour: float = 0.02  # of another parent: with so much of a main colour it is not one parent's alone
    unwanted_colour: float = 0.1  # of a minus: a main colour that it has more of may be lost
    replaced: float = 0.02  # of a ground: a colour with less is not replaced
    mask: float = 0.01  # of a ground: a smaller region or colour is not laid over another ground by itself
    speck: float = 0.0012  # smaller regions of a painted ground are dissolved
    differ: float = 0.1  # two designs that differ in fewer pixels count as the same
    # A figure is a slender part: a cross, a saltire, a thin stripe. A half or a field is none, whatever its outline.
    compact: float = 0.8  # outline over that of a square of the same area: a part with more is slender
    slenderest: float = 2.5  # the same beyond `compact`: tearing a part with more costs no more
    figure_edges: int = 8  # pixel edges: a part with a shorter outline is no figure
    figure_sides: int = 2  # sides of the frame: a figure that reaches more is the main figure of its flag
    main_figure: float = 3.0  # times the cost of tearing another figure is that of tearing a main figure
    charge_weight: float = 1.5  # weight of a charge over that of a part of the same area: charges are noticed first
    # Whether parents are recognised, or another pair of flags.
    nearer: float = 0.05  # distance of looks that costs `Costs.recognised`
    margin: float = 0.2  # of that distance: how much nearer than the tenth flag a parent should be, and not more
    farthest: float = 2.5  # of that distance: where the cost stops growing
    copy: float = 0.1  # distance of looks at which a composite starts to be like a flag that exists
    same_flag: float = 0.93  # cosine of two flags' inputs above which one counts as the other
    explaining: int = 40  # known flags most like the composite, whose pairs are compared with the parents
    ahead: float = 0.01  # share of the composite that the parents should explain more than any other pair does
    behind: float = 0.03  # share that they lack where the cost is `Costs.analysed`
    most_analysed: float = 1.5  # of `Costs.analysed`: the highest cost, and the cost of a ground that is not compared
    # Colours, edges, minuses.
    colour_worth: float = 0.04  # of a parent: a colour with less is not missed
    colour_gone: float = 0.02  # of a composite: a colour with less is gone
    main_gone: float = 0.06  # the same for a main colour, which must still be one of the largest
    colour: float = 0.004  # of a composite: a colour with more is counted
    colours: int = 4  # colours that cost nothing
    border: float = 6.0  # edges across the flag that together cost `Costs.border`
    busier: float = 1.15  # times the edges of the busiest parent: more edges are in excess
    excess: float = 2.0  # cost of an edge in excess, in `Costs.border`
    corners: int = 1  # corners more than the busiest parent has that cost nothing
    minus: float = 2.0  # a minus with a larger amount costs no more
    # Charges.
    drop_base: float = 0.35  # of `Costs.drop`: the cost of leaving out the smallest charge
    drop_side: float = 0.6  # of `Costs.drop`: what leaving out a charge as large as the flag costs more
    drop_most: float = 0.8  # of `Costs.drop`: the highest cost, so that a coat of arms can still be left out
    seen_ground: float = 0.01  # of a ground: a charge may take a colour with more
    scales: tuple[float, ...] = (1, 0.8, 0.62, 0.5)  # sizes in which a charge is tried: steps of a fifth, to one half
    canton_scales: tuple[float, ...] = (1, 0.8)  # the same for a canton, which looks like a stamp if it is smaller
    frame: float = 0.013  # of the width: the least distance of charges from the frame and from each other
    one_colour: float = 0.8  # of a charge's pixels: with more in one colour that colour may be replaced
    rim: int = 160  # pixels of a charge's outline that are compared with the ground: more change no choice


LIMITS = Limits()
