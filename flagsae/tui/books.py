"""The dictionaries that the Features screen shows: of whole flags (f12), of layouts (l39) and of shapes (s245).

They differ in what is known of a feature and are alike to a gallery and a card: each is a `Book`.

Letters: N flags, K features.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from flagsae.design.dictionaries import Dictionary, strongest_region
from flagsae.features.cards import BINS, SHOWN
from flagsae.visual.atoms import grey, peak, spotlight
from flagsae.workspace.workspace import Collection, Picture, Workspace

KINDS = ("canvas", "layout", "shape")
PART_ORDERS: tuple[str, ...] = ("number", "density", "strength", "dead", "alike")
ORDERS: tuple[str, ...] = ("number", "flag", *PART_ORDERS[1:])
FAINT = 0.5  # of the usual atom's strength: one that is weaker is drawn in paler shades
REGIONS = 128  # pictures of top flags that are kept, of 0.2 MB each
LEAST = 0.005  # share of what a feature fires for that a card names
HEARD = 0.05  # log odds that a card names


@dataclass(frozen=True)
class Listed:
    """A line of a card's list. feature: where it stands for one; name: short; value: of its bar; words: the rest."""

    name: str
    value: float
    words: str
    feature: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a feature at once. fires: for how many flags; mean, largest: of its activation where it fires;
    counts: the histogram of that, from 0 to the largest; top: (flag, activation), the strongest first."""

    fires: int
    mean: float
    largest: float
    counts: tuple[int, ...]
    top: tuple[tuple[int, float], ...]


class Book(Protocol):
    """A dictionary, feature by feature. Pictures and labels take long the first time: ask for them in a thread."""

    kind: str
    prefix: str  # of a feature's name
    title: str  # in the plural: it follows a number
    orders: tuple[str, ...]  # in which its features can be sorted

    def __len__(self) -> int: ...

    @property
    def drawn(self) -> bool:
        """Whether the pictures are there."""

    @property
    def pictures(self) -> Sequence[tuple[Picture, Picture | None]]:
        """What each feature adds and takes away, small."""

    def picture(self, feature: int) -> tuple[Picture, Picture | None]:
        """The same of one, as large as there is."""

    @property
    def fires(self) -> NDArray[np.integer]:
        """For how many flags: K."""

    @property
    def strength(self) -> NDArray[np.floating]:
        """Of each feature where it fires: K."""

    def alike(self, feature: int) -> NDArray[np.floating]:
        """How alike the atoms are to this one's: K, from -1 to 1."""

    def within(self, flag: int) -> NDArray[np.floating]:
        """The activation of each feature in a flag, 0 where it does not fire: K; all 0 where that is not known."""

    def facts(self, feature: int) -> Facts: ...

    def top_picture(self, feature: int, flag: int) -> Picture:
        """A flag for which the feature fires."""

    @property
    def labelled(self) -> bool:
        """Whether the labels are there; before that they are ""."""

    def learn(self) -> None:
        """Works the labels out."""

    def label(self, feature: int) -> str:
        """In words, "?red disc" where that is not to be trusted, "~Chad" where nothing is known but the flags: for a
        tile."""

    def said(self, feature: int) -> tuple[str, str]:
        """In words, and how far these can be trusted: for a card."""

    def searched(self, feature: int) -> str:
        """All words by which it is found."""

    def lists(self, feature: int) -> tuple[tuple[str, list[Listed]], tuple[str, list[Listed]]]:
        """Two titles with lines: what the feature goes with, and what its flags have."""


# Whole flags.


