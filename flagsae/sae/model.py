"""Model files, which are safetensors with a header in JSON, and the table of the kinds of models in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from flagsae import paths
from flagsae.checks import Array, Damaged, fields, short
from flagsae.errors import ModelError, UnknownName, nearest, shell
from flagsae.flags.dataset import Dataset
from flagsae.sae import crisp, design, seed
from flagsae.sae.info import COMMON, Header, Info, info_of
from flagsae.sae.kind import Kind, Model
from flagsae.tensors import FORMAT, VERSION, Tensors, opened, save

KINDS: dict[str, Kind] = {"design": design.KIND, "crisp": crisp.KIND, "seed": seed.KIND}
# The models that come with flagsae: name -> name of its file and of its run in data/. The first is used where none is
# asked for; each is found by the name of its kind too, if no other model has that.
SHIPPED = {"shipped": "design", "shipped-crisp": "crisp"}
HASH_DIGITS = 12  # of a model's hash, hexadecimal
LOSSES = {"losses": Array("float", ("E",), optional=True, empty=True)}  # in a file of a recorded run


def save_model(path: Path, tensors: Tensors, header: Header) -> str:
    """Writes a model file, completely or not at all, and returns the model's hash."""
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(tensors):
        digest.update(name.encode() + np.ascontiguousarray(tensors[name]).tobytes())
    model_hash = digest.hexdigest()[:HASH_DIGITS]
    save(path, tensors, {"format": FORMAT, "hash": model_hash, **header})
    return model_hash


def halved(tensors: Tensors) -> tuple[Tensors, dict[str, int]]:
    """Converts matrices to float16, half as large: (tensors, exponent of each matrix). `widened` undoes it.

    A matrix is divided by two to its exponent first, so that its numbers are near 1, where float16 keeps three digits.
    Of an encoder's numbers, near 10^-5, it would keep one.
    """
    exponents = {name: int(np.frexp(np.abs(matrix).max())[1]) for name, matrix in tensors.items() if matrix.ndim == 2}
    small = {name: np.ldexp(tensors[name], -exponent).astype(np.float16) for name, exponent in exponents.items()}
    return {**tensors, **small}, exponents


def widened(tensors: Tensors, exponents: dict[str, int]) -> Tensors:
    """Converts what `halved` made back to float32. Raises `Damaged` where a number is too large for a float32."""
    wide = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    with np.errstate(over="ignore"):
        wide |= {name: np.ldexp(wide[name], exponent) for name, exponent in exponents.items() if name in wide}
    for name, tensor in wide.items():
        if not np.isfinite(tensor).all():
            raise Damaged(f"{name} has numbers that are not finite")
    return wide


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises any `Damaged` inside the block as a `ModelError` that names the file."""
    try:
        yield
    except Damaged as error:
        raise ModelError(f"{path} is no flagsae model ({error}): make one with `flagsae train`") from None


def load_model(dataset: Dataset, which: str = "") -> Model:
    """Loads a model by its name or its path; by default the shipped one, or else the newest trained on this dataset.

    Raises `UnknownName`, or `ModelError` if the file is damaged or of another dataset, or if this dataset has no model.
    By default damaged files are skipped, unless there is no other.
    """
    if which:
        return read_model(dataset, locate_model(which))
    damaged: list[ModelError] = []
    for path in _trained(dataset):
        try:
            return read_model(dataset, path)
        except ModelError as error:
            damaged.append(error)
    if damaged:
        raise damaged[0]
    train = shell("train") if dataset.name == "flags" else shell("train", data=dataset.name)
    raise ModelError(f"no model of dataset {dataset.name!r} yet: run {train}")


def read_model(dataset: Dataset, path: Path) -> Model:
    """Reads a model file. Raises `ModelError` where the file is damaged or of another dataset."""
    with readable(path), opened(path) as file:
        kind = kind_of(file.header)
        header = file.checked(fields({**VERSION, **kind.header}, COMMON))
        try:
            sizes = kind.sizes(header, dataset)
        except ModelError as error:
            raise ModelError(f"{path} ", *error.parts) from None
        tensors = file.arrays({**kind.arrays, **LOSSES}, sizes)
        tensors.pop("losses", None)
        return kind.make(widened(tensors, header.get("exponents", {})), header, info_of(header), dataset)


def kind_of(header: Header) -> Kind:
    """The kind that a header names. Raises `Damaged` for an unknown one."""
    name = header.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        raise Damaged(f"its kind is {short(name)}, not {' or '.join(KINDS)}")
    return KINDS[name]


def locate_model(which: str) -> Path:
    """Finds the file of a model by its name or its path. Raises `UnknownName`."""
    if named := paths.in_home("models", which, "model.safetensors"):
        return named
    if paths.is_file(which) and which not in SHIPPED:
        return Path(which)
    for name, kind in SHIPPED.items():
        if which in (name, kind):
            return shipped_file(name)
    known = [*SHIPPED, *sorted(path.parent.name for path in paths.models_folder().glob("*/model.safetensors"))]
    raise UnknownName("model", which, nearest(which, known, least=0), f"Make one with {shell('train', name='NAME')}.")


def shipped_file(name: str) -> Path:
    """The file of a model in `SHIPPED`."""
    return paths.shipped(f"{SHIPPED[name]}.safetensors")


def _trained(dataset: Dataset) -> Iterator[Path]:
    """The files of a dataset's models: the shipped ones, then the user's own, newest first. Models of designs are left
    out where the dataset's file has no designs: to find them takes minutes."""
    own = sorted(paths.found("models/*/model.safetensors"), key=paths.written, reverse=True)
    for path in (*map(shipped_file, SHIPPED), *own):
        info = read_info(path)
        if info and info.dataset == dataset.hash and (dataset.designs or info.config.get("preset") != "design"):
            yield path


def read_info(path: Path) -> Info | None:
    """Reads the header of a model, step or checkpoint file; None where the file is damaged or missing."""
    try:
        with opened(path) as file:
            return info_of(file.checked(fields(VERSION, COMMON)))
    except Damaged:
        return None
