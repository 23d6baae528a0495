"""Grounds that two designs can share: a table of recipes, a row each.

A recipe takes the layout of one flag and something of the other's. What it makes is a whole ground and the groups of
charges that may be set on it; `placement` sets them, `settle` chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TypeAlias

from flagsae.design.design import ASPECT, CUT_OUT, Charge, Design, Layer, Place
from flagsae.design.edits.charges import half
from flagsae.design.edits.colours import recoloured
from flagsae.design.edits.figures import widened
from flagsae.errors import DesignError
from flagsae.mixing.parent import SEEN, Group, Parent, area, extent, is_wide
from flagsae.mixing.placement import Anchor, anchors

EDGE = 0.05  # of the height: the edge that a figure gets on the ground of another flag
TRIANGLE_EDGE = 0.16  # of a triangle's depth: the same
MOST_STRIPES = 5  # of a union
BAR, TRIANGLE = 0.3, 0.42  # of the width: a bar and a triangle at the hoist
CHEVRON, CHEVRONS = 0.5, 3  # of the width: the depth of the outermost of triangles in one another; how many at most
CANTON = (0.44, 0.5)  # of the width and height, of one that is made
LARGEST_CANTON = (0.5, 0.54)
BORDER = (0.06, 0.09)  # of the width and height
ROUNDEL = 0.27  # of the height: the radius of a disc that carries a charge
HELD = 0.62  # of a holder's radius, that its charge fills
NEUTRAL = ("white", "yellow")  # an edge may have besides the colours of the flags
STRONG = 0.06  # of a flag: a colour that only arms have, and with less, is not taken
BESIDE = 0.3  # of the area of a flag's largest group: a second that is so large goes with it
ORDERS = 8  # of colours that are tried
MARKS = ("star", "sun", "crescent", "cross")  # shapes that take each other's place
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
HOISTED = frozenset(("triangle", "rectangle", "trapezium"))
CROSSING = frozenset(("cross", "saltire", "serrated", "pall"))
# Prices besides that of a recipe.
HEAP = 3.0  # of each stripe over three of a union
TURNED = 1.0  # of a union that is one of the flags with its stripes in another order
COLOUR_ALONE = 1.2  # of a flag with no more than a colour of the other
PIECED = 1.5  # of a ground in pieces that is recoloured (`Parent.pieced`)
ACROSS_STRIPES = 1.8  # of a cross and the like, for each colour over one of the stripes that it cuts
WHOLE = 1.2  # of a canton with all that the other flag is
LEVELLED = 0.8  # of upright stripes that are made level
EDGES = 0.4  # of a triangle with two edges
PLAIN_HOIST = 1.6  # of a bar or triangle at the hoist that carries nothing

_Sets: TypeAlias = tuple[tuple[Group, ...], ...]
Seated: TypeAlias = tuple[tuple[Group, Anchor], ...]


@dataclass(frozen=True)
class Plan:
    """A ground, and what may be set on it."""

    layers: tuple[Layer, ...]
    fixed: tuple[Charge, ...] = ()
    """Charges in their places."""
    sets: _Sets = ((),)
    """Groups of charges of which one set is placed."""
    seated: Seated = ()
    """Groups with the place that they have before others are placed."""
    recipe: str = ""
    price: float = 0.0
    """Besides that of its recipe."""
    first: Parent | None = None
    """Whose layout it is."""
    second: Parent | None = None


_Make: TypeAlias = Callable[[Parent, Parent], Iterator[Plan]]


@dataclass(frozen=True)
class Recipe:
    """How a ground is made of two flags."""

    says: str
    """What it takes from whom, in words: {first} has the layout."""
    make: _Make
    price: float = 0.0
    """What it costs before anything else."""
    ground: str = ""
    """Whose ground it has: "first", "second", or "" where it is of both."""


def plans(parents: Sequence[Parent]) -> Iterator[Plan]:
    """Those of two parents, in both orders."""
    one, other = parents
    for name, recipe in RECIPES.items():
        for first, second in ((one, other), (other, one)):
            for plan in recipe.make(first, second):
                yield replace(plan, recipe=name, first=first, second=second, layers=merged(plan.layers))


# Parts.


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


def _equal(figure: str, colours: Sequence[str]) -> Layer:
    count = len(colours)
    return Layer(figure, tuple(colours), tuple(round(at / count, 4) for at in range(1, count)))


def _coloured(layers: Iterable[Layer], new: Mapping[str, str]) -> tuple[Layer, ...]:
    return recoloured(Design((Layer("stripes", ("white",)), *layers)), new).layers[1:]


def _sets(*sets: Sequence[Group]) -> _Sets:
    return tuple(dict.fromkeys(tuple(one) for one in sets))


def _marks(first: Parent, second: Parent) -> _Sets:
    """Those of the second, of both, of the first."""
    one, other = first.mark, second.mark
    if one and other:
        return _sets(other, (*other, *one), one)
    return _sets(other or one)


def _is_base(parent: Parent) -> bool:
    return parent.base[0].figure in ("stripes", "bars", "quarters", "halves") and len(parent.base) == 1


def _striped(parent: Parent) -> bool:
    return parent.base[0].figure in ("stripes", "bars") and len(parent.base) == 1


def _levelled(parent: Parent) -> tuple[Layer, float]:
    """Its stripes, level; and what it costs that they were upright."""
    base = parent.base[0]
    if base.figure != "bars" or len(base.colours) == 1:
        return base, 0.0
    return Layer("stripes", base.colours, base.numbers), LEVELLED


def _new(first: Parent, second: Parent, count: int = 2) -> list[str]:
    """The main colours of one flag that the other does not have; all of them where it has them all."""
    own = [name for name in first.ground if first.ground[name] > 0.08]
    return ([name for name in own if second.shares.get(name, 0) < 0.03] or own)[:count]


def _is_simple(charge: Charge) -> bool:
    return charge.shape in MARKS


def _strong(parent: Parent) -> list[str]:
    """The colours of a flag that another can take: not those of small parts of arms."""
    flat = {name for layer in parent.design.layers for name in layer.colours}
    flat |= {name for one in parent.design.charges if one.shape != CUT_OUT for name in one.colours}
    return [name for name, share in parent.shares.items() if share > (SEEN if name in flat else STRONG)]


# Recipes.


def _charge_on_ground(first: Parent, second: Parent) -> Iterator[Plan]:
    other = second.mark
    if other:
        pair = second.groups[:2]
        alike = len(pair) == 2 and area(pair[1]) > BESIDE * area(pair[0])
        sets = _sets(other, *([pair] if alike else []))
        seat = _seat(first)
        if seat is None:
            yield Plan(first.design.layers, first.fixtures, sets)
        else:
            yield Plan(first.design.layers, first.fixtures, ((),), ((other[0], seat),))
        if first.groups:
            yield Plan(first.design.layers, first.design.charges, _sets(other))


def _seat(parent: Parent) -> Anchor | None:
    """Where a charge stands on a flag with a triangle or bar at the hoist that carries one: it is not left empty."""
    for anchor in anchors(parent.design.layers):
        if anchor.name in ("triangle", "bar at the hoist") and parent.groups:
            left, right, top, bottom = extent(parent.groups[0])
            if abs((left + right) / 2 - anchor.x) < anchor.wide and abs((top + bottom) / 2 - anchor.y) < anchor.high:
                return anchor
    return None


def _charge_held(first: Parent, second: Parent) -> Iterator[Plan]:
    """The second's charge on the first's disc or lozenge."""
    if not (first.holder and second.mark):
        return
    holder = first.holder[-1]
    (place,) = holder.places
    wide, _ = half(holder)
    reach = HELD * place.radius * (0.75 if holder.shape == "lozenge" else 1.0)
    seat = Anchor("held", place.x, place.y, reach * min(1.0, wide) / ASPECT, reach)
    held = {id(one) for one in first.groups[0]}
    rest = tuple(one for one in first.design.charges if id(one) not in held)
    yield Plan(first.design.layers, (*rest, *first.holder), ((),), ((second.mark[0], seat),))


def _in_colours(first: Parent, second: Parent) -> Iterator[Plan]:
    """The colours of the second by their rank, and in other orders."""
    shares = first.shares if first.fixtures else first.ground
    own = [name for name, share in shares.items() if share > 0.015][:4]
    others = _strong(second)[:4]
    count = min(len(own), len(others))
    for order in list(permutations(range(len(others)), count))[: ORDERS if count else 0]:
        new = {own[at]: others[to] for at, to in enumerate(order)}
        whole = first.recoloured(new)
        if whole.design != first.design:
            yield Plan(whole.design.layers, whole.design.charges, price=PIECED * first.pieced)
        if second.mark and not first.fixtures:
            yield Plan(whole.design.layers, (), _sets(second.mark))


def _one_colour(first: Parent, second: Parent) -> Iterator[Plan]:
    shares = first.shares if first.fixtures else first.ground
    for old in list(shares)[:4]:
        for new in _strong(second)[:3]:
            if new in first.colours or shares[old] < 0.03:
                continue
            whole = first.recoloured({old: new})
            yield Plan(whole.design.layers, whole.design.charges, price=COLOUR_ALONE + PIECED * first.pieced)
            if second.mark:
                yield Plan(whole.design.layers, whole.design.charges, _sets(second.mark))
                if first.groups and _seat(first) is None:
                    yield Plan(whole.design.layers, whole.fixtures, _sets(second.mark))


def _edges_for(figure: Sequence[Layer], first: Parent, second: Parent) -> list[str]:
    """Colours in which a figure may be edged on the second flag's ground."""
    own = figure[-1].colours[0]
    known = [*first.base[0].colours[:2], *second.ground, *NEUTRAL]
    return [name for name in dict.fromkeys(known) if name != own][:4]


