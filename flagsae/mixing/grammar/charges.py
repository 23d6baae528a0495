"""The charge of a real flag on a new ground: in its colours, in a place where it lies whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from flagsae.design.design import CUT_OUT, Charge, Layer
from flagsae.mixing.anchors import Anchor
from flagsae.mixing.grammar.learned import Mark
from flagsae.mixing.grammar.plans import crossing, seat
from flagsae.mixing.groups import Group, extent
from flagsae.mixing.placement import MARGIN, Ground, beneath, place

# Costs; by eye.
SEAM, SEAMED = 0.03, 10.0  # of its outline, that a simple charge may have on another colour; all of an emblem's
MOST_OFF, MOST_DRAWN_OFF = 0.12, 0.04  # of its outline on another colour: with more there is no room for it
BESIDE = 6.0  # likewise, the rest of a simple charge's outline
ROUND, EVEN = ("disc", "star", "sun"), 0.5  # shapes that may lie evenly over stripes; times as much that costs
SMALL, SPECK = 0.045, 3.0  # of the height, radius of a charge; one of nothing
EMBLEM, SIMPLE, FAINT = 0.15, 0.09, 4.0  # of the height: half of an emblem, and of others; the cost of one of nothing
SIDED = ("triangle", "rectangle", "serrated", "pall", "band")  # figures beside which a charge is not in the middle
HOIST = 0.35  # x, before which a charge stands at the hoist
CANTON_SEAT = (0.36, 0.34)  # of a canton's width and height: half of what a charge has in it


def recoloured(mark: Mark, names: Sequence[str], random: np.random.Generator) -> Group:
    """The charges of a mark in some colours, each in one of its own; an emblem of several keeps them."""
    own = list(dict.fromkeys(name for one in mark.group if one.shape != CUT_OUT for name in one.colours))
    flat = [name for one in mark.group if one.shape == CUT_OUT for name in one.colours if name != mark.field]
    if mark.emblem and len(set(flat) | set(own)) > 1:
        return mark.group
    own = list(dict.fromkeys([*own, *flat]))
    pool = list(dict.fromkeys([*(names[at] for at in random.permutation(len(names))), "white", "yellow"]))
    new = dict(zip(own, pool, strict=False))
    upright = len(mark.group) == 1 and len(mark.group[0].places) == 1 and mark.group[0].shape in ("star", "sun")
    return tuple(
        replace(
            one,
            colours=tuple(new.get(name, name) for name in one.colours),
            places=tuple(replace(place, turn=0.0) for place in one.places) if upright else one.places,
        )
        for one in mark.group
    )


def placed(
    layers: tuple[Layer, ...], group: Group, names: Sequence[str], tints: Mapping[str, str]
) -> tuple[tuple[Charge, ...], str, float] | None:
    """A group on a ground: its charges, the colour that they lie on, and what that costs. None where there is no place
    for it."""
    ground = Ground(layers, (), names, tints)
    if not any(one.figure in SIDED or one.inside is not None for one in layers):
        group = _centred(group, len(layers[0].colours) == 1)
    at = crossing(layers)
    if (canton := seat(layers)) is not None:
        width, height = canton.numbers
        across, down = CANTON_SEAT
        at = Anchor("canton", width / 2, height / 2, across * width, down * height)
    seated = ((group, at),) if at is not None else ()
    groups, cost, dropped = place(ground, () if seated else (group,), seated)
    if dropped:
        return None
    (charges,) = groups
    least = min(one.radius for charge in charges for one in charge.places)
    below, off = _under(ground, charges)
    drawn = any(one.shape == CUT_OUT for one in charges)
    lone = len(charges) == 1 and len(charges[0].places) == 1
    even = ground.even and lone and charges[0].shape in ROUND
    if any(one.edge and one.colours[0] == below for one in charges):  # of which no more than the edge is seen
        return None
    if at is None and not even and off > (MOST_DRAWN_OFF if drawn else MOST_OFF):
        return None
    _, _, top, bottom = extent(charges)
    cost += FAINT * max(0.0, 1 - (bottom - top) / 2 / (EMBLEM if drawn else SIMPLE))
    if drawn:
        cost += SEAMED * off
    elif at is None:
        cost += BESIDE * max(0.0, off - SEAM) * (EVEN if even else 1.0)
    return charges, below, cost + SPECK * max(0.0, 1 - least / SMALL)


def _centred(group: Group, plain: bool) -> Group:
    """A group in the middle of the flag; one at the hoist stays there, but on a plain field."""
    left, right, top, bottom = extent(group)
    x, y = (left + right) / 2, (top + bottom) / 2
    if x < HOIST and not plain:
        return group
    return tuple(
        replace(one, places=tuple(replace(place, x=place.x - x + 0.5, y=place.y - y + 0.5) for place in one.places))
        for one in group
    )


def _under(ground: Ground, charges: Group) -> tuple[str, float]:
    """The colour that most of a group's outline lies on, and how much of the room that it needs lies on others."""
    under = beneath(ground, charges, MARGIN)
    counts = np.bincount(under, minlength=len(ground.names))
    return ground.names[int(counts.argmax())], 1 - float(counts.max()) / len(under)


def in_canton(layers: tuple[Layer, ...], canton: Layer, charges: Group) -> tuple[Layer, ...]:
    """Layers with charges of the flag in the canton that they lie on."""
    assert canton.inside is not None
    width, height = canton.numbers
    inside = replace(canton.inside, charges=tuple(_within(one, width, height) for one in charges))
    return tuple(replace(one, inside=inside) if one is canton else one for one in layers)


def _within(charge: Charge, width: float, height: float) -> Charge:
    """A charge of the flag as one of its canton."""
    places = tuple(replace(one, x=one.x / width, y=one.y / height, radius=one.radius / height) for one in charge.places)
    return replace(charge, places=places)


def through(charges: Group, mark: Mark, below: str) -> Group:
    """An emblem on a new ground, which shows through its holes where its own ground did."""
    return tuple(
        replace(
            one,
            colours=tuple(
                below if old == mark.field else new for old, new in zip(own.colours, one.colours, strict=True)
            ),
        )
        if one.shape == CUT_OUT
        else one
        for own, one in zip(mark.group, charges, strict=True)
    )
