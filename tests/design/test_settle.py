"""Designs that settle: from blurred features, with a feature turned up or down, and as the picture of an atom."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sentences import sentence

from flagsae.design.design import Charge, Design, Place
from flagsae.design.features import Features, Table, features_of
from flagsae.design.kept import design_at
from flagsae.design.settle import likeliest, settle, steered
from flagsae.design.words import read, say
from flagsae.flags.dataset import Dataset

FLAGS = {
    "japan": "white field; red disc in the centre",
    "turkey": "red field; white crescent in the centre; white star in the centre",
    "norway": "red field; dark blue Nordic cross edged white",
    "finland": "white field; blue Nordic cross",
    "poland": "two horizontal stripes, white, red",
    "ukraine": "two horizontal stripes, blue, yellow",
    "france": "three vertical stripes, blue, white, red",
    "austria": "three horizontal stripes, red, white, red",
    "brazil": "green field; yellow lozenge in the centre; blue disc in the centre",
    "china": "red field; yellow star in the upper hoist",
    "fiji": "light blue field; Union Jack in the canton; white star at the fly",
    "czechia": "two horizontal stripes, white, red; blue triangle at the hoist",
}
DESIGNS = {name: read(text) for name, text in FLAGS.items()}
RAYS = [(-1, 0), (1, 0), (0, -1), (0, 1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)]
RAYS_OF_SUN = [Charge("lozenge", ("yellow",), (Place(0.5 + x / 15, 0.5 + y / 10, 0.02),)) for x, y in RAYS]
SUN_OF_PIECES = read("three horizontal stripes, light blue, white, light blue; small yellow disc in the centre")
DESIGNS["argentina"] = replace(SUN_OF_PIECES, charges=(*SUN_OF_PIECES.charges, *RAYS_OF_SUN))
VECTORS = {name: features_of(design) for name, design in DESIGNS.items()}
TABLE = Table.of([*VECTORS.values()])

# Atoms: what a dictionary may have learned that goes together.
CROSS = {"Nordic cross": 1.0, "any cross": 0.7, "Nordic cross across the flag": 0.6, "blue Nordic cross": 0.4}
CRESCENT = {"crescent": 1.0, "white crescent": 0.5, "crescent with star": 0.5, "one crescent": 0.3}
JACK = {"Union Jack": 1.0, "Union Jack in the canton": 1.0, "canton": 1.0}
DISC = {"disc": 1.0, "any round thing": 0.7, "disc in the centre": 0.6, "red disc": 0.3}
SUN = {"sun": 1.0, "any round thing": 0.7, "yellow sun": 0.6}
RED_TOP = {"red on top": 0.5, "three horizontal stripes, first red": 0.5, "red horizontal stripes": 0.5}
TRIANGLE = {"triangle": 1.0, "blue triangle": 0.7, "triangle at the hoist": 0.6}
GREEN = {"field": 0.7, "green field": 0.7, "green": 0.5, "mostly green": 0.5}


def times(amount: float, atom: Features) -> Features:
    return {name: amount * value for name, value in atom.items()}


@pytest.mark.parametrize(
    ("flag", "amount", "atom", "text"),
    [
        ("japan", 1.2, CROSS, "white field; blue Nordic cross; red disc at the hoist"),
        (
            "brazil",
            1.2,
            CROSS,
            "green field; blue Nordic cross; yellow lozenge at the hoist; blue disc at the hoist",
        ),
        ("turkey", -1.0, CRESCENT, "red field"),
        ("norway", -1.0, CROSS, "red field"),
        ("argentina", -1.0, SUN, "three horizontal stripes, light blue, white, light blue"),
        ("fiji", -1.0, JACK, "light blue field; white star at the fly"),
        ("japan", 1.0, JACK, "white field; Union Jack in the canton; red disc at the fly"),
        ("japan", -1.0, DISC, "white field"),
        ("japan", 1.0, GREEN, "green field; red disc in the centre"),
        ("ukraine", 1.0, RED_TOP, "three horizontal stripes, red, blue, yellow"),
        ("poland", 1.0, TRIANGLE, FLAGS["czechia"]),
        ("czechia", -1.0, TRIANGLE, FLAGS["poland"]),
    ],
)
def test_a_feature_up_or_down(flag: str, amount: float, atom: Features, text: str) -> None:
    new = steered(DESIGNS[flag], times(amount, atom), TABLE)
    assert new is not None and say(new).replace("big ", "") == text


def test_what_meets_nothing() -> None:
    assert steered(DESIGNS["japan"], times(-1, CROSS), TABLE) is None
    assert steered(DESIGNS["finland"], times(1, CROSS), TABLE) is None
    assert steered(DESIGNS["poland"], {}, TABLE) is None


def test_features_that_are_those_of_the_start_leave_it_as_it_is(flags: Dataset) -> None:
    some = [design_at(flags, flag) for flag in range(len(flags.flags))][:30]
    for design in filter(None, some):
        assert settle(features_of(design), TABLE, design).design is design
    chance = random.Random(5)
    for _ in range(10):
        design = read(sentence(chance))
        assert settle(features_of(design), TABLE, design).design is design


@pytest.mark.parametrize("flag", FLAGS)
def test_blurred_features_settle_into_the_flag(flag: str) -> None:
    """Weaker than they were, with a little of all other flags among them."""
    blurred = times(0.8, VECTORS[flag])
    for other in VECTORS.values():
        for name, value in other.items():
            blurred[name] = blurred.get(name, 0.0) + 0.05 * value
    settled = settle(blurred, TABLE)
    assert say(settled.design).replace("big ", "") == FLAGS[flag]
    assert settled.off < 0.2


def test_nothing_settles_that_is_not_seen() -> None:
    design = settle({"white field": 0.7, "field": 1.0, "disc": 1.0, "disc in the centre": 0.6}, TABLE).design
    (charge,) = design.charges
    assert charge.shape == "disc" and charge.colours != ("white",)


def test_what_is_not_seen_in_a_canton_gets_a_colour() -> None:
    features = features_of(read("red field; white canton; blue star in the canton"))
    wanted = {name.replace("blue star", "white star"): value for name, value in features.items()}
    design = settle(wanted, TABLE).design
    (star,) = design.layers[-1].inside.charges  # type: ignore[union-attr]
    assert star.shape == "star" and star.colours != ("white",)


def test_any_features_settle() -> None:
    """As sums and decoders give them: of several flags, of any size, some lost."""
    chance = random.Random(11)
    for _ in range(4):
        told_of = [features_of(read(sentence(chance))) for _ in range(3)]
        some = {name: chance.random() for vector in told_of for name in vector if chance.random() < 0.6}
        start = read(sentence(chance))
        assert isinstance(settle(some, TABLE).design, Design)
        assert isinstance(settle(some, TABLE, start).design, Design)


def test_the_picture_of_an_atom() -> None:
    typical = {"field": 0.6, "red field": 0.5, "red": 0.5, "star": 0.8, "white star": 0.5, "emblem": 0.3}
    assert say(likeliest(CRESCENT, typical)) == "red field; white crescent in the centre; white star in the centre"
    assert say(likeliest(CROSS, typical)) == "red field; blue Nordic cross"
    assert say(likeliest(RED_TOP, {"three horizontal stripes, second white": 0.4, "horizontal stripes": 1.0})) == (
        "three horizontal stripes, red, white, red"
    )
