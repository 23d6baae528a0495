"""What the features of a dictionary of designs stand for: figures that need inputs whose numbers have names.

Shapes: N flags, K features of the dictionary, F design features. A code is N x K, `has` is N x F and says which flags
have which design feature; a fact is a design feature.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dictionary.folds import Floats, Fold, unit

FEW = 3  # training flags: a feature that fires for fewer shows little but these flags
ALIKE = 0.9  # cosine of two atoms,
SAME = 0.8  # or share of the flags that either fires for, for which both do: one feature is split in two
COARSE = 10  # training flags, and at most half of them, that have a coarse fact
STANDS = 0.7  # F1 of a feature that stands for a fact
CARRIED = 0.25  # of a fact's amount, that another feature must rebuild to have taken its place
TRUE = 0.9  # share of a feature's activation that its name is true of,
TELLING = 2.0  # as many times the share of all flags
CANDIDATES = 24  # facts that a name is looked for among: the rarest of those that are true
LONGER = 0.02  # of F1, that a name of two facts must gain over one


def usage(codes: Floats, atoms: Floats) -> dict[str, float]:
    """codes: of training flags."""
    on = codes != 0
    fires = on.sum(0)
    both = on.T.astype(np.float64) @ on
    same = both > SAME * (fires[:, None] + fires - both)
    same &= np.minimum.outer(fires, fires) >= FEW
    alike = unit(atoms) @ unit(atoms).T > ALIKE
    split = np.triu(same | alike, 1)[np.ix_(fires > 0, fires > 0)]
    return {"dead": int((fires == 0).sum()), "few": int((fires < FEW).sum()), "split": int(split.sum())}


def absorption(codes: Floats, atoms: Floats, fold: Fold, has: NDArray[np.bool_]) -> dict[str, float]:
    """After Chanin et al. 2024 (arXiv:2409.14507), who must guess what a feature stands for."""
    on, seen = codes > 0, has[fold.train]
    count = seen.sum(0)
    coarse = np.nonzero((count >= COARSE) & (count <= len(seen) / 2))[0]
    fires = on[fold.train].sum(0)[:, None]
    both = on[fold.train].T.astype(np.float64) @ seen[:, coarse]  # K x facts
    f1 = 2 * both / np.maximum(fires + count[coarse], 1)
    rates = []
    for place in np.nonzero(f1.max(0) >= STANDS)[0]:
        fact, feature = int(coarse[place]), int(f1[:, place].argmax())
        some = np.nonzero(has[:, fact])[0]
        others = np.delete(codes[some] * atoms[:, fact], feature, axis=1).max(1)
        rates.append(float((~on[some, feature] & (others > CARRIED * fold.Z[some, fact])).mean()))
    return {"facts": len(rates), "absorbed": float(np.mean(rates)) if rates else float("nan")}


def naming(codes: Floats, fold: Fold, has: NDArray[np.bool_]) -> dict[str, float]:
    """Features are named after training flags, and the names held against held-out ones."""
    named = confirmed = 0
    right = whole = 0.0
    for activation in np.maximum(codes, 0).T:
        name = name_of(activation[fold.train], has[fold.train])
        if name is None:
            continue
        held = activation[fold.held_out]
        true = held[has[fold.held_out][:, name].all(1)].sum()
        named += 1
        confirmed += bool(held.any() and true >= TRUE * held.sum())
        right, whole = right + true, whole + held.sum()
    return {"named": named, "confirmed": confirmed, "true": right / whole if whole else float("nan")}


def name_of(activation: Floats, has: NDArray[np.bool_]) -> list[int] | None:
    """One or two facts that nearly all of a feature's activation has, and few other flags: their columns, or None.

    activation: n; has: n x F. The name whose F1 is best: its precision is that share of activation, its recall the
    share of the flags that have it for which the feature fires.
    """
    fires, total = activation > 0, activation.sum()
    if fires.sum() < FEW:
        return None
    true = np.nonzero(activation @ has >= TRUE * total)[0]
    true = true[np.argsort(has[:, true].sum(0), kind="stable")][:CANDIDATES]
    facts = has[:, true].astype(np.float64)
    # Of each two facts, and of each with itself: (facts, facts)
    both = facts.T @ facts
    precision = facts.T @ (facts * activation[:, None]) / total
    recall = facts.T @ (facts * fires[:, None]) / np.maximum(both, 1)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    telling = (precision >= TRUE) & (precision >= TELLING * both / len(has))
    score = np.where(telling, f1 - LONGER * (1 - np.eye(len(true))), 0)
    if not score.any():
        return None
    return sorted({int(true[place]) for place in np.unravel_index(score.argmax(), score.shape)})
