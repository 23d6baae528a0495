"""Reduces anti-aliased pictures to flat label maps.

First the flat colours of a picture are found. Then each pixel takes one of them. A blended pixel, on an edge between
two colours, takes that of one side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.neighbours import around, extent
from flagsae.flags.palette import Palette, Picture, distances
from flagsae.flags.regions import LabelMap, dissolve
from flagsae.flags.unmixing import Surface, unmixed
from flagsae.oklab import Lab, oklab

# Distances in OKLab, where black and white are 1 apart and .02 can just be seen. By eye.
FLAT_RANGE = 0.03  # a pixel is flat if no channel varies by more than this over its 3 x 3 neighbours
BIN = 0.02  # width of the bins in which colours are counted
SAME_COLOUR = 0.075  # flat colours nearer than this are taken as one
CONFIDENT = 0.05  # a pixel nearer than this to a flat colour has that colour; any other is taken as a blend
UNEXPLAINED = 0.12  # a pixel farther than this from all blends of two flat colours belongs to a line of its own colour
CLASH = 0.1  # how much farther than its nearest palette entry a free entry may be that a colour takes instead
# How many pixels.
SMALL = 300  # wide: in a picture no wider, each pixel on an edge counts
LEAST_FLAT = 0.05  # share of it that is flat: one with less is a photograph
NOISE = 0.0004  # share of a small noisy picture that a flat colour covers at least
MINIMUM_SHARE = 0.00012  # share of the picture that a flat colour covers at least
MINIMUM_PIXELS = 6.0  # and pixels that it has at least
LINE_PIXELS = 2  # a thin line has at least this many times the minimum, with its blended edges
LINE_CORE = 3  # and at least the minimum divided by this in pixels of its own colour
SPECK = 5  # regions with fewer pixels are dissolved
# What keeps photographs from taking minutes.
MOST_LINES = 16  # thin lines are only searched while there are fewer flat colours than this
MOST_COLOURS = 32  # flat colours of a picture; flags have up to 13
MOST_BLENDS = 20_000  # distinct colours among which thin lines are searched; flags have up to 4,400
BAND = 2_000_000  # distances between pixels and colours that are held in memory at once


def flat_colours(picture: Picture) -> NDArray[np.uint8]:
    """The flat colours of a picture (H x W x 3), the most frequent first: n x 3, sRGB; n is at least 1."""
    lab = oklab(picture)
    flat = (extent(lab) < FLAT_RANGE).all(-1)
    least = max(MINIMUM_PIXELS, MINIMUM_SHARE * flat.size)
    if flat.sum() < least:  # a photograph, or a picture of a few pixels: take all as flat
        flat = np.ones_like(flat)
    centres = _merge(lab[flat], picture[flat], least)
    # Lines thinner than three pixels have no flat pixel, but their colour is not a blend of the other colours. It is
    # purest in the pixels that are farthest from all blends.
    pixels = picture[~flat]
    step = 1
    blends, counts, blend = _distinct(pixels)
    if len(blends) > MOST_BLENDS:  # a photograph: an even sample of its pixels is enough
        step = -(-len(pixels) // MOST_BLENDS)
        pixels = pixels[::step]
        blends, counts, blend = _distinct(pixels)
    blends_lab = oklab(blends)
    odd = np.full(len(blends), np.inf)
    mixed = 0  # the number of centres whose blends with each other are already in `odd`
    while len(centres) < MOST_LINES:
        odd = _unexplained(blends, blends_lab, centres, mixed, odd)
        mixed = len(centres)
        if counts[odd > UNEXPLAINED].sum() * step < LINE_PIXELS * least:
            break
        near = distances(blends_lab, blends_lab[odd.argmax()][None])[:, 0] < CONFIDENT
        if counts[near].sum() * step < least / LINE_CORE:
            break
        centres = np.vstack([centres, np.median(pixels[near[blend]], axis=0).astype(np.uint8)[None]])
    return centres


def small_colours(surface: Surface) -> tuple[NDArray[np.uint8], LabelMap]:
    """The flat colours of a small picture, n x 3, and the number of the one that each pixel has, H x W."""
    picture, lab = surface.picture, oklab(surface.picture)
    flat = (extent(lab) < FLAT_RANGE).all(-1)
    share = NOISE if surface.noisy else MINIMUM_SHARE
    least = max(MINIMUM_PIXELS, share * flat.size)
    if flat.sum() < least:
        flat = np.ones_like(flat)
    return unmixed(surface, _merge(lab[flat], picture[flat], least))


def _distinct(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """(the distinct colours in the order in which they appear, m x 3; how many pixels have each, m; which of them each
    pixel has, n). pixels: n x 3."""
    codes = pixels.astype(np.int64) @ np.array([65536, 256, 1])
    _, first, inverse, counts = np.unique(codes, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first)
    return pixels[first[order]], counts[order], np.argsort(order)[inverse]


def _merge(lab: Lab, rgb: NDArray[np.uint8], least: float) -> NDArray[np.uint8]:
    """The flat colours among n pixels that are flat: at most `MOST_COLOURS` x 3, sRGB, the most frequent first.

    Colours are counted in bins. In the order of their counts, each bin joins the nearest centre if that is within
    `SAME_COLOUR`, and else becomes a centre. lab, rgb: n x 3; least: pixels that a colour must have.
    """
    steps = np.floor(lab / BIN).astype(np.int64)
    lowest, spans = steps.min(0), np.ptp(steps, axis=0) + 1
    # One number for each bin: np.unique over rows would take ten times as long.
    packed = np.ravel_multi_index(tuple((steps - lowest).T), tuple(spans))
    numbers, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    bins = np.stack(np.unravel_index(numbers, tuple(spans)), axis=1) + lowest
    sums = np.stack([np.bincount(inverse, rgb[:, channel], len(bins)) for channel in range(3)], axis=1)
    walk = np.lexsort((*bins.T, -counts))
    counts, sums = counts[walk], sums[walk]
    means = oklab(sums / counts[:, None])
    # All bins between two new centres are compared with the same centres, so they are handled in one step.
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
    central = away < BIN
    pixels = np.bincount(nearest[central], counts[central], centres)
    totals = np.stack([np.bincount(nearest[central], sums[central, channel], centres) for channel in range(3)], axis=1)
    order = [i for i in np.argsort(weights, kind="stable")[::-1] if weights[i] >= least] or [int(np.argmax(weights))]
    order = order[:MOST_COLOURS]
    return np.round(totals[order] / pixels[order, None]).astype(np.uint8)


def _unexplained(
    pixels: NDArray[np.uint8], lab: Lab, centres: NDArray[np.uint8], mixed: int, best: NDArray[np.float64]
) -> NDArray[np.float64]:
    """OKLab distance of each of n pixels from the nearest blend of two centres; blends are mixed in sRGB, as renderers
    do.

    pixels: n x 3; lab: the same in OKLab; best: n, the distances from the blends of the first `mixed` centres, which
    are not computed again.
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
    """The index of the nearest of n colours for each pixel of a picture; H x W.

    A blended pixel takes the nearest of those colours that some pixel close to it has with certainty (`CONFIDENT`).
    picture: H x W x 3; colours: n x 3.
    """
    height, width = picture.shape[:2]
    labels = np.empty((height, width), np.uint8)
    rows = max(1, BAND // (width * len(colours)))
    for top in range(0, height, rows):
        above = min(top, 2)  # rows of the band before, which are close to the first rows of this one
        band = picture[top - above : top + rows + 2]
        labels[top : top + rows] = _nearest_colour(band, colours)[above : above + rows]
    return labels


def _nearest_colour(picture: Picture, colours: NDArray[np.uint8]) -> LabelMap:
    away = distances(oklab(picture), oklab(colours))
    nearest = away.argmin(-1)
    sure = np.take_along_axis(away, nearest[..., None], -1)[..., 0] < CONFIDENT
    close = around(np.eye(len(colours), dtype=bool)[nearest] & sure[..., None], 2)
    allowed = np.where(close.any(-1, keepdims=True), close, True)
    return np.where(sure, nearest, np.where(allowed, away, np.inf).argmin(-1)).astype(np.uint8)


def name_colours(colours: NDArray[np.uint8], shares: NDArray[np.float64], palette: Palette) -> NDArray[np.uint8]:
    """The palette entry for each flat colour of a picture: n.

    colours: n x 3; shares: n, how much of the picture each covers. Each colour takes the nearest entry, the largest
    one first. If that is taken, it takes the nearest free one, unless this is much farther away: two colours of a
    picture should get different entries, or the edge between them is lost.
    """
    away = palette.distances(oklab(colours))
    chosen = np.zeros(len(colours), np.uint8)
    free = np.ones(len(palette), bool)
    for position in np.argsort(-shares, kind="stable"):
        best = int(away[position].argmin())
        if not free[best] and free.any():
            other = int(np.where(free, away[position], np.inf).argmin())
            if away[position, other] < away[position, best] + CLASH:
                best = other
        chosen[position] = best
        free[best] = False
    return chosen


def flatten(picture: Picture, palette: Palette) -> tuple[LabelMap, NDArray[np.uint8]]:
    """Reduces a picture (H x W x 3) to the colours of a palette.

    Returns the label map (H x W, palette indices, without anti-aliasing and specks) and the tints (C x 3): the
    picture's own shade of each palette entry; the palette's colour for entries that the picture does not have.
    """
    surface = Surface(picture) if picture.shape[1] <= SMALL else None
    if surface is not None and surface.flat.mean() > LEAST_FLAT:
        colours, own = small_colours(surface)
    else:
        colours = flat_colours(picture)
        own = nearest_colour(picture, colours)
    own = dissolve(own, SPECK)
    counts = np.bincount(own.ravel(), minlength=len(colours))
    entries = name_colours(colours, counts / own.size, palette)
    tints = palette.rgb.copy()
    for position in np.argsort(counts, kind="stable"):  # of colours with one entry the most frequent, the last, counts
        if counts[position]:
            tints[entries[position]] = colours[position]
    return entries[own], tints
