"""Makes what is shipped and not drawn by hand, all with seed 0: `python data/make.py`, or only some of its steps.

- `flags`: `flags.npz`, the dataset, from the pictures in `flags/`, with their designs;
- `design`: `design.safetensors`, the model of designs, trained on these, and `design-run/`, its recorded run;
- `names`: the names of its features, which its file has, anew: where the naming changed but not the model;
- `crisp`: `crisp.safetensors`, the model of pictures, trained on the dataset, and `crisp-run/`, its recorded run;
- `parts`: `parts.safetensors`, the dictionaries of layouts and shapes, trained on the dataset and on drawn regions;
- `cutouts`: `cutouts.safetensors`, the outlines of eagles and arms. They are traced from large pictures of the flags,
  1224 pixels wide and named like those in `flags/`, which are not shipped: only with `--large FOLDER`;
- `subnational`: `subnational.json`, the design features of sub-national flags, which `design` is trained on too; their
  pictures are not shipped: only with `--subnational FOLDER`.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from cutouts import made
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from flagsae.design.cutouts import FILE, save_cutouts
from flagsae.design.feature_table import Table
from flagsae.design.vectors import SUBNATIONAL, packed, vector, vectors, with_designs
from flagsae.flags.dataset import load_dataset, save_dataset
from flagsae.flags.prepare import prepare
from flagsae.sae.design import weighted
from flagsae.sae.runs import step_file, step_files
from flagsae.tensors import opened, rounded, save
from flagsae.training.config import make_config, snapshot_epochs
from flagsae.training.regions import PartConfig, save_parts, train_parts
from flagsae.training.trainer import Run
from flagsae.workspace.workspace import open_workspace

HERE = Path(__file__).parent
DATASET = HERE / "flags.npz"


def make_flags() -> None:
    save_dataset(with_designs(prepare())[0], DATASET)


ALIKE = 0.9  # cosine of the features of a sub-national flag and a bundled one from which they count as the same

# Of a recorded run: how many models on the way are kept, and what their matrices are rounded to, in standard
# deviations: of the first, of those between, and of the last. At these grains a picture of the last of `crisp` differs
# from the model's in less than a pixel of a thousand, one of those between from its own in a pixel of a hundred.
STEPS_KEPT, GRAINS = {"design": 8, "crisp": 3}, (0.4, 0.2, 0.12)


def make_model(preset: str, threads: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), make_config(preset, seed=0, threads=threads), load_dataset(str(DATASET)))
        for _ in run.train():
            pass
        print(run.save().figures)
        made = HERE / f"{preset}.safetensors"
        shutil.copy(run.folder / "model.safetensors", made)
        if preset == "design":
            name_features(made)
        shutil.rmtree(kept := HERE / f"{preset}-run", ignore_errors=True)
        keep_steps(run.folder, kept, STEPS_KEPT[preset])
        shutil.copy(run.folder / "log.jsonl", kept)


def name_features(path: Path) -> None:
    """Writes the names of a model's features into its file, so that they need not be found anew each time."""
    workspace = open_workspace(str(DATASET), str(path))
    with opened(path) as file:
        header, tensors = file.header, {name: file.read(name) for name in file.names}
    labels = [card.label.words if card.label.trusted else "" for card in workspace.cards]
    save(path, tensors, {**header, "labels": labels})
    print(f"{sum(map(bool, labels))} of {len(labels)} features have a name")


def keep_steps(run: Path, folder: Path, count: int) -> None:
    """Copies some of a run's models on the way, rounded, each with the losses of those that are left out before
    it."""
    files = step_files(run)
    kept, losses = snapshot_epochs(max(files), count), []
    for epoch, path in files.items():
        with opened(path) as file:
            header, tensors = file.header, {name: file.read(name) for name in file.names}
        losses.append(tensors["losses"])
        if epoch in kept:
            grain = GRAINS[0 if epoch == min(files) else 2 if epoch == max(files) else 1]
            small = {name: rounded(one, grain) if one.ndim == 2 else one for name, one in tensors.items()}
            save(step_file(folder, epoch), {**small, "losses": np.concatenate(losses)}, header)
            losses = []


def make_parts() -> None:
    dataset, config = load_dataset(str(DATASET)), PartConfig(seed=0)
    with threadpool_limits(1):  # sums in one order, whatever the machine has
        model = train_parts(dataset.flags, config, print)
    print(save_parts(model, HERE / "parts.safetensors", dataset.hash, config))


def make_cutouts(folder: Path) -> None:
    found = made(folder)
    save_cutouts(found, HERE / FILE)
    print(f"{len(found.names)} cut-outs, {len(found.codes):,} bytes of outlines")


def make_subnational(folder: Path) -> None:
    """Features of the pictures of a folder that no bundled flag has nearly all of, or held-out flags would be known."""
    dataset = load_dataset(str(DATASET))
    told = vectors(dataset)
    table = Table.of(told)
    known = weighted(table.matrix(told), table)
    kept: list[dict[str, float]] = []
    for path in sorted(folder.glob("*.png")):
        features = vector(dataset, dataset.find([str(path)]))
        own = {name: weight for name, weight in features.items() if name in table.names}
        if own and (known @ weighted(table.matrix([own]), table)[0]).max() < ALIKE:
            kept.append(own)
    (HERE / SUBNATIONAL).write_bytes(packed(kept))
    print(f"{len(kept)} sub-national flags, {(HERE / SUBNATIONAL).stat().st_size:,} bytes")


STEPS: dict[str, Callable[[], None]] = {
    "flags": make_flags,
    "design": partial(make_model, "design", 1),
    "names": partial(name_features, HERE / "design.safetensors"),
    "crisp": partial(make_model, "crisp", 2),
    "parts": make_parts,
}
WITH_PICTURES = {"cutouts": ("large", make_cutouts), "subnational": ("subnational", make_subnational)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = ", ".join((*STEPS, *WITH_PICTURES))
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"of {every}; by default all, in this order")
    parser.add_argument("--large", type=Path, metavar="FOLDER", help="the large pictures that cut-outs are traced from")
    parser.add_argument("--subnational", type=Path, metavar="FOLDER", help="pictures of sub-national flags")
    given = parser.parse_args()
    folders = {step: folder for step, (option, _) in WITH_PICTURES.items() if (folder := getattr(given, option))}
    steps = given.steps or [*STEPS, *folders]
    if unknown := set(steps) - {*STEPS, *WITH_PICTURES}:
        parser.error(f"no step {', '.join(sorted(unknown))}: there are {every}")
    for step in steps:
        if step in STEPS:
            STEPS[step]()
            continue
        option, make = WITH_PICTURES[step]
        if step not in folders or not folders[step].is_dir():
            parser.error(f"{step} is made from pictures that are not shipped: give their folder with --{option}")
        make(folders[step])


if __name__ == "__main__":
    main()
