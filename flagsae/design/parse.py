"""A picture's flat colours as a design: what is proposed is drawn, and kept where it is what the picture shows.

The flag is cut into ground, canton and charges (`tree`). The ground is peeled into layers (`parsing.peel`), each figure
of a charge is fitted (`parsing.shapes`), and what no shape fits is cut out as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from flagsae.design import quick
from flagsae.design.cutouts import Cutouts, shipped
from flagsae.design.design import ASPECT, CUT_OUT, Charge, Design, Layer
from flagsae.design.looks import is_lettering
from flagsae.design.parsing import forests, peel
from flagsae.design.parsing.copies import together
from flagsae.design.parsing.cut import CutOut, without_ground
from flagsae.design.parsing.forests import Item
from flagsae.design.parsing.named import named, seat
from flagsae.design.parsing.native import native
from flagsae.design.parsing.plain import plainly
from flagsae.design.parsing.shapes import Map
from flagsae.design.segment import NOTHING, dilate
from flagsae.design.shades import TINTS
from flagsae.design.tracing import traced
from flagsae.design.tree import Tree, figures, fused_canton, tree_of
from flagsae.flags.palette import Palette
from flagsae.flags.regions import LabelMap, connected_regions, without_lines

# By eye, on the bundled flags.
LARGE = 0.05  # of the flag: a larger charge that is no shape may be part of the ground
CORNER, CORNER_SIZE = 0.012, (0.2, 0.75)  # of the flag: how near to the corner, and how wide and high, a canton is
RESIDUE = 0.0006  # of the map: wrong pixels in one piece that are a charge which was overlooked
FULL = 0.98  # of the height, that a bar has
CANTON_NUMBERS = 4  # that a canton takes, and quarters do not
# Of a disc in the centre that has the colour of what lies below it: its radius over the height, the share of all
# directions in which its edge is seen, and how many are looked into.
DISC, ROUND, DIRECTIONS = (0.12, 0.45), 0.5, 180
NEAR_DISC = 0.75, 0.05  # pixels, and share of its radius, that its edge may be nearer or farther


def parse(
    labels: LabelMap,
    palette: Palette,
    aspect: float = ASPECT,
    known: NDArray[np.uint8] | None = None,
    tints: NDArray[np.uint8] | None = None,
) -> Design:
    """The design of a flag.

    labels: h x w, palette indices; aspect: of the flag, width over height; known: N x h x w, flags that a canton may
    show; tints: C x 3, the flag's own shade of each colour of the palette, which is the palette's if left out.
    """
    design = _Parser(palette, labels, aspect, shipped()).design(known)
    own = dict(zip(palette.names, (palette.rgb if tints is None else tints).tolist(), strict=True))
    shades = {name: tint for name, (_, tint) in TINTS.items()} | {name: f"#{bytes(own[name]).hex()}" for name in own}
    names = [name for name in design.colours() if tints is not None or name not in own]
    return replace(design, tints=tuple((name, shades[name]) for name in names))


def cut_outs(
    labels: LabelMap, palette: Palette, aspect: float = ASPECT, known: NDArray[np.uint8] | None = None
) -> list[CutOut]:
    """What no shape fits on a flag. As `parse`."""
    parser = _Parser(palette, labels, aspect)
    parser.design(known)
    return parser.cut


class _Parser:
    def __init__(self, palette: Palette, labels: LabelMap, aspect: float, shipped: Cutouts | None = None) -> None:
        labels = native(labels, aspect)
        height, width = labels.shape
        self.palette = palette
        self.map = Map(labels, palette.names, width / height / aspect, labels)
        self.aspect = aspect
        self.shipped = shipped
        self.numbers = {name: number for number, name in enumerate(palette.names)}
        self.cut: list[CutOut] = []
        self.known: NDArray[np.uint8] | None = None

    def design(self, known: NDArray[np.uint8] | None) -> Design:
        if known is not None and known.shape[1:] == self.map.labels.shape:
            self.known = known
        tree = tree_of(self.map.labels, self.known)
        if tree.canton is None:
            tree = fused_canton(tree)
        return replace(self._flag(tree, self.map), aspect=self.aspect)

    def _flag(self, tree: Tree, map: Map) -> Design:
        """A flag, or a canton."""
        tree, ground = self._ground(tree, map)
        map = replace(map, ground=self._painted(ground.layers, map))
        tree, ground, items = self._charges(tree, ground, map)
        layers = list(ground.layers)
        if tree.canton is not None:
            rows, columns = tree.canton.size
            inside = self._flag(tree.canton, replace(map, labels=map.labels[:rows, :columns]))
            size = round(columns / map.labels.shape[1], 4), round(rows / map.labels.shape[0], 4)
            layers.append(Layer("canton", (), size, inside))
        items = forests.with_cut_off([*items, *self._overlooked(layers, tree, map)], map)
        items = forests.gathered(items)
        drawn = (one for item in items for one in item.charges or forests.with_stars(item, map).charges)
        charges = [self._traced(one, map) if isinstance(one, CutOut) else one for one in drawn]
        drawn_so = Design(tuple(layers), tuple(together(charges, map.labels.shape[0])))
        height, width = map.labels.shape
        return with_canton(plainly(drawn_so, width / height / map.stretch))

    def _ground(self, tree: Tree, map: Map) -> tuple[Tree, peel.Ground]:
        """The layers; without the canton where there is none after all."""
        tree, ground = self._with_disc(tree, map)
        if tree.canton is None:
            return tree, ground
        inside = peel.ground(tree.canton.ground, tree.canton.covered(), map.names)
        if inside.layers[0].figure == "jack":
            return tree, ground
        # A shape near the corner, or a figure across the flag, may have looked like the edges of a canton.
        share = tree.canton.ground.size / tree.ground.size
        cost = ground.cost + inside.wrong * share + inside.cost - inside.wrong + CANTON_NUMBERS * peel.PRICE
        whole, again = self._with_disc(tree_of(map.labels, canton=False), map)
        if again.cost < cost and not any(in_corner(layer) for layer in again.layers):
            return whole, again
        return self._as_quarters(tree, ground)

    def _with_disc(self, tree: Tree, map: Map) -> tuple[Tree, peel.Ground]:
        """The layers; with a disc in the centre taken for a charge where that leaves less wrong."""
        ground = peel.ground(tree.ground, tree.covered(), map.names)
        if ground.wrong < peel.GOOD:
            return tree, ground
        other = with_disc(tree, map.stretch)
        again = peel.ground(other.ground, other.covered(), map.names) if other is not tree else ground
        return (other, again) if again.cost < ground.cost else (tree, ground)

    def _painted(self, layers: Sequence[Layer], map: Map) -> LabelMap:
        drawn = np.zeros_like(map.labels)
        for layer in layers:
            if layer.inside is None:
                quick.paint_layer(layer, self.numbers, drawn)
        return drawn

    def _charges(self, tree: Tree, ground: peel.Ground, map: Map) -> tuple[Tree, peel.Ground, list[Item]]:
        """With what was taken for a charge as a layer of the ground where it is one, as Guyana's gold."""
        items = [forests.read(forest, map) for forest in tree.charges]
        odd = [
            any(not item.charges for item in found) and sum(figure.share for figure in forest) > LARGE
            for forest, found in zip(tree.charges, items, strict=True)
        ]
        if any(odd):
            kept = [
                tuple(figure for figure in forest if not wrong or figure.share <= LARGE)
                for forest, wrong in zip(tree.charges, odd, strict=True)
            ]
            rest = replace(tree, charges=tuple(filter(None, kept)))
            covered = rest.covered()
            again = peel.ground(np.where(covered, tree.ground, map.labels), covered, map.names)
            if again.is_plain:
                return rest, again, [item for forest in rest.charges for item in forests.read(forest, map)]
            # Or only a part of it is: the arm of a cross on which a sun stands.
            whole = map.labels.shape == self.map.labels.shape
            rest = tree_of(map.labels, self.known if whole else None, canton=tree.canton is not None, odd=False)
            if (rest.canton is None) == (tree.canton is None) and (rest.covered() != tree.covered()).any():
                again = peel.ground(rest.ground, rest.covered(), map.names)
                if again.is_plain:
                    return rest, again, [item for forest in rest.charges for item in forests.read(forest, map)]
        return tree, ground, [item for found in items for item in found]

    def _traced(self, cut: CutOut, map: Map) -> Charge:
        """A cut-out as a charge: one that is shipped by its name, or its own outlines."""
        self.cut.append(cut)
        charge = named(cut, map, self.shipped, self.palette) if self.shipped else None
        if charge is not None:
            return charge
        art, entries = traced(cut.labels, 1 / map.stretch)
        bare = without_ground(cut, map.ground)
        if bare is not cut and is_lettering((letters := traced(bare.labels, 1 / map.stretch))[0]):
            art, entries = letters
        colours = tuple(map.names[entry] for entry in entries)
        return Charge(CUT_OUT, colours, (seat(cut, map),), art=art)

    def _as_quarters(self, tree: Tree, ground: peel.Ground) -> tuple[Tree, peel.Ground]:
        """As one ground, where a plain canton is a quarter or a piece of a stripe that a bar crosses."""
        if tree.canton is None or len(np.unique(tree.canton.ground)) > 1:
            return tree, ground
        rows, columns = tree.canton.size
        labels = tree.ground.copy()
        labels[:rows, :columns] = tree.canton.ground
        whole = Tree(labels, (*tree.charges, *tree.canton.charges), None)
        again = peel.ground(labels, whole.covered(), self.map.names)
        rectangles = [one for one in again.layers if one.figure == "rectangle"]
        barred = any(one.numbers[3] - one.numbers[1] > FULL for one in rectangles)
        quartered = again.layers[0].figure == "quarters" and not rectangles
        cheap = again.cost <= ground.cost + CANTON_NUMBERS * peel.PRICE
        return (whole, again) if cheap and (quartered or barred) else (tree, ground)

    def _overlooked(self, layers: Sequence[Layer], tree: Tree, map: Map) -> Iterator[Item]:
        """Charges of the pixels that are wrong though nothing covers them."""
        if layers[0].figure == "jack":
            return
        wrong = without_lines((self._painted(layers, map) != map.labels) & ~dilate(tree.covered(), 1))
        pieces = connected_regions(wrong.astype(np.uint8))
        large = np.nonzero(np.bincount(pieces[wrong], minlength=1) > RESIDUE * wrong.size)[0]
        if len(large):
            labels = np.where(np.isin(pieces, large) & wrong, map.labels, NOTHING).astype(np.uint8)
            yield from forests.read(figures(labels, 0, 0, labels.size), map)


