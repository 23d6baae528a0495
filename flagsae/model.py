"""A sparse autoencoder of flags, read from top to bottom as a flag travels through it.

A flag goes in as a picture and comes out of `encode` as a code: K numbers, nearly all of them zero. Each of
the K features has an atom, a picture of its own, and `decode` adds up atoms as strongly as the code says. What
can be added can be mixed: `compose` sums codes, `sample_codes` draws new ones, and the same decoder makes them flags.

Two models, one way of speaking to them:

- `Seed`, the network of Will Wolf's "Generating World Flags with Sparse Auto-Encoders" (2016): 20808 sigmoid
  inputs of RGB, 64 features, 20808 outputs. It regresses colour, so that its mixtures are blurred.
- `Crisp`, which classifies: each pixel takes one of C palette colours. Its input is the one-hot label map, its
  output a score for each pixel and colour, and the highest score wins, so colour is flat and edges are sharp.

`Crisp` is trained in the span of its N flags and stored so: an encoder and a decoder direction are mixtures of
flags, K x N numbers in place of K x 90,168, and the dataset brings the flags. It follows that a code is a mixture
of flags as well, which can be drawn on any grid on which the flags are known.

Letters: n flags of a call, N flags of the model, K features, C colours, H x W the canvas.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.checks import (
    Array,
    Check,
    Damaged,
    Sizes,
    fields,
    listed,
    number,
    optional,
    short,
    table,
    text,
    whole,
)
from flagsae.dataset import Dataset, Flags
from flagsae.errors import ModelError, UnknownName, UsageError
from flagsae.tensors import FORMAT, VERSION, Tensors, opened, save

Codes: TypeAlias = NDArray[np.float32]  # n x K, at least 0


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


@dataclass(frozen=True)
class Crisp:
    """A classifier of pixels whose directions are mixtures of its dataset's flags.

    encoder: K x N and encoder_bias: K, on a flag's likeness to each of the N flags; decoder: K x N and
    decoder_bias: N, the share of each of them in a code's picture; threshold: activations up to it are zero;
    active: where over 0, the most features that fire for one flag; salience: small regions weigh
    share^-salience.
    """

    encoder: NDArray[np.float32]
    encoder_bias: NDArray[np.float32]
    decoder: NDArray[np.float32]
    decoder_bias: NDArray[np.float32]
    threshold: float
    active: int
    salience: float
    dataset: Dataset
    header: dict[str, Any] = field(default_factory=dict)
    hash: str = ""

    def __len__(self) -> int:
        return len(self.encoder)

    @property
    def colours(self) -> int:
        return len(self.dataset.palette)

    def encode(self, flags: Flags) -> Codes:
        """n flags to n x K codes."""
        return self.activate(self.likeness(flags))

    def likeness(self, flags: Flags) -> NDArray[np.float32]:
        """How like each of the N known flags n flags are: n x N, the same for all models of a dataset and salience."""
        known = self.dataset.flags
        return likeness(
            flags.labels, weights(flags.areas, self.salience), known.labels, weights(known.areas, self.salience)
        )

    def activate(self, like: NDArray[np.float32]) -> Codes:
        """n x N likenesses to n x K codes: ReLU, then what passes the threshold, then the `active` strongest."""
        codes = like @ self.encoder.T + self.encoder_bias  # (n, K)
        codes[codes <= self.threshold] = 0
        if 0 < self.active < len(self):
            least = np.partition(codes, -self.active, axis=1)[:, -self.active, None]
            codes[codes < least] = 0
        return codes.astype(np.float32)

    def mixture(self, codes: Codes) -> NDArray[np.float32]:
        """n x K codes to n x N: how much of each flag of the dataset is in the picture that a code stands for."""
        return codes @ self.decoder + self.decoder_bias

    def scores(self, codes: Codes, *, fine: bool = False) -> NDArray[np.float32]:
        """n x K codes to n x C x H x W scores, or n x C x 3H x 3W on the fine grid."""
        known = self.dataset.flags
        labels, areas = (known.fine, known.fine_areas) if fine else (known.labels, known.areas)
        return mix(self.mixture(codes), labels, areas, self.salience, self.colours)

    def decode(self, codes: Codes, *, fine: bool = False) -> NDArray[np.uint8]:
        """n x K codes to n x H x W label maps, or n x 3H x 3W: the colour with the highest score."""
        return self.scores(codes, fine=fine).argmax(1).astype(np.uint8)

    def atoms(self) -> NDArray[np.float32]:
        """What each feature adds to the scores: K x C x H x W, signed."""
        known = self.dataset.flags
        return mix(self.decoder, known.labels, known.areas, self.salience, self.colours)


Model: TypeAlias = Seed | Crisp


def compose(codes: Codes, amounts: Sequence[float]) -> Codes:
    """The weighted sum of n codes (n x K), as one code (1 x K); below zero is zero, as in every code."""
    return np.maximum(np.asarray(amounts, np.float32) @ codes, 0)[None]


def sample_codes(codes: Codes, prior: str, random: np.random.Generator) -> NDArray[np.float32]:
    """The code of a flag that does not exist: K. codes: n x K, of real flags.

    prior "uniform" is the notebook's vector of uniform random numbers in [0, 1). "gaussian": each feature fires as
    often as in real flags, with a normal strength of their mean and spread. "empirical": which features fire
    together comes from one flag, how strongly each from any other.
    """
    features = codes.shape[1]
    if prior == "uniform":
        return random.random((features,), np.float32)
    fires = codes > 0
    if prior == "gaussian":
        count = np.maximum(fires.sum(0), 1)
        mean = codes.sum(0) / count
        spread = np.sqrt((np.where(fires, codes - mean, 0) ** 2).sum(0) / count)
        drawn = np.maximum(random.normal(mean, spread), 0)
        return np.where(random.random(features) < fires.mean(0), drawn, 0).astype(np.float32)
    if prior != "empirical":
        raise UsageError(f"no prior {prior!r}: give uniform, gaussian or empirical")
    code = np.zeros(features, np.float32)
    for feature in np.nonzero(fires[random.integers(len(codes))])[0]:
        code[feature] = random.choice(codes[fires[:, feature], feature])
    return code


# What the models are made of.


def sigmoid(x: NDArray[np.floating]) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-np.clip(x, -80, 80)))).astype(np.float32)


def weights(areas: NDArray[np.uint8], salience: float) -> NDArray[np.float32]:
    """How much each pixel counts, from its region's coded share: n x H x W, of mean square 1 over a flag.

    A pixel of a region that covers the share a weighs max(a, .001)^-salience: without it a star that covers
    2 % of a flag is 2 % of the loss, and is not learned.
    """
    table = np.maximum(2.0 ** (-np.arange(256) / 16), 0.001) ** -salience
    raw = table.astype(np.float32)[areas]
    return raw / np.sqrt(np.mean(raw * raw, axis=(1, 2), keepdims=True))


def likeness(
    labels: NDArray[np.uint8],
    weight: NDArray[np.float32],
    known: NDArray[np.uint8],
    known_weight: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Inner products of weighted one-hot label maps, without making them. n x H x W and N x H x W to n x N."""
    out = np.zeros((len(labels), len(known)), np.float32)
    for colour in np.unique(labels):
        here = np.where(labels == colour, weight, 0).reshape(len(labels), -1)
        there = np.where(known == colour, known_weight, 0).reshape(len(known), -1)
        out += here @ there.T
    return out


