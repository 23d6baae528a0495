"""Measures of samples: how clean they are, and how new."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Flags
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.flags.pictures import resample
from flagsae.mixing.sampling import sample
from flagsae.sae.kind import Model
from mixes import plain
from mixes.judging import Verdict
from mixes.ways import Mix, shown


def drawn(model: Model, count: int, seed: int, prior: str) -> Iterator[Mix]:
    """Samples as they are drawn: `flagsae sample` draws those that are near to a real flag anew."""
    start = time.process_time()
    for one in sample(model, count, prior=prior, seed=seed, avoid_real=0):
        yield shown(one.composite, model.dataset, seconds=time.process_time() - start)
        start = time.process_time()


def judged(mixes: list[Mix], flags: Flags | None) -> list[Verdict]:
    """How clean and how new each is; without flags, how new among the others. Distances are mean differences of
    canvases in 8-bit steps."""
    small = np.stack([resample(one.canvas, *one.canvas.shape[:2]) for one in mixes])
    among = apart(small, small)
    np.fill_diagonal(among, np.inf)
    nearest = (among if flags is None else apart(small, flags.canvas)).min(1)
    return [
        {"colours": plain.colours(one.canvas), "speckle": plain.speckle(one.canvas)}
        | {"nearest": float(away), "least": float(away), "real": bool(away < NEAR_DUPLICATE)}
        | {"doubles": int((among[number, :number] < NEAR_DUPLICATE).sum())}
        | ({"seconds": one.seconds} if one.seconds else {})
        for number, (one, away) in enumerate(zip(mixes, nearest, strict=True))
    ]


def apart(some: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.float64]:
    """n x N."""
    return np.stack([np.abs(others.astype(np.int16) - one).mean((1, 2, 3)) for one in some])
