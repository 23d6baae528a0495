"""Colours that people name: OKLab, palettes, and flat label maps of anti-aliased pictures.

A drawing of a flag holds a handful of flat colours and, along every edge, their blends. `flatten` finds the
flat colours and gives the blends back to one side, so that what is left is the design: one label a pixel.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.regions import LabelMap, dissolve

Picture: TypeAlias = NDArray[np.uint8]  # H x W x 3, sRGB
Lab: TypeAlias = NDArray[np.float64]  # ... x 3, OKLab

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


@dataclass(frozen=True)
class Palette:
    """C canonical colours. A name covers shades: `anchors` are examples of each, by which a colour is named.

    names: C English names, each once; rgb: C x 3, uint8, sRGB; anchors: A x 3, uint8; entries: A, the palette
    index of each anchor.
    """

    names: tuple[str, ...]
    rgb: NDArray[np.uint8]
    anchors: NDArray[np.uint8]
    entries: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.names)

    def distances(self, lab: Lab) -> NDArray[np.float64]:
        """How far each colour (n x 3, OKLab) is from the nearest shade of each entry: n x C."""
        away = distances(lab, oklab(self.anchors))
        return np.stack([away[:, self.entries == entry].min(1) for entry in range(len(self))], axis=1)


def read_palette(path: Path) -> Palette:
    """Reads a table with the columns name, rgb and anchors, colours in hexadecimal."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    anchors = [(entry, shade) for entry, row in enumerate(rows) for shade in row["anchors"].split()]
    return Palette(
        tuple(row["name"] for row in rows),
        np.array([list(bytes.fromhex(row["rgb"])) for row in rows], np.uint8),
        np.array([list(bytes.fromhex(shade)) for _, shade in anchors], np.uint8),
        np.array([entry for entry, _ in anchors], np.uint8),
    )


def oklab(rgb: NDArray[np.uint8] | NDArray[np.float64]) -> Lab:
    """sRGB in 0..255, ... x 3, to OKLab (Björn Ottosson, "A perceptual color space for image processing", 2020).

    Rounded to six decimals, so that ties fall alike on every machine.
    """
    channel = np.asarray(rgb, np.float64) / 255
    linear = np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)
    r, g, b = linear[..., 0], linear[..., 1], linear[..., 2]
    long = np.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = np.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = np.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lab: Lab = np.stack(
        [
            0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
            1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
            0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
        ],
        axis=-1,
    ).round(6)
    return lab


def distances(lab: Lab, centres: Lab) -> NDArray[np.float64]:
    """OKLab distance of each colour (... x 3) from each centre (C x 3): ... x C."""
    difference = lab[..., None, :] - centres
    return np.sqrt((difference * difference).sum(-1))


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
    # Only the heart of a cluster says what its colour is; its skirt is anti-aliasing.
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


def fit_palette(
    colours: NDArray[np.uint8], weights: NDArray[np.float64], count: int, names: Palette, seed: int = 0
) -> Palette:
    """k-means in OKLab over pictures' own flat colours. colours: n x 3; weights: n; needs scikit-learn.

    An entry is the weighted mean of its members, named after the nearest entry of `names`: "blue", "blue 2".
    """
    from sklearn.cluster import KMeans

    lab = oklab(colours)
    count = min(count, len(np.unique(lab, axis=0)))
    fitted = KMeans(count, n_init=10, random_state=seed).fit(lab, sample_weight=weights)
    rgb = np.array(
        [
            np.round(np.average(colours[fitted.labels_ == entry], axis=0, weights=weights[fitted.labels_ == entry]))
            for entry in range(count)
        ]
    ).astype(np.uint8)
    size = np.array([weights[fitted.labels_ == entry].sum() for entry in range(count)])
    rgb = rgb[np.argsort(-size, kind="stable")]
    return Palette(tuple(_unique_names(rgb, names)), rgb, rgb, np.arange(count, dtype=np.uint8))


def _unique_names(rgb: NDArray[np.uint8], names: Palette) -> list[str]:
    words = [names.names[nearest] for nearest in names.distances(oklab(rgb)).argmin(1)]
    return [
        word if (earlier := words[:position].count(word)) == 0 else f"{word} {earlier + 1}"
        for position, word in enumerate(words)
    ]
