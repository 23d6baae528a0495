"""Flat pictures, those of few colours and perhaps smooth edges between them, as label maps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.oklab import oklab
from flagsae.visual.terminal.blocks import packed, unpacked

MOST_COLOURS = 32  # colours of a flat picture, at most, without those of its edges
# By eye:
OWN = 0.002  # a colour with this share of the pixels may be one of the picture's own
SURE = 0.8  # share of pixels with its own colours that a flat picture has, at least
LINE = 8  # pixels of a line in which the blend of two stripes is, at least, on average
NEAR = 12.0  # a colour so near to the line between two others, in sRGB, is a blend of them


def indexed(picture: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(the index of each pixel's colour, H x W; the different colours, packed). picture: H x W x 3."""
    colours = packed(picture)
    # Flat rows have few runs: to sort these is twenty times as quick as to sort the pixels.
    starts = np.flatnonzero(np.append(True, np.diff(colours.ravel()) != 0))[: colours.size]
    own, which = np.unique(colours.ravel()[starts], return_inverse=True)
    return np.repeat(which, np.diff(starts, append=colours.size)).reshape(colours.shape), own


def labelled(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """(labels H x W, their colours C x 3) of a flat picture; None if it is not flat. picture: H x W x 3, sRGB.

    A colour that nowhere fills a square of 3 x 3 pixels and is a blend of two that do belongs to a smooth edge, as do
    rare colours where a picture has many: their pixels get that label of the pixels around them which is nearest in
    OKLab.
    """
    if not picture.size:
        return None
    labels, own = indexed(picture)
    tints, few = unpacked(own), len(own) <= MOST_COLOURS
    if few and not blends(tints, tints).any():
        return labels.astype(np.uint8), tints
    solid = np.zeros(len(own), bool)
    solid[_inner(labels)] = True
    if few:  # an exact map may have such a colour in small figures, but not in lines
        kept = solid | ~blends(tints, tints[solid]) | ~_in_lines(labels, len(own))
    else:
        common = np.bincount(labels.ravel(), minlength=len(own)) >= OWN * labels.size
        common[common] = ~blends(tints[common], tints[solid])
        kept = solid | common
    if not 0 < kept.sum() <= MOST_COLOURS or (~kept[labels]).sum() > (1 - SURE) * labels.size:
        return None
    return _snapped(labels, tints, kept), tints[kept]


def blends(tints: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which colours (C x 3, sRGB) are blends of two of some others (n x 3), without being one of these: C."""
    one, other = np.triu_indices(len(others), 1)
    colours, starts = tints.astype(np.float32)[:, None], others.astype(np.float32)[one]
    along = others.astype(np.float32)[other] - starts  # (pairs, 3)
    share = ((colours - starts) * along).sum(-1) / (along**2).sum(-1).clip(1)  # (C, pairs)
    away = ((colours - starts - share[..., None] * along) ** 2).sum(-1)
    return ((away < NEAR**2) & (share > 0.02) & (share < 0.98)).any(1)


def _in_lines(labels: NDArray[np.integer], count: int) -> NDArray[np.bool_]:
    """Which labels are in long lines, level or upright, as where stripes meet: count. labels: H x W."""
    found = np.zeros(count, bool)
    pixels = np.bincount(labels.ravel(), minlength=count)
    for across in (labels, labels.T):
        begun = np.bincount(across[:, 0], minlength=count)
        begun += np.bincount(across[:, 1:][across[:, 1:] != across[:, :-1]], minlength=count)
        found |= pixels >= LINE * begun
    return found


def _inner(labels: NDArray[np.integer]) -> NDArray[np.integer]:
    """The labels of all pixels whose eight neighbours have the same. labels: H x W."""
    along = (labels[:, 1:-1] == labels[:, :-2]) & (labels[:, 1:-1] == labels[:, 2:])
    inner = along[1:-1] & along[:-2] & along[2:]
    middle = labels[1:-1, 1:-1]
    return middle[inner & (middle == labels[:-2, 1:-1]) & (middle == labels[2:, 1:-1])]


def _snapped(labels: NDArray[np.integer], tints: NDArray[np.uint8], kept: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Label maps (H x W) in which each label that is not kept has become one that is; these are numbered anew.

    It is the nearest in OKLab of those two pixels away at most: further off there are none but in shapes too thin to
    have a colour of their own, which take the nearest of all. tints: C x 3; kept: C.
    """
    new = np.where(kept, kept.cumsum() - 1, -1)[labels]
    row, column = (new < 0).nonzero()
    lab = oklab(tints)
    away = ((lab[:, None] - lab[kept]) ** 2).sum(-1)[labels[row, column]]
    near = np.zeros(away.shape, bool)
    wide = np.pad(new, 2, constant_values=-1)
    number = np.arange(len(row))
    for down in range(5):
        for along in range(5):
            around = wide[row + down, column + along]
            near[number[around >= 0], around[around >= 0]] = True
    near[~near.any(1)] = True
    away[~near] = np.inf
    new[row, column] = away.argmin(1)
    return new.astype(np.uint8)
