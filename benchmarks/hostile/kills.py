"""Trainings that are killed at random moments and resumed, again and again: nothing is lost, to the last bit."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flagsae import paths
from flagsae.flags.dataset import save_dataset
from flagsae.flags.prepare import prepare
from flagsae.training.config import PRESETS

COUNT = 50
SLUGS = ("colombia", "france", "japan", "malaysia", "morocco", "sweden")
EPOCHS = 600
WITHIN = 0.5  # seconds after its first row, when a run is killed
# Much is written: most moments are in the middle of something.
OPTIONS = ["--features", "6", "--batch", "3", "--log-every", "10", "--checkpoint-every", "2"]


def train(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flagsae", "train", "--json", "--quiet", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(*words: str) -> None:
    with train(*words) as process:
        _, said = process.communicate()
    if process.returncode:
        raise RuntimeError(f"train {' '.join(words)} ended with {process.returncode}: {said}")


def content(folder: Path) -> dict[str, bytes]:
    """What a run has left, without the seconds of its log and the checkpoint's, and without what is not its own."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    kept = {name: path.read_bytes() for name, path in files.items() if name.endswith(".safetensors")}
    kept.pop("checkpoint.safetensors", None)
    log = (folder / "log.jsonl").read_text().splitlines()
    return {**kept, "log": "\n".join(line.split(', "seconds"')[0] for line in log).encode()}


def options(name: str, preset: str) -> list[str]:
    """Of a run on the dataset `toy`."""
    return ["--name", name, "--preset", preset, "--epochs", str(EPOCHS), "--split", "grouped", "--data=toy", *OPTIONS]


def kill(preset: str, chance: random.Random, kills: int) -> tuple[int, str]:
    """(how often a run was killed, what is wrong in the end): at most so often, then it is let through.

    It's to be equal to the run `whole-PRESET`, which nobody has killed.
    """
    folder = paths.models_folder() / preset
    shutil.rmtree(folder, ignore_errors=True)
    first = options(preset, preset)
    done = 0
    while done < kills:
        begun = (folder / "checkpoint.safetensors").is_file()
        with train(*(["--resume", "--name", preset] if begun else [*first, "--overwrite"])) as process:
            assert process.stdout is not None
            process.stdout.readline()  # it trains: a run that is killed while torch is imported loses nothing anyway
            time.sleep(chance.random() ** 2 * WITHIN)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        if process.returncode != -signal.SIGKILL:
            break  # it was done
        done += 1
    finish(*(["--resume", "--name", preset] if (folder / "checkpoint.safetensors").is_file() else first))
    whole, broken = content(paths.models_folder() / f"whole-{preset}"), content(folder)
    if different := sorted(name for name in whole | broken if whole.get(name) != broken.get(name)):
        return done, f"differs in {', '.join(different)}"
    if left := sorted(path.name for path in folder.rglob("*") if path.name.startswith(".") or path.name == "lock"):
        return done, f"leaves {', '.join(left)}"
    return done, ""


def attack(count: int, seed: int) -> int:
    failures = done = 0
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FLAGSAE_HOME"] = folder
        os.environ["OMP_NUM_THREADS"] = "1"
        (Path(folder) / "toy").mkdir()
        for slug in SLUGS:
            shutil.copy(paths.shipped("flags") / f"{slug}.png", Path(folder) / "toy")
        save_dataset(prepare(Path(folder) / "toy", name="toy", size=(8, 12)), paths.dataset_file("toy"))
        for preset in PRESETS:
            finish(*options(f"whole-{preset}", preset))
        while done < (count or COUNT):
            preset = chance.choice(tuple(PRESETS))
            kills, wrong = kill(preset, chance, min(chance.randint(1, 8), (count or COUNT) - done))
            done += kills
            failures += bool(wrong)
            print(f"{done} kills, {failures} failures; {preset} after {kills}: {wrong or 'equal'}", flush=True)
    return failures
