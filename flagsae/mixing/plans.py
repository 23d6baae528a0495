"""What a recipe makes of two flags: a ground, and what may be set on it; and the parts that recipes share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.edits.colours import recoloured
from flagsae.design.edits.figures import widened
from flagsae.mixing.anchors import Anchor, anchors
from flagsae.mixing.groups import Group, extent
from flagsae.mixing.parent import SEEN, Parent

EDGE = 0.05  # of the height: the edge that a figure gets on the ground of another flag
TRIANGLE_EDGE = 0.16  # of a triangle's depth: the same
NEUTRAL = ("white", "yellow")  # an edge may have besides the colours of the flags
STRONG = 0.06  # of a flag: a colour that only arms have, and with less, is not taken
LEVELLED = 1.8  # of upright stripes that are made level

Sets: TypeAlias = tuple[tuple[Group, ...], ...]
Seated: TypeAlias = tuple[tuple[Group, Anchor], ...]


@dataclass(frozen=True)
class Plan:
    """A ground, and what may be set on it."""

    layers: tuple[Layer, ...]
    fixed: tuple[Charge, ...] = ()
    """Charges in their places."""
    sets: Sets = ((),)
    """Groups of charges of which one set is placed."""
    seated: Seated = ()
    """Groups with the place that they have before others are placed."""
    recipe: str = ""
    price: float = 0.0
    """Besides that of its recipe."""
    first: Parent | None = None
    """Whose layout it is."""
    second: Parent | None = None


Make: TypeAlias = Callable[[Parent, Parent], Iterator[Plan]]


@dataclass(frozen=True)
class Recipe:
    """How a ground is made of two flags."""

    says: str
    """What it takes from whom, in words: {first} has the layout."""
    make: Make
    price: float = 0.0
    """What it costs before anything else."""
    ground: str = ""
    """Whose ground it has: "first", "second", or "" where it is of both."""


def merged(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Layers in which neighbouring stripes of one colour have run together."""
    base = layers[0]
    if base.figure not in ("stripes", "bars") or len(base.colours) < 2:
        return tuple(layers)
    cuts, colours = [], [base.colours[0]]
    for cut, colour in zip(base.numbers, base.colours[1:], strict=True):
        if colour != colours[-1]:
            cuts.append(cut)
            colours.append(colour)
    return (Layer(base.figure, tuple(colours), tuple(cuts)), *layers[1:])


def equal(figure: str, colours: Sequence[str]) -> Layer:
    count = len(colours)
    return Layer(figure, tuple(colours), tuple(round(at / count, 4) for at in range(1, count)))


def in_colours(layers: Iterable[Layer], new: Mapping[str, str]) -> tuple[Layer, ...]:
    return recoloured(Design((Layer("stripes", ("white",)), *layers)), new).layers[1:]


def sets(*sets: Sequence[Group]) -> Sets:
    return tuple(dict.fromkeys(tuple(one) for one in sets))


def marks(first: Parent, second: Parent) -> Sets:
    """Those of the second, of both, of the first."""
    one, other = first.mark, second.mark
    if one and other:
        return sets(other, (*other, *one), one)
    return sets(other or one)


def is_base(parent: Parent) -> bool:
    return parent.base[0].figure in ("stripes", "bars", "quarters", "halves") and len(parent.base) == 1


def striped(parent: Parent) -> bool:
    return parent.base[0].figure in ("stripes", "bars") and len(parent.base) == 1


def levelled(parent: Parent) -> tuple[Layer, float]:
    """Its stripes, level; and what it costs that they were upright."""
    base = parent.base[0]
    if base.figure != "bars" or len(base.colours) == 1:
        return base, 0.0
    return Layer("stripes", base.colours, base.numbers), LEVELLED


def new_colours(first: Parent, second: Parent, count: int = 2) -> list[str]:
    """The main colours of one flag that the other does not have; all of them where it has them all."""
    own = [name for name in first.ground if first.ground[name] > 0.08]
    return ([name for name in own if second.shares.get(name, 0) < 0.03] or own)[:count]


def strong(parent: Parent) -> list[str]:
    """The colours of a flag that another can take: not those of small parts of arms."""
    flat = {name for layer in parent.design.layers for name in layer.colours}
    flat |= {name for one in parent.design.charges if one.shape != CUT_OUT for name in one.colours}
    return [name for name, share in parent.shares.items() if share > (SEEN if name in flat else STRONG)]


def seat_of(parent: Parent) -> Anchor | None:
    """Where a charge stands on a flag with a triangle or bar at the hoist that carries one: it is not left empty."""
    for anchor in anchors(parent.design.layers):
        if anchor.name in ("triangle", "bar at the hoist") and parent.groups:
            left, right, top, bottom = extent(parent.groups[0])
            if abs((left + right) / 2 - anchor.x) < anchor.wide and abs((top + bottom) / 2 - anchor.y) < anchor.high:
                return anchor
    return None


def wider(layer: Layer) -> Layer:
    if layer.figure != "triangle":
        return widened(layer, EDGE)
    side, start, end, depth, apex = layer.numbers
    span = TRIANGLE_EDGE * (end - start) / 2
    return replace(layer, numbers=(side, start - span, end + span, round(depth * (1 + TRIANGLE_EDGE), 6), apex))


def edges_for(figure: Sequence[Layer], first: Parent, second: Parent) -> list[str]:
    """Colours in which a figure may be edged on the second flag's ground."""
    own = figure[-1].colours[0]
    known = [*first.base[0].colours[:2], *second.ground, *NEUTRAL]
    return [name for name in dict.fromkeys(known) if name != own][:4]
