"""The visualizers that there are, by their names. Names cost nothing: a visualizer is imported when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flagsae.visual.scene import Visualizer

# Name -> module:class. They use the contract that anyone's would, and nothing else.
BUILTIN = {
    "blocks": "flagsae.visual.views:Blocks",
    "parents": "flagsae.visual.views:Parents",
    "bars": "flagsae.visual.views:Bars",
    "heat": "flagsae.visual.views:Heat",
    "palette": "flagsae.visual.views:Palette",
    "letters": "flagsae.visual.views:Letters",
}


def visualizers() -> dict[str, Callable[[], Visualizer]]:
    """Every visualizer by its name, with what loads it, in the order of lists."""
    return {name: partial(load, place) for name, place in BUILTIN.items()}


def load(place: str) -> Visualizer:
    """A visualizer from `module:class`. Raises whatever its module raises."""
    module, _, name = place.partition(":")
    made: Visualizer = getattr(import_module(module), name)()
    return made
