"""The functions of `flagsae` for scripts and notebooks. They use one workspace, which is opened at the first call."""

from __future__ import annotations

from functools import lru_cache

from flagsae.design.describe import Description
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.workspace.drawn import draw as draw
from flagsae.workspace.mix import Mix
from flagsae.workspace.workspace import Workspace, open_workspace


def open(data: str = "", model: str = "") -> Workspace:
    """Opens a dataset and one of its models. The result has `compose`, `describe` and `sample` as methods.

    data: the name of a prepared dataset, or its file; by default the bundled flags. model: the name of a trained model,
    or its file; by default the shipped one, or the newest that was trained on the dataset. Raises `UnknownName`,
    `DatasetError` or `ModelError`.

    >>> import flagsae
    >>> flags = flagsae.open()
    >>> flags  # doctest: +ELLIPSIS
    <249 flags of 'flags', model ...>
    >>> flags.describe("japan").text
    'white field; red disc in the centre'
    """
    return open_workspace(data, model)


@lru_cache(maxsize=1)
def _bundled() -> Workspace:
    """The bundled flags with the shipped model."""
    return open_workspace()


def compose(*operands: str, decode: str = "") -> Mix:
    """Adds encodings of the bundled flags and draws the flag that the sum stands for.

    operands: flags (a name, an ISO code, an alias, a picture's path), words (`red`, `star`, `gold border`), features
    (`f17`), or sums of them; all are added up. decode: "weave" (parts of the flags as one design, the default), "vote"
    (a colour a region) or "sum" (a colour a pixel). Raises `ExpressionError`, which points at what is wrong in a sum,
    or `UsageError` if nothing is left of it. A flag may have edits in brackets.

    >>> import flagsae
    >>> flagsae.compose("morocco[star->crescent, red->blue]").text
    'blue field; green crescent in the centre'
    >>> flagsae.compose("denmark + yellow - white").text
    'red field; yellow Nordic cross'
    >>> mix = flagsae.compose("morocco", "colombia")
    >>> mix
    <Morocco + Colombia>
    >>> mix.text
    'three horizontal stripes, yellow, blue, red, the first twice as high; green star in the upper hoist'
    """
    return _bundled().compose(*operands, decode=decode)


def describe(operand: str) -> Description:
    """A bundled flag, or a sum of some, in words: `text`, `elements`, `colours`, `record`.

    operand: as for `compose`. Raises `ExpressionError` or `UsageError`.

    >>> import flagsae
    >>> found = flagsae.describe("morocco")
    >>> found.text, found.colours
    ('red field; green star in the centre', ('red', 'green'))
    """
    return _bundled().describe(operand)


def sample(
    count: int = 1, *, seed: int = 0, prior: str = "", avoid_real: float = NEAR_DUPLICATE, decode: str = ""
) -> list[Mix]:
    """Draws new flags that are made as the bundled ones are; the same flags for the same seed.

    count: how many; prior: "grammar", the default, or of codes "mix", "empirical", "gaussian" or "uniform"; avoid_real:
    flags nearer than this to a real one are drawn again, as the mean absolute difference of the canvases in 8-bit
    steps; decode: as for `compose`. Raises `UsageError` for an unknown prior, and if too many are too near.

    >>> import flagsae
    >>> flagsae.sample(seed=7, prior="gaussian")
    [<gaussian 7-1>]
    """
    return _bundled().sample(count, seed=seed, prior=prior, avoid_real=avoid_real, decode=decode)
