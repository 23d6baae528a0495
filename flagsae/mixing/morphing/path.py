"""The whole design at a moment between two others.

What has a partner runs into it all the way. What has none goes in the first half, or comes in the second: charges go
before the figures that they may stand on, and come after them. Where nothing comes, what goes has all the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flagsae.design.design import Charge, Design, Layer
from flagsae.mixing.morphing import charges, figures, grounds
from flagsae.mixing.morphing.aligned import pairs
from flagsae.mixing.morphing.inks import Inks, meet

# When what goes begins and ends to shrink, as shares of the time until all is gone, where figures and charges go: the
# figures begin when hardly anything of the charges is left. What comes does the reverse.
CHARGES, FIGURES = (0.0, 0.6), (0.4, 1.0)
APART = 2.0  # the cost of two that are no pair
DIGITS = 6  # of the aspect, after the point


class _Times:
    """How much is left of what goes, and how much is there of what comes, at one moment."""

    def __init__(self, ones: Sequence[object], others: Sequence[object], share: float, folds: bool) -> None:
        """ones: what goes, others: what comes: figures and charges alike; folds: whether the grounds fold too, under
        what stands on them."""
        self.share = share
        self.until = 0.5 if folds or (ones and others) else 1.0
        self.after = [folds or len({isinstance(one, Charge) for one in some}) == 2 for some in (ones, others)]

    def left(self, side: int, kind: tuple[float, float]) -> float:
        """The size of what only one of the designs has, 1 where it is whole. side: 0 for the first, 1 for the second;
        kind: of `CHARGES` and `FIGURES`."""
        time = (self.share if side == 0 else 1 - self.share) / self.until
        start, end = kind if self.after[side] else (0.0, 1.0)
        return min(1.0, max(0.0, 1 - (time - start) / (end - start)))


class _Meeting:
    """What would not be seen for a moment, if it ran on, as its colour and that of the plain ground change places."""

    def __init__(self, first: Design, second: Design, inks: Inks) -> None:
        bases = first.layers[0], second.layers[0]
        self.plain = all(grounds.kind(base) == grounds.PLAIN for base in bases)
        self.ground = inks.first[bases[0].colours[0]], inks.second[bases[1].colours[0]]
        self.bare = _bare(first), _bare(second)
        self.inks = inks

    def hides(self, one: Layer | Charge, other: Layer | Charge) -> bool:
        lies_bare = any(one is some for some in self.bare[0]) and any(other is some for some in self.bare[1])
        if not self.plain or not lies_bare or not one.colours or not other.colours:
            return False
        return meet((self.inks.first[one.colours[-1]], self.inks.second[other.colours[-1]]), self.ground)


def _bare(design: Design) -> list[Layer | Charge]:
    """The figures and charges that lie on the ground itself, and not within another of their kind or, if they are
    charges, on anything else."""
    layers = design.layers[1:]
    found: list[Layer | Charge] = [
        layer for number, layer in enumerate(layers) if all(layer.figure != one.figure for one in layers[:number])
    ]
    if not layers:
        found += [
            charge
            for number, charge in enumerate(design.charges)
            if not any(charges.touch(one, charge, design.aspect) for one in design.charges[:number])
        ]
    return found


class Path:
    """All designs between two: what belongs together is the same at every moment."""

    def __init__(self, first: Design, second: Design, tints: tuple[Mapping[str, str], Mapping[str, str]]) -> None:
        """tints: of all colours of the two, in hexadecimal sRGB."""
        if {first.layers[0].figure, second.layers[0].figure} != {"jack"}:
            first, second = grounds.spread(first), grounds.spread(second)
        self.grounds = first.layers[0], second.layers[0]
        self.aspects = first.aspect, second.aspect
        aspect = sum(self.aspects) / 2
        inks = Inks(*tints, 0.0)  # for the distances of colours
        grounds_meet = _Meeting(first, second, inks)
        self.layers = pairs(
            first.layers[1:],
            second.layers[1:],
            lambda one, other: APART if grounds_meet.hides(one, other) else _cost(one, other, inks),
        )
        self.inside = [
            Path(one.inside, other.inside, tints)
            for one, other in self.layers
            if one is not None and other is not None and one.inside is not None and other.inside is not None
        ]
        self.charges = pairs(
            charges.ordered(first.charges, first.aspect),
            charges.ordered(second.charges, second.aspect),
            lambda one, other: APART if grounds_meet.hides(one, other) else charges.cost(one, other, aspect, inks),
        )
        self.goes = [one for one, other in (*self.layers, *self.charges) if one is not None and other is None]
        self.comes = [other for one, other in (*self.layers, *self.charges) if one is None and other is not None]

    def at(self, inks: Inks) -> Design:
        """The design at the moment of some colours; its tints are left to them."""
        times = _Times(self.goes, self.comes, inks.share, grounds.folds(*self.grounds))
        aspect = round(self.aspects[0] + (self.aspects[1] - self.aspects[0]) * inks.share, DIGITS)
        ground = grounds.between(*self.grounds, inks)
        return Design((ground, *self._layers(times, inks)), tuple(self._charges(times, inks, aspect)), aspect)

    def _layers(self, times: _Times, inks: Inks) -> list[Layer]:
        goes = iter(figures.anchors([one for one in self.goes if isinstance(one, Layer)]))
        comes = iter(figures.anchors([one for one in self.comes if isinstance(one, Layer)]))
        inside = iter(self.inside)
        layers: list[Layer | None] = []
        for one, other in self.layers:
            if one is None and other is not None:
                layer = figures.grown(other, times.left(1, FIGURES), next(comes))
                layers.append(layer and _painted(layer, inks.entering))
            elif one is not None and other is None:
                layer = figures.grown(one, times.left(0, FIGURES), next(goes))
                layers.append(layer and _painted(layer, inks.leaving))
            elif one is not None and other is not None:
                layer = figures.between(one, other, inks)
                layers.append(layer if one.inside is None else replace(layer, inside=next(inside).at(inks)))
        return [layer for layer in layers if layer is not None]

    def _charges(self, times: _Times, inks: Inks, aspect: float) -> list[Charge]:
        goes = iter(charges.centres([one for one in self.goes if isinstance(one, Charge)], aspect))
        comes = iter(charges.centres([one for one in self.comes if isinstance(one, Charge)], aspect))
        left, there = times.left(0, CHARGES), times.left(1, CHARGES)
        drawn: list[Charge | None] = []
        for one, other in self.charges:
            if one is not None and other is not None:
                drawn.append(charges.between(one, other, inks, aspect, left, there))
            elif one is not None:
                grown = charges.grown(one, left, next(goes))
                drawn.append(grown and _coloured(grown, inks.leaving))
            elif other is not None:
                grown = charges.grown(other, there, next(comes))
                drawn.append(grown and _coloured(grown, inks.entering))
        return [charge for charge in drawn if charge is not None]


def _cost(one: Layer, other: Layer, inks: Inks) -> float:
    if one.inside is not None and other.inside is not None:
        return 0.0
    return figures.cost(one, other, inks)


def _coloured(charge: Charge, ink: Callable[[str], str]) -> Charge:
    return replace(charge, colours=tuple(map(ink, charge.colours)))


def _painted(layer: Layer, ink: Callable[[str], str]) -> Layer:
    """A figure, or a canton with all that is in it, in the colours that it has at the moment."""
    if layer.inside is None:
        return replace(layer, colours=tuple(map(ink, layer.colours)))
    inside = layer.inside
    layers = tuple(_painted(one, ink) for one in inside.layers)
    drawn = tuple(_coloured(one, ink) for one in inside.charges)
    return replace(layer, inside=replace(inside, layers=layers, charges=drawn))
