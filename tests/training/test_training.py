"""Both presets on real flags: the figures, the two paths, an interrupted run, a killed one."""

import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from models import read_tensors

from flagsae import paths
from flagsae.errors import DatasetError, ModelError, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.flags.prepare import prepare
from flagsae.sae.crisp import Crisp
from flagsae.sae.info import Info
from flagsae.sae.model import KINDS, load_model, read_info, save_model
from flagsae.sae.runs import read_log, recorded, step_file, step_files
from flagsae.sae.seed import Seed
from flagsae.training import config
from flagsae.training.config import PRESETS, TrainConfig, make_config, snapshot_epochs, users
from flagsae.training.crisp import CrispObjective
from flagsae.training.encoders import ENCODERS
from flagsae.training.gradient import gradients
from flagsae.training.resources import threads, threads_for
from flagsae.training.seed import SeedObjective, kl_sparsity
from flagsae.training.trainer import OBJECTIVES, Run


def finish(run: Run) -> Info:
    for _ in run.train():
        pass
    return run.save()


@pytest.mark.long
def test_a_fresh_training_reaches_the_shipped_models_figures(flags: Dataset, tmp_path: Path) -> None:
    shipped = read_info(paths.shipped("crisp.safetensors"))
    assert shipped is not None
    info = finish(Run(tmp_path, TrainConfig(**shipped.config), flags))
    assert info.figures["train_loss"] == pytest.approx(shipped.figures["train_loss"], abs=0.01)
    assert info.figures["l0"] == pytest.approx(shipped.figures["l0"], abs=0.2)
    assert info.figures["dead"] <= shipped.figures["dead"] + 3


@pytest.mark.long
def test_the_seed_preset_trains_to_the_notebooks_losses(flags: Dataset, tmp_path: Path) -> None:
    info = finish(Run(tmp_path, make_config("seed"), flags))
    rows = read_log(tmp_path)
    assert [row["epoch"] for row in rows] == list(range(0, 1000, 100))
    assert all(np.isfinite(row[f"{part}_loss"]) for row in rows for part in ("train", "validation", "test"))
    assert info.figures["train_loss"] <= 400
    assert info.figures["validation_loss"] <= 900
    assert info.figures["dead"] == 0
    model = load_model(flags, str(tmp_path / "model.safetensors"))
    assert isinstance(model, Seed)
    assert len(model) == 64 and model.W_in.shape == (64, 20808)
    afghanistan = flags.find(["afghanistan"])
    rebuilt = model.decode(model.encode(afghanistan)).astype(float)
    blank = flags.flags.canvas.mean(0)
    assert ((rebuilt - afghanistan.canvas) ** 2).mean() < 0.3 * ((blank - afghanistan.canvas) ** 2).mean()


@pytest.mark.long
@pytest.mark.parametrize("preset", ["crisp", "seed"])
def test_the_span_and_the_pixels_give_the_same_model(toy: Dataset, tmp_path: Path, preset: str) -> None:
    models = []
    for path in ("span", "direct"):
        config = make_config(
            preset, path=path, epochs=30, features=5, batch=4, split="grouped", train_on="all", noise=0.3
        )
        run = Run(tmp_path / path, config, toy)
        for _ in run.train():
            pass
        models.append(run.model())
    codes = [model.encode(toy.flags) for model in models]
    assert codes[0] == pytest.approx(codes[1], abs=2e-3)
    if isinstance(models[0], Crisp) and isinstance(models[1], Crisp):
        assert models[0].scores(codes[0]) == pytest.approx(models[1].scores(codes[1]), abs=5e-3)
    else:
        assert (np.abs(models[0].decode(codes[0]).astype(int) - models[1].decode(codes[1])) <= 1).all()


