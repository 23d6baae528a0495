"""An open dataset, and what can be computed of its flags without a model.

Letters: N flags, H x W the canvas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.flags.names import Name
from flagsae.printable import printable
from flagsae.visual.terminal import chosen

if TYPE_CHECKING:
    from flagsae.design.describe import Description
    from flagsae.design.design import Design
    from flagsae.design.part_model import PartModel
    from flagsae.flags.dataset import Flags
    from flagsae.visual.terminal.fitting import Cells

Picture: TypeAlias = NDArray[np.uint8]  # height x width x 3, sRGB

KEPT_TILES = 1 << 13  # of a cache of tiles, about 1 kB each


def open_collection(data: str = "", tell: Callable[[str], None] | None = None) -> Collection:
    """Opens a dataset without a model. Raises `UnknownName` or `DatasetError`."""
    return Collection(load_dataset(data), tell)


class Collection:
    """A dataset, and what can be computed of its flags without a model. Flags are positions in the dataset.

    tell: is called with a line before something that takes long, and with what is done besides what was asked for.
    """

    def __init__(self, dataset: Dataset, tell: Callable[[str], None] | None = None) -> None:
        self.dataset = dataset
        self.tell = tell or (lambda text: None)
        self._descriptions: dict[int, Description] = {}
        self._designs: dict[int, Design | None] = {}
        self.tile = lru_cache(maxsize=KEPT_TILES)(self._tile)
        self._fitted = lru_cache(maxsize=KEPT_TILES)(self._fit)

    def __len__(self) -> int:
        return len(self.dataset.flags)

    def slug(self, flag: int) -> str:
        """A flag's name in expressions and files."""
        return self.dataset.flags.names[flag].slug

    def title(self, flag: int) -> str:
        """A flag's name for display."""
        return self.dataset.flags.names[flag].title

    def picture(self, flag: int) -> Picture:
        """A flag on the fine grid, in its own flat colours: 3H x 3W x 3."""
        return self.dataset.flags.flat(flag, fine=True)

    def tiled(self, flag: int) -> Picture:
        """A flag in its own flat colours, for a small picture in a terminal: as fine as its cells can show."""
        return self.small(flag) if chosen.kind() == "half" else self.picture(flag)

    def small(self, flag: int) -> Picture:
        """A flag on the canvas, in its own flat colours, for tiles: H x W x 3."""
        return self.dataset.flags.flat(flag)

    def _tile(self, flag: int, columns: int, lines: int) -> Picture:
        """A flag resized to some columns and lines of a terminal: 2 lines x columns x 3. `tile` keeps the results."""
        from flagsae.visual.resize import resized

        return resized(self.small(flag), columns, lines)

    def cells(self, flag: int, columns: int, lines: int) -> Cells:
        """The cells fitted to a flag, of the kind that is chosen; the last ones are kept."""
        return self._fitted(flag, columns, lines, chosen.kind())

    def _fit(self, flag: int, columns: int, lines: int, kind: str) -> Cells:
        from flagsae.visual.terminal.fitting import fit

        return fit(self.picture(flag), columns, lines, kind)

    def description(self, flag: int) -> Description:
        """A flag in words. Quick where the dataset's file has designs; else it takes a quarter of a second at first."""
        if flag not in self._descriptions:
            self._descriptions[flag] = self.describe(self.dataset.flags[[flag]])
        return self._descriptions[flag]

    def describe(self, flag: Flags) -> Description:
        """A flag in words, which need not be of this dataset but has its palette. flag: N = 1."""
        from flagsae.design.describe import describe

        return describe(flag, self.dataset.palette, self._design(flag))

    def design(self, flag: int) -> Design:
        """What is on a flag, in figures and shapes. Raises as `design_of`."""
        return self.design_of(self.dataset.flags[[flag]])

    def design_of(self, flag: Flags) -> Design:
        """What is on a flag (N = 1), which need not be of this dataset but has its palette, in its own shades. Raises
        `UsageError` where it has none."""
        design = self._design(flag)
        if design is None:
            raise UsageError(f"{flag.names[0].title} has no design: it is no flat picture of few figures")
        return design

    def _design(self, flag: Flags) -> Design | None:
        """What is on a flag (N = 1), or None. Designs of the dataset's own flags are read or parsed once."""
        from flagsae.design import kept
        from flagsae.design.vectors import position_in

        position = position_in(self.dataset, flag)
        if position is None:
            return kept.design_of(flag, self.dataset.palette, self.dataset.flags.fine)
        if position not in self._designs:
            self._designs[position] = kept.design_at(self.dataset, position)
        return self._designs[position]

    @cached_property
    def parts(self) -> PartModel:
        """The shipped part dictionaries."""
        from flagsae.design.part_model import load_part_model

        return load_part_model()

    @property
    def knows_parts(self) -> bool:
        """Whether the part dictionaries were trained on this dataset."""
        return self.parts.dataset == self.dataset.hash

    @cached_property
    def attributes(self) -> dict[str, NDArray[np.bool_]]:
        """What is known of the flags: name -> N, whether a flag has it.

        Takes some seconds if the flags must be described.
        """
        from flagsae.features.attributes import attributes_of

        return attributes_of(self.dataset, self.tell)

    @property
    def facts(self) -> dict[str, NDArray[np.bool_]]:
        """The attributes of the shipped table of facts: name -> N; none where it does not have these flags. Quick."""
        from flagsae import paths
        from flagsae.features.attributes import read_attributes

        table = paths.shipped("attributes.csv")
        return (read_attributes(table, self.dataset) if table.is_file() else None) or {}


def in_print(dataset: Dataset) -> Dataset:
    """The same dataset with names that can be printed on one line of a terminal."""
    names = tuple(
        Name(name.slug, printable(name.title), tuple(map(printable, name.others))) for name in dataset.flags.names
    )
    return dataset if names == dataset.flags.names else replace(dataset, flags=replace(dataset.flags, names=names))
