"""The sum of flags settles into a design.

Of all that two flags can be together (`candidates`), with charges set on it (`placement`), the design wins that keeps
most of what each parent is, weighted by how rare it is, at the least price (`costs`): in clash of colours, torn
figures, colours lost, likeness to a flag that exists. Figures are whole or absent. More than two are mixed one after
another, in the order that gives the best design. The same flags in any order give the same design.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from flagsae.design import quick, words
from flagsae.design.design import CUT_OUT, Design, Layer
from flagsae.design.feature_table import Table
from flagsae.design.features import Features, features_of
from flagsae.design.settling import prices
from flagsae.design.shades import family
from flagsae.mixing.candidates import RECIPES, Plan, plans
from flagsae.mixing.costs import COSTS, LIMITS
from flagsae.mixing.parent import Parent, grouped, painted, unified
from flagsae.mixing.placement import Ground, clash, hard_to_see, low, place

IDENTITY, LARGE = 2.5, 0.2  # what it weighs that a cut-out is there, of one with so large a radius


@dataclass(frozen=True)
class Mixed:
    """A design of a sum."""

    design: Design
    recipe: str
    """The name of its recipe."""
    says: str
    """What came from whom, in words."""
    cost: float
    kept: tuple[float, ...]
    """Of each parent, the share of its features that the design has."""


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
        rows = self.table.matrix(self.vectors) * self.table.rarity
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def weighted(self, features: Mapping[str, float]) -> dict[str, float]:
        return {name: value * self.rarity.get(name, 1.0) for name, value in features.items()}

    def copied(self, features: Features) -> float:
        """How far a design is a flag that exists: 0 to 1."""
        (row,) = self.table.matrix([features]) * self.table.rarity
        nearest = float((self.rows @ row).max() / max(float(np.linalg.norm(row)), 1e-9))
        return max(0.0, nearest - LIMITS.copy) / (1 - LIMITS.copy)


def kept(own: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The share of a parent's weighted features that a design has."""
    rarest = sum(own.values()) or 1.0
    return sum(min(value, value * features[name]) for name, value in own.items() if name in features) / rarest


