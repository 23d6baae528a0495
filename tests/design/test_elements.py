"""What a person would name on a flag, from its design."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import sentence

from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.elements import elements
from flagsae.design.parsing.plain import plainly
from flagsae.design.words import read, say

RED = Layer("stripes", ("red",))


def said(design: Design) -> str:
    return "; ".join(one.text for one in elements(design) if one.kind != "piece")


def charge(shape: str, colour: str, *places: tuple[float, float, float], numbers: tuple[float, ...] = ()) -> Charge:
    return Charge(shape, (colour,), tuple(Place(*one) for one in places), numbers)


@pytest.mark.parametrize(
    "text",
    [
        "green and black wedges; yellow saltire",
        "blue field; Union Jack in the canton; four white seven-pointed stars at the fly",
        "thirteen horizontal stripes, red and white; blue canton; 50 white stars in the canton",
        "red field; white disc in the centre; red crescent in the centre; red star in the centre",
        "red field; white serrated bar at the hoist",
        "three horizontal stripes, blue, yellow, blue, the second a fifth as high",
    ],
)
def test_what_words_say_is_what_there_is(text: str) -> None:
    found = elements(read(text))
    assert said(read(text)) == text
    named = [one for one in found if one.kind != "piece"]
    assert sum(one.share for one in named) == pytest.approx(1, abs=1e-6)
    assert all(one.share > 0 and one.box[0] < one.box[1] and one.box[2] < one.box[3] for one in named)


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_what_is_drawn_from_a_sentence_is_described_in_it(seed: int) -> None:
    text = sentence(random.Random(seed))
    assert said(read(text)) == text


def test_records_have_plain_colours_and_places() -> None:
    canton, star = elements(read("white field; navy canton; seven gold stars in the canton"))[1:]
    assert (canton.element, canton.colours, canton.place) == ("canton", ("blue",), "canton")
    assert (star.element, star.colours, star.count, star.points) == ("star", ("yellow",), 7, 5)
    jack = elements(read("Union Jack"))
    assert [(one.element, one.kind) for one in jack] == [
        ("field", "union jack"),
        ("cross", "piece"),
        ("saltire", "piece"),
    ]


@pytest.mark.parametrize(
    ("charges", "text"),
    [
        (  # the ground seen through a pentagram
            [charge("star", "green", (0.5, 0.5, 0.25)), charge("disc", "red", (0.5, 0.5, 0.1), (0.55, 0.45, 0.04))],
            "red field; green star in the centre",
        ),
        (
            [
                charge("disc", "yellow", (0.5, 0.5, 0.15)),
                charge("triangle", "yellow", (0.5, 0.3, 0.03), (0.5, 0.7, 0.03), (0.37, 0.5, 0.03), (0.63, 0.5, 0.03)),
            ],
            "red field; yellow sun in the centre",
        ),
        (  # one of them has lost its points
            [
                charge("star", "white", *((0.2 + 0.1 * one, 0.5, 0.05) for one in range(6))),
                charge("disc", "white", (0.8, 0.5, 0.04)),
            ],
            "red field; seven white stars in the centre",
        ),
        (
            [charge("star", "white", (0.7, 0.3, 0.09), (0.8, 0.5, 0.09)), charge("star", "white", (0.7, 0.7, 0.12))],
            "red field; three white stars at the fly",
        ),
        (
            [charge("star", "white", (0.2, 0.3, 0.2)), charge("star", "white", (0.4, 0.3, 0.05))],
            "red field; white star in the upper hoist; tiny white star in the upper hoist",
        ),
        ([charge("triangle", "white", (0.9, 0.9, 0.01))], "red field"),
        (
            [charge("lozenge", "white", (0.5, 0.5, 0.38)), charge("lozenge", "blue", (0.5, 0.5, 0.32))],
            "red field; blue lozenge edged white in the centre",
        ),
        (
            [
                charge("ring", "blue", (0.5, 0.5, 0.2), numbers=(0.9,)),
                charge("sun", "blue", (0.5, 0.5, 0.19), numbers=(24, 0.2, 0)),
            ],
            "red field; blue emblem in the centre",
        ),
    ],
)
def test_what_belongs_together_is_one_thing(charges: list[Charge], text: str) -> None:
    assert said(Design((RED,), tuple(charges))) == text


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        (
            [Layer("quarters", ("white", "red", "white", "green"), (0.33, 0.5))],
            "two horizontal stripes, red, green; white bar at the hoist",
        ),
        (  # the foot of Zambia's flag
            [
                Layer("bars", ("red", "black", "orange"), (0.76, 0.88)),
                Layer("polygon", ("green",), (0, 0, 1, 0, 1, 0.36, 0.64, 0.36, 0.64, 1, 0, 1)),
            ],
            "green field; red rectangle in the lower fly; black rectangle in the lower fly; "
            "orange rectangle in the lower fly",
        ),
        ([Layer("bars", ("green", "red", "green"), (0.12, 0.3))], "green field; thin red bar at the hoist"),
        ([Layer("stripes", ("red", "white", "red"), (1 / 3, 2 / 3))], "three horizontal stripes, red, white, red"),
        (
            [Layer("stripes", ("white", "green"), (2 / 3,)), Layer("cross", ("red",), (0, 0.25, 1 / 3, 2 / 3))],
            "three horizontal stripes, white, red, green; red bar at the hoist",
        ),
        (
            [Layer("stripes", ("red",)), Layer("border", ("yellow",), (0.36, 0.08, 0.96, 0.92))],
            "yellow field; red rectangle at the fly; yellow border",
        ),
        (
            [Layer("stripes", ("red", "blue"), (0.6,)), Layer("pall", ("green",), (0.15, 0.15, 0.45, 0.0))],
            "two horizontal stripes, red, blue; thick green pall",
        ),
        (  # a band that runs to a point, as on the flag of the Marshall Islands
            [Layer("stripes", ("blue",)), Layer("triangle", ("orange",), (1, 0.02, 0.25, 0.99, 0.94))],
            "blue field; orange diagonal band",
        ),
        (
            [Layer("stripes", ("blue",)), Layer("triangle", ("orange",), (1, 0.75, 0.98, 0.99, 0.06))],
            "blue field; orange diagonal band from the upper hoist",
        ),
        (
            [
                Layer("stripes", ("green",)),
                *(Layer("triangle", ("yellow",), (side, 0, 1, 0.499, 0.5)) for side in (2, 3)),
            ],
            "yellow and green wedges",
        ),
        (
            [Layer("stripes", ("green", "red", "yellow", "black"), (0.62, 0.66, 0.7))],
            "green field; black horizontal bar edged yellow and red at the bottom",
        ),
        (
            [Layer("bars", ("blue", "red", "white", "red", "blue"), (0.403, 0.43, 0.57, 0.597))],
            "blue field; thin white bar edged red in the centre",
        ),
        (
            [Layer("bars", ("white", "green", "white"), (0.5, 0.75))],
            "three vertical stripes, white, green, white, the first twice as wide",
        ),
        (
            [Layer("stripes", ("red",)), Layer("rectangle", ("green",), (0.1, 0.125, 0.9, 0.9))],
            "green field; red border",
        ),
        ([Layer("bars", ("white", "green", "white"), (0.6, 0.75))], "white field; thin green bar at the fly"),
    ],
)
def test_figures_are_those_that_people_name(layers: list[Layer], text: str) -> None:
    assert say(plainly(Design(tuple(layers)), 1.5)) == text


def test_rays_that_run_to_the_frame_are_a_sun() -> None:
    rays = [Layer("triangle", ("yellow",), (side, 0.4, 0.6, 0.5, 0.5)) for side in range(4)]
    rays += [Layer("polygon", ("yellow",), (x, y, x + 0.1, y, 0.5, 0.5)) for x, y in ((0, 0), (0.9, 0))]
    design = Design((RED, *rays), (charge("disc", "yellow", (0.5, 0.5, 0.15)),))
    assert said(design) == "red field; yellow sun in the centre"


def test_a_field_around_a_panel_is_a_border() -> None:
    design = Design((RED,), (charge("rectangle", "green", (0.5, 0.5, 0.25), numbers=(2.0,)),))
    assert say(plainly(design, 1.5)) == "green field; thick red border"


def test_a_disc_and_an_emblem_that_others_hide() -> None:
    places = [(0.5, 0.5, radius) for radius in (0.26, 0.3, 0.08, 0.3)]
    shapes = ("disc", "disc", "shield", "shield")
    design = Design((RED,), tuple(charge(shape, "white", place) for shape, place in zip(shapes, places, strict=True)))
    assert said(design).startswith("red field; white disc in the centre")
