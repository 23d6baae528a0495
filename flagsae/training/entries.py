"""The few entries of a matrix that are not 0, and its products: a flag has 8 of 192 features.

A product is a weighted sum of the other matrix's rows for each row (torch's `embedding_bag`), which takes a sixth of
the time of the full product at that share.

Shapes: n x K the matrix, m entries.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

SMALL = 1 << 15  # numbers below this are sorted as int16, which numpy sorts in linear time


class Entries:
    """Where the entries are. Their values are given to each product, m of them, in the order of rows."""

    def __init__(self, mask: Tensor) -> None:
        """mask: n x K, bool."""
        self.shape = mask.shape
        count, width = mask.shape
        if mask.device.type == "cpu":
            places = np.flatnonzero(mask.numpy())
            columns = places % width
            order = np.argsort(columns.astype(np.int16) if width < SMALL else columns, kind="stable")
            self.places, self.columns, self.order = (torch.from_numpy(a) for a in (places, columns, order))
        else:
            self.places = mask.flatten().nonzero().squeeze(1)
            self.columns = self.places % width
            self.order = self.columns.argsort(stable=True)
        self.rows = self.places // width
        self.row_starts = torch.searchsorted(self.rows, torch.arange(count, device=mask.device))
        self.column_starts = torch.searchsorted(self.columns[self.order], torch.arange(width, device=mask.device))
        self.rows_of_columns = self.rows[self.order]

    def of(self, matrix: Tensor) -> Tensor:
        """The matrix's values at the entries: m. matrix: n x K, contiguous."""
        return matrix.view(-1)[self.places]

    def filled(self, values: Tensor) -> Tensor:
        """The full matrix of some values: n x K. values: m."""
        full = torch.zeros(self.shape, dtype=values.dtype, device=values.device)
        full.view(-1)[self.places] = values
        return full

    def times(self, values: Tensor, other: Tensor) -> Tensor:
        """The product with another matrix: n x c. values: m; other: K x c."""
        return embedding_bag(self.columns, other, self.row_starts, mode="sum", per_sample_weights=values)

    def transposed_times(self, values: Tensor, other: Tensor) -> Tensor:
        """The product of the transposed matrix with another: K x c. values: m; other: n x c."""
        weights = values[self.order]
        return embedding_bag(self.rows_of_columns, other, self.column_starts, mode="sum", per_sample_weights=weights)

    def sums(self, values: Tensor) -> Tensor:
        """The sum of each column: K. values: m."""
        return torch.zeros(self.shape[1], dtype=values.dtype, device=values.device).index_add_(0, self.columns, values)