@pytest.mark.long
@pytest.mark.parametrize("preset", ["crisp", "seed"])
def test_a_resumed_run_ends_where_an_unbroken_one_does(toy: Dataset, tmp_path: Path, preset: str) -> None:
    config = make_config(preset, epochs=40, features=8, batch=4, split="grouped", log_every=10)
    whole = Run(tmp_path / "whole", config, toy)
    finish(whole)
    broken = Run(tmp_path / "broken", config, toy)
    epochs = broken.train()
    for progress in epochs:
        if progress.epoch == 17:
            epochs.close()
    assert broken.epoch == 17
    resumed = Run.resume(tmp_path / "broken", toy)
    assert resumed.epoch == 17
    finish(resumed)
    saved = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "broken")]
    assert saved[0] == saved[1]
    logs = [
        [{k: v for k, v in row.items() if k != "seconds"} for row in read_log(tmp_path / name)]
        for name in ("whole", "broken")
    ]
    assert logs[0] == logs[1]
    steps = [
        {epoch: path.read_bytes() for epoch, path in step_files(tmp_path / n).items()} for n in ("whole", "broken")
    ]
    assert list(steps[0]) == [0, 1, 2, 5, 10, 20, 40]
    assert steps[0] == steps[1]


@pytest.mark.parametrize(
    ("epochs", "at_most", "kept"),
    [
        (2000, 16, (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000)),
        (1000, 10, (0, 1, 5, 10, 50, 100, 200, 300, 700, 1000)),
        (40, 16, (0, 1, 2, 5, 10, 20, 40)),
        (7, 2, (0, 7)),
        (7, 1, (7,)),
        (7, 0, ()),
    ],
)
def test_which_models_a_run_keeps(epochs: int, at_most: int, kept: tuple[int, ...]) -> None:
    assert snapshot_epochs(epochs, at_most) == kept


def test_however_many_are_kept_they_ascend_from_0_to_the_last() -> None:
    for epochs in (1, 2, 99, 100, 101, 12345):
        for at_most in range(2, 30):
            kept = snapshot_epochs(epochs, at_most)
            assert kept[0] == 0 and kept[-1] == epochs and len(kept) <= at_most
            assert list(kept) == sorted(set(kept))


@pytest.mark.parametrize("preset", ["crisp", "seed"])
def test_keeping_models_on_the_way_changes_nothing_of_the_last(toy: Dataset, tmp_path: Path, preset: str) -> None:
    for snapshots in (0, 4):
        config = make_config(preset, epochs=30, features=8, split="grouped", snapshots=snapshots)
        finish(Run(tmp_path / str(snapshots), config, toy))
    with_none, with_some = tmp_path / "0", tmp_path / "4"
    assert (with_none / "model.safetensors").read_bytes() == (with_some / "model.safetensors").read_bytes()
    assert not step_files(with_none)
    assert list(step_files(with_some)) == [0, 2, 10, 30]


def test_a_run_in_place_of_another_leaves_none_of_its_steps(toy: Dataset, tmp_path: Path) -> None:
    finish(Run(tmp_path, make_config("crisp", epochs=30, features=5), toy))
    epochs = Run(tmp_path, make_config("crisp", epochs=3, features=4, snapshots=2), toy).train()
    next(epochs)
    assert list(step_files(tmp_path)) == [0]
    assert len(load_model(toy, str(step_file(tmp_path, 0)))) == 4
    # Also a kill at this moment leaves nothing of the old run to go on with.
    assert Run.resume(tmp_path, toy).config.features == 4


def test_steps_after_the_checkpoint_are_made_again(toy: Dataset, tmp_path: Path) -> None:
    run = Run(tmp_path, make_config("crisp", epochs=20, features=5, log_every=5), toy)
    epochs = run.train()
    while next(epochs).epoch < 7:
        pass
    epochs.close()
    early = (tmp_path / "checkpoint.safetensors").read_bytes()
    finish(Run.resume(tmp_path, toy))
    unbroken = recorded(toy, tmp_path).losses
    (tmp_path / "checkpoint.safetensors").write_bytes(early)  # as if it had been killed before the next one
    resumed = Run.resume(tmp_path, toy)
    epochs = resumed.train()
    next(epochs)
    assert list(step_files(tmp_path)) == [0, 1, 2, 5]
    for _ in epochs:
        pass
    assert list(step_files(tmp_path)) == [0, 1, 2, 5, 10, 20]
    again = recorded(toy, tmp_path).losses
    assert len(again) == 20 and (again == unbroken).all()


