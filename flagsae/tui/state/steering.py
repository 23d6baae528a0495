"""Steering: change the activation of some features in a flag's code, and decode it again; with a model of designs
change the flag's design.

Letters: N flags, K features, H x W the canvas.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design import carried
from flagsae.design.design import Design
from flagsae.design.vectors import design_of
from flagsae.flags.names import Name
from flagsae.mixing.expression import show
from flagsae.sae.embedding import nearest
from flagsae.sae.kind import DesignedModel, of_designs
from flagsae.tui.state.mixing import words_of
from flagsae.workspace.collection import Picture
from flagsae.workspace.workspace import Workspace

STEP = 0.05  # the smallest step of an activation; all steps are multiples of it
STEPS = 4  # key presses from off to a feature's usual activation
TIMES = 4  # how many times its usual activation a feature can be turned up to
ROUNDING = 1e-6  # of a step: an activation this near to a multiple of the step counts as on it
NEAR = 3  # how many flags are named as the nearest
VISIBLE = 16  # of 255: a pixel of a model that is not flat looks the same if it changes by less (by eye)


class Steering:
    """The activations that the user has set, by flag and feature."""

    def __init__(self) -> None:
        self._amounts: dict[int, dict[int, float]] = {}  # flag -> feature -> activation

    def of(self, flag: int, features: int) -> dict[int, float]:
        """The features that are changed in a flag, with their activations, in the order in which they were changed.

        features: how many the model has. It may be another model than before: changes of features that it doesn't have
        are left out.
        """
        return {feature: amount for feature, amount in self._amounts.get(flag, {}).items() if feature < features}

    def set(self, flag: int, feature: int, amount: float) -> None:
        self._amounts.setdefault(flag, {})[feature] = amount

    def reset(self, flag: int, feature: int | None = None) -> bool:
        """Undoes the change of a feature, or of all. Returns whether there was any."""
        changes = self._amounts.get(flag, {})
        if feature is None:
            return self._amounts.pop(flag, None) is not None and bool(changes)
        return changes.pop(feature, None) is not None


@dataclass(frozen=True)
class Reach:
    """The activations that a feature can be set to."""

    usual: float  # the mean of its activation in the flags in which it fires
    step: float  # what a key press adds or takes away
    high: float  # the highest

    def turned(self, amount: float, steps: int) -> float:
        """An activation after some key presses, down if `steps` is below 0: a multiple of the step, from 0 to `high`.
        One that is above `high` already does not rise."""
        place = amount / self.step
        place = math.floor(place + ROUNDING) + steps if steps > 0 else math.ceil(place - ROUNDING) + steps
        return round(min(max(place * self.step, 0.0), max(self.high, amount)), 4) + 0.0


def reach(workspace: Workspace, feature: int) -> Reach:
    """The activations to which a feature can be set. One that never fires gets those of an average feature."""
    column = workspace.strength[:, feature]
    firing = column[column > 0] if column.any() else workspace.strength[workspace.strength > 0]
    usual = float(firing.mean()) if len(firing) else 1.0
    step = max(STEP, round(usual / STEPS / STEP) * STEP)
    return Reach(usual, step, round(math.ceil(max(TIMES * usual, float(firing.max(initial=1.0))) / step) * step, 4))


def steered_code(workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> NDArray[np.float32]:
    """A flag's code with the activations of some features replaced: K. amounts: feature -> activation."""
    code = workspace.codes[flag].copy()
    for feature, amount in amounts.items():
        code[feature] = amount
    return code


def expression(workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> str:
    """The steered flag as a sum: `morocco + 0.8*f17 - 0.49*f3`. Amounts are rounded to two digits; that of a feature
    which is off is rounded so that the feature stays off."""
    terms = [(1.0, workspace.collection.slug(flag))]
    for feature, amount in amounts.items():
        own = float(workspace.codes[flag, feature])
        # For a feature that is off, more is subtracted rather than less: an activation below 0 counts as 0.
        change = round(amount - own, 2) if amount else -math.ceil(100 * own) / 100
        if change:
            terms.append((change, f"f{feature}"))
    return show(terms)


@dataclass(frozen=True, eq=False)
class Steered:
    """A flag with some features changed."""

    workspace: Workspace
    flag: int
    amounts: Mapping[int, float]  # feature -> activation
    before: Picture  # what the model decodes from the flag's own code; of a model of designs the flag itself
    after: Picture  # what it decodes from the changed code
    changed: NDArray[np.bool_]  # the pixels in which these two differ visibly: H x W
    design: Design | None = None  # the changed design; None where none is, or the model is none of designs

    def is_of(self, workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> bool:
        """Whether `steer` would give the same for these arguments."""
        return self.workspace is workspace and self.flag == flag and dict(self.amounts) == dict(amounts)


def steer(workspace: Workspace, flag: int, amounts: Mapping[int, float]) -> Steered:
    """Changes a flag's features and decodes it. amounts: feature -> activation. Takes about 20 ms, with a model of
    designs some tenths of a second."""
    if of_designs(workspace.model):
        return _redesigned(workspace, workspace.model, flag, amounts)
    before = after = workspace.rebuilt(flag)
    if amounts:
        (after,), _ = workspace.model.rebuild(
            steered_code(workspace, flag, amounts)[None], workspace.dataset.flags[[flag]]
        )
    difference = np.abs(after.astype(np.int16) - before).max(-1)  # H x W
    return Steered(workspace, flag, amounts, before, after, difference >= (1 if workspace.model.flat else VISIBLE))


def _redesigned(workspace: Workspace, model: DesignedModel, flag: int, amounts: Mapping[int, float]) -> Steered:
    """The flag itself, with a change of its design where the features meet something."""
    before, flags = workspace.collection.small(flag), workspace.dataset.flags[[flag]]
    own = design_of(workspace.dataset, flags)
    design = model.steered(flags, steered_code(workspace, flag, amounts) - workspace.codes[flag]) if amounts else None
    if own is None or design is None or design == own:
        return Steered(workspace, flag, amounts, before, before, np.zeros(before.shape[:2], bool))
    # The flag's own design is drawn too: what differs is then what was changed, and not what its parser has missed.
    old, new = model.drawn([own, design])
    return Steered(workspace, flag, amounts, before, flags.tints[0][new], old != new, design)


@dataclass(frozen=True, eq=False)
class Seen:
    """What is recognized in a steered flag."""

    steered: Steered
    words: str  # a description of the steered flag
    near: tuple[tuple[int, float], ...]  # (position, similarity) of the real flags most like it, best first


def look(steered: Steered) -> Seen:
    """Describes a steered flag, and encodes it to find the nearest real ones. Takes about 60 ms."""
    workspace = steered.workspace
    if steered.after is steered.before and of_designs(workspace.model):
        seen = workspace.dataset.flags[[steered.flag]]
    else:
        seen = workspace.dataset.make_flag(Name("steered", "steered"), steered.after)
    if steered.design is not None:
        carried.carry(seen, steered.design)
    alike = workspace.alike(workspace.model.encode(seen)[0])
    near = tuple((flag, float(alike[flag])) for flag in nearest(alike, min(NEAR, len(alike))))
    return Seen(steered, words_of(seen, workspace), near)
