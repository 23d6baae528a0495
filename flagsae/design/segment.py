"""A flag in parts: the ground that fills it, and the charges that stand on it.

The ground is made of stripes, bars, crosses, triangles: regions that reach the frame. A charge does not: a star,
a coat of arms, a group of stars. A canton is a charge too, with everything inside it: a Union Jack is one thing.
Composition moves charges whole and lets only grounds cut each other.

All lengths are shares of the width, all areas shares of the map, so that any canvas will do. h, w: rows and
columns of a label map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.regions import LabelMap, bounds, connected_regions, dissolve, fill, region_areas

NOTHING = 255  # the label of pixels outside a charge
SPECK = 0.00032  # of the map: smaller regions belong to no part
GRAIN = 0.00013  # the same for charges, so that the triangles in Morocco's star and the stars of Uzbekistan are kept
ARMS = 0.0008  # the same for what has as many regions and colours as a coat of arms
ARMS_REGIONS, ARMS_COLOURS = 16, 4
GAP = 0.02  # of the width: regions nearer than this are one charge
CONSTELLATION = 0.25  # of the width: how far apart small charges of one colour still are one, as stars are
RIM = 0.01  # of the width: what comes this near to the frame reaches it

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Charge:
    """Something that stands on a ground. labels: palette indices of its bounding box, NOTHING outside of it;
    top, left: where the box stands in its flag; canton: whether it fills a corner."""

    labels: LabelMap
    top: int
    left: int
    canton: bool = False

    @property
    def pixels(self) -> int:
        return int((self.labels != NOTHING).sum())


@dataclass(frozen=True)
class Parts:
    """ground: h x w, with the holes under the charges filled."""

    ground: LabelMap
    charges: tuple[Charge, ...]


def take_apart(labels: LabelMap, known: NDArray[np.uint8] | None = None, *, canton: bool = True) -> Parts:
    """Splits a flag into ground and charges. labels: h x w; known: N x h x w, flags that a canton may show; canton:
    whether to look for one."""
    fine, coarse = (dissolve(labels, max(2, round(share * labels.size))) for share in (GRAIN, SPECK))
    ground, charges = fine, []
    corner = find_canton(coarse, known) if canton else None
    if corner:
        corner_mask = np.zeros(labels.shape, bool)
        corner_mask[: corner[0], : corner[1]] = True
        charges.append(_cut(fine, corner_mask, canton=True))
        # Whatever lies beside the canton goes on under it; its own last pixels may be blends.
        past = min(labels.shape[1] - 1, corner[1] + _pixels(RIM, labels))
        ground = fine.copy()
        ground[: corner[0] + 1, : corner[1] + 1] = coarse[: corner[0] + 1, [past]]
    off = _off_the_frame(ground)
    if off.any():
        off |= _odd_ones(ground, off)
        charges += [_cut(ground, mask) for mask in _groups(ground, off)]
        ground = _without(ground, off)
    return Parts(dissolve(ground, max(2, round(3 * SPECK * ground.size))), tuple(charges))


def find_canton(labels: LabelMap, known: NDArray[np.uint8] | None = None) -> tuple[int, int] | None:
    """Rows and columns of a rectangle in the upper hoist that is a design of its own; None where there is none.

    Its fly side is a straight edge that stops at its foot: a bar or a cross goes on below. A canton on a field of
    its own colour, as on a blue ensign, has only half an edge: there it must show one of the `known` flags.
    """
    height, width = labels.shape
    if min(height, width) < 12:
        return None
    across = np.zeros((height, width), np.int32)
    across[:, 1:] = labels[:, 1:] != labels[:, :-1]
    down = np.zeros((height, width), np.int32)
    down[1:] = labels[1:] != labels[:-1]
    above = np.vstack([np.zeros((1, width), np.int32), across.cumsum(0)])
    before = np.hstack([np.zeros((height, 1), np.int32), down.cumsum(1)])
    rows = np.arange(round(0.24 * height), round(0.66 * height))
    columns = np.arange(round(0.2 * width), round(0.62 * width))
    side = above[rows][:, columns] / rows[:, None]  # share of the fly side that is an edge
    below = (above[height] - above[rows])[:, columns] / (height - rows)[:, None]  # of the same line, further down
    foot = before[rows][:, columns] / columns
    beyond = (before[rows][:, [width]] - before[rows][:, columns]) / (width - columns)
    if known is not None and len(known):
        top, left = height // 2, width // 2
        near = np.s_[top - rows[0] - 2 : top - rows[0] + 3, left - columns[0] - 2 : left - columns[0] + 3]
        if below[near].min() < 0.2 and side[near].max() > 0.2 and foot[near].max() > 0.2:
            small, whole = labels[:top:6, :left:6], known[:, ::12, ::12]
            shape = min(small.shape[0], whole.shape[1]), min(small.shape[1], whole.shape[2])
            alike = (whole[:, : shape[0], : shape[1]] == small[: shape[0], : shape[1]]).mean((1, 2))
            if alike.max() > 0.75:
                return top, left
    fits = (side > 0.4) & (foot > 0.4) & (below < 0.12) & (np.maximum(side, foot) > 0.45)
    if not fits.any():
        return None
    worth = side + foot - below - 0.3 * np.minimum(beyond, 1) + 2 * np.minimum(columns / width, 0.4)
    row, column = np.unravel_index(np.where(fits, worth, -np.inf).argmax(), worth.shape)
    return int(rows[row]), int(columns[column])


def dilate(mask: Mask, radius: int) -> Mask:
    """A mask grown by `radius` steps to all four sides; four times as fast as scipy's, and without its import."""
    grown = mask.copy()
    for _ in range(radius):
        seed = grown.copy()
        grown[1:] |= seed[:-1]
        grown[:-1] |= seed[1:]
        grown[:, 1:] |= seed[:, :-1]
        grown[:, :-1] |= seed[:, 1:]
    return grown


