"""An open dataset, one of its models, and what is computed from the two: the layer below command line and application.

A `Workspace` is a collection (`workspace.collection`) with one model. Whatever takes long is computed at the first
request and then kept; it may be requested from a thread. Nothing here knows a terminal. A module that only some methods
need is imported inside these.

Letters: N flags, K features, H x W the canvas.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import UsageError
from flagsae.flags.grids import FINE, NEAR_DUPLICATE
from flagsae.mixing.compose import Composite, Operand, Sum, draw, drawing, read
from flagsae.printable import printable
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model, of_designs
from flagsae.sae.model import load_model
from flagsae.workspace.collection import Collection, Picture, open_collection

if TYPE_CHECKING:
    from flagsae.design.describe import Description
    from flagsae.design.design import Design
    from flagsae.features.cards import FeatureCard
    from flagsae.features.firing import Firing
    from flagsae.flags.dataset import Flags
    from flagsae.workspace.mix import Mix

THUMBNAIL = 36  # columns of an atom in a gallery
MANY = 20  # pictures: to find the designs of more takes several seconds, which the user is told
SHARP = 3  # times as wide the design of an atom is drawn, and then shrunk
# Of the strongest design features of an atom, which cards list and searches find; by eye.
MOST_PARTS = 12  # at most
LEAST_PART = 0.2  # of the strongest one's weight, at least
# Sizes of caches.
KEPT_REBUILT = 8  # rebuilt flags, 0.2 MB each
KEPT_DRAWINGS = 16  # sums whose drawings are kept: some 0.2 MB each


def open_workspace(data: str = "", model: str = "", tell: Callable[[str], None] | None = None) -> Workspace:
    """Opens a dataset and one of its models, each by its name or its file.

    data: by default the bundled flags; model: by default the shipped one, or the newest that was trained on the
    dataset; tell: is called with a line before something that takes long. Raises `UnknownName`, `DatasetError` or
    `ModelError`.
    """
    return Workspace.of(open_collection(data, tell), model)


class Workspace:
    """A collection with one model."""

    def __init__(self, collection: Collection, model: Model) -> None:
        self.collection = collection
        self.dataset = collection.dataset
        self.model = model
        self._points: dict[str, NDArray[np.float64]] = {}
        self._errors: dict[int, float] = {}
        self._made_of: dict[int, list[tuple[str, float]]] = {}
        self._thumbnails: dict[int, tuple[Picture, Picture | None]] = {}
        self._drawings: OrderedDict[Hashable, list[Composite]] = OrderedDict()
        self.rebuilt = lru_cache(maxsize=KEPT_REBUILT)(self._rebuilt)

    @classmethod
    def of(cls, collection: Collection, model: str = "") -> Workspace:
        """Opens a model of a collection's flags by its name or its file. Raises `UnknownName` or `ModelError`."""
        return cls(collection, load_model(collection.dataset, model))

    def __repr__(self) -> str:
        name = printable(self.dataset.name)
        return f"<{len(self.dataset.flags)} flags of {name!r}, model {self.model.hash}>"

    # The same verbs as on the command line.

    def compose(self, *operands: str, decode: str = "") -> Mix:
        """Adds encodings and draws the flag that the sum stands for.

        operands: flags (a name, an ISO code, an alias, a picture's path), words (`red`, `star`, `gold border`),
        features (`f17`), or sums of them; all are added up. A flag may have edits in brackets: `morocco[star->sun]`.
        decode: "weave" (parts of the flags as one design, the default), "vote" (a colour a region) or "sum" (a colour a
        pixel). Raises `ExpressionError`, which points at what is wrong in a sum, or `UsageError` if nothing is left of
        it.

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
        self, count: int = 1, *, seed: int = 0, prior: str = "", avoid_real: float = NEAR_DUPLICATE, decode: str = ""
    ) -> list[Mix]:
        """Draws new flags; the same flags for the same seed.

        count: how many, 1 at least; prior: "grammar" (designs as real flags are made; the default where there are
        enough designs), or of codes "mix" (two or three real flags; else the default), "empirical" (features that fire
        together), "gaussian" (each feature independently) or "uniform" (random numbers); avoid_real: flags nearer than
        this to a real one are drawn again, as the mean absolute difference of the canvases in 8-bit steps, 0 keeps all;
        decode: as for `compose`. Raises `UsageError` for an unknown prior, for a grammar where there are no designs to
        learn it from, and if too many are too near.

        >>> [mix.title for mix in open_workspace().sample(1, seed=7, prior="gaussian")]
        ['gaussian 7-1']
        """
        from flagsae.mixing.sampling import sample
        from flagsae.workspace.mix import Mix

        if count < 1:
            raise UsageError(f"is at least 1, not {count}", parameter="count")
        found = sample(self.model, count, prior=prior, seed=seed, avoid_real=avoid_real, decode=decode)
        return [Mix(one.title, one.expression, one.operands, one.composite, self) for one in found]

    # What is computed from the dataset and the model.

    def mix(self, total: Sum, decode: str = "") -> Mix:
        """Draws a sum. decode: as for `compose`. Raises `UsageError` if nothing is left of it."""
        from flagsae.workspace.mix import Mix

        composite = draw(self.model, total.operands, decode)[0]
        return Mix(total.title, total.expression, total.operands, composite, self)

    def flag_of(self, total: Sum) -> Flags:
        """The flag (N = 1) that a sum is, if it is one flag, or else is drawn as."""
        return total.known or self.mix(total).flag

    def read(self, text: str, memory: dict[str, Operand] | None = None) -> list[Operand]:
        """The terms of an expression as codes. Raises `ExpressionError`. memory: a cache, as for `compose.read`."""
        operands = read(text, self.model, memory, self.collection.design_of)
        for operand in operands:
            for line in operand.notes:
                self.collection.tell(f"note: {line}")
        return operands

    def drawing(self, operands: Sequence[Operand], decode: str = "", count: int = 1) -> Iterator[list[Composite]]:
        """Draws a sum in steps, as `drawing` of `mixing.compose` does, and keeps the last step of recent sums.

        A sum that was drawn recently, before a change was undone or on another screen, is not drawn again: the kept
        composites are the only step. Callers must not change them.
        """
        key = decode, count, *(_content(operand) for operand in operands)
        known = self._drawings.get(key)
        composites: list[Composite] = []
        for composites in drawing(self.model, operands, decode, count) if known is None else [known]:
            yield composites
        self._drawings.pop(key, None)
        self._drawings[key] = composites  # the newest
        while len(self._drawings) > KEPT_DRAWINGS:
            self._drawings.popitem(last=False)

    def picture_of(self, words: Operand) -> Picture:
        """What words are alone, on a plain field: H x W x 3."""
        from flagsae.design.render import picture
        from flagsae.mixing.change import of_words

        design = of_words([replace(words, amount=1.0)], self.dataset).design
        return picture(design, self.dataset.palette, self.dataset.size[1])

    @cached_property
    def codes(self) -> Codes:
        """The codes of the flags: N x K."""
        if of_designs(self.model) and not self.dataset.designs and len(self.dataset.flags) > MANY:
            count = len(self.dataset.flags)
            self.collection.tell(f"finding the designs of {count} pictures, which `flagsae prepare` would keep")
        return self.model.encode(self.dataset.flags)

    @cached_property
    def meanings(self) -> NDArray[np.float32]:
        """What the codes of the flags stand for, as vectors: N x r."""
        return self.model.meanings(self.codes)

    @cached_property
    def strength(self) -> Codes:
        """The codes of the flags with 0 where a feature does not fire: N x K."""
        from flagsae.features.labels import activity

        return activity(self.model, self.codes)

    @cached_property
    def cards(self) -> list[FeatureCard]:
        """The cards of all K features. Takes about a second."""
        from flagsae.features.cards import cards

        return cards(self.model, self.collection.attributes, self.codes)

    @property
    def labelled(self) -> bool:
        """Whether the cards, and with them the labels, have been computed."""
        return "cards" in self.__dict__

    def name(self, feature: int) -> str:
        """A feature's name in words; "" where it has none that can be trusted. At once, if the model's file has it."""
        kept = self.model.labels if of_designs(self.model) else ()
        if len(kept) == len(self.model):
            return kept[feature]
        label = self.cards[feature].label
        return label.words if label.trusted else ""

    def label(self, feature: int) -> str:
        """A feature's label for display, marked if it is not trusted."""
        from flagsae.features.cards import said

        return said(self.cards[feature], self.dataset.flags.names)

    def made_of(self, feature: int) -> list[tuple[str, float]]:
        """(name, weight) of the design features that an atom is made of, the strongest first; empty where the model is
        none of designs."""
        if feature not in self._made_of:
            told = list(self.model.atom_told(feature).items())[:MOST_PARTS] if of_designs(self.model) else []
            self._made_of[feature] = [one for one in told if one[1] >= LEAST_PART * told[0][1]]
        return self._made_of[feature]

    @property
    def atoms(self) -> list[tuple[Picture, Picture | None]]:
        """All K atoms, as from `thumbnails`."""
        return self.thumbnails(range(len(self.model)))

    def thumbnails(self, features: Sequence[int]) -> list[tuple[Picture, Picture | None]]:
        """Draws atoms for a gallery: small pictures of what each of n features adds and takes away, which are kept."""
        missing = [feature for feature in features if feature not in self._thumbnails]
        if missing:
            # All atoms take little longer than one, but not the designs of a model of designs.
            chosen = missing if of_designs(self.model) else range(len(self.model))
            self._thumbnails.update(zip(chosen, self.draw_atoms(chosen, THUMBNAIL), strict=True))
        return [self._thumbnails[feature] for feature in features]

    def thumbnail(self, feature: int) -> tuple[Picture, Picture | None] | None:
        """The same of one feature, if it has been drawn already."""
        return self._thumbnails.get(feature)

    def atom(self, feature: int) -> tuple[Picture, Picture | None]:
        """One atom at full size: what it adds and takes away."""
        return self.draw_atoms([feature], self.atom_size[1])[0]

    @property
    def atom_size(self) -> tuple[int, int]:
        """Height and width of an atom's picture at full size: of a design as fine as flags are, else of the canvas."""
        height, width = self.dataset.size
        return (FINE * height, FINE * width) if of_designs(self.model) else (height, width)

    def draw_atoms(self, features: Sequence[int], columns: int) -> list[tuple[Picture, Picture | None]]:
        """Draws atoms: pictures of what each of n features adds and takes away.

        columns: width in pixels, at most that of `atom_size`; the number of rows is even. Where the model is not flat
        one picture, H x W, shows both, and the second is None. Many features at once take little longer than one.
        """
        from flagsae.features.atoms import signed_atoms
        from flagsae.visual.atoms import flat, light

        if not self.model.flat:
            return [(light(atom), None) for atom in self.model.atoms()[list(features)]]
        height, width = self.atom_size
        columns = min(columns, width)
        rows = min(height, 2 * max(1, round(columns * height / width / 2)))
        if of_designs(self.model):
            designs = [self.model.atom_design(feature) for feature in features]
            return [(self._drawn(design, (rows, columns)), None) for design in designs]
        found = signed_atoms(self.model, (rows, columns), features)
        full = found.scale[:, None, None]
        colours = self.dataset.palette.rgb
        adds, takes = flat(found.adds / full, found.added, colours), flat(found.takes / full, found.taken, colours)
        return list(zip(adds, takes, strict=True))

    def _drawn(self, design: Design, size: tuple[int, int]) -> Picture:
        """A design as a small picture, rows x columns of `size`: each pixel in the colour that covers most of it."""
        from flagsae.design.render import label_map
        from flagsae.flags.dataset import majority

        palette = self.dataset.palette
        return palette.rgb[majority(label_map(design, palette, SHARP * size[0], SHARP * size[1]), *size)]

    @cached_property
    def _products(self) -> NDArray[np.floating]:
        """The inner products of the atoms: K x K."""
        return self.model.atom_products()

    def atoms_alike(self, feature: int) -> NDArray[np.floating]:
        """The cosine of each feature's atom with the atom of this one, from -1 to 1: K."""
        squares = self._products.diagonal()
        return self._products[feature] / np.sqrt(np.maximum(squares * squares[feature], 1e-12))

    def _rebuilt(self, flag: int) -> Picture:
        """A flag, encoded and decoded: H x W x 3. Also notes its error. `rebuilt` keeps the results."""
        flags = self.dataset.flags[[flag]]
        pictures, labels = self.model.rebuild(self.codes[[flag]], flags)
        away = (labels != flags.labels) if labels is not None else np.abs(pictures / 255 - flags.canvas / 255)
        self._errors[flag] = float(away.mean())
        return pictures[0]

    def error(self, flag: int) -> float:
        """How much a rebuilt flag differs from the flag, from 0 to 1: the share of pixels in another colour, or from a
        model without label maps the mean absolute difference of pixels."""
        if flag not in self._errors:
            self.rebuilt(flag)
        return self._errors[flag]

    def firing(self, flag: Flags, description: Description) -> list[list[Firing]]:
        """For each element of a flag's description the features that fire for it, the strongest first; none where the
        model is not of designs. flag: N = 1."""
        from flagsae.features.firing import firing

        return firing(self.model, flag, description.evidence) if of_designs(self.model) else []

    def unsaid(self, flag: Flags) -> list[tuple[str, float]]:
        """What a flag (N = 1) has and the model has no feature for, the strongest first: (design feature, its share of
        the flag). Nothing where the model is not of designs."""
        from flagsae.features.residual import unsaid

        return unsaid(self.model, flag) if of_designs(self.model) else []

    def alike(self, code: NDArray[np.float32]) -> NDArray[np.float64]:
        """The similarity of a code (K) to each flag's code, from -1 to 1: N."""
        from flagsae.sae.embedding import similarities

        return similarities(self.model.meanings(code[None]), self.meanings)[0]

    def points(self, method: str, start: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """A map of all flags: N x 2, x and y as shares of its frame, y downwards. Kept for each method.

        method: "tsne", which takes a second or two, or "pca"; start: N x 2, the map of another step of the same run, to
        which this one should be comparable. It has no effect on a map that has been computed.
        """
        from flagsae.sae.embedding import directions, project, unit_square

        if method not in self._points:
            up = None if start is None else start * (1, -1)
            found = project(directions(self.meanings, self.meanings), method, start=up)
            self._points[method] = unit_square(found * (1, -1))
        return self._points[method]

    def mapped(self, method: str) -> bool:
        """Whether the map of a method has been computed."""
        return method in self._points


def _content(operand: Operand) -> Hashable:
    """A key of a term's content. Its name is not enough, as the picture in a file may have changed."""
    flag = None if operand.flag is None else (operand.flag.fine.tobytes(), operand.flag.tints.tobytes())
    return operand.amount, operand.feature, operand.code.tobytes(), flag, operand.design, operand.said
