"""A sparse autoencoder over designs: its input is the features of a flag's design, and so is each atom.

A flag is a sparse vector over features that have names (`flagsae.design.features`), each multiplied by how rare it is;
vectors have length 1. Atoms have no negative numbers, so that a code says what a flag is made of: a Nordic cross, a red
field, a thin white edge. `decode` adds up the atoms of a code and settles the sum into the design that has these
features best (`flagsae.design.settle`), which is drawn sharply at any size.

As its features have names, such a model can encode the pictures of any dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from flagsae.checks import Array, Sizes, listed, number, text, whole
from flagsae.design.design import Design
from flagsae.design.facets import GROUNDS, VERSION, facet
from flagsae.design.feature_table import Table
from flagsae.design.segment import NOTHING
from flagsae.design.settle import likeliest, settle, steered
from flagsae.design.vectors import design_of, vector, vectors
from flagsae.errors import ModelError, shell
from flagsae.flags.coarse import averaged
from flagsae.flags.dataset import Dataset, Flags, Split
from flagsae.flags.grids import FINE
from flagsae.sae.codes import Codes
from flagsae.sae.info import Header, Info
from flagsae.sae.kind import Kind
from flagsae.sae.metrics import fvu
from flagsae.sae.pursuit import pursue
from flagsae.tensors import Tensors

# A weaker activation helps to rebuild a flag, and does not say that the flag has what the feature is named after: of
# flags that were held out names are true of .94 of the activation above it, and of .26 of that below.
ACTIVE = 0.1
FAINT = 0.02  # of the strongest: weaker features of a decoded code are not told
SHORT = 1e-9  # a vector that is shorter has no features


@dataclass(frozen=True)
class DesignModel:
    """A sparse autoencoder of design features."""

    decoder: NDArray[np.float32]
    """K x F, at least 0: the atoms, in weighted features, of length 1."""
    encoder_bias: NDArray[np.float32]
    """K."""
    ridge: float
    """λ of the encoder's directions, `inverse` of the atoms; unless there are others in `own_encoder`."""
    own_encoder: NDArray[np.float32] | None
    """K x F, directions that do not come from the atoms."""
    table: Table
    """The F features, and how rare each is."""
    length: float
    """How long the weighted vectors of flags usually are, before they are given the length 1."""
    threshold: float
    """Activations up to the threshold are set to zero."""
    active: int
    """The most features that are active for one flag; 0 for no limit."""
    dataset: Dataset
    info: Info = field(default_factory=Info)
    """How the model was trained."""
    labels: tuple[str, ...] = ()
    """The names of its features where its file has them: K, "" for a feature that has none that can be trusted."""

    kind: ClassVar[str] = "design"
    flat: ClassVar[Literal[True]] = True
    active_above: ClassVar[float] = ACTIVE
    salience: ClassVar[float] = 0.25  # as of `crisp`, where pictures are compared

    @property
    def hash(self) -> str:
        return self.info.hash

    def __len__(self) -> int:
        return len(self.decoder)

    @cached_property
    def encoder(self) -> NDArray[np.float32]:
        """The encoder's directions: K x F."""
        return inverse(self.decoder, self.ridge) if self.own_encoder is None else self.own_encoder

    # Flags as vectors.

    def features(self, flag: Flags) -> dict[str, float]:
        """The design features of a flag (N = 1), those too that the model does not know."""
        return vector(self.dataset, flag)

    def vectors(self, flags: Flags) -> NDArray[np.float32]:
        """The design features of n flags, n x F; of a flag without a design none. Finds the designs of pictures that
        are not of the dataset, which takes up to some seconds for each."""
        known = self.dataset
        if flags is known.flags:
            return self._vectors
        # One flag by itself may carry its design; a copy would not.
        rows = [flags] if len(flags) == 1 else [flags[[row]] for row in range(len(flags))]
        return self.table.matrix([vector(known, row) for row in rows])

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        """The design features of the dataset's flags, N x F, read only."""
        found = self.table.matrix(vectors(self.dataset))
        found.setflags(write=False)
        return found

    @cached_property
    def _known(self) -> NDArray[np.float32]:
        """The inputs of the dataset's flags: N x F."""
        return weighted(self._vectors, self.table)

    def encode(self, flags: Flags) -> Codes:
        """Encodes n flags as n x K codes."""
        if flags is self.dataset.flags:
            return self._codes.copy()
        return self.activate(weighted(self.vectors(flags), self.table))

    def activate(self, inputs: NDArray[np.float32]) -> Codes:
        """Turns n x F inputs into n x K codes: only activations above the threshold, and the `active` largest of
        these, are kept."""
        codes = inputs @ self.encoder.T + self.encoder_bias
        codes[codes <= self.threshold] = 0
        if 0 < self.active < len(self):
            least = np.partition(codes, -self.active, axis=1)[:, -self.active, None]
            codes[codes < least] = 0
        return codes.astype(np.float32)

    def told(self, code: NDArray[np.float32]) -> dict[str, float]:
        """The design features that a code (K) stands for, with weights as of `features_of`; without faint ones."""
        amounts = code @ self.atom_features
        least = FAINT * amounts.max(initial=0)
        return {name: float(amount) for name, amount in zip(self.table.names, amounts, strict=True) if amount > least}

    @cached_property
    def atom_features(self) -> NDArray[np.float32]:
        """What an activation of 1 adds to the design features of a flag: K x F."""
        return (self.length * self.decoder / np.maximum(self.table.rarity, SHORT)).astype(np.float32)

    # Codes as designs.

    def design(self, code: NDArray[np.float32]) -> Design:
        """The design that a code (K) stands for."""
        return settle(self.told(code), self.table).design

    def steered(self, flag: Flags, change: NDArray[np.float32]) -> Design | None:
        """The design of a flag (N = 1) with what a change of its code (K, signed) says more or less; the same where
        that meets nothing that can be seen. None where the flag has no design."""
        design = design_of(self.dataset, flag)
        return None if design is None else self.changed(design, change)

    def changed(self, design: Design, change: NDArray[np.float32]) -> Design:
        """The same of a design."""
        added = change @ self.atom_features
        told = {name: float(one) for name, one in zip(self.table.names, added, strict=True) if one}
        found = steered(design, told, self.table)
        if found is None or np.array_equal(*self.drawn([design, found], FINE)):
            return design
        return found

    def decode(self, codes: Codes, *, fine: bool = False) -> NDArray[np.uint8]:
        """Turns n x K codes into the n x H x W label maps of their designs; fine: n x 3H x 3W."""
        return self.drawn([self.design(code) for code in codes], FINE if fine else 1)

    def drawn(self, designs: Sequence[Design], times: int = 1) -> NDArray[np.uint8]:
        """The label maps of n designs in the dataset's palette: n x H x W, both sides so many times as long."""
        from flagsae.design.render import label_map

        height, width = (times * side for side in self.dataset.size)
        maps = [label_map(design, self.dataset.palette, height, width) for design in designs]
        return np.stack(maps) if maps else np.zeros((0, height, width), np.uint8)

    def scores(self, codes: Codes, *, fine: bool = False) -> NDArray[np.float32]:
        """1 for the colour of each pixel of the codes' designs, 0 for others: n x C x H x W; fine: n x C x 3H x 3W."""
        return _one_hot(self.decode(codes, fine=fine), len(self.dataset.palette))

    def rebuild(self, codes: Codes, flags: Flags) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Turns n x K codes of n flags into pictures in each flag's own tints, n x H x W x 3, and n x H x W label
        maps."""
        labels = self.decode(codes)
        return np.stack([tint[one] for tint, one in zip(flags.tints, labels, strict=True)]), labels

    # Atoms.

    def atom_design(self, feature: int) -> Design:
        """The likeliest design of which a feature's atom is told. What the atom does not say is filled in from the
        flags for which the feature fires."""
        if feature not in self._atom_designs:
            self._atom_designs[feature] = likeliest(self.atom_told(feature), self._typical(feature))
        return self._atom_designs[feature]

    def _typical(self, feature: int) -> dict[str, float]:
        """The mean features of the flags for which a feature fires, each as much as it does."""
        amounts = self._codes[:, feature]
        mean = amounts @ self._vectors / max(float(amounts.sum()), SHORT)
        return {name: float(value) for name, value in zip(self.table.names, mean, strict=True) if value > 0}

    @cached_property
    def _codes(self) -> Codes:
        """The codes of the dataset's flags: N x K."""
        return self.activate(self._known)

    @cached_property
    def _atom_designs(self) -> dict[int, Design]:
        return {}

    def atom_told(self, feature: int) -> dict[str, float]:
        """The design features that a feature's atom stands for, the strongest first."""
        code = np.zeros(len(self), np.float32)
        code[feature] = 1
        told = self.told(code)
        return dict(sorted(told.items(), key=lambda one: -one[1]))

    def atom_labels(self, feature: int, times: int = 1) -> NDArray[np.uint8]:
        """The label map of the likeliest design of a feature's atom, H x W, both sides so many times as long; of one
        that says nothing of the ground without the ground, `NOTHING` there."""
        design = self.atom_design(feature)
        (labels,) = self.drawn([design], times)
        said = (facet(name) for name in self.atom_told(feature))
        if any(one is not None and one.kind == "thing" and one["noun"] in GROUNDS for one in said):
            return labels
        (bare,) = self.drawn([replace(design, layers=design.layers[:1], charges=())], times)
        return np.where(labels == bare, NOTHING, labels).astype(np.uint8)

    def atoms(self) -> NDArray[np.float32]:
        """The likeliest design of each atom, as `scores`: K x C x H x W."""
        return _one_hot(self.drawn([self.atom_design(each) for each in range(len(self))]), len(self.dataset.palette))

    def planes(
        self, colours: NDArray[np.uint8], size: tuple[int, int], features: NDArray[np.integer]
    ) -> Iterator[NDArray[np.floating]]:
        """The same of n features where their atoms say anything, averaged down to a coarser grid, colour by colour: C
        arrays of n x h x w."""
        found = [self.atom_labels(int(feature)) for feature in features]
        labels = np.stack(found) if found else np.zeros((0, *self.dataset.size), np.uint8)
        for colour in range(len(colours)):
            yield averaged((labels == colour).astype(np.float32), size)

    def atom_tints(self, feature: int) -> NDArray[np.uint8]:
        """The colours in which an atom is drawn: C x 3, sRGB."""
        return self.dataset.palette.rgb

    def meanings(self, codes: Codes) -> NDArray[np.float32]:
        """What n x K codes decode to, n x F: with a red star and with a white one two flags are alike in the star."""
        return codes @ self.decoder

    def atom_products(self) -> NDArray[np.floating]:
        """The inner products of the atoms: K x K."""
        return self.decoder @ self.decoder.T

    def flag_vectors(self) -> NDArray[np.float64]:
        """The inputs of the dataset's flags: N x F."""
        return self._known.astype(np.float64)

    def atom_vectors(self, flag_vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """The atoms in that space: K x F."""
        return self.decoder.astype(np.float64)

    def input_fvu(self, codes: Codes, parts: Split, known: NDArray[np.int64]) -> dict[str, dict[str, float]]:
        """Part -> {"input_fvu", "pursuit_fvu"}: fractions of variance unexplained of the design features, with the
        model's codes (N x K, of the dataset's flags), and with codes by pursuit over its atoms."""
        inputs = self._known
        mean = inputs[known].mean(0)
        figures = {}
        for name, positions in parts.items():
            some = inputs[positions]
            pursued = pursue(some @ self.decoder.T, self.atom_products(), self.active or len(self))
            figures[name] = {
                "input_fvu": fvu(some, codes[positions] @ self.decoder, mean),
                "pursuit_fvu": fvu(some, pursued @ self.decoder, mean),
            }
        return figures

    def export(self) -> tuple[Tensors, Header]:
        """Its arrays and its fields of a header, for a model file."""
        tensors = {"decoder": self.decoder, "encoder_bias": self.encoder_bias}
        if self.own_encoder is not None:
            tensors["encoder"] = self.own_encoder
        return tensors, {
            "kind": self.kind,
            "ridge": self.ridge,
            "version": VERSION,
            "names": list(self.table.names),
            "flags": list(self.table.flags),
            "count": self.table.count,
            "length": self.length,
            "threshold": self.threshold,
            "active": self.active,
        }


def inverse(atoms: NDArray[np.float32], ridge: float) -> NDArray[np.float32]:
    """The ridge inverse of atoms, (W Wᵀ + λ)⁻¹ W (1 + λ): directions by which atoms that overlap are told apart. K x F.

    `flagsae.training.encoders` trains with it.
    """
    wide = atoms.astype(np.float64)
    overlap = wide @ wide.T + ridge * np.eye(len(wide))
    return (np.linalg.solve(overlap, wide) * (1 + ridge)).astype(np.float32)


def weighted(vectors: NDArray[np.float32], table: Table) -> NDArray[np.float32]:
    """The inputs of a model: n x F vectors of design features, each feature times how rare it is, rows of length 1."""
    rows = vectors * table.rarity
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), SHORT)


