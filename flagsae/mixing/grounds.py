"""Recipes that make one ground of two: figures over stripes, cantons, united stripes, bars, triangles at the hoist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from flagsae.design.design import Design, Layer
from flagsae.errors import DesignError
from flagsae.mixing.anchors import Anchor
from flagsae.mixing.groups import is_wide
from flagsae.mixing.parent import Parent
from flagsae.mixing.plans import (
    Plan,
    Seated,
    edges_for,
    equal,
    in_colours,
    levelled,
    marks,
    new_colours,
    seat_of,
    sets,
    striped,
    strong,
    wider,
)

MOST_STRIPES = 5  # of a union
BAR, TRIANGLE = 0.3, 0.42  # of the width: a bar and a triangle at the hoist
CHEVRON, CHEVRONS = 0.5, 3  # of the width: the depth of the outermost of triangles in one another; how many at most
CANTON = (0.44, 0.5)  # of the width and height, of one that is made
LARGEST_CANTON = (0.5, 0.54)
BORDER = (0.06, 0.09)  # of the width and height
BLOCKED = (
    "cross",
    "triangle",
    "border",
    "saltire",
    "pall",
    "trapezium",
    "rectangle",
    "serrated",
    "band",
    "lozenge",
    "polygon",
)  # figures that a canton would tear
HIDING = frozenset(("triangle", "rectangle", "trapezium"))  # figures at the hoist, which hide an upright stripe
CROSSING = frozenset(("cross", "saltire", "serrated", "pall"))  # figures that cut stripes to pieces
# Prices besides that of a recipe.
HEAP = 3.0  # of each stripe over three of a union
TURNED = 1.0  # of a union that is one of the flags with its stripes in another order
FIGURE = 0.8  # of a figure over the ground of another flag; an ornament along the hoist costs nothing
ACROSS_STRIPES = 2.2  # of a cross and the like, for each colour over one of the stripes that it cuts
WHOLE = 1.2  # of a canton with all that the other flag is
EDGES = 0.4  # of a triangle with two edges
PLAIN_HOIST = 1.6  # of a bar or triangle at the hoist that carries nothing


def figure_on_ground(first: Parent, second: Parent) -> Iterator[Plan]:
    """The figures of the first over the ground of the second, as they are, edged, and in the second's colours."""
    if not (first.figures or first.fixtures) or not striped(second) or len(first.base) > 1:
        return
    if first.pieced or second.pieced or any(map(is_wide, first.fixtures)):
        return
    figures = [layer for figure in first.figures for layer in figure]
    blocked = any(figure[-1].figure in BLOCKED for figure in first.figures)
    canton = [second.canton] if second.canton and not (first.canton or blocked or first.fixtures) else []
    variants: list[tuple[Layer, ...]] = [tuple(figures)]
    if len(first.figures) == 1:
        (figure,) = first.figures
        for colour in edges_for(figure, first, second):
            try:
                wide = wider(figure[0])
            except DesignError:
                break
            variants.append((replace(wide, colours=(colour,)), *figure))
    names = list(dict.fromkeys(name for layer in figures for name in layer.colours))
    for order in list(permutations(strong(second)[:4], min(2, len(names))))[:6] if names else ():
        variants.append(in_colours(figures, dict(zip(names, order, strict=False))))
    sorts = {figure[-1].figure for figure in first.figures}
    base, turned = levelled(second)  # at the hoist most of an upright bar would be hidden
    price = turned if sorts & HIDING else ACROSS_STRIPES * max(0, len(set(base.colours)) - 1) * bool(sorts & CROSSING)
    price += FIGURE if first.figures else 0.0
    below = (base,) if sorts & HIDING else second.base
    for variant in variants:
        layers = (*below, *variant, *canton)
        if seat_of(first) is None:
            yield Plan(layers, first.fixtures, marks(first, second), price=price)
        if first.groups:
            yield Plan(layers, first.design.charges, sets((), second.mark), price=price)


