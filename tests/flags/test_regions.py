"""Regions against a naive flood fill."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from flagsae.flags.dataset import Dataset, coded_areas, majority
from flagsae.flags.regions import connected_regions, dissolve, fill, region_areas

maps = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 2))


def flood(labels: np.ndarray) -> np.ndarray:
    regions = np.full(labels.shape, -1)
    number = 0
    for start in np.ndindex(labels.shape):
        if regions[start] >= 0:
            continue
        edge = [start]
        regions[start] = number
        while edge:
            row, column = edge.pop()
            for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                inside = 0 <= r < labels.shape[0] and 0 <= c < labels.shape[1]
                if inside and regions[r, c] < 0 and labels[r, c] == labels[start]:
                    regions[r, c] = number
                    edge.append((r, c))
        number += 1
    return regions


@given(maps)
def test_regions_are_a_flood_fills(labels: np.ndarray) -> None:
    assert (connected_regions(labels) == flood(labels)).all()


@given(maps)
def test_areas_add_up_and_code_to_within_four_percent(labels: np.ndarray) -> None:
    regions = connected_regions(labels)
    areas = region_areas(regions)
    assert areas.sum() == labels.size
    shares = 2.0 ** (-coded_areas(labels).astype(float) / 16)
    assert np.allclose(shares, areas[regions] / labels.size, rtol=0.025)


@given(maps, st.integers(1, 6))
def test_dissolving_leaves_no_small_region_where_a_large_one_exists(labels: np.ndarray, least: int) -> None:
    before = region_areas(connected_regions(labels))
    after = dissolve(labels, least)
    assert set(np.unique(after)) <= set(np.unique(labels))
    if before.max() >= least:
        assert region_areas(connected_regions(after)).min() >= least


def test_the_least_share_that_a_code_tells_is_a_pixel_of_32768() -> None:
    labels = np.zeros((300, 300), np.uint8)
    labels[150, 150] = 1
    assert coded_areas(labels)[150, 150] == 255
    assert coded_areas(labels)[0, 0] == 0


@given(maps)
def test_a_larger_region_never_has_a_higher_code(labels: np.ndarray) -> None:
    areas = region_areas(connected_regions(labels))[connected_regions(labels)].ravel()
    codes = coded_areas(labels).ravel()[np.argsort(areas)]
    assert (np.diff(codes.astype(int)) <= 0).all()


@given(maps, st.data())
def test_filling_changes_the_holes_alone(labels: np.ndarray, data: st.DataObject) -> None:
    holes = data.draw(arrays(bool, labels.shape).filter(lambda holes: not holes.all()))
    filled = fill(labels, holes)
    assert (filled[~holes] == labels[~holes]).all()
    assert set(np.unique(filled[holes])) <= set(np.unique(labels[~holes]))


def test_a_hole_is_filled_from_around_it() -> None:
    labels = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 2]], np.uint8)
    assert fill(labels, labels == 0)[1, 1] == 1


@given(maps)
def test_majority_at_the_same_size_changes_nothing(labels: np.ndarray) -> None:
    assert (majority(labels, *labels.shape) == labels).all()


@given(maps, st.integers(1, 3), st.integers(1, 3))
def test_majority_of_whole_blocks_is_a_count(labels: np.ndarray, down: int, across: int) -> None:
    height, width = labels.shape[0] // down, labels.shape[1] // across
    if not height or not width:
        return
    labels = labels[: height * down, : width * across]
    chosen = majority(labels, height, width)
    blocks = labels.reshape(height, down, width, across)
    counts = np.stack([(blocks == label).sum((1, 3)) for label in range(3)])
    assert (np.take_along_axis(counts, chosen[None].astype(int), 0)[0] == counts.max(0)).all()


@given(maps, st.integers(1, 20), st.integers(1, 20))
def test_majority_invents_no_label_at_any_size(labels: np.ndarray, height: int, width: int) -> None:
    chosen = majority(labels, height, width)
    assert chosen.shape == (height, width)
    assert set(np.unique(chosen)) <= set(np.unique(labels))


def test_majority_takes_what_covers_most() -> None:
    labels = np.array([[3, 3, 5, 5], [3, 0, 5, 1]], np.uint8)
    assert majority(labels, 1, 2).tolist() == [[3, 5]]


def test_real_flags_have_as_many_regions_as_one_sees(flags: Dataset) -> None:
    for slug, count in (("france", 3), ("japan", 2), ("sweden", 5), ("mauritius", 4)):
        fine = flags.find([slug]).fine[0]
        assert connected_regions(fine).max() + 1 == count