def _one_hot(labels: NDArray[np.uint8], colours: int) -> NDArray[np.float32]:
    """n x H x W label maps as n x C x H x W numbers."""
    return (labels[:, None] == np.arange(colours, dtype=np.uint8)[:, None, None]).astype(np.float32)


def _sizes(header: Header, dataset: Dataset) -> Sizes:
    wrong = ""
    if header["version"] != VERSION:
        wrong = f"is of version {header['version']} of the design features, and here they are of version {VERSION}"
    elif len(header["flags"]) != len(header["names"]):
        wrong = f"is damaged (flags of {len(header['flags'])} of {len(header['names'])} features)"
    elif max(header["flags"]) > header["count"]:
        wrong = f"is damaged (a feature of {max(header['flags'])} of {header['count']} flags)"
    if wrong:
        raise ModelError(f"{wrong}: run {shell('train', preset='design')} again")
    return {"F": len(header["names"])}


def _made(tensors: Tensors, header: Header, info: Info, dataset: Dataset) -> DesignModel:
    return DesignModel(
        decoder=tensors["decoder"],
        encoder_bias=tensors["encoder_bias"],
        ridge=float(header["ridge"]),
        own_encoder=tensors.get("encoder"),
        table=Table(tuple(header["names"]), tuple(header["flags"]), header["count"]),
        length=float(header["length"]),
        threshold=float(header["threshold"]),
        active=header["active"],
        dataset=dataset,
        info=info,
        labels=tuple(header.get("labels", ())),
    )


KIND = Kind(
    header={
        "ridge": number(0),
        "version": whole(),
        "names": listed(text(200), 1),
        "flags": listed(whole(1), 1),
        "count": whole(1),
        "length": number(0),
        "threshold": number(0),
        "active": whole(),
    },
    arrays={
        "decoder": Array("float", ("K", "F"), least=0),
        "encoder_bias": Array("float", ("K",)),
        "encoder": Array("float", ("K", "F"), optional=True),
    },
    sizes=_sizes,
    make=_made,
)
