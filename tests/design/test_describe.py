"""Descriptions of real flags, one by one and scored against the project's own table of facts."""

import sys
from collections.abc import Iterable

import numpy as np
import pytest

from flagsae import paths
from flagsae.colours import COLOUR_WORDS
from flagsae.design import kept, render
from flagsae.design.describe import Description, describe
from flagsae.design.design import Design
from flagsae.design.vocabulary import ELEMENTS, PLACES
from flagsae.design.words import read
from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name

sys.path.insert(0, str(paths.shipped("flags").parent.parent / "benchmarks"))
from descriptions import ATTRIBUTES, doubtful, f1, read_table

# What real flags are said to be, one by one.
TEXTS = {
    "morocco": "red field; green star in the centre",
    "turkey": "red field; white crescent at the hoist; small white star in the centre",
    "japan": "white field; red disc in the centre",
    "norway": "red field; dark blue Nordic cross edged white",
    "jamaica": "green and black wedges; yellow saltire",
    "kenya": "three horizontal stripes, black, red, green, edged white; emblem in the centre",
    "albania": "red field; black emblem in the centre",
    "cuba": "five horizontal stripes, dark blue and white; red triangle at the hoist; white star at the hoist",
    "united-states": "thirteen horizontal stripes, red and white; dark blue canton; 50 white stars in the canton",
    "greece": "nine horizontal stripes, blue and white; blue canton; white cross in the canton",
    "tuvalu": "light blue field; Union Jack in the canton; nine big yellow stars at the fly",
    "united-arab-emirates": "three horizontal stripes, green, white, black; red bar at the hoist",
    "panama": "quarters of white, red, blue, white; blue star in the upper hoist; red star in the lower fly",
    "tanzania": "diagonally halved green and light blue; black diagonal band edged yellow",
    "maldives": "green field; thick red border; white crescent in the centre",
    "tunisia": "red field; white disc in the centre; red crescent in the centre; red star in the centre",
    "new-zealand": "dark blue field; Union Jack in the canton; four red stars edged white at the fly",
    "india": "three horizontal stripes, orange, white, green; dark blue emblem in the centre",
    "angola": "two horizontal stripes, red, black; yellow emblem in the centre; yellow star at the top",
    "malawi": "three horizontal stripes, black, red, green; red sun at the top",
    "bosnia-and-herzegovina": "dark blue field; yellow triangle at the top; nine white stars in the centre",
    "new-caledonia": "three horizontal stripes, blue, red, green; yellow disc edged black at the hoist; "
    "black emblem at the hoist",
    "portugal": "two vertical stripes, green, red; emblem at the hoist",
    "greenland": "two horizontal stripes, white, red; big red disc at the hoist",
    "guernsey": "white field; red cross; yellow cross in the centre",
    "uruguay": "nine horizontal stripes, white and blue; white canton; yellow sun in the canton",
    "papua-new-guinea": "diagonally halved black and red from the upper hoist; yellow emblem in the upper fly; "
    "five white stars in the lower hoist",
    "northern-mariana-islands": "blue field; emblem in the centre; white star in the centre",
}


def described(flags: Dataset, slugs: Iterable[str]) -> dict[str, Description]:
    """The descriptions of some of the flags by their slugs."""
    places = [flags.name_table()[slug] for slug in slugs]
    found = [describe(flags.flags[[place]], flags.palette, kept.design_at(flags, place)) for place in places]
    return {description.name: description for description in found}


@pytest.fixture(scope="module")
def descriptions(flags: Dataset) -> dict[str, Description]:
    """Those of `TEXTS`."""
    return described(flags, TEXTS)


@pytest.mark.long
@pytest.mark.parametrize("slug", TEXTS)
def test_a_flag_in_words(descriptions: dict[str, Description], slug: str) -> None:
    assert descriptions[slug].text == TEXTS[slug]


