"""The network of Will Wolf's "Generating World Flags with Sparse Auto-Encoders" (2016)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from flagsae.checks import Array, Sizes, listed, whole
from flagsae.errors import ModelError, Parameter
from flagsae.flags.coarse import averaged
from flagsae.flags.dataset import Dataset, Flags
from flagsae.sae.codes import Codes
from flagsae.sae.info import Header, Info
from flagsae.sae.kind import Kind
from flagsae.tensors import Tensors

MID_GREY = 127.5  # of 255: a sigmoid's output where no feature adds anything
SATURATED = 80  # a sigmoid's largest argument: beyond, exp would overflow a float32, and nothing would change


@dataclass(frozen=True)
class Seed:
    """The notebook's network, from RGB to RGB in [0, 1], sigmoids throughout. D = H W 3."""

    W_in: NDArray[np.float32]
    """K x D."""
    b_in: NDArray[np.float32]
    """K."""
    W_out: NDArray[np.float32]
    """D x K."""
    b_out: NDArray[np.float32]
    """D."""
    dataset: Dataset
    """The dataset that it is used with, which has the canvas that it was trained on, H x W."""
    info: Info = field(default_factory=Info)
    """How the model was trained."""

    kind: ClassVar[str] = "seed"
    flat: ClassVar[Literal[False]] = False
    active_above: ClassVar[float] = 0.5

    @property
    def hash(self) -> str:
        return self.info.hash

    def __len__(self) -> int:
        return len(self.W_in)

    def encode(self, flags: Flags) -> Codes:
        """Encodes n flags as n x K activations in (0, 1). None is exactly zero, as in the notebook."""
        pixels = flags.canvas.reshape(len(flags), -1).astype(np.float32) / 255  # (n, D)
        return sigmoid(pixels @ self.W_in.T + self.b_in)

    def decode(self, codes: Codes) -> NDArray[np.uint8]:
        """Decodes n x K codes to n x H x W x 3 pictures, sRGB."""
        pixels = sigmoid(codes @ self.W_out.T + self.b_out)  # (n, D)
        return np.round(255 * pixels).astype(np.uint8).reshape(len(codes), *self.dataset.size, 3)

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[NDArray[np.uint8], None]:
        """As `decode`; there are no label maps."""
        return self.decode(codes), None

    def atoms(self) -> NDArray[np.float32]:
        """What each feature adds before the output's sigmoid, for an activation of 1: K x H x W x 3, signed."""
        return self.W_out.T.reshape(len(self), *self.dataset.size, 3)

    def planes(
        self, colours: NDArray[np.uint8], size: tuple[int, int], features: NDArray[np.integer]
    ) -> Iterator[NDArray[np.floating]]:
        """How far the atoms of n features move pixels from mid grey towards each colour in turn: C arrays, n x h x w.

        colours: C x 3, sRGB; size: h, w.
        """
        light = averaged(self.atoms()[features].transpose(0, 3, 1, 2), size)  # (n, 3, h, w)
        for rgb in colours:
            yield np.einsum("nkhw,k->nhw", light, rgb / MID_GREY - 1)

    def meanings(self, codes: Codes) -> NDArray[np.float32]:
        """The codes themselves."""
        return codes

    def atom_products(self) -> NDArray[np.float32]:
        """The inner products of the atoms: K x K."""
        return self.W_out.T @ self.W_out

    def flag_vectors(self) -> NDArray[np.float64]:
        """The pixels of the dataset's flags, from 0 to 1: N x D."""
        flags = self.dataset.flags
        return flags.canvas.reshape(len(flags), -1) / 255.0

    def atom_vectors(self, flag_vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """The atoms in the space of pixels: K x D."""
        return self.W_out.T.astype(np.float64)

    def export(self) -> tuple[Tensors, Header]:
        """Its arrays and its fields of a header, for a model file."""
        tensors = {"W_in": self.W_in, "b_in": self.b_in, "W_out": self.W_out, "b_out": self.b_out}
        return tensors, {"kind": self.kind, "size": list(self.dataset.size)}


def sigmoid(x: NDArray[np.floating]) -> NDArray[np.float32]:
    """1 / (1 + exp(-x)), of any shape."""
    return (1 / (1 + np.exp(-np.clip(x, -SATURATED, SATURATED)))).astype(np.float32)


def _sizes(header: Header, dataset: Dataset) -> Sizes:
    if tuple(header["size"]) != dataset.size:
        raise ModelError(
            f"is for a canvas of {'x'.join(map(str, header['size']))}; dataset {dataset.name!r} has "
            f"{'x'.join(map(str, dataset.size))}: give the ",
            Parameter("data"),
            " that it was trained on",
        )
    return {"D": 3 * math.prod(dataset.size)}


def _made(tensors: Tensors, header: Header, info: Info, dataset: Dataset) -> Seed:
    return Seed(**tensors, dataset=dataset, info=info)


KIND = Kind(
    header={"size": listed(whole(1, 10_000), 2, 2)},
    arrays={
        "W_in": Array("float", ("K", "D")),
        "b_in": Array("float", ("K",)),
        "W_out": Array("float", ("D", "K")),
        "b_out": Array("float", ("D",)),
    },
    sizes=_sizes,
    make=_made,
)
