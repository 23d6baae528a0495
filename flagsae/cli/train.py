"""`flagsae train`: trains a model by a preset, some fields of it changed, and prints the figures on the way."""

from __future__ import annotations

import contextlib
import inspect
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flagsae.cli import options
from flagsae.cli.screen import console, draws, note, record
from flagsae.cli.stopping import Stopping
from flagsae.errors import UsageError
from flagsae.training.config import PRESETS, TrainConfig, make_config
from flagsae.training.start import trainer, usual_preset

if TYPE_CHECKING:
    from flagsae.flags.dataset import Dataset
    from flagsae.sae.runs import Claim
    from flagsae.training.attended import Attended
    from flagsae.training.trainer import Run

COLUMNS = ("train_loss", "validation_loss", "test_loss", "l0", "dead")  # of the table, behind the epoch
LARGE = 10  # a figure from this size on is printed with one decimal, a smaller one with four


def command(
    data: options.Data = "",
    name: Annotated[
        str, typer.Option("--name", help="What to call the model, for --model; the preset's name.", show_default=False)
    ] = "",
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with the run --name, or with the newest, where it stopped."),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a model that has the name.", show_default=False)
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    attended: Annotated[bool, typer.Option("--attended", hidden=True)] = False,
    **changed: Any,
) -> None:
    """Train a model on a dataset: --preset design on what is on the flags, crisp on their areas of flat colour; seed is
    the notebook's network of 2016.

    flagsae train --preset seed

    Without --preset it is design, which takes seconds, or crisp where less than half of the pictures have a design.

    In a pipe it writes the log's rows as JSON lines. Ctrl-C, `kill` and a closed terminal save a checkpoint; --resume
    goes on from it.
    """
    from flagsae.flags.dataset import load_dataset
    from flagsae.sae.runs import Claim

    attendant = _attendant() if attended else None
    changed = {field: value for field, value in changed.items() if value is not None}
    if resume:
        if changed:
            option = next(iter(changed)).replace("_", "-")
            raise UsageError(f"a resumed run keeps its options: leave out --{option}")
        with Claim(_resumable(name)) as claim:
            data, dataset = (data, load_dataset(data)) if data else _dataset_of(claim.folder)
            run = trainer().resume(claim.folder, dataset)
            note(f"resuming {run.folder.name} at epoch {run.epoch} of {run.config.epochs}", quiet)
            _train(run, data, json, quiet, attendant)
    else:
        dataset = load_dataset(data)
        preset, why = (changed.pop("preset"), "") if "preset" in changed else usual_preset(dataset)
        if why:
            note(f"{why}: taking --preset {preset}", quiet)
        config = make_config(preset, **changed)
        if "split" not in changed and config.split not in dataset.splits:
            note(f"dataset {dataset.name!r} has no split {config.split!r}: taking grouped", quiet)
            config = make_config(config.preset, **{**changed, "split": "grouped"})
        with _claim(name or config.preset, bool(name), overwrite) as claim:
            _train(trainer()(claim.folder, config, dataset), data, json, quiet, attendant)


def _resumable(name: str) -> Path:
    """The folder of the run to resume: the named one, or the one with the newest checkpoint."""
    from flagsae import paths
    from flagsae.errors import UnknownName, nearest
    from flagsae.sae.runs import run_folder

    runs = sorted(paths.models_folder().glob("*/checkpoint.safetensors"), key=paths.written)
    if name:
        folder = run_folder(name)  # refuses a path, which would be a folder elsewhere
        if not folder.is_dir():
            raise UnknownName("run", name, nearest(name, [path.parent.name for path in runs], least=0))
        return folder
    if not runs:
        raise UsageError("no run to resume: leave --resume out to start one")
    return runs[-1].parent


def _dataset_of(folder: Path) -> tuple[str, Dataset]:
    """(name, dataset) of a run, found by the dataset's hash: its name may have changed since the run began."""
    from flagsae.errors import DatasetError
    from flagsae.flags.dataset import find_dataset, load_dataset
    from flagsae.sae.model import read_info

    info = read_info(folder / "checkpoint.safetensors")
    if info is None:
        return "", load_dataset()  # the checkpoint is damaged or missing, which reading it will say
    found = find_dataset(info.dataset)
    if found is None:
        raise DatasetError(
            f"run {folder.name!r} is on dataset {info.dataset_name!r} ({info.dataset}), which is "
            "neither the bundled one nor a prepared one: give its file with --data"
        )
    return found


def _claim(name: str, chosen: bool, overwrite: bool) -> Claim:
    """A new run's folder, locked.

    chosen: whether the user chose the name. If not, and it is taken, a number is added; a chosen one is refused.
    """
    from flagsae.sae.runs import Claim, claim_free, run_folder, used

    if not chosen and not overwrite:
        return claim_free(name)
    claim = Claim(run_folder(name))
    if used(claim.folder) and not overwrite:
        claim.release()
        raise UsageError(f"model {name!r} exists: give --overwrite, --resume or another --name")
    return claim


