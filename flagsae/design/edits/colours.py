"""Edits of a design's colours: some for others, one taken out of everything, those of another flag."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

from flagsae.design import render
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.edits.contrast import ALIKE, CLEAR, NEUTRAL, Contrast, numbered, shares, tinted
from flagsae.design.edits.stripes import bands, merged, slots_of
from flagsae.design.edits.things import things
from flagsae.design.shades import family
from flagsae.flags.palette import Palette

MOST_PERMUTED = 4  # colours of which all orders are tried
SEAM = 1e-4  # of a flag's border between two colours: less is where pixels meet by chance
# Costs: of a border between colours that are alike; of a colour of which there is more or less than on its own flag; of
# a light one in place of a dark one. By eye.
CLASH, AREA, LIGHT = 6.0, 0.6, 0.6


def recoloured(design: Design, new: Mapping[str, str]) -> Design:
    """The design with some colours replaced, all at once: name to name."""

    def turned(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(new.get(name, name) for name in names)

    layers = tuple(
        replace(
            layer,
            colours=turned(layer.colours),
            inside=None if layer.inside is None else recoloured(layer.inside, new),
        )
        for layer in design.layers
    )
    charges = tuple(replace(charge, colours=turned(charge.colours)) for charge in design.charges)
    return replace(design, layers=layers, charges=charges)


# One colour less.


def without_colours(design: Design, gone: Collection[str], barred: Collection[str], palette: Palette) -> Design:
    """The design without some colours: their stripes, figures, charges and edges go, and what must be filled gets a
    colour that the rest is seen on. barred: families that it does not get."""
    layers: list[Layer] = []
    for layer in design.layers[1:]:
        if layer.inside is not None:
            inside = without_colours(replace(layer.inside, tints=design.tints), gone, barred, palette)
            emptied = set(layer.inside.layers[0].colours) <= set(gone) and len(inside.layers) == 1
            if not (emptied and not inside.charges):
                layers.append(replace(layer, inside=replace(inside, tints=())))
        elif layer.colours[0] not in gone:
            layers.append(layer)
    charges = tuple(one for charge in design.charges if (one := _left_charge(charge, gone)) is not None)
    rest = replace(design, layers=(design.layers[0], *layers), charges=charges)
    return tinted(replace(rest, layers=(_left_ground(rest, gone, barred, palette), *layers)), palette)


def _left_charge(charge: Charge, gone: Collection[str]) -> Charge | None:
    colours = tuple(name for name in charge.colours if name not in gone)
    if not colours or (charge.shape == CUT_OUT and charge.colours[0] in gone):
        return None
    if charge.shape == CUT_OUT:  # each of its areas has a colour, the main one first
        return replace(charge, colours=tuple(colours[0] if name in gone else name for name in charge.colours))
    return replace(charge, colours=colours, edge=charge.edge if len(colours) > 1 else 0.0)


def _left_ground(rest: Design, gone: Collection[str], barred: Collection[str], palette: Palette) -> Layer:
    base = rest.layers[0]
    left = [name for name in base.colours if name not in gone]
    if len(left) == len(base.colours):
        return base
    if not left:
        return Layer("stripes", (_fill(rest, barred, palette),))
    if base.figure in ("stripes", "bars"):
        slots = slots_of(base)
        stripes = [one for one in slots if one.colour not in gone]
        if not stripes:  # only edges are left
            return Layer("stripes", tuple(left[:1]))
        return bands(base.figure, merged(stripes), [name for name in slots.edges if name not in gone])
    if base.figure == "halves":
        return Layer("stripes", tuple(left))
    most = max(left, key=left.count)
    return replace(base, colours=tuple(most if name in gone else name for name in base.colours))


def _fill(rest: Design, barred: Collection[str], palette: Palette) -> str:
    """A field's colour on which the rest is seen, or at least something of each thing."""
    contrast = Contrast(rest, palette)
    lying = [one.phrase for one in things(rest) if one.part != "ground" and not one.path]
    names = [name for name in NEUTRAL if name in contrast.labs]
    names = [name for name in dict.fromkeys((*names, *rest.colours())) if family(name) not in barred]

    def seen(name: str) -> float:
        best = (
            max(contrast.between(name, one) for one in (*phrase.colours, *phrase.edges))
            for phrase in lying
            if phrase.colours
        )
        return min([CLEAR, *best])

    return max(names, key=seen, default="white")


# Another flag's colours.


def in_colours(design: Design, others: Mapping[str, float], palette: Palette) -> Design:
    """The design in other colours: each as large a part of it as of the flag that they are from, as nearly as they
    keep apart what lies side by side. others: the colours with their shares of it, the most first."""
    own = list(shares(design, palette))
    own += [name for name in design.colours() if name not in own]
    theirs = list(others)
    contrast = Contrast(replace(design, tints=(*design.tints,)), palette)
    seams_of = borders(design, palette, own)
    clash = np.array(
        [[_clash(contrast, one, other) for other in theirs] for one in theirs]
    )  # of two of theirs that meet
    area = np.array([shares(design, palette).get(name, 0.0) for name in own])
    wanted = np.array([others[name] for name in theirs])
    lightness, lightness_of_theirs = (np.array([contrast.labs[one][0] for one in names]) for names in (own, theirs))

    def cost(chosen: tuple[int, ...]) -> float:
        got = np.bincount(chosen, weights=area, minlength=len(theirs))
        lighter = abs(lightness - lightness_of_theirs[list(chosen)]) @ (area + 1 / len(own))
        seams = (seams_of * clash[np.ix_(chosen, chosen)]).sum()
        return float(CLASH * seams + AREA * abs(got - wanted).sum() + LIGHT * lighter)

    chosen = min(_deals(len(own), len(theirs)), key=cost)
    return recoloured(design, {name: theirs[one] for name, one in zip(own, chosen, strict=True)})


def _deals(count: int, others: int) -> list[tuple[int, ...]]:
    """Ways to give each of some colours one of others: as many different ones as there are."""
    if count <= others:
        first = list(permutations(range(min(others, MOST_PERMUTED + 1)), min(count, MOST_PERMUTED)))
        rest = tuple(range(MOST_PERMUTED, count))
        return [(*one, *rest) for one in first]
    first = list(permutations(range(min(others, MOST_PERMUTED)), min(others, MOST_PERMUTED)))
    left = count - len(first[0])
    tails = list(product(range(others), repeat=left)) if others**left <= 300 else [(0,) * left]
    return [(*one, *tail) for one in first for tail in tails]


def _clash(contrast: Contrast, one: str, other: str) -> float:
    """How hard two colours are to tell apart where they meet: from 0 to 1, and more for the same colour."""
    away = contrast.between(one, other)
    return 1.5 if one == other else max(0.0, (CLEAR - away) / (CLEAR - ALIKE / 2))


def borders(design: Design, palette: Palette, names: Sequence[str]) -> NDArray[np.float64]:
    """How much of all borders lies between each two colours: C x C."""
    inks = list(render.inks(design, palette))
    seen = numbered(design, palette).astype(int)
    table = np.zeros((len(inks), len(inks)))
    for one, other in ((seen[1:], seen[:-1]), (seen[:, 1:], seen[:, :-1])):
        np.add.at(table, (one.ravel(), other.ravel()), 1)
    table = table + table.T
    np.fill_diagonal(table, 0)
    order = [inks.index(name) for name in names]
    table = table[np.ix_(order, order)]
    total = max(1.0, float(table.sum()))
    return np.where(table / total > SEAM, table / total, 0)
