"""Chance with weights: what is drawn, and how much likelier what is cheap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

HEAT = 0.3  # by which costs are tempered: what costs so much more is drawn a third as often

_One = TypeVar("_One")


def chosen(every: Sequence[_One], weights: Sequence[float], random: np.random.Generator) -> _One:
    """One of some, by their weights."""
    shares = np.asarray(weights, float)
    return every[int(random.choice(len(every), p=shares / shares.sum()))]


def any_of(every: Sequence[_One], random: np.random.Generator) -> _One:
    return every[int(random.integers(len(every)))]


def tempered(every: Sequence[_One], costs: Sequence[float], random: np.random.Generator) -> _One:
    """One of some, the cheaper the likelier."""
    away = np.asarray(costs, float) - min(costs)
    return chosen(every, np.exp(-away / HEAT).tolist(), random)
