"""Codes, which are activations of features: how they are added, drawn at random and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import UsageError

DIGITS = 6  # of an activation in a record, after the point

Codes: TypeAlias = NDArray[np.float32]  # n x K, at least 0


def compose(codes: Codes, amounts: Sequence[float]) -> Codes:
    """Σ amountᵢ codeᵢ of n codes (n x K), as one code (1 x K). Negative sums become 0, as codes have none."""
    return np.maximum(np.asarray(amounts, np.float32) @ codes, 0)[None]


def sample_codes(codes: Codes, prior: str, random: np.random.Generator) -> NDArray[np.float32]:
    """Draws the code of a flag that does not exist: K. codes: n x K, of real flags. Raises `UsageError`.

    prior: "uniform", uniform random numbers in [0, 1), as in Wolf's notebook; "gaussian", where each feature fires as
    often as in real flags, independently of the others, with a normal activation of the same mean and deviation; or
    "empirical", where the features that fire are those of a random flag, and the activation of each comes from a
    random flag in which it fires.
    """
    features = codes.shape[1]
    if prior == "uniform":
        return random.random((features,), np.float32)
    fires = codes > 0
    if prior == "gaussian":
        count = np.maximum(fires.sum(0), 1)
        mean = codes.sum(0) / count
        spread = np.sqrt((np.where(fires, codes - mean, 0) ** 2).sum(0) / count)
        drawn = np.maximum(random.normal(mean, spread), 0)
        return np.where(random.random(features) < fires.mean(0), drawn, 0).astype(np.float32)
    if prior != "empirical":
        raise UsageError(f"is uniform, gaussian or empirical, not {prior!r}", parameter="prior")
    code = np.zeros(features, np.float32)
    for feature in np.nonzero(fires[random.integers(len(codes))])[0]:
        code[feature] = random.choice(codes[fires[:, feature], feature])
    return code


def sparse(code: NDArray[np.float32]) -> dict[str, float]:
    """A code (K) for a record: feature number to activation, strongest first, without zeros."""
    order = (-code).argsort(kind="stable")
    return {str(feature): round(float(code[feature]), DIGITS) for feature in order if code[feature] > 0}
