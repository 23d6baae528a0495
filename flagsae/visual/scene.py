"""The contract of visualizers: what one is given, and what it gives back.

    class Title:
        summary = "The name of the scene, and nothing else."

        def render(self, scene: Scene, size: Size) -> RenderableType:
            return Text(scene.title, no_wrap=True, overflow="crop")

A visualizer is a class without arguments that has these two. What `render` returns is anything that Rich can print:
the command line prints it, the application shows it in a pane, and a file is made of it. So a visualizer

- fits: it draws at most `size.columns` wide and `size.lines` high, also where that is a single cell;
- copes: with a scene without pictures, without a code, with unlabelled features;
- is deterministic, prints nothing, and leaves the scene as it is;
- may look at the console that it is drawn on, from `__rich_console__`: where `console.color_system` is None there is
  no colour, and where `options.ascii_only` nothing but ASCII;
- may say in one line why it cannot: `raise PluginError("a map wants a dictionary: flagsae features --view map")`.

Two more methods are optional: `frames`, of one that moves (`Animated`), and `export`, of one that writes files of its
own (`Exporting`). `flagsae.testing.check_visualizer` tries all of this.

Nothing heavy is imported here: a visualizer's module imports what it needs when it is loaded.

Letters: H x W a picture, h x w an atom.
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
FRAME = 1 / 15  # seconds between two pictures of what moves
MOST_FRAMES = 500  # of a loop


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One feature of a dictionary, as far as it is known.

    index: its number, as in f17; label: what it stands for, in words; atom: what it adds to a flag, h x w x 3, mid
    grey where it adds nothing; strength: how much it adds there to the score of a colour for an activation of 1, h x w,
    below 0 where it takes away more than it adds (a flag's own colours have a score of about 1); top: the names of the
    flags for which it fires most, the first the most; trusted: whether the label is true of enough of them.
    """

    index: int
    label: str = ""
    atom: Picture | None = None
    strength: NDArray[np.float32] | None = None
    top: Sequence[str] = ()
    trusted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All that a visualizer may look at: pictures, and the sparse code behind the first of them.

    title: what the scene is called; images: pictures by their names, of any size and shape, the first of them the one
    that matters: of a sum what was drawn, then its terms; of a flag the flag, then what the model rebuilds of it; of a
    feature its atom, then what it takes away and the flags for which it fires; of a whole dictionary its atoms on one
    sheet, then every flag. code: feature -> activation, of the features that are not zero, negative where a sum takes
    one away; empty when it is unknown; of a dictionary the mean of all flags'. features: what is known of the features
    of the code, the strongest first; perhaps not of all of them; of a dictionary all features, by their numbers.
    words: the scene in a sentence.

    codes: of each picture, in the order of `images`; places: where each lies on the map of all encodings, (0, 0) the
    upper left and (1, 1) the lower right corner. Both are empty where they are unknown: a sum has codes, a dictionary
    has both, its sheet of atoms lying nowhere, (nan, nan).
    """

    title: str
    images: Mapping[str, Picture] = field(default_factory=dict)
    code: Mapping[int, float] = field(default_factory=dict)
    features: Sequence[Feature] = ()
    words: str = ""
    codes: Sequence[Mapping[int, float]] = ()
    places: Sequence[tuple[float, float]] = ()

    @property
    def picture(self) -> Picture | None:
        """The picture that matters: the first that has any pixels."""
        return next((picture for picture in self.images.values() if picture.size), None)


@dataclass(frozen=True, slots=True)
class Size:
    """The room that there is, in cells of a terminal, 1 x 1 at least; a cell is about twice as high as it is wide."""

    columns: int
    lines: int


class Visualizer(Protocol):
    """summary: what it shows, in one line, for lists; it is called by the name that it is registered by."""

    summary: str

    def render(self, scene: Scene, size: Size) -> RenderableType:
        """The scene in at most so many cells."""
        ...


class Animated(Visualizer, Protocol):
    """One that moves: played on a terminal and in the application, and written as a GIF."""

    def frames(self, scene: Scene, width: int) -> Iterable[Picture]:
        """One turn of a loop, `FRAME` seconds a picture, `MOST_FRAMES` at most, of one size, about `width` pixels wide.

        Nothing where the scene has nothing that could move: then it is drawn by `render`.
        """
        ...


class Exporting(Visualizer, Protocol):
    """One that writes files of its own. suffixes: which, as in (".html",)."""

    suffixes: Sequence[str]

    def export(self, scene: Scene, suffix: str, width: int) -> bytes:
        """The scene as a file of that kind, about `width` pixels wide if it is a picture."""
        ...
