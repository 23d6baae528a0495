"""Figures of a model at their fixed points, against scikit-learn, and where chance is."""

import dataclasses
import json

import numpy as np
import pytest
from models import averaging, remembering
from sklearn.metrics import roc_auc_score

from flagsae import paths
from flagsae.errors import UsageError
from flagsae.features import evaluation
from flagsae.features.attributes import measured_attributes
from flagsae.features.evaluation import (
    auroc,
    baselines,
    best_single,
    directions,
    duplicates,
    matching,
    report,
    scored,
    stability,
    usage,
)
from flagsae.flags.dataset import Dataset
from flagsae.sae.info import Info
from flagsae.sae.model import load_model


def test_a_perfect_model_ends_at_the_floor(toy: Dataset) -> None:
    model = remembering(toy)
    figures = report(model, measured_attributes(toy), scored(model, "grouped"))
    assert figures["parts"]
    for part in figures["parts"]:
        assert part["pixel_accuracy"] == 1 and part["l0"] == 1
        assert part["fvu"] == part["floor"] == pytest.approx(1 - part["r2"])
    used = figures["dictionary"]
    assert used["dead"] == used["dense"] == used["duplicates"] == 0 and used["rare"] == len(model)
    assert used["effective_rank"] == pytest.approx(len(model), rel=1e-3)
    json.dumps(figures, allow_nan=False)


def test_the_mean_picture_explains_nothing(toy: Dataset) -> None:
    model = averaging(toy)
    what = scored(model)
    everyone = dataclasses.replace(what, parts={"all": np.arange(len(toy.flags))})
    (part,) = evaluation.parts(model, model.encode(toy.flags), everyone)
    assert part["fvu"] == pytest.approx(1, abs=0.01) and part["r2"] == pytest.approx(0, abs=0.01)
    assert part["l0"] == 0 and part["pixel_accuracy"] is None


def test_what_was_trained_on_is_said(flags: Dataset) -> None:
    shipped = load_model(flags, str(paths.shipped("crisp.safetensors")))
    everything = scored(shipped)
    assert list(everything.parts) == ["all"] and not everything.held_out
    assert everything.seen(everything.parts["all"]) == len(flags.flags)
    config = {"split": "grouped", "train_on": "train"}
    honest = dataclasses.replace(shipped, info=Info(config=config, dataset=flags.hash))
    own = scored(honest)
    assert own.held_out and [own.seen(positions) for positions in own.parts.values()][1:] == [0, 0]
    other = scored(honest, "notebook")
    assert other.held_out and 0 < (other.seen(other.parts["test"]) or 0) < len(other.parts["test"])
    stranger = scored(dataclasses.replace(shipped, info=Info(config=config, dataset="another")))
    assert stranger.trained is None and not stranger.held_out and stranger.seen(np.arange(3)) is None
    with pytest.raises(UsageError, match="grouped"):
        scored(shipped, "magic")


def test_usage_of_a_small_dictionary() -> None:
    codes = np.array([[1, 0, 0, 2], [1, 0, 0, 0], [1, 0, 0, 0], [1, 3, 0, 0]], np.float32)
    found = usage(codes)
    assert (found["dead"], found["rare"], found["dense"]) == (1, 2, 1)
    assert sum(found["densities"]["counts"]) == 4
    assert 1 < found["effective_rank"] < 3
    assert usage(np.eye(5, dtype=np.float32))["effective_rank"] == pytest.approx(5)


def test_duplicates_and_directions(toy: Dataset) -> None:
    model = remembering(toy)
    atoms = directions(model)
    assert np.linalg.norm(atoms, axis=1) == pytest.approx(1)
    whole = model.atoms().reshape(len(model), -1)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    assert atoms @ atoms.T == pytest.approx(whole @ whole.T, abs=1e-4)
    assert duplicates(atoms) == 0
    assert duplicates(np.vstack([atoms, atoms[:1]])) == 2


def test_the_area_under_the_curve_is_scikit_learns() -> None:
    random = np.random.default_rng(0)
    scores = np.where(random.random((80, 5)) < 0.5, 0, random.random((80, 5)).round(1))  # many ties
    has = random.random((80, 3)) < 0.3
    expected = [[roc_auc_score(has[:, t], scores[:, k]) for t in range(3)] for k in range(5)]
    assert auroc(scores, has) == pytest.approx(np.array(expected))


def test_the_best_of_many_by_chance_is_no_better_than_chance() -> None:
    random = np.random.default_rng(0)
    has = random.random((200, 40)) < 0.2
    scores = random.random((200, 300))
    sides = [random.random(200) < 0.5 for _ in range(4)]
    assert auroc(scores, has).max(0).mean() > 0.6  # what choosing and scoring on the same flags would say
    assert best_single(scores, has, sides).mean() == pytest.approx(0.5, abs=0.03)
    scores[:, :40] = has
    assert (best_single(scores, has, sides) == 1).all()


def test_the_same_dictionary_in_another_order_is_the_same() -> None:
    atoms = np.linalg.qr(np.random.default_rng(0).normal(size=(8, 8)))[0]
    assert matching(atoms, atoms[::-1]) == pytest.approx(1)
    assert matching(atoms[:4], atoms[4:]) == pytest.approx(0, abs=1e-9)


def test_stability_stands_beside_its_null(toy: Dataset) -> None:
    model = remembering(toy)
    found = stability(model, model)
    assert found["matched"] == pytest.approx(1)
    assert found["null_flags"] == pytest.approx(1)  # as many flags as features: all of them are drawn
    assert found["null_mixtures"] < 0.9
    with pytest.raises(UsageError, match="one preset"):
        stability(model, averaging(toy))


@pytest.mark.filterwarnings("error")
def test_peers_of_full_size_rebuild_what_they_saw(toy: Dataset) -> None:
    everyone = np.arange(len(toy.flags))
    what = evaluation.Scored("grouped", everyone[:5], {"train": everyone[:5], "test": everyone[5:]})
    found = {row["method"]: row for row in baselines(toy, what, 4, 2)}
    assert set(found) == {"PCA", "NMF", "DictionaryLearning"}
    assert found["PCA"]["fvu"]["train"] < 0.001 < 0.2 < found["PCA"]["fvu"]["test"]  # five flags span four dimensions
    assert found["DictionaryLearning"]["l0"] <= 2
    assert all(0 <= row["fvu"]["train"] < 1 and row["seconds"] >= 0 for row in found.values())
