"""Signed atoms as pictures, and parts of flags alone: mid grey is nothing, in all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEUTRAL = np.array([128, 128, 128])
FAINT = 0.15  # of full strength: what is weaker is not drawn
PALE = 0.2  # of its colour, what is left of a flag beside the part that is meant
BOLD = 0.8  # of full strength: what is stronger is drawn in its full colour


def flat(strength: NDArray[np.floating], labels: NDArray[np.uint8], colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A colour at each place, as bold as it is strong. strength: h x w, 1 is full; labels: h x w, of C; colours:
    C x 3; h x w x 3."""
    bold = np.clip((strength - FAINT) / (BOLD - FAINT), 0, 1)[..., None]
    return np.round(bold * colours[labels] + (1 - bold) * NEUTRAL).astype(np.uint8)


def peak(weights: NDArray[np.floating]) -> float:
    """How strong signed weights are in their strongest places."""
    return float(np.quantile(np.abs(weights), 0.99))


def light(weights: NDArray[np.floating], least: float = 0.0) -> NDArray[np.uint8]:
    """Signed weights of red, green and blue on one scale, symmetric about grey. weights: h x w x 3; least: full
    strength at least, so that hardly anything is shown as such."""
    full = max(peak(weights), least, 1e-9)
    return np.round(NEUTRAL + 127 * np.clip(weights / full, -1, 1)).astype(np.uint8)


def grey(weights: NDArray[np.floating], least: float = 0.0) -> NDArray[np.uint8]:
    """Signed weights, light where they add and dark where they take away. weights: h x w; h x w x 3."""
    return light(np.repeat(weights[..., None], 3, axis=2), least)


def spotlight(flag: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A flag that is pale but for one part of it. flag: H x W x 3; mask: H x W; H x W x 3."""
    pale = np.round(PALE * flag + (1 - PALE) * NEUTRAL).astype(np.uint8)
    return np.where(mask[..., None], flag, pale)
