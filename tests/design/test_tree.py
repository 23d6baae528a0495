"""Figures in figures, and cantons cut off from the ground."""

import pytest

from flagsae.design.tree import fused_canton, tree_of
from flagsae.flags.dataset import Dataset


def test_a_canton_that_has_run_together_with_a_stripe_is_cut_off(flags: Dataset) -> None:
    known = flags.flags.fine
    tree = fused_canton(tree_of(known[flags.name_table()["uruguay"]], known))
    assert tree.canton is not None
    rows, columns = tree.canton.size
    assert (rows / tree.size[0], columns / tree.size[1]) == pytest.approx((5 / 9, 0.37), abs=0.02)
    plain = tree_of(known[flags.name_table()["poland"]], known)
    assert fused_canton(plain) is plain


def test_a_figure_in_a_figure_is_inside(flags: Dataset) -> None:
    known = flags.flags.fine
    (forest,) = tree_of(known[flags.name_table()["tunisia"]], known).charges
    (disc,) = forest
    assert len(disc.inside) == 2  # the crescent and the star
    assert disc.share > sum(figure.share for figure in disc.inside)
    assert disc.middle == pytest.approx((102, 153), abs=3)