def _pixels(share: float, labels: NDArray[np.generic]) -> int:
    return max(1, round(share * labels.shape[1]))


def _cut(labels: LabelMap, mask: Mask, *, canton: bool = False) -> Charge:
    """The pixels of a mask as a charge; a coat of arms without its smallest pieces."""
    top, bottom, left, right = bounds(mask)
    box = np.s_[top : bottom + 1, left : right + 1]
    own = np.where(mask[box], labels[box], NOTHING).astype(np.uint8)
    regions = connected_regions(own)[mask[box]]
    if len(np.unique(regions)) > ARMS_REGIONS and len(np.unique(own[mask[box]])) >= ARMS_COLOURS:
        own = np.where(mask[box], dissolve(own, round(ARMS * labels.size)), NOTHING).astype(np.uint8)
    return Charge(own, top, left, canton)


def _off_the_frame(labels: LabelMap) -> Mask:
    """Pixels of regions that do not reach the frame, but for a panel that fills most of the flag."""
    regions, rim = connected_regions(labels), _pixels(RIM, labels)
    sides = (regions[:rim], regions[-rim:], regions[:, :rim], regions[:, -rim:])
    off = ~np.isin(regions, np.unique(np.concatenate([side.ravel() for side in sides])))
    blobs = connected_regions(off.astype(np.uint8))
    panel = np.zeros_like(off)
    for blob in np.unique(blobs[off]):
        mask = blobs == blob
        top, bottom, left, right = bounds(mask)
        box = np.s_[top : bottom + 1, left : right + 1]
        area = mask[box].size
        if area > 0.4 * labels.size and mask.sum() > 0.9 * area:
            edge = np.ones(mask[box].shape, bool)
            edge[1:-1, 1:-1] = False
            panel |= np.isin(regions, np.unique(regions[box][edge & mask[box]]))
    return off & ~panel


def _odd_ones(labels: LabelMap, off: Mask) -> Mask:
    """Pixels that break stripes or bars which hold everywhere else: the part of a charge that has the colour of
    the stripe that it touches, as the red squares of Croatia's arms have."""
    best = np.zeros_like(off)
    for turned in (False, True):
        lines, away = (labels.T, off.T) if turned else (labels, off)
        votes = np.stack([((lines == label) & ~away).sum(1) for label in range(int(lines.max()) + 1)], axis=1)
        odd = (lines != votes.argmax(1)[:, None]) & ~away
        rim = _pixels(RIM, labels)
        framed = odd[:rim].any() or odd[-rim:].any() or odd[:, :rim].any() or odd[:, -rim:].any()
        if not odd.any() or odd.mean() > (0.06 if framed else 0.12) or (votes.max(1) <= 0.5 * (~away).sum(1)).any():
            continue
        # All that is large must be near to the charge, or to what is near to it.
        clusters = connected_regions(dilate(odd | away, _pixels(GAP, labels)).astype(np.uint8))
        alone = odd & ~np.isin(clusters, np.unique(clusters[away]))
        blobs = connected_regions(alone.astype(np.uint8))
        small = region_areas(blobs)[blobs] <= 2 * SPECK * labels.size
        if small[alone].all() and (not best.any() or odd.sum() < best.sum()):
            best = odd.T if turned else odd
    return best


def _groups(labels: LabelMap, off: Mask) -> list[Mask]:
    """The charges as masks: what stands close together is one, and so are small ones of one colour."""
    clusters = connected_regions(dilate(off, _pixels(GAP, labels)).astype(np.uint8))
    masks = [off & (clusters == cluster) for cluster in np.unique(clusters[off])]
    masks = [mask for mask in masks if mask.sum() >= GRAIN * labels.size]
    boxes = [bounds(mask) for mask in masks]
    colours = [np.bincount(labels[mask]).argmax() for mask in masks]
    small = [mask.mean() < 0.03 for mask in masks]
    group = list(range(len(masks)))
    for i, a in enumerate(boxes):
        for j, b in enumerate(boxes[:i]):
            gap = max(a[0] - b[1], b[0] - a[1], a[2] - b[3], b[2] - a[3]) / labels.shape[1]
            if gap < 2 * GAP or (colours[i] == colours[j] and small[i] and small[j] and gap < CONSTELLATION):
                group = [group[j] if number == group[i] else number for number in group]
    return [
        np.any([masks[i] for i in range(len(masks)) if group[i] == number], axis=0) for number in sorted(set(group))
    ]


def _without(labels: LabelMap, holes: Mask) -> LabelMap:
    """The ground under the charges: filled along rows, along columns or from all sides, whichever is simplest."""
    ways = (_along(labels, holes), _along(labels.T, holes.T).T, fill(labels, holes))
    return min(ways, key=lambda way: int((way[1:] != way[:-1]).sum() + (way[:, 1:] != way[:, :-1]).sum()))


def _along(labels: LabelMap, holes: Mask) -> LabelMap:
    """Each hole takes the nearest label of its row."""
    width = labels.shape[1]
    place = np.arange(width)
    left = np.maximum.accumulate(np.where(holes, -width, place), axis=1)
    right = np.minimum.accumulate(np.where(holes, 3 * width, place)[:, ::-1], axis=1)[:, ::-1]
    source = np.where(place - left <= right - place, left, right)
    empty = (left < 0) & (right >= width)  # rows without any ground
    filled = np.take_along_axis(labels, np.clip(source, 0, width - 1), axis=1)
    return fill(filled, empty) if empty.any() and not empty.all() else filled
