"""Sparse codes by pursuit: slower than an encoder, and closer to what the dictionary can do.

An encoder answers in one product, so that it must guess which atoms explain a flag together. Non-negative orthogonal
matching pursuit (Bruckstein, Elad and Zibulevsky 2008, doi:10.1109/TIT.2008.929920) takes one atom after the other,
each time the one that agrees most with what is left, and fits the amounts of all taken atoms anew. The amounts are
kept from falling under zero as Lawson and Hanson (1974) do it, so that with as many steps as there are atoms it is
non-negative least squares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def pursue(products: NDArray[Any], gram: NDArray[Any], active: int) -> NDArray[np.float64]:
    """Codes with at most `active` features a signal, by non-negative orthogonal matching pursuit: n x K.

    products: n x K, of n signals with K atoms; gram: K x K, of the atoms with each other.
    """
    products, gram = products.astype(np.float64), gram.astype(np.float64)
    codes = np.zeros(products.shape)
    taken = np.zeros(products.shape, bool)
    everyone = np.arange(len(products))
    least = 1e-9 * np.abs(products).max(initial=0)
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
            # From the last amounts towards the fitted ones until the first of a signal falls to zero: that is left out.
            ratio = np.where(below, codes / np.maximum(codes - fitted, 1e-300), np.inf)  # (n, K)
            step = np.minimum(ratio.min(1, keepdims=True), 1)
            taken &= ~(below & (ratio <= step))
            codes = np.where(taken, codes + step * (fitted - codes), 0)
        codes = fitted
    return codes


def _least_squares(
    products: NDArray[np.float64], gram: NDArray[np.float64], taken: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The best amounts of each signal's taken atoms, whatever their sign: n x K."""
    most = max(1, int(taken.sum(1).max(initial=0)))
    places = np.argsort(~taken, axis=1, kind="stable")[:, :most]  # (n, S): the taken atoms, then some that are not
    there = np.take_along_axis(taken, places, 1)
    system = gram[places[:, :, None], places[:, None, :]] * (there[:, :, None] & there[:, None, :])  # (n, S, S)
    # A row of its own for what is not taken, and a trace of ridge where two atoms are the same.
    system[:, np.arange(most), np.arange(most)] += np.where(there, 1e-10 * gram.max(), 1)
    solved = np.linalg.solve(system, (np.take_along_axis(products, places, 1) * there)[..., None])[..., 0]
    out = np.zeros(products.shape)
    np.put_along_axis(out, places, solved * there, 1)
    return out
