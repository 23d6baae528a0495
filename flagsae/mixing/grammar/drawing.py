"""A grammar of flags, learned from the real ones: a layout, its figures, a palette and a charge, each from a real flag.

The kind of layout is drawn by its frequency, tempered: taking the likeliest gives only tricolours. Of some tries with
it, the flag is drawn that hurts the eye least, by the same judges as sums (`judging`, `placement`), tempered too. What
was drawn last is unlikely to come again, so that a dozen flags are a dozen.

    >>> random = np.random.default_rng(7)                           # doctest: +SKIP
    >>> next(Grammar.of(dataset).flags(random)).says                # doctest: +SKIP
    'stripes as on Latvia; star as on Ghana; colours of Jamaica'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from flagsae.design import words
from flagsae.design.design import CUT_OUT, Design, Layer
from flagsae.design.features import features_of
from flagsae.design.kept import how_many
from flagsae.design.settling import prices
from flagsae.design.shades import family
from flagsae.errors import DesignError, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.mixing.costs import LIMITS
from flagsae.mixing.grammar.chance import any_of, chosen, tempered
from flagsae.mixing.grammar.charges import in_canton, placed, recoloured, through
from flagsae.mixing.grammar.learned import (
    Colours,
    Kind,
    Layout,
    Learned,
    Mark,
    figure_kind,
    ground_kind,
    learned,
    main_colour,
    row_of,
)
from flagsae.mixing.grammar.plans import Plan, crossing, joined, renamed, seat
from flagsae.mixing.groups import Group
from flagsae.mixing.judging import Judge, Known, torn
from flagsae.mixing.mixture import known_flags, parent_of
from flagsae.mixing.parent import painted

LEAST_FLAGS = 50  # with a design, from which a grammar can be learned

# How a flag is drawn; by eye, on sheets of samples.
TEMPER = {"layout": 0.6, "mark": 0.6, "colours": 0.4}  # powers of how often a kind is on real flags
# Times as likely as that: flags of one country's past, heaps of stripes, what is hard to read without its own charge.
RARE = {
    "jack canton": 0.3,
    "striped canton": 0.2,
    "many": 0.4,
    "quarters": 0.6,
    "bar centre": 0.3,
    "triangle fly": 0.3,
    "triangle top": 0.02,
    "wedges": 0.7,
    "border": 0.6,
    "crescent": 0.6,
    "sun": 0.6,
}
# How likely a layout has a charge: of one or two colours, with a plain canton, with another; without figures at least.
FIELDED, CANTON, OTHER_CANTON, BARE = 1.0, 1.0, 0.2, 0.85
CROSSING = 0.3  # likewise of a cross or saltire, on whose crossing only a disc is seen
CROSSED = 0.2  # how likely the figures are those of another number of stripes
DRAWN = 0.25  # how likely a charge is an emblem
NEW = 0.2  # how likely a colour of a palette is changed for another
EACH, FINALS = 3, 3  # charges and palettes of one layout; flags of it that are compared with the real ones
ORDERS = 8  # of a palette on a layout
LAYOUTS, MOST = 6, 60  # layouts that are tried, until a flag is cheap enough; until there is any
WORST = 1.0  # cost of a flag that is drawn, if there is any better
# How much less likely is what has just been drawn, after how many flags a third of that is left, and how many count.
STALE, SPAN, RECENT = 0.95, 16, 60
HALF = 0.5  # power by which that is less so of colours and of the sort of a charge, of which there are few
HALVED = "diagonally halved"  # of grounds, the one that a band parts

# Costs, beside those of the place of a charge (`costs.Placing`).
CLASH = 3.0  # an edge as long as the flag's height and width, between colours that are hard to tell apart
TORN = 4.5  # the outline of a figure cannot be seen; half of it costs half
FAULT = 2.0  # times the price of what is hidden or lies unevenly (`settling.prices`)
COPIED = 2.5  # times how far it is a flag that exists (`Known.copied`)
MANY, FIFTH = 4, 0.7  # colours; one more, or another shade of one
UNLIKELY = 0.2  # a nat of the edges between colours
METALS, DARK = {"white", "yellow"}, 0.5  # of heraldry; a figure and a ground that are neither
UNUSUAL = 0.2  # a nat of a charge's colour on what it lies on
FIELD = 0.25  # a nat of a colour as the whole field
THIRD = 0.3  # a colour over three
COPY = 0.9  # cosine of features from which it is no new flag


@dataclass(frozen=True)
class Drawn:
    """A flag of the grammar."""

    design: Design
    kind: Kind
    """Of its layout."""
    mark: str
    """The title and kind of its charge; "" where it has none."""
    palette: tuple[str, ...]
    """The kind of its colours."""
    says: str
    """Where its parts come from, in words."""
    cost: float


_grammars: WeakKeyDictionary[Dataset, Grammar] = WeakKeyDictionary()


def can_be_learned(dataset: Dataset) -> bool:
    """Whether so many flags of a dataset have a design that there is a grammar of them."""
    return dataset in _grammars or how_many(dataset) >= LEAST_FLAGS


class Grammar:
    """Draws flags that are made like those of a dataset."""

    def __init__(self, found: Learned, known: Known) -> None:
        """Raises `UsageError` where nothing was learned."""
        if not found.layouts or not found.palettes:
            reason = "grammar finds nothing to learn in these designs: give another, such as mix"
            raise UsageError(reason, parameter="prior")
        self.learned, self.known = found, known

    @classmethod
    def of(cls, dataset: Dataset) -> Grammar:
        """What the flags of a dataset that have a design teach; learned once, in a second or two."""
        if dataset not in _grammars:
            parents, aspects = [], []
            for at, (name, aspect) in enumerate(zip(dataset.flags.names, dataset.flags.aspect.tolist(), strict=True)):
                if (found := parent_of(dataset, dataset.flags[[at]], name.slug, 1.0)) is not None:
                    parents.append(found)
                    aspects.append(aspect)
            _grammars[dataset] = cls(learned(parents, aspects), known_flags(dataset))
        return _grammars[dataset]

    @cached_property
    def grounds(self) -> Mapping[Kind, Sequence[Layout]]:
        """Layouts by the kind of what fills the flag."""
        found: dict[Kind, list[Layout]] = {}
        for layouts in self.learned.layouts.values():
            for one in layouts:
                found.setdefault(ground_kind(one.base), []).append(one)
        return found

    def flags(self, random: np.random.Generator) -> Iterator[Drawn]:
        """Flags without end, each unlike those before it."""
        recent: list[Drawn] = []
        while True:
            found = self.draw(random, recent)
            yield found
            recent = [found, *recent][:RECENT]

    def draw(self, random: np.random.Generator, recent: Sequence[Drawn] = ()) -> Drawn:
        """A flag. recent: those drawn before it, which it is not to be like."""
        best: Drawn | None = None
        for number in range(MOST):
            if best is not None and (best.cost < WORST or number >= LAYOUTS):
                return best
            plan = self._plan(random, recent)
            charged = random.random() < self._charged(plan)
            drawn = random.random() < DRAWN
            held = crossing(plan.layers) is not None
            marks = [self._mark(drawn, held, random, recent) if charged else None for _ in range(EACH)]
            palettes = [self._colours(plan, random, recent) for _ in range(EACH)]
            tries = [self._try(plan, mark, colours, random) for mark in marks for colours in palettes]
            found = sorted((one for one in tries if one is not None), key=lambda one: one.cost)[:FINALS]
            told = [one for one in map(self._compared, found) if one is not None]
            if not told:
                continue
            one = tempered(told, [one.cost for one in told], random)
            best = one if best is None or one.cost < best.cost else best
        raise UsageError("grammar finds no new flag in these designs: give another, such as mix", parameter="prior")

    # The layout.

    def _plan(self, random: np.random.Generator, recent: Sequence[Drawn]) -> Plan:
        layouts = self.learned.layouts
        kinds = list(layouts)
        weights = [
            len(layouts[kind]) ** TEMPER["layout"]
            * np.prod([RARE.get(word, 1.0) for word in kind])
            * fresh([one.kind == kind for one in recent])
            for kind in kinds
        ]
        kind = chosen(kinds, weights, random)
        figures = any_of(layouts[kind], random)
        ground = ground_kind(figures.base)
        if figures.figures and random.random() < CROSSED and ground[0] == "horizontal stripe" and "many" not in kind:
            others = [one for one in self.grounds if one[0] == ground[0] and one[1] != "many"]
            ground = any_of(others, random)
        bases = self.grounds[ground]
        base = figures if "many" in kind or not bases else any_of(bases, random)
        own = [one[-1].figure for one in figures.figures]
        if "canton" in own or (ground[0] == HALVED and "band" in own):
            base = figures  # whose stripes it ends at, whose halves it parts
        return joined(base, figures)

    def _charged(self, plan: Plan) -> float:
        """How likely a flag of a layout has a charge."""
        alike = self.learned.layouts.get(plan.figures.kind, [plan.figures])
        share = sum(one.charged for one in alike) / len(alike)
        if plan.kind[-1].endswith("canton"):
            full = seat(plan.layers) is not None or plan.kind[-1] == "jack canton"
            return CANTON if full else OTHER_CANTON
        if crossing(plan.layers) is not None:
            return CROSSING
        if plan.figures.figures:
            return share
        return max(share, BARE if plan.kind[1] not in ("1", "2") else FIELDED)

    # The colours.

    def _colours(self, plan: Plan, random: np.random.Generator, recent: Sequence[Drawn]) -> Colours:
        """A real palette that is large enough, at times with another colour."""
        kinds: Mapping[Kind, Sequence[Colours]] = {
            kind: fitting
            for kind, every in self.learned.palettes.items()
            if (fitting := [one for one in every if len(one.names) >= min(plan.own, 4)])
        } or self.learned.palettes
        weights = [
            len(every) ** TEMPER["colours"] * fresh([one.palette == kind for one in recent]) ** HALF
            for kind, every in kinds.items()
        ]
        found = any_of(kinds[chosen(list(kinds), weights, random)], random)
        if random.random() < NEW and len(found.names) > 2:
            at = int(random.integers(len(found.names)))
            rest = [name for position, name in enumerate(found.names) if position != at]
            found = replace(found, names=(*rest, self._another(rest, random)))
        names = list(found.names)
        while len(names) < len(plan.slots):
            names.append(self._another(names, random))
        return replace(found, names=tuple(names))

    def _another(self, names: Sequence[str], random: np.random.Generator) -> str:
        """A colour that goes with some, of another family than each."""
        there = {family(name) for name in names}
        known = dict.fromkeys(name for every in self.learned.palettes.values() for one in every for name in one.names)
        others = [name for name in known if family(name) not in there and family(name) == name] or ["white"]
        weights = [np.exp(-float(np.mean([self.learned.unlikely(one, name) for name in names]))) for one in others]
        return chosen(others, weights, random)

    def _coloured(self, plan: Plan, colours: Colours, random: np.random.Generator) -> tuple[tuple[Layer, ...], float]:
        """The layers of a plan in the order of colours that is seen best, tempered, and what it costs."""
        tried: dict[tuple[str, ...], tuple[tuple[Layer, ...], float]] = {}
        for _ in range(ORDERS):
            order = tuple(colours.names[at] for at in random.permutation(len(colours.names))[: len(plan.slots)])
            if order not in tried:
                layers = renamed(plan.layers, dict(zip(plan.slots, order, strict=True)))
                tried[order] = layers, self._ground(layers, colours.tints)
        every = list(tried.values())
        return tempered(every, [cost for _, cost in every], random)

    def _ground(self, layers: tuple[Layer, ...], tints: Mapping[str, str]) -> float:
        labels, names = painted(Design(layers))
        cost = CLASH * Judge((), self.known, tints).clash(labels, names) + TORN * sum(
            share for _, share in torn(layers, labels)
        )
        pairs = np.concatenate(
            [
                np.stack([labels[1:], labels[:-1]], 2).reshape(-1, 2),
                np.stack([labels[:, 1:], labels[:, :-1]], 2).reshape(-1, 2),
            ]
        )
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        if len(pairs):
            table = np.array([[self.learned.unlikely(one, other) for other in names] for one in names])
            cost += UNLIKELY * float(table[pairs[:, 0], pairs[:, 1]].mean())
        phrase, rest = words.ground_of(layers)
        for figure in words.with_edges(rest):
            under = {family(name) for name in phrase.colours}
            if figure[0].colours and not METALS & {family(figure[0].colours[0]), *under}:
                cost += DARK
        if len(layers[0].colours) == 1:
            never = max(self.learned.fields.values(), default=0) + 1
            cost += FIELD * self.learned.fields.get(family(layers[0].colours[0]), never)
        return cost

    # The charge.

    def _mark(self, drawn: bool, held: bool, random: np.random.Generator, recent: Sequence[Drawn]) -> Mark | None:
        """A charge; None where there is none to choose. held: whether it must have a disc below."""
        before = [one.mark for one in recent]
        if drawn and not held and self.learned.emblems:
            emblems = self.learned.emblems
            return chosen(emblems, [fresh([one == _called(each) for one in before]) for each in emblems], random)
        classes: dict[str, list[Mark]] = {}
        for every in self.learned.marks.values():
            for one in every:
                if not held or one.group[0].shape == "disc":
                    classes.setdefault(_class(one), []).append(one)
        if not classes:
            return None
        seen = [one.split(":")[0] for one in before]
        weights = [
            len(every) ** TEMPER["mark"] * RARE.get(name, 1.0) * fresh([one == name for one in seen]) ** HALF
            for name, every in classes.items()
        ]
        marks = classes[chosen(list(classes), weights, random)]
        return chosen(marks, [fresh([one == _called(each) for one in before]) for each in marks], random)

    def _try(self, plan: Plan, mark: Mark | None, colours: Colours, random: np.random.Generator) -> Drawn | None:
        """A flag of a layout; None where its charge finds no place."""
        layers, cost = self._coloured(plan, colours, random)
        names = list(dict.fromkeys([*(name for one in layers for name in one.colours), *colours.names]))[:4]
        charges: Group = ()
        tints = dict(colours.tints)
        if mark is not None:
            tints = {**mark.tints, **tints}
            group = recoloured(mark, names, random)
            found = placed(layers, group, names, tints)
            if found is None:
                return None
            charges, below, extra = found
            cost += extra + UNUSUAL * self.learned.unusual(main_colour(charges), below)
            if mark.emblem:
                charges = through(charges, mark, below)
            if (canton := seat(layers)) is not None:
                layers, charges = in_canton(layers, canton, charges), ()
        try:
            design = Design(layers, charges)
        except DesignError:
            return None
        if len(layers) == 1 and not charges and row_of(layers) in self.learned.rows:
            return None
        cost += self._whole(design)
        there = list(design.colours())
        design = replace(design, tints=tuple((name, tints[name]) for name in there if name in tints))
        called = _called(mark) if mark is not None else ""
        return Drawn(design, plan.kind, called, colours.kind, _says(plan, mark, colours), cost)

    def _whole(self, design: Design) -> float:
        cost = FAULT * sum(prices.faults(design).values())
        flat = {name for layer in design.layers for name in layer.colours}
        flat |= {name for charge in design.charges if charge.shape != CUT_OUT for name in charge.colours}
        cost += FIFTH * max(0, len(flat) - MANY) + THIRD * max(0, len(flat) - 3)
        return cost + FIFTH * (len(flat) - len({family(name) for name in flat}))

    def _compared(self, one: Drawn) -> Drawn | None:
        """With what it costs to be like a real flag; None where it is one."""
        copied = self.known.copied(features_of(one.design))
        if copied > (COPY - LIMITS.copy) / (1 - LIMITS.copy):
            return None
        return replace(one, cost=one.cost + COPIED * copied)


def fresh(before: Sequence[bool]) -> float:
    """How much likelihood is left of what was drawn before: 1 for all. before: whether it was, the last first."""
    return float(np.prod([1 - STALE * np.exp(-age / SPAN) for age, same in enumerate(before) if same]))


# Words.


def _class(mark: Mark) -> str:
    """What a group is taken for at a glance: its rarest shape, a star or some."""
    shapes = {one.shape for one in mark.group}
    for shape in ("crescent", "sun", "disc", "ring", "cross"):
        if shape in shapes:
            return "disc" if shape == "ring" else shape
    return "star" if sum(len(one.places) for one in mark.group) == 1 else "stars"


def _called(mark: Mark) -> str:
    return f"{_class(mark) if not mark.emblem else 'emblem'}: {mark.title} {' '.join(mark.kind)}"


def _says(plan: Plan, mark: Mark | None, colours: Colours) -> str:
    """Where the parts of a flag come from."""
    noun = words.ground_of(plan.base.base)[0].noun
    noun = f"{noun}s" if noun.endswith("stripe") else noun
    said = []
    figures = [
        "canton" if figure_kind(one).endswith("canton") else words.figure_phrase(one).noun
        for one in plan.figures.figures
    ]
    named = " and ".join(dict.fromkeys(figures))
    if noun == "field":  # of which there is nothing to tell
        said += [f"{named} as on {plan.figures.title}"] if named else []
    elif named and plan.base is plan.figures:
        said.append(f"{noun} and {named} as on {plan.base.title}")
    else:
        said.append(f"{noun} as on {plan.base.title}")
        if named:
            said.append(f"{named} as on {plan.figures.title}")
    if mark is not None:
        said.append(f"{mark.noun} as on {mark.title}")
    return "; ".join([*said, f"colours of {colours.title}"])
