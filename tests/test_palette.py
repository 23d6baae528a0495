"""Pictures become flat colour, and colours get the names that people give them."""

from pathlib import Path

import numpy as np
import pytest

from flagsae import paths
from flagsae.dataset import Dataset
from flagsae.palette import (
    distances,
    fit_palette,
    flat_colours,
    flatten,
    name_colours,
    oklab,
    read_palette,
)
from flagsae.pictures import read_picture

PALETTE = read_palette(paths.shipped("palette.csv"))


def names_in(slug: str) -> set[str]:
    labels, _ = flatten(read_picture(paths.shipped("flags") / f"{slug}.png"), PALETTE)
    return {PALETTE.names[entry] for entry in np.unique(labels)}


def test_oklab_of_known_colours() -> None:
    # Ottosson 2020: white is (1, 0, 0), black (0, 0, 0); red as every implementation has it.
    white, black, red = oklab(np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0]], np.uint8))
    assert white == pytest.approx([1, 0, 0], abs=1e-4)
    assert black == pytest.approx([0, 0, 0], abs=1e-6)
    assert red == pytest.approx([0.62796, 0.22486, 0.12585], abs=1e-4)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("france", {"dark blue", "white", "red"}),
        ("morocco", {"red", "green"}),
        ("india", {"orange", "white", "green", "dark blue"}),
        ("sweden", {"blue", "yellow"}),
        ("kenya", {"black", "white", "red", "green"}),
        ("latvia", {"dark red", "white"}),
        ("ukraine", {"blue", "yellow"}),
        ("south-africa", {"red", "white", "green", "yellow", "black", "dark blue"}),
    ],
)
def test_a_flag_has_its_colours_and_no_others(slug: str, expected: set[str]) -> None:
    assert names_in(slug) == expected


def test_a_picture_keeps_its_own_tints() -> None:
    _, tints = flatten(read_picture(paths.shipped("flags/morocco.png")), PALETTE)
    assert tints[PALETTE.names.index("red")].tolist() == [0xC1, 0x27, 0x2D]
    assert (tints[PALETTE.names.index("blue")] == PALETTE.rgb[PALETTE.names.index("blue")]).all()


def test_thin_lines_keep_their_colour() -> None:
    picture = np.full((60, 90, 3), 255, np.uint8)
    picture[:, 40:42] = (0, 0, 136)  # two pixels wide: nowhere flat
    labels, _ = flatten(picture, PALETTE)
    assert PALETTE.names[labels[30, 40]] == "dark blue"
    assert PALETTE.names[labels[30, 45]] == "white"


def test_anti_aliasing_is_given_back_to_its_sides() -> None:
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[:, :30], picture[:, 30], picture[:, 31:] = (200, 20, 30), (110, 90, 120), (20, 160, 210)
    assert len(flat_colours(picture)) == 2


def test_two_shades_of_one_flag_stay_apart() -> None:
    colours = np.array([[0, 60, 160], [0, 30, 100], [255, 255, 255]], np.uint8)
    assert len(set(name_colours(colours, np.array([0.4, 0.3, 0.3]), PALETTE))) == 3


def test_every_flag_keeps_its_edges(flags: Dataset) -> None:
    counts = [len(np.unique(fine)) for fine in flags.flags.fine]
    assert min(counts) >= 2
    assert max(counts) <= len(flags.palette)
    assert np.median(counts) <= 4


def test_a_fitted_palette_has_each_name_once() -> None:
    random = np.random.default_rng(0)
    colours = random.integers(0, 256, (80, 3)).astype(np.uint8)
    palette = fit_palette(colours, np.ones(80), 12, PALETTE)
    assert len(set(palette.names)) == len(palette) == 12
    assert palette.distances(oklab(palette.rgb)).argmin(1).tolist() == list(range(12))
    assert len(fit_palette(colours[:1], np.ones(1), 12, PALETTE)) == 1


def test_distances_are_euclidean(tmp_path: Path) -> None:
    assert distances(np.zeros((2, 3)), np.array([[3.0, 4.0, 0.0]])).tolist() == [[5.0], [5.0]]
