"""The dictionary benchmark: pursuit against scipy, its measures on what is known, every row on a toy."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import nnls

from flagsae.flags.dataset import Dataset
from flagsae.sae.pursuit import pursue

FILE = Path(__file__).parent.parent.parent / "benchmarks" / "dictionaries.py"
spec = importlib.util.spec_from_file_location("dictionaries", FILE)
dictionaries = importlib.util.module_from_spec(spec)
sys.modules["dictionaries"] = dictionaries  # dataclasses look their module up
spec.loader.exec_module(dictionaries)
Recipe, Bench = dictionaries.Recipe, dictionaries.Bench
judge, learned = dictionaries.judge, dictionaries.learned


@pytest.fixture(scope="module")
def third(flags: Dataset) -> Bench:
    """On every third flag: near-duplicates among them, and enough to see that a row can be worked out."""
    return Bench(replace(flags, flags=flags.flags[range(0, len(flags.flags), 3)]), folds=2, seeds=2, pairs=2)


def signals(count: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """(n x D signals, K x D atoms) that overlap, as flags do."""
    random = np.random.default_rng(0)
    return random.normal(size=(count, 30)) + 1, np.abs(random.normal(size=(12, 30))) + 0.3 * random.normal(
        size=(12, 30)
    )


def test_pursuit_to_the_end_is_non_negative_least_squares() -> None:
    points, atoms = signals()
    codes = pursue(points @ atoms.T, atoms @ atoms.T, 2 * len(atoms))
    assert codes == pytest.approx(np.stack([nnls(atoms.T, point)[0] for point in points]), abs=1e-6)


def test_pursuit_takes_few_atoms_and_each_helps() -> None:
    points, atoms = signals()
    errors = []
    for active in range(1, 6):
        codes = pursue(points @ atoms.T, atoms @ atoms.T, active)
        assert (codes >= 0).all() and ((codes > 0).sum(1) <= active).all()
        errors.append(((points - codes @ atoms) ** 2).sum())
    assert errors == sorted(errors, reverse=True)
    assert pursue(np.zeros((2, 12)), atoms @ atoms.T, 3) == pytest.approx(0)
    twins = np.vstack([atoms, atoms])
    assert np.isfinite(pursue(points @ twins.T, twins @ twins.T, 24)).all()


@pytest.mark.long
def test_a_fold_keeps_every_distance_and_no_near_duplicate(third: Bench) -> None:
    for fold in third.folds:
        assert not set(third.groups[fold.train]) & set(third.groups[fold.held_out])
        nothing = np.zeros_like(fold.Z)
        assert fold.fvu(nothing, fold.train) == pytest.approx(1)
        assert fold.fvu(fold.Z, fold.train) == pytest.approx(0)
        assert 0 < fold.fvu(fold.Z, fold.held_out) < 1
        assert fold.project(third.products) == pytest.approx(fold.Z, abs=1e-6)
        some = fold.train[:3]
        assert (third.draw(fold, fold.Z[some]) == third.flags.labels[some]).all()
        assert third.see(fold, third.flags.labels[some]) == pytest.approx(fold.Z[some], abs=1e-4)


@pytest.mark.long
@pytest.mark.parametrize(
    "recipe", [*dictionaries.LEARNED, *map(Recipe, dictionaries.BASELINES)], ids=lambda recipe: recipe.name
)
def test_every_row_has_sane_figures(third: Bench, recipe: Recipe) -> None:
    short = Recipe(**{**vars(recipe), "features": 16, "active": 4, "steps": 10})
    figures = judge(short, dictionaries.BASELINES.get(recipe.name, learned)(short, third), third)
    assert set(figures) <= set(dictionaries.COLUMNS)
    assert all(np.isfinite(value) for value in figures.values())
    if "train" in figures:
        assert figures["pursuit"] > 0.3
        assert 0 <= figures["returns"] <= 1 and 0 < figures["pixels"] <= 1


@pytest.mark.long
def test_sums_and_the_inverse_encoder_generalise(flags: Dataset) -> None:
    bench = Bench(flags, folds=2, seeds=2, pairs=2)
    base, better = (
        judge(recipe, learned(recipe, bench), bench)
        for recipe in (Recipe("base", steps=200), Recipe("better", steps=200, encoder="inverse", sums="pixels"))
    )
    assert better["at_k"] < base["at_k"] - 0.03
    assert better["returns"] >= base["returns"] - 0.1


def test_measures_of_what_is_known() -> None:
    ranks = np.array([[1.0, 4], [2, 3], [3, 2], [4, 1]])
    assert dictionaries.auroc(ranks, np.array([False, False, True, True])) == pytest.approx([1, 0])
    atoms = dictionaries.unit(np.random.default_rng(0).normal(size=(5, 9)))
    assert dictionaries.stability([atoms, atoms[::-1]], 2) == pytest.approx(1)
    assert dictionaries.nearest_two(np.array([0.9, 0.8, 0.7, 0.1]), np.array([0, 0, 2, 3])) == {0, 2}
