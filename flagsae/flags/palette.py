"""Palettes: named colours. Pixels are matched with them by their distance in OKLab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOURS, channels

Picture: TypeAlias = NDArray[np.uint8]  # H x W x 3, sRGB
Lab: TypeAlias = NDArray[np.float64]  # ... x 3, OKLab


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


def oklab(rgb: NDArray[np.uint8] | NDArray[np.float64]) -> Lab:
    """Converts sRGB (... x 3, 0 to 255) to OKLab (Björn Ottosson, "A perceptual color space for image processing",
    2020). Returns ... x 3.

    Rounded to six decimals, so that ties between distances are decided alike on every machine.
    """
    channel = np.asarray(rgb, np.float64) / 255
    # The numbers are those of the sRGB standard (IEC 61966-2-1) here, and of Ottosson's matrices below.
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


def from_oklab(lab: Lab) -> NDArray[np.uint8]:
    """Converts OKLab (... x 3) to sRGB; colours that sRGB does not have are cut off at its edge."""
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = np.stack(
        [
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ],
        axis=-1,
    ).clip(0, 1)
    channel = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * channel).astype(np.uint8)


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
