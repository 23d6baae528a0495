"""Flat label maps of anti-aliased pictures: the flat colours, and the blends given back to one side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.palette import Lab, Palette, Picture, distances, oklab
from flagsae.flags.regions import LabelMap, dissolve

# Distances in OKLab, where 1 lies between black and white and .02 is just seen.
FLAT_RANGE = 0.03  # a pixel is flat where no channel varies by more over its 3 x 3 neighbours
BIN = 0.02
SAME_COLOUR = 0.075  # flat colours nearer than this are one
CONFIDENT = 0.05  # a pixel this near to a flat colour has it; any other is taken for a blend
UNEXPLAINED = 0.12  # a pixel this far from every blend of two flat colours is a thin line of a colour of its own
MINIMUM_SHARE = 0.00012  # a colour covers at least this share of the picture
SPECK = 5  # regions under this many pixels are dissolved
MOST_LINES = 16  # thin lines are sought where a picture has fewer flat colours than this
MOST_COLOURS = 32  # flat colours of a picture: flags have up to 13, and what has more is a photograph
MOST_BLENDS = 20_000  # distinct blends that are looked at for thin lines; flags have up to 4,400
BAND = 2_000_000  # distances between pixels and colours that are held at once


def _around(marks: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    """Where a mark is in the square of 2 radius + 1 pixels around each pixel; H x W x n. Separable."""
    height, width = marks.shape[:2]
    padded = np.pad(marks, ((radius, radius), (radius, radius), (0, 0)))
    span = range(2 * radius + 1)
    across = np.logical_or.reduce([padded[:, x : x + width] for x in span])
    found: NDArray[np.bool_] = np.logical_or.reduce([across[y : y + height] for y in span])
    return found


def _extent(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest minus smallest of each pixel's 3 x 3 neighbours, per channel; H x W x 3. Separable."""
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)), mode="edge")
    across = [padded[:, i : i + values.shape[1]] for i in range(3)]
    high, low = np.maximum.reduce(across), np.minimum.reduce(across)
    rows = range(3)
    return np.maximum.reduce([high[i : i + len(values)] for i in rows]) - np.minimum.reduce(
        [low[i : i + len(values)] for i in rows]
    )


