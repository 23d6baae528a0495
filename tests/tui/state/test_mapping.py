"""Where flags find room on a map, where arrow keys lead, and what a lasso holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rich.style import Style

from flagsae.tui.state.map_picture import INKS, MapPicture
from flagsae.tui.state.mapping import STEP, WAYS, MapLook, MapPlan, inside, links, plan
from flagsae.visual.resize import resized
from flagsae.visual.terminal.fitting import fit
from flagsae.visual.terminal.glyphs import WEDGES, polygons


def reached(ways: np.ndarray, start: int) -> set[int]:
    found, edge = {start}, [start]
    while edge:
        edge = list({int(to) for point in edge for to in ways[point]} - found)
        found |= set(edge)
    return found


@pytest.mark.long
@given(arrays(float, st.tuples(st.integers(1, 30), st.just(2)), elements=st.integers(0, 12).map(float)))
@settings(max_examples=150, deadline=None)
def test_arrows_reach_every_flag_from_every_flag(points: np.ndarray) -> None:
    """On so coarse a grid many lie in one place and in one line."""
    ways = links(points)
    assert ways.shape == (len(points), 4)
    assert all(reached(ways, start) == set(range(len(points))) for start in range(len(points)))


def test_arrows_lead_to_the_next_flag_in_their_direction() -> None:
    #  0 1
    #  2 3
    ways = links(np.array([[0.0, 0], [10, 1], [1, 10], [11, 11]]))
    left, right, up, down = ways.T
    assert right.tolist() == [1, 1, 3, 3] and left.tolist() == [0, 0, 2, 2]
    assert down.tolist() == [2, 3, 2, 3] and up.tolist() == [0, 1, 0, 1]


def test_roads_that_are_laid_anew_are_few() -> None:
    """Among scattered flags nearly every arrow leads into its own quarter of the plane, or nowhere."""
    points = np.random.default_rng(0).random((200, 2)) * (160, 80)
    ways = links(points)
    away = points[ways] - points[:, None]  # (point, way, 2)
    ahead, aside = (away * WAYS).sum(2), np.abs(away * WAYS[:, ::-1]).sum(2)
    astray = (ways != np.arange(200)[:, None]) & (aside > 3 * ahead)
    assert astray.sum() < 10


def blocks(made: MapPlan, letters: bool = False) -> list[set[tuple[int, int]]]:
    """The squares on which each flag is drawn."""
    out = []
    for left, top, pictured in zip(made.left.tolist(), made.top.tolist(), made.pictured.tolist(), strict=True):
        wide, high = (made.look.width or 1, 2 * made.look.lines or 2) if pictured else (1, 2)
        out.append({(x, y) for x in range(left, left + wide) for y in range(top, top + high)})
    return out


@pytest.mark.parametrize("letters", [False, True])
@pytest.mark.parametrize("level", [0, 3, 7])
def test_no_flag_lies_over_another_at_any_zoom(level: int, letters: bool) -> None:
    points = np.random.default_rng(1).random((120, 2)) ** 2  # a crowd in a corner
    points[5] = points[6] = points[7]
    made = plan(points, (60, 22), STEP**level, [8] * 120, letters=letters)
    drawn = blocks(made)
    assert made.lost == 0
    assert sum(map(len, drawn)) == len(set().union(*drawn))
    assert all(0 <= x < made.columns and 0 <= y < 2 * made.lines for block in drawn for x, y in block)
    # No cell has two flags in it, so that a mouse knows which it is at.
    assert sum(len({(x, y // 2) for x, y in block}) for block in drawn) == len(
        {(x, y // 2) for block in drawn for x, y in block}
    )


@pytest.mark.long
def test_nearer_means_more_pictures_then_names_then_larger_ones() -> None:
    points = np.random.default_rng(2).random((150, 2))
    made = [plan(points, (80, 30), STEP**level, [9] * 150) for level in range(14)]
    assert not made[0].look.named and 30 < made[0].pictured.sum() < 150
    assert (np.diff([one.look.width for one in made]) >= 0).all() and made[-1].look == MapLook(24, True)
    assert made[-1].pictured.all()
    assert not plan(points, (80, 30), STEP**9, [9] * 150, named=False).look.named
    assert plan(points, (80, 30), 1.0, [9] * 150, letters=True).look == MapLook(0, True)


def test_by_a_feature_only_flags_that_have_it_are_pictures_and_the_strongest_come_first() -> None:
    points = np.random.default_rng(3).random((100, 2))
    strength = np.where(np.arange(100) < 60, np.arange(100) / 60, 0)
    made = plan(points, (30, 18), 1.0, [9] * 100, strength=strength)
    assert made.pictured[59] and not made.pictured[60:].any()
    assert strength[made.pictured].mean() > strength[:60].mean()


def test_more_flags_than_cells_are_counted_and_nothing_breaks() -> None:
    points = np.random.default_rng(4).random((100, 2))
    made = plan(points, (6, 5), 1.0, [9] * 100)
    assert made.lost == 70 and not made.pictured.any()
    assert (made.left < 6).all() and (made.top < 10).all()
    alone = plan(np.array([[0.5, 0.5]]), (1, 1), 1.0, [4])
    assert alone.lost == 0 and alone.links.tolist() == [[0, 0, 0, 0]]


def test_a_lasso_that_crosses_itself_holds_by_the_even_odd_rule() -> None:
    bow = np.array([[0.0, 0], [10, 10], [10, 0], [0, 10]])
    points = np.array([[1.0, 5], [9, 5], [5, 1], [5, 9], [20, 5]])
    assert inside(points, bow).tolist() == [True, True, False, False, False]
    assert inside(np.array([[2.0, 2], [5, 5]]), np.array([[0.0, 0], [4, 0], [4, 4], [0, 4]])).tolist() == [True, False]


@given(arrays(float, (40, 2), elements=st.floats(-1, 11)))
@settings(max_examples=30, deadline=None)
def test_a_lasso_around_a_box_holds_what_is_in_the_box(points: np.ndarray) -> None:
    box = np.array([[0.1, 0.1], [9.9, 0.1], [9.9, 9.9], [0.1, 9.9]])
    assert (inside(points, box) == ((points > 0.1) & (points < 9.9)).all(1))[~np.isin(points, [0.1, 9.9]).any(1)].all()


def crowd(columns: int, rows: int) -> tuple[MapPicture, list[int]]:
    """A map of more flags than there are cells for, and five that lie below the cursor's."""
    at = plan(np.full((60, 2), 0.5), (12, 4), 1.0, [5] * 60)
    styles = [Style(italic=True) if name == "near" else Style() for name in INKS]
    places = np.stack([at.left, at.top], 1).astype(float)
    under = [int(flag) for flag in np.flatnonzero((places == places[-1]).all(1))][1:6]
    scene = MapPicture(
        *(columns, rows + 1, at, places, ["flag"] * 60, lambda *of: np.zeros((2, 6, 3), np.uint8)),
        *(np.zeros(60, np.int64), (0, 0, 0), styles, 0, None, under, set(), None, (), False, "braille", ("", "", "")),
    )
    return scene, under


