"""Draws pictures for terminals and files. Nothing here depends on a model.

Authors of visualizers find what they need here: `from flagsae.visual import Picture, Scene, Size, show`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flagsae.visual.scene import FRAME, Animated, Exporting, Feature, Picture, Scene, Size, Visualizer

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["FRAME", "Animated", "Exporting", "Feature", "Picture", "Scene", "Size", "Visualizer", "say", "show"]


def show(picture: Picture | None, size: Size) -> RenderableType:
    """A picture as large as fits: in block characters, or in letters on a console without colour.

    picture: H x W x 3, of any size; None, or one without pixels, prints "this scene has no picture". size: the
    room in cells; a cell shows two pixels, one above the other.
    """
    from flagsae.visual.builtin import whole

    return whole(picture, size)


def say(text: str, size: Size) -> RenderableType:
    """A text in place of a picture, wrapped and cut to `size`."""
    from flagsae.visual.terminal import lines

    return lines.say(text, size)
