"""A sun whose rays stand apart from its disc, as those of Namibia and Taiwan do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from flagsae.design.design import Charge
from flagsae.design.parsing.cut import cut_out, united
from flagsae.design.parsing.fitting import Blob, Fit, improved, judged, tidied
from flagsae.design.parsing.shapes import Drawn, Map
from flagsae.design.tree import Figure

LEAST_RAYS = 8
ROUND = 0.9  # of the circle around it that a disc fills, at least
REACH = 2.2  # radii of the disc, that the middle of a ray may be away
LONGER = 1.15  # than the other rays: what is more is none
GAP = 1.7  # times the angle between two rays, at most, that two are apart
ANGLES = 720


def sun(forest: Sequence[Figure], map: Map) -> tuple[tuple[Figure, ...], Drawn] | None:
    """The figures that are disc and rays, and the sun that they make; None where there is none."""
    if len(forest) <= LEAST_RAYS / 2:
        return None
    disc = max(forest, key=lambda one: one.share)
    top, bottom, left, right = disc.box
    x, y, radius = (left + right) / 2, (top + bottom) / 2, (bottom - top) / 2
    area = disc.whole.sum() / map.stretch
    if abs((right - left) / map.stretch / 2 - radius) > 1 or area < ROUND * np.pi * radius**2:
        return None
    around = []
    for figure in forest:
        rows, columns = np.nonzero(figure.whole)
        away = np.hypot((columns + figure.left + 0.5 - x) / map.stretch, rows + figure.top + 0.5 - y)
        if figure.colour == disc.colour and radius < away.min() and away.mean() < REACH * radius:
            around.append((float(away.min()), float(away.max()), figure))
    if len(around) < LEAST_RAYS / 2:
        return None
    inner, reach = (float(np.median([one[which] for one in around])) for which in (0, 1))
    parts = (disc, *(one[2] for one in around if one[1] < LONGER * reach))
    mask = united(((one.whole, one.top, one.left) for one in parts), map.labels.shape)
    # Rays that touch are one figure: they are counted along a circle through them.
    angles = np.arange(ANGLES) * 2 * np.pi / ANGLES
    middle = (2 * inner + reach) / 3
    crossed = mask[
        (y + middle * np.sin(angles)).astype(int).clip(0, mask.shape[0] - 1),
        (x + map.stretch * middle * np.cos(angles)).astype(int).clip(0, mask.shape[1] - 1),
    ]
    starts, ends = (np.nonzero(crossed & ~np.roll(crossed, way))[0] for way in (1, -1))
    count = len(starts)
    if count < LEAST_RAYS or np.diff(np.append(starts, starts[0] + ANGLES)).max() > GAP * ANGLES / count:
        return None
    widths = np.sort((ends - starts[:, None]) % ANGLES, 1)[:, 0]
    rays = angles[starts] + widths / 2 * angles[1]
    turn = float(np.degrees(np.angle(np.exp(1j * count * (rays + np.pi / 2)).sum())) / count)
    reach, inner = reach + 0.5, inner - 0.5  # to the pixels' far edges
    numbers = float(count), inner / reach, float(np.sqrt(area / np.pi)) / reach
    blob = Blob(mask, map.stretch)
    fit = improved(blob, judged(blob, Fit("sun", numbers, x, y, reach, turn)))
    if fit.wrong > blob.allowed:
        return None
    fit = tidied(fit)
    charge = Charge("sun", (map.names[disc.colour],), (map.place(fit),), fit.numbers)
    return parts, [charge, *([cut_out(disc.inside, map.labels)] if disc.inside else [])]
