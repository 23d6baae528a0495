"""Words and minuses that nobody means, on flags that sentences say: `python benchmarks/robustness.py words`.

Each changes the flag or says why not, in any order of the terms the same. A colour with a minus is gone, where anything
has changed; what is seen before is seen after. A try depends on its seed and number alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import numpy as np
from sentences import sentence

from flagsae import paths
from flagsae.design import words
from flagsae.design.design import Design
from flagsae.design.edits.contrast import hides
from flagsae.design.edits.things import things
from flagsae.design.shades import family, meant
from flagsae.errors import SentenceError
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.mixing import said
from flagsae.mixing.change import changed
from flagsae.mixing.compose import Operand
from hostile.edits import COLOURS, thing
from hostile.reports import failures

COUNT = 3000
AMOUNTS = (1, 1, 1, -1, -1, -1, 2, 0.3, -0.5, -0.1, 40)
NO_CODE = np.zeros(1, np.float32)


def tries(count: int, seed: int) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """A sentence that says a flag, and words with their amounts."""
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        terms = [
            (chance.choice(COLOURS) if chance.random() < 0.5 else thing(chance), chance.choice(AMOUNTS))
            for _ in range(chance.choice((1, 1, 2, 3, 4)))
        ]
        yield sentence(chance), terms


@cache
def flags() -> Dataset:
    return load_dataset(str(paths.shipped("flags.npz")))


def operand(text: str, amount: float) -> Operand | None:
    """The term of words; None where they say nothing that is known."""
    try:
        found = said.read(text, added=amount > 0)
    except SentenceError as error:
        assert error.reason and 0 <= error.start <= error.end <= max(1, len(text))
        return None
    return None if found is None else Operand(text, NO_CODE, amount, word=text, said=found)


def hidden(design: Design) -> int:
    return sum(bool(hides(design, one, flags().palette)) for one in things(design))


def attempt(flag: str, terms: list[tuple[str, float]]) -> bool:
    """Whether the flag is changed; raises what must not happen."""
    design = words.read(flag)
    operands = [one for text, amount in terms if (one := operand(text, amount)) is not None]
    found = changed(design, operands, flags())
    again = changed(design, operands[::-1], flags())
    assert again.design == found.design, "another order"
    assert Design.read(found.design.record()) == found.design and words.read(words.say(found.design))
    assert all("\n" not in line and "\x1b" not in line for line in found.notes)
    if found.design == design:
        assert found.notes or not operands, "nothing is said"
        return False
    own = list(design.colours())
    wanted = {family(name) for one in operands if one.said and one.amount > 0 for name in said_colours(one.said)}
    taken = {
        name
        for one in operands
        if one.said and one.said.colour and one.amount <= -0.5 and family(one.said.colour) not in wanted
        for name in meant(one.said.colour, own)
    }
    if not any("nothing would be left" in line for line in found.notes):
        assert not taken & set(found.design.colours()), "a colour stays"
    assert hidden(found.design) <= hidden(design) or wanted, "something is not seen"
    return True


def said_colours(one: said.Said) -> tuple[str, ...]:
    """A Union Jack has three of its own."""
    own = ("red", "white", "dark blue") if one.phrase.noun == "Union Jack" else ()
    return (*one.phrase.colours, *one.phrase.edges, *own)


def attack(count: int, seed: int) -> int:
    return failures(tries(count or COUNT, seed), attempt, "changed", "as they were")