def canton_on_ground(first: Parent, second: Parent) -> Iterator[Plan]:
    """The canton of the first, or a canton with its charge or its whole ground, on the ground of the second."""
    figures = [one[-1].figure for one in second.figures]
    if not striped(second) or any(one in BLOCKED for one in figures):
        return
    if second.canton is not None:
        if first.mark:  # which takes the place of what is in it
            width, height = second.canton.numbers
            canton, seat = _holding(first.field, width, height)
            rest = tuple(one for one in second.design.layers if one is not second.canton)
            yield Plan((*rest, canton), second.fixtures, sets((), second.groups[:1]), ((first.mark[0], seat),))
        return
    base, turned = levelled(second)  # of upright stripes a canton would cut two
    layers = (base, *second.design.layers[1:])
    if first.canton is not None:
        own = replace(first.canton, numbers=_on_stripes(base, *map(min, first.canton.numbers, LARGEST_CANTON)))
        yield Plan((*layers, own), (), sets((), second.mark, first.groups[:1]), price=turned)
        return
    if second.figures:
        return
    width, height = _on_stripes(base, *CANTON)
    if first.plain and first.mark:
        canton, seat = _holding(first.field, width, height)
        yield Plan((*layers, canton), (), sets((), second.mark), ((first.mark[0], seat),), price=turned)
    elif not first.groups and (first.figures or first.base[0].figure == "jack"):
        canton = Layer("canton", (), (width, height), Design(first.design.layers))
        yield Plan((*layers, canton), (), sets((), second.mark), price=turned + WHOLE)


def _holding(colour: str, width: float, height: float) -> tuple[Layer, Anchor]:
    """A canton of one colour, and where a charge stands in it."""
    canton = Layer("canton", (), (width, height), Design((Layer("stripes", (colour,)),)))
    return canton, Anchor("held", width / 2, height / 2, 0.4 * width, 0.36 * height)


def _on_stripes(base: Layer, width: float, height: float) -> tuple[float, float]:
    """The width and height of a canton that ends at the edge of a stripe, where there is one near."""
    edges = [cut for cut in base.numbers if base.figure == "stripes" and 0.3 <= cut <= 0.6]
    new = min(edges, key=lambda cut: abs(cut - height), default=height)
    return round(min(width, width * (new / height) ** 0.5), 4), new


def union(first: Parent, second: Parent) -> Iterator[Plan]:
    """The stripes of both."""
    if not (striped(first) and striped(second)) or (second.figures and first.figures):
        return
    if first.pieced or any(is_wide(one) for one in first.fixtures):
        return
    one, other = first.base[0].colours, second.base[0].colours
    both = list(dict.fromkeys([*one, *other]))
    if not 2 <= len(both) <= MOST_STRIPES or (len(one) == 1 and len(other) == 1):
        return
    figure = first.base[0].figure
    over = [layer for one_figure in first.figures for layer in one_figure]
    large = sorted(both, key=lambda name: -max(first.shares.get(name, 0), second.shares.get(name, 0)))
    orders = [tuple(both), tuple(both[::-1]), tuple(large), *_woven(one, other)]
    if len(both) == 3:
        orders += list(permutations(both))
    price = HEAP * max(0, len(both) - 3)
    price += ACROSS_STRIPES * (len(both) - 1) * any(layer.figure in CROSSING for layer in over)
    price += TURNED if set(both) in (set(one), set(other)) and not over else 0.0
    for colours in dict.fromkeys(orders):
        if set(colours) == set(both):
            yield Plan((equal(figure, colours), *over), first.fixtures, marks(first, second), price=price)


