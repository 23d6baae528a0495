"""Design features told as one phrase."""

import pytest

from flagsae.design import facets
from flagsae.design.elements import elements
from flagsae.design.evidence import evidence
from flagsae.design.facets import KINDS, NO_CANTON, VALUES
from flagsae.design.said import said
from flagsae.design.words import read

THREE = "three horizontal stripes"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        # The ground.
        (["field"], "field of one colour"),
        (["red field", "mostly red", "red"], "red field"),
        ([f"{THREE}, first white", f"{THREE}, second blue", f"{THREE}, third red"], "white, blue and red stripes"),
        ([f"{THREE}, first white"], "white on top"),
        ([f"{THREE}, first green", f"{THREE}, third green"], "green on top and at the bottom"),
        (["first of three horizontal stripes twice as wide", "yellow on top"], "yellow on top, twice as high"),
        (["second of three vertical stripes twice as wide"], "three vertical stripes, the second twice as wide"),
        (["two horizontal stripes, second red"], "two stripes, red at the bottom"),
        (["two horizontal stripes", "red over white"], "red and white stripes"),
        (
            ["three vertical stripes, second white", "white in the middle"],
            "three vertical stripes, white in the middle",
        ),
        (["white over blue", "blue over red"], "white over blue over red"),
        (["red over white", "red on top"], "red over white on top"),
        (["blue horizontal stripes", "dark blue horizontal stripes"], "dark blue horizontal stripe"),
        (["blue in the middle", "red horizontal stripes"], "blue in the middle, red horizontal stripe"),
        ([THREE, "any white stripes"], "three horizontal stripes, white among them"),
        (["many horizontal stripes, second white"], "many stripes, the second white"),
        (["diagonal halves, first blue", "diagonal halves, second green"], "diagonally halved blue and green"),
        (["green diagonal halves"], "green diagonal half"),
        # Things.
        (["Nordic cross", "any cross", "Nordic cross across the flag"], "Nordic cross"),
        (["Nordic cross", "any red cross", "edged white"], "red Nordic cross edged white"),
        (["white star", "star in the canton"], "white star in the canton"),
        (["white star", "star in the canton", "blue canton"], "white star in the blue canton"),
        (["Union Jack", "Union Jack in the canton", "canton"], "Union Jack in the canton"),
        (["Union Jack in the canton", "star at the fly"], "Union Jack in the canton, star at the fly"),
        (["crescent with star", "white crescent"], "white crescent and star"),
        (["crescent with star", "white crescent", "white star", "star"], "white crescent and star"),
        (["crescent with star", "white crescent", "red star"], "white crescent and red star"),
        (["star", "five-pointed star", "middling star", "one star", "star in the centre"], "star in the centre"),
        (["several stars", "twelve stars", "small star", "stars in a ring"], "twelve small stars in a ring"),
        (["star on the triangle", "star at the hoist", "white star"], "white star on the triangle"),
        (["red star", "charge on white", "any charge"], "red star on white"),
        (["triangle", "field"], "triangle on a field of one colour"),
        (["emblem", "any charge", "big emblem", "emblem in the centre"], "big emblem in the centre"),
        (["emblem in the centre", "red in the emblem", "white in the emblem"], "red and white emblem in the centre"),
        (["red in the emblem"], "red in the emblem"),
        # Classes, and the whole flag.
        (["any star or sun", "any white star or sun"], "white star or sun"),
        (["any blue", "blue"], "blue"),
        (["mostly red", "red", "three colours"], "mostly red, three colours"),
        (["no charge"], "no charge"),
        (["no feature of a design"], ""),
    ],
)
def test_features_join_in_one_phrase(names, words):
    assert said(names) == words


def test_each_feature_alone_has_words():
    """With one value for each place in a pattern, and with several for the nouns."""
    checked = 0
    for kind in KINDS.values():
        some = {what: next(iter(values)) for what, values in VALUES.items()} | {
            "colour2": "white",
            "stripes": THREE[6:],
        }
        for noun in (*VALUES["noun"], "star"):
            for canton in (False, True)[: 1 if kind.name in NO_CANTON else 2]:
                feature = facets.name(kind.name, canton, **{**some, "noun": noun})
                if facets.facet(feature) is None:
                    continue
                words = said([feature])
                assert words and "any" not in words.split() and "  " not in words and words == words.strip(" ,"), (
                    feature
                )
                about_a_thing = kind.name not in ("edges", "edge", "below")
                assert not (canton and about_a_thing) or "the canton" in words, feature
                checked += 1
    assert checked > 500


@pytest.mark.parametrize(
    "sentence",
    [
        "white field; red Nordic cross edged black",
        "white field; twelve yellow stars in a ring",
        "white field; white star in the canton",
        "white field; green star in the centre",
        "white field; Union Jack in the canton",
        "three horizontal stripes, white, blue, red",
        "diagonally halved blue and green",
    ],
)
def test_what_is_said_can_be_drawn(sentence):
    """Features of one thing, as it is described, make a phrase of the same thing."""
    design = read(sentence)
    told = [one for one in elements(design) if one.kind != "piece"]
    names = [name for name, _ in evidence(design, told)[-1] if facets.facet(name).kind != "size"]
    drawn = [one for one in elements(read(said(names))) if one.kind != "piece"]
    assert drawn[-1].text == told[-1].text
