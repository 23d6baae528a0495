"""Pictures for terminals and files. Nothing here knows a model.

What visualizers are made of is at hand here: `from flagsae.visual import Picture, Scene, Size, show`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flagsae.visual.scene import FRAME, Animated, Exporting, Feature, Picture, Scene, Size, Visualizer

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["FRAME", "Animated", "Exporting", "Feature", "Picture", "Scene", "Size", "Visualizer", "say", "show"]


def show(picture: Picture | None, size: Size) -> RenderableType:
    """A picture as large as fits, for any console: in blocks, or in letters without colour. None prints "no picture".

    picture: H x W x 3, of any size; a cell shows two of its pixels, one above the other.
    """
    from flagsae.visual.builtin import whole

    return whole(picture, size)


def say(text: str, size: Size) -> RenderableType:
    """A text instead of a picture, in at most that many cells."""
    from flagsae.visual.terminal import lines

    return lines.say(text, size)