def _woven(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Those of the second inside those of the first, and beneath them."""
    inner = [name for name in other if name not in one]
    middle = len(one) // 2
    yield (*one[:middle], *inner, *one[middle:])
    yield (*one, *inner)
    yield (*inner, *one)


def at_hoist(first: Parent, second: Parent) -> Iterator[Plan]:
    """A triangle or a bar in the first's colour, with its charge, at the hoist of the second's stripes."""
    if second.figures or second.canton or not striped(second) or second.fixtures:
        return
    base, turned = levelled(second)
    for colour in dict.fromkeys([first.field, *new_colours(first, second)]):
        own = first.mark if colour == first.field else ()
        plain = 0.0 if own else PLAIN_HOIST  # an edge makes up for half of it
        triangle = Layer("triangle", (colour,), (0.0, 0.0, 1.0, TRIANGLE, 0.5))
        seat = Anchor("held", TRIANGLE * 0.36, 0.5, TRIANGLE * 0.26, 0.17)
        seated = tuple((one, seat) for one in own)
        yield Plan((base, triangle), (), sets((), second.mark), seated, price=turned + plain)
        edges = [name for name in first.ground if name != colour and first.ground[name] > 0.08][:3]
        wide = wider(triangle)
        for edge in edges[:2]:
            edged = (base, replace(wide, colours=(edge,)), triangle)
            yield Plan(edged, (), sets((), second.mark), seated, price=turned + plain / 2)
        for outer, inner in permutations(edges, 2):
            layers = (base, replace(wider(wide), colours=(outer,)), replace(wide, colours=(inner,)), triangle)
            yield Plan(layers, (), sets((), second.mark), seated, price=turned + plain / 2 + EDGES)
        bar = Layer("rectangle", (colour,), (0.0, 0.0, BAR, 1.0))
        seat = Anchor("held", BAR / 2, 0.5, BAR * 0.38, 0.3)
        yield Plan((base, bar), (), sets((), second.mark), tuple((one, seat) for one in own), price=turned + plain)
        if turned and len(base.colours) == 2:
            yield Plan((equal("bars", (*base.colours, colour)),), (), marks(first, second))


def chevrons(first: Parent, second: Parent) -> Iterator[Plan]:
    """The stripes of the first as triangles in one another at the hoist of the second's stripes."""
    if not striped(first) or first.figures or first.canton or first.fixtures or not striped(second):
        return
    own = list(dict.fromkeys(first.base[0].colours))
    others = [one for one in second.figures if one[-1].figure != "triangle" or one[-1].numbers[0] != 0]
    if others or second.canton or second.fixtures or not 2 <= len(own) <= CHEVRONS:
        return
    base, turned = levelled(second)
    seat = Anchor("held", 0.36 * CHEVRON / len(own), 0.5, 0.26 * CHEVRON / len(own), 0.3 / len(own))
    seated: Seated = tuple((one, seat) for one in first.mark)
    rest = () if second.figures else second.mark
    for colours in (own, own[::-1]):
        depths = [CHEVRON * (1 - at / len(colours)) for at in range(len(colours))]
        layers = [
            Layer("triangle", (colour,), (0.0, 0.5 - depth / CHEVRON / 2, 0.5 + depth / CHEVRON / 2, depth, 0.5))
            for colour, depth in zip(colours, depths, strict=True)
        ]
        yield Plan((base, *layers), (), sets((), rest), seated, price=turned)


def border(first: Parent, second: Parent) -> Iterator[Plan]:
    """A border of the first, or in its colour, about the second."""
    own = [layer for figure in first.figures if figure[-1].figure == "border" for layer in figure]
    if own and first.pieced and striped(second) and not second.canton and not second.pieced:
        yield Plan((*second.design.layers, *own), second.fixtures, sets(second.mark, first.mark))
    if not second.plain or second.canton:
        return
    across, down = BORDER
    for colour in new_colours(first, second):
        frame = Layer("border", (colour,), (across, down, 1 - across, 1 - down))
        yield Plan((*second.base, frame), (), marks(second, first))


def divided(first: Parent, second: Parent) -> Iterator[Plan]:
    """Two plain fields, each with its charge."""
    if not (first.plain and second.plain and first.field != second.field and first.mark and second.mark):
        return
    one, other = first.mark[0], second.mark[0]
    halves = Layer("halves", (first.field, second.field), (1.0, 0.0))
    seats = (one, Anchor("held", 0.25, 0.3, 0.17, 0.2)), (other, Anchor("held", 0.75, 0.7, 0.17, 0.2))
    yield Plan((halves,), (), ((),), seats)
    seats = (one, Anchor("held", 0.25, 0.5, 0.19, 0.3)), (other, Anchor("held", 0.75, 0.5, 0.19, 0.3))
    yield Plan((equal("bars", (first.field, second.field)),), (), ((),), seats, price=0.3)


def of_two(first: Parent, second: Parent) -> Iterator[Plan]:
    """Bands of both fields, with a charge on the middle."""
    a, b = first.field, second.field
    if a == b or first.figures or second.figures or first.canton or second.canton:
        return
    if len(first.base[0].colours) > 1 and len(second.base[0].colours) > 1:
        return
    for figure in ("stripes", "bars"):
        yield Plan((Layer(figure, (a, b, a), (0.25, 0.75)),), (), marks(first, second))
        yield Plan((equal(figure, (a, b)),), (), marks(first, second))
