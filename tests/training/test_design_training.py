"""The preset design: a run that is stopped and goes on, its file, and datasets that it is not for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from models import read_tensors
from PIL import Image
from shell import run

from flagsae import paths
from flagsae.design.facets import VERSION
from flagsae.errors import DatasetError, ModelError
from flagsae.features.evaluation import stability
from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.flags.prepare import prepare
from flagsae.sae.design import DesignModel
from flagsae.sae.model import load_model, save_model
from flagsae.training.config import make_config
from flagsae.training.start import usual_preset
from flagsae.training.trainer import Run

EPOCHS = 30


@pytest.fixture(scope="module")
def trained(flags: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run[DesignModel]:
    """A short run on the bundled flags."""
    finished = Run(tmp_path_factory.mktemp("unbroken"), make_config("design", epochs=EPOCHS), flags)
    for _ in finished.train():
        pass
    finished.save()
    return finished


def test_a_stopped_run_ends_where_an_unbroken_one_does(
    trained: Run[DesignModel], flags: Dataset, tmp_path: Path
) -> None:
    epochs = Run(tmp_path, trained.config, flags).train()
    while next(epochs).epoch < EPOCHS // 2:
        pass
    epochs.close()
    resumed = Run.resume(tmp_path, flags)
    assert resumed.epoch == EPOCHS // 2
    for _ in resumed.train():
        pass
    resumed.save()
    assert (tmp_path / "model.safetensors").read_bytes() == (trained.folder / "model.safetensors").read_bytes()


def test_its_file_gives_the_same_codes(trained: Run[DesignModel], flags: Dataset) -> None:
    ours, read = trained.model(), load_model(flags, str(trained.folder / "model.safetensors"))
    assert read.kind == "design" and len(read) == trained.config.features
    assert np.array_equal(read.encode(flags.flags), ours.encode(flags.flags))
    some = flags.find(["morocco", "japan"])
    assert np.array_equal(read.encode(some), ours.encode(some))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda tensors, header: header.update(version=VERSION + 1),
            f"is of version {VERSION + 1} of the design features",
        ),
        (lambda tensors, header: header["flags"].pop(), "is damaged (flags of "),
        (lambda tensors, header: header.update(count=2), "is damaged (a feature of "),
        (lambda tensors, header: tensors["decoder"].__setitem__((0, 0), -1), "decoder has values below 0"),
        (lambda tensors, header: header.pop("names"), "names"),
        (lambda tensors, header: header["names"].pop() and header["flags"].pop(), "decoder"),
    ],
    ids=["version", "flags", "count", "atoms", "no names", "fewer names"],
)
def test_a_file_that_cannot_be_used_says_what_to_run(
    trained: Run[DesignModel], flags: Dataset, tmp_path: Path, change: Callable[..., object], said: str
) -> None:
    tensors, header = read_tensors(trained.folder / "model.safetensors")
    change(tensors, header)
    save_model(tmp_path / "changed.safetensors", tensors, header)
    with pytest.raises(ModelError) as refused:
        load_model(flags, str(tmp_path / "changed.safetensors"))
    assert said in str(refused.value) and "flagsae train" in str(refused.value)


def test_a_few_flags_are_enough(toy: Dataset, tmp_path: Path) -> None:
    few = Run(tmp_path, make_config("design", epochs=5), toy)  # more atoms than flags
    for _ in few.train():
        pass
    assert few.model().encode(toy.flags).any()


def test_pictures_without_designs_are_for_crisp(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    folder = tmp_path / "noise"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(random.integers(0, 256, (16, 24, 3), np.uint8)).save(folder / f"{number}.png")
    noise = prepare(folder, name="noise", size=(8, 12))
    with pytest.raises(DatasetError, match=r"0 of the 3 pictures .* have a design.* preset crisp, which needs none"):
        Run(tmp_path / "run", make_config("design"), noise)
    save_dataset(noise, tmp_path / "noise.npz")
    taken = run("train", "--data", f"{tmp_path}/noise.npz", "--epochs", "2", "--features", "3")
    assert taken.returncode == 0
    assert taken.stderr.startswith("dataset 'noise' has designs of 0 of 3 pictures: taking --preset crisp\n")
    assert usual_preset(noise)[0] == "crisp"


def test_flags_with_designs_are_for_design(flags: Dataset, tmp_path: Path) -> None:
    assert usual_preset(flags) == ("design", "")
    done = run("train", "--epochs", "1", "--features", "8", "--name", "first")
    assert done.returncode == 0 and done.stderr.startswith("training design on 249 flags")
    assert "in features of designs" in done.stderr
    assert read_tensors(paths.models_folder() / "first" / "model.safetensors")[1]["kind"] == "design"
    older = replace(flags, designs=b"", features=b"")
    assert usual_preset(older)[0] == "crisp"


def test_models_that_know_other_features_are_compared(
    trained: Run[DesignModel], flags: Dataset, tmp_path: Path
) -> None:
    """Each knows the features of the flags that it was trained on."""
    part = Run(tmp_path, make_config("design", epochs=2, train_on="train"), flags).model()
    ours = trained.model()
    assert part.table.names != ours.table.names
    assert 0 < stability(ours, part)["matched"] < stability(ours, ours)["matched"] == pytest.approx(1)
