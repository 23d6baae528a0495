"""Atoms as pictures of what a feature adds and what it takes away, and in words: "white Nordic cross".

The words are those of two tables: the shapes that flags are laid out in, and nine places. A colour of an atom is
called by the shape that fits it, or by the places of its patches.

Letters: n atoms, C colours, H x W the canvas, h x w a coarser grid on which atoms are looked at, S shapes.
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

GRID = (34, 51)  # h, w on which atoms are put into words: a 2 x 2 average hides the specks of single flags
FULL = 0.98  # quantile of an atom's scores that counts as its full strength
SHOWS = 0.5  # of full strength, from which a colour is there
FITS = 0.55  # overlap (intersection over union) with a shape under which a patch is not called by its name
LEAST_PATCH = 0.01  # of the canvas
MOST_PATCHES = 4  # of one colour
OUTER = 0.36  # a patch whose middle is so near to a side is there: the middle of a third is at 1/6, 1/2 or 5/6

Mask: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Atoms:
    """n atoms as pictures: at each place the colour that has the highest score, and the one that has the lowest.

    adds, takes: n x h x w, the highest score and minus the lowest; added, taken: n x h x w, their palette indices;
    scale: n, the strength that counts as full.
    """

    adds: Floats
    added: NDArray[np.uint8]
    takes: Floats
    taken: NDArray[np.uint8]
    scale: Floats


def signed_atoms(model: Model, size: tuple[int, int] = GRID, features: Sequence[int] | None = None) -> Atoms:
    """The atoms of some features, of all by default, averaged down to h x w."""
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
    """What each of n atoms adds, strongest first: words, the colour's palette index, and where (h x w)."""
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
    """Where a colour is strong, in words: a shape that fits the whole of it, or its patches one by one.

    shown: h x w, in [0, 1].
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
    """The shape that fits best, where one does."""
    names, masks = shapes(shown.shape[0], shown.shape[1])
    inside = masks.reshape(len(masks), -1) @ shown.ravel()
    overlap = inside / (masks.sum((1, 2)) + shown.sum() - inside)
    best = int(overlap.argmax())
    return (names[best], masks[best]) if overlap[best] >= FITS else None


def place(down: float, across: float) -> str:
    """Where the middle of a patch is, in words. down, across: in [0, 1]."""
    vertical = "top" if down < OUTER else "bottom" if down > 1 - OUTER else ""
    side = "left" if across < OUTER else "right" if across > 1 - OUTER else ""
    return PLACES[place_between(vertical, side)]


@cache
def shapes(height: int, width: int) -> tuple[tuple[str, ...], Mask]:
    """The shapes that flags are laid out in: S names, S x h x w. A name may have several proportions."""
    # x and y run from 0 to 1 from the upper hoist; the lengths of crosses and discs are shares of the height.
    y, x = np.meshgrid((np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width, indexing="ij")
    wide = width / height
    centre, hoist = PLACES["centre"], PLACES["hoist"]
    found = [("field", x >= 0)]
    for along, stripe, first, last in (
        (y, "stripe", PLACES["top"], PLACES["bottom"]),
        (x, "bar", PLACES["hoist"], PLACES["fly"]),
    ):
        for share in (1 / 4, 1 / 3):
            outer = (along < share) | (along >= 1 - share)
            found += [(f"{stripe} {first}", along < share), (f"{stripe} {last}", along >= 1 - share)]
            found += [(f"{stripe} {centre}", ~outer), (f"{stripe}s {first} and {last}", outer)]
        found.append((f"{stripe} {centre}", abs(along - 0.5) < 0.1))
    for along, first, last in ((y, "upper", "lower"), (x, "hoist", "fly")):
        found += [(f"{first} half", along < 0.5), (f"{last} half", along >= 0.5)]
        found += [(f"{first} two thirds", along < 2 / 3), (f"{last} two thirds", along >= 1 / 3)]
    upper_hoist, upper_fly, lower_hoist, lower_fly = CORNERS.values()
    for rise, upper, lower, start in (
        (x, upper_fly, lower_hoist, upper_hoist),
        (1 - x, upper_hoist, lower_fly, lower_fly),
    ):
        found += [(f"{upper} diagonal half", y < rise), (f"{lower} diagonal half", y >= rise)]
        found += [(f"band from the {start}", abs(y - rise) < thick) for thick in (0.06, 0.12)]
    # What a shape leaves of the field is a shape as well.
    cut = [("canton", (y < rows) & (x < columns)) for rows, columns in ((0.5, 0.5), (0.55, 0.4), (0.4, 0.33))]
    for thick in (0.1, 0.2, 0.3):
        level = abs(y - 0.5) < thick / 2
        cut.append(("Nordic cross", level | (abs(x - 0.37) * wide < thick / 2)))
        cut.append(("cross", level | (abs(x - 0.5) * wide < thick / 2)))
        cut.append(("saltire", (abs(y - x) < thick * 0.6) | (abs(y - 1 + x) < thick * 0.6)))
    cut += [(f"triangle {hoist}", x < depth * (1 - abs(2 * y - 1))) for depth in (0.33, 0.45, 0.6)]
    cut += [
        ("border", (np.minimum(y, 1 - y) < thick) | (np.minimum(x, 1 - x) * wide < thick)) for thick in (0.08, 0.15)
    ]
    cut.append(("lozenge", abs(y - 0.5) + abs(x - 0.5) < 0.45))
    for radius in (0.12, 0.16, 0.2, 0.3, 0.4):
        for middle, where in ((0.25, hoist), (0.5, centre)):
            down, across = y - 0.5, (x - middle) * wide
            away = np.hypot(down, across)
            cut.append((f"disc {where}", away < radius))
            cut.append((f"star {where}", away < 1.3 * radius * _star(np.arctan2(across, -down))))
    found += cut + [(f"field around a {name}", ~mask) for name, mask in cut if mask.mean() > 0.1]
    return tuple(name for name, _ in found), np.stack([mask for _, mask in found])


def _star(angle: NDArray[np.floating]) -> NDArray[np.floating]:
    """How far the outline of a five-pointed star is from its middle, 1 at a point; angle: from a point, in radians."""
    fifth = 2 * np.pi / 5
    off = np.abs((angle + fifth / 2) % fifth - fifth / 2)  # from the nearest point, up to 36 degrees
    inner = 0.382 * np.exp(1j * fifth / 2)
    edge = inner - 1
    # Where the ray meets the edge between a point at 1 and the notch beside it.
    return edge.imag / (edge.imag * np.cos(off) - edge.real * np.sin(off))
