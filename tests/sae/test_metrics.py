"""Figures of reconstruction at their fixed points."""

import numpy as np
import pytest

from flagsae.flags.dataset import Dataset
from flagsae.sae import metrics


def test_a_perfect_copy_has_no_error(flags: Dataset) -> None:
    canvas = flags.flags.canvas[:5]
    assert metrics.fvu(canvas, canvas, canvas.mean(0)) == 0
    assert np.isinf(metrics.psnr(canvas, canvas)).all()
    assert (metrics.pixel_accuracy(flags.flags.labels[:5], flags.flags.labels[:5]) == 1).all()


def test_the_mean_picture_explains_nothing() -> None:
    pictures = np.array([[[[0, 0, 0]]], [[[200, 200, 200]]]], np.uint8)
    mean = np.full_like(pictures, 100)
    assert metrics.fvu(pictures, mean, pictures.mean(0)) == 1


def test_psnr_of_a_known_error() -> None:
    black = np.zeros((1, 2, 2, 3), np.uint8)
    assert metrics.psnr(black, black + np.uint8(255))[0] == pytest.approx(0)
