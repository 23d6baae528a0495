"""The middle of both faces: a dataset that is open, one of its models, and what has been worked out of the two.

A `Collection` is a dataset; a `Workspace` is a collection seen by one model. What takes long is worked out when it is
first asked for, then kept; it may be asked for in a thread. Nothing here knows a terminal, and a module that only some
questions need is imported by the method that answers them.

Letters: N flags, K features, H x W the canvas.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.flags.names import Name
from flagsae.mixing.compose import Composite, Operand, Sum, draw, drawing, read
from flagsae.printable import printable
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model
from flagsae.sae.model import load_model

if TYPE_CHECKING:
    from flagsae.design.describe import Description
    from flagsae.design.part_model import PartModel
    from flagsae.features.cards import FeatureCard
    from flagsae.flags.dataset import Flags
    from flagsae.workspace.mix import Mix

Picture: TypeAlias = NDArray[np.uint8]  # height x width x 3, sRGB

THUMBNAIL = 36  # columns in which atoms are worked out for galleries
KEPT_DRAWINGS = 32  # sums whose drawings are kept: some 0.2 MB each


def open_workspace(data: str = "", model: str = "", tell: Callable[[str], None] | None = None) -> Workspace:
    """A dataset and one of its models, each by its name or its file.

    data: the bundled flags by default; model: by default the shipped one, or the newest that was trained on the
    dataset; tell: is called with a line on what takes long. Raises `UnknownName`, `DatasetError` or `ModelError`.
    """
    return open_collection(data, tell).workspace(model)


def open_collection(data: str = "", tell: Callable[[str], None] | None = None) -> Collection:
    """The dataset alone."""
    return Collection(load_dataset(data), tell)


class Collection:
    """A dataset, and what can be said of its flags without a model.

    tell: is called with a line on what takes long.
    """

    def __init__(self, dataset: Dataset, tell: Callable[[str], None] | None = None) -> None:
        self.dataset = dataset
        self.tell = tell or (lambda text: None)
        self._descriptions: dict[int, Description] = {}
        self.tile = lru_cache(maxsize=1 << 13)(self._tile)

    def __len__(self) -> int:
        return len(self.dataset.flags)

    def workspace(self, model: str = "") -> Workspace:
        """These flags with a model, by its name or its file. Raises `UnknownName` or `ModelError`."""
        return Workspace(self, load_model(self.dataset, model))

    def slug(self, flag: int) -> str:
        return self.dataset.flags.names[flag].slug

    def title(self, flag: int) -> str:
        return self.dataset.flags.names[flag].title

    def picture(self, flag: int) -> Picture:
        """A flag on the fine grid, in its own flat colours: 3H x 3W x 3."""
        return self.dataset.flags.flat(flag, fine=True)

    def small(self, flag: int) -> Picture:
        """The same for tiles, on the canvas: H x W x 3."""
        return self.dataset.flags.flat(flag)

    def _tile(self, flag: int, columns: int, lines: int) -> Picture:
        """The same in so many cells of a terminal: 2 lines x columns x 3."""
        from flagsae.visual.resize import resized

        return resized(self.small(flag), columns, lines)

    def description(self, flag: int) -> Description:
        """A flag in words; takes some 25 ms the first time."""
        if flag not in self._descriptions:
            self._descriptions[flag] = self.describe(self.dataset.flags[[flag]])
        return self._descriptions[flag]

    def describe(self, flag: Flags) -> Description:
        """Any flag in words, in the colours of this dataset. flag: N = 1."""
        from flagsae.design.describe import describe

        return describe(flag, self.dataset.palette, self.parts, self.dataset.flags.fine)[0]

    @cached_property
    def parts(self) -> PartModel:
        """The part dictionaries, as they are shipped."""
        from flagsae.design.part_model import load_part_model

        return load_part_model()

    @property
    def knows_parts(self) -> bool:
        """Whether these flags are those that the part dictionaries were trained on."""
        return self.parts.dataset == self.dataset.hash

    @cached_property
    def attributes(self) -> dict[str, NDArray[np.bool_]]:
        """What is known of the flags: name -> N. Takes some seconds where the flags have to be described."""
        from flagsae.features.attributes import attributes_of

        return attributes_of(self.dataset, self.tell)

    @property
    def facts(self) -> dict[str, NDArray[np.bool_]]:
        """As `attributes`, and at once: nothing where the shipped table of facts does not know the flags."""
        from flagsae import paths
        from flagsae.features.attributes import read_attributes

        table = paths.shipped("attributes.csv")
        return (read_attributes(table, self.dataset) if table.is_file() else None) or {}


class Workspace:
    """A collection and one model of it."""

    def __init__(self, collection: Collection, model: Model) -> None:
        self.collection = collection
        self.dataset = collection.dataset
        self.model = model
        self._points: dict[str, NDArray[np.float64]] = {}
        self._errors: dict[int, float] = {}
        self._drawings: OrderedDict[Hashable, list[Composite]] = OrderedDict()
        self.rebuilt = lru_cache(maxsize=24)(self._rebuilt)

    def __repr__(self) -> str:
        name = printable(self.dataset.name)
        return f"<{len(self.dataset.flags)} flags of {name!r}, model {self.model.hash}>"

    # The verbs, as the command line has them.

    def compose(self, *operands: str, decode: str = "") -> Mix:
        """Adds encodings and draws the flag that the sum stands for.

        operands: flags (a name, an ISO code, an alias, a picture's path), colours, features (`f17`), or sums of them;
        all are added up. decode: "weave" (parts of the flags as one design, the default), "vote" (a colour a region)
        or "sum" (a colour a pixel). Raises `ExpressionError`, which points at what is wrong in a sum, or `UsageError`
        where nothing is left of it.

        >>> open_workspace().compose("morocco + 0.5*colombia - red").title
        'Morocco + 0.5*Colombia - red'
        """
        from flagsae.mixing.expression import join

        return self.mix(Sum.of(self.read(join(operands))), decode)

    def describe(self, operand: str) -> Description:
        """A flag, or a sum, in words: `text` is the sentence, `elements` and `colours` are what it is made of.

        operand: as for `compose`. Raises `ExpressionError` or `UsageError`.

        >>> open_workspace().describe("morocco")
        <morocco: red field; green star in the centre>
        """
        return self.collection.describe(self.flag_of(Sum.of(self.read(operand))))

    def sample(
        self, count: int = 1, *, seed: int = 0, prior: str = "mix", avoid_real: float = NEAR_DUPLICATE, decode: str = ""
    ) -> list[Mix]:
        """Draws new flags: random codes, decoded; the same flags for the same seed.

        count: how many, 1 at least; prior: "mix" (two or three real flags), "empirical" (features that fire together),
        "gaussian" (each feature for itself) or "uniform" (random numbers); avoid_real: what is nearer to a real flag
        is drawn anew, as the mean absolute difference of the canvases in 8-bit steps, 0 keeps all; decode: as for
        `compose`. Raises `UsageError` for an unknown prior, and where too many are too near.

        >>> [mix.title for mix in open_workspace().sample(1, seed=7, prior="gaussian")]
        ['gaussian 7-1']
        """
        from flagsae.mixing.sampling import sample
        from flagsae.workspace.mix import Mix

        if count < 1:
            raise UsageError(f"is at least 1, not {count}", parameter="count")
        found = sample(self.model, count, prior=prior, seed=seed, avoid_real=avoid_real, decode=decode)
        return [Mix(one.title, one.expression, one.operands, one.composite, self) for one in found]

    # What is worked out of the two.

    def mix(self, total: Sum, decode: str = "") -> Mix:
        """A sum, drawn. decode: as for `compose`. Raises `UsageError` where nothing is left of it."""
        from flagsae.workspace.mix import Mix

        composite = draw(self.model, total.operands, decode)[0]
        return Mix(total.title, total.expression, total.operands, composite, self)

    def flag_of(self, total: Sum) -> Flags:
        """The flag (N = 1) that a sum is, or is drawn as."""
        return total.known or self.mix(total).flag

    def read(self, text: str, memory: dict[str, Operand] | None = None) -> list[Operand]:
        """The terms of an expression as codes. Raises `ExpressionError`.

        memory: the flags of this workspace that were read before, by their words; this adds to them.
        """
        return read(text, self.model, memory)

    def drawing(self, operands: Sequence[Operand], decode: str = "", count: int = 1) -> Iterator[list[Composite]]:
        """As `drawing` of `mixing.compose`. A sum that was drawn lately, as when a change of it is taken back or
        another screen shows it, is not drawn again: its best composites come at once, and are not to be changed."""
        key = decode, count, *(_content(operand) for operand in operands)
        known = self._drawings.get(key)
        composites: list[Composite] = []
        for composites in drawing(self.model, operands, decode, count) if known is None else [known]:
            yield composites
        self._drawings.pop(key, None)
        self._drawings[key] = composites  # the newest
        while len(self._drawings) > KEPT_DRAWINGS:
            self._drawings.popitem(last=False)

    @cached_property
    def codes(self) -> Codes:
        """N x K."""
        return self.model.encode(self.dataset.flags)

    @cached_property
    def strength(self) -> Codes:
        """N x K, 0 where a feature does not fire."""
        from flagsae.features.labels import activity

        return activity(self.model, self.codes)

    @cached_property
    def cards(self) -> list[FeatureCard]:
        """What is known of each feature; takes about a second."""
        from flagsae.features.cards import cards

        return cards(self.model, self.collection.attributes, self.codes)

    @property
    def labelled(self) -> bool:
        """Whether the cards are there, and with them the labels."""
        return "cards" in self.__dict__

    def label(self, feature: int) -> str:
        """A feature in words, with its doubts."""
        from flagsae.features.cards import said

        return said(self.cards[feature], self.dataset.flags.names)

    @cached_property
    def atoms(self) -> list[tuple[Picture, Picture | None]]:
        """What each feature adds and takes away, small."""
        return self.draw_atoms(range(len(self.model)), THUMBNAIL)

    def atom(self, feature: int) -> tuple[Picture, Picture | None]:
        """The same of one feature, on the whole canvas."""
        return self.draw_atoms([feature], self.dataset.size[1])[0]

    def draw_atoms(self, features: Sequence[int], columns: int) -> list[tuple[Picture, Picture | None]]:
        """What each of n features adds and what it takes away, about `columns` pixels wide, at most W, with an even
        number of rows; where the model is not flat one picture, H x W, and None. Many at once cost little more than
        one."""
        from flagsae.features.atoms import signed_atoms
        from flagsae.visual.atoms import flat, light

        if not self.model.flat:
            return [(light(atom), None) for atom in self.model.atoms()[list(features)]]
        height, width = self.dataset.size
        columns = min(columns, width)
        rows = min(height, 2 * max(1, round(columns * height / width / 2)))
        found = signed_atoms(self.model, (rows, columns), features)
        full = found.scale[:, None, None]
        colours = self.dataset.palette.rgb
        adds, takes = flat(found.adds / full, found.added, colours), flat(found.takes / full, found.taken, colours)
        return list(zip(adds, takes, strict=True))

    @cached_property
    def _products(self) -> NDArray[np.floating]:
        """The inner products of the atoms: K x K."""
        return self.model.atom_products()

    def atoms_alike(self, feature: int) -> NDArray[np.floating]:
        """How alike each feature's atom is to this one's, as the cosine of the two, from -1 to 1: K."""
        squares = self._products.diagonal()
        return self._products[feature] / np.sqrt(np.maximum(squares * squares[feature], 1e-12))

    def _rebuilt(self, flag: int) -> Picture:
        """A flag as the model makes it of its code."""
        flags = self.dataset.flags[[flag]]
        pictures, labels = self.model.rebuild(self.codes[[flag]], flags)
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
        from flagsae.sae.embedding import similarities

        return similarities(code[None], self.codes)[0]

    def points(self, method: str, start: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """All flags on a map, as shares of its frame, y downwards: N x 2. "tsne" takes a second or two the first time.

        start: the same of another step, to which this map shall be comparable; of no matter once it is known.
        """
        from flagsae.sae.embedding import directions, project, unit_square

        if method not in self._points:
            up = None if start is None else start * (1, -1)
            found = project(directions(self.codes, self.codes), method, start=up)
            self._points[method] = unit_square(found * (1, -1))
        return self._points[method]

    def mapped(self, method: str) -> bool:
        """Whether `points` has the answer already."""
        return method in self._points


def _content(operand: Operand) -> Hashable:
    """What a term is, whatever it is called: a file may have another picture by now."""
    flag = None if operand.flag is None else (operand.flag.fine.tobytes(), operand.flag.tints.tobytes())
    return operand.amount, operand.feature, operand.code.tobytes(), flag


def in_print(dataset: Dataset) -> Dataset:
    """The same flags, with every name printable on one line of a terminal."""
    names = tuple(
        Name(name.slug, printable(name.title), tuple(map(printable, name.others))) for name in dataset.flags.names
    )
    return dataset if names == dataset.flags.names else replace(dataset, flags=replace(dataset.flags, names=names))
