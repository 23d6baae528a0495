"""How a dictionary is learned, and what has been learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dictionary.folds import Floats


@dataclass(frozen=True)
class Recipe:
    """A row of a table. What only one of the two tables uses is marked with it."""

    name: str
    features: int = 64
    """K."""
    active: int = 8
    """k."""
    activation: str = "topk"
    """topk, batchtopk, relu, jumprelu."""
    encoder: str = "free"
    """free; tied: the atoms; inverse: their ridge inverse, (W Wᵀ + ridge)⁻¹ W (1 + ridge); random: not learned."""
    ridge: float = 0.3
    """Of the inverse encoder."""
    atoms: str = "free"
    """free; convex: mixtures of training flags; non-negative: such mixtures as seen from the empty picture (canvas);
    positive: without negative numbers (designs); flags, shuffled: not learned, see `plain.given`."""
    start: str = "mixtures"
    """What atoms start as: random mixtures of training flags, or flags."""
    biased: bool = True
    """Whether flags are rebuilt around a point that is learned, and not around the empty one."""
    prefixes: tuple[float, ...] = (1.0,)
    """Matryoshka's, as shares of the features."""
    cut: float = 0.0
    """Activations up to it are 0 once the model is trained (designs)."""
    dropped: float = 0.0
    """The share of an input's numbers that are put to 0 in training (designs)."""
    noise: float = 0.0
    """Its length, as a share of the input's (canvas)."""
    sums: str = ""
    """Means of two flags beside the flags: "pixels" rebuilds them, "codes" asks of their code to be the mean of both
    flags' codes (canvas)."""
    further: str = ""
    """Other points than flags, of which each step rebuilds as many: recoloured (both), subnational, given (designs)."""
    power: float = 1.0
    """Of the rarity by which design features are weighted (designs)."""
    steps: int = 800
    rate: float = 3e-3


@dataclass(frozen=True)
class Coder:
    """One model."""

    encode: Callable[[Floats], Floats]
    """n x D to n x K."""
    atoms: Floats | None = None
    """K x D, of norm 1 where they are learned."""
    bias: Floats | float = 0.0
    """D."""
    scores: Callable[[Floats], Floats] | None = None
    """What attributes are read from, where that is not the code."""
    signed: bool = False


def strongest(codes: Floats, active: int) -> Floats:
    """Codes with all but the `active` strongest features of each flag put to zero: n x K."""
    if active >= codes.shape[1]:
        return codes
    size = np.abs(codes)
    return np.where(size >= np.partition(size, -active, axis=1)[:, -active, None], codes, 0)
