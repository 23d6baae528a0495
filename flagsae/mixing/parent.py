"""What a sum knows of each flag that it mixes: its ground, its figures, its canton, its groups of charges, its colours.

A group of charges (`groups`) is moved, made larger and coloured as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from flagsae.design import looks, quick, words
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.edits.charges import gathered
from flagsae.design.edits.colours import recoloured
from flagsae.design.features import Features
from flagsae.design.shades import family
from flagsae.mixing.groups import HOLDS, Group, area, extent, grouped, is_fixture, is_wide
from flagsae.mixing.tidied import AROUND, squared, tidied

ROWS, COLUMNS = 34, 51  # of the map on which colours are counted
SEEN = 0.01  # of a flag or its ground: a colour with less is a detail
FEW = 6  # charges in a canton: with more it is a field of stars
SPECK = 0.01  # of the largest group: what is smaller is a speck that parsing left
PIECES = ("polygon", "triangle", "rectangle")  # figures of which several, or any polygon, are pieces of one picture
KNOWN_BY = frozenset(("cross", "saltire", "pall", "serrated", "band", "trapezium", "lozenge"))
PIECED_RAYS = 4  # pieces of a ground in a disc's colour, at least, that are its rays
HOLDER = 0.16  # of the height: the radius of a disc or lozenge on which a charge can stand, at least


@dataclass(frozen=True)
class Parent:
    """A flag of a sum, in the proportions of the composite."""

    key: str
    """Its word in expressions, by which parents are ordered."""
    title: str
    design: Design
    """3:2, its charges as true as they are on their own flag."""
    features: Features
    """Of the flag as it is."""
    weight: float
    """How much of it there is, the largest of the sum 1."""

    @cached_property
    def base(self) -> tuple[Layer, ...]:
        """What fills the flag."""
        layers = self.design.layers
        return layers[: len(layers) - len(words.ground_of(layers)[1])]

    @cached_property
    def figures(self) -> tuple[tuple[Layer, ...], ...]:
        """The figures on it, each with its edges."""
        return tuple(tuple(one) for one in words.with_edges(self.rest) if one[-1].inside is None)

    @property
    def rest(self) -> Sequence[Layer]:
        return self.design.layers[len(self.base) :]

    @cached_property
    def canton(self) -> Layer | None:
        return next((one for one in self.rest if one.inside is not None), None)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What stands on it and can stand elsewhere, the largest first."""
        found = [self._rayed(one) for one in self._grouped if not self.is_fixture(one)]
        least = SPECK * max(map(area, found), default=0.0)
        return tuple(sorted((one for one in found if area(one) >= least), key=lambda one: -area(one)))

    @cached_property
    def _grouped(self) -> list[Group]:
        """Its charges in groups; an ornament along the hoist is one by itself."""
        alone = [one for one in self.design.charges if one.shape == CUT_OUT and is_fixture((one,))]
        return [*((one,) for one in alone), *grouped([one for one in self.design.charges if one not in alone])]

    def _rayed(self, group: Group) -> Group:
        """A disc whose rays are pieces of the ground, as a sun that can stand elsewhere; any other group as it is."""
        disc = next((one for one in group if one.shape == "disc"), None)
        if disc is None or not self.pieced:
            return group
        rays = [one for one in self.figures if one[-1].figure in PIECES and one[-1].colours[0] == disc.colours[0]]
        if len(rays) < PIECED_RAYS:
            return group
        place = replace(disc.places[0], radius=disc.places[0].radius * AROUND)
        return (Charge("sun", disc.colours[:1], (place,), (8.0, 1 / AROUND, 0.0)),)

    @cached_property
    def fixtures(self) -> tuple[Charge, ...]:
        """Charges that belong to the ground: what fills the flag, an ornament along the hoist."""
        return tuple(one for group in self._grouped if self.is_fixture(group) for one in group)

    def is_fixture(self, group: Group) -> bool:
        """Whether a group belongs to the ground: what cannot be moved, and a hole through which the field shows."""
        if len(self.base[0].colours) == 1 and len(group) == 1 and is_wide(group[0]):
            return False  # there are no stripes that it is drawn along
        hole = all(charge.shape == CUT_OUT and set(charge.colours) <= set(self.base[0].colours) for charge in group)
        return is_fixture(group) or (hole and len(self.figures) > 0)

    @cached_property
    def lifted(self) -> tuple[Group, ...]:
        """What stands in its canton, as it would stand on the flag; none where that is a field of stars."""
        if self.canton is None or self.canton.inside is None:
            return ()
        (width, height), inside = self.canton.numbers, self.canton.inside
        if not inside.charges or sum(len(one.places) for one in inside.charges) > FEW:
            return ()
        places = [
            tuple(replace(one, x=one.x * width, y=one.y * height, radius=one.radius * height) for one in charge.places)
            for charge in inside.charges
        ]
        charges = [replace(charge, places=moved) for charge, moved in zip(inside.charges, places, strict=True)]
        return tuple(sorted(grouped(charges), key=lambda one: -area(one)))

    @property
    def marks(self) -> tuple[Group, ...]:
        """The groups that it is known by, the largest first: those in its canton only where it has no others."""
        return self.groups or self.lifted

    @property
    def mark(self) -> tuple[Group, ...]:
        """The largest of them, alone; none where it has none."""
        return self.marks[:1]

    @cached_property
    def holder(self) -> tuple[Charge, ...]:
        """A large disc, lozenge or rectangle in its main group, with what lies under it: another charge can stand on
        it."""
        for group in self.groups[:1]:
            for at in reversed(range(len(group))):
                charge = group[at]
                if charge.shape in HOLDS and len(charge.places) == 1 and charge.places[0].radius > HOLDER:
                    return group[: at + 1]
        return ()

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """How much of the flag each colour has, the most first."""
        return shares_of(self.design)

    @cached_property
    def ground(self) -> Mapping[str, float]:
        """The same of the flag without its charges."""
        return shares_of(replace(self.design, charges=()))

    @cached_property
    def colours(self) -> tuple[str, ...]:
        """Those that are seen, the most first."""
        return tuple(name for name, share in self.shares.items() if share > SEEN)

    @cached_property
    def field(self) -> str:
        """The colour on which its largest group stands, be it in its canton; without one its main colour."""
        if not self.groups and self.lifted and self.canton is not None and self.canton.inside is not None:
            return next(iter(shares_of(replace(self.canton.inside, charges=()))))
        if self.groups:
            left, right, top, bottom = extent(self.groups[0])
            labels, names = painted(replace(self.design, charges=()))
            rows, columns = labels.shape
            seen = labels[
                int(max(0, top) * rows) : max(1, int(min(1, bottom) * rows)),
                int(max(0, left) * columns) : max(1, int(min(1, right) * columns)),
            ]
            if seen.size:
                return names[int(np.bincount(seen.ravel()).argmax())]
        return next(iter(self.ground))

    @cached_property
    def known_figures(self) -> frozenset[str]:
        """The sorts of its figures by which it is known where it has no charge."""
        return frozenset(one[-1].figure for one in self.figures) & KNOWN_BY

    @property
    def pieced(self) -> bool:
        """Whether its ground has pieces that are no figure by themselves, such as the rays of North Macedonia: they are
        not laid over another flag's ground, and nothing is laid over them."""
        pieces = [one[-1].figure for one in self.figures if one[-1].figure in PIECES]
        return "polygon" in pieces or len(pieces) > 1

    @property
    def plain(self) -> bool:
        """Whether it has one colour but for its charges."""
        return len(self.design.layers) == 1 and len(self.base[0].colours) == 1

    def recoloured(self, new: Mapping[str, str]) -> Parent:
        """In other colours, but for another flag in the canton, such as a Union Jack."""
        design = recoloured(self.design, new)
        canton = self.canton
        base = canton.inside.layers[0] if canton is not None and canton.inside is not None else None
        if canton is not None and base is not None and (base.figure == "jack" or len(base.colours) > 2):
            at = self.design.layers.index(canton)
            design = replace(design, layers=(*design.layers[:at], canton, *design.layers[at + 1 :]))
        return replace(self, design=design)


