"""What can be on a flag: the kinds of layers and of charges, with their words, their classes and their thresholds.

A new charge is a row of `CHARGES` and a drawing of it in `flagsae.training.drawn_shapes`; `python data/make.py parts`
then trains the part dictionaries with it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerKind:
    """A kind of figure that the ground of a flag is made of."""

    name: str
    """Of the element."""
    title: str = ""
    """Its words, where they are not its name."""
    everywhere: bool = False
    """Whether it lies over all of a flag or canton, and so needs no place."""


@dataclass(frozen=True)
class ChargeKind:
    """A kind of figure that stands on the ground. Shares are of the flag's area."""

    name: str
    """Of the element, and its word."""
    rest: float
    """Share of a figure's vector that its code may leave unexplained, at most."""
    sure: float = 0.5
    """Probability of its classes together, at least."""
    least: float = 0.0
    """Share under which a figure is a piece of something else."""
    points: tuple[int, ...] = ()
    """Numbers of points that are a class each: "star 5"."""
    holder: bool = False
    """Whether other charges may stand on it."""
    halves: bool = False
    """Whether two colours are two halves of it, and not the figure and its edge."""
    drawn: tuple[int, ...] = ()
    """Times as many examples of each class are drawn to train the part dictionaries, as it is easily taken for others;
    without them once."""
    pierced: bool = True
    """Whether drawn examples may have holes, as if other charges stood on them."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Of the shape dictionary."""
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
# The thresholds were set by eye, while looking at `python benchmarks/descriptions.py --errors`. Stars may leave more
# unexplained than others, as they are small and blurred; suns most of all, as their rays are rebuilt badly while their
# probability is sure.
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
# Letters, beasts, shields, and all else that has no row: it is never sure enough to be named, and becomes an emblem.
OTHER = ChargeKind("other", rest=-1.0, drawn=(9,), pierced=False)

SHAPES = tuple(name for kind in (*CHARGES, OTHER) for name in kind.classes)  # classes of the shape dictionary
# Classes of the layout dictionary: what a single region of a ground looks like.
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
ELEMENTS = tuple(dict.fromkeys([*(kind.name for kind in LAYERS), *(kind.name for kind in CHARGES), "emblem"]))
