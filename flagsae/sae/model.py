"""Model files: safetensors with a header in JSON, and the table of the kinds of models that they may hold."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from flagsae import paths
from flagsae.checks import Array, Check, Damaged, Sizes, fields, listed, number, optional, short, table, text, whole
from flagsae.errors import ModelError, Parameter, UnknownName, nearest, shell
from flagsae.flags.dataset import Dataset
from flagsae.sae.crisp import Crisp
from flagsae.sae.seed import Seed
from flagsae.tensors import FORMAT, VERSION, Tensors, opened, save

Model: TypeAlias = Seed | Crisp


# Model files: safetensors, with everything that is no tensor as JSON in the header.


# Of every file of a model or a run. A name is as long as that of a file; a config is flat.
CONFIG = {
    **dict.fromkeys(("preset", "split", "train_on", "path", "device", "activation", "encoder"), text(100)),
    "epochs": whole(1, 10**7),
    **dict.fromkeys(("features", "active"), whole(1)),
}
COMMON = {
    **dict.fromkeys(("hash", "dataset", "dataset_name"), text(255)),
    "config": fields({}, CONFIG),
    "figures": table(optional(number())),
    "epochs_done": whole(0, 10**7),
    "exponents": table(whole(-1000, 1000)),
}
LOSSES = {"losses": Array("float", ("E",), optional=True, empty=True)}  # of a step of a recorded run


@dataclass(frozen=True)
class Kind:
    """A kind of model file: its header's fields besides `COMMON`, its arrays, and the model that they make.

    sizes: of the letters in the arrays' shapes that the header and the dataset give; it raises `ModelError` with what
    is written behind the file's name, where the model is not for this dataset.
    """

    header: dict[str, Check]
    arrays: dict[str, Array]
    sizes: Callable[[dict[str, Any], Dataset], Sizes]
    make: Callable[[Tensors, dict[str, Any], Dataset], Model]


def _seed_sizes(header: dict[str, Any], dataset: Dataset) -> Sizes:
    if tuple(header["size"]) != dataset.size:
        raise ModelError(
            f"is for a canvas of {'x'.join(map(str, header['size']))}; dataset {dataset.name!r} has "
            f"{'x'.join(map(str, dataset.size))}: give the ",
            Parameter("data"),
            " that it was trained on",
        )
    return {"D": 3 * math.prod(dataset.size)}


def _make_seed(tensors: Tensors, header: dict[str, Any], dataset: Dataset) -> Seed:
    return Seed(**tensors, size=dataset.size, header=header, hash=header.get("hash", ""))


def _crisp_sizes(header: dict[str, Any], dataset: Dataset) -> Sizes:
    if header["dataset"] != dataset.hash:
        raise ModelError(
            f"was trained on dataset {header['dataset_name']!r} ({header['dataset']}), not on {dataset.name!r} "
            f"({dataset.hash}): give its ",
            Parameter("data"),
            f", or {shell('train')} on this one",
        )
    return {"N": len(dataset.flags)}


def _make_crisp(tensors: Tensors, header: dict[str, Any], dataset: Dataset) -> Crisp:
    return Crisp(
        **tensors,
        threshold=float(header["threshold"]),
        salience=float(header["salience"]),
        active=header["active"],
        dataset=dataset,
        header=header,
        hash=header.get("hash", ""),
    )


KINDS = {
    "seed": Kind(
        {"size": listed(whole(1, 10_000), 2, 2)},
        {
            "W_in": Array("float", ("K", "D")),
            "b_in": Array("float", ("K",)),
            "W_out": Array("float", ("D", "K")),
            "b_out": Array("float", ("D",)),
        },
        _seed_sizes,
        _make_seed,
    ),
    "crisp": Kind(
        {
            **dict.fromkeys(("dataset", "dataset_name"), text(255)),
            "threshold": number(0),
            "active": whole(),
            "salience": number(0, 1),
        },
        {
            "encoder": Array("float", ("K", "N")),
            "encoder_bias": Array("float", ("K",)),
            "decoder": Array("float", ("K", "N")),
            "decoder_bias": Array("float", ("N",)),
        },
        _crisp_sizes,
        _make_crisp,
    ),
}


def save_model(path: Path, tensors: Tensors, header: dict[str, Any]) -> str:
    """Writes a model file, whole or not at all, and returns the model's hash."""
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(tensors):
        digest.update(name.encode() + np.ascontiguousarray(tensors[name]).tobytes())
    model_hash = digest.hexdigest()[:12]
    save(path, tensors, {"format": FORMAT, "hash": model_hash, **header})
    return model_hash