@pytest.mark.parametrize("size", [(0, 0), (0, 4), (1, 0), (1, 1), (3, 2)])
def test_a_map_in_hardly_any_cells_is_drawn_all_the_same(size: tuple[int, int]) -> None:
    drawn = crowd(*size)[0].segments()
    assert [sum(part.cell_length for part in line) for line in drawn] == [size[0]] * (size[1] + 1)


def test_the_nearest_have_a_digit_each_where_flags_lie_on_each_other() -> None:
    scene, under = crowd(12, 4)
    assert scene.plan is not None and scene.plan.lost
    signs = [part.text for line in scene.segments() for part in line if part.style is not None and part.style.italic]
    assert len(under) == 5 and sorted("".join(signs)) == [str(number) for number in range(1, len(under) + 1)]


@pytest.mark.parametrize("strength", [None, np.linspace(0, 1, 60)])
def test_fitted_cells_begin_at_whole_lines_and_have_characters_of_their_kind(strength: np.ndarray | None) -> None:
    picture = np.zeros((24, 24, 3), np.uint8)
    picture[np.tri(24, dtype=bool)] = (200, 0, 0)
    points = np.random.default_rng(0).random((60, 2))
    at = plan(points, (80, 30), STEP**4, [5] * 60, whole=True, strength=strength)
    assert at.pictured.any() and not (at.top[at.pictured] % 2).any()
    scene = MapPicture(
        *(80, 31, at, np.stack([at.left, at.top], 1).astype(float), ["flag"] * 60),
        lambda flag, columns, lines: resized(picture, columns, lines),
        *(np.zeros(60, np.int64), (0, 0, 0), [Style()] * len(INKS), 0, None, [], set(), strength, (), False),
        *("braille", ("", "", "")),
        lambda flag, columns, lines: fit(picture, columns, lines, "wedge"),
    )
    drawn = {ord(letter) for line in scene.segments() for part in line for letter in part.text}
    blocks = {code for code in drawn if code in polygons("octant")}
    assert any(code >= WEDGES for code in blocks) and blocks <= set(polygons("wedge"))
