"""The measures of benchmarks/quality.py on pictures whose figures are known."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from mixes import plain
from mixes.again import Known, nearest
from mixes.seams import seams
from mixes.torn import torn

from flagsae.design.design import Design, Layer
from flagsae.design.render import label_map
from flagsae.design.vectors import vectors
from flagsae.design.words import read
from flagsae.flags.dataset import Dataset

RED, WHITE, BLUE = (200, 16, 46), (255, 255, 255), (0, 32, 91)
CROSS, STRIPES = "red field; white Nordic cross", "three horizontal stripes, green, yellow and black"
BOXED = "nine horizontal stripes, blue and white; red canton; white star in the canton"


def bars(*colours: tuple[int, int, int]) -> np.ndarray:
    """Upright bars of equal width on a canvas of 60 x 90."""
    return np.repeat(np.array(colours, np.uint8), 90 // len(colours), axis=0)[None].repeat(60, axis=0)


def test_colours_are_counted_until_98_percent_are_covered() -> None:
    picture = bars(RED, WHITE, BLUE)
    picture[0, 0] = (0, 255, 0)
    assert plain.colours(picture) == 3
    picture[:, :2] = (0, 255, 0)
    assert plain.colours(picture) == 4


def test_speckle_is_the_share_of_specks() -> None:
    picture = bars(RED, WHITE)
    assert plain.speckle(picture) == 0
    picture[10, 10:15] = WHITE  # 5 of 5400 pixels, under .1 %
    picture[20, 10:16] = WHITE  # 6, over it
    assert plain.speckle(picture) == pytest.approx(5 / 5400)


def test_a_picture_looks_like_itself_and_then_like_what_has_its_colours_elsewhere() -> None:
    looks = plain.Looks.of([bars(RED, WHITE, BLUE), bars(BLUE, WHITE, RED), bars((0, 150, 60), WHITE, (250, 200, 0))])
    same, turned, other = looks.distances(bars(RED, WHITE, BLUE))
    assert same == pytest.approx(0) and same < turned < other


def test_a_parent_is_found_with_nine_flags_before_it_and_not_with_ten() -> None:
    distances = np.arange(12.0)
    assert plain.found(distances, (0, 9))
    assert not plain.found(distances, (0, 10))


def test_a_colour_is_lost_only_where_one_parent_alone_has_it() -> None:
    names = ("red", "white", "blue", "dark blue")
    a, b = np.array([[0, 0, 1, 1]]), np.array([[0, 0, 2, 2]])
    assert not plain.loses_colour(np.array([[0, 1, 2, 2]]), (a, b), names)
    assert not plain.loses_colour(np.array([[1, 1, 2, 2]]), (a, b), names)  # red is in both
    assert not plain.loses_colour(np.array([[1, 1, 3, 3]]), (a, b), names)  # another blue
    assert plain.loses_colour(np.array([[0, 0, 1, 1]]), (a, b), names)


@pytest.fixture(scope="module")
def drawn(flags: Dataset):
    """A sentence as a design and its fine label map."""

    @cache
    def draw(sentence: str) -> tuple[Design, np.ndarray]:
        design = read(sentence)
        return design, label_map(design, flags.palette, 204, 306)

    return draw


@pytest.mark.parametrize(
    ("mix", "figures"),
    [
        pytest.param(CROSS, [], id="whole"),
        pytest.param(f"{STRIPES}; white Nordic cross edged red", [], id="whole, on another ground, with an edge"),
        pytest.param(f"{STRIPES}; blue Nordic cross", [], id="whole, in another colour"),
        pytest.param(f"{STRIPES}; red cross", [], id="another cross"),
        pytest.param("red field; white Nordic cross; big blue disc in the centre", [], id="a disc on the crossing"),
        pytest.param(STRIPES, [], id="none"),
    ],
)
def test_a_figure_that_is_whole_or_absent_is_not_torn(drawn, mix: str, figures: list[str]) -> None:
    design, labels = drawn(mix)
    assert torn(labels, design, [drawn(CROSS), drawn(STRIPES)], parsed=False) == figures


@pytest.mark.parametrize(
    ("parent", "kept", "figure"),
    [
        pytest.param(CROSS, np.s_[:, :150], "cross", id="a cross without an arm"),
        pytest.param(CROSS, np.s_[80:], "cross", id="a cross under a stripe"),
        pytest.param("blue field; white saltire", np.s_[:102], "saltire", id="half a saltire"),
        pytest.param("white field; red triangle at the hoist", np.s_[102:], "triangle", id="half a triangle"),
        pytest.param(BOXED, np.s_[:, :80], "canton", id="a canton under a bar"),
    ],
)
def test_a_figure_that_is_there_in_part_is_torn(drawn, parent: str, kept: tuple[slice, ...], figure: str) -> None:
    design, labels = drawn(STRIPES)
    mix = labels.copy()
    mix[kept] = drawn(parent)[1][kept]
    assert torn(mix, None, [drawn(parent), (design, labels)]) == [figure]


def test_what_runs_under_a_later_layer_of_its_own_design_is_torn(drawn, flags: Dataset) -> None:
    design, _ = drawn(f"{STRIPES}; white Nordic cross edged red")
    covered = replace(design, layers=(*design.layers, Layer("rectangle", ("blue",), (0, 0, 0.55, 1))))
    labels = label_map(covered, flags.palette, 204, 306)
    assert torn(labels, covered, [drawn(CROSS), drawn(STRIPES)], parsed=False) == ["cross"]


@pytest.mark.parametrize(
    ("hoist", "fly", "wide", "pasted"),
    [
        pytest.param(CROSS, STRIPES, 153, True, id="two halves"),
        pytest.param(BOXED, STRIPES, 200, True, id="two thirds beside a third"),
        pytest.param("blue field", STRIPES, 100, False, id="a plain bar beside stripes"),
        pytest.param("blue field", STRIPES, 153, True, id="a plain half beside stripes"),
        pytest.param("blue field; white star", "red field", 153, True, id="half a star"),
        pytest.param("blue field; white star in the upper hoist", "red field", 153, False, id="two plain halves"),
        pytest.param("two vertical stripes, blue and red", STRIPES, 153, False, id="where a parent has the line"),
        pytest.param(STRIPES, STRIPES, 153, False, id="one flag"),
    ],
)
def test_a_seam_is_a_cut_that_no_parent_has_and_at_which_something_ends(
    drawn, hoist: str, fly: str, wide: int, pasted: bool
) -> None:
    one, other = drawn(hoist)[1], drawn(fly)[1]
    mix = np.hstack([one[:, :wide], other[:, wide:]])
    assert seams(mix, [one, other]) is pasted
    upright, parents = np.ascontiguousarray(mix[::-1]), [one[::-1], other[::-1]]
    assert seams(upright, parents) is pasted


def test_a_flag_keeps_all_of_itself_and_features_of_two_point_to_both(flags: Dataset) -> None:
    known, told = Known(flags), vectors(flags)
    table = flags.name_table()
    norway, ghana = table["norway"], table["ghana"]
    assert known.kept(told[norway], (norway,)) == pytest.approx(1)
    assert known.kept({}, (norway,)) == 0
    assert known.kept(told[norway], (norway, ghana)) < 0.4  # of the lesser parent
    both = dict(told[norway])
    for name, weight in told[ghana].items():
        both[name] = max(weight, both.get(name, 0))
    first, *others = known.ranked(both, None, 5)
    assert known.is_pair(first, (ghana, norway))
    assert not any(known.is_pair(pair, (ghana, norway)) for pair in others)
    assert nearest([*others, first], lambda pair: float(pair == first)) == first
