"""The sum of two flags settles into a design.

Of all that two flags can be together (`candidates`), with charges set on it (`placement`), the design wins that keeps
most of what each parent is, weighted by how rare it is, at the least price (`costs`): in clash of colours, torn
figures, colours lost, likeness to a flag that exists. Figures are whole or absent. The same flags in any order give the
same design.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import Design, Layer
from flagsae.mixing.anchors import HOISTED
from flagsae.mixing.candidates import RECIPES, plans
from flagsae.mixing.costs import COSTS, LIMITS, PLACING
from flagsae.mixing.groups import Group, grouped, is_fixture
from flagsae.mixing.judging import Judge, Known
from flagsae.mixing.parent import Parent, painted, unified
from flagsae.mixing.placement import DRAWN, Ground, hard_to_see, low, place, straddling
from flagsae.mixing.plans import Plan

FIXED = 1.8  # times as much counts what is hard to see of charges that are not placed: they cannot give way
DIGITS = 6  # of a cost: designs that differ in less are equal, and ordered by what they say


@dataclass(frozen=True)
class Mixed:
    """A design of a sum."""

    design: Design
    recipe: str
    """The name of its recipe."""
    says: str
    """What came from whom, in words."""
    cost: float
    kept: tuple[tuple[str, float], ...]
    """Of each parent, by its word, the share of its features that the design has."""


@dataclass(frozen=True)
class _Candidate:
    """A design of which is guessed what it loses of its parents."""

    design: Design
    plan: Plan
    sure: float
    """What it costs without that."""
    cost: float


class Settling:
    """The search for the designs of a sum of two flags."""

    def __init__(self, parents: Sequence[Parent], known: Known, judged: Sequence[Parent] = ()) -> None:
        """judged: the flags that are to be kept, where the two are not these: one of them is mixed already."""
        self.parents = unified(parents)
        tints = dict(tint for one in self.parents[::-1] for tint in one.design.tints)
        self.guesses = Judge(self.parents, known, tints)
        self.judge = Judge(judged, known, tints) if judged else self.guesses
        self.tints = tints
        self.usual = {
            (name, one.field)
            for one in self.parents
            for group in one.marks
            for charge in group
            for name in charge.colours
        }
        self.cantons = [one.canton.inside for one in self.parents if one.canton is not None]
        self._bare: dict[str, Ground] = {}
        self.pool = list(dict.fromkeys(name for one in self.parents for name in one.colours[:4]))

    def search(self, count: int) -> Iterator[list[Mixed]]:
        """The best designs so far, at most `count`: soon one of few grounds, then of all that are promising."""
        grounds = self.grounds()
        candidates = [one for _, plan in grounds[: LIMITS.first] for one in self.charged(plan)]
        yield [self.judged(one) for one in cheapest(candidates)[:1]]
        more = LIMITS.grounds + LIMITS.grounds_each * (count - 1)
        candidates += [one for _, plan in grounds[LIMITS.first : more] for one in self.charged(plan)]
        finals = cheapest(candidates)[: LIMITS.finals + LIMITS.finals_each * (count - 1)]
        yield different(cheapest([self.judged(one) for one in finals]), count)

    def grounds(self) -> list[tuple[float, Plan]]:
        """Plans, the most promising first; each once."""
        seen: dict[tuple[object, ...], tuple[float, Plan]] = {}
        for plan in plans(self.parents):
            key = (plan.layers, plan.fixed, plan.sets, plan.seated)
            if key not in seen:
                cost = self.price(plan) + self.guesses.ground(Design(plan.layers, plan.fixed))
                there = [*plan.fixed, *(one for group, _ in plan.seated for one in group)]
                there += [one for groups in plan.sets for group in groups for one in group]
                seen[key] = cost + self.guesses.guess(plan.layers, self.marked(plan, there)), plan
        return sorted(seen.values(), key=lambda one: round(one[0], DIGITS))

    def price(self, plan: Plan) -> float:
        """What a plan costs by itself: its recipe, and the ground of a flag of which there is less."""
        recipe = RECIPES[plan.recipe]
        whose = {"first": plan.first, "second": plan.second}.get(recipe.ground)
        light = 0.0 if whose is None else 1 - whose.weight
        return recipe.price + plan.price + COSTS.light * light

    def at_home(self, group: Group, base: Layer | None = None) -> float:
        """How much of a group that is in its place lies over an edge on its own flag. base: only where it is this."""
        for one in self.parents:
            if base in (None, one.base[0]) and any(
                charge.places == other.places for charge in group for other in one.design.charges
            ):
                if one.key not in self._bare:
                    self._bare[one.key] = Ground(one.design.layers, (), (), self.tints)
                return straddling(self._bare[one.key], group)
        return 0.0

    def marked(self, plan: Plan, there: Sequence[object]) -> list[bool]:
        """Whether charges of each parent are among some."""
        known = {id(one) for one in there}
        return [
            any(id(one) in known for group in parent.marks for one in group)
            or (bool(plan.fixed) and parent is plan.first)
            for parent in self.parents
        ]

    def charged(self, plan: Plan) -> Iterator[_Candidate]:
        """The designs of a plan."""
        ground = Ground(plan.layers, plan.fixed, self.pool, self.tints, self.usual)
        below = Ground(plan.layers, (), self.pool, self.tints, self.usual) if plan.fixed else ground
        if all(layer.figure in HOISTED for layer in plan.layers[1:]):
            ground.at_home = lambda group: self.at_home(group, plan.layers[0])
        cost = self.price(plan)
        for layer in plan.layers:
            if layer.inside is not None and all(layer.inside != own for own in self.cantons):
                inner = Ground(layer.inside.layers, (), (), self.tints, self.usual)
                cost += FIXED * sum(hard_to_see(low(inner, group)) for group in grouped(layer.inside.charges))
        for group in grouped(plan.fixed):
            cost += FIXED * hard_to_see(low(below, group))
            if not is_fixture(group):
                cost += PLACING.straddling * DRAWN * max(0.0, straddling(below, group) - self.at_home(group))
        whole = [one for layer in plan.layers for one in (layer, *(layer.inside.layers if layer.inside else ()))]
        figures = {layer.figure for layer in whole}
        for groups in plan.sets:
            placed, extra, dropped = place(ground, groups, plan.seated)
            if dropped and len(groups) + len(plan.seated) > 1:
                continue
            design = Design(plan.layers, (*plan.fixed, *(one for group in placed for one in group)))
            names = list(design.colours())
            design = replace(design, tints=tuple((name, self.tints[name]) for name in names if name in self.tints))
            there = [*plan.fixed, *(one for group in groups for one in group if not dropped)]
            there += [one for group, _ in plan.seated for one in group if not dropped]
            marked = self.marked(plan, there)
            guess = self.guesses.guess(plan.layers, marked)
            sure = cost + extra + self.judge.whole(design, [*grouped(plan.fixed), *placed])
            for parent, has in zip(self.parents, marked, strict=True):
                known = has if parent.mark else not parent.known_figures or bool(parent.known_figures & figures)
                sure += COSTS.unmarked * parent.weight * (not known)
            yield _Candidate(design, plan, sure, sure + guess)

    def judged(self, one: _Candidate) -> Mixed:
        """With what it really loses."""
        losses, keeps = self.judge.told(one.design)
        first, second, recipe = one.plan.first, one.plan.second, one.plan.recipe
        assert first is not None and second is not None
        says = RECIPES[recipe].says.format(first=first.title, second=second.title)
        keys = [parent.key for parent in self.judge.parents]
        return Mixed(one.design, recipe, says, one.sure + losses, tuple(zip(keys, keeps, strict=True)))


_One = TypeVar("_One", Mixed, _Candidate)


def cheapest(found: Sequence[_One]) -> list[_One]:
    """The cheapest first; of equal ones the one whose record comes first in the alphabet."""
    return sorted(found, key=lambda one: (round(one.cost, DIGITS), str(one.design.record())))


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
