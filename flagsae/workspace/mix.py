"""A mixed flag as an object, with its picture, file, code and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flagsae.design.describe import Description
from flagsae.flags.dataset import Flags
from flagsae.mixing.collage import Collage
from flagsae.mixing.compose import Composite, Sum
from flagsae.workspace import drawing
from flagsae.workspace.inhand import InHand
from flagsae.workspace.records import record_of

if TYPE_CHECKING:
    from flagsae.workspace.workspace import Workspace


@dataclass(frozen=True, eq=False, repr=False)
class Mix(InHand, Sum):
    """A sum of encodings that has been drawn as a flag. A notebook shows it as a picture.

    >>> import flagsae
    >>> mix = flagsae.compose("morocco", "colombia")
    >>> mix.title, mix.expression
    ('Morocco + Colombia', 'morocco + colombia')
    >>> mix.code.shape, mix.picture.shape
    ((72,), (204, 306, 3))
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
    def design(self) -> Collage | None:
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
        if self.composite.exact is not None:
            from flagsae.design import words

            return words.say(self.composite.exact)
        return self.description.text

    @property
    def has_outlines(self) -> bool:
        """Whether it is flat colour: what a model that makes pixels gives is not."""
        return self.design is not None

    def drawing(self, suffix: str, size: int) -> bytes:
        about = drawing.about(self.title, self.expression, self.workspace.model.hash)
        return drawing.file_of(self.composite, suffix, size, about)
