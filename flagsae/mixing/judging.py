"""What a design of a sum costs: what is lost of its parents, what hurts the eye, what it copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design import quick, words
from flagsae.design.design import CUT_OUT, Design, Layer
from flagsae.design.feature_table import Table
from flagsae.design.features import Features, features_of
from flagsae.design.settling import prices
from flagsae.design.shades import family
from flagsae.mixing.costs import COSTS, LIMITS
from flagsae.mixing.groups import Group, extent, is_fixture
from flagsae.mixing.parent import Parent, painted
from flagsae.mixing.placement import clash

Facts: TypeAlias = Mapping[str, float]  # what is told of a flag -> how much it says

ORDER = 2.5  # what it says that three colours stand in an order; two say half
JACK_TORN = 0.5  # of the outline of a canton with a Union Jack, that may be unseen: many have the field's colour
IDENTITY, LARGE = 2.5, 0.2  # what it says that a cut-out is there, of one with so large a radius
# What can be told of a ground at once, with what it says beside features of 1 (`ground_facts`).
LAYOUT, SLOT, MEETING, COLOUR, FIGURE, COLOURED, EDGED, CANTON = 1.0, 0.4, 0.3, 0.4, 1.2, 0.8, 0.3, 2.0
GUESS = 0.6  # times as much as what is known counts what is guessed of a ground


@dataclass(frozen=True, eq=False)
class Known:
    """The flags that exist: how rare each feature is, and what a composite may not be a copy of."""

    table: Table
    vectors: Sequence[Features]

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        return dict(zip(self.table.names, self.table.rarity.tolist(), strict=True))

    @cached_property
    def rows(self) -> NDArray[np.float32]:
        """The weighted features of each flag, N x F, of length 1."""
        rows = self.table.matrix(self.vectors) * self.table.rarity
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def facts(self, features: Features, design: Design) -> Facts:
        """The features of a flag, each as much as it is rare, and its cut-outs."""
        told = {name: value * self.rarity.get(name, 1.0) for name, value in features.items()}
        return {**told, **identities(design)}

    def copied(self, features: Features) -> float:
        """How far a design is a flag that exists: 0 to 1."""
        (row,) = self.table.matrix([features]) * self.table.rarity
        nearest = float((self.rows @ row).max() / max(float(np.linalg.norm(row)), 1e-9))
        return max(0.0, nearest - LIMITS.copy) / (1 - LIMITS.copy)


def identities(design: Design) -> Facts:
    """Each cut-out as a fact of its own: a person knows an eagle from a palm, which are both emblems in words."""
    found: dict[str, float] = {}
    for charge in design.charges:
        if charge.shape == CUT_OUT:
            much = IDENTITY * min(1.0, charge.places[0].radius / LARGE)
            found[charge.art] = max(found.get(charge.art, 0.0), much)
    return found


def orders(design: Design, parts: bool = False) -> Facts:
    """The colours of its stripes in their order, however they lie: side by side, or as triangles in one another. Of
    three or more a person knows the flag. parts: also of some of the stripes."""
    base, rest = design.layers[0], words.ground_of(design.layers)[1]
    rows = [base.colours] if base.figure in ("stripes", "bars") else []
    if parts:
        nested = [tuple(layer.colours[0] for layer in group) for group in words.with_edges(rest) if len(group) > 1]
        rows += [*nested, *(row[::-1] for row in nested)]
    found: dict[str, float] = {}
    cantons = [layer.inside.layers[0] for layer in rest if layer.inside is not None] if parts else []
    if any(layer.figure == "jack" for layer in (base, *cantons)):
        found["Union Jack"] = IDENTITY  # a flag that is nothing else is known by one in the canton
    for row in rows:
        for size in range(2, len(row) + 1) if parts else [len(row)]:
            for start in range(len(row) - size + 1):
                one = row[start : start + size]
                if len(set(one)) > 1:
                    found[f"in this order: {', '.join(map(family, one))}"] = ORDER * min(1.0, (len(set(one)) - 1) / 2)
    return found


def kept(own: Facts, there: Mapping[str, float]) -> float:
    """The share of a parent's facts that a design has."""
    both = sum(value * min(1.0, there[name]) for name, value in own.items() if name in there)
    return both / max(sum(own.values()), 1e-9)