class CanvasBook:
    """The features of a model."""

    kind, prefix, title, orders = "canvas", "f", "features", ORDERS

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __len__(self) -> int:
        return len(self.workspace.model)

    @property
    def drawn(self) -> bool:
        return "atoms" in self.workspace.__dict__ and "strength" in self.workspace.__dict__

    @property
    def pictures(self) -> Sequence[tuple[Picture, Picture | None]]:
        return self.workspace.atoms

    def picture(self, feature: int) -> tuple[Picture, Picture | None]:
        return self.workspace.atom(feature)

    @cached_property
    def fires(self) -> NDArray[np.integer]:
        return (self.workspace.strength > 0).sum(0)

    @cached_property
    def strength(self) -> NDArray[np.floating]:
        return self.workspace.strength.sum(0) / np.maximum(self.fires, 1)

    def alike(self, feature: int) -> NDArray[np.floating]:
        return self.workspace.atoms_alike(feature)

    def within(self, flag: int) -> NDArray[np.floating]:
        return self.workspace.strength[flag]

    def facts(self, feature: int) -> Facts:
        strength = self.workspace.strength[:, feature]
        order = np.argsort(-strength, kind="stable")[: int(self.fires[feature])]
        if not len(order):
            return Facts(0, 0.0, 0.0, (), ())
        firing = strength[order]
        counts, _ = np.histogram(firing, BINS, (0, float(firing[0])))
        top = tuple((int(flag), float(strength[flag])) for flag in order[:SHOWN])
        return Facts(len(order), float(firing.mean()), float(firing[0]), tuple(map(int, counts)), top)

    def top_picture(self, feature: int, flag: int) -> Picture:
        return self.workspace.collection.small(flag)

    @property
    def labelled(self) -> bool:
        return self.workspace.labelled

    def learn(self) -> None:
        _ = self.workspace.cards

    def label(self, feature: int) -> str:
        if not self.labelled or not self.fires[feature]:
            return ""
        words = self.workspace.label(feature)
        return words.replace("unsure: like ", "~", 1).replace("unsure: ", "?", 1)

    def said(self, feature: int) -> tuple[str, str]:
        if not self.fires[feature]:
            return "dead", "fires for no flag"
        if not self.labelled:
            return "…", ""
        label, words = self.workspace.cards[feature].label, self.workspace.label(feature)
        words = words if label.words in words else f"{words} · {label.words}?"
        return words, f"{'sure: ' if label.trusted else ''}{percent(label.precision)} true"

    def searched(self, feature: int) -> str:
        words = f"{self.workspace.label(feature)} {self.workspace.cards[feature].label.words}" if self.labelled else ""
        return words if self.fires[feature] else "dead"

    def lists(self, feature: int) -> tuple[tuple[str, list[Listed]], tuple[str, list[Listed]]]:
        if not self.labelled:
            return ("fires with", []), ("its flags have", [])
        card = self.workspace.cards[feature]
        company = [
            Listed(f"f{one.feature}", one.phi, f"{self.label(one.feature)}, both {one.both}", one.feature)
            for one in card.company
        ]
        attributes = [
            Listed(f"{one.have}/{one.fires}", one.precision, f"{one.attribute}, of all {percent(one.share)}")
            for one in card.attributes
        ]
        return ("fires with, φ", company), ("its flags have", attributes)


# Parts of flags.


