"""What every model can do, and what a kind of model says of its files.

A kind of model is a module: `design.py`, `crisp.py`, `seed.py`. It has a class that satisfies one of the protocols
below, and a `KIND`, which says how a model of that class is read from a file. `flagsae.sae.model.KINDS` lists the
kinds; the module of the same name in `flagsae.training` trains one. The rest of the program uses the protocols and
never asks for a class. By `flat` a type checker tells the first two protocols apart, and `of_designs` finds the third.

Letters: n flags or codes of a call, N flags of the dataset, K features, C colours of the palette, H x W the canvas,
h x w a coarser grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

from flagsae.checks import Array, Check, Sizes
from flagsae.flags.dataset import Dataset, Flags, Split
from flagsae.sae.codes import Codes
from flagsae.sae.info import Header, Info
from flagsae.tensors import Tensors

if TYPE_CHECKING:
    from flagsae.design.design import Design
    from flagsae.design.feature_table import Table

Floats: TypeAlias = NDArray[np.float32]
Vectors: TypeAlias = NDArray[np.float64]
Pictures: TypeAlias = NDArray[np.uint8]  # n x H x W x 3, sRGB
LabelMaps: TypeAlias = NDArray[np.uint8]  # n x H x W, indices into the palette


class _Encoder(Protocol):
    """What all models can do."""

    kind: ClassVar[str]
    """The name of its kind, and of the preset that trains it."""
    active_above: ClassVar[float]
    """A feature is active if its activation is greater than this. Not 0 for sigmoids, which never are 0."""

    @property
    def dataset(self) -> Dataset:
        """The dataset that it is used with, whose canvas and palette it draws in; a flat model was trained on it."""

    @property
    def info(self) -> Info:
        """How it was trained."""

    @property
    def hash(self) -> str:
        """`info.hash`."""

    def __len__(self) -> int:
        """K, the number of its features."""

    def encode(self, flags: Flags) -> Codes:
        """Encodes n flags as n x K codes."""

    def planes(self, colours: NDArray[np.uint8], size: tuple[int, int], features: NDArray[np.integer]) -> Iterator[Any]:
        """What the atoms of n features add to the scores of each colour in turn: C arrays of n x h x w, signed.

        colours: C x 3, those of the palette, sRGB; size: h, w, at most the canvas; features: n numbers.
        """

    def meanings(self, codes: Codes) -> Floats:
        """Vectors whose cosines say how alike what n x K codes stand for is: n x r. The codes themselves where features
        are unlike each other."""

    def atom_products(self) -> NDArray[np.floating]:
        """The inner products of the atoms: K x K."""

    def flag_vectors(self) -> Vectors:
        """Its dataset's flags as vectors with the inner products of the pictures that it learns to rebuild: N x r."""

    def atom_vectors(self, flag_vectors: Vectors) -> Vectors:
        """Its atoms as vectors of the same space: K x r. flag_vectors: N x r, of this or another model of this kind."""

    def export(self) -> tuple[Tensors, Header]:
        """The arrays for a model file, and the fields of its header that only this kind has; `Kind.make` takes both."""


class FlatModel(_Encoder, Protocol):
    """A model that decodes to label maps: flat colours of its dataset's palette, with sharp outlines."""

    flat: ClassVar[Literal[True]]

    @property
    def salience(self) -> float:
        """The exponent of the weight a^-salience of a pixel in a region of share a, where pictures are compared."""

    def decode(self, codes: Codes, *, fine: bool = False) -> LabelMaps:
        """Decodes n x K codes to n x H x W label maps; fine: n x 3H x 3W."""

    def scores(self, codes: Codes, *, fine: bool = False) -> Floats:
        """Decodes n x K codes to n x C x H x W scores; fine: n x C x 3H x 3W. `decode` takes the highest of each
        pixel."""

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[Pictures, LabelMaps]:
        """Decodes the n x K codes of n flags to pictures in each flag's own tints, and to label maps."""

    def atoms(self) -> Floats:
        """What each feature adds to the scores, for an activation of 1: K x C x H x W, signed."""

    def atom_tints(self, feature: int) -> NDArray[np.uint8]:
        """The colours in which a feature's atom is drawn beside real flags: C x 3, sRGB."""

    def input_fvu(self, codes: Codes, parts: Split, known: NDArray[np.int64]) -> dict[str, dict[str, float]]:
        """Part -> {"input_fvu", "pursuit_fvu"}: the fraction of variance unexplained of the model's input.

        "input_fvu" is with the model's own codes, "pursuit_fvu" with codes that pursuit finds over the same atoms.
        codes: N x K; parts: for each part the positions of its flags; known: positions of the flags whose mean is the
        reference of the variance.
        """