def in_corner(layer: Layer) -> bool:
    """Whether a rectangle is a canton."""
    if layer.figure != "rectangle" or max(layer.numbers[:2]) > CORNER:
        return False
    return all(CORNER_SIZE[0] < size < CORNER_SIZE[1] for size in layer.numbers[2:])


def _to_the_top(design: Design) -> Layer:
    """Its last layer; a rectangle that stands below a stripe of its own colour, as Uruguay's, with what that hides."""
    base, last = design.layers[0], design.layers[-1]
    if base.figure != "stripes" or not base.numbers or last.figure != "rectangle" or last.colours != base.colours[:1]:
        return last
    left, top, right, bottom = last.numbers
    return replace(last, numbers=(left, 0.0, right, bottom)) if abs(top - base.numbers[0]) < CORNER else last


def with_canton(design: Design) -> Design:
    """With a rectangle in the upper hoist, and what stands on it, as a canton."""
    last = _to_the_top(design)
    if not in_corner(last):
        return design
    width, height = last.numbers[2:]
    within: list[Charge] = []
    beyond: list[Charge] = []
    for charge in design.charges:
        inside = all(place.x < width and place.y < height for place in charge.places)
        (within if inside else beyond).append(charge)
    moved = tuple(
        replace(
            charge,
            places=tuple(
                replace(place, x=place.x / width, y=place.y / height, radius=place.radius / height)
                for place in charge.places
            ),
        )
        for charge in within
    )
    canton = Layer("canton", (), (width, height), Design((Layer("stripes", last.colours),), moved))
    return replace(design, layers=(*design.layers[:-1], canton), charges=tuple(beyond))


