"""Sentences as designs, and designs as sentences."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import sentence

from flagsae.design.phrases import MAX_COUNT, NOUNS, SHADES
from flagsae.design.vocabulary import PLACES
from flagsae.design.words import read, say
from flagsae.errors import SentenceError


@given(st.integers(0, 2**32))
def test_a_sentence_of_the_grammar_is_said_again(seed: int) -> None:
    text = sentence(random.Random(seed))
    assert say(read(text)) == text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a white field with a red disc", "white field; red disc in the centre"),
        ("RED FIELD, green star in the middle", "red field; green star in the centre"),
        ("red, white and blue stripes", "three horizontal stripes, red, white, blue"),
        ("a vertical tricolour of blue, white and red", "three vertical stripes, blue, white, red"),
        ("5 stripes, blue and white", "five horizontal stripes, blue and white"),
        ("navy background; gold moon at the left", "dark blue field; yellow crescent at the hoist"),
        ("red field; large golden 5-pointed star", "red field; big yellow star in the centre"),
        ("green field and a circle, red", "green field; red disc in the centre"),
        ("pink field; turquoise sun", "pink field; turquoise sun in the centre"),
        ("blue field; scandinavian cross, yellow", "blue field; yellow Nordic cross"),
        (
            "red field; white cross edged with blue and a yellow star in the upper hoist corner",
            "red field; white cross edged blue; yellow star in the upper hoist",
        ),
        ("green star", "white field; green star in the centre"),
        (
            "red field; white crescent at the hoist; green star on the crescent",
            "red field; white crescent at the hoist; green star at the hoist",
        ),
        (
            "blue field; yellow disc; red star on the disc",
            "blue field; yellow disc in the centre; red star in the centre",
        ),
        ("quarters, red and white", "quarters of red, white, white, red"),
    ],
)
def test_people_say_it_in_other_words(typed: str, said: str) -> None:
    assert say(read(typed)) == said


@pytest.mark.parametrize(
    ("typed", "marked", "said"),
    [
        ("red feild; green star", "feild", "Did you mean field?"),
        ("red field; gren star", "gren", "Did you mean green?"),
        ("red field; green star at the hiost", "hiost", "Did you mean hoist?"),
        ("blue field; three red", "", "of what?"),
        ("red field; four stars", "four stars", "of what colour? Write red star"),
        ("red field; blue field", "blue field", "two grounds"),
        ("red field edged blue", "red field edged blue", "a field has no edge"),
        ("stripes, red", "stripes, red", "one stripe is a field"),
        ("four horizontal stripes, red, white, blue", "four horizontal stripes, red, white, blue", "4 stripes have 4"),
        ("red field; 2-pointed star", "2-pointed", "from 3 to 64 points"),
        ("red field; 999 white stars", "999", f"at most {MAX_COUNT}"),
        ("red field; green star twice", "twice", "is not understood here"),
        ("red field from the upper hoist", "red field from the upper hoist", "has no direction"),
        ("", "", "nothing to draw"),
        (" ; ", " ; ", "nothing to draw"),
    ],
)
def test_an_error_points_at_the_word(typed: str, marked: str, said: str) -> None:
    with pytest.raises(SentenceError) as found:
        read(typed)
    assert said in found.value.reason
    assert typed[found.value.start : found.value.end] == marked


words = st.sampled_from(
    [
        *(*SHADES, *NOUNS, *(words for words in PLACES.values() if words)),
        *(";", ",", "and", "with", "edged", "the", "two", "7", "big", "of", "six-pointed", "from the upper hoist"),
        *("the first twice as high", "on the disc", "moose", "é", "\x1b[31m", "-", "000"),
    ]
)


@given(st.lists(words, max_size=12).map(" ".join) | st.text(max_size=60))
def test_any_text_is_a_flag_or_an_error_at_a_place(text: str) -> None:
    try:
        design = read(text)
    except SentenceError as error:
        assert 0 <= error.start <= error.end <= max(1, len(text)) and error.reason
    else:
        assert say(read(say(design))) == say(design)