class Settling:
    """The search for the designs of a sum of two flags."""

    def __init__(self, parents: Sequence[Parent], known: Known) -> None:
        self.parents = unified(parents)
        self.known = known
        self.own = [_shares(known, one) for one in self.parents]
        self.tints = dict(tint for one in self.parents[::-1] for tint in one.design.tints)
        self.pool = list(dict.fromkeys(name for one in self.parents for name in one.colours[:4]))
        self.found: dict[Design, Mixed] = {}

    def grounds(self) -> list[tuple[float, Plan]]:
        """Plans, the most promising first: each ground once with each set of charges."""
        seen: dict[tuple[object, ...], tuple[float, Plan]] = {}
        for plan in plans(self.parents):
            key = (plan.layers, plan.fixed, plan.sets, plan.seated)
            if key not in seen:
                seen[key] = self.promise(plan), plan
        return sorted(seen.values(), key=lambda one: one[0])

    def promise(self, plan: Plan) -> float:
        """What a plan costs as far as its ground says."""
        labels, names = painted(Design(plan.layers, plan.fixed))
        cost = RECIPES[plan.recipe].price + plan.price + COSTS.clash * self.clash(labels, names)
        cost += COSTS.torn * max(0.0, self.torn(plan.layers) - self.usual_torn)
        counts = dict(zip(names, (np.bincount(labels.ravel(), minlength=len(names)) / labels.size).tolist(), strict=True))
        cost += self.lost(counts)
        facts = ground_facts(plan.layers)
        charged = {id(one) for groups in plan.sets for group in groups for one in group}
        charged |= {id(one) for group, _ in plan.seated for one in group}
        for parent, own in zip(self.parents, self.facts, strict=True):
            ground = sum(value for name, value in own.items() if name in facts) / max(1e-9, sum(own.values()))
            share = self.shares[parent.key]
            own_marks = parent.groups or parent.lifted
            has = any(id(one) in charged for group in own_marks for one in group) or (
                bool(plan.fixed) and parent is plan.first
            )
            much = share * (has or not own_marks) + (1 - share) * ground
            cost += parent.weight * (COSTS.gone * (1 - much) ** 2 * 0.6)
        return cost

    @cached_property
    def usual_torn(self) -> float:
        """As much as a parent has itself."""
        return max(self.torn(one.design.layers) for one in self.parents)

    @cached_property
    def usual_faults(self) -> float:
        return max(sum(prices.faults(one.design).values()) for one in self.parents)

    @cached_property
    def facts(self) -> list[dict[str, float]]:
        return [ground_facts(one.design.layers) for one in self.parents]

    @cached_property
    def shares(self) -> dict[str, float]:
        """How much of each parent its charges are."""
        found = {}
        for parent, own in zip(self.parents, self.own, strict=True):
            if not parent.groups:
                found[parent.key] = 0.0
                continue
            bare = features_of(replace(parent.design, charges=()))
            found[parent.key] = 1 - kept(own, bare)
        return found

    def clash(self, labels: NDArray[np.uint8], names: Sequence[str]) -> float:
        table = np.array([[clash(a, b, self.tints) if a != b else 0.0 for b in names] for a in names])
        total = float(table[labels[1:], labels[:-1]].sum() + table[labels[:, 1:], labels[:, :-1]].sum())
        return total / sum(labels.shape)

    def torn(self, layers: Sequence[Layer]) -> float:
        """How much of the outlines of figures cannot be seen: 1 for a whole figure."""
        if len(layers) == 1:
            return 0.0
        labels, _ = painted(Design(tuple(layers)))
        across, down = labels[:, 1:] != labels[:, :-1], labels[1:] != labels[:-1]
        total = 0.0
        _, rest = words.ground_of(layers)
        for group in words.with_edges(rest):
            mask = np.zeros(labels.shape, bool)
            if group[-1].inside is not None:
                width, height = group[-1].numbers
                mask[: round(height * mask.shape[0]), : round(width * mask.shape[1])] = True
            else:
                mask = quick.layer_mask(group[0], *labels.shape)
            edges = (mask[:, 1:] != mask[:, :-1], across), (mask[1:] != mask[:-1], down)
            length = sum(int(edge.sum()) for edge, _ in edges)
            seen = sum(int((edge & visible).sum()) for edge, visible in edges)
            total += 1 - seen / length if length else 1.0
        return total

    def lost(self, shares: Mapping[str, float]) -> float:
        there = {family(name) for name, share in shares.items() if share > LIMITS.there}
        cost = 0.0
        for parent in self.parents:
            for name, share in parent.shares.items():
                if share > LIMITS.main and family(name) not in there:
                    cost += COSTS.lost * min(1.0, share / (2 * LIMITS.main)) * parent.weight
        return cost

    def score(self, design: Design, plan: Plan, extra: float) -> Mixed:
        """extra: what its charges cost."""
        features = features_of(design)
        seen = {**features, **identities(design)}
        keeps = tuple(kept(own, seen) for own in self.own)
        labels, names = painted(design)
        counts = dict(zip(names, (np.bincount(labels.ravel(), minlength=len(names)) / labels.size).tolist(), strict=True))
        cost = RECIPES[plan.recipe].price + plan.price + extra
        for parent, keep in zip(self.parents, keeps, strict=True):
            cost += parent.weight * COSTS.gone * (1 - keep) ** 2
            cost += parent.weight * COSTS.unknown * max(0.0, LIMITS.known - keep)
        cost += COSTS.clash * self.clash(labels, names) + COSTS.torn * max(0.0, self.torn(design.layers) - self.usual_torn)
        cost += self.lost(counts) + COSTS.copied * self.known.copied(features)
        flat = {name for layer in design.layers for name in layer.colours}
        flat |= {name for charge in design.charges if charge.shape != CUT_OUT for name in charge.colours}
        cost += COSTS.colours * max(0, len(flat) - LIMITS.colours)
        cost += COSTS.fault * max(0.0, sum(prices.faults(design).values()) - self.usual_faults)
        one, other = plan.first, plan.second
        return Mixed(design, plan.recipe, RECIPES[plan.recipe].says.format(first=one.title, second=other.title), cost, keeps)

    def search(self, count: int, first: bool = False) -> Iterator[list[Mixed]]:
        """The best designs so far, at most `count`: soon of few grounds, then of all that are promising."""
        grounds = self.grounds()
        done: list[Mixed] = []
        at = 0
        for most in (LIMITS.first, LIMITS.grounds + 4 * (count - 1)):
            for _, plan in islice(grounds, at, most):
                done += self.charged(plan)
            at = most
            done.sort(key=lambda one: (round(one.cost, 6), str(one.design.record())))
            yield different(done, count)
            if first:
                return

    def charged(self, plan: Plan) -> Iterator[Mixed]:
        ground = Ground(plan.layers, plan.fixed, self.pool, self.tints)
        below = Ground(plan.layers, (), self.pool, self.tints) if plan.fixed else ground
        faint = sum(hard_to_see(low(below, group)) for group in grouped(plan.fixed))
        for groups in plan.sets:
            charges, extra, dropped = place(ground, groups, plan.seated)
            if dropped and len(groups) + len(plan.seated) > 1:
                continue
            design = Design(plan.layers, (*plan.fixed, *charges))
            names = list(design.colours())
            design = replace(design, tints=tuple((name, self.tints[name]) for name in names if name in self.tints))
            yield self.score(design, plan, extra + faint)