def with_disc(tree: Tree, stretch: float) -> Tree:
    """With a disc in the centre as a charge of its own, where it has the colour of the cross or saltire below it.

    Seen from the centre, its edge is equally far away in most directions, and nowhere nearer.
    """
    labels = tree.ground
    height, width = labels.shape
    if (labels == labels[0, 0]).all():
        return tree
    angle = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    radius = np.arange(1, height // 2)
    rows = (height / 2 + radius * np.sin(angle)[:, None]).astype(int).clip(0, height - 1)
    columns = (width / 2 + stretch * radius * np.cos(angle)[:, None]).astype(int).clip(0, width - 1)
    colour = labels[height // 2, width // 2]
    along = labels[rows, columns] != colour
    away = np.where(along.any(1), along.argmax(1), len(radius))
    edge = np.median(away[along.any(1)]) if along.any() else 0
    if not DISC[0] * height < edge < DISC[1] * height:
        return tree
    near = NEAR_DISC[0] + NEAR_DISC[1] * edge
    if (np.abs(away - edge) < near).mean() < ROUND or (away < edge - near).any():
        return tree
    y, x = np.mgrid[:height, :width]
    mask = np.hypot((x + 0.5 - width / 2) / stretch, y + 0.5 - height / 2) <= edge + 1
    disc = figures(np.where(mask, colour, NOTHING).astype(np.uint8), 0, 0, labels.size)
    return replace(tree, charges=(disc, *tree.charges))
