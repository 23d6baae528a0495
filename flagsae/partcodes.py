"""Part codes, the second half of an encoding: what the regions of a flag look like.

A canvas code says what a flag is like as a whole; people name parts. So each connected region of a flag is encoded
by itself, in one of two small TopK dictionaries:

- `layout`, for regions of the ground: the mask as it lies on the flag (a stripe, a cross, a triangle);
- `shape`, for figures of charges: the mask moved and scaled into a window of its own (a star, a crescent, a disc).

Both are trained without labels on the flags' own regions and on drawn ones (`flagsae.training.dictionary`). The drawn
ones have known classes, from which a linear readout of the code is fitted: how much each feature speaks for each
class. No class of a real flag is given to anything.

In the order of this file: which regions a flag has, a region as a vector, a vector as a code, the model file.

Letters: h x w, a mask; n regions of a call, D numbers of a vector, P of its principal components, K features, Q
classes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from flagsae import paths
from flagsae.anatomy import Anatomy, Figure, anatomy, areas
from flagsae.checks import Array, Damaged, fields, listed, text, whole
from flagsae.dataset import Flags
from flagsae.errors import ModelError
from flagsae.regions import bounds, holes_filled
from flagsae.tensors import VERSION, Tensors, opened

KINDS = ("layout", "shape")
LAYOUTS = (
    "field",
    "stripe",
    "bar",
    "cross",
    "nordic cross",
    "saltire",
    "triangle",
    "quarter",
    "diagonal band",
    "diagonal half",
    "wedge",
    "pall",
    "border",
    "panel",
    "canton",
    "jack",
    "cross quarter",
)
SHAPES = (
    "star 4",
    "star 5",
    "star 6",
    "star 7",
    "star 8",
    "sun",
    "disc",
    "ring",
    "crescent",
    "cross",
    "saltire",
    "triangle",
    "rectangle",
    "lozenge",
    "chevron",
    "other",
)
LAYOUT_GRID = (24, 36)
BOX_GRID = (16, 16)
WINDOW = 48  # pixels of a shape's window a side; its picture has half as many
SHAPE_GRID = (WINDOW // 2, WINDOW // 2)
REACH = 2.2  # half a window, in root mean square radii of the shape
RADII, ANGLES, HARMONICS = 14, 64, 26
# What the parts of a vector weigh beside its pictures, whose pixels weigh 1.
BOX_WEIGHT, SIDES_WEIGHT, HARMONICS_WEIGHT = 1.5, 10.0, 7.0
TOP_FLAGS = 8  # that a feature remembers
TRUSTED = 0.5  # share of all that a feature fires for, from which the class is its label

Mask: TypeAlias = NDArray[np.bool_]  # h x w
Floats: TypeAlias = NDArray[np.float32]


# Which regions a flag has.


@dataclass(frozen=True, eq=False)
class Region:
    """What has a code of its own. kind: of `KINDS`; mask: in a box; top, left: where that stands on the flag."""

    kind: str
    mask: Mask
    top: int = 0
    left: int = 0

    def on(self, size: tuple[int, int]) -> Mask:
        """The mask on the whole flag, h x w of `size`."""
        rows, columns = np.nonzero(self.mask)
        whole = np.zeros(size, bool)
        whole[rows + self.top, columns + self.left] = True
        return whole

    def vector(self, aspect: float) -> Floats:
        """D. aspect: width of a pixel over its height."""
        return layout_vector(self.mask) if self.kind == "layout" else shape_vector(self.mask, aspect)


def regions_of(tree: Anatomy) -> Iterator[Region]:
    """The regions of the ground, the figures of the charges, and those of the canton."""
    for area in areas(tree.ground):
        yield Region("layout", area.mask)
    for forest in tree.charges:
        for figure in forest:
            yield from _figure_regions(figure)
    if tree.canton:
        yield from regions_of(tree.canton)  # it begins where the flag does


def _figure_regions(figure: Figure) -> Iterator[Region]:
    yield Region("shape", figure.skin, figure.top, figure.left)
    if (figure.skin != figure.whole).any():
        yield Region("shape", figure.whole, figure.top, figure.left)
    for inner in figure.inside:
        yield from _figure_regions(inner)


def pixel_aspect(flags: Flags, position: int) -> float:
    """Width of a fine pixel over its height, as the flag is meant to be seen."""
    height, width = flags.fine.shape[1:]
    return float(flags.aspect[position]) * height / width


# A region as a vector.


def layout_vector(mask: Mask) -> Floats:
    """A region as it lies on the flag, with and without its holes; its picture stretched to fill its bounding box,
    whatever that is; how much of each side of the frame it covers, and the size of the box: D = 1990.

    Stripes have little in common as pictures, as they lie in different places. Within their boxes all are alike.
    """
    top, bottom, left, right = bounds(mask)
    boxed = mask[top : bottom + 1, left : right + 1]
    height, width = (size / whole for size, whole in zip(boxed.shape, mask.shape, strict=True))
    sides = [mask[0].mean(), mask[-1].mean(), mask[:, 0].mean(), mask[:, -1].mean(), height, width]
    return np.concatenate(
        [
            _shrunk(mask, LAYOUT_GRID).ravel(),
            _shrunk(holes_filled(mask), LAYOUT_GRID).ravel(),
            BOX_WEIGHT * _shrunk(boxed, BOX_GRID).ravel(),
            SIDES_WEIGHT * np.array(sides, np.float32),
        ]
    )


def _shrunk(mask: Mask, size: tuple[int, int]) -> Floats:
    """The share of each cell of a grid of `size` that the mask covers."""
    return _shares(_image(mask).resize((size[1], size[0]), Image.Resampling.BOX))


def _image(mask: Mask) -> Image.Image:
    return Image.fromarray(np.where(mask, 255, 0).astype(np.uint8))


def _shares(image: Image.Image) -> Floats:
    return np.asarray(image, np.float32) / np.float32(255)


def shape_vector(mask: Mask, aspect: float = 1.0) -> Floats:
    """A region moved to the middle of a window and scaled to one size: its picture, and how its edge runs round
    (magnitudes of Fourier harmonics over the angle at each radius), which no turn changes; both without its holes
    as well: D = 1880.

    aspect: width of a pixel over its height.
    """
    filled = holes_filled(mask)
    rows, columns = np.nonzero(filled)
    top, left = rows.mean() + 0.5, columns.mean() + 0.5
    radius = float(np.sqrt(np.mean((rows + 0.5 - top) ** 2 + ((columns + 0.5 - left) * aspect) ** 2)))
    radius = max(radius, 0.5)
    down, across = REACH * radius, REACH * radius / aspect
    margin = int(np.ceil(max(down, across))) + 2
    box = (left - across + margin, top - down + margin, left + across + margin, top + down + margin)
    parts = []
    for picture in (mask, filled):
        image = _image(np.pad(picture, margin))
        window = _shares(image.resize((WINDOW, WINDOW), Image.Resampling.BILINEAR, box))
        # (WINDOW, WINDOW) to the means of 2 x 2 pixels
        parts.append(window.reshape(WINDOW // 2, 2, WINDOW // 2, 2).mean((1, 3)).ravel())
        parts.append(_harmonics(window))
    return np.concatenate(parts)


@lru_cache
def _ring_pixels() -> tuple[NDArray[np.intp], Floats]:
    """(places in a flat window by radius and angle, RADII x ANGLES; the weight of each radius, RADII)."""
    radius = (np.arange(RADII) + 0.5) / RADII * (WINDOW / 2) * 2.1 / REACH
    angle = 2 * np.pi * np.arange(ANGLES) / ANGLES
    rows = (WINDOW / 2 + radius[:, None] * np.sin(angle)).astype(int)
    columns = (WINDOW / 2 + radius[:, None] * np.cos(angle)).astype(int)
    return rows * WINDOW + columns, np.sqrt((np.arange(RADII) + 0.5) / RADII).astype(np.float32)


def _harmonics(window: Floats) -> Floats:
    """RADII x HARMONICS magnitudes, as a row; in all about as strong as the picture. window: WINDOW x WINDOW."""
    places, weight = _ring_pixels()
    size = np.abs(np.fft.rfft(window.ravel()[places], axis=1))[:, :HARMONICS] / ANGLES
    size[:, 1:] *= 2
    return (HARMONICS_WEIGHT * weight[:, None] * size).astype(np.float32).ravel()


def stack(vectors: Iterable[Floats], width: int) -> Floats:
    """Vectors as rows; n x D, also where there are none. width: D."""
    rows = list(vectors)
    return np.stack(rows) if rows else np.zeros((0, width), np.float32)


# A vector as a code.


@dataclass(frozen=True, eq=False)
class Dictionary:
    """A TopK dictionary of region vectors, what its features speak for, and the flags for which they fire.

    kind: of `KINDS`; classes: Q; active: features a region. mean: D, basis: P x D, the principal components of the
    vectors; encoder: K x P; encoder_bias: K; decoder: K x P, unit rows; bias: P. readout: Q x (K + 1), log odds that a
    feature gives to each class, the last column the classes' own; purity: K x Q, of all that drawn regions give a
    feature, the share of each class. flags_count: K, the flags of the training set for which it fires; top_flags:
    K x TOP_FLAGS, their positions, the strongest first, then -1; top_strength: K x TOP_FLAGS, the activations.
    """

    kind: str
    classes: tuple[str, ...]
    active: int
    mean: Floats
    basis: Floats
    encoder: Floats
    encoder_bias: Floats
    decoder: Floats
    bias: Floats
    readout: Floats
    purity: Floats
    flags_count: NDArray[np.int32]
    top_flags: NDArray[np.int32]
    top_strength: Floats

    def __len__(self) -> int:
        return len(self.encoder)

    def encode(self, vectors: Floats) -> Floats:
        """n x D to codes, n x K: the `active` strongest features of each region."""
        activations = (self.components(vectors) - self.bias) @ self.encoder.T + self.encoder_bias
        return _strongest(np.maximum(activations, 0), self.active)

    def components(self, vectors: Floats) -> Floats:
        """n x D to n x P."""
        return np.matmul(vectors - self.mean, self.basis.T)

    def unexplained(self, vectors: Floats, codes: Floats) -> Floats:
        """The share of each region's vector that its code doesn't rebuild: n. High where nothing like it was seen."""
        x = self.components(vectors)
        rest = ((x - codes @ self.decoder - self.bias) ** 2).sum(1)
        return (rest / np.maximum((x**2).sum(1), 1e-6)).astype(np.float32)

    def classify(self, codes: Floats) -> Floats:
        """Probability of each class: n x Q."""
        logits = codes @ self.readout[:, :-1].T + self.readout[:, -1]
        odds = np.exp(logits - logits.max(1, keepdims=True))
        return (odds / odds.sum(1, keepdims=True)).astype(np.float32)

    # What a feature means.

    def label(self, feature: int) -> tuple[str, float]:
        """(the class that the feature fires for most, its share of all drawn regions that it fires for: its purity).

        A feature that fires for no drawn region is ("dead", 0), or ("nothing drawn", 0) where it fires for flags.
        """
        best = int(self.purity[feature].argmax())
        if share := float(self.purity[feature, best]):
            return self.classes[best], share
        return "nothing drawn" if self.flags_count[feature] else "dead", 0.0

    def trusted(self, feature: int) -> bool:
        """Whether the label is right for at least half of what the feature fires for."""
        return self.label(feature)[1] >= TRUSTED

    def shares(self, feature: int) -> list[tuple[str, float]]:
        """The classes of the drawn regions that the feature fires for, with their shares, the largest first."""
        order = np.argsort(-self.purity[feature], kind="stable")
        return [(self.classes[q], float(self.purity[feature, q])) for q in order if self.purity[feature, q] > 0]

    def speaks(self, feature: int) -> list[tuple[str, float]]:
        """The log odds that an activation of 1 gives each class, against the average class: the highest first."""
        weights = self.readout[:, feature] - self.readout[:, feature].mean()
        return [(self.classes[q], float(weights[q])) for q in np.argsort(-weights, kind="stable")]

    def top(self, feature: int) -> list[tuple[int, float]]:
        """The training set's flags for which the feature fires most: (position, activation)."""
        ranked = zip(self.top_flags[feature].tolist(), self.top_strength[feature].tolist(), strict=True)
        return [(position, activation) for position, activation in ranked if position >= 0]

    def atoms(self) -> Floats:
        """What each feature adds to the picture of a region, signed: K x h x w, h x w LAYOUT_GRID or SHAPE_GRID.

        As some features always fire, all have a share of what the bias takes back: that is left out, as it says
        nothing of any of them.
        """
        height, width = LAYOUT_GRID if self.kind == "layout" else SHAPE_GRID
        common = self.bias / max(float(np.linalg.norm(self.bias)), 1e-9)
        own = self.decoder - np.outer(self.decoder @ common, common)  # (K, P)
        return np.matmul(own, self.basis[:, : height * width]).reshape(-1, height, width)


