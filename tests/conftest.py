"""The bundled flags, a toy set of six, and a home of its own for every test."""

import os

# Two workers with a thread each: torch's and BLAS's threads would fight. Before numpy is imported, and for commands.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import gc
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flagsae import paths
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.flags.prepare import prepare

# Tests in the background of a shell would ignore Ctrl-C, and so would the commands that they start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The modules of all tests are a large heap: looking through it as often as Python does takes a seventh of the time.
gc.set_threshold(50_000, 20, 20)

TOY = ("colombia", "france", "japan", "malaysia", "morocco", "sweden")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("FLAGSAE_HOME", str(folder))
    for name in ("NO_COLOR", "FORCE_COLOR", "FLAGSAE_DEBUG", "FLAGSAE_PLUGINS", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, on the path of this Python and of those that it starts."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    before = set(sys.modules)
    yield folder
    for module in {path.stem for path in folder.glob("*.py")} & (set(sys.modules) - before):
        del sys.modules[module]


@pytest.fixture(scope="session")
def flags() -> Dataset:
    return load_dataset(str(paths.shipped("flags.npz")))


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of six real flags, with a table that names them."""
    folder = tmp_path_factory.mktemp("pictures") / "toy"
    folder.mkdir()
    for slug in TOY:
        shutil.copy(paths.shipped("flags") / f"{slug}.png", folder)
    rows = "".join(f"{slug},{slug.title()},{slug[:2]}x\n" for slug in TOY)
    (folder / "flags.csv").write_text(f"slug,name,aliases\n{rows}", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def toy(toy_folder: Path) -> Dataset:
    """The six flags on a canvas of 8 x 12."""
    return prepare(toy_folder, name="toy", size=(8, 12))
