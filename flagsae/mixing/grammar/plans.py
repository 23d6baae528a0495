"""Layouts without colours: the ground of one real flag, with the figures of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flagsae.design import words
from flagsae.design.design import Layer
from flagsae.mixing.anchors import Anchor
from flagsae.mixing.grammar.learned import Kind, Layout, figure_kind, ground_kind

DISC = 0.24  # of the height: half of a charge on a crossing


@dataclass(frozen=True)
class Plan:
    """A layout whose colours are still numbers: "0", "1"."""

    kind: Kind
    layers: tuple[Layer, ...]
    slots: tuple[str, ...]
    """The colours of the ground, then those that only figures have."""
    own: int
    """How many are of the ground."""
    base: Layout
    figures: Layout


def joined(base: Layout, figures: Layout) -> Plan:
    """The ground of one layout with the figures of another. A figure's colour that is on its own ground is the
    colour in the same place of the other."""
    own = list(dict.fromkeys(name for layer in base.base for name in layer.colours))
    slots = {name: str(at) for at, name in enumerate(own)}
    ground = renamed(base.base, slots)
    theirs = list(dict.fromkeys(name for layer in figures.base for name in layer.colours))
    other = {name: str(at) for at, name in enumerate(theirs) if at < len(own)}
    layers = list(ground)
    for figure in figures.figures:
        inside = figure[-1].inside
        names = (
            inside.layers[0].colours if inside is not None else tuple(name for one in figure for name in one.colours)
        )
        if inside is not None and inside.layers[0].figure == "jack":
            layers += figure
            continue
        for name in dict.fromkeys(names if inside is None else inside.colours()):
            other.setdefault(name, str(len(own) + sum(int(one) >= len(own) for one in other.values())))
        layers += renamed(figure, other)
    used = dict.fromkeys(name for layer in layers for name in _names(layer))
    spots = tuple(sorted((name for name in used if name.isdigit()), key=int))
    kind = (*ground_kind(base.base), *map(figure_kind, figures.figures))
    return Plan(kind, tuple(layers), spots, len(own), base, figures)


def _names(layer: Layer) -> Iterator[str]:
    yield from layer.colours if layer.inside is None else layer.inside.colours()


def renamed(layers: Sequence[Layer], new: Mapping[str, str]) -> tuple[Layer, ...]:
    """Layers with other colours; a Union Jack keeps its own."""
    found = []
    for layer in layers:
        inside = layer.inside
        if inside is not None and inside.layers[0].figure != "jack":
            inside = replace(inside, layers=renamed(inside.layers, new))
        found.append(replace(layer, colours=tuple(new.get(name, name) for name in layer.colours), inside=inside))
    return tuple(found)


def seat(layers: Sequence[Layer]) -> Layer | None:
    """A canton of one colour, in which a charge stands."""
    for one in layers:
        inside = one.inside
        if inside is not None and len(inside.layers) == 1 and len(inside.layers[0].colours) == 1:
            return one
    return None


def crossing(layers: Sequence[Layer]) -> Anchor | None:
    """Where the arms of a cross or saltire meet."""
    if words.ground_of(layers)[0].noun == "wedges":
        return Anchor("crossing", 0.5, 0.5, DISC, DISC)
    for one in layers[::-1]:
        if one.figure == "saltire":
            return Anchor("crossing", 0.5, 0.5, DISC, DISC)
        if one.figure == "cross":
            left, right, top, bottom = one.numbers
            return Anchor("crossing", (left + right) / 2, (top + bottom) / 2, DISC, DISC)
    return None
