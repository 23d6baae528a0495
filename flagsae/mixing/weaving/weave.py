"""Weaving: combines the flags of a sum into one design.

Where the flags of a sum disagree, the scores of its code are nearly equal, and a vote of pixels gives no clean design.
So the flags are split into grounds and charges, and a small search combines these again:

1. grounds: each flag's ground, with whole parts of another ground laid over it (a stripe, a colour, a cross with its
   edges, everything but the field), or divided between two flags along a line, as in heraldry;
2. colours: in the best grounds, each colour is replaced by each other colour of the sum;
3. charges: on the best of these, each star, canton or coat of arms is placed whole where it is most visible. It may be
   moved, made smaller or recoloured; it is left out where there is no room.

Candidates are compared by cost: `flagsae.mixing.weaving.costs` says what each fault costs. Each parent must still be
recognised: it should be among the ten flags nearest to the composite and keep its largest parts, and no other pair of
flags should explain the composite better (`weaving.likeness`). The design must be clean: few colours, contrast
across every edge, no torn figures, no more corners than its parents have.

Letters: M candidates of a call, C colours, H x W the fine grid on which candidates are drawn, h x w the coarser grid on
which they are judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.design.segment import NOTHING, Charge, Mask, Parts, take_apart
from flagsae.flags.regions import LabelMap, connected_regions, dissolve, region_areas
from flagsae.mixing.collage import (
    Collage,
    Placed,
    asymmetry,
    borders,
    conflicts,
    corners,
    edges,
    meeting,
    mix_tints,
    stamp,
)
from flagsae.mixing.weaving.costs import LIMITS, Costs
from flagsae.mixing.weaving.likeness import NEAREST, Gallery, Look, made_of

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Source:
    """The picture of one term of a sum."""

    labels: LabelMap
    """H x W; NOTHING where the term shows nothing, as in most of a feature's atom."""
    tints: NDArray[np.uint8]
    """C x 3, sRGB."""
    amount: float
    """The weight of the term. If it is negative, the composite should not have what the picture shows."""

    @property
    def whole(self) -> bool:
        """Whether it is the picture of a whole flag."""
        return not (self.labels == NOTHING).any()


@dataclass(frozen=True)
class Recipe:
    """How to paint a ground."""

    layers: tuple[tuple[int, Mask | None, NDArray[np.uint8]], ...]
    """Lowest first: (number of the parent; mask, None for all of it; C, the new colour of each of its colours)."""
    divided: float = 0
    """1 if it is divided between two parents along a straight line, 2 if along a diagonal, else 0."""


@dataclass
class Parent:
    """A whole flag with a positive amount, split, with the measures that candidates are compared with."""

    source: Source
    """The flag."""
    parts: Parts
    """Its ground and charges."""
    weight: float
    """How much its faults count; 1 for the parent with the largest amount."""
    area: NDArray[np.floating]
    """C, the share of each colour."""
    regions: NDArray[np.int32]
    """H x W, the numbers of the ground's regions."""
    sizes: NDArray[np.floating]
    """The share of each region of the ground."""
    map: NDArray[np.uint8] = field(init=False)
    """h x w, the ground."""
    members: Floats = field(init=False)
    """(h w) x parts: the pixels of each part of the ground that would be missed; each column sums to 1."""
    parts_weight: Floats = field(init=False)
    """The weight of each of these parts."""
    outlines: Floats = field(init=False)
    """(2 h w) x figures: the edges of each figure, which is a slender part; each column sums to 1."""
    figures: Floats = field(init=False)
    """The cost of tearing each figure, in `Costs.torn`."""
    homes: list[tuple[Mask, LabelMap, float]] = field(init=False)
    """Of each charge: (h x w mask of its pixels; their labels; its weight beside `parts_weight`)."""
    look: Look = field(init=False)
    """What the whole flag looks like."""