def check_elements(descriptions: Iterable[Description]) -> None:
    for description in descriptions:
        assert description.elements
        for element in description.elements:
            assert element.element in ELEMENTS and element.place in PLACES
            assert set(element.colours) <= {*COLOUR_WORDS, "grey"} and element.count >= 1
            assert 0 < element.share <= 1


def test_an_element_has_the_fields_that_scripts_read(descriptions: dict[str, Description]) -> None:
    check_elements(descriptions.values())
    field, star = descriptions["morocco"].record["elements"]
    assert field["share"] + star["share"] == pytest.approx(1, abs=1e-3)
    assert star["features"][:2] == [{"feature": "star", "weight": 1.0}, {"feature": "green star", "weight": 0.7}]
    assert [one["feature"] for one in field["features"]] == ["field", "red field"]
    assert Design.read(descriptions["morocco"].record["design"]) == descriptions["morocco"].design
    assert descriptions["morocco"].colours == ("red", "green")


@pytest.mark.long
def test_the_descriptions_of_all_flags_agree_with_the_table_of_facts(flags: Dataset) -> None:
    """The goals of the design; the figures themselves are benchmarks/descriptions.py's."""
    descriptions = described(flags, (name.slug for name in flags.flags.names))
    check_elements(descriptions.values())
    rows = read_table()
    goals = dict.fromkeys(("horizontal stripes", "vertical bars", "cross", "saltire"), 0.97)
    goals |= dict.fromkeys(("star or sun", "crescent", "triangle", "disc", "canton"), 0.92) | {"emblem": 0.9}
    for name, goal in goals.items():
        truth, said, columns = ATTRIBUTES[name]
        sure = [(truth(rows[slug]), said(d)) for slug, d in descriptions.items() if not doubtful(rows[slug], columns)]
        assert f1(sure)[3] >= goal, name
    colours = [
        (colour in row["colours"].split("|"), colour in descriptions[slug].colours)
        for slug, row in rows.items()
        for colour in COLOUR_WORDS
        if colour not in row["colours_maybe"].split("|")
    ]
    assert f1(colours)[3] >= 0.97


def test_a_picture_of_ones_own_is_described(flags: Dataset) -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[:] = (0, 120, 60)
    picture[60:140] = (255, 255, 255)
    down, along = np.mgrid[:200, :300]
    picture[(down - 100) ** 2 + (along - 150) ** 2 < 30**2] = (200, 20, 30)
    flag = flags.make_flag(Name("own", "own"), picture)
    said = describe(flag, flags.palette, kept.design_of(flag, flags.palette, flags.flags.fine))
    assert said.text == "three horizontal stripes, green, white, green; red disc in the centre"


def test_small_canvases_are_described_too(toy: Dataset) -> None:
    said = {name: one.text for name, one in described(toy, [name.slug for name in toy.flags.names]).items()}
    assert said["france"] == "three vertical stripes, dark blue, white, red"
    assert said["japan"].startswith("white field")


def test_a_line_of_letters_is_lettering(flags: Dataset) -> None:
    sentence = "white field; six green stars at the bottom; blue lettering in the centre"  # which stand in a line too
    picture = render.picture(read(sentence), flags.palette, 600)
    flag = flags.make_flag(Name("own", "own"), picture)
    said = describe(flag, flags.palette, kept.design_of(flag, flags.palette, flags.flags.fine))
    assert said.text == sentence


def test_a_picture_without_a_design_has_colours_and_no_words(flags: Dataset) -> None:
    noise = np.random.default_rng(0).choice(np.array([[200, 20, 30], [255, 255, 255]], np.uint8), (100, 150))
    flag = flags.make_flag(Name("noise", "noise"), noise)
    said = describe(flag, flags.palette, kept.design_of(flag, flags.palette))
    assert (said.text, said.elements, said.record["design"]) == ("", (), None)
    assert set(said.colours) == {"red", "white"} and "no words" in said.sentence
