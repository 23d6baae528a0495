"""Palettes: named colours. Pixels are matched with them by their distance in OKLab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOURS, channels
from flagsae.oklab import Lab, oklab

Picture: TypeAlias = NDArray[np.uint8]  # H x W x 3, sRGB


@dataclass(frozen=True)
class Palette:
    """C named colours. Each stands for several shades: a pixel belongs to the entry of the nearest anchor."""

    names: tuple[str, ...]
    """C English names, all different."""
    rgb: NDArray[np.uint8]
    """C x 3, sRGB: the colours themselves."""
    anchors: NDArray[np.uint8]
    """A x 3, sRGB: example shades of the colours."""
    entries: NDArray[np.uint8]
    """A, the index of the colour that each anchor is a shade of."""

    def __len__(self) -> int:
        return len(self.names)

    def distances(self, lab: Lab) -> NDArray[np.float64]:
        """The distance of each colour (n x 3, OKLab) from the nearest anchor of each entry: n x C."""
        away = distances(lab, oklab(self.anchors))
        return np.stack([away[:, self.entries == entry].min(1) for entry in range(len(self))], axis=1)


def flag_palette() -> Palette:
    """The palette of the world's flags, made of the table `colours.COLOURS`."""
    anchors = [(entry, shade) for entry, colour in enumerate(COLOURS) for shade in colour.shades.split()]
    return Palette(
        tuple(colour.name for colour in COLOURS),
        np.array([channels(colour.rgb) for colour in COLOURS], np.uint8),
        np.array([channels(shade) for _, shade in anchors], np.uint8),
        np.array([entry for entry, _ in anchors], np.uint8),
    )


def distances(lab: Lab, centres: Lab) -> NDArray[np.float64]:
    """OKLab distance of each colour (... x 3) from each centre (C x 3): ... x C."""
    difference = lab[..., None, :] - centres
    return np.sqrt((difference * difference).sum(-1))


def fit_palette(
    colours: NDArray[np.uint8], weights: NDArray[np.float64], count: int, names: Palette, seed: int = 0
) -> Palette:
    """A palette of at most `count` colours, by k-means in OKLab over the flat colours of pictures.

    colours: n x 3, sRGB; weights: n. Each entry is the weighted mean of the colours in its cluster, and is named
    after the nearest entry of `names`: "blue", "blue 2". Needs scikit-learn.
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
