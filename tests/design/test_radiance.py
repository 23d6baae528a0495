"""Suns among what no shape fits."""

import numpy as np
import pytest

from flagsae.design.quick import Mask, filled
from flagsae.design.radiance import sun_in
from flagsae.design.shapes import SHAPES, flattened


def drawn(shape: str, *numbers: float) -> Mask:
    """A shape of 100 pixels' radius in the middle of 256 x 256."""
    mask = np.zeros((256, 256), bool)
    for outline in SHAPES[shape].draw(*numbers):
        mask |= filled([flattened(outline) * 100 + 128], 256, 256)
    return mask


@pytest.mark.parametrize(
    ("shape", "numbers", "whole", "half"),
    [
        ("sun", (16, 0.7, 0), True, True),
        ("sun", (24, 0.6, 0.5), True, True),  # with rays that stand apart
        ("star", (5, 0.4), False, False),
        ("star", (11, 0.2), False, False),  # with points down to its middle, as a maple leaf
        ("disc", (), False, False),
        ("cross", (0.3,), False, False),
    ],
)
def test_a_sun_is_full_in_the_middle_and_has_even_rays(
    shape: str, numbers: tuple[float, ...], whole: bool, half: bool
) -> None:
    mask = drawn(shape, *numbers)
    assert (sun_in(mask) is not None) == whole
    mask[128:] = False  # it rises
    found = sun_in(mask)
    assert (found is not None) == half
    assert found is None or found == pytest.approx((28, 128, 28, 228), abs=3)
