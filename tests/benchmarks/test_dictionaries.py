"""The dictionary benchmark: pursuit against scipy, its measures on what is known, every row on a toy."""

from dataclasses import replace

import numpy as np
import pytest
from dictionary import canvas, designs
from dictionary.canvas import Canvases
from dictionary.designs import Designs
from dictionary.folds import Fold, unit
from dictionary.measures import auroc, stability
from dictionary.names import absorption, name_of, naming, usage
from dictionary.recipe import Recipe
from scipy.optimize import nnls

from flagsae.flags.dataset import Dataset
from flagsae.sae.pursuit import pursue


@pytest.fixture(scope="module")
def third(flags: Dataset) -> Canvases:
    """On every third flag: near-duplicates among them, and enough to see that a row can be worked out."""
    return Canvases(replace(flags, flags=flags.flags[range(0, len(flags.flags), 3)]), folds=2, seeds=2, pairs=2)


@pytest.fixture(scope="module")
def designed(flags: Dataset) -> Designs:
    return Designs(flags, folds=2, seeds=2)


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
def test_a_fold_keeps_every_distance_and_no_near_duplicate(third: Canvases) -> None:
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
@pytest.mark.parametrize("recipe", [*canvas.LEARNED, *map(Recipe, canvas.BASELINES)], ids=lambda recipe: recipe.name)
def test_every_row_of_canvases_has_sane_figures(third: Canvases, recipe: Recipe) -> None:
    short = replace(recipe, features=16, active=4, steps=10)
    figures = canvas.judge(short, canvas.learn(short, third), third)
    assert set(figures) <= set(canvas.COLUMNS)
    assert all(np.isfinite(value) for value in figures.values())
    if "train" in figures:
        assert figures["pursuit"] > 0.3
        assert 0 <= figures["returns"] <= 1 and 0 < figures["pixels"] <= 1


@pytest.mark.long
@pytest.mark.parametrize("recipe", [*designs.KINDS, *designs.VARIANTS], ids=lambda recipe: recipe.name)
def test_every_row_of_designs_has_sane_figures(designed: Designs, recipe: Recipe) -> None:
    short = replace(recipe, features=16, active=4, steps=10)
    figures = designs.judge(short, designs.learn(short, designed), designed)
    assert set(figures) <= set(designs.COLUMNS)
    assert all(np.isfinite(value) for value in figures.values())
    assert figures["pursuit"] > 0.3 and figures["dead"] <= figures["few"] <= 16


@pytest.mark.long
def test_sums_and_the_inverse_encoder_generalise(flags: Dataset) -> None:
    bench = Canvases(flags, folds=2, seeds=2, pairs=2)
    base, better = (
        canvas.judge(recipe, canvas.learn(recipe, bench), bench)
        for recipe in (Recipe("base", steps=200), Recipe("better", steps=200, encoder="inverse", sums="pixels"))
    )
    assert better["at_k"] < base["at_k"] - 0.03
    assert better["returns"] >= base["returns"] - 0.1


def test_measures_of_what_is_known() -> None:
    ranks = np.array([[1.0, 4], [2, 3], [3, 2], [4, 1]])
    assert auroc(ranks, np.array([False, False, True, True])) == pytest.approx([1, 0])
    atoms = unit(np.random.default_rng(0).normal(size=(5, 9)))
    assert stability([atoms, atoms[::-1]], 2) == pytest.approx(1)
    assert canvas.nearest_two(np.array([0.9, 0.8, 0.7, 0.1]), np.array([0, 0, 2, 3])) == {0, 2}


# Forty flags with four facts, of which the first ten are Nordic crosses, six of these blue.
CROSS, BLUE, RED, STAR = range(4)
FACTS = np.zeros((40, 4), bool)
FACTS[:10, CROSS] = FACTS[:6, BLUE] = FACTS[10:16, BLUE] = FACTS[16:, RED] = FACTS[36:, STAR] = True
EVERYONE = Fold(np.arange(40), np.arange(40), FACTS.astype(float), np.zeros(4))


def test_a_cross_that_is_silent_where_a_blue_cross_fires_is_absorbed() -> None:
    atoms = np.array([[1.0, 0, 0, 0], [0.5, 1, 0, 0], [0, 0, 1, 0]])
    whole, missing = (np.zeros((40, 3)) for _ in range(2))
    whole[:10, 0] = whole[16:, 2] = 1
    missing[2:10, 0] = missing[:2, 1] = missing[16:, 2] = 1
    assert absorption(whole, atoms, EVERYONE, FACTS) == {"facts": 1, "absorbed": 0}  # red is too common to be one
    assert absorption(missing, atoms, EVERYONE, FACTS) == {"facts": 1, "absorbed": pytest.approx(0.2)}
    missing[:2, 1] = 0.2  # which rebuilds a tenth of a cross: nothing took its place
    assert absorption(missing, atoms, EVERYONE, FACTS)["absorbed"] == 0


def test_a_name_is_what_activation_has_and_other_flags_have_not() -> None:
    fires = FACTS[:, [CROSS, BLUE, RED]].astype(float)
    assert name_of(fires[:, 0], FACTS) == [CROSS]
    assert name_of(fires[:, 0] * fires[:, 1], FACTS) == [CROSS, BLUE]
    assert name_of(fires[:, 2], FACTS) is None, "24 of 40 flags are red: that is not telling"
    assert name_of(np.eye(40)[0], FACTS) is None, "of one flag"
    halves = replace(EVERYONE, train=np.arange(0, 40, 2), held_out=np.arange(1, 40, 2))
    codes = fires[:, :1].copy()
    codes[[11, 13]] = 1  # no crosses, and held out: two of seven
    assert naming(codes, halves, FACTS) == {"named": 1, "confirmed": 0, "true": pytest.approx(5 / 7)}


def test_features_that_are_nearly_one_are_split() -> None:
    atoms = np.array([[1.0, 0, 0, 0], [1, 0.1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 1, 0, 0]])
    codes = np.zeros((40, 5))
    codes[:5, 0] = codes[5:10, 1] = codes[16:26, 2] = codes[17:26, 3] = 1
    codes[0, 4] = 1
    figures = usage(codes, atoms)
    assert figures == {"dead": 0, "few": 1, "split": 2}, "one pair of atoms, and one that fires for the same flags"
