"""A mixed flag as an object, with its picture, file, code and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.design.describe import Description
from flagsae.design.design import Design
from flagsae.errors import UsageError
from flagsae.flags.dataset import Flags
from flagsae.mixing.compose import Composite, Sum
from flagsae.printable import json_line, printable
from flagsae.workspace import drawing
from flagsae.workspace.records import record_of
from flagsae.workspace.widths import NARROWEST, WIDEST, WIDTH

if TYPE_CHECKING:
    from flagsae.workspace.workspace import Workspace

SHOWN = 480  # width in pixels of a picture in a notebook
SUFFIXES = (".png", ".svg", ".json")  # of the files that `Mix.save` writes


@dataclass(frozen=True, eq=False, repr=False)
class Mix(Sum):
    """A sum of encodings that has been drawn as a flag. A notebook shows it as a picture.

    >>> import flagsae
    >>> mix = flagsae.compose("morocco", "colombia")
    >>> mix.title, mix.expression
    ('Morocco + Colombia', 'morocco + colombia')
    >>> mix.code.shape, mix.picture.shape
    ((192,), (204, 306, 3))
    """

    composite: Composite
    """The code, and the design or the pixels."""
    workspace: Workspace
    """The dataset and the model that it was made with."""

    @property
    def code(self) -> NDArray[np.float32]:
        """The activations of the model's features: K."""
        return self.composite.code

    @property
    def design(self) -> Design | None:
        """The flag in flat colour; None from a model that makes pixels (as preset `seed` does)."""
        return self.composite.design

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The flag at the size at which it was composed: h x w x 3, sRGB. `save` draws it sharp at any size."""
        return self.composite.picture()

    @property
    def record(self) -> dict[str, Any]:
        """The record that commands write to a pipe and read: name, expression, code (feature to activation), model."""
        return record_of(self, self.composite, self.workspace.model.hash)

    @cached_property
    def flag(self) -> Flags:
        """The mix as a flag (N = 1) of the dataset: that flag if the sum is one flag, else made of its picture."""
        return self.known or self.composite.flag(self.title, self.workspace.dataset)

    @cached_property
    def description(self) -> Description:
        """What is on the flag: its elements, with places and shares, and its colours."""
        return self.workspace.collection.describe(self.flag)

    @property
    def text(self) -> str:
        """What is on the flag, as a sentence: `red field; green star in the centre`."""
        return self.description.text

    def file(self, suffix: str, size: int = WIDTH) -> bytes:
        """The content of a file of the flag. suffix: ".png", ".svg", or ".json" for its record; size: width in pixels.

        Raises `UsageError` for another suffix or size, and for an SVG of what has no flat colour.
        """
        if suffix not in SUFFIXES:
            raise UsageError(f"cannot write {suffix or 'a file without suffix'}: save as {', '.join(SUFFIXES)}")
        if suffix == ".json":
            return json_line(self.record).encode()
        if not NARROWEST <= size <= WIDEST:
            raise UsageError(f"is from {NARROWEST} to {WIDEST} pixels, not {size}", parameter="size")
        about = drawing.about(self.title, self.expression, self.workspace.model.hash)
        return drawing.file_of(self.composite, suffix, size, about)

    def save(self, path: str | Path, size: int = WIDTH) -> Path:
        """Writes a file of the flag, completely or not at all, and returns its path. The suffix says what `file` makes.

        Raises `UsageError` as `file` does, and `OSError`.
        """
        path = Path(path)
        data = self.file(path.suffix.lower(), size)
        with paths.replacing(path) as file:
            file.write(data)
        return path

    def __repr__(self) -> str:
        return f"<{printable(self.title)}>"

    def _repr_svg_(self) -> str | None:
        """For notebooks; None from a model that makes pixels."""
        return self.file(".svg", SHOWN).decode() if self.design is not None else None

    def _repr_png_(self) -> bytes:
        """For notebooks that do not show SVG."""
        return self.file(".png", SHOWN)
