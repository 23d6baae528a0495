"""The shipped model of designs, by what it says of flags, and the files that keep design features."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shell import run

from flagsae import paths
from flagsae.design import vectors as told
from flagsae.design.figures import FIGURES
from flagsae.errors import DatasetError
from flagsae.flags.dataset import Dataset, load_dataset, save_dataset
from flagsae.sae.design import DesignModel
from flagsae.sae.model import load_model


@pytest.fixture(scope="module")
def model(flags: Dataset) -> DesignModel:
    found = load_model(flags, "design")
    assert isinstance(found, DesignModel)
    return found


def test_a_carried_design_has_the_code_of_the_kept_one(model: DesignModel, tmp_path: Path) -> None:
    """A picture that flagsae wrote says which design it shows."""
    assert run("compose", "morocco", "-o", f"{tmp_path}/one.png").returncode == 0
    named, carried = (json.loads(run("compose", what, "--json").stdout) for what in ("morocco", f"{tmp_path}/one.png"))
    assert carried["code"] == pytest.approx(named["code"], abs=1e-3)


def test_an_older_dataset_without_features_gives_the_same(flags: Dataset, model: DesignModel, tmp_path: Path) -> None:
    few = flags.find(["morocco", "france", "sweden", "nepal"])
    records = json.loads(flags.designs)
    places = [flags.name_table().slug(name.slug) for name in few.names]
    designs = json.dumps([records[place] for place in places]).encode()
    older = replace(flags, flags=few, designs=designs, features=b"", splits={"grouped": {"train": np.arange(4)}})
    save_dataset(older, tmp_path / "older.npz")
    opened = load_dataset(str(tmp_path / "older.npz"))
    assert not opened.features
    kept = told.vectors(flags)
    for place, features in zip(places, told.vectors(opened), strict=True):
        assert features == pytest.approx(kept[place])


def test_subnational_flags_of_another_version_are_passed_over_and_damaged_ones_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(told.subnational()) > 100
    stored = json.loads(paths.shipped(told.SUBNATIONAL).read_bytes())
    monkeypatch.setattr(paths, "shipped", lambda name: tmp_path / name)
    (tmp_path / told.SUBNATIONAL).write_text(json.dumps({**stored, "version": stored["version"] + 1}))
    assert told.subnational() == []
    for damage in (json.dumps(stored)[:-40], json.dumps({**stored, "names": stored["names"][:3]}), "{}"):
        (tmp_path / told.SUBNATIONAL).write_text(damage)
        with pytest.raises(DatasetError, match=r"subnational.json of flagsae is damaged .*: install flagsae again"):
            told.subnational()


@pytest.mark.long
def test_a_feature_is_added_to_a_flag_by_its_name() -> None:
    records = [json.loads(line) for line in run("features", "--find", "Nordic cross", "--json").stdout.splitlines()]
    (nordic,) = (record["feature"] for record in records if record["label"] == "Nordic cross")
    (mix,) = map(json.loads, run("compose", f"japan + 0.7*f{nordic}", "--json").stdout.splitlines())
    layers = mix["design"]["layers"]
    assert layers[0]["colours"] == ["white"] and layers[1]["figure"] == "cross" and "cross" in FIGURES
    middle = layers[1]["numbers"][:2]
    assert sum(middle) / 2 < 0.45  # its upright is nearer to the hoist
    assert mix["code"][str(nordic)] == pytest.approx(0.7)


def test_older_kinds_still_open(flags: Dataset, model: DesignModel) -> None:
    crisp = load_model(flags, "crisp")
    assert (crisp.kind, len(crisp)) == ("crisp", 192) and load_model(flags).hash == model.hash
