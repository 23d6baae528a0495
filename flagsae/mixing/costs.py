"""What the search of `flagsae.mixing.weave` prefers: the cost of each fault, and from where on something is one.

All numbers were set by eye, on contact sheets of composites (`python benchmarks/quality.py --sheet FOLDER`), and none
was fitted to data; the comment beside a number says what it is for. Areas are shares of the flag unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """What a fault costs. A cost of 1 is a fault that nobody would fly."""

    # Of a whole design.
    recognised: float = 4.0  # a parent's look is `LIMITS.nearer` farther away than the tenth nearest flag, per parent
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
    corner: float = 0.1  # each point where three colours meet, over one more than the busier parent has
    asymmetry: float = 2.5  # all pixels differ from each mirror image, beyond what the parents' do
    divided: float = (
        0.7  # the flag is divided between two parents by a straight line; by a diagonal it costs twice this
    )
    copied: float = 2.0  # it is a flag that exists, to the pixel
    against: float = 24.0  # all of what a minus takes away is still there
    # Of the charges.
    drop: float = 2.0  # one is left out, in proportion to its side (`LIMITS.drop_base` and the next two)
    hidden: float = 0.9  # nothing of its outline can be seen; half of it costs a quarter
    faint: float = 0.35  # the same, in proportion
    straddling: float = 0.1  # an edge of the ground runs across it, as long as the root of its area
    moved: float = 0.25  # it moves from one side of the flag to the other
    shrunk: float = 0.4  # it shrinks to nothing
    dyed: float = 0.14  # it has another colour
    cornered: float = 0.3  # a canton stands in another corner than at home
    crowded: float = 0.4  # it touches another
    overlapping: float = 2.0  # the smaller of two is all covered; a canton may not be covered at all
    unwanted: float = 1.0  # all of it is what a minus takes away


@dataclass(frozen=True)
class Limits:
    """From where on something counts, and where a cost stops growing."""

    # How much of the search is done.
    finals: int = 16  # grounds on which charges are placed
    first_finals: int = 2  # the same for the first picture, which is to come soon
    finals_each: int = 4  # grounds for each design that is asked for
    analysed_grounds: int = 48  # grounds that are compared with other pairs of flags, which is slow
    analysed_recoloured: int = 32  # the same among recoloured grounds
    with_third: int = 8  # best grounds of two parents on which a third is laid
    recoloured: int = 10  # best grounds of which colours are exchanged
    # Which parents, parts and colours matter.
    parents: int = 8  # parents at most, the heaviest
    weight_power: float = 0.75  # of a parent's share of the largest amount: one of a third should still be visible
    part: float = 0.004  # a smaller region is no part that would be missed
    part_cells: int = 3  # pixels of the coarse grid that a part has more than: with fewer its outline says nothing
    pool: float = 0.05  # of a parent: a colour with more may replace others
    main_colour: float = 0.2  # of a parent: a main colour
    main_weight: float = 0.5  # a lighter parent may lose its main colours
    shared_colour: float = 0.02  # another parent with so much of a main colour keeps it alive
    unwanted_colour: float = 0.1  # of a minus: so much of a colour frees the search from keeping it
    replaced: float = 0.02  # of a ground: a colour with less is not exchanged
    mask: float = 0.01  # of a ground: a smaller region or colour is not laid over another ground by itself
    speck: float = 0.0012  # regions of a painted ground under this are dissolved
    differ: float = 0.1  # two designs that differ in fewer pixels are one
    # A figure is a slender part: a cross, a saltire, a thin stripe. A half or a field is none, however it is cut.
    compact: float = 0.8  # outline over that of a square of the same area, from which a part is slender
    slenderest: float = 2.5  # beyond it a part is not missed more
    figure_edges: int = 8  # pixel edges of the shortest outline that is measured
    figure_sides: int = 2  # of the frame: a figure that reaches more is the flag's main figure
    main_figure: float = 3.0  # times as much as another figure it costs to tear the main figure
    charge_weight: float = 1.5  # of a charge beside parts of the ground with the same area: charges are noticed first
    # Whether a parent is recognised, and whether another pair is.
    nearer: float = 0.05  # distance of looks that costs `Costs.recognised`
    margin: float = 0.2  # of that: a parent should be nearer than the tenth by so much, and gains nothing beyond
    farthest: float = 2.5  # of that, where the cost stops growing
    copy: float = 0.1  # distance of looks under which a composite is like a flag that exists
    same_flag: float = 0.93  # cosine of two flags' inputs over which one counts as the other
    explaining: int = 40  # known flags most like the picture among which pairs are looked for
    ahead: float = 0.01  # share of the picture that the parents should explain more than any other pair does
    behind: float = 0.03  # share that the parents lack for a cost of `Costs.analysed`
    most_analysed: float = 1.5  # of `Costs.analysed` at most, and what a ground pays that is not analysed
    # Colours, edges, minuses.
    colour_worth: float = 0.04  # of a parent: a colour with less is not missed
    colour_gone: float = 0.02  # of a composite: a colour with less is gone
    main_gone: float = 0.06  # the same for a main colour, which must still be one of the largest
    colour: float = 0.004  # of a composite: a colour with more is counted
    colours: int = 4  # that cost nothing
    border: float = 6.0  # edges across the flag that together cost `Costs.border`
    busier: float = 1.15  # times the edges of the busier parent, from which on an excess is counted
    excess: float = 2.0  # how much more each of those costs, in `Costs.border`
    corners: int = 1  # more than the busier parent has, free of cost
    minus: float = 2.0  # a minus with a larger amount takes away no more
    # Charges.
    drop_base: float = 0.35  # of `Costs.drop`, what the smallest charge costs when it is left out
    drop_side: float = 0.6  # of `Costs.drop`, what a charge as large as the flag costs more
    drop_most: float = 0.8  # of `Costs.drop`, so that a coat of arms can still be left out
    seen_ground: float = 0.01  # of a ground: a colour with more may dye a charge
    scales: tuple[float, ...] = (1, 0.8, 0.62, 0.5)  # sizes in which a charge is tried: steps of a fifth, to one half
    canton_scales: tuple[float, ...] = (1, 0.8)  # a smaller canton is a stamp
    frame: float = 0.013  # of the width: how near to the frame, and to each other, charges may come
    one_colour: float = 0.8  # of a charge's pixels in its main colour, from which it may be dyed
    rim: int = 160  # pixels of a charge's outline that are compared with the ground: more change no choice


LIMITS = Limits()
