"""Dictionaries without gradients: pursuit with least squares, factorisations, clusters, and what learns nothing."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning

from dictionary.folds import Bench, Floats, unit
from dictionary.recipe import Coder, Recipe, strongest
from flagsae.sae.pursuit import pursue

ROUNDS, UNDISTURBED = 30, 5  # of pursuit and least squares; the last ones, in which no atom is replaced


def pursuer(atoms: Floats, active: int) -> Coder:
    """A dictionary whose encoder is NN-OMP."""
    products = atoms @ atoms.T
    return Coder(lambda points: pursue(points @ atoms.T, products, active), atoms)


def alternated(recipe: Recipe, bench: Bench) -> list[Coder]:
    """NN-OMP and least squares in turn: the method of optimal directions (Engan et al. 1999).

    Where atoms have no negative numbers, these are put to 0 after each fit.
    """
    coders = []
    positive = recipe.atoms == "positive"
    for model, fold in enumerate(bench.models):
        random, points = np.random.default_rng(model), fold.Z[fold.train]
        if recipe.start == "flags":
            atoms = random.permutation(points)[np.arange(recipe.features) % len(points)]
        else:
            atoms = unit(random.normal(size=(recipe.features, len(points))) @ points)
        for number in range(ROUNDS):
            codes = pursuer(atoms, recipe.active).encode(points)
            error = ((points - codes @ atoms) ** 2).sum(1)
            ridge = 1e-3 * (codes**2).sum() / recipe.features
            atoms = np.linalg.solve(codes.T @ codes + ridge * np.eye(recipe.features), codes.T @ points + ridge * atoms)
            if positive:
                atoms = np.maximum(atoms, 0)
            unused = np.nonzero(~(codes > 0).any(0))[0][: len(points)]
            if number < ROUNDS - UNDISTURBED:  # what is explained worst becomes an atom
                atoms[unused] = points[np.argsort(-error)[: len(unused)]]
            atoms = unit(atoms)
        coders.append(pursuer(atoms, recipe.active))
    return coders


def factorised(recipe: Recipe, bench: Bench) -> list[Coder]:
    """NMF (Lee and Seung 1999); codes are non-negative least squares over its atoms, of which the strongest stay."""
    coders = []
    for model, fold in enumerate(bench.models):
        factors = NMF(recipe.features, init="nndsvda", solver="cd", random_state=model, max_iter=200, tol=1e-3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # its error hardly falls after some dozen rounds
            factors.fit(fold.Z[fold.train])
        atoms = unit(factors.components_)
        full = pursuer(atoms, recipe.features)

        def encode(points: Floats, full: Coder = full) -> Floats:
            return strongest(full.encode(points), recipe.active)

        coders.append(Coder(encode, atoms))
    return coders


def clustered(recipe: Recipe, bench: Bench) -> list[Coder]:
    """Spherical k-means (Dhillon and Modha 2001): a flag is its nearest centre by cosine, times that cosine; attributes
    see the cosines with all of them."""
    coders = []
    for model, fold in enumerate(bench.models):
        points = fold.Z[fold.train]
        centres = np.random.default_rng(model).permutation(points)[: recipe.features]
        for _ in range(ROUNDS):
            cosines = points @ centres.T
            chosen = np.eye(len(centres))[cosines.argmax(1)]
            empty = np.nonzero(~chosen.any(0))[0]
            centres = chosen.T @ points
            centres[empty] = points[np.argsort(cosines.max(1))[: len(empty)]]  # what lies farthest from any
            centres = unit(centres)
        coders.append(replace(pursuer(centres, 1), scores=partial(linear, centres)))
    return coders


def random_flags(recipe: Recipe, bench: Bench) -> list[Coder]:
    return [pursuer(atoms, recipe.active) for atoms in null_atoms(recipe, bench)]


def null_atoms(recipe: Recipe, bench: Bench) -> list[Floats]:
    """Training flags at random as atoms, for each model."""
    return [
        unit(fold.Z[np.random.default_rng(model).permutation(fold.train)[: recipe.features]])
        for model, fold in enumerate(bench.models)
    ]


def shuffled_atoms(recipe: Recipe, bench: Bench) -> list[Floats]:
    """Atoms whose numbers are each a random training flag's, so that nothing in them belongs together."""
    atoms = []
    for model, fold in enumerate(bench.models):
        random = np.random.default_rng(model)
        shuffled = random.permuted(fold.Z[fold.train], axis=0)
        atoms.append(unit(shuffled[: recipe.features]))
    return atoms


def given(recipe: Recipe, bench: Bench) -> list[Floats]:
    """The atoms of recipes that learn none, for each model."""
    return (null_atoms if recipe.atoms == "flags" else shuffled_atoms)(recipe, bench)


def random_projection(recipe: Recipe, bench: Bench) -> list[Coder]:
    directions = [
        np.random.default_rng(model).normal(size=(recipe.features, fold.Z.shape[1])) / recipe.features**0.5
        for model, fold in enumerate(bench.models)
    ]
    return [Coder(partial(linear, chosen), signed=True) for chosen in directions]


def linear(directions: Floats, points: Floats) -> Floats:
    return points @ directions.T


def principal(recipe: Recipe, bench: Bench) -> list[Coder]:
    """PCA, of which each flag keeps its k largest coordinates; attributes see all of them."""
    coders = []
    for fold in bench.models:
        mean = fold.Z[fold.train].mean(0)
        directions = np.linalg.svd(fold.Z[fold.train] - mean, full_matrices=False)[2][: recipe.features]

        def score(points: Floats, directions: Floats = directions, mean: Floats = mean) -> Floats:
            return linear(directions, points - mean)

        def encode(points: Floats, score: Callable[[Floats], Floats] = score) -> Floats:
            return strongest(score(points), recipe.active)

        coders.append(Coder(encode, directions, mean, score, True))
    return coders


def centroids(recipe: Recipe, bench: Bench) -> list[Coder]:
    """k-means: one centre a flag; attributes see the nearness to each."""
    coders = []
    for model, fold in enumerate(bench.models):
        centres = KMeans(recipe.features, n_init=1, random_state=model).fit(fold.Z[fold.train]).cluster_centers_

        def nearness(points: Floats, centres: Floats = centres) -> Floats:
            return -((points[:, None] - centres) ** 2).sum(2)

        def encode(points: Floats, near: Callable[[Floats], Floats] = nearness) -> Floats:
            return np.eye(recipe.features)[near(points).argmax(1)]

        coders.append(Coder(encode, centres, 0.0, nearness))
    return coders