def halved(tensors: Tensors) -> tuple[Tensors, dict[str, int]]:
    """Matrices as float16, half as large, and the exponent of two that each is to be multiplied with again.

    Near 1 float16 keeps three digits; an encoder's numbers, at 10^-5, would keep one.
    """
    exponents = {name: int(np.frexp(np.abs(matrix).max())[1]) for name, matrix in tensors.items() if matrix.ndim == 2}
    small = {name: np.ldexp(tensors[name], -exponent).astype(np.float16) for name, exponent in exponents.items()}
    return {**tensors, **small}, exponents


def widened(tensors: Tensors, exponents: dict[str, int]) -> Tensors:
    """What `halved` made, as float32 again. Raises `Damaged` where that is more than a float32 can be."""
    wide = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    with np.errstate(over="ignore"):
        wide |= {name: np.ldexp(wide[name], exponent) for name, exponent in exponents.items() if name in wide}
    for name, tensor in wide.items():
        if not np.isfinite(tensor).all():
            raise Damaged(f"{name} has numbers that are not finite")
    return wide


def read_tensors(path: Path) -> tuple[Tensors, dict[str, Any]]:
    """The tensors and the header of a model or checkpoint file, whatever they are. Raises `ModelError`."""
    with readable(path), opened(path) as file:
        return {name: file.read(name) for name in sorted(file.names)}, file.checked(fields(VERSION, COMMON))


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What is wrong with a model file, as a `ModelError` that names it."""
    try:
        yield
    except Damaged as error:
        raise ModelError(f"{path} is no flagsae model ({error}): make one with `flagsae train`") from None


def load_model(dataset: Dataset, which: str = "") -> Model:
    """A model by its name or its path; by default the shipped one, or the newest trained on this dataset.

    Raises `UnknownName`, or `ModelError` where the file is damaged or belongs to another dataset, or where none was
    trained on this one. A damaged file that was not asked for is passed over.
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
    """The model of a file. Raises `ModelError` where the file is damaged or belongs to another dataset."""
    with readable(path), opened(path) as file:
        name = file.header.get("kind")
        if not isinstance(name, str) or name not in KINDS:
            raise Damaged(f"its kind is {short(name)}, not {' or '.join(KINDS)}")
        kind = KINDS[name]
        header = file.checked(fields({**VERSION, **kind.header}, COMMON))
        try:
            sizes = kind.sizes(header, dataset)
        except ModelError as error:
            raise ModelError(f"{path} ", *error.parts) from None
        tensors = file.arrays({**kind.arrays, **LOSSES}, sizes)
        tensors.pop("losses", None)
        return kind.make(widened(tensors, header.get("exponents", {})), header, dataset)


def locate_model(which: str) -> Path:
    """The file of a model, by its name or its path. Raises `UnknownName`."""
    if named := paths.in_home("models", which, "model.safetensors"):
        return named
    if which == "shipped":
        return paths.shipped("crisp.safetensors")
    if paths.is_file(which):
        return Path(which)
    known = sorted(path.parent.name for path in paths.models_folder().glob("*/model.safetensors"))
    raise UnknownName("model", which, nearest(which, known, least=0), f"Make one with {shell('train', name='NAME')}.")


def _trained(dataset: Dataset) -> Iterator[Path]:
    """The models of a dataset: the shipped one, then the user's own, the newest first."""
    own = sorted(paths.found("models/*/model.safetensors"), key=paths.written, reverse=True)
    for path in (paths.shipped("crisp.safetensors"), *own):
        if read_header(path).get("dataset") == dataset.hash:
            yield path


def read_header(path: Path) -> dict[str, Any]:
    """The header of a model or checkpoint file; empty where it is damaged, or gone."""
    try:
        with opened(path) as file:
            return file.checked(fields(VERSION, COMMON))
    except Damaged:
        return {}
