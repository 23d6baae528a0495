"""The robot of `benchmarks/robustness.py robot`, for a short while."""

import pytest
from hostile import robot
from user import shipped


@pytest.mark.long
def test_random_hands_find_a_keyboard_that_lives() -> None:
    assert robot.run(60, 13, ready=shipped(), report=False) == (60, True)


def test_what_a_seed_does_is_the_same_each_time() -> None:
    first, again, other = (
        [action for action, _ in zip(robot.actions(seed), range(50), strict=False)] for seed in (7, 7, 8)
    )
    assert first == again != other
