"""New flags from nothing but the model: codes drawn at random, then drawn as designs.

Four priors, from the one whose flags could be flown to the notebook's:

- "mix", the default: the codes of two or three real flags, in random shares;
- "empirical": which features fire together comes from one flag, how strongly each from any other;
- "gaussian": each feature as often and as strongly as in real flags, but for itself alone;
- "uniform": a vector of uniform random numbers, as Wolf (2016) has it.
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

TRIES = 20  # for each sample, where real flags are to be avoided


@dataclass(frozen=True, eq=False)
class Sample(Sum):
    """A sum of random terms, drawn."""

    composite: Composite
    """What was drawn."""
    distance: float
    """From the nearest real flag: the mean absolute difference on the canvas, in 8-bit steps."""


def sample(
    model: Model,
    count: int,
    *,
    prior: str = "mix",
    seed: int = 0,
    avoid_real: float = NEAR_DUPLICATE,
    decode: str = "",
) -> Iterator[Sample]:
    """`count` flags that do not exist, one at a time; the same for the same seed.

    avoid_real: those nearer than this to a real flag are drawn anew. Raises `UsageError` for an unknown prior, and
    where too many are too near.
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
    """Two flags, one time in four three, with shares between a half and the whole of the largest."""
    chosen = random.choice(len(codes), size=min(len(codes), 3 if random.random() < 0.25 else 2), replace=False)
    amounts = np.round(random.uniform(0.5, 1, len(chosen)), 2)
    names = dataset.flags.names
    return [
        Operand(names[flag].title, codes[flag], float(amount), dataset.flags[[flag]], word=names[flag].slug)
        for flag, amount in zip(chosen, amounts, strict=True)
    ]


def nearest_flag(pixels: NDArray[np.uint8], dataset: Dataset) -> float:
    """Mean absolute difference from the nearest flag of the dataset on its canvas, in 8-bit steps."""
    small = resample(pixels, *dataset.size).astype(np.int16)
    return float(np.abs(dataset.flags.canvas.astype(np.int16) - small).mean((1, 2, 3)).min())
