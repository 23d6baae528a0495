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

import numpy as np
import pytest
from hypothesis import settings

from flagsae import paths
from flagsae.flags.dataset import Dataset, load_dataset, save_dataset
from flagsae.flags.prepare import prepare
from flagsae.sae.model import save_model
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.kinds import CELLS, VARIABLE
from flagsae.visual.terminal.terminals import MULTIPLEXERS, TERMINALS

# Tests in the background of a shell would ignore Ctrl-C, and so would the commands that they start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Without compiled modules each command that a test starts compiles all that it loads, a third of what it takes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The same examples in every run, so that what fails on one machine fails on the next.
# `--hypothesis-profile search` looks for others.
settings.register_profile("repeat", derandomize=True)
settings.register_profile("search")
settings.load_profile("repeat")

# The modules of all tests are a large heap: looking through it as often as Python does takes a seventh of the time.
gc.set_threshold(50_000, 20, 20)

TOY = ("colombia", "france", "japan", "malaysia", "morocco", "sweden")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests go first: one that began as the last would keep one process at work and the other waiting."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("FLAGSAE_HOME", str(folder))
    for name in ("NO_COLOR", "FORCE_COLOR", "FLAGSAE_DEBUG", "FLAGSAE_PLUGINS", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    # Pictures are in half blocks, whatever terminal the tests run in, and whatever the test before has chosen.
    for name in (VARIABLE, *(sign.partition("=")[0] for one in (*TERMINALS, *MULTIPLEXERS) for sign in one.signs)):
        if name != "TERM":
            monkeypatch.delenv(name, raising=False)
    chosen.choose(CELLS[0])
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


@pytest.fixture(scope="session")
def little(toy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options for six flags and a model of them that is quick: a feature is likeness to a flag, four are active."""
    folder = tmp_path_factory.mktemp("little")
    save_dataset(toy, folder / "toy.npz")
    likeness = np.eye(6, dtype=np.float32) / 96  # 8 x 12 pixels of mean square weight 1
    nothing = np.zeros(6, np.float32)
    tensors = {"encoder": likeness, "encoder_bias": nothing - 0.1, "decoder": 96 * likeness, "decoder_bias": nothing}
    header = {"kind": "crisp", "dataset": toy.hash, "dataset_name": "toy"}
    save_model(folder / "model.safetensors", tensors, {**header, "threshold": 0, "active": 4, "salience": 0.25})
    return ["--data", f"{folder}/toy.npz", "--model", f"{folder}/model.safetensors"]
