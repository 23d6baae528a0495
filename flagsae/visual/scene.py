"""The contract of visualizers: what a visualizer is given, and what it returns.

    class Title:
        summary = "The name of the scene, and nothing else."

        def render(self, scene: Scene, size: Size) -> RenderableType:
            return Text(scene.title, no_wrap=True, overflow="crop")

A visualizer is a class with a `summary` and a method `render`, made without arguments. `render` returns anything that
Rich can print: the command line prints it, the application shows it in a pane, and files are made from it. A
visualizer

- draws at most `size.columns` columns and `size.lines` lines, even if that is a single cell;
- accepts a scene without pictures, without a code, or with unlabelled features;
- is deterministic, prints nothing, and does not change the scene;
- may look at the console, in `__rich_console__`: if `console.color_system` is None, use no colour, and if
  `options.ascii_only` is true, only ASCII characters;
- may refuse a scene with one line that says why: `raise PluginError("a map wants a dictionary: flagsae features
  --view map")`.

Two more methods are optional: `frames`, for one that moves (`Animated`), and `export`, for one that writes its own
kinds of file (`Exporting`). `flagsae.testing.check_visualizer` checks all of this.

This module imports nothing heavy, as it is read for lists of visualizers too.

Shapes: H x W a picture, h x w an atom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import RenderableType

Picture: TypeAlias = "NDArray[np.uint8]"  # H x W x 3, sRGB
FRAME = 1 / 15  # seconds that each picture of an animation is shown
MOST_FRAMES = 500  # pictures in an animation, at most


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """What is known of one feature of a dictionary."""

    index: int
    """Its number, as in f17."""
    label: str = ""
    """What it stands for, in words; empty if it has no label."""
    atom: Picture | None = None
    """What it adds to a flag, h x w x 3; mid grey where it adds nothing."""
    strength: NDArray[np.float32] | None = None
    """h x w: how much it adds to the score of a colour at each pixel for an activation of 1, below 0 where it takes
    away more than it adds. The colours that a flag has score about 1."""
    top: Sequence[str] = ()
    """Names of the flags that it fires for most, the strongest first."""
    trusted: bool = False
    """Whether the label is true of enough of those flags."""
    made_of: Sequence[tuple[str, float]] = ()
    """(name, weight) of what its atom is made of, the strongest first, where that has names."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a visualizer is given: pictures, and the sparse code of the first of them.

    A scene shows one of four things: a sum of codes, a flag, a feature, or a whole dictionary.
    """

    title: str
    images: Mapping[str, Picture] = field(default_factory=dict)
    """Pictures by their names, of any size. The first is the subject; the others are for comparison.

    A sum: the composite, then its terms. A flag: the flag, then the model's reconstruction. A feature: its atom, what
    it takes away, then the flags that it fires for. A dictionary: its atoms on one sheet, then every flag.
    """
    code: Mapping[int, float] = field(default_factory=dict)
    """Feature -> activation, of the features that are not zero; negative where a sum subtracts one.

    Empty if unknown. For a dictionary, the mean code of all flags.
    """
    features: Sequence[Feature] = ()
    """What is known of the features in the code, the strongest first; some may be missing.

    For a dictionary, all its features in the order of their numbers.
    """
    words: str = ""
    """The scene in a sentence."""
    codes: Sequence[Mapping[int, float]] = ()
    """The code of each picture, in the order of `images`; empty unless the scene is a sum or a dictionary."""
    places: Sequence[tuple[float, float]] = ()
    """x, y of each picture on the map of all encodings, (0, 0) its upper left and (1, 1) its lower right corner.

    Only a dictionary has these; its sheet of atoms is not on the map and has (nan, nan).
    """

    @property
    def picture(self) -> Picture | None:
        """The subject of the scene: the first picture that has any pixels."""
        return next((picture for picture in self.images.values() if picture.size), None)


@dataclass(frozen=True, slots=True)
class Size:
    """The room to draw in, in cells of a terminal, at least 1 x 1. A cell is about twice as high as it is wide."""

    columns: int
    lines: int


class Visualizer(Protocol):
    """Draws scenes. Its name is the one that it is registered by."""

    summary: str
    """What it shows, in one line, for lists of visualizers."""

    def render(self, scene: Scene, size: Size) -> RenderableType:
        """The scene in at most `size` cells."""
        ...


class Animated(Visualizer, Protocol):
    """A visualizer that moves: played on a terminal and in the application, and written as a GIF."""

    def frames(self, scene: Scene, width: int) -> Iterable[Picture]:
        """The pictures of one loop, each shown for `FRAME` seconds; all of one size, about `width` pixels wide.

        At most `MOST_FRAMES`. None at all if nothing in the scene can move: then `render` draws it.
        """
        ...


class Exporting(Visualizer, Protocol):
    """A visualizer that writes its own kinds of file."""

    suffixes: Sequence[str]
    """The suffixes of the files that it writes, as in (".html",)."""

    def export(self, scene: Scene, suffix: str, width: int) -> bytes:
        """The contents of a file with that suffix; about `width` pixels wide if it is a picture."""
        ...
