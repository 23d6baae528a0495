"""Signed atoms as pictures: mid grey is nothing, in both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOTHING = np.array([128, 128, 128])
FAINT = 0.15  # of full strength: what is weaker is not drawn
BOLD = 0.8  # of full strength: what is stronger is drawn in its full colour


def flat(strength: NDArray[np.floating], labels: NDArray[np.uint8], colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A colour at each place, as bold as it is strong. strength: h x w, 1 is full; labels: h x w, of C; colours:
    C x 3; h x w x 3."""
    bold = np.clip((strength - FAINT) / (BOLD - FAINT), 0, 1)[..., None]
    return np.round(bold * colours[labels] + (1 - bold) * NOTHING).astype(np.uint8)


def light(weights: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Signed weights of red, green and blue on one scale, symmetric about grey. weights: h x w x 3."""
    full = max(float(np.quantile(np.abs(weights), 0.99)), 1e-9)
    return np.round(NOTHING + 127 * np.clip(weights / full, -1, 1)).astype(np.uint8)