def _attendant() -> Attended:
    """The connection to the application that started this run."""
    from flagsae.training.attended import Attended

    return Attended()


def _line(epoch: str, row: dict[str, Any]) -> str:
    """A row of the table. Losses of the preset seed are large and get one decimal, fractions of variance four."""

    def cell(value: float | None) -> str:
        return "–" if value is None else f"{value:.4f}" if abs(value) < LARGE and value % 1 else f"{value:.1f}"

    return f"{epoch:>6}" + "".join(f"{cell(row[column]):>12}" for column in COLUMNS)


def _train(run: Run, data: str, json: bool, quiet: bool, attendant: Attended | None) -> None:
    """Trains to the end, or until a signal; prints the figures, and saves the model or a checkpoint."""
    table = draws(json or attendant is not None)
    config = run.config
    where = "the span of the flags" if run.objective.path == "span" else PRESETS[config.preset].inputs
    note(
        f"training {config.preset} on {len(run.objective.trained)} flags of {run.dataset.name!r}, "
        f"{config.features} features, {config.epochs} epochs, in {where}",
        quiet,
    )
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    screen = console(stderr=True)
    bar = Progress(
        TextColumn("epoch {task.completed:.0f}/{task.total:.0f}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("loss {task.fields[loss]}"),
        console=screen,
        transient=True,
        redirect_stdout=table,
        redirect_stderr=False,
        disable=quiet or not screen.is_terminal,
    )
    out = console()

    def say(line: str) -> None:
        # The bar's console prints above the bar, if both are on this terminal.
        (bar.console if not bar.disable and table else out).print(line)

    epochs = run.train()
    if attendant:
        attendant.begin(run)
    with Stopping() as stop:
        # Closing `epochs` saves a checkpoint, whatever ends the loop: a closed pipe as well.
        with bar, contextlib.closing(epochs):
            task = bar.add_task("", total=config.epochs, completed=run.epoch, loss="")
            if table:
                say(f"{'epoch':>6}" + "".join(f"{column.removesuffix('_loss'):>12}" for column in COLUMNS))
            for progress in epochs:
                if attendant:
                    attendant.after(progress, run, lambda: bool(stop.number))
                elif progress.row and table:
                    say(_line(str(progress.row["epoch"]), progress.row))
                elif progress.row:
                    record(**progress.row)
                bar.update(task, completed=progress.epoch, loss=f"{progress.loss:.4g}")
                if stop.number:
                    break
        if attendant:
            attendant.tell(run)
        if stop.number and run.epoch < config.epochs:
            again = f"flagsae train --resume --name {run.folder.name}" + (f" --data {data}" if data else "")
            note(f"stopped at epoch {run.epoch}, saved. Go on with: {again}", attendant is not None)
            raise SystemExit(stop.code)
        info = run.save()
    if attendant:
        attendant.done(info.figures)
    if table:
        out.print(_line("end", info.figures))
    note(f"trained in {run.seconds:.1f} s: {run.folder / 'model.safetensors'} ({info.hash})", quiet)
    operands = f"FLAG FLAG --data {data}" if data else "morocco colombia"
    note(f"next: flagsae compose {operands} --model {run.folder.name}", quiet)


def _default(values: Mapping[str, Any]) -> str:
    """Values by preset in a few words: what two or more presets have, and the others' with their names."""
    usual, presets = Counter(values.values()).most_common(1)[0]
    others = [f"{preset} {value}" for preset, value in values.items() if presets == 1 or value != usual]
    return ", ".join(others if presets == 1 else [str(usual), *others])


def _config_options() -> list[inspect.Parameter]:
    """An option for every field of the configuration; left out, the preset's value counts."""
    parameters = []
    configs = {preset: make_config(preset) for preset in PRESETS}
    for entry in fields(TrainConfig):
        kind = type(entry.default)
        values = {preset: getattr(config, entry.name) for preset, config in configs.items()}
        shown = "design, or crisp" if entry.name == "preset" else _default(values)
        choices = entry.metadata.get("choices")
        argument = typer.Option(
            "--" + entry.name.replace("_", "-"),
            help=entry.metadata["help"],
            show_default=shown,
            metavar="|".join(choices) if choices else None,
        )
        parameters.append(
            inspect.Parameter(
                entry.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, argument]
            )
        )
    return parameters


def _with_config_options() -> None:
    """Typer reads a command's options from its signature: `changed` becomes one option a field."""
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "changed"]
    parameters = [*_config_options(), *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own)]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}


_with_config_options()
