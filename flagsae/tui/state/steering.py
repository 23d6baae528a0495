"""Steering: a flag's code with some of its features turned down, off, or up, decoded again.

Letters: N flags, K features, H x W the canvas.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import make_flag
from flagsae.flags.names import Name
from flagsae.mixing.expression import show
from flagsae.sae.embedding import nearest
from flagsae.tui.state.mixing import words_of
from flagsae.workspace.workspace import Picture, Workspace

STEP = 0.05  # the smallest
STEPS = 4  # from off to a feature's usual strength
TIMES = 4  # its usual strength, the most that it is turned up to
NEAR = 3  # flags that are named as the nearest
SEEN = 16  # of 255: where a model is not flat, a pixel that changes by less looks the same


class Steering:
    """The features that the user has changed, flag by flag, and the activations that they have then."""

    def __init__(self) -> None:
        self._amounts: dict[int, dict[int, float]] = {}

    def of(self, flag: int, features: int) -> dict[int, float]:
        """The changes of a flag, the first one first. features: K of the model, which may have less than before."""
        return {feature: amount for feature, amount in self._amounts.get(flag, {}).items() if feature < features}

    def set(self, flag: int, feature: int, amount: float) -> None:
        self._amounts.setdefault(flag, {})[feature] = amount

    def reset(self, flag: int, feature: int | None = None) -> bool:
        """A feature, or all of them, as the flag has them; whether anything was changed."""
        changes = self._amounts.get(flag, {})
        if feature is None:
            return self._amounts.pop(flag, None) is not None and bool(changes)
        return changes.pop(feature, None) is not None


@dataclass(frozen=True)
class Reach:
    """How far a feature is turned. usual: the mean of its activation where it fires; step: of a key; high: the most."""

    usual: float
    step: float
    high: float

    def turned(self, amount: float, steps: int) -> float:
        """So many steps up or down, to a multiple of the step, within off and the most."""
        place = amount / self.step
        place = math.floor(place + 1e-6) + steps if steps > 0 else math.ceil(place - 1e-6) + steps
        return round(min(max(place * self.step, 0.0), max(self.high, amount)), 4) + 0.0


def reach(workspace: Workspace, feature: int) -> Reach:
    """How far to turn a feature; one that never fires as far as the others on average."""
    column = workspace.strength[:, feature]
    firing = column[column > 0] if column.any() else workspace.strength[workspace.strength > 0]
    usual = float(firing.mean()) if len(firing) else 1.0
    step = max(STEP, round(usual / STEPS / STEP) * STEP)
    return Reach(usual, step, round(math.ceil(max(TIMES * usual, float(firing.max(initial=1.0))) / step) * step, 4))


def steered_code(workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> NDArray[np.float32]:
    """A flag's code, some features of which are changed: K."""
    code = workspace.codes[flag].copy()
    for feature, amount in amounts.items():
        code[feature] = amount
    return code


def expression(workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> str:
    """The same as a sum: `morocco + 0.8*f17 - 0.49*f3`. Amounts have two digits, and what is off is off."""
    terms = [(1.0, workspace.collection.slug(flag))]
    for feature, amount in amounts.items():
        own = float(workspace.codes[flag, feature])
        # A code below zero is zero: a little too much taken off is just off.
        change = round(amount - own, 2) if amount else -math.ceil(100 * own) / 100
        if change:
            terms.append((change, f"f{feature}"))
    return show(terms)


@dataclass(frozen=True, eq=False)
class Steered:
    """A flag with some features changed. before, after: as the model decodes its own code and the changed one;
    changed: H x W, the pixels in which they differ."""

    workspace: Workspace
    flag: int
    amounts: Mapping[int, float]
    before: Picture
    after: Picture
    changed: NDArray[np.bool_]

    def is_of(self, workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> bool:
        """Whether it is what would be made of these."""
        return self.workspace is workspace and self.flag == flag and dict(self.amounts) == dict(amounts)


def steer(workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> Steered:
    """Some 20 ms."""
    before = after = workspace.rebuilt(flag)
    if amounts:
        (after,), _ = workspace.model.rebuild(
            steered_code(workspace, flag, amounts)[None], workspace.dataset.flags[[flag]]
        )
    away = np.abs(after.astype(np.int16) - before).max(-1)
    return Steered(workspace, flag, amounts, before, after, away >= (1 if workspace.model.flat else SEEN))


@dataclass(frozen=True, eq=False)
class Seen:
    """What the model sees in a steered flag: words, and (flag, similarity) of the nearest real ones."""

    steered: Steered
    words: str
    near: tuple[tuple[int, float], ...]


def look(steered: Steered) -> Seen:
    """Some 60 ms."""
    workspace = steered.workspace
    dataset = workspace.dataset
    seen = make_flag(Name("steered", "steered"), steered.after, dataset.palette, dataset.size)
    alike = workspace.alike(workspace.model.encode(seen)[0])
    near = tuple((flag, float(alike[flag])) for flag in nearest(alike, min(NEAR, len(alike))))
    return Seen(steered, words_of(seen, workspace), near)
