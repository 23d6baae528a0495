"""Edits that nobody means, of flags that sentences say: `python benchmarks/robustness.py edits`.

Each makes a design that can be drawn, said and read back, or is refused with the place in the text that is wrong; none
takes over five seconds. A try depends on its seed and number alone.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from sentences import sentence

from flagsae.design import render, words
from flagsae.design.design import Design
from flagsae.design.edit import edited
from flagsae.design.edits.splitting import normal
from flagsae.errors import SentenceError
from flagsae.flags.palette import flag_palette
from hostile.reports import failures

COUNT = 5000
MOST_SECONDS = 5.0
PALETTE = flag_palette()
THINGS = (
    *("star", "stars", "sun", "disc", "ring", "crescent", "cross", "saltire", "pall", "border", "triangle", "lozenge"),
    *("square", "chevron", "emblem", "canton", "stripe", "stripes", "bar", "band", "Nordic cross", "horizontal bar"),
    *(
        "Union Jack",
        "field",
        "quarters",
        "wedges",
        "vertical stripes",
        "charges",
        "edge",
        "it",
        "moose",
        "é",
        "\x1b[31m",
    ),
)
COLOURS = ("red", "blue", "white", "yellow", "green", "black", "orange", "pink", "navy", "teal", "light blue", "puce")
PLACES = (
    "in the centre",
    "at the fly",
    "at the hoist",
    "in the canton",
    "at the top",
    "in the lower fly",
    "on the disc",
)
BEFORE = ("2", "5", "13", "100", "0", "six-pointed", "big", "small", "thin", "a", "3-pointed", "99-pointed", "vertical")
SIGNS = ("->", "<->", "+", "-", "=", ",", ";", "to", "into", "with", "and", "instead of", "replace", "swap", "more")


def thing(chance: random.Random) -> str:
    words = [chance.choice(THINGS)]
    if chance.random() < 0.3:
        words.insert(0, chance.choice(COLOURS))
    if chance.random() < 0.25:
        words.insert(0, chance.choice(BEFORE))
    if chance.random() < 0.2:
        words.append(chance.choice(PLACES))
    if chance.random() < 0.15:
        words.append(f"edged {chance.choice(COLOURS)}")
    return " ".join(words)


def edit(chance: random.Random) -> str:
    """One that may make sense, or words and signs in any order."""
    colour, other = chance.choice(COLOURS), chance.choice(COLOURS)
    makers: tuple[Callable[[], str], ...] = (
        lambda: f"{thing(chance)}->{thing(chance)}",
        lambda: f"{colour}->{other}",
        lambda: f"{colour}<->{other}",
        lambda: f"{chance.choice('+-')}{thing(chance)}",
        lambda: f"-{colour}",
        lambda: thing(chance),
        lambda: f"{thing(chance)} {chance.choice(('bigger', 'smaller', 'twice as big', 'thicker'))}",
        lambda: chance.choice(("mirrored", "upside down", "no edge", "edged", "edged white", "vertical", "bigger")),
        lambda: f"colours {chance.choice((f'{colour}, {other}', 'germany', 'nowhere'))}",
        lambda: f"swap {thing(chance)} and {thing(chance)}",
        lambda: " ".join(chance.choice((*THINGS, *COLOURS, *SIGNS, *PLACES)) for _ in range(chance.randrange(8))),
        lambda: "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x300)))) for _ in range(9)),
    )
    return chance.choice(makers)()


def tries(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """A sentence that says a flag, and edits of it."""
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        yield sentence(chance), ", ".join(edit(chance) for _ in range(chance.choice((1, 1, 2, 3))))


def flag_of(name: str) -> Design:
    return words.read("three horizontal stripes, black, red, yellow")


def attempt(flag: str, text: str) -> bool:
    """Whether the flag can be edited so; raises what must not happen."""
    design = words.read(flag)
    start = time.process_time()
    try:
        found = edited(design, text, PALETTE, flag_of).design
    except SentenceError as error:
        assert error.reason and 0 <= error.start <= error.end <= max(1, len(text))
        assert "\n" not in error.reason and "\x1b" not in str(error)
        return False
    assert time.process_time() - start < MOST_SECONDS
    assert Design.read(found.record()) == found and normal(normal(text)) == normal(text)
    render.check_colours(found, PALETTE)
    assert render.outlines(found, PALETTE) and words.read(words.say(found))
    return True


def attack(count: int, seed: int) -> int:
    return failures(tries(count or COUNT, seed), attempt, "edited", "refused")
