"""Flags come apart as people would take them apart."""

import numpy as np
import pytest

from flagsae.design.segment import NOTHING, Parts, dilate, find_canton, take_apart
from flagsae.flags.dataset import Dataset


def apart(flags: Dataset, name: str) -> Parts:
    return take_apart(flags.find([name]).fine[0], flags.flags.fine)


def colours(flags: Dataset, labels: np.ndarray) -> set[str]:
    return {flags.palette.names[label] for label in np.unique(labels) if label != NOTHING}


@pytest.mark.parametrize(
    ("name", "ground", "charges"),
    [
        ("morocco", {"red"}, 1),
        ("japan", {"white"}, 1),
        ("france", {"dark blue", "white", "red"}, 0),
        ("canada", {"red", "white"}, 1),
        ("croatia", {"red", "white", "dark blue"}, 1),  # whose arms share the red of the stripe that they touch
        ("australia", {"dark blue"}, 3),  # Union Jack, Commonwealth star, Southern Cross
        ("jamaica", {"green", "yellow", "black"}, 0),
        ("china", {"red"}, 1),
        ("colombia", {"yellow", "blue", "red"}, 0),
    ],
)
def test_grounds_and_charges(flags: Dataset, name: str, ground: set[str], charges: int) -> None:
    parts = apart(flags, name)
    assert colours(flags, parts.ground) == ground
    assert len(parts.charges) == charges


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("united-states", 7 / 13, 0.4),
        ("australia", 1 / 2, 1 / 2),
        ("bermuda", 1 / 2, 1 / 2),
        ("malaysia", 8 / 14, 1 / 2),
        ("tonga", 1 / 2, 0.42),
        ("togo", 3 / 5, 0.37),
        ("greece", 5 / 9, 0.37),
    ],
)
def test_cantons_are_found_with_their_corner(flags: Dataset, name: str, rows: float, columns: float) -> None:
    labels = flags.find([name]).fine[0]
    corner = find_canton(labels, flags.flags.fine)
    assert corner is not None
    assert corner[0] / labels.shape[0] == pytest.approx(rows, abs=0.03)
    assert corner[1] / labels.shape[1] == pytest.approx(columns, abs=0.03)


@pytest.mark.parametrize("name", ["france", "norway", "denmark", "panama", "england", "ireland", "morocco", "ukraine"])
def test_bars_crosses_and_stars_are_no_cantons(flags: Dataset, name: str) -> None:
    corner = find_canton(flags.find([name]).fine[0], flags.flags.fine)
    assert corner is None or name == "panama"  # whose quarter with a star is one, if you like


def test_stripes_go_on_under_a_canton(flags: Dataset) -> None:
    parts = apart(flags, "united-states")
    rows = parts.ground[:, 150]
    assert (parts.ground == rows[:, None]).mean() > 0.98
    assert len(np.flatnonzero(np.diff(rows))) == 12


def test_a_flag_is_its_ground_with_its_charges_on_it(flags: Dataset) -> None:
    for name in ("morocco", "brazil", "mexico", "united-states", "south-korea"):
        flag, parts = flags.find([name]).fine[0], apart(flags, name)
        again = parts.ground.copy()
        for charge in parts.charges:
            rows, columns = charge.labels.shape
            view = again[charge.top : charge.top + rows, charge.left : charge.left + columns]
            view[charge.labels != NOTHING] = charge.labels[charge.labels != NOTHING]
        assert (again == flag).mean() > 0.985, name


def test_a_plain_field_has_no_charges_and_any_size_will_do() -> None:
    for shape in ((1, 1), (4, 6), (24, 36), (90, 31)):
        parts = take_apart(np.full(shape, 3, np.uint8))
        assert (parts.ground == 3).all() and parts.ground.shape == shape and not parts.charges


def test_dilate_grows_to_four_sides() -> None:
    mask = np.zeros((5, 5), bool)
    mask[2, 2] = True
    assert dilate(mask, 1).sum() == 5
    assert dilate(mask, 2).sum() == 13
