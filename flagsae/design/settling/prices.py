"""What is wrong with a design to the eye: things that are not seen on what they lie on, and things torn by others.

A price of 0 is for what is seen well and lies whole; `NEVER` for what cannot be seen at all.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOURS, channels
from flagsae.design import looks, quick, words
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.render import figures_of
from flagsae.design.shades import TINTS, entry_of
from flagsae.design.shapes import flattened

ROWS, COLUMNS = 36, 54  # of the map on which it is seen what lies on what
ALIKE, CLEAR = (
    0.16,
    0.25,
)  # distances in OKLab: nearer than one, a colour is not seen on another; from the other on, well
WHOLE = 0.9  # of a thing, in sight: with more nothing hides it
HIDDEN = 0.6  # of what lies under a thing: so much of it alike, and the thing is not seen
LITTLE = 0.05  # likewise: so much does not matter
COVERED = 0.3  # of a thing: with less in sight it is not seen
UNEVEN = 0.04  # of a charge's area, that may lie on something else than its opposite
NEVER = 10.0
FAINT, COVER, HELD = 0.6, 0.8, 0.2  # prices of what is wholly so; the last: charges on it hide it
TORN, CROWDED = 0.4, 0.15  # prices of a charge that is torn, and of each figure besides another
HOLLOW = 0.5  # price of a figure in the colour of what it lies on, with an edge
FIELDS = ("border",)  # figures that lie well with any other
KNOWN = {colour.name: colour.rgb for colour in COLOURS}
GREY = KNOWN["grey"]  # of a colour of a fitted palette
SMALL = 0.05  # of the height: the radius up to which it does not matter what a charge lies on
FULL = ("disc", "lozenge", "rectangle", "shield", "triangle")  # shapes that fill the room around their middle
CUT_OUT_SIZE = 0.75  # of its radius, about as far as a cut-out is filled


def price(design: Design, known: Mapping[Hashable, float] | None = None) -> float:
    """What all faults of a design cost. known: those of the design that it was made from, which cost nothing."""
    found = faults(design)
    old = known or {}
    return sum(max(0.0, value - old.get(thing, 0.0)) for thing, value in found.items())


@lru_cache(1000)
def faults(design: Design) -> Mapping[Hashable, float]:
    """The price of each thing: of a figure by its layers, of a charge by its `key`."""
    painted = _Painted(design)
    painted.paint(design, painted.colours, painted.things, design.aspect)
    return painted.found()


def key(charge: Charge) -> Hashable:
    """What a charge is known by, wherever it stands."""
    return charge.shape, charge.colours, charge.numbers, charge.art, len(charge.places)


def layers_of(key: Hashable) -> tuple[Layer, ...]:
    """The layers that a key stands for; none for that of a charge."""
    return key if isinstance(key, tuple) and isinstance(key[0], Layer) else ()


class _Painted:
    """A design painted thing by thing, so that it is seen what lies on what."""

    def __init__(self, design: Design) -> None:
        self.names = list(design.colours())
        self.numbers = {name: min(number, 254) for number, name in enumerate(self.names)}
        tints = dict(design.tints)
        labs = np.array([lab(name, tints.get(name, "")) for name in self.names])
        self.apart = np.linalg.norm(labs[:, None] - labs[None], axis=2)
        self.colours = np.zeros((ROWS, COLUMNS), np.uint8)
        self.things = np.zeros((ROWS, COLUMNS), np.uint16)  # 0 for the ground
        self.laid = self.things  # the same before there are charges
        self.keys: list[Hashable] = []
        self.prices: list[float] = []
        self.areas: list[int] = []
        self.cantons: set[int] = set()  # numbers of things

    def found(self) -> dict[Hashable, float]:
        length = len(self.keys) + 1
        seen, laid = (np.bincount(one.ravel(), minlength=length) for one in (self.things, self.laid))
        prices: dict[Hashable, float] = {}
        for number, (thing, cost, area) in enumerate(zip(self.keys, self.prices, self.areas, strict=True), 1):
            share = seen[number] / area if area else 1.0
            # Of a figure, that other figures hide, and that charges on it do; of a charge all is as by figures.
            under = 1 - laid[number] / area if area and laid[number] else 1 - share
            cost += COVER * under + HELD * max(0.0, 1 - share - under) if share < WHOLE else 0.0
            prices[thing] = prices.get(thing, 0.0) + (cost if share > COVERED else NEVER)
        return prices

    def paint(self, design: Design, colours: NDArray[np.uint8], things: NDArray[np.uint16], aspect: float) -> None:
        _, rest = words.ground_of(design.layers)
        for layer in design.layers[: len(design.layers) - len(rest)]:
            quick.paint_layer(layer, self.numbers, colours)
        figures = 0
        for group in words.with_edges(rest):
            top = group[-1]
            if top.inside is not None:
                width, height = top.numbers
                rows, columns = max(1, round(height * colours.shape[0])), max(1, round(width * colours.shape[1]))
                self.keys.append("canton")
                self.prices.append(0.0)
                self.areas.append(0)
                number = len(self.keys)
                part = np.zeros((rows, columns), np.uint16)
                self.paint(top.inside, colours[:rows, :columns], part, aspect * width / height)
                self.cantons |= set(range(number, len(self.keys) + 1))  # with what is in it
                things[:rows, :columns] = np.where(part, part, number)
                continue
            masks = [quick.layer_mask(layer, *colours.shape) for layer in group]
            cost = self.unseen(masks[0], tuple(layer.colours[0] for layer in group), colours)
            if len(group) > 1:  # of which no more than the edge is seen
                cost += HOLLOW * min(1.0, self.unseen(masks[-1], (top.colours[0],), colours))
            if top.figure not in FIELDS:
                cost += CROWDED * figures
                figures += 1
            self.add(tuple(group), cost, masks[0])
            for layer, mask in zip(group, masks, strict=True):
                colours[mask] = self.numbers[layer.colours[0]]
            things[masks[0]] = len(self.keys)
        if things is self.things:
            self.laid = things.copy()
        first = len(self.keys) + 1
        for charge in design.charges:
            self.paint_charge(charge, colours, things, aspect, first)

    def add(self, thing: Hashable, cost: float, mask: NDArray[np.bool_]) -> None:
        self.keys.append(thing)
        self.prices.append(cost)
        self.areas.append(int(mask.sum()))

    def paint_charge(
        self, charge: Charge, colours: NDArray[np.uint8], things: NDArray[np.uint16], aspect: float, first: int
    ) -> None:
        """first: the number of the first charge."""
        whole = self.mask(charge, colours.shape, aspect)
        torn = 0.0
        for place in charge.places:
            if place.radius > SMALL:
                reach = whole
                if charge.shape not in FULL or len(charge.places) > 1:
                    around = Charge("disc", charge.colours[:1], (place,))
                    reach = self.mask(around, colours.shape, aspect)
                torn = max(torn, _uneven(reach, things, place.x, place.y, first))
            row, column = int(place.y * colours.shape[0]), int(place.x * colours.shape[1])
            if 0 <= row < colours.shape[0] and 0 <= column < colours.shape[1] and things[row, column] in self.cantons:
                torn = 1.0
        if charge.shape == CUT_OUT:
            drawn = np.full(colours.shape, len(self.names), np.uint8)
            looks.paste(charge, self.numbers, drawn, aspect)
            area = drawn < len(self.names)
            alike = (self.apart[drawn[area], colours[area]] < ALIKE).mean() if area.any() else 0.0
            cost = NEVER if alike > HIDDEN else 0.0
            colours[area] = drawn[area]
        else:
            cost = self.unseen(whole, charge.colours[::-1], colours)
            if len(charge.colours) == 1:
                colours[whole] = self.numbers[charge.colours[0]]
            else:
                quick.paint_charge(charge, self.numbers, colours, colours.shape[1] / colours.shape[0] / aspect)
        self.add(key(charge), cost + (TORN + torn if torn else 0.0), whole)
        things[whole] = len(self.keys)

    def mask(self, charge: Charge, shape: tuple[int, ...], aspect: float) -> NDArray[np.bool_]:
        """The pixels of a charge; of a cut-out about those."""
        height, width = shape
        if charge.shape == CUT_OUT:
            places = tuple(replace(place, radius=CUT_OUT_SIZE * place.radius) for place in charge.places)
            charge = Charge("disc", charge.colours[:1], places)
        step = len(charge.colours)  # of each copy its widest edge comes first
        drawn = islice(figures_of(charge, aspect, 1 / height), 0, None, step)
        points = [flattened(one) * (width, height) for _, contours in drawn for one in contours]
        return quick.filled(points, height, width)

    def unseen(self, mask: NDArray[np.bool_], shades: tuple[str, ...], colours: NDArray[np.uint8]) -> float:
        """What it costs that a thing is hardly seen. shades: its colours, the outermost first."""
        if not mask.any():
            return 0.0
        numbers = [self.numbers[name] for name in shades]
        apart = self.apart[numbers[0]][colours[mask]]
        hidden = float((apart < ALIKE).mean())
        inner = max((self.apart[one, other] for one, other in pairwise(numbers)), default=0.0)
        if hidden > HIDDEN and inner < ALIKE:
            return NEVER
        faint = float((np.clip((CLEAR - apart) / (CLEAR - ALIKE), 0, 1)).mean())
        faint = max(0.0, faint - LITTLE) / (1 - LITTLE)
        within = max(0.0, (CLEAR - inner) / CLEAR) if len(numbers) > 1 else 0.0
        return FAINT * faint * (0.5 if inner >= ALIKE else 1.0) + FAINT * within


def _uneven(mask: NDArray[np.bool_], things: NDArray[np.uint16], x: float, y: float, first: int) -> float:
    """The share of a charge, beyond what is small, that lies on something else than what is opposite to it; what lies
    on another charge counts twice. first: the number of the first charge."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return 0.0
    height, width = mask.shape
    across = np.clip(np.floor(2 * x * width - columns - 0.5).astype(int), 0, width - 1)
    down = np.clip(np.floor(2 * y * height - rows - 0.5).astype(int), 0, height - 1)
    both = mask[down, across]
    if not both.any():
        return 0.0
    under, opposite = things[rows, columns][both], things[down, across][both]
    odd = float(((under != opposite) * (1.0 + (np.maximum(under, opposite) >= first))).mean())
    return max(0.0, odd - UNEVEN)


@lru_cache(256)
def lab(name: str, tint: str = "") -> tuple[float, float, float]:
    """A design's colour in OKLab."""
    from flagsae.oklab import oklab

    known = {colour.name: colour.rgb for colour in COLOURS}
    if not tint:
        tint = (
            known[name] if name in known else TINTS[name][1] if name in TINTS else known.get(entry_of(name), "9a9a9a")
        )
    lightness, a, b = oklab(np.array([channels(tint.removeprefix("#"))], np.uint8))[0].tolist()
    return lightness, a, b
