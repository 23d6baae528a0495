"""Descriptions of real flags, one by one and scored against the project's own table of facts."""

import sys
from collections.abc import Iterable

import numpy as np
import pytest

from flagsae import paths
from flagsae.colours import COLOUR_WORDS
from flagsae.design.describe import Description, describe
from flagsae.design.kinds import ELEMENTS
from flagsae.design.part_model import load_part_model
from flagsae.design.tree import fused_canton, tree_of
from flagsae.design.vocabulary import PLACES
from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name

sys.path.insert(0, str(paths.shipped("flags").parent.parent / "benchmarks"))
from descriptions import ATTRIBUTES, doubtful, f1, read_table

# What real flags are said to be, one by one.
TEXTS = {
    "morocco": "red field; green star in the centre",
    "turkey": "red field; white crescent at the hoist; white star in the centre",
    "japan": "white field; red disc in the centre",
    "norway": "red field; blue Nordic cross edged white",
    "jamaica": "green and black wedges; yellow saltire",
    "kenya": "three horizontal stripes, black, red, green, edged white; emblem in the centre",
    "albania": "red field; black emblem in the centre",
    "cuba": "five horizontal stripes, blue and white; red triangle at the hoist; white star at the hoist",
    "united-states": "thirteen horizontal stripes, red and white; blue canton; 50 white stars in the canton",
    "greece": "nine horizontal stripes, blue and white; blue canton; white cross in the canton",
    "tuvalu": "light blue field; Union Jack in the canton; nine yellow stars at the fly",
    "united-arab-emirates": "three horizontal stripes, green, white, black; red bar at the hoist",
    "panama": "quarters of white, red, blue, white; blue star in the upper hoist; red star in the lower fly",
    "tanzania": "diagonally halved green and light blue; black diagonal band edged yellow",
    "maldives": "green field; red border; white crescent in the centre",
    "tunisia": "red field; white disc in the centre; red crescent in the centre; red star in the centre",
    "new-zealand": "blue field; Union Jack in the canton; four red stars edged white at the fly",
}


def described(flags: Dataset, slugs: Iterable[str]) -> dict[str, Description]:
    """The descriptions of some of the flags by their slugs."""
    chosen = flags.flags[[flags.name_table()[slug] for slug in slugs]]
    found = describe(chosen, flags.palette, load_part_model(), flags.flags.fine)
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
    assert star["features"][0]["label"] == "star 5" and star["features"][0]["weight"] > 1
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
    said = describe(flag, flags.palette, load_part_model(), flags.flags.fine)[0]
    assert said.text == "three horizontal stripes, green, white, green; red disc in the centre"


def test_small_canvases_are_described_too(toy: Dataset) -> None:
    said = {one.name: one.text for one in describe(toy.flags, toy.palette, load_part_model())}
    assert said["france"] == "three vertical stripes, blue, white, red"
    assert said["japan"].startswith("white field")


def test_a_canton_that_has_run_together_with_a_stripe_is_cut_off(flags: Dataset) -> None:
    known = flags.flags.fine
    tree = fused_canton(tree_of(known[flags.name_table()["uruguay"]], known))
    assert tree.canton is not None
    rows, columns = tree.canton.size
    assert (rows / tree.size[0], columns / tree.size[1]) == pytest.approx((5 / 9, 0.37), abs=0.02)
    plain = tree_of(known[flags.name_table()["poland"]], known)
    assert fused_canton(plain) is plain


def test_a_figure_in_a_figure_is_inside(flags: Dataset) -> None:
    known = flags.flags.fine
    (forest,) = tree_of(known[flags.name_table()["tunisia"]], known).charges
    (disc,) = forest
    assert len(disc.inside) == 2  # the crescent and the star
    assert disc.share > sum(figure.share for figure in disc.inside)
    assert disc.middle == pytest.approx((102, 153), abs=3)
