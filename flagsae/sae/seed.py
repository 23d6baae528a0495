"""The network of Will Wolf's "Generating World Flags with Sparse Auto-Encoders" (2016)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Flags
from flagsae.sae.codes import Codes


@dataclass(frozen=True)
class Seed:
    """The notebook's network. W_in: K x D; b_in: K; W_out: D x K; b_out: D, where D = H W 3."""

    W_in: NDArray[np.float32]
    b_in: NDArray[np.float32]
    W_out: NDArray[np.float32]
    b_out: NDArray[np.float32]
    size: tuple[int, int]
    header: dict[str, Any] = field(default_factory=dict)
    hash: str = ""

    def __len__(self) -> int:
        return len(self.W_in)

    def encode(self, flags: Flags) -> Codes:
        """n flags to n x K activations in (0, 1); none is exactly zero, which is how the notebook has it."""
        pixels = flags.canvas.reshape(len(flags), -1).astype(np.float32) / 255  # (n, D)
        return sigmoid(pixels @ self.W_in.T + self.b_in)

    def decode(self, codes: Codes) -> NDArray[np.uint8]:
        """n x K codes to n x H x W x 3 pictures, sRGB."""
        pixels = sigmoid(codes @ self.W_out.T + self.b_out)  # (n, D)
        return np.round(255 * pixels).astype(np.uint8).reshape(len(codes), *self.size, 3)

    def atoms(self) -> NDArray[np.float32]:
        """What each feature adds before the output's sigmoid: K x H x W x 3, signed."""
        return self.W_out.T.reshape(len(self), *self.size, 3)


# What the models are made of.


def sigmoid(x: NDArray[np.floating]) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-np.clip(x, -80, 80)))).astype(np.float32)