def _figure_on_ground(first: Parent, second: Parent) -> Iterator[Plan]:
    """The figures of the first over the ground of the second, as they are, edged, and in the second's colours."""
    if not (first.figures or first.fixtures) or not _striped(second) or len(first.base) > 1:
        return
    if first.pieced or second.pieced or any(map(is_wide, first.fixtures)):
        return
    figures = [layer for figure in first.figures for layer in figure]
    blocked = any(figure[-1].figure in BLOCKED for figure in first.figures)
    canton = [second.canton] if second.canton and not (first.canton or blocked or first.fixtures) else []
    variants: list[tuple[Layer, ...]] = [tuple(figures)]
    if len(first.figures) == 1:
        (figure,) = first.figures
        for colour in _edges_for(figure, first, second):
            try:
                wide = _wider(figure[0])
            except DesignError:
                break
            variants.append((replace(wide, colours=(colour,)), *figure))
    names = list(dict.fromkeys(name for layer in figures for name in layer.colours))
    for order in list(permutations(_strong(second)[:4], min(2, len(names))))[:6] if names else ():
        variants.append(_coloured(figures, dict(zip(names, order, strict=False))))
    sorts = {figure[-1].figure for figure in first.figures}
    base, turned = _levelled(second)  # at the hoist most of an upright bar would be hidden
    price = turned if sorts & HOISTED else ACROSS_STRIPES * max(0, len(set(base.colours)) - 1) * bool(sorts & CROSSING)
    below = (base,) if sorts & HOISTED else second.base
    for variant in variants:
        layers = (*below, *variant, *canton)
        if _seat(first) is None:
            yield Plan(layers, first.fixtures, _marks(first, second), price=price)
        if first.groups:
            yield Plan(layers, first.design.charges, _sets((), second.mark), price=price)


