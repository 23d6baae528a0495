"""What is woven: the flags that a bare code is made of, the part of an atom that can be seen, and colours that may come
where a minus takes one away. And the vote of regions, the plainest way to draw a sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from flagsae.design.segment import NOTHING
from flagsae.flags.grids import FINE
from flagsae.flags.regions import LabelMap, connected_regions, dissolve, region_areas
from flagsae.mixing.weaving.likeness import gallery_of
from flagsae.mixing.weaving.weave import Source
from flagsae.sae.codes import Codes
from flagsae.sae.kind import FlatModel, of_designs

# Thresholds by eye, on contact sheets of composites.
SPECK = 0.0006  # of a voted composite: smaller regions are dissolved
# Where a feature shows its atom.
ACTIVE = 0.5  # least score, times the feature's amount; the scores of a flag's own colours are about 1
CORE = 0.5  # of the atom's full strength: below this share, ignore as residue of other flags
FULL = 0.98  # quantile of an atom's scores that counts as its full strength: the highest may be a speck
ATOM_SPECK = 0.01  # of the canvas: smaller regions are residue too
# The flags that a bare code is made of.
MOST_PARENTS = 3
LEAST_GAIN = 0.04  # share of the picture that a further parent must explain
LEAST_AMOUNT = 0.25  # of the largest parent's amount: a smaller parent would not be visible
# What may come where a minus takes a colour away.
UNWANTED = 0.05  # of a minus: a colour with more is not suggested
USUAL = 0.1  # weight of a colour's share in all flags beside its share in the decoded sum: decides between equal ones
SUGGESTED = 4  # colours


def parents(model: FlatModel, code: NDArray[np.float32]) -> list[Source]:
    """The flags that a bare code is made of, with amounts that sum to 1.

    Orthogonal matching pursuit of the decoded picture, over the pictures of the known flags. code: K.
    """
    gallery = gallery_of(model.dataset, model.salience)
    weight, place = gallery.column(gallery.small(model.decode(code[None], fine=True)[0]))
    products, norm = weight @ gallery.inputs[place], weight @ weight
    chosen: list[int] = []
    amounts: NDArray[np.floating] = np.zeros(0)
    explained = 0.0
    for _ in range(MOST_PARENTS):
        left = products - gallery.gram[:, chosen] @ amounts
        left[chosen] = -np.inf
        trial = [*chosen, int((left / np.sqrt(np.diag(gallery.gram))).argmax())]
        gram = gallery.gram[np.ix_(trial, trial)]
        solved = np.linalg.lstsq(gram, products[trial], rcond=None)[0]
        gain = float(solved @ products[trial] / norm) - explained
        if chosen and (gain < LEAST_GAIN or solved.min() < LEAST_AMOUNT * solved.max()):
            break
        chosen, amounts, explained = trial, solved, explained + gain
    known = gallery.known
    return [
        Source(known.fine[flag], known.tints[flag], float(amount / amounts.sum()))
        for flag, amount in zip(chosen, amounts, strict=True)
    ]


def atom_source(model: FlatModel, feature: int, amount: float) -> list[Source]:
    """The part of a feature's atom that is strong enough to be seen, as a list of one source; none if it is too weak.

    amount: of the feature; negative where it is taken away.
    """
    if of_designs(model):
        return [Source(model.atom_labels(feature, FINE), model.atom_tints(feature), amount)]
    code = np.zeros((1, len(model)), np.float32)
    code[0, feature] = 1
    atom = (model.scores(code, fine=True) - model.scores(0 * code, fine=True))[0]  # (C, 3H, 3W)
    labels = atom.argmax(0).astype(np.uint8)
    strength = atom.max(0)
    active = (abs(amount) * strength > ACTIVE) & (strength > CORE * np.quantile(strength, FULL))
    shown = np.where(active, labels, NOTHING).astype(np.uint8)
    regions = connected_regions(shown)
    small = region_areas(regions) < ATOM_SPECK * shown.size
    shown[small[regions]] = NOTHING
    if (shown == NOTHING).all():
        return []
    return [Source(dissolve(shown, round(ATOM_SPECK * shown.size)), model.atom_tints(feature), amount)]


def suggested(model: FlatModel, sources: Sequence[Source], summed: Codes) -> list[int]:
    """Palette indices that may replace a colour which a minus takes away, best first.

    First those that the decoded sum shows most, then those that are frequent in all flags.
    """
    against = [source for source in sources if source.amount < 0]
    if not against:
        return []
    colours = len(model.dataset.palette)

    def shares(labels: LabelMap) -> NDArray[np.float64]:
        return np.bincount(labels[labels != NOTHING], minlength=colours) / labels.size

    unwanted = np.max([shares(source.labels) for source in against], axis=0) > UNWANTED
    left = shares(model.decode(summed)[0])
    usual = shares(model.dataset.flags.labels)
    order = np.argsort(-(left + USUAL * usual), kind="stable")
    return [int(colour) for colour in order if not unwanted[colour]][:SUGGESTED]


def vote(parents: NDArray[np.uint8], scores: NDArray[np.float32]) -> LabelMap:
    """Cuts the canvas along the borders of all parents' regions; each piece takes the colour with the highest score.

    parents: n x h x w; scores: C x h x w; returns h x w. Grounds cut each other; a charge (a region off the frame) is
    cut by nothing larger, so that a star across two stripes stays a star. A pixel's scores are weighted by the
    salience of its region already, so that a star outvotes the field around it.
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
