"""Part codes: what each region of a flag looks like.

The code of a whole canvas describes a flag as one picture, but people name its parts. So each connected region of a
flag is also encoded by itself, with one of two small TopK dictionaries:

- `layout`, for regions of the ground: the mask where it lies on the flag (a stripe, a cross, a triangle);
- `shape`, for figures of charges: the mask centred and scaled to one size (a star, a crescent, a disc).

Both are trained without labels, on the regions of real flags and on drawn regions (`flagsae.training.regions`). Drawn
regions have known classes (`flagsae.design.kinds`). A linear readout is fitted to them: how much each feature adds to
the log odds of each class. No real flag is labelled.

Letters: h x w a mask, n regions of a call, D numbers of a region's vector, P principal components of the vectors,
K features, Q classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.design.part_regions import pixel_aspect, regions_of
from flagsae.design.part_vectors import LAYOUT_GRID, SHAPE_GRID, Floats, Mask, stack
from flagsae.design.tree import tree_of
from flagsae.flags.dataset import Flags

TOP_FLAGS = 8  # strongest flags that a dictionary keeps for each feature
TRUSTED = 0.5  # least purity of a trusted label: the label is right for half of what the feature fires for


@dataclass(frozen=True, eq=False)
class Dictionary:
    """A TopK dictionary of region vectors, with what is known of its features."""

    kind: str
    """ "layout" or "shape"."""
    classes: tuple[str, ...]
    """Q names (`flagsae.design.kinds.CLASSES`)."""
    active: int
    """The most features that are active for one region."""
    mean: Floats
    """D, of the training vectors."""
    basis: Floats
    """P x D, their principal components."""
    encoder: Floats
    """K x P."""
    encoder_bias: Floats
    """K."""
    decoder: Floats
    """K x P, rows of length 1."""
    bias: Floats
    """P, subtracted before encoding and added after decoding."""
    readout: Floats
    """Q x (K + 1): how much an activation of 1 adds to the log odds of each class; last column: the intercepts."""
    purity: Floats
    """K x Q: the share of each class in a feature's activation over all drawn regions."""
    flags_count: NDArray[np.int32]
    """K: for how many flags of the training set a feature fires."""
    top_flags: NDArray[np.int32]
    """K x TOP_FLAGS: positions of the flags for which a feature fires most, the strongest first; -1 where there are
    fewer."""
    top_strength: Floats
    """K x TOP_FLAGS: a feature's activations there."""

    def __len__(self) -> int:
        return len(self.encoder)

    def encode(self, vectors: Floats) -> Floats:
        """Encodes regions: n x D to n x K, of which only the `active` largest of each row are not zero."""
        activations = (self.components(vectors) - self.bias) @ self.encoder.T + self.encoder_bias
        return _strongest(np.maximum(activations, 0), self.active)

    def components(self, vectors: Floats) -> Floats:
        """Projects vectors on the principal components: n x D to n x P."""
        return np.matmul(vectors - self.mean, self.basis.T)

    # What a feature means.

    def label(self, feature: int) -> tuple[str, float]:
        """(the class that a feature fires for most, its purity: the share of that class in all drawn regions).

        A feature that fires for no drawn region is ("nothing drawn", 0).
        """
        best = int(self.purity[feature].argmax())
        share = float(self.purity[feature, best])
        return (self.classes[best], share) if share else ("nothing drawn", 0.0)

    def trusted(self, feature: int) -> bool:
        """Whether the purity of a feature's label is high enough."""
        return self.label(feature)[1] >= TRUSTED

    def shares(self, feature: int) -> list[tuple[str, float]]:
        """(class, share) of the drawn regions that a feature fires for, the largest share first."""
        order = np.argsort(-self.purity[feature], kind="stable")
        return [(self.classes[q], float(self.purity[feature, q])) for q in order if self.purity[feature, q] > 0]

    def speaks(self, feature: int) -> list[tuple[str, float]]:
        """(class, log odds that an activation of 1 adds to it, less the mean of all classes), the highest first."""
        weights = self.readout[:, feature] - self.readout[:, feature].mean()
        return [(self.classes[q], float(weights[q])) for q in np.argsort(-weights, kind="stable")]

    def top(self, feature: int) -> list[tuple[int, float]]:
        """(position, activation) of the training set's flags for which a feature fires most, the strongest first."""
        ranked = zip(self.top_flags[feature].tolist(), self.top_strength[feature].tolist(), strict=True)
        return [(position, activation) for position, activation in ranked if position >= 0]

    def atoms(self) -> Floats:
        """The picture that each feature adds to a region, signed: K x h x w, where h x w is LAYOUT_GRID or SHAPE_GRID.

        Without the component along the bias: all features share it, so it tells none from the others.
        """
        height, width = LAYOUT_GRID if self.kind == "layout" else SHAPE_GRID
        common = self.bias / max(float(np.linalg.norm(self.bias)), 1e-9)
        own = self.decoder - np.outer(self.decoder @ common, common)  # (K, P)
        return np.matmul(own, self.basis[:, : height * width]).reshape(-1, height, width)


def _strongest(activations: Floats, active: int) -> Floats:
    """Keeps the `active` largest of each row and sets the others to zero: n x K. activations: n x K, at least 0."""
    if active >= activations.shape[1]:
        return activations
    least = np.partition(activations, -active, axis=1)[:, -active, None]
    # An activation below 1e-9 counts as zero.
    return np.where(activations >= np.maximum(least, 1e-9), activations, 0).astype(np.float32)


def strongest_region(dictionary: Dictionary, feature: int, flags: Flags, position: int) -> Mask:
    """The region of a flag for which a feature fires most, as a mask of the fine grid: 3H x 3W; empty if it fires for
    none.

    flags: those of the dataset, as a canton may show any of them; position: of the flag.
    """
    labels = flags.fine[position]
    regions = [region for region in regions_of(tree_of(labels, flags.fine)) if region.kind == dictionary.kind]
    vectors = stack((region.vector(pixel_aspect(flags, position)) for region in regions), len(dictionary.mean))
    activations = dictionary.encode(vectors)[:, feature]
    if not activations.any():
        return np.zeros(labels.shape, bool)
    return regions[int(activations.argmax())].on(labels.shape)