class Judge:
    """Of the designs of one sum."""

    def __init__(self, parents: Sequence[Parent], known: Known, tints: Mapping[str, str]) -> None:
        """parents: that are to be kept."""
        self.parents, self.known, self.tints = parents, known, tints
        self.own = [{**known.facts(one.features, one.design), **orders(one.design)} for one in parents]
        self.grounds = [ground_facts(one.design.layers) for one in parents]

    @property
    def lightest(self) -> float:
        """The least weight: little of a flag may leave the other as it is."""
        return min(one.weight for one in self.parents)

    @cached_property
    def usual(self) -> tuple[Mapping[str, float], float]:
        """What is torn of each sort of figure, and what is hardly seen, on a parent itself."""
        most: dict[str, float] = {}
        for one in self.parents:
            for figure, share in torn(one.design.layers, painted(replace(one.design, charges=()))[0]):
                most[figure] = max(most.get(figure, 0.0), share)
        return most, max(sum(prices.faults(one.design).values()) for one in self.parents)

    @cached_property
    def drawn(self) -> int:
        """How many drawn emblems one parent has, at most, but one at least."""
        return max(1, *(sum(map(is_drawn, one.groups)) for one in self.parents))

    @cached_property
    def crowding(self) -> int:
        """How crowded a parent itself is."""
        return max(crowding(one.design.layers, one.groups) for one in self.parents)

    @cached_property
    def charged(self) -> list[float]:
        """How much of each parent its charges are."""
        return [
            1 - kept(own, features_of(replace(one.design, charges=()))) if one.design.charges else 0.0
            for one, own in zip(self.parents, self.own, strict=True)
        ]

    def ground(self, design: Design) -> float:
        """What its colours and figures cost, with the charges that are on it."""
        labels, names = painted(design)
        bare, bare_names = painted(replace(design, charges=())) if design.charges else (labels, names)
        cost = COSTS.clash * self.clash(bare, bare_names) + self.lost(labels, names)
        if len(design.layers) > 1:
            usual = self.usual[0]
            for name, share in torn(design.layers, bare):
                most = max(usual.get(name, 0.0), JACK_TORN if name == "canton" and _has_jack(design.layers) else 0.0)
                cost += COSTS.torn * max(0.0, share - most)
        return cost

    def guess(self, layers: Sequence[Layer], marked: Sequence[bool]) -> float:
        """About what `losses` will be. marked: whether the charges of each parent are on the design."""
        there = dict(ground_facts(layers))
        for whole in _flags_in(layers):
            there = {**ground_facts(whole.layers), **there}
        keeps = []
        for own, share, has in zip(self.grounds, self.charged, marked, strict=True):
            keeps.append(share * has + (1 - share) * GUESS * kept(own, dict.fromkeys(there, 1.0)))
        return self.losses(keeps)

    def losses(self, keeps: Sequence[float]) -> float:
        """What it costs that so much of each parent is kept."""
        cost = 0.0
        for parent, keep in zip(self.parents, keeps, strict=True):
            cost += parent.weight * (
                COSTS.gone * (1 - keep) ** 2 + COSTS.unknown * max(0.0, LIMITS.known * parent.weight - keep)
            )
        return cost

    def whole(self, design: Design, groups: Sequence[Group]) -> float:
        """What a design costs besides what is lost of its parents and what it copies. groups: its charges, those
        together that are one thing."""
        cost = self.ground(design)
        cost += COSTS.fault * max(0.0, sum(prices.faults(design).values()) - self.usual[1])
        flat = {name for layer in design.layers for name in layer.colours}
        flat |= {name for charge in design.charges if charge.shape != CUT_OUT for name in charge.colours}
        drawn = [group for group in groups if is_drawn(group)]
        cost += COSTS.emblems * max(0, len(drawn) - self.drawn)
        cost += COSTS.emblems_crowded * crowding(design.layers, drawn)
        cost += COSTS.crowded * max(0, crowding(design.layers, groups) - self.crowding)
        return cost + COSTS.colours * max(0, len(flat) - LIMITS.colours)

    def told(self, design: Design) -> tuple[float, tuple[float, ...]]:
        """What is lost of its parents and what it copies, and how much of each parent it keeps."""
        features = features_of(design)
        there = {**features, **identities(design), **orders(design, parts=True)}
        for whole in _flags_in(design.layers):  # a flag in the canton is known there too
            there = {**features_of(whole), **there}
        keeps = tuple(kept(own, there) for own in self.own)
        missing = self.missing(design) if len(self.parents) > 2 else 0.0  # of two the search itself knows
        return missing + self.losses(keeps) + COSTS.copied * self.lightest**0.5 * self.known.copied(features), keeps

    def missing(self, design: Design) -> float:
        """What it costs that nothing is there of the marks of parents that have some."""
        there = {(one.shape, one.art) for one in design.charges}
        there |= {(one.shape, one.art) for whole in _cantons(design.layers) for one in whole.charges}
        return sum(
            COSTS.unmarked * parent.weight
            for parent in self.parents
            if parent.mark and not there & {(one.shape, one.art) for group in parent.marks for one in group}
        )

    def clash(self, labels: NDArray[np.uint8], names: Sequence[str]) -> float:
        """How long edges are whose colours are hard to tell apart, in heights and widths of the flag."""
        table = np.array([[clash(a, b, self.tints) if a != b else 0.0 for b in names] for a in names])
        total = float(table[labels[1:], labels[:-1]].sum() + table[labels[:, 1:], labels[:, :-1]].sum())
        height, width = labels.shape
        return total / (height + width)

    def lost(self, labels: NDArray[np.uint8], names: Sequence[str]) -> float:
        """What it costs that main colours of parents are gone."""
        counts = (np.bincount(labels.ravel(), minlength=len(names)) / labels.size).tolist()
        there: dict[str, float] = defaultdict(float)
        for name, share in zip(names, counts, strict=True):
            there[family(name)] += share
        cost = 0.0
        for parent, own in zip(self.parents, self.main, strict=True):
            for name, alone in own.items():
                if there[name] < LIMITS.there:
                    cost += (COSTS.lost if alone else COSTS.lost_shared) * parent.weight
        return cost

    @cached_property
    def main(self) -> list[dict[str, bool]]:
        """The main colours of each parent, and whether no other has them."""
        every = []
        for one in self.parents:
            shares: dict[str, float] = defaultdict(float)
            for name, share in one.shares.items():
                shares[family(name)] += share
            every.append(shares)
        found = []
        for own in every:
            others = [other for other in every if other is not own]
            main = {name for name, share in own.items() if share > LIMITS.main}
            found.append({name: all(other[name] < LIMITS.there for other in others) for name in sorted(main)})
        return found


