"""Pictures become designs: a short form of benchmarks/parsing.py."""

import drawn_flags
import edited_flags
import pytest
from parsing import Bench

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
