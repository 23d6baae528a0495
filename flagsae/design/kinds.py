"""The kinds of layers and charges that a flag can have, with their words, classes and thresholds.

A new charge is a row of `CHARGES` and a drawing of it in `flagsae.training.drawn_shapes`; `python data/make.py parts`
then trains the part dictionaries with it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerKind:
    """A kind of element that the ground of a flag is made of."""

    name: str
    """The name in records."""
    title: str = ""
    """The words in sentences, where they differ from the name."""
    everywhere: bool = False
    """Whether it covers a whole flag or canton, so that a sentence names no place for it."""


@dataclass(frozen=True)
class ChargeKind:
    """A kind of figure that stands on the ground."""

    name: str
    """The name in records and the word in sentences."""
    rest: float
    """The most of a figure's vector that its code may leave unexplained, as a share."""
    sure: float = 0.5
    """The least probability of its classes together."""
    least: float = 0.0
    """Share of the flag's area: a smaller figure of this kind is a piece of something else, and is not named."""
    points: tuple[int, ...] = ()
    """Numbers of points, each of which is a class: "star 5"."""
    holder: bool = False
    """Whether other charges may stand on it."""
    halves: bool = False
    """Whether a figure of two colours has two halves, and not a body and an edge."""
    drawn: tuple[int, ...] = ()
    """For each class, how many times as many examples as usual are drawn to train the part dictionaries: more for
    classes that are easily mistaken for others. Empty: 1 each."""
    pierced: bool = True
    """Whether drawn examples may have holes, as if other charges stood on them."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Its classes in the shape dictionary."""
        return tuple(f"{self.name} {points}" for points in self.points) or (self.name,)


LAYERS = (
    LayerKind("field"),
    LayerKind("horizontal stripes"),
    LayerKind("vertical stripes"),
    LayerKind("quarters"),
    LayerKind("diagonal", "diagonal band", everywhere=True),
    LayerKind("border", everywhere=True),
    LayerKind("cross", everywhere=True),
    LayerKind("nordic cross", "Nordic cross", everywhere=True),
    LayerKind("saltire", everywhere=True),
    LayerKind("pall", everywhere=True),
    LayerKind("triangle"),
    LayerKind("canton"),
)
# Thresholds by eye, on the errors that `python benchmarks/descriptions.py --errors` lists. `rest` is large for stars,
# which are small and blurred, and largest for suns: codes rebuild their rays badly, but classify them well.
CHARGES = (
    ChargeKind("star", rest=0.36, points=(4, 5, 6, 7, 8), drawn=(1, 3, 1, 1, 1)),
    ChargeKind("sun", rest=0.62, sure=0.75, drawn=(2,), pierced=False),
    ChargeKind("disc", rest=0.15, sure=0.65, holder=True, halves=True),
    ChargeKind("ring", rest=0.15, least=0.004, holder=True, pierced=False),
    ChargeKind("crescent", rest=0.15, sure=0.7, holder=True, drawn=(3,), pierced=False),
    ChargeKind("cross", rest=0.2, least=0.004, holder=True, drawn=(2,)),
    ChargeKind("saltire", rest=0.12, least=0.004),
    ChargeKind("triangle", rest=0.12, least=0.004, holder=True),
    ChargeKind("rectangle", rest=0.15, least=0.004, holder=True),
    ChargeKind("lozenge", rest=0.15, least=0.004, holder=True, halves=True),
    ChargeKind("chevron", rest=0.2, least=0.03),
)
# Letters, animals, shields and all else without a row: never named by itself, but part of an emblem.
OTHER = ChargeKind("other", rest=-1.0, drawn=(9,), pierced=False)

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
# The names of elements in descriptions.
ELEMENTS = tuple(dict.fromkeys([*(kind.name for kind in LAYERS), *(kind.name for kind in CHARGES), "emblem"]))
