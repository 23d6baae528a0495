"""`prepare`, which writes over nothing that it has not made of the same pictures."""

import json
import shutil
from pathlib import Path

import pytest
from shell import run

from flagsae import paths
from flagsae.flags.dataset import load_dataset


def pictures(folder: Path, *slugs: str) -> Path:
    folder.mkdir()
    for slug in slugs:
        shutil.copy(paths.shipped("flags") / f"{slug}.png", folder)
    return folder


def test_a_folders_name_is_whole(tmp_path: Path) -> None:
    for version, slugs in (("v1.2", ("japan", "france")), ("v1.3", ("japan",))):
        made = run("prepare", str(pictures(tmp_path / version, *slugs)), "--canvas", "4x6", "--json")
        assert json.loads(made.stdout)["name"] == version.replace(".", "-")
    assert [len(load_dataset(name).flags) for name in ("v1-2", "v1-3")] == [2, 1]


def test_another_dataset_is_replaced_only_when_asked_for(tmp_path: Path) -> None:
    first, second = pictures(tmp_path / "a", "japan"), pictures(tmp_path / "b", "france")
    for output in (["--name", "mine"], ["-o", str(tmp_path / "mine.npz")]):
        assert run("prepare", str(first), *output, "--canvas", "4x6").returncode == 0
        assert run("prepare", str(first), *output, "--canvas", "4x6").returncode == 0  # the same again
        refused = run("prepare", str(second), *output, "--canvas", "4x6")
        assert refused.returncode == 2 and "give --overwrite" in refused.stderr
        where = "mine" if "--name" in output else output[1]
        assert load_dataset(where).flags.names[0].slug == "japan"
        assert run("prepare", str(second), *output, "--canvas", "4x6", "--overwrite").returncode == 0
        assert load_dataset(where).flags.names[0].slug == "france"


def test_a_table_with_other_names_makes_another_dataset(tmp_path: Path) -> None:
    folder = pictures(tmp_path / "a", "japan")
    assert run("prepare", str(folder), "--canvas", "4x6").returncode == 0
    (folder / "flags.csv").write_text("slug,name\njapan,Nippon\n")
    assert run("prepare", str(folder), "--canvas", "4x6").returncode == 2


@pytest.mark.parametrize(
    ("output", "says"),
    [("keep.png", "give -o FILE.npz"), ("keep", "give -o FILE.npz"), ("out/", "one file"), ("-", "one file")],
)
def test_only_a_datasets_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keep.png").write_bytes(b"precious")
    (tmp_path / "keep").write_bytes(b"precious")
    (tmp_path / "out").mkdir()
    for given in (output, output.rstrip("/")):
        refused = run("prepare", str(paths.shipped("flags/japan.png")), "-o", given)
        assert refused.returncode == 2 and says in refused.stderr and not refused.stdout
    assert (tmp_path / "keep.png").read_bytes() == (tmp_path / "keep").read_bytes() == b"precious"
