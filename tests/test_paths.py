"""Files appear whole or not at all, and asking for a path creates nothing."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flagsae import paths
from flagsae.errors import HomeError, UsageError


def write(path: Path, text: str = "new") -> None:
    with paths.replacing(path) as file:
        file.write(text.encode())


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


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions")
def test_an_old_files_mode_and_owner_stay(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o640)
    if os.getuid() == 0:
        os.chown(path, 12345, 12345)
    before = path.stat()
    with paths.replacing(path) as file:
        (beside,) = (other for other in tmp_path.iterdir() if other != path)
        assert beside.stat().st_mode & 0o077 == 0  # nobody reads it earlier who must not read the old one
        file.write(b"new")
    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_through_a_link_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "old").write_text("old")
    for name, target in (("direct", "far/old"), ("twice", "direct"), ("dangling", "new/one")):
        (tmp_path / name).symlink_to(target)
        write(tmp_path / name, name)
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / target).read_text() == (tmp_path / name).read_text() == name
    assert (tmp_path / "far" / "old").read_text() == "twice"
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError) as error:
        write(tmp_path / "loop")
    assert str(error.value.filename) == str(tmp_path / "loop")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_what_is_no_file_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
    (tmp_path / "device").symlink_to("/dev/null")
    kinds = {path: path.stat().st_mode for path in tmp_path.iterdir()}
    for path in kinds:
        with pytest.raises(UsageError, match=f"{path.name} is a {path.name}: give the name of a file"):
            paths.writable(path)
        with pytest.raises(UsageError):
            write(path)
    assert {path: path.stat().st_mode for path in tmp_path.iterdir()} == kinds


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may write anything")
def test_a_write_protected_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write(path)
    assert path.read_text() == "old"


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_what_a_killed_writer_left_is_cleared_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from flagsae import paths\n"
        "with paths.replacing(Path(sys.argv[1])) as file: print('writing', flush=True), sys.stdin.read()"
    )

    def writer(name: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, str(tmp_path / name)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stdout.readline() == "writing\n"
        return process

    def names() -> list[str]:
        return sorted(path.name for path in tmp_path.iterdir())

    (tmp_path / ".flagsae-my-own.tmp").write_text("like ours, but it is not")
    with writer("killed") as killed, writer("living") as living:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert sum(name.startswith(".flagsae") for name in names()) == 3
        paths.clear.cache_clear()
        write(tmp_path / "next")
        assert sum(name.startswith(".flagsae") for name in names()) == 2
        living.communicate("")
    assert names() == [".flagsae-my-own.tmp", "living", "next"]


def test_what_is_shipped_is_found() -> None:
    for name in ("flags.npz", "flags.csv", "seed138.csv", "crisp.safetensors", "flags/morocco.png"):
        assert paths.shipped(name).is_file()


def test_a_place_that_cannot_be_written_is_named_as_the_user_did(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError) as error, paths.replacing(tmp_path / "file" / "new.png"):
        pass
    assert str(error.value.filename) == str(tmp_path / "file" / "new.png")


@pytest.mark.skipif(os.name == "nt", reason="Windows asks the system")
@pytest.mark.parametrize("known", [{"FLAGSAE_HOME": "~nosuch/x"}, {}])
def test_a_home_that_nobody_knows(known: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLAGSAE_HOME")
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in known.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    for asked in (paths.home, paths.models_folder, lambda: paths.dataset_file("mine")):
        with pytest.raises(HomeError, match="set FLAGSAE_HOME to the full path"):
            asked()
    assert paths.found("models/*") == [] and paths.in_home("datasets", "mine.npz") is None
    assert paths.log_file() == Path(os.devnull)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "\ud800", "/" * 5000, "", ".", "a/" * 3000])
def test_what_can_be_no_name_is_no_file(name: str) -> None:
    assert not paths.is_file(name)
    assert paths.is_folder(name) == (name in (".", "/" * 5000) and os.path.isdir(name))  # noqa: PTH112
