"""A hundred damaged models, checkpoints, logs and datasets; `benchmarks/robustness.py files` tries a thousand."""

import json
import random
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from hostile import files
from hostile.files import Home, damaged, make_home, npz_claim, tries
from models import read_tensors

from flagsae.checks import exactly, fields, listed, number, optional, table, text, whole
from flagsae.errors import DatasetError, ModelError
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.sae.model import load_model, save_model
from flagsae.tensors import save
from flagsae.training.trainer import Run


@pytest.fixture(autouse=True)
def small_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BOMB", 20)


@pytest.fixture(scope="module")
def original(toy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Home:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLAGSAE_HOME", "")  # which `make_home` changes
        return make_home(tmp_path_factory.mktemp("original"), toy)


@pytest.fixture
def made(original: Home, home: Path) -> Home:
    """A home that is right, in the place of this test's."""
    shutil.copytree(original.folder, home, dirs_exist_ok=True)
    files = {kind: home / path.relative_to(original.folder) for kind, path in original.files.items()}
    return Home(home, original.dataset, files)


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (whole(1, 9), [1, 9], [0, 10, 10**400, True, 1.0, "1", None, [1]]),
        (number(0, 1), [0, 1, 0.5], [float("nan"), float("inf"), -1, 10**400, True, "0"]),
        (text(3), ["", "abc"], ["abcd", "\ud800", 1, None]),
        (exactly(1), [1], [2, "1", True, None]),
        (optional(text()), [None, "x"], [1]),
        (listed(whole(), 1, 2), [[1], [1, 2]], [[], [1, 2, 3], ["1"], 1, "12"]),
        (table(number()), [{}, {"a": 1}], [{"a": "1"}, [], None]),
        (
            fields({"a": whole()}, {"b": text()}),
            [{"a": 1}, {"a": 1, "b": "", "c": 0}],
            [{}, {"a": "1"}, {"a": 1, "b": 2}],
        ),
    ],
)
def test_a_check_says_what_is_wrong_and_nothing_else(check, right: list[object], wrong: list[object]) -> None:
    assert [check(value) for value in right] == [""] * len(right)
    for value in wrong:
        assert check(value) and "\n" not in check(value) and len(check(value)) < 200


@pytest.mark.long
def test_damaged_files_are_read_or_named_in_one_line(made: Home) -> None:
    found = list(tries(made, range(100), seed=1))
    assert [result for result in found if result[2]] == []
    assert len({kind for _, kind, _ in found}) > 30  # of kinds and ways


def test_the_file_and_the_field_are_named(toy: Dataset, made: Home) -> None:
    path = made.files["crisp model"]
    whole_model, header = read_tensors(path)
    for name, value, said in (
        ("threshold", -1, r"model.safetensors is no flagsae model \(its header.threshold is no number from 0"),
        ("active", "many", r"its header.active is no whole number from 0 to 1000000000: 'many'"),
        ("config", {"epochs": None}, r"its header.config.epochs is no whole number"),
        ("format", 2, r"its header.format is 2, not 1"),
        ("kind", "magic", r"its kind is 'magic', not design or crisp or seed"),
    ):
        save_model(path, whole_model, {**header, name: value})
        with pytest.raises(ModelError, match=said):
            load_model(toy, "crisp")
    encoder = whole_model["encoder"]
    for array, said in (
        (encoder[:, :5], r"encoder has shape \(5, 5\), not K x N with K = 5, N = 6"),
        (np.full_like(encoder, np.nan), "encoder has numbers that are not finite"),
        (encoder.astype(np.int8), "encoder is 'I8', not float16 or float32 or float64"),
    ):
        save_model(path, {**whole_model, "encoder": array}, header)
        with pytest.raises(ModelError, match=said):
            load_model(toy, "crisp")
    assert load_model(toy).kind == "seed"  # the newest that is whole


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": 2}, "its header.format is 2, not 1"),
        (
            {"config": {"preset": "crisp", "epochs": 6, "features": 5, "colour": 1}},
            "of another version of flagsae: 'colour'",
        ),
        ({"config": {"epochs": 6, "features": 5}}, "of another version of flagsae: 'no preset'"),
        (
            {"config": {"preset": "magic", "epochs": 6, "features": 5}},
            "--preset is one of design, crisp, seed, not 'magic'",
        ),
        ({"config": {"preset": "crisp", "epochs": 6, "features": 5, "beta": "x"}}, "--beta is a number, not 'x'"),
        ({"config": {"preset": "crisp", "epochs": 6, "features": 7}}, "has shape"),
        ({"config": {"preset": "crisp", "epochs": 6, "features": 10**8}}, "GB of memory"),
        ({"epoch": 7}, "its header.epoch is 7 of 6"),
        ({"seconds": None}, "its header.seconds is no number"),
    ],
)
def test_a_checkpoint_of_another_version_is_named(
    toy: Dataset, made: Home, changed: dict[str, object], said: str
) -> None:
    path = made.files["crisp checkpoint"]
    tensors, header = read_tensors(path)
    save(path, tensors, {**header, **changed})
    with pytest.raises(ModelError) as error:
        Run.resume(path.parent, toy)
    line = error.value.message(lambda name: f"--{name}")
    assert re.search(f"checkpoint.safetensors cannot be gone on with .*{said}", line)


def test_a_zip_that_claims_too_much_is_refused(made: Home) -> None:
    path = made.files["dataset"]
    data = path.read_bytes()
    for seed in range(12):
        path.write_bytes(npz_claim(data, random.Random(seed)))
        with pytest.raises(DatasetError, match=r"toy\.npz is no dataset file, or a damaged one"):
            load_dataset("toy")


def test_the_same_seed_damages_alike() -> None:
    data = json.dumps({"epoch": 0}).encode()
    one, two = (damaged("crisp log", data, random.Random(3)) for _ in range(2))
    assert one == two