def is_drawn(group: Group) -> bool:
    return any(charge.shape == CUT_OUT for charge in group)


def crowding(layers: Sequence[Layer], groups: Sequence[Group]) -> int:
    """How many groups stand in a field in which there is another: the canton, the triangle or bar at the hoist, each
    quarter or half, each quarter that a cross leaves, and the rest of the flag are fields."""
    fields = Counter(_field(layers, group) for group in groups if not is_fixture(group))
    return sum(count - 1 for count in fields.values())


def _field(layers: Sequence[Layer], group: Group) -> tuple[object, ...]:
    """What a group stands in."""
    left, right, top, bottom = extent(group)
    x, y = (left + right) / 2, (top + bottom) / 2
    found: list[object] = []
    for layer in layers:
        numbers = layer.numbers
        if layer.inside is not None and x < numbers[0] and y < numbers[1]:
            return ("canton",)
        if layer.figure == "triangle" and numbers[0] == 0 and x < numbers[3] * (1 - abs(y - 0.5) * 2):
            return ("triangle",)
        if layer.figure == "rectangle" and numbers[0] <= 0 and numbers[3] >= 1 and x < numbers[2]:
            return ("bar at the hoist",)
        if layer.figure == "bars":
            found.append(len(numbers) > 0 and right < numbers[0])
        if layer.figure == "cross":
            found.append((np.searchsorted(numbers[:2], x), np.searchsorted(numbers[2:], y)))
        if layer.figure in ("quarters", "halves", "band", "saltire"):
            found.append((x > 0.5, y > 0.5))
    return tuple(found)


def _has_jack(layers: Sequence[Layer]) -> bool:
    return any(layer.inside is not None and layer.inside.layers[0].figure == "jack" for layer in layers)


def _cantons(layers: Sequence[Layer]) -> Iterator[Design]:
    return (layer.inside for layer in layers if layer.inside is not None)


def _flags_in(layers: Sequence[Layer]) -> Iterator[Design]:
    """Cantons that are a flag by themselves: with figures."""
    return (whole for whole in _cantons(layers) if len(whole.layers) > 1)


def torn(layers: Sequence[Layer], labels: NDArray[np.uint8]) -> Iterator[tuple[str, float]]:
    """How much of the outline of each figure cannot be seen: its sort, and 1 where nothing of it can. labels: of the
    layers."""
    if len(layers) == 1:
        return
    across, down = labels[:, 1:] != labels[:, :-1], labels[1:] != labels[:-1]
    rows, columns = labels.shape
    for group in words.with_edges(words.ground_of(layers)[1]):
        if group[-1].inside is not None:
            mask = np.zeros(labels.shape, bool)
            width, height = group[-1].numbers
            mask[: round(height * rows), : round(width * columns)] = True
        else:
            mask = quick.layer_mask(group[0], *labels.shape)
        edges = (mask[:, 1:] != mask[:, :-1], across), (mask[1:] != mask[:-1], down)
        length = sum(int(edge.sum()) for edge, _ in edges)
        seen = sum(int((edge & visible).sum()) for edge, visible in edges)
        yield group[-1].figure, 1 - seen / length if length else 1.0


def ground_facts(layers: Sequence[Layer]) -> Facts:
    """What can be told of a ground at once: its layout, its colours, which of them meet, its figures."""
    phrase, rest = words.ground_of(layers)
    noun, colours = phrase.noun, phrase.colours
    facts = {f"{len(colours)} {noun}": LAYOUT}
    facts |= {f"{noun} {at} {colour}": SLOT for at, colour in enumerate(colours[:5])}
    facts |= {f"{one} by {other}": MEETING for one, other in pairwise(colours)}
    facts |= {name: COLOUR for colour in colours for name in (colour, f"{colour} {noun}")}
    for group in words.with_edges(rest):
        top = group[-1]
        if top.inside is not None:
            base = top.inside.layers[0]
            facts[f"canton {base.figure} {base.colours}"] = CANTON
            continue
        facts |= {top.figure: FIGURE, f"{top.colours[0]} {top.figure}": COLOURED}
        facts |= {layer.colours[0]: COLOUR for layer in group}
        facts |= {f"{top.figure} edged {layer.colours[0]}": EDGED for layer in group[:-1]}
    return facts