class PartBook:
    """One of the two part dictionaries, as they are shipped. kind: "layout" or "shape"."""

    def __init__(self, collection: Collection, kind: str) -> None:
        self.collection, self.kind, self.orders = collection, kind, PART_ORDERS
        self.prefix = kind[0]
        self.title = f"{kind} features"
        self.top_picture = lru_cache(maxsize=REGIONS)(self._top_picture)

    @property
    def _dictionary(self) -> Dictionary:
        return self.collection.parts[self.kind]

    @property
    def _at_home(self) -> bool:
        """Whether the flags are those that it was trained on: it knows these by their positions."""
        return self.collection.parts.dataset == self.collection.dataset.hash

    def __len__(self) -> int:
        return len(self._dictionary)

    @property
    def drawn(self) -> bool:
        return "pictures" in self.__dict__

    @cached_property
    def _atoms(self) -> NDArray[np.float32]:
        """K x h x w."""
        return self._dictionary.atoms()

    @cached_property
    def pictures(self) -> Sequence[tuple[Picture, Picture | None]]:
        usual = float(np.median([peak(atom) for atom in self._atoms]))
        return [(grey(atom, FAINT * usual), None) for atom in self._atoms]

    def picture(self, feature: int) -> tuple[Picture, Picture | None]:
        return self.pictures[feature]

    @property
    def fires(self) -> NDArray[np.integer]:
        return self._dictionary.flags_count

    @property
    def strength(self) -> NDArray[np.floating]:
        """The highest: it remembers no more."""
        return self._dictionary.top_strength.max(1)

    def alike(self, feature: int) -> NDArray[np.floating]:
        atoms = self._atoms.reshape(len(self), -1)
        length = np.maximum(np.linalg.norm(atoms, axis=1), 1e-9)
        return atoms @ atoms[feature] / (length * length[feature])

    def within(self, flag: int) -> NDArray[np.floating]:
        return np.zeros(len(self))

    def facts(self, feature: int) -> Facts:
        top = tuple(self._dictionary.top(feature)) if self._at_home else ()
        return Facts(int(self.fires[feature]), 0.0, float(self.strength[feature]), (), top)

    def _top_picture(self, feature: int, flag: int) -> Picture:
        """All is pale but the region for which it fires. Some 10 ms."""
        region = strongest_region(self._dictionary, feature, self.collection.dataset.flags, flag)
        return spotlight(self.collection.picture(flag), region)

    @property
    def labelled(self) -> bool:
        return True

    def learn(self) -> None:
        pass

    def label(self, feature: int) -> str:
        words, purity = self._dictionary.label(feature)
        if not purity:
            return "" if words == "dead" else words
        return words if self._dictionary.trusted(feature) else f"?{words}"

    def said(self, feature: int) -> tuple[str, str]:
        words, purity = self._dictionary.label(feature)
        if not purity:
            return words, f"fires for no {'flag' if words == 'dead' else 'drawn region'}"
        trusted = self._dictionary.trusted(feature)
        return words if trusted else f"unsure: {words}", f"{'sure: ' if trusted else ''}{percent(purity)} pure"

    def searched(self, feature: int) -> str:
        return f"{self._dictionary.label(feature)[0]} {'' if self._dictionary.trusted(feature) else 'unsure'}"

    def lists(self, feature: int) -> tuple[tuple[str, list[Listed]], tuple[str, list[Listed]]]:
        spoken = [one for one in self._dictionary.speaks(feature) if abs(one[1]) >= HEARD and self.fires[feature]]
        shares = [(name, share) for name, share in self._dictionary.shares(feature) if share >= LEAST]
        return (
            ("speaks for (+), against (−): log odds", [Listed("", odds, name) for name, odds in spoken]),
            ("fires for drawn", [Listed(percent(share), share, name) for name, share in shares]),
        )


def percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"


# Features in an order, and some of them.


def sort(book: Book, features: Sequence[int], order: str, like: int = 0, flag: int = 0) -> list[int]:
    """Features in one of the book's orders. "flag": strongest in a flag first; "dead": those that fire for no flag,
    then for few; "alike": by atoms, those most like the one of the feature `like` first."""
    if order == "number":
        return sorted(features)
    ranks: dict[str, Callable[[], NDArray[np.number]]] = {
        "flag": lambda: -book.within(flag),
        "density": lambda: -book.fires,
        "strength": lambda: -np.where(book.fires > 0, book.strength, -1),
        "dead": lambda: book.fires,
        "alike": lambda: -book.alike(like),
    }
    rank = ranks[order]()
    return sorted(features, key=lambda feature: (float(rank[feature]), feature))


def find(book: Book, text: str) -> list[int]:
    """The features whose number (`f17` or 17) is one of the words of a text, or whose label has all of its words."""
    words = text.casefold().split()
    numbers = {word.removeprefix(book.prefix) for word in words}
    if words and all(number.isdecimal() for number in numbers):
        return [feature for feature in range(len(book)) if str(feature) in numbers]
    return [feature for feature in range(len(book)) if all(word in book.searched(feature).casefold() for word in words)]