def _wider(layer: Layer) -> Layer:
    if layer.figure != "triangle":
        return widened(layer, EDGE)
    side, start, end, depth, apex = layer.numbers
    span = TRIANGLE_EDGE * (end - start) / 2
    return replace(layer, numbers=(side, start - span, end + span, round(depth * (1 + TRIANGLE_EDGE), 6), apex))


def _canton_on_ground(first: Parent, second: Parent) -> Iterator[Plan]:
    """The canton of the first, or a canton with its charge or its whole ground, on the ground of the second."""
    figures = [one[-1].figure for one in second.figures]
    if not _striped(second) or any(one in BLOCKED for one in figures):
        return
    if second.canton is not None:
        if first.mark:  # which takes the place of what is in it
            width, height = second.canton.numbers
            canton = Layer("canton", (), (width, height), Design((Layer("stripes", (first.field,)),)))
            seat = Anchor("held", width / 2, height / 2, 0.4 * width, 0.36 * height)
            rest = tuple(one for one in second.design.layers if one is not second.canton)
            yield Plan((*rest, canton), second.fixtures, _sets((), second.groups[:1]), ((first.mark[0], seat),))
        return
    base, turned = _levelled(second)  # of upright stripes a canton would cut two
    layers = (base, *second.design.layers[1:])
    if first.canton is not None:
        own = replace(first.canton, numbers=_on_stripes(base, *map(min, first.canton.numbers, LARGEST_CANTON)))
        yield Plan((*layers, own), (), _sets((), second.mark, first.groups[:1]), price=turned)
        return
    if second.figures:
        return
    width, height = _on_stripes(base, *CANTON)
    if first.plain and first.mark:
        canton = Layer("canton", (), (width, height), Design((Layer("stripes", (first.field,)),)))
        seat = Anchor("held", width / 2, height / 2, 0.4 * width, 0.36 * height)
        yield Plan((*layers, canton), (), _sets((), second.mark), ((first.mark[0], seat),), price=turned)
    elif not first.groups and (first.figures or first.base[0].figure == "jack"):
        canton = Layer("canton", (), (width, height), Design(first.design.layers))
        yield Plan((*layers, canton), (), _sets((), second.mark), price=turned + WHOLE)


