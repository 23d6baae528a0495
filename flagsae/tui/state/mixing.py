"""Encoding arithmetic for the Mix screen: the terms of a sum with undo and redo, and what the screen shows of the sum.

Letters: N flags, K features.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from shlex import join

import numpy as np
from numpy.typing import NDArray

from flagsae.design.vocabulary import capitalized
from flagsae.design.words import say
from flagsae.flags.dataset import Flags
from flagsae.flags.names import fold
from flagsae.mixing.choices import DESIGNS
from flagsae.mixing.compose import Composite, Operand, title, write
from flagsae.sae.embedding import nearest
from flagsae.workspace.collection import Picture
from flagsae.workspace.workspace import Workspace

NEAR = 12  # how many flags are listed as the nearest
LEAST = 0.02  # activation: a feature below it in both codes is not listed (by eye)


class Terms:
    """The terms of a sum, and its history for undo and redo. A term of amount 0 keeps its slider, but has no place in
    the text of the sum."""

    def __init__(self) -> None:
        self.operands: list[Operand] = []
        self.known: dict[str, Operand] = {}  # a cache for `read`: word -> operand
        self._before: list[list[Operand]] = []  # to undo, the newest last
        self._after: list[list[Operand]] = []  # to redo, the next one last

    @property
    def active(self) -> list[Operand]:
        return [operand for operand in self.operands if operand.amount]

    @property
    def text(self) -> str:
        """The sum as an expression that `read` reads; "" if all amounts are 0."""
        return write(self.active)

    def read(self, text: str, workspace: Workspace) -> None:
        """Replaces the terms by those of an expression. Raises `ExpressionError`; the terms then stay as they are."""
        self.operands = workspace.read(text, self.known)

    def look_at(self, workspace: Workspace) -> None:
        """Encodes the same terms with another model. Raises `ExpressionError` if it has no feature of that number."""
        self.known = {}
        # `read` drops terms of amount 0, so all are read with an amount of 1, and then get their own again.
        text = write([replace(operand, amount=1.0) for operand in self.operands])
        amounts = [operand.amount for operand in self.operands]
        encoded = workspace.read(text, self.known) if text else []
        self.operands = [replace(operand, amount=amount) for operand, amount in zip(encoded, amounts, strict=True)]

    def change(self, place: int, amount: float) -> None:
        self.operands[place] = replace(self.operands[place], amount=amount)

    def remove(self, place: int) -> None:
        del self.operands[place]

    def add(self, word: str, workspace: Workspace) -> int:
        """Adds a flag or a feature as a term, or to the amount of the term that it has already; returns the term's
        place."""
        (operand,) = workspace.read(word, self.known)
        for place, known in enumerate(self.operands):
            if known.written == operand.written:
                self.change(place, round(known.amount + operand.amount, 4))
                return place
        self.operands.append(operand)
        return len(self.operands) - 1

    # Undo and redo.

    def keep(self, before: Sequence[Operand]) -> None:
        """Call it after a change with the terms as they were before it, so that `undo` can bring them back."""
        earlier = [(operand.written, operand.amount) for operand in before]
        if earlier != [(operand.written, operand.amount) for operand in self.operands]:
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
    """A request to draw a sum."""

    workspace: Workspace
    operands: Sequence[Operand]  # those with an amount other than 0
    method: str = ""  # of drawing, as --decode of `flagsae compose`; "" for its default
    design: int = 0  # which of its designs to show, from 0

    @property
    def text(self) -> str:
        return write(self.operands)

    @property
    def title(self) -> str:
        return title(self.operands)

    @property
    def stem(self) -> str:
        """A name for files of this sum. A minus sign becomes "minus": otherwise the sum and the difference of two flags
        would have the same name."""
        words = " ".join("minus" if word == "-" else word for word in self.title.split())
        words = f"minus {words[1:]}" if words.startswith("-") else words
        return fold(words)[:60].strip("-") or "flag"

    def command(self, *options: str) -> str:
        """The command line that draws the same."""
        words = ["--decode", self.method] * bool(self.method) + [*options]
        words += ["--design", str(self.design + 1)] * bool(self.design)
        # After "--", a sum that begins with a minus is not taken for an option.
        words = [*words, "--", self.text] if self.text.startswith("-") else [self.text, *words]
        return join(["flagsae", "compose", *words])

    def drawn(self) -> Iterator[tuple[Wanted, Mixed]]:
        """The results of `mix`, each with the request that it answers: the number of the design is lower than asked for
        if the sum has fewer designs."""
        count = DESIGNS if self.design else 1
        for mixed in mix(self.workspace, self.operands, self.method, count, self.design):
            yield replace(self, design=mixed.chosen), mixed


@dataclass(frozen=True, eq=False)
class Change:
    """How active a feature is in a sum and in the flag that was drawn of it."""

    feature: int
    summed: float  # its activation in the mean of the terms: in the sum, divided by the positive amounts
    drawn: float  # its activation in the drawn flag


@dataclass(frozen=True, eq=False)
class Mixed:
    """A sum as it was drawn. The last three fields are empty until it is final."""

    composites: list[Composite]  # its designs, the best first
    chosen: int  # which of the designs is shown: the position in `composites`
    final: bool  # False for a first picture, which a better one follows
    words: str = ""  # a description of the drawn flag
    near: tuple[tuple[int, float], ...] = ()  # (position, similarity) of the real flags most like it, best first
    changes: tuple[Change, ...] = ()  # the features of the sum and of the drawn flag, the most different first

    @property
    def composite(self) -> Composite:
        return self.composites[self.chosen]

    @property
    def picture(self) -> Picture:
        return self.composite.picture()


def mix(
    workspace: Workspace, operands: Sequence[Operand], method: str = "", count: int = 1, chosen: int = 0
) -> Iterator[Mixed]:
    """Draws a sum: yields a first picture soon, and the final result at the end.

    method: of drawing, "" for the default; count: how many designs to look for; chosen: which of them to show, from 0.
    Raises `UsageError` if the sum cannot be drawn.
    """
    composites: list[Composite] = []
    for composites in workspace.drawing(operands, method, count):
        yield Mixed(composites, min(chosen, len(composites) - 1), False)
    chosen = min(chosen, len(composites) - 1)
    composite = composites[chosen]
    flag = composite.flag("new", workspace.dataset)
    drawn = workspace.model.encode(flag)[0]
    alike = workspace.alike(drawn)
    near = tuple((flag, float(alike[flag])) for flag in nearest(alike, min(NEAR, len(alike))))
    # The drawn flag is one flag: it is compared with the mean of the terms, as a sum of two flags is twice as strong.
    mean = composite.code / max(1.0, sum(operand.amount for operand in operands if operand.amount > 0))
    words = words_of(flag, workspace) if composite.exact is None else capitalized(say(composite.exact))
    yield Mixed(composites, chosen, True, words, near, tuple(changes(mean, drawn)))


def words_of(flag: Flags, workspace: Workspace) -> str:
    """A description of a flag, as a sentence."""
    return workspace.collection.describe(flag).sentence


def changes(summed: NDArray[np.float32], drawn: NDArray[np.float32]) -> Iterator[Change]:
    """The features that are active in a sum or in the flag drawn of it, those that differ most first.

    summed, drawn: the two codes, K each.
    """
    order = np.argsort(-np.abs(drawn - summed), kind="stable")
    for feature in order:
        if max(summed[feature], drawn[feature]) > LEAST:
            yield Change(int(feature), float(summed[feature]), float(drawn[feature]))
