"""Samples new flags: random codes, drawn as designs.

There are four priors of codes, ordered from those that look most like real flags to those that look least so:

- "mix", the default: a sum of the codes of two or three real flags, with random amounts;
- "empirical": the features that fire in one real flag, the activation of each from a random flag in which it fires;
- "gaussian": each feature fires as often and as strongly as in real flags, independently of the others;
- "uniform": a vector of uniform random numbers, as in Wolf (2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import Parameter, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.flags.pictures import resample
from flagsae.mixing.choices import PRIORS
from flagsae.mixing.compose import Composite, Operand, Sum, draw, write
from flagsae.sae.codes import Codes, sample_codes
from flagsae.sae.kind import Model

TRIES = 20  # draws for each sample, of which those too near to a real flag are rejected
# The prior "mix", by eye: with smaller amounts a flag would not be visible, with more flags none would.
THIRD = 0.25  # probability of a third flag
AMOUNTS = (0.5, 1)  # of each flag, from a uniform distribution
AMOUNT_DIGITS = 2  # after the point, so that the expression stays short


@dataclass(frozen=True, eq=False)
class Sample(Sum):
    """A flag that does not exist: a sum of random terms, or one random code, that has been drawn.

    The expression is empty unless the prior is "mix".
    """

    composite: Composite
    """Its code and its picture."""
    distance: float
    """Mean absolute difference from the nearest real flag on the canvas, in 8-bit steps."""


def sample(
    model: Model,
    count: int,
    *,
    prior: str = "mix",
    seed: int = 0,
    avoid_real: float = NEAR_DUPLICATE,
    decode: str = "",
) -> Iterator[Sample]:
    """Yields `count` flags that do not exist, one at a time; the same for the same seed.

    prior: one of `PRIORS`; avoid_real: flags nearer than this to a real one are drawn again, as the mean absolute
    difference on the canvas in 8-bit steps; decode: as for `draw`. Raises `UsageError` for an unknown prior, and after
    `TRIES` draws a flag if too many were too near.
    """
    if prior not in PRIORS:
        raise UsageError(f"is one of {', '.join(PRIORS)}, not {prior!r}", parameter="prior")
    random = np.random.default_rng(seed)
    dataset = model.dataset
    codes = model.encode(dataset.flags)
    found = 0
    for number in range(count * TRIES):
        if found == count:
            return
        operands = (
            _mixture(dataset, codes, random)
            if prior == "mix"
            else [Operand(f"{prior} {seed}-{number + 1}", sample_codes(codes, prior, random))]
        )
        composite = draw(model, operands, decode)[0]
        distance = nearest_flag(composite.picture(), dataset)
        if distance >= avoid_real:
            found += 1
            text = write(operands) if prior == "mix" else ""
            yield Sample(text or operands[0].title, text, operands, composite, distance)
    if found < count:
        raise UsageError(
            f"only {found} of {count} samples are {avoid_real:g} or more from every real flag: give a smaller ",
            Parameter("avoid_real"),
            ", or another ",
            Parameter("prior"),
        )


def _mixture(dataset: Dataset, codes: Codes, random: np.random.Generator) -> list[Operand]:
    """Draws a sum of two flags, or of three. codes: N x K."""
    chosen = random.choice(len(codes), size=min(len(codes), 3 if random.random() < THIRD else 2), replace=False)
    amounts = np.round(random.uniform(*AMOUNTS, len(chosen)), AMOUNT_DIGITS)
    names = dataset.flags.names
    return [
        Operand(names[flag].title, codes[flag], float(amount), dataset.flags[[flag]], word=names[flag].slug)
        for flag, amount in zip(chosen, amounts, strict=True)
    ]


def nearest_flag(pixels: NDArray[np.uint8], dataset: Dataset) -> float:
    """Mean absolute difference from the nearest flag of the dataset on its canvas, in 8-bit steps. pixels: sRGB."""
    small = resample(pixels, *dataset.size).astype(np.int16)
    return float(np.abs(dataset.flags.canvas.astype(np.int16) - small).mean((1, 2, 3)).min())