def _strongest(activations: Floats, active: int) -> Floats:
    """Only so many of each row are kept: n x K."""
    if active >= activations.shape[1]:
        return activations
    least = np.partition(activations, -active, axis=1)[:, -active, None]
    return np.where(activations >= np.maximum(least, 1e-9), activations, 0).astype(np.float32)


def strongest_region(dictionary: Dictionary, feature: int, flags: Flags, position: int) -> Mask:
    """The region of a flag for which a feature fires most, on its fine grid: 3H x 3W; nothing where it fires for none.

    flags: all of those that a canton may show.
    """
    labels = flags.fine[position]
    regions = [region for region in regions_of(anatomy(labels, flags.fine)) if region.kind == dictionary.kind]
    vectors = stack((region.vector(pixel_aspect(flags, position)) for region in regions), len(dictionary.mean))
    activations = dictionary.encode(vectors)[:, feature]
    if not activations.any():
        return np.zeros(labels.shape, bool)
    return regions[int(activations.argmax())].on(labels.shape)


# The model file.


@dataclass(frozen=True, eq=False)
class PartModel:
    """Both dictionaries. dataset: hash of the flags that they were trained on."""

    layout: Dictionary
    shape: Dictionary
    dataset: str = ""
    hash: str = ""

    def __getitem__(self, kind: str) -> Dictionary:
        return {"layout": self.layout, "shape": self.shape}[kind]


def _arrays(kind: str, numbers: int) -> dict[str, Array]:
    """What a file holds of one dictionary. numbers: D. Letters as above, of this kind alone."""
    D, P, K, Q = numbers, *(f"{kind} {letter}" for letter in "PKQ")
    return {
        "mean": Array("float", (D,)),
        "basis": Array("float", (P, D)),
        "encoder": Array("float", (K, P)),
        "encoder_bias": Array("float", (K,)),
        "decoder": Array("float", (K, P)),
        "bias": Array("float", (P,)),
        "readout": Array("float", (Q, f"{kind} J")),  # J = K + 1
        "purity": Array("float", (K, Q), 0, 1.01),  # rounded to half precision
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
    """Both dictionaries' arrays for a model file, at half precision: names are `layout.encoder` and so on."""
    tensors: Tensors = {}
    for kind in KINDS:
        tensors |= {f"{kind}.{name}": getattr(model[kind], name).astype(np.float16) for name in HALVES}
        tensors |= {f"{kind}.{name}": getattr(model[kind], name) for name in INTEGERS}
    return tensors


def from_tensors(tensors: Tensors, header: dict[str, Any]) -> PartModel:
    """The part model of a file's arrays."""

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
