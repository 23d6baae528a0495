"""Prepared datasets: what is shipped, a folder of one's own, and files that are damaged."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from flagsae import paths
from flagsae.dataset import ARRAYS, Dataset, load_dataset, near_duplicates, prepare, save_dataset
from flagsae.errors import DatasetError, PictureError, UnknownName, UsageError


def test_a_fresh_prepare_is_the_shipped_dataset(flags: Dataset) -> None:
    fresh = prepare()
    for array in ARRAYS:
        assert (getattr(fresh.flags, array) == getattr(flags.flags, array)).all(), array
    assert fresh.hash == flags.hash
    assert fresh.flags.names == flags.flags.names


def test_the_bundled_flags(flags: Dataset) -> None:
    assert len(flags.flags) == 249
    assert flags.flags.canvas.shape == (249, 68, 102, 3)
    assert flags.flags.fine.shape == (249, 204, 306)
    assert paths.shipped("flags.npz").stat().st_size < 1_500_000


def test_near_duplicates_are_those_of_the_table_and_stay_together(flags: Dataset) -> None:
    with paths.shipped("near_duplicates.csv").open() as file:
        table = {tuple(sorted((row["a"], row["b"]))) for row in csv.DictReader(file)}
    slugs = [name.slug for name in flags.flags.names]
    pairs = near_duplicates(flags.flags.canvas)
    assert {tuple(sorted((slugs[i], slugs[j]))) for _, i, j in pairs} == table
    side = {int(position): part for part, members in flags.splits["grouped"].items() for position in members}
    assert len(side) == 249
    assert all(side[i] == side[j] for _, i, j in pairs)


def test_the_notebooks_split(flags: Dataset) -> None:
    split = flags.split("notebook")
    assert [len(split[part]) for part in ("train", "validation", "test")] == [100, 20, 18]
    everyone = np.concatenate(list(split.values()))
    assert len(set(everyone.tolist())) == 138
    assert flags.flags.names[split["train"][0]].slug == "afghanistan"


def test_an_unknown_split_names_those_there_are(toy: Dataset) -> None:
    with pytest.raises(UsageError, match="grouped"):
        toy.split("notebook")


def test_the_toy_set_is_named_by_its_table(toy: Dataset) -> None:
    assert [name.title for name in toy.flags.names][:2] == ["Colombia", "France"]
    assert toy.size == (8, 12) and toy.flags.fine.shape == (6, 24, 36)
    assert toy.flags.names[toy.positions()["jax"]].slug == "japan"
    assert len(toy.splits["grouped"]["train"]) >= 4


def test_files_that_are_no_pictures_are_named_and_skipped(toy_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(toy_folder, tmp_path / "mine")
    (tmp_path / "mine" / "notes.txt").write_text("not a flag")
    skipped: list[str] = []
    dataset = prepare(tmp_path / "mine", size=(8, 12), skipped=skipped.append)
    assert len(dataset.flags) == 6
    assert len(skipped) == 1 and skipped[0].startswith("notes.txt")
    with pytest.raises(PictureError, match=r"notes\.txt"):
        prepare(tmp_path / "mine", size=(8, 12), strict=True)


def test_a_folder_without_pictures_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no pictures in"):
        prepare(tmp_path)


def test_files_without_a_table_are_named_after_themselves(toy_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    shutil.copy(toy_folder / "japan.png", tmp_path / "My Flag.png")
    shutil.copy(toy_folder / "france.png", tmp_path / "more" / "my-flag.png")
    dataset = prepare(tmp_path, size=(8, 12))
    assert [name.slug for name in dataset.flags.names] == ["my-flag", "my-flag-2"]


def test_one_picture_is_a_dataset(toy_folder: Path) -> None:
    dataset = prepare(toy_folder / "japan.png", size=(8, 12), colours=5)
    assert len(dataset.splits["grouped"]["train"]) == 1
    assert len(dataset.palette) == 2


def test_a_dataset_survives_its_file(toy: Dataset, tmp_path: Path) -> None:
    save_dataset(toy, tmp_path / "toy.npz")
    back = load_dataset(str(tmp_path / "toy.npz"))
    assert all((getattr(back.flags, array) == getattr(toy.flags, array)).all() for array in ARRAYS)
    assert (back.hash, back.name, back.flags.names) == (toy.hash, toy.name, toy.flags.names)
    assert back.palette.names == toy.palette.names and (back.palette.rgb == toy.palette.rgb).all()
    assert {k: v.tolist() for k, v in back.splits["grouped"].items()} == {
        k: v.tolist() for k, v in toy.splits["grouped"].items()
    }


def test_the_hash_follows_the_pixels(toy_folder: Path, toy: Dataset, tmp_path: Path) -> None:
    shutil.copytree(toy_folder, tmp_path / "mine")
    assert prepare(tmp_path / "mine", size=(8, 12)).hash == toy.hash
    shutil.copy(paths.shipped("flags/china.png"), tmp_path / "mine" / "japan.png")
    assert prepare(tmp_path / "mine", size=(8, 12)).hash != toy.hash


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "format"])
def test_a_damaged_dataset_ends_in_one_line(toy: Dataset, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "toy.npz"
    save_dataset(toy, path)
    if damage == "format":
        with np.load(path) as arrays:
            header = json.loads(arrays["header"].tobytes()) | {"format": 99}
            kept = {name: arrays[name] for name in arrays.files if name != "header"}
        np.savez(path, header=np.frombuffer(json.dumps(header).encode(), np.uint8), **kept)
    else:
        whole = path.read_bytes()
        path.write_bytes({"empty": b"", "text": b"hello", "cut": whole[: len(whole) // 2]}[damage])
    with pytest.raises(DatasetError, match="flagsae prepare") as error:
        load_dataset(str(path))
    assert "\n" not in str(error.value)


def test_an_unknown_dataset_says_how_to_make_one() -> None:
    with pytest.raises(UnknownName, match="flagsae prepare SOURCE --name NAME"):
        load_dataset("mine")


def test_names_and_pictures_mix(flags: Dataset, toy_folder: Path) -> None:
    found = flags.find(["Japan", str(toy_folder / "japan.png")])
    assert (found.labels[0] == found.labels[1]).all()
    with pytest.raises(UsageError, match="no picture at"):
        flags.find(["nowhere/x.png"])
