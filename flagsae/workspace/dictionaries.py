"""The dictionaries that can be looked through: of whole flags (f12), of layouts (l39) and of shapes (s245).

They differ in what is known of a feature, and are alike to grids, cards, galleries and files: each is a `Book`. This
module is cheap to import: the command line reads its table of kinds before it knows whether a book is wanted.

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
    from flagsae.workspace.workspace import Collection, Picture

KINDS = {"canvas": "f", "layout": "l", "shape": "s"}  # a dictionary's kind -> the letter before a feature's number
# In which features can be sorted: those of parts, and those of whole flags.
PART_ORDERS: tuple[str, ...] = ("number", "density", "strength", "dead", "alike")
ORDERS: tuple[str, ...] = ("number", "flag", *PART_ORDERS[1:])

LEAST = 0.005  # share of what a feature fires for, from which a card names it
LEAST_ODDS = 0.05  # log odds of a class, from which a card names it
FAINT = 0.5  # of the usual atom's strength: one that is weaker is drawn in paler shades


@dataclass(frozen=True)
class Listed:
    """A line of a card's list."""

    name: str
    """Short: a feature, or a figure."""
    value: float
    """What its bar shows."""
    words: str
    """The rest of the line."""
    feature: int | None = None
    """Which feature it stands for, if it stands for one."""


Lists: TypeAlias = tuple[tuple[str, list[Listed]], tuple[str, list[Listed]]]  # two titles, each with its lines


@dataclass(frozen=True)
class Facts:
    """What is known of a feature without its label."""

    fires: int
    """For how many flags it fires."""
    mean: float
    """Of its activation where it fires; 0 where that is not known."""
    largest: float
    """The highest activation."""
    counts: tuple[int, ...]
    """The histogram of its activation where it fires, from 0 to the largest; empty where that is not known."""
    top: tuple[tuple[int, float], ...]
    """(flag, activation), the strongest first."""


class Book(Protocol):
    """A dictionary, feature by feature. Pictures and labels take long the first time: ask for them in a thread."""

    kind: str
    """Of `KINDS`."""
    collection: Collection
    """The flags that are shown for its features."""
    prefix: str
    """Of a feature's name."""
    title: str
    """In the plural: it follows a number."""
    orders: tuple[str, ...]
    """In which its features can be sorted."""

    def __len__(self) -> int: ...

    def name(self, feature: int) -> str:
        """As an expression has it: f12."""

    @property
    def source(self) -> str:
        """The model that it is of, with its hash."""

    @property
    def model_hash(self) -> str: ...

    # Pictures.

    @property
    def shape(self) -> tuple[int, int]:
        """H, W of the largest picture of an atom."""

    @property
    def drawn(self) -> bool:
        """Whether `pictures` are there."""

    @property
    def pictures(self) -> Sequence[tuple[Picture, Picture | None]]:
        """What each feature adds and takes away, small."""

    def draw(self, features: Sequence[int], columns: int) -> list[tuple[Picture, Picture | None]]:
        """The same of some features, at least so many pixels wide where there are as many."""

    def picture(self, feature: int) -> tuple[Picture, Picture | None]:
        """The same of one, as large as there is."""

    def top_picture(self, feature: int, flag: int) -> Picture:
        """A flag for which the feature fires."""

    # Figures.

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

    # Labels.

    @property
    def labelled(self) -> bool:
        """Whether the labels are there. What follows works them out, but for `short`, `judged`, `searched` and
        `lists`: these go without."""

    def learn(self) -> None:
        """Works the labels out."""

    def label(self, feature: int) -> tuple[str, bool]:
        """What the feature stands for, and whether that can be trusted."""

    def said(self, feature: int) -> str:
        """The label with its doubts, in one line."""

    def short(self, feature: int) -> str:
        """The same for a tile: "?red disc" where it is not to be trusted, "~Chad" where only a flag is known."""

    def judged(self, feature: int) -> tuple[str, str]:
        """The same for a card, and how far it can be trusted."""

    def searched(self, feature: int) -> str:
        """All words by which the feature is found."""

    def lists(self, feature: int) -> Lists:
        """Two titles with lines: what the feature goes with, and what its flags have."""

    # For other programs.

    def record(self, feature: int) -> dict[str, Any]:
        """All that is known of a feature, as JSON has it."""

    def scene(self, feature: int | None = None) -> Scene:
        """A feature, or all of them, for a visualizer."""


def percent(share: float) -> str:
    """Of 1, with two digits."""
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"


def activations(ranked: Sequence[tuple[int, float]], slugs: Sequence[str]) -> list[dict[str, Any]]:
    """(flag, activation) as records have them. slugs: of the N flags."""
    return [{"name": slugs[flag], "activation": round(activation, 6)} for flag, activation in ranked]


# Features in an order, and some of them.


def sort(book: Book, features: Sequence[int], order: str, like: int = 0, flag: int = 0) -> list[int]:
    """Features in one of the book's orders. "flag": strongest in a flag first; "dead": those that fire for no flag,
    then for few; "alike": by atoms, those most like the one of the feature `like` first."""
    import numpy as np

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
