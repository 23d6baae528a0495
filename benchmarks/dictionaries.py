"""Which dictionary of whole flags is best? Two tables, each by one command.

`python benchmarks/dictionaries.py` compares dictionaries of canvases, `--designs` dictionaries of the features of
designs. Every kind of dictionary is learned on every fold under every seed; a row has means over all of these.
`dictionary/canvas.py` and `dictionary/designs.py` say what the columns are.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from dictionary import canvas, designs
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from flagsae.flags.dataset import load_dataset


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--designs", action="store_true", help="dictionaries of the features of designs")
    parser.add_argument("--quick", action="store_true", help="two seeds, short training, a few rows at K = 64")
    parser.add_argument("--folds", type=int, help="3 of canvases, 5 of designs")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--pairs", type=int, default=canvas.PAIRS, help="and flags, that each model of canvases draws")
    parser.add_argument("--with", dest="more", type=Path, metavar="FOLDER", help="pictures of further designs")
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose name holds this text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of all rows")
    options = parser.parse_args()
    torch.set_num_threads(1)
    threadpool_limits(1)
    table = designs if options.designs else canvas
    seeds = options.seeds or (2 if options.quick else 5)
    folds = options.folds or table.FOLDS
    bench: Any
    if options.designs:
        bench = designs.Designs(load_dataset(), folds, seeds, options.more)
        rows = designs.rows(options.quick, options.more is not None)
    else:
        bench = canvas.Canvases(load_dataset(), folds, seeds, options.pairs)
        rows = canvas.rows(options.quick)
    print(f"{folds} folds, {seeds} seeds. {bench.heading()}\n")
    print("|", " | ".join(["dictionary", "K", "L0", *(heading for heading, _ in table.COLUMNS.values())]), "|")
    print("|", " | ".join(["---", *["---:"] * (len(table.COLUMNS) + 2)]), "|", flush=True)
    out: list[dict[str, Any]] = []
    for recipe in rows:
        if options.only not in recipe.name:
            continue
        start = time.perf_counter()
        coders = table.learn(recipe, bench)
        seconds = (time.perf_counter() - start) / len(bench.models)
        figures = table.judge(recipe, coders, bench) | {"seconds": seconds}
        cells = (form.format(figures[key]) if key in figures else "–" for key, (_, form) in table.COLUMNS.items())
        print("|", " | ".join([recipe.name, str(recipe.features), str(recipe.active), *cells]), "|", flush=True)
        out.append({**asdict(recipe), **figures})
    if options.json:
        options.json.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