def parent(key: str, title: str, design: Design, features: Features, weight: float) -> Parent:
    return Parent(key, title, squared(tidied(gathered(design))), features, weight)


# Colours.


def painted(design: Design, rows: int = ROWS, columns: int = COLUMNS) -> tuple[np.ndarray, list[str]]:
    """The number of each pixel's colour, rows x columns, and the names of the colours."""
    names = list(design.colours())
    numbers = {name: number for number, name in enumerate(names)}
    labels = np.zeros((rows, columns), np.uint8)
    stretch = columns / rows / design.aspect
    quick.paint(replace(design, charges=()), numbers, labels, stretch)
    for charge in design.charges:
        if charge.shape == CUT_OUT:
            looks.paste(charge, numbers, labels, design.aspect)
        else:
            quick.paint_charge(charge, numbers, labels, stretch)
    return labels, names


def shares_of(design: Design) -> dict[str, float]:
    labels, names = painted(design)
    counts = np.bincount(labels.ravel(), minlength=len(names)) / labels.size
    order = sorted(range(len(names)), key=lambda one: (-counts[one], names[one]))
    return {names[one]: float(counts[one]) for one in order}


def unified(parents: Sequence[Parent]) -> list[Parent]:
    """Parents of which no two have two shades of one colour: no flag flies two blues that are not one flag's own. The
    shade is that of the flag which has most of it."""
    every = [(share, -at, name) for at, one in enumerate(parents) for name, share in one.shares.items()]
    known: dict[str, tuple[str, int]] = {}  # family -> colour, and whose it is
    for _, at, name in sorted(every, reverse=True):
        known.setdefault(family(name), (name, -at))
    found = []
    for at, one in enumerate(parents):
        own = list(one.shares)
        new = {}
        for name in own:
            other, whose = known[family(name)]
            if whose != at and other not in own:
                new[name] = other
        alone = {old: name for old, name in new.items() if list(new.values()).count(name) == 1}
        found.append(one.recoloured({old: name for old, name in alone.items() if old != name}))
    tints: dict[str, str] = {}
    for _, at, name in sorted(every):  # the last has most
        tints |= {own: tint for own, tint in parents[-at].design.tints if own == name}
    return [replace(one, design=replace(one.design, tints=tuple(_own(one.design, tints)))) for one in found]


def _own(design: Design, tints: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, tints[name]) for name in design.colours() if name in tints)
