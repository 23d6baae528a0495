"""Sentences as designs, and designs as sentences."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import sentence

from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.phrases import NOUNS
from flagsae.design.reader import MAX_COUNT
from flagsae.design.shades import WORDS
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
        ("RED FLAG, green star in the middle.", "red field; green star in the centre"),
        ("red; one large yellow star in the top left corner", "red field; big yellow star in the upper hoist"),
        ("green with a tiny red dot on the right", "green field; tiny red disc at the fly"),
        ("grey", "grey field"),
        ("white with small red writing at the bottom", "white field; small red lettering at the bottom"),
        ("blue and yellow", "two horizontal stripes, blue, yellow"),
        (
            "white over red with a blue triangle on the left",
            "two horizontal stripes, white, red; blue triangle at the hoist",
        ),
        ("light blue top half, yellow bottom half", "two horizontal stripes, light blue, yellow"),
        ("red on top, blue on the bottom; a white disc", "two horizontal stripes, red, blue; white disc in the centre"),
        ("red, white and blue stripes", "three horizontal stripes, red, white, blue"),
        ("three vertical stripes: blue, white, red", "three vertical stripes, blue, white, red"),
        ("a vertical tricolour of blue, white and red", "three vertical stripes, blue, white, red"),
        (
            "five stripes red white blue white red, the middle one twice as thick",
            "five horizontal stripes, red, white, blue, white, red, the third twice as high",
        ),
        (
            "horizontal tricolour of yellow, blue and red, the yellow twice as wide",
            "three horizontal stripes, yellow, blue, red, the first twice as high",
        ),
        (
            "black, red, green horizontal stripes separated by thin white lines",
            "three horizontal stripes, black, red, green, edged white",
        ),
        (
            "nine stripes alternating blue and white, blue canton with a white cross",
            "nine horizontal stripes, blue and white; blue canton; white cross in the canton",
        ),
        (
            "thirteen red and white stripes with a blue canton holding fifty white stars",
            "thirteen horizontal stripes, red and white; blue canton; 50 white stars in the canton",
        ),
        (
            "light blue with a black horizontal stripe edged in white",
            "light blue field; thin black horizontal bar edged white in the centre",
        ),
        (
            "red with a black diagonal stripe bordered in white from the upper hoist to the lower fly",
            "red field; black diagonal band edged white from the upper hoist",
        ),
        (
            "red flag with a white crescent and star",
            "red field; white crescent in the centre; white star in the centre",
        ),
        (
            "red field with a white disc in the centre containing a red crescent and a red star",
            "red field; white disc in the centre; red crescent in the centre; red star in the centre",
        ),
        ("twelve gold stars in a circle on a blue background", "blue field; twelve yellow stars in the centre"),
        ("white X on a blue field", "blue field; white saltire"),
        ("a big white star of David of a blue flag", "blue field; big white six-pointed star in the centre"),
        ("maroon with a cream border", "dark red field; cream border"),
        ("red field; thick white cross", "red field; thick white cross"),
        ("white field, narrow red border, blue saltire", "white field; blue saltire; thin red border"),
        (
            "blue field; red star at the top and at the bottom",
            "blue field; red star at the top; red star at the bottom",
        ),
        (
            "white with two horizontal blue stripes near top and bottom",
            "white field; thin blue horizontal bar at the top; thin blue horizontal bar at the bottom",
        ),
        (
            "orange, white, green horizontal with an orange circle on the white",
            "three horizontal stripes, orange, white, green; orange disc in the centre",
        ),
        (
            "purple field; silver moon in the top right corner, two gold stars under it",
            "purple field; silver crescent in the upper fly; two yellow stars in a row at the fly",
        ),
        ("red field; a row of seven white stars at the top", "red field; seven white stars in a row at the top"),
        (
            "blue field; yellow disc; five red stars on the disc",
            "blue field; yellow disc in the centre; five red stars in the centre",
        ),
        ("green star", "white field; green star in the centre"),
        ("quarters, red and white", "quarters of red, white, white, red"),
        ("pink field; purple disc", "pink field; purple disc in the centre"),
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
        ("green; a yellow lion in the middle", "lion", "emblem stands for arms and beasts"),
        ("blue field; three red", "", "of what? Write a thing behind it: red star"),
        ("red field; four stars", "four stars", "of what colour? Write red star"),
        ("red field; white stars", "stars", "how many stars? Write three stars"),
        ("red field; blue field", "blue field", "two grounds"),
        ("red field edged blue", "red field edged blue", "a field has no edge"),
        ("stripes, red", "stripes, red", "one stripe is a field"),
        ("four horizontal stripes, red, white, blue", "four horizontal stripes, red, white, blue", "4 stripes have 4"),
        ("red field; 2-pointed star", "2-pointed", "from 3 to 64 points"),
        ("red field; 999 white stars", "999", f"from 1 to {MAX_COUNT}"),
        ("red field; green star twice", "twice", "is not understood here"),
        ("red field; green star on the disc", "green star on the disc", "there is no disc"),
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


@pytest.mark.parametrize(
    "text",
    [
        "red field; big yellow star in the upper hoist; four small yellow stars in the upper hoist",
        "blue field; yellow disc; big white star",
        "three horizontal stripes, red, white, blue; big sun, black; two tiny green rings at the top",
    ],
)
def test_what_is_said_again_is_drawn_the_same(text: str) -> None:
    design = read(text)
    assert read(say(design)) == design


@pytest.mark.parametrize("many", ["yellow star; big red disc; white crescent", "big white lozenge; seven green suns"])
@pytest.mark.parametrize("place", [words for words in PLACES.values() if words])
def test_what_stands_at_one_place_stays_on_the_flag(many: str, place: str) -> None:
    design = read("blue field; " + "; ".join(f"{one} {place}" for one in many.split("; ")))
    for charge in design.charges:
        for place in charge.places:
            assert place.x - place.radius / 1.5 > 0 and place.x + place.radius / 1.5 < 1 and place.y - place.radius > 0


words = st.sampled_from(
    [
        *(*WORDS, *NOUNS, *(words for words in PLACES.values() if words)),
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


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (  # a triangle that stands on the ground, where words mean one across it
            Design((Layer("stripes", ("red",)),), (Charge("triangle", ("white",), (Place(0.75, 0.5, 0.2),)),)),
            "red field; big white triangle at the fly",
        ),
        (  # teeth, as on Qatar's flag
            Design((Layer("stripes", ("red",)), Layer("serrated", ("white",), (0, 0.27, 0.35, 9)))),
            "red field; white serrated bar at the hoist",
        ),
        (  # no word for the tenth
            Design((Layer("stripes", ("red", "white") * 5, tuple(round(at / 11, 6) for at in range(1, 10))),)),
            "ten horizontal stripes, red and white",
        ),
    ],
)
def test_what_words_cannot_tell_apart_is_said_all_the_same(design: Design, said: str) -> None:
    assert say(design) == said


@pytest.mark.parametrize("count", [2, 6, 12])
def test_many_separate_charges_share_the_room_of_a_triangle(count: int) -> None:
    stars = ("white star at the hoist; " * count).removesuffix("; ")
    design = read(f"two horizontal stripes, red, white; blue triangle at the hoist; {stars}")
    (*_, triangle), depth = design.layers, design.layers[-1].numbers[3]
    xs = [place.x for charge in design.charges for place in charge.places]
    assert triangle.figure == "triangle" and xs == sorted(set(xs))
    assert xs[0] > 0 and xs[-1] < depth
    assert all(charge.places[0].radius > 0 for charge in design.charges)


def test_however_many_stand_on_one_another_are_drawn() -> None:
    design = read("red field" + "; tiny white rectangle in the centre" * 12)
    assert len(design.charges) == 12 and say(design).count("rectangle") == 12


def test_a_triangle_with_many_edges_points_inwards() -> None:
    colours = ", ".join(["white", "red"] * 6)
    layers = read(f"green field; blue triangle edged {colours} and black at the hoist").layers
    depths = [layer.numbers[3] for layer in layers if layer.figure == "triangle"]
    assert depths == sorted(depths, reverse=True) and depths[-1] > 0
