"""Pictures become designs: a short form of benchmarks/parsing.py."""

import drawn_flags
import edited_flags
import pytest
from parsing import Bench
from sentences import from_picture, hides

from flagsae.design.parse import parse
from flagsae.design.render import picture
from flagsae.design.words import read
from flagsae.flags.dataset import Dataset

KNOWN = {
    "a star": "red field; green star in the centre",
    "stripes": "three horizontal stripes, red, white and blue; two green stars in the centre",
    "a canton": "nine horizontal stripes, blue and white; red canton; three white stars in the canton",
}


@pytest.fixture
def bench(flags: Dataset) -> Bench:
    return Bench(parse, flags.palette, flags.size)


@pytest.mark.long
def test_drawn_flags_are_right_in_every_fact(bench: Bench) -> None:
    drawn = drawn_flags.flags(10, 0, 300, 200, bench.palette)
    cases = [bench.picture(flag.layout, flag.picture(), flag.design, ()) for flag in drawn]
    assert [case.wrong for case in cases if case.wrong] == []


@pytest.mark.long
def test_what_was_edited_comes_back(bench: Bench) -> None:
    changed = edited_flags.edited([(name, read(said)) for name, said in KNOWN.items()], 10, 0, bench.palette)
    cases = [bench.picture(edit.name, picture(edit.design, bench.palette, 300), edit.design, ()) for edit in changed]
    assert [f"{case.name}: {case.wrong}" for case in cases if case.wrong] == []


@pytest.mark.parametrize("name", ["japan", "norway", "cuba", "south-africa", "morocco", "jamaica"])
def test_flags_are_drawn_again_as_they_are(bench: Bench, flags: Dataset, name: str) -> None:
    case = bench.read(name, flags.find([name]))
    assert case.agreement >= 0.985


@pytest.mark.parametrize(
    "said",
    [
        "green field; five yellow chevrons in the centre",
        "blue field; tiny brown emblem in the upper hoist",
        "two vertical stripes, yellow, purple; orange saltire edged brown at the hoist",
        "black field; yellow cross edged red in the upper fly",
        "white field; three small red discs edged black at the bottom",
        "blue field; twelve big red lozenges in the centre",
        "thirteen horizontal stripes, brown and yellow, edged dark blue",
        "light blue field; red bar edged white and black at the fly",
    ],
)
def test_what_a_sentence_draws_is_read_again(flags: Dataset, said: str) -> None:
    assert from_picture(said, flags) == said


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("red field; red star in the centre", True),
        ("red field; white star edged red in the centre", True),
        ("red field; white star in the centre", False),
        ("red field; red star edged white in the centre", False),
        ("three horizontal stripes, red, white, red; seven red stars in a ring in the centre", True),
        ("red field; blue canton; blue star in the canton", True),
        ("red field; white disc in the centre; big blue star in the centre", False),
        ("red field; yellow star in the canton; big blue disc in the canton; blue Nordic cross", True),
    ],
)
def test_what_lies_on_its_own_colour_is_hidden(said: str, hidden: bool) -> None:
    assert hides(read(said)) == hidden
