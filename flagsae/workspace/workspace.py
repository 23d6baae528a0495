"""What the screens look at: a dataset, a model at some step of its training, and what has been worked out of them.

Nothing here knows of the terminal. What takes long is worked out when it is asked for, once, and may be asked for in
a thread.

Letters: N flags, K features, H x W the canvas.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.design.describe import Description, describe
from flagsae.design.part_model import PartModel, load_part_model
from flagsae.features.attributes import attributes_of, read_attributes
from flagsae.features.cards import FeatureCard, cards, said
from flagsae.features.labels import activity
from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name
from flagsae.mixing.compose import rebuild
from flagsae.printable import printable
from flagsae.sae.codes import Codes
from flagsae.sae.crisp import Crisp
from flagsae.sae.embedding import directions, project, similarities, unit_square
from flagsae.sae.model import Model
from flagsae.visual.resize import resized
from flagsae.workspace.drawing import atoms

Picture: TypeAlias = NDArray[np.uint8]  # height x width x 3, sRGB

THUMBNAIL = 36  # columns in which atoms are worked out for galleries


class Studio:
    """A dataset, and all that does not depend on which model of it is looked at."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = in_print(dataset)
        self._descriptions: dict[int, Description] = {}
        self._likeness: dict[float, NDArray[np.float32]] = {}
        self.tile = lru_cache(maxsize=1 << 13)(self._tile)

    def __len__(self) -> int:
        return len(self.dataset.flags)

    def slug(self, flag: int) -> str:
        return self.dataset.flags.names[flag].slug

    def title(self, flag: int) -> str:
        return self.dataset.flags.names[flag].title

    def picture(self, flag: int) -> Picture:
        """A flag on the fine grid, in its own flat colours: 3H x 3W x 3."""
        flags = self.dataset.flags
        return flags.tints[flag][flags.fine[flag]]

    def small(self, flag: int) -> Picture:
        """The same for tiles, on the canvas: H x W x 3."""
        flags = self.dataset.flags
        return flags.tints[flag][flags.labels[flag]]

    def _tile(self, flag: int, columns: int, lines: int) -> Picture:
        """The same in so many cells of a terminal: 2 lines x columns x 3."""
        return resized(self.small(flag), columns, lines)

    def description(self, flag: int) -> Description:
        """A flag in words; takes some 25 ms the first time."""
        if flag not in self._descriptions:
            flags = self.dataset.flags
            (found,) = describe(flags[[flag]], self.dataset.palette, self.parts, flags.fine)
            self._descriptions[flag] = found
        return self._descriptions[flag]

    @cached_property
    def parts(self) -> PartModel:
        return load_part_model()

    @cached_property
    def attributes(self) -> dict[str, NDArray[np.bool_]]:
        return attributes_of(self.dataset)

    @property
    def facts(self) -> dict[str, NDArray[np.bool_]]:
        """As `attributes`, and at once: nothing where the shipped table of facts does not know the flags."""
        table = paths.shipped("attributes.csv")
        return (read_attributes(table, self.dataset) if table.is_file() else None) or {}

    def codes(self, model: Model) -> Codes:
        """The codes of all flags: N x K. How alike the flags are is worked out for the first model only."""
        return model.activate(self.likeness(model)) if isinstance(model, Crisp) else model.encode(self.dataset.flags)

    def likeness(self, model: Crisp) -> NDArray[np.float32]:
        """How like each flag is to each other one, as these models see it: N x N."""
        if model.salience not in self._likeness:
            self._likeness[model.salience] = model.likeness(self.dataset.flags)
        return self._likeness[model.salience]


def in_print(dataset: Dataset) -> Dataset:
    """The same flags under names that take one line and leave the terminal as it is, where theirs do not."""
    names = tuple(
        Name(name.slug, printable(name.title), tuple(map(printable, name.others))) for name in dataset.flags.names
    )
    return dataset if names == dataset.flags.names else replace(dataset, flags=replace(dataset.flags, names=names))


class View:
    """One model of the studio's dataset, and what screens ask of it."""

    def __init__(self, studio: Studio, model: Model) -> None:
        self.studio = studio
        self.model = model
        self._points: dict[str, NDArray[np.float64]] = {}
        self._errors: dict[int, float] = {}
        self.rebuilt = lru_cache(maxsize=24)(self._rebuilt)

    @cached_property
    def codes(self) -> Codes:
        """N x K."""
        return self.studio.codes(self.model)

    @cached_property
    def strength(self) -> Codes:
        """N x K, 0 where a feature does not fire."""
        return activity(self.model, self.codes)

    @cached_property
    def cards(self) -> list[FeatureCard]:
        """What is known of each feature; takes about a second."""
        return cards(self.model, self.studio.dataset, self.studio.attributes, self.codes)

    def label(self, feature: int) -> str:
        """A feature in words, with its doubts."""
        return said(self.cards[feature], self.studio.dataset.flags.names)

    @cached_property
    def atoms(self) -> list[tuple[Picture, Picture | None]]:
        """What each feature adds and takes away, small."""
        return atoms(self.model, self.studio.dataset, range(len(self.model)), THUMBNAIL)

    def atom(self, feature: int) -> tuple[Picture, Picture | None]:
        """The same of one feature, on the whole canvas."""
        return atoms(self.model, self.studio.dataset, [feature], self.studio.dataset.size[1])[0]

    def atoms_alike(self, feature: int) -> NDArray[np.floating]:
        """How alike each feature's atom is to this one's, as the cosine of the two, from -1 to 1: K."""
        if isinstance(self.model, Crisp):
            # Atoms are mixtures of flags, so the flags' inner products give theirs: no picture is made.
            seen = self.model.decoder @ self.studio.likeness(self.model)  # (K, N)
            products, squares = seen @ self.model.decoder[feature], (seen * self.model.decoder).sum(1)
        else:
            weights = self.model.W_out.T  # (K, D)
            products, squares = weights @ weights[feature], (weights * weights).sum(1)
        return products / np.sqrt(np.maximum(squares * squares[feature], 1e-12))

    def _rebuilt(self, flag: int) -> Picture:
        """A flag as the model makes it of its code."""
        flags = self.studio.dataset.flags[[flag]]
        pictures, labels = rebuild(self.model, self.codes[[flag]], flags)
        away = (labels != flags.labels) if labels is not None else np.abs(pictures / 255 - flags.canvas / 255)
        self._errors[flag] = float(away.mean())
        return pictures[0]

    def error(self, flag: int) -> float:
        """How far a flag as rebuilt is from the flag: the share of its pixels in another colour; from a model that
        has no label maps the mean absolute difference of the pixels, of at most 1."""
        if flag not in self._errors:
            self.rebuilt(flag)
        return self._errors[flag]

    def alike(self, code: NDArray[np.float32]) -> NDArray[np.float64]:
        """How alike a code is to each flag's, from -1 to 1: N."""
        return similarities(code[None], self.codes)[0]

    def points(self, method: str, start: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """All flags on a map, as shares of its frame, y downwards: N x 2. "tsne" takes a second or two the first time.

        start: the same of another step, to which this map shall be comparable; of no matter once it is known.
        """
        if method not in self._points:
            up = None if start is None else start * (1, -1)
            found = project(directions(self.codes, self.codes), method, start=up)
            self._points[method] = unit_square(found * (1, -1))
        return self._points[method]

    def mapped(self, method: str) -> bool:
        """Whether `points` has the answer already."""
        return method in self._points