def different(found: Sequence[Mixed], count: int) -> list[Mixed]:
    """The best that differ from one another: each of another recipe as long as there are such."""
    chosen: list[Mixed] = []
    maps: list[NDArray[np.str_]] = []
    for again in (False, True):
        for one in found:
            if len(chosen) == count:
                return chosen
            if not again and any(one.recipe == other.recipe for other in chosen):
                continue
            labels, names = painted(one.design)
            seen = np.array(names)[labels]
            if all((seen != other).mean() > LIMITS.differ for other in maps):
                chosen.append(one)
                maps.append(seen)
    return chosen


def _shares(known: Known, parent: Parent) -> dict[str, float]:
    """The weighted features of a parent."""
    found = {name: value * known.rarity.get(name, 1.0) for name, value in parent.features.items()}
    return found | identities(parent.design)


def identities(design: Design) -> dict[str, float]:
    """Each cut-out as a feature of its own: a person knows an eagle from a palm, which are both emblems in words."""
    found: dict[str, float] = {}
    for charge in design.charges:
        if charge.shape == CUT_OUT:
            size = min(1.0, charge.places[0].radius / LARGE)
            found[charge.art[:200]] = max(found.get(charge.art[:200], 0.0), IDENTITY * size)
    return found


def ground_facts(layers: Sequence[Layer]) -> dict[str, float]:
    """What can be told of a ground at once: its layout, its colours, which of them meet."""
    facts: dict[str, float] = {}
    phrase, rest = words.ground_of(layers)
    facts[phrase.noun, len(phrase.colours)] = 1.0
    for at, colour in enumerate(phrase.colours[:5]):
        facts[phrase.noun, at, colour] = 0.4
    for pair in zip(phrase.colours, phrase.colours[1:]):
        facts[pair] = 0.3
    for colour in phrase.colours:
        facts[phrase.noun, colour] = 0.4
        facts[colour] = 0.4
    for group in words.with_edges(rest):
        top = group[-1]
        if top.inside is not None:
            facts["canton", top.inside.layers[0].figure, top.inside.layers[0].colours] = 2.0
            continue
        facts[top.figure] = 1.2
        facts[top.figure, top.colours[0]] = 0.8
        for colour in {layer.colours[0] for layer in group}:
            facts[colour] = 0.4
        for edge in group[:-1]:
            facts[top.figure, "edge", edge.colours[0]] = 0.3
    return facts