def weave(
    sources: Sequence[Source],
    gallery: Gallery,
    *,
    suggested: Sequence[int] = (),
    costs: Costs | None = None,
    count: int = 1,
) -> list[Collage]:
    """Finds the best `count` designs of a sum, best first, all different; there may be fewer.

    sources: the pictures of the terms, of which at least one is whole and positive; gallery: the known flags;
    suggested: palette indices that may replace a colour which a minus takes away, best first.
    """
    *_, designs = weaving(sources, gallery, suggested=suggested, costs=costs, count=count)
    return designs


def weaving(
    sources: Sequence[Source],
    gallery: Gallery,
    *,
    suggested: Sequence[int] = (),
    costs: Costs | None = None,
    count: int = 1,
) -> Iterator[list[Collage]]:
    """As `weave`, in two steps: one design soon, from a smaller search, then the best ones."""
    flags = [source for source in sources if source.amount > 0 and source.whole]
    if len(flags) == 1 == len(sources):
        yield [Collage(flags[0].labels, (), flags[0].tints)]
        return
    search = Search(sources, gallery, suggested, costs or Costs())
    first = search.grounds()
    yield search.finish(first, 1, LIMITS.first_finals)
    yield search.finish(search.recoloured(first), count, max(LIMITS.finals, LIMITS.finals_each * count))