def test_a_checkpoint_of_before_there_were_steps_is_gone_on_with(toy: Dataset, tmp_path: Path) -> None:
    run = Run(tmp_path, make_config("seed", epochs=20, features=5, split="grouped", snapshots=0), toy)
    epochs = run.train()
    while next(epochs).epoch < 7:
        pass
    epochs.close()
    checkpoint = tmp_path / "checkpoint.safetensors"
    tensors, header = read_tensors(checkpoint)
    del tensors["losses"], header["config"]["snapshots"]
    save_model(checkpoint, tensors, header)
    resumed = Run.resume(tmp_path, toy)
    assert resumed.config.snapshots == 10
    finish(resumed)
    recording = recorded(toy, tmp_path)
    assert recording.epochs == (10, 20)
    # Of the first seven epochs only what the log says is known.
    assert np.isfinite(recording.losses).tolist() == [True] + 6 * [False] + 13 * [True]


@pytest.mark.parametrize("preset", ["crisp", "seed"])
def test_an_epoch_says_what_the_figures_say(toy: Dataset, tmp_path: Path, preset: str) -> None:
    # At a rate of 0 both steps of the epoch see the model that the figures are of.
    options = {"features": 24, "active": 2, "batch": 4, "learning_rate": 0.0, "split": "grouped", "train_on": "all"}
    config = make_config(preset, epochs=4, **options)
    progress = next(Run(tmp_path, config, toy).train())
    kept = read_info(step_file(tmp_path, 0))
    assert kept is not None
    before = kept.figures
    assert progress.loss == pytest.approx(recorded(toy, tmp_path).losses[0])
    assert progress.l0 == pytest.approx(before["l0"])
    assert progress.dead == before["dead"]
    assert 0 < progress.dead < 24 if preset == "crisp" else progress.dead == 0


def test_a_seed_model_taken_on_the_way_stays_as_it_is(toy: Dataset, tmp_path: Path) -> None:
    run = Run(tmp_path, make_config("seed", epochs=20, features=5, split="grouped"), toy)
    epochs = run.train()
    next(epochs)
    early = run.model()
    kept = early.atoms().copy()
    next(epochs)
    assert (early.atoms() == kept).all()
    assert (run.model().atoms() != kept).any()


def test_the_kl_is_right_and_finite_where_activations_vanish() -> None:
    pre = torch.tensor([[0.3, -1.0], [1.2, 0.4]], dtype=torch.float64)
    mean = torch.sigmoid(pre).mean(0)
    expected = (0.25 * (0.25 / mean).log() + 0.75 * (0.75 / (1 - mean)).log()).sum()
    assert float(kl_sparsity(pre, 0.25)) == pytest.approx(float(expected))
    gone = torch.full((4, 2), -500.0, requires_grad=True)
    loss = kl_sparsity(gone, 0.25)
    loss.backward()
    assert torch.isfinite(loss) and gone.grad is not None and torch.isfinite(gone.grad).all()


def test_the_seed_gradient_is_autograds(toy: Dataset) -> None:
    config = make_config("seed", features=5, batch=6, split="grouped", train_on="all", path="direct")
    objective = SeedObjective(config, toy)
    leaves = [t.clone().requires_grad_() for t in (objective.W_in, objective.b_in, objective.W_out, objective.b_out)]
    pre = objective.X @ leaves[0].T + leaves[1]
    output = torch.sigmoid(torch.sigmoid(pre) @ leaves[2].T + leaves[3])
    loss = (output - objective.X).square().sum(1).mean() / 2 + config.beta * kl_sparsity(pre, config.rho)
    loss.backward()
    objective.epoch()
    after = (objective.W_in, objective.b_in, objective.W_out, objective.b_out)
    for leaf, stepped in zip(leaves, after, strict=True):
        assert leaf.grad is not None
        assert torch.allclose(leaf.detach() - 0.05 * leaf.grad, stepped, atol=1e-5)


@pytest.mark.parametrize(("encoder", "directions"), [("free", "W_enc"), ("inverse", "W_dec")])
def test_dead_features_are_revived_through_the_encoder(toy: Dataset, encoder: str, directions: str) -> None:
    config = make_config("crisp", features=12, active=1, split="grouped", encoder=encoder, recoloured=0.0)
    objective = CrispObjective(config, toy)
    dead = torch.arange(12) < 6
    objective.parameters["b_enc"][6:] = 9.0  # the dead would fire, but are never among the strongest
    objective.parameters["b_enc"][:6] = 0.5
    flags = objective.Z
    _, on, given = gradients(objective.parameters, config, flags, flags, dead)
    assert not dead[on.columns].any() and given[directions][dead].norm() > 0