def _on_stripes(base: Layer, width: float, height: float) -> tuple[float, float]:
    """The width and height of a canton that ends at the edge of a stripe, where there is one near."""
    edges = [cut for cut in base.numbers if base.figure == "stripes" and 0.3 <= cut <= 0.6]
    new = min(edges, key=lambda cut: abs(cut - height), default=height)
    return round(min(width, width * (new / height) ** 0.5), 4), new


def _union(first: Parent, second: Parent) -> Iterator[Plan]:
    """The stripes of both."""
    if not (_striped(first) and _striped(second)) or (second.figures and first.figures):
        return
    if any(is_wide(one) for one in first.fixtures):
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
            yield Plan((_equal(figure, colours), *over), first.fixtures, _marks(first, second), price=price)


def _woven(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Those of the second inside those of the first, and beneath them."""
    inner = [name for name in other if name not in one]
    middle = len(one) // 2
    yield (*one[:middle], *inner, *one[middle:])
    yield (*one, *inner)
    yield (*inner, *one)


def _at_hoist(first: Parent, second: Parent) -> Iterator[Plan]:
    """A triangle or a bar in the first's colour, with its charge, at the hoist of the second's stripes."""
    if second.figures or second.canton or not _striped(second) or second.fixtures:
        return
    base, turned = _levelled(second)
    for colour in dict.fromkeys([first.field, *_new(first, second)]):
        own = first.mark if colour == first.field else ()
        price = turned + (0.0 if own else PLAIN_HOIST)
        triangle = Layer("triangle", (colour,), (0.0, 0.0, 1.0, TRIANGLE, 0.5))
        seat = Anchor("held", TRIANGLE * 0.36, 0.5, TRIANGLE * 0.26, 0.17)
        seated = tuple((one, seat) for one in own)
        yield Plan((base, triangle), (), _sets((), second.mark), seated, price=price)
        edges = [name for name in first.ground if name != colour and first.ground[name] > 0.08][:3]
        wide = _wider(triangle)
        for edge in edges[:2]:
            edged = (base, replace(wide, colours=(edge,)), triangle)
            yield Plan(edged, (), _sets((), second.mark), seated, price=turned + (price - turned) / 2)
        for outer, inner in permutations(edges, 2):
            layers = (base, replace(_wider(wide), colours=(outer,)), replace(wide, colours=(inner,)), triangle)
            price_of_two = turned + (price - turned) / 2 + EDGES
            yield Plan(layers, (), _sets((), second.mark), seated, price=price_of_two)
        bar = Layer("rectangle", (colour,), (0.0, 0.0, BAR, 1.0))
        seat = Anchor("held", BAR / 2, 0.5, BAR * 0.38, 0.3)
        yield Plan((base, bar), (), _sets((), second.mark), tuple((one, seat) for one in own), price=price)
        if turned and len(base.colours) == 2:
            yield Plan((_equal("bars", (*base.colours, colour)),), (), _marks(first, second))


def _chevrons(first: Parent, second: Parent) -> Iterator[Plan]:
    """The stripes of the first as triangles in one another at the hoist of the second's stripes."""
    if not _striped(first) or first.figures or first.canton or first.fixtures or not _striped(second):
        return
    own = list(dict.fromkeys(first.base[0].colours))
    others = [one for one in second.figures if one[-1].figure != "triangle" or one[-1].numbers[0] != 0]
    if others or second.canton or second.fixtures or not 2 <= len(own) <= CHEVRONS:
        return
    base, turned = _levelled(second)
    seat = Anchor("held", 0.36 * CHEVRON / len(own), 0.5, 0.26 * CHEVRON / len(own), 0.3 / len(own))
    seated: Seated = tuple((one, seat) for one in first.mark)
    rest = () if second.figures else second.mark
    for colours in (own, own[::-1]):
        depths = [CHEVRON * (1 - at / len(colours)) for at in range(len(colours))]
        layers = [
            Layer("triangle", (colour,), (0.0, 0.5 - depth / CHEVRON / 2, 0.5 + depth / CHEVRON / 2, depth, 0.5))
            for colour, depth in zip(colours, depths, strict=True)
        ]
        yield Plan((base, *layers), (), _sets((), rest), seated, price=turned)


def _border(first: Parent, second: Parent) -> Iterator[Plan]:
    own = [layer for figure in first.figures if figure[-1].figure == "border" for layer in figure]
    if own and first.pieced and _striped(second) and not second.canton and not second.pieced:
        yield Plan((*second.design.layers, *own), second.fixtures, _sets(second.mark, first.mark))
    if not second.plain or second.canton:
        return
    across, down = BORDER
    for colour in _new(first, second):
        border = Layer("border", (colour,), (across, down, 1 - across, 1 - down))
        yield Plan((*second.base, border), (), _marks(second, first))


def _divided(first: Parent, second: Parent) -> Iterator[Plan]:
    """Two plain fields, each with its charge."""
    if not (first.plain and second.plain and first.field != second.field and first.mark and second.mark):
        return
    one, other = first.mark[0], second.mark[0]
    halves = Layer("halves", (first.field, second.field), (1.0, 0.0))
    seats = (one, Anchor("held", 0.25, 0.3, 0.17, 0.2)), (other, Anchor("held", 0.75, 0.7, 0.17, 0.2))
    yield Plan((halves,), (), ((),), seats)
    seats = (one, Anchor("held", 0.25, 0.5, 0.19, 0.3)), (other, Anchor("held", 0.75, 0.5, 0.19, 0.3))
    yield Plan((_equal("bars", (first.field, second.field)),), (), ((),), seats, price=0.3)


def _of_two(first: Parent, second: Parent) -> Iterator[Plan]:
    """Bands of both fields, with a charge on the middle."""
    a, b = first.field, second.field
    if a == b or first.figures or second.figures or first.canton or second.canton:
        return
    if len(first.base[0].colours) > 1 and len(second.base[0].colours) > 1:
        return
    for figure in ("stripes", "bars"):
        yield Plan((Layer(figure, (a, b, a), (0.25, 0.75)),), (), _marks(first, second))
        yield Plan((_equal(figure, (a, b)),), (), _marks(first, second))


def _roundel(first: Parent, second: Parent) -> Iterator[Plan]:
    """The charge of the first on a disc of its field, in the middle of the second."""
    if second.groups or second.canton or second.fixtures or not first.mark or not _is_base(second):
        return
    if any(one[-1].figure in ("triangle", "pall", "band") for one in second.figures):
        return
    x, y = 0.5, 0.5
    for figure in second.figures:
        if figure[-1].figure == "cross":
            a, b, c, d = figure[-1].numbers
            x, y = (a + b) / 2, (c + d) / 2
    group = first.mark[0]
    if len(group) == 1 and group[0].shape in ("disc", "ring"):
        return
    left, right, top, bottom = extent(group)
    high, wide = (bottom - top) / 2, (right - left) / 2 * ASPECT
    times = HELD * 1.1 * ROUNDEL / max(high, wide, 0.75 * (high**2 + wide**2) ** 0.5)
    seat = Anchor("held", x, y, wide * times / ASPECT, high * times)
    for colour in dict.fromkeys((first.field, "white")):
        yield Plan(second.design.layers, (Charge("disc", (colour,), (Place(x, y, ROUNDEL),)),), ((),), ((group, seat),))


def _other_shape(first: Parent, second: Parent) -> Iterator[Plan]:
    """The second's shape, in the places of the first's."""
    shape = next((one for group in second.groups for one in group if _is_simple(one)), None)
    if shape is None or not any(_is_simple(one) for one in first.design.charges):
        return
    for colours in (None, shape.colours):
        charges = tuple(
            _as_shape(one, shape, colours) if _is_simple(one) and one.shape != shape.shape else one
            for one in first.design.charges
        )
        if charges != first.design.charges:
            yield Plan(first.design.layers, charges)


def _as_shape(charge: Charge, like: Charge, colours: Sequence[str] | None) -> Charge:
    places = tuple(replace(one, turn=like.places[0].turn) for one in charge.places)
    return Charge(like.shape, tuple(colours or charge.colours[:1]), places, like.numbers)


# A row each, in the order in which equal designs are preferred. The prices are by eye.
RECIPES: dict[str, Recipe] = {
    "charge": Recipe("the ground of {first} with the charge of {second}", _charge_on_ground, ground="first"),
    "held": Recipe("{first}, with the charge of {second} in its middle", _charge_held, ground="first"),
    "figure": Recipe("the figure of {first} over the ground of {second}", _figure_on_ground),
    "colours": Recipe("{first} in the colours of {second}", _in_colours, 1.0, "first"),
    "one colour": Recipe("{first} with a colour of {second}", _one_colour, 0.8, "first"),
    "canton": Recipe("the canton of {first} on the ground of {second}", _canton_on_ground, 0.6, "second"),
    "stripes": Recipe("the stripes of {first} and {second}, as {first} has them", _union, 0.1),
    "hoist": Recipe("{first} at the hoist of {second}", _at_hoist, 0.4, "second"),
    "chevrons": Recipe("the colours of {first} as triangles at the hoist of {second}", _chevrons, 0.3, "second"),
    "border": Recipe("{second} in a border of {first}", _border, 0.3, "second"),
    "divided": Recipe("the fields of {first} and {second} side by side, each with its charge", _divided, 0.6),
    "bands": Recipe("bands of {first} and {second}", _of_two, 0.4),
    "roundel": Recipe("the charge of {first} on a disc in the middle of {second}", _roundel, 0.2, "second"),
    "shape": Recipe("{first} with the shape of {second}", _other_shape, 0.6, "first"),
}