class Search:
    """The search for the designs of one sum. Its arguments are those of `weave`."""

    def __init__(self, sources: Sequence[Source], gallery: Gallery, suggested: Sequence[int], costs: Costs) -> None:
        self.gallery, self.costs = gallery, costs
        # Sorted, so that a + b gives the same as b + a.
        sources = sorted(sources, key=lambda source: (-source.amount, source.labels.tobytes()))
        flags = [source for source in sources if source.amount > 0 and source.whole]
        self.patches = [source for source in sources if source.amount > 0 and not source.whole]
        self.against = [source for source in sources if source.amount < 0]
        strongest = flags[0].amount
        self.parents = [
            self._parent(source, (source.amount / strongest) ** LIMITS.weight_power)
            for source in flags[: LIMITS.parents]
        ]
        added = [source for source in sources if source.amount > 0]
        self.tints = mix_tints(*zip(*((source.labels, source.tints, source.amount) for source in added), strict=True))
        self.conflicts = conflicts(self.tints)
        self.colours = len(self.tints)
        self.not_wanted = [
            (gallery.small(source.labels), -source.amount / strongest, source.whole) for source in self.against
        ]
        shapes = np.stack([parent.map for parent in self.parents])
        self.busiest = borders(shapes).max()
        self.most_corners = corners(shapes).max()
        self.skew = asymmetry(shapes).min(1).max()
        self.must = self._must()
        self.pool = [c for c in range(self.colours) if any(parent.area[c] > LIMITS.pool for parent in self.parents)]
        if self.against:
            self.pool += [colour for colour in suggested if colour not in self.pool]
        self.seen: set[bytes] = set()
        self.overlay = self._overlay()
        self.rivals = self._rivals() if len(self.parents) == 2 else None

    # Preparation.

    def _parent(self, source: Source, weight: float) -> Parent:
        """Splits and measures a parent."""
        parts = take_apart(source.labels, self.gallery.known.fine)
        regions = connected_regions(parts.ground)
        sizes = (region_areas(regions) / regions.size).astype(np.float32)
        colours = self.gallery.colours
        area = np.bincount(source.labels.ravel(), minlength=colours).astype(np.float32) / source.labels.size
        parent = Parent(source, parts, weight, area, regions, sizes)
        small = self.gallery.small
        parent.map = small(parts.ground)
        on_grid = small(regions)
        numbers = [
            number
            for number in range(len(sizes))
            if sizes[number] > LIMITS.part and (on_grid == number).sum() > LIMITS.part_cells
        ]
        # A photograph may have no large part: take its largest.
        numbers = numbers or [int(np.bincount(on_grid.ravel()).argmax())]
        masks = on_grid[None] == np.array(numbers)[:, None, None]  # (parts, h, w)
        flat = masks.reshape(len(masks), -1).astype(np.float32)
        parent.members = (flat / flat.sum(1, keepdims=True)).T
        parent.parts_weight = np.sqrt(sizes[numbers])
        outline = edges(masks)
        length = outline.sum(1)
        # `edges` counts the edges above and left of each pixel, half of an outline: 2 sqrt(area) for a square.
        slender = length / (2 * np.sqrt(sizes[numbers] * on_grid.size)) - LIMITS.compact
        slender = np.clip(slender, 0, LIMITS.slenderest) * np.sqrt(sizes[numbers])
        sides = (masks[:, 0], masks[:, -1], masks[:, :, 0], masks[:, :, -1])
        reached = np.sum([side.any(1) for side in sides], axis=0)
        slender *= np.where(reached > LIMITS.figure_sides, LIMITS.main_figure, 1)
        figures = (slender > 0) & (length >= LIMITS.figure_edges)
        parent.outlines = (outline[figures] / length[figures, None]).T
        parent.figures = slender[figures].astype(np.float32)
        parent.look = self.gallery.look(small(source.labels)[None], source.tints)
        parent.homes = []
        for charge in parts.charges:
            home = np.full(source.labels.shape, NOTHING, np.uint8)
            stamp(home, Placed(charge, charge.top, charge.left))
            there = small(home) != NOTHING
            if there.any():
                weight_of_charge = LIMITS.charge_weight * (charge.pixels / home.size) ** 0.5
                parent.homes.append((there, small(home)[there], weight_of_charge))
        return parent

    def _must(self) -> list[int]:
        """The main colours that only one parent has. A composite without them does not show that parent."""
        must = []
        for parent in self.parents:
            others = [other for other in self.parents if other is not parent]
            for colour in np.nonzero(parent.area >= LIMITS.main_colour)[0]:
                shared = any(other.area[colour] >= LIMITS.shared_colour for other in others)
                unwanted = any((labels == colour).mean() > LIMITS.unwanted_colour for labels, _, _ in self.not_wanted)
                if parent.weight >= LIMITS.main_weight and not shared and not unwanted:
                    must.append(int(colour))
        return must

    def _overlay(self) -> LabelMap:
        """All charges at the places that they have in their flags, h x w; grounds are judged with these on them."""
        labels = np.full(self.parents[0].source.labels.shape, NOTHING, np.uint8)
        for parent in self.parents:
            for charge in parent.parts.charges:
                stamp(labels, Placed(charge, charge.top, charge.left))
        return self.gallery.small(labels)

    def _rivals(self) -> tuple[NDArray[np.float64], list[Mask], list[tuple[Floats, NDArray[np.intp]]]]:
        """What `_analysis` compares with, for two parents: (Gram matrix of the known flags and both parents, N + 2;
        for each parent a mask of the N + 2 that are the same flag as it; for each parent its `Gallery.column`)."""
        known = self.gallery
        columns = [known.column(known.small(parent.source.labels)) for parent in self.parents]
        products = [weight @ known.inputs[place] for weight, place in columns]
        (a, where_a), (b, where_b) = columns
        cross = float((a * b) @ (where_a == where_b))
        gram = np.block(
            [
                [known.gram, np.stack(products, 1)],
                [np.stack(products), np.array([[a @ a, cross], [cross, b @ b]])],
            ]
        )
        size = np.sqrt(np.diag(gram))
        alike = gram / np.maximum(size[:, None] * size, 1e-9) > LIMITS.same_flag
        return gram, [alike[-2], alike[-1]], columns

    # Candidates.

    def grounds(self) -> list[tuple[float, Recipe]]:
        """(cost, recipe) of all grounds of one or two parents, and of the best of them with parts of a third; cheapest
        first."""
        plain = np.arange(self.colours, dtype=np.uint8)
        recipes = []
        for base, parent in enumerate(self.parents):
            recipes.append(Recipe(((base, None, plain),)))
            for over, other in enumerate(self.parents):
                if over != base:
                    layers = [(mask, 0.0) for mask in _own_masks(other)]
                    layers += _divisions(parent.parts.ground.shape)
                    recipes += [Recipe(((base, None, plain), (over, mask, plain)), divided) for mask, divided in layers]
        scored = self._score(recipes, analysed=LIMITS.analysed_grounds)
        if len(self.parents) > 2:
            third = []
            for _, recipe in scored[: LIMITS.with_third]:
                used = {layer[0] for layer in recipe.layers}
                for over, other in enumerate(self.parents):
                    if over not in used:
                        third += [
                            replace(recipe, layers=(*recipe.layers, (over, mask, plain))) for mask in _own_masks(other)
                        ]
            scored = sorted(scored + self._score(third, analysed=0), key=lambda pair: pair[0])
        return scored

    def recoloured(self, scored: list[tuple[float, Recipe]]) -> list[tuple[float, Recipe]]:
        """(cost, recipe) of these grounds, and of the best of them with each colour replaced by each other colour of
        the sum; cheapest first."""
        recipes = []
        for _, recipe in scored[: LIMITS.recoloured]:
            ground = self._paint(recipe, fine=False)
            shares = np.bincount(ground.ravel(), minlength=self.colours) / ground.size
            for old in np.nonzero(shares > LIMITS.replaced)[0]:
                for new in self.pool:
                    if new != old:
                        # Replace it in one layer, or in all of them.
                        for chosen in {frozenset({layer}) for layer in range(len(recipe.layers))} | {
                            frozenset(range(len(recipe.layers)))
                        }:
                            recipes.append(_with_colour(recipe, chosen, int(old), new))
        recipes.sort(key=lambda recipe: [layer[2].tobytes() for layer in recipe.layers])
        return sorted(scored + self._score(recipes, analysed=LIMITS.analysed_recoloured), key=lambda pair: pair[0])

    def finish(self, scored: list[tuple[float, Recipe]], count: int, finals: int) -> list[Collage]:
        """Places the charges on the `finals` best grounds, and returns the best `count` designs that differ."""
        designs = []
        for _, recipe in scored[:finals]:
            ground = self._paint(recipe, fine=True)
            design, cost = self._place(ground)
            small = self.gallery.small(design.flat())[None]
            cost += float(self._costs(self.gallery.small(ground)[None], small)[0])
            cost += self._analysis(small)[0] + self.costs.divided * recipe.divided
            designs.append(replace(design, cost=cost))
        designs.sort(key=lambda design: design.cost)
        chosen: list[Collage] = []
        for design in designs:
            if all((design.flat() != other.flat()).mean() > LIMITS.differ for other in chosen):
                chosen.append(design)
        return chosen[:count]

    def _paint(self, recipe: Recipe, *, fine: bool) -> LabelMap:
        """Paints a ground: h x w; fine: H x W, with the patches of features and without specks."""

        def grid(labels: NDArray[Any]) -> NDArray[Any]:
            return labels if fine else self.gallery.small(labels)

        (base, _, colours), *over = recipe.layers
        ground = colours[grid(self.parents[base].parts.ground)]
        for parent, mask, colours in over:
            assert mask is not None
            ground = np.where(grid(mask), colours[grid(self.parents[parent].parts.ground)], ground)
        if fine:
            for patch in self.patches:
                ground = np.where(patch.labels != NOTHING, patch.labels, ground)
            return dissolve(ground, max(2, round(LIMITS.speck * ground.size)))
        return ground

    def _score(self, recipes: list[Recipe], *, analysed: int) -> list[tuple[float, Recipe]]:
        """(cost, recipe) of those grounds that were not scored before, cheapest first.

        analysed: how many of the best are also compared with other pairs of flags; the others pay a fixed cost.
        """
        fresh, grounds = [], []
        for recipe in recipes:
            ground = self._paint(recipe, fine=False)
            key = ground.tobytes()
            if key not in self.seen:
                self.seen.add(key)
                fresh.append(recipe)
                grounds.append(ground)
        if not fresh:
            return []
        maps = np.stack(grounds)
        wholes = np.where(self.overlay != NOTHING, self.overlay, maps)
        total = self._costs(maps, wholes) + self.costs.divided * np.array([recipe.divided for recipe in fresh])
        if self.rivals is not None and analysed:
            best = np.argsort(total, kind="stable")[:analysed]
            extra = np.full(len(total), LIMITS.most_analysed * self.costs.analysed)
            extra[best] = self._analysis(wholes[best])
            total = total + extra
        return [(float(total[i]), fresh[i]) for i in np.argsort(total, kind="stable")]

    # Costs.

    def _costs(self, grounds: NDArray[np.uint8], wholes: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The cost of the faults of M candidates: M. grounds: M x h x w; wholes: M x h x w, the same with charges."""
        costs = self.costs
        look = self.gallery.look(wholes, self.tints)
        away = look.distance(self.gallery.looks)
        last = min(NEAREST, away.shape[1]) - 1
        tenth = np.partition(away, last, axis=1)[:, last]
        flat = wholes.reshape(len(wholes), -1)
        area = np.stack([(flat == colour).mean(1) for colour in range(self.colours)], axis=1)  # (M, C)
        outline = edges(grounds)
        total = np.zeros(len(grounds))
        if len(self.parents) > 1:
            total += costs.copied * self.parents[1].weight * np.clip(1 - away.min(1) / LIMITS.copy, 0, 1)
        for parent in self.parents:
            beyond = (look.distance(parent.look)[:, 0] - tenth) / LIMITS.nearer + LIMITS.margin
            total += costs.recognised * parent.weight * np.clip(beyond, -LIMITS.margin, LIMITS.farthest)
            total += costs.balance * parent.weight * (1 - self._kept(parent, grounds, wholes)) ** 2
            if len(parent.figures):
                seen = outline @ parent.outlines
                # 4 s (1 - s) is 1 if half of an outline is visible, 0 if all or none of it is.
                total += costs.torn * parent.weight * ((4 * seen * (1 - seen)) @ parent.figures)
            lost = np.minimum(1, parent.area / LIMITS.main_colour) * (parent.area > LIMITS.colour_worth)
            total += costs.missing_colour * parent.weight * ((area < LIMITS.colour_gone) @ lost)
        for colour in self.must:
            total += costs.lost_colour * (area[:, colour] < LIMITS.main_gone)
        strange = ~np.any([grounds == parent.map for parent in self.parents], axis=0)
        total += costs.recoloured * strange.mean((1, 2))
        number = (area > LIMITS.colour).sum(1)
        total += costs.colours * np.maximum(0, number - LIMITS.colours) + costs.each_colour * number
        total += costs.conflict * meeting(grounds, self.conflicts)
        border = borders(grounds)
        excess = np.maximum(0, border - LIMITS.busier * self.busiest)
        total += costs.border * (border / LIMITS.border + LIMITS.excess * excess)
        total += costs.corner * np.maximum(0, corners(grounds) - self.most_corners - LIMITS.corners)
        # One of the three symmetries of a flag is enough.
        total += costs.asymmetry * np.maximum(0, asymmetry(grounds).min(1) - self.skew)
        for labels, amount, everywhere in self.not_wanted:
            spoken = labels != NOTHING
            shared = (wholes[:, spoken] == labels[spoken]).mean(1)
            if everywhere:
                there = np.bincount(labels.ravel(), minlength=self.colours)[: self.colours] / labels.size
                shared = (shared + np.minimum(area, there).sum(1)) / 2
            total += costs.against * min(amount, LIMITS.minus) * shared
        return total

    def _kept(self, parent: Parent, grounds: NDArray[np.uint8], wholes: NDArray[np.uint8]) -> Floats:
        """The share of a parent's parts and charges that M candidates have at the same place in the same colour: M."""
        same = (grounds == parent.map).reshape(len(grounds), -1).astype(np.float32)
        kept = (same @ parent.members) @ parent.parts_weight
        total = parent.parts_weight.sum()
        for there, labels, weight in parent.homes:
            kept = kept + weight * (wholes[:, there] == labels).mean(1)
            total = total + weight
        return kept / total

    def _analysis(self, wholes: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The cost of candidates that another pair of flags explains as well as the parents: M. wholes: M x h x w."""
        if self.rivals is None:
            return np.zeros(len(wholes))
        gram, (first, second), columns = self.rivals
        excess = np.zeros(len(wholes))
        size = np.sqrt(np.diag(gram))
        for position, labels in enumerate(wholes):
            weight, place = self.gallery.column(labels)
            mine = [(weight * own) @ (place == where) for own, where in columns]
            row = np.append(weight @ self.gallery.inputs[place], mine)
            # Only pairs of the parents and the flags most like the picture are compared.
            some = np.union1d(np.argsort(-row / size)[: LIMITS.explaining], [len(row) - 2, len(row) - 1])
            explained = made_of(row[some], gram[np.ix_(some, some)]) / (weight @ weight)
            a, b = first[some], second[some]
            own = (a[:, None] & b) | (b[:, None] & a)
            rival = ~own & ~(a[:, None] & a) & ~(b[:, None] & b)
            margin = explained[own].max() - explained[rival].max(initial=0)
            excess[position] = np.clip((LIMITS.ahead - margin) / LIMITS.behind, 0, LIMITS.most_analysed)
        return self.costs.analysed * excess

    # Charges.

    def _place(self, ground: LabelMap) -> tuple[Collage, float]:
        """Places all charges: (the design with each charge at its cheapest place, or left out; the cost of that).

        Cantons are placed first, then the largest. ground: H x W.
        """
        border = edges(ground[None]).reshape(*ground.shape, 2).sum(-1)
        table = np.pad(border.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
        here = np.bincount(ground.ravel(), minlength=self.colours) / ground.size
        colours = [c for c in range(self.colours) if here[c] > LIMITS.seen_ground or c in self.pool]
        todo = [(parent, charge) for parent in self.parents for charge in parent.parts.charges]
        todo.sort(key=lambda pair: (not pair[1].canton, -pair[1].pixels))
        cost = 0.0
        placed: list[Placed] = []
        taken: list[tuple[float, float, float, float, bool]] = []
        for parent, charge in todo:
            found, price = self._best_place(charge, parent, ground, table, colours, taken)
            side = (charge.pixels / ground.size) ** 0.5
            size = min(LIMITS.drop_most, LIMITS.drop_base + LIMITS.drop_side * side)
            drop = self.costs.drop * parent.weight * size
            cost += min(price, drop)
            if price <= drop:
                placed.append(found)
                height, width = (side * found.scale for side in found.charge.labels.shape)
                taken.append((found.top, found.left, found.top + height, found.left + width, charge.canton))
        return Collage(ground, tuple(placed), self.tints), cost

    def _best_place(
        self,
        charge: Charge,
        parent: Parent,
        ground: LabelMap,
        table: Floats,
        colours: Sequence[int],
        taken: Sequence[tuple[float, float, float, float, bool]],
    ) -> tuple[Placed, float]:
        """Finds the cheapest place, size and colour of a charge: (the placed charge, its cost).

        parent: its flag; ground: H x W; table: summed area table of the ground's edges, (H + 1) x (W + 1); colours:
        palette indices that it may take; taken: of each charge that is placed already its top, left, bottom and right,
        and whether it is a canton.
        """
        costs = self.costs
        height, width = ground.shape
        rows, columns, labels = _rim(charge)
        tall, wide = charge.labels.shape
        home = charge.top + tall / 2, charge.left + wide / 2
        scales = LIMITS.canton_scales if charge.canton else LIMITS.scales
        places = [home]
        if not charge.canton:
            places += [(height * y, width * x) for y, x in SPOTS]
        elif any(other[4] for other in taken):
            places += [(home[0], width - home[1]), (height - home[0], home[1]), (height - home[0], width - home[1])]
        scale, y, x = (
            values.ravel()
            for values in np.broadcast_arrays(
                np.array(scales)[:, None], np.array([p[0] for p in places]), np.array([p[1] for p in places])
            )
        )
        if charge.canton:  # it stays in its corner when it is made smaller
            top = np.where(y < height / 2, 0, height - tall * scale)
            left = np.where(x < width / 2, 0, width - wide * scale)
        else:
            top, left = np.round(y - tall * scale / 2), np.round(x - wide * scale / 2)
        bottom, right = top + tall * scale, left + wide * scale
        margin = LIMITS.frame * width
        inside = (top >= margin) & (left >= margin) & (bottom <= height - margin) & (right <= width - margin)
        fits = inside | ((y == home[0]) & (x == home[1])) | charge.canton
        at_row = np.clip(top[:, None] + rows * scale[:, None], 0, height - 1).astype(int)
        at_column = np.clip(left[:, None] + columns * scale[:, None], 0, width - 1).astype(int)
        under = ground[at_row, at_column]  # (places, rim)
        pixels = np.bincount(charge.labels[charge.labels != NOTHING], minlength=self.colours)
        main = int(pixels.argmax())
        variants = [main]
        if pixels[main] > LIMITS.one_colour * pixels.sum():
            variants += [colour for colour in colours if colour != main]
        seen = self.conflicts + np.eye(self.colours, dtype=np.float32)
        a, b, c, d = (
            np.clip(side, 0, limit).astype(int)
            for side, limit in ((top, height), (bottom, height), (left, width), (right, width))
        )
        crossing = table[b, d] - table[a, d] - table[b, c] + table[a, c]
        at_home = _border_under(parent.parts.ground, charge)
        price = costs.straddling * np.maximum(0, crossing - at_home * scale) / (charge.pixels * scale**2) ** 0.5
        price += costs.shrunk * (1 - scale)
        if charge.canton:
            price += costs.cornered * ((y != home[0]) | (x != home[1]))
        else:
            price += costs.moved * np.hypot(y - home[0], x - home[1]) / width
        for other in taken:
            high = np.minimum(bottom, other[2]) - np.maximum(top, other[0]) + margin
            broad = np.minimum(right, other[3]) - np.maximum(left, other[1]) + margin
            smaller = np.minimum((bottom - top) * (right - left), (other[2] - other[0]) * (other[3] - other[1]))
            cost = costs.crowded + costs.overlapping * high * broad / smaller
            meets = (high > margin) & (broad > margin) if charge.canton or other[4] else (high > 0) & (broad > 0)
            price += np.where(meets, np.inf if charge.canton or other[4] else cost, 0)
        best, least = Placed(charge, charge.top, charge.left), np.inf
        for colour in variants:
            own = np.where(labels == main, colour, labels)
            low = seen[own, under].mean(1)
            total = price + costs.hidden * low**2 + costs.faint * low + costs.dyed * (colour != main)
            for unwanted, amount, _ in self.not_wanted:
                step = self.gallery.step
                there = unwanted[
                    np.minimum(at_row // step, unwanted.shape[0] - 1),
                    np.minimum(at_column // step, unwanted.shape[1] - 1),
                ]
                total = total + costs.unwanted * min(amount, LIMITS.minus) * (there == own).mean(1)
            total = np.where(fits, total, np.inf)
            choice = int(total.argmin())
            if total[choice] < least:
                least = float(total[choice])
                new = charge if colour == main else _dyed(charge, main, colour)
                best = Placed(new, float(top[choice]), float(left[choice]), float(scale[choice]))
        return best, least


# The middles of the places where a charge may be put, as shares of height and width: those where charges of real flags
# stand, by eye.
SPOTS = (
    (1 / 2, 1 / 2), (1 / 2, 1 / 4), (1 / 2, 3 / 4), (1 / 4, 1 / 4), (1 / 4, 3 / 4), (3 / 4, 1 / 4), (3 / 4, 3 / 4),
    (1 / 2, 1 / 6), (1 / 2, 5 / 6), (1 / 4, 1 / 2), (3 / 4, 1 / 2), (1 / 6, 1 / 2), (5 / 6, 1 / 2),
)  # fmt: skip

TRIANGLE = 0.9  # twice the depth of a dividing triangle at the hoist, as a share of the width; by eye, as on real flags


@lru_cache(maxsize=8)
def _divisions(shape: tuple[int, int]) -> tuple[tuple[Mask, float], ...]:
    """Ways to divide a flag between two: (mask of the second, `Recipe.divided`).

    Halves and thirds along both axes, a triangle at the hoist, and both diagonals. shape: H, W.
    """
    height, width = shape
    y, x = np.broadcast_arrays((np.arange(height)[:, None] + 0.5) / height, (np.arange(width) + 0.5) / width)
    triangle = np.abs(y - 0.5) > 0.5 - x / TRIANGLE
    straight = (x > 1 / 2, x > 1 / 3, x > 2 / 3, y > 1 / 2, y > 1 / 3, y > 2 / 3, triangle)
    return (*((mask, 1.0) for mask in straight), (y > x, 2.0), (y > 1 - x, 2.0))


def _own_masks(parent: Parent) -> list[Mask]:
    """Masks of a ground, H x W, to lay over another: each region, each colour, all but a colour, all but the largest
    region."""
    ground = parent.parts.ground
    colours = [colour for colour in np.unique(ground) if (ground == colour).mean() > LIMITS.mask]
    numbers = np.nonzero(parent.sizes > LIMITS.mask)[0]
    masks = [parent.regions == number for number in numbers] if len(numbers) > 1 else []
    if len(colours) > 1:
        masks += [ground == colour for colour in colours] + [ground != colour for colour in colours]
    if len(numbers) > 2:
        masks.append(parent.regions != parent.sizes.argmax())
    return masks


def _with_colour(recipe: Recipe, layers: frozenset[int], old: int, new: int) -> Recipe:
    """The recipe with a colour replaced by another in some of its layers."""
    changed = []
    for position, (parent, mask, colours) in enumerate(recipe.layers):
        if position in layers:
            colours = np.where(colours == old, new, colours).astype(np.uint8)
        changed.append((parent, mask, colours))
    return replace(recipe, layers=tuple(changed))


def _dyed(charge: Charge, old: int, new: int) -> Charge:
    """The charge with a colour replaced by another."""
    return replace(charge, labels=np.where(charge.labels == old, new, charge.labels).astype(np.uint8))


def _rim(charge: Charge) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.uint8]]:
    """(rows, columns, labels) of about `LIMITS.rim` pixels along a charge's outline, evenly spread."""
    inside = np.pad(charge.labels != NOTHING, 1)
    deep = inside[1:-1, 1:-1] & inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
    rows, columns = np.nonzero(inside[1:-1, 1:-1] & ~deep)
    every = max(1, len(rows) // LIMITS.rim)
    rows, columns = rows[::every], columns[::every]
    return rows, columns, charge.labels[rows, columns]


def _border_under(ground: LabelMap, charge: Charge) -> int:
    """The number of edges of a ground under the box of a charge, at the charge's own place."""
    box = ground[charge.top : charge.top + charge.labels.shape[0], charge.left : charge.left + charge.labels.shape[1]]
    return int((box[1:] != box[:-1]).sum() + (box[:, 1:] != box[:, :-1]).sum())
