"""Flags, sums and features as scenes for visualizers."""

from __future__ import annotations

import numpy as np
import pytest

from flagsae.flags.dataset import Dataset
from flagsae.mixing.compose import draw
from flagsae.sae.seed import Seed
from flagsae.workspace.collection import Collection
from flagsae.workspace.scenes import Deferred, scene_of_dictionary, scene_of_feature, scene_of_flag, scene_of_sum
from flagsae.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def crisp(flags: Dataset) -> Workspace:
    return Workspace.of(Collection(flags), "crisp")


@pytest.fixture(scope="module")
def designs(flags: Dataset) -> Workspace:
    return Workspace.of(Collection(flags), "design")


@pytest.mark.long
def test_a_model_of_designs_has_scenes_of_designs(flags: Dataset, designs: Workspace) -> None:
    scene = scene_of_flag(designs, flags.find(["morocco"]))
    firing = sum(activation > designs.model.active_above for activation in scene.code.values())
    assert list(scene.images) == ["flag", f"rebuilt from {firing} features"] and 2 <= firing <= len(scene.code) <= 8
    assert scene.features[0].label == "green star" and scene.features[0].top[0] == "Morocco"
    atom = scene_of_feature(designs, scene.features[0].index)
    assert atom.title.endswith(": green star")
    assert next(iter(atom.images)) == "likeliest design" and "takes away" not in atom.images
    all_of_them = scene_of_dictionary(designs, [(0.5, 0.5)] * 249)
    assert all_of_them.title.startswith("72 features of design model ")
    assert all_of_them.words == "72 features of 249 flags, 72 with a label to be trusted"


@pytest.mark.long
def test_a_flag_stands_beside_what_is_rebuilt_of_its_code(flags: Dataset, crisp: Workspace) -> None:
    flag = flags.find(["morocco"])
    scene = scene_of_flag(crisp, flag, "Red, with a green star.")
    assert scene.title == "Morocco" and scene.words == "Red, with a green star."
    assert list(scene.images) == ["flag", "rebuilt from 8 features"]
    assert scene.images["flag"].shape == (204, 306, 3) and scene.images["rebuilt from 8 features"].shape == (68, 102, 3)
    code = crisp.model.encode(flag)[0]
    assert scene.code == {int(f): pytest.approx(float(code[f])) for f in np.flatnonzero(code)}
    assert [feature.index for feature in scene.features] == list(scene.code)  # the strongest first
    assert list(scene.code.values()) == sorted(scene.code.values(), reverse=True)
    first = scene.features[0]
    assert first.label == "red stripe at the top" and first.top[0] == "Luxembourg"
    assert first.atom is not None and first.strength is not None
    upper, lower = np.split(first.strength, 2)
    assert upper.mean() > 4 * abs(lower.mean())


@pytest.mark.long
def test_a_sum_stands_beside_its_terms(flags: Dataset, crisp: Workspace) -> None:
    operands = crisp.read("morocco + 0.5*colombia - laos + 2*f17")
    composite = draw(crisp.model, operands)[0]
    scene = scene_of_sum(crisp, operands, composite, labelled=False)
    assert list(scene.images) == ["sum", "Morocco", "0.5*Colombia", "-Laos", "2*f17"]
    assert (scene.images["sum"] == composite.picture()).all()
    assert scene.code[17] > 1.9 and not scene.features[0].label  # it was not asked for
    alone = crisp.read("morocco")
    assert len(scene_of_sum(crisp, alone, draw(crisp.model, alone)[0]).images) == 2


def test_a_feature_stands_beside_the_flags_it_fires_for(flags: Dataset, crisp: Workspace) -> None:
    scene = scene_of_feature(crisp, 84)
    assert scene.title == "f84: red stripe at the top" and scene.code == {84: 1.0}
    names = list(scene.images)
    assert names[:2] == ["adds", "takes away"] and names[2].startswith("Luxembourg 0.") and len(names) == 11
    assert scene.words.startswith("It fires for ")
    bare = scene_of_feature(crisp, 84, labelled=False)
    assert bare.title == "f84" and len(bare.images) == 2 and not bare.words


