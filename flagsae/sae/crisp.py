"""A sparse autoencoder that classifies pixels. Its atoms are mixtures of its dataset's flags."""

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
from flagsae.flags.dataset import AREA_STEPS, Dataset, Flags, Split
from flagsae.sae.codes import Codes
from flagsae.sae.info import Header, Info
from flagsae.sae.kind import Kind
from flagsae.sae.pursuit import pursue
from flagsae.tensors import Tensors

RARE_SHARE = 0.001  # of a flag: the pixels of smaller regions weigh no more than those of a region of this share
DRAWN = 0.001  # of a mixture's largest share: flags with less, which most have in most mixtures, are skipped for speed
# Caches of what all models of a dataset and salience share, so that the next step of a run need not make it again.
KEPT_LIKENESSES = 2  # matrices of N x N
KEPT_GRIDS = 3  # sets of coarse label maps, of some 20 MB each
KEPT_SIZE = 34 * 51  # most pixels of a coarse grid that is kept


@dataclass(frozen=True)
class Crisp:
    """A classifier of pixels whose directions are mixtures of its dataset's N flags."""

    encoder: NDArray[np.float32]
    """K x N, by which a flag's likenesses to the N flags are multiplied."""
    encoder_bias: NDArray[np.float32]
    """K."""
    decoder: NDArray[np.float32]
    """K x N, the share of each flag in a feature's atom."""
    decoder_bias: NDArray[np.float32]
    """N, the share of each flag in the picture of a code of zeros."""
    threshold: float
    """Activations up to the threshold are set to zero."""
    active: int
    """The most features that are active for one flag; 0 for no limit."""
    salience: float
    """The pixels of a region of share a weigh a^-salience (`weights`)."""
    dataset: Dataset
    """The N flags."""
    info: Info = field(default_factory=Info)
    """How the model was trained."""

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
        """Encodes n flags as n x K codes."""
        return self.activate(self.likeness(flags))

    def likeness(self, flags: Flags) -> NDArray[np.float32]:
        """The likeness of n flags to the N flags of the dataset: n x N, the same for all models of one salience."""
        known = self.dataset.flags
        if flags.labels is known.labels:
            return known_likeness(known, self.salience)
        return likeness(
            flags.labels, weights(flags.areas, self.salience), known.labels, weights(known.areas, self.salience)
        )

    def activate(self, like: NDArray[np.float32]) -> Codes:
        """Turns n x N likenesses into n x K codes: only activations above the threshold, and the `active` largest of
        these, are kept."""
        codes = like @ self.encoder.T + self.encoder_bias  # (n, K)
        codes[codes <= self.threshold] = 0
        if 0 < self.active < len(self):
            least = np.partition(codes, -self.active, axis=1)[:, -self.active, None]
            codes[codes < least] = 0
        return codes.astype(np.float32)

    def mixture(self, codes: Codes) -> NDArray[np.float32]:
        """Turns n x K codes into n x N mixtures: how much of each flag of the dataset their pictures have."""
        return codes @ self.decoder + self.decoder_bias

    def scores(self, codes: Codes, *, fine: bool = False) -> NDArray[np.float32]:
        """Turns n x K codes into n x C x H x W scores; fine: n x C x 3H x 3W."""
        known = self.dataset.flags
        labels, areas = (known.fine, known.fine_areas) if fine else (known.labels, known.areas)
        return mix(self.mixture(codes), labels, areas, self.salience, self.colours)

    def decode(self, codes: Codes, *, fine: bool = False) -> NDArray[np.uint8]:
        """Turns n x K codes into n x H x W label maps of the colours with the highest scores; fine: n x 3H x 3W."""
        return self.scores(codes, fine=fine).argmax(1).astype(np.uint8)

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Turns n x K codes of n flags into pictures in each flag's own tints, n x H x W x 3, and n x H x W label
        maps."""
        labels = self.decode(codes)
        return np.stack([tint[one] for tint, one in zip(flags.tints, labels, strict=True)]), labels

    def atoms(self) -> NDArray[np.float32]:
        """What each feature adds to the scores, for an activation of 1: K x C x H x W, signed."""
        known = self.dataset.flags
        return mix(self.decoder, known.labels, known.areas, self.salience, self.colours)

    def planes(
        self, colours: NDArray[np.uint8], size: tuple[int, int], features: NDArray[np.integer]
    ) -> Iterator[NDArray[np.floating]]:
        """The atoms of n features on a coarser grid, h x w of `size`, colour by colour: C arrays of n x h x w.

        Without making `atoms` at full size first.
        """
        for hot in _by_colour(self.dataset.flags, self.salience, self.colours, size):
            yield (self.decoder[features] @ hot.reshape(len(hot), -1)).reshape(-1, *size)

    def atom_tints(self, feature: int) -> NDArray[np.uint8]:
        """The colours in which an atom is drawn, those of the flag with the largest share in it: C x 3, sRGB."""
        return self.dataset.flags.tints[int(self.decoder[feature].argmax())]

    def meanings(self, codes: Codes) -> NDArray[np.float32]:
        """The codes themselves."""
        return codes

    def atom_products(self) -> NDArray[np.floating]:
        """The inner products of the atoms, K x K, from the flags' likeness: no picture is made."""
        return (self.decoder @ known_likeness(self.dataset.flags, self.salience)) @ self.decoder.T

    def flag_vectors(self) -> NDArray[np.float64]:
        """Vectors with the same inner products as the flags' weighted one-hot label maps, and far shorter: N x N.

        R of the likeness L = R Rᵀ.
        """
        values, vectors = np.linalg.eigh(known_likeness(self.dataset.flags, self.salience).astype(np.float64))
        return vectors * np.sqrt(np.maximum(values, 0))

    def atom_vectors(self, flag_vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """The atoms in that space: the same mixtures, of vectors in place of label maps. K x N."""
        return self.decoder.astype(np.float64) @ flag_vectors

    def input_fvu(self, codes: Codes, parts: Split, known: NDArray[np.int64]) -> dict[str, dict[str, float]]:
        """Part -> {"input_fvu", "pursuit_fvu"}: fractions of variance unexplained of the weighted one-hot label maps.

        codes: N x K, of the dataset's flags. With the model's codes, and with codes by pursuit over its atoms.
        """
        products = known_likeness(self.dataset.flags, self.salience).astype(np.float64)  # (N, N)
        atoms, bias = self.decoder.astype(np.float64), self.decoder_bias.astype(np.float64)
        mean = np.isin(np.arange(len(products)), known) / len(known)

        def energy(mixtures: NDArray[np.float64]) -> float:
            """The sum of squares of the pictures of n mixtures (n x N)."""
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
        """Its arrays and its fields of a header, for a model file."""
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
    """The weight of each pixel: n x H x W, of mean square 1 over each flag.

    areas: n x H x W, the share of each pixel's region, as `coded_areas` codes it. A pixel of a region of share a
    weighs max(a, RARE_SHARE)^-salience. Without weights a star of 2 % of a flag would be 2 % of the loss and would not
    be learned.
    """
    table = np.maximum(2.0 ** (-np.arange(256) / AREA_STEPS), RARE_SHARE) ** -salience
    raw = table.astype(np.float32)[areas]
    return raw / np.sqrt(np.mean(raw * raw, axis=(1, 2), keepdims=True))


def likeness(
    labels: NDArray[np.uint8],
    weight: NDArray[np.float32],
    known: NDArray[np.uint8],
    known_weight: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Inner products of weighted one-hot label maps, without making these: n x N.

    labels, weight: n x H x W; known, known_weight: N x H x W.
    """
    out = np.zeros((len(labels), len(known)), np.float32)
    pixels = labels.shape[1] * labels.shape[2]
    for colour in np.unique(labels):
        of, to = labels == colour, known == colour
        # Only flags that have the colour: a flag has four or so of twelve.
        ours, theirs = np.flatnonzero(of.any((1, 2))), np.flatnonzero(to.any((1, 2)))
        here = np.where(of[ours], weight[ours], 0).reshape(len(ours), pixels)
        there = np.where(to[theirs], known_weight[theirs], 0).reshape(len(theirs), pixels)
        out[np.ix_(ours, theirs)] += here @ there.T
    return out


@lru_cache(maxsize=KEPT_LIKENESSES)
def known_likeness(flags: Flags, salience: float) -> NDArray[np.float32]:
    """The likeness of a dataset's flags to each other: N x N, read only."""
    weight = weights(flags.areas, salience)
    like = likeness(flags.labels, weight, flags.labels, weight)
    like.setflags(write=False)
    return like


def _by_colour(flags: Flags, salience: float, colours: int, size: tuple[int, int]) -> Iterable[NDArray[np.float32]]:
    """The weighted share of each colour in each cell of a coarse grid: for each colour N x h x w. size: h, w.

    Small grids are kept, with which the atoms of a further step of a run take a third of the time.
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
    """Sums of weighted one-hot label maps: n x C x H x W.

    mixture: n x N, how much of each map; labels, areas: N x H x W; colours: C.
    """
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
