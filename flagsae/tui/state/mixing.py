"""Encoding arithmetic for the Mix screen: the terms of a sum with their history, and what is shown of the sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from shlex import join

import numpy as np
from numpy.typing import NDArray

from flagsae.design.vocabulary import capitalized
from flagsae.flags.dataset import Flags, make_flag
from flagsae.flags.names import Name, fold
from flagsae.mixing.compose import DESIGNS, Composite, Operand, drawing, title, write
from flagsae.sae.embedding import nearest
from flagsae.workspace.workspace import Picture, Workspace

NEAR = 12  # flags that are named as the nearest
LEAST = 0.02  # of a feature's strength: a change under it is none


class Terms:
    """The terms of a sum, those at 0 with them, which a text does not have; and the sums before and after."""

    def __init__(self) -> None:
        self.operands: list[Operand] = []
        self.known: dict[str, Operand] = {}  # flags read before, by their words
        self._before: list[list[Operand]] = []
        self._after: list[list[Operand]] = []

    @property
    def active(self) -> list[Operand]:
        return [operand for operand in self.operands if operand.amount]

    @property
    def text(self) -> str:
        """The sum as `read` reads it; "" for a sum of nothing."""
        return write(self.active)

    def read(self, text: str, workspace: Workspace) -> None:
        """Takes the terms of a text. Raises `ExpressionError`, and keeps those that it has."""
        self.operands = workspace.read(text, self.known)

    def look_at(self, workspace: Workspace) -> None:
        """The same terms in the codes of another model. Raises `ExpressionError` where it has no such feature."""
        self.known = {}
        text, amounts = write([replace(one, amount=1.0) for one in self.operands]), [o.amount for o in self.operands]
        fresh = workspace.read(text, self.known) if text else []
        self.operands = [replace(one, amount=amount) for one, amount in zip(fresh, amounts, strict=True)]

    def change(self, place: int, amount: float) -> None:
        self.operands[place] = replace(self.operands[place], amount=amount)

    def remove(self, place: int) -> None:
        del self.operands[place]

    def add(self, word: str, workspace: Workspace) -> int:
        """Adds a flag or a feature, or to a term that is there; where it is then."""
        (operand,) = workspace.read(word, self.known)
        for place, known in enumerate(self.operands):
            if known.word == operand.word:
                self.change(place, round(known.amount + operand.amount, 4))
                return place
        self.operands.append(operand)
        return len(self.operands) - 1

    # What was before.

    def keep(self, before: Sequence[Operand]) -> None:
        """Remembers the terms as they were before a change, so that it can be taken back."""
        if [(o.word, o.amount) for o in before] != [(o.word, o.amount) for o in self.operands]:
            self._before.append(list(before))
            self._after.clear()

    def undo(self) -> bool:
        return self._swap(self._before, self._after)

    def redo(self) -> bool:
        return self._swap(self._after, self._before)

    def _swap(self, source: list[list[Operand]], target: list[list[Operand]]) -> bool:
        if not source:
            return False
        target.append(self.operands)
        self.operands = source.pop()
        return True


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be drawn. operands: those that are active; method: of drawing, "" for the usual; design: which of its
    designs, from 0."""

    workspace: Workspace
    operands: Sequence[Operand]
    method: str = ""
    design: int = 0

    @property
    def text(self) -> str:
        return write(self.operands)

    @property
    def title(self) -> str:
        return title(self.operands)

    @property
    def stem(self) -> str:
        """A name for files. A minus that is none of a name is said in it: two sums are not to have one."""
        words = " ".join("minus" if word == "-" else word for word in self.title.split())
        words = f"minus {words[1:]}" if words.startswith("-") else words
        return fold(words)[:60].strip("-") or "flag"

    def command(self, *options: str) -> str:
        """What draws the same in a shell."""
        words = ["--decode", self.method] * bool(self.method) + [*options]
        words += ["--design", str(self.design + 1)] * bool(self.design)
        # A sum that begins with a minus is no option.
        words = [*words, "--", self.text] if self.text.startswith("-") else [self.text, *words]
        return join(["flagsae", "compose", *words])

    def drawn(self) -> Iterator[tuple[Wanted, Mixed]]:
        """What `mix` makes of it, with what was drawn: there may be fewer designs."""
        count = DESIGNS if self.design else 1
        for mixed in mix(self.workspace, self.operands, self.method, count, self.design):
            yield replace(self, design=mixed.chosen), mixed


@dataclass(frozen=True, eq=False)
class Change:
    """A feature of a sum. summed: its activation in the mean of the terms; drawn: in the flag drawn of them."""

    feature: int
    summed: float
    drawn: float


@dataclass(frozen=True, eq=False)
class Mixed:
    """What is shown of a sum. composites: its designs, the best first; chosen: which of them the rest is about; final:
    whether a better one may follow. Until then words, near and changes are empty.

    words: the flag that was drawn, described; near: (position, similarity) of the real flags nearest to it; changes:
    the features of the sum and of what was drawn, those that differ most first.
    """

    composites: list[Composite]
    chosen: int
    final: bool
    words: str = ""
    near: tuple[tuple[int, float], ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def composite(self) -> Composite:
        return self.composites[self.chosen]

    @property
    def picture(self) -> Picture:
        return self.composite.picture()


def mix(
    workspace: Workspace, operands: Sequence[Operand], method: str = "", count: int = 1, chosen: int = 0
) -> Iterator[Mixed]:
    """A sum, drawn: a first picture soon, then the best one with what is known of it. Raises `UsageError`."""
    composites: list[Composite] = []
    for composites in drawing(workspace.model, operands, method, count):
        yield Mixed(composites, min(chosen, len(composites) - 1), False)
    chosen = min(chosen, len(composites) - 1)
    composite = composites[chosen]
    flag = as_flag(composite, workspace)
    drawn = workspace.model.encode(flag)[0]
    alike = workspace.alike(drawn)
    near = tuple((flag, float(alike[flag])) for flag in nearest(alike, min(NEAR, len(alike))))
    # A sum of two flags is as strong as two, and what is drawn is one flag.
    mean = composite.code / max(1.0, sum(operand.amount for operand in operands if operand.amount > 0))
    yield Mixed(composites, chosen, True, words_of(flag, workspace), near, tuple(changes(mean, drawn)))


def as_flag(composite: Composite, workspace: Workspace) -> Flags:
    """A drawn flag as one of the dataset's kind; N = 1."""
    dataset = workspace.dataset
    return make_flag(Name("new", "new"), composite.picture(), dataset.palette, dataset.size)


def words_of(flag: Flags, workspace: Workspace) -> str:
    text = workspace.collection.describe(flag).text
    return capitalized(text)


def changes(summed: NDArray[np.float32], drawn: NDArray[np.float32]) -> Iterator[Change]:
    """The features of a sum and of the flag that was drawn of it: what that brought in or put out comes first. K, K."""
    order = np.argsort(-np.abs(drawn - summed), kind="stable")
    for feature in order:
        if max(summed[feature], drawn[feature]) > LEAST:
            yield Change(int(feature), float(summed[feature]), float(drawn[feature]))
