"""The colour space OKLab, in which distances are about as large as colours look different."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Lab: TypeAlias = NDArray[np.float64]  # ... x 3, OKLab


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
