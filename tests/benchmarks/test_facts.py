"""What benchmarks/parsing.py judges with: facts of designs, flags drawn by Pillow, flags changed by one thing."""

import drawn_flags
import edited_flags
import numpy as np
import pytest
from facts import cut_outs, differences, facts, gathered

from flagsae.colours import plain_word
from flagsae.design.render import label_map
from flagsae.design.words import read
from flagsae.flags.dataset import Dataset, make_flag
from flagsae.flags.names import Name


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("red field; green star in the centre", ["1 red field", "1 green 5-pointed star @centre"]),
        ("two horizontal stripes, white and red", ["2 white|red horizontal stripes 0.50:0.50"]),
        ("white field; dark blue Nordic cross", ["1 white field", "1 blue Nordic cross"]),
        ("diagonally halved red and pink from the upper hoist", ["1 red|purple halves from the upper hoist"]),
        ("white field; red triangle at the fly", ["1 white field", "1 red triangle at the fly"]),
        ("white field; blue square in the upper fly", ["1 white field", "1 blue square @top-right"]),
        ("white field; blue bar at the hoist", ["1 white field", "1 blue bar @hoist"]),
        (
            "red field; blue canton; seven white stars in the canton",
            ["1 red field", "1 blue field @canton", "7 white 5-pointed star @canton"],
        ),
    ],
)
def test_facts_of_a_design(sentence: str, said: list[str]) -> None:
    assert [str(fact) for fact in facts(read(sentence))] == said


def test_what_differs_is_said_and_only_that() -> None:
    truth = facts(read("red field; seven-pointed green star in the centre"))
    assert not differences(truth, truth)
    wrong = differences(truth, facts(read("red field; green star in the centre")))
    assert wrong == "1 green 5-pointed star @centre INSTEAD OF 1 green 7-pointed star @centre"
    assert not differences(truth, facts(read("red field; green star in the centre")), height=20)  # too small to count
    both = read("red field; two small white stars at the fly; big white star at the hoist")
    apart = read("red field; three white stars in the centre")
    assert differences(facts(both), facts(apart)) and not differences(gathered(facts(both)), gathered(facts(apart)))
    assert cut_outs(read("red field; emblem in the centre")) == 1


@pytest.mark.long
def test_flags_drawn_by_pillow_look_as_their_designs_say(flags: Dataset) -> None:
    palette = flags.palette
    named = np.array([plain_word(name) for name in palette.names])
    drawn = drawn_flags.flags(len(drawn_flags.LAYOUTS), 1, 150, 100, palette)
    for flag in drawn:
        read_again = make_flag(Name("picture", "picture"), flag.picture(), palette, flags.size).fine[0]
        should = label_map(flag.design, palette, *read_again.shape)
        assert (named[read_again] == named[should]).mean() > 0.95, flag


def test_an_edit_changes_one_thing(flags: Dataset) -> None:
    sentence = "three horizontal stripes, red, white and blue; two green stars in the centre"
    found = edited_flags.edited([("flag", read(sentence)), ("emblem", read("emblem"))], 6, 0, flags.palette)
    assert [edit.edit for edit in found] == list(edited_flags.EDITS)
    for edit in found:
        wrong = differences(facts(read(sentence)), facts(edit.design))
        assert wrong and ";" not in wrong, edit.name
