"""Recorded runs: the shipped models', one's own, one that goes on, and what is left of damaged ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from models import read_tensors
from shell import run

from flagsae import paths
from flagsae.errors import ModelError, UsageError
from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.sae.crisp import Crisp
from flagsae.sae.model import load_model, save_model
from flagsae.sae.runs import (
    Claim,
    claim_free,
    free_folder,
    holder,
    read_log,
    recorded,
    recording_of,
    run_folder,
    runs,
    step_file,
    taken,
)
from flagsae.training.config import make_config
from flagsae.training.trainer import Run

SHIPPED = paths.shipped("crisp-run")


def train(dataset: Dataset, folder: Path, until: int = 12, **changed: int) -> list[float]:
    """The losses of a run of 12 epochs with four features, stopped after `until`."""
    run = Run(folder, make_config("crisp", **{"epochs": 12, "features": 4, "log_every": 4, **changed}), dataset)
    epochs, losses = run.train(), []
    for progress in epochs:
        losses.append(progress.loss)
        if progress.epoch == until:
            epochs.close()
    if run.epoch == run.config.epochs:
        run.save()
    return losses


def test_a_run_is_read_back_epoch_by_epoch(toy: Dataset, tmp_path: Path) -> None:
    losses = train(toy, tmp_path / "mine")
    run = recorded(toy, tmp_path / "mine")
    assert (run.name, run.config["features"], run.done) == ("mine", 4, 12)
    assert run.epochs == (0, 1, 2, 5, 10, 12)
    assert run.losses.dtype == np.float32
    assert run.losses == pytest.approx(np.array(losses), rel=1e-6)
    assert [row["epoch"] for row in run.rows] == [0, 4, 8]
    assert all(run.losses[row["epoch"]] == pytest.approx(row["step_loss"]) for row in run.rows)
    assert set(run.figures) == set(run.epochs)
    assert set(run.figures[5]) == {"train_loss", "validation_loss", "test_loss", "l0", "dead"}
    last, end = run.model(12), load_model(toy, str(tmp_path / "mine" / "model.safetensors"))
    assert last.info.figures == end.info.figures == run.figures[12]
    assert last.encode(toy.flags) == pytest.approx(end.encode(toy.flags), abs=5e-3)
    first = run.model(0)
    assert isinstance(first, Crisp) and isinstance(last, Crisp) and len(first) == 4
    assert np.abs(first.decoder - last.decoder).max() > 0.01
    with pytest.raises(ModelError, match="kept no model of epoch 3"):
        run.model(3)


@pytest.mark.long
def test_a_seed_run_is_read_back_too(toy: Dataset, tmp_path: Path) -> None:
    run = Run(tmp_path, make_config("seed", epochs=3, features=4, split="grouped"), toy)
    for _ in run.train():
        pass
    kept = recorded(toy, tmp_path).model(3)
    assert kept.encode(toy.flags) == pytest.approx(run.model().encode(toy.flags), abs=1e-3)
    assert (
        np.abs(kept.decode(kept.encode(toy.flags)).astype(int) - run.model().decode(kept.encode(toy.flags))) < 2
    ).all()


@pytest.mark.long
def test_the_shipped_models_runs_end_in_the_shipped_models(flags: Dataset) -> None:
    newest, run = runs(flags)
    shipped = load_model(flags, "shipped")
    assert (newest.name, newest.done) == ("shipped", shipped.info.config["epochs"])
    assert newest.epochs[0] == 0 and newest.epochs[-1] == len(newest.losses) == newest.done
    assert newest.figures[newest.done] == shipped.info.figures and newest.figures[newest.done]["dead"] == 0
    codes, last, first = (model.encode(flags.flags) for model in (shipped, newest.model(newest.done), newest.model(0)))
    # The steps are kept in float16: what is just below the threshold may be above it.
    assert np.abs(last - codes).mean() < 0.001 < 0.01 < np.abs(first - codes).mean()
    assert (run.name, run.done, run.config["seed"]) == ("shipped-crisp", 2000, 0)
    assert run.epochs[0] == 0 and run.epochs[-1] == 2000 and 3 <= len(run.epochs) <= 16
    assert len(run.losses) == 2000 and np.isfinite(run.losses).all()
    assert run.losses[-100:].mean() < 0.1 * run.losses[0]
    assert [row["epoch"] for row in run.rows] == list(range(0, 2000, 100))
    shipped, last, first = load_model(flags, "crisp"), run.model(2000), run.model(0)
    assert isinstance(shipped, Crisp) and isinstance(last, Crisp) and isinstance(first, Crisp)
    assert run.figures[2000] == shipped.info.figures
    like = shipped.likeness(flags.find(["morocco", "colombia", "japan", "nepal"]))
    drawn = shipped.decode(shipped.activate(like))
    assert (last.decode(last.activate(like)) == drawn).mean() > 0.999
    assert (first.decode(first.activate(like)) == drawn).mean() < 0.9
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 1_100_000


def test_runs_of_a_dataset_come_newest_first_and_the_shipped_ones_last(
    toy: Dataset, flags: Dataset, home: Path
) -> None:
    for seconds, name in ((1000, "older"), (3000, "newest"), (2000, "middle")):
        train(toy, home / "models" / name, until=2)
        os.utime(home / "models" / name / "log.jsonl", (seconds, seconds))
    assert [run.name for run in runs(toy)] == ["newest", "middle", "older"]
    assert [run.name for run in runs(flags)] == ["shipped", "shipped-crisp"]
    with pytest.raises(ModelError, match="is on dataset 'toy'"):
        recorded(flags, home / "models" / "older")


def test_a_run_that_goes_on_is_read_as_far_as_it_has_come(toy: Dataset, tmp_path: Path) -> None:
    epochs = Run(tmp_path, make_config("crisp", epochs=12, features=4, log_every=4), toy).train()
    while (progress := next(epochs)).epoch < 9:
        pass
    run = recorded(toy, tmp_path)
    assert run.epochs == (0, 1, 2, 5)
    assert [row["epoch"] for row in run.rows] == [0, 4, 8]
    # Between a step and the next checkpoint only the log knows.
    assert np.isfinite(run.losses).tolist() == [True] * 5 + [False] * 3 + [True]
    assert run.losses[-1] == pytest.approx(progress.loss)
    epochs.close()
    run = recorded(toy, tmp_path)
    assert run.done == 9 and np.isfinite(run.losses).all()


def test_a_run_of_before_there_were_steps_has_its_log(toy: Dataset, tmp_path: Path) -> None:
    train(toy, tmp_path, snapshots=0)
    tensors, header = read_tensors(tmp_path / "checkpoint.safetensors")
    del tensors["losses"]
    save_model(tmp_path / "checkpoint.safetensors", tensors, header)
    run = recorded(toy, tmp_path)
    assert (run.epochs, run.done, len(run.rows)) == ((), 12, 3)
    assert np.isfinite(run.losses).nonzero()[0].tolist() == [0, 4, 8]
    (tmp_path / "checkpoint.safetensors").unlink()
    (tmp_path / "log.jsonl").unlink()
    assert recorded(toy, tmp_path).done == 12  # as the model says


@pytest.mark.parametrize("damage", ["nothing in it", "a file", "no headers"])
def test_a_bad_folder_hides_no_other_run(toy: Dataset, home: Path, damage: str) -> None:
    train(toy, home / "models" / "good", until=5)
    bad = home / "models" / "bad"
    if damage == "a file":
        bad.write_text("what?")
    elif damage == "nothing in it":
        bad.mkdir()
    else:
        train(toy, bad, until=5)
        for path in bad.rglob("*.safetensors"):
            path.write_bytes(path.read_bytes()[:100])
    assert [run.name for run in runs(toy)] == ["good"]
    with pytest.raises(ModelError) as error:
        recorded(toy, bad)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("damage", ["headers", "config", "losses", "epochs"])
def test_a_strange_checkpoint_leaves_the_steps(toy: Dataset, tmp_path: Path, damage: str) -> None:
    train(toy, tmp_path, until=7)
    checkpoint = tmp_path / "checkpoint.safetensors"
    tensors, header = read_tensors(checkpoint)
    if damage == "headers":
        header = {key: header[key] for key in ("dataset", "dataset_name")}
    elif damage == "config":
        header["config"] = []
    elif damage == "epochs":
        header["epoch"] = 10**30
    else:
        tensors["losses"] = np.zeros(99)
    save_model(checkpoint, tensors, header)
    run = recorded(toy, tmp_path)
    assert run.epochs == (0, 1, 2, 5) and run.done == 5
    with pytest.raises(ModelError, match=r"checkpoint.safetensors cannot be gone on with .*: start the run anew"):
        Run.resume(tmp_path, toy)


def test_a_log_that_is_none_is_read_as_far_as_it_is_one(toy: Dataset, tmp_path: Path) -> None:
    good = '{"epoch": 0, "train_loss": 1.5, "test_loss": null}'
    for strange in (
        '{"epoch": 1e999}',
        "[" * 9999,
        '{"epoch": 1, "l0": "x"}',
        '{"epoch": 1, "l0": NaN}',
        "5",
        "x" * 99999,
    ):
        (tmp_path / "log.jsonl").write_text(f"{good}\n{strange}\n{good}\n")
        assert [row["epoch"] for row in read_log(tmp_path)] == [0]


def test_a_damaged_step_is_left_out(toy: Dataset, tmp_path: Path) -> None:
    train(toy, tmp_path)
    whole = step_file(tmp_path, 5).read_bytes()
    step_file(tmp_path, 5).write_bytes(whole[: len(whole) // 2])
    step_file(tmp_path, 3).write_bytes(whole)  # renamed
    with (tmp_path / "log.jsonl").open("a") as log:
        log.write('{"epoch": 12, "train_')
    run = recorded(toy, tmp_path)
    assert run.epochs == (0, 1, 2, 10, 12)
    assert np.isnan(run.losses).nonzero()[0].tolist() == [2, 3]  # the log has the fifth
    assert len(run.rows) == 3


def test_a_log_ends_where_it_cannot_be_read(tmp_path: Path) -> None:
    assert read_log(tmp_path) == []
    (tmp_path / "log.jsonl").write_bytes(b'{"epoch": 0}\n{"epoch": 4}\n5\n{"epoch": 8}\n\xff')
    assert [row["epoch"] for row in read_log(tmp_path)] == [0, 4]


def test_a_model_knows_its_run(toy: Dataset, flags: Dataset, home: Path, tmp_path: Path) -> None:
    assert recording_of(load_model(flags)).name == "shipped"
    for name, features in (("one", 3), ("two", 5)):
        train(toy, home / "models" / name, features=features)
    one, two = load_model(toy, "one"), load_model(toy, "two")
    assert [recording_of(model).name for model in (one, two)] == ["one", "two"]
    step = load_model(toy, str(step_file(home / "models" / "one", 5)))
    assert recording_of(step).name == "one"
    train(toy, home / "models" / "two", until=2, features=6)  # takes the place of the one that made the model
    alone = recording_of(two)
    assert (alone.epochs, len(alone.losses), alone.config["features"]) == ((), 0, 5)


def test_of_two_equal_runs_the_one_that_can_be_looked_at_counts(toy: Dataset, home: Path) -> None:
    for name, snapshots in (("bare", 0), ("kept", 8)):
        train(toy, home / "models" / name, snapshots=snapshots)
    os.utime(home / "models" / "bare" / "log.jsonl")
    model = load_model(toy, "bare")
    assert model.hash == load_model(toy, "kept").hash
    assert recording_of(model).name == "kept"


@pytest.mark.long
def test_a_kept_model_composes(toy: Dataset, home: Path, tmp_path: Path) -> None:
    save_dataset(toy, tmp_path / "toy.npz")
    data = ["--data", str(tmp_path / "toy.npz")]
    options = ["--epochs", "100", "--snapshots", "3", "--features", "5", "--quiet", "--name", "kept"]
    assert run("train", *data, *options).returncode == 0
    step = home / "models" / "kept" / "steps" / "000005.safetensors"
    composed = run("compose", "morocco", "colombia", *data, "--model", str(step), "--json")
    model = load_model(toy, str(step))
    assert json.loads(composed.stdout)["model"] == model.hash
    assert model.info.epochs_done == 5


def test_a_stopped_run_can_be_resumed_and_a_finished_one_cannot(toy: Dataset) -> None:
    train(toy, paths.models_folder() / "stopped", until=7)
    train(toy, paths.models_folder() / "done")
    assert {run.name: run.stopped for run in runs(toy)} == {"done": False, "stopped": True}


def test_a_new_run_goes_where_nothing_is(toy: Dataset) -> None:
    assert free_folder("crisp") == run_folder("crisp") == paths.models_folder() / "crisp"
    for name in ("crisp", "crisp-2"):
        run_folder(name).mkdir(parents=True)
    assert free_folder("crisp") == run_folder("crisp")  # an empty folder is no run
    for name in ("crisp", "crisp-2"):
        (run_folder(name) / "log.jsonl").touch()
        assert taken(run_folder(name))
    assert free_folder("crisp") == run_folder("crisp-3")
    for name in ("Crisp", "../crisp", "shipped", ""):
        with pytest.raises(UsageError, match="name "):
            run_folder(name)


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_a_folder_is_one_processs_at_a_time() -> None:
    folder = run_folder("mine")
    script = "import sys; from pathlib import Path; from flagsae.sae.runs import Claim; c = Claim(Path(sys.argv[1]))"
    script += "; print('claimed', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "claimed\n"
        assert holder(folder) == other.pid and taken(folder)
        with pytest.raises(UsageError, match=f"process {other.pid} is training 'mine': wait"):
            Claim(folder)
        with claim_free("mine") as second, claim_free("mine") as third:
            assert (second.folder.name, third.folder.name) == ("mine-2", "mine-3")
        other.kill()
    assert holder(folder) is None and not taken(folder)
    with Claim(folder):
        assert holder(folder) == os.getpid()
    assert not any(paths.models_folder().iterdir())


def test_what_was_written_in_a_claimed_folder_stays() -> None:
    with claim_free("mine") as claim:
        (claim.folder / "log.jsonl").touch()
    assert [path.name for path in claim.folder.iterdir()] == ["log.jsonl"]
