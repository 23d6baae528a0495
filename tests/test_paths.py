"""Files appear whole or not at all, and asking for a path creates nothing."""

import os
from pathlib import Path

import pytest

from flagsae import paths


def test_asking_creates_nothing(home: Path) -> None:
    assert paths.dataset_file("x").is_relative_to(home)
    assert paths.models_folder().is_relative_to(home)
    assert list(home.iterdir()) == []


def test_without_an_override_the_platforms_folder_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLAGSAE_HOME")
    assert paths.home().name == "flagsae"


def test_a_tilde_in_the_override_is_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FLAGSAE_HOME", "~/flags")
    assert paths.dataset_file("mine") == tmp_path / "flags" / "datasets" / "mine.npz"


@pytest.mark.parametrize("cause", [RuntimeError, KeyboardInterrupt])
def test_a_failed_write_keeps_the_old_file(tmp_path: Path, cause: type[BaseException]) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(cause), paths.replacing(path) as file:
        file.write(b"half of the n")
        file.flush()
        assert path.read_text() == "old"
        raise cause
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_finished_write_makes_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    with paths.replacing(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_who_may_read_a_file_is_the_users_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        with paths.replacing(tmp_path / "file") as file:
            file.write(b"new")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_what_is_shipped_is_found() -> None:
    for name in ("flags.npz", "flags.csv", "seed138.csv", "palette.csv", "crisp.safetensors", "flags/morocco.png"):
        assert paths.shipped(name).is_file()


def test_a_place_that_cannot_be_written_is_named_as_the_user_did(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError) as error, paths.replacing(tmp_path / "file" / "new.png"):
        pass
    assert error.value.filename == str(tmp_path / "file" / "new.png")
