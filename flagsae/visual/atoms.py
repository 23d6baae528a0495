"""Pictures of atoms, whose weights have signs, and of one part of a flag. Mid grey stands for zero in all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEUTRAL = np.array([128, 128, 128])
# By eye.
FAINT = 0.15  # share of full strength, below which nothing is drawn
BOLD = 0.8  # share of full strength, above which the full colour is drawn
PALE = 0.2  # share of its own colour that a flag keeps outside the highlighted part
PEAK = 0.99  # quantile of the absolute weights that counts as full strength: a few outliers do not dim the rest
SMALLEST = 1e-9  # full strength at least: no division by zero


def flat(strength: NDArray[np.floating], labels: NDArray[np.uint8], colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The colour of each pixel's label, faded towards grey where its strength is low. Returns h x w x 3.

    strength: h x w, 1 is full; labels: h x w, indices of C colours; colours: C x 3.
    """
    bold = np.clip((strength - FAINT) / (BOLD - FAINT), 0, 1)[..., None]
    return np.round(bold * colours[labels] + (1 - bold) * NEUTRAL).astype(np.uint8)


def peak(weights: NDArray[np.floating]) -> float:
    """The absolute weight that counts as full strength: the `PEAK` quantile."""
    return float(np.quantile(np.abs(weights), PEAK))


def light(weights: NDArray[np.floating], least: float = 0.0) -> NDArray[np.uint8]:
    """Signed weights of red, green and blue on one scale, symmetric about grey. Returns h x w x 3.

    weights: h x w x 3; least: the smallest weight that may count as full strength, so that weights near zero are not
    stretched to full contrast.
    """
    full = max(peak(weights), least, SMALLEST)
    return np.round(NEUTRAL + 127 * np.clip(weights / full, -1, 1)).astype(np.uint8)


def grey(weights: NDArray[np.floating], least: float = 0.0) -> NDArray[np.uint8]:
    """Signed weights: light where positive, dark where negative. weights: h x w. Returns h x w x 3."""
    return light(np.repeat(weights[..., None], 3, axis=2), least)


def spotlight(flag: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A flag that keeps its colours inside a mask and is pale elsewhere. flag: H x W x 3; mask: H x W."""
    pale = np.round(PALE * flag + (1 - PALE) * NEUTRAL).astype(np.uint8)
    return np.where(mask[..., None], flag, pale)
