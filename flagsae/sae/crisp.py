"""A sparse autoencoder that classifies pixels, whose atoms are mixtures of its dataset's flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from flagsae.checks import Array, Sizes, number, text, whole
from flagsae.errors import ModelError, Parameter, shell
from flagsae.flags.coarse import averaged
from flagsae.flags.dataset import Dataset, Flags, Split
from flagsae.sae.codes import Codes
from flagsae.sae.info import Header, Info
from flagsae.sae.kind import Kind
from flagsae.sae.pursuit import pursue
from flagsae.tensors import Tensors

RARE_SHARE = 0.001  # of a flag: smaller regions weigh no more than those of this share
DRAWN = 0.001  # of a mixture's largest share: flags that have less are not drawn, as most flags have in most mixtures
# What is the same for all models of a dataset and salience, and kept for the next step of a run.
KEPT_LIKENESSES = 2  # of N x N
KEPT_GRIDS = 3  # of some 20 MB each
KEPT_SIZE = 34 * 51  # pixels of a grid, at most, for it to be kept


@dataclass(frozen=True)
class Crisp:
    """A classifier of pixels whose directions are mixtures of its dataset's N flags."""

    encoder: NDArray[np.float32]
    """K x N, on a flag's likeness to each of the N flags."""
    encoder_bias: NDArray[np.float32]
    """K."""
    decoder: NDArray[np.float32]
    """K x N, the share of each flag in a feature's atom."""
    decoder_bias: NDArray[np.float32]
    """N, the share of each flag in the picture of a code of zeros."""
    threshold: float
    """Activations up to it are zero."""
    active: int
    """Where over 0, the most features that are active for one flag."""
    salience: float
    """Small regions weigh share^-salience."""
    dataset: Dataset
    info: Info = field(default_factory=Info)

    kind: ClassVar[str] = "crisp"
    flat: ClassVar[Literal[True]] = True
    active_above: ClassVar[float] = 0.0

    @property
    def hash(self) -> str:
        return self.info.hash

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
        if flags.labels is known.labels:
            return known_likeness(known, self.salience)
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

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """n x K codes as n x H x W x 3 pictures in each flag's own tints, and as n x H x W label maps."""
        labels = self.decode(codes)
        return np.stack([tint[one] for tint, one in zip(flags.tints, labels, strict=True)]), labels

    def atoms(self) -> NDArray[np.float32]:
        """What each feature adds to the scores: K x C x H x W, signed."""
        known = self.dataset.flags
        return mix(self.decoder, known.labels, known.areas, self.salience, self.colours)

    def planes(
        self, colours: NDArray[np.uint8], size: tuple[int, int], features: NDArray[np.integer]
    ) -> Iterator[NDArray[np.floating]]:
        """`atoms` on a coarser grid, without making them: C arrays of n x h x w."""
        for hot in _by_colour(self.dataset.flags, self.salience, self.colours, size):
            yield (self.decoder[features] @ hot.reshape(len(hot), -1)).reshape(-1, *size)

    def atom_tints(self, feature: int) -> NDArray[np.uint8]:
        """Those of the flag that has the largest share in it: C x 3."""
        return self.dataset.flags.tints[int(self.decoder[feature].argmax())]

    def atom_products(self) -> NDArray[np.floating]:
        """From the flags' likeness: no picture is made."""
        return (self.decoder @ known_likeness(self.dataset.flags, self.salience)) @ self.decoder.T

    def flag_vectors(self) -> NDArray[np.float64]:
        """R with R Rᵀ = the flags' likeness, in place of their weighted one-hot label maps: N x N."""
        values, vectors = np.linalg.eigh(known_likeness(self.dataset.flags, self.salience).astype(np.float64))
        return vectors * np.sqrt(np.maximum(values, 0))

    def atom_vectors(self, flag_vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same mixtures of flags as ever: K x N."""
        return self.decoder.astype(np.float64) @ flag_vectors

    def input_fvu(self, codes: Codes, parts: Split, known: NDArray[np.int64]) -> dict[str, dict[str, float]]:
        """Part -> {"input_fvu", "pursuit_fvu"}: of the weighted one-hot label maps. codes: N x K."""
        products = known_likeness(self.dataset.flags, self.salience).astype(np.float64)  # (N, N)
        atoms, bias = self.decoder.astype(np.float64), self.decoder_bias.astype(np.float64)
        mean = np.isin(np.arange(len(products)), known) / len(known)

        def energy(mixtures: NDArray[np.float64]) -> float:
            return float(((mixtures @ products) * mixtures).sum())

        figures = {}
        for name, positions in parts.items():
            flags = np.eye(len(products))[positions]  # as mixtures of flags
            pursued = pursue((flags - bias) @ products @ atoms.T, atoms @ products @ atoms.T, self.active or len(self))
            whole = energy(flags - mean)
            rest = [energy(flags - code @ atoms - bias) for code in (codes[positions].astype(np.float64), pursued)]
            figures[name] = {"input_fvu": rest[0] / whole, "pursuit_fvu": rest[1] / whole}
        return figures

    def export(self) -> tuple[Tensors, Header]:
        tensors = {
            "encoder": self.encoder,
            "encoder_bias": self.encoder_bias,
            "decoder": self.decoder,
            "decoder_bias": self.decoder_bias,
        }
        return tensors, {
            "kind": self.kind,
            "threshold": self.threshold,
            "active": self.active,
            "salience": self.salience,
        }


def weights(areas: NDArray[np.uint8], salience: float) -> NDArray[np.float32]:
    """How much each pixel counts, from its region's coded share: n x H x W, of mean square 1 over a flag.

    A pixel of a region that covers the share a weighs max(a, .001)^-salience: without it a star that covers
    2 % of a flag is 2 % of the loss, and is not learned.
    """
    table = np.maximum(2.0 ** (-np.arange(256) / 16), RARE_SHARE) ** -salience
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


@lru_cache(maxsize=KEPT_LIKENESSES)
def known_likeness(flags: Flags, salience: float) -> NDArray[np.float32]:
    """How like the flags of a dataset are to each other: N x N."""
    weight = weights(flags.areas, salience)
    like = likeness(flags.labels, weight, flags.labels, weight)
    like.setflags(write=False)
    return like


def _by_colour(flags: Flags, salience: float, colours: int, size: tuple[int, int]) -> Iterable[NDArray[np.float32]]:
    """How much of each colour the known flags have at each place: C of N x h x w.

    With what is kept of a coarse grid the atoms of a further step of a run take a third of the time.
    """
    if size[0] * size[1] <= KEPT_SIZE:
        return _kept_by_colour(flags, salience, colours, size)
    return _made_by_colour(flags, salience, colours, size)


def _made_by_colour(
    flags: Flags, salience: float, colours: int, size: tuple[int, int]
) -> Iterator[NDArray[np.float32]]:
    weight = weights(flags.areas, salience)
    for colour in range(colours):
        yield averaged(np.where(flags.labels == colour, weight, 0), size)


@lru_cache(maxsize=KEPT_GRIDS)
def _kept_by_colour(flags: Flags, salience: float, colours: int, size: tuple[int, int]) -> list[NDArray[np.float32]]:
    return list(_made_by_colour(flags, salience, colours, size))


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
    drawn = np.abs(mixture) > DRAWN * np.abs(mixture).max(axis=1, keepdims=True)
    for flag in np.nonzero(drawn.any(0))[0]:
        weight = weights(areas[flag, None], salience).ravel()
        place = labels[flag].ravel().astype(np.intp) * (height * width) + pixel
        for row in np.nonzero(drawn[:, flag])[0]:
            out[row, place] += mixture[row, flag] * weight
    return out.reshape(len(mixture), colours, height, width)


def _sizes(header: Header, dataset: Dataset) -> Sizes:
    if header["dataset"] != dataset.hash:
        raise ModelError(
            f"was trained on dataset {header['dataset_name']!r} ({header['dataset']}), not on {dataset.name!r} "
            f"({dataset.hash}): give its ",
            Parameter("data"),
            f", or {shell('train')} on this one",
        )
    return {"N": len(dataset.flags)}


def _made(tensors: Tensors, header: Header, info: Info, dataset: Dataset) -> Crisp:
    return Crisp(
        **tensors,
        threshold=float(header["threshold"]),
        active=header["active"],
        salience=float(header["salience"]),
        dataset=dataset,
        info=info,
    )


KIND = Kind(
    header={
        **dict.fromkeys(("dataset", "dataset_name"), text(255)),
        "threshold": number(0),
        "active": whole(),
        "salience": number(0, 1),
    },
    arrays={
        "encoder": Array("float", ("K", "N")),
        "encoder_bias": Array("float", ("K",)),
        "decoder": Array("float", ("K", "N")),
        "decoder_bias": Array("float", ("N",)),
    },
    sizes=_sizes,
    make=_made,
)
