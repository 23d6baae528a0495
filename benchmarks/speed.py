"""Speed as ratios in one run: `python benchmarks/speed.py`. Absolute seconds depend on the machine.

Training is measured in one thread, in seconds of processor time, which other work on the machine disturbs least. What
is compared is measured in turns, and a figure is the median of five. `--against FOLDER`, a checkout of another commit,
adds its training in turns with this one's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median

TURNS = 5
EPOCHS_A_TURN = 5  # of `seed` and of the plain loops
HERE = Path(__file__).resolve().parents[1]
# In a process of its own, as it may belong to another commit: the start of a run and all its epochs, with the FVU of
# held-out flags at the end.
WHOLE_RUN = """
import json, sys, time
from flagsae.training.start import trainer
trainer()
import torch
torch.set_num_threads(1)
from flagsae.flags.dataset import load_dataset
from flagsae.training.config import make_config
from flagsae.training.trainer import OBJECTIVES
config, dataset = make_config(sys.argv[1], train_on="train", seed=int(sys.argv[2])), load_dataset()
start = time.thread_time()
run = OBJECTIVES[config.preset](config, dataset)
for _ in range(config.epochs):
    run.epoch()
seconds = time.thread_time() - start
figures = run.figures(run.model())
print(json.dumps([seconds, figures["validation_loss"], figures["test_loss"]]))
"""


def process(*command: str) -> float:
    """Median wall seconds of five cold runs of a Python command."""
    times = []
    for _ in range(TURNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return median(times)


def paths_taken(preset: str, epochs: int) -> list[tuple[str, float, float]]:
    """Rows of the two paths of a training run, without its log."""
    from flagsae.flags.dataset import load_dataset
    from flagsae.training.config import make_config
    from flagsae.training.trainer import Run

    seconds = []
    for path in ("span", "direct"):
        config = make_config(preset, epochs=epochs, path=path, threads=1, log_every=10**9, checkpoint_every=10**9)
        with tempfile.TemporaryDirectory() as folder:
            run = Run(Path(folder), config, load_dataset())
            for _ in run.train():
                pass
            seconds.append(run.seconds)
    span, direct = seconds
    name = f"{preset}, {epochs} epochs"
    return [(f"{name}, in the span", span, 1.0), (f"{name}, direct", direct, direct / span)]


def in_turns(compared: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of processor time of each function, after a first call that does not count."""
    times: dict[str, list[float]] = {name: [] for name in compared}
    for turn in range(TURNS + 1):
        for name, function in compared.items():
            start = time.thread_time()
            function()
            if turn:
                times[name].append(time.thread_time() - start)
    return {name: median(found) for name, found in times.items()}


def seed_against_plain() -> None:
    """Prints the rows of the notebook's recipe against plain loops, and against the products alone."""
    import torch
    from plain import in_autograd, in_numpy, products_alone

    from flagsae.flags.dataset import load_dataset
    from flagsae.training.config import make_config
    from flagsae.training.seed import SeedObjective

    torch.set_num_threads(1)
    run = SeedObjective(make_config("seed"), load_dataset())
    loops: dict[str, Callable[[], float]] = {
        "plain numpy, float64": in_numpy(run),
        "plain PyTorch, autograd": in_autograd(run),
        "the products alone": products_alone(run),
        "flagsae": lambda: run.epoch()[0],
    }
    losses = {}

    def several(name: str) -> None:
        for _ in range(EPOCHS_A_TURN):
            losses[name] = loops[name]()

    found = in_turns({name: partial(several, name) for name in loops})
    print(f"\nseed, an epoch: {'ms':>20}{'x flagsae':>12}{'loss of the last':>20}")
    for name, seconds in found.items():
        milliseconds = 1000 * seconds / EPOCHS_A_TURN
        print(f"{name:<26}{milliseconds:>10.1f}{seconds / found['flagsae']:>12.2f}{losses[name]:>20.1f}")


def whole_runs(against: Path | None) -> None:
    """Prints the rows of whole runs of `crisp` and `design`, each turn with another seed."""
    folders = {"this commit": HERE, **({f"{against}": against} if against else {})}
    print(f"\nwhole runs, one thread:{'seconds':>27}{'x':>7}{'FVU, validation':>17}{'test':>8}")
    for preset in ("crisp", "design"):
        found: dict[str, list[list[float]]] = {name: [] for name in folders}
        for turn in range(TURNS):
            for name, folder in folders.items():
                environment = {**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
                command = [sys.executable, "-c", WHOLE_RUN, preset, str(turn)]
                said = subprocess.run(
                    command, check=True, capture_output=True, text=True, env=environment, cwd=folder
                ).stdout
                found[name].append(json.loads(said))
        ours = median(row[0] for row in found["this commit"])
        for name, rows in found.items():
            seconds, validation, test = (median(row[column] for row in rows) for column in range(3))
            print(f"{preset + ', ' + name:<40}{seconds:>10.2f}{seconds / ours:>7.2f}{validation:>17.3f}{test:>8.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, help="a checkout of another commit, to train in turns with")
    parser.add_argument("--training", action="store_true", help="only the rows of training")
    asked = parser.parse_args()
    if not asked.training:
        python = process("-c", "import numpy")
        rows = [
            ("python -c 'import numpy'", python, 1.0),
            ("flagsae --help", (t := process("-m", "flagsae", "--help")), t / python),
            ("flagsae compose morocco colombia", (t := process("-m", "flagsae", "compose", "ma", "co")), t / python),
        ]
        rows += paths_taken("seed", 60) + paths_taken("crisp", 20)
        for name, seconds, ratio in rows:
            print(f"{name:<36}{seconds:>9.3f} s{ratio:>9.1f} x")
    seed_against_plain()
    whole_runs(asked.against)


if __name__ == "__main__":
    main()