def flat_colours(picture: Picture) -> NDArray[np.uint8]:
    """The flat colours of a picture, most frequent first; n x 3, sRGB, n at least 1."""
    lab = oklab(picture)
    flat = (_extent(lab) < FLAT_RANGE).all(-1)
    least = max(6.0, MINIMUM_SHARE * flat.size)
    if flat.sum() < least:  # a photograph, or a picture of a few pixels
        flat = np.ones_like(flat)
    centres = _merge(lab[flat], picture[flat], least)
    # Lines thinner than three pixels hold no flat pixel. Their colour is no blend of the others: find it
    # where it is purest, which is where it lies farthest from every blend.
    pixels = picture[~flat]
    step = 1
    blends, counts, blend = _distinct(pixels)
    if len(blends) > MOST_BLENDS:  # a photograph: an even sample says as much
        step = -(-len(pixels) // MOST_BLENDS)
        pixels = pixels[::step]
        blends, counts, blend = _distinct(pixels)
    blends_lab = oklab(blends)
    odd = np.full(len(blends), np.inf)
    mixed = 0  # so many centres have been mixed with each other
    while len(centres) < MOST_LINES:
        odd = _unexplained(blends, blends_lab, centres, mixed, odd)
        mixed = len(centres)
        if counts[odd > UNEXPLAINED].sum() * step < 2 * least:
            break
        near = distances(blends_lab, blends_lab[odd.argmax()][None])[:, 0] < CONFIDENT
        if counts[near].sum() * step < least / 3:
            break
        centres = np.vstack([centres, np.median(pixels[near[blend]], axis=0).astype(np.uint8)[None]])
    return centres


def _distinct(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The m distinct colours of n pixels (n x 3) in the order in which they appear: m x 3; pixels of each: m; the
    colour of each pixel: n."""
    codes = pixels.astype(np.int64) @ np.array([65536, 256, 1])
    _, first, inverse, counts = np.unique(codes, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first)
    return pixels[first[order]], counts[order], np.argsort(order)[inverse]


def _merge(lab: Lab, rgb: NDArray[np.uint8], least: float) -> NDArray[np.uint8]:
    """Bins colours, then walks the bins by count: a bin joins a centre within reach or opens one."""
    steps = np.floor(lab / BIN).astype(np.int64)
    lowest, spans = steps.min(0), np.ptp(steps, axis=0) + 1
    # One number a bin: numpy's own search for equal rows sorts them as bytes, which takes ten times as long.
    packed = np.ravel_multi_index(tuple((steps - lowest).T), tuple(spans))
    numbers, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    bins = np.stack(np.unravel_index(numbers, tuple(spans)), axis=1) + lowest
    sums = np.stack([np.bincount(inverse, rgb[:, channel], len(bins)) for channel in range(3)], axis=1)
    walk = np.lexsort((*bins.T, -counts))
    counts, sums = counts[walk], sums[walk]
    means = oklab(sums / counts[:, None])
    # The bins between two that open a centre see the same centres: each stretch of the walk is one step.
    nearest = np.zeros(len(means), np.int64)
    away = np.full(len(means), np.inf)
    position = centres = 0
    while position < len(means):
        reach = distances(means[position:], means[position][None])[:, 0]
        closer = reach < away[position:]
        nearest[position:][closer], away[position:][closer] = centres, reach[closer]
        centres += 1
        apart = away[position:] >= SAME_COLOUR
        position = position + int(apart.argmax()) if apart.any() else len(means)
    weights = np.bincount(nearest, counts, centres)
    # Average only central bins; the others are blended edges.
    heart = away < BIN
    pixels = np.bincount(nearest[heart], counts[heart], centres)
    totals = np.stack([np.bincount(nearest[heart], sums[heart, channel], centres) for channel in range(3)], axis=1)
    order = [i for i in np.argsort(weights, kind="stable")[::-1] if weights[i] >= least] or [int(np.argmax(weights))]
    order = order[:MOST_COLOURS]
    return np.round(totals[order] / pixels[order, None]).astype(np.uint8)


def _unexplained(
    pixels: NDArray[np.uint8], lab: Lab, centres: NDArray[np.uint8], mixed: int, best: NDArray[np.float64]
) -> NDArray[np.float64]:
    """OKLab distance of each pixel from the nearest blend of two centres, mixed as renderers mix, in sRGB.

    pixels: n x 3; lab: the same in OKLab; best: n, the distances from the blends of the first `mixed` centres.
    """
    p = pixels.astype(np.float64)
    for j, b in enumerate(centres.astype(np.float64)):
        for a in centres[: j + 1].astype(np.float64) if j >= mixed else ():
            along = b - a
            share = np.clip((p - a) @ along / max(1.0, along @ along), 0, 1)
            blend = oklab(a + share[:, None] * along)
            best = np.minimum(best, np.sqrt(((lab - blend) ** 2).sum(-1)))
    return best


def nearest_colour(picture: Picture, colours: NDArray[np.uint8]) -> LabelMap:
    """Each pixel's nearest of n colours; a blend takes the nearest among those surely present around it."""
    height, width = picture.shape[:2]
    labels = np.empty((height, width), np.uint8)
    rows = max(1, BAND // (width * len(colours)))
    for top in range(0, height, rows):
        above = min(top, 2)  # rows of the band before, which are around those of this one
        band = picture[top - above : top + rows + 2]
        labels[top : top + rows] = _nearest_colour(band, colours)[above : above + rows]
    return labels


def _nearest_colour(picture: Picture, colours: NDArray[np.uint8]) -> LabelMap:
    away = distances(oklab(picture), oklab(colours))
    nearest = away.argmin(-1)
    sure = np.take_along_axis(away, nearest[..., None], -1)[..., 0] < CONFIDENT
    around = _around(np.eye(len(colours), dtype=bool)[nearest] & sure[..., None], 2)
    allowed = np.where(around.any(-1, keepdims=True), around, True)
    return np.where(sure, nearest, np.where(allowed, away, np.inf).argmin(-1)).astype(np.uint8)


def name_colours(colours: NDArray[np.uint8], shares: NDArray[np.float64], palette: Palette) -> NDArray[np.uint8]:
    """The palette entry of each of a picture's own colours; n.

    The larger colour chooses first, and two colours of one picture share an entry only where the next free
    one would be a different colour altogether: a design must not lose an edge to a coarse palette.
    """
    away = palette.distances(oklab(colours))
    chosen = np.zeros(len(colours), np.uint8)
    free = np.ones(len(palette), bool)
    for position in np.argsort(-shares, kind="stable"):
        best = int(away[position].argmin())
        if not free[best] and free.any():
            other = int(np.where(free, away[position], np.inf).argmin())
            if away[position, other] < away[position, best] + 0.1:
                best = other
        chosen[position] = best
        free[best] = False
    return chosen


def flatten(picture: Picture, palette: Palette) -> tuple[LabelMap, NDArray[np.uint8]]:
    """A picture as flat colour. picture: H x W x 3.

    Returns the label map (H x W, palette indices, no anti-aliasing, no specks) and the tints (C x 3): the
    picture's own colour for each palette entry, the palette's where the picture has none.
    """
    colours = flat_colours(picture)
    own = dissolve(nearest_colour(picture, colours), SPECK)
    counts = np.bincount(own.ravel(), minlength=len(colours))
    entries = name_colours(colours, counts / own.size, palette)
    tints = palette.rgb.copy()
    for position in np.argsort(counts, kind="stable"):  # the most frequent colour has the last word
        if counts[position]:
            tints[entries[position]] = colours[position]
    return entries[own], tints
