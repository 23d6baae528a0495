"""Designs made ready to be mixed: without what parsing left in scraps, and in the proportions of the composite."""

from __future__ import annotations

from dataclasses import replace

from flagsae.design.design import ASPECT, CUT_OUT, Charge, Design, Layer
from flagsae.design.edits.charges import box, shifted
from flagsae.mixing.emblems import apart_from
from flagsae.mixing.groups import area, extent, grouped, is_wide

SHARD = 0.0025  # squares of the height: scraps of shapes that are smaller are no group
LARGE = 0.3  # of the height: half the height of a rectangle that belongs to the ground
SCRAPS = ("triangle", "rectangle", CUT_OUT)
AROUND, RAYS = 2.0, 16  # radii of a disc, in which scraps of its colour are rays; how many it gets


def tidied(design: Design) -> Design:
    """A design without what parsing left in scraps: those around a disc, in its colour, are the rays of a sun; others
    that are too small to be seen are nothing. Large rectangles belong to the ground."""
    charges = list(design.charges)
    for disc in [one for one in charges if one.shape == "disc" and len(one.places) == 1]:
        (place,) = disc.places
        scraps = [
            one
            for one in charges
            if one.shape in ("triangle", "rectangle", "star")
            and one.colours[0] == disc.colours[0]
            and all(other.away(place, design.aspect) < AROUND * place.radius for other in one.places)
        ]
        if sum(len(one.places) for one in scraps) < RAYS / 2:
            continue
        reach = max(other.away(place, design.aspect) + other.radius for one in scraps for other in one.places)
        sun = Charge("sun", disc.colours[:1], (replace(place, radius=reach),), (float(RAYS), place.radius / reach, 0.0))
        charges = [sun if one is disc else one for one in charges if one not in scraps]
    large = [
        one for one in charges if one.shape == "rectangle" and len(one.places) == 1 and one.places[0].radius > LARGE
    ]
    layers = list(design.layers)
    for one in large:
        left, right, top, bottom = box(one, design.aspect)
        layers.append(Layer("rectangle", one.colours[:1], (left, top, right, bottom)))
    charges = [one for one in charges if one not in large]
    kept = [one for one in charges if one.shape not in SCRAPS or area((one,)) > SHARD or len(one.places) > 2]
    base = design.layers[0].colours
    for at, one in enumerate(kept):
        if len(base) > 1 and is_wide(one, design.aspect):
            kept[at] = apart_from(one, base, design.aspect)
    layers = [one if one.inside is None else replace(one, inside=tidied(one.inside)) for one in layers]
    return replace(design, layers=tuple(layers), charges=tuple(kept))


def squared(design: Design) -> Design:
    """A design in 3:2: its ground is stretched, its charges are not."""
    return design if design.aspect == ASPECT else _reshaped(design, design.aspect, ASPECT)


def _reshaped(design: Design, old: float, new: float) -> Design:
    """A design of one proportion in another; of a canton, whose proportions are those of its box."""
    times = old / new
    charges = list(design.charges)
    for group in grouped(design.charges, old):
        left, right, top, bottom = extent(group, old)
        middle = ((left + right) / 2, (top + bottom) / 2)
        fits = min(1.0, 1 / ((right - left) * times))  # what fills a long flag must fit a shorter one
        if any(layer.figure == "triangle" and middle[0] < layer.numbers[3] / 2 for layer in design.layers):
            fits = min(fits, 1 / times)  # and what stands in a triangle, one that is less deep
        for canton in (layer.numbers for layer in design.layers if layer.inside is not None):
            if middle[0] - (right - left) / 2 * times * fits < canton[0] < left and top < canton[1]:
                fits = min(fits, 1 / times)  # and what stands beside a canton, a narrower fly
        x = min(max(middle[0], (right - left) / 2 * times * fits), 1 - (right - left) / 2 * times * fits)
        for charge in group:
            at = next(number for number, one in enumerate(charges) if one is charge)
            places = shifted(charge.places, middle, (x, middle[1]), fits, fits * times)
            charges[at] = replace(charge, places=places)
    layers = []
    for layer in design.layers:
        if layer.inside is not None:
            box_aspect = layer.numbers[0] / layer.numbers[1]
            layer = replace(layer, inside=_reshaped(layer.inside, old * box_aspect, new * box_aspect))
        layers.append(layer)
    return replace(
        design, aspect=new if design.aspect == old else design.aspect, layers=tuple(layers), charges=tuple(charges)
    )