@pytest.mark.long
def test_held_out_flags_are_scored_only_where_they_are_held_out(flags: Dataset, tmp_path: Path) -> None:
    quick = {"features": 48, "recoloured": 0.0}
    run = Run(tmp_path, make_config("crisp", train_on="train", epochs=30, **quick), flags)
    figures = finish(run).figures
    assert 0 < figures["train_loss"] < figures["validation_loss"]
    trained = set(run.objective.trained.tolist())
    assert not trained & set(flags.splits["grouped"]["test"].tolist())
    everyone = Run(tmp_path, make_config("crisp", epochs=1, **quick), flags)
    assert finish(everyone).figures["validation_loss"] is None


@pytest.mark.long
def test_batchtopk_keeps_k_activations_a_flag_on_average(flags: Dataset, tmp_path: Path) -> None:
    options = {"activation": "batchtopk", "features": 64, "epochs": 60, "recoloured": 0.0}
    run = Run(tmp_path, make_config("crisp", **options), flags)
    info = finish(run)
    assert run.model().threshold > 0
    assert info.figures["l0"] == pytest.approx(8, abs=0.5)


@pytest.mark.parametrize("encoder", ["tied", "inverse"])
def test_an_encoder_made_from_the_atoms_is_the_same_in_the_span_and_on_pixels(
    toy: Dataset, tmp_path: Path, encoder: str
) -> None:
    models = []
    for path in ("span", "direct"):
        options = {"encoder": encoder, "recoloured": 1.0, "noise": 0.2, "activation": "batchtopk"}
        run = Run(tmp_path / path, make_config("crisp", path=path, epochs=30, features=5, active=2, **options), toy)
        for _ in run.train():
            pass
        assert "W_enc" not in run.objective.state()
        models.append(run.model())
    assert models[0].encode(toy.flags) == pytest.approx(models[1].encode(toy.flags), abs=2e-3)


@pytest.mark.long
def test_recoloured_flags_lie_in_the_span_and_help_with_unseen_flags(flags: Dataset, tmp_path: Path) -> None:
    held_out = []
    for options in ({"encoder": "free", "recoloured": 0.0}, {"encoder": "inverse", "recoloured": 0.3}):
        run = Run(tmp_path, make_config("crisp", train_on="train", epochs=200, features=96, **options), flags)
        held_out.append(finish(run).figures["validation_loss"])
    assert len(run.objective.others) == 6 * len(run.objective.trained)
    assert 0.2 < run.objective.others.square().sum(1).mean() < 1
    assert held_out[1] < held_out[0] - 0.05


def test_the_inverse_encoder_tells_overlapping_atoms_apart(toy: Dataset) -> None:
    objective = CrispObjective(make_config("crisp", features=4, encoder="inverse", split="grouped"), toy)
    with torch.no_grad():
        atoms = objective.parameters["W_dec"]
        atoms[1] = atoms[0] + 0.5 * atoms[1]
        atoms /= atoms.norm(dim=1, keepdim=True)
        tied = atoms @ atoms.T
        inverse = objective.encoder() @ atoms.T
    assert (inverse - torch.eye(4)).norm() < (tied - torch.eye(4)).norm()


def test_the_tables_of_kinds_and_of_encoders_have_the_same_rows() -> None:
    kinds = {
        "OBJECTIVES in training/trainer.py": set(OBJECTIVES),
        "PRESETS in training/config.py": set(PRESETS),
    }
    for table, names in kinds.items():
        assert names == set(KINDS), f"{table} has not the rows of KINDS in sae/model.py"
    assert set(ENCODERS) == set(config.ENCODERS), "ENCODERS of config.py and of encoders.py"


def test_a_preset_names_fields_that_there_are() -> None:
    known = {entry.name for entry in fields(TrainConfig)}
    assert all(known >= {*preset.own, *preset.changed} for preset in PRESETS.values())
    assert (
        users("salience") == ("crisp",) and users("active") == ("design", "crisp") and users("epochs") == tuple(PRESETS)
    )


@pytest.mark.parametrize("field", ["features", "epochs", "salience", "preset", "activation", "rho"])
def test_a_field_out_of_bounds_is_named(field: str) -> None:
    with pytest.raises(UsageError, match=f"^{field} is "):
        TrainConfig(**{field: -1 if field not in ("preset", "activation") else "nonsense"})


