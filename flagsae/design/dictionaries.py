"""Part codes, the second half of an encoding: what the regions of a flag look like.

A canvas code describes a flag as a whole, while people name its parts. So each connected region of a flag is encoded
by itself, with one of two small TopK dictionaries:

- `layout`, for regions of the ground: the mask as it lies on the flag (a stripe, a cross, a triangle);
- `shape`, for figures of charges: the mask moved and scaled into a window of its own (a star, a crescent, a disc).

Both are trained without labels on the flags' own regions and on drawn ones (`flagsae.training.regions`). The drawn
ones have known classes (`flagsae.design.kinds`), to which a linear readout of the code is fitted: how much each feature
adds to the log odds of each class. No real flag is labelled.

Letters: h x w, a mask; n regions of a call, D numbers of a vector, P of its principal components, K features, Q
classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design.part_regions import pixel_aspect, regions_of
from flagsae.design.part_vectors import LAYOUT_GRID, SHAPE_GRID, Floats, Mask, stack
from flagsae.design.tree import tree_of
from flagsae.flags.dataset import Flags

TOP_FLAGS = 8  # that a feature remembers
TRUSTED = 0.5  # purity from which a label is trusted: it is right for half of what the feature fires for


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

        The component along the bias is left out: all features share it, so it says nothing about any of them.
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
    regions = [region for region in regions_of(tree_of(labels, flags.fine)) if region.kind == dictionary.kind]
    vectors = stack((region.vector(pixel_aspect(flags, position)) for region in regions), len(dictionary.mean))
    activations = dictionary.encode(vectors)[:, feature]
    if not activations.any():
        return np.zeros(labels.shape, bool)
    return regions[int(activations.argmax())].on(labels.shape)
