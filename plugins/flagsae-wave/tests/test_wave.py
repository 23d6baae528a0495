"""The flag in the wind keeps the contract, moves, and stays the flag that it is."""

import numpy as np
import pytest
from flagsae_wave import Wave

from flagsae.testing import check_visualizer, scenes


@pytest.mark.long
def test_it_keeps_the_contract() -> None:
    check_visualizer(Wave())


def test_a_flag_is_held_at_the_hoist_and_moves_at_the_fly() -> None:
    frames = np.stack(list(Wave().frames(scenes()["flag"], 102)))
    red = frames[..., 0] > 2 * frames[..., 1] + 40
    upper = red.argmax(1)  # the row in which the cloth begins: frames x columns
    assert np.ptp(upper[:, 0]) == 0 and np.ptp(upper[:, -1]) > 8
    assert (red.sum((1, 2)) > 0.5 * red[0].size).all()  # nothing of it is torn off


def test_a_turn_ends_where_it_began() -> None:
    frames = [frame.astype(int) for frame in Wave().frames(scenes()["flag"], 102)]
    steps = [np.abs(after - before).mean() for before, after in zip(frames, [*frames[1:], frames[0]], strict=True)]
    assert steps[-1] < 1.5 * np.median(steps)
