"""What every model can do, and what a kind of model says of its files.

A kind is a module: `seed.py`, `crisp.py`. It has a class that is one of the two protocols below, and its `KIND`, which
says how a file is read and becomes a model of that class. `flagsae.sae.model.KINDS` lists the kinds, and what trains
one stands in `flagsae.training` under the same name. The rest of the program asks a model what it can do, never of
which class it is: there is one distinction, `flat`, which a type checker follows.

Letters: n flags or codes of a call, N flags of the dataset, K features, C colours of the palette, H x W the canvas,
h x w a coarser grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.checks import Array, Check, Sizes
from flagsae.flags.dataset import Dataset, Flags, Split
from flagsae.sae.codes import Codes
from flagsae.sae.info import Header, Info
from flagsae.tensors import Tensors

Floats: TypeAlias = NDArray[np.float32]
Vectors: TypeAlias = NDArray[np.float64]
Pictures: TypeAlias = NDArray[np.uint8]  # n x H x W x 3, sRGB
LabelMaps: TypeAlias = NDArray[np.uint8]  # n x H x W, indices into the palette


class _Encoder(Protocol):
    """What both sorts of models can do."""

    kind: ClassVar[str]
    """The name of its kind, which is that of the preset that trains it."""
    active_above: ClassVar[float]
    """A feature is active where its activation is greater. A sigmoid is never 0."""

    @property
    def dataset(self) -> Dataset:
        """The flags that it is open with: they have the canvas and the palette on which it draws."""

    @property
    def info(self) -> Info:
        """How it came to be."""

    @property
    def hash(self) -> str:
        """`info.hash`."""

    def __len__(self) -> int:
        """K."""

    def encode(self, flags: Flags) -> Codes:
        """n flags to n x K codes."""

    def planes(self, colours: NDArray[np.uint8], size: tuple[int, int], features: NDArray[np.integer]) -> Iterator[Any]:
        """What the atoms of n features add to the score of each colour: C arrays of n x h x w, signed.

        colours: C x 3, those of the palette, sRGB; size: h, w, at most the canvas.
        """

    def atom_products(self) -> NDArray[np.floating]:
        """The inner products of the atoms: K x K."""

    def flag_vectors(self) -> Vectors:
        """Its dataset's flags as vectors that have the lengths and angles of what it learns to rebuild: N x r."""

    def atom_vectors(self, flag_vectors: Vectors) -> Vectors:
        """Its atoms in the same space: K x r. flag_vectors: of a model of the same kind, which need not be this one."""

    def export(self) -> tuple[Tensors, Header]:
        """The arrays that a file keeps, and the fields of its header that are of this kind: what `Kind.make` takes."""


class FlatModel(_Encoder, Protocol):
    """A model that draws in flat colours of its dataset's palette, so that what it draws has outlines."""

    flat: ClassVar[Literal[True]]

    @property
    def salience(self) -> float:
        """Where pictures are compared a region of share a counts a^-salience."""

    def decode(self, codes: Codes, *, fine: bool = False) -> LabelMaps:
        """n x K codes to n x H x W label maps, or n x 3H x 3W."""

    def scores(self, codes: Codes, *, fine: bool = False) -> Floats:
        """n x K codes to n x C x H x W scores, or n x C x 3H x 3W; the highest is the colour that `decode` gives."""

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[Pictures, LabelMaps]:
        """n x K codes as pictures in each flag's own tints, and as label maps."""

    def atoms(self) -> Floats:
        """What each feature adds to the scores: K x C x H x W, signed."""

    def atom_tints(self, feature: int) -> NDArray[np.uint8]:
        """The colours in which a feature's atom is drawn beside real flags: C x 3, sRGB."""

    def input_fvu(self, codes: Codes, parts: Split, known: NDArray[np.int64]) -> dict[str, dict[str, float]]:
        """Part -> {"input_fvu", "pursuit_fvu"}: the variance of what the model learns to rebuild that it leaves
        unexplained, with its own codes and with those that pursuit finds over the same atoms.

        codes: N x K; parts, known: positions of flags of the dataset, those to score and those whose mean is the
        reference.
        """


class LightModel(_Encoder, Protocol):
    """A model that draws pixels in any colour, which blur."""

    flat: ClassVar[Literal[False]]

    def decode(self, codes: Codes) -> Pictures:
        """n x K codes to n x H x W x 3 pictures."""

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[Pictures, None]:
        """n x K codes as pictures; there are no label maps."""

    def atoms(self) -> Floats:
        """What each feature adds before the output's sigmoid: K x H x W x 3, signed."""


Model: TypeAlias = FlatModel | LightModel


@dataclass(frozen=True)
class Kind:
    """How the files of one kind of model are read."""

    header: dict[str, Check]
    """What its header must say, besides what every file may (`flagsae.sae.info.COMMON`)."""
    arrays: dict[str, Array]
    """Its arrays; letters in their shapes are sizes."""
    sizes: Callable[[Header, Dataset], Sizes]
    """The letters that the header and the dataset give. Raises `ModelError`, with what is written behind the file's
    name, where the model is not for this dataset."""
    make: Callable[[Tensors, Header, Info, Dataset], Model]
    """The model of checked arrays and a checked header."""
