"""Features of designs: what they are called, and designs made from them again."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import sentence

from flagsae.design import facets
from flagsae.design.design import Design
from flagsae.design.features import Features, Table, design_of, features_of
from flagsae.design.parse import parse
from flagsae.design.words import read, say
from flagsae.flags.dataset import Dataset

CUBA = "five horizontal stripes, dark blue and white; red triangle at the hoist; white star at the hoist"


def kept(features: Features, design: Design) -> float:
    """The share of a vector that a design has too."""
    again = features_of(design)
    return sum(min(value, again.get(name, 0.0)) for name, value in features.items()) / sum(features.values())


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("blue field; red Nordic cross edged white", "any cross|Nordic cross|red Nordic cross|thin edges", "cross"),
        ("blue field; red cross", "any cross|cross|cross across the flag|no charge", "Nordic cross|any charge"),
        (
            CUBA,
            "any stripes|five horizontal stripes, first blue|blue on top|star on the triangle|triangle",
            "no charge",
        ),
        (CUBA, "blue|dark blue|any blue|mostly blue|blue over white|three colours", "light blue|mostly red"),
        ("three vertical stripes, red, light blue, red", "any bars|light blue in the middle|any blue", "blue|on top"),
        (
            "blue field; Union Jack in the canton; yellow star at the fly",
            "Union Jack|Union Jack in the canton|canton|star|star at the fly|charge on blue",
            "star in the canton",
        ),
        (
            "red field; blue canton; three white stars in a row in the canton",
            "white star|white star in the canton|three stars in the canton|stars in a row in the canton|blue canton",
            "star at the fly|blue field",
        ),
        (
            "white field; yellow sun in the upper fly; big red disc at the hoist",
            "sun|sun in the upper fly|disc",
            "star",
        ),
        ("diagonally halved red and blue; white diagonal band", "any diagonal|diagonal band from the lower hoist", ""),
        ("two horizontal stripes, white, red; white bar at the hoist; red star at the hoist", "star on the bar", ""),
        ("quarters of red, white, green, blue", "quarters|quarters, first red|blue quarters", "any stripes"),
        ("red field; white crescent in the centre; white star in the centre", "crescent with star", "star on the disc"),
    ],
)
def test_what_a_design_has(text: str, has: str, lacks: str) -> None:
    features = features_of(read(text))
    assert not [name for name in has.split("|") if name not in features]
    assert not [name for name in lacks.split("|") if name in features]


@pytest.mark.parametrize(
    "text",
    [
        "red field; green star in the centre",
        "Union Jack",
        CUBA,
        "nine horizontal stripes, blue and white; blue canton; white cross in the canton",
        "three horizontal stripes, yellow, blue, red, the first twice as high",
        "diagonally halved green and dark blue from the upper hoist; thin yellow diagonal band from the upper hoist",
        "dark blue field; red Nordic cross edged white",
        "white field; red cross; four red crosses in the centre",
        "black field; white bar at the hoist; twelve yellow stars in the centre",
    ],
)
def test_a_design_is_made_again_from_its_features(text: str) -> None:
    features = features_of(read(text))
    assert re.sub("(big|small) ", "", say(design_of(features))) == text


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_every_name_says_what_it_says(seed: int) -> None:
    features = features_of(read(sentence(random.Random(seed))))
    for name, value in features.items():
        facet = facets.facet(name)
        assert facet is not None and facets.name(facet.kind, facet.canton, **dict(facet.values)) == name
        assert 0 < value <= 1
    assert kept(features, design_of(features)) > 0.5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_any_features_make_a_design(seed: int) -> None:
    """As sums and decoders give them: of several flags, of any size, some lost."""
    chance = random.Random(seed)
    told = [features_of(read(sentence(chance))) for _ in range(3)]
    some = {name: chance.random() for vector in told for name in vector if chance.random() < 0.6}
    assert features_of(design_of(some))


def test_two_of_a_kind_keep_their_colours_and_places_together() -> None:
    features = features_of(read("blue field; white star in the upper hoist; three red stars at the fly"))
    assert features["white star"] > features["red star"]
    made = say(design_of({name: 0.5 * value for name, value in features.items()}))  # as a decoder may give it
    assert "white star in the upper hoist" in made
    assert "three" in made and "red stars" in made and made.endswith("at the fly")


def test_what_is_not_said_is_as_usual() -> None:
    assert say(design_of({})) == "white field"
    assert say(design_of({"red": 1.0, "no such feature": 1.0})) == "red field"
    assert say(design_of({"three vertical stripes": 1.0, "vertical stripes": 0.2})).startswith("three vertical stripes")
    assert say(design_of({"Nordic cross across the flag": 0.4})) == "white field; white Nordic cross"


def test_flags_that_are_parsed(flags: Dataset) -> None:
    some = flags.flags
    slugs = [name.slug for name in some.names]
    for slug, has in (("cuba", "red triangle|white star|star at the hoist"), ("albania", "emblem|black in the emblem")):
        at = slugs.index(slug)
        features = features_of(parse(some.fine[at], flags.palette, float(some.aspect[at])))
        assert not [name for name in has.split("|") if name not in features]
        assert kept(features, design_of(features)) > 0.8


def test_what_few_flags_have_counts_for_more() -> None:
    vectors = [features_of(read(text)) for text in ("red field", "red field; white star", "blue field")]
    table = Table.of(vectors)
    assert table.matrix(vectors).shape == (3, len(table.names))
    rarity = dict(zip(table.names, table.rarity.tolist(), strict=True))
    assert rarity["star"] == 1 > rarity["red field"] > rarity["field"] == 0
    assert np.array_equal(table.matrix([{"star": 1.0, "unknown": 1.0}]).sum(1), [1])
    assert Table.of(vectors, least=2).names == tuple(name for name in table.names if rarity[name] < 1)
