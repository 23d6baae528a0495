"""A design that has wanted features: what a code decodes to, or a design with a feature turned up or down.

What is wanted is seldom what any flag has: a decoder blurs it, a change contradicts what is there. A design is whole
all the same: its figures are there or not, and are seen on what they lie on. By themselves, features are sharpened and
drawn (`settling.sharpened`). From a design they are searched for step by step (`settling.steps`): of all designs a step
away, the one whose features are nearest to what is wanted, at the least price in things torn and hardly seen
(`settling.prices`).

    >>> from flagsae.design.features import Table, features_of
    >>> from flagsae.design.words import read, say
    >>> japan, finland = read("white field; red disc"), read("white field; blue Nordic cross")
    >>> table = Table.of([features_of(japan), features_of(finland)])
    >>> say(settle(features_of(finland), table, japan).design)
    'white field; blue Nordic cross'
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from flagsae.design.design import Design
from flagsae.design.facets import facet
from flagsae.design.feature_table import Table
from flagsae.design.features import Features, features_of
from flagsae.design.rebuilt import design_of
from flagsae.design.settling import prices
from flagsae.design.settling.gap import Gap
from flagsae.design.settling.pictured import pictured
from flagsae.design.settling.sharpened import noun_of, plain, sharpened, usual
from flagsae.design.settling.step import Step
from flagsae.design.settling.steps import URGENT, repairs, steps
from flagsae.design.settling.turning import turned
from flagsae.design.shades import TINTS
from flagsae.errors import DesignError

UNKNOWN = 0.35  # times as much as a feature of one flag, counts one that the table does not have and nobody wants
ROUNDS = 4  # steps that follow one another
PROMISE = 0.08  # times as much as the most promising step: another that is tried
BREADTH = 10  # steps of each round that are tried, the most promising
MOST = 40  # designs that are compared in all
ASKED = 3.0  # times as much as others counts the feature that is turned up or down most
HINT = 0.08  # of what a change does most: what it does less is left out
OPEN = 0.5  # times as much as others counts what a new thing has that is not told: it has some colour, some place
NEW_COLOUR = 0.1  # price of a colour that is neither wanted nor on the design to start from
COLOURED = 0.2  # belief in a colour that is wanted
TIMES = (1.0, 1.6, 2.5, 4.0)  # a change that is too little for whole figures is made larger
MET = 0.15  # of a change that meets something
GAIN = 0.05  # of how far the start is from what is wanted: a step brings so much at least
SAME = 1e-6  # features that differ no more are the same


@dataclass(frozen=True)
class Settled:
    """The design that was found."""

    design: Design
    off: float
    """How far its features are from those wanted: 0 for the same, 1 as far as those of nothing at all."""


def settle(wanted: Mapping[str, float], table: Table, start: Design | None = None) -> Settled:
    """The design that has most of what is wanted.

    wanted: name of a feature -> how much of it; start: a design to change as little as need be; where it has just what
    is wanted, it is returned itself.
    """
    search = _Search(wanted, table, start)
    if start is not None and search.off(start) < SAME:
        return Settled(start, 0.0)
    best = search.found()
    return Settled(best, search.off(best))


def steered(design: Design, change: Mapping[str, float], table: Table) -> Design | None:
    """The design with some features turned up and down; None where that changes nothing that can be seen.

    change: name -> how much more of it there is to be, or less.
    """
    features = features_of(design)
    change = _main(change, table)
    for times in TIMES:
        wanted = turned(features, {name: times * value for name, value in change.items()})
        if _met(features, wanted, change, table) < MET:
            continue
        new = _Search(wanted, table, design, change).found()
        if new != design:
            return new
    return None


def _main(change: Mapping[str, float], table: Table) -> Features:
    """A change without what it only hints at."""
    rarity = dict(zip(table.names, table.rarity.tolist(), strict=True))
    much = {name: rarity.get(name, 1.0) * abs(value) for name, value in change.items()}
    least = HINT * max(much.values(), default=0.0)
    return {name: value for name, value in change.items() if much[name] >= least}


def likeliest(atom: Mapping[str, float], typical: Mapping[str, float]) -> Design:
    """The picture of a feature: what its atom says, large and plain, on the ground that its flags usually have.

    atom: name of a design feature -> how much of it the atom has; typical: the same of the flags for which it fires, on
    average. Both may have any scale.
    """
    wanted = pictured(atom, typical)
    return _Search(wanted, Table((), (), 1), None).found()


def _met(
    features: Mapping[str, float], wanted: Mapping[str, float], change: Mapping[str, float], table: Table
) -> float:
    """The share of a change that there is something to change for."""
    rarity = dict(zip(table.names, table.rarity.tolist(), strict=True))
    done = sum(
        rarity.get(name, 1.0) ** 2 * value * (wanted.get(name, 0.0) - features.get(name, 0.0))
        for name, value in change.items()
    )
    whole = sum((rarity.get(name, 1.0) * value) ** 2 for name, value in change.items())
    return done / whole if whole else 0.0


class _Search:
    """Compares designs, each once."""

    def __init__(
        self, wanted: Mapping[str, float], table: Table, start: Design | None, asked: Mapping[str, float] | None = None
    ) -> None:
        """asked: what is turned up or down; it counts for more."""
        self.wanted, self.start = dict(wanted), start
        self.rarity = dict(zip(table.names, table.rarity.tolist(), strict=True))
        most = max((self.rarity.get(name, 1.0) * abs(value) for name, value in (asked or {}).items()), default=0.0)
        self.asked = {
            name: 1 + (ASKED - 1) * (self.rarity.get(name, 1.0) * value / most) ** 2
            for name, value in (asked or {}).items()
            if most
        }
        self.weights: dict[str, float] = {}
        self.new = self.brought()
        self.features: dict[Design, Features] = {}
        self.prices: dict[Design, float] = {}
        self.worth: dict[Design, float] = {}
        told = ((facet(name), value) for name, value in self.wanted.items())
        own = start.colours() if start is not None else ()
        self.colours = {plain(colour) for colour in own}
        self.colours |= {plain(one.get("colour")) for one, value in told if one and value > COLOURED * usual(one)}
        self.known: Mapping[Hashable, float] = {} if start is None else prices.faults(start)
        self.meant = set(self.wanted) | set(self.told(start) if start is not None else ())
        self.total = sum((self.weight(name) * value) ** 2 for name, value in self.wanted.items()) or 1.0

    def brought(self) -> set[str]:
        """The nouns of what is to be there and is not on the start."""
        if self.start is None:
            return set()
        there = features_of(self.start)
        told = ((name, facet(name)) for name in self.wanted if name not in there)
        return {one["noun"] for _, one in told if one is not None and one.kind == "thing"}

    def weight(self, name: str) -> float:
        if name not in self.weights:
            weight = self.rarity.get(name, 1.0 if name in self.meant else UNKNOWN) * self.asked.get(name, 1.0)
            one = facet(name)
            if name not in self.wanted and one is not None and noun_of(one) in self.new:
                weight *= OPEN
            self.weights[name] = weight
        return self.weights[name]

    def told(self, design: Design) -> Features:
        if design not in self.features:
            self.features[design] = features_of(design)
        return self.features[design]

    def off(self, design: Design) -> float:
        """How far its features are from those wanted."""
        features = self.told(design)
        if self.start is None:
            has = sum((self.weight(name) * value) ** 2 for name, value in features.items())
            both = sum(self.weight(name) ** 2 * value * self.wanted.get(name, 0.0) for name, value in features.items())
            return 1 - both * abs(both) / max(has * self.total, 1e-9)
        names = {**features, **self.wanted}
        far = sum((self.weight(name) * (features.get(name, 0.0) - self.wanted.get(name, 0.0))) ** 2 for name in names)
        return far / self.total

    def price(self, design: Design) -> float:
        if design not in self.prices:
            new = len({plain(name) for name in design.colours()} - self.colours)
            self.prices[design] = prices.price(design, self.known) + NEW_COLOUR * new
        return self.prices[design]

    def cost(self, design: Design) -> float:
        if design not in self.worth:
            self.worth[design] = self.off(design) + self.price(design)
        return self.worth[design]

    def found(self) -> Design:
        aim = self.tinted(design_of(sharpened(self.wanted)))
        if self.start is None:
            return self.seen(aim)
        best, gain = self.start, GAIN * self.off(self.start)
        first = self.gap(best)
        for _ in range(ROUNDS):
            found = steps(best, aim, self.gap(best), self.start, first)
            most = max((step.promise for step in found if step.promise < URGENT), default=0.0)
            found = [step for step in found if step.promise >= PROMISE * most]
            candidates = [one for step in found[:BREADTH] for one in self.made(step)]
            new = self.cheapest([best, *candidates])
            if self.cost(best) - self.cost(new) < gain:
                break
            best = new
            if len(self.features) >= MOST:
                break
        return best

    def gap(self, design: Design) -> Gap:
        return Gap.between(self.told(design), self.wanted, {name: self.weight(name) for name in self.meant})

    def seen(self, design: Design) -> Design:
        """A design in which what cannot be seen has another colour, or is left out."""
        for _ in range(ROUNDS):
            if prices.price(design) < prices.NEVER:
                break
            found = [one for step in repairs(design, self.gap(design), {}) for one in self.made(step)]
            design = self.cheapest(found or [design])
        return design

    def made(self, step: Step) -> Iterator[Design]:
        """The designs that a step leads to, without those that cannot be drawn."""
        with suppress(DesignError):
            for design in step.make():
                yield self.tinted(design)

    def tinted(self, design: Design) -> Design:
        """A design in the proportions and with the tints of the start, or those that its colours usually have."""
        known = {name: tint for name, (_, tint) in TINTS.items()} | dict(design.tints)
        aspect = design.aspect
        if self.start is not None:
            known |= dict(self.start.tints)
            aspect = self.start.aspect
        tints = tuple((name, known[name]) for name in design.colours() if name in known)
        return replace(design, aspect=aspect, tints=tints)

    def cheapest(self, designs: Iterable[Design]) -> Design:
        """The first of the best."""
        found = list(dict.fromkeys(designs))
        seen = [one for one in found if self.price(one) < prices.NEVER]
        return min(seen or found, key=self.cost)
