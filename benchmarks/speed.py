"""Speed as ratios in one run: `python benchmarks/speed.py`. Absolute seconds depend on the machine."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from flagsae.flags.dataset import load_dataset
from flagsae.training.config import make_config
from flagsae.training.trainer import Run


def process(*command: str) -> float:
    """Median wall seconds of five cold runs of a Python command."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return median(times)


def training(**changed: object) -> float:
    """Seconds of a training run without its log."""
    config = make_config(str(changed.pop("preset")), log_every=10**9, checkpoint_every=10**9, **changed)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), config, load_dataset())
        for _ in run.train():
            pass
        return run.seconds


def main() -> None:
    python = process("-c", "import numpy")
    rows = [
        ("python -c 'import numpy'", python, 1.0),
        ("flagsae --help", (t := process("-m", "flagsae", "--help")), t / python),
        ("flagsae compose morocco colombia", (t := process("-m", "flagsae", "compose", "ma", "co")), t / python),
    ]
    span = training(preset="seed", epochs=60)
    direct = training(preset="seed", epochs=60, path="direct")
    rows += [("seed, 60 epochs, in the span", span, 1.0), ("seed, 60 epochs, direct", direct, direct / span)]
    span = training(preset="crisp", epochs=20)
    direct = training(preset="crisp", epochs=20, path="direct")
    rows += [("crisp, 20 epochs, in the span", span, 1.0), ("crisp, 20 epochs, direct", direct, direct / span)]
    for name, seconds, ratio in rows:
        print(f"{name:<36}{seconds:>9.3f} s{ratio:>9.1f} x")


if __name__ == "__main__":
    main()
