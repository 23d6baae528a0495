"""The measures of benchmarks/quality.py on pictures whose figures are known."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from flagsae.flags.dataset import Dataset

FILE = Path(__file__).parent.parent.parent / "benchmarks" / "quality.py"
RED, WHITE, BLUE = (200, 16, 46), (255, 255, 255), (0, 32, 91)


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quality", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["quality"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def bars(*colours: tuple[int, int, int]) -> np.ndarray:
    """Upright bars of equal width on a canvas of 60 x 90."""
    return np.repeat(np.array(colours, np.uint8), 90 // len(colours), axis=0)[None].repeat(60, axis=0)


def test_colours_are_counted_until_98_percent_are_covered(quality: ModuleType) -> None:
    picture = bars(RED, WHITE, BLUE)
    picture[0, 0] = (0, 255, 0)
    assert quality.colours(picture) == 3
    picture[:, :2] = (0, 255, 0)
    assert quality.colours(picture) == 4


def test_speckle_is_the_share_of_specks(quality: ModuleType) -> None:
    picture = bars(RED, WHITE)
    assert quality.speckle(picture) == 0
    picture[10, 10:15] = WHITE  # 5 of 5400 pixels, under .1 %
    picture[20, 10:16] = WHITE  # 6, over it
    assert quality.speckle(picture) == pytest.approx(5 / 5400)


def test_the_look_is_that_of_the_gallery(quality: ModuleType, flags: Dataset) -> None:
    gallery = quality.gallery_of(flags, 0.25)
    labels, tints = flags.flags.fine[0], flags.flags.tints[0]
    known = gallery.look(gallery.small(labels)[None], tints)
    assert quality.look(tints[gallery.small(labels)], gallery.smoothing).distance(known) == pytest.approx(0, abs=2e-3)


def test_parts_meet_their_like(quality: ModuleType) -> None:
    tints = np.array([RED, WHITE, BLUE], np.uint8)
    upright = np.repeat([[0, 1, 2]], 60, axis=0).repeat(30, axis=1).astype(np.uint8)
    one, turned = quality.take_parts(upright, tints), quality.take_parts(2 - upright, tints)
    assert quality.shared(one, one) == pytest.approx(1)
    assert 0 < quality.shared(one, turned) < 0.9


def test_a_parent_is_found_with_nine_flags_before_it_and_not_with_ten(quality: ModuleType) -> None:
    distances = np.arange(12.0)
    assert quality.found(distances, (0, 9))
    assert not quality.found(distances, (0, 10))


def test_near_duplicates_count_once_in_a_round_trip(quality: ModuleType) -> None:
    groups = np.array([4, 4, 7, 9])
    assert quality.nearest_groups(np.array([0.1, 0.2, 0.3, 0.4]), groups, 2) == {4, 7}


def test_pursuit_finds_the_two_flags_of_a_sum(quality: ModuleType) -> None:
    inputs = np.random.default_rng(0).random((6, 40))
    picture = 0.7 * inputs[1] + 0.3 * inputs[4]
    assert quality.best_pair(inputs @ picture, inputs @ inputs.T, np.arange(6)) == {1, 4}


def test_a_colour_is_lost_only_where_one_parent_alone_has_it(quality: ModuleType) -> None:
    a, b = np.array([[0, 0, 1, 1]]), np.array([[0, 0, 2, 2]])
    assert not quality.loses_colour(np.array([[0, 1, 2, 2]]), (a, b), 3)
    assert not quality.loses_colour(np.array([[1, 1, 2, 2]]), (a, b), 3)  # 0 is in both
    assert quality.loses_colour(np.array([[0, 0, 1, 1]]), (a, b), 3)