def mix(
    mixture: NDArray[np.float32],
    labels: NDArray[np.uint8],
    areas: NDArray[np.uint8],
    salience: float,
    colours: int,
) -> NDArray[np.float32]:
    """Sums of weighted one-hot label maps. mixture: n x N; labels, areas: N x H x W; n x C x H x W."""
    height, width = labels.shape[1:]
    out = np.zeros((len(mixture), colours * height * width), np.float32)
    pixel = np.arange(height * width)
    # Most flags take no part in most mixtures: a share under a thousandth of the largest is not drawn.
    heard = np.abs(mixture) > 0.001 * np.abs(mixture).max(axis=1, keepdims=True)
    for flag in np.nonzero(heard.any(0))[0]:
        weight = weights(areas[flag, None], salience).ravel()
        place = labels[flag].ravel().astype(np.intp) * (height * width) + pixel
        for row in np.nonzero(heard[:, flag])[0]:
            out[row, place] += mixture[row, flag] * weight
    return out.reshape(len(mixture), colours, height, width)


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
            f"{'x'.join(map(str, dataset.size))}: give the --data that it was trained on"
        )
    return {"D": 3 * math.prod(dataset.size)}


def _make_seed(tensors: Tensors, header: dict[str, Any], dataset: Dataset) -> Seed:
    return Seed(**tensors, size=dataset.size, header=header, hash=header.get("hash", ""))


def _crisp_sizes(header: dict[str, Any], dataset: Dataset) -> Sizes:
    if header["dataset"] != dataset.hash:
        raise ModelError(
            f"was trained on dataset {header['dataset_name']!r} ({header['dataset']}), not on {dataset.name!r} "
            f"({dataset.hash}): give its --data, or `flagsae train` on this one"
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
    data = f" --data {dataset.name}" if dataset.name != "flags" else ""
    raise ModelError(f"no model of dataset {dataset.name!r} yet: run `flagsae train{data}`")


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
            raise ModelError(f"{path} {error}") from None
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
    raise UnknownName("model", which, known[:3], "Make one with `flagsae train --name NAME`.")


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
