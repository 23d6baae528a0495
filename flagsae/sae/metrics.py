"""Metrics of rebuilt pictures. Pictures are n x H x W x 3, uint8; label maps n x H x W."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def pixel_accuracy(labels: NDArray[np.uint8], rebuilt: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The share of pixels with the right colour, per flag: n."""
    return np.mean(labels == rebuilt, axis=(1, 2))


def psnr(pictures: NDArray[np.uint8], rebuilt: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Peak signal-to-noise ratio in decibels, per flag: n; infinite for equal pictures."""
    error = np.mean((pictures.astype(np.float64) - rebuilt) ** 2, axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        return 10 * np.log10(255**2 / error)


def fvu(pictures: NDArray[Any], rebuilt: NDArray[Any], mean: NDArray[np.floating]) -> float:
    """Fraction of variance unexplained, Σ‖x − x̂‖² / Σ‖x − x̄‖², both sums over all pictures, or other inputs.

    mean: x̄ of each pixel, H x W x 3, or as long as an input. Without any variance 0 for a perfect copy, else 1.
    """
    error = ((pictures.astype(np.float64) - rebuilt) ** 2).sum()
    variance = ((pictures.astype(np.float64) - mean) ** 2).sum()
    return float(error / variance) if variance else float(error > 0)