def test_the_seed_preset_has_scenes_as_well(toy: Dataset) -> None:
    random = np.random.default_rng(1)
    inputs, features = 8 * 12 * 3, 5
    weights = random.normal(0, 0.1, (features, inputs)).astype(np.float32)
    zeros = np.zeros(inputs, np.float32)
    seed = Seed(weights, zeros[:features], weights.T, zeros, toy)
    workspace = Workspace(Collection(toy), seed)
    flag = scene_of_flag(workspace, toy.find(["morocco"]), labelled=False)
    assert len(flag.code) == features and len(flag.images) == 2
    assert all(feature.atom is not None and feature.atom.shape == (8, 12, 3) for feature in flag.features)
    feature = scene_of_feature(workspace, 2, labelled=False)
    assert list(feature.images) == ["adds"] and feature.code == {2: 1.0}
    operands = workspace.read("morocco + f1")
    assert list(scene_of_sum(workspace, operands, draw(seed, operands)[0], labelled=False).images) == [
        "sum",
        "Morocco",
        "f1",
    ]


@pytest.mark.long
def test_a_dictionary_is_all_features_and_every_flag_with_its_code(flags: Dataset, crisp: Workspace) -> None:
    places = [(n / 249, 0.5) for n in range(249)]
    scene = scene_of_dictionary(crisp, places)
    assert scene.title.startswith("192 features of crisp model ") and scene.words.startswith(
        "192 features of 249 flags"
    )
    assert list(scene.images)[:3] == ["atoms", "Afghanistan", "Åland"] and len(scene.images) == 250
    assert [feature.index for feature in scene.features] == list(range(192))
    first = scene.features[84]
    assert first.label == "red stripe at the top" and first.trusted and first.atom is not None
    assert first.atom.shape == (68, 102, 3)
    codes = crisp.model.encode(flags.flags)
    assert scene.codes[1] == {int(f): pytest.approx(float(codes[0, f])) for f in np.flatnonzero(codes[0])}
    assert scene.code[84] == pytest.approx(float(codes[:, 84].mean())) and scene.codes[0] == scene.code
    assert np.isnan(scene.places[0]).all() and scene.places[1:] == places


def test_of_the_seed_preset_only_features_over_a_half_count_as_firing(toy: Dataset) -> None:
    """A sigmoid is never zero: else every flag would have all of them."""
    random = np.random.default_rng(0)
    pixels = toy.flags.canvas[0].size
    into, out = random.normal(size=(6, pixels)), random.normal(size=(pixels, 6))
    model = Seed(*(part.astype(np.float32) for part in (into, np.zeros(6), out, np.zeros(pixels))), toy)
    scene = scene_of_dictionary(Workspace(Collection(toy), model))
    assert all(activation > 0.5 for code in scene.codes[1:] for activation in code.values())


def test_what_takes_long_waits_until_it_is_looked_at() -> None:
    asked: list[int] = []
    later = Deferred(3, lambda: asked.append(1) or [4, 5, 6])  # type: ignore[func-returns-value]
    assert len(later) == 3 and later and not asked
    assert [*later] == [4, 5, 6] and later[-1] == 6 and later[1:] == [5, 6] and asked == [1]


def test_a_wider_picture_is_drawn_along_outlines(flags: Dataset, crisp: Workspace) -> None:
    small = scene_of_flag(crisp, flags.find(["japan"])).picture
    large = scene_of_flag(crisp, flags.find(["japan"]), width=1224).picture
    assert small is not None and large is not None and large.shape == (816, 1224, 3)
    away = np.abs(large[2::4, 2::4].astype(int) - small).max(2)
    assert (away > 40).mean() < 0.01  # but at the edge
    operands = crisp.read("japan + france")
    assert scene_of_sum(crisp, operands, draw(crisp.model, operands)[0], width=900).images["sum"].shape[1] == 900
