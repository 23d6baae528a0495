"""Makes what is shipped and not drawn by hand, all with seed 0: `python data/make.py`, or only some of its steps.

- `flags`: `flags.npz`, the dataset, from the pictures in `flags/`, with their designs;
- `crisp`: `crisp.safetensors`, the model of whole flags, trained on the dataset, and `crisp-run/`, its recorded run;
- `parts`: `parts.safetensors`, the dictionaries of layouts and shapes, trained on the dataset and on drawn regions.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from flagsae.design.kept import with_designs
from flagsae.flags.dataset import load_dataset, save_dataset
from flagsae.flags.prepare import prepare
from flagsae.sae.model import SHIPPED
from flagsae.sae.runs import SHIPPED_RUN
from flagsae.training.config import make_config
from flagsae.training.regions import PartConfig, save_parts, train_parts
from flagsae.training.trainer import Run

HERE = Path(__file__).parent
DATASET = HERE / "flags.npz"


def make_flags() -> None:
    save_dataset(with_designs(prepare())[0], DATASET)


def make_crisp() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), make_config("crisp", seed=0, threads=2), load_dataset(str(DATASET)))
        for _ in run.train():
            pass
        print(run.save().figures)
        shutil.copy(run.folder / "model.safetensors", HERE / SHIPPED)
        shutil.rmtree(HERE / SHIPPED_RUN, ignore_errors=True)
        shutil.copytree(run.folder / "steps", HERE / SHIPPED_RUN / "steps")
        shutil.copy(run.folder / "log.jsonl", HERE / SHIPPED_RUN)


def make_parts() -> None:
    dataset, config = load_dataset(str(DATASET)), PartConfig(seed=0)
    with threadpool_limits(1):  # sums in one order, whatever the machine has
        model = train_parts(dataset.flags, config, print)
    print(save_parts(model, HERE / "parts.safetensors", dataset.hash, config))


STEPS = {"flags": make_flags, "crisp": make_crisp, "parts": make_parts}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "steps", nargs="*", metavar="STEP", help=f"of {', '.join(STEPS)}; by default all, in this order"
    )
    steps = parser.parse_args().steps or list(STEPS)
    if unknown := set(steps) - set(STEPS):
        parser.error(f"no step {', '.join(sorted(unknown))}: there are {', '.join(STEPS)}")
    for step in steps:
        STEPS[step]()


if __name__ == "__main__":
    main()
