"""The classes of the part dictionaries: what a region of a ground, and a figure of a charge, can be.

A new charge is a row of `CHARGES` and a drawing of it in `flagsae.training.drawn_shapes`; `python data/make.py parts`
then trains the part dictionaries with it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChargeKind:
    """A kind of figure that stands on the ground, which is one class of the shape dictionary or several."""

    name: str
    """The name of its class."""
    points: tuple[int, ...] = ()
    """Numbers of points, each of which is a class: "star 5"."""
    drawn: tuple[int, ...] = ()
    """For each class, how many times as many examples as usual are drawn to train the part dictionaries: more for
    classes that are easily mistaken for others. Empty: 1 each."""
    pierced: bool = True
    """Whether drawn examples may have holes, as if other charges stood on them."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Its classes in the shape dictionary."""
        return tuple(f"{self.name} {points}" for points in self.points) or (self.name,)


CHARGES = (
    ChargeKind("star", points=(4, 5, 6, 7, 8), drawn=(1, 3, 1, 1, 1)),
    ChargeKind("sun", drawn=(2,), pierced=False),
    ChargeKind("disc"),
    ChargeKind("ring", pierced=False),
    ChargeKind("crescent", drawn=(3,), pierced=False),
    ChargeKind("cross", drawn=(2,)),
    ChargeKind("saltire"),
    ChargeKind("triangle"),
    ChargeKind("rectangle"),
    ChargeKind("lozenge"),
    ChargeKind("chevron"),
)
# Letters, animals, shields and all else without a row: never named by itself, but part of an emblem.
OTHER = ChargeKind("other", drawn=(9,), pierced=False)

SHAPES = tuple(name for kind in (*CHARGES, OTHER) for name in kind.classes)  # classes of the shape dictionary
# Classes of the layout dictionary: what one region of a ground looks like by itself.
LAYOUTS = (
    "field",
    "stripe",
    "bar",
    "cross",
    "nordic cross",
    "saltire",
    "triangle",
    "quarter",
    "diagonal band",
    "diagonal half",
    "wedge",
    "pall",
    "border",
    "panel",
    "canton",
    "jack",
    "cross quarter",
)
CLASSES = {"layout": LAYOUTS, "shape": SHAPES}
