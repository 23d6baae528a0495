"""The part model, which is the two part dictionaries, and its file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from flagsae import paths
from flagsae.checks import Array, Damaged, fields, listed, text, whole
from flagsae.design.dictionaries import TOP_FLAGS, Dictionary
from flagsae.design.kinds import CLASSES
from flagsae.design.part_regions import KINDS
from flagsae.design.part_vectors import BOX_GRID, HARMONICS, LAYOUT_GRID, RADII, SHAPE_GRID
from flagsae.errors import ModelError
from flagsae.tensors import VERSION, Tensors, opened

MOST_PURE = 1.01  # largest purity in a file: a little over 1, for rounding


@dataclass(frozen=True, eq=False)
class PartModel:
    """Both part dictionaries."""

    layout: Dictionary
    """For regions of the ground."""
    shape: Dictionary
    """For figures of charges."""
    dataset: str = ""
    """The hash of the flags that they were trained on."""
    hash: str = ""
    """The hash of the model itself."""

    def __getitem__(self, kind: str) -> Dictionary:
        return {"layout": self.layout, "shape": self.shape}[kind]


def _arrays(kind: str, numbers: int) -> dict[str, Array]:
    """The arrays that a file holds of one dictionary. numbers: D. The other sizes are named after the kind."""
    D, P, K, Q = numbers, *(f"{kind} {letter}" for letter in "PKQ")
    return {
        "mean": Array("float", (D,)),
        "basis": Array("float", (P, D)),
        "encoder": Array("float", (K, P)),
        "encoder_bias": Array("float", (K,)),
        "decoder": Array("float", (K, P)),
        "bias": Array("float", (P,)),
        "readout": Array("float", (Q, f"{kind} J")),  # J = K + 1
        "purity": Array("float", (K, Q), 0, MOST_PURE),
        "top_strength": Array("float", (K, TOP_FLAGS)),
        "flags_count": Array("whole", (K,), 0),
        "top_flags": Array("whole", (K, TOP_FLAGS), -1),
    }


ARRAYS = {
    "layout": _arrays("layout", 2 * math.prod(LAYOUT_GRID) + math.prod(BOX_GRID) + 6),
    "shape": _arrays("shape", 2 * (math.prod(SHAPE_GRID) + RADII * HARMONICS)),
}
HEADER = {
    **VERSION,
    **dict.fromkeys(("dataset", "hash"), text(255)),
    "active": whole(1),
    "classes": fields(dict.fromkeys(KINDS, listed(text(), 1))),
}
INTEGERS = ("flags_count", "top_flags")
HALVES = tuple(name for name in ARRAYS["layout"] if name not in INTEGERS)


def to_tensors(model: PartModel) -> Tensors:
    """The arrays of both dictionaries for a file, as `layout.encoder` and so on; floats at half precision."""
    tensors: Tensors = {}
    for kind in KINDS:
        tensors |= {f"{kind}.{name}": getattr(model[kind], name).astype(np.float16) for name in HALVES}
        tensors |= {f"{kind}.{name}": getattr(model[kind], name) for name in INTEGERS}
    return tensors


def from_tensors(tensors: Tensors, header: dict[str, Any]) -> PartModel:
    """The part model of a file's arrays and header."""

    def dictionary(kind: str) -> Dictionary:
        return Dictionary(
            kind,
            tuple(header["classes"][kind]),
            int(header["active"]),
            **{name: tensors[f"{kind}.{name}"].astype(np.float32) for name in HALVES},
            **{name: tensors[f"{kind}.{name}"] for name in INTEGERS},
        )

    return PartModel(dictionary("layout"), dictionary("shape"), header["dataset"], header["hash"])


def read_part_model(path: Path) -> PartModel:
    """The part dictionaries of a file. Raises `ModelError` where it is damaged."""
    wanted = {f"{kind}.{name}": array for kind, arrays in ARRAYS.items() for name, array in arrays.items()}
    try:
        with opened(path) as file:
            header = file.checked(fields(HEADER))
            for kind in KINDS:
                if tuple(header["classes"][kind]) != CLASSES[kind]:
                    raise Damaged(
                        f"its classes of {kind} are not this version's; `python data/make.py parts` trains them"
                    )
            sizes = {f"{kind} Q": len(header["classes"][kind]) for kind in KINDS}
            tensors = file.arrays(wanted, sizes)
            for kind in KINDS:
                features, columns = len(tensors[f"{kind}.encoder"]), tensors[f"{kind}.readout"].shape[1]
                if columns != features + 1:
                    raise Damaged(f"{kind}.readout has {columns} columns for {features} features")
    except Damaged as error:
        raise ModelError(f"{path} is damaged ({error}): install flagsae again") from None
    return from_tensors(tensors, header)


@lru_cache
def load_part_model() -> PartModel:
    """The shipped part dictionaries. Raises `ModelError` where the file is damaged."""
    return read_part_model(paths.shipped("parts.safetensors"))
