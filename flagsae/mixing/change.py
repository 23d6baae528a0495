"""What words and flags with a minus do to the design of a sum: `japan + star`, `france - blue + green`.

The flags with a plus make a design; then each other term changes it, in this order: a thing with a plus takes the place
of one with a minus; what flags with a minus show goes; things go; a colour with a plus takes the place of one with a
minus; colours go, and come; things come. Within each step terms have an order of their own, so that a sum means the
same in any order of its terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from flagsae.design.design import Design, Layer
from flagsae.design.edits.charges import gathered
from flagsae.design.edits.colours import recoloured
from flagsae.design.edits.contrast import joined, repaired, tinted
from flagsae.design.edits.suns import with_suns
from flagsae.design.edits.task import Task
from flagsae.design.edits.things import things
from flagsae.design.shades import family, meant
from flagsae.errors import DesignError, SentenceError
from flagsae.flags.dataset import Dataset
from flagsae.mixing.changes import colours, flags
from flagsae.mixing.changes import things as changing
from flagsae.mixing.said import Said

if TYPE_CHECKING:
    from flagsae.mixing.compose import Operand

WEAK = 0.25  # of the amount of the flags: a minus with less takes nothing away


@dataclass(frozen=True)
class Changed:
    """What came of it."""

    design: Design
    notes: tuple[str, ...]
    """A line each: terms that changed nothing, with what would; and what was done besides what they say."""


def changes(operand: Operand) -> bool:
    """Whether a term changes the design that other terms make."""
    return operand.said is not None or (operand.flag is not None and operand.amount < 0)


def changed(design: Design, operands: Sequence[Operand], dataset: Dataset) -> Changed:
    """A design with what words and minuses of a sum do to it.

    operands: all terms of the sum. Those that are flags with a plus, features or codes have made the design. A flag
    with a minus that has no design changes nothing, which a note says.
    """
    return _Change(design, operands, dataset).all()


def of_words(operands: Sequence[Operand], dataset: Dataset) -> Changed:
    """What words alone make: a field in the colour of which there is most, white if there is none, with the rest on
    it."""
    plus = [one for one in operands if one.said is not None and one.said.colour and one.amount > 0]
    field = min(plus, key=_rank, default=None)
    colour = "white" if field is None or field.said is None else field.said.colour
    rest = [one for one in operands if one is not field]
    start = tinted(Design((Layer("stripes", (colour,)),)), dataset.palette)
    return changed(start, rest, dataset)


def _rank(operand: Operand) -> tuple[float, str]:
    """The order of terms: the most first, then by their words."""
    return -abs(operand.amount), operand.word


class _Term(NamedTuple):
    """Words with their amount."""

    operand: Operand
    said: Said


class _Change:
    """Does one step after the other to a design."""

    def __init__(self, design: Design, operands: Sequence[Operand], dataset: Dataset) -> None:
        self.dataset, self.palette = dataset, dataset.palette
        self.task = Task("", dataset.palette, None)
        self.notes: list[str] = []
        self.start, self.design = design, gathered(design)
        named = [one for one in operands if one.flag is not None and one.said is None]
        self.flags = sorted((one for one in named if one.amount < 0), key=_rank)
        plus = [one for one in named if one.amount > 0]
        amounts = [one.amount for one in plus]
        # What amounts of words are compared with. The flags of a morph, which sum to 1, count as one.
        self.whole = max([*amounts, min(1.0, sum(amounts))]) if amounts else 1.0
        self.parents = [found for one in plus if (found := one.design_in(dataset)) is not None]
        terms = [_Term(one, one.said) for one in sorted(operands, key=_rank) if one.said is not None]
        self.plus = [term for term in terms if term.operand.amount > 0]
        self.minus = [term for term in terms if term.operand.amount < 0]
        suns = any(one.phrase.noun == "sun" for one in things(self.design))
        if not suns and any(term.said.phrase.noun == "sun" for term in terms):
            self.design = with_suns(self.design)

    def all(self) -> Changed:
        before = self.design
        self.bar()
        self.exchange_things()
        self.take_flags()
        self.take_things()
        self.change_colours()
        self.add_things()
        notes = [*self.notes, *self.task.notes]
        after = self.start
        if self.design != before:
            after, repairs = repaired(before, self.design, self.palette, self.task.barred, self.task.asked)
            notes += [*repairs, *joined(before, after)]
        return Changed(after, tuple(dict.fromkeys(notes)))

    def bar(self) -> None:
        """Collects the colours that are asked for, and those that nothing may get."""
        for _, said in self.plus:
            self.task.asked |= {*said.phrase.colours, *said.phrase.edges} - {""}
        wanted = {family(name) for name in self.task.asked}
        self.task.barred |= {family(said.colour) for _, said in self.minus if said.colour} - wanted

    def strength(self, operand: Operand) -> float:
        return abs(operand.amount) / self.whole

    def is_weak(self, operand: Operand) -> bool:
        """Whether the amount of a term with a minus is too little, which is noted."""
        weak = self.strength(operand) < WEAK
        if weak:
            self.note(operand, f"too little to take anything away; try a greater amount, as in - {operand.word}")
        return weak

    def note(self, operand: Operand, reason: str) -> None:
        amount = f"{abs(operand.amount):g}*" if abs(operand.amount) != 1 else ""
        self.notes.append(f"{'-' if operand.amount < 0 else '+'} {amount}{operand.title}: {reason}")

    def became(self, new: Design) -> bool:
        """Takes over a design. Returns whether it is another one."""
        same = new == self.design
        self.design = tinted(new, self.palette)
        return not same

    # In the order in which they are done.

    def exchange_things(self) -> None:
        """Things with a minus become things with a plus, each once."""
        for old in [term for term in self.minus if term.said.phrase.noun]:
            for new in [term for term in self.plus if term.said.phrase.noun]:
                try:
                    found = changing.exchanged(self.task, self.design, old.said, new.said, self.strength(new.operand))
                except (SentenceError, DesignError):
                    continue
                if self.became(found):
                    self.minus.remove(old)
                    self.plus.remove(new)
                    break

    def take_flags(self) -> None:
        for operand in self.flags:
            minus = operand.design_in(self.dataset)
            if minus is None:
                self.note(operand, "it has no design, of which something could go")
            elif not self.is_weak(operand):
                found = flags.taken(self.design, minus, self.strength(operand), self.parents, self.palette)
                self.became(found.design)
                self.task.barred |= set(found.gone)
                if found.why_not:
                    self.note(operand, f"{found.why_not}; a colour or a thing can go: {self.example()}")

    def example(self) -> str:
        """A term that would change something."""
        found = [one.phrase.noun for one in things(self.design) if one.part in ("charge", "canton", "figure")]
        main = colours.by_share(self.design, self.palette)
        return " or ".join(f"- {name}" for name in dict.fromkeys([*found[:1], *main[:1]]))

    def take_things(self) -> None:
        for operand, said in self.minus:
            if said.colour or self.is_weak(operand):
                continue
            try:
                self.became(changing.removed(self.task, self.design, said))
            except SentenceError as error:
                self.note(operand, error.reason)

    def change_colours(self) -> None:
        """Colours with a plus in place of those with a minus; then what is left of either."""
        going = self.colours_there()
        coming = [term for term in self.plus if term.said.colour]
        pairs = list(zip(going, coming, strict=False))
        gone = [name for _, names in going[len(pairs) :] for name in names]
        if not pairs and {*gone} == {*self.design.colours()}:
            for operand, names in going:
                self.note(operand, f"nothing would be left; a colour with a plus takes its place: - {names[0]} + blue")
            gone = []
        if pairs:
            new = {name: said.colour for (_, names), (_, said) in pairs for name in names}
            if not self.became(recoloured(self.design, new)):
                self.note(coming[0].operand, "what goes is the same")
        if gone:
            self.became(colours.without(self.design, gone, self.task.barred, self.palette))
        for operand, said in coming[len(pairs) :]:
            new_design = colours.with_colour(self.design, said.colour, self.strength(operand), self.palette)
            if not self.became(new_design):
                self.note(operand, f"it is so already; a thing in it can come: + {said.colour} star")

    def colours_there(self) -> list[tuple[Operand, list[str]]]:
        """The colours with a minus that are on the design, each with the names that it has there; that of which most
        is seen first. Notes the others."""
        order = colours.by_share(self.design, self.palette)
        found = []
        for operand, said in self.minus:
            if not said.colour or self.is_weak(operand):
                continue
            if names := meant(said.colour, order):
                found.append((operand, names))
            else:
                self.note(operand, f"there is no {said.text} on it: {', '.join(self.design.colours())}")
        return sorted(found, key=lambda one: order.index(one[1][0]))

    def add_things(self) -> None:
        for operand, said in self.plus:
            if said.colour:
                continue
            try:
                if not self.became(changing.added(self.task, self.design, said, self.strength(operand))):
                    self.note(operand, "it is so already")
            except SentenceError as error:
                self.note(operand, error.reason)
            except DesignError as error:
                self.note(operand, f"that cannot be drawn: {error}")
