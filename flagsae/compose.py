"""From a sum of codes to a flag.

A sum decodes into scores that tie wherever two parents disagree, and a plain argmax speckles there. `vote`
decides region by region: the parents' own label maps cut the canvas, and each piece takes one colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.dataset import Flags
from flagsae.errors import UsageError
from flagsae.model import Codes, Crisp, Model, Seed, compose
from flagsae.regions import LabelMap, connected_regions, dissolve, region_areas

METHODS = ("vote", "sum")
SPECK = 0.0006  # regions of a composite under this share of it are dissolved


@dataclass(frozen=True)
class Composite:
    """A mixed flag: its code (K) and its picture, which is flat colour or, from `seed`, pixels.

    labels: h x w palette indices and tints: C x 3 sRGB; or pixels: H x W x 3 sRGB.
    """

    code: NDArray[np.float32]
    labels: LabelMap | None = None
    tints: NDArray[np.uint8] | None = None
    pixels: NDArray[np.uint8] | None = None


def draw(
    model: Model, codes: Codes, amounts: Sequence[float], parents: Flags | None = None, method: str = ""
) -> Composite:
    """Decodes Σ amountᵢ codeᵢ. codes: n x K; parents: the n flags of these codes, where they are known.

    method: "sum" takes the highest score of each pixel, "vote" (the default of `crisp`) of each region. Without
    `parents` the regions are those of the decoded codes, and the colours the palette's.
    """
    summed = compose(codes, amounts)
    if isinstance(model, Seed):
        if method not in ("", "sum"):
            raise UsageError(f"--decode {method} needs flat colour: the seed preset decodes by sum alone")
        return Composite(summed[0], pixels=model.decode(summed)[0])
    if method not in ("", *METHODS):
        raise UsageError(f"--decode is one of {', '.join(METHODS)}, not {method!r}")
    scores = model.scores(summed, fine=True)[0]
    maps = model.decode(codes, fine=True) if parents is None else parents.fine
    if method == "sum":
        labels = scores.argmax(0).astype(np.uint8)
    else:
        heard = [position for position, amount in enumerate(amounts) if amount > 0]
        labels = vote(maps[heard] if heard else maps, scores)
    own = np.repeat(model.dataset.palette.rgb[None], len(codes), 0) if parents is None else parents.tints
    return Composite(summed[0], labels, mix_tints(maps, own, amounts))


def vote(parents: NDArray[np.uint8], scores: NDArray[np.float32]) -> LabelMap:
    """The regions that the parents cut, each in its best colour. parents: n x h x w; scores: C x h x w; h x w.

    Grounds cut each other; a charge (a region off the frame) is cut by nothing larger, so that a star stays a
    star across two stripes. A pixel's scores are already weighted by the salience of the region that it lies
    in: a star outvotes the field around it.
    """
    speck = max(2, round(SPECK * parents[0].size))
    clean = [dissolve(parent, speck) for parent in parents]
    joint = np.zeros(parents[0].shape, np.int64)
    charges = []
    for parent in clean:
        joint = joint * len(scores) + parent
        own = connected_regions(parent)
        framed = np.unique(np.concatenate([own[0], own[-1], own[:, 0], own[:, -1]]))
        areas = region_areas(own)
        charges += [(int(areas[number]), own, number) for number in np.setdiff1d(np.arange(len(areas)), framed)]
    regions = connected_regions(joint).astype(np.int64)
    for _, own, number in sorted(charges, key=lambda charge: -charge[0]):
        regions[own == number] = regions.max() + 1
    votes = np.stack([np.bincount(regions.ravel(), score.ravel()) for score in scores])
    return dissolve(votes.argmax(0).astype(np.uint8)[regions], speck)


def mix_tints(parents: NDArray[np.uint8], tints: NDArray[np.uint8], amounts: Sequence[float]) -> NDArray[np.uint8]:
    """Each palette entry as the parent with most of it has it; C x 3. parents: n x h x w; tints: n x C x 3."""
    colours = tints.shape[1]
    present = np.stack([np.bincount(parent.ravel(), minlength=colours) for parent in parents])  # (n, C)
    owner = (present * np.maximum(np.asarray(amounts)[:, None], 1e-9)).argmax(0)
    return tints[owner, np.arange(colours)]


def rebuild(model: Model, codes: Codes, flags: Flags) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Codes back to pictures: n x H x W x 3, in each flag's own tints, and from `crisp` the label maps as well."""
    if isinstance(model, Crisp):
        labels = model.decode(codes)
        return np.stack([tint[one] for tint, one in zip(flags.tints, labels, strict=True)]), labels
    return model.decode(codes), None
