"""Samples new flags: designs that are made as real flags are, or random codes, drawn as designs.

There are five priors, ordered from those that look most like real flags to those that look least so:

- "grammar", the default where there are designs to learn it from (`flagsae.mixing.grammar`): a design, and its code;
- "mix", the default elsewhere: a sum of the codes of two or three real flags, with random amounts;
- "empirical": the features that fire in one real flag, the activation of each from a random flag in which it fires;
- "gaussian": each feature fires as often and as strongly as in real flags, independently of the others;
- "uniform": a vector of uniform random numbers, as in Wolf (2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count as counted

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import Parameter, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.flags.names import Name, fold
from flagsae.flags.pictures import resample
from flagsae.mixing.choices import PRIORS
from flagsae.mixing.compose import Composite, Operand, Sum, draw, flag_of, of_design, write
from flagsae.mixing.grammar.drawing import LEAST_FLAGS, Drawn, Grammar, can_be_learned
from flagsae.sae.codes import Codes, sample_codes
from flagsae.sae.kind import Model

TRIES = 20  # draws for each sample, of which those too near to a real flag are rejected
# The prior "mix", by eye: with smaller amounts a flag would not be visible, with more flags none would.
THIRD = 0.25  # probability of a third flag
AMOUNTS = (0.5, 1)  # of each flag, from a uniform distribution
AMOUNT_DIGITS = 2  # after the point, so that the expression stays short


@dataclass(frozen=True, eq=False)
class Sample(Sum):
    """A flag that does not exist: a design of the grammar, a sum of random terms, or one random code, that has been
    drawn.

    The expression is empty unless the prior is "mix".
    """

    composite: Composite
    """Its code and its picture."""
    distance: float
    """Mean absolute difference from the nearest real flag on the canvas, in 8-bit steps."""


def usual_prior(model: Model) -> str:
    """The prior where none is asked for: "grammar" where the model's flags have designs, else "mix"."""
    return "grammar" if _has_grammar(model) else "mix"


def _has_grammar(model: Model) -> bool:
    return model.flat and can_be_learned(model.dataset)


def sample(
    model: Model,
    count: int,
    *,
    prior: str = "",
    seed: int = 0,
    avoid_real: float = NEAR_DUPLICATE,
    decode: str = "",
) -> Iterator[Sample]:
    """Yields `count` flags that do not exist, one at a time; the same for the same seed.

    prior: one of `PRIORS`, `usual_prior` by default; avoid_real: flags nearer than this to a real one are drawn again,
    as the mean absolute difference on the canvas in 8-bit steps; decode: as for `draw`. Raises `UsageError` for an
    unknown prior, for a grammar where there is nothing to learn it from, and after `TRIES` draws a flag if too many
    were too near.
    """
    prior = prior or usual_prior(model)
    if prior not in PRIORS:
        raise UsageError(f"is one of {', '.join(PRIORS)}, not {prior!r}", parameter="prior")
    if prior == "grammar" and not _has_grammar(model):
        reason = f"grammar is learned from {LEAST_FLAGS} designs or more, which are not here: give another, such as mix"
        raise UsageError(reason, parameter="prior")
    found = 0
    for number, (operands, drawn) in enumerate(_drawn(model, prior, seed)):
        if found == count or number == count * TRIES:
            break
        if drawn is not None and decode in ("", "design"):
            made = of_design(drawn.design, operands[0].code, model.dataset)
            composite = replace(made, recipe="grammar", says=drawn.says)
        else:
            composite = draw(model, operands, decode)[0]
        distance = nearest_flag(composite.picture(), model.dataset)
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


def _drawn(model: Model, prior: str, seed: int) -> Iterator[tuple[list[Operand], Drawn | None]]:
    """Random sums without end, with the design that each is made from."""
    random = np.random.default_rng(seed)
    dataset = model.dataset
    if prior == "grammar":
        for number, one in enumerate(Grammar.of(dataset).flags(random), 1):
            yield [_of_grammar(model, one, f"grammar {seed}-{number}")], one
    codes = model.encode(dataset.flags)
    for number in counted(1):
        if prior == "mix":
            yield _mixture(dataset, codes, random), None
        else:
            yield [Operand(f"{prior} {seed}-{number}", sample_codes(codes, prior, random))], None


def _of_grammar(model: Model, one: Drawn, title: str) -> Operand:
    """A design as a term: its flag, and the code that the model has for it."""
    flag = flag_of(one.design, Name(fold(title), title), model.dataset)
    return Operand(title, model.encode(flag)[0], flag=flag, design=one.design)


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