class LightModel(_Encoder, Protocol):
    """A model that decodes to pixels of any colour."""

    flat: ClassVar[Literal[False]]

    def decode(self, codes: Codes) -> Pictures:
        """Decodes n x K codes to n x H x W x 3 pictures."""

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[Pictures, None]:
        """Decodes the n x K codes of n flags to pictures; there are no label maps."""

    def atoms(self) -> Floats:
        """What each feature adds before the output's sigmoid, for an activation of 1: K x H x W x 3, signed."""


class DesignedModel(FlatModel, Protocol):
    """A flat model whose input, atoms and output are features of designs. F: how many it knows."""

    @property
    def table(self) -> Table:
        """The F features, and how rare each is."""

    @property
    def decoder(self) -> Floats:
        """The atoms, in features times their rarity, of length 1 and without negative numbers: K x F."""

    @property
    def atom_features(self) -> Floats:
        """What an activation of 1 adds to the features of a flag: K x F."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its K features where its file has them, "" for a feature without; else empty."""

    def features(self, flag: Flags) -> dict[str, float]:
        """The features of a flag (N = 1) by name, those too that the model does not know."""

    def vectors(self, flags: Flags) -> Floats:
        """The features of n flags: n x F."""

    def told(self, code: Floats) -> dict[str, float]:
        """The features that a code (K) stands for, by name."""

    def design(self, code: Floats) -> Design:
        """The design that a code (K) stands for."""

    def steered(self, flag: Flags, change: Floats) -> Design | None:
        """The design of a flag (N = 1) with what a change of its code (K, signed) says more or less; the same where
        that meets nothing that can be seen. None where the flag has no design."""

    def changed(self, design: Design, change: Floats) -> Design:
        """The same of a design."""

    def drawn(self, designs: Sequence[Design], times: int = 1) -> LabelMaps:
        """The label maps of n designs in the dataset's palette: n x H x W, both sides so many times as long."""

    def atom_told(self, feature: int) -> dict[str, float]:
        """The features that an atom stands for, by name, the strongest first."""

    def atom_design(self, feature: int) -> Design:
        """The likeliest design of which an atom is told."""

    def atom_labels(self, feature: int, times: int = 1) -> LabelMaps:
        """Its label map, H x W, both sides so many times as long; `NOTHING` where an atom that says nothing of the
        ground has the ground."""


Model: TypeAlias = FlatModel | LightModel


def of_designs(model: Model) -> TypeGuard[DesignedModel]:
    """Whether a model is one of designs."""
    return model.kind == "design"


@dataclass(frozen=True)
class Kind:
    """How the files of one kind of model are read."""

    header: dict[str, Check]
    """Checks of the fields that its header must have, besides those that every file may have
    (`flagsae.sae.info.COMMON`)."""
    arrays: dict[str, Array]
    """Checks of its arrays; letters in their shapes stand for sizes that must agree."""
    sizes: Callable[[Header, Dataset], Sizes]
    """The sizes that the header and the dataset fix, by letter. Raises `ModelError` if the model is not for this
    dataset; its message follows the file's name."""
    make: Callable[[Tensors, Header, Info, Dataset], Model]
    """Makes the model of checked arrays and a checked header."""
