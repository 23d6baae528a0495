"""The three dictionaries that can be browsed: of whole flags (f12), of layouts (l20) and of shapes (s121).

Different things are known of their features, but tables, cards, galleries and files use all three in the same way:
each is a `Book`. This module is cheap to import, as every command line needs its table of kinds.

Letters: N flags, K features, H x W an atom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.visual.scene import Scene
    from flagsae.workspace.collection import Collection, Picture

KINDS = {"canvas": "f", "layout": "l", "shape": "s"}  # a dictionary's kind -> the letter before a feature's number
# Orders of features: in the dictionaries of parts, and in that of whole flags.
PART_ORDERS: tuple[str, ...] = ("number", "density", "strength", "rare", "alike")
ORDERS: tuple[str, ...] = ("number", "flag", *PART_ORDERS[1:])

# By eye.
LEAST = 0.005  # of what a feature fires for: a card names classes with at least this share
LEAST_ODDS = 0.05  # a card names classes with log odds at least so far from 0
FAINT = 0.5  # of the median atom's strength: a weaker atom is drawn in paler shades


@dataclass(frozen=True)
class Listed:
    """A line in a list of a card."""

    name: str
    """The short text before the bar: a feature's name, or a figure."""
    value: float
    """The value that the bar shows."""
    words: str
    """The text after the bar."""
    feature: int | None = None
    """The number of the feature that the line is about, if it is about one."""


Lists: TypeAlias = tuple[tuple[str, list[Listed]], tuple[str, list[Listed]]]  # two titles, each with its lines


@dataclass(frozen=True)
class Facts:
    """What is known of a feature apart from its label."""

    fires: int
    """For how many flags it fires."""
    mean: float
    """The mean of its activation over these flags; 0 if unknown."""
    largest: float
    """Its highest activation."""
    counts: tuple[int, ...]
    """The histogram of its activation over these flags, from 0 to the largest; empty if unknown."""
    top: tuple[tuple[int, float], ...]
    """(flag, activation) of the flags for which it fires most, the strongest first; empty if unknown."""


class Book(Protocol):
    """A dictionary for browsing, feature by feature.

    Pictures and labels take long the first time: request them in a thread.
    """

    kind: str
    """A key of `KINDS`."""
    collection: Collection
    """The flags that are shown for its features."""
    prefix: str
    """The letter before the number in a feature's name."""
    title: str
    """What its features are called, in the plural: `shape features`."""
    orders: tuple[str, ...]
    """The orders in which its features can be sorted."""
    drawn_as: str
    """What a picture of an atom that shows all of it shows."""

    def __len__(self) -> int:
        """K."""

    def name(self, feature: int) -> str:
        """A feature's name: f12."""

    @property
    def source(self) -> str:
        """The model that it belongs to, with its hash, in words."""

    @property
    def model_hash(self) -> str:
        """The hash of that model."""

    # Pictures.

    @property
    def shape(self) -> tuple[int, int]:
        """H, W of an atom at full size."""

    @property
    def ready(self) -> bool:
        """Whether `prepare` has been called: nothing below takes long, except for pictures and labels."""

    def prepare(self) -> None:
        """Computes what a gallery needs besides pictures."""

    def thumbnail(self, feature: int) -> tuple[Picture, Picture | None] | None:
        """Small pictures of an atom, what it adds, and what it takes away or None; None before `sketch` drew them."""

    def sketch(self, features: Sequence[int]) -> None:
        """Draws the thumbnails of n features, and may draw those of others."""

    def draw(self, features: Sequence[int], columns: int) -> list[tuple[Picture, Picture | None]]:
        """The same pictures of some features, about `columns` pixels wide, or at full size if that is less."""

    def picture(self, feature: int) -> tuple[Picture, Picture | None]:
        """The same pictures of one feature, at full size."""

    def top_picture(self, feature: int, flag: int) -> Picture:
        """A picture of a flag for which a feature fires, in which the reason may be marked."""

    # Figures.

    @property
    def fires(self) -> NDArray[np.integer]:
        """For how many flags each feature fires: K."""

    @property
    def strength(self) -> NDArray[np.floating]:
        """How strongly each feature fires where it fires: K. The mean or, if unknown, the highest activation."""

    def alike(self, feature: int) -> NDArray[np.floating]:
        """The cosine of each atom with the atom of this feature, from -1 to 1: K."""

    def within(self, flag: int) -> NDArray[np.floating]:
        """The activation of each feature in a flag, 0 where it does not fire: K. All 0 if unknown."""

    def facts(self, feature: int) -> Facts:
        """What is known of a feature apart from its label."""

    # Labels.

    @property
    def labelled(self) -> bool:
        """Whether the labels have been computed.

        If they have not, `short`, `judged`, `searched` and `lists` do without them; all other methods below compute
        them first.
        """

    def learn(self) -> None:
        """Computes the labels."""

    def label(self, feature: int) -> tuple[str, bool]:
        """What a feature stands for, and whether that can be trusted."""

    def said(self, feature: int) -> str:
        """The label on one line, marked if it is not trusted."""

    def short(self, feature: int) -> str:
        """The label for a tile: "?red disc" if it is not trusted, "~Chad" if only a flag is known."""

    def judged(self, feature: int) -> tuple[str, str]:
        """The label for a card, and how far it can be trusted, in words."""

    def searched(self, feature: int) -> str:
        """All words by which a search finds the feature."""

    def lists(self, feature: int) -> Lists:
        """Two lists of a card: what the feature goes with, and what its flags or regions have in common."""

    # For other programs.

    def record(self, feature: int) -> dict[str, Any]:
        """All that is known of a feature, for JSON."""

    def scene(self, feature: int | None = None) -> Scene:
        """The scene of a feature, or by default of all, for a visualizer."""


def percent(share: float) -> str:
    """A share of 1 in percent, with two digits."""
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"  # else "1e+02 %"


def activations(ranked: Sequence[tuple[int, float]], slugs: Sequence[str]) -> list[dict[str, Any]]:
    """(flag, activation) pairs for a record. slugs: of the N flags."""
    return [{"name": slugs[flag], "activation": round(activation, 6)} for flag, activation in ranked]


# Features in an order, and some of them.


def sort(book: Book, features: Sequence[int], order: str, like: int = 0, flag: int = 0) -> list[int]:
    """Sorts features in one of the book's orders.

    order: "number"; "flag", those strongest in the flag `flag` first; "density", those that fire for most flags first;
    "strength"; "rare", those that fire for fewest flags first; "alike", those whose atoms are most like the atom of the
    feature `like` first.
    """
    import numpy as np

    if order == "number":
        return sorted(features)
    ranks: dict[str, Callable[[], NDArray[np.number]]] = {
        "flag": lambda: -book.within(flag),
        "density": lambda: -book.fires,
        "strength": lambda: -np.where(book.fires > 0, book.strength, -1),
        "rare": lambda: book.fires,
        "alike": lambda: -book.alike(like),
    }
    rank = ranks[order]()
    return sorted(features, key=lambda feature: (float(rank[feature]), feature))


def find(book: Book, text: str) -> list[int]:
    """Finds features by a text: numbers (`f17` or 17), or else words, all of which a feature's label must have."""
    words = text.casefold().split()
    numbers = {word.removeprefix(book.prefix) for word in words}
    if words and all(number.isdecimal() for number in numbers):
        return [feature for feature in range(len(book)) if str(feature) in numbers]
    return [feature for feature in range(len(book)) if all(word in book.searched(feature).casefold() for word in words)]