@pytest.mark.parametrize("preset", ["crisp", "seed"])
def test_what_is_not_finite_is_never_saved(toy: Dataset, tmp_path: Path, preset: str) -> None:
    options = {"features": 5, "split": "grouped", "epochs": 9, "checkpoint_every": 1, "log_every": 9}
    run = Run(tmp_path, make_config(preset, **options), toy)
    epochs = run.train()
    next(epochs)
    with torch.no_grad():
        next(tensor for name, tensor in run.objective.state().items() if name.startswith("W"))[0, 0] = torch.inf
    with pytest.raises(ModelError, match=r"training diverged by epoch \d+: try a smaller learning_rate"):
        list(epochs)
    for path in tmp_path.rglob("*.safetensors"):
        tensors, _ = read_tensors(path)
        assert all(np.isfinite(tensor).all() for tensor in tensors.values())
    assert Run.resume(tmp_path, toy).epoch >= 1
    with pytest.raises(ModelError, match="diverged"):
        run.save()
    assert not (tmp_path / "model.safetensors").exists()


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", ["span", "direct"])
def test_flags_that_are_all_alike_train_or_say_why_not(toy_folder: Path, tmp_path: Path, count: int, path: str) -> None:
    (tmp_path / "alike").mkdir()
    for number in range(count):
        shutil.copy(toy_folder / "japan.png", tmp_path / "alike" / f"{number}.png")
    alike = prepare(tmp_path / "alike", name="alike", size=(8, 12))
    with pytest.raises(DatasetError, match=rf"'alike' that are trained on \({count}\) are all alike: there is nothing"):
        Run(tmp_path / "crisp", make_config("crisp", features=4, path=path), alike)
    config = make_config("seed", features=4, path=path, epochs=200, split="grouped", train_on="all")
    run = Run(tmp_path / "seed", config, alike)
    figures = finish(run).figures
    assert figures["dead"] == 4 and figures["train_loss"] < 20
    rebuilt = run.model().decode(run.model().encode(alike.flags)).astype(int)
    assert np.abs(rebuilt - alike.flags.canvas).mean() < 40


@pytest.mark.long
def test_two_flags_are_enough(toy: Dataset, tmp_path: Path) -> None:
    two = replace(toy, flags=toy.flags[[0, 2]], splits={"grouped": {"train": np.arange(2)}})
    for path in ("span", "direct"):
        figures = finish(Run(tmp_path / path, make_config("crisp", features=4, epochs=300, path=path), two)).figures
        assert figures["train_loss"] < 0.01


def test_a_run_has_the_threads_that_its_matrices_are_worth(toy: Dataset, flags: Dataset, tmp_path: Path) -> None:
    before = torch.get_num_threads()
    seen: list[int] = []
    run = Run(tmp_path, make_config("crisp", epochs=2, features=5, threads=10**6), toy)
    epoch = run.objective.epoch
    run.objective.epoch = lambda: seen.append(torch.get_num_threads()) or epoch()
    info = finish(run)
    assert seen == 2 * [os.cpu_count()] and torch.get_num_threads() == before
    assert "threads" not in info.config
    works = {name: OBJECTIVES[name].needs(make_config(name), flags).work for name in ("crisp", "seed")}
    direct = SeedObjective.needs(make_config("seed", path="direct"), flags).work
    with threads(2):
        assert threads_for(works["crisp"], 0) == threads_for(works["seed"], 0) == 1
        assert threads_for(direct, 0) == 2
    assert threads_for(direct, 1) == 1


def test_resuming_on_another_dataset_is_refused(toy: Dataset, flags: Dataset, tmp_path: Path) -> None:
    finish(Run(tmp_path, make_config("crisp", epochs=2, features=4), toy))
    with pytest.raises(ModelError, match="belongs to dataset 'toy'"):
        Run.resume(tmp_path, flags)
    with pytest.raises(ModelError, match="no checkpoint"):
        Run.resume(tmp_path / "nowhere", flags)


def test_the_config_travels_with_the_model(toy: Dataset, tmp_path: Path) -> None:
    config = make_config("crisp", epochs=3, features=4, seed=5)
    finish(Run(tmp_path, config, toy))
    info = read_info(tmp_path / "model.safetensors")
    assert info is not None and TrainConfig(**info.config) == config
