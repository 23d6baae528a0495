"""The two part dictionaries, for browsing: features of regions of grounds (layouts) and of figures (shapes).

`flagsae.workspace.dictionaries.Book` says what the methods do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flagsae.design.dictionaries import Dictionary, strongest_region
from flagsae.visual.atoms import grey, peak, spotlight
from flagsae.workspace.dictionaries import (
    FAINT,
    KINDS,
    LEAST,
    LEAST_ODDS,
    PART_ORDERS,
    Facts,
    Listed,
    Lists,
    activations,
    percent,
)

if TYPE_CHECKING:
    from flagsae.visual.scene import Scene
    from flagsae.workspace.collection import Collection, Picture

REGIONS = 128  # pictures of top flags that are kept, 0.2 MB each
SHOWN = 6  # flags of a feature in a scene
SPOKEN = 2  # classes that a record names of those that a feature speaks for; and one that it speaks against
CLASSES = 3  # classes that a record names of those that a feature fires for
GAP = 2  # pixels between atoms on a sheet


class PartBook:
    """One of the two shipped part dictionaries, as a `Book`.

    collection: the flags that are shown. The flags for which a feature fires are shown only if this is the dataset that
    the dictionary was trained on, as it knows them by their positions; kind: "layout" or "shape".
    """

    drawn_as = "light: adds, dark: takes away"

    def __init__(self, collection: Collection, kind: str) -> None:
        self.collection, self.kind, self.orders = collection, kind, PART_ORDERS
        self.prefix = KINDS[kind]
        self.title = f"{kind} features"
        self.top_picture = lru_cache(maxsize=REGIONS)(self._top_picture)

    @property
    def _dictionary(self) -> Dictionary:
        return self.collection.parts[self.kind]

    def __len__(self) -> int:
        return len(self._dictionary)

    def name(self, feature: int) -> str:
        return f"{self.prefix}{feature}"

    @property
    def source(self) -> str:
        return f"part model {self.model_hash}"

    @property
    def model_hash(self) -> str:
        return self.collection.parts.hash

    # Pictures.

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self._atoms.shape[1:]
        return int(height), int(width)

    @property
    def ready(self) -> bool:
        return "pictures" in self.__dict__

    def prepare(self) -> None:
        _ = self.pictures, self.fires  # computed on first access

    def thumbnail(self, feature: int) -> tuple[Picture, Picture | None] | None:
        return self.pictures[feature] if self.ready else None

    def sketch(self, features: Sequence[int]) -> None:
        self.prepare()

    @cached_property
    def _atoms(self) -> NDArray[np.float32]:
        """The atoms of all features, signed: K x H x W."""
        return self._dictionary.atoms()

    @cached_property
    def pictures(self) -> Sequence[tuple[Picture, Picture | None]]:
        """Of all K atoms, at full size."""
        usual = float(np.median([peak(atom) for atom in self._atoms]))  # half of all atoms are stronger
        return [(grey(atom, FAINT * usual), None) for atom in self._atoms]

    def draw(self, features: Sequence[int], columns: int) -> list[tuple[Picture, Picture | None]]:
        return [self.pictures[feature] for feature in features]

    def picture(self, feature: int) -> tuple[Picture, Picture | None]:
        return self.pictures[feature]

    def _top_picture(self, feature: int, flag: int) -> Picture:
        """The flag, pale except for the region for which the feature fires most. Takes about 10 ms."""
        region = strongest_region(self._dictionary, feature, self.collection.dataset.flags, flag)
        return spotlight(self.collection.picture(flag), region)

    # Figures.

    @property
    def fires(self) -> NDArray[np.integer]:
        return self._dictionary.flags_count

    @property
    def strength(self) -> NDArray[np.floating]:
        """The highest activation of each feature: K. A part dictionary keeps no mean."""
        return self._dictionary.top_strength.max(1)

    def alike(self, feature: int) -> NDArray[np.floating]:
        atoms = self._atoms.reshape(len(self), -1)
        length = np.maximum(np.linalg.norm(atoms, axis=1), 1e-9)
        return atoms @ atoms[feature] / (length * length[feature])

    def within(self, flag: int) -> NDArray[np.floating]:
        return np.zeros(len(self))

    def facts(self, feature: int) -> Facts:
        top = tuple(self._dictionary.top(feature)) if self.collection.knows_parts else ()
        return Facts(int(self.fires[feature]), 0.0, float(self.strength[feature]), (), top)

    # Labels, which are classes of drawn regions and need not be computed.

    @property
    def labelled(self) -> bool:
        return True

    def learn(self) -> None:
        pass

    def label(self, feature: int) -> tuple[str, bool]:
        return self._dictionary.label(feature)[0], self._dictionary.trusted(feature)

    def said(self, feature: int) -> str:
        purity = self._dictionary.label(feature)[1]
        words, _ = self.judged(feature)
        return f"{words}, {percent(purity)}" if purity else words

    def short(self, feature: int) -> str:
        words, purity = self._dictionary.label(feature)
        return words if not purity or self._dictionary.trusted(feature) else f"?{words}"

    def judged(self, feature: int) -> tuple[str, str]:
        words, purity = self._dictionary.label(feature)
        if not purity:
            return words, "fires for no drawn region"
        trusted = self._dictionary.trusted(feature)
        return words if trusted else f"unsure: {words}", f"{'sure: ' if trusted else ''}{percent(purity)} pure"

    def searched(self, feature: int) -> str:
        words, trusted = self.label(feature)
        return f"{words} {'' if trusted else 'unsure'}"

    def shares(self, feature: int) -> list[tuple[str, float]]:
        """(class, share) of the drawn regions that a feature fires for, the largest first, without tiny shares."""
        return [(name, share) for name, share in self._dictionary.shares(feature) if share >= LEAST]

    def spoken(self, feature: int) -> list[tuple[str, float]]:
        """(class, log odds) of the classes that a feature speaks for most, and of the one it speaks against most."""
        spoken = self._dictionary.speaks(feature)
        return [*spoken[:SPOKEN], spoken[-1]]

    def lists(self, feature: int) -> Lists:
        spoken = [one for one in self._dictionary.speaks(feature) if abs(one[1]) >= LEAST_ODDS]
        return (
            ("speaks for (+), against (−): log odds", [Listed("", odds, name) for name, odds in spoken]),
            ("fires for drawn", [Listed(percent(share), share, name) for name, share in self.shares(feature)]),
        )

    # For other programs.

    def record(self, feature: int) -> dict[str, Any]:
        words, purity = self._dictionary.label(feature)
        slugs = [name.slug for name in self.collection.dataset.flags.names]
        return {
            "feature": feature,
            "dictionary": self.kind,
            "name": self.name(feature),
            "label": words,
            "purity": round(purity, 4),
            "trusted": self._dictionary.trusted(feature),
            "classes": {name: round(share, 4) for name, share in self._dictionary.shares(feature)[:CLASSES]},
            "speaks": {name: round(odds, 3) for name, odds in self.spoken(feature)},
            "flags": int(self.fires[feature]),
            "top": activations(self.facts(feature).top, slugs),
            "model": self.model_hash,
        }

    def scene(self, feature: int | None = None) -> Scene:
        """Pictures without codes: these features have no place in the code of a whole flag."""
        from flagsae.visual.scene import Scene
        from flagsae.workspace.drawing import in_rows
        from flagsae.workspace.scenes import ACROSS

        if feature is None:
            sheet = in_rows([adds for adds, _ in self.pictures], min(ACROSS, len(self)), GAP)
            return Scene(f"{len(self)} {self.title} of {self.source}", {"atoms": sheet})
        facts = self.facts(feature)
        images = {"atom": self.picture(feature)[0]}
        for flag, activation in facts.top[:SHOWN]:
            images[f"{self.collection.title(flag)} {activation:.2f}"] = self.top_picture(feature, flag)
        words = f"It fires for {facts.fires} of {len(self.collection)} flags."
        return Scene(f"{self.name(feature)}: {self.said(feature)}", images, words=words)
