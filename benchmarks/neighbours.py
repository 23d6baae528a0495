"""Are flags that look alike to people neighbours in encoding space? `python benchmarks/neighbours.py`, a table.

The three groups are those of "Generating World Flags with Sparse Auto-Encoders" (Will Wolf, 2016), which found them on
a map of its encodings. A figure is the rank of one flag among the other's neighbours, of all the flags of the dataset,
by the cosine of what their codes stand for: 1 is the nearest. Equal similarities have the rank of the last of them.
Pixels are the baseline, compared as the seed preset's codes are: without their share of the mean picture, which all
flags have in common.

`--seed-model NAME` takes a model that `flagsae train --preset seed` has made; `--train` makes one on the spot (half a
minute). Without either its column is left out.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import load_dataset
from flagsae.sae.embedding import similarities
from flagsae.sae.kind import Model
from flagsae.sae.model import SHIPPED, load_model

GROUPS = (
    ("belgium", "chad", "mali"),
    ("malaysia", "liberia", "puerto-rico"),
    ("canada", "denmark", "peru"),
)


def train(seed: int) -> Model:
    """The seed preset's model, trained now."""
    from flagsae.training.config import make_config
    from flagsae.training.trainer import Run

    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), make_config("seed", seed=seed), load_dataset())
        for _ in run.train():
            pass
        return run.model()


def _meanings(model: Model) -> NDArray[np.float32]:
    return model.meanings(model.encode(model.dataset.flags))


def rank(alike: NDArray[np.float64], one: int, other: int) -> int:
    """The rank of the one among the other's neighbours. alike: N x N."""
    row = np.delete(alike[other], other)
    return int((row >= alike[other, one]).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description="Ranks of flags among each other's neighbours.")
    parser.add_argument("--seed-model", metavar="NAME|FILE", default="")
    parser.add_argument("--train", action="store_true", help="train the seed preset now")
    parser.add_argument("--seed", type=int, default=0, help="random seed of that training")
    given = parser.parse_args()
    dataset = load_dataset()
    flags = dataset.flags
    codes = {f"`{kind}`": _meanings(load_model(dataset, kind)) for kind in SHIPPED.values()}
    if given.seed_model or given.train:
        model = load_model(dataset, given.seed_model) if given.seed_model else train(given.seed)
        codes["`seed`"] = _meanings(model)
    codes["pixels"] = flags.canvas.reshape(len(flags), -1).astype(np.float32)
    alike = {name: similarities(code, code) for name, code in codes.items()}

    print(f"| neighbours of | rank of | {' | '.join(alike)} |")
    print(f"| --- | --- |{' ---: |' * len(alike)}")
    ranks: dict[str, list[int]] = {name: [] for name in alike}
    table = dataset.name_table()
    for group in GROUPS:
        for other, one in permutations(group, 2):
            found = {name: rank(matrix, table[one], table[other]) for name, matrix in alike.items()}
            for name, value in found.items():
                ranks[name].append(value)
            titles = (flags.names[table[slug]].title for slug in (other, one))
            print(f"| {' | '.join([*titles, *map(str, found.values())])} |")
    medians = [f"{np.median(values):g}" for values in ranks.values()]
    print(f"| median; chance is {len(flags) // 2} | | {' | '.join(medians)} |")


if __name__ == "__main__":
    main()
