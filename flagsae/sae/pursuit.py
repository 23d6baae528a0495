"""Sparse codes by pursuit: slower than an encoder, and nearer to the best code that a dictionary allows.

An encoder computes all activations at once, so it can only guess which atoms explain a flag together. Non-negative
orthogonal matching pursuit (Bruckstein, Elad and Zibulevsky 2008, doi:10.1109/TIT.2008.929920) takes one atom after
another, always the one with the largest inner product with the residual, and fits the amounts of all taken atoms again.
Amounts are kept non-negative as in Lawson and Hanson (1974), so that with as many steps as atoms the result is
non-negative least squares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_GAIN = 1e-9  # of the largest inner product: a smaller one with the residual is rounding error
RIDGE = 1e-10  # of the largest squared length of an atom, so that two equal atoms leave a system solvable


def pursue(products: NDArray[Any], gram: NDArray[Any], active: int) -> NDArray[np.float64]:
    """Encodes n signals by non-negative orthogonal matching pursuit: n x K, at most `active` features each.

    products: n x K, inner products of the signals with the K atoms; gram: K x K, of the atoms with each other.
    """
    products, gram = products.astype(np.float64), gram.astype(np.float64)
    codes = np.zeros(products.shape)
    taken = np.zeros(products.shape, bool)
    everyone = np.arange(len(products))
    least = LEAST_GAIN * np.abs(products).max(initial=0)
    for _ in range(min(active, products.shape[1])):
        agrees = np.where(taken, -np.inf, products - codes @ gram)
        best = agrees.argmax(1)
        helped = agrees[everyone, best] > least
        if not helped.any():
            break
        taken[everyone[helped], best[helped]] = True
        while True:
            fitted = _least_squares(products, gram, taken)
            below = taken & (fitted <= 0)
            if not below.any():
                break
            # Move from the last amounts towards the fitted ones until a signal's first amount is zero; drop that atom.
            ratio = np.where(below, codes / np.maximum(codes - fitted, 1e-300), np.inf)  # (n, K)
            step = np.minimum(ratio.min(1, keepdims=True), 1)
            taken &= ~(below & (ratio <= step))
            codes = np.where(taken, codes + step * (fitted - codes), 0)
        codes = fitted
    return codes


def _least_squares(
    products: NDArray[np.float64], gram: NDArray[np.float64], taken: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Least squares of each signal over its taken atoms, of any sign: n x K.

    products: n x K; gram: K x K; taken: n x K.
    """
    most = max(1, int(taken.sum(1).max(initial=0)))
    places = np.argsort(~taken, axis=1, kind="stable")[:, :most]  # (n, S): the taken atoms, then others to fill up
    there = np.take_along_axis(taken, places, 1)
    system = gram[places[:, :, None], places[:, None, :]] * (there[:, :, None] & there[:, None, :])  # (n, S, S)
    # Atoms that only fill up get an equation of their own, x = 0.
    system[:, np.arange(most), np.arange(most)] += np.where(there, RIDGE * gram.max(), 1)
    solved = np.linalg.solve(system, (np.take_along_axis(products, places, 1) * there)[..., None])[..., 0]
    out = np.zeros(products.shape)
    np.put_along_axis(out, places, solved * there, 1)
    return out
