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

MID_GREY = 127.5  # of 255: light that turns a pixel from it towards a colour adds that colour


@dataclass(frozen=True)
class Seed:
    """The notebook's network: sigmoid inputs and outputs of RGB in [0, 1]. D = H W 3."""

    W_in: NDArray[np.float32]
    """K x D."""
    b_in: NDArray[np.float32]
    """K."""
    W_out: NDArray[np.float32]
    """D x K."""
    b_out: NDArray[np.float32]
    """D."""
    dataset: Dataset
    """The flags that it is open with: of the canvas that it was trained on, H x W."""
    info: Info = field(default_factory=Info)

    kind: ClassVar[str] = "seed"
    flat: ClassVar[Literal[False]] = False
    active_above: ClassVar[float] = 0.5

    @property
    def hash(self) -> str:
        return self.info.hash

    def __len__(self) -> int:
        return len(self.W_in)

    def encode(self, flags: Flags) -> Codes:
        """n flags to n x K activations in (0, 1); none is exactly zero, which is how the notebook has it."""
        pixels = flags.canvas.reshape(len(flags), -1).astype(np.float32) / 255  # (n, D)
        return sigmoid(pixels @ self.W_in.T + self.b_in)

    def decode(self, codes: Codes) -> NDArray[np.uint8]:
        """n x K codes to n x H x W x 3 pictures, sRGB."""
        pixels = sigmoid(codes @ self.W_out.T + self.b_out)  # (n, D)
        return np.round(255 * pixels).astype(np.uint8).reshape(len(codes), *self.dataset.size, 3)

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[NDArray[np.uint8], None]:
        return self.decode(codes), None

    def atoms(self) -> NDArray[np.float32]:
        """What each feature adds before the output's sigmoid: K x H x W x 3, signed."""
        return self.W_out.T.reshape(len(self), *self.dataset.size, 3)

    def planes(
        self, colours: NDArray[np.uint8], size: tuple[int, int], features: NDArray[np.integer]
    ) -> Iterator[NDArray[np.floating]]:
        """An atom adds a colour where it turns all three channels towards it, away from mid grey."""
        light = averaged(self.atoms()[features].transpose(0, 3, 1, 2), size)  # (n, 3, h, w)
        for rgb in colours:
            yield np.einsum("nkhw,k->nhw", light, rgb / MID_GREY - 1)

    def atom_products(self) -> NDArray[np.float32]:
        return self.W_out.T @ self.W_out

    def flag_vectors(self) -> NDArray[np.float64]:
        """Their pixels: N x D."""
        flags = self.dataset.flags
        return flags.canvas.reshape(len(flags), -1) / 255.0

    def atom_vectors(self, flag_vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.W_out.T.astype(np.float64)

    def export(self) -> tuple[Tensors, Header]:
        tensors = {"W_in": self.W_in, "b_in": self.b_in, "W_out": self.W_out, "b_out": self.b_out}
        return tensors, {"kind": self.kind, "size": list(self.dataset.size)}


def sigmoid(x: NDArray[np.floating]) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-np.clip(x, -80, 80)))).astype(np.float32)


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
