"""Atoms as pictures of what a feature adds and what it takes away, and in words: "white Nordic cross".

The words come from two tables: the shapes of flags' layouts, and nine places. The area of a colour in an atom is named
after the shape that fits it, or after the places of its patches.

Letters: n atoms, C colours, H x W the canvas, h x w the coarser grid on which atoms are measured, S shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.vocabulary import CORNERS, PLACES, place_between
from flagsae.flags.regions import connected_regions, region_areas
from flagsae.sae.kind import Model

# Thresholds by eye, on the atoms of the shipped model.
GRID = (34, 51)  # h, w on which atoms are put into words: a 2 x 2 average hides the specks of single flags
FULL = 0.98  # quantile of an atom's scores that counts as its full strength: the highest may be a speck
SHOWS = 0.5  # of full strength: where a colour's score is at least so high, the atom shows the colour
FITS = 0.55  # least overlap (intersection over union) of a patch with the shape that it is named after
LEAST_PATCH = 0.01  # of the canvas: a smaller patch is not named
MOST_PATCHES = 4  # named of one colour
OUTER = 0.36  # a patch whose middle is so near to a side is there: the middle of a third is at 1/6, 1/2 or 5/6

# Proportions of the shapes, by eye after the world's flags; each of several values makes a shape. Stripes, cantons and
# triangles are in shares of the side that they are measured along; diagonals and lozenges in shares of both sides; all
# else in shares of the height.
OUTER_STRIPES = (1 / 4, 1 / 3)  # width of a stripe or bar at a side
MIDDLE_STRIPE = 0.1  # half the width of a narrow stripe or bar in the centre
BANDS = (0.06, 0.12)  # half the width of a band from corner to corner
CANTONS = ((0.5, 0.5), (0.55, 0.4), (0.4, 0.33))  # height, width: a quarter; over stripes; a small one
ARMS = (0.1, 0.2, 0.3)  # width of the arms of a cross
SALTIRE_ARM = 0.6  # of these: half the width of a saltire's arms, measured as a band's
NORDIC_UPRIGHT = 0.37  # of the width, where the upright arm of a Nordic cross stands
TRIANGLES = (0.33, 0.45, 0.6)  # depth of a triangle at the hoist
BORDERS = (0.08, 0.15)  # width of a border
LOZENGE = 0.45  # from the middle to a corner of a lozenge
RADII = (0.12, 0.16, 0.2, 0.3, 0.4)  # of discs
STAR_POINTS = 1.3  # of these: the distance of a star's points from its middle, so that it looks as large
DISC_PLACES = (0.25, 0.5)  # of the width, the middle of a disc or star at the hoist and in the centre
LEAST_SHAPE = 0.1  # of the canvas: what is left around a smaller shape is nearly the whole field
NOTCH = 0.382  # of a five-pointed star's radius, from its middle to a notch: 1 / golden ratio^2

Mask: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Atoms:
    """n atoms as pictures: at each pixel the colour with the highest score, and the one with the lowest."""

    adds: Floats
    """n x h x w, the highest score, at least 0."""
    added: NDArray[np.uint8]
    """n x h x w, the palette index of that colour."""
    takes: Floats
    """n x h x w, minus the lowest score, at least 0."""
    taken: NDArray[np.uint8]
    """n x h x w, the palette index of that colour."""
    scale: Floats
    """n, the strength that counts as full: the `FULL` quantile of the stronger of `adds` and `takes`."""


def signed_atoms(model: Model, size: tuple[int, int] = GRID, features: Sequence[int] | None = None) -> Atoms:
    """The atoms of some features, averaged down to a grid.

    size: h, w; features: n numbers of features, by default all K.
    """
    chosen = np.arange(len(model)) if features is None else np.asarray(features, int)
    shape = (len(chosen), *size)
    adds, takes = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    added, taken = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    # Colour by colour: the scores of all at once would be C times as many.
    for colour, plane in enumerate(model.planes(model.dataset.palette.rgb, size, chosen)):
        for best, which, score in ((adds, added, plane), (takes, taken, -plane)):
            better = score > best
            best[better] = score[better]
            which[better] = colour
    scale = np.quantile(np.maximum(adds, takes).reshape(len(chosen), -1), FULL, axis=1).astype(np.float32)
    return Atoms(adds, added, takes, taken, np.maximum(scale, 1e-9))


def in_words(atoms: Atoms, colours: Sequence[str]) -> list[list[tuple[str, int, Mask]]]:
    """Puts into words what each of n atoms adds, strongest first: (words, palette index, h x w mask of the place).

    colours: C words, one for each palette index.
    """
    said = []
    for adds, added, scale in zip(atoms.adds, atoms.added, atoms.scale, strict=True):
        strength = np.clip(adds / scale, 0, 1)
        found = []
        for colour in np.unique(added):
            shown = np.where(added == colour, strength, 0)
            found += [
                (float(shown[mask].sum()), f"{colours[colour]} {words}", int(colour), mask)
                for words, mask in patches(shown)
            ]
        found.sort(key=lambda one: -one[0])
        said.append([(words, colour, mask) for _, words, colour, mask in found])
    return said


def patches(shown: Floats) -> list[tuple[str, Mask]]:
    """Puts into words where a colour is strong: a shape that fits all of it, or else its patches one by one.

    shown: h x w, from 0 to 1, full strength. Returns (words, h x w mask) of each.
    """
    strong = shown >= SHOWS
    if strong.mean() < LEAST_PATCH:
        return []
    if whole := _shape(np.where(strong, shown, 0)):
        return [whole]
    regions = connected_regions(strong.astype(np.uint8))
    areas = np.where(np.bincount(regions.ravel(), strong.ravel()) > 0, region_areas(regions), 0)
    found = []
    for region in np.argsort(-areas, kind="stable")[:MOST_PATCHES]:
        if areas[region] >= LEAST_PATCH * strong.size:
            mask = regions == region
            rows, columns = np.nonzero(mask)
            where = place((rows.mean() + 0.5) / mask.shape[0], (columns.mean() + 0.5) / mask.shape[1])
            found.append(_shape(np.where(mask, shown, 0)) or (where, mask))
    return found


def _shape(shown: Floats) -> tuple[str, Mask] | None:
    """The best fitting shape and its h x w mask; None where none fits well enough. shown: h x w, from 0 to 1."""
    names, masks = shapes(shown.shape[0], shown.shape[1])
    inside = masks.reshape(len(masks), -1) @ shown.ravel()
    overlap = inside / (masks.sum((1, 2)) + shown.sum() - inside)
    best = int(overlap.argmax())
    return (names[best], masks[best]) if overlap[best] >= FITS else None


def place(down: float, across: float) -> str:
    """Puts a position into words: "in the centre". down, across: shares of height and width, from the upper hoist."""
    vertical = "top" if down < OUTER else "bottom" if down > 1 - OUTER else ""
    side = "left" if across < OUTER else "right" if across > 1 - OUTER else ""
    return PLACES[place_between(vertical, side)]


@cache
def shapes(height: int, width: int) -> tuple[tuple[str, ...], Mask]:
    """The shapes of flags' layouts: S names, S x h x w masks. A name comes once for each proportion of its shape."""
    # x and y run from 0 to 1 from the upper hoist.
    y, x = np.meshgrid((np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width, indexing="ij")
    wide = width / height
    centre, hoist = PLACES["centre"], PLACES["hoist"]
    found = [("field", x >= 0)]
    for along, stripe, first, last in (
        (y, "stripe", PLACES["top"], PLACES["bottom"]),
        (x, "bar", PLACES["hoist"], PLACES["fly"]),
    ):
        for share in OUTER_STRIPES:
            outer = (along < share) | (along >= 1 - share)
            found += [(f"{stripe} {first}", along < share), (f"{stripe} {last}", along >= 1 - share)]
            found += [(f"{stripe} {centre}", ~outer), (f"{stripe}s {first} and {last}", outer)]
        found.append((f"{stripe} {centre}", abs(along - 0.5) < MIDDLE_STRIPE))
    for along, first, last in ((y, "upper", "lower"), (x, "hoist", "fly")):
        found += [(f"{first} half", along < 0.5), (f"{last} half", along >= 0.5)]
        found += [(f"{first} two thirds", along < 2 / 3), (f"{last} two thirds", along >= 1 / 3)]
    upper_hoist, upper_fly, lower_hoist, lower_fly = CORNERS.values()
    for rise, upper, lower, start in (
        (x, upper_fly, lower_hoist, upper_hoist),
        (1 - x, upper_hoist, lower_fly, lower_fly),
    ):
        found += [(f"{upper} diagonal half", y < rise), (f"{lower} diagonal half", y >= rise)]
        found += [(f"band from the {start}", abs(y - rise) < thick) for thick in BANDS]
    # For each of these the rest of the flag is a shape as well: "field around a disc".
    cut = [("canton", (y < rows) & (x < columns)) for rows, columns in CANTONS]
    for thick in ARMS:
        level = abs(y - 0.5) < thick / 2
        cut.append(("Nordic cross", level | (abs(x - NORDIC_UPRIGHT) * wide < thick / 2)))
        cut.append(("cross", level | (abs(x - 0.5) * wide < thick / 2)))
        slant = thick * SALTIRE_ARM
        cut.append(("saltire", (abs(y - x) < slant) | (abs(y - 1 + x) < slant)))
    cut += [(f"triangle {hoist}", x < depth * (1 - abs(2 * y - 1))) for depth in TRIANGLES]
    cut += [("border", (np.minimum(y, 1 - y) < thick) | (np.minimum(x, 1 - x) * wide < thick)) for thick in BORDERS]
    cut.append(("lozenge", abs(y - 0.5) + abs(x - 0.5) < LOZENGE))
    for radius in RADII:
        for middle, where in zip(DISC_PLACES, (hoist, centre), strict=True):
            down, across = y - 0.5, (x - middle) * wide
            away = np.hypot(down, across)
            cut.append((f"disc {where}", away < radius))
            cut.append((f"star {where}", away < STAR_POINTS * radius * _star(np.arctan2(across, -down))))
    found += cut + [(f"field around a {name}", ~mask) for name, mask in cut if mask.mean() > LEAST_SHAPE]
    return tuple(name for name, _ in found), np.stack([mask for _, mask in found])


def _star(angle: NDArray[np.floating]) -> NDArray[np.floating]:
    """The distance of a five-pointed star's outline from its middle, 1 at a point. angle: radians from a point."""
    fifth = 2 * np.pi / 5
    off = np.abs((angle + fifth / 2) % fifth - fifth / 2)  # from the nearest point, up to 36 degrees
    inner = NOTCH * np.exp(1j * fifth / 2)
    edge = inner - 1
    # Where the ray from the middle meets the edge from the point at 1 to the notch beside it.
    return edge.imag / (edge.imag * np.cos(off) - edge.real * np.sin(off))
